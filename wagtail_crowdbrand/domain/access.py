"""Private links: who holds one may see, confirm, edit or withdraw one submission.

A link carries 256 bits derived from the site's secret, the submission and a nonce, so
the database alone opens nothing, and a new nonce revokes every older link.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.crypto import constant_time_compare

if TYPE_CHECKING:
    from wagtail_crowdbrand.models import Submission

CONFIRM = "confirm"
EDIT = "edit"
#: To go on with a draft; what was sent is not opened by it.
RESUME = "resume"


def token_for(submission: Submission, purpose: str) -> str:
    """The secret part of a private link, 43 URL-safe characters."""
    return _derive(settings.SECRET_KEY, submission, purpose)


def is_valid(token: str, submission: Submission, purpose: str) -> bool:
    """Whether ``token`` opens ``submission`` for ``purpose``; in constant time."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    results = [
        constant_time_compare(token, _derive(secret, submission, purpose))
        for secret in secrets
    ]
    return any(results)


def _derive(secret: str, submission: Submission, purpose: str) -> str:
    # RFC 2104 over a message no other use of the secret can produce.
    message = f"wagtail_crowdbrand:{purpose}:{submission.pk}:{submission.nonce}"
    digest = hmac.new(secret.encode(), message.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
