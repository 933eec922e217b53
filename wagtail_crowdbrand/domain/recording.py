"""What a campaign says of itself goes on its ledger, whichever way it was changed.

Every saved change and every tick comes through :func:`note`, which compares what is
public with what it was when it looked last. So nothing is told twice, and nothing is
missed because somebody took another road.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, OuterRef, Subquery
from django.utils import timezone
from django.utils.html import strip_tags
from wagtail.blocks.list_block import ListValue

from wagtail_crowdbrand.domain import (
    canonical,
    classes,
    ledger,
    phases,
    reasons,
    telling,
)
from wagtail_crowdbrand.domain import terms as terms_domain
from wagtail_crowdbrand.models import (
    BriefMixin,
    CampaignMixin,
    Decision,
    LedgerEntry,
    PublicState,
    Submission,
)
from wagtail_crowdbrand.states import Hold, LedgerKind, Moderation, VisibilityMode

#: Promises of a campaign beside its contract; a change is one of the rules.
PROMISES = (
    "opens_at",
    "grace_minutes",
    "reveals_at",
    "visibility_mode",
    "time_zone",
)
#: Facts of a campaign that have lines of their own.
FACTS = ("closes_at", "extension_note", "hold", "hold_note", "moderation_policy")
#: What a brief asks for, and within which limits.
BRIEF_FIELDS = (
    "title",
    "deliverable_kind",
    "challenge",
    "background",
    "audience",
    "tone",
    "must_haves",
    "no_gos",
    "resources",
    "criteria",
    "max_per_contributor",
    "min_images",
    "max_images",
    "max_summary_length",
    "answer_fields",
)
#: So long after its archiving a campaign is looked at by the tick.
LINGERS = timedelta(days=7)
HOLDS = {Hold.PAUSED: LedgerKind.PAUSED, Hold.CANCELLED: LedgerKind.CANCELLED}


@transaction.atomic
def note(page: CampaignMixin | BriefMixin, *, at: datetime) -> None:
    """Write down what became public or changed since this was called last.

    ``page`` is a campaign or a brief. What is not live says nothing; before the
    campaign opens, rules and briefs may still change without a line.
    """
    given: Any = page
    if not given.live or given.alias_of_id:
        return
    is_campaign = isinstance(given, CampaignMixin)
    stored: Any = given if is_campaign else given.get_parent(update=True).specific
    if not isinstance(stored, CampaignMixin):
        return
    # The tree first, then the ledger; and what is read now is what holds.
    campaign: Any = type(stored)._base_manager.select_for_update().get(pk=stored.pk)
    if not campaign.live or campaign.alias_of_id:
        return
    ledger.lock(campaign)
    _by_the_clock(campaign, at=at)
    if is_campaign:
        _note_campaign(campaign, at=at)
    else:
        _note_brief(type(given)._base_manager.get(pk=given.pk), campaign, at=at)


def note_all(campaign: CampaignMixin, *, at: datetime) -> None:
    """The same for a campaign and all its briefs."""
    note(campaign, at=at)
    for brief in briefs_of(campaign):
        note(brief, at=at)


@transaction.atomic
def note_move(brief: Any, *, before: int, after: int, at: datetime) -> None:
    """A brief on show went from one campaign (its id) to another: both ledgers say so.

    ``brief`` may be a plain page.
    """
    if before == after or not brief.live:
        return
    facts = {"brief": brief.pk, "title": brief.title}
    deeds = {before: "removed", after: "added"}
    for campaign in sorted(deeds):  # two moves at once lock them in the same order
        if _has_opened(campaign):
            told = {**facts, deeds[campaign]: True}
            ledger.write(campaign, LedgerKind.BRIEF_CHANGED, facts=told, at=at)
    _exchange(brief.specific, BRIEF_FIELDS)  # the next note tells changes from now on


def briefs_of(campaign: CampaignMixin) -> list[Any]:
    page: Any = campaign
    pages = page.get_children().live().specific()
    return [child for child in pages if isinstance(child, BriefMixin)]


def counts_of(campaign: CampaignMixin) -> dict[str, Any]:
    """What moderation decided, in numbers: per decision, and why not."""
    page: Any = campaign
    rows = Submission.objects.filter(
        campaign_page=page.pk, confirmed_at__isnull=False, erased_at__isnull=True
    )
    sent = rows.sent()
    decided = dict(
        sent.order_by().values_list("moderation").annotate(number=Count("pk"))
    )
    newest = Decision.objects.filter(
        submission=OuterRef("pk"), undone_at__isnull=True
    ).order_by("-pk")
    refused = sent.filter(
        moderation__in=(Moderation.REJECTED, Moderation.SPAM, Moderation.HIDDEN)
    )
    why = (
        refused.order_by()
        .annotate(why=Subquery(newest.values("reason_code")[:1]))
        .values_list("why")
        .annotate(number=Count("pk"))
    )
    return {
        "received": rows.count(),
        "withdrawn": rows.count() - sent.count(),
        **{str(value): decided.get(value, 0) for value in Moderation.values},
        "reasons": {code or reasons.OTHER: number for code, number in why},
    }


def _by_the_clock(page: Any, *, at: datetime) -> None:
    """The lines of instants that have come, once each."""
    told = set(ledger.entries(page).values_list("kind", "at"))
    kinds = {kind for kind, _at in told}
    if LedgerKind.OPENED not in kinds and not _open(page, at=at):
        return
    end = phases.deadline(page)
    passed = end is not None and at > end and page.hold != Hold.CANCELLED
    if end and passed and (LedgerKind.CLOSED, end) not in told:
        ledger.write(page, LedgerKind.CLOSED, facts={}, at=end)
    if LedgerKind.MODERATION_COUNTS not in kinds:
        counted_at = _counted_at(page)
        if counted_at and counted_at <= at:
            facts, kind = counts_of(page), LedgerKind.MODERATION_COUNTS
            ledger.write(page, kind, facts=facts, at=counted_at)
    decided = page.decided_at
    if decided and decided <= at and (LedgerKind.DECIDED, decided) not in told:
        due = page.decision_due_at
        facts = {"due": due, "late": bool(due and decided > due)}
        ledger.write(page, LedgerKind.DECIDED, facts=facts, at=decided)


def _open(page: Any, *, at: datetime) -> bool:
    """From here on, rules and briefs do not change without a line."""
    if page.opens_at is None or phases.deadline(page) is None:
        return False
    opened = max(page.opens_at, page.first_published_at or page.opens_at)
    if at < opened or page.hold == Hold.CANCELLED:
        return False
    facts = {
        "visibility": page.visibility_mode,
        "policy": page.moderation_policy,
        "closes_at": page.closes_at,
        "reveals_at": page.reveals_at,
        "decision_due_at": page.decision_due_at,
        "terms": terms_domain.current_version(page, at=at).number,
    }
    ledger.write(page, LedgerKind.OPENED, facts=facts, at=opened)
    for brief in briefs_of(page):
        content = _content_of(brief, BRIEF_FIELDS)
        PublicState.objects.get_or_create(
            page_id=brief.pk, defaults={"content": content}
        )
    return True


def _counted_at(page: Any) -> datetime | None:
    """When the public may know how many there are."""
    if page.visibility_mode == VisibilityMode.SEALED:
        return page.revealed_at
    return page.decided_at


def _note_campaign(page: Any, *, at: datetime) -> None:
    fields = (*page.CONTRACT_FIELDS, *PROMISES, *FACTS)
    before, now = _exchange(page, fields)
    if before is None or before == now:
        return
    for kind, facts in _moves(before, now):
        ledger.write(page, kind, facts=facts, at=at)
    changes = changes_between(before, now, (*page.CONTRACT_FIELDS, *PROMISES))
    if changes and _has_opened(page):
        terms = terms_domain.current_version(page, at=at).number
        facts = {"terms": terms, "changes": changes}
        entry = ledger.write(page, LedgerKind.TERMS_CHANGED, facts=facts, at=at)
        telling.start(entry, at=at)


def _moves(
    before: dict[str, Any], now: dict[str, Any]
) -> Iterator[tuple[LedgerKind, dict[str, Any]]]:
    """What is told from the day a campaign is published on."""
    changed = {each["field"] for each in changes_between(before, now, FACTS)}
    if changed & {"hold", "hold_note"}:
        if now["hold"]:
            yield HOLDS[Hold(now["hold"])], {"note": now["hold_note"]}
        elif before["hold"]:
            yield LedgerKind.RESUMED, {"after": before["hold"]}
    if "closes_at" in changed:
        note = now["extension_note"] if "extension_note" in changed else ""
        moved = {"from": before["closes_at"], "to": now["closes_at"], "note": note}
        yield LedgerKind.DEADLINE_MOVED, moved
    if "moderation_policy" in changed:
        old, new = before["moderation_policy"], now["moderation_policy"]
        yield LedgerKind.POLICY_CHANGED, {"from": old, "to": new}


def _note_brief(brief: Any, campaign: Any, *, at: datetime) -> None:
    before, now = _exchange(brief, BRIEF_FIELDS)
    if before == now or not _has_opened(campaign):
        return
    facts: dict[str, Any] = {"brief": brief.pk, "title": brief.title}
    if before is None:
        facts["added"] = True
        ledger.write(campaign, LedgerKind.BRIEF_CHANGED, facts=facts, at=at)
        return
    facts["changes"] = changes_between(before, now, BRIEF_FIELDS)
    if not facts["changes"]:
        return
    entry = ledger.write(campaign, LedgerKind.BRIEF_CHANGED, facts=facts, at=at)
    telling.start(entry, brief_key=brief.translation_key, at=at)


def changes_between(
    before: dict[str, Any], now: dict[str, Any], fields: tuple[str, ...]
) -> list[dict[str, Any]]:
    """``{"field", "before", "after"}`` of what is not the same.

    A field that nobody noted before – it came with an update of the software – has
    not changed.
    """
    return [
        {"field": name, "before": before[name], "after": now[name]}
        for name in fields
        if name in before and before[name] != now[name]
    ]


def _exchange(page: Any, fields: tuple[str, ...]) -> tuple[Any, dict[str, Any]]:
    """What the page said when it was noted last (``None``: never), and what it says."""
    now = _content_of(page, fields)
    state = PublicState.objects.filter(pk=page.pk).first()
    if state is None or state.content != now:
        PublicState.objects.update_or_create(page_id=page.pk, defaults={"content": now})
    return state and state.content, now


def _content_of(page: Any, fields: tuple[str, ...]) -> dict[str, Any]:
    return {name: _public(getattr(page, name)) for name in fields}


def _public(value: Any) -> Any:
    """A field as people read it."""
    if hasattr(value, "stream_block"):
        return "\n\n".join(_question(block) for block in value)
    if isinstance(value, str) and value.lstrip().startswith("<"):
        value = strip_tags(value.replace("</p>", "</p>\n")).strip()
    return canonical.plain(value)


def _question(block: Any) -> str:
    """One field of the form: what is asked, and within which limits.

    The same words in every language, and no ids: a list may get new ones each time.
    """
    given = {name: _limit(value) for name, value in block.value.items()}
    lines = [f"{name}: {value}" for name, value in given.items() if value]
    return "\n".join([block.block_type, *lines])


def _limit(value: Any) -> str:
    if value is True:
        return "yes"
    if value is None or value is False:
        return ""
    if isinstance(value, ListValue):
        return " | ".join(map(str, value))
    return str(value)


def _has_opened(page: Any) -> bool:
    return ledger.entries(page).filter(kind=LedgerKind.OPENED).exists()


def campaigns() -> Iterator[Any]:
    """Those whose ledgers may have something to write."""
    facts: dict[str, Any] = {"live": True, "alias_of": None}
    yield from classes.campaigns(**facts, archived_at=None)
    lately = timezone.now() - LINGERS
    yield from classes.campaigns(**facts, archived_at__gt=lately)


def broken() -> list[int]:
    """Ids of the campaigns whose ledger somebody tampered with."""
    pks = LedgerEntry.objects.order_by().values_list("campaign_page", flat=True)
    return [pk for pk in sorted(set(pks)) if ledger.check(pk)]
