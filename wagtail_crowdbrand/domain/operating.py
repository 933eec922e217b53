"""What an editor does with a campaign that runs: pause, cancel, extend, do it again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from wagtail.log_actions import get_active_log_context, log
from wagtail.models import Revision
from wagtail.signals import page_published

from wagtail_crowdbrand.domain import ledger, phases
from wagtail_crowdbrand.domain.permissions import refuse
from wagtail_crowdbrand.models import BriefMixin, LedgerEntry
from wagtail_crowdbrand.states import Hold, LedgerKind, Phase

if TYPE_CHECKING:
    from wagtail_crowdbrand.models import CampaignMixin

#: In these ideas are still to come, so there is something to pause.
TAKING = {Phase.ANNOUNCED, Phase.OPEN}
#: In these nothing is to be moved or called off any more.
OVER = {Phase.DECIDED, Phase.ARCHIVED}
#: The dates of a schedule. All of them move when a campaign is held again.
SCHEDULE = ("opens_at", "closes_at", "reveals_at", "decision_due_at")
#: What happened to the old campaign, and not to one made from it.
FACTS = {
    "decided_at": None,
    "archived_at": None,
    "revealed_at": None,
    "hold": Hold.NONE,
    "hold_note": "",
    "extended_from": None,
    "extension_note": "",
}
NOTE_LENGTH = 300


@dataclass(frozen=True, kw_only=True)
class Extension:
    """New dates, and what the public reads about it.

    ``decision_due_at`` is part of what contributors accept: another one makes a new
    version of the terms.
    """

    closes_at: datetime
    decision_due_at: datetime
    note: str


@transaction.atomic
def pause(
    campaign: CampaignMixin, *, actor: Any, note: str, at: datetime
) -> CampaignMixin:
    """Take no ideas for now, and say why. Returns the campaign as it is now.

    Raises ``NotAllowed`` (``not_permitted``, ``not_published``, ``note_required``,
    ``closed``, ``paused``, ``cancelled``), as do the other deeds here.
    """
    page = _locked(campaign, actor)
    if page.hold:
        refuse(page.hold)
    if phases.phase_of(page, at=at) not in TAKING:
        refuse("closed")
    changes = {"hold": Hold.PAUSED, "hold_note": _required(note)}
    return _apply(page, changes, actor=actor, deed="pause", data={"note": note})


@transaction.atomic
def resume(campaign: CampaignMixin, *, actor: Any, at: datetime) -> CampaignMixin:
    """Go on as scheduled, after a pause or a cancellation that was a mistake."""
    page = _locked(campaign, actor)
    if not page.hold:
        refuse("not_on_hold")
    data = {"after": page.hold}
    changes = {"hold": Hold.NONE, "hold_note": ""}
    return _apply(page, changes, actor=actor, deed="resume", data=data)


@transaction.atomic
def cancel(
    campaign: CampaignMixin, *, actor: Any, note: str, at: datetime
) -> CampaignMixin:
    """Call the campaign off, and say why. What is on show stays on show."""
    page = _locked(campaign, actor)
    if page.hold == Hold.CANCELLED:
        refuse("cancelled")
    if phases.phase_of(page, at=at) in OVER:
        refuse("closed")
    changes = {"hold": Hold.CANCELLED, "hold_note": _required(note)}
    data = {"note": note}
    return _apply(page, changes, actor=actor, deed="cancel_campaign", data=data)


@transaction.atomic
def extend(
    campaign: CampaignMixin, *, actor: Any, extension: Extension, at: datetime
) -> CampaignMixin:
    """Move the deadline, for everybody and in public; never forward in time only.

    A campaign that has closed is open again by it. Raises ``NotAllowed``
    (``not_later``, ``decision_too_early``) besides the others.
    """
    page = _locked(campaign, actor)
    if page.hold == Hold.CANCELLED:
        refuse("cancelled")
    phase = phases.phase_of(page, at=at)
    if phase in OVER or page.revealed_at or page.closes_at is None:
        refuse("closed")
    before, after = page.closes_at, extension.closes_at
    if after <= max(at, before):
        refuse("not_later")
    if extension.decision_due_at <= after:
        refuse("decision_too_early")
    changes = {
        "closes_at": after,
        "decision_due_at": extension.decision_due_at,
        "extended_from": page.extended_from or before,
        "extension_note": _required(extension.note),
    }
    if page.reveals_at:
        reveals_at = _along(page, page.reveals_at, closes_at=after)
        if page.is_sealed and extension.decision_due_at <= reveals_at:
            refuse("decision_too_early")
        changes["reveals_at"] = reveals_at
    data = {
        "from": before.isoformat(),
        "to": after.isoformat(),
        "note": extension.note,
    }
    return _apply(page, changes, actor=actor, deed="extend", data=data)


@transaction.atomic
def correct(
    campaign: CampaignMixin, *, actor: Any, line: int, note: str, at: datetime
) -> LedgerEntry:
    """Say in public what is wrong with a line of the ledger, which stays as it is.

    Raises ``NotAllowed`` (``unknown_line``) besides the others.
    """
    page = _locked(campaign, actor)
    if not ledger.entries(page).filter(number=line).exists():
        refuse("unknown_line")
    facts = {"line": line, "note": _required(note)}
    log(page, "wagtail_crowdbrand.correct", user=actor, data=facts)
    return ledger.write(page, LedgerKind.CORRECTION, facts=facts, at=at)


@transaction.atomic
def put_off(
    campaign: CampaignMixin,
    *,
    actor: Any,
    reveals_at: datetime,
    note: str,
    at: datetime,
) -> CampaignMixin:
    """Move the reveal of a sealed campaign, in public and never to an earlier moment.

    Raises ``NotAllowed`` (``not_sealed``, ``already_revealed``, ``reveal_not_later``,
    ``decision_too_early``) besides the others.
    """
    page = _locked(campaign, actor)
    if not page.is_sealed or page.reveals_at is None:
        refuse("not_sealed")
    if page.revealed_at:
        refuse("already_revealed")
    before = page.reveals_at
    if reveals_at <= max(at, before):
        refuse("reveal_not_later")
    if page.decision_due_at and page.decision_due_at <= reveals_at:
        refuse("decision_too_early")
    note = _required(note)
    facts = {"what": "reveal", "from": before, "to": reveals_at, "note": note}
    ledger.write(page, LedgerKind.DEADLINE_MOVED, facts=facts, at=at)
    data = {"from": before.isoformat(), "to": reveals_at.isoformat(), "note": note}
    return _apply(
        page, {"reveals_at": reveals_at}, actor=actor, deed="put_off", data=data
    )


@transaction.atomic
def duplicate(
    campaign: CampaignMixin, *, actor: Any, title: str, slug: str, opens_at: datetime
) -> CampaignMixin:
    """A draft of a new campaign, with the briefs of this one and none of its ideas.

    All dates move by the same span on the campaign's own clock, so that what closed
    at noon closes at noon, whatever summer time does. Raises ``NotAllowed``
    (``not_permitted``, ``slug_taken``).
    """
    source: Any = type(campaign)._base_manager.get(pk=campaign.pk)
    if not can_duplicate(actor, source):
        refuse("not_permitted")
    parent: Any = source.get_parent().specific
    if parent.get_children().filter(slug=slug).exists():
        refuse("slug_taken")
    dates = shifted(source, opens_at=opens_at)
    own = {"title": title, "draft_title": title, "slug": slug, **FACTS, **dates}
    copy = _copied(source, parent, own, actor=actor)
    for brief in source.get_children().specific():
        if isinstance(brief, BriefMixin):
            _copied(brief, copy, {}, actor=actor)
    return copy


def can_duplicate(user: Any, campaign: Any) -> bool:
    """Whether ``user`` may read this one and add another beside it."""
    parent = campaign.get_parent().specific
    may_add = parent.permissions_for_user(user).can_add_subpage
    may_read = campaign.permissions_for_user(user).can_edit
    return bool(type(campaign).can_create_at(parent) and may_add() and may_read())


def shifted(
    campaign: CampaignMixin, *, opens_at: datetime
) -> dict[str, datetime | None]:
    """The campaign's schedule, moved so that it opens at ``opens_at``.

    Without an opening date there is nothing to measure from: the others are empty.
    """
    zone = ZoneInfo(campaign.time_zone)
    if campaign.opens_at is None:
        return {**dict.fromkeys(SCHEDULE), "opens_at": opens_at}
    span = _on_the_wall(opens_at, zone) - _on_the_wall(campaign.opens_at, zone)
    moments = {name: getattr(campaign, name) for name in SCHEDULE}
    return {
        name: moment and (_on_the_wall(moment, zone) + span).replace(tzinfo=zone)
        for name, moment in moments.items()
    }


def moved_along(campaign: CampaignMixin, *, closes_at: datetime) -> datetime | None:
    """When the decision is due if it moves by as much as the deadline does."""
    due, closes = campaign.decision_due_at, campaign.closes_at
    if due is None or closes is None:
        return None
    return _along(campaign, due, closes_at=closes_at)


def _along(campaign: Any, moment: datetime, *, closes_at: datetime) -> datetime:
    """As much later as the deadline, by the clock on the wall."""
    zone = ZoneInfo(campaign.time_zone)
    span = _on_the_wall(closes_at, zone) - _on_the_wall(campaign.closes_at, zone)
    return (_on_the_wall(moment, zone) + span).replace(tzinfo=zone)


def log_policy(campaign: CampaignMixin) -> None:
    """Before a public campaign is saved: write down that its policy changes.

    Called for every way of saving. Who did it is known from the request, or else from
    the revision that is published.
    """
    page: Any = campaign
    stored = type(page)._base_manager.filter(pk=page.pk)
    before = stored.values("live", "moderation_policy").first()
    if not (before and before["live"] and page.live) or page.alias_of_id:
        return
    old, new = before["moderation_policy"], page.moderation_policy
    if old == new:
        return
    revision = page.live_revision
    user = get_active_log_context().user or (revision and revision.user)
    data = {"from": old, "to": new}
    log(page, "wagtail_crowdbrand.policy", user=user, data=data)


def _locked(campaign: CampaignMixin, actor: Any) -> Any:
    """The campaign as the public sees it, for somebody who may publish it."""
    page: Any = type(campaign)._base_manager.select_for_update().get(pk=campaign.pk)
    if actor is not None and not page.permissions_for_user(actor).can_publish():
        refuse("not_permitted")
    if not page.live or page.alias_of_id:
        refuse("not_published")
    return page


def _required(note: str) -> str:
    note = note.strip()
    if not note:
        refuse("note_required")
    if len(note) > NOTE_LENGTH:
        refuse("note_too_long")
    return note


def _apply(
    page: Any, changes: dict[str, Any], *, actor: Any, deed: str, data: dict[str, Any]
) -> CampaignMixin:
    """Make it true on the site at once, without publishing what is only a draft."""
    for name, value in changes.items():
        setattr(page, name, value)
    waiting = _unpublished(page)
    if waiting:
        revision = _publish_beside(page, waiting, changes, actor=actor)
    else:
        revision = page.save_revision(user=actor, clean=False)
        revision.publish(user=actor, log_action=False, skip_permission_checks=True)
    action = f"wagtail_crowdbrand.{deed}"
    log(page, action, user=actor, data=data, revision=revision, content_changed=True)
    fresh: Any = type(page)._base_manager.get(pk=page.pk)
    return fresh


def _unpublished(page: Any) -> list[Revision]:
    """What may be published later: the draft, what is scheduled, what is in review.

    Each would undo the change on that day if it did not know of it.
    """
    to_come = Q(approved_go_live_at__isnull=False)
    if page.has_unpublished_changes:
        to_come |= Q(pk=page.latest_revision_id)
    task_state = page.current_workflow_task_state
    if task_state:
        to_come |= Q(pk=task_state.revision_id)
    return list(page.revisions.filter(to_come))


def _publish_beside(
    page: Any, waiting: list[Revision], changes: dict[str, Any], *, actor: Any
) -> Revision:
    """Publish the live page as changed, and put the change into what waits.

    Wagtail's own way of publishing would take the newest draft along, cancel its
    review and forget when it was to go live.
    """
    revision = Revision.objects.create(
        content_object=page,
        base_content_type=page.get_base_content_type(),
        user=actor,
        content=page.serializable_data(),
        object_str=str(page),
    )
    for draft in waiting:
        draft.content |= {name: revision.content[name] for name in changes}
        if draft.pk == page.latest_revision_id:
            # Still the newest; and an editor who has it open is told to look again.
            draft.created_at = page.latest_revision_created_at = timezone.now()
        draft.save()
    page.live_revision = revision
    page.last_published_at = revision.created_at
    page.save()
    page_published.send(sender=type(page), instance=page, revision=revision)
    page.update_aliases(revision=revision)
    return revision


def _on_the_wall(moment: datetime, zone: ZoneInfo) -> datetime:
    """What the clocks there say."""
    return moment.astimezone(zone).replace(tzinfo=None)


def _copied(page: Any, parent: Any, values: dict[str, Any], *, actor: Any) -> Any:
    dormant = {"go_live_at": None, "expire_at": None, "expired": False, "locked": False}
    return page.copy(
        to=parent,
        recursive=False,
        update_attrs={**dormant, **values},
        copy_revisions=False,
        keep_live=False,
        user=actor,
    )
