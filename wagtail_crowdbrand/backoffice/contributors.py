"""The people behind submissions: a list, and a page each."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import (
    Column,
    DateColumn,
    NumberColumn,
    Table,
    TitleColumn,
)
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.base import ViewSet
from wagtail.models import ModelLogEntry

from wagtail_crowdbrand.backoffice.doors import ModeratorsOnly
from wagtail_crowdbrand.backoffice.listings import (
    CappedPaginator,
    IdeaColumn,
    StatusColumn,
    ThumbnailColumn,
    contributor_url,
    for_listing,
    listed,
    ordered,
    people_found,
)
from wagtail_crowdbrand.domain import contributors, permissions, sealing
from wagtail_crowdbrand.models import Contributor, Submission
from wagtail_crowdbrand.models.inputs import TextField

#: Submissions shown on somebody's page; the search of the listing finds all.
SHOWN = 50
#: What can be done to somebody, and what is said afterwards.
DEEDS = {
    "trust": (contributors.set_trust, gettext_lazy("Trusted from now on.")),
    "distrust": (contributors.end_trust, gettext_lazy("No longer trusted.")),
    "block": (
        lambda person, *, actor: contributors.block(
            person, actor=actor, at=timezone.now()
        ),
        gettext_lazy("Blocked. What is on show stays."),
    ),
    "unblock": (contributors.unblock, gettext_lazy("No longer blocked.")),
}


class NoteForm(forms.Form):
    notes = TextField(
        label=gettext_lazy("Notes for staff"),
        widget=forms.Textarea({"rows": 4}),
        max_length=4000,
        required=False,
        help_text=gettext_lazy(
            "Only staff reads this here. The contributor gets it with a copy of their "
            "data."
        ),
    )


class StandingColumn(Column):
    """Trusted, blocked, or nothing to say."""

    cell_template_name = "wagtail_crowdbrand/backoffice/cells/standing.html"


class IndexView(ModeratorsOnly, generic.IndexView):
    """Those who sent something this user moderates, the latest first."""

    model = Contributor
    permission_policy = None
    paginate_by = 50
    paginator_class = CappedPaginator
    FORMATS = ()  # no export of people
    index_url_name = "crowdbrand_contributors:index"
    index_results_url_name = "crowdbrand_contributors:index_results"
    page_title = gettext_lazy("Contributors")
    header_icon = "group"
    is_searchable = True
    default_ordering = "-pk"

    @cached_property
    def verbose_name_plural(self) -> str:
        return Contributor._meta.verbose_name_plural

    @cached_property
    def show_addresses(self) -> bool:
        return permissions.can_view_contact(self.request.user)

    @cached_property
    def columns(self) -> list[Column]:
        columns = [
            TitleColumn("name", label=_("Name"), get_url=contributor_url),
            NumberColumn("sent", label=_("Submissions")),
            NumberColumn("approved", label=_("Approved")),
            NumberColumn("refused", label=_("Refused")),
            StandingColumn("standing", label=_("Standing")),
            DateColumn("created_at", label=_("Known since")),
        ]
        columns[0].empty_value_display = _("Unnamed")
        if self.show_addresses:
            columns.insert(1, Column("email", label=_("E-mail address")))
        return columns

    def get_base_queryset(self) -> QuerySet[Contributor]:
        return contributors.known_to(self.request.user)

    def search_queryset(self, queryset: QuerySet) -> QuerySet:
        return people_found(
            queryset, self.search_query or "", by_address=self.show_addresses
        )

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        home = {"url": reverse("wagtailadmin_home"), "label": _("Home")}
        return [home, {"url": "", "label": self.get_page_title()}]

    def get_table(self, object_list: Any) -> Table:
        people = list(object_list)
        ids = [person.pk for person in people]
        counts = contributors.counts_of(ids, user=self.request.user)
        for person in people:
            for name, number in counts[person.pk].items():
                setattr(person, name, number)
        return super().get_table(people)


class ShowView(ModeratorsOnly, WagtailAdminTemplateMixin, DetailView):
    """What somebody sent to campaigns this user moderates, and how they stand."""

    template_name = "wagtail_crowdbrand/backoffice/contributor.html"
    header_icon = "user"
    #: What somebody wrote that could not be saved.
    note_form: NoteForm | None = None

    def get_queryset(self) -> QuerySet[Contributor]:
        return contributors.known_to(self.request.user)

    def get_page_title(self) -> str:
        return self.object.name or _("Unnamed")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        index = reverse("crowdbrand_contributors:index")
        return [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": index, "label": _("Contributors")},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        user, person = self.request.user, self.object
        sealed = sealing.ids(at=timezone.now())
        rows = listed(user).filter(contributor=person)
        rows = rows.exclude(campaign_page__in=sealed)
        shown = list(for_listing(ordered(rows, "-submitted_at"))[: SHOWN + 1])
        may_change = permissions.can_change_contributors(user)
        return context | {
            "person": person,
            "email": person.email if permissions.can_view_contact(user) else "",
            "counts": contributors.counts_of([person.pk], user=user)[person.pk],
            "table": Table(self._columns(), shown[:SHOWN]),
            "has_more": len(shown) > SHOWN,
            "shown": SHOWN,
            "may_change": may_change,
            "note_form": self.note_form or NoteForm(initial={"notes": person.notes}),
            "history": _history(person) if may_change else [],
        }

    def _columns(self) -> list[Column]:
        edit = Submission.snippet_viewset.get_url_name("edit")
        return [
            ThumbnailColumn("picture", label="", classname="cb-thumbnail"),
            IdeaColumn("title", label=_("Idea"), url_name=edit),
            Column("brief_page", label=_("Brief"), accessor="brief_page.title"),
            Column("campaign", label=_("Campaign"), accessor="campaign_page.title"),
            StatusColumn("staff_status", label=_("Status")),
            DateColumn("submitted_at", label=_("Received")),
        ]


def _history(person: Contributor) -> list[ModelLogEntry]:
    """What staff did, newest first."""
    entries = ModelLogEntry.objects.for_instance(person).select_related("user")
    return list(entries.order_by("-timestamp", "-pk")[:20])


def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Trust, block or write a note; ``deed`` says which. POST only."""
    if not permissions.can_change_contributors(request.user):
        raise Http404
    person = get_object_or_404(contributors.known_to(request.user), pk=pk)
    if request.method != "POST":
        return redirect(contributor_url(person))
    asked = request.POST.get("deed", "")
    if asked == "note":
        form = NoteForm(request.POST)
        if not form.is_valid():
            return _show_again(request, person, form)
        text = form.cleaned_data["notes"]
        contributors.note(person, text=text, actor=request.user)
        messages.success(request, _("The notes are saved."))
    elif asked in DEEDS:
        deed, said = DEEDS[asked]
        deed(person, actor=request.user)
        messages.success(request, said)
    return redirect(contributor_url(person))


def _show_again(
    request: HttpRequest, person: Contributor, form: NoteForm
) -> HttpResponse:
    """The page with what was written, and why it could not be saved."""
    messages.error(request, _("The notes are not saved."))
    view = ShowView(note_form=form)
    view.setup(request, pk=person.pk)
    return view.get(request)


class ContributorsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return permissions.is_moderator(request.user)


class ContributorViewSet(ViewSet):
    name = "crowdbrand_contributors"
    url_prefix = "crowdbrand/contributors"
    icon = "group"
    menu_label = gettext_lazy("Contributors")
    menu_item_class = ContributorsMenuItem

    def get_urlpatterns(self) -> list[Any]:
        results = IndexView.as_view(results_only=True)
        return [
            path("", IndexView.as_view(), name="index"),
            path("results/", results, name="index_results"),
            path("<int:pk>/", ShowView.as_view(), name="show"),
            path("<int:pk>/change/", change, name="change"),
        ]
