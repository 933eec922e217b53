"""One decision for many: confirmed in the admin, taken by a task, told one by one."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from wagtail.users.models import UserProfile

from tests import factories
from wagtail_crowdbrand.backoffice import bulk
from wagtail_crowdbrand.domain import drafting, reasons, submitting
from wagtail_crowdbrand.models import Batch, ModerationReason, ReasonWording, Submission
from wagtail_crowdbrand.states import REASONS

pytestmark = pytest.mark.django_db

NAMESPACE = "wagtailsnippets_wagtail_crowdbrand_submission"


@pytest.fixture
def brief(ready):
    return factories.make_brief(max_images=0)


@pytest.fixture
def moderator(ready, client):
    user = factories.make_moderator()
    client.force_login(user)
    return user


def make(brief, **idea) -> Submission:
    return factories.make_waiting(brief, pictures_count=0, **idea)


def bulk_url(action: str, *rows: Submission, **query: str) -> str:
    app = ["wagtail_crowdbrand", "submission", action]
    words = [f"id={row.pk}" for row in rows]
    words += [f"{name}={value}" for name, value in query.items()]
    return f"{reverse('wagtail_bulk_action', args=app)}?{'&'.join(words)}"


def statuses(*rows: Submission) -> list[str]:
    return [str(Submission.objects.get(pk=row.pk).staff_status) for row in rows]


def confirm(client, url: str, data: dict[str, str] | None = None) -> Any:
    """What the browser sends: the confirmation as it was shown, filled in."""
    form = client.get(url).context["form"]
    return client.post(url, {**form.initial, **(data or {})})


def test_approve_some(moderator, client, brief, commits):
    first, second, third = (make(brief) for _ in range(3))
    url = bulk_url("approve", first, second)
    content = client.get(url).content.decode()
    assert first.code in content
    assert third.code not in content

    mail.outbox.clear()
    with commits():
        response = confirm(client, url)
    batch = Batch.objects.get()
    assert response.url == reverse(f"{NAMESPACE}:batch", args=[batch.pk])
    assert statuses(first, second, third) == ["visible", "visible", "waiting"]
    assert len(mail.outbox) == 2

    page = client.get(response.url).content.decode()
    assert "2 of 2 ideas are through." in page
    assert first.code in page


@pytest.mark.parametrize(
    ("action", "status"),
    [
        ("request_changes", "changes_requested"),
        ("reject", "rejected"),
        ("spam", "spam"),
    ],
)
def test_negative_decisions_need_a_reason(
    moderator, client, brief, commits, action, status
):
    row = make(brief)
    url = bulk_url(action, row)
    with commits():
        response = confirm(client, url, {"text": "No words without a reason."})
    assert response.status_code == 200
    assert statuses(row) == ["waiting"]
    assert not Batch.objects.exists()

    mail.outbox.clear()
    with commits():
        confirm(client, url, {"reason_code": "off_topic", "text": "Not this time."})
    assert statuses(row) == [status]
    assert row.decisions.get().reason_code == "off_topic"
    assert "Not this time." in mail.outbox[0].body


def test_without_words_each_reads_the_reason_in_their_language(
    moderator, client, brief, commits
):
    english, german = make(brief), make(brief)
    Submission.objects.filter(pk=german.pk).update(language="de")
    reason = reasons.find("off_topic")
    german_text = "Das war nicht gefragt."
    ReasonWording.objects.create(reason=reason, language="de", text=german_text)
    with commits():
        confirm(
            client, bulk_url("reject", english, german), {"reason_code": "off_topic"}
        )
    assert english.decisions.get().text == reason.text
    assert german.decisions.get().text == german_text


def test_a_reason_without_words_asks_for_some(moderator, client, brief):
    ModerationReason.objects.filter(code="other").update(text="")
    response = confirm(
        client, bulk_url("reject", make(brief)), {"reason_code": "other"}
    )
    assert "no text of its own" in response.content.decode()
    assert not Batch.objects.exists()


def test_what_does_not_fit_is_left_out_and_what_is_foreign_is_not_named(
    moderator, client, brief, commits
):
    shown, waiting = make(brief), make(brief)
    with commits():
        confirm(client, bulk_url("approve", shown))
    campaign = factories.make_campaign(moderation_workflow=factories.make_workflow())
    foreign = make(factories.make_brief(campaign, max_images=0), title="FOREIGN")

    url = bulk_url("hide", shown, waiting, foreign)
    content = client.get(url).content.decode()
    assert shown.code in content
    assert waiting.code in content
    assert "1 more is not yours" in content
    assert foreign.code not in content
    assert "FOREIGN" not in content

    with commits():
        confirm(client, url, {"reason_code": "rights", "text": "Somebody else’s."})
    assert statuses(shown, waiting, foreign) == ["hidden", "waiting", "waiting"]
    batch = Batch.objects.latest("pk")
    assert [item.submission_id for item in batch.items.all()] == [shown.pk]


def test_all_in_the_listing_means_the_list_as_it_was(moderator, client, brief, commits):
    night = [make(brief, title=f"Night {number}") for number in range(3)]
    day = make(brief, title="Day")
    with commits():
        confirm(
            client, bulk_url("approve", id="all", q="night", campaign=day.campaign.pk)
        )
    assert statuses(*night, day) == ["visible"] * 3 + ["waiting"]


def test_all_stops_somewhere_and_says_so(
    moderator, client, brief, commits, monkeypatch
):
    monkeypatch.setattr(bulk, "AT_MOST", 2)
    rows = [make(brief) for _ in range(3)]
    url = bulk_url("approve", id="all", ordering="submitted_at")
    assert "The list holds more." in client.get(url).content.decode()
    with commits():
        confirm(client, url)
    assert statuses(*rows) == ["visible", "visible", "waiting"]


def test_only_what_was_shown_is_decided(moderator, client, brief, commits):
    shown, decided = make(brief), make(brief)
    url = bulk_url("approve", id="all")
    data = client.get(url).context["form"].initial
    late = make(brief)
    with commits():
        client.post(bulk_url("approve", decided), {"chosen": f"{decided.pk}-0"})
        client.post(url, data)
    assert statuses(shown, decided, late) == ["visible", "visible", "waiting"]
    named = Batch.objects.latest("pk").items.values_list("submission", flat=True)
    assert set(named) == {shown.pk, decided.pk}


def test_what_changed_since_it_was_shown_is_not_decided(
    moderator, client, brief, commits
):
    row = make(brief)
    url = bulk_url("approve", row)
    data = client.get(url).context["form"].initial
    with commits():
        idea = drafting.Idea(title="Another", summary="Changed.", images=row.images)
        person = drafting.Person(email=row.contributor.email, credit_name="Ada")
        submitting.edit(row, idea=idea, person=person, at=timezone.now())
    with commits():
        response = client.post(url, data)
    assert statuses(row) == ["waiting"]
    failed = client.get(response.url, {"show": "failed"}).content.decode()
    assert str(REASONS["content_changed"]) in failed


def test_nothing_is_decided_unseen(moderator, client, brief):
    row = make(brief)
    url = bulk_url("approve", row)
    assert client.post(url).url == url
    for chosen in ("", "x", "-", f"{make(brief).pk}x-1", "9" * 30):
        assert client.post(url, {"chosen": chosen}).status_code == 200
    assert not Batch.objects.exists()


def test_reasons_are_named_in_the_language_of_who_decides(moderator, client, brief):
    UserProfile.objects.create(user=moderator, preferred_language="de")
    reason = reasons.find("off_topic")
    words = {"label": "Thema verfehlt", "text": "Das war nicht gefragt."}
    ReasonWording.objects.update_or_create(reason=reason, language="de", defaults=words)
    content = client.get(bulk_url("reject", make(brief))).content.decode()
    assert content.count("Thema verfehlt") == 2
    assert "Das war nicht gefragt." in content
    assert reason.label not in content


def test_a_batch_is_for_who_began_it(moderator, client, brief, commits):
    row = make(brief)
    with commits():
        confirm(client, bulk_url("approve", row))
    page = reverse(f"{NAMESPACE}:batch", args=[Batch.objects.get().pk])
    assert client.get(page).status_code == 200
    client.force_login(factories.make_moderator())
    assert client.get(page).status_code == 302


def test_the_result_names_what_was_not_possible(moderator, client, brief, commits):
    """Somebody else was faster between the choice and the task."""
    first, second = make(brief), make(brief)
    with commits():
        confirm(client, bulk_url("approve", first, second))
        Submission.objects.get(pk=first.pk).current_workflow_task_state.reject(
            user=moderator, comment="Wait."
        )
    page = reverse(f"{NAMESPACE}:batch", args=[Batch.objects.get().pk])
    failed = client.get(page, {"show": "failed"}).content.decode()
    assert "not waiting for a decision" in failed
    assert first.code in failed
    assert second.code not in failed


def test_confirmation_and_result_take_the_same_queries_for_more(
    moderator, client, brief, commits, queries_of
):
    rows = [make(brief) for _ in range(3)]

    def look(*chosen):
        assert client.get(bulk_url("approve", *chosen)).status_code == 200

    one = queries_of(lambda: look(rows[0]))
    assert queries_of(lambda: look(*rows)) == one

    results = []
    for chosen in (rows[:1], rows):
        confirm(client, bulk_url("approve", *chosen))
        page = reverse(f"{NAMESPACE}:batch", args=[Batch.objects.latest("pk").pk])
        results.append(queries_of(lambda page=page: client.get(page)))
    assert results[0] == results[1]


def test_no_bulk_action_for_who_moderates_nothing(client, brief, django_user_model):
    row = make(brief)
    user = factories.make_moderator()
    user.groups.clear()
    user.user_permissions.add(
        *factories.Group.objects.get(name="Moderators").permissions.all()
    )
    client.force_login(user)
    response = client.post(bulk_url("approve", row), {"chosen": f"{row.pk}-0"})
    assert response.status_code == 302
    assert not Batch.objects.exists()
