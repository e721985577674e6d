"""Person, address, agency, domain, and the codes by which people sign in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from junto.audit.retention import Kind, Retention

PROOF_LASTS = timedelta(days=365)
MOST_PROBES = 3
SEEN_EVERY = timedelta(hours=1)
VISIT_ENDS_AFTER = timedelta(hours=4)


class Level(models.TextChoices):
    """Levels of government, as the register of .gov domains tells them apart."""

    FEDERAL_EXECUTIVE = "federal_executive", _("Federal, executive branch")
    FEDERAL_LEGISLATIVE = "federal_legislative", _("Federal, legislative branch")
    FEDERAL_JUDICIAL = "federal_judicial", _("Federal, judicial branch")
    FEDERAL = "federal", _("Federal")
    MILITARY = "military", _("Military")
    STATE = "state", _("State or territory")
    COUNTY = "county", _("County")
    CITY = "city", _("City")
    SPECIAL_DISTRICT = "special_district", _("Special district")
    TRIBAL = "tribal", _("Tribal")
    SCHOOL = "school", _("School district")
    INTERSTATE = "interstate", _("Interstate")


FEDERAL_LEVELS = frozenset(
    {
        Level.FEDERAL_EXECUTIVE,
        Level.FEDERAL_LEGISLATIVE,
        Level.FEDERAL_JUDICIAL,
        Level.FEDERAL,
        Level.MILITARY,
    }
)


class Agency(models.Model):
    """A government body. `key` folds case and blanks, so that spellings of one name meet in one row."""

    retention = Retention(Kind.REFERENCE)

    name = models.CharField(max_length=250)
    key = models.CharField(max_length=250, help_text="the name in lower case with single blanks")
    short_name = models.CharField(max_length=30, blank=True, help_text="as it stands beside a name: EPA")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts")
    level = models.CharField(max_length=30, choices=Level.choices)
    state = models.CharField(max_length=2, blank=True, help_text="USPS code; empty for federal bodies")

    class Meta:
        verbose_name_plural = "agencies"
        constraints = [
            models.UniqueConstraint(
                fields=["key", "level", "state"], condition=models.Q(parent=None), name="agency_once"
            ),
            models.UniqueConstraint(fields=["key", "level", "state", "parent"], name="agency_part_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """How the agency stands beside a person's name."""
        return self.short_name or self.name


class Domain(models.Model):
    """A registered domain and the agency that holds it. Never deleted: one that left the register is retired."""

    retention = Retention(Kind.REFERENCE)

    name = models.CharField(max_length=253, unique=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="domains")
    level = models.CharField(max_length=30, choices=Level.choices)
    state = models.CharField(max_length=2, blank=True)
    city = models.CharField(max_length=100, blank=True)
    is_election = models.BooleanField(default=False)
    first_seen_at = models.DateTimeField(default=timezone.now)
    retired_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class RegisterCopy(models.Model):
    """The last good copies of the register: what a new file is held against."""

    retention = Retention(Kind.REFERENCE)

    taken_at = models.DateTimeField(default=timezone.now)
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    file_name = models.CharField(max_length=255)
    changes = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.file_name} ({self.rows} rows)"


class DomainRule(models.Model):
    """What managers say beyond the register: an exception that admits, or a block. The longest pattern wins."""

    retention = Retention(Kind.RECORD, "an address, where the rule is for one address")

    class Verdict(models.TextChoices):
        GOVERNMENT = "government", _("Counts as government")
        CONTRACTOR = "contractor", _("Counts as a government contractor")
        BLOCK = "block", _("Never admitted")

    pattern = models.CharField(
        max_length=254, help_text="a domain, which covers what stands under it, or a whole address"
    )
    verdict = models.CharField(max_length=12, choices=Verdict.choices)
    agency = models.ForeignKey(Agency, null=True, blank=True, on_delete=models.PROTECT)
    level = models.CharField(max_length=30, choices=Level.choices, blank=True)
    state = models.CharField(max_length=2, blank=True)
    note = models.TextField(help_text="why, for whoever reads this in two years")
    decided_by = models.CharField(max_length=300, blank=True)
    decided_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(Lower("pattern"), name="domain_rule_once")]

    def __str__(self) -> str:
        return f"{self.pattern}: {self.get_verdict_display()}"


class PersonManager(BaseUserManager["Person"]):
    def note_visit(self, person: Person, *, now: datetime) -> None:
        """Note that somebody uses the site: one update, and none within an hour of the last. No deed: nothing is on record.

        After four hours away a new visit begins, and what is new counts from the end of the one before.
        """
        away = now - person.last_seen_at
        if away < SEEN_EVERY:
            return
        changes: dict[str, object] = {"last_seen_at": now}
        if away >= VISIT_ENDS_AFTER:
            changes["last_visit_at"] = person.last_seen_at
        self.filter(pk=person.pk, last_seen_at=person.last_seen_at).update(**changes)

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(addresses__email=(username or "").lower())


class Person(AbstractBaseUser, PermissionsMixin):
    """Somebody. Signs in by a code sent to one of their addresses; has no password."""

    retention = Retention(
        Kind.RECORD, "name and job title; stays beside what they wrote, under their name or without it"
    )

    password = None  # type: ignore[assignment]
    email = models.CharField(max_length=254, unique=True, help_text="the address that mail goes to first")
    name = models.CharField(max_length=200, blank=True)
    job_title = models.CharField(max_length=200, blank=True)
    agency = models.ForeignKey(Agency, null=True, blank=True, on_delete=models.SET_NULL, related_name="people")
    time_zone = models.CharField(max_length=50, blank=True, help_text="IANA name; empty: that of the community")
    language = models.CharField(max_length=10, blank=True, help_text="a code of LANGUAGES; empty: that of the site")
    is_staff = models.BooleanField(default=False, help_text="runs this site")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(default=timezone.now, help_text="used the site; noted once an hour at most")
    last_visit_at = models.DateTimeField(null=True, blank=True, help_text="when the visit before this one ended")
    photo_mark = models.CharField(
        max_length=12, blank=True, help_text="of the photo: the first letter of its audience, and its version"
    )

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    objects = PersonManager()

    class Meta:
        verbose_name_plural = "people"

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        """The name, or the part of the address before the @ where no name is known. Never a whole address."""
        return self.name or self.email.partition("@")[0]

    def away_since(self) -> datetime | None:
        """When the last visit ended: the one before that which now begins or goes on. None on the first."""
        if timezone.now() - self.last_seen_at >= VISIT_ENDS_AFTER:
            return self.last_seen_at
        return self.last_visit_at

    @property
    def photo_url(self) -> str:
        """Where the photo is that everybody may see; empty where there is none. No query: lists ask each row."""
        return self._photo_shown_to("e")

    @property
    def photo_for_colleagues(self) -> str:
        """The same among those who share a community with this person, and know that they do."""
        return self._photo_shown_to("cge")

    @property
    def photo_address(self) -> str:
        """Where the photo is, for those who may see it. It changes with the photo, so that caches may keep it."""
        return f"/people/{self.pk}/photo/?v={self.photo_mark[1:]}"

    def _photo_shown_to(self, audiences: str) -> str:
        return self.photo_address if self.photo_mark and self.photo_mark[0] in audiences else ""

    @property
    def agency_label(self) -> str:
        return self.agency.label if self.agency else ""


class AddressQuerySet(models.QuerySet["Address"]):
    def stopped(self) -> Self:
        """No mail goes there, because it came back."""
        return self.exclude(stopped_at=None)

    def given_up(self) -> Self:
        """Stopped, and every probe has failed."""
        return self.stopped().filter(probes__gte=MOST_PROBES, probed_at=None)


class Address(models.Model):
    """One e-mail address of one person, with the day its owner last proved it, and what its mail server says."""

    retention = Retention(Kind.RECORD, "an e-mail address and when it was proved")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="addresses")
    email = models.CharField(max_length=254, unique=True)
    proved_at = models.DateTimeField(null=True, blank=True)
    proof_asked_at = models.DateTimeField(null=True, blank=True, help_text="when Junto last asked for a fresh proof")
    agency = models.ForeignKey(Agency, null=True, blank=True, on_delete=models.SET_NULL, related_name="addresses")
    level = models.CharField(max_length=30, choices=Level.choices, blank=True)
    state = models.CharField(max_length=2, blank=True)
    bounces = models.PositiveSmallIntegerField(
        default=0, help_text="score: two for a day of permanent failure, one of temporary"
    )
    last_bounce_date = models.DateField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True, help_text="no mail goes there since")
    stop_reason = models.TextField(blank=True)
    probed_at = models.DateTimeField(null=True, blank=True, help_text="when a stopped address was last tried")
    probes = models.PositiveSmallIntegerField(default=0, help_text="tries since it stopped")
    probe_mailing = models.BigIntegerField(null=True, blank=True, help_text="the mail engine’s number of the last try")

    objects = AddressQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "addresses"

    def __str__(self) -> str:
        return self.email

    def is_proved(self) -> bool:
        """True while the last proof is younger than a year."""
        return self.proved_at is not None and timezone.now() - self.proved_at < PROOF_LASTS


class Audience(models.TextChoices):
    """Who sees one field of a profile. Each opens to those before it as well, but for nobody."""

    NOBODY = "nobody", _("Nobody")
    COLLEAGUES = "colleagues", _("Members of my communities")
    GOVERNMENT = "government", _("Anyone signed in with a government address")
    EVERYONE = "everyone", _("Everyone")


def _audience() -> models.CharField[str, str]:
    return models.CharField(max_length=10, choices=Audience.choices, default=Audience.COLLEAGUES)


class Profile(models.Model):
    """What somebody tells of themselves, and to whom. Who never filled in the form has none, and shows the defaults."""

    retention = Retention(Kind.TRANSITORY, "what somebody says of themselves; goes when they leave the site")

    FIELDS = ("agency", "job_title", "helps_with", "learning", "time_zone", "about")
    """What has an audience of its own: `agency_for`, `job_title_for` and so on. Agency, title and zone are the person's."""
    WITH_AUDIENCE = (*FIELDS, "photo")

    person = models.OneToOneField(Person, primary_key=True, on_delete=models.CASCADE, related_name="profile")
    helps_with = models.CharField(max_length=500, blank=True, help_text="free words: what others may ask about")
    learning = models.CharField(max_length=500, blank=True, help_text="free words: what this one wants to learn")
    about = models.TextField(blank=True, help_text="a few words, plain text")
    agency_for = _audience()
    job_title_for = _audience()
    helps_with_for = _audience()
    learning_for = _audience()
    time_zone_for = _audience()
    about_for = _audience()
    photo_key = models.CharField(max_length=200, blank=True, help_text="in the mail store; empty: no photo")
    photo_type = models.CharField(max_length=40, blank=True)
    photo_for = _audience()
    takes_questions = models.BooleanField(default=True, help_text="members of their communities may write to them")
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"profile of {self.person}"

    def photo_mark(self) -> str:
        """What stands on the person, so that lists need no look at the profile."""
        return f"{self.photo_for[0]}{self.photo_key[-8:]}" if self.photo_key else ""

    def told(self, field: str) -> str:
        """What one of FIELDS says, as people read it; empty where it says nothing."""
        if field == "agency":
            return self.person.agency.name if self.person.agency else ""
        text: str = getattr(self.person if field in {"job_title", "time_zone"} else self, field)
        return text.replace("_", " ") if field == "time_zone" else text


class SignInCode(models.Model):
    """A code that was mailed to an address. Only its digest is kept; also what rate limits count."""

    retention = Retention(Kind.TRANSITORY, "an e-mail address for a day")

    email = models.CharField(max_length=254, db_index=True)
    person = models.ForeignKey(
        Person,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="codes",
        help_text="who adds this address to their own; empty: somebody signs in",
    )
    digest = models.CharField(max_length=128)
    asked_from = models.CharField(
        max_length=64, blank=True, db_index=True, help_text="keyed digest of the network address"
    )
    next_path = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField(default=timezone.now, db_index=True)
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"code of {self.made_at:%Y-%m-%d %H:%M}"
