"""Every change of state in communities: joining and leaving, deciding, inviting, roles, delivery, and what a page says."""

from junto.communities.actions.answering import answer, forward_to_managers, forward_to_staff
from junto.communities.actions.conduct import lift_case, take_step
from junto.communities.actions.confirming import AlreadyUsed, Expired, ask, ask_again, confirm
from junto.communities.actions.delivering import pause, renew_feed, resume, set_delivery
from junto.communities.actions.editing import (
    add_old_address,
    create,
    edit,
    set_resources,
    write_page,
)
from junto.communities.actions.feeding import set_feeds, set_zones
from junto.communities.actions.joining import join, leave, unsubscribe_at_once
from junto.communities.actions.managing import appoint, decide, invite, remove, resume_mail, withdraw_invitation
from junto.communities.actions.noticing import end_unreachable, note_complaint, note_refusal, notice, settle
from junto.communities.actions.parts import (
    Overtaken,
    move_part,
    put_back_part,
    remove_part,
    restore_version,
    write_lead,
    write_resource,
    write_section,
)
from junto.communities.actions.picturing import add_picture, delete_picture, describe_picture, dress
from junto.communities.actions.rostering import take_roster

__all__ = [
    "AlreadyUsed",
    "Expired",
    "Overtaken",
    "add_old_address",
    "add_picture",
    "answer",
    "appoint",
    "ask",
    "ask_again",
    "confirm",
    "create",
    "decide",
    "delete_picture",
    "describe_picture",
    "dress",
    "edit",
    "end_unreachable",
    "forward_to_managers",
    "forward_to_staff",
    "invite",
    "join",
    "leave",
    "lift_case",
    "move_part",
    "note_complaint",
    "note_refusal",
    "notice",
    "pause",
    "put_back_part",
    "remove",
    "remove_part",
    "renew_feed",
    "restore_version",
    "resume",
    "resume_mail",
    "set_delivery",
    "set_feeds",
    "set_resources",
    "set_zones",
    "settle",
    "take_roster",
    "take_step",
    "unsubscribe_at_once",
    "withdraw_invitation",
    "write_lead",
    "write_page",
    "write_resource",
    "write_section",
]
