"""Wagtail's question "may this user …?" answered by ``domain.permissions``."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from wagtail.permission_policies import ModelPermissionPolicy

from wagtail_crowdbrand.domain import permissions
from wagtail_crowdbrand.models import Submission

#: All a moderator may do with the generic screens: look. Deciding is a workflow action.
ALLOWED = {"view", "change"}


class SubmissionPermissionPolicy(ModelPermissionPolicy):
    """Moderators look at what they moderate; nobody adds, edits, publishes, deletes.

    ``change`` opens the edit screen, which shows and decides, and saves nothing.
    Model permissions given in the group settings mean nothing here.
    """

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action in ALLOWED and permissions.is_moderator(user)

    def user_has_any_permission(self, user: Any, actions: Collection[str]) -> bool:
        return bool(ALLOWED & set(actions)) and permissions.is_moderator(user)

    def user_has_permission_for_instance(
        self, user: Any, action: str, instance: Submission
    ) -> bool:
        return action in ALLOWED and permissions.can_moderate(user, instance)

    def user_has_any_permission_for_instance(
        self, user: Any, actions: Collection[str], instance: Submission
    ) -> bool:
        return bool(ALLOWED & set(actions)) and permissions.can_moderate(user, instance)

    def instances_user_has_any_permission_for(
        self, user: Any, actions: Collection[str]
    ) -> QuerySet[Submission]:
        if not ALLOWED & set(actions):
            return Submission.objects.none()
        return permissions.moderated_by(user)

    def instances_user_has_permission_for(
        self, user: Any, action: str
    ) -> QuerySet[Submission]:
        return self.instances_user_has_any_permission_for(user, {action})

    def users_with_any_permission(self, actions: Collection[str]) -> QuerySet[Any]:
        """Superusers and members of the groups of any moderation step."""
        if not ALLOWED & set(actions):
            return get_user_model().objects.none()
        tasks = permissions.ModerationTask.objects.filter(active=True)
        return (
            get_user_model()
            .objects.filter(is_active=True)
            .filter(Q(is_superuser=True) | Q(groups__in=tasks.values("groups")))
            .distinct()
        )

    def users_with_permission(self, action: str) -> QuerySet[Any]:
        return self.users_with_any_permission({action})
