"""The conditions under which Wagtail's workflow engine is safe on a row."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.utils import timezone
from wagtail.models import ModelLogEntry, Page, Revision, TaskState, WorkflowTask

from tests import factories
from wagtail_crowdbrand.domain import drafting, moderating, permissions, submitting
from wagtail_crowdbrand.errors import Conflict, NotAllowed
from wagtail_crowdbrand.models import ModerationTask, Submission
from wagtail_crowdbrand.models.moderation import DASHBOARD_LIMIT

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_campaigns(ready):
    """``(mine, foreign, moderator of mine)``, each campaign with its own workflow."""
    pairs = []
    for _number in range(2):
        workflow = factories.make_workflow()
        campaign = factories.make_campaign(moderation_workflow=workflow)
        brief = factories.make_brief(campaign)
        pairs.append((factories.make_waiting(brief), workflow))
    (mine, my_workflow), (foreign, _workflow) = pairs
    return mine, foreign, factories.make_moderator(my_workflow)


def test_foreign_submission_cannot_be_decided(two_campaigns):
    mine, foreign, moderator = two_campaigns
    my_task = mine.current_workflow_task
    with pytest.raises(NotAllowed) as refusal:
        my_task.on_action(foreign.current_workflow_task_state, moderator, "approve")
    assert refusal.value.code == "not_permitted"
    assert foreign.current_workflow_task_state.status == TaskState.STATUS_IN_PROGRESS


def test_moderator_sees_only_own_campaigns(two_campaigns):
    mine, foreign, moderator = two_campaigns
    assert list(permissions.moderated_by(moderator)) == [mine]
    assert permissions.can_moderate(moderator, mine)
    assert not permissions.can_moderate(moderator, foreign)


def test_campaign_without_own_workflow_belongs_to_the_default_group(ready):
    submission = factories.make_waiting()
    moderator = factories.make_moderator()
    assert list(permissions.moderated_by(moderator)) == [submission]


def test_membership_of_another_group_is_not_enough(ready):
    submission = factories.make_waiting()
    user = User.objects.create_user("nobody")
    user.groups.add(Group.objects.create(name="Other"))
    assert not permissions.can_moderate(user, submission)
    with pytest.raises(NotAllowed):
        moderating.approve(submission, actor=user)


def test_what_was_not_seen_is_not_approved(ready, commits):
    moderator = factories.make_moderator()
    submission = factories.make_waiting(title="Seen")
    looked_at = submission.current_workflow_task_state
    with commits():
        submitting.edit(
            submission,
            idea=drafting.Idea(title="Unseen", summary="Different."),
            person=drafting.Person(),
            at=timezone.now(),
        )
    with pytest.raises(Conflict):
        looked_at.task.specific.on_action(looked_at, moderator, "approve")
    submission.refresh_from_db()
    assert not submission.live
    assert submission.current_workflow_task_state.pk != looked_at.pk


def test_newer_revision_under_the_same_task_is_not_approved(ready):
    moderator = factories.make_moderator()
    submission = factories.make_waiting(title="Seen")
    submission.title = "Sneaked in"
    submission.save_revision(clean=False)
    with pytest.raises(Conflict) as refusal:
        moderating.approve(submission, actor=moderator)
    assert refusal.value.code == "content_changed"


def test_decision_needs_a_reason(ready):
    moderator = factories.make_moderator()
    submission = factories.make_waiting()
    for decide in (moderating.reject, moderating.request_changes, moderating.hide):
        with pytest.raises(NotAllowed) as refusal:
            decide(submission, actor=moderator, reason="  ")
        assert refusal.value.code == "reason_required"


def test_decided_twice_is_a_conflict(ready):
    moderator = factories.make_moderator()
    submission = factories.make_waiting()
    state = submission.current_workflow_task_state
    moderating.decide(state, action="spam", actor=moderator)
    with pytest.raises(Conflict):
        moderating.decide(state, action="approve", actor=moderator)
    submission.refresh_from_db()
    assert submission.moderation == "spam"


def test_publishing_changes_revisioned_fields_only(ready, commits):
    """A column set between a revision and its publication keeps its new value."""
    moderator = factories.make_moderator()
    submission = factories.make_waiting(title="Old")
    now = timezone.now()
    other = factories.make_waiting()
    changed = {
        "code": "ZZZZ-ZZZZ",
        "brief_page_id": other.brief_page_id,
        "brief_key": other.brief_key,
        "campaign_page_id": other.campaign_page_id,
        "contributor_id": other.contributor_id,
        "page_id": Page.objects.first().pk,
        "created_at": now - timedelta(days=2),
        "submitted_at": now - timedelta(days=1),
        "is_late": True,
        "confirmed_at": now - timedelta(hours=3),
        "withdrawn_at": now,
        "erased_at": now,
        "reason": "kept",
        "terms_id": other.terms_id,
        "suspicion": "kept",
        "is_first": False,
        "open_notices": 7,
        "to_finish": True,
        "nonce": "f" * 32,
    }
    moved_by_publishing = {
        "live",
        "has_unpublished_changes",
        "first_published_at",
        "last_published_at",
        "live_revision_id",
        "latest_revision_id",
        "moderation",
        "go_live_at",
        "expire_at",
        "expired",
        "visible_from",
        "shown_revision_id",
        "title_key",  # follows the title
        "lifecycle",
        "id",
    }
    columns = {field.attname for field in Submission._meta.concrete_fields}
    content = set(Submission.REVISIONED_FIELDS)
    assert columns == content | set(changed) | moved_by_publishing

    Submission.objects.filter(pk=submission.pk).update(**changed)
    revision = Revision.objects.get(pk=submission.latest_revision_id)
    result = revision.as_object()
    before = Submission.objects.get(pk=submission.pk)
    for name in columns - content:
        assert getattr(result, name) == getattr(before, name), name
    assert {name: getattr(result, name) for name in changed} == changed

    moderating.approve(submission, actor=moderator)
    published = Submission.objects.get(pk=submission.pk)
    kept = set(changed) - {"reason"}
    assert {name: getattr(published, name) for name in kept} == {
        name: changed[name] for name in kept
    }
    assert (published.live, published.moderation) == (True, "approved")


def test_revision_holds_no_person(ready):
    brief = factories.make_brief()
    brief.answer_fields = [
        {
            "type": "short_text",
            "id": "11111111-1111-4111-8111-111111111111",
            "value": {
                "label": "Phone",
                "personal": True,
                "visibility": "staff",
                "required": False,
            },
        }
    ]
    brief.save()
    draft = factories.make_draft(brief)
    marker = "MARKER-4711"
    answer = {
        "field": "11111111-1111-4111-8111-111111111111",
        "label": "Phone",
        "kind": "short_text",
        "visibility": "staff",
        "value": marker,
    }
    drafting.save_draft(
        draft,
        idea=drafting.Idea(
            title="T", summary="S", personal_answers=[answer], images=draft.images
        ),
        person=drafting.Person(
            email=f"{marker}@example.org", credit_name=marker, co_authors=marker
        ),
        at=timezone.now(),
    )
    submission = submitting.submit(draft, terms_number=1, at=timezone.now())
    submitting.confirm(submission, at=timezone.now())
    moderating.start(submission)

    revisions = list(Revision.objects.for_instance(submission).values())
    assert len(revisions) == 1
    logs = list(ModelLogEntry.objects.values("label", "data"))
    assert logs
    assert marker not in json.dumps([revisions, logs], default=str)
    assert submission.personal.answers[0]["value"] == marker


def test_str_is_the_code_everywhere(ready):
    submission = factories.make_waiting(title="SECRET")
    assert str(submission) == submission.code
    labels = set(ModelLogEntry.objects.values_list("label", flat=True))
    assert labels == {submission.code}
    assert submission.latest_revision.object_str == submission.code


def test_task_lets_other_things_pass(ready):
    campaign = factories.make_campaign()
    campaign.save_revision()
    workflow = factories.make_workflow()
    state = workflow.start(campaign, None)
    assert state.status == "approved"
    assert state.task_states.get().status == TaskState.STATUS_SKIPPED


def test_dashboard_shows_the_newest_few(ready, monkeypatch):
    monkeypatch.setattr("wagtail_crowdbrand.models.moderation.DASHBOARD_LIMIT", 2)
    assert DASHBOARD_LIMIT == 25
    brief = factories.make_brief(max_images=0)
    states = [
        factories.make_waiting(brief, pictures_count=0).current_workflow_task_state.pk
        for _number in range(3)
    ]
    moderator = factories.make_moderator()
    task = ModerationTask.objects.get()
    shown = task.get_task_states_user_can_moderate(moderator)
    assert set(shown.values_list("pk", flat=True)) == set(states[1:])


def test_workflow_without_our_step_publishes_nothing(ready, caplog):
    submission = factories.make_confirmed()
    workflow = submission.get_workflow()
    WorkflowTask.objects.filter(workflow=workflow).delete()
    assert moderating.start(submission) is None
    assert "crowdbrand_setup" in caplog.text
    submission.refresh_from_db()
    assert not submission.live
