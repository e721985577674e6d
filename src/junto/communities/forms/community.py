"""What managers write about a community."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from junto.communities import queries
from junto.communities.forms.typing import LONGEST_NUMBER
from junto.communities.models import Community, Policy, Readers, Topic
from junto.kit.addresses import BadAddress, normalise

RESERVED = frozenset({"new"})
_LIST_NAME = re.compile(r"^[a-z0-9][a-z0-9._-]*$")
_COMMANDS = re.compile(
    r"(^(listserv|postmaster|abuse|mailer-daemon|owner-.*)$)|(-(subscribe|signoff|unsubscribe|join|leave|request|owner|confirm|digest|help|info)(-request)?$)"
)


class TopicsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Topics by their numbers; one that no column can hold is no topic, rather than a crash of the database."""

    def clean(self, value: Any) -> Any:
        for one in value or ():
            if len(str(one)) > LONGEST_NUMBER:
                raise ValidationError(self.error_messages["invalid_pk_value"], params={"pk": str(one)[:20]})
        return super().clean(value)


class CommunityForm(forms.ModelForm):  # type: ignore[type-arg]
    """What the front page says. Who may join and read, and how the list behaves, is set elsewhere."""

    topics = TopicsField(
        Topic.objects.order_by("title"), label=_("Topics"), required=False, widget=forms.CheckboxSelectMultiple
    )

    redirect_to = forms.URLField(
        label=_("The community’s page is elsewhere"), required=False, max_length=500, assume_scheme="https"
    )

    class Meta:
        model = Community
        fields = [
            "name",
            "short_name",
            "summary",
            "description",
            "guidelines",
            "sponsor",
            "contact",
            "redirect_to",
            "founded_date",
        ]
        labels = {
            "name": _("Name"),
            "short_name": _("Short name"),
            "summary": _("Summary"),
            "description": _("Description"),
            "guidelines": _("Guidelines"),
            "sponsor": _("Sponsor"),
            "contact": _("Contact"),
            "founded_date": _("Founded on"),
        }
        help_texts = {
            "short_name": _("As it stands in From lines and subjects: CX-COP."),
            "summary": _("One sentence, without formatting. It stands below the name, and in the directory."),
            "description": _("What you do and who you are. Markdown: ## for a heading, a dash for a list."),
            "guidelines": _("Everyone accepts them at joining. Markdown."),
            "contact": _("The address for questions to the managers. Empty: the list’s own address for them."),
        }
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 2}),
            "description": forms.Textarea(attrs={"rows": 16}),
            "guidelines": forms.Textarea(attrs={"rows": 8}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("topics", list(self.instance.topics.values_list("pk", flat=True)))

    def clean_contact(self) -> str:
        """An address, or nothing."""
        return address_or_nothing(self.cleaned_data["contact"])


class NewCommunityForm(forms.Form):
    """A community to be founded."""

    name = forms.CharField(label=_("Name"), max_length=200)
    slug = forms.SlugField(
        label=_("Address on this site"),
        max_length=100,
        help_text=_("The last part of its address: customer-experience"),
    )
    list_name = forms.CharField(
        label=_("Name of its list"), max_length=64, help_text=_("The part before the @ of its mail address: cx-cop")
    )
    short_name = forms.CharField(
        label=_("Short name"), max_length=40, required=False, help_text=_("As it stands in subjects: CX-COP")
    )
    summary = forms.CharField(label=_("Summary"), max_length=1_000, required=False, help_text=_("One sentence."))
    policy = forms.ChoiceField(
        label=_("Who may join without anybody’s decision"), choices=Policy.choices, initial=Policy.GOVERNMENT
    )
    readers = forms.ChoiceField(
        label=_("Who may read the discussions"), choices=Readers.choices, initial=Readers.MEMBERS
    )
    is_hidden = forms.BooleanField(label=_("Hidden: not in the directory"), required=False)

    def clean_slug(self) -> str:
        """Free, and no word that the site needs itself."""
        slug = str(self.cleaned_data["slug"]).lower()
        if slug in RESERVED or Community.objects.filter(slug=slug).exists():
            raise ValidationError(gettext("This address is taken. Choose another one."))
        return slug

    def clean_list_name(self) -> str:
        """Letters, digits, dots, dashes and underscores; free; not like a command's address."""
        name = str(self.cleaned_data["list_name"]).lower()
        if not _LIST_NAME.match(name):
            raise ValidationError(
                gettext("Use letters, digits, dots, dashes and underscores only, and begin with a letter.")
            )
        if _COMMANDS.search(name) or queries.is_list(name):
            raise ValidationError(gettext("This list name is taken, or means a command. Choose another one."))
        return name


def address_or_nothing(text: str) -> str:
    """Of what was typed, as addresses are kept. Raises ValidationError."""
    if not text.strip():
        return ""
    try:
        return normalise(text)
    except BadAddress as error:
        raise ValidationError(str(error)) from None
