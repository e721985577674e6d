"""Ways to sign in besides a code by mail, and the browsers in which somebody is signed in."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.contrib.sessions.models import Session
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from junto.audit.retention import Kind, Retention
from junto.people.models.persons import Person


class Way(models.TextChoices):
    """How somebody signed in."""

    CODE = "code", _("With a code by mail")
    PASSKEY = "passkey", _("With a passkey")
    PROVIDER = "provider", _("With an account elsewhere")


class Passkey(models.Model):
    """A public key (WebAuthn Level 3) whose private half never leaves its owner’s device or password manager."""

    retention = Retention(Kind.TRANSITORY, "a public key and when it was last used; goes with the account")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="passkeys")
    name = models.CharField(max_length=100, help_text="as its owner calls it")
    handle = models.CharField(max_length=1400, unique=True, help_text="credential id, base64url")
    owner = models.CharField(max_length=100, help_text="user handle, base64url: random, the same for all of a person")
    public_key = models.BinaryField(help_text="COSE key, RFC 9052")
    sign_count = models.BigIntegerField(default=0, help_text="how often the device signed; 0 where it does not count")
    is_synced = models.BooleanField(default=False, help_text="kept by a password manager as well")
    made_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"passkey {self.pk}"


class ProviderAccount(models.Model):
    """An account at an OpenID provider, known by what never changes there: the issuer and its subject."""

    retention = Retention(Kind.TRANSITORY, "a number that the provider gave; goes with the account")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="provider_accounts")
    issuer = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    made_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issuer", "subject"], name="provider_account_once")]

    def __str__(self) -> str:
        return f"account at {self.issuer}"


class SignedInQuerySet(models.QuerySet["SignedIn"]):
    def live(self) -> Self:
        """Those whose session has not ended."""
        sessions = Session.objects.filter(expire_date__gt=timezone.now())
        return self.filter(session_key__in=sessions.values("session_key"))

    def note_use(self, session_key: str, *, at: datetime) -> None:
        """Note the hour in which a browser was last used: one update at most an hour. No deed: nothing is on record."""
        hour = at.replace(minute=0, second=0, microsecond=0)
        self.filter(session_key=session_key, last_seen_at__lt=hour).update(last_seen_at=hour)


class SignedIn(models.Model):
    """A browser in which somebody is signed in, in words that its owner knows it by. Django keeps the session itself."""

    retention = Retention(Kind.TRANSITORY, "browser, rounded network address and hour of use, while the session lives")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="signed_in")
    session_key = models.CharField(max_length=40, unique=True)
    way = models.CharField(max_length=10, choices=Way.choices, default=Way.CODE)
    browser = models.CharField(max_length=100, blank=True, help_text="Firefox on Windows")
    network = models.CharField(max_length=50, blank=True, help_text="the first parts of the network address")
    began_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(default=timezone.now, help_text="to the hour")

    objects = SignedInQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "signed in"

    def __str__(self) -> str:
        return f"signed in since {self.began_at:%Y-%m-%d %H:%M}"


class Attempt(models.Model):
    """Somebody began to sign in without a code: what limits count, for a day."""

    retention = Retention(Kind.TRANSITORY, "a keyed digest of a network address for a day")

    asked_from = models.CharField(max_length=64, db_index=True, help_text="keyed digest of the network address")
    way = models.CharField(max_length=10, choices=Way.choices)
    made_at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return f"attempt of {self.made_at:%Y-%m-%d %H:%M}"
