"""The register of exceptions: what managers say beyond the register of .gov domains."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from junto.audit.actions import record
from junto.kit.rulings import no, require
from junto.people import rules
from junto.people.actions.persons import rejudge
from junto.people.models import Agency, DomainRule, Person
from junto.people.rules.exceptions import tidy_pattern


@transaction.atomic
def set_rule(
    *,
    pattern: str,
    verdict: str,
    note: str,
    agency: Agency | None = None,
    level: str = "",
    state: str = "",
    rule: DomainRule | None = None,
    by: Person,
) -> DomainRule:
    """Write an exception or a block, or change `rule`, or the one that has this pattern already.

    `pattern` is a domain, which covers what stands under it, or a whole address. Addresses that it touches are judged
    anew. Raises Refused, or BadAddress for a pattern that is neither.
    """
    require(rules.may_edit_exceptions(by))
    tidy = tidy_pattern(pattern)
    level = level or (agency.level if agency else "")
    if verdict == DomainRule.Verdict.GOVERNMENT and not level:
        require(no(gettext("Say which level of government this is, or name the agency.")))
    saved = _known(tidy, rule) or DomainRule(pattern=tidy)
    before = saved.pattern if saved.pk else ""
    saved.pattern, saved.verdict, saved.note = tidy, verdict, note.strip()
    saved.agency, saved.level, saved.state = agency, level, state.upper()
    saved.decided_by, saved.decided_at = by.display_name, timezone.now()
    saved.save()
    record("people.exception.set", about=saved, by=by, reason=saved.note, before=before)
    for touched in {tidy, before or tidy}:
        rejudge(pattern=touched, by=by)
    return saved


@transaction.atomic
def remove_rule(*, rule: DomainRule, by: Person) -> None:
    """Take an exception or a block back; the addresses that it touched are judged anew."""
    require(rules.may_edit_exceptions(by))
    record("people.exception.removed", about=rule, by=by, reason=rule.note)
    pattern = rule.pattern
    rule.delete()
    rejudge(pattern=pattern, by=by)


def _known(pattern: str, rule: DomainRule | None) -> DomainRule | None:
    if rule is None:
        return DomainRule.objects.filter(pattern=pattern).first()
    if DomainRule.objects.filter(pattern=pattern).exclude(pk=rule.pk).exists():
        require(no(gettext("There is a rule for %(pattern)s already. Change that one.") % {"pattern": pattern}))
    return DomainRule.objects.get(pk=rule.pk)
