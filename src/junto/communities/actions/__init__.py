"""Every change of state in communities: joining and leaving, deciding, inviting, roles, delivery, and what a page says."""

from junto.communities.actions.answering import answer, forward_to_managers
from junto.communities.actions.confirming import AlreadyUsed, Expired, ask, ask_again, confirm
from junto.communities.actions.delivering import pause, resume, set_delivery
from junto.communities.actions.editing import (
    add_old_address,
    create,
    delete_page,
    edit,
    set_resources,
    write_page,
)
from junto.communities.actions.joining import join, leave, unsubscribe_at_once
from junto.communities.actions.managing import appoint, decide, invite, remove, resume_mail, withdraw_invitation

__all__ = [
    "AlreadyUsed",
    "Expired",
    "add_old_address",
    "answer",
    "appoint",
    "ask",
    "ask_again",
    "confirm",
    "create",
    "decide",
    "delete_page",
    "edit",
    "forward_to_managers",
    "invite",
    "join",
    "leave",
    "pause",
    "remove",
    "resume",
    "resume_mail",
    "set_delivery",
    "set_resources",
    "unsubscribe_at_once",
    "withdraw_invitation",
    "write_page",
]
