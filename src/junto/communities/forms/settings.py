"""Settings in plain words: each choice says what follows from it, and the safe one is marked as recommended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from django import forms
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from junto.communities.forms.community import address_or_nothing
from junto.communities.models import Community, Delivery, Moderation, Policy, Readers, ReplyTo

Words = str | Promise


class Choice(NamedTuple):
    """One way to set something: its value, its name, what follows from it, and the sentence for the notice."""

    value: str
    name: Words
    follows: Words
    told: Words
    is_recommended: bool = False


POLICY = (
    Choice(
        Policy.FEDERAL,
        _("Federal government employees"),
        _("Whoever has an address of a federal body joins at once. Everybody else waits for you."),
        _("From now on federal employees join at once, and everybody else waits for you."),
    ),
    Choice(
        Policy.GOVERNMENT,
        _("Government employees of all levels"),
        _("Federal, state, local and tribal addresses join at once. Everybody else waits for you."),
        _("From now on government employees of all levels join at once, and everybody else waits for you."),
        is_recommended=True,
    ),
    Choice(
        Policy.CONTRACTORS,
        _("Government employees and their contractors"),
        _("As above; addresses that the exceptions name as contractors join at once, too."),
        _("From now on government employees and their contractors join at once, and everybody else waits for you."),
    ),
    Choice(
        Policy.INVITATION,
        _("By invitation"),
        _("Whom you invite joins at once. Everybody else waits for you."),
        _("From now on only those join at once whom you invite."),
    ),
    Choice(
        Policy.OPEN,
        _("Anyone"),
        _("Every address joins at once, also vendors and the press. Nobody waits for you."),
        _("From now on anyone can join at once."),
    ),
)
READERS = (
    Choice(
        Readers.MEMBERS,
        _("Members only"),
        _("Nobody else sees a message, and no search engine finds one."),
        _("From now on only members read the discussions."),
        is_recommended=True,
    ),
    Choice(
        Readers.GOVERNMENT,
        _("Anyone signed in with a government address"),
        _("Colleagues who have not joined can look around first. No search engine finds a message."),
        _("From now on anyone signed in with a government address can read the discussions, also older ones."),
    ),
    Choice(
        Readers.PUBLIC,
        _("Anyone"),
        _("Everything that was and will be said is public, with names and agencies, and search engines find it."),
        _("From now on anyone can read the discussions, also older ones."),
    ),
)
REPLY_TO = (
    Choice(
        ReplyTo.AUTHOR,
        _("To the author of the post"),
        _("A reply that was meant for one person reaches one person. “Reply all” reaches the list."),
        _("From now on a plain reply goes to the author of the post."),
        is_recommended=True,
    ),
    Choice(
        ReplyTo.LIST,
        _("To the whole list"),
        _("More is said in front of everybody, also what was meant for one person."),
        _("From now on a plain reply goes to the whole list."),
    ),
)
LARGEST = (
    Choice("1000000", _("1 MB"), _("Text and small pictures."), _("From now on a post may have 1 MB.")),
    Choice(
        "10000000",
        _("10 MB"),
        _("Slides and scanned pages. Most mail servers take this."),
        _("From now on a post may have 10 MB."),
        is_recommended=True,
    ),
    Choice(
        "25000000",
        _("25 MB"),
        _("Some members will not get such a post: their servers refuse it."),
        _("From now on a post may have 25 MB."),
    ),
)
MODERATION = (
    Choice(
        Moderation.NONE,
        _("Nobody’s: members post at once"),
        _("You have nothing to approve. What looks like spam or a mistake is held in any case."),
        _("From now on posts of members go out at once."),
        is_recommended=True,
    ),
    Choice(
        Moderation.FIRST,
        _("A new member’s first post"),
        _("Who has posted once posts at once ever after. You see each newcomer once."),
        _("From now on first posts of new members wait for you."),
    ),
    Choice(
        Moderation.ALL,
        _("Every post"),
        _("Nothing goes out before you or a moderator accept it. Members may wait for hours."),
        _("From now on every post waits for you or a moderator."),
    ),
)
DELIVERY = (
    Choice(
        Delivery.EACH,
        _("Each message as it is posted"),
        _("Questions are answered fastest. Up to about ten messages a day, most members are well served."),
        _("From now on new members get each message unless they choose otherwise."),
        is_recommended=True,
    ),
    Choice(
        Delivery.DAILY,
        _("A digest every day"),
        _("One letter each morning of the member’s own day, and none on days without a message."),
        _("From now on new members get a daily digest unless they choose otherwise."),
    ),
    Choice(
        Delivery.WEEKLY,
        _("A digest every week"),
        _("One letter a week. Answers come late; good for communities that mostly read."),
        _("From now on new members get a weekly digest unless they choose otherwise."),
    ),
)


class SettingsForm(forms.ModelForm):  # type: ignore[type-arg]
    """One group of settings. `told()` says in sentences what changes."""

    choices: dict[str, Sequence[Choice]] = {}
    switches: dict[str, tuple[Words, Words]] = {}
    """What is told when a box is ticked, and when it is cleared."""
    texts: dict[str, Words] = {}
    """What is told when a text is changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in self.choices.items():
            shown = [(one.value, _drawn(one)) for one in self._with_present(name, choices)]
            self.fields[name] = forms.ChoiceField(
                label=self.fields[name].label, choices=shown, widget=forms.RadioSelect, initial=str(self.initial[name])
            )
        self.before = {name: getattr(self.instance, name) for name in self.fields}

    def changes(self) -> dict[str, Any]:
        """The fields that were typed otherwise than they are."""
        typed = {name: self._as_kept(name, value) for name, value in self.cleaned_data.items()}
        return {name: value for name, value in typed.items() if value != self.before[name]}

    def told(self) -> str:
        """What is from now on, in sentences."""
        return " ".join(self._sentence(name, value) for name, value in self.changes().items())

    def _sentence(self, name: str, value: Any) -> str:
        if name in self.choices:
            return str(next(one.told for one in self.choices[name] if one.value == str(value)))
        if name in self.switches:
            return str(self.switches[name][0 if value else 1])
        return str(self.texts.get(name) or gettext("“%(label)s” is changed.") % {"label": self.fields[name].label})

    def _as_kept(self, name: str, value: Any) -> Any:
        return int(value) if isinstance(self.before[name], int) and isinstance(value, str) else value

    def _with_present(self, name: str, choices: Sequence[Choice]) -> Sequence[Choice]:
        """The choices, and what is set now where it is none of them."""
        present = str(getattr(self.instance, name))
        if any(one.value == present for one in choices):
            return choices
        words = gettext("As it is now: %(value)s") % {"value": present}
        return (*choices, Choice(present, words, gettext("Set by whoever runs this site."), ""))


def _drawn(one: Choice) -> str:
    tag = format_html(' <span class="usa-tag j-tag">{}</span>', _("recommended")) if one.is_recommended else ""
    return format_html('{}{}<span class="usa-radio__label-description">{}</span>', one.name, tag, one.follows)


class WhoJoins(SettingsForm):
    choices = {"policy": POLICY}
    texts = {"terms": _("What the page says about who may join is changed.")}

    class Meta:
        model = Community
        fields = ["policy", "terms"]
        labels = {"policy": _("Who joins without anybody’s decision"), "terms": _("Who may join, in your own words")}
        help_texts = {"terms": _("Stands on the front page beside the rule above, which decides.")}
        widgets = {"terms": forms.Textarea(attrs={"rows": 3})}


class WhoReads(SettingsForm):
    choices = {"readers": READERS}
    switches = {
        "is_hidden": (
            _("From now on the community is hidden: only members know of it."),
            _("From now on the community stands in the directory."),
        )
    }

    class Meta:
        model = Community
        fields = ["readers", "is_hidden"]
        labels = {"readers": _("Who may read the discussions"), "is_hidden": _("Hide the community")}
        help_texts = {
            "is_hidden": _("Not in the directory, and “not found” for all but its members and whom you invite.")
        }


class Posting(SettingsForm):
    choices = {"reply_to": REPLY_TO, "largest_post": LARGEST}
    switches = {
        "passes_through": (
            _("From now on a post keeps its author’s From line where its signature allows that."),
            _("From now on every post comes from an address of the list."),
        )
    }

    class Meta:
        model = Community
        fields = ["reply_to", "largest_post", "passes_through"]
        labels = {
            "reply_to": _("A plain reply to a post goes"),
            "largest_post": _("Largest post, with its files"),
            "passes_through": _("Keep the author’s From line where the author’s own signature allows it"),
        }
        help_texts = {
            "passes_through": _(
                "Members then see the author’s own address, and such a post has no footer. Recommended: off."
            )
        }


class WhoModerates(SettingsForm):
    choices = {"moderation": MODERATION}
    switches = {
        "asks_before_short_posts": (
            _("From now on authors are asked before “me too” or thanks goes to everyone."),
            _("From now on short replies go to everyone without a question."),
        )
    }

    class Meta:
        model = Community
        fields = ["moderation", "asks_before_short_posts"]
        labels = {
            "moderation": _("Whose posts wait for you or a moderator"),
            "asks_before_short_posts": _("Ask the author before “me too”, thanks or an empty reply goes to everyone"),
        }
        help_texts = {"asks_before_short_posts": _("Recommended. On lists with fewer than 20 readers nobody is asked.")}


class Digests(SettingsForm):
    choices = {"first_delivery": DELIVERY}

    class Meta:
        model = Community
        fields = ["first_delivery"]
        labels = {"first_delivery": _("How new members get mail, unless they choose otherwise")}


class Names(SettingsForm):
    texts = {
        "name": _("The community has a new name."),
        "short_name": _("From now on letters of the list carry the new short name."),
        "contact": _("From now on the page shows the new address for questions."),
        "sponsor": _("The page names the sponsor as you wrote it."),
    }

    class Meta:
        model = Community
        fields = ["name", "short_name", "contact", "sponsor"]
        labels = {
            "name": _("Name"),
            "short_name": _("Short name"),
            "contact": _("Address for questions to the managers"),
            "sponsor": _("Sponsor"),
        }
        help_texts = {
            "short_name": _("As it stands in From lines and subjects: CX-COP."),
            "contact": _("Shown to everybody. Empty: the list’s own address, which reaches all managers."),
        }

    def clean_contact(self) -> str:
        """An address, or nothing."""
        return address_or_nothing(self.cleaned_data["contact"])


class Group(NamedTuple):
    """A page of settings."""

    key: str
    title: Words
    lead: Words
    form: type[SettingsForm]


GROUPS = (
    Group("joining", _("Who may join"), _("Everything else about joining follows from this one rule."), WhoJoins),
    Group("reading", _("Who may read"), _("It holds for everything that was said, also for older messages."), WhoReads),
    Group("posting", _("Posting"), _("What happens to a post on its way to the members."), Posting),
    Group("moderation", _("Moderation"), _("How much you want to approve by hand."), WhoModerates),
    Group("digests", _("Digests"), _("Each member chooses for themselves. This is what new ones begin with."), Digests),
    Group(
        "names",
        _("Names and addresses"),
        _("How the community is called, and by which addresses it is reached."),
        Names,
    ),
)


def settings_now(community: Community) -> list[tuple[Group, list[str]]]:
    """Each group with what is set now, in words."""
    return [(group, [_now(community, name, group.form) for name in group.form.choices]) for group in GROUPS]


def _now(community: Community, name: str, form: type[SettingsForm]) -> str:
    present = str(getattr(community, name))
    known = next((one.name for one in form.choices[name] if one.value == present), present)
    return gettext("%(label)s: %(value)s") % {"label": form.Meta.labels[name], "value": known}  # type: ignore[attr-defined]
