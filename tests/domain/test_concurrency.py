"""What holds when many do it at once, on real transactions."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core import mail
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import Page

from tests import factories
from tests.crowd import at_once, database_of_its_own
from wagtail_crowdbrand import receivers, signals
from wagtail_crowdbrand.domain import (
    gallery,
    ingesting,
    ledger,
    moderating,
    privacy,
    publishing,
    recording,
    removing,
    submitting,
    upkeep,
)
from wagtail_crowdbrand.errors import Conflict, InvalidUpload, NotAllowed
from wagtail_crowdbrand.models import GalleryPlace, Message, Submission, Upload
from wagtail_crowdbrand.states import LedgerKind

ROOT = Path(__file__).resolve().parents[2]
#: 400 ideas.
WORKERS, EACH = 16, 25
#: A race is not lost every time, so it is run again and again.
ROUNDS = 4
STORM_SECONDS = 4


@pytest.fixture
def db(django_db_setup, django_db_blocker, tmp_path):
    """In place of pytest-django's, which commits nothing or empties every table."""
    with django_db_blocker.unblock(), database_of_its_own(tmp_path):
        yield


@pytest.fixture
def brief(ready):
    return factories.make_brief(max_images=0)


@pytest.fixture
def moderator(ready):
    return factories.make_moderator()


@pytest.fixture
def by_hand():
    """Nothing follows from a deed but what a test does itself."""
    wires = [
        (signals.submission_confirmed, receivers.start_moderation),
        (signals.submission_decided, receivers.after_decided),
        (signals.message_queued, receivers.after_queued),
    ]
    for signal, receiver in wires:
        signal.disconnect(receiver)
    yield
    for signal, receiver in wires:
        signal.connect(receiver)


def errors_in(results) -> list[Exception]:
    return [result for result in results if isinstance(result, Exception)]


def refusals_in(results) -> list[tuple[type, str]]:
    return [(type(error), error.code) for error in errors_in(results)]


def dealt(rows: list) -> list[list]:
    """The rows, dealt to the workers like cards."""
    return [rows[number::WORKERS] for number in range(WORKERS)]


def kinds() -> Counter:
    return Counter(Message.objects.values_list("kind", flat=True))


def fresh(submission) -> Submission:
    return Submission.objects.get(pk=submission.pk)


def again(page):
    return type(page).objects.get(pk=page.pk)


def assert_in_order(brief, *, visible: int) -> None:
    """Tree and gallery agree with themselves and each other."""
    pages = Page.objects.child_of(brief)
    places = GalleryPlace.objects.filter(brief_key=brief.translation_key)
    shown = Submission.objects.filter(visible_from__isnull=False)
    assert Page.find_problems() == ([], [], [], [], [])
    assert Page.objects.get(pk=brief.pk).numchild == pages.count()
    assert sorted(places.values_list("rank", flat=True)) == list(range(visible))
    assert gallery.visible_count(brief) == visible
    assert set(places.values_list("pk")) == set(shown.values_list("pk"))
    assert set(pages.live().values_list("pk")) == set(shown.values_list("page"))


def accept(rows, moderator) -> None:
    for row in rows:
        submitting.confirm(row, at=timezone.now())
        moderating.start(row)
        moderating.approve(fresh(row), actor=moderator)


def show(rows) -> None:
    for row in rows:
        publishing.publish(row, at=timezone.now())


def rushed(deed: str, arguments: list[dict]) -> list[dict]:
    """What came of a deed in as many processes as there are arguments."""
    command = [sys.executable, "-m", "tests.domain.rush"]
    command += [
        str(connection.settings_dict["NAME"]),
        deed,
        *map(json.dumps, arguments),
    ]
    connection.close()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["error"] for answer in answers if "error" in answer] == []
    assert len(answers) == len(arguments)
    return [answer["result"] for answer in answers]


def test_hundreds_of_ideas_at_once(brief, moderator):
    total = WORKERS * EACH
    people = [
        {"brief_pk": brief.pk, "count": EACH, "worker": number}
        for number in range(WORKERS)
    ]
    sent = rushed("send", people)
    assert [sql for part in sent for sql in part["tree"]] == []
    assert {status for part in sent for status in part["statuses"]} == {200, 302}
    rows = list(Submission.objects.order_by("pk"))
    codes = [row.code for row in rows]
    assert sorted(codes) == sorted(code for part in sent for code in part["codes"])
    assert len(set(codes)) == total
    assert Submission.objects.sent().count() == total
    assert kinds() == {"confirm": total, "receipt": total}

    pks = [row.pk for row in rows]
    parts = [{"pks": mine, "moderator_pk": moderator.pk} for mine in dealt(pks)]
    rushed("accept", parts)
    assert Submission.objects.filter(moderation="approved", live=True).count() == total

    # Two workers publish every fourth, and all of them the first two.
    both = zip(dealt(pks), dealt(pks[::-4]), strict=True)
    rushed("show", [{"pks": pks[:2] + mine + theirs} for mine, theirs in both])
    assert_in_order(brief, visible=total)
    assert kinds() == {"confirm": total, "receipt": total, "published": total}


def test_two_confirmations_of_the_last_one_allowed(moderator):
    for _round in range(ROUNDS):
        brief = factories.make_brief(max_images=0, max_per_contributor=1)
        rows = [factories.make_sent(brief, pictures_count=0) for _ in range(2)]
        for row in rows:
            row.personal.email = "Ada@Example.org"
            row.personal.save()
        deeds = [partial(submitting.confirm, row, at=timezone.now()) for row in rows]
        assert refusals_in(at_once(deeds)) == [(NotAllowed, "limit_reached")]
        assert Submission.objects.sent().of_brief(brief).count() == 1


def test_one_idea_confirmed_twice_is_received_once(brief, moderator):
    for number in range(1, ROUNDS + 1):
        row = factories.make_sent(brief, pictures_count=0)
        deed = partial(submitting.confirm, row, at=timezone.now())
        assert errors_in(at_once([deed] * 4)) == []
        assert kinds()["receipt"] == number
        assert fresh(row).workflow_states.count() == 1


def test_campaign_is_removed_once_by_three(brief, moderator, caplog):
    """All of them take the same submissions, and none of another campaign."""
    other = factories.make_brief(max_images=0)
    briefs = [brief] * 6 + [other]
    rows = [factories.make_sent(each, pictures_count=0) for each in briefs]
    accept(rows, moderator)
    show(rows)
    campaign = type(brief.campaign).objects.filter(pk=brief.campaign.pk)
    campaign.update(hold="cancelled", hold_note="The client left.")
    removal = removing.start(campaign.get(), actor=None, at=timezone.now())
    work = partial(removing.work, removal, at=timezone.now())
    assert errors_in(at_once([work] * 3)) == []
    assert "could not be removed" not in caplog.text
    assert work() is False
    removal.refresh_from_db()
    assert removal.finished_at
    assert list(Submission.objects.all()) == [rows[-1]]
    assert not campaign.exists()
    assert_in_order(other, visible=1)


def test_two_moderators_decide_once(brief):
    first, second = factories.make_moderator(), factories.make_moderator()
    for _round in range(ROUNDS):
        row = factories.make_waiting(brief, pictures_count=0)
        # Both have it on their screens.
        mine, theirs = (fresh(row).current_workflow_task_state for _ in range(2))
        approve = partial(moderating.decide, mine, action="approve", actor=first)
        reject = partial(
            moderating.decide, theirs, action="reject", actor=second, reason="No."
        )
        results = at_once([approve, reject])
        assert refusals_in(results) == [(Conflict, "not_in_moderation")]
        approved = isinstance(results[1], Conflict)
        row = fresh(row)
        assert row.moderation == ("approved" if approved else "rejected")
        assert (row.visible_from is not None) == approved
        assert row.messages.filter(kind="published").count() == approved
        assert row.messages.filter(kind="reject").count() == (not approved)
    assert_in_order(brief, visible=gallery.visible_count(brief))


def test_two_ticks_double_nothing(brief, moderator, by_hand):
    moderator.email = "moderator@example.org"
    moderator.save()
    count = 8
    rows = [factories.make_sent(brief, pictures_count=0) for _ in range(2 * count)]
    accept(rows[:count], moderator)
    for row in rows[count:]:
        submitting.confirm(row, at=timezone.now())

    signals.message_queued.connect(receivers.after_queued)
    for _round in range(2):
        later = timezone.now() + timedelta(minutes=10)
        with time_machine.travel(later, tick=True):
            tick = partial(call_command, "crowdbrand_tick", verbosity=0)
            assert errors_in(at_once([tick] * 4)) == []
    assert_in_order(brief, visible=count)
    assert Page.objects.child_of(brief).count() == count
    assert [fresh(row).workflow_states.count() for row in rows] == [1] * 2 * count
    assert kinds() == {
        "confirm": 2 * count,
        "receipt": 2 * count,
        "published": count,
        "digest": 1,
    }
    assert set(Message.objects.values_list("attempts", flat=True)) == {1}
    ids = Counter(message.extra_headers["Message-ID"] for message in mail.outbox)
    assert set(ids.values()) == {1}


def test_digest_is_written_once(brief, moderator, by_hand):
    moderator.email = "moderator@example.org"
    moderator.save()
    factories.make_waiting(brief, pictures_count=0)
    for _round in range(ROUNDS):
        Message.objects.filter(kind="digest").delete()
        write = partial(upkeep.queue_digests, at=timezone.now())
        results = at_once([write] * 6)
        assert sorted(results) == [0, 0, 0, 0, 0, 1]


def test_withdrawn_while_it_is_published(brief, moderator, by_hand):
    for _round in range(ROUNDS):
        row = factories.make_sent(brief, pictures_count=0)
        accept([row], moderator)
        publish = partial(show, [row])
        withdraw = partial(submitting.withdraw, row, at=timezone.now())
        assert errors_in(at_once([publish, withdraw, publish])) == []
        row = Submission.objects.select_related("page").get(pk=row.pk)
        assert (row.staff_status, row.visible_from) == ("withdrawn", None)
        assert row.page is None or not row.page.live
    assert_in_order(brief, visible=0)


def test_neighbours_hidden_at_once_leave_no_gap(brief, moderator):
    rows = [factories.make_waiting(brief, pictures_count=0) for _ in range(6)]
    for row in rows:
        moderating.approve(row, actor=moderator)
    last, one_before = rows[-1], rows[-2]
    hide = partial(moderating.hide, actor=moderator, reason="Not now.")
    restore = partial(moderating.restore, actor=moderator)
    for _round in range(ROUNDS):
        deeds = [partial(hide, row) for row in (last, one_before, last)]
        assert errors_in(at_once(deeds)) == []
        assert_in_order(brief, visible=4)
        deeds = [partial(restore, row) for row in (last, one_before, last)]
        assert errors_in(at_once(deeds)) == []
        assert_in_order(brief, visible=6)


def test_brief_that_comes_back_brings_nothing_hidden(brief, moderator):
    """Editor and moderator at once: whoever is first, what is hidden has no page."""
    row = factories.make_waiting(brief, pictures_count=0)
    moderating.approve(row, actor=moderator)
    for _round in range(ROUNDS):
        root = User.objects.filter(is_superuser=True).first()
        root = root or User.objects.create_superuser("root")
        action = UnpublishPageAction(again(brief), include_descendants=True, user=root)
        action.execute(skip_permission_checks=True)
        revision = again(brief).save_revision()
        hide = partial(moderating.hide, row, actor=moderator, reason="Not now.")
        assert errors_in(at_once([revision.publish, hide])) == []
        assert_in_order(brief, visible=0)
        moderating.restore(row, actor=moderator)
        assert_in_order(brief, visible=1)


def test_erasures_that_cross_two_briefs_wait_for_each_other(moderator):
    """Two people, each with ideas in both briefs; neither transaction is refused."""
    for number in range(ROUNDS):
        briefs = [factories.make_brief(max_images=0) for _ in range(2)]
        people = [[], []]
        for brief in (*briefs, *briefs[::-1]):
            for mine in people:
                email = f"person-{number}-{people.index(mine)}@example.org"
                mine.append(shown_of(email, brief, moderator))
        erase = partial(privacy.erase, at=timezone.now())
        deeds = [partial(erase, rows[0]) for rows in people]
        assert at_once(deeds) == [4, 4]
        for brief in briefs:
            assert gallery.visible_count(brief) == 0
            assert not Page.objects.child_of(brief).exists()


def shown_of(email: str, brief, moderator) -> Submission:
    row = factories.make_sent(brief, pictures_count=0)
    row.personal.email = email
    row.personal.save()
    submitting.confirm(row, at=timezone.now())
    return moderating.approve(fresh(row), actor=moderator)


def test_pictures_of_one_person_at_once_keep_within_the_quota(moderator, settings):
    """Two submissions of one contributor, so neither row's lock is enough."""
    one = factories.make_confirmed()
    two = factories.make_confirmed()
    Submission.objects.filter(pk=two.pk).update(contributor=one.contributor)
    content = factories.picture_bytes()
    for most in range(3, 3 + ROUNDS):
        settings.WAGTAIL_CROWDBRAND = {"MAX_CONTRIBUTOR_PICTURES": most}
        deeds = [
            partial(ingesting.add_upload, row, BytesIO(content), at=timezone.now())
            for row in (fresh(one), fresh(two))
        ]
        assert refusals_in(at_once(deeds)) == [(InvalidUpload, "contributor_full")]
        assert Upload.objects.count() == most


def test_storm_of_hiding_and_restoring(moderator):
    brief = factories.make_brief()
    rows = [factories.make_waiting(brief, pictures_count=n < 3) for n in range(12)]
    for row in rows:
        moderating.approve(row, actor=moderator)
    end = time.monotonic() + STORM_SECONDS

    def storm(seed: int) -> int:
        chance, count = random.Random(seed), 0  # noqa: S311 - a storm
        while time.monotonic() < end:
            row = chance.choice(rows)
            if chance.random() < 0.5:
                moderating.hide(row, actor=moderator, reason="Not now.")
            else:
                moderating.restore(row, actor=moderator)
            count += 1
        return count

    results = at_once([partial(storm, seed) for seed in range(WORKERS)])
    assert errors_in(results) == []
    assert sum(results) > WORKERS
    hidden = Submission.objects.filter(moderation="hidden").count()
    assert_in_order(brief, visible=len(rows) - hidden)
    pictured = Upload.objects.filter(image__isnull=False)
    assert set(pictured.values_list("submission")) == set(
        Submission.objects.filter(
            visible_from__isnull=False, uploads__isnull=False
        ).values_list("pk")
    )


def test_ledger_written_by_many_is_dense_and_linked(brief):
    """Some roll back, and leave no gap."""
    campaign = brief.campaign
    already = ledger.entries(campaign).count()

    def write(number):
        for line in range(10):
            with transaction.atomic():
                facts = {"worker": number, "line": line}
                at = timezone.now()
                ledger.write(campaign, LedgerKind.CORRECTION, facts=facts, at=at)
                transaction.set_rollback(line % 5 == 0)

    results = at_once([partial(write, number) for number in range(WORKERS)])
    assert errors_in(results) == []
    assert ledger.check(campaign) == []
    numbers = [entry.number for entry in ledger.entries(campaign)]
    assert numbers == list(range(1, already + WORKERS * 8 + 1))


def test_clock_and_editors_write_the_ledger_at_once(ready):
    """Each fact is told once, and nobody waits for somebody who waits for them."""
    now = timezone.now()
    campaign = factories.make_campaign(
        opens_at=now + timedelta(minutes=1), closes_at=now + timedelta(days=2)
    )
    briefs = [factories.make_brief(campaign, max_images=0) for _number in range(2)]
    later = now + timedelta(days=3)

    def look():
        for _round in range(5):
            recording.note_all(again(campaign), at=later)

    def polish(brief, number):
        for round_number in range(5):
            page = again(brief)
            page.challenge = f"Version {number}.{round_number}"
            page.save()

    def move(number):
        for round_number in range(5):
            page = again(campaign)
            page.prize = f"Version {number}.{round_number}"
            page.save()

    deeds = [look] * 4
    deeds += [partial(polish, brief, number) for number, brief in enumerate(briefs)]
    deeds += [partial(move, number) for number in range(2)]
    with time_machine.travel(now + timedelta(hours=1), tick=False):
        results = at_once(deeds)
    assert errors_in(results) == []
    assert ledger.check(campaign) == []
    told = Counter(entry.kind for entry in ledger.entries(campaign))
    assert (told["opened"], told["closed"]) == (1, 1)
    assert told["terms_changed"] >= 1
    assert told["brief_changed"] >= 2
