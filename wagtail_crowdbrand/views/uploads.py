"""Pictures that are not public, for those who may see them."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from wagtail_crowdbrand.domain import permissions
from wagtail_crowdbrand.models import Upload
from wagtail_crowdbrand.views import keys


@require_safe
def show(request: HttpRequest, pk: UUID) -> FileResponse:
    """Only the contributor's session and the submission's moderators get it."""
    rows = Upload.objects.select_related("submission__contributor")
    upload = get_object_or_404(rows, pk=pk)
    submission = upload.submission
    if not (
        keys.opens(request, submission)
        or permissions.can_moderate(request.user, submission)
    ):
        raise Http404
    response = FileResponse(
        upload.file.open("rb"), as_attachment=True, filename=upload.file.name
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
