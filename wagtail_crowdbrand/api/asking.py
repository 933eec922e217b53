"""Who asks, and what they may open."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja.errors import AuthenticationError
from ninja.security import HttpBearer
from ninja.utils import check_csrf

from wagtail_crowdbrand.domain import access
from wagtail_crowdbrand.errors import NotAllowed
from wagtail_crowdbrand.models import Submission
from wagtail_crowdbrand.models.submission import read_code
from wagtail_crowdbrand.states import Lifecycle

SAFE = ("GET", "HEAD", "OPTIONS")


class SameSite:
    """Lets everybody in; a browser that is signed in has to prove it meant it.

    Who sends no session has no power of its own to be abused, so that a client of
    another site needs no CSRF token.
    """

    def __call__(self, request: HttpRequest) -> bool:
        signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES
        if request.method not in SAFE and signed_in and check_csrf(request):
            detail = _("Send the CSRF token of this site along.")
            raise NotAllowed("csrf_failed", detail)
        return True


class PrivateToken(HttpBearer):
    """The private token of the submission in the URL, or the account it belongs to."""

    openapi_description = "From the answer that created or confirmed the submission."

    def __call__(self, request: HttpRequest) -> Any:
        if "Authorization" not in request.headers:
            SameSite()(request)
            submission = _of_account(request)
        else:
            submission = super().__call__(request)
        if submission is None:
            raise AuthenticationError
        return submission

    def authenticate(self, request: HttpRequest, token: str) -> Submission | None:
        return opened_by(_code_in(request), token)


def opened_by(code: str, token: str) -> Submission | None:
    """The submission whose private token it is; an unknown code takes as long.

    A draft is opened by the token of a mailed link as well.
    """
    rows = Submission.objects.select_related("personal", "contributor", "page")
    row = rows.filter(code=read_code(code)).first()
    asked = row or Submission(pk=0)
    purposes = (access.EDIT, access.RESUME)
    opens = [access.is_valid(token, asked, purpose) for purpose in purposes]
    valid = any(opens) if asked.lifecycle == Lifecycle.DRAFT else opens[0]
    return row if row and valid and row.erased_at is None else None


def claimed(claim: str) -> Submission:
    """The draft a claim (``<code>.<token>``) belongs to. Raises ``Http404``."""
    code, _dot, token = claim.partition(".")
    submission = opened_by(code, token)
    if submission is None:
        raise Http404
    return submission


def claim_of(submission: Submission) -> str:
    """The secret with which a client that began a draft goes on with it."""
    return f"{submission.code}.{access.token_for(submission, access.EDIT)}"


def account_of(request: HttpRequest) -> Any:
    """The signed-in account, or ``None``. A token of ours says nothing about it."""
    user = getattr(request, "user", None)
    return user if user is not None and user.is_authenticated else None


def _of_account(request: HttpRequest) -> Submission | None:
    user = account_of(request)
    if user is None:
        return None
    rows = Submission.objects.select_related("personal", "contributor", "page")
    return rows.filter(
        code=read_code(_code_in(request)), contributor__user=user, erased_at=None
    ).first()


def _code_in(request: HttpRequest) -> str:
    match = request.resolver_match
    return str(match.kwargs.get("code", "")) if match else ""
