"""What messages are called in the search index, from coarse to fine: “message.question.answered”.

The index compares names as a whole, so that a type is asked for by the list of names that it may have. A message of a
question is found as an answered one as soon as the whole question is.
"""

from __future__ import annotations

from junto.discussions.models import PostType, Thread

_MESSAGE, _ANSWERED = "message", ".answered"


def search_kind(thread: Thread) -> str:
    """The name under which the messages of a thread stand in the index."""
    kind = f"{_MESSAGE}.{thread.kind}" if thread.kind else _MESSAGE
    return f"{kind}{_ANSWERED}" if thread.answered_at else kind


def search_kinds(kind: str = "", *, is_answered: bool = False) -> list[str]:
    """All names of messages of a type (of every type, where it is empty), or only of those that are answered."""
    coarse = [f"{_MESSAGE}.{kind}"] if kind else [_MESSAGE, *(f"{_MESSAGE}.{one}" for one in PostType.values)]
    answered = [f"{one}{_ANSWERED}" for one in coarse]
    return answered if is_answered else [*coarse, *answered]
