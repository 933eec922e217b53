"""A big reveal, killed three times, with readers at the door all the while.

``REVEAL_MANY=10000`` makes it as big as it is promised for; it is smaller by default.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from threading import Event, Thread

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, Revision

from tests import factories
from tests.copies import copy
from tests.crowd import database_of_its_own
from wagtail_crowdbrand import receivers, signals
from wagtail_crowdbrand.domain import invariants, moderating
from wagtail_crowdbrand.models import (
    Contributor,
    Message,
    PreparedPicture,
    Submission,
    SubmissionPersonal,
    Upload,
)

pytestmark = pytest.mark.postgres

MANY = int(os.environ.get("REVEAL_MANY", "200"))
START = 1_000_000
SECOND = timedelta(seconds=1)
#: What the transaction of the reveal wrote last, in SQL as PostgreSQL reports it.
INSIDE = 'INSERT INTO "wagtail_crowdbrand_galleryfacet"%'


@pytest.fixture
def db(own_folders, django_db_setup, django_db_blocker, tmp_path):
    """One that commits, and that another process can open."""
    with django_db_blocker.unblock(), database_of_its_own(tmp_path):
        yield


@pytest.fixture
def campaign(ready):
    """In its clearance: MANY approved, each with a picture that was made ready."""
    campaign = factories.make_sealed_campaign()
    brief = factories.make_brief(campaign, max_images=1)
    first = factories.make_confirmed(brief)
    with time_machine.travel(campaign.closes_at + timedelta(hours=1)):
        moderating.approve(first, actor=None)
    first.refresh_from_db()
    _multiply(first, MANY - 1)
    Message.objects.all().delete()
    now = timezone.now()
    dates = {"closes_at": now - timedelta(hours=2), "reveals_at": now - SECOND}
    type(campaign).objects.filter(pk=campaign.pk).update(**dates)
    campaign.refresh_from_db()
    signals.campaign_revealed.disconnect(receivers.after_revealed)
    yield campaign
    signals.campaign_revealed.connect(receivers.after_revealed)


def _multiply(first: Submission, count: int) -> None:
    upload = first.uploads.get()
    own = f"({START} + n)::text"
    fresh = "md5('upload' || n)::uuid"
    letters = "translate(upper(to_hex(268435456 + n)), '01AE', 'WXYZ')"
    code = f"substr({letters}, 1, 4) || '-' || substr({letters}, 5, 4)"
    copy(
        Contributor,
        first.contributor_id,
        count,
        start=START,
        email="'p' || n || '@example.org'",
    )
    content = f"replace(content::text, '{upload.pk}', {fresh}::text)"
    content = f"replace({content}, '\"pk\": {first.pk},', '\"pk\": ' || {own} || ',')"
    copy(
        Revision,
        first.live_revision_id,
        count,
        start=START,
        object_id=own,
        content=f"({content})::jsonb",
    )
    copy(
        Submission,
        first.pk,
        count,
        start=START,
        code=code,
        title="'Idea ' || n",
        title_key="'idea ' || n",
        nonce=f"md5({own})",
        contributor_id=f"{START} + n",
        latest_revision_id=f"{START} + n",
        live_revision_id=f"{START} + n",
        images=f"replace(images::text, '{upload.pk}', {fresh}::text)::jsonb",
    )
    copy(SubmissionPersonal, first.pk, count, start=START)
    copy(Upload, upload.pk, count, id=fresh, submission_id=f"{START} + n")
    for number, picture in enumerate(PreparedPicture.objects.filter(upload=upload)):
        start = START * (number + 1)
        copy(PreparedPicture, picture.pk, count, start=start, upload_id=fresh)


class Readers:
    """Two who look at the gallery and the API again and again."""

    def __init__(self, brief) -> None:
        self.brief = brief
        self.end = Event()
        self.seen: Counter[tuple[str, int]] = Counter()
        self.failures: list[Exception] = []
        self.threads = [
            Thread(target=self.read, args=(look,)) for look in (self.page, self.api)
        ]

    def __enter__(self) -> Readers:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *args) -> None:
        self.end.set()
        for thread in self.threads:
            thread.join()

    def read(self, look) -> None:
        client = Client()
        try:
            while not self.end.is_set():
                self.seen[look.__name__, look(client)] += 1
                time.sleep(0.02)  # leave something to whoever reveals
        except Exception as error:  # noqa: BLE001 - the test judges it
            self.failures.append(error)
        finally:
            connection.close()

    def page(self, client) -> int:
        response = client.get(self.brief.url)
        gallery = response.context["gallery"]
        size = min(gallery.total, 24)
        assert len(gallery.submissions) == size, "a part of a page"
        return gallery.total

    def api(self, client) -> int:
        address = f"/crowdbrand/api/v1/briefs/{self.brief.pk}/submissions"
        answer = client.get(f"{address}?order=newest").json()
        assert bool(answer["items"]) == bool(answer["count"])
        return answer["count"]


def kill_when(campaign, folders, condition) -> None:
    """Begin the reveal in another process, and kill it as soon as ``condition``."""
    with begin(campaign, folders, "linger") as process:
        while not condition():
            assert process.poll() is None, "it ended before it could be killed"
        process.kill()


def begin(campaign, folders, *linger: str) -> subprocess.Popen:
    name = connection.settings_dict["NAME"]
    places = [str(folders / "media"), str(folders / "private")]
    command = [sys.executable, "-m", "tests.domain.reveals"]
    return subprocess.Popen([*command, name, str(campaign.pk), *places, *linger])


def with_copies(number: int):
    def condition() -> bool:
        time.sleep(0.01)
        return Upload.objects.filter(image__isnull=False).count() >= number

    return condition


def inside_the_transaction() -> bool:
    """Whether another process is writing what nobody can see yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            " AND datname = current_database() AND state = 'idle in transaction'"
            " AND query LIKE %s",
            [INSIDE],
        )
        return cursor.fetchone() is not None


def revealed() -> int:
    return Submission.objects.filter(visible_from__isnull=False).count()


def test_all_or_nothing_whatever_is_killed(campaign, own_folders):
    brief = campaign.get_children().get().specific
    with Readers(brief) as readers:
        for condition in (
            with_copies(MANY // 4),
            with_copies(MANY * 3 // 4),
            inside_the_transaction,
        ):
            kill_when(campaign, own_folders, condition)
            time.sleep(0.2)
            assert revealed() == 0
        with begin(campaign, own_folders) as process:
            assert process.wait() == 0
        time.sleep(0.5)
    assert readers.failures == []
    assert {number for _door, number in readers.seen} == {0, MANY}
    assert {door for door, number in readers.seen if number == MANY} == {"page", "api"}

    assert revealed() == MANY
    mails = Message.objects.filter(kind="published")
    assert mails.count() == mails.values("submission").distinct().count() == MANY
    later = campaign.reveals_at + timedelta(minutes=10)
    for tick in range(MANY // 200 + 1):
        with time_machine.travel(later + timedelta(minutes=tick)):
            call_command("crowdbrand_tick", verbosity=0)
    assert not mails.filter(sent_at__isnull=True).exists()
    assert set(mails.values_list("attempts", flat=True)) == {1}
    with time_machine.travel(later + timedelta(hours=1)):
        assert invariants.findings() == []
    assert not any(Page.find_problems())
    pages = Page.objects.child_of(brief)
    assert pages.live().count() == pages.count() == MANY
    assert not pages.filter(latest_revision__isnull=True).exists()
