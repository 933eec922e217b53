"""No acknowledged mail is lost, and none is sent twice."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from wagtail.models import GroupApprovalTask, Workflow, WorkflowTask

from tests import factories
from wagtail_crowdbrand import tasks
from wagtail_crowdbrand.domain import (
    ingesting,
    moderating,
    outbox,
    submitting,
    upkeep,
)
from wagtail_crowdbrand.models import Message, Submission, Upload

pytestmark = pytest.mark.django_db


def tick(commits, *, later: timedelta = timedelta(minutes=10)) -> None:
    with time_machine.travel(timezone.now() + later, tick=True), commits():
        call_command("crowdbrand_tick")


def kinds() -> list[str]:
    return list(Message.objects.order_by("created_at").values_list("kind", flat=True))


def test_mail_is_written_with_the_fact_or_not_at_all(ready):
    draft = factories.make_draft()
    with transaction.atomic():
        submitting.submit(draft, terms_number=1, at=timezone.now())
        transaction.set_rollback(True)
    assert kinds() == []
    submitting.submit(draft, terms_number=1, at=timezone.now())
    assert kinds() == ["confirm"]


def test_message_is_claimed_once(ready):
    factories.make_sent()
    message = Message.objects.get()
    now = timezone.now()
    assert outbox.claim(message.pk, at=now).attempts == 1
    assert outbox.claim(message.pk, at=now) is None
    assert outbox.claim(message.pk, at=now + outbox.CLAIM).attempts == 2


def test_message_whose_task_waits_is_not_enqueued_with_every_tick(ready):
    factories.make_sent()
    message = Message.objects.get()
    now = message.due_at
    assert outbox.take_due(at=now) == [message.pk]
    assert outbox.take_due(at=now + timedelta(minutes=1)) == []
    late = now + outbox.PATIENCE + timedelta(seconds=1)
    assert outbox.take_due(at=late) == [message.pk]

    again = outbox.claim(message.pk, at=late)
    outbox.mark_failed(again, "x", at=late)
    again.refresh_from_db()
    assert outbox.take_due(at=late + timedelta(minutes=1)) == []
    assert outbox.take_due(at=again.due_at) == [message.pk]


def test_mail_server_that_fails_is_asked_again(ready, commits, monkeypatch):
    def refuse(self, messages):
        raise ConnectionRefusedError("no mail server")

    working = EmailBackend.send_messages
    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    draft = factories.make_draft()
    with commits():
        submitting.submit(draft, terms_number=1, at=timezone.now())
    message = Message.objects.get()
    assert (message.sent_at, message.attempts) == (None, 1)
    assert "no mail server" in message.error
    tick(commits, later=timedelta(seconds=30))
    assert Message.objects.get().attempts == 1

    monkeypatch.setattr(EmailBackend, "send_messages", working)
    tick(commits)
    tick(commits)
    assert len(mail.outbox) == 1
    assert mail.outbox[0].extra_headers["Message-ID"] == f"<{message.pk}@example.com>"
    message.refresh_from_db()
    assert (bool(message.sent_at), message.error) == (True, "")


def test_process_that_dies_after_the_mail_server_accepted_repeats_the_id(
    ready, commits, monkeypatch
):
    monkeypatch.setattr(outbox, "mark_sent", lambda message, at: None)
    draft = factories.make_draft()
    with commits():
        submitting.submit(draft, terms_number=1, at=timezone.now())
    monkeypatch.undo()
    tick(commits, later=timedelta(minutes=11))
    ids = {message.extra_headers["Message-ID"] for message in mail.outbox}
    assert (len(mail.outbox), len(ids)) == (2, 1)


def test_pauses_grow_and_end(ready):
    factories.make_sent()
    message = Message.objects.get()
    now = timezone.now()
    pauses = []
    for attempt in (1, 2, 5, 19):
        message.attempts = attempt
        outbox.mark_failed(message, "x", at=now)
        pauses.append(Message.objects.get().due_at - now)
    assert pauses == [
        timedelta(minutes=2),
        timedelta(minutes=4),
        timedelta(minutes=32),
        timedelta(hours=6),
    ]
    Message.objects.update(attempts=outbox.ATTEMPTS, due_at=now)
    assert outbox.take_due(at=now) == []
    assert outbox.claim(message.pk, at=now) is None


class Died(Exception):
    """Stands for a process killed between a commit and the task it was to enqueue."""


def killed(monkeypatch, *names: str) -> None:
    def die(*args, **kwargs):
        raise Died

    for name in names:
        monkeypatch.setattr(
            f"wagtail_crowdbrand.receivers.tasks.{name}",
            type("Task", (), {"enqueue": staticmethod(die)}),
        )


ALL = ("start_moderation", "publish", "retract", "deliver")


def revive(monkeypatch) -> None:
    monkeypatch.undo()
    assert hasattr(tasks.deliver, "func")


def test_killed_after_submit(ready, commits, monkeypatch):
    draft = factories.make_draft()
    killed(monkeypatch, *ALL)
    with commits():
        submitting.submit(draft, terms_number=1, at=timezone.now())
    revive(monkeypatch)
    tick(commits)
    tick(commits)
    assert [message.to for message in mail.outbox] == [[draft.personal.email]]


def test_killed_after_confirm(ready, commits, monkeypatch):
    sent = factories.make_sent()
    Message.objects.all().delete()
    killed(monkeypatch, *ALL)
    with commits():
        submitting.confirm(sent, at=timezone.now())
    revive(monkeypatch)
    tick(commits)
    tick(commits)
    sent.refresh_from_db()
    assert sent.workflow_in_progress
    assert ["We have your idea" in message.subject for message in mail.outbox] == [True]


@pytest.fixture
def waiting(ready):
    row = factories.make_waiting()
    Message.objects.all().delete()
    return row


def test_killed_after_approve(waiting, commits, monkeypatch):
    moderator = factories.make_moderator()
    killed(monkeypatch, *ALL)
    with commits():
        moderating.approve(waiting, actor=moderator)
    revive(monkeypatch)
    waiting.refresh_from_db()
    assert waiting.staff_status == "approved"
    tick(commits)
    tick(commits)
    waiting.refresh_from_db()
    assert waiting.staff_status == "visible"
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("step", ["make_public", "add_child", "show"])
def test_killed_while_publishing(waiting, commits, monkeypatch, step):
    moderator = factories.make_moderator()
    target = {
        "make_public": "wagtail_crowdbrand.domain.publishing.pictures.make_public",
        "add_child": "wagtail_crowdbrand.domain.publishing._make_page",
        "show": "wagtail_crowdbrand.domain.publishing.gallery.show",
    }[step]

    def die(*args, **kwargs):
        raise Died

    monkeypatch.setattr(target, die)
    with commits():
        moderating.approve(waiting, actor=moderator)
    monkeypatch.undo()
    waiting.refresh_from_db()
    assert waiting.staff_status == "approved"
    assert waiting.page is None
    tick(commits)
    waiting.refresh_from_db()
    assert waiting.staff_status == "visible"
    assert [message.to[0] for message in mail.outbox] == [waiting.contributor.email]


def test_killed_after_withdraw(waiting, commits, monkeypatch):
    with commits():
        moderating.approve(waiting, actor=factories.make_moderator())
    mail.outbox.clear()
    killed(monkeypatch, *ALL)
    with commits():
        submitting.withdraw(waiting, at=timezone.now())
    revive(monkeypatch)
    waiting.refresh_from_db()
    assert waiting.visible_from is None
    tick(commits)
    waiting.refresh_from_db()
    assert not waiting.page.live
    assert waiting.uploads.get().image is None
    assert len(mail.outbox) == 1


def test_tick_twice_changes_nothing(waiting, commits):
    with commits():
        moderating.approve(waiting, actor=factories.make_moderator())
    for _number in range(2):
        tick(commits)
    sent = len(mail.outbox)
    tick(commits)
    assert len(mail.outbox) == sent


def test_unconfirmed_and_drafts_go_when_their_time_is_over(ready, commits):
    brief = factories.make_brief()
    draft, sent = factories.make_draft(brief), factories.make_sent(brief)
    confirmed = factories.make_confirmed(brief)
    names = [upload.file.name for upload in Upload.objects.filter(submission=sent)]
    storage = Upload._meta.get_field("file").storage
    end = brief.campaign.closes_at + timedelta(hours=48)

    assert upkeep.delete_unconfirmed(at=end) == 0
    with commits():
        assert upkeep.delete_unconfirmed(at=end + timedelta(seconds=1)) == 2
    assert list(Submission.objects.all()) == [confirmed]
    assert not Submission.objects.filter(pk__in=[draft.pk, sent.pk]).exists()
    assert [storage.exists(name) for name in names] == [False]


def test_pictures_of_an_unsent_edit_are_forgotten_after_a_day(waiting):
    now = timezone.now()
    kept = waiting.uploads.get()
    left = ingesting.add_upload(waiting, BytesIO(factories.picture_bytes()), at=now)
    assert upkeep.delete_forgotten_uploads(at=now + timedelta(hours=23)) == 0
    assert upkeep.delete_forgotten_uploads(at=now + timedelta(hours=25)) == 1
    assert list(waiting.uploads.all()) == [kept]
    assert not Upload.objects.filter(pk=left.pk).exists()


def test_moderators_get_a_digest_and_nothing_else(ready, commits):
    moderator = factories.make_moderator(email="mo@example.org")
    User.objects.create_superuser("root", "root@example.org", "secret")
    for _number in range(2):
        sent = factories.make_sent()
        Message.objects.all().delete()
        with commits():
            submitting.confirm(sent, at=timezone.now())
    assert all("@example.org" in message.to[0] for message in mail.outbox)
    to_staff = [message for message in mail.outbox if message.to[0][:2] in ("mo", "ro")]
    assert to_staff == []

    mail.outbox.clear()
    tick(commits)
    assert [message.to for message in mail.outbox] == [[moderator.email]]
    assert mail.outbox[0].subject == "2 submissions wait for your decision"
    tick(commits, later=timedelta(hours=9))
    assert len(mail.outbox) == 1


def test_wagtail_still_mails_about_pages(ready):
    superuser = User.objects.create_superuser("root", "root@example.org", "secret")
    campaign = factories.make_campaign()
    campaign.save_revision()
    task = GroupApprovalTask.objects.create(name="Check")
    workflow = Workflow.objects.create(name="Check")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    mail.outbox.clear()
    workflow.start(campaign, None)
    assert {message.to[0] for message in mail.outbox} == {superuser.email}
