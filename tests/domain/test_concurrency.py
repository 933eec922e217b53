"""What holds when many do it at once, on real transactions."""

from __future__ import annotations

from collections import Counter
from functools import partial

import pytest
from django.core import mail
from django.utils import timezone
from wagtail.models import Page

from tests import factories
from tests.crowd import at_once, database_of_its_own
from wagtail_crowdbrand import signals
from wagtail_crowdbrand.domain import (
    gallery,
    moderating,
    publishing,
    setup,
    submitting,
)
from wagtail_crowdbrand.models import GalleryPlace, Message, Submission
from wagtail_crowdbrand.receivers import after_decided, start_moderation

WORKERS = 16
EACH = 25
ROUNDS = 5


@pytest.fixture(autouse=True)
def _own_database(django_db_setup, django_db_blocker, tmp_path):
    with django_db_blocker.unblock(), database_of_its_own(tmp_path):
        setup.set_up()
        yield


@pytest.fixture
def brief():
    return factories.make_brief(max_images=0)


@pytest.fixture
def moderator():
    return factories.make_moderator()


@pytest.fixture
def by_hand():
    """Nothing follows a decision or a confirmation but what a test does itself."""
    signals.submission_decided.disconnect(after_decided)
    signals.submission_confirmed.disconnect(start_moderation)
    yield
    signals.submission_decided.connect(after_decided)
    signals.submission_confirmed.connect(start_moderation)


def errors_in(results) -> list[Exception]:
    return [result for result in results if isinstance(result, Exception)]


def shares(rows: list, *, workers: int = WORKERS) -> list[list]:
    """The rows, dealt to the workers like cards."""
    return [rows[number::workers] for number in range(workers)]


def kinds() -> Counter:
    return Counter(Message.objects.values_list("kind", flat=True))


def ranks(brief) -> list[int]:
    places = GalleryPlace.objects.filter(brief_key=brief.translation_key)
    return sorted(places.values_list("rank", flat=True))


def assert_in_order(brief, *, visible: int) -> None:
    """Tree and gallery agree with themselves and each other."""
    pages = Page.objects.child_of(brief)
    assert Page.find_problems() == ([], [], [], [], [])
    assert Page.objects.get(pk=brief.pk).numchild == pages.count()
    assert ranks(brief) == list(range(visible))
    assert gallery.visible_count(brief) == visible
    assert pages.live().count() == visible
    shown = Submission.objects.filter(visible_from__isnull=False)
    assert set(pages.live().values_list("pk", flat=True)) == set(
        shown.values_list("page_id", flat=True)
    )


def send(brief, count: int) -> list[str]:
    return [factories.make_sent(brief, pictures_count=0).code for _ in range(count)]


def test_four_hundred_ideas_at_once(brief, moderator, by_hand):
    results = at_once([partial(send, brief, EACH)] * WORKERS)
    assert errors_in(results) == []
    total = WORKERS * EACH
    rows = list(Submission.objects.order_by("pk"))
    assert {row.code for row in rows} == {code for codes in results for code in codes}
    assert len({row.code for row in rows}) == len(rows) == total
    assert kinds() == {"confirm": total}

    def accept(mine):
        for row in mine:
            submitting.confirm(row, at=timezone.now())
            moderating.start(row)
            moderating.approve(Submission.objects.get(pk=row.pk), actor=moderator)

    assert errors_in(at_once([partial(accept, mine) for mine in shares(rows)])) == []
    assert kinds() == {"confirm": total, "receipt": total}
    assert Submission.objects.filter(moderation="approved").count() == total

    def show(mine):
        for row in mine:
            publishing.publish(row, at=timezone.now())

    # Every one is published by two workers, and a few by all of them.
    twice = [mine + other for mine, other in zip(shares(rows), shares(rows[::-1]))]
    deeds = [partial(show, rows[:3] + mine) for mine in twice]
    assert errors_in(at_once(deeds)) == []
    assert_in_order(brief, visible=total)
    assert Page.objects.child_of(brief).count() == total
    assert kinds() == {"confirm": total, "receipt": total, "published": total}
    assert len(mail.outbox) == 3 * total
