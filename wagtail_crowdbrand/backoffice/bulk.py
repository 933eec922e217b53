"""One decision on many submissions: asked for in the listing, taken by a task."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import ListView
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import ListingButton
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction

from wagtail_crowdbrand.backoffice.deciding import viewset_url
from wagtail_crowdbrand.backoffice.filters import SubmissionFilterSet
from wagtail_crowdbrand.backoffice.listings import (
    CappedPaginator,
    listed,
    marked,
    numbers,
    ordered,
    searched,
)
from wagtail_crowdbrand.domain import batches, permissions, reasons, sealing
from wagtail_crowdbrand.errors import CrowdbrandError
from wagtail_crowdbrand.models import Batch, BatchItem, Submission
from wagtail_crowdbrand.models.inputs import read_id
from wagtail_crowdbrand.states import NEGATIVE, DecisionAction

#: Decisions one batch holds at most.
AT_MOST = 1_000
#: Titles the confirmation shows before it says how many more there are.
SHOWN = 25


class ApproveForm(forms.Form):
    """Nothing to say: being published says it."""

    #: What the confirmation showed: id and revision of each.
    chosen = forms.CharField(widget=forms.HiddenInput)


class ReasonForm(ApproveForm):
    """Why: a reason of the list, and words of one's own if they fit all of them."""

    reason_code = forms.ChoiceField(label=_("Reason"))
    text = forms.CharField(
        label=_("Statement of reasons"),
        widget=forms.Textarea({"rows": 4}),
        max_length=4000,
        required=False,
        help_text=_(
            "Each contributor reads this, word for word. Left empty, they read the "
            "text of the reason in their own language."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reasons = list(reasons.for_decisions())
        language = get_language() or ""
        for reason in self.reasons:
            reason.wording = reason.in_language(language)
        choices = [(reason.code, reason.wording.label) for reason in self.reasons]
        self.fields["reason_code"].choices = [("", gettext("Choose one")), *choices]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        own = {reason.code: reason.text for reason in self.reasons}
        code = data.get("reason_code")
        if code and not (data.get("text", "").strip() or own[code]):
            self.add_error("text", gettext("This reason has no text of its own."))
        return data


class BulkDecision(SnippetBulkAction):
    """Confirm first, then a task decides one by one; what does not fit is left out."""

    action: DecisionAction
    template_name = "wagtail_crowdbrand/backoffice/bulk_confirm.html"
    models = [Submission]
    question: Any = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not permissions.is_moderator(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_form_class(self) -> type[forms.Form]:
        return ReasonForm if self.action in NEGATIVE else ApproveForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if "chosen" not in request.POST:  # nobody has looked at anything yet
            return redirect(request.get_full_path())
        return super().post(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        pairs = [f"{row.pk}-{row.latest_revision_id or 0}" for row in self._chosen[0]]
        return {"chosen": " ".join(pairs)}

    @cached_property
    def _seen(self) -> dict[int, int | None]:
        """Id of each that was shown → the revision that was its newest then."""
        pairs = [pair.split("-") for pair in self.request.POST["chosen"].split()]
        ids = [(read_id(pair[0]), read_id(pair[-1])) for pair in pairs[:AT_MOST]]
        return {pk: revision or None for pk, revision in ids}

    @cached_property
    def _chosen(self) -> tuple[list[Submission], dict[str, Any]]:
        """On the screen, what the address asks for; then, what was on the screen."""
        posted = self.request.method == "POST"
        ids = list(self._seen) if posted else self.request.GET.getlist("id")
        mine = marked(listed(self.request.user)).select_related("brief_page")
        if "all" in ids:
            return self._all_of(self._in_listing(mine))
        rows = ordered(mine.filter(pk__in=numbers(map(str, ids))), "-submitted_at")
        fitting = list(batches.fitting(rows, self.action)[:AT_MOST])
        taken = {row.pk for row in fitting}
        left_out = [row for row in rows if row.pk not in taken]
        foreign = len(set(ids)) - len(fitting) - len(left_out)
        return fitting, {"left_out": left_out, "foreign": foreign}

    def _all_of(
        self, rows: QuerySet[Submission]
    ) -> tuple[list[Submission], dict[str, Any]]:
        fitting = list(batches.fitting(rows, self.action)[: AT_MOST + 1])
        return fitting[:AT_MOST], {"too_many": len(fitting) > AT_MOST, "all": True}

    def _in_listing(self, rows: QuerySet[Submission]) -> QuerySet[Submission]:
        """The list as it was filtered and searched when all of it was chosen."""
        query = self.request.GET
        filters = SubmissionFilterSet(query, queryset=rows, request=self.request)
        rows = filters.qs if filters.is_valid() else rows.none()
        rows = searched(rows, query.get("q"), self.request.user)
        return ordered(rows, query.get("ordering", ""))

    def get_actionable_objects(self) -> tuple[list[Submission], dict[str, Any]]:
        return self._chosen

    def object_context(self, snippet: Submission) -> dict[str, Any]:
        return {"item": snippet}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        number = len(context["items"])
        return context | {
            "header_icon": Submission.snippet_viewset.icon,
            "heading": self.display_name,
            "question": self.question,
            "number": number,
            "items": context["items"][:SHOWN],
            "more": max(0, number - SHOWN),
            "at_most": AT_MOST,
            "is_serious": self.action in NEGATIVE,
        }

    @classmethod
    def execute_action(cls, objects: list[Any], **kwargs: Any) -> tuple[int, int]:
        self = kwargs["self"]
        data = self.cleaned_form.cleaned_data
        meanwhile = self._chosen[1]["left_out"]  # fitted when they were shown
        batch = batches.start(
            [*objects, *meanwhile],
            action=cls.action,
            actor=self.request.user,
            reason=data.get("text", ""),
            reason_code=data.get("reason_code", ""),
            seen=self._seen,
            at=timezone.now(),
        )
        self.next_url = viewset_url("batch", batch.pk)
        return len(objects), 0

    def form_valid(self, form: forms.Form) -> Any:
        if not self._chosen[0]:
            form.add_error(None, gettext("There is nothing left to decide."))
            return self.form_invalid(form)
        try:
            return super().form_valid(form)
        except CrowdbrandError as error:
            form.add_error(None, error.message)
            return self.form_invalid(form)


class Approve(BulkDecision):
    action = DecisionAction.APPROVE
    action_type = "approve"
    display_name = _("Approve")
    aria_label = _("Approve the selected ideas")
    action_priority = 10
    question = _("Each is published once all steps of its workflow have approved it.")


class RequestChanges(BulkDecision):
    action = DecisionAction.REQUEST_CHANGES
    action_type = "request_changes"
    display_name = _("Request changes")
    aria_label = _("Request changes to the selected ideas")
    action_priority = 20
    question = _("Contributors can change them while their campaign is open.")


class Reject(BulkDecision):
    action = DecisionAction.REJECT
    action_type = "reject"
    display_name = _("Reject")
    aria_label = _("Reject the selected ideas")
    action_priority = 30
    classes = {"serious"}
    question = _("They are not shown. Contributors read why, and can object.")


class Spam(BulkDecision):
    action = DecisionAction.SPAM
    action_type = "spam"
    display_name = _("Mark as spam")
    aria_label = _("Mark the selected ideas as spam")
    action_priority = 40
    classes = {"serious"}
    question = _("They are not shown. Contributors read why, and can object.")


class Hide(BulkDecision):
    action = DecisionAction.HIDE
    action_type = "hide"
    display_name = _("Take off the site")
    aria_label = _("Take the selected ideas off the site")
    action_priority = 50
    classes = {"serious"}
    question = _(
        "They disappear everywhere at once. Contributors read why, and can object."
    )


class RefusedDelete(SnippetBulkAction):
    """In place of Wagtail's own, which names ideas to those who may not see them."""

    action_type = "delete"
    display_name = _("Delete")
    aria_label = _("Delete")
    models = [Submission]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        raise PermissionDenied


ACTIONS: tuple[type[BulkDecision], ...] = (
    Approve,
    RequestChanges,
    Reject,
    Spam,
    Hide,
)
REGISTERED: tuple[type[BulkAction], ...] = (*ACTIONS, RefusedDelete)


def buttons() -> list[ListingButton]:
    """Below the listing, as Wagtail's own script expects them."""
    label, name = Submission._meta.app_label, Submission._meta.model_name
    return [
        ListingButton(
            action.display_name,
            reverse("wagtail_bulk_action", args=[label, name, action.action_type]),
            attrs={"aria-label": action.aria_label, "data-bulk-action-button": ""},
            priority=action.action_priority,
            classname=" ".join(sorted(action.classes | {"bulk-action-btn"})),
        )
        for action in ACTIONS
    ]


class BatchView(WagtailAdminTemplateMixin, ListView):
    """How far a bulk decision is, and what became of each submission."""

    template_name = "wagtail_crowdbrand/backoffice/batch.html"
    paginate_by = 50
    paginator_class = CappedPaginator
    page_kwarg = "p"
    header_icon = "pick"
    #: What ``?show=`` asks for → the items.
    PARTS = {
        "failed": {"done_at__isnull": False, "problem__gt": ""},
        "left": {"done_at__isnull": True},
        "done": {"done_at__isnull": False, "problem": ""},
    }

    @cached_property
    def batch(self) -> Batch:
        """Their own only; a superuser may look at everybody's."""
        user = self.request.user
        batch = Batch.objects.filter(pk=self.kwargs["pk"]).first()
        mine = batch is not None and (user.is_superuser or batch.user_id == user.pk)
        if not mine or not permissions.is_moderator(user):
            raise PermissionDenied
        closed = permissions.sealed_off(user)
        if BatchItem.objects.filter(
            batch=batch, submission__campaign_page__in=closed
        ).exists():
            raise PermissionDenied
        return batch

    @property
    def part(self) -> str:
        asked = self.request.GET.get("show", "")
        return asked if asked in self.PARTS else ""

    def get_queryset(self) -> QuerySet[BatchItem]:
        items = BatchItem.objects.filter(
            batch=self.batch, **self.PARTS.get(self.part, {})
        )
        mine = permissions.moderated_by(self.request.user)
        return (
            items.filter(submission__in=mine)
            .select_related("submission__brief_page")
            .order_by("pk")
        )

    def get_page_title(self) -> str:
        return self.batch.get_action_display()

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        home = {"url": reverse("wagtailadmin_home"), "label": gettext("Home")}
        listing = {"url": viewset_url("list"), "label": gettext("Submissions")}
        return [home, listing, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        progress = batches.progress(self.batch)
        counted = {
            "failed": progress.failed,
            "left": progress.left,
            "done": progress.done,
        }
        labels = {
            "": (gettext("All"), progress.total),
            "done": (gettext("Done"), counted["done"]),
            "failed": (gettext("Not possible"), counted["failed"]),
            "left": (gettext("Waiting"), counted["left"]),
        }
        page = context["page_obj"]
        return context | {
            "batch": self.batch,
            "sealed": sealing.ids(at=timezone.now()),
            "progress": progress,
            "summary": _summary(progress),
            "tabs": [
                {"name": name, "label": label, "number": number}
                for name, (label, number) in labels.items()
            ],
            "part": self.part,
            "listing_url": viewset_url("list"),
            "elided_page_range": context["paginator"].get_elided_page_range(
                page.number
            ),
        }


def _summary(progress: batches.Progress) -> str:
    text = ngettext(
        "%(finished)s of %(total)s idea is through.",
        "%(finished)s of %(total)s ideas are through.",
        progress.total,
    )
    return text % {"finished": progress.finished, "total": progress.total}
