"""Questions editors add to a form: each kind, from typing to reading."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone, translation
from wagtail.blocks import StreamBlockValidationError

from tests import factories
from wagtail_crowdbrand.domain import drafting, submitting, upkeep
from wagtail_crowdbrand.forms import IdeaForm
from wagtail_crowdbrand.models import Submission, Upload
from wagtail_crowdbrand.models.blocks import AnswerFieldBlock, AnswerFieldsBlock
from wagtail_crowdbrand.views.keys import SESSION_KEY

pytestmark = pytest.mark.django_db

KINDS = {
    "short_text": {},
    "long_text": {},
    "choice": {"options": ["Pen", "Screen"]},
    "multiple": {"options": ["Bow", "Stern", "Deck"]},
    "number": {"minimum": "1", "maximum": "99.5"},
    "link": {},
    "date": {},
    "file": {"visibility": "staff"},
}
#: Kind → what is typed, what is stored.
GOOD = {
    "short_text": ("A pen", "A pen"),
    "long_text": ("One\r\ntwo", "One\ntwo"),
    "choice": ("Pen", "Pen"),
    "multiple": (["Deck", "Bow"], "Deck\nBow"),
    "number": ("12.50", "12.5"),
    "link": ("example.org/a", "https://example.org/a"),
    "date": ("2031-05-20", "2031-05-20"),
}
#: Kind → what is typed, a part of the message, what the draft keeps.
BAD = [
    ("short_text", "x" * 201, "at most 200", "x" * 201),
    ("long_text", "x" * 3001, "at most 3000", "x" * 3001),
    ("choice", "Crayon", "Crayon is not one", ""),
    ("multiple", ["Bow", "Keel"], "Keel is not one", ""),
    ("number", "about ten", "Enter a number", "about ten"),
    ("number", "0", "greater than or equal to 1", "0"),
    ("number", "100", "less than or equal to 99.5", "100"),
    ("number", "1.23456", "4 decimal places", "1.23456"),
    ("link", "javascript:alert(1)", "valid URL", "javascript:alert(1)"),
    ("date", "20 May", "Write a date like", "20 May"),
    ("date", "2031-02-31", "Write a date like", "2031-02-31"),
]


def question(kind: str, **values) -> dict:
    value = {
        "label": f"Question {kind}",
        "help_text": "",
        "required": False,
        "visibility": "public",
        "personal": False,
        **KINDS[kind],
    }
    return {"type": kind, "id": f"id-{kind}", "value": value | values}


def brief_with(*questions):
    return factories.make_brief(answer_fields=list(questions))


def post(client, brief, **answers):
    data = {"title": "Nightglow", "summary": "It glows."}
    data |= {f"answer-id-{kind}": value for kind, value in answers.items()}
    return client.post(f"{brief.url}submit/", data)


def stored() -> dict[str, str]:
    draft = Submission.objects.latest("pk")
    answers = [*draft.answers, *draft.personal.answers]
    return {answer["kind"]: answer["value"] for answer in answers}


def holding(*rows) -> Client:
    client = Client()
    session = client.session
    session[SESSION_KEY] = {row.code: row.nonce for row in rows}
    session.save()
    return client


def test_every_kind_is_stored_as_text_and_shown_again(ready, client):
    brief = brief_with(*[question(kind) for kind in GOOD])
    response = post(client, brief, **{kind: typed for kind, (typed, _) in GOOD.items()})
    assert response.status_code == 302, response.context["form"].errors
    assert stored() == {kind: text for kind, (_, text) in GOOD.items()}
    draft = Submission.objects.get()
    assert drafting.missing(draft) == []
    page = client.get(f"{brief.url}submit/{draft.code}/check/", follow=True)
    form = IdeaForm(brief, initial=IdeaForm.initial_from(draft))
    again = post(Client(), brief, **{k: form[f"answer-id-{k}"].value() for k in GOOD})
    assert again.status_code == 302
    assert page.status_code == 200


@pytest.mark.parametrize(("kind", "typed", "words", "kept"), BAD)
def test_wrong_answer_is_explained_kept_and_never_sent(
    ready, client, kind, typed, words, kept
):
    brief = brief_with(question(kind))
    response = post(client, brief, **{kind: typed})
    assert response.status_code == 200
    assert words in str(response.context["form"].errors[f"answer-id-{kind}"])
    assert stored() == {kind: kept}
    missing = drafting.missing(Submission.objects.get())
    assert missing == ([f"id-{kind}"] if kept else [])


@pytest.mark.parametrize("kind", KINDS)
def test_required_question_keeps_an_idea_from_being_sent(ready, client, kind):
    brief = brief_with(question(kind, required=True))
    response = post(client, brief)
    assert response.status_code == 200
    assert "required" in str(response.context["form"].errors[f"answer-id-{kind}"])
    assert drafting.missing(Submission.objects.get()) == [f"id-{kind}"]


def test_choice_can_be_taken_back(ready, client):
    brief = brief_with(question("choice"))
    post(client, brief, choice="Pen")
    draft = Submission.objects.get()
    url = f"{brief.url}submit/{draft.code}/idea/"
    assert "No answer" in client.get(url).content.decode()
    data = {"title": "Nightglow", "summary": "It glows.", "answer-id-choice": ""}
    client.post(url, data)
    assert stored() == {"choice": ""}


def test_number_is_read_and_written_in_the_language(ready):
    brief = brief_with(question("number"))
    with translation.override("de"):
        data = {"title": "A", "summary": "B", "answer-id-number": "12,5"}
        form = IdeaForm(brief, data)
        assert form.is_valid(), form.errors
        [answer] = form.idea([]).answers
        assert answer["value"] == "12.5"
        again = IdeaForm(brief, initial={"answer-id-number": form_value(brief, "12.5")})
        assert 'value="12,5"' in str(again["answer-id-number"])


def form_value(brief, text: str):
    return brief.answer_fields[0].block.from_text(text)


def test_readers_of_an_answer_are_named_where_it_is_asked(ready, client):
    brief = brief_with(
        question("short_text", visibility="jury"),
        question("long_text", visibility="staff", personal=True),
        question("link"),
    )
    content = client.get(f"{brief.url}submit/").content.decode()
    assert content.count("Only the jury and the organisers read this.") == 1
    assert "Only the organisers read this. It is about you, so" in content
    assert content.count("data-cb-private") == 1


@pytest.fixture
def asked(ready):
    """A brief that asks the organisers' picture, and one's age, which is personal."""
    return brief_with(
        question("file", required=True),
        question("number", visibility="staff", personal=True),
        question("short_text"),
    )


def sketch(client, brief, **data) -> Submission:
    file = factories.picture_file("sketch.png")
    words = {"title": "Nightglow", "summary": "It glows.", "answer-id-short_text": "x"}
    client.post(f"{brief.url}submit/", {**words, "file-id-file": file, **data})
    return Submission.objects.latest("pk")


def test_picture_as_an_answer_is_private_and_survives(asked, client):
    draft = sketch(client, asked)
    upload = draft.uploads.get()
    assert stored()["file"] == str(upload.pk)
    assert drafting.missing(draft) == []
    page = client.get(f"{asked.url}submit/{draft.code}/idea/").content.decode()
    assert "sketch.png" in page
    assert f"/crowdbrand/pictures/{upload.pk}/" in page
    assert Client().get(f"/crowdbrand/pictures/{upload.pk}/").status_code == 404
    kept = {"title": "A", "summary": "B", "answer-id-file": str(upload.pk)}
    client.post(f"{asked.url}submit/{draft.code}/idea/", kept)
    assert stored()["file"] == str(upload.pk)
    removed = kept | {"remove": str(upload.pk)}
    client.post(f"{asked.url}submit/{draft.code}/idea/", removed)
    assert stored()["file"] == ""
    assert not Upload.objects.exists()


def test_picture_of_somebody_else_is_no_answer(asked, client):
    foreign = str(factories.make_draft().uploads.get().pk)
    draft = sketch(client, asked, **{"file-id-file": "", "answer-id-file": foreign})
    assert stored()["file"] == ""
    idea = drafting.Idea(
        title="A",
        answers=[{"field": "id-file", "kind": "file", "value": foreign, "label": ""}],
    )
    drafting.save_draft(draft, idea=idea, at=timezone.now())
    assert stored() == {"file": ""}


def test_file_that_is_no_picture_is_refused_by_name_of_its_question(asked, client):
    words = {"title": "Nightglow", "summary": "It glows."}
    file = factories.SimpleUploadedFile("deed.pdf", b"%PDF-1.7 ...", "application/pdf")
    url = f"{asked.url}submit/"
    response = client.post(url, {**words, "file-id-file": file})
    assert list(response.context["form"].errors) == ["answer-id-file"]
    assert not Upload.objects.exists()
    assert Submission.objects.get().title == "Nightglow"


def test_picture_as_an_answer_is_not_forgotten_and_never_public(asked, client):
    draft = sketch(client, asked)
    Submission.objects.filter(pk=draft.pk).update(lifecycle="submitted")
    Submission.objects.update(submitted_at=timezone.now() - 3 * upkeep.FORGOTTEN)
    Upload.objects.update(created_at=timezone.now() - 2 * upkeep.FORGOTTEN)
    assert upkeep.delete_forgotten_uploads(at=timezone.now()) == 0
    Submission.objects.update(answers=[])
    assert upkeep.delete_forgotten_uploads(at=timezone.now()) == 1


def test_picture_for_everybody_is_no_question():
    block = AnswerFieldsBlock()
    value = {"label": "Your sketch", "visibility": "public"}
    with pytest.raises(StreamBlockValidationError):
        block.clean(block.to_python([{"type": "file", "value": value}]))
    value["visibility"] = "jury"
    block.clean(block.to_python([{"type": "file", "value": value}]))


def test_limits_of_a_number_must_not_contradict():
    block = AnswerFieldsBlock()
    value = {"label": "How many?", "minimum": "5", "maximum": "4"}
    with pytest.raises(ValidationError):
        block.clean(block.to_python([{"type": "number", "value": value}]))


class RatingFieldBlock(AnswerFieldBlock):
    """A kind of question a site adds, as the how-to describes it."""

    def form_field(self, value, **common):
        return forms.IntegerField(min_value=1, max_value=5, **common)

    def to_text(self, cleaned):
        return "" if cleaned is None else str(cleaned)


class OurFieldsBlock(AnswerFieldsBlock):
    rating = RatingFieldBlock()


def test_site_adds_a_kind_of_question():
    value = {"label": "How sure are you?", "required": True, "visibility": "public"}
    stream = OurFieldsBlock().to_python([{"type": "rating", "id": "r", "value": value}])
    brief = SimpleNamespace(max_summary_length=200, answer_fields=stream)
    words = {"title": "A", "summary": "B"}
    form = IdeaForm(brief, words | {"answer-r": "4"})
    assert form.is_valid()
    [answer] = form.idea([]).answers
    assert (answer["kind"], answer["value"]) == ("rating", "4")
    assert not IdeaForm(brief, words | {"answer-r": "6"}).is_valid()
    taken = [stream[0].block.takes(stream[0].value, text) for text in ("4", "6", "")]
    assert taken == [True, False, False]


# Questions change while answers stay


@pytest.fixture
def answered(ready, commits):
    """In review, with an answer to each of three questions, one of them personal."""
    brief = brief_with(
        question("short_text"),
        question("choice"),
        question("number", visibility="staff", personal=True),
    )
    answers = [
        {
            "field": f"id-{kind}",
            "label": f"Question {kind}",
            "kind": kind,
            "visibility": visibility,
            "value": value,
        }
        for kind, visibility, value in (
            ("short_text", "public", "By hand"),
            ("choice", "public", "Pen"),
            ("number", "staff", "42"),
        )
    ]
    with commits():
        return factories.make_confirmed(
            brief, answers=answers[:2], personal_answers=answers[2:]
        )


def change(answered, *questions) -> None:
    brief = answered.brief
    block = type(brief)._meta.get_field("answer_fields").stream_block
    brief.answer_fields = block.to_python(list(questions))
    brief.save()


def edit(answered, **answers):
    """The contributor's own edit: the form it began with, the newest answers by id."""
    [image] = answered.images
    data = {
        "title": "Nightglow",
        "summary": "It glows.",
        "picture": [image["upload"]],
        f"alt-{image['upload']}": image["alt"],
    }
    data |= {f"answer-id-{kind}": value for kind, value in answers.items()}
    owner = holding(answered)
    url = f"/crowdbrand/ideas/{answered.code}/edit/"
    form = owner.get(url).context["form"]
    owner.post(url, data)
    row = Submission.objects.get(pk=answered.pk)
    newest = row.get_latest_revision_as_object()
    given = [*newest.answers, *row.personal.answers]
    return form, {answer["field"]: answer for answer in given}


def test_renamed_and_moved_question_keeps_its_answer(answered):
    change(
        answered,
        question("number", visibility="staff", personal=True),
        question("choice", label="What did you draw with?"),
        question("short_text"),
    )
    row = Submission.objects.get(pk=answered.pk)
    assert [answer["label"] for answer in row.answers] == [
        "Question short_text",
        "Question choice",
    ]
    form, answers = edit(answered, short_text="By foot", choice="Pen", number="42")
    assert form["answer-id-choice"].value() == "Pen"
    assert answers["id-choice"]["label"] == "What did you draw with?"
    assert answers["id-short_text"]["value"] == "By foot"


def test_answers_to_deleted_questions_stay_through_an_edit(answered):
    change(answered, question("short_text"))
    _form, answers = edit(answered, short_text="By foot")
    values = {field: answer["value"] for field, answer in answers.items()}
    assert values == {"id-short_text": "By foot", "id-choice": "Pen", "id-number": "42"}
    row = Submission.objects.get(pk=answered.pk)
    assert [answer["field"] for answer in row.personal.answers] == ["id-number"]


def test_option_that_went_is_asked_again_and_stays_until_then(answered):
    change(
        answered,
        question("choice", options=["Brush", "Screen"], required=True),
        question("short_text"),
    )
    form, answers = edit(answered, short_text="By foot")
    assert "Brush" in str(form["answer-id-choice"])
    assert answers["id-choice"]["value"] == "Pen"
    _form, answers = edit(answered, short_text="By foot", choice="Brush")
    assert answers["id-choice"]["value"] == "Brush"


def test_question_that_opens_to_everybody_opens_no_old_answer(answered):
    change(
        answered,
        question("short_text", visibility="staff"),
        question("choice"),
    )
    _form, answers = edit(answered, short_text="SECRET", choice="Pen")
    assert answers["id-short_text"]["visibility"] == "staff"
    change(answered, question("short_text"), question("choice"))
    newest = Submission.objects.get(pk=answered.pk).get_latest_revision_as_object()
    assert "SECRET" not in newest.public_text


def test_question_that_becomes_personal_moves_its_answer(answered):
    change(
        answered,
        question("short_text", visibility="jury", personal=True),
        question("choice"),
    )
    form, _answers = edit(answered, short_text="By hand", choice="Pen")
    assert form["answer-id-short_text"].value() == "By hand"
    row = Submission.objects.get(pk=answered.pk)
    newest = row.get_latest_revision_as_object()
    fields = [answer["field"] for answer in newest.answers]
    assert "id-short_text" not in fields
    assert "id-short_text" in [answer["field"] for answer in row.personal.answers]


def test_draft_forgets_questions_nobody_asks_any_more(ready, client):
    brief = brief_with(question("short_text"), question("choice"))
    post(client, brief, short_text="x", choice="Pen")
    draft = Submission.objects.get()
    block = type(brief)._meta.get_field("answer_fields").stream_block
    brief.answer_fields = block.to_python([question("choice")])
    brief.save()
    client.post(
        f"{brief.url}submit/{draft.code}/idea/",
        {"title": "A", "summary": "B", "answer-id-choice": "Pen"},
    )
    assert stored() == {"choice": "Pen"}
    assert submitting.missing(Submission.objects.get()) == []
