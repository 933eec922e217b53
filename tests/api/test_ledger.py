"""The ledger through the API: the same lines, checked by what the docs say."""

from __future__ import annotations

import hashlib
import json

import pytest
from django.utils import timezone
from wagtail.models import PageViewRestriction

from tests import factories
from tests.api.remote import ok, refused
from wagtail_crowdbrand.domain import ledger
from wagtail_crowdbrand.states import LedgerKind

pytestmark = pytest.mark.django_db


def canonical_digest(line):
    text = json.dumps(line, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture
def campaign(ready):
    """It has opened, and had two corrections."""
    campaign = factories.make_campaign()
    for number in (1, 2):
        facts = {"line": number, "note": "Früher."}
        ledger.write(campaign, LedgerKind.CORRECTION, facts=facts, at=timezone.now())
    return campaign


def test_lines_hold_together(remote, campaign):
    answer = ok(remote.call("get", f"/campaigns/{campaign.pk}/ledger"))
    previous = ""
    for line in answer["items"]:
        assert line["previous"] == previous
        previous = line.pop("digest")
        assert canonical_digest(line) == previous
    assert [line["kind"] for line in answer["items"]] == [
        "opened",
        "correction",
        "correction",
    ]
    assert answer["digest"] == previous
    assert answer["next"] is None


def test_lines_come_in_pages(remote, campaign):
    path = f"/campaigns/{campaign.pk}/ledger"
    first = ok(remote.call("get", f"{path}?limit=2"))
    assert ([line["number"] for line in first["items"]], first["next"]) == ([1, 2], 2)
    second = ok(remote.call("get", f"{path}?limit=2&after=2"))
    assert ([line["number"] for line in second["items"]], second["next"]) == ([3], None)


def test_ledger_is_as_private_as_its_campaign(remote, campaign):
    PageViewRestriction.objects.create(page=campaign, restriction_type="login")
    answer = remote.call("get", f"/campaigns/{campaign.pk}/ledger")
    assert refused(answer, 404) == "not_found"
