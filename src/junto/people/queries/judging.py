"""What an address tells of its owner.

Three sources speak, and the longest match among them wins: what managers decided (DomainRule; a block always wins
over the two others), the register of .gov domains, and the named exceptions in rules/exceptions.py. A whole address
is longer than any domain. Whatever the number of addresses, three queries answer.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.utils.translation import gettext

from junto.kit.addresses import BadAddress, domain_of, normalise, suffixes
from junto.people.models import FEDERAL_LEVELS, Agency, Domain, DomainRule, Level
from junto.people.rules.exceptions import Body, body_of
from junto.people.rules.federal import key_of

_AT_ONCE = 5_000
_NO_ADDRESS = "no address"


@dataclass(frozen=True, slots=True)
class Judgement:
    """Who an address belongs to. `rule` is what decided: a domain, a pattern of the exceptions, or a named table.

    `agency` is None where no row exists yet; `agency_name` and `parent_name` are known all the same.
    """

    address: str
    agency: Agency | None = None
    agency_name: str = ""
    parent_name: str = ""
    level: str = ""
    state: str = ""
    is_government: bool = False
    is_contractor: bool = False
    is_blocked: bool = False
    reason: str = ""
    rule: str = ""


def judge(address: str) -> Judgement:
    """The judgement on one address; text that is no address gets one as well, with the reason."""
    return judge_many([address])[0]


def judge_many(addresses: Iterable[str]) -> list[Judgement]:
    """One judgement for each address, in their order; three queries for each 5,000."""
    rest = iter(addresses)
    judgements: list[Judgement] = []
    while batch := list(islice(rest, _AT_ONCE)):
        judgements += _judge_batch(batch)
    return judgements


def judgement_as_json(judgement: Judgement, eligible: Sequence[str] | None = None) -> dict[str, Any]:
    """What `junto judge` prints. `eligible` names the policies under which the address joins without a decision."""
    return {
        "address": judgement.address,
        "agency": judgement.agency_name,
        "level": judgement.level,
        "state": judgement.state,
        "eligible": list(eligible if eligible is not None else _policies(judgement)),
        "reason": judgement.reason,
    }


def _policies(judgement: Judgement) -> Iterator[str]:
    if judgement.is_blocked or judgement.rule == _NO_ADDRESS:
        return
    if judgement.is_government and judgement.level in FEDERAL_LEVELS:
        yield "federal"
    if judgement.is_government:
        yield "government"
    if judgement.is_government or judgement.is_contractor:
        yield "contractors"
    yield "open"


@dataclass(slots=True)
class _Sources:
    domains: dict[str, Domain] = field(default_factory=dict)
    rules: dict[str, DomainRule] = field(default_factory=dict)
    agencies: dict[tuple[str, str], Agency] = field(default_factory=dict)


def _judge_batch(batch: list[str]) -> list[Judgement]:
    read = [_read(text) for text in batch]
    good = {address for address, problem in read if not problem}
    sources = _sources(good)
    return [
        Judgement(address, reason=problem, rule=_NO_ADDRESS) if problem else _judge(address, sources)
        for address, problem in read
    ]


def _read(text: str) -> tuple[str, str]:
    try:
        return normalise(text), ""
    except BadAddress as problem:
        return text.strip()[:254], str(problem)


def _sources(addresses: Collection[str]) -> _Sources:
    if not addresses:
        return _Sources()
    names = {suffix for address in addresses for suffix in suffixes(domain_of(address))}
    domains = Domain.objects.filter(name__in=names, retired_at=None).select_related("agency__parent")
    rules = DomainRule.objects.filter(pattern__in=names | set(addresses)).select_related("agency__parent")
    bodies = [found[1] for found in map(body_of, {domain_of(address) for address in addresses}) if found]
    return _Sources(
        {domain.name: domain for domain in domains}, {rule.pattern: rule for rule in rules}, _agencies_of(bodies)
    )


def _agencies_of(bodies: Collection[Body]) -> dict[tuple[str, str], Agency]:
    """Rows of the bodies that tables name, by key and state; one of the same level before one of another."""
    if not bodies:
        return {}
    levels = {(key_of(body.name), body.state): body.level for body in bodies}
    rows = Agency.objects.filter(key__in={key for key, _ in levels}).select_related("parent").order_by("pk")
    found: dict[tuple[str, str], Agency] = {}
    for row in rows:
        name = (row.key, row.state)
        if name in levels and (name not in found or row.level == levels[name]):
            found[name] = row
    return found


def _judge(address: str, sources: _Sources) -> Judgement:
    names = suffixes(domain_of(address))
    rule = next((sources.rules[name] for name in [address, *names] if name in sources.rules), None)
    domain = next((sources.domains[name] for name in names if name in sources.domains), None)
    if rule and (rule.verdict == DomainRule.Verdict.BLOCK or not domain or len(rule.pattern) >= len(domain.name)):
        return _BY_VERDICT[DomainRule.Verdict(rule.verdict)](address, rule)
    if domain:
        return _registered(address, domain)
    if found := body_of(names[0]):
        return _named(address, *found, sources.agencies)
    words = gettext("No register knows %(domain)s. A community manager decides.")
    return Judgement(address, reason=words % {"domain": names[0]})


def _registered(address: str, domain: Domain) -> Judgement:
    agency, parent = domain.agency, domain.agency.parent
    who = _described(agency.name, parent.name if parent else "", domain.level, agency.state)
    return Judgement(
        address,
        agency,
        agency.name,
        parent.name if parent else "",
        domain.level,
        agency.state,
        is_government=True,
        reason=gettext("%(domain)s is registered to %(who)s.") % {"domain": domain.name, "who": who},
        rule=domain.name,
    )


def _named(address: str, pattern: str, body: Body, agencies: dict[tuple[str, str], Agency]) -> Judgement:
    who = _described(body.name, body.parent, body.level, body.state)
    words = gettext("Addresses under %(pattern)s belong to %(who)s.")
    return Judgement(
        address,
        agencies.get((key_of(body.name), body.state)),
        body.name,
        body.parent,
        body.level.value,
        body.state,
        is_government=True,
        reason=" ".join(filter(None, [words % {"pattern": pattern, "who": who}, body.note and gettext(body.note)])),
        rule=pattern,
    )


def _admitted(address: str, rule: DomainRule) -> Judgement:
    agency = rule.agency
    parent = agency.parent.name if agency and agency.parent else ""
    level = rule.level or (agency.level if agency else "")
    who = _described(agency.name, parent, level, rule.state) if agency else ""
    admitted = gettext("Managers admitted %(pattern)s: %(note)s")
    words = gettext("Managers admitted %(pattern)s as %(who)s: %(note)s") if who else admitted
    return Judgement(
        address,
        agency,
        agency.name if agency else "",
        parent,
        level,
        rule.state or (agency.state if agency else ""),
        is_government=True,
        reason=words % {"pattern": rule.pattern, "who": who, "note": rule.note},
        rule=rule.pattern,
    )


def _contracted(address: str, rule: DomainRule) -> Judgement:
    words = gettext("Managers know %(pattern)s as a government contractor: %(note)s")
    reason = words % {"pattern": rule.pattern, "note": rule.note}
    return Judgement(address, is_contractor=True, reason=reason, rule=rule.pattern)


def _blocked(address: str, rule: DomainRule) -> Judgement:
    reason = gettext("Managers decided that %(pattern)s is not admitted.") % {"pattern": rule.pattern}
    return Judgement(address, is_blocked=True, reason=reason, rule=rule.pattern)


_BY_VERDICT: dict[DomainRule.Verdict, Callable[[str, DomainRule], Judgement]] = {
    DomainRule.Verdict.GOVERNMENT: _admitted,
    DomainRule.Verdict.CONTRACTOR: _contracted,
    DomainRule.Verdict.BLOCK: _blocked,
}


def _described(name: str, parent: str, level: str, state: str) -> str:
    """ "the Internal Revenue Service, part of the Department of the Treasury (federal, executive branch)"."""
    is_federal = level in FEDERAL_LEVELS
    words = _with_article(name, is_federal)
    if parent:
        told = {"name": words, "parent": _with_article(parent, is_federal)}
        words = gettext("%(name)s, part of %(parent)s") % told
    label = Level(level).label if level else ""
    where = ", ".join(part for part in (label[:1].lower() + label[1:], state) if part)
    return f"{words} ({where})" if where else words


def _with_article(name: str, is_federal: bool) -> str:
    has_one = name.lower().startswith(("the ", ".")) or "." in name.split(" ")[-1]
    return gettext("the %(name)s") % {"name": name} if not has_one and (is_federal or " of " in name) else name
