"""A private reply to a poster's alias: to that poster alone, never to the list, never into the archive."""

from __future__ import annotations

from django.db import transaction

from junto.audit.actions import record
from junto.discussions import letters, rules
from junto.discussions.models import Alias
from junto.discussions.rules import Post
from junto.kit.rulings import require
from junto.mail import actions as mail
from junto.people.models import Person


@transaction.atomic
def pass_on(*, post: Post, alias: Alias, by: Person | None) -> None:
    """Send a letter on to the person for whom the alias stands, once however often it comes.

    Raises Refused, with words for its sender.
    """
    Alias.objects.select_for_update().get(pk=alias.pk)  # a second delivery of the same letter waits here for the first
    require(rules.is_new_reply(post, alias))
    require(rules.may_write_privately(post, alias))
    assert post.author is not None
    sender, _ = Alias.objects.get_or_create(community=alias.community, person=post.author)
    sender.community, sender.person = alias.community, post.author
    letter = letters.private_reply(post.mail, alias=alias, sender=sender)
    mail.post(letter, to=rules.address_in(alias), about=rules.mark_of_reply(post, alias))
    record("discussions.private_reply.passed_on", about=alias, by=by)
