"""Every branch on a version of Wagtail or Django, newest first."""

from __future__ import annotations

from typing import Any

from wagtail import VERSION as WAGTAIL_VERSION

# Delete the other branches when Wagtail 7.4 is no longer supported.
PERMISSION_POLICY_REGISTRY = WAGTAIL_VERSION >= (8, 0)


def register_permission_policy(model: Any, policy: Any) -> None:
    """Tell Wagtail 8.0's registry; on 7.4 the viewset carries the policy itself."""
    if PERMISSION_POLICY_REGISTRY:
        from wagtail.permissions import register_permission_policy as register

        register(model, policy)
