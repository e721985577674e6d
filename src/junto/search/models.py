"""The rows of the index. The full text over them lives in tables and columns that the migration makes (see engines.py)."""

from __future__ import annotations

from django.db import models

from junto.audit.retention import Kind, Retention


class IndexedDocument(models.Model):
    """One document as the index keeps it. `text` stands last: filters never read past the columns before it."""

    retention = Retention(Kind.REFERENCE, "the author's name and words, until what they are part of is removed")

    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=40)
    label = models.CharField(max_length=80, help_text="public, or who may find it: community:3")
    scope = models.CharField(max_length=100, blank=True)
    scope_name = models.CharField(max_length=200, blank=True)
    author = models.CharField(max_length=200, blank=True)
    author_key = models.CharField(max_length=220, blank=True, help_text="the author, folded for comparing")
    agency = models.CharField(max_length=250, blank=True)
    agency_key = models.CharField(
        max_length=270, blank=True, help_text="the agency, folded, one blank around each word"
    )
    at = models.DateTimeField(null=True, blank=True)
    url = models.CharField(max_length=500)
    title = models.TextField(blank=True)
    text = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["-at", "-id"], name="documents_by_date"),
            models.Index(fields=["scope", "-at"], name="documents_of_scope"),
        ]

    def __str__(self) -> str:
        return self.key
