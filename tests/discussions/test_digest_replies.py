"""An answer to a whole digest goes to nobody but its author, who is told how to answer one message."""

from __future__ import annotations

import pytest

from junto.audit.models import Entry
from junto.discussions import inbound
from junto.discussions.models import Message
from tests.discussions.conftest import Arrived

pytestmark = pytest.mark.django_db


@pytest.fixture
def write(cop, ada, ben):
    def arrive(subject, text, *, is_proven=True, **headers):
        extra = "".join(f"{name}: {value}\n" for name, value in headers.items())
        raw = (
            f"From: Ben Brooks <ben@epa.gov>\nTo: cx-cop@lists.example.gov\nSubject: {subject}\n"
            f"Message-ID: <r1@epa.gov>\nDate: Tue, 3 Nov 2026 14:15:00 -0500\n{extra}\n{text}"
        )
        return inbound.post(Arrived(raw.encode(), is_proven=is_proven), name="cx-cop")

    return arrive


@pytest.mark.parametrize(
    "subject",
    [
        "Re: CX-COP Digest, Vol 3, Issue 12: How do you measure wait times? (and 3 more)",
        "RE: cx-cop digest, vol 3, issue 12",
        "AW: Re: CX-COP Digest, Vol 3, Issue 12",
        "Re: [EXTERNAL] CX-COP Digest, Vol 3, Issue 12, part 1 of 2: Topic",
    ],
)
def test_an_answer_to_the_digest_is_stopped_and_its_author_told(write, carried, subject):
    outcome = write(subject, "We use a clock.\n\nOn Monday CX-COP Digest wrote:\n> one\n> two\n> three\n")
    assert "is_a_reply_to_a_digest" in outcome.words
    assert not Message.objects.exists()
    (copy,) = carried("redirected_digest_reply")
    assert copy.recipient == "ben@epa.gov"
    assert copy.mail["Auto-Submitted"] == "auto-replied"
    assert "We use a clock." in copy.words and "three" not in copy.words
    assert "/communities/customer-experience/discussions/" in copy.words
    assert carried("post") == []


def test_a_whole_digest_below_an_answer_is_noticed_under_any_subject(write):
    quoted = "> Hello\n>\n> End of CX-COP Digest, Vol\n> 3, Issue 12\n> ***********\n"
    outcome = write("Re: How do you measure wait times?", f"We use a clock.\n\n{quoted}")
    assert "is_a_reply_to_a_digest" in outcome.words


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("CX-COP Digest: shall we rename it?", "What do you think?\n"),
        ("Re: How do you measure wait times?", "Read it in the digest.\n"),
        ("Re: OTHER Digest, Vol 3, Issue 12", "About another list.\n"),
    ],
)
def test_posts_that_only_speak_of_digests_pass(write, subject, text):
    write(subject, text)
    assert Message.objects.get().subject == subject


def test_the_book_knows_of_it(write):
    write("Re: CX-COP Digest, Vol 3, Issue 12", "Me too\n")
    assert Entry.objects.filter(fact="discussions.digest_reply.redirected").exists()


def test_what_a_forged_letter_says_is_not_carried_to_whom_it_names(write, carried):
    write("Re: CX-COP Digest, Vol 3, Issue 12", "Buy at https://evil.example\n", is_proven=False)
    (copy,) = carried("redirected_digest_reply")
    assert "evil.example" not in copy.words
    assert "What you wrote" not in copy.words
