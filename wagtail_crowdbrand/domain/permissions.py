"""Who may do what. Doors and models ask here and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from django.core.exceptions import PermissionDenied
from django.db.models import CharField, Exists, OuterRef
from django.db.models.functions import Cast
from django.utils import timezone
from wagtail.models import Task, TaskState, Workflow, WorkflowState
from wagtail.permission_policies.pages import PagePermissionPolicy

from wagtail_crowdbrand.domain import classes, sealing, trust
from wagtail_crowdbrand.errors import Conflict, NotAllowed
from wagtail_crowdbrand.models import ModerationTask, Submission
from wagtail_crowdbrand.states import REASONS, Lifecycle, Moderation

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from wagtail.models import Revision


def refuse(code: str) -> NoReturn:
    raise NotAllowed(code, REASONS[code])


def is_moderation_workflow(workflow: Workflow) -> bool:
    """Whether one of the workflow's steps is a moderation of submissions."""
    return ModerationTask.objects.filter(
        active=True, workflow_tasks__workflow=workflow
    ).exists()


def moderated_workflows(user: Any) -> QuerySet[Workflow]:
    """The workflows in which ``user`` decides on submissions."""
    tasks = ModerationTask.objects.filter(active=True)
    if not user.is_superuser:
        tasks = tasks.filter(groups__in=user.groups.all())
    return Workflow.objects.filter(
        active=True, workflow_tasks__task__in=tasks.values("pk")
    ).distinct()


def is_moderator(user: Any) -> bool:
    """Whether ``user`` (an account or anonymous) moderates anything at all."""
    if not user.is_active:
        return False
    return user.is_superuser or moderated_workflows(user).exists()


def can_view_contact(user: Any) -> bool:
    """Whether ``user`` may read the addresses of contributors."""
    return user.has_perm("wagtail_crowdbrand.view_contact")


def can_change_contributors(user: Any) -> bool:
    """Whether ``user`` may trust and block people, and write notes about them.

    That holds on the whole site, so it is a permission and no matter of campaigns.
    """
    return user.has_perm("wagtail_crowdbrand.change_contributor")


def can_moderate(user: Any, submission: Submission) -> bool:
    """Whether ``user`` may see and decide on this submission now."""
    if not user.is_active or is_sealed_off(user, submission):
        return False
    workflow = submission.get_workflow()
    if user.is_superuser or workflow is None:
        return user.is_superuser
    return moderated_workflows(user).filter(pk=workflow.pk).exists()


def require_moderator(actor: Any, submission: Submission) -> None:
    """Raise ``NotAllowed`` unless ``actor`` moderates it; ``None`` is the software."""
    if actor is None or can_moderate(actor, submission):
        return
    refuse("sealed" if is_sealed_off(actor, submission) else "not_permitted")


def is_sealed_off(user: Any, submission: Submission) -> bool:
    """Whether a seal keeps ``user`` from it now, whoever they are."""
    return sealing.is_closed_to(user, submission, at=timezone.now())


def sealed_off(user: Any) -> set[int]:
    """Ids of the campaigns whose seal keeps ``user`` out now."""
    return sealing.closed_to(user, at=timezone.now())


def moderated_by(user: Any) -> QuerySet[Submission]:
    """All sent submissions ``user`` may see and decide on now.

    A draft that was erased is none: it is withdrawn, but was never sent.
    """
    sent = Submission.objects.exclude(lifecycle=Lifecycle.DRAFT)
    sent = sent.filter(submitted_at__isnull=False)
    if not user.is_superuser:
        sent = sent.filter(campaign_page__in=moderated_campaigns(user))
    closed = sealed_off(user)
    return sent.exclude(campaign_page__in=closed) if closed else sent


def moderated_campaigns(user: Any) -> dict[int, str]:
    """Id → title of the campaigns whose submissions ``user`` decides on, by title."""
    mine = set(moderated_workflows(user).values_list("pk", flat=True))
    default = Submission.get_default_workflow()
    found: dict[int, str] = {}
    for model in classes.campaign_models():
        rows = model._default_manager.values_list(
            "pk", "title", "moderation_workflow", "moderation_workflow__active"
        )
        for pk, title, own, active in rows:
            workflow = own if active else default and default.pk
            if user.is_superuser or workflow in mine:
                found[pk] = title
    return dict(sorted(found.items(), key=lambda item: item[1].casefold()))


def briefs_of(campaign: int) -> dict[int, str]:
    """Id → title of the briefs below a campaign, in the order of the tree."""
    parents = [
        path
        for model in classes.campaign_models()
        for path in model._default_manager.filter(pk=campaign).values_list(
            "path", flat=True
        )
    ]
    rows = [
        row
        for model in classes.brief_models()
        for path in parents
        for row in model._default_manager.filter(path__startswith=path).values_list(
            "path", "pk", "title"
        )
    ]
    return {pk: title for _path, pk, title in sorted(rows)}


def edited_campaigns(user: Any) -> list[int]:
    """The campaigns whose page ``user`` may edit."""
    pages = PagePermissionPolicy().instances_user_has_permission_for(user, "change")
    return [
        pk
        for model in classes.campaign_models()
        for pk in model._default_manager.filter(pk__in=pages.values("pk")).values_list(
            "pk", flat=True
        )
    ]


def can_edit(user: Any, campaign: Any) -> bool:
    return bool(campaign.permissions_for_user(user).can_edit())


def can_operate(user: Any, campaign: Any) -> bool:
    """Whether ``user`` may pause, extend or cancel it: whoever may publish it."""
    return bool(campaign.permissions_for_user(user).can_publish())


def can_oversee(user: Any, campaign: Any) -> bool:
    """Whether ``user`` may see how it goes: its editors, and its moderators."""
    return can_edit(user, campaign) or campaign.pk in moderated_campaigns(user)


def can_remove(user: Any, campaign: Any) -> bool:
    """Whether ``user`` may delete it for ever: who oversees it and may delete pages."""
    may_delete = campaign.permissions_for_user(user).can_delete()
    return bool(may_delete and can_oversee(user, campaign))


def waiting_for(user: Any) -> QuerySet[Submission]:
    """What ``user`` is to decide on now; not what waits at a step of others."""
    waiting = moderated_by(user).filter(
        lifecycle=Lifecycle.SUBMITTED,
        confirmed_at__isnull=False,
        moderation=Moderation.PENDING,
    )
    others = _steps_of_others(user)
    if not others:
        return waiting
    states = TaskState.objects.filter(
        status=TaskState.STATUS_IN_PROGRESS,
        task__in=others,
        workflow_state__base_content_type=Submission.get_base_content_type(),
        workflow_state__object_id=Cast(OuterRef("pk"), CharField()),
    )
    return waiting.exclude(Exists(states))


def _steps_of_others(user: Any) -> list[int]:
    """Steps in the workflows of ``user`` at which they decide nothing."""
    mine = ModerationTask.objects.filter(active=True)
    if not user.is_superuser:
        mine = mine.filter(groups__in=user.groups.all())
    workflows = moderated_workflows(user).values("pk")
    tasks = Task.objects.filter(active=True, workflow_tasks__workflow__in=workflows)
    others = tasks.exclude(pk__in=mine.values("pk"))
    return list(others.values_list("pk", flat=True).distinct())


def require_step(actor: Any, task_state: TaskState, submission: Submission) -> None:
    """Raise unless the review stands at a step at which ``actor`` decides.

    ``Conflict`` (``at_another_step``) where it is none of ours, ``NotAllowed`` where
    it is that of another group.
    """
    task = task_state.task.specific
    if not isinstance(task, ModerationTask):
        raise Conflict("at_another_step", REASONS["at_another_step"])
    if actor is not None and not task.get_actions(submission, actor):
        refuse("not_permitted")


def require_approved_revision(submission: Submission, revision: Revision) -> None:
    """Raise ``PermissionDenied`` unless moderation approved exactly this revision.

    The facts decide, not who asks: the newest workflow of the submission is finished,
    a moderator approved the revision in it, and nothing newer was sent since. Or no
    review has begun, and the campaign's policy publishes it before.
    """
    newest = revision.pk == submission.latest_revision_id
    if newest and _awaits_review(submission) and trust.publishes_first(submission):
        return
    state = submission.workflow_states.order_by("-created_at", "-pk").first()
    approved = (
        state is not None
        and state.status == WorkflowState.STATUS_APPROVED
        and newest
        and state.task_states.filter(
            status=TaskState.STATUS_APPROVED,
            revision=revision,
            task__in=ModerationTask.objects.values("pk"),
        ).exists()
    )
    if not approved:
        refuse_outside_workflow()


def _awaits_review(submission: Submission) -> bool:
    """Sent, and before nobody yet."""
    return (
        submission.lifecycle == Lifecycle.SUBMITTED
        and submission.confirmed_at is not None
        and submission.moderation == Moderation.PENDING
        and submission.current_workflow_state is None
    )


def refuse_outside_workflow() -> NoReturn:
    """For every other road to publication."""
    raise PermissionDenied(str(REASONS["through_workflow_only"]))
