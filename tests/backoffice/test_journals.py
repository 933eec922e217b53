"""Journals and reports: who reads what, and what a spreadsheet may hold."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from openpyxl import load_workbook

import wagtail_crowdbrand
from tests import factories
from wagtail_crowdbrand import letters
from wagtail_crowdbrand.backoffice.exports import safe
from wagtail_crowdbrand.domain import moderating, reporting
from wagtail_crowdbrand.models import Decision, Message, ModerationReason, mailtexts

pytestmark = pytest.mark.django_db

JOURNALS = ["decisions", "consents", "messages"]
REPORTS = ["times", "reasons", "backlog"]
NASTY = "=HYPERLINK(\x07)"


def journal(name: str) -> str:
    return reverse(f"crowdbrand_journals_{name}_modeladmin_index")


def report(name: str) -> str:
    return reverse(f"crowdbrand_reports:{name}")


@pytest.fixture
def moderator(ready, client):
    user = factories.make_moderator()
    client.force_login(user)
    return user


@pytest.fixture
def decided(moderator):
    row = factories.make_waiting(pictures_count=0)
    return moderating.reject(
        row, actor=moderator, reason=NASTY, reason_code="off_topic"
    )


def text(client, url: str, **query) -> str:
    response = client.get(url, query)
    assert response.status_code == 200
    return response.getvalue().decode()


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("plain", "plain"),
        ("=1+1", "'=1+1"),
        ("+49 30", "'+49 30"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        (" =1", "' =1"),
        ("\x00=1\x1b", "'=1"),
        ("a\x07b", "ab"),
        ("a = b", "a = b"),
        (-1, -1),
        (None, ""),
    ],
)
def test_cells_run_nothing(value, shown):
    assert safe(value) == shown


def test_exports_survive_formulas_and_control_characters(client, decided):
    rows = list(csv.reader(StringIO(text(client, journal("decisions"), export="csv"))))
    assert "'=HYPERLINK()" in rows[1]

    content = client.get(journal("decisions"), {"export": "xlsx"}).getvalue()
    sheet = load_workbook(BytesIO(content)).active
    cells = {cell.value: cell.data_type for cell in sheet[2]}
    assert cells["'=HYPERLINK()"] == "s"


@pytest.mark.parametrize("name", REPORTS)
def test_report_exports_survive_a_campaign_named_like_a_formula(
    client, moderator, name
):
    campaign = factories.make_campaign(title="=1+1")
    ModerationReason.objects.filter(code="off_topic").update(label="=1+1")
    brief = factories.make_brief(campaign)
    factories.make_waiting(brief, pictures_count=0)
    row = factories.make_waiting(brief, pictures_count=0)
    moderating.reject(row, actor=None, reason="No.", reason_code="off_topic")
    lines = list(csv.reader(StringIO(text(client, report(name), export="csv"))))
    assert "'=1+1" in lines[1]
    assert load_workbook(
        BytesIO(client.get(report(name), {"export": "xlsx"}).getvalue())
    ).active[2]


@pytest.mark.parametrize("name", JOURNALS)
def test_journals_show_find_and_cost_the_same(client, decided, name, queries_of):
    def look():
        assert decided.code in text(client, journal(name))

    one = queries_of(look)
    for _number in range(2):
        row = factories.make_waiting(pictures_count=0)
        moderating.reject(row, actor=decided.decisions.get().actor, reason="No.")
    assert queries_of(look) == one
    assert row.code in text(client, journal(name))
    assert row.code not in text(client, journal(name), q=decided.code)
    assert decided.code in text(client, journal(name), q=decided.code.lower())


@pytest.mark.parametrize("name", JOURNALS)
def test_journals_take_no_lookup_from_the_url(client, decided, name):
    """modeladmin's own list would answer questions about addresses."""
    lookups = {
        "submission__contributor__email__startswith": "zzz",
        "contributor__email__startswith": "zzz",
        "error__startswith": "zzz",
        "o": "9.x",
        "p": "nonsense",
    }
    assert decided.code in text(client, journal(name), **lookups)


def test_messages_tell_neither_links_nor_addresses(client, moderator, decided):
    message = Message.objects.filter(kind="reject").get()
    message.error = "SMTPRecipientsRefused({'ada@example.org': (550, b'no')})"
    message.save()
    content = text(client, journal("messages"))
    assert "SMTPRecipientsRefused" in content
    assert "ada@example.org" not in content
    assert "ada@example.org" not in text(client, journal("messages"), export="csv")
    assert decided.nonce not in content

    moderator.user_permissions.add(Permission.objects.get(codename="view_contact"))
    assert "ada@example.org" in text(client, journal("messages"))


def test_journals_have_no_other_doors(client, decided):
    for name in JOURNALS:
        for door in ("create/", "edit/1/", "delete/1/", "inspect/1/", "history/1/"):
            assert client.get(f"{journal(name)}{door}").status_code == 404


def decide_after(hours: float, brief, *, now) -> None:
    with time_machine.travel(now - timedelta(hours=hours), tick=False):
        row = factories.make_waiting(brief, pictures_count=0)
    with time_machine.travel(now, tick=False):
        moderating.reject(row, actor=None, reason="No.", reason_code="off_topic")


def test_times_are_of_first_decisions(ready):
    brief = factories.make_brief()
    now = timezone.now()
    for hours in (1, 2, 3, 4, 11):
        decide_after(hours, brief, now=now)
    row = Decision.objects.first().submission
    Decision.objects.create(  # a second one says nothing about waiting
        submission=row, action="hide", decided_at=now + timedelta(days=3), text="x"
    )
    (week,) = reporting.moderation_times(Decision.objects.all())
    assert (week.campaign, week.number) == (brief.campaign.title, 5)
    assert week.week == reporting.week_of(now)
    # Between the fourth and the fifth value: 4 + 0.6 · 7 (interpolated, inclusive).
    assert (week.median_hours, week.ninetieth_hours) == (3.0, 8.2)


def test_campaigns_of_one_name_have_times_of_their_own(ready):
    now = timezone.now()
    for hours in (1, 3):
        brief = factories.make_brief(factories.make_campaign(title="Night boat"))
        decide_after(hours, brief, now=now)
    rows = reporting.moderation_times(Decision.objects.all())
    assert [(row.campaign, row.median_hours) for row in rows] == [
        ("Night boat", 1.0),
        ("Night boat", 3.0),
    ]


def test_reasons_are_counted_per_decision(ready):
    brief, now = factories.make_brief(), timezone.now()
    for _number in range(2):
        decide_after(1, brief, now=now)
    row = factories.make_waiting(brief, pictures_count=0)
    moderating.mark_as_spam(row, actor=None, reason="Ads.", reason_code="advertising")
    counted = reporting.reasons_given(Decision.objects.all())
    assert [(row.code, row.number) for row in counted] == [
        ("off_topic", 2),
        ("advertising", 1),
    ]


def test_reasons_are_counted_in_the_language_of_who_reads(ready):
    decide_after(1, factories.make_brief(), now=timezone.now())
    reason = ModerationReason.objects.get(code="off_topic")
    words = {"label": "Thema verfehlt"}
    reason.wordings.model.objects.update_or_create(
        reason=reason, language="de", defaults=words
    )
    with override("de"):
        (counted,) = reporting.reasons_given(Decision.objects.all())
    assert counted.reason == "Thema verfehlt"


def test_backlog_names_the_oldest(ready):
    user, now = factories.make_moderator(), timezone.now()
    opened = factories.make_campaign(opens_at=now - timedelta(days=9))
    brief = factories.make_brief(opened)
    with time_machine.travel(now - timedelta(days=3), tick=False):
        first = factories.make_waiting(brief, pictures_count=0)
    factories.make_waiting(brief, pictures_count=0)
    (waiting,) = reporting.backlog(user)
    assert (waiting.number, waiting.oldest) == (2, first.submitted_at)


@pytest.mark.parametrize("name", REPORTS)
def test_reports_take_as_many_queries_for_three_as_for_one(
    client, moderator, name, queries_of
):
    def one_more() -> None:
        brief = factories.make_brief()
        factories.make_waiting(brief, pictures_count=0)
        row = factories.make_waiting(brief, pictures_count=0)
        moderating.reject(row, actor=None, reason="No.")

    one_more()
    one = queries_of(lambda: text(client, report(name)))
    one_more()
    one_more()
    assert queries_of(lambda: text(client, report(name))) == one


def test_reports_can_be_limited_to_a_campaign_and_dates(client, moderator, decided):
    other = factories.make_campaign(title="Elsewhere")
    assert decided.campaign.title in text(client, report("times"))
    found = client.get(report("times"), {"campaign": other.pk})
    assert found.context["object_list"] == []
    early = {"decided_at_from": "2001-01-01", "decided_at_to": "2001-12-31"}
    assert client.get(report("times"), early).context["object_list"] == []


def test_home_says_what_waits_and_nothing_to_others(client, moderator):
    home = reverse("wagtailadmin_home")
    assert "Waiting for you" not in text(client, home)
    with time_machine.travel(timezone.now() - timedelta(days=3)):
        factories.make_waiting(pictures_count=0)
    factories.make_waiting(pictures_count=0)
    content = text(client, home)
    assert "Waiting for you: 2 ideas, the oldest 3\xa0days" in content
    assert "2</span> open campaigns" in content

    client.force_login(factories.make_moderator(factories.make_workflow()))
    content = text(client, home)
    assert "Waiting for you" not in content
    client.force_login(factories.User.objects.create_superuser("boss"))
    assert "Waiting for you: 2 ideas" in text(client, home)


def test_menus_offer_it_to_moderators_only(client, moderator):
    words = [journal("decisions"), report("times"), "/crowdbrand/contributors/"]
    content = text(client, reverse("wagtailadmin_home"))
    assert [word for word in words if word in content] == words

    editor = factories.User.objects.create_user("editor")
    editor.groups.add(factories.Group.objects.get(name="Moderators"))
    client.force_login(editor)
    content = text(client, reverse("wagtailadmin_home"))
    assert [word for word in words if word in content] == []


def test_every_mail_there_is_has_a_name():
    folder = Path(wagtail_crowdbrand.__file__).parent / "templates" / letters.FOLDER
    kinds = {path.name[: -len("_subject.txt")] for path in folder.glob("*_subject.txt")}
    assert kinds == {*dict(mailtexts.MAIL_KINDS), *mailtexts.OTHER_KINDS}
    assert mailtexts.label_of("of_a_site") == "of_a_site"


def test_lists_show_names_and_files_hold_codes(decided, client):
    ModerationReason.objects.filter(code="off_topic").update(label="Beside the point")
    decisions, messages = journal("decisions"), journal("messages")
    assert "Beside the point" in text(client, decisions)
    assert "off_topic" in text(client, decisions, export="csv")
    assert ">Rejected<" in text(client, messages)
    assert ",reject," in text(client, messages, export="csv")
