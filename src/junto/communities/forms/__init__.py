"""What people type about communities: read, checked, and answered with what to do."""

from junto.communities.forms.community import (
    RESERVED,
    CommunityForm,
    NewCommunityForm,
    TopicsField,
)
from junto.communities.forms.managing import (
    MOST_INVITED,
    ConductForm,
    DecisionForm,
    InvitationForm,
    RemovalForm,
    RoleForm,
)
from junto.communities.forms.membership import (
    BOXES,
    SETTINGS,
    TIME_ZONES,
    ConfirmForm,
    DeliveryForm,
    JoinForm,
    PauseForm,
)
from junto.communities.forms.parts import (
    AltForm,
    DressForm,
    PageForm,
    PictureForm,
    ResourceForm,
    SectionForm,
    WritingForm,
)
from junto.communities.forms.protecting import ProtectionForm, ReachForm
from junto.communities.forms.typing import LONGEST_NUMBER, typed

__all__ = [
    "BOXES",
    "LONGEST_NUMBER",
    "MOST_INVITED",
    "RESERVED",
    "SETTINGS",
    "TIME_ZONES",
    "AltForm",
    "CommunityForm",
    "ConductForm",
    "ConfirmForm",
    "DecisionForm",
    "DeliveryForm",
    "DressForm",
    "InvitationForm",
    "JoinForm",
    "NewCommunityForm",
    "PageForm",
    "PauseForm",
    "PictureForm",
    "ProtectionForm",
    "ReachForm",
    "RemovalForm",
    "ResourceForm",
    "RoleForm",
    "SectionForm",
    "TopicsField",
    "WritingForm",
    "typed",
]
