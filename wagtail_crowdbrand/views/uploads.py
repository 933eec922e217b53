"""Pictures that are not public, for those who may see them."""

from __future__ import annotations

from pathlib import PurePath
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from wagtail_crowdbrand.domain import permissions, unsealing
from wagtail_crowdbrand.models import Submission, Upload
from wagtail_crowdbrand.states import Lifecycle
from wagtail_crowdbrand.views import keys

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@require_safe
def show(request: HttpRequest, pk: UUID) -> FileResponse:
    """Only the contributor's session and the submission's moderators get it."""
    rows = Upload.objects.select_related("submission__contributor")
    upload = get_object_or_404(rows, pk=pk)
    if not _may_see(request, upload.submission):
        raise Http404
    name = PurePath(str(upload.file.name)).name
    try:
        content = upload.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(content, as_attachment=True, filename=name, headers=HEADERS)


def _may_see(request: HttpRequest, submission: Submission) -> bool:
    """Nobody but its contributor looks at a draft."""
    if keys.opens(request, submission):
        return True
    sent = submission.lifecycle != Lifecycle.DRAFT
    if not (sent and permissions.can_moderate(request.user, submission)):
        return False
    unsealing.note_look(submission, actor=request.user, at=timezone.now())
    return True
