"""Reasons: a list editors extend, in the languages of the site."""

from __future__ import annotations

import pytest

from tests import factories
from wagtail_crowdbrand.domain import moderating, reasons
from wagtail_crowdbrand.domain.decisions import newest
from wagtail_crowdbrand.errors import NotAllowed
from wagtail_crowdbrand.models import ModerationReason, Submission

pytestmark = pytest.mark.django_db


def test_set_up_makes_a_list_once(db):
    assert set(reasons.set_up()) == set(reasons.DEFAULTS)
    assert reasons.set_up() == []


def test_set_up_respects_what_an_editor_deleted(db):
    reasons.set_up()
    ModerationReason.objects.exclude(code="rights").delete()
    assert reasons.set_up() == ["other"]


def test_visitors_and_moderators_choose_from_their_own(ready):
    for_visitors = {reason.code for reason in reasons.for_notices()}
    assert "rights" in for_visitors
    assert "off_topic" not in for_visitors
    assert {reason.code for reason in reasons.for_decisions()} == set(reasons.DEFAULTS)
    ModerationReason.objects.filter(code="rights").update(for_decisions=False)
    assert "rights" not in {reason.code for reason in reasons.for_decisions()}


def test_words_fall_back_one_by_one(ready):
    reason = ModerationReason.objects.create(
        code="taken", label="Taken", rule="Rule 3", text="The name is taken."
    )
    reason.wordings.create(language="de", label="Vergeben", text="Schon vergeben.")
    assert reason.in_language("de") == ("Vergeben", "Rule 3", "Schon vergeben.")
    assert reason.in_language("de-at") == reason.in_language("de")
    assert reason.in_language("fr") == ("Taken", "Rule 3", "The name is taken.")


def test_decision_keeps_code_rule_and_words_as_they_were(ready):
    moderator = factories.make_moderator()
    waiting = factories.make_waiting()
    reason = ModerationReason.objects.get(code="rights")
    reason.rule = "Send only your own work."
    reason.save()
    moderating.reject(
        waiting, actor=moderator, reason="Not yours.", reason_code="rights"
    )
    reason.rule = "Something else."
    reason.save()
    decision = newest(Submission.objects.get(pk=waiting.pk))
    assert (decision.reason_code, decision.rule, decision.text) == (
        "rights",
        "Send only your own work.",
        "Not yours.",
    )


def test_unknown_reason_decides_nothing(ready):
    waiting = factories.make_waiting()
    with pytest.raises(NotAllowed) as refused:
        moderating.reject(
            waiting,
            actor=factories.make_moderator(),
            reason="No.",
            reason_code="no_such",
        )
    assert refused.value.code == "unknown_reason"
    assert Submission.objects.get(pk=waiting.pk).moderation == "pending"


def test_no_without_a_code_is_counted_as_other(ready):
    waiting = factories.make_waiting()
    moderating.reject(waiting, actor=factories.make_moderator(), reason="No.")
    assert newest(waiting).reason_code == "other"
