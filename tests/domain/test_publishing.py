"""A brief that goes and comes back: what was visible in it, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import OperationalError
from django.utils import timezone
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import Page

from tests import factories
from wagtail_crowdbrand.domain import (
    gallery,
    invariants,
    moderating,
    outbox,
    publishing,
    upkeep,
)
from wagtail_crowdbrand.models import Message, Submission

pytestmark = pytest.mark.django_db


@pytest.fixture
def gone(ready, commits):
    """Two visible submissions of a brief that was taken off the site whole."""
    root = User.objects.create_superuser("root")
    brief = factories.make_brief()
    for _number in range(2):
        waiting = factories.make_waiting(brief)
        with commits():
            moderating.approve(waiting, actor=None)
    with commits():
        page = type(brief).objects.get(pk=brief.pk)
        action = UnpublishPageAction(page, include_descendants=True, user=root)
        action.execute(skip_permission_checks=True)
    rows = list(Submission.objects.order_by("pk"))
    assert [row.visible_from is not None for row in rows] == [True, True]
    assert live_below(brief) == []
    return rows


def live_below(brief) -> list[int]:
    pages = Page.objects.child_of(brief).live().order_by("pk")
    return list(pages.values_list("pk", flat=True))


def bring_back(brief) -> None:
    brief = type(brief).objects.get(pk=brief.pk)
    brief.save_revision().publish()


def test_pages_come_back_with_their_brief(gone, commits):
    with commits():
        bring_back(gone[0].brief)
    assert live_below(gone[0].brief) == [row.page_id for row in gone]


def test_hidden_before_it_could_come_back_stays_away(gone, commits):
    """``gone[0]`` is what was read before a moderator hid it."""
    bring_back(gone[0].brief)
    with commits():
        moderating.hide(
            Submission.objects.get(pk=gone[0].pk), actor=None, reason="A complaint."
        )
    publishing.republish(gone[0])
    publishing.republish(gone[1])
    assert live_below(gone[0].brief) == [gone[1].page_id]


def test_brief_that_is_gone_again_brings_nothing_back(gone):
    publishing.republish(gone[0])
    assert live_below(gone[0].brief) == []


@pytest.mark.parametrize("killed", [True, False])
def test_tick_brings_back_what_did_not_come(gone, commits, monkeypatch, killed):
    """The process died after the brief's commit, or the database was away."""
    brief = gone[0].brief

    def fail(*args):
        raise OperationalError("The database is away.")

    if killed:
        bring_back(brief)  # and nothing after the commit
    else:
        monkeypatch.setattr(publishing, "ATTEMPTS", 1)
        monkeypatch.setattr(publishing, "_brighten", fail)
        with commits():
            bring_back(brief)
        monkeypatch.undo()
    assert live_below(brief) == []
    found = {finding.what for finding in invariants.findings()}
    assert "visible but off the site" in found

    call_command("crowdbrand_tick")
    assert live_below(brief) == [row.page_id for row in gone]
    assert upkeep.republish_missing() == 0
    found = {finding.what for finding in invariants.findings()}
    assert "visible but off the site" not in found


@pytest.fixture
def shown(ready, commits):
    """Two on show in one brief; an editor began a note about the second."""
    brief = factories.make_brief()
    for _number in range(2):
        waiting = factories.make_waiting(brief)
        with commits():
            moderating.approve(waiting, actor=None)
    rows = list(Submission.objects.order_by("pk"))
    page = rows[1].page.specific
    page.curators_note = "Not finished."
    page.save_revision()
    return rows


@pytest.mark.parametrize("which", ["brief_page", "campaign_page"])
def test_pages_below_are_live_as_long_as_what_they_are_in(shown, commits, which):
    """Wagtail leaves them live, for its APIs and the site's search to find."""
    rows, page = shown, getattr(shown[0], which).specific
    with commits():
        page.unpublish()
    assert live_below(rows[0].brief) == []
    with commits():
        bring_back(type(page).objects.get(pk=page.pk))
    assert live_below(rows[0].brief) == [row.page_id for row in rows]
    pages = [Page.objects.get(pk=row.page_id).specific for row in rows]
    assert [page.curators_note for page in pages] == ["", ""]
    assert [page.has_unpublished_changes for page in pages] == [False, True]
    assert [row.visible_from for row in Submission.objects.order_by("pk")] == [
        row.visible_from for row in rows
    ]


def test_brief_that_moves_is_shown_as_its_new_campaign_is(shown, commits):
    brief = type(shown[0].brief).objects.get(pk=shown[0].brief_page_id)
    pages = [row.page_id for row in shown]
    for campaign, live in (
        (factories.make_campaign(live=False), []),
        (factories.make_campaign(), pages),
    ):
        with commits():
            brief.move(campaign, pos="last-child")
        brief = type(brief).objects.get(pk=brief.pk)
        assert live_below(brief) == live


def test_hidden_is_off_the_site_before_any_task_ran(shown, commits):
    row = shown[0]
    moderating.hide(row, actor=None, reason="A complaint.")
    page = Page.objects.get(pk=row.page_id)
    assert (page.live, page.has_unpublished_changes) == (False, False)
    assert list(upkeep.unretracted()) == [row]
    publishing.retract(row)
    page.refresh_from_db()
    assert (page.live, page.has_unpublished_changes) == (False, True)
    assert page.live_revision is None
    assert list(upkeep.unretracted()) == []


def test_pages_come_back_in_a_fixed_number_of_queries(shown, commits, queries_of):
    """One statement for a gallery of any size, while nobody wrote a note."""
    brief = type(shown[0].brief).objects.get(pk=shown[0].brief_page_id)
    Page.objects.filter(pk=shown[1].page_id).update(has_unpublished_changes=False)

    def there_and_back():
        publishing.darken_below(brief)
        publishing.republish_below(brief)

    two = queries_of(there_and_back)
    with commits():
        moderating.approve(factories.make_waiting(brief), actor=None)
    assert queries_of(there_and_back) == two
    assert len(live_below(brief)) == 3


@pytest.mark.parametrize("which", ["brief_page", "campaign_page"])
def test_approved_below_what_is_off_the_site_waits_for_it(
    ready, commits, mailoutbox, time_machine, which
):
    waiting = factories.make_waiting()
    Message.objects.update(sent_at=timezone.now())
    above = getattr(waiting, which).specific
    with commits():
        above.unpublish()
    with commits():
        moderating.approve(waiting, actor=None)
    call_command("crowdbrand_tick")
    row = Submission.objects.get(pk=waiting.pk)
    assert row.visible_from
    assert not row.page.live
    assert mailoutbox == []

    with commits():
        bring_back(above)
    assert live_below(row.brief) == [row.page_id]
    time_machine.move_to(timezone.now() + outbox.LONGEST_PAUSE + timedelta(minutes=1))
    with commits():
        call_command("crowdbrand_tick")
    assert [message.subject for message in mailoutbox if row.title in message.body]
    assert Message.objects.filter(kind="published", sent_at=None).count() == 0


@pytest.mark.parametrize("note", [False, True])
def test_edit_approved_while_its_brief_is_off_the_site_waits_too(
    shown, commits, time_machine, note
):
    row = shown[int(note)]
    brief = type(row.brief).objects.get(pk=row.brief_page_id)
    with commits():
        brief.unpublish()
    Submission.objects.filter(pk=row.pk).update(shown_revision=None, title="Second")
    publishing.publish(row, at=timezone.now())
    page = Page.objects.get(pk=row.page_id)
    assert (page.title, page.live, page.has_unpublished_changes) == (
        "Second",
        False,
        note,
    )
    with commits():
        bring_back(brief)
    assert live_below(brief) == [row.page_id for row in shown]


@pytest.mark.parametrize("which", ["brief_page", "campaign_page"])
def test_page_that_stayed_below_what_went_is_found_and_darkened(shown, commits, which):
    Message.objects.update(sent_at=timezone.now())
    above = getattr(shown[0], which)
    Page.objects.filter(pk=above.pk).update(live=False)
    assert [finding.what for finding in invariants.findings()] == [
        "on the site below what is not"
    ]
    before = gallery.counter_of(shown[0].brief).version
    call_command("crowdbrand_tick")
    assert live_below(shown[0].brief) == []
    assert gallery.counter_of(shown[0].brief).version == before + 1
    assert upkeep.darken_missing() == 0
    assert invariants.findings() == []
    with commits():
        bring_back(above.specific)
    assert live_below(shown[0].brief) == [row.page_id for row in shown]


def test_aliases_follow_the_page_of_an_idea(shown, commits):
    row = shown[0]
    elsewhere = factories.make_brief(row.campaign)
    alias = row.page.specific.create_alias(parent=elsewhere, update_slug="again")
    assert live_below(elsewhere) == [alias.pk]
    Submission.objects.filter(pk=row.pk).update(shown_revision=None, title="Second")
    publishing.publish(row, at=timezone.now())
    alias.refresh_from_db()
    assert (alias.title, alias.draft_title, alias.live) == ("Second", "Second", True)

    brief = type(row.brief).objects.get(pk=row.brief_page_id)
    with commits():
        brief.unpublish()
    assert live_below(elsewhere) == []
    with commits():
        bring_back(brief)
    assert live_below(elsewhere) == [alias.pk]


def test_idea_that_expired_and_is_restored_stays(shown, commits):
    row = shown[0]
    Page.objects.filter(pk=row.page_id).update(
        expire_at=timezone.now() - timedelta(hours=1)
    )
    with commits():
        call_command("publish_scheduled")
    assert Submission.objects.get(pk=row.pk).moderation == "hidden"
    with commits():
        moderating.restore(row, actor=None)
    with commits():
        call_command("publish_scheduled")
    row.refresh_from_db()
    assert (row.moderation, row.page.live) == ("approved", True)
    assert (row.page.expire_at, row.page.expired) == (None, False)
