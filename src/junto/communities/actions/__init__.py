"""Every change of state in communities: joining and leaving, deciding, inviting, roles, delivery, and what a page says."""

from junto.communities.actions.announcing import announce, draft, drop_draft, send_welcome_copy, stop_announcements
from junto.communities.actions.answering import answer, forward_to_managers, forward_to_staff
from junto.communities.actions.checking import ask_links
from junto.communities.actions.closing import close, reopen
from junto.communities.actions.conduct import lift_case, take_step
from junto.communities.actions.confirming import AlreadyUsed, Expired, ask, ask_again, confirm
from junto.communities.actions.deeds import (
    appoint_many,
    dismiss,
    remove_many,
    set_delivery_of_many,
    set_reach,
    set_settings,
    undo,
    welcome_many_again,
)
from junto.communities.actions.delivering import pause, renew_feed, resume, set_delivery
from junto.communities.actions.editing import (
    create,
    edit,
    set_resources,
    write_page,
)
from junto.communities.actions.feeding import set_feeds, set_zones
from junto.communities.actions.joining import join, leave, unsubscribe_at_once
from junto.communities.actions.managing import (
    appoint,
    ask_for_proof,
    decide,
    invite,
    note_export,
    remind,
    remove,
    resume_mail,
    withdraw_invitation,
)
from junto.communities.actions.moving import move_memberships
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
    "add_picture",
    "announce",
    "answer",
    "appoint",
    "appoint_many",
    "ask",
    "ask_again",
    "ask_for_proof",
    "ask_links",
    "close",
    "confirm",
    "create",
    "decide",
    "delete_picture",
    "describe_picture",
    "dismiss",
    "draft",
    "dress",
    "drop_draft",
    "edit",
    "end_unreachable",
    "forward_to_managers",
    "forward_to_staff",
    "invite",
    "join",
    "leave",
    "lift_case",
    "move_memberships",
    "move_part",
    "note_complaint",
    "note_export",
    "note_refusal",
    "notice",
    "pause",
    "put_back_part",
    "remind",
    "remove",
    "remove_many",
    "remove_part",
    "renew_feed",
    "reopen",
    "restore_version",
    "resume",
    "resume_mail",
    "send_welcome_copy",
    "set_delivery",
    "set_delivery_of_many",
    "set_feeds",
    "set_reach",
    "set_resources",
    "set_settings",
    "set_zones",
    "settle",
    "stop_announcements",
    "take_roster",
    "take_step",
    "undo",
    "unsubscribe_at_once",
    "welcome_many_again",
    "withdraw_invitation",
    "write_lead",
    "write_page",
    "write_resource",
    "write_section",
]
