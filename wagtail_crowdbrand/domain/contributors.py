"""What staff decide about people, for the whole site: trust, blocks, and notes."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone
from wagtail.log_actions import log

from wagtail_crowdbrand.domain import permissions, sealing, trust
from wagtail_crowdbrand.domain.permissions import refuse
from wagtail_crowdbrand.models import Contributor
from wagtail_crowdbrand.states import Moderation

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

    from wagtail_crowdbrand.models import Submission


def known_to(user: Any) -> QuerySet[Contributor]:
    """Those who sent something to a campaign ``user`` moderates."""
    mine = _told_of(user).filter(contributor=OuterRef("pk"))
    return Contributor.objects.filter(Exists(mine))


def _told_of(user: Any) -> QuerySet[Submission]:
    """What is sealed names nobody, not even to those who may look."""
    sealed = sealing.ids(at=timezone.now())
    return permissions.moderated_by(user).exclude(campaign_page__in=sealed)


def counts_of(ids: Collection[int], *, user: Any) -> dict[int, dict[str, int]]:
    """Submissions, approved and refused ones of these people, as far as ``user`` sees.

    One query for all. Whoever has none is missing.
    """
    rows = _told_of(user).filter(contributor__in=ids).order_by()
    counted = rows.values("contributor").annotate(
        sent=Count("pk"),
        approved=Count("pk", filter=Q(moderation=Moderation.APPROVED)),
        refused=Count("pk", filter=Q(moderation__in=trust.REMOVED)),
    )
    return {row.pop("contributor"): row for row in counted}


def set_trust(contributor: Contributor, *, actor: Any) -> Contributor:
    """Where a campaign trusts contributors, show theirs before the review."""
    return _change(contributor, "trust", actor=actor, trusted=True)


def end_trust(contributor: Contributor, *, actor: Any) -> Contributor:
    return _change(contributor, "distrust", actor=actor, trusted=False)


@transaction.atomic
def block(contributor: Contributor, *, actor: Any, at: datetime) -> Contributor:
    """They send nothing more. What is on show stays, and what waits is decided on."""
    contributor = _lock(contributor, actor=actor)
    if contributor.blocked_at:
        return contributor
    return _change(contributor, "block", actor=actor, blocked_at=at)


def unblock(contributor: Contributor, *, actor: Any) -> Contributor:
    return _change(contributor, "unblock", actor=actor, blocked_at=None)


def note(contributor: Contributor, *, text: str, actor: Any) -> Contributor:
    """Replace what staff wrote about them, which goes into a copy of their data."""
    return _change(contributor, "note", actor=actor, notes=text.strip())


@transaction.atomic
def _change(
    contributor: Contributor, action: str, *, actor: Any, **values: Any
) -> Contributor:
    """Set the values and log it; doing so twice changes nothing."""
    contributor = _lock(contributor, actor=actor)
    if all(getattr(contributor, name) == value for name, value in values.items()):
        return contributor
    for name, value in values.items():
        setattr(contributor, name, value)
    contributor.save(update_fields=list(values))
    log(contributor, f"wagtail_crowdbrand.{action}", user=actor)
    return contributor


def _lock(contributor: Contributor, *, actor: Any) -> Contributor:
    if not permissions.can_change_contributors(actor):
        refuse("not_permitted")
    return Contributor.objects.select_for_update(of=("self",)).get(pk=contributor.pk)
