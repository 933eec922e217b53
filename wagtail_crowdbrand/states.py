"""The words for states, their transitions, and what each phase allows: as data."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Phase(TextChoices):
    """Where a campaign stands; computed from its timestamps, never stored."""

    ANNOUNCED = "announced", _("Announced")
    OPEN = "open", pgettext_lazy("phase of a campaign", "Open")
    CLEARANCE = "clearance", _("Being prepared for the reveal")
    REVEALED = "revealed", _("Revealed")
    DECIDING = "deciding", _("Being decided")
    OVERDUE = "overdue", _("Decision overdue")
    DECIDED = "decided", _("Decided")
    ARCHIVED = "archived", _("Archived")


class Hold(TextChoices):
    """What an editor may put beside the phase, with a public note."""

    NONE = "", _("Running as scheduled")
    PAUSED = "paused", _("Paused")
    CANCELLED = "cancelled", _("Cancelled")


class VisibilityMode(TextChoices):
    OPEN = "open", _("Open: approved submissions show at once")
    SEALED = "sealed", _("Sealed: all approved submissions show together")


class SealModeration(TextChoices):
    """When the ideas of a sealed campaign are reviewed, and by whom."""

    CLEARANCE = (
        "clearance",
        _("Between closing and reveal, by the campaign's moderators"),
    )
    NAMED = "named", _("From the start, by the moderators named here")


class VoteRole(TextChoices):
    NONE = "none", _("There is no public vote")
    ADVISORY = "advisory", _("The vote advises those who decide")
    BINDING = "binding", _("The vote decides")


class DeliverableKind(TextChoices):
    NAME = "name", _("Name")
    TAGLINE = "tagline", _("Tagline")
    LOGO = "logo", _("Logo")
    VISUAL_DIRECTION = "visual_direction", _("Visual direction")
    CAMPAIGN_CONCEPT = "campaign_concept", _("Campaign concept")


class Lifecycle(TextChoices):
    """What the contributor did."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Moderation(TextChoices):
    """What moderation decided."""

    PENDING = "pending", _("Pending")
    APPROVED = "approved", _("Approved")
    CHANGES_REQUESTED = "changes_requested", _("Changes requested")
    REJECTED = "rejected", _("Rejected")
    SPAM = "spam", _("Spam")
    HIDDEN = "hidden", _("Hidden")


class DecisionAction(TextChoices):
    """What a moderator does; the value is also the name of the mail and log entry."""

    APPROVE = "approve", _("Approve")
    REQUEST_CHANGES = "request_changes", _("Request changes")
    REJECT = "reject", pgettext_lazy("moderate a submission", "Reject")
    SPAM = "spam", _("Mark as spam")
    HIDE = "hide", _("Take off the site")
    RESTORE = "restore", _("Let it come back")


#: Decisions that say no to a contributor, who gets to read why.
NEGATIVE = frozenset(
    {
        DecisionAction.REQUEST_CHANGES,
        DecisionAction.REJECT,
        DecisionAction.SPAM,
        DecisionAction.HIDE,
    }
)
#: Those a contributor may appeal against; changes asked for can simply be made.
APPEALABLE = frozenset(NEGATIVE - {DecisionAction.REQUEST_CHANGES})


class ModerationPolicy(TextChoices):
    """When moderation happens."""

    BEFORE = "before", _("Before publication")
    AFTER = "after", _("After publication")
    TRUSTED = "trusted", _("After publication for trusted contributors")


class AppealOutcome(TextChoices):
    UPHELD = "upheld", _("The decision stands")
    OVERTURNED = "overturned", _("The decision was wrong")


class NoticeOutcome(TextChoices):
    UPHELD = "upheld", _("Acted upon")
    DISMISSED = "dismissed", _("Not against the rules")


class LedgerKind(TextChoices):
    """What a line of a campaign's public ledger tells."""

    OPENED = "opened", _("Opened")
    CLOSED = "closed", _("Closed")
    TERMS_CHANGED = "terms_changed", _("Rules changed")
    BRIEF_CHANGED = "brief_changed", _("Brief changed")
    POLICY_CHANGED = "policy_changed", _("Moderation changed")
    DEADLINE_MOVED = "deadline_moved", _("Deadline moved")
    PAUSED = "paused", _("Paused")
    RESUMED = "resumed", _("Resumed")
    CANCELLED = "cancelled", _("Cancelled")
    SEAL_BROKEN = "seal_broken", _("Seal broken")
    RECEIPTS_PUBLISHED = "receipts_published", _("Seal receipts published")
    MODERATION_COUNTS = "moderation_counts", _("What moderation decided")
    REVEALED = "revealed", _("Revealed")
    DECIDED = "decided", _("Decided")
    CORRECTION = "correction", _("Correction")


class FieldVisibility(TextChoices):
    """Who may read the answer to a brief field."""

    PUBLIC = "public", _("Everybody")
    JURY = "jury", _("Jury and staff")
    STAFF = "staff", _("Staff only")


class Capability(TextChoices):
    """What the public may want to do in a campaign."""

    SUBMIT = "submit"
    EDIT = "edit"
    WITHDRAW = "withdraw"
    CONFIRM = "confirm"


LIFECYCLE_TRANSITIONS = {
    Lifecycle.DRAFT: {Lifecycle.SUBMITTED},
    Lifecycle.SUBMITTED: {Lifecycle.WITHDRAWN},
    Lifecycle.WITHDRAWN: set(),
}

MODERATION_TRANSITIONS = {
    Moderation.PENDING: {
        Moderation.APPROVED,
        Moderation.CHANGES_REQUESTED,
        Moderation.REJECTED,
        Moderation.SPAM,
        # An older version may be on show while an edit waits.
        Moderation.HIDDEN,
    },
    Moderation.CHANGES_REQUESTED: {
        Moderation.PENDING,
        Moderation.REJECTED,
        Moderation.SPAM,
        Moderation.HIDDEN,
    },
    # Undone, or overturned on appeal: whoever approves it does so in a review.
    Moderation.REJECTED: {Moderation.PENDING},
    Moderation.SPAM: {Moderation.PENDING},
    # An edit of an approved submission is moderated again: approved → pending.
    Moderation.APPROVED: {Moderation.HIDDEN, Moderation.PENDING},
    # Somebody may stand in for the software that hid it.
    Moderation.HIDDEN: {Moderation.APPROVED, Moderation.PENDING, Moderation.HIDDEN},
}

#: Capability → phase → reason code; a missing phase means: allowed.
REFUSALS: dict[Capability, dict[Phase, str]] = {
    Capability.SUBMIT: {
        Phase.ANNOUNCED: "not_open_yet",
        Phase.CLEARANCE: "closed",
        Phase.REVEALED: "closed",
        Phase.DECIDING: "closed",
        Phase.OVERDUE: "closed",
        Phase.DECIDED: "closed",
        Phase.ARCHIVED: "closed",
    },
    Capability.WITHDRAW: {Phase.ARCHIVED: "closed"},
}
REFUSALS[Capability.EDIT] = REFUSALS[Capability.SUBMIT]
REFUSALS[Capability.CONFIRM] = {}

#: Holds that refuse a capability, whatever the phase.
HOLD_REFUSALS: dict[Capability, dict[Hold, str]] = {
    Capability.SUBMIT: {Hold.PAUSED: "paused", Hold.CANCELLED: "cancelled"},
    Capability.EDIT: {Hold.PAUSED: "paused", Hold.CANCELLED: "cancelled"},
    Capability.WITHDRAW: {},
    Capability.CONFIRM: {Hold.CANCELLED: "cancelled"},
}

#: What nobody does in a campaign that is off the site; leaving is always possible.
TAKING_PART = frozenset({Capability.SUBMIT, Capability.EDIT})

REASONS = {
    "not_public": _("This campaign is not public at the moment."),
    "not_open_yet": _("This campaign is not open yet."),
    "closed": _("This campaign is closed."),
    "paused": _("This campaign is paused."),
    "cancelled": _("This campaign was cancelled."),
    "limit_reached": _("You have already sent as many ideas as this brief allows."),
    "terms_changed": _(
        "The terms changed while you were writing. Please read and accept them again."
    ),
    "terms_not_accepted": _("Please accept the terms."),
    "not_submitted": _("This has not been sent yet."),
    "already_submitted": _("This idea has been sent already."),
    "withdrawn": _("This idea was withdrawn."),
    "rejected": _("This idea was not accepted and can no longer be changed."),
    "hidden": _("This idea is hidden by moderation and cannot be changed."),
    "confirmation_expired": _("The time for confirming has passed."),
    "no_address": _("Please give an e-mail address."),
    "not_permitted": _("You do not have permission to do this."),
    "not_in_moderation": _("This submission is not waiting for a decision."),
    "at_another_step": _("It waits for another step of its workflow."),
    "content_changed": _(
        "The contributor changed this submission since you opened it. "
        "Please look at the new version."
    ),
    "reason_required": _("Please give the contributor a reason."),
    "too_many_images": _("That is more pictures than this brief allows."),
    "contributor_full": _(
        "The pictures you sent take up all the space there is for one person. "
        "No more can be added."
    ),
    "campaign_full": _(
        "This campaign has no space for more pictures. Your words are not affected. "
        "Please tell the organisers."
    ),
    "incomplete": _("Something is still missing."),
    "too_many": _(
        "That was a lot in a short time. Nothing is lost: please try again later."
    ),
    "unknown_reason": _("Please choose one of the reasons."),
    "too_late_to_undo": _("It is too late to undo this: the mail is on its way."),
    "not_the_latest": _("Something else was decided since."),
    "blocked": _("You cannot send ideas here any more."),
    "not_visible": _("This idea is not on show."),
    "not_published": _("This campaign is not public. Change it in its editor."),
    "not_on_hold": _("This campaign is running as scheduled."),
    "note_required": _("Please tell people why."),
    "note_too_long": _("Please say it in 300 characters."),
    "not_later": _("The new deadline must be later than the old one, and to come."),
    "decision_too_early": _(
        "The decision must be due after the new deadline, and after the reveal if "
        "there is one."
    ),
    "not_over": _(
        "Only a campaign that is archived or cancelled can be deleted for ever."
    ),
    "unknown_line": _("The ledger has no such line."),
    "slug_taken": _("There is a page with this address already."),
    "already_noticed": _("You have told us about this idea before. We look into it."),
    "nothing_to_appeal": _("There is no decision you can object to."),
    "already_appealed": _("You have objected to this decision already."),
    "appeal_expired": _("The time for objecting has passed."),
    "already_decided": _("Somebody else has decided on this already."),
    "needs_somebody_else": _(
        "You took this decision. Somebody else has to look at the objection."
    ),
    "sealed": _("This campaign is sealed: nobody looks before its time."),
    "stays_sealed": _(
        "Ideas were sent to this brief, and to a sealed campaign it belongs for good."
    ),
    "not_here": _("Ideas for this campaign are taken on its original page only."),
    "not_sealed": _("There is no seal on this campaign."),
    "already_revealed": _("This campaign is revealed."),
    "reveal_not_later": _(
        "The reveal can only be put off: to a moment later than the old one, to come."
    ),
    "reveal_not_due": _("It was promised that nobody sees anything before."),
    "through_workflow_only": _(
        "Submissions are published by approving them, and in no other way."
    ),
}
"""Reason code → sentence. The one place where refusals get their words."""


class StaffStatus(TextChoices):
    """The one status editors read, computed from all facts."""

    DRAFT = "draft", _("Draft")
    UNCONFIRMED = "unconfirmed", _("E-mail not confirmed")
    WAITING = "waiting", _("In review")
    WAITING_EDIT = "waiting_edit", _("On show, in review")
    CHANGES_REQUESTED = "changes_requested", _("Changes requested")
    APPROVED = "approved", _("Approved, not on show yet")
    VISIBLE = "visible", _("On show")
    REJECTED = "rejected", _("Rejected")
    SPAM = "spam", _("Spam")
    HIDDEN = "hidden", _("Hidden")
    WITHDRAWN = "withdrawn", _("Withdrawn")


def staff_status(
    *, lifecycle: str, moderation: str, confirmed: bool, visible: bool
) -> StaffStatus:
    """Put the axes of a submission into one word."""
    if lifecycle == Lifecycle.WITHDRAWN:
        return StaffStatus.WITHDRAWN
    if lifecycle == Lifecycle.DRAFT:
        return StaffStatus.DRAFT
    if not confirmed:
        return StaffStatus.UNCONFIRMED
    if moderation == Moderation.PENDING:
        return StaffStatus.WAITING_EDIT if visible else StaffStatus.WAITING
    if moderation == Moderation.APPROVED:
        return StaffStatus.VISIBLE if visible else StaffStatus.APPROVED
    return StaffStatus(moderation)


class ContributorStatus(TextChoices):
    """The one status contributors read."""

    DRAFT = "draft", _("Not sent yet")
    UNCONFIRMED = "unconfirmed", _("Waiting for you to confirm your e-mail address")
    IN_REVIEW = "in_review", _("In review")
    CHANGES_REQUESTED = "changes_requested", _("We ask you to change something")
    ACCEPTED = "accepted", _("Accepted, and soon on show")
    ON_SHOW = "on_show", _("On show")
    ON_SHOW_EDIT = "on_show_edit", _("On show, and still in review")
    NOT_SHOWN = "not_shown", _("Not published")
    HIDDEN = "hidden", _("Taken off the site")
    WITHDRAWN = "withdrawn", _("Withdrawn by you")


_FOR_CONTRIBUTORS = {
    StaffStatus.WAITING: ContributorStatus.IN_REVIEW,
    StaffStatus.WAITING_EDIT: ContributorStatus.ON_SHOW_EDIT,
    StaffStatus.APPROVED: ContributorStatus.ACCEPTED,
    StaffStatus.VISIBLE: ContributorStatus.ON_SHOW,
    StaffStatus.REJECTED: ContributorStatus.NOT_SHOWN,
    StaffStatus.SPAM: ContributorStatus.NOT_SHOWN,
}


def contributor_status(status: StaffStatus) -> ContributorStatus:
    """The same fact in the contributor's words."""
    return _FOR_CONTRIBUTORS.get(status) or ContributorStatus(status.value)
