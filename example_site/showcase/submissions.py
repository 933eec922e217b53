"""What people sent to the demo's briefs, sent and decided as it would really be."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from example_site.showcase import artwork
from example_site.showcase.content import BRIEFS, SUBMISSIONS
from example_site.showcase.records import BriefCopy, Picture, SubmissionCopy
from wagtail_crowdbrand.domain import (
    drafting,
    ingesting,
    moderating,
    publishing,
    submitting,
    terms,
)
from wagtail_crowdbrand.models import Submission
from wagtail_crowdbrand.pages.models import BriefPage

#: Where it ends → the decision that leads there, beside approval.
ACTIONS = {
    "hidden": "hide",
    "rejected": "reject",
    "changes_requested": "request_changes",
    "spam": "spam",
}

Drawn = dict[tuple[str, int], bytes]


def load_submissions() -> int:
    """Send what is not there yet; return how many that were."""
    missing = [copy for copy in SUBMISSIONS if not _is_there(copy)]
    missing.sort(key=lambda copy: copy.sent_in_days)
    users = {user.username: user for user in get_user_model().objects.all()}
    for copy, drawn in _with_pictures(missing):
        with transaction.atomic():
            _send(copy, drawn, users[copy.decided_by])
    return len(missing)


def codes_of(slug: str, number: int) -> list[str]:
    """Codes of the first ideas on show in the brief with that slug."""
    brief = BriefPage.objects.get(slug=slug)
    rows = Submission.objects.of_brief(brief).filter(visible_from__isnull=False)
    return list(rows.order_by("submitted_at").values_list("code", flat=True)[:number])


def _brief_of(copy: SubmissionCopy) -> BriefPage:
    return BriefPage.objects.get(slug=BRIEFS[copy.brief].slug)


def _is_there(copy: SubmissionCopy) -> bool:
    rows = Submission.objects.of_brief(_brief_of(copy)).exclude(lifecycle="draft")
    return rows.filter(title=copy.title).exists()


def _with_pictures(
    copies: Iterable[SubmissionCopy],
) -> Iterator[tuple[SubmissionCopy, Drawn]]:
    """Each idea with its drawn pictures; drawing uses all cores."""
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        waiting = [
            (copy, {_key(item): pool.submit(_draw, item) for item in copy.pictures})
            for copy in copies
        ]
        for copy, futures in waiting:
            yield copy, {key: future.result() for key, future in futures.items()}


def _key(picture: Picture) -> tuple[str, int]:
    return picture.kind, picture.seed


def _draw(picture: Picture) -> bytes:
    return artwork.draw(picture.kind, picture.seed)


def _send(copy: SubmissionCopy, drawn: Drawn, moderator: Any) -> None:
    """From the form to its present state, through the functions the form uses."""
    brief = _brief_of(copy)
    at = timezone.now() + timedelta(days=copy.sent_in_days)
    begun = at - timedelta(minutes=20)
    draft = drafting.start_draft(brief, language="en", at=begun)
    images = []
    for picture in copy.pictures:
        upload = ingesting.add_upload(draft, BytesIO(drawn[_key(picture)]), at=begun)
        images.append({"upload": str(upload.pk), "alt": picture.alt})
    idea = drafting.Idea(
        title=copy.title,
        summary=copy.summary,
        answers=_answers(BRIEFS[copy.brief], copy),
        images=images,
    )
    person = drafting.Person(email=copy.email, credit_name=copy.credit)
    draft = drafting.save_draft(draft, idea=idea, person=person, at=begun)
    version = terms.current_version(brief.campaign, at=begun)
    sent = submitting.submit(draft, terms_number=version.number, at=at)
    sent = submitting.confirm(sent, at=at + timedelta(minutes=4))
    _decide(copy, sent, moderator, at=at)


def _decide(
    copy: SubmissionCopy, sent: Submission, moderator: Any, *, at: datetime
) -> None:
    if copy.moderation == "withdrawn":
        submitting.withdraw(sent, at=at + timedelta(hours=5))
        return
    moderating.start(sent)
    sent.refresh_from_db()
    if copy.moderation in ("approved", "hidden"):
        approved = moderating.approve(sent, actor=moderator)
        publishing.publish(approved, at=at + timedelta(hours=3))
    words = {"reason": copy.reason, "reason_code": copy.reason_code}
    action = ACTIONS.get(copy.moderation)
    if action:
        moderating.take(sent, action, actor=moderator, **words)


def _answers(brief: BriefCopy, copy: SubmissionCopy) -> list[dict[str, Any]]:
    return [
        {
            "field": brief.answer_id(entry.key),
            "label": entry.label,
            "kind": entry.kind,
            "visibility": entry.visibility,
            "value": copy.answers.get(entry.key, ""),
        }
        for entry in brief.fields
    ]
