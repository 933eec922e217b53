"""Briefs: their form, their place in the tree, what is added behind their back."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.blocks import StreamBlockValidationError
from wagtail.models import Page
from wagtail.test.utils.form_data import streamfield

from tests import factories
from tests.models import desk
from wagtail_crowdbrand.models.blocks import AnswerFieldsBlock
from wagtail_crowdbrand.pages.models import BriefPage, SubmissionPage

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    user = desk.make_editor()
    client.force_login(user)
    return user


def choice(**values) -> tuple:
    options = [{"value": text, "type": "item", "id": ""} for text in ("Pen", "Screen")]
    for number, option in enumerate(options):
        option |= {"order": str(number), "deleted": ""}
    field = {
        "label": "How did you draw it?",
        "help_text": "",
        "visibility": "public",
        "options": {"count": "2", **dict(enumerate(options))},
    }
    return ("choice", field | values)


def test_more_pictures_needed_than_allowed_is_refused():
    with pytest.raises(ValidationError) as caught:
        BriefPage(min_images=2, max_images=1).clean()
    assert caught.value.message_dict == {
        "min_images": ["This is more than the number of pictures allowed."]
    }
    BriefPage(min_images=2, max_images=2).clean()


def test_half_filled_brief_is_a_draft_and_no_more(editor, client):
    campaign = factories.make_campaign()
    address = desk.add_url(campaign, BriefPage)
    data = desk.filled_in(client, address, BriefPage, title="Half", slug="half")
    response = client.post(address, data | {"action-publish": "1"})
    assert set(desk.errors_of(response)) == {"challenge", "criteria"}
    assert not BriefPage.objects.exists()

    assert desk.errors_of(client.post(address, data)) == {}
    brief = BriefPage.objects.get()
    assert not brief.live
    assert client.get(f"{campaign.url}half/").status_code == 404


def test_emptied_number_is_told_and_breaks_nothing(editor, client):
    address = desk.edit_url(factories.make_brief())
    data = desk.filled_in(client, address, BriefPage, min_images="", max_images="")
    errors = desk.errors_of(client.post(address, data))
    assert set(errors) == {"min_images", "max_images"}


def test_question_reaches_the_form_of_the_public(editor, client):
    brief = factories.make_brief()
    address = desk.edit_url(brief)
    data = desk.filled_in(
        client, address, BriefPage, answer_fields=streamfield([choice()])
    )
    response = client.post(address, data | {"action-publish": "1"})
    assert desk.errors_of(response) == {}
    content = client.get(f"{brief.url}submit/").content.decode()
    for words in ("How did you draw it?", "Pen", "Screen"):
        assert words in content


def test_personal_answer_is_not_for_everybody():
    block = AnswerFieldsBlock()
    question = {"label": "Where do you live?", "personal": True, "options": []}
    value = block.to_python(
        [{"type": "short_text", "value": question | {"visibility": "public"}}]
    )
    with pytest.raises(StreamBlockValidationError) as caught:
        block.clean(value)
    errors = caught.value.block_errors[0].block_errors
    message = "Personal data cannot be shown to everybody."
    assert errors["visibility"].messages == [message]
    value[0].value["visibility"] = "staff"
    block.clean(value)


def add_three(brief: BriefPage) -> None:
    fresh = BriefPage.objects.get(pk=brief.pk)
    for number in range(3):
        page = SubmissionPage(title=f"Idea {number}", slug=f"idea-{number}")
        fresh.add_child(instance=page)


@pytest.mark.parametrize("deed", ["save", "publish", "save_revision"])
def test_stale_brief_keeps_what_the_tree_learned(deed):
    factories.make_brief()
    brief = factories.make_brief()
    stale = BriefPage.objects.get(pk=brief.pk)
    revision = stale.save_revision()
    add_three(brief)

    stale.title = "Renamed"
    if deed == "save":
        stale.save()
    elif deed == "publish":
        revision.publish()
    else:
        stale.save_revision().publish()

    again = BriefPage.objects.get(pk=brief.pk)
    assert again.numchild == 3
    again.add_child(instance=SubmissionPage(title="Fourth", slug="fourth"))
    assert again.get_children().count() == 4
    assert Page.find_problems() == ([], [], [], [], [])


def test_stale_brief_keeps_its_place_after_a_move():
    brief, other = factories.make_brief(), factories.make_campaign()
    stale = BriefPage.objects.get(pk=brief.pk)
    brief.move(other, pos="last-child")
    stale.title = "Renamed"
    stale.save()
    moved = BriefPage.objects.get(pk=brief.pk)
    assert moved.get_parent().pk == other.pk
    assert Page.find_problems() == ([], [], [], [], [])


def move(client, brief, target) -> None:
    address = reverse("wagtailadmin_pages:move_confirm", args=[brief.pk, target.pk])
    client.post(address)


def move_in_bulk(client, brief, target) -> None:
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "move"])
    client.post(f"{address}?id={brief.pk}", {"chooser": target.pk})


@pytest.mark.parametrize("how", [move, move_in_bulk])
def test_moved_brief_takes_its_submissions_along(editor, client, ready, how):
    row = factories.make_waiting()
    other = factories.make_waiting()
    target = factories.make_campaign()
    how(client, row.brief_page, target)
    row.refresh_from_db()
    assert row.brief_page.get_parent(update=True).pk == target.pk
    assert row.campaign_page_id == target.pk
    home = other.campaign_page_id
    other.refresh_from_db()
    assert other.campaign_page_id == home
