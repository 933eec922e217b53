"""Moderation through Wagtail's own screens, and the doors that stay shut."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission, User
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from tests import factories
from wagtail_crowdbrand.domain import drafting, privacy, reasons, submitting
from wagtail_crowdbrand.models import ReasonWording, Submission

pytestmark = pytest.mark.django_db

NAMESPACE = "wagtailsnippets_wagtail_crowdbrand_submission"


def url(name: str, *args) -> str:
    return reverse(f"{NAMESPACE}:{name}", args=args)


def said(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def state_of(submission: Submission) -> tuple:
    row = Submission.objects.get(pk=submission.pk)
    return (
        row.title,
        row.moderation,
        row.live,
        row.workflow_in_progress,
        row.latest_revision_id,
        row.page_id,
    )


@pytest.fixture
def moderator(ready, client):
    user = factories.make_moderator()
    client.force_login(user)
    return user


@pytest.fixture
def root(ready, client):
    user = User.objects.create_superuser("root", "root@example.org", "secret")
    client.force_login(user)
    return user


@pytest.fixture
def waiting(ready):
    return factories.make_waiting(title="Nightglow")


def decide(client, submission, action, task_state=None, **data):
    state = task_state or submission.current_workflow_task_state
    return client.post(url("workflow_action", submission.pk, action, state.pk), data)


def test_dashboard_lists_what_awaits_review(moderator, waiting, client):
    content = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "Awaiting your review" in content
    assert waiting.code in content
    assert "Nightglow" not in content
    assert url("workflow_preview", waiting.pk, waiting.current_workflow_task.pk) in (
        content
    )


def test_preview_shows_what_was_sent(moderator, waiting, client):
    task = waiting.current_workflow_task
    response = client.get(url("workflow_preview", waiting.pk, task.pk))
    content = response.content.decode()
    assert response.status_code == 200
    assert "Nightglow" in content
    assert str(waiting.uploads.get().pk) in content


def test_edit_screen_shows_all_and_offers_only_decisions(moderator, waiting, client):
    content = client.get(url("edit", waiting.pk)).content.decode()
    assert "It glows at night." in content
    assert "Ada Example" in content
    for action in ("approve", "reject", "decline", "spam"):
        assert f'data-workflow-action-name="{action}"' in content
    for action in ("action-publish", "action-unpublish", "action-cancel-workflow"):
        assert action not in content
    assert "w-autosave#save" not in content


@pytest.mark.parametrize("may_know", [True, False])
def test_personal_answers_are_contact_details(moderator, client, may_know):
    def answer(value: str) -> dict[str, str]:
        words = {"label": "Q", "kind": "short_text", "visibility": "staff"}
        return {"field": value, "value": value, **words}

    waiting = factories.make_waiting(
        answers=[answer("Helvetica")], personal_answers=[answer("+49 30 901820")]
    )
    if may_know:
        permission = Permission.objects.get(codename="view_contact")
        moderator.user_permissions.add(permission)
    content = client.get(url("edit", waiting.pk)).content.decode()
    assert "Helvetica" in content
    assert (waiting.contributor.email in content) == may_know
    assert ("+49 30 901820" in content) == may_know


def test_approve_on_dashboard(moderator, waiting, client, commits):
    with commits():
        decide(client, waiting, "approve")
    waiting.refresh_from_db()
    assert waiting.staff_status == "visible"
    assert client.get(waiting.page.url).status_code == 200


def test_approve_on_edit_screen(moderator, waiting, client, commits):
    data = {
        "action-workflow-action": "true",
        "workflow-action-name": "approve",
        "loaded_revision_id": waiting.latest_revision_id,
    }
    with commits():
        response = client.post(url("edit", waiting.pk), data)
    waiting.refresh_from_db()
    assert waiting.staff_status == "visible"
    assert [text.strip() for text in said(response)] == [f"{waiting.code}: Approved."]


def test_reject_on_edit_screen_with_reason(moderator, waiting, client, commits):
    data = {
        "action-workflow-action": "true",
        "workflow-action-name": "decline",
        "workflow-action-extra-data": '{"comment": "Not ours."}',
        "loaded_revision_id": waiting.latest_revision_id,
    }
    with commits():
        client.post(url("edit", waiting.pk), data)
    waiting.refresh_from_db()
    assert (waiting.moderation, waiting.reason) == ("rejected", "Not ours.")


@pytest.mark.parametrize("loaded", ["", "0", None])
def test_edit_screen_refuses_what_was_not_seen(moderator, waiting, client, loaded):
    before = state_of(waiting)
    data = {"action-workflow-action": "true", "workflow-action-name": "approve"}
    if loaded is not None:
        data["loaded_revision_id"] = loaded
    response = client.post(url("edit", waiting.pk), data)
    assert response.status_code == 302
    assert "changed this submission" in said(response)[0]
    assert state_of(waiting) == before


def test_dashboard_link_of_an_old_version_is_refused(
    moderator, waiting, client, commits
):
    old = waiting.current_workflow_task_state
    with commits():
        submitting.edit(
            waiting,
            idea=drafting.Idea(title="Unseen", summary="Other."),
            person=drafting.Person(),
            at=timezone.now(),
        )
    waiting.refresh_from_db()
    before = state_of(waiting)
    response = decide(client, waiting, "approve", old)
    assert response.status_code == 302
    assert "not waiting" in said(response)[0]
    assert state_of(waiting) == before


def test_reason_is_required_in_the_dialog(moderator, waiting, client):
    before = state_of(waiting)
    decide(client, waiting, "decline", comment="")
    assert state_of(waiting) == before


@pytest.mark.parametrize("name", ["workflow_action", "collect_workflow_action_data"])
@pytest.mark.parametrize("action", ["approve", "reject", "decline", "spam"])
def test_numbers_of_two_submissions_do_not_mix(ready, client, commits, name, action):
    """My submission in the URL, somebody else's task state: refused."""
    pairs = []
    for _number in range(2):
        workflow = factories.make_workflow()
        campaign = factories.make_campaign(moderation_workflow=workflow)
        pairs.append((factories.make_waiting(factories.make_brief(campaign)), workflow))
    (mine, my_workflow), (foreign, _workflow) = pairs
    client.force_login(factories.make_moderator(my_workflow))
    before = state_of(foreign), state_of(mine)

    foreign_state = foreign.current_workflow_task_state.pk
    my_state = mine.current_workflow_task_state.pk
    answers = [
        client.post(url(name, pk, action, state), {"comment": "x"}).status_code
        for pk, state in [
            (mine.pk, foreign_state),
            (foreign.pk, foreign_state),
            (foreign.pk, my_state),
        ]
    ]
    assert all(answer in (302, 404) for answer in answers)
    assert (state_of(foreign), state_of(mine)) == before


EDIT_POSTS = [
    {},
    {"action-edit": "true"},
    {"action-publish": "true"},
    {"action-submit": "true"},
    {"action-cancel-workflow": "true"},
    {"action-restart-workflow": "true"},
]


@pytest.mark.parametrize("data", EDIT_POSTS, ids=lambda data: next(iter(data), "save"))
@pytest.mark.parametrize("who", ["moderator", "root"])
def test_edit_screen_saves_nothing(request, waiting, client, who, data):
    request.getfixturevalue(who)
    before = state_of(waiting)
    payload = {"title": "Rewritten", "summary": "By a moderator.", **data}
    client.post(url("edit", waiting.pk), payload)
    client.post(
        url("edit", waiting.pk), payload, headers={"Accept": "application/json"}
    )
    assert state_of(waiting) == before


def shut_doors(submission: Submission) -> list[str]:
    revision = submission.latest_revision_id
    return [
        url("add"),
        url("delete", submission.pk),
        url("unpublish", submission.pk),
        url("preview_on_add"),
        url("confirm_workflow_cancellation", submission.pk),
        url("revisions_unschedule", submission.pk, revision),
    ]


@pytest.mark.parametrize("number", range(6))
@pytest.mark.parametrize("who", ["moderator", "root"])
def test_generic_doors_stay_shut(request, waiting, client, who, number):
    request.getfixturevalue(who)
    address = shut_doors(waiting)[number]
    before = state_of(waiting)
    for method in (client.get, client.post):
        response = method(address)
        assert response.status_code == 302, address
        assert response.url == reverse("wagtailadmin_home"), address
    assert state_of(waiting) == before


def test_reverting_saves_nothing(moderator, waiting, client):
    before = state_of(waiting)
    address = url("revisions_revert", waiting.pk, waiting.latest_revision_id)
    assert client.get(address).status_code == 200
    client.post(address, {"title": "Rewritten"})
    assert state_of(waiting) == before


def looking_doors(submission: Submission) -> list[str]:
    pk, revision = submission.pk, submission.latest_revision_id
    workflow_state = submission.current_workflow_state.pk
    task = submission.current_workflow_task.pk
    return [
        url("edit", pk),
        url("history", pk),
        url("history_results", pk),
        url("usage", pk),
        url("preview_on_edit", pk),
        url("revisions_view", pk, revision),
        url("revisions_compare", pk, "earliest", revision),
        url("workflow_history", pk),
        url("workflow_history_detail", pk, workflow_state),
        url("workflow_preview", pk, task),
        url("visibility", pk),
    ]


@pytest.mark.parametrize("number", range(11))
def test_looking_needs_to_be_their_moderator(ready, client, number):
    workflow = factories.make_workflow()
    campaign = factories.make_campaign(moderation_workflow=workflow)
    mine = factories.make_waiting(factories.make_brief(campaign), title="MINE")
    foreign = factories.make_waiting(title="FOREIGN")
    client.force_login(factories.make_moderator(workflow))

    assert client.get(looking_doors(mine)[number]).status_code == 200
    response = client.get(looking_doors(foreign)[number])
    assert response.status_code in (302, 404)
    assert b"FOREIGN" not in response.content


def test_model_permissions_open_nothing(waiting, client):
    """Whoever gives a group all permissions on submissions gives it nothing."""
    user = User.objects.create_user("editor")
    user.user_permissions.add(
        Permission.objects.get(codename="access_admin"),
        *Permission.objects.filter(content_type__app_label="wagtail_crowdbrand"),
    )
    client.force_login(user)
    before = state_of(waiting)
    for address in [*shut_doors(waiting), *looking_doors(waiting), url("list")]:
        response = client.get(address)
        assert response.status_code in (302, 404), address
        assert waiting.code.encode() not in response.content, address
    data = {
        "action-workflow-action": "true",
        "workflow-action-name": "approve",
        "loaded_revision_id": waiting.latest_revision_id,
    }
    client.post(url("edit", waiting.pk), data)
    decide(client, waiting, "approve")
    assert state_of(waiting) == before


@pytest.mark.parametrize(
    "path", ["reports/site-history", "reports/workflow", "reports/workflow_tasks"]
)
def test_no_title_in_generic_lists(root, waiting, client, path):
    response = client.get(f"/admin/{path}/")
    assert response.status_code == 200
    assert "Nightglow" not in response.content.decode()


def test_listing_scopes_searches_and_filters(ready, client):
    workflow = factories.make_workflow()
    campaign = factories.make_campaign(moderation_workflow=workflow)
    brief = factories.make_brief(campaign)
    first = factories.make_waiting(brief, title="Nightglow")
    second = factories.make_waiting(brief, title="Daybreak")
    foreign = factories.make_waiting(title="Nightfall")
    client.force_login(factories.make_moderator(workflow))

    def codes(**query):
        content = client.get(url("list"), query).content.decode()
        rows = (first, second, foreign)
        return {row.title for row in rows if row.code in content}

    assert codes() == {"Nightglow", "Daybreak"}
    assert codes(q="night") == {"Nightglow"}
    assert codes(q=second.code.lower()) == {"Daybreak"}
    assert codes(status="visible") == set()


def test_listing_takes_as_many_queries_for_three_rows_as_for_one(
    moderator, client, queries_of
):
    brief = factories.make_brief(max_images=0)

    def listing():
        return client.get(url("list"))

    factories.make_waiting(brief, pictures_count=0)
    one = queries_of(listing)
    factories.make_waiting(brief, pictures_count=0)
    factories.make_waiting(factories.make_brief(), pictures_count=0)
    assert queries_of(listing) == one


def test_hide_asks_why_and_brings_back(moderator, waiting, client, commits):
    with commits():
        decide(client, waiting, "approve")
    waiting.refresh_from_db()
    page_url = waiting.page.url

    client.post(url("visibility", waiting.pk), {"comment": "Without a reason."})
    assert client.get(page_url).status_code == 200

    with commits():
        data = {"reason_code": "rights", "comment": "A complaint."}
        client.post(url("visibility", waiting.pk), data)
    assert client.get(page_url).status_code == 404

    with commits():
        client.post(url("visibility", waiting.pk))
    assert client.get(page_url).status_code == 200


@pytest.mark.parametrize(
    ("address", "status"),
    [("look", 404), ("before", 404), ("after", 404), ("edit", 302)],
)
def test_draft_that_was_erased_is_nobodys_to_look_at(
    moderator, waiting, client, address, status
):
    draft = factories.make_draft(waiting.brief)
    privacy.erase(draft, at=timezone.now())
    draft.refresh_from_db()
    assert (draft.lifecycle, draft.submitted_at) == ("withdrawn", None)
    desk = reverse("crowdbrand_desk:index")
    addresses = {
        "look": reverse("crowdbrand_desk:look", args=[draft.pk]),
        "before": f"{desk}?before={draft.pk}",
        "after": f"{desk}?after={draft.pk}",
        "edit": url("edit", draft.pk),
    }
    assert client.get(addresses[address]).status_code == status


def test_hiding_what_is_not_on_show_says_so(moderator, waiting, client):
    before = state_of(waiting)
    data = {"reason_code": "rights", "comment": "A complaint."}
    response = client.post(url("visibility", waiting.pk), data)
    assert [text.strip() for text in said(response)] == ["This idea is not on show."]
    assert state_of(waiting) == before


def test_edit_screen_has_no_footer_without_a_decision(
    moderator, waiting, client, commits
):
    footer = '<footer class="footer'
    assert footer in client.get(url("edit", waiting.pk)).content.decode()
    with commits():
        decide(client, waiting, "approve")
    assert footer not in client.get(url("edit", waiting.pk)).content.decode()


def test_dialog_takes_the_words_of_the_reason(moderator, waiting, client, commits):
    """Chosen in Wagtail's dialog, told to a contributor who reads German."""
    Submission.objects.filter(pk=waiting.pk).update(language="de")
    reason = reasons.find("off_topic")
    ReasonWording.objects.create(reason=reason, language="de", text="Passt nicht.")
    with commits():
        decide(client, waiting, "decline", reason_code="off_topic")
    decision = waiting.decisions.get()
    assert (decision.reason_code, decision.text) == ("off_topic", "Passt nicht.")


@pytest.mark.parametrize(
    "data", [{"comment": "Not ours."}, {"reason_code": "other"}, {"reason_code": "x"}]
)
def test_dialog_wants_a_reason_and_words(moderator, waiting, client, data):
    before = state_of(waiting)
    decide(client, waiting, "decline", **data)
    assert state_of(waiting) == before
