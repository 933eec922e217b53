"""What happens, as lines a machine reads: a name and fields, never words of anybody."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

logger = logging.getLogger("wagtail_crowdbrand.events")


def log_event(name: str, **fields: Any) -> None:
    """One line at level ``INFO``: ``name key=value …``, and the same as attributes
    ``event`` and ``fields`` of the record, for whoever writes JSON.

    ``fields`` are ids, numbers and codes: no addresses, no titles, no keys.
    """
    fields = {
        key: value.isoformat() if isinstance(value, datetime) else value
        for key, value in fields.items()
    }
    text = " ".join([name, *(f"{key}={value}" for key, value in fields.items())])
    logger.info("%s", text, extra={"event": name, "fields": fields})
