"""Refusals as ``application/problem+json`` (RFC 9457), with our reason codes."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError
from ninja.errors import ValidationError as RequestError

from wagtail_crowdbrand import errors

CONTENT_TYPE = "application/problem+json"


class FieldProblem(Schema):
    """What is wrong with one field of what was sent: ``title``, ``answers.<id>``."""

    field: str
    code: str
    message: str


class Problem(Schema):
    """Why something was refused. ``code`` is stable, ``detail`` is for a person."""

    type: str = "about:blank"
    title: str
    status: int
    code: str
    detail: str
    errors: list[FieldProblem] = []


#: What any operation may answer besides success; ``openapi.json`` declares it.
READ_PROBLEMS = {304: None, 404: Problem, 405: Problem, 422: Problem}
WRITE_PROBLEMS = {
    400: Problem,
    401: Problem,
    403: Problem,
    404: Problem,
    405: Problem,
    413: Problem,
    409: Problem,
    422: Problem,
    429: Problem,
}

#: What a person reads for what never reaches the form behind an operation.
SENTENCES = {
    "extra_forbidden": _lazy("There is no such field."),
    "missing": _lazy("This field is required."),
    "string_too_long": _lazy("This is too long."),
    "string_too_short": _lazy("This field is required."),
}

TITLES = {
    400: "Bad request",
    401: "Not authenticated",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    409: "Conflict",
    413: "Too large",
    422: "Not valid",
    429: "Too many requests",
}


class Invalid(errors.CrowdbrandError):
    """Fields of the request are not valid; nothing was changed."""

    def __init__(self, problems: list[FieldProblem]) -> None:
        super().__init__("invalid", _("Please check what you sent."))
        self.problems = problems


def invalid(field: str, code: str, message: Any) -> Invalid:
    """One field is wrong."""
    return Invalid([FieldProblem(field=field, code=code, message=str(message))])


def status_of(error: errors.CrowdbrandError) -> int:
    """The HTTP status of a refusal."""
    if isinstance(error, errors.TooMany):
        return 429
    if isinstance(error, errors.Conflict):
        return 409
    if isinstance(error, errors.InvalidUpload | Invalid):
        return 422
    return 403


def response(
    status: int, *, code: str, detail: Any, problems: list[FieldProblem] | None = None
) -> HttpResponse:
    problem = Problem(
        title=TITLES.get(status, "Error"),
        status=status,
        code=code,
        detail=str(detail),
        errors=problems or [],
    )
    made = HttpResponse(
        problem.model_dump_json(), status=status, content_type=CONTENT_TYPE
    )
    made["Cache-Control"] = "no-store"
    return made


def missing() -> HttpResponse:
    return response(404, code="not_found", detail=_("There is nothing here."))


def _field_of(place: tuple[str | int, ...]) -> str:
    """The name of a field as it was sent: the body is not part of it."""
    parts = [str(part) for part in place[1:]]
    return ".".join(parts[1:] if parts[:1] == ["body"] else parts)


def register(api: NinjaAPI) -> None:
    """Translate what operations raise; the one place where the API does."""

    @api.exception_handler(errors.CrowdbrandError)
    def refused(request: HttpRequest, error: errors.CrowdbrandError) -> HttpResponse:
        problems = error.problems if isinstance(error, Invalid) else []
        made = response(
            status_of(error), code=error.code, detail=error.message, problems=problems
        )
        if isinstance(error, errors.TooMany):
            made["Retry-After"] = str(error.retry_after)
        return made

    @api.exception_handler(RequestError)
    def malformed(request: HttpRequest, error: RequestError) -> HttpResponse:
        problems = [
            FieldProblem(
                field=_field_of(item["loc"]),
                code=item["type"],
                message=str(SENTENCES.get(item["type"], item["msg"])),
            )
            for item in error.errors
        ]
        detail = _("Please check what you sent.")
        return response(422, code="invalid", detail=detail, problems=problems)

    @api.exception_handler(Http404)
    def not_found(request: HttpRequest, error: Http404) -> HttpResponse:
        return missing()

    @api.exception_handler(AuthenticationError)
    def unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        detail = _("This needs the private token of the submission.")
        made = response(401, code="not_authenticated", detail=detail)
        made["WWW-Authenticate"] = "Bearer"
        return made

    @api.exception_handler(RequestDataTooBig)
    def too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
        detail = _("That is more than can be taken in one request.")
        return response(413, code="too_large", detail=detail)

    @api.exception_handler(SuspiciousOperation)
    @api.exception_handler(MultiPartParserError)
    def unreadable(request: HttpRequest, error: Exception) -> HttpResponse:
        detail = _("This request cannot be read.")
        return response(400, code="bad_request", detail=detail)

    @api.exception_handler(HttpError)
    def other(request: HttpRequest, error: HttpError) -> HttpResponse:
        return response(error.status_code, code="bad_request", detail=str(error))
