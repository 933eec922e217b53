"""Row by row: a Wagtail event → the moderation axis, ``live``, and the page."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.contrib.auth.models import Group, User
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from wagtail.models import GroupApprovalTask, WorkflowState, WorkflowTask

from tests import factories
from wagtail_crowdbrand.domain import drafting, moderating, submitting
from wagtail_crowdbrand.models import ModerationTask, Submission

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Facts:
    """One row of the table, as found afterwards."""

    moderation: str
    live: bool
    page_live: bool | None
    title_on_show: str | None


def facts(submission: Submission) -> Facts:
    row = Submission.objects.get(pk=submission.pk)
    visible = Submission.objects.filter(pk=row.pk).visible_to(None, at=timezone.now())
    return Facts(
        row.moderation,
        row.live,
        row.page.live if row.page else None,
        visible.first().title if visible.exists() else None,
    )


def act(submission: Submission, action: str, comment: str = "", user=None) -> None:
    """Press one of Wagtail's own workflow buttons."""
    state = submission.current_workflow_task_state
    user = user or User.objects.filter(is_superuser=True).first()
    state.task.specific.on_action(state, user, action, comment=comment)


@pytest.fixture
def superuser(db):
    return User.objects.create_superuser("root", "root@example.org", "secret")


@pytest.fixture
def waiting(ready, superuser):
    """Sent for the first time, in review."""
    return factories.make_waiting(title="First")


@pytest.fixture
def edited(waiting, commits):
    """On show as “First”, with “Second” in review."""
    with commits():
        act(waiting, "approve")
    waiting.refresh_from_db()
    with commits():
        submitting.edit(
            waiting,
            idea=drafting.Idea(title="Second", summary="Now it sings."),
            person=drafting.Person(credit_name="Ada"),
            at=timezone.now(),
        )
    waiting.refresh_from_db()
    return waiting


def test_workflow_start_leaves_everything_but_pending(waiting):
    assert waiting.workflow_in_progress
    assert facts(waiting) == Facts("pending", False, None, None)


def test_workflow_start_on_edit_keeps_old_version_on_show(edited):
    assert edited.workflow_in_progress
    assert facts(edited) == Facts("pending", True, True, "First")


def test_our_approval_with_more_tasks_to_come_decides_nothing(
    waiting, superuser, commits
):
    legal = GroupApprovalTask.objects.create(name="Legal")
    legal.groups.add(Group.objects.create(name="Lawyers"))
    WorkflowTask.objects.create(
        workflow=waiting.get_workflow(), task=legal, sort_order=1
    )
    with commits():
        act(waiting, "approve")
    waiting.refresh_from_db()
    assert waiting.current_workflow_task.name == "Legal"
    assert facts(waiting) == Facts("pending", False, None, None)

    with commits():
        act(waiting, "approve")
    assert facts(waiting) == Facts("approved", True, True, "First")


def test_rejection_by_another_task_asks_for_changes(waiting, superuser, commits):
    legal = GroupApprovalTask.objects.create(name="Legal")
    WorkflowTask.objects.create(
        workflow=waiting.get_workflow(), task=legal, sort_order=1
    )
    act(waiting, "approve")
    with commits():
        act(waiting, "reject", "The name is taken.")
    waiting.refresh_from_db()
    assert facts(waiting) == Facts("changes_requested", False, None, None)
    assert waiting.reason == "The name is taken."


def test_workflow_approved_puts_it_on_show(waiting, commits):
    with commits():
        act(waiting, "approve")
    assert facts(waiting) == Facts("approved", True, True, "First")


def test_workflow_approved_replaces_the_old_version(edited, commits):
    with commits():
        act(edited, "approve")
    edited.refresh_from_db()
    assert facts(edited) == Facts("approved", True, True, "Second")
    assert edited.page.title == "Second"
    assert edited.personal.credit_name == "Ada"


@pytest.mark.parametrize(
    ("action", "moderation"),
    [("reject", "changes_requested"), ("decline", "rejected"), ("spam", "spam")],
)
def test_negative_decision_on_something_new(waiting, commits, action, moderation):
    with commits():
        act(waiting, action, "Because.")
    assert facts(waiting) == Facts(moderation, False, None, None)
    assert "Because." in mail.outbox[-1].body


def test_changes_requested_on_an_edit_keeps_old_version(edited, commits):
    with commits():
        act(edited, "reject", "Less singing.")
    assert facts(edited) == Facts("changes_requested", True, True, "First")


@pytest.mark.parametrize(
    ("action", "moderation"), [("decline", "rejected"), ("spam", "spam")]
)
def test_final_refusal_of_an_edit_takes_the_page_down(
    edited, commits, action, moderation
):
    with commits():
        act(edited, action, "No.")
    assert facts(edited) == Facts(moderation, True, False, None)


def test_cancel_is_refused(waiting):
    with pytest.raises(PermissionDenied):
        waiting.current_workflow_state.cancel()
    assert waiting.current_workflow_state.status == WorkflowState.STATUS_IN_PROGRESS


def test_cancel_happens_when_withdrawn(waiting, commits):
    with commits():
        submitting.withdraw(waiting, at=timezone.now())
    assert waiting.current_workflow_state is None
    assert facts(waiting) == Facts("pending", False, None, None)


def test_publish_outside_is_refused(waiting, superuser):
    with pytest.raises(PermissionDenied):
        waiting.latest_revision.publish(user=superuser, skip_permission_checks=True)
    assert facts(waiting) == Facts("pending", False, None, None)


def test_publish_of_an_edit_outside_is_refused(edited, superuser):
    with pytest.raises(PermissionDenied):
        edited.latest_revision.publish(user=superuser)
    assert facts(edited) == Facts("pending", True, True, "First")


def test_unpublish_outside_is_refused(edited, superuser):
    with pytest.raises(PermissionDenied):
        edited.unpublish(user=superuser)
    assert facts(edited) == Facts("pending", True, True, "First")


def test_page_unpublished_hides(waiting, commits):
    with commits():
        act(waiting, "approve")
    waiting.refresh_from_db()
    with commits():
        waiting.page.specific.unpublish()
    assert facts(waiting) == Facts("hidden", True, False, None)


def test_page_deleted_hides(waiting, commits):
    with commits():
        act(waiting, "approve")
    waiting.refresh_from_db()
    with commits():
        waiting.page.specific.delete()
    assert facts(waiting) == Facts("hidden", True, None, None)


def test_brief_unpublished_and_back_hides_nobody(waiting, commits):
    with commits():
        act(waiting, "approve")
    brief = waiting.brief
    with commits():
        brief.unpublish()
    assert facts(waiting) == Facts("approved", True, False, None)

    with commits():
        brief.save_revision().publish()
    assert facts(waiting) == Facts("approved", True, True, "First")


def test_hidden_comes_back(waiting, commits, superuser):
    with commits():
        act(waiting, "approve")
    waiting.refresh_from_db()
    assert waiting.uploads.get().image_id
    with commits():
        moderating.hide(waiting, actor=superuser, reason="A complaint.")
    assert facts(waiting) == Facts("hidden", True, False, None)
    assert waiting.uploads.get().image_id is None

    with commits():
        moderating.restore(waiting, actor=superuser)
    assert facts(waiting) == Facts("approved", True, True, "First")
    assert waiting.uploads.get().image_id


def test_closing_the_step_publishes_nothing(waiting, superuser, commits):
    with commits():
        ModerationTask.objects.get().deactivate(user=superuser)
    assert waiting.current_workflow_state is None
    assert facts(waiting) == Facts("pending", False, None, None)
    assert moderating.start(waiting) is None
    assert facts(waiting) == Facts("pending", False, None, None)


def test_closing_the_workflow_is_refused_while_something_waits(waiting, superuser):
    with pytest.raises(PermissionDenied):
        waiting.get_workflow().deactivate(user=superuser)
    waiting.refresh_from_db()
    assert waiting.workflow_in_progress
    assert waiting.get_workflow().active
