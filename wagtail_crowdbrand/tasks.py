"""What happens outside the request: thin wrappers with primitive arguments."""

from __future__ import annotations

from django.utils import timezone
from django_tasks import task

from wagtail_crowdbrand import notifications
from wagtail_crowdbrand.domain import moderating, publishing
from wagtail_crowdbrand.models import Submission


@task()
def start_moderation(submission_id: int) -> None:
    moderating.start(Submission.objects.get(pk=submission_id))


@task()
def publish(submission_id: int) -> None:
    publishing.publish(Submission.objects.get(pk=submission_id), at=timezone.now())


@task()
def retract(submission_id: int) -> None:
    publishing.retract(Submission.objects.get(pk=submission_id))


@task()
def ask_to_confirm(submission_id: int) -> None:
    notifications.ask_to_confirm(Submission.objects.get(pk=submission_id))


@task()
def send_receipt(submission_id: int) -> None:
    notifications.receipt(Submission.objects.get(pk=submission_id))


@task()
def tell_published(submission_id: int, first: bool) -> None:
    notifications.published(Submission.objects.get(pk=submission_id), first=first)


@task()
def tell_decided(submission_id: int, action: str, reason: str) -> None:
    submission = Submission.objects.get(pk=submission_id)
    notifications.decided(submission, action=action, reason=reason)


@task()
def tell_withdrawn(submission_id: int) -> None:
    notifications.withdrawn(Submission.objects.get(pk=submission_id))
