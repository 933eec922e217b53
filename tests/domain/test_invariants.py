"""The doctor finds what was broken on purpose, and the remedies mend it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from wagtail.models import WorkflowState

from tests import factories
from wagtail_crowdbrand.domain import invariants, moderating, outbox, publishing
from wagtail_crowdbrand.models import (
    BriefCounter,
    GalleryPlace,
    Message,
    Submission,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def visible(ready, commits):
    brief = factories.make_brief()
    moderator = factories.make_moderator()
    for _number in range(3):
        row = factories.make_waiting(brief)
        with commits():
            moderating.approve(row, actor=moderator)
    Message.objects.update(sent_at=timezone.now())
    return list(Submission.objects.order_by("pk"))


def found() -> set[str]:
    return {finding.what for finding in invariants.findings()}


def test_all_is_well(visible, capsys):
    assert found() == set()
    call_command("crowdbrand_doctor")
    call_command("crowdbrand_recount", "--check")
    assert "All is well." in capsys.readouterr().out


def break_count(rows):
    BriefCounter.objects.update(visible_count=7)


def break_ranks(rows):
    GalleryPlace.objects.filter(submission=rows[0]).update(rank=40)


def lose_place(rows):
    GalleryPlace.objects.filter(submission=rows[0]).delete()


def lose_counter(rows):
    BriefCounter.objects.all().delete()


@pytest.mark.parametrize("damage", [break_count, break_ranks, lose_place, lose_counter])
def test_recount_mends(visible, damage):
    damage(visible)
    assert found() == {"wrong counts of a gallery"}
    with pytest.raises(CommandError):
        call_command("crowdbrand_recount", "--check")
    with pytest.raises(CommandError):
        call_command("crowdbrand_doctor")
    call_command("crowdbrand_recount", "--fix")
    assert found() == set()
    ranks = GalleryPlace.objects.order_by("rank").values_list("rank", flat=True)
    assert list(ranks) == [0, 1, 2]
    assert BriefCounter.objects.get().visible_count == 3


def test_review_before_nobody_is_found(ready):
    row = factories.make_waiting()
    Message.objects.update(sent_at=timezone.now())
    assert found() == set()
    WorkflowState.objects.for_instance(row).delete()
    assert found() == {"in review before nobody"}


def test_unpublished_and_page_without_submission_are_found(visible):
    Submission.objects.filter(pk=visible[0].pk).update(shown_revision=None)
    assert found() == {"approved but not published"}
    publishing.publish(visible[0], at=timezone.now())
    assert found() == set()
    Submission.objects.filter(pk=visible[1].pk).update(page=None)
    assert found() == {"visible without a page", "pages without a submission"}


def test_page_that_should_be_down_is_found(visible, commits):
    with commits():
        moderating.hide(
            visible[0], actor=factories.make_moderator(), reason="Complaint."
        )
    Message.objects.update(sent_at=timezone.now())
    assert found() == set()
    visible[0].page.refresh_from_db()
    visible[0].page.live = True
    visible[0].page.save()
    assert found() == {"to be taken down"}


def test_mail_that_was_given_up_is_found(ready):
    factories.make_sent()
    assert found() == set()
    Message.objects.update(
        attempts=outbox.ATTEMPTS, due_at=timezone.now() - timedelta(days=1)
    )
    assert found() == {"mails given up"}
