from __future__ import annotations

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from junto.mail import actions
from junto.mail.dkim import keys
from junto.mail.letter import Letter
from junto.mail.management.commands import dkim as command
from junto.mail.signing import signer_for

NOTE = Letter(kind="tests.note", subject="Hi", text="Hi\n", sender="a@lists.example.gov")


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.DKIM_KEYS = str(tmp_path / "keys")
    return tmp_path / "keys"


@pytest.fixture
def published(monkeypatch):
    """What the DNS holds: name to text."""
    records: dict[str, str] = {}

    def look_up(name, kind):
        assert kind == "TXT"
        return [records[name].encode()] if name in records else []

    monkeypatch.setattr(command, "ask_dns", look_up)
    return records


def run(*words):
    said = StringIO()
    call_command("dkim", *words, stdout=said)
    return said.getvalue()


def test_new_key_is_its_owners_alone_and_is_never_printed(folder):
    said = run("new", "--selector", "s1")
    path = folder / "s1.pem"
    assert path.stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700
    secret = path.read_text().splitlines()[1]
    assert "PRIVATE" not in said and secret not in said
    assert secret not in run("show")


def test_record_is_printed_as_a_zone_file_takes_it():
    said = run("new", "--algorithm", "both", "--selector", "s1")
    assert 's1-rsa._domainkey.lists.example.gov. IN TXT ( "v=DKIM1; k=rsa; p=' in said
    assert 's1-ed25519._domainkey.lists.example.gov. IN TXT ( "v=DKIM1; k=ed25519; p=' in said
    quoted = re.findall(r'"([^"]*)"', said)
    assert max(map(len, quoted)) <= 255
    assert {key.record for key in keys.stored()} == {quoted[0] + quoted[1], quoted[2]}
    assert run("show").count("IN TXT") == 2


def test_default_selector_tells_the_month():
    run("new")
    assert re.fullmatch(r"junto-20\d{4}-rsa", keys.stored()[0].selector)


def test_second_new_key_is_refused_and_the_first_stays():
    run("new")
    before = keys.stored()
    with pytest.raises(CommandError, match="rotate"):
        run("new")
    assert keys.stored() == before


@pytest.mark.parametrize("selector", ["../x", "a.b", "a-", "a b", "x" * 64])
def test_selector_must_be_a_label(selector, folder):
    with pytest.raises(CommandError, match="no selector"):
        run("new", "--selector", selector)
    assert not list(folder.parent.rglob("*.pem"))


def test_next_key_is_used_only_once_it_is_published(published):
    run("new", "--algorithm", "both")
    first = keys.in_use()
    said = run("rotate")
    waiting = keys.stored(keys.NEXT)
    assert all(key.record[:60] in said for key in waiting)
    assert keys.in_use() == first
    with pytest.raises(CommandError, match="Nothing was changed"):
        run("rotate")
    assert keys.in_use() == first

    published.update({f"{key.selector}._domainkey.lists.example.gov": key.record for key in waiting})
    run("rotate")
    assert [key.selector for key in keys.in_use()] == [key.selector for key in waiting]
    assert {key.selector for key in keys.stored(keys.OLD)} == {key.selector for key in first}
    assert not keys.stored(keys.NEXT)
    assert "Retired" in run("show")


def test_wrong_record_is_not_taken_for_the_key(published):
    run("new")
    run("rotate")
    published[f"{keys.stored(keys.NEXT)[0].selector}._domainkey.lists.example.gov"] = keys.stored()[0].record
    with pytest.raises(CommandError, match="Nothing was changed"):
        run("rotate")
    run("rotate", "--force")
    assert not keys.stored(keys.NEXT)


def test_show_and_rotate_without_keys_say_how_to_make_them():
    for step in ("show", "rotate"):
        with pytest.raises(CommandError, match="dkim new"):
            run(step)


@pytest.mark.django_db
def test_mail_is_signed_as_soon_as_there_is_a_key_unless_it_is_switched_off(settings):
    mailing = actions.post(NOTE, to="ben@epa.gov")
    assert signer_for(mailing) is None
    run("new", "--selector", "s1")
    assert b"s=s1" in signer_for(mailing).sign([bytes(mailing.pieces)])[0]
    settings.DKIM = "off"
    assert signer_for(mailing) is None


def test_broken_key_is_told_and_not_passed_over(folder):
    run("new", "--selector", "s1")
    (folder / "s1.pem").write_text("nothing")
    with pytest.raises(keys.BadKey, match=r"s1\.pem"):
        keys.in_use()


def test_keys_are_in_the_home_where_no_folder_is_named(settings):
    settings.DKIM_KEYS = ""
    assert keys.folder() == settings.HOME / "dkim"
