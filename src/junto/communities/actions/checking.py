"""Whether what communities name as resources still leads somewhere: asked from here, once a week, and told to managers.

None of this runs in a transaction but the last step, which writes down what was found.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from junto.audit.actions import record
from junto.communities import queries
from junto.communities.models import ResourceLink, Trouble
from junto.kit import outside
from junto.people.models import Person

AT_ONCE = 20
_SIDE_BY_SIDE = 8
_FEWEST_TO_DOUBT = 3
_MOST_COUNTED = 1_000
_GONE = frozenset({404, 410})
_BROKEN = 500


def ask_links(*, by: Person | None = None) -> int:
    """Ask the next links that were not asked this week, some side by side, and note what came of it; returns how many.

    Asks the network, for a minute or two at worst: call it outside of transactions.
    """
    links = _taken()
    with ThreadPoolExecutor(_SIDE_BY_SIDE) as crew:
        troubles = list(crew.map(_trouble_at, [one.url for one in links]))
    if not _is_cut_off(troubles):
        _note(links, troubles, by)
    return len(links)


@transaction.atomic
def _taken() -> list[ResourceLink]:
    """The next links, marked as asked before they are, so that no other worker asks them as well."""
    links = list(queries.links_to_ask().select_for_update(of=("self",))[:AT_ONCE])
    ResourceLink.objects.filter(pk__in=[one.pk for one in links]).update(asked_at=timezone.now())
    return links


def _is_cut_off(troubles: Sequence[str]) -> bool:
    """Whether the fault seems to be on this side: several were asked, and nobody answered at all."""
    return len(troubles) >= _FEWEST_TO_DOUBT and set(troubles) == {Trouble.SILENT}


def _trouble_at(url: str) -> str:
    """What is wrong with an address; nothing where somebody answers, even with a refusal, and for what must not be asked."""
    try:
        status = outside.status_of(url, user_agent=f"Junto, looking for dead links ({settings.SITE_URL})")
    except outside.NotOutside:
        return ""
    except outside.NoSuchHost:
        return Trouble.NOWHERE
    except outside.NoAnswer:
        return Trouble.SILENT
    if status in _GONE:
        return Trouble.GONE
    return Trouble.BROKEN if status >= _BROKEN else ""


@transaction.atomic
def _note(links: Sequence[ResourceLink], troubles: Sequence[str], by: Person | None) -> None:
    fresh = ResourceLink.objects.select_for_update().in_bulk([one.pk for one in links])
    for asked, trouble in zip(links, troubles, strict=True):
        link = fresh.get(asked.pk)
        if link is None or link.url != asked.url:
            continue
        before = link.leads_nowhere()
        link.trouble = trouble
        link.failures = min(link.failures + 1, _MOST_COUNTED) if trouble else 0
        link.save(update_fields=["trouble", "failures"])
        if link.leads_nowhere() != before:
            fact = "answers_again" if before else "leads_nowhere"
            record(f"communities.resource.{fact}", about=link, by=by, url=link.url, trouble=trouble)
