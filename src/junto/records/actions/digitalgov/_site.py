"""The site as its files tell it: where each page stood, and where in Junto it will stand."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

from junto.kit.hugo import front_matter, shortcodes
from junto.kit.hugo.front_matter import Content, Unreadable

_MENDED = (
    (re.compile(r"(\]\(\s*<?|\bhref=[\"'])//"), r"\1https://"),
    (re.compile(r"\]\(\((https?://[^()\s]+)\)"), r"](\1"),
)
_TO_A_FILE = re.compile(r"(\]\(\s*<?|\bhref=[\"'])(?:\./)?([\w-][\w/-]*\.md)(#[\w-]*)?(?=[\s)>\"'])")
_FRAME = re.compile(r"<iframe\b[^>]*?\bsrc=[\"']([^\"'<>]+)[\"'][^>]*>(?:\s*</iframe>)?", re.IGNORECASE)


class Site:
    """A checkout's `content` folder. What is going to be taken is settled by `moves` before any text is converted."""

    def __init__(self, content: Path) -> None:
        self.content = content
        self._read: dict[Path, Content | Unreadable] = {}
        self._homes: dict[str, str] = {}
        self._in_junto: set[str] = set()
        self._homes_of_files: dict[Path, str] = {}
        self._named: dict[str, list[Path]] = defaultdict(list)
        for path in sorted(content.rglob("*.md")):
            self._named[path.name].append(path)

    def where(self, path: Path) -> str:
        """How a report names a file."""
        return path.relative_to(self.content).as_posix()

    def read(self, path: Path) -> Content:
        """The content of a file, which is read once. Raises Unreadable."""
        if path not in self._read:
            try:
                self._read[path] = front_matter.read(path)
            except Unreadable as error:
                self._read[path] = error
            except OSError as error:
                self._read[path] = Unreadable(f"the file cannot be read: {error.strerror}")
        found = self._read[path]
        if isinstance(found, Unreadable):
            raise found
        return found

    def moves(self, path: Path | None, home: str, *, once_at: list[str]) -> None:
        """Links to this file, and to what once stood at these paths, shall lead to `home` in Junto."""
        self._in_junto.add(home)
        if path is not None:
            self._homes_of_files[path] = home
        for former in once_at:
            self._homes.setdefault(_bare(former), home)

    def markdown(self, content: Content, repairs: list[str] | None = None) -> str:
        """The body as Markdown. Links lead to Junto where their target was taken, and to Digital.gov otherwise."""
        text = _FRAME.sub(r"[Embedded: \1](<\1>)", content.body)
        for wrong, right in _MENDED:
            text = wrong.sub(right, text)
        converted = shortcodes.convert(text, address_of=self._address_of, home_of=self.home_of)
        if repairs is not None:
            repairs += [f"the shortcode “{name}” is unknown; what it encloses was kept" for name in converted.unknown]
        return _TO_A_FILE.sub(lambda link: f"{link[1]}{self._address_of(link[2] + (link[3] or ''))}", converted.text)

    def home_of(self, path: str) -> str:
        """Where in Junto a path of the site leads; empty where it stays on Digital.gov."""
        bare, hash_, anchor = path.partition("#")
        if bare in self._in_junto:
            return path
        home = self._homes.get(_bare(bare.partition("?")[0]), "")
        return f"{home}{hash_}{anchor}" if home else ""

    def _address_of(self, reference: str) -> str:
        """Where a page that Hugo's `ref` names is: by its file, or by its path."""
        path, hash_, anchor = reference.partition("#")
        bare = path.strip("/").removesuffix("_index.md")
        if not bare.endswith(".md"):
            return self.home_of(reference) or f"{shortcodes.SITE}/{bare.strip('/')}/{hash_}{anchor}"
        file = self._file_of(bare)
        if file is None:
            return f"{shortcodes.SITE}/{bare.removesuffix('.md')}/{hash_}{anchor}"
        home = self._homes_of_files.get(file) or f"{shortcodes.SITE}/{old_path(file.relative_to(self.content))}"
        return f"{home}{hash_}{anchor}"

    def _file_of(self, bare: str) -> Path | None:
        """The file of this name, the one in the folder that the reference names first."""
        found = self._named.get(bare.rpartition("/")[2], [])
        return next((path for path in found if path.as_posix().endswith(f"/{bare}")), found[0] if found else None)


def old_path(path: Path) -> str:
    """Where a content file stood on Digital.gov, by its name (the permalinks of its config.yml)."""
    dated = re.match(r"(\d{4})-(\d{2})-(\d{2})-(.+)", path.stem)
    kind = path.parts[0]
    if dated and kind in ("news", "events"):
        return ("event/" if kind == "events" else "") + "/".join(dated.groups()) + "/"
    return path.with_suffix("").as_posix().removesuffix("/_index") + "/"


def _bare(path: str) -> str:
    return path.strip().strip("/").lower()
