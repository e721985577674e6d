"""What people type about communities: read, checked, and answered with what to do."""

from junto.communities.forms.community import (
    RESERVED,
    CommunityForm,
    NewCommunityForm,
)
from junto.communities.forms.desk import (
    DEEDS,
    AnnouncementForm,
    ChosenForm,
    ClosingForm,
    DeliveryOfManyForm,
    MembersForm,
    ReasonForm,
    RosterForm,
    SendForm,
    TeamForm,
    WelcomeForm,
)
from junto.communities.forms.managing import (
    ConductForm,
    DecisionForm,
    InvitationForm,
    RemovalForm,
    RoleForm,
)
from junto.communities.forms.membership import (
    SETTINGS,
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
from junto.communities.forms.settings import GROUPS, Group, settings_now
from junto.communities.forms.typing import LONGEST_NUMBER

__all__ = [
    "DEEDS",
    "GROUPS",
    "LONGEST_NUMBER",
    "RESERVED",
    "SETTINGS",
    "AltForm",
    "AnnouncementForm",
    "ChosenForm",
    "ClosingForm",
    "CommunityForm",
    "ConductForm",
    "ConfirmForm",
    "DecisionForm",
    "DeliveryForm",
    "DeliveryOfManyForm",
    "DressForm",
    "Group",
    "InvitationForm",
    "JoinForm",
    "MembersForm",
    "NewCommunityForm",
    "PageForm",
    "PauseForm",
    "PictureForm",
    "ProtectionForm",
    "ReachForm",
    "ReasonForm",
    "RemovalForm",
    "ResourceForm",
    "RoleForm",
    "RosterForm",
    "SectionForm",
    "SendForm",
    "TeamForm",
    "WelcomeForm",
    "WritingForm",
    "settings_now",
]
