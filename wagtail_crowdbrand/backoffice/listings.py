"""Lists that stay quick at 100,000 rows: counting stops, searching goes by index."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import Case, QuerySet, Value, When
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.ui.tables import Column, TitleColumn

from wagtail_crowdbrand.cards import thumbnail
from wagtail_crowdbrand.domain import classes, permissions, sealing
from wagtail_crowdbrand.models import Contributor, Submission
from wagtail_crowdbrand.models.contributor import search_key
from wagtail_crowdbrand.models.submission import CODE_ALPHABET

#: Counting and paging stop here; filters and the search reach everything.
MANY = 10_000
#: Rows one way of searching contributes at most.
FOUND = 1_000

CODE_BEGINS = re.compile(rf"([{CODE_ALPHABET}]{{1,4}})-?([{CODE_ALPHABET}]{{0,4}})")


class CappedPaginator(WagtailPaginator):
    """Counts no further than :data:`MANY`, in the order of the list: by its index."""

    @cached_property
    def _counted(self) -> int:
        if isinstance(self.object_list, QuerySet):
            return self.object_list.values("pk")[: MANY + 1].count()
        return len(self.object_list)

    @cached_property
    def count(self) -> int:
        return min(self._counted, MANY)

    @cached_property
    def items_count_label(self) -> str:
        if self._counted <= MANY:
            return super().items_count_label
        values = {"number": intcomma(MANY), "things": self.verbose_name_plural}
        return _("more than %(number)s %(things)s") % values


def listed(user: Any) -> QuerySet[Submission]:
    """What the listing is about; without drafts, which no moderator sees."""
    return permissions.moderated_by(user).filter(submitted_at__isnull=False)


def ordered(rows: QuerySet[Submission], ordering: str) -> QuerySet[Submission]:
    """By when it was received, as the indexes are."""
    old_first = ordering == "submitted_at"
    order = ("submitted_at", "pk") if old_first else ("-submitted_at", "-pk")
    return rows.order_by(*order)


def searched(
    rows: QuerySet[Submission], words: str | None, user: Any
) -> QuerySet[Submission]:
    by_address = permissions.can_view_contact(user)
    return found(rows, words or "", by_address=by_address)


def found(rows: QuerySet, words: str, *, by_address: bool) -> QuerySet:
    """Those among ``rows`` whose code, title or contributor's name begins so.

    What is sealed is found by its code only.

    ``by_address``: or whose contributor has exactly this address. Each way goes by an
    index of its own, and the newest :data:`FOUND` of each are enough.
    """
    key = search_key(words)
    if not key:
        return rows
    open_rows = rows.exclude(campaign_page__in=sealing.ids(at=timezone.now()))
    ways = [
        open_rows.filter(title_key__startswith=key),
        open_rows.filter(contributor__in=_people(name_key__startswith=key)),
    ]
    if code := CODE_BEGINS.fullmatch(words.strip().upper()):
        begins = "-".join(filter(None, code.groups()))
        ways.append(rows.filter(code__startswith=begins))
    if by_address:
        people = _people(address=words.strip().lower())
        ways.append(open_rows.filter(contributor__in=people))
    ids: set[int] = set()
    for way in ways:
        ids.update(way.order_by("-pk").values_list("pk", flat=True)[:FOUND])
    return rows.filter(pk__in=ids)


def people_found(rows: QuerySet, words: str, *, by_address: bool) -> QuerySet:
    """Contributors among ``rows`` by the beginning of the name, or the address."""
    key = search_key(words)
    if not key:
        return rows
    ids = set(_people(name_key__startswith=key))
    if by_address:
        ids.update(_people(address=words.strip().lower()))
    return rows.filter(pk__in=ids)


def _people(**facts: Any) -> list[int]:
    """Ids, looked up first: in one query with their submissions, all would be read."""
    people = Contributor.objects.annotate(address=Lower("email")).filter(**facts)
    return list(people.order_by("-pk").values_list("pk", flat=True)[:FOUND])


class ThumbnailColumn(Column):
    """The first picture, small."""

    cell_template_name = "wagtail_crowdbrand/backoffice/cells/thumbnail.html"

    def get_value(self, instance: Submission) -> Any:
        return "" if is_sealed(instance) else thumbnail(instance)


class IdeaColumn(TitleColumn):
    """Title and code, linked, and what is remarkable. A sealed one is opened first."""

    cell_template_name = "wagtail_crowdbrand/backoffice/cells/idea.html"

    def get_value(self, instance: Submission) -> Any:
        return _("Sealed idea") if is_sealed(instance) else super().get_value(instance)


class ContributorColumn(Column):
    """Who it is credited to; the address for those who may read it."""

    cell_template_name = "wagtail_crowdbrand/backoffice/cells/contributor.html"

    def __init__(self, *args: Any, with_address: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.with_address = with_address

    def get_cell_context_data(self, instance: Submission, parent_context: Any) -> Any:
        context = super().get_cell_context_data(instance, parent_context)
        personal, person = instance.personal, instance.contributor
        if is_sealed(instance):
            return context | {"credit": _("Sealed"), "email": "", "url": ""}
        return context | {
            "credit": personal.pending_credit_name or personal.credit_name,
            "email": person.email if person and self.with_address else "",
            "url": contributor_url(person) if person else "",
        }


class StatusColumn(Column):
    """The one computed status in words, and open notices."""

    cell_template_name = "wagtail_crowdbrand/backoffice/cells/status.html"


def contributor_url(contributor: Contributor) -> str:
    return reverse("crowdbrand_contributors:show", args=[contributor.pk])


def marked(rows: QuerySet[Submission]) -> QuerySet[Submission]:
    """Lists name nothing that is sealed: whoever may look opens it, which is noted."""
    sealed = sealing.ids(at=timezone.now())
    mark = When(campaign_page__in=sealed, then=Value(True))
    return rows.annotate(sealed_now=Case(mark, default=Value(False)))


def is_sealed(row: Any) -> bool:
    """Whether a row of :func:`marked` is to be named by its code only."""
    return bool(getattr(row, "sealed_now", False))


def for_listing(rows: QuerySet[Submission]) -> QuerySet[Submission]:
    """All that a row of a list shows, in a fixed number of queries."""
    return (
        marked(rows)
        .select_related("brief_page", "campaign_page", "contributor", "personal")
        .prefetch_related("uploads__image__renditions")
    )


def numbers(texts: Iterable[str]) -> list[int]:
    """Those that are ids; the rest of what came with a URL is ignored."""
    return [int(text) for text in texts if text.isdecimal() and len(text) < 19]


def campaign_pages(request: Any) -> QuerySet:
    """The campaigns this user moderates, by title."""
    mine = permissions.moderated_campaigns(request.user)
    return _pages().filter(pk__in=mine).order_by("title", "pk")


def brief_pages(request: Any) -> QuerySet:
    """The briefs of these campaigns."""
    paths = list(campaign_pages(request).order_by().values_list("path", flat=True))
    ids = [
        pk
        for model in classes.brief_models()
        for pk, path in model._default_manager.values_list("pk", "path")
        if any(path.startswith(campaign) for campaign in paths)
    ]
    return _pages().filter(pk__in=ids).order_by("title", "pk")


def _pages() -> QuerySet:
    model = Submission._meta.get_field("brief_page").related_model
    return model._default_manager.all()
