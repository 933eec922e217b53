"""Whatever comes in, nothing breaks: forms, orders, tokens and query strings."""

from __future__ import annotations

from types import SimpleNamespace
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import factories
from wagtail_crowdbrand.domain import access
from wagtail_crowdbrand.domain.shuffling import Shuffle
from wagtail_crowdbrand.forms import IdeaForm, PersonForm
from wagtail_crowdbrand.models import Submission
from wagtail_crowdbrand.views.visitors import whole_number

anything = st.text(max_size=300)
brief_like = SimpleNamespace(max_summary_length=200, answer_fields=[])
slow = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@given(anything, st.integers(0, 50))
def test_orders_are_read_or_ignored(text, count):
    order = Shuffle.parse(text, count=count)
    assert order is None or str(order) == text


@given(st.dates(), st.integers(0, 10**6), st.integers(1, 10**6))
def test_orders_survive_writing(day, start, count):
    order = Shuffle(day, start % count, count)
    read = Shuffle.parse(str(order), count=count)
    assert read == order or day.year < 1000  # strftime does not pad such years


@given(anything)
def test_page_numbers_are_small_numbers(text):
    assert 0 <= whole_number(text) < 10**7


@given(
    st.fixed_dictionaries(
        {},
        optional=dict.fromkeys(["title", "summary", "link", "third_party"], anything),
    )
)
def test_idea_form_keeps_only_what_a_database_holds(data):
    form = IdeaForm(brief_like, data)
    form.is_valid()
    idea = form.idea(None)
    kept = idea.title + idea.summary + idea.link + idea.third_party
    assert "\x00" not in kept
    assert len(idea.title) <= 120
    assert len(idea.link) <= 500


@given(
    st.fixed_dictionaries(
        {},
        optional=dict.fromkeys(
            ["email", "credit_name", "co_authors", "website"], anything
        ),
    )
)
def test_person_form_keeps_only_what_a_database_holds(data):
    form = PersonForm(data, signed_in=False)
    form.is_valid()
    person = form.person()
    assert "\x00" not in person.email + person.credit_name + person.co_authors
    assert len(person.credit_name) <= 120


@given(anything, st.sampled_from([access.EDIT, access.CONFIRM, access.RESUME]))
def test_tokens_are_never_guessed(token, purpose):
    submission = Submission(pk=1, nonce="0" * 32)
    assert not access.is_valid(token, submission, purpose)


@pytest.mark.django_db
@slow
@given(
    query=st.lists(
        st.tuples(
            st.sampled_from(["page", "order", "shuffle", "code", "new", "x"]), anything
        ),
        max_size=5,
    ),
    path=st.sampled_from(["", "compare/", "submit/"]),
)
def test_any_query_string_is_answered(ready, client, query, path):
    brief = BRIEFS.get("one")
    if brief is None or not type(brief).objects.filter(pk=brief.pk).exists():
        brief = BRIEFS["one"] = factories.make_brief()
    response = client.get(f"{brief.url}{path}?{urlencode(query)}")
    assert response.status_code == 200


BRIEFS: dict[str, object] = {}
WORDS = ["title", "summary", "link", "picture", "alt-x"]
BUTTONS = ["upload", "up", "down", "remove", "later"]


@pytest.mark.django_db
@slow
@given(code=anything, token=anything)
def test_any_private_link_is_answered(client, code, token):
    for path in ("c", "e", "r"):
        url = f"/crowdbrand/{path}/{quote(code, safe='')}/{quote(token, safe='')}/"
        assert client.get(url).status_code in (404, 429)
    assert client.get(f"/crowdbrand/ideas/{quote(code, safe='')}/").status_code in (
        404,
        302,
    )


@pytest.mark.django_db
@slow
@given(
    data=st.dictionaries(
        st.sampled_from([*WORDS, *BUTTONS]),
        anything,
    )
)
def test_any_form_post_is_answered(ready, client, data, settings):
    settings.WAGTAIL_CROWDBRAND = {"RATE_LIMITS": {"draft": "", "upload": ""}}
    brief = BRIEFS.get("one")
    if brief is None or not type(brief).objects.filter(pk=brief.pk).exists():
        brief = BRIEFS["one"] = factories.make_brief()
    assert client.post(f"{brief.url}submit/", data).status_code in (200, 302)
