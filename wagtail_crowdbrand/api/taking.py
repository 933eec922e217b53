"""From the shapes that come in to what the forms check and the domain takes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from wagtail_crowdbrand.api.problems import FieldProblem, Invalid
from wagtail_crowdbrand.api.schemas import Content, DraftContent, ImageRef
from wagtail_crowdbrand.domain import drafting
from wagtail_crowdbrand.domain.drafting import Idea, Person
from wagtail_crowdbrand.forms import IdeaForm, PersonForm
from wagtail_crowdbrand.models import BriefMixin, Submission
from wagtail_crowdbrand.models.inputs import no_control_characters, without_controls

WORDS = ("title", "summary", "link", "third_party")
#: What is missing, by the name the domain has for it.
GAPS = {
    "images": _("Please add more pictures."),
    "alt": _("Please describe every picture."),
}


def idea_of(brief: BriefMixin, content: Content, known: set[str]) -> Idea:
    """Check words, answers and pictures as the page's form does.

    ``known`` are the ids of the pictures sent for this submission. Raises ``Invalid``
    with every problem at once.
    """
    form = IdeaForm(brief, _form_data(content))
    problems = [] if form.is_valid() else _problems(form)
    problems += _answer_problems(brief, content.answers)
    problems += _picture_problems(brief, content.images, known)
    if problems:
        raise Invalid(problems)
    images = [
        {"upload": str(image.upload), "alt": image.alt.strip()}
        for image in content.images
    ]
    return form.idea(images)


def kept_of(brief: BriefMixin, draft: DraftContent) -> Idea:
    """What there is of an idea, right or wrong, without what nothing can hold."""
    form = IdeaForm(brief, _form_data(draft))
    form.is_valid()
    images = [
        {"upload": str(image.upload), "alt": without_controls(image.alt)}
        for image in draft.images[: brief.max_images]
    ]
    return form.idea(images)


def person_of(
    content: Content | DraftContent | None, *, email: str, signed_in: bool
) -> Person:
    """Check who sends it, or only the address. Raises ``Invalid``."""
    data = {"email": email}
    if content is not None:
        data |= {"credit_name": content.credit_name, "co_authors": content.co_authors}
    form = PersonForm(data, signed_in=signed_in)
    if not form.is_valid():
        raise Invalid(_problems(form))
    return form.person()


def require_plain(*, email: str = "", **texts: str) -> None:
    """Raise ``Invalid`` for what no form would take and no database may hold."""
    problems = [
        FieldProblem(
            field=name,
            code="control_characters",
            message=str(no_control_characters.message),
        )
        for name, text in texts.items()
        if no_control_characters.regex.search(text)
    ]
    try:
        validate_email(email or "nobody@example.org")
    except ValidationError as error:
        message = " ".join(error.messages)
        problems.append(FieldProblem(field="email", code="invalid", message=message))
    if problems:
        raise Invalid(problems)


def require_complete(submission: Submission) -> None:
    """Raise ``Invalid`` with what a draft still lacks."""
    gaps = drafting.missing(submission)
    if gaps:
        raise Invalid(
            [
                FieldProblem(
                    field=_public_name(gap),
                    code="incomplete",
                    message=str(GAPS.get(gap, _("Something is still missing."))),
                )
                for gap in gaps
            ]
        )


def _form_data(content: Content | DraftContent) -> MultiValueDict[str, Any]:
    data = MultiValueDict({name: [getattr(content, name)] for name in WORDS})
    for field, answer in content.answers.items():
        data.setlist(
            f"answer-{field}", answer if isinstance(answer, list) else [answer]
        )
    return data


def _problems(form: Any) -> list[FieldProblem]:
    return [
        FieldProblem(
            field=_public_name(name),
            code=error.code or "invalid",
            message=" ".join(error.messages),
        )
        for name, row in form.errors.as_data().items()
        for error in row
    ]


def _public_name(name: str) -> str:
    """The form's name of a field as the API calls it."""
    if name.startswith("answer-"):
        return f"answers.{name.removeprefix('answer-')}"
    return {"alt": "images"}.get(name, name)


def _answer_problems(brief: BriefMixin, answers: Iterable[str]) -> list[FieldProblem]:
    """An answer to no question would be lost without a word."""
    asked = {child.id for child in brief.answer_fields}
    message = _("This brief has no such question.")
    return [
        FieldProblem(field=f"answers.{field}", code="unknown_field", message=message)
        for field in answers
        if field not in asked
    ]


def _picture_problems(
    brief: BriefMixin, images: list[ImageRef], known: set[str]
) -> list[FieldProblem]:
    def problem(code: str, message: str) -> FieldProblem:
        return FieldProblem(field="images", code=code, message=message)

    found = []
    ids = [str(image.upload) for image in images]
    if len(ids) > brief.max_images:
        message = _("%(limit)d pictures are the limit.") % {"limit": brief.max_images}
        found.append(problem("too_many_images", message))
    if len(ids) < brief.min_images:
        found.append(problem("incomplete", str(GAPS["images"])))
    if not all(image.alt.strip() for image in images):
        found.append(problem("alt_missing", str(GAPS["alt"])))
    if any(no_control_characters.regex.search(image.alt) for image in images):
        message = str(no_control_characters.message)
        found.append(problem("control_characters", message))
    if len(set(ids)) < len(ids) or not set(ids) <= known:
        message = _("A picture was not sent with this claim, or is named twice.")
        found.append(problem("unknown_upload", message))
    return found
