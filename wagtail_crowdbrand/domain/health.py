"""Whether this process can work, and how far behind the site is."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.core.cache import cache
from django.db import connection
from django.db.models import Min, Sum

from wagtail_crowdbrand.domain import outbox, sealing
from wagtail_crowdbrand.models import BriefCounter, Message, Notice, Submission
from wagtail_crowdbrand.states import Moderation

logger = logging.getLogger("wagtail_crowdbrand")

OK, FAILED, LATE, UNKNOWN = "ok", "failed", "late", "unknown"
#: Without these nobody can be served.
NEEDED = ("database", "cache")
TICKED = "crowdbrand:ticked"
#: A tick every five minutes may miss two.
TICK_MAY_BE = timedelta(minutes=16)
MAIL_MAY_BE = timedelta(minutes=30)
#: Nobody needs to know beyond, and counting costs.
CAP = 10_000


def ticked(*, at: datetime) -> None:
    """A tick has come to its end."""
    try:
        cache.set(TICKED, at.timestamp(), timeout=None)
    except Exception:  # whatever a cache raises
        logger.exception("Nobody will know of this tick: the cache does not answer.")


def examine(*, at: datetime) -> dict[str, str]:
    """Part → ``ok``, ``failed``, ``late`` or ``unknown``. Raises nothing."""
    parts: dict[str, Callable[[], str]] = {
        "database": _database,
        "cache": _cache,
        "mails": lambda: _mails(at),
        "tick": lambda: _tick(at),
    }
    return {name: _try(look) for name, look in parts.items()}


def is_ready(parts: dict[str, str]) -> bool:
    """Late mails and ticks are for a person; another process is as late as this one."""
    return all(parts[name] == OK for name in NEEDED)


def _try(look: Callable[[], str]) -> str:
    try:
        return look()
    except Exception:  # whatever a database or a cache raises
        logger.exception("A part of the site does not answer.")
        return FAILED


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return OK


def _cache() -> str:
    word = secrets.token_hex(8)
    key = f"crowdbrand:health:{word}"
    cache.set(key, word, timeout=30)
    return OK if cache.get(key) == word else FAILED


def _mails(at: datetime) -> str:
    waiting = oldest_mail_seconds(at=at)
    return LATE if waiting > MAIL_MAY_BE.total_seconds() else OK


def _tick(at: datetime) -> str:
    seconds = tick_seconds(at=at)
    if seconds is None:
        return UNKNOWN  # never, or the cache is each process's own
    return LATE if seconds > TICK_MAY_BE.total_seconds() else OK


def tick_seconds(*, at: datetime) -> float | None:
    """Since the last tick came to its end."""
    last = cache.get(TICKED)
    return None if last is None else max(0.0, at.timestamp() - last)


def oldest_mail_seconds(*, at: datetime) -> float:
    """How long the mail has waited that is due longest."""
    first = _unsent().aggregate(first=Min("due_at"))["first"]
    return max(0.0, (at - first).total_seconds()) if first else 0.0


def _unsent() -> Any:
    return Message.objects.filter(sent_at__isnull=True, attempts__lt=outbox.ATTEMPTS)


def figures(*, at: datetime) -> dict[str, float]:
    """Numbers for a monitor, each by index or capped at ``CAP``."""
    given_up = Message.objects.filter(
        sent_at__isnull=True, attempts__gte=outbox.ATTEMPTS
    )
    waiting = Submission.objects.sent().filter(moderation=Moderation.PENDING)
    waiting = waiting.exclude(campaign_page__in=sealing.ids(at=at))
    shown = BriefCounter.objects.aggregate(number=Sum("visible_count"))["number"]
    found = {
        "ideas_on_show": shown or 0,
        "reviews_waiting": _capped(waiting),
        "notices_open": _capped(Notice.objects.filter(outcome="")),
        "mails_waiting": _capped(_unsent()),
        "mails_given_up": _capped(given_up),
        "mail_oldest_seconds": oldest_mail_seconds(at=at),
    }
    since = tick_seconds(at=at)
    if since is not None:
        found["tick_age_seconds"] = since
    if apps.is_installed("django_tasks_db"):
        results = apps.get_model("django_tasks_database", "DBTaskResult")
        found["tasks_waiting"] = _capped(results.objects.filter(status="READY"))
    return found


def _capped(rows: Any) -> int:
    return rows.order_by()[:CAP].count()
