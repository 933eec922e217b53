"""One's own pictures, which have no address that anybody else could open."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404

from wagtail_crowdbrand.api import schemas
from wagtail_crowdbrand.api.problems import WRITE_PROBLEMS
from wagtail_crowdbrand.api.writing import OWN, router

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}
BINARY = {"schema": {"type": "string", "format": "binary"}}


@router.get(
    "/submissions/{code}/uploads/{upload_id}",
    response={200: None, **WRITE_PROBLEMS},
    openapi_extra={"responses": {200: {"content": {"image/*": BINARY}}}},
    **OWN,
)
def read_picture(request: HttpRequest, code: schemas.Code, upload_id: UUID) -> Any:
    """A picture you sent, to look at it before it is on show.

    The token half of a claim opens those of its draft.
    """
    upload = get_object_or_404(request.auth.uploads, pk=upload_id)
    try:
        content = upload.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    name = PurePath(str(upload.file.name)).name
    return FileResponse(content, as_attachment=True, filename=name, headers=HEADERS)
