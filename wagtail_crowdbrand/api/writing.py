"""What a contributor or a visitor may do: the same deeds, limits and mails as pages."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.db import transaction
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from ninja import File, Form, Header, Status
from ninja.files import UploadedFile

from wagtail_crowdbrand.api import asking, finding, schemas, showing, taking
from wagtail_crowdbrand.api.problems import WRITE_PROBLEMS, invalid
from wagtail_crowdbrand.api.reading import router
from wagtail_crowdbrand.callers import giver_of, limit, limit_notices, sees
from wagtail_crowdbrand.domain import (
    access,
    appealing,
    drafting,
    ingesting,
    noticing,
    phases,
    repeating,
    submitting,
)
from wagtail_crowdbrand.models import Submission
from wagtail_crowdbrand.models.submission import read_code
from wagtail_crowdbrand.states import Capability, Lifecycle

WRITE: dict[str, Any] = {"tags": ["Write"]}
OWN: dict[str, Any] = {
    "tags": ["Your own submission"],
    "auth": asking.PrivateToken(),
}


@router.post(
    "/briefs/{brief_id}/uploads",
    response={201: schemas.SentUpload, **WRITE_PROBLEMS},
    **WRITE,
)
def upload(
    request: HttpRequest,
    brief_id: schemas.PageId,
    file: File[UploadedFile],
    claim: Annotated[str, Form(max_length=100)] = "",
) -> Any:
    """Send a picture. Send the ``claim`` of the first one along with the others."""
    now, brief = timezone.now(), finding.brief(request, brief_id)
    limit(request, "upload", at=now)
    with transaction.atomic():
        draft = _draft(request, brief, claim, at=now)
        _require_open(draft, at=now)
        added = ingesting.add_upload(draft, file.file, at=now)
    return Status(
        201,
        {
            "id": added.pk,
            "claim": asking.claim_of(draft),
            "width": added.width,
            "height": added.height,
        },
    )


@router.post(
    "/briefs/{brief_id}/submissions",
    response={201: schemas.Sent, **WRITE_PROBLEMS},
    **WRITE,
)
def create(
    request: HttpRequest,
    brief_id: schemas.PageId,
    body: schemas.NewSubmission,
    idempotency_key: str = Header(
        "",
        alias="Idempotency-Key",
        max_length=200,
        description="Random, at least 16 characters; the same when you try again.",
    ),
) -> Any:
    """Send an idea. With an ``Idempotency-Key``, trying again never makes a second.

    A guest confirms the address by mail; an account's idea counts at once.
    """
    now, brief = timezone.now(), finding.brief(request, brief_id)
    limit(request, "submit", at=now)

    def make() -> Submission:
        return _send(request, brief, body, at=now)

    if not idempotency_key:
        with transaction.atomic():
            return Status(201, _sent(make(), new=True))
    if len(idempotency_key) < 16:
        message = "Use at least 16 random characters."
        raise invalid("Idempotency-Key", "too_short", message)
    content = f"{brief.translation_key} {body.model_dump_json()}"
    submission, new = repeating.once(idempotency_key, content, make, at=now)
    return Status(201, _sent(submission, new=new))


def _send(
    request: HttpRequest, brief: Any, body: schemas.NewSubmission, *, at: datetime
) -> Submission:
    user = asking.account_of(request)
    draft = _draft(request, brief, body.claim, at=at)
    known = {str(pk) for pk in draft.uploads.values_list("pk", flat=True)}
    idea = taking.idea_of(brief, body, known)
    person = taking.person_of(body, email=body.email, signed_in=user is not None)
    draft = drafting.save_draft(draft, idea=idea, person=person, at=at)
    taking.require_complete(draft)
    return submitting.submit(draft, user=user, terms_number=body.terms_number, at=at)


def _draft(request: HttpRequest, brief: Any, claim: str, *, at: datetime) -> Submission:
    """The draft a claim belongs to, or a new one."""
    if claim:
        draft = asking.claimed(claim)
        if draft.brief_key != brief.translation_key:
            raise Http404
        return draft
    limit(request, "draft", at=at)
    user, language = asking.account_of(request), get_language() or ""
    return drafting.start_draft(brief, user=user, language=language, at=at)


def _sent(submission: Submission, *, new: bool) -> dict[str, Any]:
    """A repeated request learns no key that was made since."""
    known = new or submission.confirmed_at is None
    token = access.token_for(submission, access.EDIT) if known else None
    return {
        "code": submission.code,
        "token": token,
        "status": submission.contributor_status,
    }


@router.post(
    "/briefs/{brief_id}/resume-link",
    response={202: schemas.Resumable, **WRITE_PROBLEMS},
    **WRITE,
)
def mail_resume_link(
    request: HttpRequest, brief_id: schemas.PageId, body: schemas.ResumeRequest
) -> Any:
    """Mail a link with which the draft goes on elsewhere, and keep its words."""
    now = timezone.now()
    brief = finding.brief(request, brief_id)
    limit(request, "resume", at=now)
    person = taking.person_of(body.content, email=body.email, signed_in=False)
    with transaction.atomic():
        draft = _draft(request, brief, body.claim, at=now)
        if body.content:
            kept = taking.kept_of(brief, body.content)
            drafting.save_draft(draft, idea=kept, person=person, at=now)
        drafting.mail_resume_link(draft, email=person.email, at=now)
    return Status(202, {"accepted": True, "claim": asking.claim_of(draft)})


@router.post(
    "/submissions/{code}/confirm",
    response={200: schemas.Sent, **WRITE_PROBLEMS},
    **WRITE,
)
def confirm(
    request: HttpRequest, code: schemas.Code, body: schemas.Confirmation
) -> Any:
    """Confirm the address with the token of the mail; the answer holds the new key."""
    now = timezone.now()
    limit(request, "link", at=now)
    row = Submission.objects.filter(code=read_code(code)).first()
    valid = access.is_valid(body.token, row or Submission(pk=0), access.CONFIRM)
    if row is None or not valid:
        raise Http404
    return _sent(submitting.confirm(row, at=now), new=True)


@router.post(
    "/submissions/{code}/notices",
    response={202: schemas.Accepted, **WRITE_PROBLEMS},
    **WRITE,
)
def give_notice(
    request: HttpRequest, code: schemas.Code, body: schemas.NewNotice
) -> Any:
    """Say what is wrong with an idea that is on show."""
    now = timezone.now()
    limit(request, "notice", at=now)
    taking.require_plain(text=body.text, name=body.name, email=body.email)
    rows = Submission.objects.filter(code=read_code(code))
    row = rows.visible_to(at=now, **sees(request)).first()
    if row is None:
        raise Http404
    problem = noticing.Problem(
        reason_code=body.reason,
        person=giver_of(request, body.email),
        text=body.text,
        name=body.name,
        email=body.email,
        language=get_language() or "",
    )
    with transaction.atomic():
        noticing.give_notice(row, problem, at=now)
        limit_notices(request, row.pk, at=now)
    return Status(202, {"accepted": True})


@router.get(
    "/submissions/{code}/own",
    response={200: schemas.OwnSubmission, 304: None, **WRITE_PROBLEMS},
    **OWN,
)
def read_own(request: HttpRequest, code: schemas.Code) -> Any:
    """Where your own submission stands, and what you can still do about it."""
    return showing.own(request, request.auth, at=timezone.now())


@router.put(
    "/submissions/{code}/own",
    response={200: schemas.OwnSubmission, **WRITE_PROBLEMS},
    **OWN,
)
def edit(request: HttpRequest, code: schemas.Code, body: schemas.Content) -> Any:
    """Change it while the campaign is open; what is on show stays until it is
    reviewed."""
    now, submission = timezone.now(), request.auth
    limit(request, "submit", at=now)
    submitting.require_editable(submission, at=now)
    known = {str(pk) for pk in submission.uploads.values_list("pk", flat=True)}
    idea = taking.idea_of(submission.brief, body, known)
    person = taking.person_of(body, email="", signed_in=True)
    submitting.edit(submission, idea=idea, person=person, at=now)
    return showing.own(request, _again(submission), at=now)


@router.post(
    "/submissions/{code}/withdraw",
    response={200: schemas.OwnSubmission, **WRITE_PROBLEMS},
    **OWN,
)
def withdraw(request: HttpRequest, code: schemas.Code) -> Any:
    """Take it back. It disappears at once."""
    now = timezone.now()
    submitting.withdraw(request.auth, at=now)
    return showing.own(request, _again(request.auth), at=now)


@router.post(
    "/submissions/{code}/appeals",
    response={202: schemas.Accepted, **WRITE_PROBLEMS},
    **OWN,
)
def appeal(request: HttpRequest, code: schemas.Code, body: schemas.NewAppeal) -> Any:
    """Object to the decision in force; somebody else will look at it."""
    taking.require_plain(text=body.text)
    appealing.appeal(request.auth, text=body.text, at=timezone.now())
    return Status(202, {"accepted": True})


@router.post(
    "/submissions/{code}/uploads",
    response={201: schemas.SentUpload, **WRITE_PROBLEMS},
    **OWN,
)
def add_picture(
    request: HttpRequest, code: schemas.Code, file: File[UploadedFile]
) -> Any:
    """Send a picture for a submission you are about to change."""
    now, submission = timezone.now(), request.auth
    limit(request, "upload", at=now)
    _require_open(submission, at=now)
    added = ingesting.add_upload(submission, file.file, at=now)
    return Status(
        201,
        {
            "id": added.pk,
            "claim": asking.claim_of(submission),
            "width": added.width,
            "height": added.height,
        },
    )


def _require_open(submission: Submission, *, at: datetime) -> None:
    """Raise ``NotAllowed`` unless it may be sent, or changed, with one more picture."""
    if submission.lifecycle == Lifecycle.DRAFT:
        phases.require(Capability.SUBMIT, submission.campaign, at=at)
    else:
        submitting.require_editable(submission, at=at)


def _again(submission: Submission) -> Submission:
    rows = Submission.objects.select_related("personal", "contributor", "page")
    return rows.get(pk=submission.pk)
