"""Roles × doors: who gets in at each URL of ours. A URL without a row fails.

“In” is any answer that is not a refusal: 401, 403, 404, 405, or being sent to the
admin's home or login page. The rows of Wagtail's generic screens for submissions are
included.
"""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.models import Page

from tests import factories
from wagtail_crowdbrand.domain import access, batches
from wagtail_crowdbrand.models import (
    Appeal,
    Contributor,
    Decision,
    ModerationReason,
    Notice,
    Removal,
    Submission,
)
from wagtail_crowdbrand.views.keys import SESSION_KEY

pytestmark = [pytest.mark.django_db, pytest.mark.doors]

PUBLIC = "wagtail_crowdbrand"
API = "wagtail_crowdbrand_api"
ADMIN = "wagtailsnippets_wagtail_crowdbrand_submission"

DESK = "crowdbrand_desk"
NOTICES = "crowdbrand_notices"
OVERVIEW = "crowdbrand_overview"
SETTINGS = "crowdbrand_settings"
REASONS = "wagtailsnippets_wagtail_crowdbrand_moderationreason"
PEOPLE = "crowdbrand_contributors"
REPORTS = "crowdbrand_reports"
JOURNALS = "crowdbrand_journals"

ROLES = ("anonymous", "contributor", "moderator_a", "moderator_b", "editor", "root")
EVERYBODY = set(ROLES)
NOBODY: set[str] = set()
OWNER = {"contributor"}
MODERATES_A = {"moderator_a", "root"}
MODERATES = {"moderator_a", "moderator_b", "root"}
EDITS = {"editor", "root"}

#: Name of the URL → its arguments (see ``arguments``) and who gets in.
ROWS = {
    f"{PUBLIC}:confirm": ("code confirm_token", EVERYBODY),  # the link is the key
    f"{PUBLIC}:edit": ("code edit_token", EVERYBODY),
    f"{PUBLIC}:resume": ("code resume_token", NOBODY),  # it was sent
    f"{PUBLIC}:mine": ("", EVERYBODY),  # to each their own
    f"{PUBLIC}:status": ("code", OWNER),
    f"{PUBLIC}:confirm_form": ("code", OWNER),
    f"{PUBLIC}:edit_form": ("code", OWNER),
    f"{PUBLIC}:withdraw": ("code", OWNER),
    f"{PUBLIC}:appeal": ("code", OWNER),
    f"{PUBLIC}:notice": ("code", NOBODY),  # about what is visible, and this is not
    f"{PUBLIC}:notice_sent": ("code", EVERYBODY),  # says nothing about anybody
    f"{PUBLIC}:my_data": ("code", OWNER),
    f"{PUBLIC}:download": ("code", OWNER),
    f"{PUBLIC}:erase": ("code", OWNER),
    f"{PUBLIC}:erased": ("", EVERYBODY),  # says nothing about anybody
    f"{PUBLIC}:upload": ("upload", OWNER | MODERATES_A),
    f"{PUBLIC}:campaign_feed": ("campaign", EVERYBODY),  # only what all may see
    f"{PUBLIC}:brief_feed": ("brief", EVERYBODY),
    f"{PUBLIC}:calendar": ("campaign", EVERYBODY),
    f"{PUBLIC}:health_live": ("", EVERYBODY),  # one word
    f"{PUBLIC}:health_ready": ("", EVERYBODY),  # a few
    f"{PUBLIC}:metrics": ("", {"root"}),
    f"{PUBLIC}:ledger": ("campaign", EVERYBODY),
    f"{PUBLIC}:ledger_json": ("campaign", EVERYBODY),
    f"{PUBLIC}:ledger_feed": ("campaign", EVERYBODY),
    f"{PUBLIC}:receipt": ("code", NOBODY),  # where nothing is sealed there is none
    f"{PUBLIC}:receipts": ("campaign", NOBODY),
    f"{PUBLIC}:receipts_list": ("campaign", NOBODY),
    f"{PUBLIC}:receipts_json": ("campaign", NOBODY),
    f"{API}:api-root": ("", NOBODY),
    f"{API}:missing": ("", NOBODY),
    f"{API}:openapi-json": ("", EVERYBODY),
    f"{API}:openapi-view": ("", EVERYBODY),
    f"{API}:list_campaigns": ("", EVERYBODY),
    f"{API}:read_campaign": ("campaign", EVERYBODY),
    f"{API}:read_ledger": ("campaign", EVERYBODY),
    f"{API}:read_brief": ("brief", EVERYBODY),
    f"{API}:list_submissions": ("brief", EVERYBODY),
    f"{API}:create": ("brief", EVERYBODY),  # its path is that of the list
    f"{API}:compare": ("brief", EVERYBODY),  # of what is on show
    f"{API}:list_notice_reasons": ("", EVERYBODY),
    f"{API}:read_submission": ("code", NOBODY),  # it is not on show
    f"{API}:upload": ("brief", NOBODY),
    f"{API}:mail_resume_link": ("brief", NOBODY),
    f"{API}:confirm": ("code", NOBODY),
    f"{API}:give_notice": ("code", NOBODY),
    f"{API}:read_own": ("code", NOBODY),  # a session of the pages is no key here
    f"{API}:edit": ("code", NOBODY),
    f"{API}:withdraw": ("code", NOBODY),
    f"{API}:appeal": ("code", NOBODY),
    f"{API}:add_picture": ("code", NOBODY),
    f"{API}:read_picture": ("code upload", NOBODY),
    f"{API}:read_reach": ("code", NOBODY),
    f"{API}:download_data": ("code", NOBODY),
    f"{API}:erase": ("code", NOBODY),
    f"{API}:read_preview": ("token", NOBODY),  # the token is the key, and is none
    f"{ADMIN}:list": ("", MODERATES),
    f"{ADMIN}:list_results": ("", MODERATES),
    f"{ADMIN}:add": ("", NOBODY),
    f"{ADMIN}:edit": ("pk", MODERATES_A),
    f"{ADMIN}:delete": ("pk", NOBODY),
    f"{ADMIN}:usage": ("pk", MODERATES_A),
    f"{ADMIN}:history": ("pk", MODERATES_A),
    f"{ADMIN}:history_results": ("pk", MODERATES_A),
    f"{ADMIN}:preview_on_add": ("", NOBODY),
    f"{ADMIN}:preview_on_edit": ("pk", MODERATES_A),
    f"{ADMIN}:revisions_view": ("pk revision", MODERATES_A),
    f"{ADMIN}:revisions_revert": ("pk revision", MODERATES_A),
    f"{ADMIN}:revisions_compare": ("pk earliest revision", MODERATES_A),
    f"{ADMIN}:revisions_unschedule": ("pk revision", NOBODY),
    f"{ADMIN}:unpublish": ("pk", NOBODY),
    f"{ADMIN}:workflow_action": ("pk approve task_state", MODERATES_A),
    f"{ADMIN}:collect_workflow_action_data": ("pk approve task_state", MODERATES_A),
    f"{ADMIN}:confirm_workflow_cancellation": ("pk", NOBODY),
    f"{ADMIN}:workflow_history": ("pk", MODERATES_A),
    f"{ADMIN}:workflow_history_detail": ("pk workflow_state", MODERATES_A),
    f"{ADMIN}:workflow_preview": ("pk task", MODERATES_A),
    f"{ADMIN}:visibility": ("pk", MODERATES_A),
    f"{DESK}:index": ("", MODERATES),
    f"{DESK}:look": ("pk", MODERATES_A),
    f"{DESK}:skip": ("pk", NOBODY),
    f"{DESK}:undo": ("decision", NOBODY),
    f"{DESK}:appeals": ("", MODERATES),
    f"{DESK}:appeal": ("appeal", MODERATES_A),
    f"{NOTICES}:index": ("", MODERATES),
    f"{NOTICES}:look": ("pk", MODERATES_A),
    f"{OVERVIEW}:index": ("", MODERATES | EDITS),  # lists only what one oversees
    f"{OVERVIEW}:campaign": ("campaign", MODERATES_A | EDITS),
    f"{OVERVIEW}:pause": ("campaign", EDITS),
    f"{OVERVIEW}:resume": ("campaign", EDITS),
    f"{OVERVIEW}:cancel": ("campaign", EDITS),
    f"{OVERVIEW}:extend": ("campaign", EDITS),
    f"{OVERVIEW}:correct": ("campaign", EDITS),
    f"{OVERVIEW}:duplicate": ("campaign", EDITS),
    f"{OVERVIEW}:remove": ("campaign", {"root"}),  # and editors who may delete pages
    f"{OVERVIEW}:removal": ("removal", {"root"}),  # whoever began it, and superusers
    f"{OVERVIEW}:break_seal": ("campaign", MODERATES_A),
    f"{OVERVIEW}:put_off": ("campaign", EDITS),
    f"{OVERVIEW}:reveal": ("campaign", EDITS),
    f"{SETTINGS}:index": ("", EDITS),
    f"{ADMIN}:batch": ("batch", {"root"}),  # whoever began it, and superusers
    f"{PEOPLE}:index": ("", MODERATES),
    f"{PEOPLE}:index_results": ("", MODERATES),
    f"{PEOPLE}:show": ("contributor", MODERATES_A),
    f"{PEOPLE}:change": ("contributor", {"root"}),  # a permission of its own
    f"{REPORTS}:times": ("", MODERATES),
    f"{REPORTS}:times_results": ("", MODERATES),
    f"{REPORTS}:reasons": ("", MODERATES),
    f"{REPORTS}:reasons_results": ("", MODERATES),
    f"{REPORTS}:backlog": ("", MODERATES),
    f"{REPORTS}:backlog_results": ("", MODERATES),
    # Reasons are open to groups with the model permissions.
    f"{REASONS}:list": ("", {"root"}),
    f"{REASONS}:list_results": ("", {"root"}),
    f"{REASONS}:add": ("", {"root"}),
    f"{REASONS}:edit": ("reason", {"root"}),
    f"{REASONS}:delete": ("reason", {"root"}),
    f"{REASONS}:usage": ("reason", {"root"}),
    f"{REASONS}:history": ("reason", {"root"}),
    f"{REASONS}:history_results": ("reason", {"root"}),
    f"{JOURNALS}_decisions_modeladmin_index": ("", MODERATES),
    f"{JOURNALS}_consents_modeladmin_index": ("", MODERATES),
    f"{JOURNALS}_messages_modeladmin_index": ("", MODERATES),
}
#: Wagtail has one URL for all bulk actions; what is chosen is in the query string.
BULK = "wagtail_bulk_action"
ROWS |= {
    f"{BULK} {action}": (f"app model {action}", MODERATES)
    for action in ("approve", "request_changes", "reject", "spam", "hide")
}
ROWS[f"{BULK} delete"] = ("app model delete", NOBODY)

#: Where nobody looks but some may do: who.
DOERS = {
    f"{DESK}:skip": MODERATES_A,
    f"{DESK}:undo": MODERATES_A,
    f"{API}:upload": EVERYBODY,  # begins a draft of one's own
    f"{API}:mail_resume_link": EVERYBODY,  # the claim in the body is the key
    f"{API}:confirm": EVERYBODY,  # the token in the body is the key
}

#: Deeds that are not a POST of a form: the method, and what is sent.
OTHERWISE = {
    f"{API}:edit": ("put", {"title": "CHANGED", "summary": "CHANGED"}),
    f"{API}:appeal": ("post", {"text": "CHANGED"}),
    f"{API}:give_notice": (
        "post",
        {"reason": "rights", "text": "CHANGED", "good_faith": True},
    ),
}


def names_in(namespace: str) -> set[str]:
    """Names of all URL patterns below a namespace of the URLconf."""

    def walk(resolver, inside: bool):
        for pattern in resolver.url_patterns:
            if isinstance(pattern, URLResolver):
                yield from walk(pattern, inside or pattern.namespace == namespace)
            elif inside:
                yield f"{namespace}:{pattern.name}"

    return set(walk(get_resolver(), False))


def names_of_journals() -> set[str]:
    """modeladmin's URLs are in no namespace; ours begin alike."""
    admin = next(
        pattern for pattern in get_resolver().url_patterns if str(pattern) != ""
    )
    names = {pattern.name for pattern in admin.url_patterns if hasattr(pattern, "name")}
    return {name for name in names if name and name.startswith(JOURNALS)}


def names_of_bulk_actions() -> set[str]:
    actions = bulk_action_registry.get_bulk_actions_for_model(
        "wagtail_crowdbrand", "submission"
    )
    return {f"{BULK} {action.action_type}" for action in actions}


def test_every_url_has_a_row():
    spaces = (PUBLIC, API, ADMIN, DESK, NOTICES, OVERVIEW, SETTINGS)
    spaces += (REASONS, PEOPLE, REPORTS)
    names = set().union(*map(names_in, spaces))
    assert names | names_of_journals() | names_of_bulk_actions() == set(ROWS)
    assert len(names_of_journals()) == 3
    assert len(names_in(ADMIN)) > 15


@pytest.fixture
def submission(ready) -> Submission:
    workflow = factories.make_workflow()
    campaign = factories.make_campaign(moderation_workflow=workflow)
    return factories.make_waiting(factories.make_brief(campaign), title="SECRET")


@pytest.fixture
def clients(submission) -> dict[str, Client]:
    """A client for each role."""
    other = factories.make_workflow()
    factories.make_campaign(moderation_workflow=other)
    editor = User.objects.create_user("editor")
    editor.groups.add(Group.objects.get(name="Moderators"))
    users = {
        "moderator_a": factories.make_moderator(submission.get_workflow()),
        "moderator_b": factories.make_moderator(other),
        "editor": editor,
        "root": User.objects.create_superuser("root", "root@example.org", "secret"),
    }
    clients = {role: Client() for role in ROLES}
    for role, user in users.items():
        clients[role].force_login(user)
    session = clients["contributor"].session
    session[SESSION_KEY] = {submission.code: submission.nonce}
    session.save()
    return clients


@pytest.fixture
def arguments(submission) -> dict[str, object]:
    now = timezone.now()
    decision = Decision.objects.create(
        submission=submission,
        action="reject",
        decided_at=now,
        settles_at=now + timedelta(minutes=1),
    )
    Notice.objects.create(
        submission=submission, reason_code="rights", text="SECRET", created_at=now
    )
    return {
        "code": submission.code,
        "confirm_token": access.token_for(submission, access.CONFIRM),
        "token": access.token_for(submission, access.EDIT),
        "edit_token": access.token_for(submission, access.EDIT),
        "resume_token": access.token_for(submission, access.RESUME),
        "upload": submission.uploads.get().pk,
        "campaign": submission.campaign_page_id,
        "brief": submission.brief_page_id,
        "pk": submission.pk,
        "revision": submission.latest_revision_id,
        "task_state": submission.current_workflow_task_state.pk,
        "task": submission.current_workflow_task.pk,
        "workflow_state": submission.current_workflow_state.pk,
        "approve": "approve",
        "earliest": "earliest",
        "decision": decision.pk,
        "appeal": Appeal.objects.create(
            decision=decision, submission=submission, text="SECRET", created_at=now
        ).pk,
        "contributor": submission.contributor_id,
        "reason": ModerationReason.objects.get(code="other").pk,
        "batch": batches.start([submission], action="approve", actor=None, at=now).pk,
        "removal": Removal.objects.create(
            campaign_id=2**31, title="SECRET", total=1, created_at=now, worked_at=now
        ).pk,
        "app": "wagtail_crowdbrand",
        "model": "submission",
        "delete": "delete",
        **{word: word for word in ("request_changes", "reject", "spam", "hide")},
    }


@pytest.fixture
def url_of(arguments, submission):
    def url(name: str) -> str:
        words, _allowed = ROWS[name]
        address = reverse(
            name.partition(" ")[0], args=[arguments[word] for word in words.split()]
        )
        return f"{address}?id={submission.pk}" if name.startswith(BULK) else address

    return url


def is_in(response) -> bool:
    if response.status_code in (401, 403, 404, 405):
        return False
    if response.status_code != 302:
        return True
    refusals = (reverse("wagtailadmin_home"), reverse("wagtailadmin_login"))
    return not response.url.startswith(refusals[1]) and response.url != refusals[0]


@pytest.mark.parametrize("name", sorted(ROWS))
def test_looking(name, clients, url_of, submission):
    _words, allowed = ROWS[name]
    url = url_of(name)
    answers = {role: client.get(url) for role, client in clients.items()}
    for answer in answers.values():
        answer.close()
    assert {role for role, answer in answers.items() if is_in(answer)} == allowed
    for role in EVERYBODY - allowed:
        assert b"SECRET" not in answers[role].getvalue(), role


def facts_of(submission) -> tuple:
    """The submission, its campaign, and how many pages there are."""
    campaign = submission.campaign
    return (
        Submission.objects.filter(pk=submission.pk).values().get(),
        type(campaign).objects.filter(pk=campaign.pk).values().get(),
        Page.objects.count(),
    )


@pytest.mark.parametrize("name", sorted(ROWS))
def test_doing_changes_nothing_for_those_outside(
    name, clients, url_of, submission, commits
):
    _words, allowed = ROWS[name]
    allowed = allowed | DOERS.get(name, NOBODY)
    url = url_of(name)
    data = {
        "action": "approve",
        "outcome": "overturned",
        "answer": "Because.",
        "seen": submission.latest_revision_id,
        "comment": "Because.",
        "note": "Because.",
        "sure": "on",
        "slug": "copy",
        "opens_at": "2031-05-01 10:00",
        "closes_at": "2031-06-01 10:00",
        "title": "CHANGED",
        "summary": "CHANGED",
        "action-publish": "true",
        "action-workflow-action": "true",
        "workflow-action-name": "approve",
        "loaded_revision_id": submission.latest_revision_id,
        "reason_code": "other",
        "text": "Because.",
        "deed": "block",
    }

    def send(client: Client, url: str):
        if name not in OTHERWISE:
            return client.post(url, data)
        method, body = OTHERWISE[name]
        return getattr(client, method)(url, body, content_type="application/json")

    people = Contributor.objects.filter(pk=submission.contributor_id).values
    before = facts_of(submission), people().get()
    for role in EVERYBODY - allowed:
        with commits():
            response = send(clients[role], url)
        assert not is_in(response), role
        assert b"SECRET" not in response.content, role
    assert (facts_of(submission), people().get()) == before


#: Doors that list what there is.
LISTS = (f"{ADMIN}:list", PEOPLE, REPORTS, JOURNALS, BULK)
#: Doors that only count, and name nobody.
NAMES_NOBODY = {f"{REPORTS}:reasons", f"{REPORTS}:reasons_results"}
#: Doors every moderator may open, whatever they moderate.
COMMON = sorted(name for name, (_, allowed) in ROWS.items() if allowed == MODERATES)


def text_of(answer) -> str:
    """What an answer says, unpacked when it is a workbook."""
    content = answer.getvalue()
    if content.startswith(b"PK"):
        with ZipFile(BytesIO(content)) as book:
            content = b"".join(map(book.read, book.namelist()))
    return content.decode(errors="replace")


@pytest.mark.parametrize("export", ["", "csv", "xlsx"])
def test_moderators_of_another_campaign_see_nothing_of_it(
    export, clients, url_of, submission
):
    person = submission.contributor
    Contributor.objects.filter(pk=person.pk).update(name="Zebedee", name_key="zebedee")
    secrets = {submission.code, "SECRET", person.email, "Zebedee"}
    secrets.add(submission.campaign.title)
    for name in COMMON:
        url = url_of(name)
        address = f"{url}{'&' if '?' in url else '?'}export={export}"
        foreign = text_of(clients["moderator_b"].get(address))
        assert not [word for word in secrets if word in foreign], name
        if name.startswith(LISTS) and name not in NAMES_NOBODY:
            own = text_of(clients["root"].get(address))
            assert [word for word in secrets if word in own], name
