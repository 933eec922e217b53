"""Seal receipts: proof, in the contributor's hand, of what was sent and when.

A receipt is a JSON object with all that will be public of a submission, the instants,
and 32 random bytes, its salt. Its digest is taken of the canonical form
(:mod:`canonical`). The digests are published before anything else is; whoever has the
receipt can show that its digest is among them, and nobody can find a receipt for a
digest. ``docs/explanation/sealed-calls.md`` says what that proves.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from wagtail_crowdbrand.domain import canonical, classes, ledger, phases
from wagtail_crowdbrand.models import SealList, SealReceipt, Submission
from wagtail_crowdbrand.models.receipt import new_salt
from wagtail_crowdbrand.states import LedgerKind, VisibilityMode

if TYPE_CHECKING:
    from wagtail_crowdbrand.models import CampaignMixin

FORMAT = "crowdbrand-receipt-1"
#: Lines of the shortest list.
SMALLEST = 256
DIGEST = re.compile(r"[0-9a-f]{64}")


class Verdict(StrEnum):
    """What a check of a receipt finds."""

    VALID = "valid"
    ALTERED = "altered"
    NOT_LISTED = "not_listed"
    NOT_PUBLISHED = "not_published"


def content_of(
    submission: Submission, digests: dict[str, str] | None = None
) -> dict[str, Any]:
    """What of a receipt the public will be able to compare with what is shown.

    ``digests`` are those of its pictures' files, by their ids; else they are looked up.
    """
    if digests is None:
        digests = {
            str(pk): digest
            for pk, digest in submission.uploads.values_list("pk", "sha256")
        }
    return canonical.plain(
        {
            "title": submission.title,
            "summary": submission.summary,
            "link": submission.link,
            "answers": [
                {"question": answer["label"], "answer": answer["value"]}
                for answer in submission.public_answers
            ],
            "pictures": [
                {"sha256": digests.get(item["upload"], ""), "alt": item["alt"]}
                for item in submission.images
            ],
        }
    )


@transaction.atomic
def give(submission: Submission, *, at: datetime) -> SealReceipt | None:
    """A receipt for what was sent last, which replaces the one before.

    ``submission`` is locked by the caller. ``None`` where nothing is sealed, nobody is
    known yet, or nothing changed.
    """
    campaign = submission.campaign
    if campaign.visibility_mode != VisibilityMode.SEALED or not submission.confirmed_at:
        return None
    content = content_of(submission.get_latest_revision_as_object())
    mine = SealReceipt.objects.filter(submission=submission, replaced_at__isnull=True)
    last = mine.first()
    if last and content.items() <= last.receipt.items():
        return None
    mine.update(replaced_at=at)
    receipt = {
        "format": FORMAT,
        "campaign": campaign.pk,
        "brief": submission.brief_page_id,
        "code": submission.code,
        "sent_at": canonical.instant(submission.submitted_at or at),
        "at": canonical.instant(at),
        "salt": new_salt(),
        **content,
    }
    return SealReceipt.objects.create(
        submission=submission,
        campaign_page_id=submission.campaign_page_id,
        receipt=receipt,
        digest=canonical.digest_of(receipt),
        made_at=at,
    )


def current(submission: Submission) -> SealReceipt | None:
    """The receipt that counts, if it has one."""
    return submission.receipts.filter(replaced_at__isnull=True).first()


def as_file(receipt: SealReceipt) -> dict[str, Any]:
    """What its contributor keeps: all a check needs, and the receipts it replaced."""
    earlier = SealReceipt.objects.filter(
        submission=receipt.submission, replaced_at__isnull=False
    )
    return {
        "receipt": receipt.receipt,
        "digest": receipt.digest,
        "earlier": [
            {"receipt": row.receipt, "digest": row.digest}
            for row in earlier.order_by("made_at", "pk")
        ],
    }


def forget(submission: Submission) -> None:
    """Salt, words and the link to the person go; what was published stays true."""
    submission.receipts.update(receipt={}, submission=None)


# The list


def lists_of(campaign: CampaignMixin | int) -> QuerySet[SealList]:
    """All that were published, the newest first, without their lines."""
    page: Any = campaign
    pk = page if isinstance(page, int) else page.pk
    return SealList.objects.filter(campaign_page=pk).order_by("-number").defer("lines")


def is_due(campaign: CampaignMixin, *, at: datetime) -> bool:
    """Whether nothing more can be sent or confirmed, and no list says what was."""
    end = phases.confirm_deadline(campaign)
    if campaign.visibility_mode != VisibilityMode.SEALED or end is None or at <= end:
        return False
    return not lists_of(campaign).filter(published_at__gt=end).exists()


@transaction.atomic
def publish_list(
    campaign: CampaignMixin, *, at: datetime, early: bool = False
) -> SealList | None:
    """Publish the digests of a sealed campaign, with a line on its ledger. Once.

    ``early``: although addresses can still be confirmed, because the reveal comes
    first; there is another list afterwards, which holds this one. Returns the newest
    list, if there is one.
    """
    page: Any = campaign
    locked: Any = type(page)._base_manager.select_for_update().get(pk=page.pk)
    ledger.lock(locked)
    last = lists_of(locked).defer(None).first()
    sealed = locked.visibility_mode == VisibilityMode.SEALED
    if not sealed or not (is_due(locked, at=at) or (early and last is None)):
        return last
    before = set(last.lines.split()) if last else set()
    rows = SealReceipt.objects.filter(campaign_page=locked.pk, replaced_at__isnull=True)
    lines = padded(before | set(rows.values_list("digest", flat=True)), len(before))
    text = "".join(f"{line}\n" for line in lines)
    made = SealList.objects.create(
        campaign_page_id=locked.pk,
        number=last.number + 1 if last else 1,
        lines=text,
        digest=hashlib.sha256(text.encode()).hexdigest(),
        published_at=at,
    )
    facts = {"list": made.number, "lines": len(lines), "digest": made.digest}
    ledger.write(locked, LedgerKind.RECEIPTS_PUBLISHED, facts=facts, at=at)
    return made


def padded(digests: Iterable[str], before: int = 0) -> list[str]:
    """``digests`` among random lines that look the same, sorted.

    As many as a power of two, at least :data:`SMALLEST` and twice as many as the list
    ``before`` had: so how many are real is known only to be no more than that.
    """
    lines = set(digests)
    size = max(SMALLEST, 2 * before)
    while size < len(lines):
        size *= 2
    while len(lines) < size:
        lines.add(secrets.token_hex(32))
    return sorted(lines)


def give_missing(campaign: CampaignMixin, *, at: datetime) -> int:
    """Receipts for what was sent before the campaign was sealed."""
    page: Any = campaign
    has_one = SealReceipt.objects.filter(submission=OuterRef("pk"))
    rows = Submission.objects.sent().filter(campaign_page=page.pk)
    missing = rows.exclude(Exists(has_one)).values_list("pk", flat=True)
    count = 0
    for pk in list(missing[:200]):
        with transaction.atomic():
            locked = Submission.objects.select_for_update(of=("self",)).get(pk=pk)
            count += give(locked, at=at) is not None
    return count


def sealed_campaigns() -> Iterable[Any]:
    """Those that give receipts."""
    return classes.campaigns(
        live=True, alias_of=None, visibility_mode=VisibilityMode.SEALED
    )


# After the reveal


def revealed(
    campaign: CampaignMixin, *, at: datetime, user: Any, passed_restrictions: Any = ()
) -> QuerySet[SealReceipt]:
    """The receipts of what this visitor sees, in the order of their digests."""
    page: Any = campaign
    rows = SealReceipt.objects.filter(replaced_at__isnull=True)
    if not page.revealed_at or page.revealed_at > at:
        return rows.none()
    visible = Submission.objects.filter(campaign_page=page.pk).visible_to(
        user, at=at, passed_restrictions=passed_restrictions
    )
    return rows.filter(campaign_page=page.pk, submission__in=visible).order_by("digest")


def is_shown(receipt: SealReceipt, digests: dict[str, str]) -> bool:
    """Whether it says what the site shows, so that publishing it tells nothing new."""
    content = content_of(receipt.submission, digests)
    return content.items() <= receipt.receipt.items()


def check(given: Any) -> Verdict:
    """What a receipt is worth, as its contributor or a stranger has it.

    ``given`` is the receipt, or the file with it and its digest.
    """
    if not isinstance(given, dict):
        return Verdict.ALTERED
    receipt = given.get("receipt", given)
    try:
        own = canonical.digest_of(receipt)
    except (TypeError, RecursionError, UnicodeEncodeError):
        return Verdict.ALTERED
    if given is not receipt and given.get("digest", own) != own:
        return Verdict.ALTERED
    if SealList.objects.filter(lines__contains=own).exists():
        return Verdict.VALID
    campaign = receipt.get("campaign") if isinstance(receipt, dict) else None
    is_id = isinstance(campaign, int) and 0 < campaign < 2**31
    if is_id and not SealList.objects.filter(campaign_page=campaign).exists():
        return Verdict.NOT_PUBLISHED
    return Verdict.NOT_LISTED
