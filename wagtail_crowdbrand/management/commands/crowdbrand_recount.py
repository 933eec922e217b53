"""``manage.py crowdbrand_recount --check`` or ``--fix``: counts, ranks and facets."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from wagtail_crowdbrand.domain import invariants


class Command(BaseCommand):
    help = "Compares stored counts, ranks and filters with what is visible; mends them."

    def add_arguments(self, parser: CommandParser) -> None:
        group = parser.add_mutually_exclusive_group(required=True)
        group.add_argument("--check", action="store_true", help="only look")
        group.add_argument("--fix", action="store_true", help="mend what is wrong")

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = {*invariants.wrong_counts(), *invariants.wrong_facets()}
        if not wrong:
            self.stdout.write("All counts are right.")
        elif options["check"]:
            keys = ", ".join(sorted(map(str, wrong)))
            raise CommandError(f"Wrong counts in {len(wrong)} briefs: {keys}")
        for brief_key in sorted(wrong) if options["fix"] else []:
            count = invariants.recount(brief_key)
            self.stdout.write(f"{brief_key}: {count} visible.")
