"""Pages beyond the numbered ones: addresses, and walking there and back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tests import factories
from wagtail_crowdbrand.domain import gallery, moderating, publishing, submitting
from wagtail_crowdbrand.domain.keyset import BY_CODE, NEWEST, Anchor
from wagtail_crowdbrand.models import Submission


@given(
    at=st.datetimes(datetime(1970, 1, 1), datetime(5000, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    pk=st.integers(1, 2**31),
    backwards=st.booleans(),
)
def test_anchor_is_read_as_it_was_written(at, pk, backwards):
    anchor = Anchor(NEWEST, (at, pk), backwards)
    assert Anchor.parse(str(anchor), order=NEWEST) == anchor


@given(st.text(alphabet="after-before0123456789²x٣ \0") | st.text())
def test_anything_else_is_no_anchor(text):
    for order in gallery.ORDERS:
        anchor = Anchor.parse(text, order=order)
        assert anchor is None or Anchor.parse(str(anchor), order=order) == anchor


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("", NEWEST),
        ("after-5", NEWEST),
        ("after-5-6-7", NEWEST),
        ("until-5-6", NEWEST),
        ("after--5-6", NEWEST),
        ("after-" + "9" * 40 + "-6", NEWEST),
        ("after-5-6", gallery.SHUFFLED),
        ("after-5-6", BY_CODE),
        ("after-BCDF-GHJK", NEWEST),
    ],
)
def test_anchor_of_another_order_or_of_nobody(text, order):
    assert Anchor.parse(text, order=order) is None


@pytest.fixture
def brief(db, ready, settings, monkeypatch):
    settings.WAGTAIL_CROWDBRAND = {"GALLERY_PAGE_SIZE": 2}
    monkeypatch.setattr(gallery, "NUMBERED", 2)
    return factories.make_brief(max_per_contributor=99)


@pytest.fixture
def show(brief):
    moderator = factories.make_moderator()

    def make(number: int) -> list[Submission]:
        rows = []
        for _number in range(number):
            row = factories.make_waiting(brief, pictures_count=0)
            moderating.approve(row, actor=moderator)
            publishing.publish(row, at=timezone.now())
            rows.append(Submission.objects.get(pk=row.pk))
        return rows

    return make


def page_of(brief, **place):
    return gallery.page_of(brief, at=timezone.now(), **place)


def walk(brief, order: str) -> list[gallery.GalleryPage]:
    """From the first page by "next" to the end."""
    page = page_of(brief, order=order)
    pages = [page]
    while page.after or page.number < page.reach:
        number = page.number + 1
        page = page_of(brief, order=order, number=number, anchor=page.after)
        pages.append(page)
    return pages


@pytest.mark.parametrize("order", [NEWEST, BY_CODE])
def test_walking_to_the_end_and_back_shows_each_once(brief, show, order):
    rows = show(11)
    pages = walk(brief, order)
    shown = [row.pk for page in pages for row in page.submissions]
    assert [page.number for page in pages] == [1, 2, 3, 4, 5, 6]
    assert sorted(shown) == sorted(row.pk for row in rows)
    assert [bool(page.after) for page in pages] == [
        False,
        True,
        True,
        True,
        True,
        False,
    ]
    assert [bool(page.before) for page in pages] == [False] * 3 + [True] * 3

    page = pages[-1]
    while page.before:
        place = {"order": order, "number": page.number - 1, "anchor": page.before}
        page = page_of(brief, **place)
        there = pages[page.number - 1]
        assert page.submissions == there.submissions
        assert (page.after, page.before) == (there.after, there.before)
    assert page.number == 3


def test_what_comes_or_goes_meanwhile_moves_nothing(brief, show):
    rows = show(9)
    second = page_of(brief, order=NEWEST, number=2)
    [new] = show(1)
    submitting.withdraw(Submission.objects.get(pk=rows[-1].pk), at=timezone.now())
    third = page_of(brief, order=NEWEST, number=3, anchor=second.after)
    assert [row.pk for row in third.submissions] == [rows[4].pk, rows[3].pk]
    assert new not in third.submissions


def test_a_number_beyond_without_its_anchor_leads_to_the_last_numbered(brief, show):
    show(7)
    assert page_of(brief, order=NEWEST, number=4).number == 2
    wrong = Anchor(BY_CODE, ("ZZZZ-ZZZZ",))
    assert page_of(brief, order=NEWEST, number=4, anchor=wrong).number == 2
    nothing_there = Anchor(NEWEST, (datetime(1970, 1, 1, tzinfo=UTC), 1))
    assert page_of(brief, order=NEWEST, number=4, anchor=nothing_there).number == 2
    shuffle = gallery.Shuffle.for_visitor("a", day=timezone.localdate(), count=7)
    assert page_of(brief, shuffle=shuffle, number=4).number == 4
