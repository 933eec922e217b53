"""Where a list goes on: signed, so that a cursor nobody here made is refused."""

from __future__ import annotations

import json
from typing import Any

from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext as _

from wagtail_crowdbrand.api.problems import invalid

#: No cursor of ours is longer.
LONGEST = 500


def write(place: list[Any], *, purpose: str) -> str:
    """``place`` (JSON values) as an opaque, URL-safe word for one list only."""
    return _signer(purpose).sign_object(place)


def read(text: str, *, purpose: str) -> list[Any]:
    """What :func:`write` wrote. Raises ``Invalid`` (422) for anything else."""
    try:
        if len(text) > LONGEST:
            raise BadSignature
        place = _signer(purpose).unsign_object(text)
    except (BadSignature, ValueError, json.JSONDecodeError):
        message = _("This cursor does not belong to this list.")
        raise invalid("cursor", "bad_cursor", message) from None
    return list(place)


def _signer(purpose: str) -> Signer:
    return Signer(salt=f"wagtail_crowdbrand.cursor.{purpose}")
