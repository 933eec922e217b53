"""A sealed campaign: nothing before its moment, everything at it, and once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import OperationalError
from django.utils import timezone
from wagtail.images import get_image_model
from wagtail.models import Page

from tests import factories
from wagtail_crowdbrand import signals
from wagtail_crowdbrand.domain import (
    gallery,
    invariants,
    ledger,
    moderating,
    operating,
    outbox,
    pictures,
    revealing,
    submitting,
    upkeep,
)
from wagtail_crowdbrand.errors import NotAllowed
from wagtail_crowdbrand.models import (
    GalleryPlace,
    Message,
    PreparedPicture,
    Submission,
    Upload,
)

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def sealed(ready, own_folders, commits, time_machine):
    """Two briefs of a sealed campaign in its clearance: four approved, one waiting."""
    campaign = factories.make_sealed_campaign()
    briefs = [factories.make_brief(campaign) for _number in range(2)]
    rows = []
    for number in range(5):
        with commits():
            rows.append(factories.make_confirmed(briefs[number % 2]))
    time_machine.move_to(campaign.closes_at + HOUR)
    with commits():
        upkeep.start_missing(at=timezone.now())
    for row in rows[:4]:
        with commits():
            moderating.approve(row, actor=None)
    return campaign


@pytest.fixture
def moment(sealed, time_machine):
    """The promised one has come."""
    time_machine.move_to(sealed.reveals_at)
    return sealed.reveals_at


def visible(campaign):
    rows = Submission.objects.filter(campaign_page=campaign.pk)
    return rows.visible_to(None, at=timezone.now())


def content_of(row) -> bytes:
    with row.file.open("rb") as file:
        return file.read()


def test_before_the_moment_there_is_no_page_no_picture_no_place(sealed):
    assert Submission.objects.filter(moderation="approved").count() == 4
    assert not visible(sealed).exists()
    assert not Page.objects.descendant_of(sealed).filter(depth=sealed.depth + 2)
    assert not get_image_model().objects.exists()
    assert not GalleryPlace.objects.exists()
    with pytest.raises(NotAllowed) as refusal:
        revealing.reveal(sealed, at=timezone.now())
    assert refusal.value.code == "reveal_not_due"


def test_sizes_are_made_ahead_in_private_storage(sealed, own_folders):
    made = PreparedPicture.objects.values_list("upload", "spec")
    assert sorted({spec for _upload, spec in made}) == sorted(pictures.RENDITIONS)
    assert len(made) == 4 * len(pictures.RENDITIONS)
    assert not [path for path in (own_folders / "media").rglob("*") if path.is_file()]


def test_everything_shows_at_once(sealed, moment, commits):
    with commits():
        assert revealing.reveal(sealed, at=moment) == 4
    rows = visible(sealed)
    assert rows.count() == 4
    assert invariants.findings() == []
    for row in rows.select_related("page"):
        page = row.page.specific
        assert page.live
        assert page.title == row.title
        assert page.get_parent().pk == row.brief_page_id
        assert page.url_path.endswith(f"-{row.code.lower()}/")
        assert page.latest_revision.as_object().title == row.title
        image = row.uploads.get().image
        assert {made.filter_spec for made in image.renditions.all()} == set(
            pictures.RENDITIONS
        )
    for brief in sealed.get_children().specific():
        assert gallery.visible_count(brief) == 2
        assert brief.numchild == brief.get_children().count() == 2
    assert [problem for problem in Page.find_problems() if problem] == []
    assert not PreparedPicture.objects.exists()


def test_revealed_pages_can_be_visited_found_and_edited(
    sealed, moment, commits, client
):
    with commits():
        revealing.reveal(sealed, at=moment)
    row = visible(sealed).first()
    response = client.get(row.page.specific.url)
    assert response.status_code == 200
    assert row.title in response.content.decode()
    assert list(Page.objects.search(row.title))
    row.page.specific.save_revision().publish()
    row.refresh_from_db()
    assert row.page.live
    assert row.visible_from is not None


def test_sizes_that_were_made_ahead_are_used(sealed, moment, commits):
    upload = Upload.objects.filter(prepared__isnull=False).first()
    ready = {each.spec: content_of(each) for each in upload.prepared.all()}
    with commits():
        revealing.reveal(sealed, at=moment)
    upload.refresh_from_db()
    sizes = upload.image.renditions.all()
    assert {each.filter_spec: content_of(each) for each in sizes} == ready


def test_revealing_twice_changes_nothing(sealed, moment, commits):
    with commits():
        revealing.reveal(sealed, at=moment)
    before = list(visible(sealed).order_by("pk").values())
    with commits():
        assert revealing.reveal(sealed, at=moment + HOUR) == 0
    assert list(visible(sealed).order_by("pk").values()) == before
    assert Message.objects.filter(kind="published").count() == 4


def test_each_contributor_is_told_once(sealed, moment, commits, mailoutbox):
    with commits():
        call_command("crowdbrand_tick", verbosity=0)
        call_command("crowdbrand_tick", verbosity=0)
    told = [mail for mail in mailoutbox if mail.to and "is on show" in mail.subject]
    assert len(told) == 4
    assert len({mail.to[0] for mail in told}) == 4


def test_tick_reveals_when_the_moment_has_come_and_not_before(
    sealed, commits, time_machine
):
    time_machine.move_to(sealed.reveals_at - timedelta(seconds=1))
    with commits():
        assert upkeep.reveal_due(at=timezone.now()) == 0
    assert not visible(sealed).exists()
    time_machine.move_to(sealed.reveals_at)
    with commits():
        assert upkeep.reveal_due(at=timezone.now()) == 1
    assert visible(sealed).count() == 4


def test_ledger_says_when_and_how_many(sealed, moment, commits):
    with commits():
        revealing.reveal(sealed, at=moment)
    [line] = ledger.entries(sealed).filter(kind="revealed")
    assert line.at == moment
    assert line.facts == {"shown": 4}


@pytest.mark.parametrize("hold", ["paused", "cancelled"])
def test_campaign_on_hold_is_not_revealed(sealed, moment, hold):
    type(sealed).objects.filter(pk=sealed.pk).update(hold=hold, hold_note="Wait.")
    assert revealing.due(at=moment) == []
    with pytest.raises(NotAllowed) as refusal:
        revealing.reveal(sealed, at=moment)
    assert refusal.value.code == hold


def test_what_is_approved_afterwards_is_shown_at_once(sealed, moment, commits):
    with commits():
        revealing.reveal(sealed, at=moment)
    late = Submission.objects.get(moderation="pending")
    with commits():
        moderating.approve(late, actor=None)
    assert visible(sealed).count() == 5


def test_withdrawn_meanwhile_is_not_shown(sealed, moment, commits):
    gone = Submission.objects.filter(moderation="approved").first()
    with commits():
        submitting.withdraw(gone, at=moment)
        assert revealing.reveal(sealed, at=moment) == 3
    assert gone.pk not in visible(sealed).values_list("pk", flat=True)
    assert not PreparedPicture.objects.filter(upload__submission=gone).exists()


def test_picture_that_cannot_be_made_holds_the_others_up_for_a_while_only(
    sealed, moment, commits, monkeypatch
):
    broken = Submission.objects.filter(moderation="approved").first()
    make = pictures.create_image

    def create(upload, **kwargs):
        if upload.submission_id == broken.pk:
            raise OSError("The disk is full.")
        return make(upload, **kwargs)

    monkeypatch.setattr(pictures, "create_image", create)
    with commits():
        assert revealing.reveal(sealed, at=moment) is None
    assert not visible(sealed).exists()
    later = moment + revealing.PATIENCE + timedelta(seconds=1)
    with commits():
        assert revealing.reveal(sealed, at=later) == 3
    assert broken.pk not in visible(sealed).values_list("pk", flat=True)
    monkeypatch.setattr(pictures, "create_image", make)
    with commits():
        upkeep.publish_missing(at=later + HOUR)
    assert broken.pk in Submission.objects.filter(
        visible_from__isnull=False
    ).values_list("pk", flat=True)


def test_put_off_while_pictures_are_made(sealed, moment, commits, monkeypatch):
    make = revealing.publish_pictures

    def make_and_put_off(campaign):
        make(campaign)
        operating.put_off(
            campaign,
            actor=None,
            reveals_at=moment + timedelta(days=3),
            note="Ill.",
            at=moment,
        )

    monkeypatch.setattr(revealing, "publish_pictures", make_and_put_off)
    with commits(), pytest.raises(NotAllowed):
        revealing.reveal(sealed, at=moment)
    assert not visible(sealed).exists()
    assert type(sealed).objects.get(pk=sealed.pk).revealed_at is None
    assert not get_image_model().objects.exists()


def test_not_revealed_while_ideas_are_taken(sealed, moment):
    late = {"closes_at": moment + HOUR}
    type(sealed).objects.filter(pk=sealed.pk).update(**late)
    with pytest.raises(NotAllowed) as refusal:
        revealing.reveal(sealed, at=moment)
    assert refusal.value.code == "reveal_not_due"


def test_aliases_are_revealed_with_their_original(sealed, moment, commits):
    alias = sealed.create_alias(parent=sealed.get_parent(), update_slug="again")
    with commits():
        revealing.reveal(sealed, at=moment)
    assert type(sealed).objects.get(pk=alias.pk).revealed_at == moment


@pytest.mark.parametrize(
    "place",
    [
        (revealing.receipts, "publish_list"),
        (revealing.pictures, "make_public"),
        (revealing.gallery, "lock"),
        (revealing.planting, "plant"),
        (revealing.filtering, "write_many"),
        (revealing.outbox, "queue_for_the_tick"),
        (revealing.ledger, "write"),
        (revealing, "log"),
    ],
    ids=lambda place: place[1],
)
def test_killed_anywhere_nothing_shows_and_the_next_tick_completes(
    sealed, moment, commits, monkeypatch, place
):
    def die(*args, **kwargs):
        raise OperationalError("The server is gone.")

    with monkeypatch.context() as patch:
        patch.setattr(*place, die)
        with commits():
            upkeep.reveal_due(at=moment)
    assert not visible(sealed).exists()
    assert not GalleryPlace.objects.exists()
    assert not Message.objects.filter(kind="published").exists()
    with commits():
        upkeep.reveal_due(at=moment)
    assert visible(sealed).count() == 4
    assert invariants.findings() == []
    assert Message.objects.filter(kind="published").count() == 4


def test_what_follows_is_finished_by_the_tick(sealed, moment):
    """Killed right after the commit: no task ran."""
    told = []

    def hear(submission_id, **kwargs):
        told.append(submission_id)

    revealing.reveal(sealed, at=moment)
    later = moment + upkeep.PATIENCE + HOUR
    signals.submission_published.connect(hear)
    try:
        assert upkeep.finish_reveals(at=later) == 4
        assert upkeep.finish_reveals(at=later) == 0
    finally:
        signals.submission_published.disconnect(hear)
    rows = visible(sealed).select_related("page")
    assert all(row.page.latest_revision_id for row in rows)


def test_reveal_that_lost_its_task_is_finished_whenever_a_tick_comes(
    sealed, moment, commits, time_machine
):
    revealing.reveal(sealed, at=moment)
    Message.objects.update(sent_at=moment)
    time_machine.move_to(moment + timedelta(days=30))
    assert "revealed but not in the search" in {
        finding.what for finding in invariants.findings()
    }
    with commits():
        call_command("crowdbrand_tick")
    assert invariants.findings() == []
    assert not PreparedPicture.objects.exists()
    assert upkeep.finish_reveals(at=timezone.now()) == 0
    for row in visible(sealed).select_related("page"):
        assert row.page.latest_revision_id
        assert row.page.pk in {page.pk for page in Page.objects.search(row.title)}


def test_hidden_before_it_was_finished_and_back_is_finished(sealed, moment, commits):
    revealing.reveal(sealed, at=moment)
    row = visible(sealed).first()
    with commits():
        moderating.hide(row, actor=None, reason="A complaint.")
    later = moment + upkeep.PATIENCE + HOUR
    assert upkeep.finish_reveals(at=later) == 3
    with commits():
        moderating.restore(row, actor=None)
    revealing.finish(row)
    assert not revealing.unfinished().exists()


def test_order_is_by_chance_and_newest_is_as_fair(ready, commits, time_machine):
    campaign = factories.make_sealed_campaign()
    brief = factories.make_brief(campaign)
    rows = [factories.make_confirmed(brief, pictures_count=0) for _number in range(12)]
    time_machine.move_to(campaign.closes_at + HOUR)
    for row in rows:
        with commits():
            moderating.approve(row, actor=None)
    time_machine.move_to(campaign.reveals_at)
    with commits():
        revealing.reveal(campaign, at=campaign.reveals_at)
    newest = list(visible(campaign).order_by("-visible_from").values_list("pk"))
    ranks = list(GalleryPlace.objects.order_by("rank").values_list("submission"))
    sent = list(visible(campaign).order_by("pk").values_list("pk"))
    # One in 12! would be in the order of sending by chance.
    assert newest not in (sent, sent[::-1])
    assert ranks not in (sent, sent[::-1])


def test_queries_do_not_grow_with_each_submission(
    sealed, moment, django_assert_max_num_queries
):
    revealing.publish_pictures(sealed)
    with django_assert_max_num_queries(60):
        revealing.reveal(sealed, at=moment)


def test_outbox_holds_the_mails_until_the_tick(sealed, moment):
    revealing.reveal(sealed, at=moment)
    assert len(outbox.take_due(at=moment)) >= 4


def test_brief_off_the_site_is_revealed_when_it_comes_back(sealed, moment, commits):
    brief = Submission.objects.order_by("pk").first().brief
    with commits():
        brief.unpublish()
    with commits():
        revealing.reveal(sealed, at=moment)
    pages = Page.objects.child_of(brief)
    assert [page.live for page in pages] == [False, False]
    assert invariants.findings() == []
    with commits():
        type(brief).objects.get(pk=brief.pk).save_revision().publish()
    assert [page.live for page in pages.all()] == [True, True]
