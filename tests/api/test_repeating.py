"""A request that is sent again, because its answer was lost, makes no second idea."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from tests import factories
from tests.api.remote import ok, refused, wrong_fields
from wagtail_crowdbrand.domain import access, submitting
from wagtail_crowdbrand.models import Message, SentOnce, Submission

KEY = "0b8f3a52-6c1d-4a0e-9b1f"


def idea(number: int = 1) -> dict:
    return {
        "title": f"Nightglow {number}",
        "summary": "It glows at night.",
        "email": f"ada{number}@example.org",
        "terms_number": 1,
    }


def send(remote, brief, body, key: str = KEY):
    path = f"/briefs/{brief.pk}/submissions"
    return remote.call("post", path, body, **{"idempotency-key": key})


@pytest.fixture
def brief(ready):
    return factories.make_brief(max_images=0)


@pytest.mark.django_db
def test_same_key_and_words_make_one_idea_and_one_mail(brief, remote):
    first = ok(send(remote, brief, idea()), 201)
    assert ok(send(remote, brief, idea()), 201) == first
    assert Submission.objects.get().code == first["code"]
    assert Message.objects.filter(kind="confirm").count() == 1


@pytest.mark.django_db
def test_same_key_with_other_words_or_another_brief_is_refused(brief, remote):
    ok(send(remote, brief, idea()), 201)
    assert refused(send(remote, brief, idea(2)), 409) == "key_reused"
    elsewhere = factories.make_brief(brief.campaign, max_images=0)
    assert refused(send(remote, elsewhere, idea()), 409) == "key_reused"
    assert Submission.objects.count() == 1


@pytest.mark.django_db
def test_key_of_a_refused_request_can_be_used_again(brief, remote):
    assert send(remote, brief, idea() | {"title": ""}).status_code == 422
    assert not SentOnce.objects.exists()
    ok(send(remote, brief, idea()), 201)


@pytest.mark.django_db
def test_short_key_is_refused(brief, remote):
    response = send(remote, brief, idea(), key="1")
    assert wrong_fields(response) == {("Idempotency-Key", "too_short")}


@pytest.mark.django_db
def test_repeated_request_learns_no_key_made_since(brief, remote):
    first = ok(send(remote, brief, idea()), 201)
    row = Submission.objects.get()
    submitting.confirm(row, at=timezone.now())
    again = ok(send(remote, brief, idea()), 201)
    assert (again["code"], again["token"]) == (first["code"], None)
    row.refresh_from_db()
    assert first["token"] != access.token_for(row, access.EDIT)


@pytest.mark.django_db
def test_neither_key_nor_words_are_kept_and_the_tick_forgets(brief, remote):
    ok(send(remote, brief, idea()), 201)
    mark = SentOnce.objects.values().get()
    assert KEY not in str(mark)
    assert "Nightglow" not in str(mark)
    with time_machine.travel(timezone.now() + timedelta(days=6)):
        call_command("crowdbrand_tick")
    assert SentOnce.objects.count() == 1
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
        call_command("crowdbrand_tick", verbosity=0)
    assert not SentOnce.objects.exists()
