"""What a load balancer and a monitor ask: is it alive, is it ready, how far behind."""

from __future__ import annotations

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from wagtail_crowdbrand.conf import get_config
from wagtail_crowdbrand.domain import health

PREFIX = "crowdbrand_"


@require_safe
@never_cache
@transaction.non_atomic_requests
def live(request: HttpRequest) -> HttpResponse:
    """This process answers. Asks nothing of anybody else."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
@transaction.non_atomic_requests
def ready(request: HttpRequest) -> HttpResponse:
    """200 when visitors can be served, else 503; each part in one word."""
    parts = health.examine(at=timezone.now())
    able = health.is_ready(parts)
    body = {"status": "ok" if able else "failed", "parts": parts}
    return JsonResponse(body, status=200 if able else 503)


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Numbers in Prometheus' text format, for superusers and ``METRICS_TOKEN``.

    Raises ``Http404`` for everybody else.
    """
    if not (_has_token(request) or request.user.is_superuser):
        raise Http404
    figures = health.figures(at=timezone.now())
    lines = [
        f"# TYPE {PREFIX}{name} gauge\n{PREFIX}{name} {number:g}\n"
        for name, number in figures.items()
    ]
    kind = "text/plain; version=0.0.4; charset=utf-8"
    return HttpResponse("".join(lines), content_type=kind)


def _has_token(request: HttpRequest) -> bool:
    token = get_config().metrics_token
    given = request.headers.get("Authorization", "")
    return bool(token) and constant_time_compare(given, f"Bearer {token}")
