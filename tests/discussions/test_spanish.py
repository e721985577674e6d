"""Discussions in Spanish: pages for whoever reads Spanish, letters for whoever chose it, and reasons that are kept in English."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import translation

from junto.communities import queries as communities
from junto.communities.models import Moderation
from junto.discussions import inbound, rules
from junto.discussions.letters import PREVIEWS
from junto.discussions.models import HeldNotice, HeldPost, Thread
from junto.discussions.queries import decision_address
from junto.discussions.rules import reasons
from junto.people import actions as people
from tests.discussions.conftest import Arrived

pytestmark = pytest.mark.django_db
BASE = "/communities/customer-experience/discussions/"


@pytest.fixture(autouse=True)
def _english_again():
    """A browser of the test leaves its language behind."""
    yield
    translation.deactivate()


@pytest.fixture
def spanish(client_of):
    """A browser in which somebody chose Spanish."""

    def of(person=None) -> Client:
        browser = client_of(person) if person else Client()
        browser.cookies["language"] = "es"
        return browser

    return of


def test_a_discussion_is_read_in_spanish_around_the_words_of_its_authors(send, ada, ben, spanish):
    send("question")
    send("answer")
    page = spanish(ben).get(f"{BASE}1/").content.decode()
    for words in ("Responder a todos", "Quiénes participan", "También útil", "Seguir o silenciar", "nov 2026"):
        assert words in page
    assert "Reply to everyone" not in page
    assert '">Nov 3' not in page


def test_the_list_counts_replies_and_names_days_in_spanish(send, ada, ben, spanish):
    send("question")
    send("answer")
    page = spanish(ben).get(BASE).content.decode()
    assert "<h1>Debates</h1>" in page
    assert "1 respuesta<" in page
    assert "3 nov 2026" in page


def test_what_is_wrong_with_a_new_post_is_told_in_spanish(cop, ben, spanish):
    answer = spanish(ben).post(f"{BASE}new/", {"subject": "", "body": ""})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Ponga un asunto a su mensaje." in page
    assert "Escriba su mensaje antes de enviarlo." in page


def test_signed_pages_are_in_spanish(send, cop, ada, ben, spanish):
    send("question")
    link = f"/delivery/{communities.membership_token(ben.memberships.get())}/"
    browser = spanish()
    assert "Mis últimas entregas de" in browser.get(f"{link}deliveries/").content.decode()
    page = browser.post(f"{link}threads/{Thread.objects.get().pk}/", {"wish": "mute"}).content.decode()
    assert "Ya no recibe mensajes de este debate." in page


def test_an_author_who_chose_spanish_is_written_in_spanish(cop, ada, ben, send, carried):
    people.set_language(person=ben, language="es", by=ben)
    cop.moderation = Moderation.FIRST
    cop.save()
    send("question")
    (letter,) = carried("held_for_author")
    assert "espera a un moderador" in letter.mail["Subject"]
    assert "Los moderadores leen el primer mensaje de cada miembro nuevo." in letter.words
    (to_ada,) = carried("held_for_moderators")
    assert "waits for you" in to_ada.mail["Subject"]
    assert HeldPost.objects.get().reason == "Moderators read the first post of each new member."


def test_a_moderator_who_chose_spanish_decides_with_the_same_words_and_is_answered_in_spanish(
    cop, ada, ben, send, carried
):
    people.set_language(person=ada, language="es", by=ada)
    cop.moderation = Moderation.ALL
    cop.save()
    send("question")
    notice = HeldNotice.objects.get()
    raw = f"From: ada@gsa.gov\nTo: {decision_address(notice)}\nSubject: Re\n\nACCEPT\n".encode()
    token = decision_address(notice).partition("@")[0].rpartition(".")[2].rpartition("+")[2]
    inbound.decide_held(Arrived(raw, sender="ada@gsa.gov"), token=token)
    (answer,) = carried("about_your_reply")
    assert "Está aceptado y en camino a los miembros." in answer.words
    (told,) = carried("accepted")
    assert "was accepted" in told.mail["Subject"]


def test_a_copy_of_a_post_keeps_its_english_frame(ada, ben, send, carried):
    people.set_language(person=ben, language="es", by=ben)
    with translation.override("es"):
        send("question")
    assert all("Leave this list" in copy.words for copy in carried("post"))


def test_a_reason_with_blanks_is_found_again_in_another_language():
    kept = reasons.SLOW % {"minutes": 15}
    assert rules.said(kept) == kept
    with translation.override("es"):
        assert rules.said(kept) == "En esta lista deben pasar 15 minutos entre dos mensajes de una misma persona."
        assert rules.said("Words of a moderator.") == "Words of a moderator."
        assert rules.said("") == ""


@pytest.mark.parametrize("name", sorted(set(PREVIEWS) - {"digest", "digest_index", "post"}))
def test_no_letter_to_one_person_is_left_in_english(name, settings):
    english = PREVIEWS[name]()
    settings.LANGUAGE_CODE = "es"
    spanish = PREVIEWS[name]()
    assert spanish.text != english.text
    assert "Hello Ben" not in spanish.text
