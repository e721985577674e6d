"""What the site says, it says in each of its languages: catalogs are complete, compiled, and fill the same blanks."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from string import Formatter

import polib
import pytest
from django.conf import settings

from junto.config.messages import CATALOGS, Text, in_python, in_template, texts

OTHERS = [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


@cache
def catalog(language: str) -> polib.POFile:
    return polib.pofile(str(path_of(language)))


def path_of(language: str) -> Path:
    return CATALOGS / language / "LC_MESSAGES" / "django.po"


@pytest.mark.parametrize("language", OTHERS)
def test_the_catalog_has_every_text_and_no_other(language: str) -> None:
    """When it fails: `make messages`."""
    told = {Text(entry.msgid, entry.msgid_plural or "", entry.msgctxt or "") for entry in catalog(language)}
    assert told == set(texts())


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_has_its_words(language: str) -> None:
    wanting = [entry.msgid for entry in catalog(language).untranslated_entries()]
    assert not wanting, f"{len(wanting)} without words: {wanting[:20]}"


@pytest.mark.parametrize("language", OTHERS)
def test_translations_fill_the_same_blanks(language: str) -> None:
    wrong = []
    for entry in catalog(language).translated_entries():
        wanted = blanks(entry.msgid) | blanks(entry.msgid_plural or "")
        said = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
        wrong += [(entry.msgid, words) for words in said if not blanks(words) <= wanted]
        wrong += [(entry.msgid, words) for words in list(said)[-1:] if blanks(words) != wanted]
        wrong += [(entry.msgid, words) for words in said if tags(words) != tags(entry.msgid)]
    assert not wrong, wrong[:10]


def blanks(words: str) -> set[str]:
    """The names between %( and )s, and between braces."""
    named = set(re.findall(r"%\((\w+)\)", words))
    try:
        return named | {name for _, name, _, _ in Formatter().parse(words) if name}
    except ValueError:
        return named


def tags(words: str) -> list[str]:
    """The tags of a text, in any order: another language puts its words otherwise."""
    return sorted(re.findall(r"</?\w+", words))


@pytest.mark.parametrize("language", OTHERS)
def test_the_compiled_catalog_is_the_written_one(language: str) -> None:
    compiled = polib.mofile(str(path_of(language).with_suffix(".mo")))
    written = {entry.msgid: entry.msgstr or entry.msgstr_plural for entry in catalog(language).translated_entries()}
    assert {entry.msgid: entry.msgstr or entry.msgstr_plural for entry in compiled} == written


def test_texts_are_found_in_templates_and_modules() -> None:
    assert set(in_python('_("One"); ngettext("%(n)d day", "%(n)d days", n); pgettext("month", "May"); _(name)')) == {
        Text("One"),
        Text("%(n)d day", "%(n)d days"),
        Text("May", context="month"),
    }
    page = (
        '{% load i18n %}{% translate "Two" %}{% include "x.html" with heading=_("Three") %}'
        "{% blocktranslate trimmed count n=list|length %}{{ n }} row{% plural %}{{ n }} rows{% endblocktranslate %}"
    )
    assert set(in_template(page)) == {Text("Two"), Text("Three"), Text("%(n)s row", "%(n)s rows")}
