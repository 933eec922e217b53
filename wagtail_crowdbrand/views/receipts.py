"""Seal receipts: the contributor's own, the published list, and a check of one."""

from __future__ import annotations

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from wagtail_crowdbrand.domain import phases, receipts
from wagtail_crowdbrand.domain.receipts import Verdict
from wagtail_crowdbrand.models import CampaignMixin, SealList, SealReceipt, Upload
from wagtail_crowdbrand.states import VisibilityMode
from wagtail_crowdbrand.views import keys, visitors
from wagtail_crowdbrand.views.ledger import kept_private
from wagtail_crowdbrand.views.public import readable_page
from wagtail_crowdbrand.views.status import private

#: Receipts of one answer.
PAGE = 200
#: Bytes of the largest file somebody may have checked.
LARGEST = 200_000
#: Verdict → heading and explanation.
WORDS = {
    Verdict.VALID: (
        _("Valid"),
        _(
            "Its digest is on the published list. So what the receipt says was sent "
            "before the list was published, and nothing in it was changed since."
        ),
    ),
    Verdict.ALTERED: (
        _("Altered"),
        _(
            "This is no receipt as we give it: its digest is not that of its content. "
            "Something in the file was changed."
        ),
    ),
    Verdict.NOT_LISTED: (
        _("Not on the list"),
        _(
            "Its digest is not on the published list. Either it was changed, or it "
            "was replaced by a later receipt when the idea was changed."
        ),
    ),
    Verdict.NOT_PUBLISHED: (
        _("Too early to tell"),
        _(
            "The list is published when nothing more can be sent. Come back then, "
            "and keep the receipt."
        ),
    ),
}


@private
@require_safe
def own(request: HttpRequest, code: str) -> HttpResponse:
    """The contributor's receipt, as a file. Raises ``Http404`` where there is none."""
    receipt = receipts.current(keys.own_or_404(request, code))
    if receipt is None:
        raise Http404
    response = JsonResponse(
        receipts.as_file(receipt),
        json_dumps_params={"ensure_ascii": False, "indent": 2},
    )
    name = f"receipt-{receipt.receipt['code']}.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """What is published, and a form: paste a receipt or choose its file."""
    page, now = _sealed_page(request, pk), timezone.now()
    context: dict[str, Any] = {}
    status = 200
    if request.method == "POST":
        problem = visitors.over_limit(request, "receipt", at=now)
        if problem:
            context, status = {"problem": problem}, 429
        else:
            verdict = _checked(request)
            heading, explanation = WORDS[verdict]
            context = {
                "verdict": verdict.value,
                "heading": heading,
                "explanation": explanation,
            }
    newest = receipts.lists_of(page).first()
    context |= {
        "page": page,
        "campaign": page,
        "campaign_url": page.get_url(request),
        "newest": newest,
        "number_of_lines": newest and newest_lines(newest),
        "expected_at": phases.confirm_deadline(page),
        "ledger_url": reverse("wagtail_crowdbrand:ledger", args=[pk]),
        "list_url": reverse("wagtail_crowdbrand:receipts_list", args=[pk]),
        "json_url": reverse("wagtail_crowdbrand:receipts_json", args=[pk]),
        "is_revealed": bool(page.revealed_at and page.revealed_at <= now),
    }
    template = "wagtail_crowdbrand/receipts.html"
    return kept_private(page, render(request, template, context, status=status))


@require_safe
def as_text(request: HttpRequest, pk: int) -> HttpResponse:
    """The newest list: a digest a line, sorted. Its own digest is on the ledger."""
    page = _sealed_page(request, pk)
    newest = receipts.lists_of(page).defer(None).first()
    if newest is None:
        raise Http404
    content_type = "text/plain; charset=utf-8"
    return kept_private(page, HttpResponse(newest.lines, content_type=content_type))


@require_safe
def as_json(request: HttpRequest, pk: int) -> HttpResponse:
    """After the reveal, the receipts of what is on show, with their salts."""
    page, now = _sealed_page(request, pk), timezone.now()
    after = request.GET.get("after", "")
    rows = receipts.revealed(page, at=now, **visitors.sees(request))
    if receipts.DIGEST.fullmatch(after):
        rows = rows.filter(digest__gt=after)
    found = list(rows.select_related("submission__page")[: PAGE + 1])
    shown, more = found[:PAGE], len(found) > PAGE
    path = f"{request.path}?after={shown[-1].digest}" if more else ""
    data = {
        "campaign": page.pk,
        "receipts": list(_public(request, page, shown)),
        "next": request.build_absolute_uri(path) if more else None,
    }
    return kept_private(page, JsonResponse(data))


def _public(request: HttpRequest, page: Any, rows: list[SealReceipt]) -> Any:
    """Each receipt, where it is shown, and the addresses of its pictures."""
    uploads: dict[int, dict[str, Upload]] = {}
    pks = [row.submission_id for row in rows]
    for upload in Upload.objects.filter(submission__in=pks).select_related("image"):
        uploads.setdefault(upload.submission_id, {})[str(upload.pk)] = upload
    for row in rows:
        mine = uploads.get(row.submission_id, {})
        digests = {pk: upload.sha256 for pk, upload in mine.items()}
        if not receipts.is_shown(row, digests):
            continue
        images = [mine[item["upload"]].image for item in row.submission.images]
        yield {
            "receipt": row.receipt,
            "digest": row.digest,
            "url": row.submission.page.get_full_url(request),
            "pictures": [
                request.build_absolute_uri(image.file.url) for image in images if image
            ],
        }


def newest_lines(newest: SealList) -> int:
    """How many lines a list has: 64 characters each, and a line break."""
    return len(SealList.objects.get(pk=newest.pk).lines) // 65


def _checked(request: HttpRequest) -> Verdict:
    file = request.FILES.get("file")
    text = request.POST.get("text", "")
    if file and file.size <= LARGEST:
        text = file.read().decode(errors="replace")
    if len(text) > LARGEST:
        return Verdict.ALTERED
    try:
        return receipts.check(json.loads(text.strip().lstrip("\ufeff")))
    except (ValueError, RecursionError):
        return Verdict.ALTERED


def _sealed_page(request: HttpRequest, pk: int) -> Any:
    """A campaign that gives receipts. Raises ``Http404`` for others."""
    page = readable_page(request, pk, CampaignMixin)
    if page.visibility_mode != VisibilityMode.SEALED:
        raise Http404
    return page
