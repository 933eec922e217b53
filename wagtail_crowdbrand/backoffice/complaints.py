"""Notices by visitors and appeals by contributors, one at a time."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from wagtail.admin import messages

from wagtail_crowdbrand.backoffice.deskforms import AnswerForm, DecisionForm
from wagtail_crowdbrand.backoffice.deskviews import DeskView
from wagtail_crowdbrand.backoffice.deskwords import preview_of
from wagtail_crowdbrand.backoffice.dossier import open_dossier, rows_for
from wagtail_crowdbrand.domain import appealing, desk, noticing, permissions, reasons
from wagtail_crowdbrand.errors import Conflict, CrowdbrandError
from wagtail_crowdbrand.models import Appeal, Notice, Submission
from wagtail_crowdbrand.models.inputs import read_id
from wagtail_crowdbrand.states import AppealOutcome, DecisionAction, NoticeOutcome


def _of_campaign(rows: QuerySet, request: HttpRequest) -> QuerySet:
    """Those the overview of one campaign leads to; all, from anywhere else."""
    campaign = read_id(request.GET.get("campaign", ""))
    return rows.filter(submission__campaign_page=campaign) if campaign else rows


class Notices(DeskView):
    """What visitors say about something on show, the oldest first."""

    tab = "notices"
    page_title = gettext_lazy("Notices")
    header_icon = "comment"

    def waiting(self) -> QuerySet[Notice]:
        return _of_campaign(noticing.open_for(self.request.user), self.request)

    def go_on(self, after: Notice | None = None) -> HttpResponse:
        user = self.request.user
        found = desk.next_of(self.waiting(), user, at=self.at, after=after)
        if after:
            desk.release(after.submission, user)
        if found:
            return redirect("crowdbrand_notices:look", found.submission_id)
        return redirect("crowdbrand_notices:index")


class NoticesView(Notices):
    """The oldest notice, or the news that there is none."""

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = self.waiting()
        if after := read_id(request.GET.get("after", "")):
            return self.go_on(rows.filter(submission=after).first())
        if desk.next_of(rows, request.user, at=self.at):
            return self.go_on()
        return self.render_to_response(self.get_context_data())


class NoticeView(Notices):
    """All open notices of one submission: GET shows them, POST answers them."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.pk = kwargs["pk"]

    @cached_property
    def submission(self) -> Submission:
        return get_object_or_404(rows_for(self.request.user), pk=self.pk)

    @cached_property
    def notices(self) -> list[Notice]:
        rows = self.submission.notices.filter(outcome="")
        return list(rows.order_by("created_at", "pk"))

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.notices:
            self.submission  # noqa: B018 - 404 for whoever may not see it
            messages.info(request, _("All notices about it are answered."))
            return redirect("crowdbrand_notices:index")
        wanted = request.GET.get("decide", "")
        return self.show(
            form=self.form() if wanted == "hide" else None,
            answer=AnswerForm(required=False) if wanted in ("hide", "keep") else None,
        )

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        answer = AnswerForm(request.POST, required=False)
        keeps = request.POST.get("action") == "keep"
        form = None if keeps else self.form(request.POST)
        asked = "preview" in request.POST
        if asked or not all([answer.is_valid(), form is None or form.is_valid()]):
            if form:
                form.filled_in()
            return self.show(form=form, answer=answer)
        return self.settle(form, answer)

    def form(self, data: Any = None) -> DecisionForm:
        return DecisionForm(
            data,
            submission=self.submission,
            action=DecisionAction.HIDE,
            language=get_language() or "",
        )

    def settle(self, form: DecisionForm | None, answer: AnswerForm) -> HttpResponse:
        """Take it off the site for the reason in ``form``; without one it stays."""
        submission, user = self.submission, self.request.user
        first = self.notices[0] if self.notices else None
        outcome = NoticeOutcome.UPHELD if form else NoticeOutcome.DISMISSED
        words = {"answer": answer.cleaned_data["answer"]}
        if form:
            words["reason"] = form.cleaned_data["comment"]
            words["reason_code"] = form.cleaned_data["reason_code"]
        try:
            noticing.settle(
                submission, outcome=outcome, actor=user, at=self.at, **words
            )
        except Conflict as error:
            messages.warning(self.request, error.message)
        except CrowdbrandError as error:
            messages.error(self.request, error.message)
            return self.show(form=form, answer=answer)
        else:
            kept = _("%(code)s stays on show. The notices are answered.")
            gone = _("%(code)s taken off the site. The notices are answered.")
            text = kept if outcome == NoticeOutcome.DISMISSED else gone
            messages.success(self.request, text % {"code": submission.code})
        return self.go_on(first)

    def show(
        self, *, form: DecisionForm | None = None, answer: AnswerForm | None = None
    ) -> HttpResponse:
        submission, user = self.submission, self.request.user
        context = self.get_context_data(
            dossier=open_dossier(submission, user),
            submission=submission,
            form=form,
            answer_form=answer,
            mail=preview_of(form, submission) if form else None,
            notices=named(self.notices),
            other=desk.claim(submission, user, at=self.at),
            here=reverse("crowdbrand_notices:look", args=[submission.pk]),
        )
        return self.render_to_response(context)


def named(notices: list[Notice]) -> list[Notice]:
    """Each with ``reason``, the name of its reason in the moderator's language."""
    language = get_language() or ""
    labels = {
        row.code: row.in_language(language).label for row in reasons.for_notices()
    }
    for notice in notices:
        notice.reason = labels.get(notice.reason_code, notice.reason_code)
    return notices


class Appeals(DeskView):
    """What contributors object to, except one's own decisions; the oldest first."""

    tab = "appeals"
    page_title = gettext_lazy("Appeals")
    header_icon = "openquote"

    def waiting(self) -> QuerySet[Appeal]:
        return _of_campaign(appealing.open_for(self.request.user), self.request)

    def go_on(self, after: Appeal | None = None) -> HttpResponse:
        user = self.request.user
        found = desk.next_of(self.waiting(), user, at=self.at, after=after)
        if after:
            desk.release(after.submission, user)
        if found:
            return redirect("crowdbrand_desk:appeal", found.pk)
        return redirect("crowdbrand_desk:appeals")


class AppealsView(Appeals):
    """The oldest appeal, or the news that there is none."""

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = self.waiting()
        if after := read_id(request.GET.get("after", "")):
            return self.go_on(rows.filter(pk=after).first())
        if desk.next_of(rows, request.user, at=self.at):
            return self.go_on()
        return self.render_to_response(self.get_context_data())


class AppealView(Appeals):
    """One appeal: GET shows it, POST decides it."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.pk = kwargs["pk"]

    @cached_property
    def appeal(self) -> Appeal:
        mine = permissions.moderated_by(self.request.user)
        rows = Appeal.objects.filter(submission__in=mine.values("pk"))
        rows = rows.select_related("decision__actor", "decided_by")
        return get_object_or_404(rows, pk=self.pk)

    @property
    def is_mine(self) -> bool:
        return self.appeal.decision.actor_id == self.request.user.pk

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.show(AnswerForm(required=True))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = AnswerForm(request.POST, required=True)
        outcome = request.POST.get("outcome", "")
        if outcome not in AppealOutcome.values or not form.is_valid():
            return self.show(form)
        appeal = self.appeal
        try:
            appealing.settle(
                appeal,
                outcome=AppealOutcome(outcome),
                actor=request.user,
                answer=form.cleaned_data["answer"],
                at=self.at,
            )
        except Conflict as error:
            messages.warning(request, error.message)
        except CrowdbrandError as error:
            messages.error(request, error.message)
            return self.show(form)
        else:
            text = _("Appeal on %(code)s answered: %(outcome)s.")
            values = {"outcome": AppealOutcome(outcome).label}
            messages.success(
                request, text % (values | {"code": appeal.submission.code})
            )
        return self.go_on(appeal)

    def show(self, form: AnswerForm) -> HttpResponse:
        user = self.request.user
        appeal = self.appeal
        submission = rows_for(user).get(pk=appeal.submission_id)
        is_open = not appeal.outcome and not self.is_mine
        context = self.get_context_data(
            dossier=open_dossier(submission, user),
            submission=submission,
            appeal=appeal,
            is_mine=self.is_mine,
            answer_form=form if is_open else None,
            other=desk.claim(submission, user, at=self.at) if is_open else None,
            here=reverse("crowdbrand_desk:appeal", args=[appeal.pk]),
        )
        return self.render_to_response(context)
