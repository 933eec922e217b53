"""From rows and pages to the shapes that go out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch

from wagtail_crowdbrand.api import fields
from wagtail_crowdbrand.cards import Card, Size
from wagtail_crowdbrand.domain import (
    appealing,
    decisions,
    filtering,
    phases,
    submitting,
    terms,
)
from wagtail_crowdbrand.domain.covers import API_SIZES
from wagtail_crowdbrand.errors import CrowdbrandError
from wagtail_crowdbrand.models import Submission
from wagtail_crowdbrand.states import REASONS, Capability, Lifecycle

FORMATS = {
    "avif": "image/avif",
    "gif": "image/gif",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
}


def campaign_item(request: HttpRequest, page: Any, *, at: datetime) -> dict[str, Any]:
    return {
        "id": page.pk,
        "title": page.title,
        "url": page_url(request, page),
        "brand_name": page.brand_name,
        "summary": page.summary,
        "phase": phases.phase_of(page, at=at),
        "hold": page.hold,
        "hold_note": page.hold_note,
        "opens_at": page.opens_at,
        "closes_at": page.closes_at,
        "deadline": phases.deadline(page),
        "visibility_mode": page.visibility_mode,
        "reveals_at": page.reveals_at if page.is_sealed else None,
        "revealed_at": page.revealed_at,
        "decision_due_at": page.decision_due_at,
        "time_zone": page.time_zone,
        "cover": cover(request, page.cover),
    }


def campaign(
    request: HttpRequest, page: Any, briefs: list[Any], counts: Any, *, at: datetime
) -> dict[str, Any]:
    number = terms.current_version(page, at=at).number
    draft = campaign_draft(request, page, briefs, counts, at=at)
    return draft | {"contract": draft["contract"] | {"number": number}}


def campaign_draft(
    request: HttpRequest, page: Any, briefs: list[Any], counts: Any, *, at: datetime
) -> dict[str, Any]:
    """The same without a version of the contract: nobody can agree to a draft."""
    contract = {name: getattr(page, name) for name in page.CONTRACT_FIELDS}
    story = page.story.stream_block.get_api_representation(
        page.story, context={"request": request}
    )
    return campaign_item(request, page, at=at) | {
        "story": story,
        "contract": {"number": 0, **contract},
        "submit": verdict(Capability.SUBMIT, page, at=at),
        "briefs": [brief_item(request, brief, counts) for brief in briefs],
    }


def brief_item(request: HttpRequest, page: Any, counts: Any) -> dict[str, Any]:
    return {
        "id": page.pk,
        "title": page.title,
        "url": page_url(request, page),
        "deliverable_kind": page.deliverable_kind,
        "challenge": page.challenge,
        "submission_count": counts.get(page.translation_key, 0),
    }


def brief(
    request: HttpRequest, page: Any, counts: Any, *, at: datetime
) -> dict[str, Any]:
    plain = ("background", "audience", "tone", "resources")
    numbers = ("max_per_contributor", "min_images", "max_images", "max_summary_length")
    lists = ("must_haves", "no_gos", "criteria")
    return (
        brief_item(request, page, counts)
        | {name: getattr(page, name) for name in (*plain, *numbers)}
        | {name: getattr(page, name).splitlines() for name in lists}
        | {
            "campaign_id": page.campaign.pk,
            "fields": fields.described(page),
            "filters": [_filter(each) for each in filtering.offered(page)],
            "submission_schema": fields.schema_of(page),
            "submit": verdict(Capability.SUBMIT, page.campaign, at=at),
        }
    )


def _filter(entry: filtering.Filter) -> dict[str, Any]:
    options = [{"value": each.value, "label": each.label} for each in entry.options]
    return {"name": entry.name, "label": entry.label, "options": options}


def submission_item(request: HttpRequest | None, card: Card) -> dict[str, Any]:
    row, url = card.submission, card.url
    if request and url:
        url = request.build_absolute_uri(url)
    return {
        "code": row.code,
        "title": row.title,
        "summary": row.summary,
        "url": url or None,
        "credit": card.credit,
        "co_authors": card.co_authors,
        "pictures": [
            {"alt": picture.alt, "renditions": _sizes(request, picture.sizes)}
            for picture in card.pictures
        ],
        "visible_from": row.visible_from,
    }


def submission(request: HttpRequest | None, card: Card) -> dict[str, Any]:
    row = card.submission
    return submission_item(request, card) | {
        "brief_id": row.brief_page_id,
        "link": row.link,
        "answers": [
            {name: answer[name] for name in ("field", "label", "value")}
            for answer in row.public_answers
        ],
    }


def own(request: HttpRequest, row: Submission, *, at: datetime) -> dict[str, Any]:
    """A submission as its contributor sees it: the newest version, shown or not."""
    newest = row.get_latest_revision_as_object() if row.latest_revision_id else row
    decision = decisions.in_force(row)
    names = ("title", "summary", "link", "third_party")
    uploads = {str(upload.pk): upload for upload in row.uploads.all()}
    return {
        "code": row.code,
        "brief_id": row.brief_page_id,
        "status": row.contributor_status,
        "status_label": str(row.contributor_status.label),
        "reason": row.reason,
        "rule": decision.rule if decision and row.reason else "",
        "url": page_url(request, row.page) if row.visible_from else None,
        "submitted_at": row.submitted_at,
        "confirmed_at": row.confirmed_at,
        "is_late": row.is_late,
        **{name: getattr(newest, name) for name in names},
        "answers": [*newest.answers, *row.personal.answers],
        "images": [
            {
                **item,
                "width": uploads[item["upload"]].width,
                "height": uploads[item["upload"]].height,
            }
            for item in newest.images
            if item["upload"] in uploads
        ],
        "credit_name": row.personal.pending_credit_name,
        "co_authors": row.personal.pending_co_authors,
        "can_edit": _may(submitting.require_editable, row, at=at),
        "can_withdraw": _withdrawable(row, at=at),
        "can_appeal": appealing.can_appeal(row, at=at),
    }


def verdict(capability: Capability, page: Any, *, at: datetime) -> dict[str, Any]:
    allowed, reason = phases.check(capability, page, at=at)
    detail = str(REASONS[reason]) if reason else ""
    return {"allowed": allowed, "code": reason, "detail": detail}


def _withdrawable(row: Submission, *, at: datetime) -> dict[str, Any]:
    if row.lifecycle != Lifecycle.SUBMITTED:
        code = "withdrawn" if row.lifecycle == Lifecycle.WITHDRAWN else "not_submitted"
        return {"allowed": False, "code": code, "detail": str(REASONS[code])}
    return verdict(Capability.WITHDRAW, row.campaign, at=at)


def _may(require: Any, row: Submission, *, at: datetime) -> dict[str, Any]:
    try:
        require(row, at=at)
    except CrowdbrandError as error:
        return {"allowed": False, "code": error.code, "detail": str(error)}
    return {"allowed": True}


def page_url(request: HttpRequest | None, page: Any) -> str | None:
    """Where a site with templates shows it; a site without may not."""
    try:
        return page.get_full_url(request)
    except NoReverseMatch:
        return None


def cover(request: HttpRequest | None, image: Any) -> dict[str, Any] | None:
    if image is None:
        return None
    made = image.get_renditions(*API_SIZES)
    sizes = [_size(made[spec]) for spec in API_SIZES]
    alt = getattr(image, "default_alt_text", image.title)
    return {"alt": alt, "renditions": _sizes(request, sizes)}


def _size(rendition: Any) -> Size:
    name = rendition.file.name
    return Size(name, rendition.url, rendition.width, rendition.height)


def _sizes(request: HttpRequest | None, sizes: Iterable[Size]) -> list[dict[str, Any]]:
    return [
        {
            "url": request.build_absolute_uri(each.url) if request else each.full_url,
            "width": each.width,
            "height": each.height,
            "format": FORMATS.get(each.name.rpartition(".")[2].lower(), "image/*"),
        }
        for each in sizes
    ]
