"""Health and numbers."""

from datetime import timedelta

from django.utils import timezone

from junto.mail.models import Arrival


def test_a_quiet_site_is_well(client, db):
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json()["ok"] is True


def test_a_letter_that_waits_for_an_hour_is_an_alarm(client, db):
    long_ago = timezone.now() - timedelta(hours=1)
    Arrival.objects.create(recipient="x@y", raw_key="k", size=1, received_at=long_ago, next_try_at=long_ago)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["oldest_waiting_arrival_seconds"] >= 3600


def test_numbers_are_for_this_machine_and_for_staff(client, client_of, ada, ben):
    assert b"junto_members 2.0" in client.get("/metrics").content
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.9").status_code == 404
    assert client.get("/metrics", HTTP_X_FORWARDED_FOR="203.0.113.9").status_code == 404
    assert client_of(ben).get("/metrics", REMOTE_ADDR="203.0.113.9").status_code == 404
    ada.is_staff = True
    ada.save()
    assert client_of(ada).get("/metrics", REMOTE_ADDR="203.0.113.9").status_code == 200
