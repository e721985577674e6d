"""How far posts go, and how members are protected."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from junto.communities import queries
from junto.communities.models import (
    Community,
    Hint,
    Zone,
)
from junto.people.models import Person

_CONTINENTS = frozenset({"Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"})
_HOURS = [
    ("", _("No quiet hours")),
    *((str(hour), f"{hour % 12 or 12}:00 {'AM' if hour < 12 else 'PM'}") for hour in range(24)),
]


_GOES_TO = {
    Zone.FEDERAL: _("From now on a post goes to federal employees only."),
    Zone.INTERGOVERNMENTAL: _("From now on a post goes to government employees of all levels."),
    Zone.PUBLIC: _("From now on a post goes to everyone who may read the list."),
}


class ReachForm(forms.Form):
    """How far posts go. A list can feed those that the same person manages."""

    default_zone = forms.ChoiceField(
        label=_("A post goes to"),
        choices=Zone.choices,
        widget=forms.RadioSelect,
        help_text=_("A reply stays in its thread’s zone."),
    )
    has_zones = forms.BooleanField(
        label=_("Authors may name a zone in the subject"),
        required=False,
        help_text=_(
            "[FEDERAL] or [GOV] makes a post go to fewer people. Nothing makes it go to more than you choose above."
        ),
    )
    feeds = forms.MultipleChoiceField(
        label=_("Every post also goes to"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The list and the archive of these communities. Who is a member of both gets one copy."),
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

    def told(self) -> str:
        """What holds from now on, in sentences."""
        asked, now = self.cleaned_data, self.initial
        told = [str(_GOES_TO[Zone(asked["default_zone"])])] if asked["default_zone"] != now["default_zone"] else []
        if asked["has_zones"] != now["has_zones"]:
            told.append(
                gettext("From now on authors may name a zone in the subject.")
                if asked["has_zones"]
                else gettext("From now on a zone in the subject means nothing.")
            )
        chosen = asked.get("feeds", [])
        if added := self._names(set(chosen) - set(now["feeds"])):
            told.append(gettext("From now on every post also goes to: %(names)s.") % {"names": added})
        if dropped := self._names(set(now["feeds"]) - set(chosen)):
            told.append(gettext("From now on posts no longer go to: %(names)s.") % {"names": dropped})
        return " ".join(told)

    def _names(self, keys: set[str]) -> str:
        return ", ".join(one.name for pk, one in self._targets.items() if pk in keys)


class ProtectionForm(forms.ModelForm):  # type: ignore[type-arg]
    """How the list protects its members from mail that nobody wants."""

    time_zone = forms.ChoiceField(
        label=_("The list’s clock"), help_text=_("Quiet hours and the times in letters follow it.")
    )
    quiet_from = forms.TypedChoiceField(
        label=_("Quiet hours begin"), choices=_HOURS, coerce=int, empty_value=None, required=False
    )
    quiet_until = forms.TypedChoiceField(
        label=_("Quiet hours end"),
        choices=_HOURS,
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("Posts that come in between are kept, and go out when the quiet hours end. Nobody is turned away."),
    )
    slow_mode_minutes = forms.IntegerField(
        label=_("Slow mode: minutes between two posts of one person"),
        min_value=0,
        max_value=7 * 24 * 60,
        help_text=_("0 switches it off. A post that comes sooner waits for its turn. Moderators need not wait."),
    )
    storm_posts = forms.IntegerField(
        label=_("Storm brake: posts within an hour in one discussion"),
        min_value=0,
        max_value=1_000,
        help_text=_(
            "After so many, further replies wait for an hour, longer each time, and you get a letter. 0: no brake."
        ),
    )
    hints = forms.MultipleChoiceField(
        label=_("Hints that authors get"),
        choices=Hint.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only the author sees them, and nothing is blocked."),
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
            "asks_before_short_posts": _("Ask the author before “me too”, thanks or an empty reply goes to everyone"),
            "coach_is_on": _("Give authors hints before their post goes out"),
        }
        help_texts = {
            "asks_before_short_posts": _("On lists with fewer than 20 readers nobody is asked."),
            "coach_is_on": _("The hints are worked out on this server; nothing is sent elsewhere."),
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
            self.add_error(
                "quiet_until", gettext("Choose both when the quiet hours begin and when they end, or neither.")
            )
        elif begins is not None and begins == ends:
            self.add_error("quiet_until", gettext("The quiet hours cannot end at the hour at which they begin."))
        return cleaned

    def changes(self) -> dict[str, Any]:
        """The fields of the community with their new values."""
        typed = dict(self.cleaned_data)
        chosen = typed.pop("hints")
        return typed | {"coach_skips": [name for name in Hint.values if name not in chosen]}


def _zones() -> set[str]:
    """The zones of the Olson database that are places; not the aliases that it keeps for old programs."""
    return {name for name in available_timezones() if name.partition("/")[0] in _CONTINENTS} | {"UTC"}
