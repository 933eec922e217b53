"""What editors may not do to pages in the explorer, and why."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from wagtail_crowdbrand.models import Submission, SubmissionPageMixin


def refusal(page: Any, deed: str) -> str:
    """Why ``deed`` (the name of Wagtail's URL or bulk action) is refused, or ``""``."""
    if isinstance(page, SubmissionPageMixin):
        if deed == "unpublish":
            return _(
                "Taking an idea off the site needs a reason. Unpublish them one by one."
            )
        return _(
            "This page shows an idea somebody sent. It cannot be moved, copied or "
            "deleted; hide the idea instead."
        )
    if "delete" in deed and holds_submissions(page):
        return _(
            "There are submissions below this page, and nothing people sent is lost. "
            "Archive the campaign or unpublish the page instead."
        )
    return ""


def refusal_to_copy_below(page: Any) -> str:
    """Why a page cannot be copied together with its subpages, or ``""``."""
    if Submission.objects.filter(page__path__startswith=page.path).exists():
        return _(
            "Ideas people sent cannot be copied. Copy this page without its subpages."
        )
    return ""


def holds_submissions(page: Any) -> bool:
    """Whether anything was sent to the briefs at or below this page."""
    return Submission.objects.filter(brief_page__path__startswith=page.path).exists()
