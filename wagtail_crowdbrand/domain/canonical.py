"""The one way in which something is written before a digest is taken of it.

It is JSON as RFC 8785 wants it, for the little that we need: objects with names in
ASCII, lists, strings, whole numbers, ``true``, ``false`` and ``null``. In Python::

    json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))

in UTF-8. Instants are strings in UTC with microseconds, such as
``2026-11-27T11:00:00.000000Z``.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from django.utils.functional import Promise

#: Beyond it JavaScript no longer tells one whole number from the next.
LARGEST = 2**53 - 1


def encode(value: Any) -> bytes:
    """``value`` in the canonical form. Raises ``TypeError`` for what has none."""
    plain = json.dumps(
        _checked(value), sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    return plain.encode()


def digest_of(value: Any) -> str:
    """SHA-256 over the canonical form, in hexadecimal."""
    return hashlib.sha256(encode(value)).hexdigest()


def instant(moment: datetime) -> str:
    """An aware instant as it stands in what a digest is taken of."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"


def plain(value: Any) -> Any:
    """``value`` with instants and lazy translations as strings, and clean text."""
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, str | Promise):
        return clean(str(value))
    if isinstance(value, dict):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value


def clean(text: str) -> str:
    """Without what no database and no other program keeps: NUL and lone surrogates."""
    return text.replace("\x00", "").encode(errors="ignore").decode()


def _checked(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int) and abs(value) <= LARGEST:
        return value
    if isinstance(value, list):
        return [_checked(each) for each in value]
    if isinstance(value, dict) and all(_is_name(name) for name in value):
        return {name: _checked(each) for name, each in value.items()}
    raise TypeError(f"There is no canonical form for {type(value).__name__}.")


def _is_name(name: Any) -> bool:
    return isinstance(name, str) and name.isascii()
