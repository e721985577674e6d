from datetime import timedelta

import pytest
from django.utils import timezone
from tests.conftest import enroll

from junto.audit.models import Entry
from junto.communities import actions, queries
from junto.communities.models import Community, Delivery, Invitation, Membership, Page, Role, State, Topic
from junto.kit.addresses import BadAddress
from junto.kit.rulings import Refused
from junto.search import actions as search

DESK = "/communities/customer-experience/manage/"


@pytest.fixture
def waiting(cop, ada, eve):
    membership = enroll(eve, cop)
    membership.state, membership.joined_at, membership.reason = State.WAITING, None, "No register knows it."
    membership.save()
    return membership


@pytest.fixture
def bens(cop, ada, ben):
    return Membership.objects.get(person=ben)


def _doors(waiting, bens, cop):
    Page.objects.create(community=cop, slug="about", title="About")
    invitation = Invitation.objects.create(community=cop, email="new@epa.gov")
    yield DESK, None
    yield f"{DESK}requests/{waiting.pk}/decision/", {"decision": "admit"}
    yield f"{DESK}invitations/", {"addresses": "cleo@epa.gov"}
    yield f"{DESK}invitations/{invitation.pk}/withdrawal/", {}
    yield f"{DESK}members/{bens.pk}/role/", {"role": "manager"}
    yield f"{DESK}members/{bens.pk}/removal/", {"reason": "x"}
    yield f"{DESK}members/{bens.pk}/resumption/", {}
    yield f"{DESK}page/", {"name": "Taken over"}
    yield f"{DESK}resources/", {"title": "Toolkit", "url": "https://example.gov/t"}
    yield f"{DESK}pages/new/", {"title": "A", "slug": "a", "position": "0"}
    yield f"{DESK}pages/about/", {"title": "A", "slug": "a", "position": "0"}


def test_every_door_of_the_desk_is_shut_to_all_but_managers(
    client, client_of, cop, ada, waiting, bens, other, ben, cleo
):
    before = (Entry.objects.count(), list(Membership.objects.order_by("pk").values()))
    for path, posted in _doors(waiting, bens, cop):
        assert client.get(path).status_code == 302, path
        for person in (ben, cleo):
            browser = client_of(person)
            assert (browser.post(path, posted) if posted is not None else browser.get(path)).status_code == 403, path
    assert (Entry.objects.count(), list(Membership.objects.order_by("pk").values())) == before


def test_numbers_of_another_community_open_nothing(client_of, waiting, bens, other, cleo):
    desk = "/communities/web-managers/manage/"
    for path in (f"requests/{waiting.pk}/decision/", f"members/{bens.pk}/role/", f"members/{bens.pk}/removal/"):
        assert (
            client_of(cleo).post(desk + path, {"decision": "admit", "role": "member", "reason": "x"}).status_code == 404
        )


def test_a_manager_admits_who_waits(client_of, ada, waiting, post):
    assert "No register knows it." in client_of(ada).get(DESK).content.decode()
    client_of(ada).post(f"{DESK}requests/{waiting.pk}/decision/", {"decision": "admit", "note": "I know her."})
    waiting.refresh_from_db()
    assert waiting.is_active()
    assert waiting.decided_by == ada
    assert waiting.decision_note == "I know her."
    assert post.kinds() == ["communities.welcome"]
    assert Entry.objects.get(fact="communities.member.admitted").reason == "I know her."


def test_a_manager_declines_with_a_note_that_reaches_the_applicant(client_of, ada, waiting, post):
    client_of(ada).post(
        f"{DESK}requests/{waiting.pk}/decision/", {"decision": "decline", "note": "Use your work mail."}
    )
    waiting.refresh_from_db()
    assert waiting.state == State.DECLINED
    (letter,) = post.to("eve@mail.example.com")
    assert "Use your work mail." in letter.text


def test_a_request_is_decided_once(ada, waiting):
    actions.decide(membership=waiting, admits=False, by=ada)
    with pytest.raises(Refused, match="decided already"):
        actions.decide(membership=waiting, admits=True, by=ada)


def test_a_decision_that_says_nothing_changes_nothing(client_of, ada, waiting):
    client_of(ada).post(f"{DESK}requests/{waiting.pk}/decision/", {})
    waiting.refresh_from_db()
    assert waiting.state == State.WAITING


def test_each_invited_address_is_judged_by_itself(client_of, cop, ada, ben, waiting, post):
    typed = (
        "cleo@epa.gov, ben@epa.gov; x@spam.example.com\nnot@an@address eve@mail.example.com cx-cop@lists.example.gov"
    )
    page = client_of(ada).post(f"{DESK}invitations/", {"addresses": typed}).content.decode()
    for words in ("Invited.", "is a member already", "may not join", "is not an e-mail address", "mailing list"):
        assert words in page, words
    assert [one.kind for one in post.to("cleo@epa.gov")] == ["communities.invitation"]
    waiting.refresh_from_db()
    assert waiting.is_active(), "inviting who waits admits them"
    assert not post.to("x@spam.example.com")


def test_an_invitation_without_address_says_what_to_write(client_of, cop, ada):
    answer = client_of(ada).post(f"{DESK}invitations/", {"addresses": "Cleo Chen"})
    assert answer.status_code == 422
    assert "name@agency.gov" in answer.content.decode()
    with pytest.raises(BadAddress):
        actions.invite(community=cop, email="Cleo", by=ada)


def test_an_invitation_can_be_withdrawn(client_of, cop, ada):
    invitation = actions.invite(community=cop, email="cleo@epa.gov", by=ada)
    client_of(ada).post(f"{DESK}invitations/{invitation.pk}/withdrawal/")
    assert not Invitation.objects.exists()


def test_a_manager_appoints_another_and_can_then_step_back(client_of, ada, bens, post):
    client_of(ada).post(f"{DESK}members/{bens.pk}/role/", {"role": "manager"})
    bens.refresh_from_db()
    assert bens.role == Role.MANAGER
    assert [one.kind for one in post.to("ben@epa.gov")] == ["communities.appointed"]
    own = Membership.objects.get(person=ada)
    client_of(ada).post(f"{DESK}members/{own.pk}/role/", {"role": "member"})
    own.refresh_from_db()
    assert own.role == Role.MEMBER


def test_the_last_manager_cannot_step_back_or_be_removed(client_of, ada, bens):
    own = Membership.objects.get(person=ada)
    assert client_of(ada).post(f"{DESK}members/{own.pk}/role/", {"role": "member"}).status_code == 403
    assert client_of(ada).post(f"{DESK}members/{own.pk}/removal/", {"reason": "x"}).status_code == 403
    own.refresh_from_db()
    assert own.role == Role.MANAGER


def test_removing_needs_a_reason_which_reaches_the_member_and_the_book(client_of, ada, bens, post):
    path = f"{DESK}members/{bens.pk}/removal/"
    assert client_of(ada).post(path, {}).status_code == 422
    client_of(ada).post(path, {"reason": "Sold things, after two reminders."})
    bens.refresh_from_db()
    assert bens.state == State.REMOVED
    assert "after two reminders" in post.to("ben@epa.gov")[0].text
    assert Entry.objects.get(fact="communities.member.removed").reason == "Sold things, after two reminders."


def test_mail_that_stopped_is_shown_with_the_servers_words_and_can_be_tried_again(client_of, ada, bens):
    from django.utils import timezone

    bens.address.stopped_at, bens.address.stop_reason = timezone.now(), "550 5.1.1 no such user"
    bens.address.save()
    assert "550 5.1.1 no such user" in client_of(ada).get(DESK).content.decode()
    client_of(ada).post(f"{DESK}members/{bens.pk}/resumption/")
    bens.address.refresh_from_db()
    assert bens.address.stopped_at is None


def _fields(cop, **changed):
    return {"name": cop.name, "short_name": cop.short_name} | changed


def test_a_manager_edits_the_page_and_markdown_is_made_safe_when_saved(client_of, cop, ada):
    description = "We **care**. <script>alert(1)</script>"
    answer = client_of(ada).post(
        f"{DESK}page/", _fields(cop, description=description, sponsor="GSA", contact="CX@gsa.gov")
    )
    assert answer.status_code == 302
    cop.refresh_from_db()
    assert "<strong>care</strong>" in cop.description_html
    assert "<script" not in cop.description_html
    assert (cop.sponsor, cop.contact) == ("GSA", "cx@gsa.gov")
    assert "contact" in Entry.objects.get(fact="communities.community.edited").details["changed"]


def test_the_form_of_the_page_leaves_to_the_settings_who_joins_and_reads(client_of, cop, ada):
    assert client_of(ada).post(f"{DESK}page/", _fields(cop, policy="open", readers="public")).status_code == 302
    cop.refresh_from_db()
    assert (cop.policy, cop.readers) == ("government", "members")


def test_a_preview_saves_nothing(client_of, cop, ada):
    answer = client_of(ada).post(f"{DESK}page/", _fields(cop, description="We *plan*.", preview="1"))
    assert "<em>plan</em>" in answer.content.decode()
    cop.refresh_from_db()
    assert cop.description == ""


def test_bad_input_changes_nothing(client_of, cop, ada):
    answer = client_of(ada).post(f"{DESK}page/", _fields(cop, contact="nobody", sponsor="GSA"))
    assert answer.status_code == 422
    cop.refresh_from_db()
    assert cop.sponsor == ""


NEW = {"name": "Forms", "slug": "forms", "list_name": "Forms.List", "policy": "open", "readers": "public"}


def test_staff_found_communities_and_nobody_else(client, client_of, ada, eve):
    assert client.get("/communities/new/").status_code == 302
    assert client_of(ada).post("/communities/new/", NEW).status_code == 403
    eve.is_staff = True
    eve.save()
    assert client_of(eve).get("/communities/new/").status_code == 200
    assert client_of(eve).post("/communities/new/", NEW).status_code == 302
    community = Community.objects.get(slug="forms")
    assert (community.list_name, community.list_id) == ("forms.list", "forms.list.lists.example.gov")


@pytest.mark.parametrize(
    "wrong",
    [
        {"slug": "new"},
        {"slug": "customer-experience"},
        {"list_name": "CX-COP"},
        {"list_name": "a b"},
        {"list_name": "x-request"},
        {"list_name": "listserv"},
    ],
)
def test_names_that_are_taken_or_mean_something_else_are_refused(client_of, cop, ada, wrong):
    ada.is_staff = True
    ada.save()
    assert client_of(ada).post("/communities/new/", NEW | wrong).status_code == 422
    assert Community.objects.count() == 1


def test_what_is_edited_is_found_by_search_and_hidden_communities_by_members_only(cop, ada, monkeypatch):
    from junto.communities import indexing

    found = {}
    monkeypatch.setattr(search, "index", lambda documents: found.update({one.key: one for one in documents}) or 1)
    actions.edit(community=cop, description="We measure *waiting*.", by=ada)
    actions.write_page(community=cop, slug="about", title="About", body="Since 2008", by=ada)
    indexing.reindex(cop.pk)
    community = found[f"communities.community:{cop.pk}"]
    assert (community.kind, community.label, community.scope) == ("community", "public", cop.slug)
    assert "waiting" in community.text
    (page,) = [one for one in found.values() if one.kind == "page"]
    assert (page.text, page.label) == ("Since 2008", "public")
    actions.edit(community=cop, is_hidden=True, by=ada)
    indexing.reindex(cop.pk)
    assert {one.label for one in found.values()} == {f"community:{cop.pk}"}


def test_the_audience_of_a_post_is_everyone_who_wants_it_once_in_order_of_key(
    cop, ada, ben, cleo, dov, eve, django_assert_num_queries
):
    from django.utils import timezone

    enroll(cleo, cop, delivery=Delivery.DAILY)
    enroll(dov, cop, delivery=Delivery.NONE)
    stopped = enroll(eve, cop)
    stopped.address.stopped_at = timezone.now()
    stopped.address.save()
    stream, told = queries.EachMessage(), {"community": cop.pk, "except_person": None}
    keys = {one.person_id: one.pk for one in Membership.objects.filter(community=cop)}
    low, high, count = stream.bounds(told)
    assert (low, high, count) == (keys[ada.pk], keys[ben.pk], 2)
    with django_assert_num_queries(1):
        assert list(stream.read(told, 0, high)) == [(keys[ada.pk], "ada@gsa.gov"), (keys[ben.pk], "ben@epa.gov")]
    assert list(stream.read(told, low, high)) == [(keys[ben.pk], "ben@epa.gov")]
    assert list(stream.read(told | {"except_person": ben.pk}, 0, high)) == [(keys[ada.pk], "ada@gsa.gov")]
    assert queries.EachMessage().bounds({"community": 0, "except_person": None}) == (0, 0, 0)


def test_the_desk_leads_to_held_posts_and_its_settings_to_the_exceptions(client_of, cop, ada):
    assert "/discussions/held/" in client_of(ada).get(DESK).content.decode()
    assert 'href="/exceptions/"' in client_of(ada).get(f"{DESK}settings/").content.decode()


def test_whoever_was_invited_today_gets_no_second_letter(client_of, cop, ada, cleo, post):
    for _ in range(2):
        page = client_of(ada).post(f"{DESK}invitations/", {"addresses": "cleo@epa.gov"}).content.decode()
    assert "invited less than a day ago" in page
    assert len(post.to("cleo@epa.gov")) == 1
    Invitation.objects.update(invited_at=timezone.now() - timedelta(days=2))
    client_of(ada).post(f"{DESK}invitations/", {"addresses": "cleo@epa.gov"})
    assert len(post.to("cleo@epa.gov")) == 2


def test_the_topics_of_a_community_are_ticked_when_its_page_is_edited(client_of, ada, cop):
    topic = Topic.objects.create(slug="surveys", title="Surveys")
    cop.topics.add(topic)
    form = client_of(ada).get("/communities/customer-experience/manage/page/").context["form"]
    assert form.initial["topics"] == [topic.pk]
    assert "checked" in str(form["topics"])
