import pytest
from django.urls import reverse
from django.utils import translation

from junto.communities import actions, inbound, letters, queries
from junto.communities.models import Delivery, Membership, Step

JOIN = "/communities/customer-experience/join/"


@pytest.fixture
def spanish():
    """A person from whom letters and answers are expected in Spanish."""

    def made(person):
        person.language = "es"
        person.save(update_fields=["language"])
        return person

    return made


def in_spanish(client):
    client.cookies["language"] = "es"
    return client


def test_the_page_where_one_joins_speaks_the_readers_language(client_of, cop, ada, cleo):
    told = in_spanish(client_of(cleo)).get(JOIN).content.decode()
    assert "Unirse a Customer Experience" in told
    assert "Puede unirse de inmediato" in told
    assert "Acepto las normas de esta comunidad" in told
    assert "Resumen semanal" in told
    assert "federal record" in told, "what managers wrote stays as they wrote it"
    assert "You can join at once" in client_of(cleo).get(JOIN).content.decode()


def test_a_refusal_speaks_the_readers_language(client_of, cop, eve):
    told = in_spanish(client_of(eve)).get("/communities/customer-experience/manage/")
    assert told.status_code == 403
    assert "Solo" in told.content.decode()


def test_the_directory_and_the_front_page_speak_spanish(client, cop, ada):
    in_spanish(client)
    assert "Encuentre a las personas que hacen su mismo trabajo." in client.get("/communities/").content.decode()
    front = client.get("/communities/customer-experience/").content.decode()
    assert "Acerca de" in front
    assert "Cómo unirse y quién puede hacerlo" in front


def test_the_current_tab_is_marked_in_every_language(client, cop, ada):
    for language in ("en", "es"):
        client.cookies["language"] = language
        page = client.get(JOIN).content.decode()
        assert page.count('aria-current="true"') == 1, language


def test_a_spanish_speaker_confirms_in_spanish(cop, ada, cleo, spanish, incoming, post):
    spanish(cleo)
    inbound.subscribe(incoming(subject="hello"), name="cx-cop")
    (letter,) = post.to("cleo@epa.gov")
    assert letter.subject.startswith("Responda OK para unirse a Customer Experience [")
    assert "Si fue usted, responda a este mensaje con la sola palabra OK" in letter.text
    assert "Ir a la página para unirse" in letter.html


def test_others_confirm_in_english_whatever_language_is_spoken_around(cop, ada, cleo, incoming, post):
    with translation.override("es"):
        inbound.subscribe(incoming(subject="hello"), name="cx-cop")
    (letter,) = post.to("cleo@epa.gov")
    assert letter.subject.startswith("Reply OK to join Customer Experience [")
    assert "Somebody, most likely you, asked that cleo@epa.gov join" in letter.text


def test_help_answers_in_the_language_of_who_asks(cop, ada, cleo, spanish, incoming, post):
    inbound.listserv(incoming(subject="help"))
    spanish(cleo)
    inbound.listserv(incoming(subject="help"))
    inbound.listserv(incoming(subject="help set"))
    english, help_words, more = post.to("cleo@epa.gov")
    assert english.subject == "Answer to your command"
    assert "SUBSCRIBE list: join a list." in english.text
    assert help_words.subject == "Respuesta a su comando"
    assert "SUBSCRIBE lista: unirse a una lista." in help_words.text
    assert "Estos comandos funcionan, uno por línea" in help_words.text
    assert "MAIL, DIGEST (o DAILY), WEEKLY" in more.text


def test_commands_themselves_stay_english_for_a_spanish_speaker(cop, ada, ben, spanish, incoming, post):
    spanish(ben)
    inbound.listserv(incoming(mail_from="ben@epa.gov", text="set cx-cop weekly\n", is_proven=True))
    assert Membership.objects.get(person=ben).delivery == Delivery.WEEKLY
    (letter,) = post.to("ben@epa.gov")
    assert "un resumen cada semana, el lunes a las 7 a. m." in letter.text


def test_a_welcome_and_the_word_to_a_manager_speak_to_each_in_their_own_language(cop, ada, cleo, eve, spanish, post):
    spanish(ada)
    address = eve.addresses.get()
    actions.join(community=cop, person=eve, address=address, accepts_guidelines=True, came_by="web", by=eve)
    (waits,) = post.to(eve.email)
    (asks,) = post.to("ada@gsa.gov")
    assert waits.subject == "Your request to join Customer Experience waits for a manager"
    assert "pide unirse a Customer Experience" in asks.subject
    spanish(cleo)
    address = cleo.addresses.get()
    actions.join(community=cop, person=cleo, address=address, accepts_guidelines=True, came_by="web", by=cleo)
    (welcome,) = post.to("cleo@epa.gov")
    assert welcome.subject == "Le damos la bienvenida a Customer Experience"
    assert "Usted ya es miembro de" in welcome.text
    assert "Para preguntar o contar algo a todos" in welcome.text


def test_what_is_written_to_a_member_about_conduct_names_the_day_in_their_language(cop, ada, ben, spanish, post):
    spanish(ben)
    membership = queries.membership_of(ben, cop)
    actions.take_step(membership=membership, step=Step.FIRST_NOTICE, words="Please be kind.", by=ada)
    (letter,) = post.to("ben@epa.gov")
    assert letter.subject == "Customer Experience: primer aviso"
    assert "Deja de contar el" in letter.text
    assert " de 20" in letter.text


def test_signed_pages_speak_the_readers_language(client, cop, ada, ben):
    token = queries.membership_token(queries.membership_of(ben, cop))
    page = in_spanish(client).get(f"/delivery/{token}/").content.decode()
    assert "Correo de Customer Experience" in page
    assert "Ahora recibe cada mensaje cuando se publica." in page
    assert ">lunes</option>" in page
    assert "7 a. m." in page
    assert "Pausar el correo de" in client.get(reverse("signed:pause", args=[token])).content.decode()
    assert "¿Dejar Customer Experience?" in client.get(f"/unsubscribe/{token}/").content.decode()


@pytest.mark.parametrize("name", sorted(letters.PREVIEWS))
def test_every_letter_can_be_written_in_spanish(name, settings):
    settings.LANGUAGE_CODE = "es"
    letter = letters.PREVIEWS[name]()
    assert letter.subject
    assert "</html>" in letter.html
