"""Where a visitor is in a gallery: order, filters, page and tray, all in the URL."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import gettext as _

from wagtail_crowdbrand.domain import filtering, gallery
from wagtail_crowdbrand.domain.filtering import Filter, Wanted
from wagtail_crowdbrand.domain.gallery import GalleryPage
from wagtail_crowdbrand.domain.keyset import Anchor
from wagtail_crowdbrand.models import BriefMixin
from wagtail_crowdbrand.models.submission import read_code
from wagtail_crowdbrand.views.visitors import whole_number


@dataclass(frozen=True)
class Place:
    """The state of a gallery in an address. ``tray`` are codes chosen to be compared.

    ``shuffle`` is the text of a visitor's order, or what somebody made of it.
    ``anchor`` is how a page beyond the numbered ones was reached.
    """

    filters: tuple[Filter, ...] = ()
    order: str = gallery.SHUFFLED
    wanted: Wanted = Wanted()
    tray: tuple[str, ...] = ()
    shuffle: str = ""
    number: int = 1
    anchor: Anchor | None = None

    @classmethod
    def read(cls, request: HttpRequest, brief: BriefMixin) -> Place:
        """Whatever is no order, no filter or no code is dropped."""
        given, filters = request.GET, tuple(filtering.offered(brief))
        values = {entry.name: given.getlist(entry.name) for entry in filters}
        order = given.get("order", "")
        return cls(
            filters=filters,
            order=order if order in gallery.ORDERS else gallery.SHUFFLED,
            wanted=filtering.read(filters, values, query=given.get("q", "")),
            tray=tray_of(request),
            shuffle=given.get("shuffle", ""),
            number=whole_number(given.get("page", "")),
            anchor=Anchor.parse(given.get("from", ""), order=order),
        )

    def pairs(self) -> list[tuple[str, str]]:
        """Names and values for an address, or for the hidden fields of a form."""
        names = {entry.field: entry.name for entry in self.filters}
        pairs = [("q", self.wanted.query)] if self.wanted.query else []
        pairs += [(names[field], value) for field, value in self.wanted.facets]
        if self.order != gallery.SHUFFLED:
            pairs.append(("order", self.order))
        elif self.shuffle:
            pairs.append(("shuffle", self.shuffle))
        if self.number > 1:
            pairs.append(("page", str(self.number)))
            if self.anchor:
                pairs.append(("from", str(self.anchor)))
        return [*pairs, *(("code", code) for code in self.tray)]

    def query(self, **changes: Any) -> str:
        """The query string of this place, or of one that differs in ``changes``."""
        pairs = replace(self, **changes).pairs() if changes else self.pairs()
        return f"?{urlencode(pairs)}" if pairs else ""

    def on(self, page: GalleryPage) -> Place:
        """The same, where it led to."""
        anchor = self.anchor if page.number > page.reach else None
        shuffle = str(page.shuffle or "")
        return replace(self, number=page.number, anchor=anchor, shuffle=shuffle)

    def numbered(self, number: int) -> str:
        """The query string of a page that has a number to go to."""
        return self.query(number=number, anchor=None)

    def steps(self, page: GalleryPage) -> dict[str, str]:
        """Query strings of the pages next to this one, ``""`` where there is none."""
        before, after = page.number - 1, page.number + 1
        goes_on = page.after or after <= page.reach
        return {
            "previous": self.query(number=before, anchor=page.before) if before else "",
            "next": self.query(number=after, anchor=page.after) if goes_on else "",
        }

    def begin(self, **changes: Any) -> str:
        """The same from the first page on, in an order of its own."""
        return self.query(**{"number": 1, "anchor": None, "shuffle": "", **changes})

    @property
    def orders(self) -> list[dict[str, Any]]:
        """``{label, query, current}`` of each order."""
        labels = {
            gallery.SHUFFLED: _("Shuffled today"),
            gallery.NEWEST: _("Newest first"),
            gallery.BY_CODE: _("By code"),
        }
        return [
            {
                "label": label,
                "query": self.begin(order=order),
                "current": order == self.order,
            }
            for order, label in labels.items()
        ]

    @property
    def choices(self) -> list[dict[str, Any]]:
        """The filters as fields of a form: ``{filter, options}``."""
        return [
            {
                "filter": entry,
                "options": [
                    {
                        "option": option,
                        "checked": (entry.field, option.value) in self.wanted.facets,
                    }
                    for option in entry.options
                ],
            }
            for entry in self.filters
        ]

    @property
    def chips(self) -> list[dict[str, str]]:
        """What is wanted, each with the query string that no longer wants it."""
        labels = {
            (entry.field, option.value): option.label
            for entry in self.filters
            for option in entry.options
        }
        chips = [
            {
                "label": labels[facet],
                "query": self.begin(wanted=self.wanted.without(facet)),
            }
            for facet in self.wanted.facets
        ]
        if self.wanted.query:
            label = _("“%(words)s”") % {"words": self.wanted.query}
            rest = Wanted(facets=self.wanted.facets)
            chips.insert(0, {"label": label, "query": self.begin(wanted=rest)})
        return chips

    @property
    def everything(self) -> str:
        """The query string of the gallery with nothing filtered."""
        return self.begin(wanted=Wanted())

    @property
    def on_paper(self) -> str:
        """The query string of the contact sheet of what is wanted."""
        return self.begin(tray=())

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What the form of filters hands on: the order and the tray."""
        return Place(order=self.order, tray=self.tray).pairs()

    @property
    def kept_by_tray(self) -> list[tuple[str, str]]:
        """What the form of the tray hands on: everything but the tray."""
        return replace(self, tray=()).pairs()


def tray_of(request: HttpRequest) -> tuple[str, ...]:
    """Codes in the address, at most four; whatever is no code is dropped."""
    codes = [read_code(text) for text in request.GET.getlist("code")]
    chosen = [code for code in dict.fromkeys(codes) if code]
    return tuple(chosen[: gallery.MAX_COMPARED])
