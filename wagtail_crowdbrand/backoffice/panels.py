"""What a moderator reads before deciding: everything the contributor sent."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from wagtail.admin.panels import Panel

from wagtail_crowdbrand.cards import private_card
from wagtail_crowdbrand.domain import permissions, unsealing
from wagtail_crowdbrand.models import Submission


class SubmissionPanel(Panel):
    """The whole submission, to be read. It has no form fields at all."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "wagtail_crowdbrand/backoffice/submission_panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context = super().get_context_data(parent_context)
            submission: Submission = self.instance
            contributor = submission.contributor
            user = self.request.user
            unsealing.note_look(submission, actor=user, at=timezone.now())
            may_know = permissions.can_view_contact(user)
            personal = submission.personal.answers if may_know else []
            return context | {
                "submission": submission,
                "card": private_card(submission),
                "answers": [*submission.answers, *personal],
                "email": contributor.email if contributor and may_know else "",
                "others": submission.contributor
                and Submission.objects.sent()
                .filter(contributor=submission.contributor_id)
                .exclude(pk=submission.pk)
                .exclude(campaign_page__in=permissions.sealed_off(user))
                .count(),
            }
