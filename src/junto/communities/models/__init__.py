"""Community, its names and pages, and its memberships."""

from junto.communities.models.community import (
    Community,
    CommunityQuerySet,
    Hint,
    ListName,
    Moderation,
    OldAddress,
    Page,
    Policy,
    Readers,
    ReplyTo,
    ResourceLink,
    Topic,
    Zone,
)
from junto.communities.models.conduct import ConductCase, ConductCaseQuerySet, Step
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

__all__ = [
    "UNDO_LASTS",
    "Announcement",
    "Answer",
    "Community",
    "CommunityQuerySet",
    "ConductCase",
    "ConductCaseQuerySet",
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
    "Policy",
    "Readers",
    "ReplyTo",
    "ResourceLink",
    "Role",
    "State",
    "Step",
    "Topic",
    "Zone",
]
