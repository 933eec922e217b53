"""How often something may be done: fixed windows on Django's cache.

Limits that matter are database rules; these only slow down machines. When the cache
is away everything is allowed, and a line in the log says so.
"""

from __future__ import annotations

import logging
from datetime import datetime

from django.core.cache import cache
from django.utils.crypto import salted_hmac

from wagtail_crowdbrand.conf import get_config
from wagtail_crowdbrand.domain.events import log_event
from wagtail_crowdbrand.errors import TooMany
from wagtail_crowdbrand.states import REASONS

logger = logging.getLogger("wagtail_crowdbrand")

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def parse(rate: str) -> tuple[int, int]:
    """``"20/h"`` → ``(20, 3600)``: how many in how many seconds."""
    count, _slash, unit = rate.partition("/")
    return int(count), SECONDS[unit]


def hit(action: str, who: str, *, at: datetime, cost: int = 1) -> None:
    """Count ``cost`` uses of ``action`` by ``who`` (an address, an account).

    Raises ``TooMany`` with the code ``too_many`` when that is over the limit the
    setting ``RATE_LIMITS`` names; an action without one is not limited. ``who`` is
    kept only as a keyed hash.
    """
    rate = get_config().rate_limits.get(action)
    if not rate or not cost:
        return
    limit, period = parse(rate)
    window, passed = divmod(int(at.timestamp()), period)
    name = salted_hmac(
        "wagtail_crowdbrand.limits", who, algorithm="sha256"
    ).hexdigest()[:32]
    key = f"crowdbrand:{action}:{name}:{window}"
    try:
        cache.add(key, 0, timeout=2 * period)
        used = cache.incr(key, cost)
    except Exception:  # whatever a cache raises
        logger.exception("Rate limits are off: the cache does not answer.")
        return
    if used > limit:
        log_event("rate_limited", action=action)
        message = REASONS["too_many"]
        raise TooMany("too_many", message, retry_after=period - passed)
