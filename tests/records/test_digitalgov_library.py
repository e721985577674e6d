"""News, resources and authors of Digital.gov come into the library, and their links lead to each other."""

from __future__ import annotations

import pytest
from django.test import Client

from junto.library import actions as library
from junto.library.models import Author, FormerAddress, Piece, PieceKind
from junto.records.actions import digitalgov
from junto.records.actions.digitalgov import _pieces
from junto.search import queries as search
from tests.records.test_digitalgov import Checkout, problems

pytestmark = pytest.mark.django_db

NEWS = """---
slug: good-forms
date: 2015-04-02 9:00:00 -0400
title: 'Good Forms &amp; Better Ones'
deck: "What we learned."
authors:
  - ann
  - Bob Baker
  - nobody
topics:
  - design
  - nowhere
source: 18f
expirydate: 2025-01-01
aliases:
  - /old/forms/
---

See [the kit]({{< ref "form-kit.md" >}}), [it again](https://www.digital.gov/resources/form-kit/#start) and
[the topic](/topics/design/). Also <a href="https://digital.gov/2014/01/01/gone/">what is gone</a>,
[a page](/about/), [a dead one]({{< tmp "events/x.md" >}}), <a href="{{< legacy-file "a.pdf" >}}">a file</a>,
[slides](//slides.example/1), [a file of the site](form-kit.md#end), [double]((https://example.gov/x) "X").

<iframe src="https://video.example/1"></iframe>

<img src="https://pictures.example/1.png" alt="A form">

<a href="#fn1">1</a>
"""
KIT = """---
slug: kits/form-kit
title: Form Kit
topics: [design]
---
Written by [Ann](/authors/ann/), first in [the news](/2015/04/02/good-forms/) for [the community](/communities/us/).
"""


@pytest.fixture
def checkout(tmp_path):
    checkout = Checkout(tmp_path)
    checkout.community("us", "---\ntitle: Us\ntopics: [design]\n---\nRead [this](/2015/04/02/good-forms/).\n")
    checkout.write("authors/bbaker/_index.md", "---\ndisplay_name: Bob Baker\n---\n")
    checkout.write("sources/source_18f.md", '---\nslug: 18f\nname: "18F"\n---\n')
    checkout.write("news/2015/04/2015-04-01-good-forms.md", NEWS)
    checkout.write("resources/form-kit.md", KIT)
    checkout.write("resources/_index.md", "---\ntitle: Resources\n---\n")
    return checkout


@pytest.fixture
def taken(checkout, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        checkout.report = digitalgov.take(checkout.root)
    return Piece.objects.get(slug="good-forms")


def test_a_piece_comes_with_its_date_authors_topics_and_source(taken, checkout):
    assert (taken.kind, taken.title, taken.summary) == (PieceKind.NEWS, "Good Forms & Better Ones", "What we learned.")
    assert (str(taken.published_date), taken.is_expired(), taken.is_public) == ("2015-04-02", True, True)
    assert [byline.author.slug for byline in taken.bylines.order_by("position")] == ["ann", "bbaker"]
    assert [topic.slug for topic in taken.topics.all()] == ["design"]
    assert (taken.source_name, taken.source_url) == ("18F", "https://digital.gov/2015/04/02/good-forms/")
    told = problems(checkout.report)
    assert "there is no author “nobody”" in told
    assert "there is no topic “nowhere”" in told
    assert "resources/_index.md: this is the list’s own page" in told


def test_links_lead_into_junto_where_the_target_was_taken_and_to_the_old_site_otherwise(taken):
    html = taken.body_html
    assert 'href="/library/form-kit/" rel' in html
    assert 'href="/library/form-kit/#start"' in html
    assert 'href="/library/form-kit/#end"' in html
    assert 'href="/library/?topic=design"' in html
    assert 'href="https://digital.gov/2014/01/01/gone/"' in html
    assert 'href="https://digital.gov/about/"' in html
    kit = Piece.objects.get(slug="form-kit").body_html
    assert 'href="/library/authors/ann/"' in kit
    assert 'href="/library/good-forms/"' in kit
    assert 'href="/communities/us/"' in kit
    assert 'href="/library/good-forms/"' in taken.topics.get().communities.get().description_html


def test_what_is_embedded_or_broken_becomes_words_and_plain_links(taken):
    html = taken.body_html
    assert 'href="https://video.example/1"' in html
    assert "(Image: A form)" in html
    assert "a dead one" in html
    assert 'href="https://s3.amazonaws.com/digitalgov/_legacy-img/a.pdf"' in html
    assert 'href="https://slides.example/1"' in html
    assert 'href="https://example.gov/x"' in html
    assert not any(sign in html for sign in ("<img", "<iframe", 'href=""', 'href="#', "{{"))


def test_old_addresses_lead_to_the_piece(taken):
    paths = set(FormerAddress.objects.filter(piece=taken).values_list("path", flat=True))
    assert paths == {"/2015/04/02/good-forms/", "/2015/04/01/good-forms/", "/old/forms/"}
    answer = Client().get("/old/forms/")
    assert (answer.status_code, answer["Location"]) == (301, "/library/good-forms/")


def test_pieces_are_found_by_kind_and_author(taken):
    [hit] = search.find("learned", labels=["public"], kinds=["library.news"]).hits
    assert (hit.url, hit.author) == ("/library/good-forms/", "Ann Archer, Bob Baker")


def test_a_second_run_takes_nothing_and_a_changed_file_only_itself(taken, checkout):
    again = digitalgov.take(checkout.root)
    assert (again.taken, again.already_there) == (0, checkout.report.taken)
    checkout.write("news/2015/04/2015-04-01-good-forms.md", NEWS.replace("What we learned.", "Lessons."))
    assert digitalgov.take(checkout.root).taken == 1
    taken.refresh_from_db()
    assert taken.summary == "Lessons."
    assert Piece.objects.count() == 2


def test_a_run_that_broke_off_is_completed_by_the_next(checkout, monkeypatch):
    real = library.publish

    def broken(*, slug, **told):
        if slug == "form-kit":
            raise KeyboardInterrupt
        return real(slug=slug, **told)

    monkeypatch.setattr(_pieces.library, "publish", broken)
    with pytest.raises(KeyboardInterrupt):
        digitalgov.take(checkout.root)
    assert Piece.objects.count() == 1
    monkeypatch.undo()
    assert digitalgov.take(checkout.root).taken == 1
    assert Piece.objects.count() == 2


def test_what_was_hidden_here_stays_hidden(taken, checkout):
    library.hide(piece=taken, community=taken.topics.get().communities.get(), by=_staff())
    checkout.write("news/2015/04/2015-04-01-good-forms.md", NEWS.replace("What we learned.", "Lessons."))
    digitalgov.take(checkout.root)
    assert taken.hidings.count() == 1


def test_two_files_with_one_slug_keep_both_and_always_the_same_addresses(checkout):
    checkout.write("news/2016/2016-01-01-good-forms.md", NEWS.replace("2015-04-02", "2016-01-01"))
    digitalgov.take(checkout.root)
    slugs = set(Piece.objects.values_list("slug", flat=True))
    assert slugs == {"good-forms", "good-forms-2016", "form-kit"}
    assert digitalgov.take(checkout.root).taken == 0


@pytest.mark.parametrize("sign", ["draft: true", "weight: 0"])
def test_drafts_and_hidden_pages_are_not_public(checkout, sign, client):
    checkout.write("resources/form-kit.md", KIT.replace("title:", f"{sign}\ntitle:"))
    report = digitalgov.take(checkout.root)
    assert not Piece.objects.get(slug="form-kit").is_public
    assert client.get("/library/form-kit/").status_code == 404
    assert "only whoever runs the site sees it" in problems(report)


@pytest.mark.parametrize("text", ["", "---\n- a\n---\n", "---\ntitle: [\n---\n", "\x00\x01"])
def test_a_bad_file_is_named_and_stops_nothing(checkout, text):
    checkout.write("news/2014/2014-01-01-bad.md", text)
    checkout.write("authors/zed/_index.md", text)
    report = digitalgov.take(checkout.root)
    assert "news/2014/2014-01-01-bad.md" in problems(report)
    assert "authors/zed/_index.md" in problems(report)
    assert Piece.objects.count() == 2


def test_an_author_without_a_name_is_called_by_the_folder(checkout):
    checkout.write("authors/jo-roe/_index.md", "---\nslug: jo-roe\n---\n")
    digitalgov.take(checkout.root)
    assert Author.objects.get(slug="jo-roe").name == "Jo Roe"


@pytest.mark.material
def test_the_real_library(material):
    digitalgov.take(material / "digitalgov")
    assert Piece.objects.filter(kind=PieceKind.NEWS).count() >= 2_080
    assert Piece.objects.filter(kind=PieceKind.RESOURCE).count() >= 225
    assert Author.objects.count() >= 1_040
    assert not Piece.objects.filter(body__contains="{{").exists()
    for sign in ("<img", "<script", "<iframe", 'href=""'):
        assert not Piece.objects.filter(body_html__contains=sign).exists(), sign


def _staff():
    from junto.people.models import Person

    return Person.objects.create(email="hal@gsa.gov", name="Hal", is_staff=True, is_superuser=True)
