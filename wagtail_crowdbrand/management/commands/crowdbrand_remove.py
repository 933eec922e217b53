"""``manage.py crowdbrand_remove <id> --yes``: a campaign and all ideas go for ever."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from wagtail_crowdbrand.domain import classes, removing
from wagtail_crowdbrand.errors import CrowdbrandError
from wagtail_crowdbrand.models import Removal


class Command(BaseCommand):
    help = (
        "Deletes a campaign that is archived or cancelled for ever, with everything "
        "people sent. Begin it again after an interruption: it goes on."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("campaign", type=int, help="the id of its page")
        parser.add_argument("--yes", action="store_true", help="there is no way back")

    def handle(self, *args: Any, **options: Any) -> None:
        removal = self.find(options["campaign"], sure=options["yes"])
        more = removal.finished_at is None
        while more:
            more = removing.work(removal, at=timezone.now())
            removal.refresh_from_db()
            self.stdout.write(f"{removal.done:,} of {removal.total:,} submissions.")
        if removal.finished_at is None:
            raise CommandError("Some could not be removed; see the log, and try again.")
        self.stdout.write(f"“{removal.title}” is gone.")

    def find(self, pk: int, *, sure: bool) -> Removal:
        """The removal that was begun, or a new one if ``sure``."""
        known = Removal.objects.filter(campaign_id=pk).first()
        if known and (sure or known.finished_at):
            return known
        campaign = next(classes.campaigns(pk=pk), None)
        if campaign is None:
            raise CommandError(f"There is no campaign {pk}.")
        if not sure:
            submissions, people = removing.toll_of(campaign)
            raise CommandError(
                f"This would delete “{campaign.title}” for ever, with {submissions:,} "
                f"submissions by {people:,} contributors. Say --yes if it shall."
            )
        try:
            return removing.start(campaign, actor=None, at=timezone.now())
        except CrowdbrandError as error:
            raise CommandError(str(error)) from error
