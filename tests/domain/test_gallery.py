"""Equal exposure, dense ranks, and what compare finds."""

from __future__ import annotations

import math
import uuid
from collections import Counter
from datetime import date

import pytest
from django.utils import timezone

from tests import factories
from wagtail_crowdbrand.domain import gallery, moderating, publishing, submitting
from wagtail_crowdbrand.domain.shuffling import Shuffle
from wagtail_crowdbrand.models import GalleryPlace, Submission

DAY = date(2026, 11, 22)
KEY = uuid.UUID("6b0b8f5e-5f0e-4c60-9b53-0a3a8f0d7a11")


@pytest.mark.parametrize("count", [1, 2, 3, 4, 6, 7, 24, 60, 97, 360])
def test_shuffle_shows_each_once(count):
    ranks = Shuffle(DAY, count // 2, count).ranks(KEY, 0, count)
    assert sorted(ranks) == list(range(count))


@pytest.mark.parametrize("count", [2, 5, 12])
def test_every_rank_is_first_equally_often(count):
    firsts = Counter(
        Shuffle(DAY, start, count).ranks(KEY, 0, 1)[0] for start in range(count)
    )
    assert firsts == Counter(range(count))


def test_visitors_start_evenly():
    """4,000 visitors, 8 places: chi-squared, 7 degrees of freedom, p = 0.001."""
    starts = Counter(
        Shuffle.for_visitor(f"visitor-{number}", day=DAY, count=8).start
        for number in range(4000)
    )
    statistic = sum((starts[place] - 500) ** 2 / 500 for place in range(8))
    assert statistic < 24.3


def test_order_is_stable_for_a_visitor_and_a_day():
    one = Shuffle.for_visitor("a", day=DAY, count=50)
    assert one == Shuffle.for_visitor("a", day=DAY, count=50)
    tomorrow = Shuffle(date(2026, 11, 23), one.start, 50)
    assert one.ranks(KEY, 0, 50) != tomorrow.ranks(KEY, 0, 50)
    assert one.ranks(KEY, 0, 50) != one.ranks(uuid.uuid4(), 0, 50)


def test_pages_are_slices_of_one_order():
    order = Shuffle(DAY, 3, 50)
    whole = order.ranks(KEY, 0, 50)
    assert order.ranks(KEY, 24, 48) == whole[24:48]
    assert order.ranks(KEY, 48, 72) == whole[48:]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "20261122-1",
        "20261122-1-2-3",
        "20261322-0-5",
        "20261122--1-5",
        "20261122-5-5",
        "20261122-0-0",
        "20261122-0-11",
        "20261122-00-5",
        "20261122-0-٥",
        "20261122-0-" + "9" * 5000,
    ],
)
def test_forged_order_is_ignored(text):
    assert Shuffle.parse(text, count=10) is None


def test_order_survives_the_url():
    order = Shuffle(DAY, 4, 9)
    assert Shuffle.parse(str(order), count=10) == order


@pytest.fixture
def brief(ready):
    return factories.make_brief(max_images=0, max_per_contributor=9)


@pytest.fixture
def visible(brief):
    """``visible(n)``: n submissions on show, without pictures."""

    def make(count: int) -> list[Submission]:
        moderator = factories.make_moderator()
        rows = []
        for number in range(count):
            row = factories.make_waiting(
                brief, pictures_count=0, title=f"Idea number {number}"
            )
            moderating.approve(row, actor=moderator)
            publishing.publish(row, at=timezone.now())
            rows.append(Submission.objects.get(pk=row.pk))
        return rows

    return make


def ranks(brief) -> list[int]:
    places = GalleryPlace.objects.filter(brief_key=brief.translation_key)
    return sorted(places.values_list("rank", flat=True))


def test_ranks_stay_dense(brief, visible):
    rows = visible(4)
    assert ranks(brief) == [0, 1, 2, 3]

    submitting.withdraw(rows[1], at=timezone.now())
    assert ranks(brief) == [0, 1, 2]
    assert gallery.visible_count(brief) == 3

    submitting.withdraw(rows[3], at=timezone.now())
    submitting.withdraw(rows[0], at=timezone.now())
    assert ranks(brief) == [0]
    assert GalleryPlace.objects.get().submission == rows[2]


def test_idea_that_joins_later_does_not_disturb_an_order(brief, visible):
    visible(3)
    order = Shuffle.for_visitor("a", day=DAY, count=3)

    def titles():
        page = gallery.page_of(brief, shuffle=order, at=timezone.now())
        return [row.title for row in page.submissions]

    before = titles()
    visible(1)
    assert titles() == before
    assert len(before) == 3


def test_newest_first_and_pages(brief, visible, settings):
    settings.WAGTAIL_CROWDBRAND = {"GALLERY_PAGE_SIZE": 2}
    visible(3)

    def page(number):
        return gallery.page_of(
            brief, order=gallery.NEWEST, number=number, at=timezone.now()
        )

    assert [row.title for row in page(1).submissions] == [
        "Idea number 2",
        "Idea number 1",
    ]
    assert [row.title for row in page(2).submissions] == ["Idea number 0"]
    assert (page(1).pages, page(1).total) == (2, 3)
    assert page(99).number == 2
    assert page(-5).number == 1


def test_compare_keeps_the_order_given_and_drops_what_is_not_visible(brief, visible):
    first, second, third = visible(3)
    hidden = factories.make_waiting(brief, pictures_count=0)
    other = factories.make_waiting()
    codes = [third.code, hidden.code, first.code.lower(), third.code, other.code, "?"]
    found = gallery.to_compare(brief, codes, at=timezone.now())
    assert [row.code for row in found] == [third.code, first.code]
    found = gallery.to_compare(brief, [second.code, first.code], at=timezone.now())
    assert [row.code for row in found] == [second.code, first.code]


def test_nothing_shows_in_a_brief_that_is_not_live(brief, visible):
    visible(1)
    brief.unpublish()
    page = gallery.page_of(brief, order=gallery.NEWEST, at=timezone.now())
    assert page.submissions == []


def quantile_99(freedom: int) -> float:
    """Of chi-squared, by Wilson and Hilferty (1931); 0.01 % off for 199 degrees."""
    part = 2 / (9 * freedom)
    return freedom * (1 - part + 2.3263 * math.sqrt(part)) ** 3


def test_everybody_is_on_the_first_screen_equally_often():
    """10,000 visitors, 200 submissions, 24 a page: not rejected at 1 %.

    First places are independent draws, for which the test is exact. Neighbours in the
    order share their screens, so that those counts hang together.
    """
    count, size, visitors = 200, 24, 10_000
    first: Counter[int] = Counter()
    screen: Counter[int] = Counter()
    for number in range(visitors):
        order = Shuffle.for_visitor(f"fixed-{number}", day=DAY, count=count)
        ranks = order.ranks(KEY, 0, size)
        first[ranks[0]] += 1
        screen.update(ranks)
    for seen, shown in ((first, 1), (screen, size)):
        expected = visitors * shown / count
        statistic = sum((seen[rank] - expected) ** 2 for rank in range(count))
        assert statistic / expected < quantile_99(count - 1)


def test_every_visitors_order_changes_overnight():
    tomorrow = date(2026, 11, 23)
    for visitor in map(str, range(100)):
        today = Shuffle.for_visitor(visitor, day=DAY, count=200).ranks(KEY, 0, 24)
        same = Shuffle.for_visitor(visitor, day=DAY, count=200).ranks(KEY, 0, 24)
        other = Shuffle.for_visitor(visitor, day=tomorrow, count=200).ranks(KEY, 0, 24)
        assert today == same
        assert today != other


@pytest.mark.parametrize("count", [1, 2, 3, 7, 24, 97])
def test_position_is_where_a_rank_is_shown(count):
    order = Shuffle(DAY, count // 3, count)
    for position, rank in enumerate(order.ranks(KEY, 0, count)):
        assert order.position(KEY, rank) == position
