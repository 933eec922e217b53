"""What moderators fill in on the desk: filters, a decision, an answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from wagtail_crowdbrand.domain import permissions, reasons
from wagtail_crowdbrand.domain.desk import Filters
from wagtail_crowdbrand.models import ModerationReason, Submission
from wagtail_crowdbrand.models.inputs import TextField, read_id
from wagtail_crowdbrand.models.reason import Words, language_choices
from wagtail_crowdbrand.states import DecisionAction

AGES = (1, 3, 7, 14, 30)
#: Where a reason is already known, it is chosen.
USUAL = {DecisionAction.SPAM: "advertising"}


class FilterForm(forms.Form):
    """The filters of the desk, as they stand in its address."""

    campaign = forms.TypedChoiceField(
        label=_("Campaign"), required=False, coerce=int, empty_value=None
    )
    brief = forms.TypedChoiceField(
        label=_("Brief"), required=False, coerce=int, empty_value=None
    )
    language = forms.ChoiceField(label=_("Language"), required=False)
    older_than_days = forms.TypedChoiceField(
        label=_("Waiting for"), required=False, coerce=int, empty_value=0
    )
    noticed = forms.BooleanField(label=_("With notices"), required=False)
    first_timers = forms.BooleanField(label=_("First-timers"), required=False)

    def __init__(self, data: Any, *, user: Any) -> None:
        super().__init__(data)
        campaigns = permissions.moderated_campaigns(user)
        chosen = read_id(str(data.get("campaign", "")))
        self.fields["campaign"].choices = [("", _("All")), *campaigns.items()]
        briefs = permissions.briefs_of(chosen) if chosen in campaigns else {}
        self.fields["brief"].choices = [("", _("All")), *briefs.items()]
        if not briefs:
            del self.fields["brief"]
        self.fields["language"].choices = [("", _("All")), *language_choices()]
        self.fields["older_than_days"].choices = [
            ("", _("Any time")),
            *((days, _days(days)) for days in AGES),
        ]

    @property
    def filters(self) -> Filters:
        """What of it makes sense; the rest is as if it were not there."""
        self.is_valid()
        return Filters(**self.cleaned_data)

    @property
    def active(self) -> int:
        """How many are set."""
        self.is_valid()
        return sum(bool(value) for value in self.cleaned_data.values())


def _days(number: int) -> str:
    text = ngettext("%(days)s day or longer", "%(days)s days or longer", number)
    return text % {"days": number}


class DecisionForm(forms.Form):
    """A decision that says no: its reason, and what the contributor reads."""

    reason_code = forms.ChoiceField(label=_("Reason"), widget=forms.RadioSelect)
    comment = TextField(
        label=_("What the contributor reads"),
        widget=forms.Textarea({"rows": 5}),
        max_length=4000,
    )

    def __init__(
        self,
        data: Any = None,
        *,
        submission: Submission,
        action: DecisionAction,
        language: str,
    ) -> None:
        self.action = action
        self.reasons = list(reasons.for_decisions())
        self.words = {
            reason.code: reason.in_language(submission.language)
            for reason in self.reasons
        }
        code = USUAL.get(action, "")
        usual = self.words.get(code)
        initial = {"reason_code": code, "comment": usual.text} if usual else {}
        super().__init__(data, initial=initial, auto_id="cb-desk-%s")
        self.fields["reason_code"].choices = choices_in(self.reasons, language)

    @property
    def chosen(self) -> Words | None:
        """The reason that is chosen, in the contributor's language."""
        return self.words.get(self["reason_code"].value() or "")

    @property
    def text(self) -> str:
        """The words as they stand: typed, or those of the reason that is chosen."""
        typed = (self["comment"].value() or "").replace("\r\n", "\n").strip()
        templates = {words.text.strip() for words in self.words.values()}
        if typed and typed not in templates:
            return typed
        return self.chosen.text if self.chosen else typed

    def filled_in(self) -> None:
        """Take over :attr:`text`, for showing the form again."""
        self.data = self.data.copy()
        self.data["comment"] = self.text


def choices_in(rows: list[ModerationReason], language: str) -> list[tuple[str, str]]:
    """Code and name of each reason, in the language of who chooses."""
    return [(row.code, row.in_language(language).label) for row in rows]


class AnswerForm(forms.Form):
    """What people read about an appeal or a notice."""

    answer = TextField(
        label=_("Your answer"), widget=forms.Textarea({"rows": 5}), max_length=4000
    )

    def __init__(self, *args: Any, required: bool, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="cb-desk-%s", **kwargs)
        self.fields["answer"].required = required
