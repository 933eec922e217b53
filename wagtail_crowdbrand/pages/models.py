"""CampaignIndexPage › CampaignPage › BriefPage › SubmissionPage."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import ObjectList, TabbedInterface
from wagtail.models import Page

from wagtail_crowdbrand.models import (
    BriefMixin,
    CampaignIndexMixin,
    CampaignMixin,
    SubmissionPageMixin,
)


class CampaignIndexPage(CampaignIndexMixin, Page):
    """Lists the campaigns of a site."""

    subpage_types = ["wagtail_crowdbrand_pages.CampaignPage"]
    content_panels = [*Page.content_panels, *CampaignIndexMixin.introduction_panels]

    class Meta:
        verbose_name = _("campaign index")
        verbose_name_plural = _("campaign indexes")


class CampaignPage(CampaignMixin, Page):
    """One open call for one brand."""

    parent_page_types = ["wagtail_crowdbrand_pages.CampaignIndexPage"]
    subpage_types = ["wagtail_crowdbrand_pages.BriefPage"]
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [*Page.content_panels, *CampaignMixin.story_panels],
                heading=_("Story"),
            ),
            ObjectList(CampaignMixin.schedule_panels, heading=_("Schedule")),
            ObjectList(CampaignMixin.contract_panels, heading=_("Expectations")),
            ObjectList(Page.promote_panels, heading=_("Promote")),
            ObjectList(
                [*CampaignMixin.moderation_panels, *Page.settings_panels],
                heading=_("Settings"),
            ),
        ]
    )
    search_fields = [*Page.search_fields, *CampaignMixin.campaign_search_fields]

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")


class BriefPage(BriefMixin, Page):
    """One task of a campaign."""

    parent_page_types = ["wagtail_crowdbrand_pages.CampaignPage"]
    subpage_types = ["wagtail_crowdbrand_pages.SubmissionPage"]
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [*Page.content_panels, *BriefMixin.task_panels], heading=_("Task")
            ),
            ObjectList(BriefMixin.form_panels, heading=_("Submission form")),
            ObjectList(Page.promote_panels, heading=_("Promote")),
            ObjectList(Page.settings_panels, heading=_("Settings")),
        ]
    )
    search_fields = [*Page.search_fields, *BriefMixin.brief_search_fields]

    class Meta:
        verbose_name = _("brief")
        verbose_name_plural = _("briefs")


class SubmissionPage(SubmissionPageMixin, Page):
    """Shows one visible submission. Made by approving it, never by hand."""

    is_creatable = False
    parent_page_types = ["wagtail_crowdbrand_pages.BriefPage"]
    subpage_types: list[str] = []
    content_panels = [*SubmissionPageMixin.note_panels]
    search_fields = [
        *Page.search_fields,
        *SubmissionPageMixin.submission_search_fields,
    ]

    class Meta:
        verbose_name = _("submission page")
        verbose_name_plural = _("submission pages")
