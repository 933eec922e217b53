"""What waits for a decision: one submission at a time, and what moderators do."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.admin import messages

from wagtail_crowdbrand.backoffice.deskforms import DecisionForm, FilterForm
from wagtail_crowdbrand.backoffice.deskviews import DeskView
from wagtail_crowdbrand.backoffice.deskwords import (
    backlog_words,
    decided_words,
    overtaken_words,
    preview_of,
    step_words,
)
from wagtail_crowdbrand.backoffice.dossier import (
    open_dossier,
    rows_for,
)
from wagtail_crowdbrand.domain import (
    decisions,
    desk,
    moderating,
    permissions,
    undoing,
)
from wagtail_crowdbrand.errors import Conflict, CrowdbrandError
from wagtail_crowdbrand.models import Decision, Submission
from wagtail_crowdbrand.models.inputs import read_id
from wagtail_crowdbrand.states import NEGATIVE, REASONS, DecisionAction, Moderation

SKIPPED = "crowdbrand_skipped"
#: Ids a session remembers; the oldest come back first.
SKIP_LIMIT = 200


class Queue(DeskView):
    """What waits for its first decision, or for another after an edit."""

    @cached_property
    def filter_form(self) -> FilterForm:
        return FilterForm(self.request.GET, user=self.request.user)

    def go(self, submission: Submission) -> HttpResponse:
        """Show this one, under the same filters."""
        return redirect(self.here("look", submission.pk))

    @cached_property
    def query(self) -> str:
        """The filters, for the next address."""
        query = self.request.GET.copy()
        for key in ("after", "before", "decide"):
            query.pop(key, None)
        return query.urlencode()

    def here(self, name: str, *args: Any) -> str:
        url = reverse(f"crowdbrand_desk:{name}", args=args)
        return f"{url}?{self.query}" if self.query else url

    def next(self, after: Submission | None = None) -> Submission | None:
        """The next that waits; when nothing else is left, what was skipped."""
        skipped = self.request.session.get(SKIPPED, [])
        find = {"at": self.at, "after": after}
        user, filters = self.request.user, self.filter_form.filters
        found = desk.next_for(user, filters, skip=skipped, **find)
        if found is None and skipped:
            del self.request.session[SKIPPED]
            found = desk.next_for(user, filters, **find)
            if found:
                text = _("That was the last one. Here come those you skipped.")
                messages.info(self.request, text)
        return found

    def go_on(self, after: Submission) -> HttpResponse:
        """Leave this one for the next."""
        desk.release(after, self.request.user)
        found = self.next(after)
        return self.go(found) if found else redirect(self.here("index"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, filters = self.request.user, self.filter_form.filters
        queue = desk.queue_for(user, filters, at=self.at)
        return super().get_context_data(
            filter_form=self.filter_form,
            query=self.query,
            backlog=backlog_words(desk.backlog_of(queue)),
            **kwargs,
        )


class IndexView(Queue):
    """The next one, or the news that nothing waits."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if "before" in request.GET:
            return self.back(self.one("before"))
        if "after" in request.GET:
            return self.go_on(self.one("after"))
        found = self.next()
        if found:
            return self.go(found)
        return self.render_to_response(self.get_context_data())

    def one(self, name: str) -> Submission:
        pk = read_id(self.request.GET[name])
        return get_object_or_404(permissions.moderated_by(self.request.user), pk=pk)

    def back(self, submission: Submission) -> HttpResponse:
        user, filters = self.request.user, self.filter_form.filters
        found = desk.before_for(user, filters, at=self.at, before=submission)
        if found is None:
            messages.info(self.request, _("This is the first one."))
            return self.go(submission)
        desk.release(submission, user)
        return self.go(found)


class OneSubmission(Queue):
    """A screen about one submission; its number comes from the address."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.pk = kwargs["pk"]

    @cached_property
    def submission(self) -> Submission:
        return get_object_or_404(rows_for(self.request.user), pk=self.pk)


class LookView(OneSubmission):
    """One submission: GET shows it, POST decides on it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        wanted = request.GET.get("decide", "")
        form = self.form(wanted) if wanted in self.actions else None
        return self.show(form)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        action = request.POST.get("action", "")
        if action not in DecisionAction.values:
            return redirect(self.here("look", pk))
        if action not in self.actions:
            if "preview" in request.POST:  # in the background: nobody reads the rest
                return self.show(None)
            why = self.elsewhere or REASONS["not_in_moderation"]
            return self.collided(Conflict("not_in_moderation", why), None)
        form = self.form(action, request.POST) if action in NEGATIVE else None
        if form and ("preview" in request.POST or not form.is_valid()):
            form.filled_in()
            return self.show(form)
        return self.decide(action, form)

    def form(self, action: str, data: Any = None) -> DecisionForm | None:
        if action not in NEGATIVE:
            return None
        return DecisionForm(
            data,
            submission=self.submission,
            action=DecisionAction(action),
            language=get_language() or "",
        )

    @cached_property
    def actions(self) -> list[DecisionAction]:
        """What can be decided now, the likeliest first."""
        submission = self.submission
        if self.is_waiting:
            found = [
                DecisionAction.APPROVE,
                DecisionAction.REQUEST_CHANGES,
                DecisionAction.REJECT,
                DecisionAction.SPAM,
            ]
            return found + [DecisionAction.HIDE] * bool(submission.visible_from)
        if submission.visible_from:
            return [DecisionAction.HIDE]
        if submission.moderation == Moderation.HIDDEN:
            return [DecisionAction.RESTORE]
        return []

    @cached_property
    def is_waiting(self) -> bool:
        """For a decision by whoever looks, not at a step of others."""
        return desk.waits(self.submission) and not self.elsewhere

    @cached_property
    def elsewhere(self) -> str:
        """Why its step is not for whoever looks to decide; mostly empty."""
        waits = desk.waits(self.submission)
        state = self.submission.current_workflow_task_state if waits else None
        if state is None:
            return ""
        try:
            permissions.require_step(self.request.user, state, self.submission)
        except CrowdbrandError:
            return step_words(state.task)
        return ""

    def decide(self, action: str, form: DecisionForm | None) -> HttpResponse:
        submission, user = self.submission, self.request.user
        details = {}
        if form:
            details["reason"] = form.cleaned_data["comment"]
            details["reason_code"] = form.cleaned_data["reason_code"]
        try:
            decided = moderating.take(
                submission,
                action,
                actor=user,
                seen=read_id(self.request.POST.get("seen", "")),
                **details,
            )
        except Conflict as error:
            return self.collided(error, form)
        except CrowdbrandError as error:
            messages.error(self.request, error.message)
            return self.again(form)
        last = undoing.last_undoable(user, at=self.at)
        newest = last and last.decided_at >= self.at
        if not newest or last.submission_id != submission.pk:
            messages.success(self.request, decided_words(decided, action))
        return self.go_on(submission)

    def again(self, form: DecisionForm | None) -> HttpResponse:
        """The same one as it stands now, with what was written about it."""
        if form is None:
            return redirect(self.here("look", self.pk))
        del self.submission
        return self.show(form)

    def collided(self, error: Conflict, form: DecisionForm | None) -> HttpResponse:
        """Say what happened meanwhile, and go on with what is to be done."""
        if error.code == "content_changed":
            messages.warning(self.request, error.message)
            return self.again(form)
        row = Submission.objects.get(pk=self.submission.pk)
        newest = decisions.in_force(row)
        if row.moderation == Moderation.PENDING or newest is None:
            messages.warning(self.request, error.message)
        else:
            said = overtaken_words(row, newest, user=self.request.user)
            messages.warning(self.request, said)
        return self.go_on(row)

    def show(self, form: DecisionForm | None) -> HttpResponse:
        submission, user = self.submission, self.request.user
        other = None
        if self.is_waiting:
            other = desk.claim(submission, user, at=self.at)
        context = self.get_context_data(
            dossier=open_dossier(submission, user),
            submission=submission,
            form=form,
            mail=preview_of(form, submission) if form else None,
            actions=self.actions,
            is_waiting=self.is_waiting,
            elsewhere=self.elsewhere,
            other=other,
            checklist=[
                line.strip()
                for line in submission.campaign.checklist.splitlines()
                if line.strip()
            ],
            here=self.here("look", submission.pk),
        )
        return self.render_to_response(context)


class SkipView(OneSubmission):
    """Later: not again before all others were looked at."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        skipped = request.session.get(SKIPPED, [])
        request.session[SKIPPED] = [*skipped, self.submission.pk][-SKIP_LIMIT:]
        return self.go_on(self.submission)


class UndoView(Queue):
    """Take a decision back, and look at its submission again."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        mine = permissions.moderated_by(request.user)
        rows = Decision.objects.filter(submission__in=mine.values("pk"))
        decision = get_object_or_404(rows, pk=pk)
        try:
            submission = undoing.undo(decision, actor=request.user, at=self.at)
            moderating.start(submission)
        except CrowdbrandError as error:
            messages.error(request, error.message)
            submission = decision.submission
        else:
            text = _("%(code)s: undone. Nothing was sent.")
            messages.success(request, text % {"code": submission.code})
        return self.go(submission)
