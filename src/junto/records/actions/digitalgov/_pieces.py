"""News and resources, which become pieces of the library."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from django.utils.functional import cached_property
from django.utils.text import slugify

from junto.communities.models import Topic
from junto.kit.hugo import shortcodes
from junto.kit.hugo.front_matter import Content, Unreadable
from junto.library import actions as library
from junto.library.actions import Draft
from junto.library.models import Piece, PieceKind
from junto.records.actions.digitalgov._authors import Names
from junto.records.actions.digitalgov._fields import day_of, digest_of, web_address
from junto.records.actions.digitalgov._run import Run, Step
from junto.records.actions.digitalgov._site import old_path
from junto.records.actions.digitalgov._topics import known_topics, topics_of

KINDS = {"news": PieceKind.NEWS, "resources": PieceKind.RESOURCE}
RESERVED = frozenset({"authors"})
_DATED = re.compile(r"^\d{4}-\d{2}-\d{2}-")


class Pieces:
    """The news and resources of one run. Slugs are settled before anything is taken, because texts link to each other."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.slugs: dict[Path, str] = {}
        self.names = Names()

    def plan(self) -> Iterator[tuple[Path, Step]]:
        """The files, each with the addresses that it had and the one that it gets."""
        site = self.run.site
        files = sorted(path for folder in KINDS for path in site.content.glob(f"{folder}/**/*.md"))
        readable = [(path, content) for path in files if path.name != "_index.md" and (content := self._read(path))]
        taken = set(Piece.objects.values_list("slug", flat=True)) | RESERVED
        for path, content in readable:
            self.slugs[path] = self._slug(path, content, taken)
            taken.add(self.slugs[path])
            site.moves(path, f"/library/{self.slugs[path]}/", once_at=_permalinks(site.where(path), path, content))
        for path, content in readable:
            site.moves(None, f"/library/{self.slugs[path]}/", once_at=content.texts("aliases"))
        for folder, kind in KINDS.items():
            site.moves(None, f"/library/?kind={kind.value}", once_at=[folder])
        yield from ((path, self._take) for path in files)

    @cached_property
    def known(self) -> dict[str, tuple[str, str]]:
        """What was taken before: slug and digest by the name of the file."""
        rows = Piece.objects.filter(imported_from__startswith="digitalgov:").values_list("imported_from", "slug")
        parted = ((told.removeprefix("digitalgov:").rpartition("#"), slug) for told, slug in rows)
        return {where: (slug, digest) for (where, _, digest), slug in parted}

    @cached_property
    def topics(self) -> dict[str, Topic]:
        return known_topics()

    @cached_property
    def publishers(self) -> dict[str, str]:
        """Names of those whose texts Digital.gov republished, by their keys."""
        found = {}
        for path in self.run.site.content.glob("sources/source_*.md"):
            content = self._read(path)
            if content and content.text("name"):
                found[path.stem.removeprefix("source_")] = content.text("name")[:200]
        return found

    def _read(self, path: Path) -> Content | None:
        try:
            return self.run.site.read(path)
        except Unreadable:
            return None

    def _slug(self, path: Path, content: Content, taken: set[str]) -> str:
        known = self.known.get(self.run.site.where(path))
        if known:
            return known[0]
        named = slugify(_DATED.sub("", path.stem))[:190] or "piece"
        given = slugify(content.text("slug").rpartition("/")[2])[:190]
        slug = stem = named if not given or given.isdigit() else given
        day = day_of(content, "date")
        number = day.year if day else 2
        while slug in taken:
            slug, number = f"{stem}-{number}", number + 1
        return slug

    def _take(self, path: Path, content: Content, where: str) -> None:
        if path.name == "_index.md":
            return self.run.skip(where, "this is the list’s own page; Junto makes its lists itself")
        repairs = list(content.repairs)
        draft = self._draft(path, content, where, repairs)
        digest = digest_of(repr(draft))
        is_new = self.known.get(where, ("", ""))[1] != digest
        if is_new:
            named = replace(draft, imported_from=f"digitalgov:{where}#{digest}")
            library.publish(slug=self.slugs[path], draft=named, by=self.run.by)
        return self.run.count(is_new, repairs if is_new else [], where)

    def _draft(self, path: Path, content: Content, where: str, repairs: list[str]) -> Draft:
        permalinks = _permalinks(where, path, content)
        published = day_of(content, "date", repairs)
        if published is None:
            repairs.append("it has no date; it stands behind all others")
        is_public = content.text("draft").lower() != "true" and content.text("weight") != "0"
        if not is_public:
            repairs.append("it is a draft or hidden; only whoever runs the site sees it")
        source = content.text("source")
        return Draft(
            kind=KINDS[where.partition("/")[0]],
            title=(content.text("title") or path.stem.replace("-", " ").capitalize())[:300],
            summary=content.text("summary") or content.text("deck"),
            body=self.run.site.markdown(content, repairs),
            source_name=self.publishers.get(source, "Digital.gov" if not source else source[:200]),
            source_url=web_address(content, "source_url", repairs) or f"{shortcodes.SITE}/{permalinks[0]}/"[:500],
            moved_to=web_address(content, "redirectto", repairs),
            published_date=published,
            expired_date=day_of(content, "expirydate", repairs),
            is_public=is_public,
            topics=topics_of(content, repairs, self.topics),
            authors=self.names.of(content, repairs),
            former_addresses=_former([*permalinks, *content.texts("aliases")]),
        )


def _permalinks(where: str, path: Path, content: Content) -> list[str]:
    """Where the file stood on Digital.gov: by its fields first, as Hugo has it, and by its name."""
    by_name = old_path(Path(where)).strip("/")
    slug, folder = content.text("slug").strip("/"), where.partition("/")[0]
    if content.text("url").startswith("/"):
        return [content.text("url").strip("/"), by_name]
    if not slug:
        return [by_name]
    day = day_of(content, "date")
    if folder == "news":
        return list(dict.fromkeys([f"{day:%Y/%m/%d}/{slug}", by_name])) if day else [by_name]
    return list(dict.fromkeys([f"{folder}/{slug}", by_name]))


def _former(paths: list[str]) -> list[str]:
    bare = (path.strip().strip("/") for path in paths)
    return list(dict.fromkeys(f"/{path}/" for path in bare if path and len(path) < 290))
