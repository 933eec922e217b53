"""What has a place in a gallery and not everybody may see: the ideas of a translation
that is off the site, or behind Wagtail's page privacy.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

import swapper
from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Length, Substr

from wagtail_crowdbrand.models import BriefCounter, Submission
from wagtail_crowdbrand.models.submission import paths_closed_to


def counters(
    brief_keys: Collection[UUID], *, user: Any, passed_restrictions: Collection[int]
) -> list[BriefCounter]:
    """What is stored of these galleries, with ``closed_count`` for this visitor.

    One query tells whether any of their briefs is closed; only then two others count.
    Where the site has one language, each gallery has one brief, which whoever asks is
    shown.
    """
    if not getattr(settings, "WAGTAIL_I18N_ENABLED", False):
        return list(BriefCounter.objects.filter(brief_key__in=brief_keys))
    briefs = _closed_to(user, passed_restrictions)
    here = briefs.filter(translation_key=OuterRef("brief_key"))
    rows = BriefCounter.objects.filter(brief_key__in=brief_keys)
    found: list[Any] = list(rows.annotate(is_partly_closed=Exists(here)))
    keys = [counter.pk for counter in found if counter.is_partly_closed]
    counts = _counts(keys, briefs) if keys else {}
    for counter in found:
        counter.closed_count = counts.get(counter.pk, 0)
    return found


def _closed_to(user: Any, passed_restrictions: Collection[int]) -> QuerySet[Any]:
    """Pages below which ``visible_to`` shows this visitor no submission."""
    tree = swapper.load_model("wagtailcore", "Page")
    path = OuterRef("path")
    above = Substr(path, 1, Length(path) - tree.steplen)
    dark = Exists(tree.objects.filter(path=above, live=False))
    closed = Q(live=False) | Q(dark)
    for start in paths_closed_to(user, passed_restrictions):
        closed |= Q(path__startswith=start)
    return tree.objects.filter(closed)


def _counts(keys: list[UUID], briefs: QuerySet[Any]) -> dict[UUID, int]:
    """Their ids are read first: few, of an index that stays in use."""
    ids = list(briefs.filter(translation_key__in=keys).values_list("pk", flat=True))
    rows = Submission.objects.filter(
        brief_key__in=keys, brief_page__in=ids, visible_from__isnull=False
    )
    counted = rows.order_by().values("brief_key").annotate(count=Count("pk"))
    return dict(counted.values_list("brief_key", "count"))
