"""Communities: their texts, lists, topics and old addresses."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.text import slugify

from junto.audit.actions import record
from junto.communities import indexing
from junto.communities.models import Community, ListName, OldAddress, Topic
from junto.kit import markdown
from junto.kit.hugo.front_matter import Content, Unreadable
from junto.records.actions.digitalgov import _lists as lists
from junto.records.actions.digitalgov._fields import (
    author_agency,
    author_name,
    day_of,
    digest_of,
    is_past,
    is_plain_name,
    web_address,
)
from junto.records.actions.digitalgov._lists import MailingList
from junto.records.actions.digitalgov._run import Run, Step
from junto.records.actions.digitalgov._topics import known_topics, topics_of

GUIDELINES = "community-guidelines"


class Communities:
    """The communities of one run. Those that live come before those that have expired: a shared list goes to the living."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.guidelines_page: Content | None = None

    def plan(self) -> Iterator[tuple[Path, Step]]:
        """The files in their order, each with the address that it keeps."""
        ranked = []
        for path in sorted(self.run.site.content.glob("communities/*.md")):
            try:
                content = self.run.site.read(path)
                self._settle(path, content)
                ranked.append((is_past(day_of(content, "expirydate")), path))
            except Unreadable:
                ranked.append((True, path))
        self.run.site.moves(None, "/communities/", once_at=["communities"])
        yield from ((path, self._community) for _, path in sorted(ranked))

    @cached_property
    def guidelines(self) -> str:
        return self.run.site.markdown(self.guidelines_page) if self.guidelines_page else ""

    @cached_property
    def topics(self) -> dict[str, Topic]:
        return known_topics()

    def _settle(self, path: Path, content: Content) -> None:
        slug = _slug(content, path)
        if slug == GUIDELINES:
            self.guidelines_page = content
        elif path.name != "_index.md":
            self.run.site.moves(
                path, f"/communities/{slug}/", once_at=[f"communities/{slug}", *content.texts("aliases")]
            )

    def _community(self, path: Path, content: Content, where: str) -> None:
        if path.name == "_index.md":
            return self.run.skip(where, "this is the directory’s own page; its old addresses lead nowhere in Junto")
        if _slug(content, path) == GUIDELINES:
            return self.run.skip(where, "this page is no community; its text became the guidelines of those taken here")
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
            return self.run.skip(f"{where} ({mailing_list.terms or 'second list'})", "its second list has no name")
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
        expires, founded = day_of(content, "expirydate", repairs), day_of(content, "date", repairs)
        weight = _weight(content, repairs)
        return {
            "slug": _slug(content, path, repairs),
            "name": _name(content, path),
            "summary": content.text("summary") or content.text("deck"),
            "description": self.run.site.markdown(content, repairs) + self._managers(content, repairs),
            "guidelines": self.guidelines,
            "terms": mailing_list.terms if mailing_list else "",
            "contact": mailing_list.contact if mailing_list else "",
            "policy": str(mailing_list.policy) if mailing_list else str(lists.policy_of("", "")),
            "weight": weight,
            "is_hidden": weight == 0,
            "redirect_to": web_address(content, "redirectto", repairs),
            "founded_date": founded,
            "retired_at": datetime.combine(expires, time.min, UTC) if expires and is_past(expires) else None,
            "list_name": mailing_list.name if mailing_list else "",
            "aliases": content.texts("aliases"),
        }

    def _write(self, fields: dict[str, Any], content: Content, where: str, repairs: list[str]) -> Community:
        topics = topics_of(content, repairs, self.topics)
        digest = _digest(fields, topics)
        known = Community.objects.filter(imported_from__startswith=f"digitalgov:{where}#").first()
        if known and not self._may_change(known, digest, where):
            self.run.count(False, [], where)
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
        record("communities.community.imported", about=community, by=self.run.by, where=where)
        transaction.on_commit(partial(indexing.reindex, community.pk))
        self.run.count(True, repairs, where)
        return community

    def _may_change(self, known: Community, digest: str, where: str) -> bool:
        """True for a file that changed while its community did not change here."""
        stored = known.imported_from.rpartition("#")[2]
        if stored == digest:
            return False
        if _digest({name: getattr(known, name) for name in _KEPT}, known.topics.all()) != stored:
            self.run.report.note(where, "it changed at its source, and here as well", "left as it is here")
            return False
        return True

    def _managers(self, content: Content, repairs: list[str]) -> str:
        names = [name for name in (self._author(key, repairs) for key in content.texts("authors")) if name]
        if not names or "community manager" in content.body.lower():
            return ""
        return "\n\n## Community managers\n\n" + "\n".join(f"- {name}" for name in names)

    def _author(self, key: str, repairs: list[str]) -> str:
        folder = self.run.site.content / "authors"
        if not is_plain_name(key) or "/" in key:
            return ""
        for spelling in dict.fromkeys((key, key.lower())):
            path = folder / spelling / "_index.md"
            if path.is_file():
                if spelling != key:
                    repairs.append(f"the author “{key}” was read as “{spelling}”")
                return self._signature(path)
        repairs.append(f"there is no author “{key}”; the name was left out")
        return ""

    def _signature(self, path: Path) -> str:
        try:
            author = self.run.site.read(path)
        except Unreadable:
            return ""
        name, agency = author_name(author), author_agency(author)
        return f"{name}, {agency}" if name and agency else name


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
    return digest_of(json.dumps(told, sort_keys=True))


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
