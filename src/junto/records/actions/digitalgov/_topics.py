"""Topics, and finding them by the names that content files use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.utils.text import slugify

from junto.communities.models import Topic
from junto.kit.hugo.front_matter import Content, Unreadable
from junto.records.actions.digitalgov._run import Run, Step


class Topics:
    def __init__(self, run: Run) -> None:
        self.run = run

    def plan(self) -> Iterator[tuple[Path, Step]]:
        """The files of topics. Links to a topic lead to the library’s pieces on it."""
        for path in sorted(self.run.site.content.glob("topics/*/_index.md")):
            try:
                content = self.run.site.read(path)
                slug = _slug(path, content)
                old = [f"topics/{path.parent.name}", f"topics/{slug}", *content.texts("aliases")]
                self.run.site.moves(path, f"/library/?topic={slug}", once_at=old)
            except Unreadable:
                pass
            yield path, self._take

    def _take(self, path: Path, content: Content, where: str) -> None:
        slug = _slug(path, content)
        summary = content.text("summary") or content.text("deck")
        title = content.text("title") or slug.replace("-", " ").capitalize()
        _, is_new = Topic.objects.get_or_create(slug=slug, defaults={"title": title[:200], "summary": summary})
        self.run.count(is_new, content.repairs, where)


def topics_of(content: Content, repairs: list[str], known: dict[str, Topic]) -> list[Topic]:
    """The topics that a file names, each once; those that nobody knows are told and left out."""
    found: dict[int, Topic] = {}
    for name in content.texts("topics"):
        topic = known.get(name)
        if topic is None and (topic := known.get(slugify(name))):
            repairs.append(f"the topic “{name}” was read as “{topic.slug}”")
        if topic is None:
            repairs.append(f"there is no topic “{name}”; it was left out")
        else:
            found[topic.pk] = topic
    return list(found.values())


def known_topics() -> dict[str, Topic]:
    """All topics by their slugs."""
    return {topic.slug: topic for topic in Topic.objects.all()}


def _slug(path: Path, content: Content) -> str:
    return (slugify(content.text("slug")) or slugify(path.parent.name))[:100]
