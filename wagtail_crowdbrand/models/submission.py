"""What one contributor sent to one brief: a row, never a page until it may be seen."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, ClassVar

import swapper
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelcluster.models import get_serializable_data_for_fields
from wagtail.models import (
    DraftStateMixin,
    PageViewRestriction,
    PreviewableMixin,
    RevisionMixin,
    Workflow,
    WorkflowMixin,
)

from wagtail_crowdbrand.models.brief import BriefMixin
from wagtail_crowdbrand.models.contributor import search_key
from wagtail_crowdbrand.models.terms import TermsVersion
from wagtail_crowdbrand.states import (
    ContributorStatus,
    FieldVisibility,
    Lifecycle,
    Moderation,
    StaffStatus,
    contributor_status,
    staff_status,
)

PAGE_MODEL = swapper.get_model_name("wagtailcore", "Page")

#: No vowels that make words, nothing that looks or sounds like something else.
CODE_ALPHABET = "23456789BCDFGHJKMNPQRSTVWXYZ"


CODE = re.compile(rf"[{CODE_ALPHABET}]{{4}}-[{CODE_ALPHABET}]{{4}}")


def read_code(text: str) -> str:
    """``text`` as a code, or ``""``: whatever is none never reaches the database."""
    code = text.strip().upper()
    return code if CODE.fullmatch(code) else ""


def new_code() -> str:
    """A random reference such as ``K7Q4-2M9P`` (28⁸ ≈ 3.8 · 10¹¹ of them)."""
    letters = [secrets.choice(CODE_ALPHABET) for _ in range(8)]
    return f"{''.join(letters[:4])}-{''.join(letters[4:])}"


def new_nonce() -> str:
    return secrets.token_hex(16)


class SubmissionQuerySet(models.QuerySet):
    def visible_to(
        self, user: Any, *, at: datetime, passed_restrictions: Collection[int] = ()
    ) -> SubmissionQuerySet:
        """What ``user`` (an account, ``AnonymousUser`` or ``None``) may see at ``at``.

        Everything that shows a submission goes through here. ``passed_restrictions``
        are the ids of the password restrictions the visitor's session has passed.
        """
        visible = self.filter(
            visible_from__lte=at, brief_page__live=True, campaign_page__live=True
        )
        for path in paths_closed_to(user, passed_restrictions):
            visible = visible.exclude(brief_page__path__startswith=path)
        return visible

    def of_brief(self, brief: Any) -> SubmissionQuerySet:
        """Those of a brief, in whichever of its translations they were sent."""
        return self.filter(brief_key=brief.translation_key)

    def sent(self) -> SubmissionQuerySet:
        """Those that count: sent by somebody known, and not withdrawn."""
        return self.filter(lifecycle=Lifecycle.SUBMITTED, confirmed_at__isnull=False)


class PassedRestrictions(tuple[int, ...]):
    """Those a session has passed; of one request, so that what they leave closed is
    read once.
    """

    closed: list[str] | None = None


def paths_closed_to(user: Any, passed_restrictions: Collection[int]) -> Iterable[str]:
    """Tree paths behind Wagtail's page privacy for this visitor."""
    passed = passed_restrictions
    if not isinstance(passed, PassedRestrictions):
        return _paths_closed_to(user, passed)
    if passed.closed is None:
        passed.closed = list(_paths_closed_to(user, passed))
    return passed.closed


def _paths_closed_to(user: Any, passed: Collection[int]) -> Iterable[str]:
    known = bool(user and user.is_authenticated)
    if known and user.is_superuser:
        return
    groups = set(user.groups.values_list("pk", flat=True)) if known else set()
    restrictions = PageViewRestriction.objects.select_related("page")
    for restriction in restrictions.prefetch_related("groups"):
        kind = restriction.restriction_type
        if kind == PageViewRestriction.PASSWORD:
            opened = restriction.pk in passed
        elif kind == PageViewRestriction.GROUPS:
            opened = bool(groups & {group.pk for group in restriction.groups.all()})
        else:
            opened = known
        if not opened:
            yield restriction.page.path


class Submission(
    WorkflowMixin,
    DraftStateMixin,
    RevisionMixin,
    PreviewableMixin,
    models.Model,
):
    """One idea, its words, and where it stands on each axis.

    ``live`` means "a revision has been approved", ``visible_from`` (null: never) when
    the public may see it; neither implies the other. The columns in
    ``REVISIONED_FIELDS`` hold what was approved last, or, before the first approval,
    what was sent last; later edits wait in ``latest_revision``.
    """

    #: What publishing a revision may change. Everything else on the row is a fact.
    REVISIONED_FIELDS = (
        "title",
        "summary",
        "link",
        "third_party",
        "language",
        "answers",
        "images",
    )

    code = models.CharField(_("code"), max_length=9, unique=True, default=new_code)
    brief_page = models.ForeignKey(
        PAGE_MODEL,
        verbose_name=_("brief"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    brief_key = models.UUIDField(help_text="translation_key of the brief.")
    campaign_page = models.ForeignKey(
        PAGE_MODEL,
        verbose_name=_("campaign"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    contributor = models.ForeignKey(
        "wagtail_crowdbrand.Contributor",
        verbose_name=_("contributor"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="submissions",
    )
    page = models.OneToOneField(
        PAGE_MODEL,
        verbose_name=_("page"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="crowdbrand_submission",
    )

    lifecycle = models.CharField(
        _("lifecycle"),
        max_length=12,
        choices=Lifecycle.choices,
        default=Lifecycle.DRAFT,
    )
    moderation = models.CharField(
        _("moderation"),
        max_length=20,
        choices=Moderation.choices,
        default=Moderation.PENDING,
    )
    live = models.BooleanField(_("approved once"), default=False, editable=False)

    title = models.CharField(_("title"), max_length=120, blank=True)
    summary = models.TextField(_("description"), blank=True)
    link = models.URLField(_("link"), max_length=500, blank=True)
    third_party = models.TextField(_("material by others"), blank=True)
    language = models.CharField(_("language"), max_length=20, blank=True)
    answers = models.JSONField(_("answers"), default=list, blank=True)
    images = models.JSONField(_("pictures"), default=list, blank=True)

    title_key = models.CharField(max_length=120, blank=True, db_index=True)
    is_first = models.BooleanField(
        _("first-timer"),
        default=False,
        help_text=_("Nothing by its contributor had been approved when it was sent."),
    )
    open_notices = models.PositiveIntegerField(
        _("open notices"), default=0, editable=False
    )

    created_at = models.DateTimeField(_("begun"))
    submitted_at = models.DateTimeField(_("received"), null=True, blank=True)
    is_late = models.BooleanField(_("late"), default=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    erased_at = models.DateTimeField(
        _("erased"),
        null=True,
        blank=True,
        help_text=_("Since then only the code, the dates and the decision are left."),
    )
    visible_from = models.DateTimeField(_("visible from"), null=True, blank=True)
    shown_revision = models.ForeignKey(
        "wagtailcore.Revision",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The revision its page shows; behind live_revision: to be published.",
    )
    to_finish = models.BooleanField(
        default=False,
        editable=False,
        help_text="Revealed; its page has no revision and is not in the index yet.",
    )
    reason = models.TextField(
        _("statement of reasons"),
        blank=True,
        help_text=_("What the contributor read last when it was not shown."),
    )
    terms = models.ForeignKey(
        TermsVersion,
        verbose_name=_("terms accepted"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    suspicion = models.CharField(
        _("suspicious because"), max_length=200, blank=True, editable=False
    )
    nonce = models.CharField(max_length=32, default=new_nonce, editable=False)

    objects: ClassVar[SubmissionQuerySet] = SubmissionQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        indexes = [
            models.Index(
                "brief_key",
                models.F("visible_from").desc(),
                models.F("id").desc(),
                condition=models.Q(visible_from__isnull=False),
                name="crowdbrand_newest",
            ),
            models.Index(
                fields=["campaign_page", "-visible_from", "-id"],
                condition=models.Q(visible_from__isnull=False),
                name="crowdbrand_newest_anywhere",
            ),
            models.Index(
                fields=["brief_key", "code"],
                condition=models.Q(visible_from__isnull=False),
                name="crowdbrand_by_code",
            ),
            models.Index(
                fields=["moderation", "submitted_at", "id"],
                condition=models.Q(lifecycle=Lifecycle.SUBMITTED),
                name="crowdbrand_queue",
            ),
            models.Index(
                fields=["campaign_page", "moderation", "submitted_at", "id"],
                condition=models.Q(lifecycle=Lifecycle.SUBMITTED),
                name="crowdbrand_campaign_queue",
            ),
            models.Index(
                fields=["campaign_page", "submitted_at", "visible_from"],
                condition=models.Q(
                    lifecycle=Lifecycle.SUBMITTED, confirmed_at__isnull=False
                ),
                name="crowdbrand_received",
            ),
            models.Index(
                fields=["open_notices", "id"],
                condition=models.Q(open_notices__gt=0),
                name="crowdbrand_noticed",
            ),
            models.Index(
                fields=["campaign_page", "-submitted_at", "-id"],
                name="crowdbrand_listing",
            ),
            models.Index(
                fields=["-submitted_at", "-id"], name="crowdbrand_listing_all"
            ),
            models.Index(
                fields=["id"],
                condition=models.Q(to_finish=True),
                name="crowdbrand_to_finish",
            ),
            models.Index(
                fields=["contributor", "brief_key"], name="crowdbrand_per_person"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(visible_from__isnull=True)
                | models.Q(
                    live=True,
                    lifecycle=Lifecycle.SUBMITTED,
                    confirmed_at__isnull=False,
                ),
                name="crowdbrand_visible_only_when_approved",
            ),
        ]

    def __str__(self) -> str:
        """The code, and nothing else: Wagtail prints it in mails, logs and reports."""
        return self.code

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.title_key = search_key(self.title)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Refused while the public sees it: gallery, page and pictures would stay."""
        if self.visible_from is not None:
            raise PermissionDenied("Hide or withdraw it first; see domain.privacy.")
        return super().delete(*args, **kwargs)

    @cached_property
    def brief(self) -> Any:
        """The brief's page, as its own class."""
        classes = [one for one in apps.get_models() if issubclass(one, BriefMixin)]
        if len(classes) == 1 and "brief_page" not in self._state.fields_cache:
            return classes[0]._default_manager.get(pk=self.brief_page_id)
        return self.brief_page.specific

    @property
    def campaign(self) -> Any:
        return self.brief.campaign

    @property
    def staff_status(self) -> StaffStatus:
        """One word for where it stands."""
        return staff_status(
            lifecycle=self.lifecycle,
            moderation=self.moderation,
            confirmed=self.confirmed_at is not None,
            visible=self.visible_from is not None,
        )

    @property
    def contributor_status(self) -> ContributorStatus:
        """The same in the contributor's words."""
        return contributor_status(self.staff_status)

    @property
    def public_answers(self) -> list[dict[str, Any]]:
        """Answers everybody may read, those left empty excluded."""
        return [
            answer
            for answer in self.answers
            if answer["visibility"] == FieldVisibility.PUBLIC and answer["value"]
        ]

    @property
    def public_text(self) -> str:
        """All public words in one string, for search."""
        answers = [answer["value"] for answer in self.public_answers]
        return " ".join([self.title, self.summary, *answers])

    # Wagtail: revisions

    def serializable_data(self) -> dict[str, Any]:
        """Only content goes into a revision: no axis, no counter, no person."""
        data = get_serializable_data_for_fields(self)
        return {name: data[name] for name in ("pk", *self.REVISIONED_FIELDS)}

    def with_content_json(self, content: dict[str, Any]) -> Submission:
        """This row with the content of a revision, and all else as it is now."""
        columns = {
            field.attname: getattr(self, field.attname)
            for field in self._meta.concrete_fields
        }
        revised = {
            name: content[name] for name in self.REVISIONED_FIELDS if name in content
        }
        obj = type(self)(**columns | revised)
        obj._state.adding = False
        obj._state.db = self._state.db
        return obj

    # Wagtail: publishing has one road

    def publish(self, revision: Any, user: Any = None, **kwargs: Any) -> Any:
        """Apply a revision that finished its workflow; refuse any other.

        Raises ``PermissionDenied``.
        """
        from wagtail_crowdbrand.domain import permissions

        with transaction.atomic():
            locked = type(self).objects.select_for_update().get(pk=self.pk)
            permissions.require_approved_revision(locked, revision)
            if revision.pk == locked.live_revision_id:
                return None  # shown before its review, which has approved it now
            revision.content_object = locked
            kwargs["skip_permission_checks"] = True
            return super(Submission, locked).publish(revision, user=user, **kwargs)

    def unpublish(self, *args: Any, **kwargs: Any) -> None:
        """Refused: hiding a submission is a decision with a reason."""
        from wagtail_crowdbrand.domain import permissions

        permissions.refuse_outside_workflow()

    # Wagtail: workflow

    def get_workflow(self) -> Workflow | None:
        """The campaign's workflow, or the one assigned to submissions in general."""
        own = self.campaign.moderation_workflow
        return own if own and own.active else self.get_default_workflow()

    # Wagtail: preview

    def serve_preview(self, request: Any, mode_name: str) -> Any:
        from wagtail_crowdbrand.views import submission

        return submission.preview(request, self)
