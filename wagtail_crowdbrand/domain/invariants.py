"""What must hold between rows, counts, ranks and pages; how to see it and mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

import swapper
from django.apps import apps
from django.db import transaction
from django.db.models import Count, F, Max, Min
from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_crowdbrand.domain import (
    filtering,
    orphans,
    outbox,
    pictures,
    publishing,
    recording,
    upkeep,
)
from wagtail_crowdbrand.models import (
    BriefCounter,
    GalleryFacet,
    GalleryPlace,
    Message,
    Submission,
    SubmissionPageMixin,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


class Finding(NamedTuple):
    """How many of something are wrong, and what puts it right."""

    what: str
    number: int
    remedy: str


def wrong_counts() -> list[UUID]:
    """Keys of briefs whose stored count or ranks do not fit what is visible."""
    stored = dict(BriefCounter.objects.values_list("brief_key", "visible_count"))
    visible = Submission.objects.filter(visible_from__isnull=False)
    counted = dict(
        visible.order_by().values_list("brief_key").annotate(number=Count("pk"))
    )
    ranked = {
        key: (number, low, high)
        for key, number, low, high in GalleryPlace.objects.order_by()
        .values_list("brief_key")
        .annotate(number=Count("pk"), low=Min("rank"), high=Max("rank"))
    }
    return [
        key
        for key in {*stored, *counted, *ranked}
        if stored.get(key, 0) != (count := counted.get(key, 0))
        or ranked.get(key, (0, 0, -1)) != (count, 0, count - 1)
    ]


def wrong_facets() -> list[UUID]:
    """Keys of briefs whose filters do not find what they should, or find too much."""
    rows = GalleryFacet.objects.values_list(
        "submission_id", "brief_key", "field", "value"
    )
    stored = set(rows.iterator(chunk_size=2000))
    content = ("brief_key", "answers", "language", "images")
    visible = Submission.objects.filter(visible_from__isnull=False).only(*content)
    right = {
        (row.pk, row.brief_key, *facet)
        for row in visible.iterator(chunk_size=2000)
        for facet in filtering.facets_of(row)
    }
    return sorted({brief_key for _pk, brief_key, *_facet in stored ^ right})


@transaction.atomic
def recount(brief_key: UUID) -> int:
    """Give the visible submissions of a brief new ranks and write down again by what
    they are found; return how many there are.
    """
    BriefCounter.objects.get_or_create(brief_key=brief_key)
    counter = BriefCounter.objects.select_for_update().get(brief_key=brief_key)
    GalleryPlace.objects.filter(brief_key=brief_key).delete()
    visible = Submission.objects.filter(
        brief_key=brief_key, visible_from__isnull=False
    ).order_by("visible_from", "pk")
    places = [
        GalleryPlace(submission_id=pk, brief_key=brief_key, rank=rank)
        for rank, pk in enumerate(visible.values_list("pk", flat=True))
    ]
    GalleryPlace.objects.bulk_create(places, batch_size=1000)
    filtering.rewrite(brief_key, visible)
    counter.visible_count = len(places)
    counter.version += 1
    counter.save(update_fields=["visible_count", "version"])
    return len(places)


def findings() -> list[Finding]:
    """Everything that is wrong; empty when all is well."""
    return [finding for finding in _examine() if finding.number]


def _examine() -> Iterator[Finding]:
    tick = "crowdbrand_tick"
    recounting = "crowdbrand_recount --fix"
    yield Finding(_("wrong counts of a gallery"), len(wrong_counts()), recounting)
    yield Finding(_("wrong filters of a gallery"), len(wrong_facets()), recounting)
    now = timezone.now()
    alone = upkeep.without_workflow(at=now).count()
    yield Finding(_("in review before nobody"), alone, tick)
    behind = upkeep.unpublished(at=now).count()
    yield Finding(_("approved but not published"), behind, tick)
    yield Finding(_("visible but off the site"), publishing.absent().count(), tick)
    overlooked = publishing.overlooked().count()
    yield Finding(_("on the site below what is not"), overlooked, tick)
    yield Finding(_("to be taken down"), upkeep.unretracted().count(), tick)
    unfinished = upkeep.unfinished_reveals(at=now).count()
    yield Finding(_("revealed but not in the search"), unfinished, tick)
    lost = sum(map(pictures.can_be_completed, pictures.incomplete().iterator()))
    yield Finding(_("pictures deleted in Wagtail's library"), lost, tick)
    unfinished = upkeep.unfinished_erasures().count()
    yield Finding(_("erasures to be finished"), unfinished, tick)
    visible = Submission.objects.filter(visible_from__isnull=False)
    yield Finding(
        _("visible without a page"),
        visible.filter(page__isnull=True).count(),
        _("hide it, let it come back"),
    )
    yield Finding(
        _("visible in the wrong brief"),
        visible.exclude(brief_key=F("brief_page__translation_key")).count(),
        _("by hand"),
    )
    yield Finding(
        _("pages without a submission"), _orphaned_pages(), _("delete them by hand")
    )
    yield Finding(
        _("files nobody needs"),
        sum(1 for _file in orphans.find(at=timezone.now())),
        tick,
    )
    given_up = Message.objects.filter(
        sent_at__isnull=True, attempts__gte=outbox.ATTEMPTS
    )
    yield Finding(_("mails given up"), given_up.count(), _("see their last error"))
    broken = len(recording.broken())
    yield Finding(_("ledgers somebody changed"), broken, "crowdbrand_verify --ledger")
    problems = swapper.load_model("wagtailcore", "Page").find_problems()
    yield Finding(_("damage to the page tree"), sum(map(len, problems)), "fixtree")


def _orphaned_pages() -> int:
    return sum(
        model._default_manager.filter(crowdbrand_submission__isnull=True).count()
        for model in apps.get_models()
        if issubclass(model, SubmissionPageMixin)
    )
