"""A campaign goes for ever: nothing of it is left, and nothing else is touched."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from django.apps import apps
from django.contrib.auth.models import Group, Permission, User
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import GroupPagePermission, Locale, Page, PageLogEntry

from tests import factories
from tests.domain.test_privacy import (
    EMAIL,
    MARK,
    dangling_references,
    draft_of,
    files_in,
    marked,
    names_of,
    quarrel,
    sent_of,
    spread,
    waiting_of,
    whole_database,
)
from wagtail_crowdbrand import tasks
from wagtail_crowdbrand.domain import (
    invariants,
    moderating,
    privacy,
    removing,
    sealing,
    terms,
    upkeep,
)
from wagtail_crowdbrand.errors import NotAllowed
from wagtail_crowdbrand.models import (
    Batch,
    BatchItem,
    BriefCounter,
    Contributor,
    Removal,
    Submission,
    TermsVersion,
    Upload,
)

pytestmark = pytest.mark.django_db


def call_off(campaign) -> None:
    type(campaign).objects.filter(pk=campaign.pk).update(
        hold="cancelled", hold_note="The client left."
    )


def doomed(**fields):
    """A brief of a campaign that will go."""
    return factories.make_brief(
        factories.make_campaign(**fields), max_per_contributor=10, max_images=1
    )


def shown(brief, moderator, commits, **idea) -> Submission:
    with commits():
        row = factories.make_waiting(brief, **idea)
    with commits():
        moderating.approve(row, actor=moderator)
    row.refresh_from_db()
    return row


def at_work(removal: Removal) -> None:
    """As the task does it where it can wait."""
    while removing.work(removal, at=timezone.now()):
        pass
    removal.refresh_from_db()


def counts() -> Counter:
    """Rows of every table."""
    return Counter(
        {
            model._meta.label: model._base_manager.count()
            for model in apps.get_models(include_auto_created=True)
            if model._meta.managed
        }
    )


@pytest.fixture
def moderator(ready):
    return factories.make_moderator()


@pytest.fixture
def other(own_folders, moderator, commits) -> Submission:
    """On show in another campaign, by somebody else."""
    return shown(factories.make_brief(), moderator, commits, title="Other")


def fill(brief, moderator, commits) -> list[Submission]:
    """In every state, with all that others and Wagtail leave behind."""
    with commits():
        rows = [waiting_of(brief, name) for name in ("visible", "rejected", "asked")]
    for row in rows:
        row.refresh_from_db()
    visible, rejected, asked = rows
    why = {"reason": f"{MARK} reason"}
    with commits():
        moderating.approve(visible, actor=moderator)
        moderating.reject(rejected, actor=moderator, **why)
        moderating.request_changes(asked, actor=moderator, **why)
    visible.refresh_from_db()
    spread(visible)
    with commits():
        quarrel(visible, rejected)
    with commits():
        erased = waiting_of(brief, "erased", email="zyxmark.gone@example.org")
    with commits():
        privacy.erase(erased, at=timezone.now())
    unconfirmed = sent_of(brief, "unconfirmed")
    batch = Batch.objects.create(
        action="reject", text=f"{MARK} batch", created_at=timezone.now()
    )
    BatchItem.objects.create(batch=batch, submission=rejected)
    return [*rows, erased, unconfirmed, draft_of(brief, "draft")]


def test_nothing_is_left_of_it(other, moderator, commits, own_folders):
    index = factories.make_index()
    people = [User.objects.create_superuser("root"), moderator]
    before, files = counts(), files_in(own_folders)
    brief = doomed(index=index)
    rows = fill(brief, moderator, commits)
    campaign = brief.campaign
    with commits():
        shown(brief, moderator, commits, title=f"{MARK} second")
    uploads = names_of(Upload.objects.exclude(submission=other))
    assert len(marked(whole_database())) > 50
    assert any(name in str(path) for path in files_in(own_folders) for name in uploads)
    call_off(campaign)
    total = len(rows) + 1

    removal = removing.start(campaign, actor=people[0], at=timezone.now())
    at_work(removal)

    assert (removal.total, removal.done) == (total, total)
    assert removal.finished_at
    assert marked(whole_database(), *uploads, *(row.code for row in rows)) == []
    assert sorted(files_in(own_folders)) == sorted(files)
    assert dangling_references() == []
    more = counts() - before
    kept = ["auth.User", "auth.User_groups", "auth.Group"]
    for label in kept:  # who answered the notice
        more.pop(label, None)
    logged = more.pop("wagtailcore.PageLogEntry")
    assert more == {"wagtail_crowdbrand.Removal": 1}
    assert before - counts() == {}
    about = PageLogEntry.objects.filter(page_id__in=[campaign.pk, brief.pk])
    assert about.count() == logged
    assert about.filter(action="wagtail_crowdbrand.remove", user=people[0]).count() == 1
    other.refresh_from_db()
    assert other.page.live
    assert Submission.objects.visible_to(None, at=timezone.now()).get() == other
    call_command("crowdbrand_recount", "--check")
    assert invariants.findings() == []


def test_campaign_is_dark_at_once_and_stays_so(moderator, commits, monkeypatch):
    monkeypatch.setattr(removing, "CHUNK", 1)
    brief = doomed()
    row = shown(brief, moderator, commits)
    factories.make_draft(brief)
    call_off(brief.campaign)
    removing.start(brief.campaign, actor=None, at=timezone.now())
    live = Page.objects.filter(live=True, pk__in=[row.page_id, brief.pk])
    assert not live.exists()
    assert not Submission.objects.visible_to(None, at=timezone.now()).exists()
    page = Page.objects.get(pk=brief.campaign.pk).specific
    page.save_revision().publish()  # somebody did not hear of it
    assert removing.work(Removal.objects.get(), at=timezone.now())
    assert not Page.objects.get(pk=page.pk).live
    at_work(Removal.objects.get())
    assert not Page.objects.filter(pk=page.pk).exists()


def test_of_a_contributor_only_the_rest_stays(moderator, commits):
    brief, elsewhere = doomed(), factories.make_brief()
    both = [waiting_of(brief, "one"), waiting_of(elsewhere, "two")]
    alone = waiting_of(brief, "three", email="else@example.org")
    call_off(brief.campaign)
    at_work(removing.start(brief.campaign, actor=None, at=timezone.now()))
    assert Contributor.objects.get().email == EMAIL
    assert Submission.objects.get() == both[1]
    assert not Contributor.objects.filter(pk=alone.contributor_id).exists()


@pytest.mark.parametrize("end", ["archived", "cancelled"])
def test_only_what_is_over_is_removed(ready, end):
    campaign = doomed().campaign
    for wrong in ({}, {"hold": "paused"}, {"decided_at": timezone.now()}):
        type(campaign).objects.filter(pk=campaign.pk).update(**wrong)
        with pytest.raises(NotAllowed) as refusal:
            removing.start(campaign, actor=None, at=timezone.now())
        assert refusal.value.code == "not_over"
        assert Page.objects.get(pk=campaign.pk).live
    now = timezone.now()
    facts = {"archived": {"archived_at": now}, "cancelled": {"hold": "cancelled"}}
    type(campaign).objects.filter(pk=campaign.pk).update(**facts[end])
    first = removing.start(campaign, actor=None, at=now)
    assert removing.start(campaign, actor=None, at=now) == first
    assert not Page.objects.get(pk=campaign.pk).live


def allowed_to(campaign, *codenames: str) -> User:
    user = User.objects.create_user(" ".join(codenames) or "nobody")
    group = Group.objects.create(name=user.username)
    for codename in codenames:
        permission = Permission.objects.get(codename=codename)
        GroupPagePermission.objects.create(
            group=group, page=campaign, permission=permission
        )
    user.groups.add(group)
    return user


def test_only_who_may_delete_pages_removes_it(moderator):
    campaign = doomed().campaign
    call_off(campaign)
    root = User.objects.create_superuser("root", is_active=False)
    users = [
        allowed_to(campaign),
        allowed_to(campaign, "change_page", "publish_page"),
        allowed_to(campaign, "bulk_delete_page"),
        moderator,
        root,
    ]
    for user in users:
        with pytest.raises(NotAllowed) as refusal:
            removing.start(campaign, actor=user, at=timezone.now())
        assert refusal.value.code == "not_permitted"
    assert not Removal.objects.exists()
    user = allowed_to(campaign, "change_page", "publish_page", "bulk_delete_page")
    assert removing.start(campaign, actor=user, at=timezone.now()).user == user


def test_tick_goes_on_after_a_kill(moderator, commits, monkeypatch):
    monkeypatch.setattr(removing, "CHUNK", 2)
    brief = doomed()
    first = shown(brief, moderator, commits)
    for _number in range(4):
        factories.make_draft(brief, pictures_count=0)
    call_off(brief.campaign)
    now = timezone.now()
    removal = removing.start(brief.campaign, actor=None, at=now)
    assert removing.work(removal, at=now)
    privacy.erase_alone(first, at=now)  # killed between two steps
    removal.refresh_from_db()
    assert (removal.done, removal.total, removal.finished_at) == (2, 5, None)
    assert upkeep.resume_removals(at=now) == 0  # its own task is at work
    with time_machine.travel(now + timedelta(minutes=3)), commits():
        call_command("crowdbrand_tick")
    removal.refresh_from_db()
    assert (removal.done, Submission.objects.count()) == (5, 0)
    assert removal.finished_at
    assert not Page.objects.filter(pk=brief.pk).exists()
    assert not PageLogEntry.objects.filter(page_id=first.page_id).exists()
    assert removing.work(removal, at=now) is False


def test_one_that_fails_stops_no_other(ready, monkeypatch):
    brief = doomed()
    rows = [factories.make_draft(brief) for _number in range(3)]
    call_off(brief.campaign)
    finish = privacy.finish

    def broken(row):
        if row.pk == rows[1].pk:
            raise OSError("The disk is away.")
        finish(row)

    monkeypatch.setattr(privacy, "finish", broken)
    removal = removing.start(brief.campaign, actor=None, at=timezone.now())
    at_work(removal)
    assert (removal.done, removal.finished_at) == (2, None)
    assert Submission.objects.get() == rows[1]
    assert removing.work(removal, at=timezone.now()) is False  # not for ever
    monkeypatch.setattr(privacy, "finish", finish)
    at_work(removal)
    assert removal.finished_at


def test_chunk_that_cannot_go_stops_no_other(ready, monkeypatch):
    monkeypatch.setattr(removing, "CHUNK", 2)
    brief = doomed()
    rows = [factories.make_draft(brief) for _number in range(6)]
    call_off(brief.campaign)
    finish = privacy.finish

    def broken(row):
        if row.pk in {each.pk for each in rows[-2:]}:
            raise OSError("The disk is away.")
        finish(row)

    monkeypatch.setattr(privacy, "finish", broken)
    removal = removing.start(brief.campaign, actor=None, at=timezone.now())
    at_work(removal)
    assert (removal.done, removal.finished_at) == (4, None)
    assert set(Submission.objects.all()) == set(rows[-2:])
    monkeypatch.setattr(privacy, "finish", finish)
    at_work(removal)
    assert removal.finished_at


def test_cost_grows_with_the_chunk_and_not_with_the_total(
    moderator, commits, monkeypatch
):
    """Pictures, page, review and all: so many queries for each, whatever waits."""
    monkeypatch.setattr(removing, "CHUNK", 2)
    spent = []
    for more in (0, 8):
        brief = doomed()
        for _number in range(more):
            factories.make_draft(brief, pictures_count=0)
        # What was sent last goes first; drafts were not sent at all.
        Submission.objects.filter(brief_page=brief.pk).update(
            submitted_at=timezone.now() - timedelta(days=9)
        )
        for _number in range(3):
            shown(brief, moderator, commits)
        call_off(brief.campaign)
        removal = removing.start(brief.campaign, actor=None, at=timezone.now())
        with CaptureQueriesContext(connection) as queries:
            assert removing.work(removal, at=timezone.now())
        spent.append(len(queries))
    assert spent[0] == spent[1]
    assert spent[0] < 2 * 220


def test_translation_and_its_gallery_stay(moderator, commits):
    """One brief in two campaigns: what was sent to the other is still counted."""
    brief, twin = doomed(), factories.make_brief()
    twin.locale = Locale.objects.create(language_code="de")
    twin.translation_key = brief.translation_key
    twin.save()
    rows = [shown(each, moderator, commits) for each in (brief, twin)]
    call_off(brief.campaign)
    at_work(removing.start(brief.campaign, actor=None, at=timezone.now()))
    assert Submission.objects.get() == rows[1]
    counter = BriefCounter.objects.get(brief_key=brief.translation_key)
    assert counter.visible_count == 1
    assert invariants.wrong_counts() == []


def test_terms_of_a_brief_that_moved_go_along(ready):
    brief, target = doomed(), factories.make_campaign()
    row = factories.make_sent(brief)
    campaign = brief.campaign
    brief.move(target, pos="last-child")
    call_off(campaign)
    at_work(removing.start(campaign, actor=None, at=timezone.now()))
    row.refresh_from_db()
    assert row.campaign_page_id == target.pk
    assert row.terms.campaign_page_id == brief.pk
    holders = set(TermsVersion.objects.values_list("campaign_page", flat=True))
    assert holders == {brief.pk, target.pk}


def test_terms_that_come_along_do_not_change_what_holds_there(ready):
    brief, target = doomed(), factories.make_campaign(prize="A weekend in the hills.")
    factories.make_sent(brief)
    held = terms.current_version(target, at=timezone.now())
    campaign = brief.campaign
    brief.move(target, pos="last-child")
    call_off(campaign)
    at_work(removing.start(campaign, actor=None, at=timezone.now()))
    assert terms.current_version(target, at=timezone.now()) == held


def test_terms_are_handed_on_as_often_as_briefs_part(ready):
    """Two briefs of one campaign go to two others, of which one goes in turn."""
    brief = doomed()
    twin = factories.make_brief(brief.campaign)
    rows = [factories.make_sent(each) for each in (brief, twin)]
    for each in (brief, twin):
        each.move(factories.make_campaign(), pos="last-child")
    gone = type(brief.campaign).objects.get(pk=rows[0].campaign_page_id)
    call_off(gone)
    at_work(removing.start(gone, actor=None, at=timezone.now()))
    holder = Submission.objects.first().terms.campaign_page_id
    [other] = {brief.pk, twin.pk} - {holder}
    next_to_go = type(brief).objects.get(pk=holder).campaign
    call_off(next_to_go)
    at_work(removing.start(next_to_go, actor=None, at=timezone.now()))
    left = Submission.objects.get()
    assert left.brief_page_id == left.terms.campaign_page_id == other


def test_sealed_campaign_goes_with_its_receipts(ready, commits):
    brief = factories.make_brief(factories.make_sealed_campaign())
    with commits():
        row = factories.make_confirmed(brief)
    assert row.receipts.exists()
    call_off(brief.campaign)
    at_work(removing.start(brief.campaign, actor=None, at=timezone.now()))
    left = Counter({name: n for name, n in counts().items() if "crowdbrand." in name})
    assert left["wagtail_crowdbrand.SealReceipt"] == 0
    assert sealing.ids(at=timezone.now()) == set()


def test_command_needs_a_yes_and_goes_on(ready, capsys, monkeypatch):
    monkeypatch.setattr(removing, "CHUNK", 2)
    brief = doomed()
    for _number in range(3):
        factories.make_draft(brief, pictures_count=0)
    pk = str(brief.campaign.pk)
    with pytest.raises(CommandError, match="with 3 submissions by 0 contributors"):
        call_command("crowdbrand_remove", pk)
    with pytest.raises(CommandError, match="archived or cancelled"):
        call_command("crowdbrand_remove", pk, "--yes")
    call_off(brief.campaign)
    removing.work(
        removing.start(brief.campaign, actor=None, at=timezone.now()),
        at=timezone.now(),
    )
    call_command("crowdbrand_remove", pk, "--yes")
    call_command("crowdbrand_remove", pk)
    said = capsys.readouterr().out.splitlines()
    gone = f"“{brief.campaign.title}” is gone."
    assert said == ["3 of 3 submissions.", gone, gone]
    with pytest.raises(CommandError, match="no campaign"):
        call_command("crowdbrand_remove", "987654", "--yes")


@pytest.mark.parametrize(
    "name",
    [
        "start_moderation",
        "publish",
        "reveal",
        "finish_reveal",
        "retract",
        "finish_erasure",
        "make_sizes",
        "work_batch",
        "tell_entrants",
    ],
)
def test_task_that_comes_after_the_end_has_nothing_to_do(ready, name):
    getattr(tasks, name).call(2**31 - 1)  # raises nothing
