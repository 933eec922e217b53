"""Filters and search find what is visible, all of it, and nothing else."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import PageViewRestriction

from tests import factories
from wagtail_crowdbrand.domain import (
    drafting,
    filtering,
    gallery,
    invariants,
    moderating,
    privacy,
    publishing,
    submitting,
)
from wagtail_crowdbrand.domain.filtering import PICTURE, WITH_PICTURE, Wanted
from wagtail_crowdbrand.domain.shuffling import Shuffle
from wagtail_crowdbrand.models import GalleryFacet, GalleryPlace, Submission

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 22)
FIELD = "0b6b2f3e-1111-4222-8333-944445555666"
SECRET = "1c7c3f4f-1111-4222-8333-944445555666"
HAND, SCREEN = (FIELD, "By hand"), (FIELD, "On a screen")


def block(pk: str, label: str, visibility: str) -> dict:
    return {
        "type": "choice",
        "id": pk,
        "value": {
            "label": label,
            "options": ["By hand", "On a screen"],
            "required": False,
            "visibility": visibility,
            "personal": False,
        },
    }


def answer(value: str, *, field: str = FIELD, visibility: str = "public") -> dict:
    return {
        "field": field,
        "label": "How did you draw it?",
        "kind": "choice",
        "visibility": visibility,
        "value": value,
    }


@pytest.fixture
def brief(ready):
    return factories.make_brief(
        max_per_contributor=9,
        answer_fields=[
            block(FIELD, "How did you draw it?", "public"),
            block(SECRET, "For the jury", "jury"),
        ],
    )


@pytest.fixture
def add(brief):
    """``add("Glow", "By hand")``: something on show that says so."""
    moderator = factories.make_moderator()

    def make(title: str, value: str = "", **idea) -> Submission:
        answers = [
            answer(value),
            answer("By hand", field=SECRET, visibility="jury"),
        ]
        idea = {"pictures_count": 0, "answers": answers, **idea}
        row = factories.make_waiting(brief, title=title, **idea)
        moderating.approve(row, actor=moderator)
        publishing.publish(row, at=timezone.now())
        return Submission.objects.get(pk=row.pk)

    return make


def found(brief, *facets, query="", **kwargs) -> list[str]:
    """Titles of what is wanted, newest first."""
    wanted = Wanted(query, facets)
    at = timezone.now()
    match = gallery.find(brief, wanted, at=at, **kwargs)
    page = gallery.page_of(brief, order=gallery.NEWEST, found=match, at=at)
    assert page.total == len(page.submissions)
    return [row.title for row in page.submissions]


def test_values_of_a_field_add_up_and_fields_narrow(brief, add):
    add("Glow", "By hand")
    add("Beam", "On a screen", pictures_count=1)
    add("Haze")
    assert found(brief, HAND) == ["Glow"]
    assert found(brief, HAND, SCREEN) == ["Beam", "Glow"]
    assert found(brief, HAND, SCREEN, (PICTURE, WITH_PICTURE)) == ["Beam"]
    assert found(brief, HAND, (PICTURE, WITH_PICTURE)) == []


def test_words_are_found_in_title_description_and_public_answers(brief, add):
    add("Lantern", "By hand", summary="A boat glimmers at dusk.")
    add("Undertow", summary="A boat that pulls.")
    assert found(brief, query="lantern") == ["Lantern"]
    assert found(brief, query="glimmers dusk") == ["Lantern"]
    assert found(brief, query="glimmers pulls") == []
    assert found(brief, HAND, query="boat") == ["Lantern"]
    assert found(brief, query="hand") == ["Lantern"]


def test_search_stays_in_its_brief(brief, add):
    add("Lantern")
    other = factories.make_brief()
    row = factories.make_waiting(other, title="Lantern elsewhere")
    moderating.approve(row, actor=None)
    publishing.publish(row, at=timezone.now())
    assert found(brief, query="lantern") == ["Lantern"]


@pytest.mark.parametrize(
    "query", ['"', "'", "*", "a*b", "NEAR(a b)", "AND", "-", "(", "\\", "%", "{}", "ä:"]
)
def test_search_takes_any_characters(brief, add, query):
    add("Lantern")
    assert found(brief, query=query) == []


@pytest.mark.parametrize(
    "leave",
    [
        lambda row: submitting.withdraw(row, at=timezone.now()),
        lambda row: moderating.hide(row, actor=None, reason="A complaint."),
        lambda row: privacy.erase(row, at=timezone.now()),
        lambda row: row.brief_page.specific.unpublish(),
    ],
    ids=["withdrawn", "hidden", "erased", "brief unpublished"],
)
def test_what_leaves_the_gallery_is_not_found(brief, add, leave):
    row = add("Lantern", "By hand", language="de")
    leave(row)
    assert found(brief, HAND) == []
    assert found(brief, query="Lantern") == []
    row.refresh_from_db()
    assert row.facets.exists() == (row.visible_from is not None)


def test_privacy_of_a_campaign_holds_for_filters_and_search(brief, add):
    add("Lantern", "By hand")
    PageViewRestriction.objects.create(
        page=brief.get_parent(), restriction_type="login"
    )
    assert found(brief, HAND) == []
    assert found(brief, query="Lantern") == []


def test_what_is_not_visible_has_no_facet(brief):
    for make in (factories.make_draft, factories.make_sent, factories.make_waiting):
        make(brief, answers=[answer("By hand")])
    assert not GalleryFacet.objects.exists()


def test_only_public_answers_become_facets(brief, add):
    row = add("Glow", "By hand", language="de", pictures_count=1)
    facets = set(row.facets.values_list("field", "value"))
    assert facets == {HAND, ("language", "de"), (PICTURE, WITH_PICTURE)}


def test_an_approved_edit_is_found_by_what_it_says_now(brief, add):
    row = add("Glow", "By hand")
    new = drafting.Idea(title="Glow", summary="New.", answers=[answer("On a screen")])
    submitting.edit(row, idea=new, person=drafting.Person(), at=timezone.now())
    assert (found(brief, HAND), found(brief, SCREEN)) == (["Glow"], [])
    row.refresh_from_db()
    moderating.start(row)
    row.refresh_from_db()
    moderating.approve(row, actor=factories.make_moderator())
    publishing.publish(row, at=timezone.now())
    assert (found(brief, HAND), found(brief, SCREEN)) == ([], ["Glow"])


def test_offered_are_public_choices_and_languages_that_are_there(brief, add):
    add("Glow", language="en")
    assert [entry.field for entry in filtering.offered(brief)] == [FIELD, PICTURE]
    add("Glut", language="de")
    fields = {entry.field: entry.options for entry in filtering.offered(brief)}
    assert list(fields) == [FIELD, "language", PICTURE]
    assert [option.label for option in fields["language"]] == ["English", "Deutsch"]


def test_reading_drops_what_is_not_offered(brief):
    filters = filtering.offered(brief)
    given = {
        filters[0].name: ["By hand", "By magic"],
        f"a-{SECRET[:8]}": ["By hand"],
        "language": ["de"],
    }
    wanted = filtering.read(filters, given, query=" a\x00b\n " + "c" * 500)
    assert wanted.facets == (HAND,)
    assert wanted.query.startswith("a b c")
    assert len(wanted.query) == filtering.MAX_QUERY


def test_shuffled_matches_come_once_each(brief, add, settings):
    settings.WAGTAIL_CROWDBRAND = {"GALLERY_PAGE_SIZE": 2}
    for number in range(7):
        add(f"Idea {number}", "By hand" if number % 2 else "")
    at = timezone.now()
    match = gallery.find(brief, Wanted(facets=(HAND,)), at=at)
    assert gallery.length(gallery.counter_of(brief), match) == 3
    shuffle = Shuffle(DAY, 1, 3)

    def titles(number):
        page = gallery.page_of(
            brief, shuffle=shuffle, found=match, number=number, at=at
        )
        return [row.title for row in page.submissions]

    assert sorted(titles(1) + titles(2)) == ["Idea 1", "Idea 3", "Idea 5"]
    assert titles(1) == titles(1)


def test_more_than_can_be_counted(brief, add, settings, monkeypatch):
    monkeypatch.setattr(filtering, "CAP", 3)
    settings.WAGTAIL_CROWDBRAND = {"GALLERY_PAGE_SIZE": 2}
    for number in range(5):
        add(f"Idea {number}", "By hand")
    at = timezone.now()
    match = gallery.find(brief, Wanted(facets=(HAND,)), at=at)
    assert gallery.length(gallery.counter_of(brief), match) == 5
    firsts = set()
    for start in range(5):
        shuffle = Shuffle(DAY, start, 5)
        pages = [
            gallery.page_of(brief, shuffle=shuffle, found=match, number=number, at=at)
            for number in (1, 2)
        ]
        assert [(page.total, page.more, page.pages) for page in pages] == [
            (3, True, 2),
            (3, True, 2),
        ]
        titles = [row.title for page in pages for row in page.submissions]
        assert len(set(titles)) == 3
        firsts.add(titles[0])
    assert len(firsts) == 5


@pytest.mark.parametrize(
    "damage",
    [
        lambda row: row.facets.filter(field=FIELD).delete(),
        lambda row: row.facets.filter(field=FIELD).update(value="By magic"),
        lambda row: GalleryFacet.objects.create(
            submission=row, brief_key=row.brief_key, field="x", value="y"
        ),
    ],
)
def test_recount_mends_facets(brief, add, damage):
    row = add("Glow", "By hand")
    assert invariants.wrong_facets() == []
    damage(row)
    assert invariants.wrong_facets() == [row.brief_key]
    call_command("crowdbrand_recount", "--fix")
    assert invariants.wrong_facets() == []
    assert found(brief, HAND) == ["Glow"]
    assert GalleryPlace.objects.get().rank == 0


def test_by_code(brief, add):
    codes = sorted(add(f"Idea {number}").code for number in range(3))
    page = gallery.page_of(brief, order=gallery.BY_CODE, at=timezone.now())
    assert [row.code for row in page.submissions] == codes


def test_search_that_finds_too_much_misses_nothing_of_a_filter(brief, add, monkeypatch):
    monkeypatch.setattr(filtering, "CAP", 2)
    for number in range(3):
        add(f"Lantern {number}", "On a screen")
    add("Lantern of mine", "By hand")
    at = timezone.now()
    match = gallery.find(brief, Wanted("lantern", (HAND,)), at=at)
    assert (match.more, match.total) == (False, 1)
    match = gallery.find(brief, Wanted("lantern", (SCREEN,)), at=at)
    assert match.more
