"""Our mixins on the site's own base page, as the how-to describes it."""

from __future__ import annotations

from tests.testapp.models import BasePage
from wagtail_crowdbrand.models import (
    BriefMixin,
    CampaignIndexMixin,
    CampaignMixin,
    SubmissionPageMixin,
)


class CampaignIndexPage(CampaignIndexMixin, BasePage):
    subpage_types = ["calls.CampaignPage"]
    content_panels = [*BasePage.content_panels, *CampaignIndexMixin.introduction_panels]


class CampaignPage(CampaignMixin, BasePage):
    parent_page_types = ["calls.CampaignIndexPage"]
    subpage_types = ["calls.BriefPage"]
    content_panels = [
        *BasePage.content_panels,
        *CampaignMixin.story_panels,
        *CampaignMixin.schedule_panels,
        *CampaignMixin.contract_panels,
    ]
    settings_panels = [*BasePage.settings_panels, *CampaignMixin.moderation_panels]
    search_fields = [*BasePage.search_fields, *CampaignMixin.campaign_search_fields]


class BriefPage(BriefMixin, BasePage):
    parent_page_types = ["calls.CampaignPage"]
    subpage_types = ["calls.SubmissionPage"]
    content_panels = [
        *BasePage.content_panels,
        *BriefMixin.task_panels,
        *BriefMixin.form_panels,
    ]
    search_fields = [*BasePage.search_fields, *BriefMixin.brief_search_fields]


class SubmissionPage(SubmissionPageMixin, BasePage):
    is_creatable = False
    parent_page_types = ["calls.BriefPage"]
    subpage_types: list[str] = []
    content_panels = [*SubmissionPageMixin.note_panels]
    search_fields = [
        *BasePage.search_fields,
        *SubmissionPageMixin.submission_search_fields,
    ]
