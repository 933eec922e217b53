"""The API as one object: its routers, its refusals, its OpenAPI document."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.apps import apps
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import re_path
from django.utils.cache import (
    get_conditional_response,
    patch_cache_control,
    patch_vary_headers,
)
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.openapi.docs import Swagger
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from wagtail_crowdbrand.api import origins, problems
from wagtail_crowdbrand.api.asking import SameSite
from wagtail_crowdbrand.api.previews import router

DESCRIPTION = (
    "Read open calls, briefs and the ideas on show; send an idea, confirm it, follow "
    "it, change it, take it back; say what is wrong with one. Errors are problem+json "
    "(RFC 9457) with a stable code."
)
#: By RFC 9110; Pythons before 3.13 know the older names.
NAMES = {413: "Content Too Large", 422: "Unprocessable Content"}


class LocalDocs(Swagger):
    """The page for people, from this site's own static files and nobody else's."""

    def render_page(
        self, request: HttpRequest, api: NinjaAPI, **kwargs: Any
    ) -> HttpResponse:
        if not apps.is_installed("ninja"):
            raise Http404('Add "ninja" to INSTALLED_APPS to have this page.')
        return super().render_page(request, api, **kwargs)


class CrowdbrandAPI(NinjaAPI):
    """Ninja's, with honest caching and refusals declared as what they are."""

    def create_response(
        self, request: HttpRequest, data: Any, **kwargs: Any
    ) -> HttpResponse:
        response = super().create_response(request, data, **kwargs)
        # What is on show may disappear at any moment, and depends on who asks.
        patch_cache_control(response, private=True, no_cache=True)
        patch_vary_headers(response, ["Cookie", "Authorization", "Accept-Language"])
        if request.method not in ("GET", "HEAD") or response.status_code != 200:
            return response
        digest = hashlib.sha256(response.content).hexdigest()[:32]
        response["ETag"] = quote_etag(digest)
        return get_conditional_response(
            request, etag=response["ETag"], response=response
        )

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__

    def _get_urls(self) -> list[Any]:
        # Last, so that the site answers nothing below here in a shape of its own.
        patterns = [*super()._get_urls(), re_path("", _missing, name="missing")]
        for pattern in patterns:
            answer = _refusing_in_json(pattern.callback)
            pattern.callback = _heeding_origins(answer)
        return patterns

    def get_openapi_schema(self, **kwargs: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**kwargs)
        for operations in schema["paths"].values():
            for operation in operations.values():
                for status, answer in operation["responses"].items():
                    if name := NAMES.get(int(status)):
                        answer["description"] = name
                    content = answer.get("content", {})
                    if int(status) >= 400 and "application/json" in content:
                        answer["content"] = {
                            problems.CONTENT_TYPE: content["application/json"]
                        }
        return schema


def _refusing_in_json(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Ninja refuses a wrong method, and what is no operation, past our handlers."""

    @wraps(view)
    def wrapped(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            response = view(request, **kwargs)
        except Http404:
            return problems.missing()
        if response.status_code != 405:
            return response
        detail = _("This cannot be done here.")
        refusal = problems.response(405, code="method_not_allowed", detail=detail)
        refusal["Allow"] = ", ".join(sorted(response["Allow"].split(", ")))
        return refusal

    return wrapped


def _heeding_origins(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answers pages of other origins as the setting says; see :mod:`origins`.

    Django's own check would refuse them in HTML; :class:`SameSite` is ours.
    """

    @csrf_exempt
    @wraps(view)
    def wrapped(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if origins.is_listed(request):
            if origins.is_preflight(request):
                return origins.mark(request, origins.allow(request))
            origins.forget_session(request)
        return origins.mark(request, view(request, **kwargs))

    return wrapped


def _missing(request: HttpRequest) -> HttpResponse:
    return problems.missing()


api = CrowdbrandAPI(
    title="wagtail-crowdbrand",
    version="1",
    description=DESCRIPTION,
    urls_namespace="wagtail_crowdbrand_api",
    auth=SameSite(),
    docs=LocalDocs(),
    docs_url="/docs",
    openapi_url="/openapi.json",
)
problems.register(api)
api.add_router("", router)
