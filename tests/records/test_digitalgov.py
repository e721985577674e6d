"""The import of Digital.gov content, on small files of our own and on the real thing."""

from __future__ import annotations

from pathlib import Path

import pytest

from junto.audit.models import Entry
from junto.communities.models import Community, ListName, OldAddress, Policy, Topic
from junto.kit.rulings import Refused
from junto.records.actions import digitalgov
from junto.records.actions.digitalgov import _communities
from junto.search import queries as search

pytestmark = pytest.mark.django_db

PLAIN = """---
slug: service-design
date: 2019-03-01 9:00:00 -0500
title: "Service A&#47;B Design"
summary: "Designers of services."
topics:
  - design
  - "artificial intelligence"
  - nowhere
authors:
  - ann
weight: 1
aliases:
  - /communities/old-name/
  - older-name
community_list:
  - platform: listserv
    type: government
    subscribe_email: "SD-COP-subscribe-request@LISTSERV.GSA.GOV "
    members: 2,448
---

See [guides](/guides/plain/) and [us](/communities/service-design/).

{{< note >}}
Bring **questions**.
{{< /note >}}

{{< sparkle >}}Kept.{{< /sparkle >}}

<script>alert(1)</script>
"""


class Checkout:
    """A little checkout of the content."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.community("_index", "---\ntitle: Communities\n---\n")
        for slug in ("design", "artificial-intelligence"):
            self.write(f"topics/{slug}/_index.md", f"---\nslug: {slug}\ntitle: {slug.title()}\n---\n")
        self.write(
            "authors/ann/_index.md", "---\ndisplay_name: Ann Archer\nagency_full_name: GSA\nemail: a@gsa.gov\n---\n"
        )

    def write(self, path: str, text: str) -> None:
        file = self.root / "content" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def community(self, name: str, text: str) -> None:
        self.write(f"communities/{name}.md", text)

    def with_list(self, name: str, **fields: str) -> None:
        lines = "".join(f"    {key}: {value}\n" for key, value in fields.items())
        self.community(name, f"---\ntitle: {name}\ncommunity_list:\n  - platform: listserv\n{lines}---\nText.\n")


@pytest.fixture
def checkout(tmp_path):
    return Checkout(tmp_path)


@pytest.fixture
def design(checkout, django_capture_on_commit_callbacks):
    checkout.community("service-design", PLAIN)
    with django_capture_on_commit_callbacks(execute=True):
        checkout.report = digitalgov.take(checkout.root)
    return Community.objects.get(slug="service-design")


def problems(report) -> str:
    return "\n".join(f"{p.where}: {p.what}: {p.done}" for p in report.problems)


def test_community_comes_with_its_names_dates_and_topics(design, checkout):
    assert design.name == "Service A/B Design"
    assert (design.list_name, design.list_id) == ("sd-cop", "sd-cop.lists.example.gov")
    assert str(design.founded_date) == "2019-03-01"
    assert {topic.slug for topic in design.topics.all()} == {"design", "artificial-intelligence"}
    assert "there is no topic “nowhere”" in problems(checkout.report)
    assert "members is “2,448”, no plain number" in problems(checkout.report)


def test_old_addresses_are_kept_in_one_spelling(design):
    assert set(OldAddress.objects.values_list("path", flat=True)) == {"/communities/old-name/", "/older-name/"}


def test_text_is_proper_and_harmless(design, checkout):
    assert '<a href="https://digital.gov/guides/plain/"' in design.description_html
    assert '<a href="/communities/service-design/"' in design.description_html
    assert "<strong>questions</strong>" in design.description_html
    assert "Kept." in design.description_html
    assert "{{<" not in design.description
    assert "alert(1)" not in design.description_html
    assert "the shortcode “sparkle” is unknown" in problems(checkout.report)


def test_managers_are_named_without_their_addresses(design):
    assert "Ann Archer, GSA" in design.description
    assert "a@gsa.gov" not in design.description


def test_imported_community_is_found(design):
    assert [hit.scope for hit in search.find("designers", labels=["public"]).hits] == ["service-design"]


def test_second_run_takes_nothing(design, checkout):
    again = digitalgov.take(checkout.root / "content")
    assert (again.taken, again.already_there, again.skipped) == (0, checkout.report.taken, checkout.report.skipped)
    assert Community.objects.count() == 1


def test_changed_file_is_taken_again(design, checkout):
    checkout.community("service-design", PLAIN.replace("Designers of services.", "Everyone."))
    assert digitalgov.take(checkout.root).taken == 1
    design.refresh_from_db()
    assert design.summary == "Everyone."


def test_what_managers_changed_is_not_overwritten(design, checkout):
    Community.objects.update(description="Ours now.")
    checkout.community("service-design", PLAIN.replace("Designers of services.", "Everyone."))
    report = digitalgov.take(checkout.root)
    design.refresh_from_db()
    assert (design.description, design.summary) == ("Ours now.", "Designers of services.")
    assert "here as well" in problems(report)


@pytest.mark.parametrize(
    ("address", "body", "name"),
    [
        ("NAME-subscribe-request@listserv.gsa.gov", "", "name"),
        ("my-name-request@listserv.gsa.gov", "", "my-name"),
        ("listserv@listserv.gsa.gov", "Subscribe Data-Centers [First Name]", "data-centers"),
        ("section.508@gsa.gov", "", "x"),
        ("listserv-request@listserv.gsa.gov", "", "x"),
    ],
)
def test_list_is_named_in_three_ways_or_by_the_slug(checkout, address, body, name):
    checkout.with_list("x", subscribe_email=f'"{address}"', subscribe_email_body=f'"{body}"')
    digitalgov.take(checkout.root)
    assert Community.objects.get(slug="x").list_name == name


@pytest.mark.parametrize(
    ("kind", "terms", "policy"),
    [
        ("government", "Only federal employees are eligible to join.", Policy.FEDERAL),
        ("government_only", "Federal government employees only are eligible to join.", Policy.FEDERAL),
        ("public", "Anyone is eligible to join.", Policy.OPEN),
        ("public", "", Policy.OPEN),
        ("public", "Employees with an official .gov or .mil email are eligible.", Policy.GOVERNMENT),
        ("government only", "", Policy.GOVERNMENT),
        ("", "", Policy.GOVERNMENT),
    ],
)
def test_terms_say_who_may_join_and_the_type_where_they_are_silent(checkout, kind, terms, policy):
    checkout.with_list("x", type=f'"{kind}"', terms=f'"{terms}"', subscribe_email="x-request@l.gov")
    digitalgov.take(checkout.root)
    assert Community.objects.get(slug="x").policy == policy


def test_second_list_becomes_a_community_of_its_own(checkout):
    checkout.community(
        "ai",
        "---\ntitle: AI\ncommunity_list:\n"
        "  - {platform: listserv, terms: Only federal employees., subscribe_email: AI-subscribe-request@l.gov}\n"
        "  - {platform: listserv, terms: Anyone., subscribe_email: AIPUBLIC-subscribe-request@l.gov}\n---\n",
    )
    report = digitalgov.take(checkout.root)
    second = Community.objects.get(list_name="aipublic")
    assert (second.slug, second.policy, second.part_of.list_name) == ("ai-aipublic", Policy.OPEN, "ai")
    assert "became a community of its own" in problems(report)
    assert digitalgov.take(checkout.root).taken == 0


def test_list_that_two_files_name_goes_to_the_one_that_lives(checkout):
    checkout.community(
        "a-old",
        "---\ntitle: Old\nexpirydate: '2020-01-01'\ncommunity_list:\n"
        "  - {platform: listserv, subscribe_email: G3C-request@l.gov}\n---\n",
    )
    checkout.with_list("new", subscribe_email="g3c-subscribe-request@l.gov")
    report = digitalgov.take(checkout.root)
    assert Community.objects.get(list_name="g3c").slug == "new"
    old = Community.objects.get(slug="a-old")
    assert old.list_name == "a-old"
    assert old.retired_at is not None
    assert "belongs to another community" in problems(report)


def test_name_that_already_reaches_a_community_is_not_taken_from_it(checkout, cop):
    ListName.objects.create(community=cop, name="Taken")
    checkout.with_list("x", subscribe_email="taken-request@l.gov")
    digitalgov.take(checkout.root)
    assert Community.objects.get(slug="x").list_name == "x"


def test_slug_of_another_community_is_not_taken_from_it(checkout, cop):
    checkout.community("x", f"---\nslug: {cop.slug}\ntitle: X\n---\n")
    digitalgov.take(checkout.root)
    assert Community.objects.get(name="X").slug == f"{cop.slug}-2"


@pytest.mark.parametrize("slug", ["508", '""', "null"])
def test_number_or_nothing_as_slug_gives_way_to_the_file_name(checkout, slug):
    checkout.community("good-name", f"---\nslug: {slug}\ntitle: X\n---\n")
    digitalgov.take(checkout.root)
    assert Community.objects.filter(slug="good-name").exists()


def test_weight_nought_hides(checkout):
    checkout.community("x", "---\ntitle: X\nweight: 0\nredirectto: https://example.gov/x\n---\n")
    digitalgov.take(checkout.root)
    hidden = Community.objects.get(slug="x")
    assert (hidden.is_hidden, hidden.redirect_to) == (True, "https://example.gov/x")


@pytest.mark.parametrize(
    "text",
    [
        "", "no front matter", "---\ntitle: x\n", "---\n- a\n---\n", "---\n\ttitle: [\n---\n", "---\n&a [*a]\n---\n",
        "---\n" + "[" * 3000 + "\n---\n", "\x00\x01",
    ],
)  # fmt: skip
def test_bad_file_is_named_and_stops_nothing(checkout, text):
    checkout.community("bad", text)
    checkout.community("good", "---\ntitle: Good\n---\n")
    report = digitalgov.take(checkout.root)
    assert "communities/bad.md" in problems(report)
    assert Community.objects.filter(slug="good").exists()


def test_file_that_breaks_a_rule_of_the_database_is_undone_whole(checkout, monkeypatch):
    checkout.community("a-bad", "---\ntitle: A\ntopics: [design]\n---\n")
    checkout.community("good", "---\ntitle: Good\n---\n")
    real = _communities.record

    def explode(fact, **told):
        if getattr(told.get("about"), "slug", "") == "a-bad":
            raise RuntimeError("no")
        return real(fact, **told)

    monkeypatch.setattr(_communities, "record", explode)
    report = digitalgov.take(checkout.root)
    assert not Community.objects.filter(slug="a-bad").exists()
    assert Community.objects.filter(slug="good").exists()
    assert "RuntimeError" in problems(report)


def test_loose_yaml_and_repeated_keys_are_mended_and_told(checkout):
    checkout.community("x", "---\ntitle: Data: the basics\nweight: 0\nweight: 1\ndate: 2024-02-31\n---\n")
    report = digitalgov.take(checkout.root)
    taken = Community.objects.get(slug="x")
    assert (taken.name, taken.weight, taken.founded_date) == ("Data: the basics", 1, None)
    assert "stands twice" in problems(report)
    assert "put in quotes" in problems(report)
    assert "is not a date" in problems(report)


def test_guidelines_page_gives_the_guidelines(checkout):
    checkout.community("manage", "---\nslug: community-guidelines\ntitle: G\n---\nBe kind.\n")
    checkout.community("x", "---\ntitle: X\n---\n")
    digitalgov.take(checkout.root)
    assert Community.objects.get().guidelines == "Be kind."


def test_folder_without_content_is_refused_with_what_was_looked_for(tmp_path):
    with pytest.raises(digitalgov.NoContent, match="content/communities"):
        digitalgov.take(tmp_path)


def test_who_does_not_run_the_site_may_not_import(checkout, ben):
    with pytest.raises(Refused):
        digitalgov.take(checkout.root, by=ben)


def test_import_stands_in_the_book_and_tells_its_progress(checkout):
    told = []
    digitalgov.take(checkout.root, progress=lambda done, of: told.append((done, of)))
    assert told[-1] == (4, 4)
    assert Entry.objects.filter(fact="records.digitalgov.imported").exists()


@pytest.mark.material
def test_the_real_checkout(material):
    report = digitalgov.take(material / "digitalgov")
    assert (report.skipped, Topic.objects.count()) == (11, 51)
    assert Community.objects.get(list_name="cx-cop").slug == "customer-experience"
    assert Community.objects.get(slug="a-b-testing-community").name == "A/B Testing"
    assert Community.objects.get(list_name="aipublic").part_of.list_name == "ai"
    assert not Community.objects.filter(description__contains="{{").exists()
    assert not Community.objects.filter(guidelines__contains="{{").exists()
    again = digitalgov.take(material / "digitalgov")
    assert (again.taken, again.already_there) == (0, report.taken)
