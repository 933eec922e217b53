"""A site with its own base page model installs the first app and subclasses mixins."""

from __future__ import annotations

import pytest
import swapper
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.testapp.models import BasePage
from wagtail_crowdbrand.domain import (
    gallery,
    moderating,
    removing,
    submitting,
    terms,
)
from wagtail_crowdbrand.models import Submission, TermsVersion

pytestmark = pytest.mark.django_db

DESK = "wagtailsnippets_wagtail_crowdbrand_submission"


def test_check_is_clean():
    call_command("check", fail_level="DEBUG")


def test_our_real_migrations_made_the_tables():
    assert not apps.is_installed("wagtail_crowdbrand.pages")
    applied = MigrationRecorder(connection).applied_migrations()
    assert ("wagtail_crowdbrand", "0001_initial") in applied
    assert swapper.load_model("wagtailcore", "Page") is BasePage
    call_command("migrate", "wagtail_crowdbrand", check_unapplied=True)


def test_no_migration_is_missing():
    call_command(
        "makemigrations",
        "wagtail_crowdbrand",
        "calls",
        check_changes=True,
        dry_run=True,
    )


@pytest.mark.parametrize(
    ("model", "field"),
    [
        (Submission, "brief_page"),
        (Submission, "campaign_page"),
        (Submission, "page"),
        (TermsVersion, "campaign_page"),
    ],
)
def test_constraint_points_at_the_base_page(model, field):
    column = model._meta.get_field(field).column
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, model._meta.db_table)
    targets = [
        constraint["foreign_key"]
        for constraint in found.values()
        if constraint["foreign_key"] and constraint["columns"] == [column]
    ]
    assert targets == [("testapp_basepage", "id")]


def visible() -> list[str]:
    rows = Submission.objects.visible_to(AnonymousUser(), at=timezone.now())
    return list(rows.values_list("code", flat=True))


def test_story_of_an_idea(ready, commits):
    brief = factories.make_brief()
    draft = factories.make_draft(brief, title="Nightglow")
    version = terms.current_version(brief.campaign, at=timezone.now())
    with commits():
        sent = submitting.submit(draft, terms_number=version.number, at=timezone.now())
    with commits():
        submitting.confirm(sent, at=timezone.now())
    sent.refresh_from_db()
    assert (sent.staff_status, visible()) == ("waiting", [])

    with commits():
        moderating.approve(sent, actor=factories.make_moderator())
    sent.refresh_from_db()
    assert (sent.staff_status, visible()) == ("visible", [sent.code])
    assert isinstance(sent.page, BasePage)
    assert sent.page.specific.submission == sent
    assert BasePage.find_problems() == ([], [], [], [], [])

    with commits():
        submitting.withdraw(sent, at=timezone.now())
    sent.refresh_from_db()
    assert (visible(), gallery.visible_count(brief)) == ([], 0)
    assert not sent.page.live


def test_public_pages(ready, commits, client):
    brief = factories.make_brief(max_per_contributor=9)
    shown = [factories.make_waiting(brief, title=name) for name in ("Glow", "Beam")]
    moderator = factories.make_moderator()
    for row in shown:
        with commits():
            moderating.approve(row, actor=moderator)
        row.refresh_from_db()

    index = brief.campaign.get_parent().specific
    assert brief.campaign.title in client.get(index.url).content.decode()
    assert brief.title in client.get(brief.campaign.url).content.decode()
    for order in ("", "?order=newest"):
        page = client.get(brief.url + order).content.decode()
        assert all(row.page.specific.url in page for row in shown)
    idea = client.get(shown[0].page.specific.url)
    assert (idea.status_code, "Glow" in idea.content.decode()) == (200, True)
    codes = "&".join(f"code={row.code}" for row in shown)
    assert "Beam" in client.get(f"{brief.url}compare/?{codes}").content.decode()

    with commits():
        submitting.withdraw(shown[0], at=timezone.now())
    assert client.get(shown[0].page.specific.url).status_code == 404
    assert "Glow" not in client.get(brief.url).content.decode()


def test_a_guest_sends_an_idea(ready, client):
    brief = factories.make_brief()
    client.post(f"{brief.url}submit/", {"title": "Glow", "summary": "At night."})
    draft = Submission.objects.get()
    steps = f"{brief.url}submit/{draft.code}"
    person = {"email": "ada@example.org", "credit_name": "Ada"}
    client.post(f"{steps}/about/", person)
    client.post(f"{steps}/check/", {"accept": "on", "terms_number": "1"})
    draft.refresh_from_db()
    assert (draft.lifecycle, draft.brief_page_id) == ("submitted", brief.pk)
    assert client.get(f"/crowdbrand/ideas/{draft.code}/").status_code == 200
    assert Client().get(f"/crowdbrand/ideas/{draft.code}/").status_code == 404


def test_editors_screens_open(ready, commits, admin_client):
    row = factories.make_waiting()
    with commits():
        moderating.approve(row, actor=None)
    row.refresh_from_db()
    pages = {
        row.campaign.get_parent().pk,
        row.campaign_page_id,
        row.brief_page_id,
        row.page_id,
    }
    screens = [f"/admin/pages/{pk}/edit/" for pk in pages]
    screens += [f"/admin/pages/{pk}/" for pk in pages]
    screens += [reverse(f"{DESK}:list"), reverse(f"{DESK}:edit", args=[row.pk])]
    failed = [url for url in screens if admin_client.get(url).status_code != 200]
    assert failed == []


def test_a_campaign_is_removed(ready, commits):
    row = factories.make_waiting()
    with commits():
        moderating.approve(row, actor=None)
    pages = BasePage.objects.filter(pk__in=[row.campaign_page_id, row.brief_page_id])
    type(row.campaign).objects.update(hold="cancelled", hold_note="No.")
    with commits():
        removing.start(row.campaign, actor=None, at=timezone.now())
    assert (Submission.objects.count(), pages.count()) == (0, 0)
    assert BasePage.find_problems() == ([], [], [], [], [])
