from __future__ import annotations

import pytest

from junto.mail import actions, delivery, outbox
from junto.mail.models import OutboxCopy

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(letter):
    mailing = actions.post(letter, to="ben@epa.gov")
    delivery.deliver(mailing.pk, seconds=5)
    return OutboxCopy.objects.get()


def test_outbox_shows_each_mail_with_its_parts(sent, client, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        page = client.get("/outbox/").content.decode()
    assert "How do you measure trust?" in page
    assert "ben@epa.gov" in page
    page = client.get(f"/outbox/{sent.pk}/").content.decode()
    assert ".a line with a dot" in page
    assert "List-Unsubscribe" in page
    assert f'src="/outbox/{sent.pk}/html/"' in page
    raw = client.get(f"/outbox/{sent.pk}/raw/")
    assert raw.content == bytes(sent.content)
    assert "attachment" in raw["Content-Disposition"]


def test_html_part_stands_alone_under_a_policy_that_allows_nothing_but_its_looks(sent, client):
    answer = client.get(f"/outbox/{sent.pk}/html/")
    policy = answer["Content-Security-Policy"]
    assert "script-src 'none'" in policy
    assert "style-src 'unsafe-inline'" in policy
    assert "sandbox" in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "unsafe-inline" not in client.get("/outbox/")["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["", "1/", "1/html/", "1/raw/"])
def test_outbox_is_not_there_where_mail_goes_to_a_relay(sent, client, settings, path):
    settings.RELAY_URL = "smtp://127.0.0.1:25"
    assert client.get(f"/outbox/{path.replace('1', str(sent.pk))}").status_code == 404


def test_outbox_keeps_the_newest_only(sent, letter, monkeypatch):
    monkeypatch.setattr(outbox, "NEWEST", 3)
    for n in range(5):
        delivery.deliver(actions.post(letter, to=f"r{n}@epa.gov").pk, seconds=5)
    assert OutboxCopy.objects.count() == 3


def test_outbox_is_paged_by_key(letter, fan_out, client):
    delivery.deliver(fan_out(120).pk, seconds=5)
    page = client.get("/outbox/").content.decode()
    oldest = OutboxCopy.objects.order_by("-pk")[49].pk
    assert client.get(f"/outbox/?before={oldest}").status_code == 200
    assert client.get("/outbox/?before=nonsense").status_code == 200
    assert page.count("/outbox/") >= 50
