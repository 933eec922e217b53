"""The step in a Wagtail workflow at which a moderator decides on a submission."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import CharField
from django.db.models.functions import Cast
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask, TaskState

from wagtail_crowdbrand.models.inputs import TextField
from wagtail_crowdbrand.states import REASONS

#: Wagtail's dashboard panel is not paginated: more would make the admin home slow.
DASHBOARD_LIMIT = 25


def reason_choices() -> list[tuple[str, str]]:
    """The reasons for decisions, in the language of who decides."""
    from wagtail_crowdbrand.models.reason import ModerationReason

    rows = ModerationReason.objects.filter(for_decisions=True)
    language = get_language() or ""
    return [
        ("", _("Choose a reason")),
        *(
            (row.code, row.in_language(language).label)
            for row in rows.prefetch_related("wordings")
        ),
    ]


class ReasonForm(forms.Form):
    """Why, and what the contributor gets to read."""

    reason_code = forms.ChoiceField(label=_("Reason"), choices=reason_choices)
    comment = TextField(
        label=_("What the contributor reads"),
        widget=forms.Textarea({"rows": 4}),
        max_length=4000,
        required=False,
        help_text=_("Left empty, it is the text of the reason."),
    )

    def clean(self) -> dict[str, Any]:
        from wagtail_crowdbrand.models.reason import ModerationReason

        data = super().clean()
        code = data.get("reason_code")
        if code and not data.get("comment"):
            reason = ModerationReason.objects.filter(code=code).first()
            if reason is None or not reason.text:
                self.add_error("comment", REASONS["reason_required"])
        return data


class SpamForm(ReasonForm):
    """Spam is mostly advertising."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("reason_code", "advertising")


class ModerationTask(AbstractGroupApprovalTask):
    """Members of the chosen groups approve, reject or ask for changes.

    It decides on submissions only and lets anything else pass, so that a workflow may
    be shared. ``approve`` moves on to the next task; only the end of the workflow
    makes a submission approved.
    """

    #: Wagtail's name of an action → ours.
    ACTIONS = {
        "approve": "approve",
        "reject": "request_changes",
        "decline": "reject",
        "spam": "spam",
    }

    class Meta:
        verbose_name = _("moderation of submissions")
        verbose_name_plural = _("moderations of submissions")

    @classmethod
    def get_description(cls) -> str:
        return _("Members of the chosen groups decide whether a submission is shown")

    def start(self, workflow_state: Any, user: Any = None) -> Any:
        from wagtail_crowdbrand.models.submission import Submission

        state = super().start(workflow_state, user=user)
        if not isinstance(workflow_state.content_object, Submission):
            state.status = TaskState.STATUS_SKIPPED
            state.save(update_fields=["status"])
        return state

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, Any, bool]]:
        if not (user.is_superuser or self._user_in_groups(user)):
            return []
        return [
            ("reject", _("Request changes"), True),
            ("decline", pgettext_lazy("moderate a submission", "Reject"), True),
            ("spam", _("Mark as spam"), True),
            ("approve", _("Approve"), False),
        ]

    def get_form_for_action(self, action: str) -> type[forms.Form]:
        if action in ("reject", "decline"):
            return ReasonForm
        return SpamForm if action == "spam" else super().get_form_for_action(action)

    def on_action(
        self, task_state: Any, user: Any, action_name: str, **kwargs: Any
    ) -> None:
        from wagtail_crowdbrand.domain import moderating, reasons

        code, reason = kwargs.get("reason_code", ""), kwargs.get("comment", "")
        if code and not reason:
            language = task_state.workflow_state.content_object.language
            reason = reasons.require(code).in_language(language).text
        moderating.decide(
            task_state,
            action=self.ACTIONS[action_name],
            actor=user,
            reason=reason,
            reason_code=code,
        )

    def locked_for_user(self, obj: Any, user: Any) -> bool:
        # Nobody edits a submission here; "locked" would only hide the buttons.
        return False

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> Any:
        """The newest few: the dashboard shows them all on one page."""
        from wagtail_crowdbrand.domain import permissions
        from wagtail_crowdbrand.models.submission import Submission

        states = super().get_task_states_user_can_moderate(user, **kwargs)
        closed = permissions.sealed_off(user)
        if closed:
            sealed = Submission.objects.filter(campaign_page__in=closed)
            states = states.exclude(
                workflow_state__base_content_type=Submission.get_base_content_type(),
                workflow_state__object_id__in=sealed.annotate(
                    key=Cast("pk", CharField())
                ).values("key"),
            )
        newest = states.order_by("-started_at").values_list("pk", flat=True)
        # Evaluated here, because MySQL knows no LIMIT inside IN.
        return TaskState.objects.filter(pk__in=list(newest[:DASHBOARD_LIMIT]))

    def deactivate(self, user: Any = None) -> None:
        """Close the step. What is waiting goes back to waiting for a workflow.

        Wagtail would carry on with the next task and, after the last, publish.
        """
        from wagtail_crowdbrand.domain import moderating

        moderating.release_task(self, actor=user)
        super().deactivate(user=user)
