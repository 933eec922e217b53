"""The desk: what it shows, what it decides, and whom it lets in."""

from __future__ import annotations

import json
from datetime import timedelta
from types import SimpleNamespace
from urllib.parse import quote

import pytest
from django.contrib.auth.models import Group, User
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupApprovalTask, ModelLogEntry, WorkflowTask
from wagtail.users.models import UserProfile

from tests import factories
from tests.copies import settle
from tests.models.desk import said
from wagtail_crowdbrand import signals
from wagtail_crowdbrand.domain import (
    appealing,
    batches,
    drafting,
    moderating,
    noticing,
    submitting,
)
from wagtail_crowdbrand.errors import Vetoed
from wagtail_crowdbrand.models import (
    Appeal,
    Claim,
    Decision,
    ModerationReason,
    ModerationTask,
    Notice,
    Submission,
)
from wagtail_crowdbrand.states import Moderation

pytestmark = pytest.mark.django_db

PART = {"X-Crowdbrand-Part": "desk"}
SPACE = "wagtailsnippets_wagtail_crowdbrand_submission"


def url(name: str, *args) -> str:
    return reverse(f"crowdbrand_{name}", args=args)


@pytest.fixture
def moderator(ready, client):
    user = factories.make_moderator(first_name="Ines", last_name="Quadros")
    client.force_login(user)
    return user


@pytest.fixture
def graced(settings):
    settings.WAGTAIL_CROWDBRAND = {"UNDO_SECONDS": 60}


@pytest.fixture
def brief(ready):
    return factories.make_brief(factories.make_campaign(), max_images=0)


def make_waiting(brief, **idea) -> Submission:
    return factories.make_waiting(brief, pictures_count=0, **idea)


def look(submission) -> str:
    return url("desk:look", submission.pk)


def decide(client, submission, action, **data):
    values = {"action": action, "seen": submission.latest_revision_id, **data}
    return client.post(look(submission), values)


def content_of(response) -> str:
    return response.content.decode()


def test_the_desk_begins_with_the_oldest(moderator, brief, client):
    oldest, second = make_waiting(brief, title="First"), make_waiting(brief)
    response = client.get(url("desk:index"))
    assert response.url == look(oldest)
    content = content_of(client.get(look(oldest)))
    assert "First" in content
    assert "2 left" in content
    assert second.code not in content


def test_approve_goes_on_to_the_next(moderator, brief, client, commits):
    first, second = make_waiting(brief), make_waiting(brief)
    with commits():
        response = decide(client, first, "approve")
    assert response.url == look(second)
    assert said(response) == [f"{first.code} approved."]
    first.refresh_from_db()
    assert first.staff_status == "visible"


def test_the_last_one_leads_to_an_empty_desk(moderator, brief, client):
    only = make_waiting(brief)
    response = client.post(
        look(only), {"action": "approve", "seen": only.latest_revision_id}, follow=True
    )
    assert "All done." in content_of(response)


@pytest.mark.parametrize("action", ["request_changes", "reject", "spam"])
def test_a_no_is_told_with_its_reason(moderator, brief, client, commits, action):
    submission = make_waiting(brief)
    mail.outbox.clear()
    data = {"reason_code": "rights", "comment": "It is somebody else's."}
    with commits():
        decide(client, submission, action, **data)
    decision = submission.decisions.get()
    assert (decision.action, decision.reason_code, decision.text, decision.actor) == (
        action,
        "rights",
        "It is somebody else's.",
        moderator,
    )
    (sent,) = mail.outbox
    assert "It is somebody else's." in sent.body


@pytest.mark.parametrize(
    "data",
    [{}, {"comment": "No."}, {"reason_code": "rights"}, {"reason_code": "x" * 9}],
    ids=["nothing", "words-only", "reason-only", "unknown"],
)
def test_a_no_needs_a_reason_and_words(moderator, brief, client, data):
    submission = make_waiting(brief)
    response = decide(client, submission, "reject", **data)
    assert "error-message" in content_of(response)
    submission.refresh_from_db()
    assert submission.moderation == Moderation.PENDING


def test_the_mail_is_previewed_as_it_will_be(moderator, brief, client, commits):
    submission = make_waiting(brief)
    mail.outbox.clear()
    data = {"reason_code": "rights", "comment": "It is somebody else's."}
    seen = content_of(decide(client, submission, "reject", preview="1", **data))
    assert mail.outbox == []
    assert not submission.decisions.exists()
    with commits():
        decide(client, submission, "reject", **data)
    subject = mail.outbox[0].subject
    assert subject in seen
    assert "It is somebody else&#x27;s." in seen


def test_the_preview_keeps_the_private_link_private(moderator, brief, client):
    submission = make_waiting(brief)
    content = content_of(client.get(f"{look(submission)}?decide=reject"))
    assert f"/ideas/{submission.code}/" in content
    assert f"/e/{submission.code}/" not in content


def test_the_text_follows_the_reason_until_somebody_writes(moderator, brief, client):
    submission = make_waiting(brief)

    def text_after(**data) -> str:
        response = decide(client, submission, "reject", preview="1", **data)
        return response.context["form"]["comment"].value()

    first = text_after(reason_code="rights", comment="")
    assert first.startswith("It uses work")
    second = text_after(reason_code="off_topic", comment=first)
    assert second.startswith("Your idea does not answer")
    assert text_after(reason_code="rights", comment="My own.") == "My own."


def test_a_line_break_counts_as_one_character(moderator, brief, client):
    """As in the browser, which lets 4,000 be typed and sends each break as two."""
    submission = make_waiting(brief)
    words = {"reason_code": "rights", "comment": "line\r\n" * 700}
    decide(client, submission, "reject", **words)
    submission.refresh_from_db()
    assert submission.reason == "\n".join(["line"] * 700)


def test_a_text_of_several_lines_follows_the_reason(moderator, brief, client):
    submission = make_waiting(brief)
    ModerationReason.objects.filter(code="rights").update(text="One.\nTwo.")
    data = {"reason_code": "off_topic", "comment": "One.\r\nTwo.", "preview": "1"}
    form = decide(client, submission, "reject", **data).context["form"]
    assert form["comment"].value().startswith("Your idea does not answer")


def test_only_what_was_seen_is_decided(moderator, brief, client, commits):
    submission = make_waiting(brief)
    seen = submission.latest_revision_id
    with commits():
        submitting.edit(
            submission,
            idea=drafting.Idea(title="Unseen", summary="Other."),
            person=drafting.Person(),
            at=timezone.now(),
        )
    for value in (seen, "", "x"):
        response = client.post(look(submission), {"action": "approve", "seen": value})
        assert response.url == look(submission)
        assert "changed this submission" in said(response)[0]
    submission.refresh_from_db()
    assert submission.moderation == Moderation.PENDING


@pytest.mark.parametrize("why", ["changed", "vetoed"])
def test_typed_words_survive_a_refusal(moderator, brief, client, commits, why):
    submission = make_waiting(brief)
    seen = submission.latest_revision_id

    def veto(**_facts):
        raise Vetoed("legal", "Legal says no.")

    if why == "changed":
        with commits():
            submitting.edit(
                submission,
                idea=drafting.Idea(title="Unseen", summary="Other."),
                person=drafting.Person(),
                at=timezone.now(),
            )
    else:
        signals.pre_decide.connect(veto)
    words = {"reason_code": "off_topic", "comment": "Long typed words."}
    try:
        response = decide(client, submission, "reject", seen=seen, **words)
    finally:
        signals.pre_decide.disconnect(veto)
    form, row = response.context["form"], Submission.objects.get(pk=submission.pk)
    assert (form["reason_code"].value(), form["comment"].value()) == tuple(
        words.values()
    )
    text = {"changed": "changed this submission", "vetoed": "Legal says no."}[why]
    assert text in said(response)[0]
    content = content_of(response)
    assert f'name="seen" value="{row.latest_revision_id}"' in content
    assert ("Unseen" in content) == (why == "changed")
    assert row.moderation == Moderation.PENDING
    decide(client, row, "reject", **words)
    assert row.decisions.get().text == "Long typed words."


def test_a_preview_in_the_background_takes_no_other(moderator, brief, client, commits):
    submission, after = make_waiting(brief), make_waiting(brief)
    client.get(f"{look(submission)}?decide=reject")
    with commits():
        moderating.approve(submission, actor=factories.make_moderator())
    words = {"reason_code": "rights", "comment": "No."}
    data = {"action": "reject", "seen": submission.latest_revision_id, **words}
    response = client.post(look(submission), data | {"preview": "1"}, headers=PART)
    assert (response.status_code, said(response)) == (200, [])
    assert not Claim.objects.filter(submission=after).exists()
    assert "was faster" in said(client.post(look(submission), data))[0]


def test_who_comes_second_is_told_who_was_first(moderator, brief, client, commits):
    submission, after = make_waiting(brief), make_waiting(brief)
    other = factories.make_moderator(first_name="Ada", last_name="Lovelace")
    second = Client()
    second.force_login(other)
    with commits():
        decide(client, submission, "approve")
    data = {"reason_code": "rights", "comment": "No."}
    response = decide(second, submission, "reject", **data)
    assert said(response) == [
        f"Ines Quadros was faster: {submission.code} is decided already (Approved). "
        "Your decision was not taken."
    ]
    # The first moderator's next one is theirs; there is no third.
    assert response.url == url("desk:index")
    assert Claim.objects.get().submission == after
    submission.refresh_from_db()
    assert submission.moderation == Moderation.APPROVED


def test_somebody_else_looking_is_said(moderator, brief, client):
    submission = make_waiting(brief)
    client.get(look(submission))
    second = Client()
    second.force_login(factories.make_moderator())
    assert "Ines Quadros is looking at this one" in content_of(
        second.get(look(submission))
    )
    assert "is looking at this one" not in content_of(client.get(look(submission)))


def test_undo_brings_it_back(moderator, brief, client, commits, graced):
    first, second = make_waiting(brief), make_waiting(brief)
    mail.outbox.clear()
    with commits():
        response = decide(client, first, "approve")
    assert response.url == look(second)
    assert f"{first.code} approved." in content_of(client.get(response.url))
    with commits():
        response = client.post(url("desk:undo", first.decisions.get().pk))
    assert response.url == look(first)
    row = Submission.objects.get(pk=first.pk)
    assert (row.moderation, row.visible_from) == (Moderation.PENDING, None)
    assert mail.outbox == []
    with commits():
        decide(client, row, "approve")
    assert Submission.objects.get(pk=first.pk).moderation == Moderation.APPROVED


def test_undo_comes_too_late(moderator, brief, client, graced):
    submission = make_waiting(brief)
    decide(client, submission, "approve")
    Decision.objects.update(settles_at=timezone.now())
    response = client.post(url("desk:undo", submission.decisions.get().pk))
    assert "too late" in said(response)[0]
    submission.refresh_from_db()
    assert submission.moderation == Moderation.APPROVED


def test_next_previous_and_skip(moderator, brief, client):
    rows = [make_waiting(brief) for _number in range(3)]
    index = url("desk:index")
    after = client.get(index, {"after": rows[0].pk})
    assert after.url == look(rows[1])
    before = client.get(index, {"before": rows[1].pk})
    assert before.url == look(rows[0])
    first = client.get(index, {"before": rows[0].pk})
    assert (first.url, said(first)) == (look(rows[0]), ["This is the first one."])

    assert client.post(url("desk:skip", rows[0].pk)).url == look(rows[1])
    assert client.post(url("desk:skip", rows[1].pk)).url == look(rows[2])
    last = client.post(url("desk:skip", rows[2].pk))
    assert last.url == look(rows[0])
    assert "Here come those you skipped" in said(last)[-1]


@pytest.mark.parametrize("number", ["²", "٣", "9" * 30, "-1", "1.0", "1\x00", ""])
def test_what_is_no_number_is_nothing_to_go_by(moderator, brief, client, number):
    submission = make_waiting(brief)
    desk, given = url("desk:index"), quote(number)
    assert client.get(f"{desk}?after={given}").status_code == 404
    assert client.get(f"{desk}?before={given}").status_code == 404
    assert client.get(f"{desk}?campaign={given}").status_code == 302
    for name in ("desk:appeals", "notices:index"):
        assert client.get(f"{url(name)}?after={given}").status_code == 200
    history = reverse(f"{SPACE}:history", args=[submission.pk])
    wrong = history.replace(f"/{submission.pk}/", f"/{given}/")
    assert client.get(wrong).status_code in (302, 403, 404)
    decide(client, submission, "approve", seen=number)
    submission.refresh_from_db()
    assert submission.moderation == "pending"


def test_filters_stay_while_one_decides(moderator, client):
    brief, other = (factories.make_brief(max_images=0) for _number in range(2))
    rows = [make_waiting(each) for each in (brief, other, brief)]
    query = f"?campaign={brief.campaign.pk}&brief={brief.pk}"
    assert client.get(url("desk:index") + query).url == look(rows[0]) + query
    data = {"action": "approve", "seen": rows[0].latest_revision_id}
    response = client.post(look(rows[0]) + query, data)
    assert response.url == look(rows[2]) + query
    content = content_of(client.get(response.url))
    assert "1 left" in content


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("language=de", "german"),
        ("older_than_days=3", "old"),
        ("noticed=on", "noticed"),
        ("first_timers=on", "first"),
    ],
)
def test_each_filter_finds_its_own(moderator, brief, client, query, expected):
    rows = {
        name: make_waiting(brief) for name in ("plain", "german", "noticed", "first")
    }
    rows["old"] = make_waiting(brief)
    Submission.objects.update(is_first=False)
    change = {
        "german": {"language": "de"},
        "noticed": {"open_notices": 1},
        "first": {"is_first": True},
        "old": {"submitted_at": timezone.now() - timedelta(days=4)},
    }
    for name, values in change.items():
        Submission.objects.filter(pk=rows[name].pk).update(**values)
    response = client.get(f"{url('desk:index')}?{query}")
    assert response.url == f"{look(rows[expected])}?{query}"


@pytest.mark.parametrize("query", ["campaign=x", "brief=1", "older_than_days=-1", "q="])
def test_nonsense_in_the_address_filters_nothing(moderator, brief, client, query):
    submission = make_waiting(brief)
    assert client.get(f"{url('desk:index')}?{query}").url.startswith(look(submission))
    for name in ("after", "before"):
        response = client.get(f"{url('desk:index')}?{name}={'9' * 30}")
        assert response.status_code == 404


def test_an_edit_shows_old_and_new(moderator, brief, client, commits):
    submission = make_waiting(brief, title="Nightglow")
    with commits():
        decide(client, submission, "approve")
        submitting.edit(
            submission,
            idea=drafting.Idea(title="Daybreak", summary="It glows at night."),
            person=drafting.Person(),
            at=timezone.now(),
        )
    response = client.get(look(submission))
    changes = [
        (each.label, each.old, each.new)
        for each in response.context["dossier"].changes
        if each.label in ("Title", "Description")
    ]
    assert changes == [("Title", "Nightglow", "Daybreak")]
    content = content_of(response)
    assert "<del>Nightglow</del>" in content
    assert "Take off the site" in content


def test_what_is_known_of_the_contributor(moderator, brief, client, commits):
    earlier = make_waiting(brief)
    submission = make_waiting(brief)
    submission.contributor.notes = "Met at the fair."
    submission.contributor.save()
    Submission.objects.filter(pk=earlier.pk).update(contributor=submission.contributor)
    Submission.objects.filter(pk=submission.pk).update(suspicion="sent in haste")
    data = {"reason_code": "rights", "comment": "No."}
    decide(client, Submission.objects.get(pk=earlier.pk), "reject", **data)
    response = client.get(look(submission))
    record = response.context["dossier"].record
    assert (record.approved, record.refused, record.waiting) == (0, 1, 0)
    content = content_of(response)
    assert "Met at the fair." in content
    assert "Suspicious: sent in haste." in content
    assert submission.contributor.email not in content


def test_the_checklist_of_the_campaign(moderator, client):
    campaign = factories.make_campaign(checklist="Readable?\n\nOne idea only?\n")
    submission = make_waiting(factories.make_brief(campaign, max_images=0))
    response = client.get(look(submission))
    assert response.context["checklist"] == ["Readable?", "One idea only?"]
    assert "One idea only?" in content_of(response)


def test_what_is_decided_offers_what_is_left(moderator, brief, client, commits):
    submission = make_waiting(brief)
    with commits():
        decide(client, submission, "approve")
    content = content_of(client.get(look(submission)))
    assert 'value="approve"' not in content
    assert "decide=hide" in content
    data = {"reason_code": "rights", "comment": "A complaint."}
    with commits():
        response = decide(client, submission, "hide", **data)
    assert said(response)[-1] == f"{submission.code} taken off the site."
    assert 'value="restore"' in content_of(client.get(look(submission)))
    with commits():
        decide(client, submission, "restore")
    submission.refresh_from_db()
    assert submission.staff_status == "visible"


def test_the_desk_alone_comes_when_asked(moderator, brief, client):
    submission = make_waiting(brief)
    whole = content_of(client.get(look(submission)))
    part = content_of(client.get(look(submission), headers=PART))
    assert "wagtail-sidebar" in whole
    assert "wagtail-sidebar" not in part
    assert 'id="cb-desk-region"' in part
    assert "<script" not in part
    assert "style=" not in part


def test_shortcuts_that_are_off_are_not_hinted_at(moderator, brief, client):
    submission = make_waiting(brief)
    assert "<kbd>A</kbd>" in content_of(client.get(look(submission)))
    UserProfile.objects.update_or_create(
        user=moderator, defaults={"keyboard_shortcuts": False}
    )
    assert "<kbd>A</kbd>" not in content_of(client.get(look(submission)))


# Notices and appeals


def give_notice(submission, **fields):
    problem = {"reason_code": "rights", "person": str(len(fields)), **fields}
    return noticing.give_notice(
        submission, noticing.Problem(**problem), at=timezone.now()
    )


@pytest.fixture
def on_show(moderator, brief, client, commits):
    submission = make_waiting(brief)
    with commits():
        moderating.approve(submission, actor=moderator)
    return Submission.objects.get(pk=submission.pk)


def test_a_notice_is_read_and_dismissed(moderator, on_show, client, commits):
    give_notice(on_show, text="That is my logo.", email="eve@example.org")
    assert client.get(url("notices:index")).url == url("notices:look", on_show.pk)
    content = content_of(client.get(url("notices:look", on_show.pk)))
    assert "That is my logo." in content
    assert "eve@example.org" not in content
    with commits():
        response = client.post(
            url("notices:look", on_show.pk), {"action": "keep", "answer": "It is not."}
        )
    assert response.url == url("notices:index")
    on_show.refresh_from_db()
    notice = on_show.notices.get()
    assert (notice.outcome, notice.answer) == ("dismissed", "It is not.")
    assert on_show.staff_status == "visible"
    assert "No notice waits" in content_of(client.get(url("notices:index")))


def test_a_notice_takes_it_off_the_site(moderator, on_show, client, commits):
    give_notice(on_show)
    address = url("notices:look", on_show.pk)
    client.post(address, {"action": "hide", "reason_code": "rights"})
    assert on_show.notices.get().outcome == ""
    data = {"action": "hide", "reason_code": "rights", "comment": "It is theirs."}
    with commits():
        client.post(address, data)
    on_show.refresh_from_db()
    assert (on_show.moderation, on_show.reason) == ("hidden", "It is theirs.")
    assert on_show.notices.get().outcome == "upheld"


@pytest.mark.parametrize("action", ["keep", "hide"])
def test_an_answer_that_is_too_long_is_shown_again(moderator, on_show, client, action):
    give_notice(on_show)
    address = url("notices:look", on_show.pk)
    data = {"action": action, "reason_code": "rights", "comment": "It is theirs."}
    response = client.post(address, data | {"answer": "x" * 4001})
    content = content_of(response)
    assert "x" * 4001 in content
    assert content.count('class="error-message"') == 1
    assert on_show.notices.get().outcome == ""
    client.post(address, data | {"answer": "line\r\n" * 700})
    assert on_show.notices.get().answer == "\n".join(["line"] * 700)
    assert on_show.notices.get().outcome != ""


def test_an_answer_survives_a_refusal(moderator, on_show, client):
    give_notice(on_show)

    def veto(**_facts):
        raise Vetoed("legal", "Legal says no.")

    words = {"reason_code": "rights", "comment": "It is theirs.", "answer": "Thanks."}
    signals.pre_decide.connect(veto)
    try:
        response = client.post(
            url("notices:look", on_show.pk), {"action": "hide", **words}
        )
    finally:
        signals.pre_decide.disconnect(veto)
    assert said(response) == ["Legal says no."]
    assert "It is theirs." in content_of(response)
    assert "Thanks." in content_of(response)
    assert on_show.notices.get().outcome == ""


def test_notices_answered_twice_are_said_so(moderator, on_show, client):
    give_notice(on_show)
    address = url("notices:look", on_show.pk)
    client.post(address, {"action": "keep"})
    response = client.post(address, {"action": "keep"})
    assert said(response)[-1] == "Somebody else has decided on this already."


@pytest.fixture
def appealed(moderator, brief, client, commits):
    submission = make_waiting(brief)
    judge = factories.make_moderator()
    with commits():
        moderating.reject(submission, actor=judge, reason="Off the topic.")
        made = appealing.appeal(submission, text="It is not!", at=timezone.now())
    return SimpleNamespace(appeal=made, judge=judge, submission=submission)


@pytest.mark.parametrize(
    ("outcome", "status"), [("upheld", "rejected"), ("overturned", "visible")]
)
def test_an_appeal_is_answered(appealed, client, commits, outcome, status):
    address = url("desk:appeal", appealed.appeal.pk)
    assert client.get(url("desk:appeals")).url == address
    content = content_of(client.get(address))
    assert "Off the topic." in content
    assert "It is not!" in content
    client.post(address, {"outcome": outcome, "answer": " "})
    appealed.appeal.refresh_from_db()
    assert appealed.appeal.outcome == ""
    with commits():
        client.post(address, {"outcome": outcome, "answer": "We looked again."})
    appealed.appeal.refresh_from_db()
    assert (appealed.appeal.outcome, appealed.appeal.answer) == (
        outcome,
        "We looked again.",
    )
    row = Submission.objects.get(pk=appealed.submission.pk)
    assert row.staff_status == status


def test_overview_leads_to_what_waits_in_its_campaign(
    appealed, on_show, client, commits
):
    elsewhere = factories.make_brief()
    shown, refused = make_waiting(elsewhere), make_waiting(elsewhere)
    with commits():
        moderating.approve(shown, actor=appealed.judge)
        moderating.reject(refused, actor=appealed.judge, reason="Off the topic.")
        second = appealing.appeal(refused, text="It is not!", at=timezone.now())
    give_notice(on_show)
    give_notice(shown)
    for noticed, appeal in ((on_show, appealed.appeal), (shown, second)):
        only = {"campaign": noticed.campaign_page_id}
        found = client.get(url("notices:index"), only).url
        assert found == url("notices:look", noticed.pk)
        found = client.get(url("desk:appeals"), only).url
        assert found == url("desk:appeal", appeal.pk)
    any_of_them = client.get(url("desk:appeals"), {"campaign": "x"}).url
    assert any_of_them == url("desk:appeal", appealed.appeal.pk)


def test_nobody_judges_their_own_decision(appealed, client):
    judge = Client()
    judge.force_login(appealed.judge)
    assert "No appeal waits" in content_of(judge.get(url("desk:appeals")))
    address = url("desk:appeal", appealed.appeal.pk)
    assert "Somebody else has to look" in content_of(judge.get(address))
    response = judge.post(address, {"outcome": "upheld", "answer": "I was right."})
    assert "Somebody else has to look" in said(response)[0]
    appealed.appeal.refresh_from_db()
    assert appealed.appeal.outcome == ""


def test_an_answered_appeal_is_not_undone(appealed, client, commits, graced):
    address = url("desk:appeal", appealed.appeal.pk)
    with commits():
        client.post(address, {"outcome": "overturned", "answer": "Right you are."})
    newest = appealed.submission.decisions.order_by("-pk").first()
    assert newest.action == "approve"
    with commits():
        response = client.post(url("desk:undo", newest.pk))
    assert "too late" in said(response)[-1]


# Whom it lets in


def test_a_moderator_of_one_campaign_touches_nothing_of_another(
    ready, client, graced, commits
):
    workflow = factories.make_workflow()
    campaign = factories.make_campaign(moderation_workflow=workflow)
    mine = make_waiting(factories.make_brief(campaign, max_images=0), title="MINE")
    foreign = make_waiting(factories.make_brief(max_images=0), title="FOREIGN")
    client.force_login(factories.make_moderator(workflow))
    other = factories.make_moderator()

    response = client.get(url("desk:index"))
    assert response.url == look(mine)
    content = content_of(client.get(response.url))
    assert "1 left" in content
    assert foreign.campaign.title not in content

    with commits():
        moderating.reject(foreign, actor=other, reason="No.", reason_code="rights")
    decision = foreign.decisions.get()
    before = Submission.objects.filter(pk=foreign.pk).values().get()
    for answer in (
        client.get(look(foreign)),
        decide(client, foreign, "approve"),
        client.post(url("desk:skip", foreign.pk)),
        client.post(url("desk:undo", decision.pk)),
        client.post(url("notices:look", foreign.pk), {"action": "keep"}),
        client.get(url("desk:index"), {"after": foreign.pk}),
    ):
        assert answer.status_code == 404
        assert b"FOREIGN" not in answer.content
    assert Submission.objects.filter(pk=foreign.pk).values().get() == before
    assert Decision.objects.get().undone_at is None


def test_a_further_step_is_left_to_its_own_people(moderator, brief, client, commits):
    """Ours, then the lawyers': what waits for them is not on the desk, nor ours."""
    legal = GroupApprovalTask.objects.create(name="Legal")
    workflow = Submission.get_default_workflow()
    WorkflowTask.objects.create(workflow=workflow, task=legal, sort_order=1)
    submission = make_waiting(brief)
    with commits():
        decide(client, submission, "approve")
    submission.refresh_from_db()
    state = submission.current_workflow_task_state
    assert (submission.moderation, state.task.name) == (Moderation.PENDING, "Legal")
    assert "All done." in content_of(client.get(url("desk:index")))
    with commits():
        decide(client, submission, "approve")
    submission.refresh_from_db()
    assert submission.moderation == Moderation.PENDING
    assert submission.current_workflow_task_state == state
    with commits():
        state.specific.approve(user=factories.make_moderator())
    submission.refresh_from_db()
    assert submission.staff_status == "visible"


@pytest.fixture
def two_steps(ready):
    """Ours, then that of another group."""
    second = ModerationTask.objects.create(name="Jury")
    second.groups.add(Group.objects.create(name="Others"))
    workflow = Submission.get_default_workflow()
    WorkflowTask.objects.create(workflow=workflow, task=second, sort_order=9)


def test_an_approval_of_several_is_called_a_step(
    moderator, brief, client, commits, graced, two_steps
):
    rejected, passed = make_waiting(brief), make_waiting(brief)
    words = {"reason_code": "rights", "comment": "It is somebody else's."}
    with commits():
        response = decide(client, rejected, "reject", **words)
        assert said(response) == []
        response = decide(client, passed, "approve")
    assert said(response) == [f"{passed.code} passed this step."]
    assert response.url == url("desk:index")
    # What can be undone is still the other.
    assert f"{rejected.code} rejected." in content_of(client.get(response.url))
    passed.refresh_from_db()
    assert passed.moderation == Moderation.PENDING


def test_at_a_step_of_others_nothing_is_offered(
    moderator, brief, client, commits, two_steps
):
    submission = make_waiting(brief)
    with commits():
        decide(client, submission, "approve")
    response = client.get(look(submission))
    assert response.context["actions"] == []
    why = "It waits at the step “Jury”, which is for others to decide."
    assert content_of(response).count(why) == 1
    assert "Nothing is to be decided here now" not in content_of(response)
    assert not Claim.objects.exists()
    assert said(decide(client, submission, "approve"))[-1] == why
    submission.refresh_from_db()
    assert submission.moderation == Moderation.PENDING


@pytest.mark.parametrize("name", ["skip", "undo"])
def test_doing_needs_a_post(moderator, brief, client, name):
    assert client.get(url(f"desk:{name}", make_waiting(brief).pk)).status_code == 405


def test_the_menu_shows_the_desk_to_moderators_only(moderator, client):
    def menu() -> str:
        return content_of(client.get(reverse("wagtailadmin_account")))

    assert url("desk:index") in menu()
    assert url("notices:index") in menu()
    client.force_login(User.objects.create_superuser("root", "r@example.org", "x"))
    assert url("desk:index") in menu()
    editor = User.objects.create_user("editor")
    editor.groups.set(Group.objects.filter(name="Editors"))
    client.force_login(editor)
    assert url("desk:index") not in menu()


# Decided from anywhere, it is the same


def by_wagtails_buttons(client, submission, action, words):
    names = {"request_changes": "reject", "reject": "decline"}
    state = submission.current_workflow_task_state
    args = [submission.pk, names.get(action, action), state.pk]
    client.post(reverse(f"{SPACE}:workflow_action", args=args), words)


def by_edit_screen(client, submission, action, words):
    names = {"request_changes": "reject", "reject": "decline"}
    data = {
        "action-workflow-action": "true",
        "workflow-action-name": names.get(action, action),
        "workflow-action-extra-data": json.dumps(words),
        "loaded_revision_id": submission.latest_revision_id,
    }
    client.post(reverse(f"{SPACE}:edit", args=[submission.pk]), data)


def by_the_desk(client, submission, action, words):
    decide(client, submission, action, **words)


def in_bulk(client, submission, action, words):
    batch = batches.start(
        [submission],
        action=action,
        actor=User.objects.get(first_name="Ines"),
        reason=words.get("comment", ""),
        reason_code=words.get("reason_code", ""),
        at=timezone.now(),
    )
    batches.work(batch, at=timezone.now())


def by_a_domain_call(client, submission, action, words):
    details = {}
    if words:
        details = {"reason": words["comment"], "reason_code": words["reason_code"]}
    moderating.take(
        submission, action, actor=User.objects.get(first_name="Ines"), **details
    )


WAYS = [by_wagtails_buttons, by_edit_screen, by_the_desk, in_bulk, by_a_domain_call]
WORDS = {"reason_code": "rights", "comment": "It is somebody else's."}
RESULTS = {
    "approve": ("visible", "", "published", 200),
    "request_changes": ("changes_requested", WORDS["comment"], "request_changes", None),
    "reject": ("rejected", WORDS["comment"], "reject", None),
    "spam": ("spam", WORDS["comment"], "spam", None),
}


@pytest.mark.parametrize("action", RESULTS)
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_decided_from_anywhere_it_is_the_same(
    moderator, brief, client, commits, way, action
):
    submission = make_waiting(brief)
    mail.outbox.clear()
    words = WORDS if action != "approve" else {}
    with commits():
        way(client, submission, action, words)

    row = Submission.objects.get(pk=submission.pk)
    status, reason, kind, page = RESULTS[action]
    code = words.get("reason_code", "")
    assert (row.staff_status, row.reason) == (status, reason)
    decisions = row.decisions.values_list("action", "reason_code", "text", "actor")
    assert list(decisions) == [(action, code, reason, moderator.pk)]
    logged = ModelLogEntry.objects.for_instance(row).filter(
        action=f"wagtail_crowdbrand.{action}"
    )
    data = {"reason": reason, "code": code} if reason else {}
    assert [(entry.user, entry.data) for entry in logged] == [(moderator, data)]
    mails = row.messages.exclude(kind__in=("confirm", "receipt"))
    assert list(mails.values_list("kind", flat=True)) == [kind]
    assert len(mail.outbox) == 1
    shown = row.page and Client().get(row.page.url).status_code
    assert shown == page


# Speed


def test_as_many_queries_for_many_as_for_one(moderator, brief, client, queries_of):
    first = make_waiting(brief)
    make_waiting(brief)

    def looking():
        return client.get(f"{look(first)}?decide=reject", headers=PART)

    one = queries_of(looking)
    more = factories.make_brief(max_images=3)
    for _number in range(2):
        make_waiting(brief)
        factories.make_waiting(more, pictures_count=2)
    assert queries_of(looking) == one
    two = Submission.objects.order_by("-pk").first()
    assert queries_of(
        lambda: client.get(f"{look(two)}?decide=reject", headers=PART)
    ) == (one)


def test_counting_stops_at_a_thousand(moderator, brief, client):
    first = make_waiting(brief)
    fill(brief, 1100)
    content = content_of(client.get(look(first)))
    assert "1,000+ left" in content
    assert "1,000+" in content


def fill(brief, number: int, *, every: int = 1) -> None:
    """Waiting rows in bulk, without workflows: for counting and planning only."""
    now = timezone.now()
    Submission.objects.bulk_create(
        [
            Submission(
                brief_page_id=brief.pk,
                brief_key=brief.translation_key,
                campaign_page_id=brief.campaign.pk,
                lifecycle="submitted",
                moderation="pending"
                if place % 10 == 0 or number < 2000
                else "approved",
                title=f"Idea {place}",
                created_at=now,
                submitted_at=now + timedelta(seconds=place),
                confirmed_at=now,
            )
            for place in range(number)
        ],
        batch_size=1000,
    )


LARGE = ("submission", "notice", "decision", "appeal")


def fill_up_the_past(user) -> None:
    """Decisions, notices and appeals that were answered long ago."""
    now = timezone.now()
    rows = Submission.objects.filter(moderation="approved").values_list("pk", flat=True)
    past = Decision.objects.bulk_create(
        [
            Decision(submission_id=pk, action="approve", actor=user, decided_at=now)
            for pk in rows
        ],
        batch_size=1000,
    )
    answered = {"created_at": now, "outcome": "upheld"}
    Notice.objects.bulk_create(
        [Notice(submission_id=pk, reason_code="rights", **answered) for pk in rows],
        batch_size=1000,
    )
    Appeal.objects.bulk_create(
        [
            Appeal(submission_id=row.submission_id, decision=row, **answered)
            for row in past
        ],
        batch_size=1000,
    )


@pytest.mark.postgres
@pytest.mark.parametrize("who", ["moderator", "root"])
def test_the_queues_are_read_by_index(moderator, brief, client, who):
    """20,000 submissions, 2,000 of them waiting: no plan reads a whole large table."""
    user = moderator
    if who == "root":
        user = User.objects.create_superuser("root", "r@example.org", "x")
    first = make_waiting(brief)
    fill(brief, 20_000, every=10)
    fill_up_the_past(user)
    tables = [f"wagtail_crowdbrand_{name}" for name in LARGE]
    settle(*tables)
    client.force_login(user)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url("desk:index")).url == look(first)
        client.get(look(first), headers=PART)
        client.get(url("desk:index"), {"after": first.pk})
        client.get(url("desk:index"), {"before": first.pk})
        client.get(url("notices:index"))
        client.get(url("desk:appeals"))
    reads = [
        query["sql"]
        for query in captured.captured_queries
        if query["sql"].startswith("SELECT")
        and any(f'FROM "{table}"' in query["sql"] for table in tables)
    ]
    assert len(reads) > 12
    for sql in reads:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {sql.replace('%', '%%')}")
            plan = "\n".join(row[0] for row in cursor.fetchall())
        scanned = [table for table in tables if f"Seq Scan on {table} " in plan]
        assert scanned == [], f"{sql}\n{plan}"
