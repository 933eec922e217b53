"""Phases are a pure function of timestamps; what they allow is one table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from wagtail_crowdbrand.domain import phases
from wagtail_crowdbrand.errors import NotAllowed
from wagtail_crowdbrand.pages.models import CampaignPage
from wagtail_crowdbrand.states import REASONS, REFUSALS, Capability, Phase

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
OPENS = datetime(2026, 3, 1, 12, tzinfo=UTC)
CLOSES = OPENS + 10 * DAY
DUE = CLOSES + 10 * DAY


def campaign(**fields) -> CampaignPage:
    """A page in no database: Wagtail would look its content type up there."""
    dates = {"opens_at": OPENS, "closes_at": CLOSES, "decision_due_at": DUE}
    return CampaignPage(content_type_id=1, **(dates | fields))


@pytest.mark.parametrize(
    ("at", "phase"),
    [
        (OPENS - SECOND, Phase.ANNOUNCED),
        (OPENS, Phase.OPEN),
        (CLOSES, Phase.OPEN),
        (CLOSES + SECOND, Phase.DECIDING),
        (DUE, Phase.DECIDING),
        (DUE + SECOND, Phase.OVERDUE),
    ],
)
def test_phase_by_clock(at, phase):
    assert phases.phase_of(campaign(), at=at) == phase


@pytest.mark.parametrize(
    ("fields", "at", "phase"),
    [
        ({"opens_at": None}, OPENS, Phase.ANNOUNCED),
        ({"closes_at": None}, OPENS, Phase.ANNOUNCED),
        ({"decided_at": CLOSES + DAY}, CLOSES + 2 * DAY, Phase.DECIDED),
        ({"decided_at": CLOSES + DAY}, CLOSES + SECOND, Phase.DECIDING),
        ({"decided_at": DUE + DAY}, DUE + 2 * DAY, Phase.DECIDED),
        ({"archived_at": DUE}, DUE, Phase.ARCHIVED),
        ({"visibility_mode": "sealed"}, CLOSES + SECOND, Phase.CLEARANCE),
        (
            {"visibility_mode": "sealed", "reveals_at": CLOSES + DAY},
            CLOSES + 2 * DAY,
            Phase.CLEARANCE,
        ),
        (
            {"visibility_mode": "sealed", "revealed_at": CLOSES + DAY},
            CLOSES + DAY,
            Phase.REVEALED,
        ),
    ],
)
def test_phase_of_special_campaigns(fields, at, phase):
    assert phases.phase_of(campaign(**fields), at=at) == phase


def test_grace_extends_the_only_deadline():
    with_grace = campaign(grace_minutes=5)
    end = CLOSES + timedelta(minutes=5)
    assert phases.deadline(with_grace) == end
    assert phases.phase_of(with_grace, at=end) == Phase.OPEN
    assert phases.phase_of(with_grace, at=end + SECOND) == Phase.DECIDING


def test_closing_in_the_hour_that_happens_twice():
    """25 October 2026, 02:30 in Berlin: first in summer time, again in winter time."""
    berlin = ZoneInfo("Europe/Berlin")
    first = datetime(2026, 10, 25, 2, 30, tzinfo=berlin, fold=0)
    second = datetime(2026, 10, 25, 2, 30, tzinfo=berlin, fold=1)
    page = campaign(closes_at=first.astimezone(UTC), decision_due_at=None)
    assert phases.phase_of(page, at=first.astimezone(UTC)) == Phase.OPEN
    assert phases.phase_of(page, at=second.astimezone(UTC)) == Phase.DECIDING


@pytest.mark.parametrize("capability", Capability)
@pytest.mark.parametrize("phase", Phase)
def test_every_refusal_has_words(capability, phase):
    reason = REFUSALS[capability].get(phase)
    assert reason is None or str(REASONS[reason])


@pytest.mark.parametrize(
    ("capability", "fields", "at", "reason"),
    [
        (Capability.SUBMIT, {}, OPENS - SECOND, "not_open_yet"),
        (Capability.SUBMIT, {}, OPENS, ""),
        (Capability.SUBMIT, {}, CLOSES + SECOND, "closed"),
        (Capability.SUBMIT, {"hold": "paused"}, OPENS, "paused"),
        (Capability.EDIT, {"hold": "cancelled"}, OPENS, "cancelled"),
        (Capability.EDIT, {}, CLOSES + SECOND, "closed"),
        (Capability.WITHDRAW, {"hold": "paused"}, CLOSES + DAY, ""),
        (Capability.WITHDRAW, {"archived_at": DUE}, DUE, "closed"),
        (Capability.CONFIRM, {}, CLOSES + 2 * DAY, ""),
        (Capability.CONFIRM, {}, CLOSES + 2 * DAY + SECOND, "confirmation_expired"),
        (Capability.CONFIRM, {"hold": "cancelled"}, OPENS, "cancelled"),
    ],
)
def test_what_is_allowed(capability, fields, at, reason):
    verdict = phases.check(capability, campaign(**fields), at=at)
    assert verdict == (reason == "", reason)


def test_require_raises_the_reason():
    with pytest.raises(NotAllowed) as refusal:
        phases.require(Capability.SUBMIT, campaign(), at=CLOSES + DAY)
    assert refusal.value.code == "closed"
    assert str(refusal.value) == "This campaign is closed."
