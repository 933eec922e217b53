"""Names of our entries in Wagtail's audit log."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import LogActionRegistry

ACTIONS = {
    "submit": (_("Submit"), _("Submitted by the contributor")),
    "confirm": (_("Confirm"), _("E-mail address confirmed by the contributor")),
    "revise": (_("Revise"), _("Changed by the contributor")),
    "withdraw": (_("Withdraw"), _("Withdrawn by the contributor")),
    "erase": (_("Erase"), _("Personal data erased")),
    "approve": (_("Approve"), _("Approved")),
    "request_changes": (_("Request changes"), _("Changes requested")),
    "reject": (_("Reject"), _("Rejected")),
    "spam": (_("Spam"), _("Marked as spam")),
    "hide": (_("Hide"), _("Hidden")),
    "restore": (_("Restore"), _("On show again")),
    "undo": (_("Undo"), _("Decision undone")),
    "notice": (_("Notice"), _("Notice by a visitor")),
    "notice_settled": (_("Notice answered"), _("Notices answered")),
    "appeal": (_("Appeal"), _("Appeal by the contributor")),
    "appeal_upheld": (_("Appeal"), _("Appeal decided: the decision stands")),
    "appeal_overturned": (_("Appeal"), _("Appeal decided: the decision was wrong")),
    "trust": (_("Trust"), _("Contributor trusted")),
    "distrust": (_("Trust"), _("Contributor no longer trusted")),
    "block": (_("Block"), _("Contributor blocked")),
    "unblock": (_("Block"), _("Contributor no longer blocked")),
    "note": (_("Note"), _("Notes on the contributor changed")),
    "policy": (_("Moderation policy"), _("Moderation policy changed")),
    "pause": (_("Pause"), _("Campaign paused")),
    "resume": (_("Resume"), _("Campaign resumed")),
    "cancel_campaign": (_("Cancel"), _("Campaign cancelled")),
    "remove": (_("Delete for ever"), _("Begun to delete for ever, with all ideas")),
    "break_seal": (_("Break the seal"), _("Seal broken")),
    "look": (_("Look"), _("Looked at behind the seal")),
    "put_off": (_("Put off"), _("Reveal put off")),
    "reveal": (_("Reveal"), _("Revealed")),
    "extend": (_("Extend"), _("Deadline moved")),
    "correct": (_("Correct"), _("Correction added to the ledger")),
}


def register(registry: LogActionRegistry) -> None:
    """Make the entries readable in histories and reports."""
    for name, (label, message) in ACTIONS.items():
        registry.register_action(f"wagtail_crowdbrand.{name}", label, message)
