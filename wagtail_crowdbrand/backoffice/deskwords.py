"""What the desk says of a decision, by mail and on the screen, and of what waits."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Task

from wagtail_crowdbrand import notifications
from wagtail_crowdbrand.backoffice.deskforms import DecisionForm
from wagtail_crowdbrand.domain import desk
from wagtail_crowdbrand.models import Decision, Submission
from wagtail_crowdbrand.states import DecisionAction, Moderation


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


def decided_words(submission: Submission, action: str) -> str:
    """The same, just decided: an approval may be only one of several."""
    waits = submission.moderation == Moderation.PENDING
    if action == DecisionAction.APPROVE and waits:
        return _("%(code)s passed this step.") % {"code": submission.code}
    return outcome_words(submission, action)


def step_words(task: Task) -> str:
    """Why nothing is to be decided, though it waits."""
    text = _("It waits at the step “%(step)s”, which is for others to decide.")
    return text % {"step": task.name}


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


def backlog_words(backlog: desk.Backlog) -> dict[str, Any]:
    number = backlog.number
    left = ngettext("%(number)s left", "%(number)s left", number)
    return {"left": left % {"number": capped(number)}, "oldest": backlog.oldest}


def capped(number: int) -> str:
    return f"{desk.MANY:,}+" if number > desk.MANY else str(number)
