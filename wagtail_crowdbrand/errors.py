"""What domain functions raise: one sentence for a person, a code for a machine."""

from __future__ import annotations

from django.utils.functional import Promise


class CrowdbrandError(Exception):
    """Something was refused; nothing was changed.

    ``code`` is stable and machine readable, ``message`` is translated.
    """

    def __init__(self, code: str, message: str | Promise) -> None:
        super().__init__(code)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return str(self.message)


class NotAllowed(CrowdbrandError):
    """The phase, a limit or the actor's permissions forbid it."""


class TooMany(NotAllowed):
    """Too often in a short time; ``retry_after`` is in seconds."""

    def __init__(self, code: str, message: str | Promise, *, retry_after: int) -> None:
        super().__init__(code, message)
        self.retry_after = retry_after


class Conflict(CrowdbrandError):
    """The state changed since the actor looked at it."""


class InvalidUpload(CrowdbrandError):
    """A file cannot be used as a picture."""


class Vetoed(CrowdbrandError):
    """A receiver of a veto signal refused the change."""
