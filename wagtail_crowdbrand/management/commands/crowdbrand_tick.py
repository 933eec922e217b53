"""``manage.py crowdbrand_tick``: run it every few minutes, from cron or a timer."""

from __future__ import annotations

import logging
import os
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections
from django.utils import timezone

from wagtail_crowdbrand import tasks
from wagtail_crowdbrand.domain import health, outbox, repeating, upkeep
from wagtail_crowdbrand.domain.events import log_event

logger = logging.getLogger("wagtail_crowdbrand")


class Command(BaseCommand):
    help = "Finishes what a task did not: reviews, pages, mails, clean-up."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--every",
            type=float,
            metavar="SECONDS",
            help="Do so again and again, until whatever started it has ended.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["every"]:
            self.tick(**options)
            return
        parent, due = os.getppid(), time.monotonic()
        while os.getppid() == parent:
            if time.monotonic() >= due:
                due = time.monotonic() + options["every"]
                self.tick_in_any_case(**options)
            time.sleep(min(1, options["every"]))

    def tick_in_any_case(self, **options: Any) -> None:
        """One that fails must not end all later ones."""
        close_old_connections()
        try:
            self.tick(**options)
        except Exception:
            logger.exception("This tick failed; the next one tries again.")

    def tick(self, **options: Any) -> None:
        now = timezone.now()
        upkeep.keep_ledgers(at=now)
        done = {
            "campaigns revealed": upkeep.reveal_due(at=now),
            "reviews started": upkeep.start_missing(at=now),
            "pages made": upkeep.publish_missing(at=now),
            "pictures made ready": upkeep.prepare_missing(at=now),
            "reveals finished": upkeep.finish_reveals(at=now),
            "pages brought back": upkeep.republish_missing(),
            "pictures made again": upkeep.complete_pictures(),
            "pages darkened": upkeep.darken_missing(),
            "taken down": upkeep.retract_missing(),
            "erased in time": upkeep.erase_expired(at=now),
            "erasures finished": upkeep.finish_erasures(),
            "unconfirmed deleted": upkeep.delete_unconfirmed(at=now),
            "pictures deleted": upkeep.delete_forgotten_uploads(at=now),
            "bulk decisions resumed": upkeep.resume_batches(at=now),
            "campaigns taken away": upkeep.resume_removals(at=now),
            "notices closed": upkeep.close_notices(at=now),
            "notices forgotten": upkeep.forget_notice_givers(at=now),
            "orphaned files deleted": upkeep.delete_orphans(at=now),
            "repeated requests forgotten": repeating.forget(at=now),
            "lists of receipts published": upkeep.publish_receipts(at=now),
            "mails about changes resumed": upkeep.tell_entrants(at=now),
            "digests": upkeep.queue_digests(at=now),
        }
        messages = outbox.take_due(at=timezone.now())
        for message_id in messages:
            tasks.deliver.enqueue(str(message_id))
        done["mails tried"] = len(messages)
        health.ticked(at=timezone.now())
        seconds = round((timezone.now() - now).total_seconds(), 1)
        did = {what.replace(" ", "_"): n for what, n in done.items() if n}
        log_event("tick", seconds=seconds, **did)
        for what, count in done.items():
            if count or options["verbosity"] > 1:
                self.stdout.write(f"{what}: {count}")
