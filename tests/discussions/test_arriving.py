"""Letters through the real router: proof, door, and what becomes of the arrival."""

from __future__ import annotations

import pytest

from junto.discussions.models import Alias, HeldPost, Message
from junto.discussions.queries import alias_address
from junto.mail import router, store
from junto.mail.models import Arrival, Mailing

pytestmark = pytest.mark.django_db


@pytest.fixture
def arrive(letter, settings):
    settings.TRUSTED_AUTHSERV_ID = "mx.example.gov"

    def come(raw: bytes, recipient: str = "cx-cop@lists.example.gov", sender: str = "ben@epa.gov") -> Arrival:
        arrival = Arrival.objects.create(
            sender=sender, recipient=recipient, peer="lmtp 192.0.2.10", raw_key=store.put(raw), size=len(raw)
        )
        router.handle(arrival.pk)
        arrival.refresh_from_db()
        return arrival

    return come


def test_a_letter_that_the_mta_vouches_for_is_posted(arrive, letter, ada, ben):
    arrival = arrive(letter("question"))
    assert (arrival.state, arrival.words) == ("done", "accept: nothing_against_it.")
    assert Message.objects.get().raw == arrival.raw_key


def test_a_letter_without_proof_is_held_for_its_author(arrive, letter, ada, ben, settings):
    settings.TRUSTED_AUTHSERV_ID = "another.example.gov"
    arrival = arrive(letter("no-message-id"))
    assert arrival.state == "held"
    assert HeldPost.objects.get().arrival_id == arrival.pk


def test_the_router_running_twice_posts_once(arrive, letter, ada, ben):
    arrival = arrive(letter("question"))
    router.handle(arrival.pk)
    Arrival.objects.filter(pk=arrival.pk).update(state="waiting", handled_at=None)
    router.handle(arrival.pk)
    assert Message.objects.count() == 1
    assert Mailing.objects.filter(kind="discussions.post").count() == 1


def test_a_crash_in_the_door_leaves_nothing_half_done(arrive, letter, ada, ben, monkeypatch):
    from junto.discussions.actions import accepting

    def crash(*_: object, **__: object) -> None:
        raise RuntimeError("disk full")

    with monkeypatch.context() as broken:
        broken.setattr(accepting, "record", crash)
        arrival = arrive(letter("question"))
    assert arrival.state == "waiting"
    assert not Message.objects.exists()
    assert not Mailing.objects.exists()


def test_the_alias_in_a_copy_is_an_address_that_exists(arrive, letter, ada, ben):
    arrive(letter("question"))
    address = alias_address(Alias.objects.get())
    assert router.find(address) is not None
    assert router.find(address.replace("reply.", "reply.9")) is None
    assert arrive(letter("private", ALIAS=address), recipient=address, sender="ada@gsa.gov").state == "held"


def test_a_mangled_alias_never_leads_to_the_list(arrive, letter, ada, ben):
    arrive(letter("question"))
    local, _, domain = alias_address(Alias.objects.get()).partition("@")
    for mangled in (local[:-1], f"{local}x", local.replace("reply", "repl"), local.rpartition("-")[0], f"{local}+x"):
        found = router.find(f"{mangled}@{domain}")
        assert found is None or "name" not in found[1], mangled


def test_an_unknown_list_is_refused(ada):
    assert router.find("no-such-list@lists.example.gov") is None
    assert router.find("CX-CoP@lists.example.gov") is not None
