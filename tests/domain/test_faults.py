"""A process may be killed anywhere: nothing happened, or the tick finishes it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.core.files.storage import FileSystemStorage
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from tests import factories
from wagtail_crowdbrand.domain import (
    appealing,
    invariants,
    moderating,
    noticing,
    orphans,
    privacy,
    submitting,
)
from wagtail_crowdbrand.models import Appeal, Message, Notice, Submission, Upload

pytestmark = pytest.mark.django_db

#: Statements after which something is different.
WRITES = ("INSERT", "UPDATE", "DELETE")
#: Places one deed is killed at, evenly spread, with the first and the last.
PLACES = 8


class Killed(BaseException):
    """Nothing catches it, as nothing catches a killed process."""


@contextmanager
def killed_at(number: int):
    """Die before the ``number``-th write to the database, or deletion of a file."""
    steps = []

    def step() -> None:
        steps.append(None)
        if len(steps) == number:
            raise Killed

    def watch(execute, sql, *args):
        if sql.startswith(WRITES):
            step()
        return execute(sql, *args)

    def delete(storage, name):
        step()
        remove(storage, name)

    def begin(atomic, using, savepoint, durable):
        # Inside a test's transaction, what would be one of its own is undone alone.
        enter(atomic, using, True, durable)

    remove, enter = FileSystemStorage.delete, transaction.Atomic.__init__
    FileSystemStorage.delete, transaction.Atomic.__init__ = delete, begin
    try:
        with connection.execute_wrapper(watch):
            yield steps
    finally:
        FileSystemStorage.delete, transaction.Atomic.__init__ = remove, enter


@contextmanager
def undone(root: Path):
    """Database and files are as before afterwards."""
    files = {path: path.read_bytes() for path in files_in(root)}
    mail.outbox.clear()
    cache.clear()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    for path in files_in(root) - set(files):
        path.unlink()
    for path, content in files.items():
        if not path.exists():
            path.write_bytes(content)


def files_in(root: Path) -> set[Path]:
    return {path for path in root.rglob("*") if path.is_file()}


def send(row: Submission) -> None:
    submitting.submit(row, terms_number=1, at=timezone.now())


def confirm(row: Submission) -> None:
    submitting.confirm(row, at=timezone.now())


def approve(row: Submission) -> None:
    moderating.approve(row, actor=None)


def withdraw(row: Submission) -> None:
    submitting.withdraw(row, at=timezone.now())


def erase(row: Submission) -> None:
    privacy.erase(row, at=timezone.now())


def give_notice(row: Submission) -> None:
    problem = noticing.Problem(reason_code="rights", person="x", email="g@example.org")
    noticing.give_notice(row, problem, at=timezone.now())


def uphold_notice(row: Submission) -> None:
    outcome, reason = "upheld", "It is not yours."
    noticing.settle(row, outcome=outcome, actor=None, reason=reason, at=timezone.now())


def object_to(row: Submission) -> None:
    appealing.appeal(row, text="It is mine.", at=timezone.now())


def overturn(row: Submission) -> None:
    appeal, answer = row.appeals.get(), "So it is."
    outcome = "overturned"
    appealing.settle(
        appeal, outcome=outcome, actor=None, answer=answer, at=timezone.now()
    )


def shown(commits) -> Submission:
    waiting = factories.make_waiting()
    with commits():
        approve(waiting)
    return Submission.objects.get(pk=waiting.pk)


def noticed(commits) -> Submission:
    row = shown(commits)
    give_notice(row)
    return row


def hidden(commits) -> Submission:
    row = noticed(commits)
    with commits():
        uphold_notice(row)
    return row


def objected(commits) -> Submission:
    row = hidden(commits)
    object_to(row)
    return row


DEEDS: dict[str, tuple[Callable, Callable]] = {
    "submit": (lambda commits: factories.make_draft(), send),
    "confirm": (lambda commits: factories.make_sent(), confirm),
    "approve and publish": (lambda commits: factories.make_waiting(), approve),
    "withdraw": (shown, withdraw),
    "erase": (shown, erase),
    "notice": (shown, give_notice),
    "uphold a notice": (noticed, uphold_notice),
    "object": (hidden, object_to),
    "overturn": (objected, overturn),
}


def tick(commits) -> None:
    """Twice, after all patience and claims have run out."""
    for minutes in (11, 23):
        later = timezone.now() + timedelta(minutes=minutes)
        with time_machine.travel(later, tick=True), commits():
            call_command("crowdbrand_tick")


def facts(pk: int, root: Path) -> dict:
    """What people would notice. Files nobody names are deleted after a day."""
    tomorrow = timezone.now() + timedelta(days=2)
    orphaned = len(list(orphans.find(at=tomorrow)))
    row = Submission.objects.select_related("page").filter(pk=pk).first()
    ids = {message.extra_headers["Message-ID"] for message in mail.outbox}
    uploads = list(Upload.objects.filter(submission=pk).order_by("pk"))
    return {
        "status": row and row.staff_status,
        "erased": row and bool(row.erased_at),
        "title": row and row.title,
        "review": row and row.workflow_in_progress,
        "visible": row and bool(row.visible_from),
        "page": bool(row and row.page and row.page.live),
        "public": [bool(upload.image_id) for upload in uploads],
        "notices": list(Notice.objects.values_list("outcome", flat=True)),
        "appeals": list(Appeal.objects.values_list("outcome", flat=True)),
        "noticed": row and row.open_notices,
        "kept": [upload.file.storage.exists(upload.file.name) for upload in uploads],
        "written": sorted(Message.objects.values_list("kind", flat=True)),
        "mailed": len(ids),
        "unsent": Message.objects.filter(sent_at__isnull=True).count(),
        "trouble": [finding.what for finding in invariants.findings()],
        "files": len(files_in(root)) - orphaned,
    }


@pytest.mark.parametrize("name", DEEDS)
def test_killed_anywhere_nothing_happened_or_the_tick_finishes_it(
    ready, commits, own_folders, name
):
    begin, deed = DEEDS[name]
    pk = begin(commits).pk
    Message.objects.update(sent_at=timezone.now())

    def row() -> Submission:
        return Submission.objects.get(pk=pk)

    with undone(own_folders):
        tick(commits)
        before = facts(pk, own_folders)
    with undone(own_folders), killed_at(-1) as steps:
        with commits():
            deed(row())
        count = len(steps)
        tick(commits)
        after = facts(pk, own_folders)
    assert before != after
    assert after["trouble"] == before["trouble"] == []
    assert after["unsent"] == 0

    happened = set()
    for number in sorted({1, count, *range(1, count, max(1, count // PLACES))}):
        with undone(own_folders):
            acknowledged = False
            try:
                with killed_at(number), commits():
                    deed(row())
                    acknowledged = True
            except Killed:
                pass
            tick(commits)
            result = facts(pk, own_folders)
            happened.add(acknowledged)
            if acknowledged:
                assert result == after, f"killed at {number} of {count}"
            else:
                assert result == before, f"killed at {number} of {count}"
                with commits():
                    deed(row())
                tick(commits)
                assert facts(pk, own_folders) == after, (
                    f"again after {number} of {count}"
                )
    assert happened == {True, False}
