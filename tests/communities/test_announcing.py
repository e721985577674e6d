"""Announcements to everybody, and the letter of welcome."""

import pytest
from django.utils import timezone
from tests.conftest import enroll

from junto.audit.models import Entry
from junto.communities import actions, queries
from junto.communities.letters import announcement as letter_of
from junto.communities.models import Announcement, Delivery, Membership
from junto.kit.rulings import Refused
from junto.mail.models import Mailing

DESK = "/communities/customer-experience/manage/"


@pytest.fixture
def draft(cop, ada):
    return actions.draft(community=cop, subject="Save the day", body="It is on **May 4**.", by=ada)


def test_a_draft_goes_to_nobody_before_somebody_confirms_it(cop, ada, ben, client_of):
    client = client_of(ada)
    answer = client.post(f"{DESK}announcements/new/", {"subject": "Save the day", "body": "It is on **May 4**."})
    page = client.get(answer["Location"]).content.decode()
    assert "<strong>May 4</strong>" in page
    assert "2 members, each gets it by mail whatever their delivery choice." in page
    assert not Mailing.objects.exists()
    client.post(answer["Location"])
    assert (Announcement.objects.get().recipients, Mailing.objects.get().total) == (2, 2)
    assert "taken by their servers" in client.get(answer["Location"]).content.decode()


def test_it_reaches_who_gets_no_mail_but_not_who_wants_none_or_cannot(cop, ada, ben, cleo, dov, eve):
    Membership.objects.filter(person=ben).update(delivery=Delivery.NONE)
    actions.stop_announcements(membership=enroll(cleo, cop), by=cleo)
    enroll(dov, cop).address.__class__.objects.filter(person=dov).update(stopped_at=timezone.now())
    Membership.objects.filter(pk=enroll(eve, cop).pk).update(complained_at=timezone.now())
    stream = queries.Announced()
    low, high, count = stream.bounds({"community": cop.pk})
    assert [email for _, email in stream.read({"community": cop.pk}, 0, high)] == ["ada@gsa.gov", "ben@epa.gov"]
    assert (count, low < high) == (2, True)


def test_a_second_one_within_a_day_asks_twice(cop, ada, draft, client_of):
    actions.announce(announcement=draft, by=ada)
    second = actions.draft(community=cop, subject="Correction", body="May 5", by=ada)
    path = f"{DESK}announcements/{second.pk}/"
    answer = client_of(ada).post(path)
    assert answer.status_code == 422
    assert "less than a day ago" in answer.content.decode()
    client_of(ada).post(path, {"is_sure": "on"})
    second.refresh_from_db()
    assert second.sent_at


def test_it_is_sent_once_and_can_then_be_neither_changed_nor_dropped(ada, draft):
    actions.announce(announcement=draft, by=ada)
    for deed in (
        lambda: actions.announce(announcement=draft, is_sure=True, by=ada),
        lambda: actions.drop_draft(announcement=Announcement.objects.get(), by=ada),
        lambda: actions.draft(
            community=draft.community, subject="x", body="x", announcement=Announcement.objects.get(), by=ada
        ),
    ):
        with pytest.raises(Refused, match="has been sent already"):
            deed()


def test_its_letter_has_the_headers_of_rfc_8058_and_one_click_stops_announcements_only(client, cop, ben, draft):
    headers = dict(letter_of(draft).headers)
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "/announcements/" in headers["List-Unsubscribe"]
    membership = Membership.objects.get(person=ben)
    path = f"/announcements/{queries.membership_token(membership)}/"
    assert "Get no more announcements?" in client.get(path).content.decode()
    membership.refresh_from_db()
    assert membership.wants_announcements
    client.post(path, {"List-Unsubscribe": "One-Click"})
    membership.refresh_from_db()
    assert (membership.wants_announcements, membership.is_active()) == (False, True)


def test_a_dropped_draft_leaves_its_words_in_the_book(ada, draft, client_of):
    client_of(ada).post(f"{DESK}announcements/{draft.pk}/dropping/")
    assert not Announcement.objects.exists()
    assert Entry.objects.get(fact="communities.announcement.dropped").details["body"] == "It is on **May 4**."


def test_the_welcome_letter_is_previewed_tried_saved_and_sent_on_joining(cop, ada, cleo, client_of, post):
    client, typed = client_of(ada), {"welcome": "Dear {name}, this is *{community}*.", "guidelines": ""}
    page = client.post(f"{DESK}welcome/", typed | {"preview": "1"}).content.decode()
    assert "Dear Ada Alvarez, this is <em>Customer Experience</em>." in page
    client.post(f"{DESK}welcome/", typed | {"copy": "1"})
    assert "Dear Ada Alvarez" in post.to("ada@gsa.gov")[0].text
    cop.refresh_from_db()
    assert cop.welcome == ""
    client.post(f"{DESK}welcome/", typed | {"save": "1"})
    cop.refresh_from_db()
    actions.join(
        community=cop, person=cleo, address=cleo.addresses.get(), accepts_guidelines=True, came_by="web", by=cleo
    )
    assert "Dear Cleo Chen" in post.to("cleo@epa.gov")[0].text


def test_a_name_cannot_write_markdown_into_the_letter(cop, ada, cleo, post):
    cleo.name = "[Cleo](https://evil.example.com) <b>"
    cleo.save()
    actions.join(
        community=cop, person=cleo, address=cleo.addresses.get(), accepts_guidelines=True, came_by="web", by=cleo
    )
    (letter,) = post.to("cleo@epa.gov")
    assert 'href="https://evil.example.com"' not in letter.html
    assert "Hello [Cleo](https://evil.example.com) <b>," in letter.text


def test_the_letter_again_to_many_has_no_name_and_the_links_of_each_reader(cop, ada, ben):
    from junto.communities.letters import welcome_again
    from junto.mail.letter import slots

    letter = welcome_again(cop)
    assert slots.REF in letter.text
    assert "{name}" not in letter.text
    assert "\\" not in letter.text
    assert "Hello," in letter.text
