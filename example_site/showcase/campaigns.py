"""Campaigns and briefs of the demo, as an editor would have written them."""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from wagtail.models import Page

from example_site.showcase.content import (
    CAMPAIGNS,
    INDEX_INTRODUCTION,
    INDEX_SLUG,
    INDEX_TITLE,
)
from example_site.showcase.pages import demo_image
from example_site.showcase.records import BriefCopy, CampaignCopy
from wagtail_crowdbrand.pages.models import BriefPage, CampaignIndexPage, CampaignPage

LINES = ("must_haves", "no_gos", "criteria")


def build_campaigns(home: Page) -> dict[str, CampaignPage]:
    """Make what is missing; return the campaigns by slug."""
    index = CampaignIndexPage.objects.first() or _publish(
        home,
        CampaignIndexPage(
            title=INDEX_TITLE,
            slug=INDEX_SLUG,
            introduction=INDEX_INTRODUCTION,
            show_in_menus=True,
        ),
    )
    return {copy.slug: _campaign(index, copy) for copy in CAMPAIGNS}


def _campaign(index: Page, copy: CampaignCopy) -> CampaignPage:
    campaign = CampaignPage.objects.filter(slug=copy.slug).first()
    if campaign is None:
        now = timezone.now().replace(minute=0, second=0, microsecond=0)
        cover = demo_image(
            copy.cover.kind,
            copy.cover.seed,
            title=copy.cover.title,
            description=copy.cover.alt,
        )
        campaign = CampaignPage(
            **_same_named(copy, CampaignPage),
            cover=cover,
            story=list(copy.story),
            opens_at=now + timedelta(days=copy.opens_in_days),
            closes_at=now + timedelta(days=copy.closes_in_days),
            decision_due_at=now + timedelta(days=copy.decision_due_in_days),
            reveals_at=_in_days(copy.reveals_in_days, now),
        )
        # With its briefs, which belong to it from the first line of its ledger on.
        campaign.live = False
        index.refresh_from_db()
        index.add_child(instance=campaign)
    for brief in copy.briefs:
        _brief(campaign, brief)
    if not campaign.live:
        campaign.refresh_from_db()
        campaign.save_revision().publish()
    return campaign


def _in_days(days: int | None, now: datetime) -> datetime | None:
    return None if days is None else now + timedelta(days=days)


def _brief(campaign: CampaignPage, copy: BriefCopy) -> None:
    if BriefPage.objects.child_of(campaign).filter(slug=copy.slug).exists():
        return
    values = _same_named(copy, BriefPage)
    values |= {name: "\n".join(getattr(copy, name)) for name in LINES}
    page = BriefPage(**values, answer_fields=copy.answer_fields_json())
    _publish(campaign, page)


def _same_named(copy: Any, model: type[Page]) -> dict[str, Any]:
    """The plain values of ``copy`` that ``model`` has under the same name."""
    columns = {field.name for field in model._meta.fields} - {"story", "cover"}
    names = [field.name for field in fields(copy) if field.name in columns]
    return {name: asdict(copy)[name] for name in names}


def _publish(parent: Page, page: Any) -> Any:
    fresh = type(parent).objects.get(pk=parent.pk)
    fresh.add_child(instance=page)
    page.save_revision().publish()
    return page
