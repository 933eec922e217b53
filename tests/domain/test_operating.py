"""Pausing, cancelling, extending and repeating a campaign, as it takes effect."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.utils import timezone
from wagtail.log_actions import LogContext
from wagtail.log_actions import registry as log_registry
from wagtail.models import GroupPagePermission, PageViewRestriction

from tests import factories
from tests.models import desk
from wagtail_crowdbrand.domain import moderating, operating, phases
from wagtail_crowdbrand.domain import terms as terms_domain
from wagtail_crowdbrand.errors import NotAllowed
from wagtail_crowdbrand.models import Submission, TermsVersion
from wagtail_crowdbrand.states import Capability

pytestmark = pytest.mark.django_db

NOW = datetime(2031, 5, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)
DATES = {
    "opens_at": NOW - 5 * DAY,
    "closes_at": NOW + 5 * DAY,
    "decision_due_at": NOW + 20 * DAY,
}


def make_running(**fields):
    return factories.make_campaign(**{**DATES, **fields})


def deeds(campaign) -> list[tuple]:
    """Our entries in the log of a campaign, oldest first."""
    entries = log_registry.get_logs_for_instance(campaign).order_by("timestamp", "pk")
    ours = entries.filter(action__startswith="wagtail_crowdbrand.")
    return [(entry.action.split(".")[1], entry.user, entry.data) for entry in ours]


def submit_verdict(campaign) -> str:
    return phases.check(Capability.SUBMIT, campaign, at=NOW).reason


def live(campaign):
    return type(campaign).objects.get(pk=campaign.pk)


def latest(campaign):
    return live(campaign).get_latest_revision_as_object()


def extension(**values):
    default = {
        "closes_at": NOW + 9 * DAY,
        "decision_due_at": NOW + 24 * DAY,
        "note": "More time: the ferry is late.",
    }
    return operating.Extension(**{**default, **values})


def pause(campaign, actor, note="A leak. Back on Monday."):
    return operating.pause(campaign, actor=actor, note=note, at=NOW)


DEEDS = {
    "pause": pause,
    "resume": lambda campaign, actor: operating.resume(campaign, actor=actor, at=NOW),
    "cancel": lambda campaign, actor: operating.cancel(
        campaign, actor=actor, note="No wind.", at=NOW
    ),
    "extend": lambda campaign, actor: operating.extend(
        campaign, actor=actor, extension=extension(), at=NOW
    ),
}


@pytest.fixture
def editor():
    return desk.make_editor()


@pytest.fixture
def writer():
    """Edits every page and publishes none."""
    user = User.objects.create_user("writer")
    user.groups.add(Group.objects.get(name="Editors"))
    return user


def test_pause_takes_effect_at_once_and_is_logged(editor):
    campaign = pause(make_running(), editor)
    assert (campaign.hold, campaign.hold_note) == ("paused", "A leak. Back on Monday.")
    assert submit_verdict(live(campaign)) == "paused"
    assert latest(campaign).hold == "paused"
    assert not live(campaign).has_unpublished_changes
    assert deeds(campaign) == [("pause", editor, {"note": "A leak. Back on Monday."})]


def test_resume_ends_a_pause_and_a_cancellation(editor):
    campaign = make_running()
    for name, before in [("pause", "paused"), ("cancel", "cancelled")]:
        assert DEEDS[name](campaign, editor).hold == before
        campaign = DEEDS["resume"](campaign, editor)
        assert (campaign.hold, campaign.hold_note) == ("", "")
        assert submit_verdict(campaign) == ""
    assert [name for name, _user, _data in deeds(campaign)] == [
        "pause",
        "resume",
        "cancel_campaign",
        "resume",
    ]


def test_extension_is_public_and_makes_a_new_version_of_the_terms(editor):
    campaign = make_running()
    terms_domain.current_version(campaign, at=NOW)
    after = DEEDS["extend"](campaign, editor)
    assert (after.closes_at, after.decision_due_at) == (NOW + 9 * DAY, NOW + 24 * DAY)
    assert (after.extended_from, after.extension_note) == (
        DATES["closes_at"],
        "More time: the ferry is late.",
    )
    numbers = TermsVersion.objects.filter(campaign_page=campaign.pk).order_by("number")
    dues = [version.content["decision_due_at"] for version in numbers]
    assert dues == ["2031-05-30T12:00:00+00:00", "2031-06-03T12:00:00+00:00"]
    ((name, user, data),) = deeds(campaign)
    assert (name, user) == ("extend", editor)
    assert data == {
        "from": "2031-05-15T12:00:00+00:00",
        "to": "2031-05-19T12:00:00+00:00",
        "note": "More time: the ferry is late.",
    }


def test_second_extension_remembers_the_first_deadline(editor):
    campaign = DEEDS["extend"](make_running(), editor)
    again = extension(closes_at=NOW + 12 * DAY, note="Once more.")
    campaign = operating.extend(campaign, actor=editor, extension=again, at=NOW)
    assert campaign.extended_from == DATES["closes_at"]
    assert campaign.extension_note == "Once more."


def test_extension_opens_what_had_closed(editor):
    campaign = make_running(closes_at=NOW - DAY)
    assert submit_verdict(campaign) == "closed"
    assert submit_verdict(DEEDS["extend"](campaign, editor)) == ""


CANCELLED = {"hold": "cancelled", "hold_note": "No wind."}
PAUSED = {"hold": "paused", "hold_note": "A leak."}
DECIDED = {"closes_at": NOW - 3 * DAY, "decided_at": NOW - DAY}
REFUSALS = [
    ("pause", PAUSED, "paused"),
    ("pause", CANCELLED, "cancelled"),
    ("pause", {"closes_at": NOW - DAY}, "closed"),
    ("resume", {}, "not_on_hold"),
    ("cancel", CANCELLED, "cancelled"),
    ("cancel", DECIDED, "closed"),
    ("extend", CANCELLED, "cancelled"),
    ("extend", DECIDED, "closed"),
    *[(name, {"live": False}, "not_published") for name in DEEDS],
]


@pytest.mark.parametrize(("name", "fields", "code"), REFUSALS)
def test_what_makes_no_sense_is_refused(editor, name, fields, code):
    campaign = make_running(**fields)
    with pytest.raises(NotAllowed) as caught:
        DEEDS[name](campaign, editor)
    assert caught.value.code == code
    assert deeds(campaign) == []


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"closes_at": NOW + 5 * DAY}, "not_later"),
        ({"closes_at": NOW + 4 * DAY}, "not_later"),
        ({"decision_due_at": NOW + 9 * DAY}, "decision_too_early"),
        ({"note": "  "}, "note_required"),
        ({"note": "x" * 301}, "note_too_long"),
    ],
)
def test_extension_moves_forward_and_says_why(editor, values, code):
    campaign = make_running()
    with pytest.raises(NotAllowed) as caught:
        operating.extend(campaign, actor=editor, extension=extension(**values), at=NOW)
    assert caught.value.code == code


def test_closed_campaign_is_extended_beyond_now(editor):
    campaign = make_running(closes_at=NOW - 2 * DAY)
    too_early = extension(closes_at=NOW - DAY)
    with pytest.raises(NotAllowed) as caught:
        operating.extend(campaign, actor=editor, extension=too_early, at=NOW)
    assert caught.value.code == "not_later"


@pytest.mark.parametrize("name", sorted(DEEDS))
def test_only_those_who_publish_operate(writer, name):
    campaign = make_running(**(PAUSED if name == "resume" else {}))
    with pytest.raises(NotAllowed) as caught:
        DEEDS[name](campaign, writer)
    assert caught.value.code == "not_permitted"
    assert deeds(campaign) == []
    DEEDS[name](campaign, None)  # the software itself


def test_unfinished_draft_stays_a_draft_and_learns_of_the_pause(editor):
    campaign = make_running(title="Public words")
    campaign.save_revision().publish()
    campaign = live(campaign)
    campaign.title = "Unfinished words"
    draft = campaign.save_revision()

    pause(campaign, editor)

    page = live(campaign)
    assert (page.title, page.hold) == ("Public words", "paused")
    assert (page.has_unpublished_changes, page.latest_revision_id) == (True, draft.pk)
    assert (latest(page).title, latest(page).hold) == ("Unfinished words", "paused")
    assert page.live_revision.as_object().hold == "paused"
    assert page.live_revision.as_object().title == "Public words"

    page.get_latest_revision().publish()
    assert (live(page).title, live(page).hold) == ("Unfinished words", "paused")


def test_scheduled_version_does_not_undo_an_extension(editor):
    """It was approved for next week, with the deadline of today."""
    campaign = make_running()
    campaign.save_revision().publish()
    campaign = live(campaign)
    campaign.title = "Next week"
    campaign.go_live_at = timezone.now() + DAY
    revision = campaign.save_revision()
    revision.publish()
    assert live(campaign).title != "Next week"

    DEEDS["extend"](campaign, editor)
    revision.refresh_from_db()
    assert revision.approved_go_live_at is not None
    revision.publish()  # what publish_scheduled does on the day
    revision.refresh_from_db()
    assert revision.as_object().closes_at == NOW + 9 * DAY


def test_review_of_a_draft_goes_on(editor, writer):
    campaign = make_running()
    campaign.title = "In review"
    campaign.save_revision()
    campaign.get_workflow().start(campaign, writer)
    pause(campaign, editor)
    page = live(campaign)
    assert page.workflow_in_progress
    state = page.current_workflow_task_state
    state.approve(user=editor)
    assert (live(page).title, live(page).hold) == ("In review", "paused")


def make_source(**fields):
    """Berlin: opens in winter at 10:00, closes in summer at noon."""
    return factories.make_campaign(
        **{
            "title": "The night boat",
            "opens_at": datetime(2031, 3, 1, 9, tzinfo=UTC),
            "closes_at": datetime(2031, 4, 15, 10, tzinfo=UTC),
            "decision_due_at": datetime(2031, 5, 1, 10, tzinfo=UTC),
            "time_zone": "Europe/Berlin",
            **fields,
        }
    )


def again(campaign, actor, **values):
    default = {
        "title": "The day boat",
        "slug": "day-boat",
        "opens_at": datetime(2031, 9, 1, 8, tzinfo=UTC),
    }
    return operating.duplicate(campaign, actor=actor, **{**default, **values})


def test_all_dates_move_by_the_same_span_on_the_campaigns_clock(editor):
    copy = again(make_source(), editor)
    # 184 days later: 10:00 in summer; mid-October still, the end of it no longer.
    assert copy.opens_at == datetime(2031, 9, 1, 8, tzinfo=UTC)
    assert copy.closes_at == datetime(2031, 10, 16, 10, tzinfo=UTC)
    assert copy.decision_due_at == datetime(2031, 11, 1, 11, tzinfo=UTC)


def test_copy_is_a_draft_of_its_own(editor):
    facts = {
        "decided_at": datetime(2031, 5, 1, tzinfo=UTC),
        "archived_at": datetime(2031, 6, 1, tzinfo=UTC),
        "revealed_at": datetime(2031, 5, 1, tzinfo=UTC),
        "extended_from": datetime(2031, 4, 1, tzinfo=UTC),
        "extension_note": "Late.",
        **CANCELLED,
    }
    source = make_source(**facts)
    copy = latest(again(source, editor))
    row = live(copy)
    for page in (copy, row):
        assert (page.title, page.slug, page.draft_title) == (
            "The day boat",
            "day-boat",
            "The day boat",
        )
        assert (page.live, page.owner, page.brand_name) == (
            False,
            editor,
            source.brand_name,
        )
        assert page.translation_key != source.translation_key
        cleared = {name: getattr(page, name) for name in facts}
        assert cleared == {
            **dict.fromkeys(("decided_at", "archived_at", "revealed_at")),
            **dict.fromkeys(("hold", "hold_note", "extension_note"), ""),
            "extended_from": None,
        }
    assert live(source).archived_at == facts["archived_at"]


def test_copy_has_the_briefs_and_no_ideas(ready, editor, commits):
    source = factories.make_campaign()
    briefs = [factories.make_brief(source, title=title) for title in ("Name", "Mark")]
    shown = factories.make_waiting(briefs[0])
    with commits():
        moderating.approve(shown, actor=factories.make_moderator())
    copy = again(source, editor)
    children = copy.get_children().specific()
    assert [(child.title, child.live, child.owner) for child in children] == [
        ("Name", False, editor),
        ("Mark", False, editor),
    ]
    assert not {child.translation_key for child in children} & {
        brief.translation_key for brief in briefs
    }
    assert [child.get_children().count() for child in children] == [0, 0]
    assert Submission.objects.count() == 1


def test_copy_of_an_unscheduled_campaign_only_opens(editor):
    source = make_source(opens_at=None, live=False)
    copy = again(source, editor)
    assert copy.opens_at == datetime(2031, 9, 1, 8, tzinfo=UTC)
    assert (copy.closes_at, copy.decision_due_at) == (None, None)


def test_copy_keeps_what_is_private_private(editor):
    source = make_source()
    PageViewRestriction.objects.create(page=source, restriction_type="login")
    copy = again(source, editor)
    assert copy.get_view_restrictions().count() == 1


def test_copy_needs_its_own_address(editor):
    source = make_source(slug="night")
    with pytest.raises(NotAllowed) as caught:
        again(source, editor, slug="night")
    assert caught.value.code == "slug_taken"


def test_copying_needs_permission_to_add_below_the_parent(ready):
    source = make_source()
    user = User.objects.create_user("narrow")
    group = Group.objects.create(name="One campaign only")
    user.groups.add(group)
    for codename in ("change_page", "publish_page"):
        GroupPagePermission.objects.create(
            group=group,
            page=source,
            permission=Permission.objects.get(codename=codename),
        )
    with pytest.raises(NotAllowed) as caught:
        again(source, user)
    assert caught.value.code == "not_permitted"
    assert source.get_siblings(inclusive=False).count() == 0


def publish(page, user=None):
    """What publish_scheduled does: no request, no acting user."""
    page.save_revision(user=user).publish()


def publish_in_the_admin(page, user):
    with LogContext(user=user):
        page.save_revision(user=user).publish(user=user)


def save_by_code(page, user):
    with LogContext(user=user):
        page.save()


@pytest.mark.parametrize("way", [publish, publish_in_the_admin, save_by_code])
def test_switch_of_policy_is_logged_whichever_way(editor, way):
    campaign = make_running()
    campaign = live(campaign)
    campaign.moderation_policy = "after"
    way(campaign, editor)
    assert deeds(campaign) == [("policy", editor, {"from": "before", "to": "after"})]


def test_only_a_switch_that_takes_effect_is_logged(editor):
    campaign = make_running()
    publish(live(campaign), editor)  # nothing changed
    draft = live(campaign)
    draft.moderation_policy = "after"
    draft.save_revision(user=editor)
    assert deeds(campaign) == []
    hidden = make_running(live=False)
    hidden.moderation_policy = "after"
    hidden.save()
    assert deeds(hidden) == []
