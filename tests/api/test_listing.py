"""Lists: cursors, filters, caching, and as many queries for one row as for three."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import PageViewRestriction

from tests import factories
from tests.api.remote import BASE, ok, refused, wrong_fields
from wagtail_crowdbrand.domain import (
    drafting,
    filtering,
    gallery,
    moderating,
    privacy,
    submitting,
)
from wagtail_crowdbrand.models import BriefCounter, Submission

pytestmark = pytest.mark.django_db


@pytest.fixture
def brief(ready):
    return factories.make_brief(max_images=1)


@pytest.fixture
def choosing(ready):
    """A brief with a public question of two options."""
    question = {
        "label": "Mood",
        "help_text": "",
        "required": False,
        "visibility": "public",
        "personal": False,
        "options": ["Calm", "Loud"],
    }
    return factories.make_brief(max_images=1, answer_fields=[("choice", question)])


def walk(remote, brief, **params) -> list[str]:
    """Titles of all pages, one after the other."""
    titles, cursor = [], params.pop("cursor", "")
    while cursor is not None:
        page = get(remote, brief, cursor=cursor, **params)
        titles += [item["title"] for item in page["items"]]
        cursor = page["next"]
    return titles


def get(remote, brief, **params):
    return ok(ask(remote, brief, **params))


def ask(remote, brief, **params):
    return remote.client.get(f"{BASE}/briefs/{brief.pk}/submissions", params)


@pytest.mark.parametrize("order", ["shuffled", "newest", "code"])
def test_every_idea_comes_once_whatever_joins_in_between(remote, brief, shown, order):
    before = {shown(brief).title for _number in range(5)}
    first = get(remote, brief, order=order, limit=2)
    assert first["count"] == 5
    joined = shown(brief).title
    second = get(remote, brief, order=order, limit=2, cursor=first["next"])
    rest = get(remote, brief, order=order, limit=2, cursor=second["next"])
    titles = [item["title"] for page in (first, second, rest) for item in page["items"]]
    assert len(titles) == len(set(titles))
    assert before <= set(titles) <= before | {joined}


@pytest.mark.parametrize("order", ["shuffled", "newest", "code"])
def test_list_goes_on_when_something_leaves(remote, brief, shown, commits, order):
    rows = [shown(brief) for _number in range(4)]
    first = get(remote, brief, order=order, limit=1)
    seen = first["items"][0]["title"]
    gone = next(row for row in rows if row.title != seen)
    with commits():
        moderating.hide(gone, actor=factories.make_moderator(), reason="No.")
    titles = [seen, *walk(remote, brief, order=order, limit=1, cursor=first["next"])]
    left = {row.title for row in rows if row != gone}
    assert set(titles) <= left
    if order != "shuffled":  # there the last idea moves into the place that is free
        assert sorted(titles) == sorted(left)


def test_orders(remote, brief, shown):
    rows = [shown(brief) for _number in range(3)]
    newest = [row.title for row in reversed(rows)]
    assert walk(remote, brief, order="newest", limit=1) == newest
    by_code = [row.title for row in sorted(rows, key=lambda row: row.code)]
    assert walk(remote, brief, order="code", limit=2) == by_code
    assert sorted(walk(remote, brief, seed="a", limit=1)) == sorted(newest)
    assert walk(remote, brief, seed="a") == walk(remote, brief, seed="a")


def test_cursor_belongs_to_one_list(remote, brief, shown):
    for _number in range(2):
        shown(brief)
    other = factories.make_brief(max_images=1)
    cursor = get(remote, brief, order="newest", limit=1)["next"]
    assert get(remote, brief, order="newest", limit=1, cursor=cursor)["items"]
    middle = len(cursor) // 2
    changed = "A" if cursor[middle] != "A" else "B"
    wrong = {
        "tampered": (
            brief,
            {"order": "newest"},
            cursor[:middle] + changed + cursor[middle + 1 :],
        ),
        "another brief's": (other, {"order": "newest"}, cursor),
        "another order's": (brief, {"order": "code"}, cursor),
        "of other words": (brief, {"order": "newest", "q": "glows"}, cursor),
        "invented": (brief, {"order": "newest"}, "x"),
        "too long": (brief, {"order": "newest"}, "x" * 501),
    }
    for name, (page, params, text) in wrong.items():
        response = ask(remote, page, limit=1, cursor=text, **params)
        assert wrong_fields(response) == {("cursor", "bad_cursor")}, name


def test_filters_and_words_find_what_the_pages_find(remote, choosing, shown):
    [block] = choosing.answer_fields
    answers = [
        {
            "field": block.id,
            "label": "Mood",
            "kind": "choice",
            "visibility": "public",
            "value": value,
        }
        for value in ("Calm", "Loud")
    ]
    calm = shown(choosing, title="Quiet harbour", answers=answers[:1])
    loud = shown(choosing, title="Brass band", answers=answers[1:], pictures_count=0)
    form = ok(remote.call("get", f"/briefs/{choosing.pk}"))
    page = Client().get(choosing.url).context["place"]
    assert [entry["name"] for entry in form["filters"]] == [
        entry.name for entry in page.filters
    ]
    mood = form["filters"][0]
    assert (mood["label"], [each["value"] for each in mood["options"]]) == (
        "Mood",
        ["Calm", "Loud"],
    )
    found = get(remote, choosing, filter=f"{mood['name']}:Calm")
    assert ([item["title"] for item in found["items"]], found["count"]) == (
        [calm.title],
        1,
    )
    both = [f"{mood['name']}:Calm", f"{mood['name']}:Loud"]
    assert get(remote, choosing, filter=both)["count"] == 2
    assert get(remote, choosing, filter="picture:yes")["count"] == 1
    for order in ("shuffled", "newest", "code"):
        assert walk(remote, choosing, q="brass", order=order) == [loud.title]
    assert walk(remote, choosing, q="zebra") == []


@pytest.mark.parametrize("order", ["shuffled", "newest", "code"])
def test_a_reveal_between_two_queries_shows_nothing_yet(
    remote, brief, shown, monkeypatch, order
):
    """What was counted before it and read after it would be neither nothing nor all."""
    shown(brief)
    before = BriefCounter(brief_key=brief.translation_key)
    monkeypatch.setattr(gallery, "counter_of", lambda brief, **who: before)
    page = get(remote, brief, order=order)
    assert (page["count"], page["items"], page["next"]) == (0, [], None)


def test_filter_that_is_not_offered_is_refused(remote, choosing):
    response = ask(remote, choosing, filter="mood:Sad")
    assert wrong_fields(response) == {("filter", "unknown_filter")}


@pytest.mark.parametrize("order", ["shuffled", "newest", "code"])
def test_no_more_are_shown_than_are_counted(remote, brief, shown, monkeypatch, order):
    monkeypatch.setattr(filtering, "CAP", 2)
    for _number in range(4):
        shown(brief)
    page = get(remote, brief, q="glows", order=order, limit=1)
    assert (page["count"], page["more"]) == (2, True)
    assert len(walk(remote, brief, q="glows", order=order, limit=1)) == 2
    assert len(walk(remote, brief, q="glows", order=order, limit=50)) == 2
    assert get(remote, brief, order=order)["more"] is False


READS = (
    "/campaigns",
    "/campaigns/{campaign}",
    "/briefs/{brief}",
    "/briefs/{brief}/submissions",
    "/briefs/{brief}/submissions?order=newest",
    "/briefs/{brief}/submissions?order=code",
    "/briefs/{brief}/submissions?q=glows",
    "/briefs/{brief}/compare?code={code}",
    "/submissions/{code}",
    "/notice-reasons",
)


@pytest.mark.parametrize("path", READS)
def test_unchanged_answer_is_not_sent_again(remote, brief, shown, path):
    row = shown(brief)
    url = path.format(brief=brief.pk, campaign=brief.campaign.pk, code=row.code)
    first = remote.call("get", url)
    assert first.status_code == 200
    assert first["Cache-Control"] == "private, no-cache"
    again = remote.call("get", url, **{"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_changed_answer_is_sent_again(remote, brief, shown):
    url = f"/briefs/{brief.pk}/submissions"
    tag = remote.call("get", url)["ETag"]
    shown(brief)
    assert remote.call("get", url, **{"if-none-match": tag}).status_code == 200


@pytest.mark.parametrize("path", [path for path in READS if "{code}" not in path])
def test_as_many_queries_for_three_rows_as_for_one(
    remote, brief, shown, queries_of, path
):
    def add():
        shown(brief)
        campaign = factories.make_campaign()
        factories.make_brief(campaign)
        factories.make_brief(brief.campaign)

    add()
    url = path.format(brief=brief.pk, campaign=brief.campaign.pk)
    one = queries_of(lambda: ok(remote.call("get", url)))
    add()
    add()
    assert queries_of(lambda: ok(remote.call("get", url))) == one


def test_as_many_queries_to_compare_three_as_one(remote, brief, shown, queries_of):
    codes = [shown(brief).code for _number in range(3)]

    def compare(count):
        query = "&".join(f"code={code}" for code in codes[:count])
        return queries_of(
            lambda: ok(remote.call("get", f"/briefs/{brief.pk}/compare?{query}"))
        )

    assert compare(3) == compare(1)


# Outlets


def pending(brief, shown, commits):
    return factories.make_waiting(brief, title="SECRET")


def draft(brief, shown, commits):
    return factories.make_draft(brief, title="SECRET")


def unconfirmed(brief, shown, commits):
    return factories.make_sent(brief, title="SECRET")


def hidden(brief, shown, commits):
    row = shown(brief, title="SECRET")
    with commits():
        moderating.hide(row, actor=factories.make_moderator(), reason="No.")
    return row


def withdrawn(brief, shown, commits):
    row = shown(brief, title="SECRET")
    with commits():
        submitting.withdraw(row, at=timezone.now())
    return row


def erased(brief, shown, commits):
    row = shown(brief, title="SECRET")
    with commits():
        privacy.erase_alone(row, at=timezone.now())
    return row


def private(brief, shown, commits):
    row = shown(brief, title="SECRET")
    PageViewRestriction.objects.create(
        page=brief.campaign, restriction_type=PageViewRestriction.LOGIN
    )
    return row


def of_an_unpublished_campaign(brief, shown, commits):
    row = shown(brief, title="SECRET")
    brief.campaign.unpublish()
    return row


MAKERS = (
    draft,
    unconfirmed,
    pending,
    hidden,
    withdrawn,
    erased,
    private,
    of_an_unpublished_campaign,
)


@pytest.mark.parametrize("make", MAKERS)
def test_what_must_not_show_is_nowhere(remote, brief, shown, commits, make):
    other = shown(brief, title="Shown")
    for order in ("shuffled", "newest", "code"):
        assert walk(remote, brief, order=order) == ["Shown"]
    row = make(brief, shown, commits)
    code = row.code
    answers = {
        path: remote.call(
            "get",
            path.format(brief=brief.pk, campaign=brief.campaign.pk, code=code),
        )
        for path in (
            *READS,
            f"/briefs/{{brief}}/compare?code={other.code}&code={{code}}",
        )
    }
    for path, answer in answers.items():
        assert b"SECRET" not in answer.content, path
        assert code.encode() not in answer.content, path
    assert refused(answers["/submissions/{code}"], 404) == "not_found"
    notice = {"reason": "rights", "text": "Mine!", "good_faith": True}
    response = remote.call("post", f"/submissions/{code}/notices", notice)
    assert refused(response, 404) == "not_found"
    if make not in (private, of_an_unpublished_campaign):
        assert get(remote, brief)["count"] == 1
        assert get(remote, brief, q="glows")["count"] == 1
        detail = ok(answers["/campaigns/{campaign}"])
        assert [each["submission_count"] for each in detail["briefs"]] == [1]


def test_edit_shows_nothing_of_it_before_its_review(remote, brief, shown, commits):
    row = shown(brief, title="Shown")
    images = row.images
    with commits():
        submitting.edit(
            row,
            idea=drafting.Idea(title="SECRET", summary="SECRET", images=images),
            person=drafting.Person(credit_name="SECRET"),
            at=timezone.now(),
        )
    assert Submission.objects.get().get_latest_revision_as_object().title == "SECRET"
    for path in READS:
        url = path.format(brief=brief.pk, campaign=brief.campaign.pk, code=row.code)
        assert b"SECRET" not in remote.call("get", url).content, path
    assert get(remote, brief, q="secret")["count"] == 0
