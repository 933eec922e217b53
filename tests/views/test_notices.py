"""Visitors tell what is wrong with something they see, without an account."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.utils import timezone
from wagtail.models import PageViewRestriction

from tests import factories
from wagtail_crowdbrand.domain import moderating, privacy, upkeep
from wagtail_crowdbrand.models import ModerationReason, Notice, Submission

pytestmark = pytest.mark.django_db

TOO_FAST = "That looked as if a machine had sent it."


@pytest.fixture(autouse=True)
def _no_hurry(settings):
    settings.WAGTAIL_CROWDBRAND = {"UNDO_SECONDS": 0, "MIN_FORM_SECONDS": 0}


@pytest.fixture
def shown(ready, commits) -> Submission:
    row = factories.make_waiting(title="On show")
    with commits():
        moderating.approve(row, actor=factories.make_moderator())
    mail.outbox.clear()
    return Submission.objects.get(pk=row.pk)


def url_of(submission: Submission) -> str:
    return f"/crowdbrand/ideas/{submission.code}/notice/"


def started(client: Client, url: str) -> str:
    page = client.get(url).content.decode()
    return re.search(r'name="started" value="([^"]+)"', page)[1]


def give(client: Client, submission: Submission, **data: str):
    url = url_of(submission)
    given = {
        "reason": "rights",
        "text": "The original is mine.",
        "good_faith": "on",
        "started": started(client, url),
    }
    return client.post(url, given | data)


def test_visitor_gives_notice_and_is_told(shown, client, commits):
    with commits():
        response = give(client, shown, name="Gil", email="gil@example.org")
    assert (response.status_code, response.url) == (302, f"{url_of(shown)}sent/")
    page = client.get(response.url).content.decode()
    assert "Thank you for telling us" in page
    assert shown.page.url in page
    notice = Notice.objects.get()
    assert (notice.submission, notice.reason_code) == (shown, "rights")
    assert (notice.text, notice.name) == ("The original is mine.", "Gil")
    assert (notice.email, notice.language) == ("gil@example.org", "en")
    assert [sent.to for sent in mail.outbox] == [["gil@example.org"]]
    assert Submission.objects.get().open_notices == 1


def test_page_names_the_idea_and_the_reasons_for_visitors(shown, client):
    reason = ModerationReason.objects.get(code="rights")
    reason.wordings.create(language="de", label="Fremdes Werk")
    reason.save()
    german = client.get(url_of(shown), headers={"accept-language": "de"})
    page = german.content.decode()
    assert "On show" in page
    assert shown.code in page
    assert "Fremdes Werk" in page
    assert "Does not answer the brief" not in page
    assert german["Cache-Control"].startswith("max-age=0, no-cache")
    assert german["X-Robots-Tag"] == "noindex"


def test_hidden_and_unknown_are_the_same_404(shown, client, commits):
    waiting = factories.make_waiting(title="SECRET")
    with commits():
        moderating.hide(shown, actor=None, reason="x")
    answers = []
    for code in (shown.code, waiting.code, "2222-2222", "nonsense", "%00"):
        path = f"/crowdbrand/ideas/{code}/notice/"
        got, posted = client.get(path), client.post(path, {"text": "x"})
        assert (got.status_code, posted.status_code) == (404, 404)
        answers.append(got.content)
    assert len(set(answers)) == 1
    thanks = [
        client.get(f"/crowdbrand/ideas/{code}/notice/sent/")
        for code in (shown.code, waiting.code, "2222-2222")
    ]
    assert {answer.status_code for answer in thanks} == {200}
    assert len({answer.content for answer in thanks}) == 1
    assert Notice.objects.count() == 0


def test_page_restrictions_hold(shown, client):
    restriction = PageViewRestriction.objects.create(
        page=shown.campaign_page, restriction_type="password", password="open"
    )
    assert client.get(url_of(shown)).status_code == 404
    assert b"On show" not in client.get(f"{url_of(shown)}sent/").content
    session = client.session
    session["passed_page_view_restrictions"] = [restriction.pk]
    session.save()
    assert client.get(url_of(shown)).status_code == 200


def test_double_click_is_one_notice(shown, client):
    data = {"email": "gil@example.org"}
    first, second = give(client, shown, **data), give(client, shown, **data)
    assert first.url == second.url
    assert Notice.objects.count() == 1


def test_second_notice_by_the_same_person_is_refused_and_kept(shown, client):
    give(client, shown, email="gil@example.org")
    response = give(client, shown, email="GIL@example.org", text="And it is rude.")
    assert response.status_code == 403
    assert "You have told us about this idea before." in response.content.decode()
    assert "And it is rude." in response.content.decode()
    assert Notice.objects.count() == 1


def test_two_browsers_behind_one_address_are_two_people(shown):
    for number in range(2):
        client = Client()
        assert give(client, shown, text=f"Notice {number}").status_code == 302
        assert give(client, shown, text="Once more").status_code == 403
    assert Notice.objects.count() == 2


def test_account_is_one_person_whatever_it_types(shown, client):
    client.force_login(User.objects.create_user("gil", email="gil@example.org"))
    assert 'value="gil@example.org"' in client.get(url_of(shown)).content.decode()
    assert give(client, shown, email="a@example.org").status_code == 302
    assert give(client, shown, email="b@example.org", text="x").status_code == 403


def test_one_address_gives_three_about_one_idea_a_day(shown):
    answers = [
        give(Client(), shown, email=f"{number}@example.org") for number in range(4)
    ]
    assert [answer.status_code for answer in answers] == [302, 302, 302, 429]
    assert "The original is mine." in answers[3].content.decode()
    assert Notice.objects.count() == 3


def test_rate_limit_over_all_ideas(shown, client, settings):
    settings.WAGTAIL_CROWDBRAND |= {"RATE_LIMITS": {"notice": "1/h"}}
    assert give(client, shown).status_code == 302
    response = give(client, shown, email="b@example.org", text="Kept words")
    assert response.status_code == 429
    assert "Kept words" in response.content.decode()


BAD = {
    "nothing": ({"reason": "", "text": "", "good_faith": ""}, "This field is required"),
    "no reason": ({"reason": ""}, "Please choose one of the reasons."),
    "no good faith": ({"good_faith": ""}, "Please confirm that what you say is true."),
    "unknown reason": ({"reason": "off_topic"}, "not one of the available choices"),
    "control": ({"text": "a\x00b"}, "invisible control characters"),
    "bidi": ({"name": "a\u202eb"}, "invisible control characters"),
    "too long": ({"text": "x" * 3001}, "at most 3000 characters"),
    "long name": ({"name": "x" * 121}, "at most 120 characters"),
    "bad address": ({"email": "gil@"}, "valid email address"),
    "header": ({"email": "gil@example.org\nBcc: a@b.example"}, "valid email address"),
    "trap": ({"website": "http://spam.example"}, TOO_FAST),
    "forged time": ({"started": "1:forged"}, TOO_FAST),
    "no time": ({"started": ""}, TOO_FAST),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_named_and_nothing_is_lost(case, shown, client):
    data, message = BAD[case]
    kept = {"name": "Kept Name", "text": "Kept <b>text</b>"} | data
    response = give(client, shown, **kept)
    page = response.content.decode()
    assert response.status_code == 200
    assert message in page
    assert 'role="alert"' in page
    if "name" not in data:
        assert 'value="Kept Name"' in page
    if "text" not in data:
        assert "Kept &lt;b&gt;text&lt;/b&gt;" in page
    assert Notice.objects.count() == 0


def test_haste_is_refused_once_and_the_same_form_taken_later(shown, client, settings):
    settings.WAGTAIL_CROWDBRAND |= {"MIN_FORM_SECONDS": 3}
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        first = give(client, shown)
        token = re.search(rb'name="started" value="([^"]+)"', first.content)[1]
    assert TOO_FAST in first.content.decode()
    with time_machine.travel(now + timedelta(seconds=9), tick=False):
        assert give(client, shown, started=token.decode()).status_code == 302


def test_form_left_open_for_a_day_is_sent_twice(shown, client):
    old = started(client, url_of(shown))
    with time_machine.travel(timezone.now() + timedelta(days=2), tick=True):
        response = give(client, shown, started=old)
        assert TOO_FAST in response.content.decode()
        fresh = re.search(rb'name="started" value="([^"]+)"', response.content)[1]
        assert fresh.decode() != old
        assert give(client, shown, started=fresh.decode()).status_code == 302


def test_form_without_its_csrf_token_is_refused(shown):
    client = Client(enforce_csrf_checks=True)
    assert give(client, shown).status_code == 403
    assert Notice.objects.count() == 0


def test_html_is_text(shown, client, commits):
    with commits():
        give(client, shown, text="<script>alert(1)</script>", email="g@example.org")
    (sent,) = mail.outbox
    assert "script" not in f"{sent.body}{sent.alternatives[0].content}"


def test_queries_do_not_grow(shown, client, queries_of):
    def look():
        assert client.get(url_of(shown)).status_code == 200

    few = queries_of(look)
    for number in range(5):
        ModerationReason.objects.create(
            code=f"r{number}", label=f"R{number}", for_notices=True
        )
        Notice.objects.create(
            submission=shown,
            reason_code="rights",
            person_key=str(number),
            created_at=timezone.now(),
        )
    assert queries_of(look) == few


def test_names_of_givers_are_forgotten(shown, client):
    give(client, shown, name="GIVER-NAME", email="giver@example.org")
    notice = Notice.objects.get()
    notice.outcome, notice.decided_at = "dismissed", timezone.now()
    notice.save()
    assert upkeep.forget_notice_givers(at=timezone.now() + timedelta(days=182)) == 0
    assert upkeep.forget_notice_givers(at=timezone.now() + timedelta(days=184)) == 1
    notice.refresh_from_db()
    assert (notice.name, notice.email) == ("", "")


def test_erasing_the_contributor_empties_what_was_said_of_them(shown, client):
    give(client, shown, text="MARKER did it")
    Notice.objects.update(answer="MARKER did not")
    privacy.erase(shown, at=timezone.now())
    notice = Notice.objects.get()
    assert (notice.text, notice.answer) == ("", "")
