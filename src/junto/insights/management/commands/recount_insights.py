"""`junto manage recount_insights [SLUG]`: count the numbers of a community, or of all, anew from the truth."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from junto.communities.models import Community
from junto.insights import actions


class Command(BaseCommand):
    help = "Count what the insights show anew, for one community or for all. Nothing is lost: the numbers come from its records."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", nargs="?", help="the community; without it, all")
        parser.add_argument("--since", type=date.fromisoformat, help="only days from this one on, like 2027-03-31")

    def handle(self, *args: Any, **options: Any) -> None:
        found = Community.objects.order_by("pk")
        if options["slug"]:
            found = found.filter(slug=options["slug"])
            if not found:
                raise CommandError(f"There is no community {options['slug']}.")
        for community in found:
            changed = actions.recount(community=community, since=options["since"], by=None)
            self.stdout.write(f"{community.slug}: {changed} days changed.")
