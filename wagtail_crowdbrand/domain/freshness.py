"""Whether a brief's page still says what it said: few facts, read in one query."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import swapper
from django.db.models import Exists, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone
from wagtail.models import PageViewRestriction

from wagtail_crowdbrand.domain.classes import campaign_models
from wagtail_crowdbrand.models import BriefCounter

if TYPE_CHECKING:
    from wagtail_crowdbrand.models import BriefMixin

#: How long a page may be taken for unchanged without being made anew. What nobody
#: tells us of, such as a new entry in the site's menu, is late by as much.
TRUST = timedelta(seconds=60)

#: What a brief's page shows of its campaign and may change without being published.
CAMPAIGN = (
    "live",
    "title",
    "url_path",
    "last_published_at",
    "opens_at",
    "closes_at",
    "grace_minutes",
    "decision_due_at",
    "decided_at",
    "archived_at",
    "visibility_mode",
    "reveals_at",
    "revealed_at",
    "hold",
    "hold_note",
)
#: Plain values: they are read as one object.
BRIEF = ("title", "url_path", "live_revision_id")
COUNTER = ("version", "visible_count")


class Stamp(NamedTuple):
    """``digest`` differs when a fact does; ``moments`` are those of the schedule."""

    digest: str
    moments: tuple[datetime, ...]

    def holds(self, *, since: datetime, at: datetime) -> bool:
        """Whether a page made at ``since`` says the same at ``at``, facts apart."""
        if not since <= at < since + TRUST:
            return False
        if timezone.localdate(since) != timezone.localdate(at):
            return False  # another day has another order
        return not any(since < moment <= at for moment in self.moments)


def stamp_of(brief_pk: int, campaign_pk: int) -> Stamp | None:
    """What the page of a brief depends on now, who looks at it apart.

    ``None`` where it must be made anew each time: it is not live, or the site keeps
    some pages private.
    """
    around = _around(brief_pk)
    for model in campaign_models():
        rows = model._default_manager.filter(pk=campaign_pk, live=True)
        facts = rows.order_by().annotate(**around).values(*CAMPAIGN, *around).first()
        if facts is not None:
            public = facts["brief"] is not None and not facts["any_private"]
            return _stamp(facts) if public else None
    return None


def stamp_from(brief: BriefMixin, counter: BriefCounter) -> Stamp | None:
    """The same from what has been read already, of a site without private pages."""
    campaign = brief.campaign
    facts = {name: getattr(campaign, name) for name in CAMPAIGN}
    facts["brief"] = {name: getattr(brief, name) for name in BRIEF}
    facts["counter"] = {name: getattr(counter, name) for name in COUNTER}
    return _stamp(facts) if brief.live and campaign.live else None


def _around(brief_pk: int) -> dict[str, Any]:
    tree = swapper.load_model("wagtailcore", "Page")
    brief = tree.objects.filter(pk=brief_pk, live=True).order_by()
    key = brief.values("translation_key")[:1]
    counter = BriefCounter.objects.filter(brief_key=Subquery(key))
    return {
        "brief": _as_object(brief, BRIEF),
        "counter": _as_object(counter, COUNTER),
        "any_private": Exists(PageViewRestriction.objects.all()),
    }


def _as_object(rows: QuerySet[Any], names: tuple[str, ...]) -> Subquery:
    return Subquery(rows.values(facts=JSONObject(**{name: name for name in names})))


def _stamp(facts: dict[str, Any]) -> Stamp:
    told = [facts[name] for name in CAMPAIGN]
    told += [facts["brief"].get(name) for name in BRIEF]
    told += [(facts["counter"] or {}).get(name, 0) for name in COUNTER]
    moments = [facts[name] for name in CAMPAIGN if name.endswith("_at")]
    if facts["closes_at"]:
        grace = timedelta(minutes=facts["grace_minutes"])
        moments.append(facts["closes_at"] + grace)
    digest = hashlib.sha256(repr(told).encode()).hexdigest()
    return Stamp(digest, tuple(moment for moment in moments if moment))
