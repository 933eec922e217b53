"""What is new in a campaign or a brief, as Atom: only what everybody may see."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, HttpResponse
from django.template.defaultfilters import truncatechars
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed, get_tag_uri
from django.utils.html import escape
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wagtail_crowdbrand.cards import Card, cards_anywhere
from wagtail_crowdbrand.domain import gallery, ledger, wording
from wagtail_crowdbrand.models import BriefMixin, CampaignMixin, Submission
from wagtail_crowdbrand.views.public import public_page

#: Entries of a feed.
NEWEST = 30
#: When a page that was never published properly changed last.
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class _Atom(Atom1Feed):
    """Atom whose time is that of its newest entry, or of its page: never "now"."""

    def latest_post_date(self) -> datetime:
        dates = [item["updateddate"] for item in self.items if item["updateddate"]]
        return max(dates, default=self.feed["since"])


class _Ideas(Feed):
    """The newest visible submissions below a page of ours."""

    feed_type = _Atom
    mixin: type
    description_template = "wagtail_crowdbrand/feeds/idea.html"

    def get_object(self, request: HttpRequest, pk: int) -> Any:
        """Raises ``Http404`` for a page that not everybody may read on a site."""
        self.request = request
        page = public_page(pk, self.mixin)
        if page.get_full_url(request) is None:
            raise Http404
        return page

    def rows(self, page: Any) -> Any:
        raise NotImplementedError

    def items(self, page: Any) -> list[Card]:
        at = timezone.now()
        rows = self.rows(page).visible_to(None, at=at)
        newest = gallery.for_cards_anywhere(rows).order_by("-visible_from", "-pk")[
            :NEWEST
        ]
        return [card for card in cards_anywhere(newest, self.request) if card.url]

    def title(self, page: Any) -> str:
        return _("Ideas: %(title)s") % {"title": _clean(page.title)}

    def link(self, page: Any) -> str:
        return page.get_full_url(self.request)

    def feed_extra_kwargs(self, page: Any) -> dict[str, Any]:
        return {"since": page.first_published_at or EPOCH}

    def item_title(self, card: Card) -> str:
        return _clean(card.submission.title)

    def item_link(self, card: Card) -> str:
        return card.url

    def item_guid(self, card: Card) -> str:
        row = card.submission
        address = self.request.build_absolute_uri(f"/{row.code}")
        return get_tag_uri(address, row.visible_from)

    def item_author_name(self, card: Card) -> str:
        return _clean(card.credit) or _("unnamed")

    def item_pubdate(self, card: Card) -> datetime:
        return card.submission.visible_from

    def item_updateddate(self, card: Card) -> datetime:
        row = card.submission
        published = row.last_published_at or row.visible_from
        return max(published, row.visible_from)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        card = kwargs["item"]
        words = _clean(card.submission.summary, but="\n")
        return {"card": card, "summary": words}


class CampaignFeed(_Ideas):
    mixin = CampaignMixin

    def rows(self, page: Any) -> Any:
        return Submission.objects.filter(campaign_page=page.pk)

    def subtitle(self, page: Any) -> str:
        return _clean(page.summary)


class BriefFeed(_Ideas):
    mixin = BriefMixin

    def rows(self, page: Any) -> Any:
        return Submission.objects.of_brief(page)

    def subtitle(self, page: Any) -> str:
        return truncatechars(_clean(page.challenge), 300)


class LedgerFeed(Feed):
    """The newest lines of a campaign's ledger."""

    feed_type = _Atom

    def get_object(self, request: HttpRequest, pk: int) -> Any:
        """Raises ``Http404`` for a campaign that not everybody may read."""
        return public_page(pk, CampaignMixin)

    def title(self, page: Any) -> str:
        return _("Ledger: %(title)s") % {"title": _clean(page.title)}

    def link(self, page: Any) -> str:
        return reverse("wagtail_crowdbrand:ledger", args=[page.pk])

    def feed_extra_kwargs(self, page: Any) -> dict[str, Any]:
        return {"since": page.first_published_at or EPOCH}

    def items(self, page: Any) -> list[wording.Line]:
        newest = ledger.entries(page).reverse()[:NEWEST]
        return [wording.line_of(entry, zone=page.zone) for entry in newest]

    def item_title(self, line: wording.Line) -> str:
        return _clean(line.label)

    def item_description(self, line: wording.Line) -> str:
        changed = ", ".join(change.label for change in line.changes)
        words = " ".join(filter(None, [line.text, line.note, changed]))
        return escape(_clean(words))

    def item_link(self, line: wording.Line) -> str:
        path = reverse("wagtail_crowdbrand:ledger", args=[line.entry.campaign_page_id])
        return f"{path}#line-{line.entry.number}"

    def item_pubdate(self, line: wording.Line) -> datetime:
        return line.entry.at

    item_updateddate = item_pubdate


def _clean(text: str, *, but: str = "") -> str:
    """XML 1.0 has no place for control characters."""
    return "".join(char if char.isprintable() or char in but else " " for char in text)


def _conditional(feed: type[Feed]) -> Any:
    """Whoever has this very feed already is told so, and gets nothing."""

    @require_safe
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        response = feed()(request, pk=pk)
        digest = hashlib.sha256(response.content).hexdigest()[:32]
        etag = quote_etag(digest)
        response.headers["ETag"] = etag
        response.headers["Cache-Control"] = "public, max-age=300"
        return get_conditional_response(request, etag=etag, response=response)

    return view


campaign = _conditional(CampaignFeed)
brief = _conditional(BriefFeed)
lines = _conditional(LedgerFeed)
