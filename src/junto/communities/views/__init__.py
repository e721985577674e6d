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
from junto.communities.views.editing import edit, new, protection
from junto.communities.views.front import directory, members, page
from junto.communities.views.history import history, restoration
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
from junto.communities.views.signed import confirm, delivery, pause, unsubscribe

__all__ = [
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
    "manage",
    "members",
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
    "protection",
    "put_back",
    "reach",
    "removal",
    "resources",
    "restoration",
    "resumption",
    "role",
    "section",
    "settlement",
    "unsubscribe",
    "withdrawal",
]
