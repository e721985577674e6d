"""What people type about communities: read, checked, and answered with what to do."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from junto.communities import queries, rules
from junto.communities.models import (
    Community,
    Delivery,
    DigestForm,
    Hint,
    Membership,
    Page,
    Policy,
    Readers,
    Role,
    Step,
    Topic,
    Zone,
)
from junto.kit.addresses import BadAddress, normalise
from junto.people.models import Address, Person

RESERVED = frozenset({"new"})
BOXES = ("wants_own_posts", "wants_receipt", "is_concealed")
SETTINGS = ("delivery", "digest_form", "digest_hour", "digest_weekday", *BOXES)
TIME_ZONES = {
    "America/New_York": "Eastern",
    "America/Chicago": "Central",
    "America/Denver": "Mountain",
    "America/Phoenix": "Arizona",
    "America/Los_Angeles": "Pacific",
    "America/Anchorage": "Alaska",
    "Pacific/Honolulu": "Hawaii",
    "America/Puerto_Rico": "Puerto Rico and U.S. Virgin Islands",
    "Pacific/Guam": "Guam and Northern Marianas",
    "Pacific/Pago_Pago": "American Samoa",
    "UTC": "UTC",
    "Europe/London": "London",
    "Europe/Berlin": "Central Europe",
    "Asia/Tokyo": "Japan",
    "Asia/Seoul": "Korea",
}
MOST_INVITED = 200
LONGEST_NUMBER = 18
_SEPARATORS = re.compile(r"[\s,;]+")
_LIST_NAME = re.compile(r"^[a-z0-9][a-z0-9._-]*$")
_COMMANDS = re.compile(
    r"(^(listserv|postmaster|abuse|mailer-daemon|owner-.*)$)|(-(subscribe|signoff|unsubscribe|join|leave|request|owner|confirm|digest|help|info)(-request)?$)"
)
_CONTINENTS = frozenset({"Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"})
_HOURS = [
    ("", "No quiet hours"),
    *((str(hour), f"{hour % 12 or 12}:00 {'AM' if hour < 12 else 'PM'}") for hour in range(24)),
]


class JoinForm(forms.Form):
    """Which address, how mail comes, and the guidelines."""

    email = forms.ChoiceField(label="Address that you join with")
    name = forms.CharField(label="Your name", max_length=200, help_text="Other members see it beside your agency.")
    delivery = forms.ChoiceField(
        label="How do you want to get mail?", choices=Delivery.choices, initial=Delivery.EACH, widget=forms.RadioSelect
    )
    accepts_guidelines = forms.BooleanField(
        label="I accept the guidelines of this community",
        error_messages={"required": "To join, read the guidelines and tick the box."},
    )

    def __init__(self, *args: Any, community: Community, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        proved = person.addresses.exclude(proved_at=None).order_by("pk")
        self._addresses = {one.email: one for one in proved or person.addresses.order_by("pk")}
        self.fields["email"].choices = [(email, email) for email in self._addresses]  # type: ignore[attr-defined]
        self.fields["email"].initial = person.email
        if len(self._addresses) == 1:
            self.fields["email"].required = False
            self.fields["email"].widget = forms.HiddenInput()
            self.fields["email"].initial = next(iter(self._addresses))
        if person.name:
            del self.fields["name"]
        if not community.guidelines:
            del self.fields["accepts_guidelines"]

    def address(self) -> Address:
        """The address that was chosen."""
        return self._addresses[self.cleaned_data["email"] or next(iter(self._addresses))]


class DeliveryForm(forms.Form):
    """How mail comes. What was not posted stays as it is; `whole` says that boxes without a tick were seen."""

    required_note = False
    delivery = forms.ChoiceField(
        label="How do you want to get mail?", choices=Delivery.choices, widget=forms.RadioSelect
    )
    digest_form = forms.ChoiceField(label="What a digest looks like", choices=DigestForm.choices, required=False)
    digest_hour = forms.TypedChoiceField(
        label="A digest comes at",
        choices=[(hour, queries.hour_in_words(hour)) for hour in range(24)],
        coerce=int,
        empty_value=None,
        required=False,
    )
    digest_weekday = forms.TypedChoiceField(
        label="A weekly digest comes on",
        choices=list(enumerate(queries.WEEKDAYS)),
        coerce=int,
        empty_value=None,
        required=False,
    )
    time_zone = forms.ChoiceField(label="Your time zone, for all of your lists", required=False)
    wants_own_posts = forms.BooleanField(label="Send me my own posts, too", required=False)
    wants_receipt = forms.BooleanField(label="When I post, send me a receipt", required=False)
    is_concealed = forms.BooleanField(label="Do not name me in the list of members", required=False)
    whole = forms.CharField(widget=forms.HiddenInput, required=False, initial="1")

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = membership.person.time_zone
        self.initial = {name: getattr(membership, name) for name in SETTINGS} | {"time_zone": own}
        zones = {"": f"That of the community ({membership.community.time_zone})", **TIME_ZONES}
        self.fields["time_zone"].choices = list(({own: own} | zones).items())  # type: ignore[attr-defined]

    def settings(self) -> dict[str, Any]:
        """What was chosen, as `actions.set_delivery` takes it."""
        chosen = {name: self.cleaned_data[name] for name in SETTINGS if name not in BOXES}
        if self.cleaned_data["whole"]:
            chosen |= {name: self.cleaned_data[name] for name in BOXES}
        return chosen

    def new_time_zone(self) -> str | None:
        """The zone that was chosen; None where it stays."""
        chosen = str(self.cleaned_data["time_zone"])
        return chosen if self.cleaned_data["whole"] and chosen != self.initial["time_zone"] else None


class PauseForm(forms.Form):
    """Until when no mail comes: a day, or weeks from today."""

    required_note = False
    weeks = forms.IntegerField(min_value=1, max_value=52, required=False, widget=forms.HiddenInput)
    until = forms.DateField(
        label="Until which day?",
        help_text="Mail comes again from that day on.",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Write the day like 2026-12-24."},
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today
        bounds = {"min": today + timedelta(days=1), "max": today + rules.LONGEST_PAUSE}
        self.fields["until"].widget.attrs |= {name: day.isoformat() for name, day in bounds.items()}

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        if data.get("weeks"):
            data["until"] = self._today + timedelta(weeks=data["weeks"])
        elif not data.get("until") and "until" not in self.errors:
            self.add_error("until", "Choose a day.")
        return data


class ConfirmForm(forms.Form):
    """The guidelines, where there are any."""

    accepts_guidelines = forms.BooleanField(
        label="I accept the guidelines of this community",
        error_messages={"required": "To join, read the guidelines and tick the box."},
    )

    def __init__(self, *args: Any, needs_guidelines: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not needs_guidelines:
            del self.fields["accepts_guidelines"]


class DecisionForm(forms.Form):
    """Admit or decline, with a note."""

    decision = forms.ChoiceField(choices=[("admit", "Admit"), ("decline", "Decline")])
    note = forms.CharField(label="Note", required=False, max_length=2_000, widget=forms.Textarea)


class InvitationForm(forms.Form):
    """Addresses, however they are separated."""

    addresses = forms.CharField(
        label="Addresses to invite",
        help_text=f"One on a line, or separated by commas; at most {MOST_INVITED} at a time.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean_addresses(self) -> list[str]:
        """Each address once, as it was typed; each is judged later by itself."""
        typed = _SEPARATORS.split(self.cleaned_data["addresses"].strip())
        addresses = list(dict.fromkeys(one.strip("<>\"'") for one in typed if "@" in one))
        if not addresses:
            raise ValidationError("There is no e-mail address here. Write addresses like name@agency.gov.")
        if len(addresses) > MOST_INVITED:
            raise ValidationError(f"These are {len(addresses)} addresses. Send at most {MOST_INVITED} at a time.")
        return addresses


class RoleForm(forms.Form):
    role = forms.ChoiceField(label="Role", choices=Role.choices, widget=forms.RadioSelect)


class ConductForm(forms.Form):
    """A step on the conduct ladder, and the letter that goes with it."""

    step = forms.ChoiceField(label="Step", choices=Step.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label="What the member is sent",
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="Replace the words in [brackets]. How to appeal is added below.",
    )
    about = forms.URLField(
        label="Address of the message that it is about", required=False, max_length=500, assume_scheme="https"
    )
    until = forms.DateField(
        label="Removed until",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="For a removal only. Leave it empty for a removal without an end.",
    )
    note = forms.CharField(
        label="Note for managers and moderators",
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The member does not get it.",
    )

    def clean_words(self) -> str:
        words = str(self.cleaned_data["words"])
        if "[Say what happened.]" in words:
            raise ValidationError("Say what happened, in place of the words in [brackets].")
        return words

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        until = cleaned.get("until")
        if until and cleaned.get("step") != Step.REMOVAL:
            self.add_error("until", "Only a removal has an end. Notices stop counting after a year by themselves.")
        elif until and until <= timezone.localdate():
            self.add_error("until", "Choose a day after today.")
        return cleaned

    def until_at(self) -> datetime | None:
        """The moment at which the last day of a removal is over."""
        until = self.cleaned_data.get("until")
        return timezone.make_aware(datetime.combine(until, time.max)) if until else None


class RemovalForm(forms.Form):
    reason = forms.CharField(
        label="Reason",
        help_text="The member gets it by mail, and the book keeps it.",
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class TopicsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Topics by their numbers; one that no column can hold is no topic, rather than a crash of the database."""

    def clean(self, value: Any) -> Any:
        for one in value or ():
            if len(str(one)) > LONGEST_NUMBER:
                raise ValidationError(self.error_messages["invalid_pk_value"], params={"pk": str(one)[:20]})
        return super().clean(value)


class CommunityForm(forms.ModelForm):  # type: ignore[type-arg]
    """What the front page says, who may join and read, and how the list behaves."""

    topics = TopicsField(Topic.objects.order_by("title"), required=False, widget=forms.CheckboxSelectMultiple)

    redirect_to = forms.URLField(
        label="The community’s page is elsewhere", required=False, max_length=500, assume_scheme="https"
    )

    class Meta:
        model = Community
        fields = [
            "name",
            "short_name",
            "summary",
            "description",
            "guidelines",
            "terms",
            "sponsor",
            "contact",
            "policy",
            "readers",
            "reply_to",
            "passes_through",
            "moderation",
            "largest_post",
            "is_hidden",
            "redirect_to",
            "founded_date",
        ]
        labels = {
            "terms": "Who may join, in your own words",
            "policy": "Who may join without anybody’s decision",
            "readers": "Who may read the discussions",
            "reply_to": "A plain reply to a post goes",
            "passes_through": "Keep the author’s From line where the author’s own signature allows it",
            "moderation": "Whose posts wait for a moderator",
            "largest_post": "Largest post",
            "is_hidden": "Hidden",
            "founded_date": "Founded on",
        }
        help_texts = {
            "short_name": "As it stands in From lines and subjects: CX-COP.",
            "summary": "One sentence, without formatting. It stands below the name, and in the directory.",
            "description": "What you do and who you are. Markdown: ## for a heading, a dash for a list.",
            "guidelines": "Everyone accepts them at joining. Markdown.",
            "terms": "Stands beside the rule below, which decides.",
            "contact": "The address for questions to the managers. Empty: the list’s own address for them.",
            "passes_through": "Members then see the author’s own address, and such a post has no footer. All other posts "
            "come from an address of the list that reaches the author.",
            "largest_post": "In bytes.",
            "is_hidden": "Not in the directory. Members still reach it.",
        }
        widgets = {
            "policy": forms.RadioSelect,
            "readers": forms.RadioSelect,
            "summary": forms.Textarea(attrs={"rows": 2}),
            "description": forms.Textarea(attrs={"rows": 16}),
            "guidelines": forms.Textarea(attrs={"rows": 8}),
            "terms": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("topics", list(self.instance.topics.values_list("pk", flat=True)))

    def clean_contact(self) -> str:
        """An address, or nothing."""
        return _address(self.cleaned_data["contact"])


class ReachForm(forms.Form):
    """How far posts go. A list can feed those that the same person manages."""

    default_zone = forms.ChoiceField(
        label="A post goes to",
        choices=Zone.choices,
        widget=forms.RadioSelect,
        help_text="A reply stays in its thread’s zone.",
    )
    has_zones = forms.BooleanField(
        label="Authors may name a zone in the subject",
        required=False,
        help_text="[FEDERAL] or [GOV] makes a post go to fewer people. Nothing makes it go to more than you choose above.",
    )
    feeds = forms.MultipleChoiceField(
        label="Every post also goes to",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="The list and the archive of these communities. Who is a member of both gets one copy.",
    )

    def __init__(self, *args: Any, community: Community, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._targets = {str(one.pk): one for one in queries.may_be_fed_by(community, person)}
        self.fields["feeds"].choices = [(pk, one.name) for pk, one in self._targets.items()]  # type: ignore[attr-defined]
        if not self._targets:
            del self.fields["feeds"]
        fed = [str(pk) for pk in community.feeds.values_list("pk", flat=True)]
        self.initial = {"default_zone": community.default_zone, "has_zones": community.has_zones, "feeds": fed}

    def targets(self) -> list[Community]:
        """The communities that were chosen."""
        return [self._targets[pk] for pk in self.cleaned_data.get("feeds", [])]


class ProtectionForm(forms.ModelForm):  # type: ignore[type-arg]
    """How the list protects its members from mail that nobody wants."""

    time_zone = forms.ChoiceField(label="The list’s clock", help_text="Quiet hours and the times in letters follow it.")
    quiet_from = forms.TypedChoiceField(
        label="Quiet hours begin", choices=_HOURS, coerce=int, empty_value=None, required=False
    )
    quiet_until = forms.TypedChoiceField(
        label="Quiet hours end",
        choices=_HOURS,
        coerce=int,
        empty_value=None,
        required=False,
        help_text="Posts that come in between are kept, and go out when the quiet hours end. Nobody is turned away.",
    )
    slow_mode_minutes = forms.IntegerField(
        label="Slow mode: minutes between two posts of one person",
        min_value=0,
        max_value=7 * 24 * 60,
        help_text="0 switches it off. A post that comes sooner waits for its turn. Moderators need not wait.",
    )
    storm_posts = forms.IntegerField(
        label="Storm brake: posts within an hour in one discussion",
        min_value=0,
        max_value=1_000,
        help_text="After so many, further replies wait for an hour, longer each time, and you get a letter. 0: no brake.",
    )
    hints = forms.MultipleChoiceField(
        label="Hints that authors get",
        choices=Hint.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Only the author sees them, and nothing is blocked.",
    )

    class Meta:
        model = Community
        fields = [
            "asks_before_short_posts",
            "storm_posts",
            "slow_mode_minutes",
            "time_zone",
            "quiet_from",
            "quiet_until",
            "coach_is_on",
        ]
        labels = {
            "asks_before_short_posts": "Ask the author before “me too”, thanks or an empty reply goes to everyone",
            "coach_is_on": "Give authors hints before their post goes out",
        }
        help_texts = {
            "asks_before_short_posts": "On lists with fewer than 20 readers nobody is asked.",
            "coach_is_on": "The hints are worked out on this server; nothing is sent elsewhere.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = sorted({*_zones(), self.instance.time_zone})
        self.fields["time_zone"].choices = [(zone, zone.replace("_", " ")) for zone in zones]  # type: ignore[attr-defined]
        self.initial["hints"] = [name for name in Hint.values if name not in self.instance.coach_skips]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        begins, ends = cleaned.get("quiet_from"), cleaned.get("quiet_until")
        if (begins is None) != (ends is None):
            self.add_error("quiet_until", "Choose both when the quiet hours begin and when they end, or neither.")
        elif begins is not None and begins == ends:
            self.add_error("quiet_until", "The quiet hours cannot end at the hour at which they begin.")
        return cleaned

    def changes(self) -> dict[str, Any]:
        """The fields of the community with their new values."""
        typed = dict(self.cleaned_data)
        chosen = typed.pop("hints")
        return typed | {"coach_skips": [name for name in Hint.values if name not in chosen]}


class NewCommunityForm(forms.Form):
    """A community to be founded."""

    name = forms.CharField(max_length=200)
    slug = forms.SlugField(
        label="Address on this site", max_length=100, help_text="The last part of its address: customer-experience"
    )
    list_name = forms.CharField(
        label="Name of its list", max_length=64, help_text="The part before the @ of its mail address: cx-cop"
    )
    short_name = forms.CharField(max_length=40, required=False, help_text="As it stands in subjects: CX-COP")
    summary = forms.CharField(max_length=1_000, required=False, help_text="One sentence.")
    policy = forms.ChoiceField(
        label="Who may join without anybody’s decision", choices=Policy.choices, initial=Policy.GOVERNMENT
    )
    readers = forms.ChoiceField(label="Who may read the discussions", choices=Readers.choices, initial=Readers.MEMBERS)
    is_hidden = forms.BooleanField(label="Hidden: not in the directory", required=False)

    def clean_slug(self) -> str:
        """Free, and no word that the site needs itself."""
        slug = str(self.cleaned_data["slug"]).lower()
        if slug in RESERVED or Community.objects.filter(slug=slug).exists():
            raise ValidationError("This address is taken. Choose another one.")
        return slug

    def clean_list_name(self) -> str:
        """Letters, digits, dots, dashes and underscores; free; not like a command's address."""
        name = str(self.cleaned_data["list_name"]).lower()
        if not _LIST_NAME.match(name):
            raise ValidationError("Use letters, digits, dots, dashes and underscores only, and begin with a letter.")
        if _COMMANDS.search(name) or queries.is_list(name):
            raise ValidationError("This list name is taken, or means a command. Choose another one.")
        return name


class PageForm(forms.Form):
    """A sub-page."""

    title = forms.CharField(max_length=200)
    slug = forms.SlugField(label="Last part of its address", max_length=100)
    body = forms.CharField(label="Text, in Markdown", widget=forms.Textarea(attrs={"rows": 20}), required=False)
    position = forms.IntegerField(
        min_value=0, max_value=1_000, initial=0, help_text="Pages stand in this order, then by title."
    )

    def __init__(self, *args: Any, community: Community, page: Page | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Page.objects.filter(community=community)
        self._others = others.exclude(pk=page.pk) if page else others

    def clean_slug(self) -> str:
        """Not the address of another page of this community, nor of the form that makes one."""
        slug = str(self.cleaned_data["slug"]).lower()
        if slug in RESERVED or self._others.filter(slug=slug).exists():
            raise ValidationError("Another page has this address. Choose another one.")
        return slug


class ResourceForm(forms.Form):
    title = forms.CharField(max_length=200)
    url = forms.URLField(label="Address", max_length=500, assume_scheme="https")
    note = forms.CharField(max_length=300, required=False)


ResourceFormSet = forms.formset_factory(ResourceForm, extra=3, can_delete=True, max_num=100)


def _zones() -> set[str]:
    """The zones of the Olson database that are places; not the aliases that it keeps for old programs."""
    return {name for name in available_timezones() if name.partition("/")[0] in _CONTINENTS} | {"UTC"}


def typed(request: HttpRequest) -> QueryDict | None:
    """What a form is given: all that was posted, even nothing; None where the page is only looked at."""
    return request.POST if request.method == "POST" else None


def _address(text: str) -> str:
    if not text.strip():
        return ""
    try:
        return normalise(text)
    except BadAddress as error:
        raise ValidationError(str(error)) from None
