"""The journals: append-only lists of decisions, consents and messages, to export."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import get_language, gettext_lazy
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem
from wagtail.admin.viewsets.base import ViewSet

from wagtail_crowdbrand.backoffice.journal import Journal
from wagtail_crowdbrand.domain import permissions, reasons
from wagtail_crowdbrand.models import Decision, Message, Submission, mailtexts


def _of(campaigns: set[int]) -> QuerySet[Submission]:
    return Submission.objects.filter(campaign_page__in=campaigns)


def _named(user: Any) -> str:
    return (user.get_full_name() or user.get_username()) if user else ""


class DecisionJournal(Journal):
    model = Decision
    base_url_path = "crowdbrand/journals/decisions"
    menu_label = gettext_lazy("Decisions")
    menu_icon = "check"
    about = gettext_lazy("Every moderation decision, with the reason given.")
    list_display = ("when", "code", "campaign", "what", "reason", "by", "undone")
    list_export = (*list_display[:4], "why", "rule", "text", *list_display[5:])
    export_filename = "decisions"

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = Decision.objects.select_related("submission__campaign_page", "actor")
        if not request.user.is_superuser:
            mine = permissions.moderated_campaigns(request.user)
            rows = rows.filter(submission__campaign_page__in=mine)
        closed = permissions.sealed_off(request.user)
        if closed:
            rows = rows.exclude(submission__campaign_page__in=closed)
        return rows.order_by("-decided_at", "-pk")

    def when(self, row: Decision) -> Any:
        return row.decided_at

    when.short_description = gettext_lazy("When")

    def what(self, row: Decision) -> str:
        return row.get_action_display()

    what.short_description = gettext_lazy("Decision")

    def complete(self, rows: Iterable[Decision]) -> None:
        labels = reasons.labels(get_language() or "")
        for row in rows:
            row.reason_label = labels.get(row.reason_code, row.reason_code)

    def reason(self, row: Decision) -> str:
        return row.reason_label

    reason.short_description = gettext_lazy("Reason")

    def why(self, row: Decision) -> str:
        return row.reason_code

    why.short_description = gettext_lazy("Reason")

    def by(self, row: Decision) -> str:
        return _named(row.actor)

    by.short_description = gettext_lazy("By")

    def undone(self, row: Decision) -> Any:
        return row.undone_at or ""

    undone.short_description = gettext_lazy("Undone")


class ConsentJournal(Journal):
    model = Submission
    base_url_path = "crowdbrand/journals/consents"
    menu_label = gettext_lazy("Consents")
    menu_icon = "form"
    about = gettext_lazy("Which version of the terms was accepted when.")
    list_display = ("when", "own_code", "campaign_title", "version", "valid_from")
    list_export = (*list_display, "digest")
    export_filename = "consents"
    code_field = "code"

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = permissions.moderated_by(request.user)
        rows = rows.filter(submitted_at__isnull=False, terms__isnull=False)
        return rows.select_related("campaign_page", "terms").order_by(
            "-submitted_at", "-pk"
        )

    def when(self, row: Submission) -> Any:
        return row.submitted_at

    when.short_description = gettext_lazy("Accepted")

    def own_code(self, row: Submission) -> str:
        return row.code

    own_code.short_description = gettext_lazy("Code")

    def campaign_title(self, row: Submission) -> str:
        return row.campaign_page.title

    campaign_title.short_description = gettext_lazy("Campaign")

    def version(self, row: Submission) -> int:
        return row.terms.number

    version.short_description = gettext_lazy("Version of the terms")

    def valid_from(self, row: Submission) -> Any:
        return row.terms.created_at

    valid_from.short_description = gettext_lazy("Valid from")

    def digest(self, row: Submission) -> str:
        return row.terms.digest

    digest.short_description = gettext_lazy("SHA-256 of the terms")


class MessageJournal(Journal):
    """Never what was written or to whom: only that it was, and whether it arrived."""

    model = Message
    base_url_path = "crowdbrand/journals/messages"
    menu_label = gettext_lazy("Messages")
    menu_icon = "mail"
    about = gettext_lazy("Every mail, when it left, and what went wrong.")
    list_display = ("when", "name", "about_code", "sent", "tries", "problem")
    export_filename = "messages"

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        """A mail server's error may name the address it did not like."""
        if permissions.can_view_contact(request.user):
            return (*self.list_display[:-1], "whole_problem")
        return self.list_display

    def get_list_export(self, request: HttpRequest) -> tuple[str, ...]:
        shown = self.get_list_display(request)
        return tuple("what" if name == "name" else name for name in shown)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        user = request.user
        rows = Message.objects.select_related("submission", "notice__submission")
        if not user.is_superuser:
            mine = permissions.moderated_campaigns(user)
            about = Q(submission__campaign_page__in=mine)
            about |= Q(notice__submission__campaign_page__in=mine)
            rows = rows.filter(about | Q(user=user))
        closed = permissions.sealed_off(user)
        if closed:
            # A message without submission is about none of them, and stays.
            rows = rows.exclude(submission__in=_of(closed))
        return rows.order_by("-created_at", "-pk")

    def when(self, row: Message) -> Any:
        return row.created_at

    when.short_description = gettext_lazy("Written")

    def name(self, row: Message) -> str:
        return mailtexts.label_of(row.kind)

    name.short_description = gettext_lazy("Kind")

    def what(self, row: Message) -> str:
        return row.kind

    what.short_description = gettext_lazy("Kind")

    def tries(self, row: Message) -> int:
        return row.attempts

    tries.short_description = gettext_lazy("Attempts")

    def whole_problem(self, row: Message) -> str:
        return row.error

    whole_problem.short_description = gettext_lazy("Last error")

    def about_code(self, row: Message) -> str:
        submission = row.submission or (row.notice and row.notice.submission)
        return submission.code if submission else ""

    about_code.short_description = gettext_lazy("Code")

    def sent(self, row: Message) -> Any:
        return row.sent_at or ""

    sent.short_description = gettext_lazy("Sent")

    def problem(self, row: Message) -> str:
        """The kind of error, without its words."""
        return row.error.partition("(")[0]

    problem.short_description = gettext_lazy("Last error")


JOURNALS = (DecisionJournal, ConsentJournal, MessageJournal)
journals = [journal() for journal in JOURNALS]


def register() -> None:
    for journal in journals:
        journal.register_with_wagtail()


class JournalsMenu(ViewSet):
    """Only a submenu of the group: the journals bring their own addresses."""

    name = "crowdbrand_journals"
    menu_label = gettext_lazy("Journals")
    menu_icon = "history"

    def get_menu_item(self, order: int | None = None) -> MenuItem:
        items = [
            journal.get_menu_item(order=number)
            for number, journal in enumerate(journals, start=1)
        ]
        return SubmenuMenuItem(
            label=self.menu_label,
            menu=Menu(items=items),
            name=self.name,
            icon_name=self.menu_icon,
            order=1000 if order is None else order,
        )
