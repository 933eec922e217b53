"""What the public fills in: the same validators for every door."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator, RegexValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wagtail_crowdbrand.domain.drafting import Idea, Person
from wagtail_crowdbrand.domain.ingesting import add_upload
from wagtail_crowdbrand.errors import InvalidUpload
from wagtail_crowdbrand.models import BriefMixin, Submission

#: C0 and C1 controls but tab and line breaks, and what reverses reading direction.
no_control_characters = RegexValidator(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]",
    message=_("This contains invisible control characters. Please remove them."),
    code="control_characters",
    inverse_match=True,
)
#: How much of an invalid text a draft keeps.
KEPT = {"title": 120, "summary": 20_000, "third_party": 20_000}
MAX_ANSWER = {"short_text": 200, "long_text": 3000, "choice": 100, "link": 500}


class TextField(forms.CharField):
    """Text in which a line break counts as one character, as people count."""

    def to_python(self, value: Any) -> str:
        return super().to_python(value).replace("\r\n", "\n")


def _char_field(label: Any, limit: int, **kwargs: Any) -> forms.CharField:
    return TextField(
        label=label, max_length=limit, validators=[no_control_characters], **kwargs
    )


def answer_field(block: Any) -> forms.Field:
    """The form field for one of the brief's further questions."""
    value, kind = block.value, block.block_type
    common = {
        "label": value["label"],
        "help_text": value["help_text"],
        "required": value["required"],
    }
    if kind == "choice":
        options = [(option, option) for option in value["options"]]
        return forms.ChoiceField(choices=options, widget=forms.RadioSelect, **common)
    if kind == "link":
        return forms.URLField(
            max_length=MAX_ANSWER[kind], assume_scheme="https", **common
        )
    widget = forms.Textarea({"rows": 5}) if kind == "long_text" else None
    label = common.pop("label")
    return _char_field(label, MAX_ANSWER[kind], widget=widget, **common)


class IdeaForm(forms.Form):
    """The idea itself: words and answers. Pictures are a :class:`PictureList`."""

    title = _char_field(_("Title"), 120)
    summary = _char_field(_("Describe it"), 5000, widget=forms.Textarea({"rows": 6}))
    link = forms.URLField(
        label=pgettext_lazy("form field", "Link"),
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=_("Where one can see more of it."),
    )
    third_party = _char_field(
        _("Material by others"),
        1000,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=_(
            "Fonts, photos or drawings in it that somebody else made, and their "
            "licence. Only the organisers read this."
        ),
    )

    def __init__(self, brief: BriefMixin, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.brief = brief
        limit = brief.max_summary_length
        summary = self.fields["summary"]
        # No maxlength attribute: people may overrun while they type, and then cut.
        summary.widget.attrs.pop("maxlength", None)
        summary.max_length = limit
        summary.validators.append(MaxLengthValidator(limit))
        summary.help_text = _("At most %(limit)d characters.") % {"limit": limit}
        for block in brief.answer_fields:
            self.fields[f"answer-{block.id}"] = answer_field(block)

    @classmethod
    def initial_from(cls, submission: Submission) -> dict[str, Any]:
        """What was saved, in the names of the form's fields."""
        names = ("title", "summary", "link", "third_party")
        saved = {name: getattr(submission, name) for name in names}
        answers = [*submission.answers, *submission.personal.answers]
        return saved | {f"answer-{item['field']}": item["value"] for item in answers}

    @property
    def only_gaps(self) -> bool:
        """Whether all that is wrong is that something was left empty."""
        problems = self.errors.as_data().values()
        return all(error.code == "required" for row in problems for error in row)

    def idea(self, images: list[dict[str, str]] | None) -> Idea:
        """What was entered so far. Text that is not valid yet is kept as well."""
        data = self._kept | self.cleaned_data
        public, personal = [], []
        for block in self.brief.answer_fields:
            answer = {
                "field": block.id,
                "label": block.value["label"],
                "kind": block.block_type,
                "visibility": block.value["visibility"],
                "value": data.get(f"answer-{block.id}", ""),
            }
            (personal if block.value["personal"] else public).append(answer)
        return Idea(
            title=data.get("title", ""),
            summary=data.get("summary", ""),
            link=data.get("link", ""),
            third_party=data.get("third_party", ""),
            answers=public,
            personal_answers=personal,
            images=images,
        )

    @property
    def _kept(self) -> dict[str, str]:
        """Words as typed, without what a database cannot hold."""
        return {
            name: no_control_characters.regex.sub("", self.data.get(name, ""))
            .replace("\r\n", "\n")
            .strip()[:longest]
            for name, longest in KEPT.items()
        }


class PictureList:
    """The pictures of a form: those it had, those just sent, and what is wrong.

    Each file is re-encoded and stored at once, so that an error elsewhere on the form
    loses none of them. Field names: ``picture`` (ids, in order), ``alt-<id>``,
    ``remove-<id>``, and ``files``.
    """

    def __init__(self, submission: Submission, images: list[dict[str, str]]) -> None:
        self.submission = submission
        self.images = images
        self.errors: list[Any] = []
        self.added = False

    @classmethod
    def from_post(
        cls, submission: Submission, data: Any, files: Any, *, at: Any
    ) -> PictureList:
        known = {str(pk) for pk in submission.uploads.values_list("pk", flat=True)}
        kept = [
            {"upload": pk, "alt": data.get(f"alt-{pk}", "").strip()[:300]}
            for pk in dict.fromkeys(data.getlist("picture"))
            if pk in known and f"remove-{pk}" not in data
        ]
        pictures = cls(submission, kept)
        for file in files.getlist("files"):
            pictures._add(file, at=at)
        return pictures

    def _add(self, file: Any, *, at: Any) -> None:
        limit = self.submission.brief.max_images
        name = {"name": (file.name or "")[:80], "limit": limit}
        if len(self.images) >= limit:
            message = _("“%(name)s” was left out: %(limit)d pictures are the limit.")
            self.errors.append(message % name)
            return
        try:
            upload = add_upload(self.submission, file, at=at)
        except InvalidUpload as error:
            message = _("“%(name)s”: %(problem)s")
            self.errors.append(message % (name | {"problem": error.message}))
            return
        self.images.append({"upload": str(upload.pk), "alt": ""})
        self.added = True

    def check(self) -> None:
        """Say what a complete submission still needs."""
        least = self.submission.brief.min_images
        if len(self.images) < least:
            message = _("Please add at least %(least)d pictures.")
            self.errors.append(message % {"least": least})

    @property
    def without_alt(self) -> list[str]:
        """Ids of pictures that are not described yet."""
        return [item["upload"] for item in self.images if not item["alt"]]

    def __iter__(self) -> Iterator[dict[str, str]]:
        return iter(self.images)

    def __len__(self) -> int:
        return len(self.images)


class PersonForm(forms.Form):
    """Who sends it. A signed-in account is not asked for an address."""

    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_(
            "You get a link to confirm it, a receipt, and what becomes of your idea. "
            "It is never shown."
        ),
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    credit_name = _char_field(
        _("Name shown with your idea"),
        120,
        required=False,
        help_text=_(
            "Your name, a pseudonym or a team. Leave it empty to stay unnamed."
        ),
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    co_authors = _char_field(
        _("Others who worked on it"),
        300,
        required=False,
        help_text=_("Their names, as they want to be shown."),
    )
    #: Invisible to people; machines fill in everything.
    website = forms.CharField(required=False, max_length=500)

    def __init__(self, *args: Any, signed_in: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if signed_in:
            del self.fields["email"]

    def person(self) -> Person:
        data = self.cleaned_data
        return Person(
            email=data.get("email", ""),
            credit_name=data.get("credit_name", ""),
            co_authors=data.get("co_authors", ""),
        )

    @property
    def suspicion(self) -> str:
        return "filled in the trap field" if self.data.get("website") else ""


class SendForm(forms.Form):
    """The last step: the terms, by the version that was read."""

    terms_number = forms.IntegerField(widget=forms.HiddenInput)
    accept = forms.BooleanField(
        label=_("I accept these terms, and it is mine to send."),
        error_messages={"required": _("Please accept the terms.")},
    )
