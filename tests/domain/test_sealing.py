"""Who gets behind a seal and when, and that what was promised is kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry, PageLogEntry

from tests import factories
from wagtail_crowdbrand.domain import (
    canonical,
    contributors,
    health,
    ledger,
    moderating,
    operating,
    permissions,
    phases,
    sealing,
    submitting,
    terms,
    unsealing,
    upkeep,
)
from wagtail_crowdbrand.errors import NotAllowed
from wagtail_crowdbrand.models import ModerationTask, Submission
from wagtail_crowdbrand.states import (
    Capability,
    LedgerKind,
    SealModeration,
    VisibilityMode,
)

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def campaign(ready):
    return factories.make_sealed_campaign()


@pytest.fixture
def submission(campaign, commits):
    with commits():
        return factories.make_confirmed(factories.make_brief(campaign))


@pytest.fixture
def moderator(ready):
    return factories.make_moderator()


@pytest.fixture
def root(ready):
    return User.objects.create_superuser("root")


def sees(user, submission) -> bool:
    listed = permissions.moderated_by(user).filter(pk=submission.pk).exists()
    assert listed == permissions.can_moderate(user, submission)
    return listed


def stored(campaign):
    return type(campaign).objects.get(pk=campaign.pk)


def test_nobody_sees_anything_while_ideas_come_in(submission, moderator, root):
    assert not sees(moderator, submission)
    assert not sees(root, submission)
    assert not permissions.waiting_for(moderator).exists()


def test_review_has_not_begun_and_is_not_missing(submission):
    assert submission.current_workflow_state is None
    later = timezone.now() + upkeep.PATIENCE + timedelta(minutes=1)
    assert upkeep.start_missing(at=later) == 0
    assert not upkeep.without_workflow(at=later).exists()


def test_moderators_see_in_the_clearance_and_superusers_do_not(
    submission, campaign, moderator, root, time_machine
):
    time_machine.move_to(campaign.closes_at + HOUR)
    assert sees(moderator, submission)
    assert not sees(root, submission)
    root.groups.set(moderator.groups.all())
    assert sees(User.objects.get(pk=root.pk), submission)


def test_time_of_grace_is_not_the_clearance_yet(
    submission, campaign, moderator, time_machine
):
    type(campaign).objects.filter(pk=campaign.pk).update(grace_minutes=30)
    time_machine.move_to(campaign.closes_at + timedelta(minutes=29))
    assert not sees(moderator, submission)
    time_machine.move_to(campaign.closes_at + timedelta(minutes=31))
    assert sees(moderator, submission)


def test_named_moderators_see_from_the_start_and_nobody_else(
    ready, moderator, root, commits
):
    campaign = factories.make_sealed_campaign(
        seal_moderation=SealModeration.NAMED, seal_moderators=[moderator]
    )
    with commits():
        submission = factories.make_confirmed(factories.make_brief(campaign))
    assert submission.current_workflow_state is not None
    assert sees(moderator, submission)
    assert not sees(factories.make_moderator(), submission)
    assert not sees(root, submission)


def test_after_the_reveal_it_is_as_in_any_campaign(
    submission, campaign, moderator, root, time_machine
):
    now = campaign.reveals_at
    time_machine.move_to(now)
    type(campaign).objects.filter(pk=campaign.pk).update(revealed_at=now)
    assert sees(moderator, submission)
    assert sees(root, submission)


def test_decisions_are_refused_behind_the_seal(
    submission, campaign, moderator, root, time_machine
):
    with pytest.raises(NotAllowed):
        moderating.hide(submission, actor=root, reason="No.")
    time_machine.move_to(campaign.closes_at + HOUR)
    moderating.start(submission)
    with pytest.raises(NotAllowed) as refusal:
        moderating.approve(Submission.objects.get(pk=submission.pk), actor=root)
    assert refusal.value.code == "sealed"
    moderating.approve(Submission.objects.get(pk=submission.pk), actor=moderator)


def test_decision_starts_the_review_that_no_task_has_started(
    submission, campaign, moderator, time_machine
):
    time_machine.move_to(campaign.closes_at + HOUR)
    moderating.approve(submission, actor=moderator)
    submission.refresh_from_db()
    assert submission.moderation == "approved"
    assert submission.visible_from is None


def test_breaking_the_seal_lets_one_person_in_for_an_hour(
    submission, campaign, moderator, root, time_machine
):
    now = timezone.now()
    unsealing.break_seal(campaign, actor=root, reason="A court asks.", at=now)
    assert sees(root, submission)
    assert not sees(moderator, submission)
    time_machine.move_to(now + sealing.BREAK_LASTS)
    assert not sees(root, submission)


def test_breaking_the_seal_is_on_the_ledger_without_a_name(campaign, root):
    unsealing.break_seal(
        campaign, actor=root, reason=" A court asks. ", at=timezone.now()
    )
    [line] = ledger.entries(campaign).filter(kind=LedgerKind.SEAL_BROKEN)
    assert line.facts == {"reason": "A court asks.", "for_minutes": 60}
    entry = PageLogEntry.objects.get(action="wagtail_crowdbrand.break_seal")
    assert entry.user == root


@pytest.mark.parametrize(
    ("who", "reason", "code"),
    [
        ("editor", "A court asks.", "not_permitted"),
        ("root", "  ", "note_required"),
        ("root", "x" * 301, "note_too_long"),
    ],
)
def test_breaking_the_seal_is_refused(campaign, root, who, reason, code):
    users = {"root": root, "editor": User.objects.create_user("editor")}
    with pytest.raises(NotAllowed) as refusal:
        unsealing.break_seal(
            campaign, actor=users[who], reason=reason, at=timezone.now()
        )
    assert refusal.value.code == code
    assert not ledger.entries(campaign).filter(kind=LedgerKind.SEAL_BROKEN).exists()


def test_there_is_no_seal_to_break_on_an_open_campaign(ready, root):
    with pytest.raises(NotAllowed) as refusal:
        unsealing.break_seal(
            factories.make_campaign(), actor=root, reason="Why not", at=timezone.now()
        )
    assert refusal.value.code == "not_sealed"


def test_looks_are_noted_once_each_until_the_reveal(
    submission, campaign, moderator, root, time_machine
):
    time_machine.move_to(campaign.closes_at + HOUR)
    for user in (moderator, moderator, root):
        unsealing.note_look(submission, actor=user, at=timezone.now())
    looks = ModelLogEntry.objects.filter(action=unsealing.LOOK)
    assert sorted(looks.values_list("user", flat=True)) == sorted(
        [moderator.pk, root.pk]
    )
    type(campaign).objects.update(revealed_at=timezone.now())
    other = factories.make_moderator()
    again = Submission.objects.get(pk=submission.pk)
    unsealing.note_look(again, actor=other, at=timezone.now())
    assert not looks.filter(user=other).exists()


def test_audit_log_does_not_say_who_sent_it(campaign):
    account = User.objects.create_user("ada", email="ada@example.org")
    draft = factories.make_draft(factories.make_brief(campaign))
    now = timezone.now()
    version = terms.current_version(campaign, at=now)
    submitting.submit(draft, user=account, terms_number=version.number, at=now)
    assert not ModelLogEntry.objects.filter(user=account).exists()


PROMISES = {
    "visibility_mode": VisibilityMode.OPEN,
    "reveals_at": timezone.now() + timedelta(days=1, hours=1),
    "seal_moderation": SealModeration.NAMED,
    "seal_hides_count": False,
}


@pytest.mark.parametrize("name", PROMISES)
def test_promise_stands_whichever_way_the_page_is_saved(campaign, moderator, name):
    before = getattr(stored(campaign), name)
    page = stored(campaign)
    setattr(page, name, PROMISES[name])
    page.is_being_edited = True
    with pytest.raises(ValidationError) as refusal:
        page.clean()
    assert name in refusal.value.error_dict
    page.is_being_edited = False
    page.seal_moderators = [moderator]
    page.save()
    assert getattr(stored(campaign), name) == before
    setattr(page, name, PROMISES[name])
    page.seal_moderators = [moderator]
    page.save_revision(clean=False).publish()
    assert getattr(stored(campaign), name) == before
    assert list(stored(campaign).seal_moderators.all()) == []


def test_before_it_opens_everything_can_be_changed(ready):
    now = timezone.now()
    campaign = factories.make_sealed_campaign(opens_at=now + HOUR)
    campaign.visibility_mode = VisibilityMode.OPEN
    campaign.clean()
    campaign.save()
    assert stored(campaign).visibility_mode == VisibilityMode.OPEN


def test_open_campaign_that_runs_cannot_become_sealed(ready):
    campaign = factories.make_campaign()
    campaign.visibility_mode = VisibilityMode.SEALED
    campaign.reveals_at = campaign.closes_at + HOUR
    campaign.is_being_edited = True
    with pytest.raises(ValidationError):
        campaign.clean()
    campaign.is_being_edited = False
    campaign.save()
    assert stored(campaign).visibility_mode == VisibilityMode.OPEN


def test_draft_from_before_the_reveal_does_not_undo_it(campaign):
    draft = stored(campaign).save_revision()
    moment = campaign.reveals_at
    type(campaign).objects.filter(pk=campaign.pk).update(revealed_at=moment)
    draft.publish()
    assert stored(campaign).revealed_at == moment


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reveals_at": None}, "reveals_at"),
        ({"reveals_at": timezone.now() + HOUR}, "reveals_at"),
        ({"reveals_at": timezone.now() + timedelta(days=31)}, "reveals_at"),
        ({"seal_moderation": SealModeration.NAMED}, "seal_moderators"),
    ],
)
def test_contradictions_of_a_seal_are_named(ready, changes, field):
    campaign = factories.make_sealed_campaign(opens_at=timezone.now() + HOUR / 2)
    for name, value in changes.items():
        setattr(campaign, name, value)
    campaign.is_being_edited = True
    with pytest.raises(ValidationError) as refusal:
        campaign.clean()
    assert field in refusal.value.error_dict


def test_campaign_whose_named_moderators_are_gone_can_be_mended(ready, root):
    """Their accounts were deleted: nothing fails for it, and others can step in."""
    gone, other = factories.make_moderator(), factories.make_moderator()
    campaign = factories.make_sealed_campaign(
        seal_moderation=SealModeration.NAMED, seal_moderators=[gone]
    )
    gone.delete()
    operating.pause(campaign, actor=root, note="A leak.", at=timezone.now())
    page = stored(campaign)
    page.is_being_edited = True
    with pytest.raises(ValidationError) as refusal:
        page.clean()
    assert set(refusal.value.error_dict) == {"seal_moderators"}
    page.seal_moderators = [other]
    page.clean()
    page.is_being_edited = False
    page.save_revision().publish()
    assert list(stored(campaign).seal_moderators.all()) == [other]
    page = stored(campaign)
    page.seal_moderators = [root]  # now they are promised again
    page.save_revision(clean=False).publish()
    assert list(stored(campaign).seal_moderators.all()) == [other]


def test_reveal_is_put_off_in_public(campaign, root):
    before, later = campaign.reveals_at, campaign.reveals_at + HOUR
    operating.put_off(
        campaign, actor=root, reveals_at=later, note="Ill.", at=timezone.now()
    )
    assert stored(campaign).reveals_at == later
    [line] = ledger.entries(campaign).filter(kind=LedgerKind.DEADLINE_MOVED)
    assert line.facts["what"] == "reveal"
    assert line.facts["note"] == "Ill."
    assert line.facts["from"] == canonical.instant(before)
    assert line.facts["to"] == canonical.instant(later)


@pytest.mark.parametrize(
    ("moved", "code"),
    [
        (-HOUR, "reveal_not_later"),
        (timedelta(0), "reveal_not_later"),
        (timedelta(days=40), "decision_too_early"),
    ],
)
def test_reveal_is_never_brought_forward(campaign, root, moved, code):
    with pytest.raises(NotAllowed) as refusal:
        operating.put_off(
            campaign,
            actor=root,
            reveals_at=campaign.reveals_at + moved,
            note="Sooner.",
            at=timezone.now(),
        )
    assert refusal.value.code == code


def test_seal_of_an_open_campaign_cannot_be_put_off(ready, root):
    with pytest.raises(NotAllowed) as refusal:
        operating.put_off(
            factories.make_campaign(),
            actor=root,
            reveals_at=timezone.now() + HOUR,
            note="Why not",
            at=timezone.now(),
        )
    assert refusal.value.code == "not_sealed"


def test_extension_moves_the_reveal_along(campaign, root):
    closes, reveals = campaign.closes_at, campaign.reveals_at
    extension = operating.Extension(
        closes_at=closes + 3 * HOUR,
        decision_due_at=campaign.decision_due_at,
        note="More time.",
    )
    operating.extend(campaign, actor=root, extension=extension, at=timezone.now())
    assert stored(campaign).reveals_at == reveals + 3 * HOUR


def test_extension_never_puts_the_reveal_after_the_decision(campaign, root):
    closes = campaign.closes_at + timedelta(days=7)
    extension = operating.Extension(
        closes_at=closes, decision_due_at=closes + timedelta(seconds=1), note="More."
    )
    with pytest.raises(NotAllowed) as refusal:
        operating.extend(campaign, actor=root, extension=extension, at=timezone.now())
    assert refusal.value.code == "decision_too_early"


def test_reveal_moves_by_the_clock_on_the_wall(ready, root):
    berlin = ZoneInfo("Europe/Berlin")  # where summer time ends on 31 October
    start = datetime(2027, 10, 1, 12, tzinfo=berlin)
    campaign = factories.make_sealed_campaign(
        time_zone="Europe/Berlin",
        opens_at=start,
        closes_at=datetime(2027, 10, 20, 12, tzinfo=berlin),
        reveals_at=datetime(2027, 11, 2, 12, tzinfo=berlin),
        decision_due_at=datetime(2027, 12, 20, 12, tzinfo=berlin),
    )
    extension = operating.Extension(
        closes_at=datetime(2027, 11, 5, 12, tzinfo=berlin),
        decision_due_at=campaign.decision_due_at,
        note="More.",
    )
    operating.extend(campaign, actor=root, extension=extension, at=start)
    revealed = stored(campaign).reveals_at.astimezone(berlin)
    assert revealed == datetime(2027, 11, 18, 12, tzinfo=berlin)


# What an attacker with an editor's rights tried.


def test_promise_outlives_a_later_opening(submission, campaign):
    page = stored(campaign)
    page.opens_at = timezone.now() + HOUR
    page.save()
    page.visibility_mode = VisibilityMode.OPEN
    page.save()
    assert stored(campaign).visibility_mode == VisibilityMode.SEALED


def test_promise_outlives_a_time_off_the_site(submission, campaign):
    stored(campaign).unpublish()
    page = stored(campaign)
    page.visibility_mode = VisibilityMode.OPEN
    page.save()
    page.save_revision().publish()
    assert stored(campaign).visibility_mode == VisibilityMode.SEALED


def test_clearance_does_not_begin_early(submission, campaign):
    closes = campaign.closes_at
    page = stored(campaign)
    page.closes_at = timezone.now() - HOUR
    page.is_being_edited = True
    with pytest.raises(ValidationError) as refusal:
        page.clean()
    assert "closes_at" in refusal.value.error_dict
    page.is_being_edited = False
    page.save()
    assert stored(campaign).closes_at == closes


def test_who_reviews_is_promised_too(submission, campaign):
    page = stored(campaign)
    page.moderation_workflow = factories.make_workflow()
    page.is_being_edited = True
    with pytest.raises(ValidationError) as refusal:
        page.clean()
    assert "moderation_workflow" in refusal.value.error_dict
    page.is_being_edited = False
    page.save()
    assert stored(campaign).moderation_workflow is None


def test_form_without_seconds_breaks_no_promise(campaign):
    page = stored(campaign)
    page.reveals_at = page.reveals_at.replace(second=0, microsecond=0)
    page.is_being_edited = True
    page.clean()


@pytest.mark.parametrize("sealed_first", [True, False])
def test_brief_with_ideas_crosses_no_seal(ready, campaign, sealed_first):
    other = factories.make_campaign()
    before, after = (campaign, other) if sealed_first else (other, campaign)
    brief = factories.make_brief(before)
    factories.make_confirmed(brief)
    with pytest.raises(PermissionDenied):
        stored(brief).move(stored(after), pos="last-child")
    assert stored(brief).get_parent().pk == before.pk


def test_brief_without_ideas_may_move(ready, campaign):
    brief = factories.make_brief(factories.make_campaign())
    brief.move(stored(campaign), pos="last-child")
    assert stored(brief).get_parent().pk == campaign.pk


def test_aliases_take_no_sealed_ideas(campaign):
    index = campaign.get_parent()
    alias = campaign.create_alias(parent=index, update_slug="again")
    with pytest.raises(NotAllowed) as refusal:
        phases.require(Capability.SUBMIT, alias.specific, at=timezone.now())
    assert refusal.value.code == "not_here"


def test_what_an_alias_took_is_sealed_all_the_same(submission, campaign, root):
    alias = campaign.create_alias(parent=campaign.get_parent(), update_slug="again")
    Submission.objects.update(campaign_page=alias.pk)
    assert not sees(root, Submission.objects.get(pk=submission.pk))


def test_copy_has_revealed_nothing(campaign):
    type(campaign).objects.filter(pk=campaign.pk).update(revealed_at=timezone.now())
    copy = stored(campaign).copy(update_attrs={"slug": "again"})
    assert copy.revealed_at is None
    assert sealing.is_sealed(stored(copy), at=timezone.now())


def test_unnamed_moderators_are_told_nothing_on_their_home(
    ready, moderator, root, commits
):
    campaign = factories.make_sealed_campaign(
        seal_moderation=SealModeration.NAMED, seal_moderators=[moderator]
    )
    with commits():
        factories.make_confirmed(factories.make_brief(campaign))
    task = ModerationTask.objects.get()
    assert task.get_task_states_user_can_moderate(moderator).count() == 1
    for user in (factories.make_moderator(), root):
        assert not task.get_task_states_user_can_moderate(user).exists()
    assert health.figures(at=timezone.now())["reviews_waiting"] == 0


def test_contributors_are_not_listed_behind_the_seal(
    submission, campaign, moderator, time_machine
):
    time_machine.move_to(campaign.closes_at + HOUR)
    assert sees(moderator, submission)
    assert not contributors.known_to(moderator).exists()


def test_every_way_to_look_is_noted(ready, client, commits, time_machine):
    moderator = factories.make_moderator()
    campaign = factories.make_sealed_campaign(
        seal_moderation=SealModeration.NAMED, seal_moderators=[moderator]
    )
    client.force_login(moderator)
    looks = ModelLogEntry.objects.filter(action=unsealing.LOOK, user=moderator)
    brief = factories.make_brief(campaign)
    for name in ("revisions_view", "edit", "visibility", "desk", "picture"):
        with commits():
            row = factories.make_confirmed(brief)
        row.refresh_from_db()
        screens = f"wagtailsnippets_{row._meta.app_label}_{row._meta.model_name}"
        address = {
            "revisions_view": lambda row, name=screens: reverse(
                f"{name}:revisions_view", args=[row.pk, row.latest_revision_id]
            ),
            "edit": lambda row, name=screens: reverse(f"{name}:edit", args=[row.pk]),
            "visibility": lambda row, name=screens: reverse(
                f"{name}:visibility", args=[row.pk]
            ),
            "desk": lambda row: reverse("crowdbrand_desk:look", args=[row.pk]),
            "picture": lambda row: reverse(
                "wagtail_crowdbrand:upload", args=[row.uploads.get().pk]
            ),
        }[name](row)
        response = client.get(address)
        assert response.getvalue(), name
        assert response.status_code == 200, name
        assert looks.filter(object_id=str(row.pk)).count() == 1, name


def test_page_of_a_contributor_does_not_say_what_they_sent_behind_a_seal(
    submission, campaign, moderator, client, time_machine
):
    known = factories.make_confirmed(factories.make_brief(), pictures_count=0)
    Submission.objects.filter(pk=known.pk).update(contributor=submission.contributor)
    time_machine.move_to(campaign.closes_at + HOUR)
    client.force_login(moderator)
    address = reverse("crowdbrand_contributors:show", args=[submission.contributor.pk])
    content = client.get(address).content.decode()
    assert known.code in content
    assert submission.code not in content
