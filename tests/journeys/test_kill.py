"""A worker is killed with -9 in the middle of a fan-out; another goes on. Nobody is missing, hardly anybody is told twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings as now
from django.db import connection

from junto.mail import actions, delivery, queries
from junto.mail.letter import Audience, Letter
from junto.mail.models import Shard
from tests.mail.sink import Sink

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]

RECIPIENTS = 6_000
WORKER = """
import os, sys, django
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()
from django.conf import settings
from django.db import connection
settings.MAIL_ROUTES, settings.RELAY_URL = "tests.mail.routes", sys.argv[1]
connection.settings_dict["NAME"] = sys.argv[2]
settings.HOME = sys.argv[4]
from junto.mail import delivery
print("ready", flush=True)
while delivery.deliver(int(sys.argv[3]), seconds=0.5):
    pass
"""


def test_worker_killed_in_the_middle_loses_nobody(settings, tmp_path):
    settings.HOME = str(tmp_path)
    settings.MAIL_ROUTES = "tests.mail.routes"
    sink = Sink()
    settings.RELAY_URL = sink.url
    letter = Letter(kind="tests.post", subject="Hello", text="Hi\n")
    audience = Audience("many", {"count": RECIPIENTS})
    mailing = actions.fan_out(letter, audience=audience, return_to="cx-cop")
    kills = 0
    for _ in range(3):
        kills += _work_and_kill(sink, mailing.pk, RECIPIENTS * (kills + 1) // 5)
        Shard.objects.update(lease_until="2020-01-01T00:00:00Z")
    while delivery.deliver(mailing.pk, seconds=30):
        continue
    sink.close()
    got = sink.recipients()
    told = queries.delivery_of(mailing.pk)
    assert kills >= 1
    assert set(got) == {f"r{n}@agency{n % 7}.gov" for n in range(1, RECIPIENTS + 1)}
    assert len(got) - RECIPIENTS <= kills * 8 * 2
    assert (told.accepted, told.refused, told.state) == (RECIPIENTS, 0, "done")


def _work_and_kill(sink: Sink, mailing_id: int, when: int) -> int:
    """Start a worker and kill it once the server has got so many copies. Returns 1 where it was still at work."""
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(p for p in sys.path if p),
        "JUNTO_SECRET_KEY": now.SECRET_KEY,
    }
    command = [sys.executable, "-c", WORKER, sink.url, str(connection.settings_dict["NAME"]), str(mailing_id), now.HOME]
    worker = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)
    worker.stdout.readline()
    until = time.monotonic() + 30
    while len(sink.copies) < when + random.randrange(200) and worker.poll() is None and time.monotonic() < until:
        time.sleep(0.002)
    was_at_work = worker.poll() is None
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    return int(was_at_work)
