from datetime import timedelta

import pytest
from django.utils import timezone

from junto.audit.models import Entry
from junto.communities import actions, inbound, tasks
from junto.communities.letters import CONFIRMATION_SCOPE, confirm_address
from junto.communities.models import Answer, Confirmation, ListName, Membership, State
from junto.config.clock import CLOCK
from junto.kit import tokens
from junto.people.models import Address, Person


@pytest.fixture
def asked(cop, ada, incoming, post):
    """Cleo, whom nobody knows yet here, has asked to join by mail."""
    outcome = inbound.subscribe(incoming(subject="hello"), name="cx-cop")
    assert outcome.state == "done"
    return Confirmation.objects.get()


def _token(confirmation):
    return tokens.sign(CONFIRMATION_SCOPE, confirmation.pk)


def test_any_letter_to_the_subscribe_address_asks_and_one_letter_comes_back(asked, post):
    (letter,) = post.to("cleo@epa.gov")
    assert letter.kind == "communities.confirm_join"
    assert letter.reply_to == confirm_address(asked)
    assert letter.automatic == "auto-replied"
    assert letter.in_reply_to == "asked-1@epa.gov"
    assert _token(asked) in letter.subject
    assert "federal record" in letter.text, "the guidelines stand in it"
    assert f"/confirm/{_token(asked)}/" in letter.text
    assert not Membership.objects.filter(person__email="cleo@epa.gov").exists()


def test_a_reply_that_says_ok_makes_a_member_and_proves_the_address(asked, incoming, post):
    post.clear()
    inbound.confirm(incoming(text="OK\n\n> Reply OK to join"), name="cx-cop", token=_token(asked))
    membership = Membership.objects.get(person__email="cleo@epa.gov")
    assert membership.state == State.ACTIVE
    assert membership.came_by == "mail"
    assert membership.guidelines_accepted_at is not None
    assert membership.address.is_proved()
    assert post.kinds() == ["communities.welcome"], "one letter, and no second one that says the same"
    assert Entry.objects.filter(fact="communities.member.joined").exists()


@pytest.mark.parametrize("text", ["ok", "Ok.", "OKAY, thanks", "Yes", "I agree", "confirm", "", "\n\n"])
def test_every_short_yes_counts(asked, incoming, text):
    inbound.confirm(incoming(text=text), name="cx-cop", token=_token(asked))
    assert Membership.objects.filter(person__email="cleo@epa.gov").exists()


def test_outlooks_ok_above_an_unmarked_quotation_counts(asked, incoming, sample):
    inbound.confirm(incoming(raw=sample("outlook-ok")), name="cx-cop", token=_token(asked))
    assert Membership.objects.filter(person__email="cleo@epa.gov").exists()


@pytest.mark.parametrize(
    "text", ["What is this about? I do not want that", "No", "ok so tell me first what this is about"]
)
def test_another_reply_changes_nothing_and_is_told_how(asked, incoming, post, text):
    post.clear()
    inbound.confirm(incoming(text=text), name="cx-cop", token=_token(asked))
    assert not Membership.objects.filter(person__email="cleo@epa.gov").exists()
    (letter,) = post.to("cleo@epa.gov")
    assert "reply with the one word OK" in letter.text


def test_an_out_of_office_note_confirms_nothing_and_gets_no_answer(asked, incoming, sample, post):
    post.clear()
    outcome = inbound.confirm(incoming(raw=sample("out-of-office")), name="cx-cop", token=_token(asked))
    assert outcome.state == "discarded"
    assert not post.sent
    assert not Membership.objects.filter(person__email="cleo@epa.gov").exists()


def test_a_confirmation_counts_from_its_own_address_only(asked, incoming, post):
    post.clear()
    inbound.confirm(incoming(text="OK", mail_from="eve@mail.example.com"), name="cx-cop", token=_token(asked))
    assert not Membership.objects.filter(person__email="cleo@epa.gov").exists()
    (letter,) = post.to("eve@mail.example.com")
    assert "cleo@epa.gov" not in letter.text
    assert _token(asked) not in letter.text


def test_an_expired_confirmation_is_answered_kindly_with_a_fresh_one(asked, incoming, post):
    Confirmation.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    post.clear()
    inbound.confirm(incoming(text="OK"), name="cx-cop", token=_token(asked))
    assert not Membership.objects.filter(person__email="cleo@epa.gov").exists()
    fresh = Confirmation.objects.latest("pk")
    (letter,) = post.to("cleo@epa.gov")
    assert "expired" in letter.text
    assert letter.reply_to == confirm_address(fresh) != confirm_address(asked)
    inbound.confirm(incoming(text="OK"), name="cx-cop", token=_token(fresh))
    assert Membership.objects.filter(person__email="cleo@epa.gov").exists()


def test_a_used_confirmation_is_answered_kindly(asked, incoming, post):
    for _ in range(2):
        post.clear()
        inbound.confirm(incoming(text="OK"), name="cx-cop", token=_token(asked))
    (letter,) = post.to("cleo@epa.gov")
    assert "confirmed before" in letter.text
    assert Membership.objects.filter(person__email="cleo@epa.gov").count() == 1


def test_a_changed_token_is_answered_kindly(asked, incoming, post):
    post.clear()
    inbound.confirm(incoming(text="OK"), name="cx-cop", token="1-aaaaaaaaaaaaaaaa")
    (letter,) = post.to("cleo@epa.gov")
    assert "not one of ours" in letter.text


def test_asking_twice_gives_the_same_confirmation(asked, incoming):
    inbound.subscribe(incoming(), name="CX-COP")
    assert Confirmation.objects.count() == 1


def test_who_is_unknown_waits_after_confirming_and_managers_are_told(cop, ada, incoming, post):
    inbound.subscribe(incoming(mail_from="Eve Ebert <eve@mail.example.com>"), name="cx-cop")
    token = _token(Confirmation.objects.get())
    inbound.confirm(incoming(text="ok", mail_from="eve@mail.example.com"), name="cx-cop", token=token)
    assert Membership.objects.get(person__email="eve@mail.example.com").state == State.WAITING
    assert [one.kind for one in post.to("ada@gsa.gov")] == ["communities.somebody_waits"]
    assert post.to("ada@gsa.gov")[0].reply_to == "eve@mail.example.com"
    assert post.to("eve@mail.example.com")[-1].kind == "communities.waiting"


def test_who_is_blocked_is_told_and_nothing_is_kept(cop, ada, incoming, post):
    inbound.subscribe(incoming(mail_from="x@spam.example.com"), name="cx-cop")
    assert not Confirmation.objects.exists()
    assert "may not join" in post.to("x@spam.example.com")[0].text


@pytest.mark.parametrize("door", [inbound.subscribe, inbound.signoff, inbound.request])
def test_a_list_can_never_subscribe_and_gets_no_answer(cop, ada, incoming, post, door):
    for address in ("web-managers@lists.example.gov", "cx-cop@lists.example.gov"):
        letter = incoming(mail_from=address, sender="somebody@epa.gov", text="subscribe")
        assert door(letter, name="cx-cop").state == "discarded"
    assert not post.sent
    assert not Confirmation.objects.exists()


@pytest.mark.parametrize(
    "how",
    [
        {"sender": ""},
        {"headers": {"Auto-Submitted": "auto-replied"}},
        {"headers": {"Precedence": "bulk"}},
        {"headers": {"List-Id": "<elsewhere.example.org>"}},
        {"mail_from": "nobody at all"},
    ],
)
def test_automatic_mail_is_never_answered(cop, ada, incoming, post, how):
    for door in (inbound.subscribe, inbound.signoff, inbound.request):
        assert door(incoming(text="subscribe", **how), name="cx-cop").state == "discarded"
    assert inbound.listserv(incoming(text="help", **how)).state == "discarded"
    assert not post.sent


def test_answers_to_one_sender_are_limited_each_day(cop, ada, incoming, post):
    for _ in range(30):
        inbound.listserv(incoming(text="help"))
    assert len(post.to("cleo@epa.gov")) == 20


def test_an_older_name_of_the_list_works_in_any_case(cop, ada, incoming, post):
    ListName.objects.create(community=cop, name="CX.Old_Name")
    inbound.subscribe(incoming(), name="cx.old_name")
    assert Confirmation.objects.get().community == cop


def test_a_member_who_asks_again_is_told_so(cop, ben, incoming, post):
    inbound.subscribe(incoming(mail_from="ben@epa.gov"), name="cx-cop")
    (letter,) = post.to("ben@epa.gov")
    assert "a member of Customer Experience already" in letter.text
    assert "/delivery/" in letter.text


def test_leaving_from_a_proven_sender_acts_at_once_with_one_letter(cop, ada, ben, incoming, post):
    inbound.signoff(incoming(mail_from="ben@epa.gov", is_proven=True), name="cx-cop")
    assert Membership.objects.get(person=ben).state == State.LEFT
    (letter,) = post.to("ben@epa.gov")
    assert letter.kind == "communities.left"
    assert letter.in_reply_to == "asked-1@epa.gov"
    assert "come back" in letter.text


def test_leaving_from_an_unproven_sender_needs_an_ok(cop, ada, ben, incoming, post):
    inbound.signoff(incoming(mail_from="ben@epa.gov"), name="cx-cop")
    assert Membership.objects.get(person=ben).state == State.ACTIVE
    (letter,) = post.to("ben@epa.gov")
    assert letter.kind == "communities.confirm_leave"
    token = _token(Confirmation.objects.get())
    inbound.confirm(incoming(text="ok", mail_from="ben@epa.gov"), name="cx-cop", token=token)
    assert Membership.objects.get(person=ben).state == State.LEFT


def test_the_only_manager_is_told_why_leaving_waits(cop, ada, incoming, post):
    inbound.signoff(incoming(mail_from="ada@gsa.gov", is_proven=True), name="cx-cop")
    assert Membership.objects.get(person=ada).state == State.ACTIVE
    assert "only manager" in post.to("ada@gsa.gov")[0].text


def test_who_is_no_member_is_told_so(cop, ada, cleo, incoming, post):
    inbound.signoff(incoming(is_proven=True), name="cx-cop")
    assert "not a member" in post.to("cleo@epa.gov")[0].text


def test_a_command_sent_to_the_managers_address_is_obeyed(cop, ada, ben, incoming, post):
    inbound.request(incoming(subject="unsubscribe", mail_from="ben@epa.gov", is_proven=True), name="cx-cop")
    assert Membership.objects.get(person=ben).state == State.LEFT
    inbound.request(incoming(text="subscribe"), name="cx-cop")
    assert Confirmation.objects.filter(email="cleo@epa.gov").exists()


@pytest.mark.parametrize(
    "text",
    [
        "Help me find the slides of the May call, please.",
        "Join us for lunch on Friday? We are many already",
        "Could I join this group as a vendor?",
    ],
)
def test_anything_else_goes_to_the_managers_who_can_reply(cop, ada, ben, incoming, post, text):
    outcome = inbound.request(incoming(text=text, subject="A question"), name="cx-cop")
    assert "to 1 manager" in outcome.words
    (letter,) = post.to("ada@gsa.gov")
    assert letter.reply_to == "cleo@epa.gov"
    assert text[:20] in letter.text
    assert not post.to("ben@epa.gov")


def test_letters_to_managers_are_limited_too(cop, ada, incoming, post):
    for _ in range(30):
        inbound.request(incoming(text="A question to you"), name="cx-cop")
    assert len(post.to("ada@gsa.gov")) == 20


def test_a_name_with_line_breaks_breaks_no_header(cop, ada, incoming, post):
    inbound.subscribe(incoming(mail_from="=?utf-8?q?Eve=0D=0ABcc=3A_x?= <eve@mail.example.com>"), name="cx-cop")
    confirmation = Confirmation.objects.get()
    assert "\n" not in confirmation.name
    actions.confirm(confirmation=confirmation, by=None)
    assert all("\n" not in letter.subject for _, letter in post.sent)


def test_confirming_twice_at_once_makes_one_person_and_one_membership(asked):
    actions.confirm(confirmation=asked, by=None)
    with pytest.raises(actions.AlreadyUsed):
        actions.confirm(confirmation=asked, by=None)
    assert Person.objects.filter(email="cleo@epa.gov").count() == 1
    assert Address.objects.filter(email="cleo@epa.gov").count() == 1


def test_a_hidden_list_says_to_strangers_that_it_is_not_there(hidden, ada, incoming, post):
    inbound.subscribe(incoming(), name="cx-cop")
    inbound.signoff(incoming(), name="cx-cop")
    assert not Confirmation.objects.exists()
    for letter in post.to("cleo@epa.gov"):
        assert "There is no list" in letter.text
        assert "Customer Experience" not in letter.text


def test_who_is_invited_joins_a_hidden_list_by_mail(hidden, ada, incoming, post):
    actions.invite(community=hidden, email="new@mail.example.com", by=ada)
    inbound.subscribe(incoming(mail_from="new@mail.example.com"), name="cx-cop")
    token = _token(Confirmation.objects.get())
    inbound.confirm(incoming(text="OK", mail_from="new@mail.example.com"), name="cx-cop", token=token)
    assert Membership.objects.get(person__email="new@mail.example.com").is_active()


def test_addresses_that_were_kept_for_a_day_or_two_are_forgotten(asked, cop):
    soon, long_ago = timezone.now() + timedelta(hours=1), timezone.now() - timedelta(days=5)
    Confirmation.objects.create(community=cop, wish="join", email="flo@epa.gov", expires_at=long_ago)
    Answer.objects.create(email="flo@epa.gov", at=long_ago)
    fresh = Answer.objects.create(email="gil@epa.gov", at=soon)
    assert tasks.sweep.func() == 2
    assert list(Confirmation.objects.all()) == [asked]
    assert fresh in Answer.objects.all()
    assert not Answer.objects.filter(email="flo@epa.gov").exists()
    assert "junto.communities.tasks.sweep" in dict(map(reversed, CLOCK))
