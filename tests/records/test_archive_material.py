"""Real archives: read whole, into their true threads, without a stumble."""

from __future__ import annotations

import csv
import re
from collections import Counter

import pytest

from junto.discussions.models import Message
from junto.mail import mbox
from junto.mail.bulk import read_letter
from junto.records.actions import archive

pytestmark = [pytest.mark.django_db, pytest.mark.material]
FLOORS = {
    "r-sig-db": (0.97, 0.95),
    "r-sig-genetics": (0.99, 0.98),
    "r-ug-ottawa": (0.99, 0.93),
    "r-help-2025-2029": (0.99, 0.97),
}
"""Shares of messages that stand with their true companions, and with no strangers. The second is the lower one because
the truth beside the archives leaves apart what answers a message that is missing."""


def shares(mine: dict[str, int], true: dict[str, str]) -> tuple[float, float]:
    """Of the messages: how many are in the largest piece of their true thread, and in the largest of their thread here."""
    of_true: dict[str, int] = {}
    of_mine: dict[int, int] = {}
    for (here, there), count in Counter((mine[m], thread) for m, thread in true.items() if m in mine).items():
        of_true[there] = max(of_true.get(there, 0), count)
        of_mine[here] = max(of_mine.get(here, 0), count)
    return sum(of_true.values()) / len(true), sum(of_mine.values()) / len(true)


@pytest.mark.parametrize("name", FLOORS)
def test_messages_fall_into_their_true_threads(cop, material, name):
    folder = material / "mbox-archives/r-sig"
    report = archive.take(folder / f"{name}.mbox", community=cop)
    with (folder / f"{name}.threads.tsv").open(newline="", encoding="utf-8") as file:
        listed = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    true = {row["message_id"].strip("<>"): row["thread_id"] for row in listed}
    assert report.read == len(listed)
    assert report.taken + report.already_there == report.read
    mine = dict(Message.objects.values_list("message_id", "thread_id"))
    together, pure = shares(mine, true)
    assert together >= FLOORS[name][0]
    assert pure >= FLOORS[name][1]


@pytest.mark.parametrize(("name", "count"), [("listsao", 320), ("mailarchivesao", 317), ("mboxvm", 317)])
def test_counts_of_ponymail_are_met(cop, material, name, count):
    report = archive.take(material / f"mbox-archives/ponymail/corpus/maven-dev-2017-11-{name}.mbox", community=cop)
    assert (report.read, report.taken + report.already_there, report.skipped) == (count, count, 0)


def test_a_second_export_of_the_same_archive_adds_next_to_nothing(cop, material):
    folder = material / "mbox-archives/ponymail/corpus"
    archive.take(folder / "maven-dev-2017-11-mboxvm.mbox", community=cop)
    report = archive.take(folder / "maven-dev-2017-11-mailarchivesao.mbox", community=cop)
    assert report.already_there >= 0.97 * report.read


def test_every_notebook_gives_all_its_letters(cop, material):
    folder = material / "listserv/3gpp-logs"
    expected = sum(
        len(re.findall(rb"^={73}\r?\n(?=[A-Za-z-]+:)", path.read_bytes(), re.MULTILINE))
        for path in mbox.files(folder)
        if "LOG" in path.name
    )
    report = archive.take(folder, community=cop)
    assert report.read == expected == report.taken + report.already_there


@pytest.mark.parametrize("name", ["perceval", "bigbang", "notmuch-corpora", "mimekit-mbox"])
def test_whatever_lies_in_a_folder_is_read_to_its_end(cop, material, name):
    report = archive.take(material / "mbox-archives" / name, community=cop)
    assert report.taken + report.already_there + report.skipped >= report.read
    assert report.taken > 0
    again = archive.take(material / "mbox-archives" / name, community=cop)
    assert (again.taken, again.already_there) == (0, report.taken + report.already_there)


def test_no_letter_of_the_odd_ones_is_unreadable(material):
    for path in sorted((material / "mbox-archives/notmuch-corpora").rglob("*")):
        if path.is_file():
            assert not read_letter(path.read_bytes()).problem.partition(":")[2]
