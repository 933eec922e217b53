"""``manage.py crowdbrand_setup``: everything a site needs before its first campaign."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from wagtail_crowdbrand.domain import setup


class Command(BaseCommand):
    help = "Makes the moderators' group, the default workflow and the collection."

    def handle(self, *args: Any, **options: Any) -> None:
        for sentence in setup.set_up():
            self.stdout.write(sentence)
