"""The reasons moderators and visitors choose from, as a list editors extend."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.snippets.views.snippets import SnippetViewSet

from wagtail_crowdbrand.models import ModerationReason


class ReasonViewSet(SnippetViewSet):
    """Open to groups with the model permissions; the moderators' group has them."""

    model = ModerationReason
    icon = "clipboard-list"
    menu_label = _("Reasons")
    copy_view_enabled = False
    list_display = [
        "label",
        "code",
        BooleanColumn("for_decisions", label=_("For moderators")),
        BooleanColumn("for_notices", label=_("For visitors")),
    ]

    def register_chooser_viewset(self) -> Any:
        """No chooser: nothing refers to a reason but by its code."""
