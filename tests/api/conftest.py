"""What the tests of the API share."""

from __future__ import annotations

import pytest

from tests import factories
from tests.api.remote import Remote
from wagtail_crowdbrand.domain import moderating


@pytest.fixture
def remote():
    return Remote()


@pytest.fixture
def shown(ready, commits):
    """``shown(brief, title=…)``: an idea on show."""
    moderator = factories.make_moderator()

    def show(brief, **idea):
        with commits():
            submission = factories.make_waiting(brief, **idea)
            moderating.approve(submission, actor=moderator)
        submission.refresh_from_db()
        return submission

    return show
