"""What the managers tell every member: written, looked at once more, sent, or dropped."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from junto.audit.actions import record
from junto.communities import letters, queries, rules
from junto.communities.actions._rows import about
from junto.communities.models import Announcement, Community, Membership
from junto.kit.rulings import Refused, no, require
from junto.mail import actions as mail
from junto.mail.letter import Audience
from junto.people.models import Person


@transaction.atomic
def draft(
    *, community: Community, subject: str, body: str, announcement: Announcement | None = None, by: Person
) -> Announcement:
    """Write an announcement, or a draft of one anew. It goes to nobody yet. Raises Refused."""
    require(rules.may_announce(by, community))
    announcement = announcement or Announcement(community=community)
    if announcement.sent_at:
        raise Refused(no(gettext("This announcement has been sent already.")))
    announcement.subject, announcement.body, announcement.by = " ".join(subject.split()), body, by
    announcement.written_at = timezone.now()
    announcement.save()
    record("communities.announcement.drafted", about=announcement, by=by)
    return announcement


@transaction.atomic
def announce(*, announcement: Announcement, is_sure: bool = False, by: Person) -> Announcement:
    """Send a draft to every member, however they get the list. `is_sure` allows a second one within a day. Raises Refused."""
    rows = Announcement.objects.select_for_update(of=("self",)).select_related("community", "by")
    announcement = rows.get(pk=announcement.pk)
    require(rules.may_send(by, announcement, is_sure=is_sure))
    community = announcement.community
    mailing = mail.fan_out(
        letters.announcement(announcement),
        audience=Audience("communities.announced", {"community": community.pk}),
        return_to=community.list_name,
        about=f"communities.announcement:{announcement.pk}",
    )
    announcement.sent_at, announcement.mailing_id, announcement.recipients = timezone.now(), mailing.pk, mailing.total
    announcement.save(update_fields=["sent_at", "mailing_id", "recipients"])
    record("communities.announcement.sent", about=announcement, by=by, recipients=mailing.total)
    return announcement


@transaction.atomic
def drop_draft(*, announcement: Announcement, by: Person) -> None:
    """Throw a draft away; the book keeps its words. Raises Refused."""
    require(rules.may_manage(by, announcement.community))
    if announcement.sent_at:
        raise Refused(no(gettext("This announcement has been sent already.")))
    record("communities.announcement.dropped", about=announcement, by=by, body=announcement.body)
    announcement.delete()


@transaction.atomic
def stop_announcements(*, membership: Membership, by: Person | None) -> Membership:
    """No more announcements to this member, at their own wish; the list stays as it is (RFC 8058)."""
    if membership.wants_announcements:
        membership.wants_announcements = False
        membership.save(update_fields=["wants_announcements"])
        record("communities.member.announcements_stopped", about=membership, by=by)
    return membership


@transaction.atomic
def send_welcome_copy(*, community: Community, words: str, by: Person) -> str:
    """Send the welcome letter, with these first words, to the manager who wrote them; returns the address it goes to."""
    require(rules.may_manage(by, community))
    membership = queries.membership_of(by, community) or Membership(
        pk=0, community=community, person=by, address=by.addresses.order_by("pk").first()
    )
    unsaved = Community(
        **{field.attname: getattr(community, field.attname) for field in Community._meta.concrete_fields}
    )
    unsaved.welcome = words
    membership.community = unsaved
    mail.post(letters.welcome(membership), to=by.email, about=about(membership))
    record("communities.welcome.tried", about=community, by=by)
    return by.email
