"""What makes a submission suspicious. It holds nothing back; moderators read it."""

from __future__ import annotations

import logging
import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from django.utils.module_loading import import_string

from wagtail_crowdbrand.conf import get_config

if TYPE_CHECKING:
    from wagtail_crowdbrand.models import Submission

logger = logging.getLogger("wagtail_crowdbrand")

MANY_LINKS = 3


class Finding(NamedTuple):
    """``score`` from 0 (nothing) to 1 (certain), and why, for a person."""

    score: float
    reason: str

    def __str__(self) -> str:
        return f"{self.reason} ({self.score:.0%})"


def haste(submission: Submission, *, at: datetime) -> Finding | None:
    """Sent sooner after its first words than a person types an address."""
    least = timedelta(seconds=get_config().min_form_seconds)
    if at - submission.created_at < least:
        return Finding(0.6, "sent faster than a person types")
    return None


def links(submission: Submission, *, at: datetime) -> Finding | None:
    """Many addresses in the words."""
    found = len(re.findall(r"https?://|www\.", submission.public_text))
    if found >= MANY_LINKS:
        return Finding(0.5, f"{found} links in its words")
    return None


def findings(submission: Submission, *, at: datetime) -> list[Finding]:
    """What the functions named in ``SPAM_CHECKS`` find. One that fails is logged."""
    results = []
    for path in get_config().spam_checks:
        try:
            finding = import_string(path)(submission, at=at)
        except Exception:  # a check of the site's own must not cost anybody an idea
            logger.exception("The spam check %s failed.", path)
        else:
            results += [finding] if finding else []
    return results
