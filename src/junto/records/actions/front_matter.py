"""Reads a content file: YAML between two lines of dashes, then Markdown. Values stay text; nothing is guessed."""

from __future__ import annotations

import html
import re
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

MOST_BYTES = 2_000_000
_FENCED = re.compile(r"\A\s*---[ \t]*\r?\n(.*?)^---[ \t]*\r?$\n?(.*)\Z", re.DOTALL | re.MULTILINE)
_LOOSE = re.compile(r"^([A-Za-z_][\w-]*):[ \t]+([^\s\"'\[{|>&*!#].*)$", re.MULTILINE)
_DAY = re.compile(r"^\s*(\d{4})-(\d{1,2})-(\d{1,2})\b")
_TAGS = re.compile(r"<[^>]*>")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")


class Unreadable(ValueError):
    """The file has no front matter that can be read; the message says what is wrong."""


class _Loader(yaml.BaseLoader):
    """Every scalar is text. A key that stands twice keeps its last value and is remembered in `repeated`."""

    repeated: list[str]

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen = set()
        for key, _ in node.value:
            if key.value in seen:
                self.repeated.append(str(key.value))
            seen.add(key.value if isinstance(key.value, str) else id(key))
        return super().construct_mapping(node, deep)


@dataclass(slots=True)
class Content:
    """One content file. `repairs` says what had to be mended to read it."""

    fields: dict[str, Any]
    body: str
    repairs: list[str] = field(default_factory=list)

    def text(self, name: str) -> str:
        """A field as plain text: entities decoded, tags and invisible characters gone. Empty when absent or null."""
        value = self.fields.get(name)
        return plain(value) if isinstance(value, str) else ""

    def texts(self, name: str) -> list[str]:
        """A field that lists texts, or holds a single one; each once, in order."""
        value = self.fields.get(name)
        values = value if isinstance(value, list) else [value]
        return list(dict.fromkeys(filter(None, (plain(v) for v in values if isinstance(v, str)))))

    def mappings(self, name: str) -> list[dict[str, str]]:
        """A field that lists groups of fields."""
        value = self.fields.get(name)
        groups = value if isinstance(value, list) else []
        return [
            {str(key): str(text).strip() for key, text in group.items() if isinstance(text, str)}
            for group in groups
            if isinstance(group, dict)
        ]

    def day(self, name: str) -> date | None:
        """The day of a date, with or without time and offset. Raises ValueError with words for people."""
        text = self.text(name)
        if not text:
            return None
        found = _DAY.match(text)
        try:
            return date(*(int(part) for part in found.groups()))  # type: ignore[union-attr]
        except (AttributeError, ValueError):
            raise ValueError(f"{name} “{text[:40]}” is not a date") from None


def read(path: Path) -> Content:
    """Read one file. Raises Unreadable."""
    if path.stat().st_size > MOST_BYTES:
        raise Unreadable("the file is larger than 2 MB")
    raw = path.read_bytes()
    text = raw.decode("utf-8-sig", errors="replace")
    found = _FENCED.match(text)
    if not found:
        raise Unreadable("there is no front matter between two lines of “---”")
    content = _parse(found[1], found[2].strip())
    if "\ufffd" in text and b"\xef\xbf\xbd" not in raw:
        content.repairs.append("bytes that are not UTF-8 were replaced")
    return content


def plain(text: str) -> str:
    """One line of plain text."""
    bare = "" if text.strip().lower() in {"null", "~"} else text
    return " ".join(_INVISIBLE.sub("", html.unescape(_TAGS.sub("", bare))).split())


def _parse(front: str, body: str) -> Content:
    repairs: list[str] = []
    try:
        fields, repeated = _load(front)
    except yaml.YAMLError:
        try:
            fields, repeated = _load(_LOOSE.sub(_quoted, front.replace("\t", "  ")))
        except yaml.YAMLError as error:
            raise Unreadable(f"the front matter is not YAML: {_place(error)}") from None
        repairs.append("the front matter was not YAML until unquoted texts were put in quotes")
    if not isinstance(fields, dict):
        raise Unreadable("the front matter has no fields")
    repairs += [f"“{key}” stands twice; its last value was kept" for key in repeated]
    return Content(fields, body, repairs)


def _load(front: str) -> tuple[Any, list[str]]:
    loader = _Loader(front)
    loader.repeated = []
    try:
        return loader.get_single_data(), loader.repeated
    except (RecursionError, ValueError, TypeError) as error:
        raise yaml.YAMLError(str(error)) from error
    finally:
        loader.dispose()


def _quoted(line: re.Match[str]) -> str:
    return f"{line[1]}: '" + line[2].strip().replace("'", "''") + "'"


def _place(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "it cannot be read"
    return f"{problem} (line {mark.line + 2})" if mark else str(problem)
