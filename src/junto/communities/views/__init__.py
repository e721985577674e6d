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
from junto.communities.views.editing import edit, new
from junto.communities.views.front import directory, members, page
from junto.communities.views.history import history, restoration
from junto.communities.views.inviting import invitations, reminder, team, withdrawal
from junto.communities.views.joining import join, leave
from junto.communities.views.parts import (
    edit_page,
    lead,
    new_page,
    place,
    put_back,
    resources,
    section,
)
from junto.communities.views.parts import (
    removal as part_removal,
)
from junto.communities.views.pictures import dressing, picture, picture_deletion, picture_words, pictures
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
    "delivery",
    "directory",
    "dressing",
    "edit",
    "edit_page",
    "history",
    "invitations",
    "join",
    "lead",
    "leave",
    "member_table",
    "members",
    "members_deed",
    "members_export",
    "members_import",
    "new",
    "new_page",
    "page",
    "part_removal",
    "pause",
    "picture",
    "picture_deletion",
    "picture_words",
    "pictures",
    "place",
    "proof_request",
    "protection",
    "put_back",
    "reach",
    "reminder",
    "removal",
    "reopening",
    "resources",
    "restoration",
    "resumption",
    "role",
    "section",
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
