"""A contributor's own data: to look at, to take along, to have erased."""

from __future__ import annotations

from tempfile import TemporaryFile
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from wagtail_crowdbrand.domain import privacy
from wagtail_crowdbrand.models import Submission
from wagtail_crowdbrand.views import keys
from wagtail_crowdbrand.views.status import private

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@private
@require_safe
def my_data(request: HttpRequest, code: str) -> HttpResponse:
    """Says what the download holds."""
    submission = keys.own_or_404(request, code)
    return _render(request, submission, "my_data")


@private
@require_safe
def download(request: HttpRequest, code: str) -> FileResponse:
    """The ZIP, by way of a temporary file: there may be many pictures."""
    submission = keys.own_or_404(request, code)
    file = TemporaryFile()  # noqa: SIM115 - the response closes it
    privacy.write_archive(file, submission, user=request.user, at=timezone.now())
    file.seek(0)
    name = f"{submission.code}.zip"
    return FileResponse(file, as_attachment=True, filename=name, headers=HEADERS)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest, code: str) -> HttpResponse:
    """GET says what goes and what stays, POST does it."""
    submission = keys.own_or_404(request, code)
    if request.method == "POST":
        privacy.erase(submission, user=request.user, at=timezone.now())
        return redirect("wagtail_crowdbrand:erased")
    return _render(request, submission, "erase")


@private
@require_safe
def erased(request: HttpRequest) -> HttpResponse:
    """It is done; there is nobody left to say it to by name."""
    return render(request, "wagtail_crowdbrand/status/erased.html")


def _render(request: HttpRequest, submission: Submission, name: str) -> HttpResponse:
    """``status/<name>.html``."""
    reach = privacy.reach_of(submission, user=request.user)
    counted = [row for row in reach.submissions if row.confirmed_at]
    context: dict[str, Any] = {
        "page": submission.brief,
        "submission": submission,
        "reach": reach,
        "shown": sum(row.visible_from is not None for row in reach.submissions),
        "skeletons": len(counted),
        "newest": submission.get_latest_revision_as_object(),
    }
    return render(request, f"wagtail_crowdbrand/status/{name}.html", context)
