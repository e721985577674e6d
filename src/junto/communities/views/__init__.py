"""Pages of communities: directory and sub-pages, joining, members, the manager's desk, editing, and what signed links open."""

from junto.communities.views.conduct import conduct, conduct_lifting, conduct_member, conduct_new
from junto.communities.views.desk import (
    decision,
    proof_request,
    removal,
    resumption,
    role,
    settlement,
    undoing,
)
from junto.communities.views.editing import delete_page, edit, edit_page, new, new_page, resources
from junto.communities.views.front import directory, members, page
from junto.communities.views.inviting import invitations, reminder, team, withdrawal
from junto.communities.views.joining import join, leave
from junto.communities.views.reach import reach
from junto.communities.views.roster import members_import
from junto.communities.views.settings import closing, protection, reopening, setting_group, settings
from junto.communities.views.signed import confirm, delivery, pause, unsubscribe
from junto.communities.views.table import member_table, members_deed, members_export
from junto.communities.views.writing import (
    announcement,
    announcement_dropping,
    announcement_edit,
    announcement_new,
    announcements,
    stop_announcements,
    welcome,
)

__all__ = [
    "announcement",
    "announcement_dropping",
    "announcement_edit",
    "announcement_new",
    "announcements",
    "closing",
    "conduct",
    "conduct_lifting",
    "conduct_member",
    "conduct_new",
    "confirm",
    "decision",
    "delete_page",
    "delivery",
    "directory",
    "edit",
    "edit_page",
    "invitations",
    "join",
    "leave",
    "member_table",
    "members",
    "members_deed",
    "members_export",
    "members_import",
    "new",
    "new_page",
    "page",
    "pause",
    "proof_request",
    "protection",
    "reach",
    "reminder",
    "removal",
    "reopening",
    "resources",
    "resumption",
    "role",
    "setting_group",
    "settings",
    "settlement",
    "stop_announcements",
    "team",
    "undoing",
    "unsubscribe",
    "welcome",
    "withdrawal",
]
