"""Filters beside the lists of the admin."""

from __future__ import annotations

from collections.abc import Collection

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet

from wagtail_crowdbrand.backoffice.listings import brief_pages, campaign_pages
from wagtail_crowdbrand.models import Submission
from wagtail_crowdbrand.models.reason import language_choices
from wagtail_crowdbrand.states import Lifecycle, Moderation, StaffStatus

SENT = Q(lifecycle=Lifecycle.SUBMITTED)
CONFIRMED = SENT & Q(confirmed_at__isnull=False)
VISIBLE = Q(visible_from__isnull=False)

#: The status in words → the facts behind it (``states.staff_status``, turned round).
STATUS = {
    StaffStatus.UNCONFIRMED: SENT & Q(confirmed_at__isnull=True),
    StaffStatus.WAITING: CONFIRMED & Q(moderation=Moderation.PENDING) & ~VISIBLE,
    StaffStatus.WAITING_EDIT: CONFIRMED & Q(moderation=Moderation.PENDING) & VISIBLE,
    StaffStatus.CHANGES_REQUESTED: CONFIRMED
    & Q(moderation=Moderation.CHANGES_REQUESTED),
    StaffStatus.APPROVED: CONFIRMED & Q(moderation=Moderation.APPROVED) & ~VISIBLE,
    StaffStatus.VISIBLE: CONFIRMED & Q(moderation=Moderation.APPROVED) & VISIBLE,
    StaffStatus.REJECTED: CONFIRMED & Q(moderation=Moderation.REJECTED),
    StaffStatus.SPAM: CONFIRMED & Q(moderation=Moderation.SPAM),
    StaffStatus.HIDDEN: CONFIRMED & Q(moderation=Moderation.HIDDEN),
    StaffStatus.WITHDRAWN: Q(lifecycle=Lifecycle.WITHDRAWN),
}
#: What else can be asked of a submission.
ONLY = {
    "noticed": (_("With open notices"), Q(open_notices__gt=0)),
    "first": (_("By first-timers"), Q(is_first=True)),
    "late": (_("Sent late"), Q(is_late=True)),
}


class SubmissionFilterSet(WagtailFilterSet):
    status = django_filters.MultipleChoiceFilter(
        label=_("Status"),
        choices=[(status.value, status.label) for status in STATUS],
        widget=forms.CheckboxSelectMultiple,
        method="in_status",
    )
    campaign = django_filters.ModelChoiceFilter(
        label=_("Campaign"), field_name="campaign_page", queryset=campaign_pages
    )
    brief = django_filters.ModelChoiceFilter(
        label=_("Brief"), field_name="brief_page", queryset=brief_pages
    )
    only = django_filters.MultipleChoiceFilter(
        label=_("Only"),
        choices=[(name, label) for name, (label, _facts) in ONLY.items()],
        widget=forms.CheckboxSelectMultiple,
        method="having",
    )
    language = django_filters.ChoiceFilter(
        label=_("Language"), choices=language_choices
    )

    class Meta:
        model = Submission
        fields: list[str] = []

    def in_status(self, rows: QuerySet, name: str, wanted: Collection[str]) -> QuerySet:
        """Any of them."""
        facts = Q()
        for status in wanted:
            facts |= STATUS[StaffStatus(status)]
        return rows.filter(facts)

    def having(self, rows: QuerySet, name: str, wanted: Collection[str]) -> QuerySet:
        """All of them."""
        for word in wanted:
            rows = rows.filter(ONLY[word][1])
        return rows
