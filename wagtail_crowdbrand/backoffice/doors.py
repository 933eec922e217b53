"""Wagtail's generic screens on one submission: which open, and to whom."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone
from wagtail.snippets.views import snippets as views

from wagtail_crowdbrand.domain import permissions, unsealing
from wagtail_crowdbrand.models.inputs import read_id


class ModeratedOnly:
    """First in every view on one submission: it must be one this user moderates.

    Wagtail's generic views ask for a permission on the model; ours depends on the
    submission.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        pk = unquote(str(kwargs.get("pk", "")))
        mine = permissions.moderated_by(request.user)
        row = mine.filter(pk=read_id(pk)).first()
        if row is None:
            raise PermissionDenied
        unsealing.note_look(row, actor=request.user, at=timezone.now())
        return super().dispatch(request, *args, **kwargs)


class Refused:
    """A door of the generic screens that stays shut, for superusers as well."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        raise PermissionDenied


class HistoryView(ModeratedOnly, views.HistoryView):
    pass


class UsageView(ModeratedOnly, views.UsageView):
    pass


class CompareView(ModeratedOnly, views.RevisionsCompareView):
    pass


class PreviewRevisionView(ModeratedOnly, views.PreviewRevisionView):
    pass


class PreviewOnEditView(ModeratedOnly, views.PreviewOnEditView):
    pass


class WorkflowPreviewView(ModeratedOnly, views.WorkflowPreviewView):
    pass


class WorkflowHistoryView(ModeratedOnly, views.WorkflowHistoryView):
    pass


class WorkflowHistoryDetailView(ModeratedOnly, views.WorkflowHistoryDetailView):
    pass


class ConfirmCancellationView(Refused, views.ConfirmWorkflowCancellationView):
    pass


class AddView(Refused, views.CreateView):
    pass


class DeleteView(Refused, views.DeleteView):
    pass


class UnpublishView(Refused, views.UnpublishView):
    pass


class UnscheduleView(Refused, views.RevisionsUnscheduleView):
    pass


class PreviewOnAddView(Refused, views.PreviewOnCreateView):
    pass


class ModeratorsOnly:
    """First in every view about many submissions: for who moderates anything."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not permissions.is_moderator(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)
