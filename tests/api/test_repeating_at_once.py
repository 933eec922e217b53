"""Two hundred at once, and half of them twice, make two hundred ideas."""

from __future__ import annotations

import random
from collections import Counter
from functools import partial

import pytest

from tests import factories
from tests.api.remote import Remote
from tests.api.test_repeating import KEY, idea, send
from tests.crowd import at_once, database_of_its_own
from wagtail_crowdbrand.domain import setup
from wagtail_crowdbrand.models import Submission

pytestmark = pytest.mark.postgres


@pytest.fixture
def db(django_db_setup, django_db_blocker, tmp_path):
    """One that commits for real."""
    with django_db_blocker.unblock(), database_of_its_own(tmp_path):
        yield


def test_two_hundred_at_once_with_retries_of_half_are_two_hundred(db, settings):
    limits = {"RATE_LIMITS": {"submit": "", "draft": ""}}
    settings.WAGTAIL_CROWDBRAND = settings.WAGTAIL_CROWDBRAND | limits
    setup.set_up()
    brief = factories.make_brief(max_images=0)
    chance = random.Random(6)  # noqa: S311 - the same on every run
    again = chance.sample(range(200), 100)
    numbers = [*range(200), *again]
    chance.shuffle(numbers)
    statuses, codes = Counter(), {}
    for first in range(0, 300, 50):
        group = numbers[first : first + 50]
        deeds = [
            partial(send, Remote(), brief, idea(number), f"{KEY}-{number:03}")
            for number in group
        ]
        for number, response in zip(group, at_once(deeds), strict=True):
            statuses[response.status_code] += 1
            codes.setdefault(number, set()).add(response.json()["code"])
    assert statuses == {201: 300}
    assert all(len(found) == 1 for found in codes.values())
    titles = Submission.objects.values_list("title", flat=True)
    assert Counter(titles) == {f"Nightglow {number}": 1 for number in range(200)}
