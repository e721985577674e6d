"""Resources that lead nowhere stand on the desk; each is asked once a week, and none without leave."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from tests.conftest import enroll

from junto.audit.models import Entry
from junto.communities import actions, tasks
from junto.communities.actions import checking
from junto.communities.models import ResourceLink
from junto.kit import outside

DESK = "/communities/customer-experience/manage/"


@pytest.fixture
def web(monkeypatch, settings):
    """What the network says of each address (a status or a failure), and what was asked of it."""
    settings.CHECKS_LINKS = True
    said: dict[str, object] = {}
    said["asked"] = asked = []

    def status_of(address: str, *, user_agent: str) -> int:
        asked.append(address)
        answer = said.get(address, 200)
        if isinstance(answer, Exception):
            raise answer
        return answer  # type: ignore[return-value]

    monkeypatch.setattr(outside, "status_of", status_of)
    return said


def _name(client, title: str, url: str):
    client.post(f"{DESK}resources/", {"title": title, "url": url, "note": ""})
    return ResourceLink.objects.get(title=title)


def _a_week_later() -> None:
    ResourceLink.objects.exclude(asked_at=None).update(asked_at=timezone.now() - timedelta(days=8))


def test_links_that_lead_nowhere_stand_on_the_desk_until_they_are_mended(web, cop, ada, ben, client_of):
    client = client_of(ada)
    gone = _name(client, "Old guide", "https://example.gov/old")
    _name(client, "Lost tool", "https://lost.example.gov/")
    _name(client, "Fine", "https://example.gov/fine")
    _name(client, "For some only", "https://example.gov/private")
    web.update({"https://example.gov/old": 404, "https://lost.example.gov/": outside.NoSuchHost()})
    web["https://example.gov/private"] = 403
    assert tasks.ask_links.func() == 4
    page = client.get(DESK).content.decode()
    for words in ("2 things need you", "2 links lead nowhere", "there is no such page", "No server has this name"):
        assert words in page
    assert f'href="{DESK}resources/{gone.pk}/"' in page
    assert "For some only" not in page
    client.post(f"{DESK}resources/{gone.pk}/", {"title": "Guide", "url": "https://example.gov/new", "note": ""})
    assert "1 link leads nowhere" in client.get(DESK).content.decode()
    facts = Entry.objects.filter(fact="communities.resource.leads_nowhere").values_list("about", flat=True)
    assert set(facts) == {"Old guide", "Lost tool"}


def test_a_server_that_is_away_is_told_of_when_it_was_away_twice(web, cop, ada, client_of):
    client = client_of(ada)
    link = _name(client, "Away", "https://away.example.gov/")
    _name(client, "Fine", "https://example.gov/fine")
    for answer, is_told in ((outside.NoAnswer(), False), (503, True), (200, False)):
        web[link.url] = answer
        tasks.ask_links.func()
        assert ("1 link leads nowhere" in client.get(DESK).content.decode()) is is_told
        _a_week_later()
    assert Entry.objects.filter(fact="communities.resource.answers_again").count() == 1


def test_each_is_asked_once_a_week_and_only_what_is_on_a_page(web, cop, other, ada, client_of):
    client = client_of(ada)
    enroll(ada, other, "manager")
    actions.write_resource(community=cop, title="Here", url="http://testserver/communities/", by=ada)
    hidden = _name(client, "Taken off", "https://example.gov/off")
    actions.remove_part(part=hidden, by=ada)
    actions.write_resource(community=other, title="Closed", url="https://example.gov/closed", by=ada)
    type(other).objects.filter(pk=other.pk).update(retired_at=timezone.now())
    _name(client, "Shown", "https://example.gov/shown")
    for _ in range(2):
        tasks.ask_links.func()
    assert web["asked"] == ["https://example.gov/shown"]
    _a_week_later()
    tasks.ask_links.func()
    assert len(web["asked"]) == 2


def test_where_nobody_answers_at_all_the_fault_is_here_and_nobody_is_blamed(web, cop, ada, client_of):
    for n in range(3):
        web[_name(client_of(ada), f"Link {n}", f"https://{n}.example.gov/").url] = outside.NoAnswer()
    tasks.ask_links.func()
    assert not ResourceLink.objects.exclude(trouble="").exists()
    assert not ResourceLink.objects.filter(asked_at=None).exists()


def test_what_leads_inside_is_neither_asked_nor_told(web, cop, ada, client_of):
    web[_name(client_of(ada), "Intranet", "https://intranet.example.gov/").url] = outside.NotOutside()
    tasks.ask_links.func()
    assert "Nothing needs you today" in client_of(ada).get(DESK).content.decode()


def test_many_are_asked_in_portions(web, cop, ada):
    for n in range(checking.AT_ONCE + 1):
        actions.write_resource(community=cop, title=f"Link {n}", url=f"https://example.gov/{n}", by=ada)
    assert tasks.ask_links.func() == checking.AT_ONCE
    assert DBTaskResult.objects.filter(task_path="junto.communities.tasks.ask_links").count() == 1
    assert tasks.ask_links.func() == 1
    assert len(set(web["asked"])) == checking.AT_ONCE + 1


def test_nothing_is_asked_where_the_site_does_not_want_it(web, settings, cop, ada, client_of):
    settings.CHECKS_LINKS = False
    _name(client_of(ada), "Guide", "https://example.gov/guide")
    assert tasks.ask_links.func() == 0
    assert web["asked"] == []
