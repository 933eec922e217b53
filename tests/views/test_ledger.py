"""The ledger as people read it, and as editors correct it."""

from __future__ import annotations

import re
from datetime import timedelta

import feedparser
import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.models import desk
from wagtail_crowdbrand.domain import invariants, ledger, operating
from wagtail_crowdbrand.errors import NotAllowed
from wagtail_crowdbrand.models import LedgerEntry
from wagtail_crowdbrand.states import LedgerKind
from wagtail_crowdbrand.views import ledger as views

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(ready):
    """It has opened."""
    return factories.make_campaign(title="<b>Ferry</b>")


def url(name, *args) -> str:
    return reverse(f"wagtail_crowdbrand:{name}", args=args)


def page_of(campaign, query="") -> str:
    answer = Client().get(f"{url('ledger', campaign.pk)}{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def write(campaign, kind, **facts):
    return ledger.write(campaign, kind, facts=facts, at=timezone.now())


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


#: Kind → facts, and words somebody reads.
SAID = {
    "closed": ({}, "Closed"),
    "paused": ({"note": "A <i>leak</i>."}, "A &lt;i&gt;leak&lt;/i&gt;."),
    "resumed": ({"after": "paused"}, "It goes on as scheduled; it was: Paused."),
    "cancelled": ({"note": "No wind."}, "Cancelled No wind."),
    "policy_changed": (
        {"from": "before", "to": "after"},
        "Ideas are reviewed: “After publication”, no longer “Before publication”.",
    ),
    "deadline_moved": (
        {
            "from": "2031-05-15T12:00:00.000000Z",
            "to": "2031-05-19T12:00:00.000000Z",
            "note": "Fog.",
        },
        "It was Thursday 15 May 2031, 14:00 CEST, and is Monday 19 May 2031, "
        "14:00 CEST now. Fog.",
    ),
    "seal_broken": (
        {"reason": "A complaint.", "scope": "one", "for_minutes": 60},
        "Seal broken A complaint. What was looked at one For how many minutes 60",
    ),
    "receipts_published": (
        {"list": 1, "lines": 256, "digest": "abc"},
        "Lines of the list 256 Its digest (SHA-256) abc",
    ),
    "moderation_counts": (
        {"received": 3, "approved": 1, "rejected": 2, "reasons": {"rights": 2}},
        "Received 3 Approved 1 Rejected 2 Not shown: Somebody else&#x27;s work or "
        "brand 2",
    ),
    "revealed": ({"shown": 0}, "Revealed Ideas shown 0"),
    "decided": (
        {"due": "2031-05-15T12:00:00.000000Z", "late": True},
        "Later than promised: it was due Thursday 15 May 2031, 14:00 CEST.",
    ),
    "correction": ({"line": 1, "note": "No."}, "About line 1: No."),
    "terms_changed": (
        {
            "terms": 2,
            "changes": [
                {"field": "prize", "before": "One day.", "after": "Two days."},
                {"field": "picks_may_be_none", "before": False, "after": True},
                {"field": "gone_since", "before": None, "after": 3},
            ],
        },
        "Version of the rules 2 Prize or budget One Two day days . Possibly none "
        "no yes Gone_since 3",
    ),
    "brief_changed": (
        {"brief": 1, "title": "Name it", "added": True},
        "The brief “Name it” was added.",
    ),
    "of_tomorrow": ({"x": 1}, "of_tomorrow"),
}


def test_every_kind_has_its_words():
    assert set(LedgerKind.values) - {"opened"} == set(SAID) - {"of_tomorrow"}


@pytest.mark.parametrize("kind", sorted(SAID))
def test_line_says_what_happened(campaign, kind):
    facts, words = SAID[kind]
    write(campaign, kind, **facts)
    assert words in text_of(page_of(campaign))


def test_first_line_tells_the_promises_in_the_campaigns_time_zone(campaign):
    page = text_of(page_of(campaign))
    assert "Opened Closes " in page
    assert "CE" in page  # Berlin
    assert "Ideas are reviewed Before publication Version of the rules 1" in page
    assert "<b>Ferry" not in page_of(campaign)


def test_difference_can_be_read_word_by_word():
    pieces = views.pieces_of("A weekend on the island.", "Two weekends on the island.")
    assert [(piece.kind, piece.text) for piece in pieces] == [
        ("gone", "A"),
        ("new", "Two"),
        ("same", " "),
        ("gone", "weekend"),
        ("new", "weekends"),
        ("same", " on the island."),
    ]
    long = "word " * 3000
    pieces = list(views.pieces_of(long, f"{long}more"))
    assert [piece.kind for piece in pieces] == ["gone", "new"]


def test_newest_lines_come_first_in_pages(campaign, monkeypatch):
    monkeypatch.setattr(views, "PAGE", 2)
    for number in range(2, 6):
        write(campaign, "correction", line=1, note=f"Note {number}")

    def numbers(query):
        return re.findall(r'id="line-(\d+)"', page_of(campaign, query))

    assert [numbers(query) for query in ("", "?page=2", "?page=3")] == [
        ["5", "4"],
        ["3", "2"],
        ["1"],
    ]
    for query in ("?page=4", "?page=0"):
        answer = Client().get(f"{url('ledger', campaign.pk)}{query}")
        assert answer.status_code == 404
    answers = [Client().get(url("ledger_json", campaign.pk)).json()]
    while answers[-1]["next"]:
        answers.append(Client().get(answers[-1]["next"]).json())
    assert [[line["number"] for line in each["lines"]] for each in answers] == [
        [1, 2],
        [3, 4],
        [5],
    ]


def test_campaign_that_has_not_opened_has_nothing_to_tell(ready):
    soon = timezone.now() + timedelta(days=1)
    page = page_of(factories.make_campaign(opens_at=soon))
    assert "Nothing has happened yet." in page


def test_campaign_leads_to_its_ledger(campaign):
    html = Client().get(campaign.url).content.decode()
    assert f'href="{url("ledger", campaign.pk)}"' in html
    assert url("receipts", campaign.pk) not in html


def test_as_many_queries_for_few_lines_as_for_many(campaign, queries_of):
    def look(page):
        return [page_of(page), Client().get(url("ledger_json", page.pk))]

    many = factories.make_campaign(index=campaign.get_parent())
    counts = {"received": 9, "reasons": {"rights": 2}}
    write(campaign, "moderation_counts", **counts)
    write(many, "moderation_counts", reasons={"rights": 1, "other": 2, "harm": 3})
    for kind in ("paused", "resumed", "terms_changed", "seal_broken", "revealed"):
        write(many, kind, **SAID[kind][0])
    assert queries_of(lambda: look(many)) == queries_of(lambda: look(campaign))


def test_lines_can_be_followed(campaign):
    write(campaign, "paused", note="A <i>leak</i> & more.")
    feed = feedparser.parse(Client().get(url("ledger_feed", campaign.pk)).content)
    assert not feed.bozo
    assert [entry.title for entry in feed.entries] == ["Paused", "Opened"]
    assert feed.entries[0].summary == "A &lt;i&gt;leak&lt;/i&gt; &amp; more."
    assert feed.entries[0].link.endswith(f"{url('ledger', campaign.pk)}#line-2")


# Corrections


def test_editor_corrects_a_line_in_public(campaign):
    client = Client()
    client.force_login(desk.make_editor())
    path = reverse("crowdbrand_overview:correct", args=[campaign.pk])
    overview = reverse("crowdbrand_overview:campaign", args=[campaign.pk])
    for address in (path, url("ledger", campaign.pk)):
        assert f'href="{address}"' in client.get(overview).content.decode()
    answer = client.post(path, {"line": 2, "note": "No."})
    assert "The ledger has no such line." in answer.content.decode()
    answer = client.post(path, {"line": 1, "note": "It was an hour later."})
    assert answer.url == overview
    line = ledger.entries(campaign).last()
    assert (line.kind, line.facts) == (
        "correction",
        {"line": 1, "note": "It was an hour later."},
    )
    assert "It was an hour later." in page_of(campaign)
    assert ledger.check(campaign) == []


@pytest.mark.parametrize(
    ("line", "note", "code"),
    [
        (1, " ", "note_required"),
        (1, "x" * 301, "note_too_long"),
        (9, "x", "unknown_line"),
    ],
)
def test_correction_that_says_nothing_is_refused(campaign, line, note, code):
    with pytest.raises(NotAllowed) as refusal:
        operating.correct(campaign, actor=None, line=line, note=note, at=timezone.now())
    assert refusal.value.code == code


def test_who_may_not_publish_may_not_correct(campaign):
    user = User.objects.create_user("writer")
    with pytest.raises(NotAllowed) as refusal:
        operating.correct(campaign, actor=user, line=1, note="x", at=timezone.now())
    assert refusal.value.code == "not_permitted"
    assert ledger.entries(campaign).count() == 1


def test_doctor_names_ledgers_somebody_changed(campaign):
    factories.make_campaign()
    what = "ledgers somebody changed"
    assert what not in {finding.what for finding in invariants.findings()}
    LedgerEntry._base_manager.filter(campaign_page=campaign.pk).update(kind="closed")
    (found,) = [each for each in invariants.findings() if each.what == what]
    assert found.number == 1
