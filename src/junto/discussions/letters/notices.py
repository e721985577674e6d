"""What authors and moderators are told about a post."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from junto.communities.models import Community, Membership
from junto.discussions import queries, rules
from junto.discussions.letters.digest_text import cut, without_quotations
from junto.discussions.letters.wording import MEMBERSHIP, absolute, one_line
from junto.discussions.models import HeldNotice, HeldPost, Message, Thread
from junto.discussions.queries import Contents
from junto.discussions.rules import Post
from junto.kit import tokens
from junto.mail.letter import Letter
from junto.mail.reading import ParsedMail
from junto.people.models import Person
from junto.ui.letters import render

MOST_TEXT = 20_000
NAMELESS = _("(no subject)")


def please_confirm(held: HeldPost) -> Letter:
    """“Was this you?”: to the owner of the address that an unproven post came from. A reply that says OK confirms."""
    link = absolute(reverse("signed:confirm-post", args=[tokens.sign(queries.CONFIRM, held.pk)]))
    letter = letter_of("please_confirm", about_post(held) | {"link": link}, held.community, to=held.author)
    return replace(letter, reply_to=queries.confirm_address(held))


def held_for_author(held: HeldPost) -> Letter:
    """Your post waits for a moderator."""
    return letter_of("held_for_author", about_post(held), held.community, to=held.author, automatic="auto-replied")


def held_for_moderators(notice: HeldNotice, contents: Contents) -> Letter:
    """A post waits for you: what it says, why it waits, and how to decide by a reply or a button."""
    held = notice.held
    context = about_post(held) | {
        "text": contents.text[:MOST_TEXT].strip(),
        "is_cut": len(contents.text) > MOST_TEXT,
        "files": contents.files,
        "link": absolute(reverse("signed:decide", args=[tokens.sign(queries.DECIDE, notice.pk)])),
        "queue": absolute(reverse("discussions:held", args=[held.community.slug])),
    }
    letter = letter_of("held_for_moderators", context, held.community, to=notice.membership.person)
    return replace(letter, reply_to=queries.decision_address(notice))


def decided_by_another(posts: Sequence[HeldPost], *, by: Person, to: Person | None = None) -> Letter:
    """To a moderator who was asked as well: somebody else has decided, nothing is left to do."""
    context = {
        **about_post(posts[0]),
        "by": by.display_name,
        "outcome": posts[0].outcome,
        "note": posts[0].decision_note if len(posts) == 1 else "",
        "posts": [{"subject": one.subject_to_be or NAMELESS, "name": one.name or one.email} for one in posts],
    }
    return letter_of("decided_by_another", context, posts[0].community, to=to)


def about_your_reply(
    held: HeldPost,
    sentences: Sequence[str],
    *,
    reply_to: str = "",
    link: str = "",
    answers: ParsedMail | None = None,
    to: Person | None = None,
) -> Letter:
    """What came of a reply to one of these letters. It shows nothing of the post but its subject."""
    context = {**about_post(held), "sentences": sentences, "link": link}
    letter = letter_of("about_your_reply", context, held.community, to=to, automatic="auto-replied")
    answered = answers.message_id if answers else ""
    return replace(letter, reply_to=reply_to, in_reply_to=answered, references=(answered,) if answered else ())


def accepted(held: HeldPost, message: Message) -> Letter:
    """Your post was accepted, and is on its way; where a moderator changed its subject, under which one."""
    link = absolute(message.get_absolute_url())
    context = about_post(held) | {"link": link, "new_subject": held.new_subject}
    return letter_of("accepted", context, held.community, to=held.author)


def did_you_get_an_answer(thread: Thread, membership: Membership) -> Letter:
    """To the asker of a question that has replies: mark the answer, or post a summary. Sent once."""
    community = thread.community
    context = {
        "community": community,
        "list": community.list_label,
        "name": membership.person.display_name,
        "subject": thread.subject,
        "replies": thread.message_count - 1,
        "link": absolute(reverse("signed:answers", args=[queries.answer_link_token(thread)])),
        "thread": absolute(thread.get_absolute_url()),
        "summary_subject": f"SUMMARY: {rules.typed(thread.subject, timezone.localdate()).rest}",
        "list_address": rules.list_address(community),
    }
    return letter_of("did_you_get_an_answer", context, community, to=membership.person)


def receipt(message: Message, membership: Membership, *, reach: int) -> Letter:
    """Your post went to so many people: to an author who asked for receipts."""
    token = tokens.sign(MEMBERSHIP, membership.pk)
    context = {
        "community": message.community,
        "list": message.community.list_label,
        "subject": message.subject or NAMELESS,
        "reach": reach,
        "people": f"{reach:,}",
        "link": absolute(message.get_absolute_url()),
        "settings": absolute(reverse("signed:delivery", args=[token])),
    }
    letter = letter_of("receipt", context, message.community, to=membership.person, automatic="auto-replied")
    return replace(letter, in_reply_to=message.message_id, references=(message.message_id,))


def rejected(*, community: Community, subject: str, reason: str, may_join: bool, to: Person | None = None) -> Letter:
    """Your post did not go to the list, for this reason; where joining would help, how to join."""
    context = {
        "community": community,
        "list": community.list_label,
        "subject": subject,
        "reason": reason,
        "join": absolute(reverse("communities:join", args=[community.slug])) if may_join else "",
        "join_address": f"{community.list_name}-subscribe-request@{settings.LIST_DOMAIN}",
    }
    return letter_of("rejected", context, community, to=to, automatic="auto-replied")


def redirected_command(post: Post) -> Letter:
    """A command that was sent to the whole list: here is the button."""
    community, membership = post.community, post.membership
    if membership is not None and membership.is_active():
        link = reverse("signed:delivery", args=[tokens.sign(MEMBERSHIP, membership.pk)])
    else:
        link = reverse("communities:front", args=[community.slug])
    context = {
        "community": community,
        "list": community.list_label,
        "is_member": post.is_from_a_member,
        "link": absolute(link),
        "words": rules.own_words(post.mail.text)[:80] or post.mail.subject[:80],
    }
    return letter_of("redirected_command", context, community, to=post.author, automatic="auto-replied")


def redirected_digest_reply(post: Post) -> Letter:
    """An answer to a whole digest that was sent to the list: how to answer one message; and the words, to use again.

    Words of whoever is not proven are not repeated: a forged From line would carry them to anybody.
    """
    community = post.community
    own = without_quotations(post.mail.text)[0]
    context = {
        "community": community,
        "list": community.list_label,
        "list_address": rules.list_address(community),
        "archive": absolute(reverse("discussions:threads", args=[community.slug])),
        "words": (cut(own)[0] or _("(nothing but the digest)")) if post.is_proven else "",
    }
    return letter_of("redirected_digest_reply", context, community, to=post.author, automatic="auto-replied")


def moved(thread: Thread, origin: Community, membership: Membership, *, belongs: bool) -> Letter:
    """To whoever began a discussion: it is in another community now. `belongs`: they are a member there already."""
    community = thread.community
    context = {
        "community": community,
        "origin": origin.name,
        "name": membership.person.display_name,
        "subject": one_line(thread.title),
        "link": absolute(thread.get_absolute_url()),
        "join": absolute(f"{community.get_absolute_url()}join/"),
        "belongs": belongs,
    }
    return letter_of("moved", context, community, to=membership.person)


def letter_of(
    name: str,
    context: dict[str, object],
    community: Community,
    *,
    to: Person | None,
    automatic: str = "auto-generated",
) -> Letter:
    """A letter to one person, in their language; in that of the site, where nobody is known. Texts of the context are lazy."""
    rendered = render(f"discussions.{name}", context, language=to.language if to else "")
    return Letter(
        kind=f"discussions.{name}",
        subject=one_line(rendered.subject),
        text=rendered.text,
        html=rendered.html,
        sender_name=community.list_label,
        sender=f"{community.list_name}-request@{settings.LIST_DOMAIN}",
        automatic=automatic,
    )


def about_post(held: HeldPost) -> dict[str, object]:
    agency = held.author.agency_label if held.author else ""
    return {
        "community": held.community,
        "list": held.community.list_label,
        "subject": held.subject or NAMELESS,
        "name": held.name or held.email,
        "email": held.email,
        "agency": agency,
        "excerpt": held.excerpt,
        "reason": rules.said_later(held.reason),
        "is_private": held.alias_id is not None,
    }
