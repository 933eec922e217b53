"""500 approved at once, killed half-way, and gone on with by the tick."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from tests import factories
from tests.crowd import database_of_its_own
from wagtail_crowdbrand import receivers, signals
from wagtail_crowdbrand.domain import batches
from wagtail_crowdbrand.models import BatchItem, Message, Submission
from wagtail_crowdbrand.states import Moderation

pytestmark = pytest.mark.postgres

MANY = 500


@pytest.fixture
def db(django_db_setup, django_db_blocker, tmp_path):
    """One that commits, and that another process can open."""
    with django_db_blocker.unblock(), database_of_its_own(tmp_path):
        yield


@pytest.fixture
def batch(ready):
    """Begun, but with no task at work on it yet."""
    brief = factories.make_brief(max_images=0)
    rows = [factories.make_waiting(brief, pictures_count=0) for _ in range(MANY)]
    Message.objects.all().delete()
    signals.batch_started.disconnect(receivers.after_batch_started)
    yield batches.start(
        rows, action="approve", actor=factories.make_moderator(), at=timezone.now()
    )
    signals.batch_started.connect(receivers.after_batch_started)


def finished(batch) -> int:
    return batches.progress(batch).finished


def kill_half_way(batch) -> None:
    name = connection.settings_dict["NAME"]
    worker = [sys.executable, "-m", "tests.backoffice.killed", name, str(batch.pk)]
    with subprocess.Popen(worker) as process:
        while finished(batch) < MANY // 2:
            assert process.poll() is None, "it ended before it could be killed"
            time.sleep(0.05)
        process.kill()


def test_500_survive_a_killed_worker(batch):
    kill_half_way(batch)
    assert MANY // 2 <= finished(batch) < MANY

    later = timezone.now()
    while finished(batch) < MANY:
        later += timedelta(minutes=10)
        with time_machine.travel(later):
            call_command("crowdbrand_tick")
    with time_machine.travel(later + timedelta(minutes=10)):
        call_command("crowdbrand_tick")  # what the killed one left of pages and mails

    assert set(BatchItem.objects.values_list("problem", flat=True)) == {""}
    rows = Submission.objects.all()
    assert Counter(str(row.staff_status) for row in rows) == {"visible": MANY}
    assert rows.filter(moderation=Moderation.APPROVED, page__live=True).count() == MANY
    decisions = Counter(row.decisions.count() for row in rows)
    assert decisions == {1: MANY}
    mails = Message.objects.filter(kind="published")
    assert mails.values("submission").distinct().count() == mails.count() == MANY
    assert not mails.filter(sent_at__isnull=True).exists()
