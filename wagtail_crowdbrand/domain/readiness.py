"""What is missing before a campaign can open, and where that is mended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from wagtail_crowdbrand.models import BriefMixin, ModerationTask, Submission
from wagtail_crowdbrand.states import SealModeration

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from wagtail_crowdbrand.models import CampaignMixin

#: Tab of the campaign's editor → the fields on it that must be filled in.
REQUIRED = {
    "story": ("brand_name", "summary"),
    "schedule": ("opens_at", "closes_at", "decision_due_at"),
    "expectations": (
        "prize",
        "effort",
        "picks",
        "who_decides",
        "fallback",
        "rights",
        "terms",
    ),
}
#: The tab on which a field is, for those that can contradict others.
TAB_OF = {"picks": "expectations", "moderation_workflow": "settings"}


@dataclass(frozen=True)
class Gap:
    """Something missing. ``place`` is a tab of the editor, or says what ``target`` is:
    ``briefs`` (those below), ``new_brief``, ``brief``, ``image``, ``group``,
    ``workflows``.
    """

    code: str
    message: str | Promise
    place: str
    target: Any = None


def gaps_of(campaign: CampaignMixin, *, at: datetime) -> list[Gap]:
    """What keeps ``campaign`` from opening, or from opening well.

    Of one that is not public, the newest draft is looked at.
    """
    page: Any = campaign
    draft: Any = page if page.live else page.get_latest_revision_as_object()
    return [
        *_empty(draft),
        *_contradictory(draft),
        *_past(draft, is_public=page.live, at=at),
        *_without_picture(draft),
        *_without_task(page),
        *_without_moderators(draft),
    ]


def _empty(draft: Any) -> Iterator[Gap]:
    for tab, names in REQUIRED.items():
        for name in names:
            if getattr(draft, name) in (None, ""):
                label = capfirst(str(draft._meta.get_field(name).verbose_name))
                words = {
                    "opens_at": _("The opening date is missing."),
                    "closes_at": _("The deadline is missing."),
                    "decision_due_at": _("The decision deadline is missing."),
                }
                other = _("“%(field)s” is empty.") % {"field": label}
                yield Gap("empty", words.get(name, other), tab)


def _contradictory(draft: Any) -> Iterator[Gap]:
    for name, message in (draft.contradictions() | draft.broken_references()).items():
        yield Gap("contradiction", message, TAB_OF.get(name, "schedule"))


def _past(draft: Any, *, is_public: bool, at: datetime) -> Iterator[Gap]:
    if is_public:
        return
    if draft.closes_at and draft.closes_at <= at:
        message = _("The deadline is in the past.")
    elif draft.opens_at and draft.opens_at <= at:
        message = _("The opening date is in the past: it opens when it is published.")
    else:
        return
    yield Gap("past", message, "schedule")


def _without_picture(draft: Any) -> Iterator[Gap]:
    if draft.cover is None:
        yield Gap("no_cover", _("There is no cover picture."), "story")
    elif not getattr(draft.cover, "description", "-"):
        message = _("The cover picture has no description (alt text).")
        yield Gap("no_alt", message, "image", draft.cover)


def _without_task(page: Any) -> Iterator[Gap]:
    children = page.get_children().specific()
    briefs = [child for child in children if isinstance(child, BriefMixin)]
    if not briefs:
        yield Gap("no_brief", _("There is no brief yet."), "new_brief")
    elif not any(brief.live for brief in briefs):
        yield Gap("no_brief", _("No brief is published."), "briefs")
    for brief in briefs:
        draft = brief if brief.live else brief.get_latest_revision_as_object()
        if not draft.criteria.strip():
            words = {"brief": draft.title}
            message = _("The brief “%(brief)s” does not say how ideas are judged.")
            yield Gap("no_criteria", message % words, "brief", brief)


def _without_moderators(draft: Any) -> Iterator[Gap]:
    own = draft.moderation_workflow
    workflow = own if own and own.active else Submission.get_default_workflow()
    steps = ModerationTask.objects.filter(
        active=True, workflow_tasks__workflow=workflow
    )
    if workflow is None or not steps.exists():
        message = _("There is no workflow in which ideas are reviewed.")
        yield Gap("no_workflow", message, "workflows")
        return
    people = get_user_model().objects.filter(is_active=True)
    steps = steps.prefetch_related("groups")
    if draft.is_sealed and draft.seal_moderation == SealModeration.NAMED:
        named = [person.pk for person in draft.seal_moderators.all()]
        yield from _without_named(steps, people.filter(pk__in=named))
        return
    for step in steps:
        groups = list(step.groups.all())
        if not people.filter(groups__in=groups).exists():
            words = {"step": step.name}
            message = _("Nobody is in the groups that review ideas in “%(step)s”.")
            place = "group" if groups else "workflows"
            target = groups[0] if groups else None
            yield Gap("no_moderators", message % words, place, target)


def _without_named(steps: QuerySet[ModerationTask], named: QuerySet) -> Iterator[Gap]:
    """The seal keeps out everybody else, and a step lets in its groups only."""
    for step in steps:
        may_decide = Q(is_superuser=True) | Q(groups__in=step.groups.all())
        if not named.filter(may_decide).exists():
            words = {"step": step.name}
            message = _(
                "Nobody can review ideas: none of those named is in “%(step)s”."
            )
            yield Gap("no_moderators", message % words, "schedule")
