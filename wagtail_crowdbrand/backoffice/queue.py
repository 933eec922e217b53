"""What waits for a decision: one submission at a time, and what moderators do."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from wagtail_crowdbrand import notifications
from wagtail_crowdbrand.backoffice.deskforms import DecisionForm, FilterForm
from wagtail_crowdbrand.backoffice.dossier import (
    open_dossier,
    rows_for,
    seconds_left,
)
from wagtail_crowdbrand.domain import (
    appealing,
    decisions,
    desk,
    moderating,
    noticing,
    permissions,
    undoing,
)
from wagtail_crowdbrand.errors import Conflict, CrowdbrandError
from wagtail_crowdbrand.models import Decision, Submission
from wagtail_crowdbrand.states import NEGATIVE, REASONS, DecisionAction, Moderation

#: Sent by ``desk.js``: it wants the desk without the admin around it.
PART = "X-Crowdbrand-Part"
SKIPPED = "crowdbrand_skipped"
#: Ids a session remembers; the oldest come back first.
SKIP_LIMIT = 200
TEMPLATES = "wagtail_crowdbrand/backoffice/desk"


class DeskView(WagtailAdminTemplateMixin, View):
    """What all screens of the desk share: furniture, tabs, the last decision."""

    header_icon = "tasks"
    template_name = f"{TEMPLATES}/desk.html"
    tab = "desk"
    page_title = gettext_lazy("Desk")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not permissions.is_moderator(request.user):
            raise PermissionDenied
        self.at = timezone.now()
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_template_names(self) -> list[str]:
        if PART in self.request.headers:
            return [f"{TEMPLATES}/part.html"]
        return [self.template_name]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        last = undoing.last_undoable(user, at=self.at)
        return super().get_context_data(
            tab=self.tab,
            tabs=tabs_for(user),
            keys_shown=shortcuts_enabled(user),
            last=last,
            last_seconds=seconds_left(last, at=self.at),
            last_words=outcome_words(last.submission, last.action) if last else "",
            at=self.at,
            **kwargs,
        )


def tabs_for(user: Any) -> list[dict[str, Any]]:
    """The three queues and how much is in each, counted no further than needed."""
    many = desk.MANY + 1
    numbers = {
        "desk": permissions.waiting_for(user).order_by()[:many].count(),
        "notices": noticing.open_for(user).order_by()[:many].count(),
        "appeals": appealing.open_for(user).order_by()[:many].count(),
    }
    labels = {"desk": _("Waiting"), "notices": _("Notices"), "appeals": _("Appeals")}
    urls = {
        "desk": "crowdbrand_desk:index",
        "notices": "crowdbrand_notices:index",
        "appeals": "crowdbrand_desk:appeals",
    }
    return [
        {
            "name": name,
            "label": labels[name],
            "url": reverse(urls[name]),
            "number": capped(number),
        }
        for name, number in numbers.items()
    ]


def capped(number: int) -> str:
    return f"{desk.MANY:,}+" if number > desk.MANY else str(number)


def shortcuts_enabled(user: Any) -> bool:
    """Wagtail's own preference; who never opened their account has no profile."""
    profile = getattr(user, "wagtail_userprofile", None)
    return profile is None or profile.keyboard_shortcuts


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


def backlog_words(backlog: desk.Backlog) -> dict[str, Any]:
    number = backlog.number
    left = ngettext("%(number)s left", "%(number)s left", number)
    return {"left": left % {"number": capped(number)}, "oldest": backlog.oldest}


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
        number = self.request.GET[name]
        pk = int(number) if number.isdigit() and len(number) < 19 else 0
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
            return self.collided(
                Conflict("not_in_moderation", REASONS["not_in_moderation"])
            )
        form = self.form(action, request.POST) if action in NEGATIVE else None
        if form and ("preview" in request.POST or not form.is_valid()):
            form.filled_in()
            return self.show(form)
        return self.decide(action, form.cleaned_data if form else {})

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
        return desk.waits(self.submission)

    def decide(self, action: str, words: dict[str, str]) -> HttpResponse:
        submission = self.submission
        details = {
            "reason": words.get("comment", ""),
            "reason_code": words.get("reason_code", ""),
        }
        seen = self.request.POST.get("seen", "")
        try:
            moderating.take(
                submission,
                action,
                actor=self.request.user,
                seen=int(seen) if seen.isdigit() else 0,
                **(details if action in NEGATIVE else {}),
            )
        except Conflict as error:
            return self.collided(error)
        except CrowdbrandError as error:
            messages.error(self.request, error.message)
            return redirect(self.here("look", submission.pk))
        if not undoing.last_undoable(self.request.user, at=self.at):
            said = outcome_words(submission, action)
            messages.success(self.request, said)
        return self.go_on(submission)

    def collided(self, error: Conflict) -> HttpResponse:
        """Say what happened meanwhile, and go on with what is to be done."""
        row = Submission.objects.get(pk=self.submission.pk)
        if error.code == "content_changed":
            messages.warning(self.request, error.message)
            return redirect(self.here("look", row.pk))
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
            other=other,
            checklist=[
                line.strip()
                for line in submission.campaign.checklist.splitlines()
                if line.strip()
            ],
            here=self.here("look", submission.pk),
        )
        return self.render_to_response(context)


def preview_of(form: DecisionForm, submission: Submission) -> Any:
    """The mail its contributor would get now, without their private link."""
    address = reverse("wagtail_crowdbrand:status", args=[submission.code])
    link = notifications.site_url(submission, address)
    return notifications.preview(
        submission,
        str(form.action),
        reason=form.text,
        reason_code=form["reason_code"].value() or "",
        link=link,
        status_link=link,
    )


def outcome_words(submission: Submission, action: DecisionAction | str) -> str:
    """One sentence on what was decided."""
    texts = {
        DecisionAction.APPROVE: _("%(code)s approved."),
        DecisionAction.REQUEST_CHANGES: _("%(code)s: changes requested."),
        DecisionAction.REJECT: _("%(code)s rejected."),
        DecisionAction.SPAM: _("%(code)s marked as spam."),
        DecisionAction.HIDE: _("%(code)s taken off the site."),
        DecisionAction.RESTORE: _("%(code)s is on show again."),
    }
    return texts[DecisionAction(action)] % {"code": submission.code}


def overtaken_words(submission: Submission, decision: Decision, *, user: Any) -> str:
    """Somebody else was faster, or oneself: who, and with what."""
    actor = decision.actor
    values = {
        "code": submission.code,
        "who": (actor.get_full_name() or actor.get_username()) if actor else "",
        "decision": submission.get_moderation_display(),
    }
    if actor is None:
        text = _("%(code)s was decided meanwhile (%(decision)s). Yours was not needed.")
    elif actor == user:
        text = _("You have decided on %(code)s already (%(decision)s).")
    else:
        text = _(
            "%(who)s was faster: %(code)s is decided already (%(decision)s). Your "
            "decision was not taken."
        )
    return text % values


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
