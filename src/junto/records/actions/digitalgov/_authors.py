"""Authors: a folder each, with a name and an agency."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.utils.functional import cached_property
from django.utils.text import slugify

from junto.kit.hugo.front_matter import Content, Unreadable
from junto.library import actions as library
from junto.library.models import Author
from junto.records.actions.digitalgov._fields import author_agency, author_name, digest_of
from junto.records.actions.digitalgov._run import Run, Step


class Authors:
    def __init__(self, run: Run) -> None:
        self.run = run

    def plan(self) -> Iterator[tuple[Path, Step]]:
        """The files of authors; each gets its address in the library."""
        for path in sorted(self.run.site.content.glob("authors/*/_index.md")):
            try:
                content = self.run.site.read(path)
                old = [f"authors/{path.parent.name}", *content.texts("aliases")]
                self.run.site.moves(path, f"/library/authors/{_slug(path)}/", once_at=old)
            except Unreadable:
                pass
            yield path, self._take

    @cached_property
    def known(self) -> dict[str, str]:
        """What was taken before: digests by the slugs of authors."""
        return {slug: told.rpartition("#")[2] for slug, told in Author.objects.values_list("slug", "imported_from")}

    def _take(self, path: Path, content: Content, where: str) -> None:
        slug, repairs = _slug(path), list(content.repairs)
        name = author_name(content)[:200]
        if not name:
            name = slug.replace("-", " ").title()
            repairs.append(f"the author has no name; “{name}” was taken from the folder")
        told = {"name": name, "agency": author_agency(content)[:250], "bio": " ".join(content.body.split())[:2000]}
        digest = digest_of(repr(sorted(told.items())))
        is_new = self.known.get(slug) != digest
        if is_new:
            library.write_author(slug=slug, imported_from=f"digitalgov:{where}#{digest}", by=self.run.by, **told)
        self.run.count(is_new, repairs if is_new else [], where)


class Names:
    """Finds the authors that content files name: by the folder, in the right or in another case."""

    @cached_property
    def known(self) -> dict[str, Author]:
        return {author.slug: author for author in Author.objects.all()}

    @cached_property
    def by_name(self) -> dict[str, Author]:
        """Authors by their names in lower case, for files that write the name itself."""
        return {author.name.lower(): author for author in self.known.values()}

    def of(self, content: Content, repairs: list[str]) -> list[Author]:
        """The authors of a file in their order; those that nobody knows are told and left out."""
        found: dict[int, Author] = {}
        for key in content.texts("authors") or content.texts("author"):
            author = self.known.get(key) or self.known.get(slugify(key)) or self.by_name.get(key.lower())
            if author is None:
                repairs.append(f"there is no author “{key}”; the name was left out")
                continue
            if author.slug != key:
                repairs.append(f"the author “{key}” was read as “{author.slug}”")
            found[author.pk] = author
        return list(found.values())


def _slug(path: Path) -> str:
    return slugify(path.parent.name)[:100] or "author"
