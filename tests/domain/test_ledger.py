"""The ledger: append-only, in order, and whoever tampers with a line is found out."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from tests import factories
from wagtail_crowdbrand.domain import canonical, ledger
from wagtail_crowdbrand.models import LedgerEntry, LedgerHead
from wagtail_crowdbrand.states import LedgerKind

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 27, 11, tzinfo=UTC)


@pytest.fixture
def campaign(ready):
    """Five lines, and another campaign with one."""
    # Not open yet: it has written nothing itself.
    soon = {"opens_at": timezone.now() + timedelta(days=1)}
    campaign = factories.make_campaign(**soon)
    for number in range(1, 6):
        ledger.write(
            campaign,
            LedgerKind.CORRECTION,
            facts={"note": f"Note {number}", "line": number},
            at=NOON + timedelta(minutes=number),
        )
    other = factories.make_campaign(**soon)
    ledger.write(other, LedgerKind.OPENED, facts={}, at=NOON)
    return campaign


def rows(campaign):
    """As somebody who can write to the database has them."""
    written = LedgerEntry._base_manager.filter(campaign_page=campaign.pk)
    return written.order_by("number")


def codes(campaign, **quoted):
    return [(each.number, each.code) for each in ledger.check(campaign, **quoted)]


def forge(campaign, number, **columns):
    """Change a line so that it is right in itself."""
    entry = rows(campaign).get(number=number)
    for name, value in columns.items():
        setattr(entry, name, value)
    columns["digest"] = canonical.digest_of(ledger.content_of(entry))
    rows(campaign).filter(pk=entry.pk).update(**columns)
    return columns["digest"]


def forge_everything(campaign, start):
    """Write all digests from a line on anew, and the head with them."""
    previous = rows(campaign).filter(number=start - 1).values_list("digest", flat=True)
    digest = previous.first() or ""
    for number in rows(campaign).filter(number__gte=start).values_list("number"):
        digest = forge(campaign, number[0], previous=digest)
    last = rows(campaign).count()
    LedgerHead.objects.filter(pk=campaign.pk).update(number=last, digest=digest)


def test_lines_are_numbered_and_chained(campaign):
    lines = list(ledger.entries(campaign))
    assert [line.number for line in lines] == [1, 2, 3, 4, 5]
    assert [line.previous for line in lines] == ["", *(x.digest for x in lines[:4])]
    assert ledger.digest_of(campaign) == lines[-1].digest
    assert ledger.check(campaign) == []
    assert ledger.check(campaign, digest=lines[2].digest) == []
    assert ledger.check(campaign, digest=lines[2].digest, number=3) == []


def test_digest_is_that_of_the_documented_form(campaign):
    first = ledger.entries(campaign)[0]
    text = (
        f'{{"at":"2026-11-27T11:01:00.000000Z","campaign":{campaign.pk},'
        '"facts":{"line":1,"note":"Note 1"},"kind":"correction","number":1,'
        '"previous":""}'
    )
    assert first.digest == hashlib.sha256(text.encode()).hexdigest()


def test_line_is_never_changed_nor_deleted(campaign):
    line = ledger.entries(campaign)[0]
    line.facts = {}
    with pytest.raises(PermissionDenied):
        line.save()
    with pytest.raises(PermissionDenied):
        line.delete()
    with pytest.raises(PermissionDenied):
        LedgerEntry.objects.all().delete()
    with pytest.raises(PermissionDenied):
        LedgerEntry.objects.update(kind="opened")
    assert ledger.check(campaign) == []


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("number", 99),
        ("at", NOON),
        ("kind", "opened"),
        ("facts", {"note": "Note 3", "line": 4}),
        ("facts", {}),
        ("facts", {"note": 1.5}),
        ("previous", "0" * 64),
        ("digest", "0" * 64),
    ],
)
@pytest.mark.parametrize("number", [1, 3, 5])
def test_changed_column_names_the_line(campaign, column, value, number):
    rows(campaign).filter(number=number).update(**{column: value})
    assert number in {line for line, _code in codes(campaign)}


@pytest.mark.parametrize("number", [1, 3, 5])
def test_changed_column_names_no_other_line(campaign, number):
    rows(campaign).filter(number=number).update(facts={"note": "Never said."})
    assert codes(campaign) == [(number, "changed")]


def test_line_of_another_campaign_is_missing_here_and_too_much_there(campaign):
    other = LedgerHead.objects.exclude(pk=campaign.pk).get().pk
    rows(campaign).filter(number=3).update(campaign_page=other)
    assert codes(campaign) == [(3, "missing")]
    assert codes(other) == [(2, "missing"), (3, "changed"), (2, "added"), (3, "added")]


@pytest.mark.parametrize("number", [1, 3, 5])
def test_deleted_line_is_missing(campaign, number):
    rows(campaign).filter(number=number).delete()
    assert codes(campaign) == [(number, "missing")]


def test_deleted_line_is_found_when_the_others_move_up(campaign):
    rows(campaign).filter(number=3).delete()
    for number in (4, 5):
        rows(campaign).filter(number=number).update(number=F("number") - 1)
    assert codes(campaign) == [(3, "changed"), (4, "changed"), (5, "missing")]


def test_everything_deleted_is_missing(campaign):
    rows(campaign).delete()
    assert codes(campaign) == [(number, "missing") for number in range(1, 6)]


def test_inserted_line_is_found(campaign):
    for number in (5, 4, 3):
        rows(campaign).filter(number=number).update(number=F("number") + 1)
    line = LedgerEntry(
        campaign_page_id=campaign.pk, number=3, at=NOON, kind="paused", facts={}
    )
    line.previous = rows(campaign).get(number=2).digest
    line.digest = canonical.digest_of(ledger.content_of(line))
    line.save()
    assert codes(campaign) == [
        (4, "changed"),
        (5, "changed"),
        (6, "changed"),
        (6, "added"),
    ]


def test_line_put_at_the_end_is_found(campaign):
    line = LedgerEntry(
        campaign_page_id=campaign.pk, number=6, at=NOON, kind="paused", facts={}
    )
    line.previous = ledger.digest_of(campaign)
    line.digest = canonical.digest_of(ledger.content_of(line))
    line.save()
    assert codes(campaign) == [(6, "added")]


def test_two_lines_that_change_places_are_found(campaign):
    rows(campaign).filter(number=2).update(number=99)
    rows(campaign).filter(number=3).update(number=2)
    rows(campaign).filter(number=99).update(number=3)
    assert codes(campaign) == [(2, "changed"), (3, "changed")]


@pytest.mark.parametrize(
    ("number", "found"), [(1, (1, "not_linked")), (5, (5, "changed"))]
)
def test_forged_line_does_not_fit(campaign, number, found):
    """Right in itself, but not what the next line, or the end, knows."""
    forge(campaign, number, facts={"note": "Never said."})
    assert codes(campaign) == [found]


@pytest.mark.parametrize("deed", ["change", "delete", "cut"])
def test_quoted_digest_shows_what_was_forged_throughout(campaign, deed):
    """Nothing in the database contradicts it; what was quoted elsewhere does."""
    third, last = (rows(campaign).get(number=number).digest for number in (3, 5))
    if deed == "change":
        rows(campaign).filter(number=3).update(facts={"note": "Never said."})
    elif deed == "cut":
        rows(campaign).filter(number__gte=3).delete()
    else:
        rows(campaign).filter(number=3).delete()
        for number in (4, 5):
            rows(campaign).filter(number=number).update(number=F("number") - 1)
    forge_everything(campaign, 3)
    assert codes(campaign) == []
    assert codes(campaign, digest=third) == [(0, "not_quoted")]
    assert codes(campaign, digest=third, number=3) == [(3, "not_quoted")]
    assert codes(campaign, digest=last, number=5) == [(5, "not_quoted")]
    second = rows(campaign).get(number=2).digest
    assert codes(campaign, digest=second, number=2) == []


def test_problem_is_a_sentence_that_names_the_line(campaign):
    rows(campaign).filter(number=4).update(kind="opened")
    assert [str(each) for each in ledger.check(campaign)] == ["Line 4 was changed."]


def test_what_has_no_canonical_form_is_refused(campaign):
    for value in (1.5, 2**53, {"é": 1}, {1, 2}):
        with pytest.raises(TypeError):
            ledger.write(campaign, LedgerKind.OPENED, facts={"v": value}, at=NOON)
    assert ledger.entries(campaign).count() == 5


def test_text_no_database_keeps_is_cleaned(campaign):
    facts = {"note": 'a\x00b\ud800c \u2028 é"\\\n', "at": NOON, "list": (1, None)}
    line = ledger.write(campaign, LedgerKind.CORRECTION, facts=facts, at=NOON)
    line.refresh_from_db()
    assert line.facts == {
        "note": 'abc \u2028 é"\\\n',
        "at": "2026-11-27T11:00:00.000000Z",
        "list": [1, None],
    }
    assert ledger.check(campaign) == []


def test_line_that_is_rolled_back_leaves_no_gap(campaign):
    with transaction.atomic():
        ledger.write(campaign, LedgerKind.PAUSED, facts={}, at=NOON)
        transaction.set_rollback(True)
    line = ledger.write(campaign, LedgerKind.RESUMED, facts={}, at=NOON)
    assert line.number == 6
    assert ledger.check(campaign) == []


def test_canonical_form_is_json_for_everybody():
    value = {"b": [1, True, None, "é\n\u2028\x1f"], "a": {}}
    encoded = canonical.encode(value)
    assert encoded == '{"a":{},"b":[1,true,null,"é\\n\u2028\\u001f"]}'.encode()
    assert json.loads(encoded) == value


def test_page_that_is_deleted_takes_its_ledger_along(campaign):
    pk = campaign.pk
    campaign.delete()
    assert LedgerEntry.objects.filter(campaign_page=pk).count() == 0
    assert LedgerHead.objects.filter(pk=pk).count() == 0
