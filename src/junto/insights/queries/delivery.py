"""What the mail engine still knows of a community’s mail: posts and digests, by the day on which they went out."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import CharField, Count, Q, Sum, Value
from django.db.models.functions import Cast, Concat

from junto.communities.models import Community
from junto.discussions.models import DigestIssue, Message
from junto.mail.models import BounceReport, Mailing, Setback
from junto.mail.models import MailingQuerySet as Mailings


@dataclass(slots=True)
class Delivered:
    """Copies: taken in the end, tried again, refused for good; and bounces that came back."""

    accepted: int = 0
    deferred: int = 0
    refused: int = 0
    returned: int = 0


def delivered_by_day(community: Community, zone: ZoneInfo) -> dict[date, Delivered]:
    """The days of which the engine knows anything. Three queries."""
    days: dict[date, Delivered] = defaultdict(Delivered)
    mailings, went = _mailings_of(community), {}
    first_try = mailings.annotate(taken=Sum("shards__accepted"), put_off=Sum("shards__deferred"))
    for pk, at, taken, put_off in first_try.values_list("pk", "created_at", "taken", "put_off"):
        went[pk] = days[at.astimezone(zone).date()]
        went[pk].accepted += taken or 0
        went[pk].deferred += put_off or 0
    kinds = Setback.objects.filter(mailing__in=mailings.values("pk")).values_list("mailing_id", "kind")
    for pk, kind, times in kinds.annotate(times=Count("pk")).order_by():
        if kind == Setback.Kind.REFUSED:
            went[pk].refused += times
        elif kind == Setback.Kind.ACCEPTED:
            went[pk].accepted += times
    back = BounceReport.objects.filter(mailing__in=mailings.values("pk")).values_list("reported_at", flat=True)
    for at in back:
        days[at.astimezone(zone).date()].returned += 1
    return dict(days)


def _mailings_of(community: Community) -> Mailings:
    issues = DigestIssue.objects.filter(community=community).annotate(
        mark=Concat(Value("discussions.digestissue:"), Cast("pk", CharField()), output_field=CharField())
    )
    posts = Message.objects.filter(community=community, mailing_id__isnull=False).values("mailing_id")
    return Mailing.objects.filter(Q(pk__in=posts) | Q(about__in=issues.values("mark")))
