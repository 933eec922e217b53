"""``manage.py crowdbrand_setup``: everything a site needs before its first campaign."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from wagtail_crowdbrand.domain import searching, setup


class Command(BaseCommand):
    help = "Makes the moderators' group, the default workflow, collection and index."

    def handle(self, *args: Any, **options: Any) -> None:
        for sentence in setup.set_up():
            self.stdout.write(sentence)
        if searching.set_up():
            self.stdout.write(_("Made: index for Wagtail’s search"))
