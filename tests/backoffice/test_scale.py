"""At 100,000 submissions with 10,000 pending: the same queries, by index, as quick."""

from __future__ import annotations

import re
import statistics
import time
from functools import partial

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import TaskState, WorkflowState

from tests import factories
from tests.copies import copy as copy_rows
from tests.copies import settle
from wagtail_crowdbrand.models import Contributor, Submission, SubmissionPersonal
from wagtail_crowdbrand.models.moderation import DASHBOARD_LIMIT

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

MANY, EVERY = 100_000, 10
LISTING = "wagtailsnippets_wagtail_crowdbrand_submission:list"
PEOPLE = "crowdbrand_contributors:index"
#: The tables that grow with what people send.
GROWING = ("submission", "contributor", "submissionpersonal")
SCANNED = re.compile(rf"Seq Scan on wagtail_crowdbrand_({'|'.join(GROWING)})\b")

SCREENS = {
    "listing": (LISTING, {}),
    "old first": (LISTING, {"ordering": "submitted_at"}),
    "waiting": (LISTING, {"status": ["waiting", "waiting_edit"]}),
    "last page": (LISTING, {"p": 200}),
    "by title": (LISTING, {"q": "idea 4711"}),
    "by code": (LISTING, {"q": "2345"}),
    "by name": (LISTING, {"q": "person 4711"}),
    "by address": (LISTING, {"q": "p4711@example.org"}),
    "people": (PEOPLE, {}),
    "people by name": (PEOPLE, {"q": "person 4711"}),
    "people by address": (PEOPLE, {"q": "p4711@example.org"}),
    "home": ("wagtailadmin_home", {}),
}


copy = partial(copy_rows, count=MANY)


def fill(first: Submission) -> None:
    """Copies of ``first``, each by somebody else, every tenth of them in review."""
    state = first.current_workflow_state
    task = first.current_workflow_task_state
    copy(
        Contributor,
        first.contributor_id,
        email="'p' || n || '@example.org'",
        name="'Person ' || n",
        name_key="'person ' || n",
    )
    copy(
        Submission,
        first.pk,
        code="overlay(lpad(n::text, 8, '0') placing '-' from 5 for 0)",
        contributor_id="contributor_id + n",
        title="'Idea ' || n",
        title_key="'idea ' || n",
        submitted_at="submitted_at - n * interval '1 minute'",
        moderation=f"CASE n % {EVERY} WHEN 0 THEN 'pending' ELSE 'rejected' END",
    )
    copy(SubmissionPersonal, first.pk)
    copy(
        WorkflowState,
        state.pk,
        object_id=f"({first.pk} + n)::text",
        current_task_state_id="NULL",
        status=f"CASE n % {EVERY} WHEN 0 THEN 'in_progress' ELSE 'cancelled' END",
    )
    copy(
        TaskState,
        task.pk,
        workflow_state_id="workflow_state_id + n",
        status=f"CASE n % {EVERY} WHEN 0 THEN 'in_progress' ELSE 'rejected' END",
    )
    settle(*(f"wagtail_crowdbrand_{name}" for name in GROWING))


@pytest.fixture
def site(ready, client):
    """One submission in review, and somebody who moderates it and may see addresses."""
    first = factories.make_waiting(pictures_count=0)
    user = factories.make_moderator()
    user.user_permissions.add(Permission.objects.get(codename="view_contact"))
    client.force_login(user)
    return first


def look(client, screen: str) -> list[str]:
    """The queries of a screen."""
    name, query = SCREENS[screen]
    with CaptureQueriesContext(connection) as queries:
        assert client.get(reverse(name), query).status_code == 200
    return [row["sql"] for row in queries]


def scanned(sql: str) -> list[str]:
    """Tables a query would read from end to end."""
    if not sql.startswith("SELECT"):
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    return SCANNED.findall(plan)


def seconds(client, screen: str) -> float:
    """The middle one of seven."""
    took = []
    for _number in range(7):
        begun = time.perf_counter()
        look(client, screen)
        took.append(time.perf_counter() - begun)
    return statistics.median(took)


def test_at_100000_every_list_goes_by_index_and_costs_the_same(site, client):
    for screen in SCREENS:
        look(client, screen)
    before = {screen: len(look(client, screen)) for screen in SCREENS}
    home = seconds(client, "home")
    fill(site)
    after, found = {}, {}
    for screen in SCREENS:
        queries = look(client, screen)
        after[screen] = len(queries)
        found[screen] = [table for sql in queries for table in scanned(sql)]
    assert {screen: tables for screen, tables in found.items() if tables} == {}
    # What finds somebody reads one list of pictures more than what finds nobody.
    more = {screen: after[screen] - before[screen] for screen in SCREENS}
    assert more.pop("home") <= 5 * DASHBOARD_LIMIT  # Wagtail's panel, by the item
    assert {screen: number for screen, number in more.items() if number > 6} == {}
    assert more["listing"] == more["old first"] == more["waiting"] == 0
    assert more["people"] == 0
    assert seconds(client, "home") < 3 * home


def test_home_costs_the_same_with_few_and_many_waiting(site, client):
    look_at_home = partial(look, client, "home")
    for _number in range(30):
        factories.make_waiting(site.brief, pictures_count=0)
    look_at_home()
    few = len(look_at_home())
    for _number in range(3):
        factories.make_waiting(site.brief, pictures_count=0)
    assert len(look_at_home()) == few
