"""`junto manage let_run_site ADDRESS`: how the first of the people who run the site is named."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from junto.kit.addresses import BadAddress
from junto.people import actions


class Command(BaseCommand):
    help = "Let somebody run this site: edit the exceptions, see every community. They sign in with their address."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", help="the address with which they sign in")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            person = actions.welcome(email=options["address"], by=None)
        except BadAddress as problem:
            raise CommandError(str(problem)) from problem
        actions.let_run_site(person=person, by=None)
        self.stdout.write(f"{person.email} runs this site now. They sign in at /sign-in/ with this address.")
