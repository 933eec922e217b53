"""The people behind submissions, as far as a moderator may know them."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from tests import factories
from tests.models.desk import said
from wagtail_crowdbrand.domain import contributors, moderating
from wagtail_crowdbrand.errors import NotAllowed
from wagtail_crowdbrand.models import Contributor, Submission

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator(ready, client):
    """Of the default group, which may decide about people."""
    user = factories.make_moderator()
    client.force_login(user)
    return user


@pytest.fixture
def row(ready) -> Submission:
    return factories.make_waiting(pictures_count=0, title="Nightglow")


def url(name: str, *args) -> str:
    return reverse(f"crowdbrand_contributors:{name}", args=args)


def actions_of(person: Contributor) -> list[str]:
    entries = ModelLogEntry.objects.for_instance(person).order_by("timestamp", "pk")
    return [entry.action.removeprefix("wagtail_crowdbrand.") for entry in entries]


def test_deeds_are_logged_once_and_hold_on_the_whole_site(moderator, row):
    person, now = row.contributor, timezone.now()
    for _twice in range(2):
        contributors.set_trust(person, actor=moderator)
    for _twice in range(2):
        contributors.block(person, actor=moderator, at=now)
    contributors.note(person, text=" Ask Ada. ", actor=moderator)
    person.refresh_from_db()
    assert (person.trusted, person.blocked_at, person.notes) == (True, now, "Ask Ada.")
    contributors.end_trust(person, actor=moderator)
    contributors.unblock(person, actor=moderator)
    person.refresh_from_db()
    assert (person.trusted, person.blocked_at) == (False, None)
    assert actions_of(person) == ["trust", "block", "note", "distrust", "unblock"]


def test_deeds_need_the_permission(row):
    user = factories.make_moderator(factories.make_workflow())
    person = row.contributor
    deeds = [
        lambda: contributors.set_trust(person, actor=user),
        lambda: contributors.end_trust(person, actor=user),
        lambda: contributors.block(person, actor=user, at=timezone.now()),
        lambda: contributors.unblock(person, actor=user),
        lambda: contributors.note(person, text="x", actor=user),
    ]
    for deed in deeds:
        with pytest.raises(NotAllowed):
            deed()
    assert actions_of(person) == []


def test_a_block_leaves_what_is_on_show(moderator, row, commits):
    with commits():
        moderating.approve(row, actor=moderator)
    contributors.block(row.contributor, actor=moderator, at=timezone.now())
    row.refresh_from_db()
    assert row.staff_status == "visible"


def test_list_counts_and_finds(moderator, client, row):
    factories.make_waiting(pictures_count=0)
    moderating.reject(row, actor=None, reason="No.")
    person = row.contributor
    person.name = "Zoë Quist"
    person.save()
    rows = client.get(url("index"), {"q": "zoë"}).context["object_list"]
    assert [(p.name, p.sent, p.approved, p.refused) for p in rows] == [
        ("Zoë Quist", 1, 0, 1)
    ]
    assert len(client.get(url("index")).context["object_list"]) == 2
    assert person.email not in client.get(url("index")).content.decode()

    moderator.user_permissions.add(Permission.objects.get(codename="view_contact"))
    assert person.email in client.get(url("index")).content.decode()
    found = client.get(url("index"), {"q": person.email.upper()})
    assert [p.pk for p in found.context["object_list"]] == [person.pk]


def test_list_takes_as_many_queries_for_three_as_for_one(
    moderator, client, row, queries_of
):
    def look():
        assert client.get(url("index")).status_code == 200

    one = queries_of(look)
    factories.make_waiting(pictures_count=0)
    factories.make_waiting(pictures_count=0)
    assert queries_of(look) == one


def test_page_shows_only_what_this_user_moderates(moderator, client, row):
    """Somebody who sent to two campaigns has two pages, so to say."""
    workflow = factories.make_workflow()
    campaign = factories.make_campaign(moderation_workflow=workflow)
    brief = factories.make_brief(campaign)
    foreign = factories.make_waiting(brief, pictures_count=0, title="FOREIGN")
    Submission.objects.filter(pk=foreign.pk).update(contributor=row.contributor)
    contributors.note(row.contributor, text="PRIVATE NOTE", actor=moderator)
    page = url("show", row.contributor_id)

    content = client.get(page).content.decode()
    assert "Nightglow" in content
    assert "PRIVATE NOTE" in content
    assert "1 sent, 0 approved" in content
    for word in ("FOREIGN", foreign.code, campaign.title):
        assert word not in content

    client.force_login(factories.make_moderator(workflow))
    content = client.get(page).content.decode()
    assert "FOREIGN" in content
    for word in ("Nightglow", row.code, "PRIVATE NOTE"):
        assert word not in content


def test_notes_that_are_too_long_are_shown_again(moderator, client, row):
    person, change = row.contributor, url("change", row.contributor_id)
    response = client.post(change, {"deed": "note", "notes": "x" * 4001})
    assert said(response) == ["The notes are not saved."]
    assert "x" * 4001 in response.content.decode()
    assert "error-message" in response.content.decode()
    client.post(change, {"deed": "note", "notes": "line\r\n" * 700})
    person.refresh_from_db()
    assert person.notes == "\n".join(["line"] * 700)


def test_page_acts_by_post_only(moderator, client, row):
    person, change = row.contributor, url("change", row.contributor_id)
    client.get(change, {"deed": "block"})
    assert actions_of(person) == []
    for deed in ("trust", "block", "unblock", "distrust", "nonsense"):
        assert client.post(change, {"deed": deed}).url == url("show", person.pk)
    client.post(change, {"deed": "note", "notes": "Careful."})
    client.post(change, {"deed": "note", "notes": "x" * 5000})
    person.refresh_from_db()
    assert person.notes == "Careful."
    assert actions_of(person) == ["trust", "block", "unblock", "distrust", "note"]
    assert "Contributor blocked" in client.get(url("show", person.pk)).content.decode()
