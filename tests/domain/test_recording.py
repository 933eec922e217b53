"""What a campaign does is on its ledger, whichever way it was done, and once."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core import mail
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from tests import factories
from wagtail_crowdbrand import tasks
from wagtail_crowdbrand.domain import (
    ledger,
    moderating,
    operating,
    recording,
    submitting,
    telling,
    upkeep,
)
from wagtail_crowdbrand.models import Mailing, Message, PublicState, Submission

pytestmark = pytest.mark.django_db

NOW = datetime(2031, 5, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)
DATES = {
    "opens_at": NOW - 5 * DAY,
    "closes_at": NOW + 5 * DAY,
    "decision_due_at": NOW + 20 * DAY,
    "first_published_at": NOW - 9 * DAY,
}


@pytest.fixture(autouse=True)
def _in_may():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def campaign(ready):
    """Published before it opens; two briefs; open now."""
    with time_machine.travel(NOW - 6 * DAY, tick=False):
        campaign = factories.make_campaign(**DATES)
        factories.make_brief(campaign, title="Name it")
        factories.make_brief(campaign, title="Draw it")
    assert lines(campaign) == []
    return campaign


def lines(campaign) -> list[tuple]:
    return [(entry.kind, entry.at, entry.facts) for entry in ledger.entries(campaign)]


def kinds(campaign) -> list[str]:
    return [entry.kind for entry in ledger.entries(campaign)]


def live(page):
    return type(page).objects.get(pk=page.pk)


def change(page, **values):
    page = live(page)
    for name, value in values.items():
        setattr(page, name, value)
    page.save_revision().publish()
    return page


def tick(at):
    with time_machine.travel(at, tick=False):
        call_command("crowdbrand_tick")


def brief_of(campaign, number=0):
    return recording.briefs_of(campaign)[number]


def test_clock_writes_the_promised_instants_once(campaign):
    for at in (NOW - 6 * DAY, NOW, NOW + DAY, NOW + 9 * DAY, NOW + 10 * DAY):
        tick(at)
    opened, closed = lines(campaign)
    assert opened == (
        "opened",
        NOW - 5 * DAY,
        {
            "visibility": "open",
            "policy": "before",
            "closes_at": "2031-05-15T12:00:00.000000Z",
            "reveals_at": None,
            "decision_due_at": "2031-05-30T12:00:00.000000Z",
            "terms": 1,
        },
    )
    assert closed == ("closed", NOW + 5 * DAY, {})
    assert ledger.check(campaign) == []


def test_campaign_published_late_opened_late(ready):
    campaign = factories.make_campaign(**DATES | {"first_published_at": NOW - DAY})
    tick(NOW)
    assert lines(campaign)[0][:2] == ("opened", NOW - DAY)


def test_draft_and_alias_have_no_lines(campaign):
    draft = factories.make_campaign(**DATES, live=False)
    tick(NOW)
    assert kinds(draft) == []
    assert kinds(campaign) == ["opened"]


def test_decision_in_time_and_late(campaign):
    tick(NOW)
    change(campaign, decided_at=NOW + 25 * DAY)
    tick(NOW + 26 * DAY)
    tick(NOW + 27 * DAY)
    due = "2031-05-30T12:00:00.000000Z"
    assert kinds(campaign) == ["opened", "closed", "moderation_counts", "decided"]
    assert lines(campaign)[-1] == (
        "decided",
        NOW + 25 * DAY,
        {"due": due, "late": True},
    )


def test_deeds_of_editors(campaign):
    actor = User.objects.create_superuser("root")
    tick(NOW)
    operating.pause(campaign, actor=actor, note="A leak.", at=NOW)
    operating.resume(campaign, actor=actor, at=NOW)
    extension = operating.Extension(
        closes_at=NOW + 9 * DAY, decision_due_at=NOW + 24 * DAY, note="Fog."
    )
    operating.extend(campaign, actor=actor, extension=extension, at=NOW)
    operating.cancel(campaign, actor=actor, note="No wind.", at=NOW)
    tick(NOW + 30 * DAY)
    due = {
        "field": "decision_due_at",
        "before": "2031-05-30T12:00:00.000000Z",
        "after": "2031-06-03T12:00:00.000000Z",
    }
    moved = {
        "from": "2031-05-15T12:00:00.000000Z",
        "to": "2031-05-19T12:00:00.000000Z",
        "note": "Fog.",
    }
    assert [line[::2] for line in lines(campaign)[1:]] == [
        ("paused", {"note": "A leak."}),
        ("resumed", {"after": "paused"}),
        ("deadline_moved", moved),
        ("terms_changed", {"terms": 2, "changes": [due]}),
        ("cancelled", {"note": "No wind."}),
    ]


def test_policy_and_rules_changed_in_the_editor(campaign):
    tick(NOW)
    change(campaign, moderation_policy="after", prize="Two weekends.", grace_minutes=5)
    assert [line[::2] for line in lines(campaign)[1:]] == [
        ("policy_changed", {"from": "before", "to": "after"}),
        (
            "terms_changed",
            {
                "terms": 2,
                "changes": [
                    {
                        "field": "prize",
                        "before": "A weekend on the island.",
                        "after": "Two weekends.",
                    },
                    {"field": "grace_minutes", "before": 0, "after": 5},
                ],
            },
        ),
    ]


def test_draft_of_an_editor_is_nobodys_business(campaign):
    tick(NOW)
    page = live(campaign)
    page.prize = "SECRET"
    page.save_revision()
    tick(NOW)
    assert kinds(campaign) == ["opened"]


def test_rules_before_the_opening_change_without_a_line(campaign):
    with time_machine.travel(NOW - 6 * DAY, tick=False):
        change(campaign, prize="Two weekends.")
        change(brief_of(campaign), challenge="Sing it.")
    tick(NOW)
    assert kinds(campaign) == ["opened"]


def test_change_right_after_the_opening_is_not_lost(campaign):
    """No tick came yet."""
    change(brief_of(campaign), challenge="Sing it.")
    change(campaign, prize="Two weekends.")
    assert kinds(campaign) == ["opened", "brief_changed", "terms_changed"]


def test_brief_changed_and_added(campaign):
    tick(NOW)
    brief = brief_of(campaign)
    change(brief, challenge="Sing it.", background="<p>One.</p><p>Two.</p>")
    added = factories.make_brief(campaign, title="Hum it")
    tick(NOW)
    expected = [
        {
            "field": "challenge",
            "before": "Give the night boat a name.",
            "after": "Sing it.",
        },
        {"field": "background", "before": "", "after": "One.\nTwo."},
    ]
    assert [line[2] for line in lines(campaign)[1:]] == [
        {"brief": brief.pk, "title": "Name it", "changes": expected},
        {"brief": added.pk, "title": "Hum it", "added": True},
    ]


def test_brief_that_moves_is_told_in_both_ledgers(campaign):
    other = factories.make_campaign()
    tick(NOW)
    brief = brief_of(campaign)
    brief.move(other, pos="last-child")
    tick(NOW)
    facts = {"brief": brief.pk, "title": "Name it"}
    assert [line[2] for line in lines(campaign)[1:]] == [facts | {"removed": True}]
    assert [line[2] for line in lines(other)[1:]] == [facts | {"added": True}]
    brief = live(brief)
    brief.move(other, pos="first-child")  # among its siblings
    change(brief, challenge="Sing it.")
    assert [line[0] for line in lines(other)[2:]] == ["brief_changed"]


def test_form_of_a_brief_is_compared_in_words(campaign):
    tick(NOW)
    question = {"label": "Why?", "required": True, "visibility": "public"}
    brief = live(brief_of(campaign))
    brief.answer_fields = [("short_text", question)]
    brief.save()
    ((change,),) = [line[2]["changes"] for line in lines(campaign)[1:]]
    assert change["before"] == ""
    assert change["after"] == (
        "short_text\nlabel: Why?\nrequired: yes\nvisibility: public"
    )


@pytest.mark.parametrize("language", ["en", "de"])
def test_brief_that_is_only_saved_again_has_not_changed(campaign, language):
    tick(NOW)
    brief = live(brief_of(campaign))
    choice = {"label": "Which?", "visibility": "public", "options": ["A", "B"]}
    number = {"label": "How many?", "visibility": "public", "minimum": "1.50"}
    # As a script has it: without the ids an editor's screen gives.
    brief.answer_fields = json.dumps(
        [{"type": "choice", "value": choice}, {"type": "number", "value": number}]
    )
    brief.save()
    assert kinds(campaign) == ["opened", "brief_changed"]
    with translation.override(language):
        for _number in range(2):
            change(brief)
            tick(NOW)
    assert kinds(campaign) == ["opened", "brief_changed"]
    (change_made,) = lines(campaign)[1][2]["changes"]
    assert "options: A | B" in change_made["after"]


def test_what_changed_while_it_was_off_the_site_is_told(campaign):
    tick(NOW)
    live(campaign).unpublish()
    change(campaign, prize="Nothing.")
    assert kinds(campaign) == ["opened", "terms_changed"]


def test_what_was_changed_past_every_door_is_told_by_the_tick(campaign):
    tick(NOW)
    type(campaign).objects.filter(pk=campaign.pk).update(prize="Nothing.")
    tick(NOW)
    tick(NOW)
    assert kinds(campaign) == ["opened", "terms_changed"]


def test_field_that_came_with_an_update_has_not_changed(campaign):
    tick(NOW)
    for pk, name in ((campaign.pk, "prize"), (brief_of(campaign).pk, "tone")):
        state = PublicState.objects.get(pk=pk)
        del state.content[name]
        state.save()
    tick(NOW)
    assert kinds(campaign) == ["opened"]
    change(campaign, prize="Nothing.")
    assert kinds(campaign) == ["opened", "terms_changed"]


def test_change_that_is_rolled_back_is_not_told(campaign):
    tick(NOW)
    with transaction.atomic():
        change(campaign, prize="Nothing.")
        transaction.set_rollback(True)
    assert kinds(campaign) == ["opened"]


def test_counts_of_moderation(campaign, ready):
    brief = brief_of(campaign)
    tick(NOW)
    rows = [factories.make_waiting(brief) for _number in range(6)]
    take = moderating.take
    take(rows[0], "approve", actor=None)
    take(rows[1], "reject", actor=None, reason="No.", reason_code="rights")
    take(rows[2], "reject", actor=None, reason="No.", reason_code="rights")
    take(rows[3], "spam", actor=None, reason="No.", reason_code="other")
    submitting.withdraw(rows[4], at=NOW)
    factories.make_sent(brief)
    change(campaign, decided_at=NOW + 6 * DAY)
    tick(NOW + 7 * DAY)
    (counts,) = [facts for kind, _at, facts in lines(campaign) if "counts" in kind]
    assert counts == {
        "received": 6,
        "withdrawn": 1,
        "pending": 1,
        "approved": 1,
        "changes_requested": 0,
        "rejected": 2,
        "spam": 1,
        "hidden": 0,
        "reasons": {"other": 1, "rights": 2},
    }


def test_counts_of_a_sealed_campaign_wait_for_the_reveal(ready):
    campaign = factories.make_campaign(
        **DATES | {"visibility_mode": "sealed", "reveals_at": NOW + 8 * DAY}
    )
    tick(NOW)
    type(campaign).objects.filter(pk=campaign.pk).update(decided_at=NOW + 6 * DAY)
    tick(NOW + 7 * DAY)
    assert "moderation_counts" not in kinds(campaign)
    revealed = NOW + 8 * DAY
    type(campaign).objects.filter(pk=campaign.pk).update(revealed_at=revealed)
    tick(NOW + 9 * DAY)
    told = [(kind, at) for kind, at, _facts in lines(campaign)]
    assert ("moderation_counts", revealed) in told


# Mails


@pytest.fixture
def entrants(campaign):
    """Ada sent two ideas to the first brief, Ben one to the second, in German."""
    tick(NOW)
    first, second = recording.briefs_of(campaign)
    one = factories.make_confirmed(first)
    two = factories.make_sent(first)
    two.personal.email = one.contributor.email
    two.personal.save()
    submitting.confirm(two, at=NOW)
    ben = factories.make_confirmed(second, language="de")
    factories.make_sent(first)  # never confirmed
    spam = factories.make_waiting(first)
    moderating.take(spam, "spam", actor=None, reason="No.", reason_code="other")
    withdrawn = factories.make_confirmed(first)
    submitting.withdraw(withdrawn, at=NOW)
    Message.objects.all().delete()
    return [Submission.objects.get(pk=row.pk) for row in (two, ben)]


def told() -> list[int]:
    rows = Message.objects.filter(kind="rules_changed").order_by("pk")
    return sorted(rows.values_list("submission_id", flat=True))


def test_entrants_are_mailed_once_per_change(campaign, entrants, commits):
    with commits():
        change(campaign, prize="Two weekends.", moderation_policy="after")
    assert told() == [row.pk for row in entrants]
    assert len(mail.outbox) == 2
    for number in range(2):
        tick(NOW + (number + 1) * DAY)
    assert told() == [row.pk for row in entrants]
    letter = next(mail for mail in mail.outbox if entrants[0].code in mail.subject)
    assert "Prize or budget: it said\n\n> A weekend on the island." in letter.body
    assert "> Two weekends." in letter.body
    assert f"/campaigns/{campaign.pk}/ledger/" in letter.body
    assert "Two weekends." in letter.alternatives[0].content


def test_only_those_who_answered_a_brief_are_mailed_about_it(
    campaign, entrants, commits
):
    with commits():
        change(recording.briefs_of(campaign)[1], challenge="Sing it.")
    assert told() == [entrants[1].pk]
    assert 'lang="de"' in mail.outbox[0].alternatives[0].content


def test_policy_alone_is_not_mailed(campaign, entrants, commits):
    with commits():
        change(campaign, moderation_policy="after")
    assert told() == []


def test_mailing_that_was_killed_goes_on_where_it_stopped(
    campaign, entrants, monkeypatch
):
    monkeypatch.setattr(telling, "CHUNK", 1)
    change(campaign, prize="Two weekends.")
    mailing = Mailing.objects.get()
    assert telling.work(mailing, at=NOW)
    assert len(told()) == 1
    assert upkeep.tell_entrants(at=NOW) == 0  # its task may still be at work
    assert upkeep.tell_entrants(at=NOW + timedelta(minutes=6)) == 1
    assert told() == [row.pk for row in entrants]
    tasks.tell_entrants.func(mailing.pk)
    assert told() == [row.pk for row in entrants]


def test_who_came_after_the_change_is_not_told_of_it(campaign, entrants):
    change(campaign, prize="Two weekends.")
    with time_machine.travel(NOW + DAY, tick=False):
        factories.make_confirmed(brief_of(campaign))
        telling.work(Mailing.objects.get(), at=timezone.now())
    assert told() == [row.pk for row in entrants]


def test_mailing_takes_as_many_queries_for_one_as_for_three(campaign):
    tick(NOW)
    numbers = []
    for _round in range(2):
        for _number in range(1 + 2 * _round):
            factories.make_confirmed(brief_of(campaign))
        change(campaign, prize=f"{_round} weekends.")
        mailing = Mailing.objects.latest("pk")
        with CaptureQueriesContext(connection) as queries:
            telling.work(mailing, at=NOW)
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]
