"""``manage.py load_demo``: the site, campaigns, ideas. Safe to repeat."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand

from example_site.showcase import accounts, campaigns, complaints, submissions
from example_site.showcase.pages import build_site, link_features, place_calls
from wagtail_crowdbrand.domain import setup


class Command(BaseCommand):
    help = "Loads the demo: pages, logins, campaigns and what people sent to them."

    def handle(self, *args: Any, **options: Any) -> None:
        address = urlsplit(settings.WAGTAILADMIN_BASE_URL)
        setup.set_up()
        accounts.create_logins()
        self.stdout.write("Building the site …")
        home = build_site(
            hostname=address.hostname or "localhost", port=address.port or 80
        )
        self.stdout.write("Opening the campaigns …")
        pages = campaigns.build_campaigns(home)
        link_features(home, page=next(iter(pages.values())))
        self.stdout.write("Sending the ideas (a minute, the first time) …")
        count = submissions.load_submissions()
        place_calls(
            home,
            campaign=next(iter(pages.values())),
            codes={
                "featured": submissions.codes_of("name-the-ship", 3),
                "compare": submissions.codes_of("draw-her-funnel-mark", 3),
            },
        )
        complaints.load_complaints()
        self.stdout.write(f"Ready: {len(pages)} campaigns, {count} new ideas.")
