"""What every template of the demo may show."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from example_site.showcase.demo import DEMO_LOGINS, DEMO_PASSWORD


def demo(request: HttpRequest) -> dict[str, Any]:
    """Return the demo logins, or nothing when ``SHOWCASE_DEMO`` is off."""
    if not settings.SHOWCASE_DEMO:
        return {}
    return {"demo_logins": DEMO_LOGINS, "demo_password": DEMO_PASSWORD}
