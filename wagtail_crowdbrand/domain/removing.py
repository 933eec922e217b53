"""A campaign goes for ever with everything people sent: in chunks, resumable.

Each submission leaves in short transactions of its own, in the order of their steps:
first nobody sees it, then page and files go, last its row. A process that is killed in
between leaves a row that says what is still to be done; the tick goes on with it.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

import swapper
from django.db import transaction
from django.db.models import Count, F, Max, QuerySet
from wagtail.actions.delete_page import DeletePageAction
from wagtail.log_actions import log
from wagtail.log_actions import registry as logs

from wagtail_crowdbrand import signals
from wagtail_crowdbrand.domain import permissions, phases, privacy
from wagtail_crowdbrand.domain.permissions import refuse
from wagtail_crowdbrand.models import (
    Batch,
    BriefCounter,
    Removal,
    Submission,
    TermsVersion,
)
from wagtail_crowdbrand.states import Hold, Phase

if TYPE_CHECKING:
    from wagtail_crowdbrand.models import CampaignMixin

logger = logging.getLogger("wagtail_crowdbrand")

#: Submissions one task takes away before it makes room for others.
CHUNK = 50
#: A removal that moved on less than this ago is at work; the tick leaves it alone.
PATIENCE = timedelta(minutes=2)


class Toll(NamedTuple):
    """What goes: submissions in whichever state, and the contributors known of them."""

    submissions: int
    people: int


def is_over(campaign: CampaignMixin, *, at: datetime) -> bool:
    """Whether nothing is expected of it any more: archived, or called off."""
    archived = phases.phase_of(campaign, at=at) == Phase.ARCHIVED
    return archived or campaign.hold == Hold.CANCELLED


def toll_of(campaign: CampaignMixin) -> Toll:
    page: Any = campaign
    counts = Submission.objects.filter(campaign_page=page.pk).aggregate(
        submissions=Count("pk"), people=Count("contributor", distinct=True)
    )
    return Toll(**counts)


def begun(campaign: CampaignMixin) -> Removal | None:
    """The removal of this campaign, if somebody has begun it."""
    page: Any = campaign
    return Removal.objects.filter(campaign_id=page.pk).first()


@transaction.atomic
def start(campaign: CampaignMixin, *, actor: Any, at: datetime) -> Removal:
    """Take the campaign off the site at once; a task does the rest after the commit.

    ``actor`` ``None`` is who runs the server. There is no way back, and a removal that
    was begun already is returned. Raises ``NotAllowed`` (``not_permitted``,
    ``not_over``).
    """
    # Who makes a page below meanwhile only needs it to stay.
    pages = type(campaign)._base_manager.select_for_update(no_key=True)
    page: Any = pages.get(pk=campaign.pk)
    if actor is not None and not permissions.can_remove(actor, page):
        refuse("not_permitted")
    known = begun(page)
    if known:
        return known
    if not is_over(page, at=at):
        refuse("not_over")
    total = toll_of(page).submissions
    data = {"submissions": total}
    log(page, "wagtail_crowdbrand.remove", user=actor, data=data)
    _darken(page, actor=actor)
    removal = Removal.objects.create(
        campaign_id=page.pk,
        title=page.title,
        user=actor,
        total=total,
        created_at=at,
        worked_at=at,
    )
    transaction.on_commit(
        partial(signals.removal_started.send_robust, Removal, removal_id=removal.pk)
    )
    return removal


def work(removal: Removal, *, at: datetime) -> bool:
    """Take the next :data:`CHUNK` submissions away; ``True`` while there are more.

    After the last of them, the campaign itself. ``False`` also when none could be taken
    away at either end of the list, which is logged: the tick tries again later. Safe to
    repeat; two at once take nothing twice.
    """
    row = Removal.objects.select_related("user").get(pk=removal.pk)
    if row.finished_at:
        return False
    Removal.objects.filter(pk=row.pk).update(worked_at=at)
    page = _page_of(row)
    if page is not None:  # somebody may have published it again
        _darken(page, actor=row.user)
    # In the order of an index, so that the last chunk is found as fast as the first.
    left = _left(row).order_by("-submitted_at", "-pk")
    for rows in (left, left.reverse()):
        found = list(rows.values_list("pk", flat=True)[:CHUNK])
        gone = [_remove(pk, row, at=at) for pk in found]
        if len(found) < CHUNK and all(gone):
            return not _finish(row, at=at)
        if any(gone):
            return True
    return False


def stalled(*, at: datetime) -> QuerySet[Removal]:
    """Removals nobody is at work on any more."""
    rows = Removal.objects.filter(finished_at__isnull=True)
    return rows.filter(worked_at__lte=at - PATIENCE)


def _left(removal: Removal) -> QuerySet[Submission]:
    return Submission.objects.filter(campaign_page=removal.campaign_id)


def _page_of(removal: Removal, *, locked: bool = False) -> Any:
    tree = swapper.load_model("wagtailcore", "Page")
    rows = tree.objects.select_for_update() if locked else tree.objects.all()
    page = rows.filter(pk=removal.campaign_id).first()
    return page and page.specific


def _darken(page: Any, *, actor: Any) -> None:
    """Nothing of the campaign shows any more; what is scheduled is not published."""
    for each in (page, *page.get_children().live().specific()):
        if each.live:
            each.unpublish(user=actor)


def _remove(pk: int, removal: Removal, *, at: datetime) -> bool:
    """Take one submission away with all that hangs on it; ``True`` if it is gone."""
    try:
        row = Submission.objects.get(pk=pk)
        privacy.erase_alone(row, at=at)
        privacy.finish(row)
        _delete(pk, removal)
    except Submission.DoesNotExist:  # somebody else was faster
        return True
    except Exception:
        # Whatever it is, the others have nothing to do with it.
        logger.exception("Submission %s could not be removed.", pk)
        return False
    return True


@transaction.atomic
def _delete(pk: int, removal: Removal) -> None:
    row = Submission.objects.select_for_update(of=("self",)).get(pk=pk)
    logs.get_logs_for_instance(row).delete()
    row.delete()
    Removal.objects.filter(pk=removal.pk).update(done=F("done") + 1)


@transaction.atomic
def _finish(removal: Removal, *, at: datetime) -> bool:
    """The campaign, its briefs and all that hangs on them; ``False`` if somebody sent
    something meanwhile.
    """
    page = _page_of(removal, locked=True)
    if _left(removal).exists():
        return False
    if page is not None:
        briefs = page.get_children().values_list("translation_key", flat=True)
        keys = list(briefs)
        _hand_terms_on(page)
        DeletePageAction(page, user=removal.user).execute(skip_permission_checks=True)
        _forget_galleries(keys)
    Batch.objects.filter(items=None).delete()
    unfinished = Removal.objects.filter(pk=removal.pk, finished_at__isnull=True)
    # What nobody had confirmed may have left by another way meanwhile.
    unfinished.update(finished_at=at, done=F("total"))
    return True


def _forget_galleries(brief_keys: list[UUID]) -> None:
    """Those that no translation of their brief shows."""
    tree = swapper.load_model("wagtailcore", "Page")
    left = tree.objects.filter(translation_key__in=brief_keys)
    shown = set(left.values_list("translation_key", flat=True))
    BriefCounter.objects.filter(brief_key__in=set(brief_keys) - shown).delete()


def _hand_terms_on(page: Any) -> None:
    """Who sent an idea to a brief that moved accepted terms of this campaign: they stay
    with the brief. The campaign it is in now has versions of its own, by number.
    """
    going = [page.pk, *page.get_children().values_list("pk", flat=True)]
    mine = TermsVersion.objects.filter(campaign_page__in=going)
    elsewhere = Submission.objects.filter(terms__in=mine).order_by("terms")
    pairs = dict(elsewhere.values_list("terms", "brief_page").distinct())
    for pk, brief in pairs.items():
        theirs = TermsVersion.objects.filter(campaign_page=brief)
        last = theirs.aggregate(number=Max("number"))["number"] or 0
        mine.filter(pk=pk).update(campaign_page=brief, number=last + 1)
