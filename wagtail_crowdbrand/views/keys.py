"""What a browser session may open: the submissions begun or unlocked in it."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.utils.crypto import constant_time_compare

from wagtail_crowdbrand.models import Submission
from wagtail_crowdbrand.models.submission import read_code

SESSION_KEY = "crowdbrand"
MAX_KEYS = 50


def grant(request: HttpRequest, submission: Submission) -> None:
    """Let this session open ``submission`` until its private links are revoked.

    Under a new id: whoever knew the old one (session fixation) knows nothing.
    """
    request.session.cycle_key()
    keys = dict(request.session.get(SESSION_KEY, {}))
    keys.pop(submission.code, None)
    keys[submission.code] = submission.nonce
    request.session[SESSION_KEY] = dict(list(keys.items())[-MAX_KEYS:])


def opens(request: HttpRequest, submission: Submission) -> bool:
    """Whether this session, or the account in it, is the contributor's."""
    nonce = request.session.get(SESSION_KEY, {}).get(submission.code, "")
    if constant_time_compare(nonce, submission.nonce):
        return True
    contributor = submission.contributor
    user_id = contributor.user_id if contributor else None
    return user_id is not None and user_id == request.user.pk


def codes(request: HttpRequest) -> list[str]:
    """Codes of the submissions this session opens; a revoked key opens none."""
    keys = request.session.get(SESSION_KEY, {})
    rows = Submission.objects.filter(code__in=list(keys)).values_list("code", "nonce")
    return [code for code, nonce in rows if constant_time_compare(keys[code], nonce)]


def own_or_404(request: HttpRequest, code: str) -> Submission:
    """The contributor's own submission; 404 for everybody else."""
    rows = Submission.objects.select_related("personal", "contributor", "page")
    submission = rows.filter(code=read_code(code)).first()
    if submission is None or not opens(request, submission):
        raise Http404
    return submission


def draft_for(request: HttpRequest, brief_key: object) -> Submission | None:
    """The newest unsent draft of this session for a brief."""
    keys = request.session.get(SESSION_KEY, {})
    drafts = Submission.objects.filter(
        code__in=list(keys), brief_key=brief_key, lifecycle="draft"
    ).order_by("-created_at")
    return next((draft for draft in drafts if opens(request, draft)), None)
