"""The same question at both doors, page and API, gets the same answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from tests import factories
from tests.api.remote import BASE
from wagtail_crowdbrand.domain import access, drafting, phases, submitting, terms
from wagtail_crowdbrand.models import Submission
from wagtail_crowdbrand.states import REASONS, Capability, Hold, Phase
from wagtail_crowdbrand.views.keys import SESSION_KEY

pytestmark = [pytest.mark.django_db, pytest.mark.doors]

ROLES = ("guest", "account", "stranger")
NO_KEY = "no key"
DAY = timedelta(days=1)


def dates(phase: Phase, now: datetime) -> dict:
    """What puts a campaign into a phase."""
    over = {"closes_at": now - DAY, "opens_at": now - 3 * DAY}
    return {
        Phase.ANNOUNCED: {"opens_at": now + DAY},
        Phase.OPEN: {},
        Phase.DECIDING: over,
        Phase.OVERDUE: over | {"decision_due_at": now - timedelta(hours=1)},
        Phase.DECIDED: over | {"decided_at": now - timedelta(hours=1)},
        Phase.ARCHIVED: over | {"archived_at": now - timedelta(hours=1)},
        Phase.CLEARANCE: over | {"visibility_mode": "sealed"},
        Phase.REVEALED: over
        | {"visibility_mode": "sealed", "revealed_at": now - timedelta(hours=1)},
    }[phase]


@pytest.fixture
def scene(ready):
    """A brief, and a submission for each door, as far as the capability needs it."""
    return SimpleNamespace(
        brief=factories.make_brief(max_images=0),
        user=User.objects.create_user("ada", email="ada@example.org"),
    )


def prepare(scene, capability: Capability, role: str) -> Submission:
    user = scene.user if role == "account" else None
    now = timezone.now()
    row = drafting.start_draft(scene.brief, user=user, language="en", at=now)
    email = "" if user else f"guest{row.pk}@example.org"
    row = drafting.save_draft(
        row,
        idea=drafting.Idea(title=f"Idea {row.pk}", summary="It glows."),
        person=drafting.Person(email=email),
        at=now,
    )
    if capability == Capability.SUBMIT:
        return row
    row = submitting.submit(row, user=user, terms_number=1, at=now)
    if capability != Capability.CONFIRM and not user:
        row = submitting.confirm(row, at=now)
    return row


def page_client(scene, row, role: str) -> Client:
    client = Client()
    if role == "account":
        client.force_login(scene.user)
    if role != "stranger":
        session = client.session
        session[SESSION_KEY] = {row.code: row.nonce}
        session.save()
    return client


def at_page(scene, capability: Capability, role: str) -> Callable[[], str]:
    """Who asks it: what the page says to them."""
    row = prepare(scene, capability, role)
    return lambda: _page(scene, capability, role, row)


def _page(scene, capability, role, row) -> str:
    client, number = page_client(scene, row, role), current_terms(scene)
    if capability == Capability.SUBMIT:
        url = f"{scene.brief.url}submit/{row.code}/check/"
        response = client.post(url, {"accept": "on", "terms_number": number})
    elif capability == Capability.CONFIRM:
        token = "A" * 43 if role == "stranger" else access.token_for(row, "confirm")
        response = client.get(f"/crowdbrand/c/{row.code}/{token}/")
        if response.status_code == 302:
            response = client.post(response.url)
    else:
        url = f"/crowdbrand/ideas/{row.code}/{capability}/"
        response = client.post(url, {"title": "Changed", "summary": "Changed"})
    if response.status_code == 302:
        return "allowed"
    if response.status_code == 404:
        return NO_KEY
    if problem := response.context.get("problem"):
        return problem.code
    sentence = response.context["clock"].refusal
    assert str(sentence) in response.text
    return next(code for code, text in REASONS.items() if text == sentence)


def at_api(scene, capability: Capability, role: str) -> Callable[[], str]:
    """Who asks it: what the API says to them."""
    row = prepare(scene, capability, role)
    return lambda: _api(scene, capability, role, row)


def _api(scene, capability, role, row) -> str:
    client, headers = Client(), {}
    if role == "account":
        client.force_login(scene.user)
    token = access.token_for(row, access.EDIT)
    if role == "guest" and capability != Capability.SUBMIT:
        headers = {"authorization": f"Bearer {token}"}
    words = {"title": "Changed", "summary": "Changed"}
    url, method, body = f"{BASE}/submissions/{row.code}/{capability}", "post", {}
    if capability == Capability.SUBMIT:
        url = f"{BASE}/briefs/{scene.brief.pk}/submissions"
        secret = "A" * 43 if role == "stranger" else token
        body = words | {
            "claim": f"{row.code}.{secret}",
            "email": "" if role == "account" else row.personal.email,
            "terms_number": current_terms(scene),
        }
    elif capability == Capability.CONFIRM:
        secret = access.token_for(row, access.CONFIRM)
        body = {"token": "A" * 43 if role == "stranger" else secret}
    elif capability == Capability.EDIT:
        url, method, body = f"{BASE}/submissions/{row.code}/own", "put", words
    response = getattr(client, method)(
        url, body, content_type="application/json", headers=headers
    )
    if response.status_code in (200, 201):
        return "allowed"
    if response.status_code in (401, 404):
        return NO_KEY
    return response.json()["code"]


def current_terms(scene) -> int:
    return terms.current_version(scene.brief.campaign, at=timezone.now()).number


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("hold", list(Hold))
@pytest.mark.parametrize("phase", list(Phase))
@pytest.mark.parametrize("capability", list(Capability))
def test_both_doors_answer_the_same(scene, capability, phase, hold, role):
    if capability == Capability.CONFIRM and role == "account":
        role = "guest"  # an account has nothing to confirm
    page, api = at_page(scene, capability, role), at_api(scene, capability, role)
    campaign = scene.brief.campaign
    fields = dates(phase, timezone.now()) | {"hold": hold, "hold_note": "Because."}
    type(campaign).objects.filter(pk=campaign.pk).update(**fields)
    campaign.refresh_from_db()
    assert phases.phase_of(campaign, at=timezone.now()) == phase
    verdict = phases.check(capability, campaign, at=timezone.now())
    expected = "allowed" if verdict.allowed else verdict.reason
    answers = {"page": page(), "api": api()}
    if role == "stranger":
        expected = NO_KEY
        if capability == Capability.SUBMIT and not verdict.allowed:
            expected = answers["page"]  # closed to all, or not theirs: both say no
            assert expected in (verdict.reason, NO_KEY)
    assert answers == {"page": expected, "api": expected}
