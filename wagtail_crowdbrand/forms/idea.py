"""The idea itself: its words, and the answers to a brief's questions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wagtail_crowdbrand.cards import private_picture
from wagtail_crowdbrand.domain.drafting import Idea
from wagtail_crowdbrand.models import BriefMixin, Submission
from wagtail_crowdbrand.models.inputs import (
    UploadedField,
    text_field,
    without_controls,
)
from wagtail_crowdbrand.states import FieldVisibility

#: How much of an invalid text a draft keeps.
KEPT = {"title": 120, "summary": 20_000, "third_party": 20_000}

WHO_READS = {
    FieldVisibility.JURY: _("Only the jury and the organisers read this."),
    FieldVisibility.STAFF: _("Only the organisers read this."),
}
PERSONAL = _("It is about you, so it is kept apart from your idea.")


def answer_field(child: Any) -> forms.Field:
    """The form field for one of the brief's further questions."""
    value = child.value
    notes = [value["help_text"], WHO_READS.get(value["visibility"])]
    if value["personal"]:
        notes.append(PERSONAL)
    field = child.block.form_field(
        value,
        label=value["label"],
        help_text=" ".join(str(note) for note in notes if note),
        required=value["required"],
    )
    if value["personal"]:
        field.widget.attrs["data-cb-private"] = True
    return field


class IdeaForm(forms.Form):
    """The idea itself: words and answers. Pictures are a :class:`PictureList`."""

    title = text_field(_("Title"), 120)
    summary = text_field(_("Describe it"), 5000, widget=forms.Textarea({"rows": 6}))
    link = forms.URLField(
        label=pgettext_lazy("form field", "Link"),
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=_("Where one can see more of it."),
    )
    third_party = text_field(
        _("Material by others"),
        1000,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=_(
            "Fonts, photos or drawings in it that somebody else made, and their "
            "licence. Only the organisers read this."
        ),
    )

    def __init__(
        self,
        brief: BriefMixin,
        *args: Any,
        problems: dict[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        """``problems``: what is already known to be wrong, by the name of the field."""
        super().__init__(*args, **kwargs)
        self.brief = brief
        self.problems = problems or {}
        limit = brief.max_summary_length
        summary = self.fields["summary"]
        # No maxlength attribute: people may overrun while they type, and then cut.
        summary.widget.attrs.pop("maxlength", None)
        summary.max_length = limit
        summary.validators.append(MaxLengthValidator(limit))
        summary.help_text = _("At most %(limit)d characters.") % {"limit": limit}
        summary.widget.attrs["data-cb-limit"] = limit
        for child in brief.answer_fields:
            self.fields[f"answer-{child.id}"] = answer_field(child)

    @classmethod
    def initial_from(cls, submission: Submission) -> dict[str, Any]:
        """What was saved, in the names of the form's fields."""
        names = ("title", "summary", "link", "third_party")
        saved = {name: getattr(submission, name) for name in names}
        answers = {
            answer["field"]: answer["value"]
            for answer in [*submission.answers, *submission.personal.answers]
        }
        return saved | {
            f"answer-{child.id}": child.block.from_text(answers[child.id])
            for child in submission.brief.answer_fields
            if answers.get(child.id)
        }

    def clean(self) -> dict[str, Any]:
        for name, problem in self.problems.items():
            self.add_error(name, problem)
        return self.cleaned_data

    def show_pictures(self, submission: Submission) -> None:
        """Let questions for a picture show the one that was given."""
        uploads = {str(upload.pk): upload for upload in submission.uploads.all()}
        for name, field in self.fields.items():
            if isinstance(field, UploadedField) and self[name].value() in uploads:
                upload = uploads[self[name].value()]
                field.picture = private_picture(upload, "")
                field.upload = upload

    @property
    def only_gaps(self) -> bool:
        """Whether all that is wrong is that something was left empty."""
        problems = self.errors.as_data().values()
        return all(error.code == "required" for row in problems for error in row)

    def idea(self, images: list[dict[str, str]] | None) -> Idea:
        """What was entered so far. Text that is not valid yet is kept as well."""
        data = self._kept | self.cleaned_data
        shared, personal = [], []
        for child in self.brief.answer_fields:
            answer = {
                "field": child.id,
                "label": child.value["label"],
                "kind": child.block_type,
                "visibility": child.value["visibility"],
                "value": self._answer(child),
            }
            (personal if child.value["personal"] else shared).append(answer)
        return Idea(
            title=data.get("title", ""),
            summary=data.get("summary", ""),
            link=data.get("link", ""),
            third_party=data.get("third_party", ""),
            answers=shared,
            personal_answers=personal,
            images=images,
        )

    def _answer(self, child: Any) -> str:
        name, block = f"answer-{child.id}", child.block
        if name in self.cleaned_data:
            return block.to_text(self.cleaned_data[name])
        if not block.keeps_typed:
            return ""
        return without_controls(self.data.get(name, ""))[: block.longest_kept]

    @property
    def _kept(self) -> dict[str, str]:
        """Words as typed, without what a database cannot hold."""
        return {
            name: without_controls(self.data.get(name, ""))[:longest]
            for name, longest in KEPT.items()
        }
