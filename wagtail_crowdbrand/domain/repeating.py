"""A request that is sent again, because its answer was lost, is carried out once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from wagtail_crowdbrand.errors import Conflict
from wagtail_crowdbrand.models import SentOnce, Submission

#: A client that tries again later than this sends a new idea.
REMEMBERED = timedelta(days=7)


def once(
    key: str, content: str, make: Callable[[], Submission], *, at: datetime
) -> tuple[Submission, bool]:
    """What ``make`` makes, or made when ``key`` was used first; and whether it is new.

    ``content`` is what was sent: the same key with other content raises ``Conflict``
    (``key_reused``). Of two at once the second waits for the first. Nothing is
    remembered of a request that failed.
    """
    name, fingerprint = _hash("key", key), _hash("content", content)
    try:
        with transaction.atomic():
            mark = SentOnce.objects.create(
                key=name, fingerprint=fingerprint, created_at=at
            )
            submission = make()
            mark.submission = submission
            mark.save(update_fields=["submission"])
            return submission, True
    except IntegrityError:
        marks = SentOnce.objects.select_related("submission__personal")
        first = marks.filter(key=name, submission__isnull=False).first()
        if first is None:
            raise
    if first.fingerprint != fingerprint:
        message = _("This Idempotency-Key was used for something else.")
        raise Conflict("key_reused", message)
    return first.submission, False


def forget(*, at: datetime) -> int:
    """Delete what no client will ask for again."""
    return SentOnce.objects.filter(created_at__lt=at - REMEMBERED).delete()[0]


def _hash(purpose: str, text: str) -> str:
    salt = f"wagtail_crowdbrand.repeating.{purpose}"
    return salted_hmac(salt, text, algorithm="sha256").hexdigest()
