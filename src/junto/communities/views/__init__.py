"""Pages of communities: directory and sub-pages, joining, members, the manager's desk, editing, and what signed links open."""

from junto.communities.views.conduct import conduct, conduct_lifting, conduct_member, conduct_new
from junto.communities.views.desk import (
    decision,
    invitations,
    manage,
    removal,
    resumption,
    role,
    settlement,
    withdrawal,
)
from junto.communities.views.editing import delete_page, edit, edit_page, new, new_page, protection, resources
from junto.communities.views.front import directory, members, page
from junto.communities.views.joining import join, leave
from junto.communities.views.reach import reach
from junto.communities.views.signed import confirm, delivery, pause, unsubscribe

__all__ = [
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
    "manage",
    "members",
    "new",
    "new_page",
    "page",
    "pause",
    "protection",
    "reach",
    "removal",
    "resources",
    "resumption",
    "role",
    "settlement",
    "unsubscribe",
    "withdrawal",
]
