"""Reads for pages that span models, and what a door needs to find."""

from junto.discussions.queries.audience import PostReaders, receiving
from junto.discussions.queries.deliveries import Delivered, choice_of, last_deliveries, thread_for
from junto.discussions.queries.marks import without_addresses
from junto.discussions.queries.messages import (
    bytes_of,
    deliveries_in_words,
    delivery_of,
    find_attachment,
    find_message,
    message_by_id,
    place_of,
    thread_page,
)
from junto.discussions.queries.posts import (
    ALIAS,
    CONFIRM,
    alias_address,
    alias_exists,
    alias_of_token,
    communities_that_have,
    find_held,
    held_for_moderators,
    held_of_token,
    moderators_of,
    parent_of,
    post_of,
    reach_of,
)
from junto.discussions.queries.threads import find_thread, latest_threads, thread_rows, threads_page, unanswered

__all__ = [
    "ALIAS",
    "CONFIRM",
    "Delivered",
    "PostReaders",
    "alias_address",
    "alias_exists",
    "alias_of_token",
    "bytes_of",
    "choice_of",
    "communities_that_have",
    "deliveries_in_words",
    "delivery_of",
    "find_attachment",
    "find_held",
    "find_message",
    "find_thread",
    "held_for_moderators",
    "held_of_token",
    "last_deliveries",
    "latest_threads",
    "message_by_id",
    "moderators_of",
    "parent_of",
    "place_of",
    "post_of",
    "reach_of",
    "receiving",
    "thread_for",
    "thread_page",
    "thread_rows",
    "threads_page",
    "unanswered",
    "without_addresses",
]
