"""The book. Its entries have no foreign keys: they outlive what they describe."""

from __future__ import annotations

from django.db import models

from junto.audit.retention import Kind, Retention


class Entry(models.Model):
    """One fact: what happened, to what, by whom, and why. Written once, never changed."""

    retention = Retention(Kind.LOG, "the name and address of who acted, as they were at the time")

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    fact = models.CharField(max_length=100, db_index=True, help_text="dotted: communities.member.removed")
    about_type = models.CharField(max_length=60, blank=True)
    about_id = models.CharField(max_length=40, blank=True)
    about = models.CharField(max_length=300, blank=True, help_text="what it was called at the time")
    by_id = models.CharField(max_length=40, blank=True)
    by = models.CharField(max_length=300, blank=True, help_text="who acted; empty when a rule or a clock did")
    reason = models.TextField(blank=True)
    details = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name_plural = "entries"
        indexes = [models.Index(fields=["about_type", "about_id", "-at"])]

    def __str__(self) -> str:
        return f"{self.fact}: {self.about}"
