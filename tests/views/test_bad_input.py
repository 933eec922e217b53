"""Whatever comes in is answered in a sentence, and nothing that was typed is lost."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests import factories
from tests.domain import hostile
from wagtail_crowdbrand.domain import (
    access,
    drafting,
    moderating,
    submitting,
)
from wagtail_crowdbrand.models import Message, Submission, Upload

pytestmark = pytest.mark.django_db

IDEA = {"title": "Nightglow", "summary": "It glows at night."}
PERSON = {"email": "ada@example.org", "credit_name": "Ada", "co_authors": "Grace"}
SEND = {"accept": "on", "terms_number": "1"}
UPLOAD = {**IDEA, "upload": "1"}
TAG = "<script>alert('zebra')</script>"


class Visit:
    """One person with a draft, and where they go."""

    def __init__(self) -> None:
        self.brief = factories.make_brief(max_per_contributor=1)
        self.client = Client()
        self.start = f"{self.brief.url}submit/"
        self.client.post(self.start, IDEA)
        self.draft = Submission.objects.latest("pk")

    def step(self, name: str) -> str:
        return f"{self.start}{self.draft.code}/{name}/"

    def post(self, name: str, data: dict):
        return self.client.post(self.step(name), data)

    def file(self, content: bytes, name: str = "idea.png"):
        file = SimpleUploadedFile(name, content, "image/png")
        return self.post("idea", {**UPLOAD, "files": [file]})

    def send(self):
        self.post("about", PERSON)
        return self.post("check", SEND)

    def status(self, name: str = "") -> str:
        return f"/crowdbrand/ideas/{self.draft.code}/{name}"

    def link(self, purpose: str, token: str = "") -> str:
        self.draft.refresh_from_db()
        token = token or access.token_for(self.draft, purpose)
        return f"/crowdbrand/{purpose[0]}/{self.draft.code}/{token}/"

    def confirm(self):
        opened = self.client.get(self.link(access.CONFIRM))
        return self.client.post(opened.url)


def end_of(visit: Visit):
    return visit.brief.campaign.closes_at


def late(visit: Visit):
    visit.post("about", PERSON)
    with time_machine.travel(end_of(visit) + timedelta(seconds=1), tick=False):
        return visit.post("check", SEND)


def late_words(visit: Visit):
    with time_machine.travel(end_of(visit) + timedelta(seconds=1), tick=False):
        return visit.post("idea", {**IDEA, "title": "Too late"})


def early(visit: Visit):
    campaign = visit.brief.campaign
    campaign.opens_at = timezone.now() + timedelta(seconds=30)
    campaign.save()
    return visit.client.get(visit.start)


def one_idea_too_many(visit: Visit):
    visit.send()
    visit.confirm()
    other = factories.make_draft(visit.brief)
    person = drafting.Person(email=PERSON["email"].upper(), credit_name="Ada")
    drafting.save_draft(other, person=person, at=timezone.now())
    sent = submitting.submit(other, terms_number=1, at=timezone.now())
    client = Client()
    token = access.token_for(sent, access.CONFIRM)
    opened = client.get(f"/crowdbrand/c/{sent.code}/{token}/")
    return client.post(opened.url)


def one_picture_too_many(visit: Visit):
    files = [factories.picture_file(f"{number}.png") for number in range(4)]
    return visit.post("idea", {**UPLOAD, "files": files})


def expired(visit: Visit):
    visit.send()
    opened = visit.client.get(visit.link(access.CONFIRM))
    with time_machine.travel(end_of(visit) + timedelta(hours=48, seconds=1)):
        return visit.client.post(opened.url)


def reused(visit: Visit):
    visit.send()
    link = visit.link(access.CONFIRM)
    visit.confirm()
    return Client().get(link)


def forged(visit: Visit):
    visit.send()
    return Client().get(visit.link(access.CONFIRM, "A" * 43))


def foreign(visit: Visit):
    """A valid token of one submission with the code of another."""
    visit.send()
    other = factories.make_sent(visit.brief)
    token = access.token_for(other, access.CONFIRM)
    return Client().get(visit.link(access.CONFIRM, token))


def unknown_code(visit: Visit):
    return visit.client.get("/crowdbrand/ideas/2222-2222/")


def foreign_code(visit: Visit):
    other = factories.make_confirmed(visit.brief)
    return visit.client.get(f"/crowdbrand/ideas/{other.code}/")


def foreign_picture(visit: Visit):
    other = factories.make_draft(visit.brief)
    stolen = str(other.uploads.get().pk)
    return visit.post("idea", {**UPLOAD, "picture": [stolen]})


def old_terms(visit: Visit):
    visit.post("about", PERSON)
    return visit.post("check", {**SEND, "terms_number": "99"})


class Row(NamedTuple):
    deed: Callable[[Visit], object]
    says: str
    status: int = 200
    pictures: int = 0


ROWS = {
    # Late, early, over a limit
    "late by a second": Row(late, "closed", 403),
    "words late by a second": Row(late_words, "closed", 403),
    "early": Row(early, "not open yet", 403),
    "title too long": Row(
        lambda v: v.post("idea", {**IDEA, "title": "x" * 121}), "at most 120"
    ),
    "description too long": Row(
        lambda v: v.post("idea", {**IDEA, "summary": "y" * 601}), "at most 600"
    ),
    "one idea too many": Row(one_idea_too_many, "as many ideas as this brief allows"),
    "one picture too many": Row(
        one_picture_too_many, "3 pictures are the limit", pictures=3
    ),
    "old terms": Row(old_terms, "The terms changed while you were writing"),
    # Files
    "0 bytes": Row(lambda v: v.file(b""), "empty"),
    "40 MB": Row(lambda v: v.file(hostile.png() + bytes(40_000_000)), "larger than"),
    "svg": Row(
        lambda v: v.file(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg"),
        "cannot be read as a picture",
    ),
    "html as a picture": Row(
        lambda v: v.file(TAG.encode()), "cannot be read as a picture"
    ),
    "picture of somebody else": Row(foreign_picture, "", 302),
    # Words
    "control characters": Row(
        lambda v: v.post("idea", {**IDEA, "summary": "a\x1bb"}), "control characters"
    ),
    "characters that turn the text": Row(
        lambda v: v.post("idea", {**IDEA, "title": "a\u202eb"}), "control characters"
    ),
    "control characters in a name": Row(
        lambda v: v.post("about", {**PERSON, "credit_name": "A\u2066da"}),
        "control characters",
    ),
    "script as a link": Row(
        lambda v: v.post("idea", {**IDEA, "link": "javascript:alert(1)"}), "valid URL"
    ),
    "no address": Row(
        lambda v: v.post("about", {**PERSON, "email": "ada"}), "valid email"
    ),
    # Links and codes
    "unknown code": Row(unknown_code, "Not Found", 404),
    "foreign code": Row(foreign_code, "Not Found", 404),
    "expired token": Row(expired, "The time for confirming has passed"),
    "reused token": Row(reused, "link", 404),
    "forged token": Row(forged, "link", 404),
    "token of another": Row(foreign, "link", 404),
}


def text_of(response) -> str:
    return html.unescape(response.content.decode())


@pytest.mark.parametrize("name", ROWS)
def test_bad_input_is_answered_in_a_sentence_and_nothing_is_lost(ready, name):
    row, visit = ROWS[name], Visit()
    response = row.deed(visit)
    assert response.status_code == row.status
    assert row.says in text_of(response)
    draft = Submission.objects.get(pk=visit.draft.pk)
    if "too long" not in name and "characters" not in name:
        assert (draft.title, draft.summary) == tuple(IDEA.values())
    assert draft.title
    assert draft.summary
    assert len(draft.images) == row.pictures


def test_typed_text_that_is_too_long_is_kept_to_be_cut(ready):
    visit = Visit()
    long = "y" * 601
    response = visit.post("idea", {**IDEA, "summary": long})
    assert response.context["form"]["summary"].value() == long
    assert Submission.objects.get().summary == long


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_coordinates_are_gone_from_the_private_and_the_public_picture(
    ready, commits, kind
):
    visit = Visit()
    sent = hostile.saved(hostile.gradient(), kind, exif=hostile.exif())
    assert hostile.SECRET in sent
    visit.file(sent)
    upload = Upload.objects.get()
    alt = {"picture": [str(upload.pk)], f"alt-{upload.pk}": "A field"}
    visit.post("idea", {**IDEA, **alt})
    visit.send()
    visit.confirm()
    row = Submission.objects.get()
    moderating.start(row)
    with commits():
        moderating.approve(Submission.objects.get(), actor=None)
    image = Upload.objects.get().image
    files = [upload.file, image.file, *(made.file for made in image.renditions.all())]
    assert len(files) > 3
    for file in files:
        with file.open("rb") as stored:
            content = stored.read()
        assert hostile.SECRET not in content
        assert b"GPS" not in content
        assert b"Exif" not in content


def test_html_in_every_field_is_shown_as_it_was_typed(ready, commits, admin_client):
    """On the contributor's pages, in public, in the admin and in mails."""
    visit = Visit()
    visit.file(hostile.png())
    pk = str(Upload.objects.get().pk)
    words = {
        "title": f"{TAG} title",
        "summary": f"{TAG} summary",
        "third_party": f"{TAG} third",
        "picture": [pk],
        f"alt-{pk}": f'"><img src=x onerror=alert(1)>{TAG} alt',
    }
    visit.post("idea", words)
    names = {"credit_name": f"{TAG} credit", "co_authors": f"{TAG} others"}
    visit.post("about", {**PERSON, **names})
    pages = [visit.client.get(visit.step(name)) for name in ("idea", "about", "check")]
    visit.post("check", SEND)
    with commits():
        visit.confirm()
    row = Submission.objects.get()
    edit = "/admin/snippets/wagtail_crowdbrand/submission/edit/"
    pages += [admin_client.get(f"{edit}{row.pk}/")]
    with commits():
        moderating.approve(row, actor=None)
    row.refresh_from_db()
    names = ("", "edit/", "withdraw/", "data/", "erase/")
    pages += [visit.client.get(visit.status(name)) for name in names]
    pages += [visit.client.get(row.page.url), visit.client.get(visit.brief.url)]
    pages += [visit.client.get(f"{visit.brief.url}compare/?code={row.code}")]
    for page in pages:
        content = page.content.decode()
        assert page.status_code == 200
        assert TAG not in content
        assert "<img src=x" not in content
    shown = "".join(text_of(page) for page in pages)
    for field in ("title", "summary", "third", "alt", "credit", "others"):
        assert f"{TAG} {field}" in shown


def test_sending_twice_sends_once(ready):
    visit = Visit()
    visit.send()
    again = visit.post("check", SEND)
    assert (again.status_code, again.url) == (302, visit.status())
    assert Message.objects.filter(kind="confirm").count() == 1


def test_confirming_twice_confirms_once(ready):
    visit = Visit()
    visit.send()
    opened = visit.client.get(visit.link(access.CONFIRM))
    visit.client.post(opened.url)
    again = visit.client.post(opened.url)
    assert (again.status_code, again.url) == (302, visit.status())
    assert Message.objects.filter(kind="receipt").count() == 1


@pytest.mark.parametrize("name", ["idea", "about", "check"])
def test_form_replayed_after_sending_changes_nothing(ready, name):
    visit = Visit()
    visit.send()
    before = Submission.objects.values().get()
    data = {"idea": {"title": "Other"}, "about": PERSON, "check": SEND}[name]
    again = visit.post(name, data)
    assert (again.status_code, again.url) == (302, visit.status())
    assert Submission.objects.values().get() == before


def test_first_form_replayed_begins_another_draft_and_loses_neither(ready):
    visit = Visit()
    visit.client.post(visit.start, {**IDEA, "title": "Second thoughts"})
    titles = Submission.objects.order_by("pk").values_list("title", flat=True)
    assert list(titles) == ["Nightglow", "Second thoughts"]
    for draft in Submission.objects.all():
        page = visit.client.get(f"{visit.start}{draft.code}/idea/")
        assert draft.title in page.content.decode()


@pytest.mark.parametrize("name", ["withdraw/", "erase/"])
def test_replayed_in_private_does_no_more(ready, commits, name):
    visit = Visit()
    visit.send()
    visit.confirm()
    with commits():
        visit.client.post(visit.status(name))
    row = Submission.objects.get()
    before = Submission.objects.values().get()
    again = visit.client.post(visit.status(name))
    assert again.status_code == (404 if row.erased_at else 302)
    assert Submission.objects.values().get() == before


FORMS = {
    "start": (lambda v: v.start, IDEA),
    "idea": (lambda v: v.step("idea"), {**IDEA, "title": "Other"}),
    "about": (lambda v: v.step("about"), PERSON),
    "check": (lambda v: v.step("check"), SEND),
    "confirm": (lambda v: v.status("confirm/"), {}),
    "edit": (lambda v: v.status("edit/"), {**IDEA, "title": "Other"}),
    "withdraw": (lambda v: v.status("withdraw/"), {}),
    "erase": (lambda v: v.status("erase/"), {}),
}


@pytest.mark.parametrize("name", FORMS)
def test_without_its_token_no_form_does_anything(ready, name):
    url_of, data = FORMS[name]
    visit = Visit()
    if name in ("confirm", "edit", "withdraw", "erase"):
        visit.send()
        if name != "confirm":
            visit.confirm()
        visit.client.get(visit.link(access.CONFIRM))
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = visit.client.cookies
    before = list(Submission.objects.values())
    url = url_of(visit)
    if name not in ("start", "check"):
        assert strict.get(url).status_code == 200  # the session does open it
    response = strict.post(url, data)
    assert response.status_code == 403
    assert list(Submission.objects.values()) == before


def test_every_field_of_a_form_refuses_control_characters(ready):
    """The table above names some; here none is forgotten."""
    visit = Visit()
    for name, fields in (
        ("idea", ["title", "summary", "third_party"]),
        ("about", ["credit_name", "co_authors"]),
    ):
        good = IDEA if name == "idea" else PERSON
        for field in fields:
            for character in ("\x00", "\x07", "\x9f", "\u202e", "\u2069"):
                response = visit.post(name, {**good, field: f"a{character}b"})
                errors = response.context["form"].errors
                assert set(errors) == {field}
                assert re.search("control|ull", str(errors[field]))
