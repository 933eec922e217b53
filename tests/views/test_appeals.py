"""A contributor objects to a decision, and reads what became of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.utils import timezone

from tests import factories
from wagtail_crowdbrand.domain import appealing, moderating, privacy
from wagtail_crowdbrand.models import Appeal, ModerationReason, Submission
from wagtail_crowdbrand.views.keys import SESSION_KEY

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator(ready) -> User:
    return factories.make_moderator()


@pytest.fixture
def refused(moderator, commits) -> Submission:
    reason = ModerationReason.objects.get(code="rights")
    reason.rule = "Send only what you made."
    reason.save()
    row = factories.make_waiting(title="A lamp")
    with commits():
        moderating.reject(
            row, actor=moderator, reason="It is not yours.", reason_code="rights"
        )
    mail.outbox.clear()
    return fresh(row)


def fresh(row: Submission) -> Submission:
    return Submission.objects.get(pk=row.pk)


def owner_of(row: Submission, **kwargs) -> Client:
    client = Client(**kwargs)
    session = client.session
    session[SESSION_KEY] = {row.code: row.nonce}
    session.save()
    return client


def status_of(row: Submission) -> str:
    return f"/crowdbrand/ideas/{row.code}/"


def url_of(row: Submission) -> str:
    return f"{status_of(row)}appeal/"


def settle(row: Submission, outcome: str, commits) -> None:
    with commits():
        appealing.settle(
            Appeal.objects.get(submission=row),
            outcome=outcome,
            actor=factories.make_moderator(),
            answer="We looked <i>again</i>.",
            at=timezone.now(),
        )


def test_contributor_objects_and_reads_the_answer(refused, commits):
    client = owner_of(refused)
    before = client.get(status_of(refused)).content.decode()
    assert "Send only what you made." in before
    assert "A person decided this, not software" in before
    assert "you can object until" in before
    assert url_of(refused) in before

    form = client.get(url_of(refused)).content.decode()
    assert "It is not yours." in form
    assert "Send only what you made." in form
    with commits():
        sent = client.post(url_of(refused), {"text": "I drew it <b>myself</b>."})
    assert (sent.status_code, sent.url) == (302, status_of(refused))
    assert [m.subject for m in mail.outbox] == [
        f"We have your objection ({refused.code})"
    ]
    waiting = client.get(sent.url).content.decode()
    assert "I drew it &lt;b&gt;myself&lt;/b&gt;." in waiting
    assert "You get a mail with the answer." in waiting
    assert url_of(refused) not in waiting

    settle(refused, "upheld", commits)
    decided = client.get(sent.url).content.decode()
    assert "The decision stands" in decided
    assert "We looked &lt;i&gt;again&lt;/i&gt;." in decided


def test_answer_stays_on_the_page_when_the_decision_was_wrong(refused, commits):
    client = owner_of(refused)
    client.post(url_of(refused), {"text": "Mine."})
    settle(refused, "overturned", commits)
    page = client.get(status_of(refused)).content.decode()
    assert "The decision was wrong" in page
    assert "We looked &lt;i&gt;again&lt;/i&gt;." in page
    assert fresh(refused).visible_from is not None


@pytest.mark.parametrize("ended", ["closed", "archived", "cancelled"])
def test_whatever_the_phase(refused, ended):
    campaign = refused.campaign
    past = timezone.now() - timedelta(hours=1)
    changes = {
        "closed": {"closes_at": past},
        "archived": {"closes_at": past, "decided_at": past, "archived_at": past},
        "cancelled": {"hold": "cancelled", "hold_note": "Sorry."},
    }[ended]
    for name, value in changes.items():
        setattr(campaign, name, value)
    campaign.save()
    client = owner_of(refused)
    assert url_of(refused) in client.get(status_of(refused)).content.decode()
    assert client.post(url_of(refused), {"text": "Mine."}).status_code == 302
    assert Appeal.objects.get().submission == refused


def test_only_the_contributor(refused, moderator):
    stranger = Client()
    staff = Client()
    staff.force_login(moderator)
    other = owner_of(factories.make_waiting())
    for client in (stranger, staff, other):
        for answer in (
            client.get(url_of(refused)),
            client.post(url_of(refused), {"text": "x"}),
        ):
            assert answer.status_code == 404
            assert b"A lamp" not in answer.content
    assert Appeal.objects.count() == 0


def test_nothing_to_object_to(moderator, commits):
    waiting = factories.make_waiting()
    client = owner_of(waiting)
    answer = client.get(url_of(waiting))
    assert (answer.status_code, answer.url) == (302, status_of(waiting))
    refused = client.post(url_of(waiting), {"text": "Kept words"})
    assert refused.status_code == 403
    assert "There is no decision you can object to." in refused.content.decode()
    assert "Kept words" in refused.content.decode()
    with commits():
        moderating.request_changes(waiting, actor=moderator, reason="Shorter.")
    page = client.get(status_of(waiting)).content.decode()
    assert url_of(waiting) not in page
    assert "A person decided this, not software" in page


def test_time_is_over(refused):
    client = owner_of(refused)
    with time_machine.travel(timezone.now() + timedelta(days=184), tick=True):
        client = owner_of(refused)
        assert url_of(refused) not in client.get(status_of(refused)).content.decode()
        answer = client.post(url_of(refused), {"text": "Kept words"})
    assert answer.status_code == 403
    assert "The time for objecting has passed." in answer.content.decode()
    assert "Kept words" in answer.content.decode()
    assert Appeal.objects.count() == 0


def test_a_decision_that_can_be_undone_is_not_shown_yet(moderator, commits, settings):
    settings.WAGTAIL_CROWDBRAND = {"UNDO_SECONDS": 60}
    row = factories.make_waiting()
    with commits():
        moderating.reject(row, actor=moderator, reason="No.")
    page = owner_of(row).get(status_of(row)).content.decode()
    assert url_of(row) not in page


def test_double_click_is_one_objection(refused, commits):
    client = owner_of(refused)
    with commits():
        answers = [client.post(url_of(refused), {"text": "Mine."}) for _n in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    again = client.post(url_of(refused), {"text": "Something else"})
    assert again.status_code == 403
    assert "You have objected to this decision already." in again.content.decode()
    assert "Something else" in again.content.decode()
    assert (Appeal.objects.count(), len(mail.outbox)) == (1, 1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "This field is required."),
        (" \n ", "This field is required."),
        ("a\x00b", "invisible control characters"),
        ("a\u202eb", "invisible control characters"),
        ("x" * 3001, "at most 3000 characters"),
    ],
)
def test_bad_input_is_named(text, message, refused):
    response = owner_of(refused).post(url_of(refused), {"text": text})
    page = response.content.decode()
    assert response.status_code == 200
    assert message in page
    assert 'role="alert"' in page
    assert Appeal.objects.count() == 0


def test_form_without_its_csrf_token_is_refused(refused):
    client = owner_of(refused, enforce_csrf_checks=True)
    assert client.post(url_of(refused), {"text": "Mine."}).status_code == 403
    assert Appeal.objects.count() == 0


def test_queries_do_not_grow(refused, moderator, queries_of):
    client = owner_of(refused)

    def look():
        assert client.get(status_of(refused)).status_code == 200

    few = queries_of(look)
    for _number in range(3):
        refused.decisions.create(action="approve", decided_at=timezone.now())
        refused.decisions.create(action="reject", decided_at=timezone.now())
    assert queries_of(look) == few


def test_erasing_leaves_nothing_of_it(refused, commits):
    client = owner_of(refused)
    client.post(url_of(refused), {"text": "MARKER of mine"})
    settle(refused, "upheld", commits)
    privacy.erase(fresh(refused), at=timezone.now())
    appeal = Appeal.objects.get()
    assert (appeal.text, appeal.answer) == ("", "")
    assert [row.text for row in refused.decisions.all()] == [""]
    assert client.get(url_of(refused)).status_code == 404
