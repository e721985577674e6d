"""Takes in the content of Digital.gov: topics and communities from a checkout of its repository.

Each file is its own transaction, so that one bad file spoils nothing else. What was taken is remembered by a digest in
`imported_from`: a file that did not change is left alone, and so is a community that its managers changed since.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.text import slugify

from junto.audit.actions import record
from junto.communities import indexing
from junto.communities.models import Community, ListName, OldAddress, Topic
from junto.kit import markdown
from junto.kit.hugo import front_matter, shortcodes
from junto.kit.hugo.front_matter import Content, Unreadable
from junto.kit.reports import Report
from junto.kit.rulings import require
from junto.people.models import Person
from junto.records import rules
from junto.records.actions import _lists as lists
from junto.records.actions._lists import MailingList

GUIDELINES = "community-guidelines"
Progress = Callable[[int, int], None]


class NoContent(ValueError):
    """The folder holds no content of Digital.gov; the message says what was looked for."""


def take(folder: Path, *, by: Person | None = None, progress: Progress | None = None) -> Report:
    """Take in topics and communities. `folder` is the checkout or its `content` folder.

    `progress` hears how many of how many files are done. Raises NoContent and Refused.
    """
    require(rules.may_import(by))
    content = folder if (folder / "communities").is_dir() else folder / "content"
    if not (content / "communities").is_dir():
        raise NoContent(
            f"{folder} holds no content of Digital.gov: there is no folder “communities” or “content/communities” in it."
        )
    taking = _Taking(content, by)
    taking.run(progress)
    report = taking.report
    record("records.digitalgov.imported", by=by, read=report.read, taken=report.taken, skipped=report.skipped)
    return report


class _Taking:
    """One run: the folder, what has been read so far, and the report that grows."""

    def __init__(self, content: Path, by: Person | None) -> None:
        self.content, self.by, self.report = content, by, Report()
        self.guidelines = ""
        self.slugs: dict[str, str] = {}

    def run(self, progress: Progress | None) -> None:
        topics = sorted(self.content.glob("topics/*/_index.md"))
        steps = [(path, self._topic) for path in topics] + [(path, self._community) for path in self._in_order()]
        for done, (path, step) in enumerate(steps, start=1):
            self._guard(path, step)
            if progress:
                progress(done, len(steps))

    def _in_order(self) -> list[Path]:
        """Community files: those that live before those that have expired, so that a shared list goes to the living."""
        ranked = []
        for path in sorted(self.content.glob("communities/*.md")):
            try:
                content = front_matter.read(path)
                self.slugs[path.name] = slug = _slug(content, path)
                if slug == GUIDELINES:
                    self.guidelines = self._markdown(content)
                ranked.append((_is_past(_day(content, "expirydate")), path))
            except (Unreadable, OSError):
                ranked.append((True, path))
        return [path for _, path in sorted(ranked)]

    def _guard(self, path: Path, step: Callable[[Path, Content, str], None]) -> None:
        where = path.relative_to(self.content).as_posix()
        try:
            with transaction.atomic():
                step(path, front_matter.read(path), where)
        except Unreadable as error:
            self._skip(where, str(error))
        except Exception as error:  # one file, whatever it holds, must not stop the others
            self._skip(where, f"{type(error).__name__}: {str(error)[:200]}")

    def _skip(self, where: str, what: str) -> None:
        self.report.read += 1
        self.report.skipped += 1
        self.report.note(where, what, "the file was skipped")

    def _topic(self, path: Path, content: Content, where: str) -> None:
        slug = slugify(content.text("slug")) or slugify(path.parent.name)
        summary = content.text("summary") or content.text("deck")
        title = content.text("title") or slug.replace("-", " ").capitalize()
        _, is_new = Topic.objects.get_or_create(slug=slug[:100], defaults={"title": title[:200], "summary": summary})
        self._count(is_new, content.repairs, where)

    def _count(self, is_new: bool, repairs: list[str], where: str) -> None:
        self.report.read += 1
        self.report.taken += is_new
        self.report.already_there += not is_new
        self.report.repaired += bool(repairs)
        for repair in repairs:
            self.report.note(where, repair, "taken with that mended")

    def _community(self, path: Path, content: Content, where: str) -> None:
        if path.name == "_index.md":
            return self._skip(where, "this is the directory’s own page; its old addresses lead nowhere in Junto")
        if _slug(content, path) == GUIDELINES:
            return self._skip(where, "this page is no community; its text became the guidelines of those taken here")
        found = lists.lists_of(content)
        repairs = [*content.repairs, *self._remarks(content, found)]
        first = self._write(self._fields(path, content, found[0] if found else None, repairs), content, where, repairs)
        for other in found[1:]:
            self._part(path, content, other, first, where)
        return None

    def _remarks(self, content: Content, found: list[MailingList]) -> list[str]:
        platforms = [
            f"“{platform}” is no mailing list; only the page was taken" for platform in lists.other_platforms(content)
        ]
        return platforms + [problem for mailing_list in found[:1] for problem in mailing_list.problems]

    def _part(self, path: Path, content: Content, mailing_list: MailingList, whole: Community, where: str) -> None:
        if not mailing_list.name:
            return self._skip(f"{where} ({mailing_list.terms or 'second list'})", "its second list has no name")
        place = f"{where}?list={mailing_list.name}"
        repairs = [*mailing_list.problems, f"a second list, {mailing_list.name}, became a community of its own"]
        fields = self._fields(path, content, mailing_list, [])
        slug = f"{whole.slug[: 99 - len(mailing_list.name)]}-{slugify(mailing_list.name)}"
        name = f"{whole.name[: 190 - len(mailing_list.name)]} ({mailing_list.name.upper()})"
        self._write(fields | {"slug": slug, "name": name, "part_of": whole, "aliases": []}, content, place, repairs)
        return None

    def _fields(
        self, path: Path, content: Content, mailing_list: MailingList | None, repairs: list[str]
    ) -> dict[str, Any]:
        expires, founded = _day(content, "expirydate", repairs), _day(content, "date", repairs)
        weight = _weight(content, repairs)
        return {
            "slug": _slug(content, path, repairs),
            "name": _name(content, path),
            "summary": content.text("summary") or content.text("deck"),
            "description": self._markdown(content, repairs) + self._managers(content, repairs),
            "guidelines": self.guidelines,
            "terms": mailing_list.terms if mailing_list else "",
            "contact": mailing_list.contact if mailing_list else "",
            "policy": str(mailing_list.policy) if mailing_list else str(lists.policy_of("", "")),
            "weight": weight,
            "is_hidden": weight == 0,
            "redirect_to": _redirect(content, repairs),
            "founded_date": founded,
            "retired_at": datetime.combine(expires, time.min, UTC) if expires and _is_past(expires) else None,
            "list_name": mailing_list.name if mailing_list else "",
            "aliases": content.texts("aliases"),
        }

    def _write(self, fields: dict[str, Any], content: Content, where: str, repairs: list[str]) -> Community:
        topics = self._topics(content, repairs)
        digest = _digest(fields, topics)
        known = Community.objects.filter(imported_from__startswith=f"digitalgov:{where}#").first()
        if known and not self._may_change(known, digest, where):
            self._count(False, [], where)
            return known
        community = known or _new(fields, repairs)
        for name in _KEPT:
            setattr(community, name, fields[name])
        community.description_html = markdown.render(community.description)
        community.imported_from = f"digitalgov:{where}#{digest}"
        community.save()
        community.topics.set(topics)
        for path in fields["aliases"]:
            _old_address(community, path, repairs)
        record("communities.community.imported", about=community, by=self.by, where=where)
        transaction.on_commit(partial(indexing.reindex, community.pk))
        self._count(True, repairs, where)
        return community

    def _may_change(self, known: Community, digest: str, where: str) -> bool:
        """True for a file that changed while its community did not change here."""
        stored = known.imported_from.rpartition("#")[2]
        if stored == digest:
            return False
        if _digest({name: getattr(known, name) for name in _KEPT}, known.topics.all()) != stored:
            self.report.note(where, "it changed at its source, and here as well", "left as it is here")
            return False
        return True

    def _topics(self, content: Content, repairs: list[str]) -> list[Topic]:
        found = []
        for name in content.texts("topics"):
            topic = Topic.objects.filter(slug=name).first()
            if topic is None and (topic := Topic.objects.filter(slug=slugify(name)).first()):
                repairs.append(f"the topic “{name}” was read as “{topic.slug}”")
            if topic is None:
                repairs.append(f"there is no topic “{name}”; it was left out")
            else:
                found.append(topic)
        return found

    def _markdown(self, content: Content, repairs: list[str] | None = None) -> str:
        converted = shortcodes.convert(content.body, address_of=self._address_of, is_here=self._is_here)
        if repairs is not None:
            repairs += [f"the shortcode “{name}” is unknown; what it encloses was kept" for name in converted.unknown]
        return converted.text

    def _is_here(self, path: str) -> bool:
        parts = path.partition("#")[0].strip("/").split("/")
        return len(parts) == 2 and parts[0] == "communities" and parts[1] in self.slugs.values()

    def _address_of(self, reference: str) -> str:
        """Where a page of the content is: in Junto for communities, on Digital.gov for all others."""
        path, hash_, anchor = reference.partition("#")
        name = path.rpartition("/")[2]
        if name in self.slugs and self.slugs[name] != GUIDELINES:
            return f"/communities/{self.slugs[name]}/{hash_}{anchor}"
        return f"{shortcodes.SITE}/{self._path_of(path)}{hash_}{anchor}"

    def _path_of(self, path: str) -> str:
        bare = path.strip("/").removesuffix("_index.md")
        if not bare.endswith(".md"):
            return f"{bare.strip('/')}/"
        found = next(iter(sorted(self.content.rglob(bare.rpartition("/")[2]))), None) if _is_plain_name(bare) else None
        if found is None:
            return f"{bare.removesuffix('.md')}/"
        return _old_path(found.relative_to(self.content))

    def _managers(self, content: Content, repairs: list[str]) -> str:
        names = [name for name in (self._author(key, repairs) for key in content.texts("authors")) if name]
        if not names or "community manager" in content.body.lower():
            return ""
        return "\n\n## Community managers\n\n" + "\n".join(f"- {name}" for name in names)

    def _author(self, key: str, repairs: list[str]) -> str:
        folder = self.content / "authors"
        if not _is_plain_name(key) or "/" in key:
            return ""
        for spelling in dict.fromkeys((key, key.lower())):
            path = folder / spelling / "_index.md"
            if path.is_file():
                if spelling != key:
                    repairs.append(f"the author “{key}” was read as “{spelling}”")
                return _signature(path)
        repairs.append(f"there is no author “{key}”; the name was left out")
        return ""


_KEPT = (
    "name", "summary", "description", "guidelines", "terms", "contact", "policy", "weight", "is_hidden", "redirect_to",
    "founded_date", "retired_at",
)  # fmt: skip


def _new(fields: dict[str, Any], repairs: list[str]) -> Community:
    """A community with the names that never change afterwards; each is free."""
    slug = _free_slug(fields["slug"], repairs)
    list_name = _free_list_name(fields["list_name"], slug, repairs)
    return Community(
        slug=slug, list_name=list_name, list_id=f"{list_name}.{settings.LIST_DOMAIN}", part_of=fields.get("part_of")
    )


def _digest(fields: dict[str, Any], topics: Iterable[Topic]) -> str:
    told = {name: str(fields[name] or "") for name in _KEPT}
    told["topics"] = " ".join(sorted({topic.slug for topic in topics}))
    return sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:20]


def _free_slug(slug: str, repairs: list[str]) -> str:
    free, number = slug, 1
    while Community.objects.filter(slug=free).exists():
        number += 1
        free = f"{slug[:95]}-{number}"
    if free != slug:
        repairs.append(f"the slug “{slug}” is taken; it became “{free}”")
    return free


def _free_list_name(name: str, slug: str, repairs: list[str]) -> str:
    if name and _is_list_free(name):
        return name
    if name:
        repairs.append(f"the list {name} belongs to another community; this one is reached by its slug")
    stem, number = slug[:60].strip("-"), 1
    free = stem if stem not in lists.RESERVED else f"{stem}-list"
    while not _is_list_free(free):
        number += 1
        free = f"{stem}-{number}"
    return free


def _is_list_free(name: str) -> bool:
    list_id = f"{name}.{settings.LIST_DOMAIN}"
    return not (
        Community.objects.filter(Q(list_name__iexact=name) | Q(list_id__iexact=list_id)).exists()
        or ListName.objects.filter(name__iexact=name).exists()
    )


def _old_address(community: Community, path: str, repairs: list[str]) -> None:
    bare = path.strip().strip("/")
    if not bare or len(bare) > 290 or bare == f"communities/{community.slug}":
        return
    old, _ = OldAddress.objects.get_or_create(path=f"/{bare}/", defaults={"community": community})
    if old.community_id != community.pk:
        repairs.append(f"the old address /{bare}/ already leads to “{old.community}”; it was left there")


def _slug(content: Content, path: Path, repairs: list[str] | None = None) -> str:
    """The slug, or the name of the file where the slug is empty, a number, or no slug at all."""
    given, named = content.text("slug"), slugify(path.stem)[:100] or "community"
    slug = slugify(given)[:100]
    if slug and not slug.isdigit():
        return slug
    if given and repairs is not None:
        repairs.append(f"the slug “{given}” cannot be used; the name of the file was")
    return named


def _name(content: Content, path: Path) -> str:
    """The title; where that is an invitation ("Join the Multilingual"), the short name."""
    title, short = content.text("title"), content.text("dg_shortname")
    name = short if short and title.lower().startswith("join ") else title
    return (name or short or path.stem.replace("-", " ").capitalize())[:200]


def _weight(content: Content, repairs: list[str]) -> int:
    text = content.text("weight") or "1"
    if text.isascii() and text.isdigit() and len(text) < 4:
        return int(text)
    repairs.append(f"weight “{text[:20]}” is not a small number; 1 was taken")
    return 1


def _redirect(content: Content, repairs: list[str]) -> str:
    address = content.text("redirectto")
    if address.startswith("/"):
        address = shortcodes.SITE + address
    if address and (not address.startswith(("https://", "http://")) or len(address) > 500):
        repairs.append(f"redirectto “{address[:60]}” is no web address; it was left out")
        return ""
    return address


def _day(content: Content, name: str, repairs: list[str] | None = None) -> date | None:
    try:
        return content.day(name)
    except ValueError as error:
        if repairs is not None:
            repairs.append(f"{error}; it was left out")
        return None


def _is_past(day: date | None) -> bool:
    return day is not None and day <= timezone.localdate()


def _is_plain_name(text: str) -> bool:
    return bool(text) and ".." not in text and not any(character in text for character in "*?[]\\\0")


def _signature(path: Path) -> str:
    try:
        author = front_matter.read(path)
    except (Unreadable, OSError):
        return ""
    name = author.text("display_name") or f"{author.text('first_name')} {author.text('last_name')}".strip()
    agency = author.text("agency_full_name")
    return f"{name}, {agency}" if name and agency else name


def _old_path(path: Path) -> str:
    """Where a content file stood on Digital.gov (the permalinks of its config.yml)."""
    dated = re.match(r"(\d{4})-(\d{2})-(\d{2})-(.+)", path.stem)
    kind = path.parts[0]
    if dated and kind in ("news", "events"):
        return ("event/" if kind == "events" else "") + "/".join(dated.groups()) + "/"
    return path.with_suffix("").as_posix().removesuffix("/_index") + "/"
