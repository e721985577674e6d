"""The log of conduct cases, for managers and moderators."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext

from junto.communities import rules
from junto.communities.models import Community, ConductCase, Membership, Step
from junto.communities.queries.directory import PER_PAGE

STEP_LABELS = tuple((step.value, step.label) for step in Step)


def conduct_log(community: Community, *, before: int = 0) -> dict[str, Any]:
    """Cases of a community, the latest first; `older` is the key before which the next page begins, or 0."""
    found = ConductCase.objects.filter(community=community).select_related("person__agency", "by", "lifted_by")
    rows = list((found.filter(pk__lt=before) if before else found).order_by("-pk")[: PER_PAGE + 1])
    numbers = dict(
        Membership.objects.filter(community=community, person__in=[case.person_id for case in rows]).values_list(
            "person", "pk"
        )
    )
    return {
        "cases": [(case, numbers.get(case.person_id)) for case in rows[:PER_PAGE]],
        "older": f"?before={rows[PER_PAGE - 1].pk}" if len(rows) > PER_PAGE else "",
    }


def cases_of(membership: Membership) -> list[ConductCase]:
    """The log of one member, the latest first."""
    found = ConductCase.objects.filter(community=membership.community_id, person=membership.person_id)
    return list(found.select_related("by", "lifted_by").order_by("-at", "-pk"))


def find_case(community: Community, pk: int) -> ConductCase:
    """Raises Http404."""
    case = ConductCase.objects.filter(community=community, pk=pk).select_related("person").first()
    if case is None:
        raise Http404(gettext("There is no such case."))
    case.community = community
    return case


def proposal_for(membership: Membership, step: str = "") -> tuple[str, str]:
    """The next step, or the one that was chosen, with its standard words."""
    chosen = step if step in rules.STANDARD_WORDS else rules.next_step(cases_of(membership))
    words = gettext(rules.STANDARD_WORDS[chosen]).replace("{community}", membership.community.name)
    return str(chosen), words
