"""The one place that knows where the django.tasks API comes from (the framework's own from Django 6 on)."""

from django_tasks import task

__all__ = ["task"]
