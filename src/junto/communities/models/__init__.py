"""Community, its names and pages, and its memberships."""

from junto.communities.models.community import (
    Community,
    CommunityQuerySet,
    Hint,
    ListName,
    Moderation,
    OldAddress,
    Policy,
    Readers,
    ReplyTo,
    Topic,
    Zone,
)
from junto.communities.models.conduct import ConductCase, Step
from junto.communities.models.desk import UNDO_LASTS, Announcement, Deed
from junto.communities.models.letters import Answer, Confirmation, Invitation
from junto.communities.models.membership import (
    Delivery,
    DigestForm,
    Membership,
    MembershipQuerySet,
    Role,
    State,
)
from junto.communities.models.notices import Notice
from junto.communities.models.parts import (
    Page,
    PartKind,
    Picture,
    ResourceLink,
    Section,
    Trouble,
    Version,
)

__all__ = [
    "UNDO_LASTS",
    "Announcement",
    "Answer",
    "Community",
    "CommunityQuerySet",
    "ConductCase",
    "Confirmation",
    "Deed",
    "Delivery",
    "DigestForm",
    "Hint",
    "Invitation",
    "ListName",
    "Membership",
    "MembershipQuerySet",
    "Moderation",
    "Notice",
    "OldAddress",
    "Page",
    "PartKind",
    "Picture",
    "Policy",
    "Readers",
    "ReplyTo",
    "ResourceLink",
    "Role",
    "Section",
    "State",
    "Step",
    "Topic",
    "Trouble",
    "Version",
    "Zone",
]
