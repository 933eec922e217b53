"""What editors may not do to pages in the explorer, and why."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from wagtail_crowdbrand.models import BriefMixin, Submission, SubmissionPageMixin
from wagtail_crowdbrand.states import REASONS

#: Wagtail's deeds on the page of a submission that end in a refusal.
NEVER = ("move", "copy", "delete")


def hide_refused(buttons: list[Any], page: Any) -> None:
    """Take from the buttons of a listing what would only be refused."""
    model = page.specific_class
    if model is None or not issubclass(model, SubmissionPageMixin):
        return
    shown = page.specific
    refused = [deed for deed in NEVER if refusal(shown, deed)]
    urls = tuple(
        reverse(f"wagtailadmin_pages:{deed}", args=[page.pk]) for deed in refused
    )
    for button in buttons:
        menu = getattr(button, "dropdown_buttons", [])
        menu[:] = [item for item in menu if not (item.url or "").startswith(urls)]


def refusal(page: Any, deed: str) -> str:
    """Why ``deed`` (the name of Wagtail's URL or bulk action) is refused, or ``""``."""
    if isinstance(page, SubmissionPageMixin):
        if "delete" in deed and page.submission is None:
            return ""  # a copy Wagtail made when it translated the brief
        if deed == "unpublish":
            return _(
                "Taking an idea off the site needs a reason. Unpublish them one by one."
            )
        return _(
            "This page shows an idea somebody sent. It cannot be moved, copied or "
            "deleted; hide the idea instead."
        )
    if "move" in deed and is_below_a_seal(page) and holds_submissions(page):
        return str(REASONS["stays_sealed"])
    if "delete" in deed and holds_submissions(page):
        return _(
            "There are submissions below this page, and nothing people sent is lost. "
            "Archive the campaign or unpublish the page instead. If all of it has to "
            "go, “Delete for ever” is on the overview of a campaign that is over."
        )
    if "delete" in deed and is_agreed_to_elsewhere(page):
        return _(
            "Ideas in a brief that has moved were sent under the terms of a campaign "
            "here. Unpublish it instead, or, if it is over, use “Delete for ever” on "
            "its overview: then the terms stay with the brief."
        )
    return ""


def refusal_to_copy_below(page: Any) -> str:
    """Why a page cannot be copied together with its subpages, or ``""``."""
    if Submission.objects.filter(page__path__startswith=page.path).exists():
        return _(
            "Ideas people sent cannot be copied. Copy this page without its subpages."
        )
    return ""


def is_below_a_seal(page: Any) -> bool:
    """Whether it is a brief of a sealed campaign."""
    return isinstance(page, BriefMixin) and page.campaign.is_sealed


def holds_submissions(page: Any) -> bool:
    """Whether anything was sent to the briefs at or below this page."""
    return Submission.objects.filter(brief_page__path__startswith=page.path).exists()


def is_agreed_to_elsewhere(page: Any) -> bool:
    """Whether terms of a campaign at or below this page hold for ideas elsewhere."""
    rows = Submission.objects.filter(terms__campaign_page__path__startswith=page.path)
    return rows.exclude(brief_page__path__startswith=page.path).exists()
