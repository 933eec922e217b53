"""What a machine reads of our pages, on a site that writes 1,234 for people."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import timezone
from wagtail.images import get_image_model
from wagtail.models import Revision

from tests import factories
from wagtail_crowdbrand.domain import (
    appealing,
    batches,
    moderating,
    noticing,
    publishing,
)
from wagtail_crowdbrand.models import (
    Appeal,
    BatchItem,
    Decision,
    LedgerEntry,
    Submission,
    Upload,
)
from wagtail_crowdbrand.states import Moderation

pytestmark = pytest.mark.django_db

FIRST = 1_234_567
SEPARATED = re.compile(r"\d,\d{3}")
#: Attributes that are read aloud or shown.
FOR_PEOPLE = ("alt", "aria-label", "content", "placeholder", "title")


class Attributes(HTMLParser):
    """Those a machine reads, as ``tag name=value``."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [
            f"{tag} {name}={value}" for name, value in attrs if name not in FOR_PEOPLE
        ]


def begin_ids_at(number: int, *models: type) -> None:
    for table in (model._meta.db_table for model in models):
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
                row = [table, number]
                cursor.execute("INSERT INTO sqlite_sequence VALUES (%s, %s)", row)
            else:
                words = "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)"
                cursor.execute(words, [table, number])


def make_long_batch(brief, root) -> str:
    """The address of a batch of more than a thousand; returns before it has begun."""
    rows = Submission.objects.bulk_create(
        Submission(
            brief_page_id=brief.pk,
            brief_key=brief.translation_key,
            campaign_page_id=brief.campaign.pk,
            lifecycle="submitted",
            moderation="pending",
            created_at=timezone.now(),
            submitted_at=timezone.now(),
            confirmed_at=timezone.now(),
        )
        for _number in range(1_001)
    )
    batch = batches.start(rows[:1], action="approve", actor=root, at=timezone.now())
    BatchItem.objects.bulk_create(
        BatchItem(batch=batch, submission=row) for row in rows[1:]
    )
    url_name = Submission.snippet_viewset.get_url_name("batch")
    return reverse(url_name, args=[batch.pk])


@pytest.fixture
def addresses(ready, settings):
    """Of our pages, with ids, sizes and numbers of four digits and more."""
    settings.WAGTAIL_CROWDBRAND = {"UNDO_SECONDS": 3600}
    begin_ids_at(FIRST, Submission, Revision, Decision, Appeal)
    brief = factories.make_brief(max_per_contributor=99)
    root = User.objects.create_superuser("root", "r@example.org", "x")
    shown, refused, waiting = (factories.make_waiting(brief) for _number in range(3))
    judge = factories.make_moderator()
    moderating.approve(shown, actor=judge)
    publishing.publish(shown, at=timezone.now())
    problem = noticing.Problem(reason_code="rights", person="1")
    noticing.give_notice(shown, problem, at=timezone.now())
    moderating.reject(refused, actor=judge, reason="Off the topic.")
    refused.decisions.update(settles_at=None)
    appeal = appealing.appeal(refused, text="It is not!", at=timezone.now())
    moderating.reject(factories.make_waiting(brief), actor=root, reason="No.")
    Upload.objects.update(width=2400, height=1600)
    get_image_model().get_rendition_model().objects.update(width=2400, height=1600)
    # Past its own guard, which lets nobody change a line.
    QuerySet.update(LedgerEntry.objects.all(), number=F("number") + FIRST)
    shown = Submission.objects.get(pk=shown.pk)
    desk = reverse("crowdbrand_desk:look", args=[waiting.pk])
    edit = Submission.snippet_viewset.get_url_name("edit")
    return {
        "desk": desk,
        "reason": f"{desk}?decide=reject",
        "notices": reverse("crowdbrand_notices:look", args=[shown.pk]),
        "appeal": reverse("crowdbrand_desk:appeal", args=[appeal.pk]),
        "edit": reverse(edit, args=[waiting.pk]),
        "batch": make_long_batch(brief, root),
        "gallery": brief.url,
        "submission": shown.page.url,
        "form": f"{brief.url}submit/",
        "ledger": reverse("wagtail_crowdbrand:ledger", args=[brief.campaign.pk]),
    }


def test_numbers_for_machines_have_no_separators(addresses, client, settings):
    client.force_login(User.objects.get(username="root"))
    plain = {name: client.get(address) for name, address in addresses.items()}
    assert {name: page.status_code for name, page in plain.items()} == dict.fromkeys(
        addresses, 200
    )
    settings.USE_THOUSAND_SEPARATOR = True
    for name, address in addresses.items():
        found = Attributes(client.get(address).content.decode()).found
        separated = [text for text in found if SEPARATED.search(text)]
        assert separated == [], name
        assert any(re.search(r"\d{4}", text) for text in found), name


def test_the_desk_decides_beyond_a_thousand(addresses, client, settings):
    settings.USE_THOUSAND_SEPARATOR = True
    client.force_login(User.objects.get(username="root"))
    content = client.get(addresses["desk"]).content.decode()
    seen = re.search(r'name="seen" value="([^"]*)"', content)[1]
    client.post(addresses["desk"], {"action": "approve", "seen": seen})
    waiting = Submission.objects.get(pk=addresses["desk"].split("/")[-2])
    assert waiting.moderation == Moderation.APPROVED
