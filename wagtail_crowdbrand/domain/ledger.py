"""The public ledger of a campaign: writing a line, and finding out who tampered.

The digest of a line is taken of its canonical form (:mod:`canonical`)::

    {"at": …, "campaign": …, "facts": {…}, "kind": …, "number": …, "previous": …}

``campaign`` is the id of its page and ``previous`` the digest of the line before. So
whoever quotes the digest of one line has quoted all lines before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from wagtail_crowdbrand.domain import canonical
from wagtail_crowdbrand.models import LedgerEntry, LedgerHead

if TYPE_CHECKING:
    from wagtail_crowdbrand.models import CampaignMixin
    from wagtail_crowdbrand.states import LedgerKind


class Problem(NamedTuple):
    """What is wrong with one line, in a sentence; 0 stands for no line in particular.

    ``code`` is ``changed``, ``missing``, ``not_linked``, ``added`` or ``not_quoted``.
    """

    number: int
    code: str
    text: str

    def __str__(self) -> str:
        return self.text


def write(
    campaign: CampaignMixin | int,
    kind: LedgerKind | str,
    *,
    facts: dict[str, Any],
    at: datetime,
) -> LedgerEntry:
    """Write a line, within the caller's transaction. ``at`` is when it happened.

    ``facts`` are public for ever: nothing personal, no words of a contributor. Strings,
    whole numbers, booleans, ``None``, instants, and lists and dicts of them.

    The ledger is locked until the caller's transaction ends, and it is the last thing
    to be locked: after the submission, its gallery and the tree.
    """
    head = lock(campaign)
    entry = LedgerEntry(
        campaign_page_id=head.pk,
        number=head.number + 1,
        at=at,
        kind=str(kind),
        facts=canonical.plain(facts),
        previous=head.digest,
    )
    entry.digest = canonical.digest_of(content_of(entry))
    entry.save()
    head.number, head.digest = entry.number, entry.digest
    head.save()
    return entry


def lock(campaign: CampaignMixin | int) -> LedgerHead:
    """The end of the ledger, which nobody else can move until the transaction ends."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("The ledger needs a transaction.")
    pk = _pk(campaign)
    LedgerHead.objects.get_or_create(campaign_page_id=pk)
    return LedgerHead.objects.select_for_update().get(pk=pk)


def entries(campaign: CampaignMixin | int) -> QuerySet[LedgerEntry]:
    """All lines, the first one first."""
    rows = LedgerEntry.objects.filter(campaign_page=_pk(campaign))
    return rows.order_by("number")


def digest_of(campaign: CampaignMixin | int) -> str:
    """The digest of the last line, for quoting; ``""`` when there is none."""
    newest = entries(campaign).reverse().values_list("digest", flat=True)
    return newest.first() or ""


def content_of(entry: LedgerEntry) -> dict[str, Any]:
    """What the digest of a line is taken of."""
    return {
        "campaign": entry.campaign_page_id,
        "number": entry.number,
        "at": canonical.instant(entry.at),
        "kind": entry.kind,
        "facts": entry.facts,
        "previous": entry.previous,
    }


def check(
    campaign: CampaignMixin | int, *, digest: str = "", number: int | None = None
) -> list[Problem]:
    """What is wrong with the ledger, line by line; empty when nothing is.

    Somebody who can write to the database can also write all digests anew. Only a
    ``digest`` that was quoted before shows that; with the ``number`` of its line, the
    line is named.
    """
    return list(_problems(campaign, digest=digest.strip().lower(), number=number))


def _problems(
    campaign: CampaignMixin | int, *, digest: str, number: int | None
) -> Iterator[Problem]:
    last, right, sound = 0, "", True
    quoted = set()
    for entry in entries(campaign).iterator(chunk_size=2000):
        for gap in range(last + 1, entry.number):
            yield _missing(gap)
        linked = entry.previous == right or not sound or entry.number > last + 1
        sound = _digest_or_none(entry) == entry.digest
        if not sound or (not linked and not last):
            yield _changed(entry.number)
        elif not linked:
            yield _not_linked(entry.number)
        last, right = entry.number, entry.digest
        if entry.digest == digest:
            quoted.add(entry.number)
    yield from _against_head(campaign, last=last, digest=right)
    if digest and (number not in quoted if number else not quoted):
        yield _not_quoted(number or 0)


def _against_head(
    campaign: CampaignMixin | int, *, last: int, digest: str
) -> Iterator[Problem]:
    head = LedgerHead.objects.filter(pk=_pk(campaign)).first() or LedgerHead()
    for gap in range(last + 1, head.number + 1):
        yield _missing(gap)
    for added in range(head.number + 1, last + 1):
        text = _("Line %(number)s was not written by this software.")
        yield Problem(added, "added", text % {"number": added})
    if last and last == head.number and digest != head.digest:
        yield _changed(last)


def _digest_or_none(entry: LedgerEntry) -> str | None:
    try:
        return canonical.digest_of(content_of(entry))
    except TypeError:
        return None


def _missing(number: int) -> Problem:
    text = _("Line %(number)s is missing.") % {"number": number}
    return Problem(number, "missing", text)


def _changed(number: int) -> Problem:
    text = _("Line %(number)s was changed.") % {"number": number}
    return Problem(number, "changed", text)


def _not_linked(number: int) -> Problem:
    """Line ``number`` is as it was written, but what stands before it is not."""
    text = _("Line %(before)s was replaced: line %(number)s does not continue it.")
    before = number - 1
    return Problem(before, "not_linked", text % {"number": number, "before": before})


def _not_quoted(number: int) -> Problem:
    if number:
        text = _(
            "Line %(number)s does not have the digest that was quoted: it, or a "
            "line before it, was replaced."
        ) % {"number": number}
    else:
        text = _(
            "No line has the digest that was quoted: lines were replaced or taken away."
        )
    return Problem(number, "not_quoted", text)


def _pk(campaign: CampaignMixin | int) -> int:
    page: Any = campaign
    return page if isinstance(page, int) else page.pk
