"""Moderators decide by a reply or on a page of their own; the first decision wins, and the others are told."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from django.test import Client

from junto.audit.models import Entry
from junto.communities.models import Moderation, Role
from junto.discussions import inbound, rules
from junto.discussions.models import HeldNotice, HeldPost, Message
from junto.kit import tokens
from junto.mail import router
from junto.people.models import Person
from tests.conftest import enroll
from tests.discussions.conftest import Arrived

pytestmark = pytest.mark.django_db
HELD = "/communities/customer-experience/discussions/held/"


@pytest.fixture
def mo(cop, gsa):
    mo = Person.objects.create(email="mo@gsa.gov", name="Mo Meyer", agency=gsa)
    mo.addresses.create(email="mo@gsa.gov", proved_at="2026-01-01T00:00Z", agency=gsa)
    enroll(mo, cop, Role.MODERATOR)
    return mo


@pytest.fixture
def waiting(send, cop, ada, ben, mo):
    cop.moderation = Moderation.ALL
    cop.save()
    send("question")
    return HeldPost.objects.get()


@pytest.fixture
def reply(waiting, carried):
    """A moderator's reply to their own letter, through the route that its Reply-To leads to."""
    letters = {copy.recipient: copy for copy in carried("held_for_moderators")}

    def write(
        words: str, *, to: str = "ada@gsa.gov", sender: str = "", is_proven: bool = True, html: str = "", **headers
    ):
        address = letters[to].mail["Reply-To"].addresses[0].addr_spec
        raw = EmailMessage()
        raw["From"], raw["To"], raw["Subject"] = sender or to, address, f"Re: {letters[to].mail['Subject']}"
        raw["Message-ID"] = "<reply-1@gsa.gov>"
        for name, value in headers.items():
            raw[name.replace("_", "-")] = value
        raw.set_content(html or words, subtype="html" if html else "plain")
        route, groups = router.find(address)
        assert route.door is inbound.decide_held
        arrived = Arrived(raw.as_bytes(), sender=sender or to, recipient=address, is_proven=is_proven)
        return route.door(arrived, **groups)

    return write


def page_of(person: Person) -> str:
    notice = HeldNotice.objects.get(membership__person=person)
    return f"/posts/decide/{tokens.sign('discussions.decide', notice.pk)}/"


def outcome() -> tuple[str, Person | None]:
    held = HeldPost.objects.get()
    return held.outcome, held.decided_by


def test_each_moderator_gets_a_letter_with_an_address_of_their_own(waiting, carried):
    copies = carried("held_for_moderators")
    assert sorted(copy.recipient for copy in copies) == ["ada@gsa.gov", "mo@gsa.gov"]
    addresses = {copy.mail["Reply-To"].addresses[0].addr_spec for copy in copies}
    assert len(addresses) == 2
    assert all(address.startswith("cx-cop.held.") for address in addresses)
    words = copies[0].words
    for told in ("Ben Brooks (EPA), ben@epa.gov", "how do you measure wait times", "Moderators read every post"):
        assert told in words


@pytest.mark.parametrize("words", ["ACCEPT", "approve", "Ok, thanks!", "yes", "Please accept it.", "\n\nAccepted.\n"])
def test_a_reply_accepts(reply, ada, carried, words):
    assert reply(words).state == "done"
    assert outcome() == ("accepted", ada)
    assert Message.objects.get().author.email == "ben@epa.gov"
    assert [copy.recipient for copy in carried("accepted")] == ["ben@epa.gov"]


@pytest.mark.parametrize("words", ["DISCARD", "spam", "No.", "Discard it as spam please"])
def test_a_reply_discards_without_a_word_to_the_author(reply, ada, carried, words):
    reply(words)
    assert outcome() == ("discarded", ada)
    assert carried("rejected") == carried("accepted") == []


def test_a_reply_rejects_with_all_of_its_reason(reply, ada, carried):
    reply("REJECT: Jobs go to the jobs list.\nIts address is jobs@lists.\n\n-- \nAda\n\nOn Nov 3, Ben wrote:\n> ACCEPT")
    assert outcome() == ("rejected", ada)
    told = carried("rejected")[0].words.replace("\r\n", "\n")
    assert "Jobs go to the jobs list.\nIts address is jobs@lists." in told
    assert "wrote:" not in told


@pytest.mark.parametrize("words", ["REJECT", "Reject, please", "reject it\n\n-- \nAda Alvarez, GSA"])
def test_a_rejection_without_a_reason_asks_for_one(reply, carried, words):
    reply(words)
    assert outcome() == ("", None)
    answer = carried("about_your_reply")[0]
    assert "REJECT, and after it the reason" in answer.words
    assert answer.mail["Reply-To"].addresses[0].addr_spec.startswith("cx-cop.held.")


@pytest.mark.parametrize(
    "words",
    [
        "No idea what this is, I will ask Ben.",
        "Ok, but let us wait until Monday with it",
        "Should we accept it?",
        "accept?",
        "Hm.",
        "> ACCEPT",
        "-- \nACCEPT",
        "On Tue, Nov 3, 2026 at 9:00 AM CX-COP <x@y> wrote:\nACCEPT",
        "________________________________\nFrom: CX-COP\nACCEPT",
        "",
    ],
)
def test_what_is_no_decision_changes_nothing_and_is_told(reply, carried, words):
    reply(words)
    assert outcome() == ("", None)
    assert "Nothing is changed" in carried("about_your_reply")[0].words


def test_a_reply_in_html_alone_is_read(reply, ada):
    reply("", html="<html><body><div>Accept</div><br><div><b>From:</b> CX-COP<br>Sent: Tuesday</div></body></html>")
    assert outcome() == ("accepted", ada)


@pytest.mark.parametrize("line", ["SUBJECT Waiting at the counter", "Edit subject: Waiting at the counter"])
def test_the_subject_can_be_edited_and_its_own_stays_on_record(reply, ada, carried, line):
    reply(f"{line}\nACCEPT")
    message = Message.objects.get()
    assert message.subject == message.thread.subject == "Waiting at the counter"
    held = HeldPost.objects.get()
    assert (held.subject, held.new_subject) == ("QUESTION: How do you measure wait times?", "Waiting at the counter")
    entry = Entry.objects.get(fact="discussions.post.retitled")
    assert (entry.by, entry.details["before"]) == ("Ada Alvarez", "QUESTION: How do you measure wait times?")
    assert {str(copy.mail["Subject"]) for copy in carried("post")} == {"Waiting at the counter"}
    assert "Waiting at the counter" in carried("accepted")[0].words


def test_a_new_subject_alone_lets_the_post_wait_on(reply, carried):
    reply("SUBJECT Waiting at the counter")
    held = HeldPost.objects.get()
    assert (held.outcome, held.new_subject) == ("", "Waiting at the counter")
    assert "still waits" in carried("about_your_reply")[0].words


def test_the_letter_forwarded_to_somebody_else_gives_no_power(reply, carried, dov):
    reply("ACCEPT", sender=dov.email)
    assert outcome() == ("", None)
    answer = carried("about_your_reply")[0]
    assert answer.recipient == dov.email
    assert "Nothing is changed" in answer.words
    assert "Reply-To" not in answer.mail or "held" not in str(answer.mail["Reply-To"])


def test_another_moderator_cannot_use_it_either(reply, mo):
    reply("ACCEPT", to="ada@gsa.gov", sender=mo.email)
    assert outcome() == ("", None)


def test_an_unproven_reply_decides_nothing_and_says_so(reply, carried):
    reply("ACCEPT", is_proven=False)
    assert outcome() == ("", None)
    assert "nothing proves" in carried("about_your_reply")[0].words


def test_who_moderates_no_longer_cannot_decide(reply, ada, cop, carried):
    cop.memberships.filter(person=ada).update(role=Role.MEMBER)
    reply("ACCEPT")
    assert outcome() == ("", None)
    assert "Only moderators" in carried("about_your_reply")[0].words


def test_an_automatic_reply_decides_nothing(reply, carried):
    assert reply("ACCEPT", Auto_Submitted="auto-replied").state == "discarded"
    assert outcome() == ("", None)
    assert carried("about_your_reply") == []


def test_a_changed_address_leads_nowhere(waiting):
    notice = HeldNotice.objects.first()
    token = tokens.sign("discussions.decide", notice.pk)
    for wrong in (f"{token[:-1]}0" if token[-1] != "0" else f"{token[:-1]}1", tokens.sign("discussions.confirm", 1)):
        found = router.find(f"cx-cop.held.{wrong}@lists.example.gov")
        assert found is None or found[0].door is not inbound.decide_held


def test_the_first_decision_wins_and_the_later_is_told_whose(reply, ada, carried):
    reply("ACCEPT")
    reply("DISCARD", to="mo@gsa.gov")
    assert outcome() == ("accepted", ada)
    assert "accepted already by Ada Alvarez" in carried("about_your_reply")[-1].words


def test_the_other_moderators_are_told_and_nobody_else(reply, ada, carried):
    reply("REJECT Not here.")
    copies = carried("decided_by_another")
    assert [copy.recipient for copy in copies] == ["mo@gsa.gov"]
    assert "Ada Alvarez rejected" in copies[0].mail["Subject"]
    assert "Not here." in copies[0].words


def test_looking_at_the_page_of_a_moderator_changes_nothing(waiting, ada):
    for _ in range(2):
        page = Client().get(page_of(ada)).content.decode()
    assert "how do you measure wait times" in page
    assert outcome() == ("", None)


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({"outcome": "accepted"}, "accepted"),
        ({"outcome": "rejected", "note": "Not here."}, "rejected"),
        ({"outcome": "discarded"}, "discarded"),
    ],
)
def test_a_button_on_the_page_decides_in_the_name_of_that_moderator(waiting, mo, form, expected):
    assert Client().post(page_of(mo), form).status_code == 200
    assert outcome() == (expected, mo)
    assert "already by Mo Meyer" in Client().get(page_of(mo)).content.decode()


def test_a_rejection_on_the_page_needs_a_reason(waiting, ada):
    page = Client().post(page_of(ada), {"outcome": "rejected"})
    assert (page.status_code, outcome()) == (422, ("", None))
    assert "Say why" in page.content.decode()


def test_the_page_edits_the_subject(waiting, ada):
    Client().post(page_of(ada), {"outcome": "subject", "subject": "Waiting"})
    assert HeldPost.objects.get().new_subject == "Waiting"
    Client().post(page_of(ada), {"outcome": "accepted", "subject": "Waiting in line"})
    assert Message.objects.get().subject == "Waiting in line"


def test_who_is_signed_in_as_somebody_else_cannot_use_the_link(waiting, ada, ben, client_of):
    page = client_of(ben).post(page_of(ada), {"outcome": "accepted"})
    assert "another moderator" in page.content.decode()
    assert outcome() == ("", None)


def test_several_are_discarded_at_once_with_one_letter_to_the_others(
    waiting, send, letter, ada, ben, client_of, carried
):
    send("question", change=lambda raw: raw.replace(b"question-1@", b"question-2@").replace(b"counter", b"desk"))
    both = list(HeldPost.objects.values_list("pk", flat=True))
    assert len(both) == 2
    client_of(ben).post(f"{HELD}discards/", {"post": both})
    assert HeldPost.objects.waiting().count() == 2
    client_of(ada).post(f"{HELD}discards/", {"post": both})
    assert set(HeldPost.objects.values_list("outcome", flat=True)) == {"discarded"}
    assert [copy.recipient for copy in carried("decided_by_another")] == ["mo@gsa.gov"]


def test_files_of_a_held_post_are_listed_and_saved_by_moderators_only(send, letter, cop, ada, ben, client_of, carried):
    cop.moderation = Moderation.ALL
    cop.save()
    raw = EmailMessage()
    raw["To"] = "cx-cop@lists.example.gov"
    raw["From"], raw["Subject"], raw["Message-ID"] = "Ben Brooks <ben@epa.gov>", "Numbers", "<files-1@epa.gov>"
    raw.set_content("Here they are.")
    raw.add_attachment(b"<script>", maintype="text", subtype="html", filename="numbers.html")
    inbound.post(Arrived(raw.as_bytes()), name="cx-cop")
    held = HeldPost.objects.get()
    assert "numbers.html (text/html, 1 kB)" in carried("held_for_moderators")[0].words
    assert "numbers.html" in client_of(ada).get(HELD).content.decode()
    file = client_of(ada).get(f"{HELD}{held.pk}/files/1/")
    assert (file.content.strip(), file["Content-Type"]) == (b"<script>", "application/octet-stream")
    assert client_of(ada).get(f"{HELD}{held.pk}/files/0/").status_code == 404
    assert client_of(ben).get(f"{HELD}{held.pk}/files/1/").status_code == 403


@pytest.mark.parametrize("file_name", ["invoice.exe", "list.xlsm", "photo.jpg.js"])
def test_a_file_that_can_run_waits_for_a_moderator(cop, ada, ben, file_name):
    raw = EmailMessage()
    raw["To"] = "cx-cop@lists.example.gov"
    raw["From"], raw["Subject"], raw["Message-ID"] = "Ben Brooks <ben@epa.gov>", "Look", "<runs-1@epa.gov>"
    raw.set_content("Look at this.")
    raw.add_attachment(b"MZ", maintype="application", subtype="octet-stream", filename=file_name)
    inbound.post(Arrived(raw.as_bytes()), name="cx-cop")
    held = HeldPost.objects.get()
    assert (held.rule, held.waits_for) == ("looks_suspect", "moderator")
    assert file_name in held.reason


@pytest.mark.parametrize(("links", "has_posted", "is_held"), [(16, False, True), (16, True, False), (15, False, False)])
def test_many_links_from_somebody_new_wait_for_a_moderator(send, cop, ada, ben, links, has_posted, is_held):
    if has_posted:
        send("question")
    raw = EmailMessage()
    raw["To"] = "cx-cop@lists.example.gov"
    raw["From"], raw["Subject"], raw["Message-ID"] = "Ben Brooks <ben@epa.gov>", "Links", "<links-1@epa.gov>"
    raw.set_content("\n".join(f"https://site{n}.example.com/page" for n in range(links)))
    inbound.post(Arrived(raw.as_bytes()), name="cx-cop")
    assert HeldPost.objects.filter(rule="looks_suspect").exists() is is_held


@pytest.fixture
def unproven(send, ada, ben):
    send("question", is_proven=False)
    return HeldPost.objects.get()


@pytest.fixture
def answer(unproven, carried):
    """The reply of somebody to “Was this you?”, through the route of its Reply-To."""
    address = carried("please_confirm")[0].mail["Reply-To"].addresses[0].addr_spec

    def write(words: str, sender: str = "ben@epa.gov", **headers):
        raw = EmailMessage()
        raw["From"], raw["To"], raw["Subject"], raw["Message-ID"] = sender, address, "Re: Did you", "<answer-1@epa.gov>"
        for name, value in headers.items():
            raw[name.replace("_", "-")] = value
        raw.set_content(words)
        route, groups = router.find(address)
        assert route.door is inbound.confirm_by_reply
        return route.door(Arrived(raw.as_bytes(), sender=sender, recipient=address, is_proven=False), **groups)

    return write


def test_ok_by_mail_confirms_a_post_once(answer, carried):
    answer("OK\n\nOn Tue, Nov 3, 2026 CX-COP wrote:\n> Hello Ben")
    assert Message.objects.get().author.email == "ben@epa.gov"
    assert "on its way" in carried("about_your_reply")[0].words
    answer("OK")
    assert Message.objects.count() == 1
    assert "accepted already" in carried("about_your_reply")[1].words


def test_no_by_mail_drops_it(answer, carried):
    answer("No, I did not write this.")
    assert HeldPost.objects.get().outcome == "discarded"


@pytest.mark.parametrize("words", ["What is this?", "I am out of the office.", "> OK"])
def test_other_words_confirm_nothing(answer, carried, words):
    answer(words)
    assert HeldPost.objects.get().outcome == ""
    assert "Nothing is changed yet" in carried("about_your_reply")[0].words


def test_ok_from_another_address_or_a_robot_confirms_nothing(answer, eve):
    answer("OK", sender=eve.email)
    assert answer("OK", Auto_Submitted="auto-replied").state == "discarded"
    assert HeldPost.objects.get().outcome == ""


def test_reading_an_order_is_exact():
    assert rules.order_in("please approve this post") == rules.Order(rules.Verb.ACCEPT)
    assert rules.order_in("Subject: New\n\nok").subject == "New"
    assert rules.order_in("REJECT\n\nbecause it sells something").reason == "because it sells something"
