"""A contributor's own data: to look at, to take along, to have erased."""

from __future__ import annotations

from tempfile import TemporaryFile
from typing import Any

from django.http import FileResponse, HttpRequest
from django.utils import timezone

from wagtail_crowdbrand.api import asking, schemas
from wagtail_crowdbrand.api.pictures import BINARY, HEADERS
from wagtail_crowdbrand.api.problems import WRITE_PROBLEMS
from wagtail_crowdbrand.api.writing import OWN, router
from wagtail_crowdbrand.domain import privacy


@router.get(
    "/submissions/{code}/reach",
    response={200: schemas.Reach, 304: None, **WRITE_PROBLEMS},
    **OWN,
)
def read_reach(request: HttpRequest, code: schemas.Code) -> Any:
    """What downloading and erasing are about. Show it before you offer either.

    A confirmed guest's token is about everything they sent; an account's, only with
    the account signed in; any other, about this one submission.
    """
    reach = privacy.reach_of(request.auth, user=asking.account_of(request))
    return {
        "everything": reach.contributor is not None,
        "submissions": len(reach.submissions),
        "on_show": sum(row.visible_from is not None for row in reach.submissions),
        "unconfirmed": len(reach.unconfirmed),
        "remaining": sum(row.confirmed_at is not None for row in reach.submissions),
    }


@router.get(
    "/submissions/{code}/data",
    response={200: None, **WRITE_PROBLEMS},
    openapi_extra={"responses": {200: {"content": {"application/zip": BINARY}}}},
    **OWN,
)
def download_data(request: HttpRequest, code: schemas.Code) -> Any:
    """All we hold about you: a ZIP file with ``data.json`` and the pictures.

    It comes by way of a temporary file: there may be many pictures.
    """
    user = asking.account_of(request)
    file = TemporaryFile()  # noqa: SIM115 - the response closes it
    privacy.write_archive(file, request.auth, user=user, at=timezone.now())
    file.seek(0)
    name = f"{request.auth.code}.zip"
    return FileResponse(file, as_attachment=True, filename=name, headers=HEADERS)


@router.post(
    "/submissions/{code}/erase",
    response={200: schemas.Erased, **WRITE_PROBLEMS},
    **OWN,
)
def erase(request: HttpRequest, code: schemas.Code, body: schemas.Erasure) -> Any:
    """Forget you, at any time. It cannot be undone, no mail is sent, and the tokens of
    what was erased open nothing any more."""
    user = asking.account_of(request)
    count = privacy.erase(request.auth, user=user, at=timezone.now())
    return {"erased": count}
