"""The part of the map of addresses that posting needs."""

from junto.communities.queries import EachMessage, is_list
from junto.discussions import inbound
from junto.discussions.queries import (
    DigestReaders,
    PostReaders,
    alias_exists,
    held_exists,
    notice_exists,
    send_answer_exists,
)
from junto.mail.router import Route

ROUTES = [
    Route(r"[^+@]+\.reply\.(?P<token>[0-9a-z]+-[0-9a-z]+)", inbound.reply_to_alias, exists=alias_exists),
    Route(
        r"(?P<name>[^+@]+)-send\+(?P<token>[0-9a-z]+-[0-9a-z]+)",
        inbound.answer_about_post,
        exists=send_answer_exists,
    ),
    Route(r"[^+@]+\.held\.(?P<token>[0-9a-z]+-[0-9a-z]+)", inbound.decide_held, exists=notice_exists),
    Route(r"[^+@]+\.confirm\.(?P<token>[0-9a-z]+-[0-9a-z]+)", inbound.confirm_by_reply, exists=held_exists),
    Route(r"(?P<name>[^+@]+)", inbound.post, exists=is_list),
]
AUDIENCES = {
    "communities.each_message": EachMessage(),
    "discussions.digest_readers": DigestReaders(),
    "discussions.post_readers": PostReaders(),
}
