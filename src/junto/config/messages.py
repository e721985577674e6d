"""Keeps the catalogs of translations: `make messages` gathers the texts, and compiles what was translated.

Texts are read from the program itself (templates as Django parses them, Python as its own parser does), so nothing but
polib is needed, and the same reading tells a test whether a catalog is complete.
"""

from __future__ import annotations

import ast
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import click
import django

ROOT = Path(__file__).resolve().parents[1]
CATALOGS = ROOT / "ui" / "locale"
SINGLE = frozenset({"_", "gettext", "gettext_lazy", "gettext_noop"})
PLURAL = frozenset({"ngettext", "ngettext_lazy"})
IN_CONTEXT = frozenset({"pgettext", "pgettext_lazy"})

_ARGUMENT = re.compile(r'_\("([^"]+)"\)')


class Text(NamedTuple):
    """One text that can be translated: its words, those for many, and the context that tells it from its namesakes."""

    words: str
    plural: str = ""
    context: str = ""


def texts() -> dict[Text, list[str]]:
    """Every text that can be translated, with the files in which it stands (from src/junto/ on)."""
    found: dict[Text, list[str]] = {}
    for path in sorted(ROOT.rglob("*")):
        for text in _in_file(path):
            places = found.setdefault(text, [])
            if (place := path.relative_to(ROOT).as_posix()) not in places:
                places.append(place)
    return found


def _in_file(path: Path) -> Iterator[Text]:
    if path.suffix == ".py":
        return in_python(path.read_text(encoding="utf-8"))
    if "templates" in path.parts and path.suffix in {".html", ".txt", ".mjml"}:
        return in_template(path.read_text(encoding="utf-8"))
    return iter(())


def in_python(source: str) -> Iterator[Text]:
    """The texts that a module gives to gettext. Only literals are read: what is put together cannot be translated."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        words = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        if name in SINGLE and len(words) == 1:
            yield Text(words[0])
        elif name in PLURAL and len(words) == 2:
            yield Text(words[0], words[1])
        elif name in IN_CONTEXT and len(words) == 2:
            yield Text(words[1], context=words[0])


def in_template(source: str) -> Iterator[Text]:
    """The texts of a template, as `translate` and `blocktranslate` look them up."""
    from django.template import Engine, Template
    from django.template.base import Node

    for node in Template(source, engine=Engine.get_default()).nodelist.get_nodes_by_type(Node):
        yield from _in_node(node)
    yield from (Text(words) for words in _ARGUMENT.findall(source))


def _in_node(node: object) -> Iterator[Text]:
    from django.templatetags.i18n import BlockTranslateNode, TranslateNode

    if isinstance(node, TranslateNode):
        words = getattr(node.filter_expression.var, "literal", node.filter_expression.var)
        if isinstance(words, str):
            yield Text(words, context=_literal(node.message_context))
    elif isinstance(node, BlockTranslateNode):
        single = node.render_token_list(node.singular)[0]
        many = node.render_token_list(node.plural)[0] if node.plural else ""
        yield Text(single, many, _literal(node.message_context))


def _literal(expression: object) -> str:
    return str(getattr(getattr(expression, "var", None), "literal", "") or "")


def gather(language: str) -> tuple[int, int]:
    """Bring a catalog up to date and compile it; returns how many texts there are and how many still want words."""
    import polib

    path = CATALOGS / language / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    old = polib.pofile(str(path)) if path.exists() else polib.POFile()
    known = {(entry.msgctxt or "", entry.msgid): entry for entry in old}
    new = polib.POFile(wrapwidth=120)
    new.metadata = {
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": language,
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    for text, places in sorted(texts().items(), key=lambda item: (item[1], item[0])):
        entry = known.get((text.context, text.words)) or polib.POEntry()
        if text.plural and not entry.msgstr_plural:
            entry.msgstr_plural, entry.msgstr = {0: "", 1: ""}, ""
        entry.msgid, entry.msgid_plural, entry.msgctxt = text.words, text.plural, text.context or None
        entry.occurrences = [(place, "") for place in places]
        new.append(entry)
    new.save(str(path))
    new.save_as_mofile(str(path.with_suffix(".mo")))
    return len(new), len(new.untranslated_entries())


def main() -> int:
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"JUNTO_HOME": home, "DJANGO_SETTINGS_MODULE": "junto.config.settings"}
        django.setup()
    for folder in sorted(CATALOGS.iterdir()):
        count, wanting = gather(folder.name)
        click.echo(f"{folder.name}: {count} texts, {wanting} without words")
    return 0


if __name__ == "__main__":
    sys.exit(main())
