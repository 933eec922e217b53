"""The pages a request may see: live, of its site, and not behind a closed door."""

from __future__ import annotations

import math
from functools import reduce
from operator import or_
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest

from wagtail_crowdbrand.callers import passed_restrictions, site_paths
from wagtail_crowdbrand.domain.classes import campaign_models
from wagtail_crowdbrand.models import BriefMixin
from wagtail_crowdbrand.models.submission import paths_closed_to


def campaigns(request: HttpRequest) -> list[Any]:
    """All campaigns of this site that this request may see, the newest first."""
    found = [
        page
        for model in campaign_models()
        for page in _open_to(request, _of_site(request, model)).select_related("cover")
    ]
    return sorted(found, key=_opening, reverse=True)


def _opening(page: Any) -> float:
    """When it opens, in seconds; what has no date yet is the newest."""
    return page.opens_at.timestamp() if page.opens_at else math.inf


def campaign(request: HttpRequest, pk: int) -> Any:
    """One campaign. Raises ``Http404``."""
    return _one(request, campaign_models(), pk)


def brief(request: HttpRequest, pk: int) -> Any:
    """One brief of a campaign this request may see. Raises ``Http404``."""
    models = [model for model in apps.get_models() if issubclass(model, BriefMixin)]
    found = _one(request, models, pk)
    if not found.campaign.live:
        raise Http404
    return found


def briefs_of(request: HttpRequest, page: Any) -> list[Any]:
    """The live briefs of a campaign, in the order editors gave them."""
    models = [model for model in apps.get_models() if issubclass(model, BriefMixin)]
    rows = [
        brief
        for model in models
        for brief in _open_to(request, model._default_manager.child_of(page).live())
    ]
    for row in rows:
        row.campaign = page
    return sorted(rows, key=lambda brief: brief.path)


def _one(request: HttpRequest, models: list[Any], pk: int) -> Any:
    for model in models:
        rows = _of_site(request, model).filter(pk=pk)
        found = _open_to(request, rows).first()
        if found is not None:
            return found
    raise Http404


def _of_site(request: HttpRequest, model: Any) -> QuerySet[Any]:
    below = [Q(path__startswith=path) for path in _site_paths(request)]
    if not below:
        return model._default_manager.none()
    return model._default_manager.live().filter(reduce(or_, below))


def _site_paths(request: HttpRequest) -> list[str]:
    """Read once for a whole request."""
    if not hasattr(request, "_crowdbrand_site_paths"):
        request._crowdbrand_site_paths = site_paths(request)
    return request._crowdbrand_site_paths


def _open_to(request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Without what is behind Wagtail's page privacy for this request."""
    for path in closed_paths(request):
        rows = rows.exclude(path__startswith=path)
    return rows


def closed_paths(request: HttpRequest) -> list[str]:
    """Tree paths this request may not look below; one query for a whole request."""
    return list(paths_closed_to(request.user, passed_restrictions(request)))
