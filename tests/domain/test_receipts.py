"""Seal receipts: given, replaced, published among others, forgotten."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from zipfile import ZipFile

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core import mail
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import factories
from wagtail_crowdbrand.domain import (
    canonical,
    drafting,
    ledger,
    moderating,
    operating,
    privacy,
    receipts,
    submitting,
    terms,
)
from wagtail_crowdbrand.domain.receipts import Verdict
from wagtail_crowdbrand.models import Message, SealList, SealReceipt, Submission

pytestmark = pytest.mark.django_db

NOW = datetime(2031, 5, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)
#: After the deadline and the time for confirming.
AFTER = NOW + 8 * DAY


@pytest.fixture(autouse=True)
def _in_may():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def brief(ready):
    return factories.make_brief(
        factories.make_campaign(
            visibility_mode="sealed",
            opens_at=NOW - DAY,
            closes_at=NOW + 5 * DAY,
            reveals_at=NOW + 9 * DAY,
            decision_due_at=NOW + 20 * DAY,
        )
    )


def tick(at):
    with time_machine.travel(at, tick=False):
        call_command("crowdbrand_tick")


def edit(row, at=NOW, **words):
    row = Submission.objects.select_related("personal").get(pk=row.pk)
    newest = row.get_latest_revision_as_object()
    old = {name: getattr(newest, name) for name in ("title", "summary", "images")}
    idea = drafting.Idea(**old | words)
    person = drafting.Person(credit_name="Ada Example")
    return submitting.edit(row, idea=idea, person=person, at=at)


def newest_list(campaign):
    return receipts.lists_of(campaign).defer(None).first()


def test_receipt_is_given_when_the_address_is_confirmed(brief, commits):
    with commits():
        sent = factories.make_sent(
            brief, title="A lamp\u2028", link="https://a.example"
        )
    assert SealReceipt.objects.count() == 0
    mail.outbox.clear()
    with commits():
        row = submitting.confirm(sent, at=NOW + timedelta(minutes=9))
    given = receipts.current(row)
    upload = row.uploads.get()
    assert given.receipt.pop("salt") != ""
    assert given.receipt == {
        "format": "crowdbrand-receipt-1",
        "campaign": row.campaign_page_id,
        "brief": brief.pk,
        "code": row.code,
        "sent_at": "2031-05-10T12:00:00.000000Z",
        "at": "2031-05-10T12:09:00.000000Z",
        "title": "A lamp\u2028",
        "summary": "It glows at night.",
        "link": "https://a.example",
        "answers": [],
        "pictures": [{"sha256": upload.sha256, "alt": "A blue field"}],
    }
    file = upload.file.open("rb")
    assert hashlib.sha256(file.read()).hexdigest() == upload.sha256
    file.close()


def test_mail_brings_the_receipt_and_all_that_proves_it(brief, commits):
    with commits():
        row = factories.make_confirmed(brief)
    given = receipts.current(row)
    letter = next(each for each in mail.outbox if "We have your idea" in each.subject)
    for part in (letter.body, letter.alternatives[0].content):
        assert given.digest in part
        assert given.receipt["salt"] in part
    ((name, text, mimetype),) = letter.attachments
    assert (name, mimetype) == (f"receipt-{row.code}.json", "application/json")
    file = json.loads(text)
    assert file == receipts.as_file(given)
    assert canonical.digest_of(file["receipt"]) == given.digest


def test_account_gets_it_with_sending(brief):
    user = User.objects.create_user("ada", "ada@example.org")
    draft = factories.make_draft(brief)
    number = terms.current_version(brief.campaign, at=NOW).number
    row = submitting.submit(draft, user=user, terms_number=number, at=NOW)
    assert receipts.current(row).receipt["at"] == "2031-05-10T12:00:00.000000Z"


def test_only_public_answers_are_part_of_it(brief):
    answers = [
        {
            "field": name,
            "label": f"{name}?",
            "kind": "short_text",
            "visibility": name,
            "value": value,
        }
        for name, value in (("public", "Yes"), ("jury", "SECRET"), ("staff", "SECRET"))
    ]
    row = factories.make_confirmed(brief, answers=answers)
    given = receipts.current(row).receipt
    assert given["answers"] == [{"question": "public?", "answer": "Yes"}]
    assert "SECRET" not in json.dumps(given)


def test_open_campaign_gives_none(ready, commits):
    with commits():
        row = factories.make_confirmed()
    assert receipts.current(row) is None
    letter = next(each for each in mail.outbox if "We have your idea" in each.subject)
    assert letter.attachments == []
    assert "receipt" not in letter.body


def test_edit_replaces_it(brief, commits):
    row = factories.make_waiting(brief, title="First")
    first = receipts.current(row)
    mail.outbox.clear()
    with commits():
        edit(row, at=NOW + DAY, title="Second")
    second = receipts.current(row)
    assert second.receipt["title"] == "Second"
    assert second.receipt["salt"] != first.receipt["salt"]
    (letter,) = mail.outbox
    assert second.digest in letter.body
    assert first.digest not in letter.body
    (earlier,) = receipts.as_file(second)["earlier"]
    assert earlier == {"receipt": first.receipt, "digest": first.digest}


def test_edit_that_changes_nothing_public_gives_no_new_one(brief):
    row = factories.make_waiting(brief)
    Message.objects.all().delete()
    edit(row, third_party="A font.")
    assert SealReceipt.objects.count() == 1
    assert not Message.objects.filter(kind="receipt_again").exists()


def test_edit_before_the_address_is_confirmed_gives_none(brief):
    sent = factories.make_sent(brief)
    edit(sent, title="Second")
    assert SealReceipt.objects.count() == 0
    row = submitting.confirm(sent, at=NOW)
    assert receipts.current(row).receipt["title"] == "Second"


def test_list_is_published_after_the_last_confirmation_and_once(brief):
    rows = [factories.make_confirmed(brief) for _number in range(3)]
    replaced = receipts.current(rows[0]).digest
    edit(rows[0], title="Second")
    factories.make_sent(brief)
    tick(NOW + 7 * DAY)  # closed, but within the 48 hours for confirming
    assert SealList.objects.count() == 0
    tick(AFTER)
    tick(AFTER + DAY)
    made = SealList.objects.get()
    lines = made.lines.split("\n")
    assert lines.pop() == ""
    assert (len(lines), len(set(lines))) == (256, 256)
    assert lines == sorted(lines)
    assert all(receipts.DIGEST.fullmatch(line) for line in lines)
    assert {receipts.current(row).digest for row in rows} <= set(lines)
    assert replaced not in lines
    assert made.digest == hashlib.sha256(made.lines.encode()).hexdigest()
    line = ledger.entries(brief.campaign).get(kind="receipts_published")
    assert line.facts == {"list": 1, "lines": 256, "digest": made.digest}
    assert line.at == AFTER


def test_list_says_nothing_of_how_many_there_are(brief):
    """None, one or three: as many lines, and none of them repeats."""
    assert len(receipts.padded([])) == 256
    assert len(receipts.padded(["a"])) == 256
    many = {f"{number:064x}" for number in range(256)}
    assert receipts.padded(many) == sorted(many)
    assert len(receipts.padded(many | {"f" * 64})) == 512
    tick(AFTER)
    assert newest_list(brief.campaign).lines.count("\n") == 256


def test_refused_withdrawn_and_erased_ideas_have_their_lines(brief):
    rejected, withdrawn, erased = (factories.make_waiting(brief) for _ in range(3))
    digests = [receipts.current(row).digest for row in (rejected, withdrawn, erased)]
    with time_machine.travel(NOW + 6 * DAY, tick=False):
        moderating.reject(rejected, actor=None, reason="No.", reason_code="rights")
    submitting.withdraw(withdrawn, at=NOW)
    privacy.erase(erased, at=NOW)
    tick(AFTER)
    assert set(digests) <= set(newest_list(brief.campaign).lines.split())


def test_erasure_leaves_the_digest_and_nothing_else(brief):
    row = factories.make_waiting(brief, title="SECRET")
    edit(row, title="SECRET too")
    digests = set(SealReceipt.objects.values_list("digest", flat=True))
    privacy.erase(Submission.objects.get(pk=row.pk), at=NOW)
    assert set(SealReceipt.objects.values_list("digest", flat=True)) == digests
    assert set(SealReceipt.objects.values_list("submission", flat=True)) == {None}
    assert [given.receipt for given in SealReceipt.objects.all()] == [{}, {}]


def test_receipts_are_in_the_copy_of_ones_data(brief, tmp_path):
    row = factories.make_waiting(brief)
    with (tmp_path / "copy.zip").open("w+b") as file:
        privacy.write_archive(file, row, at=NOW)
        data = json.loads(ZipFile(file).read("data.json"))
    (given,) = data["submissions"][0]["receipts"]
    assert given["digest"] == receipts.current(row).digest
    assert given["receipt"] == receipts.current(row).receipt


def test_list_comes_before_an_early_reveal_and_again_afterwards(brief):
    campaign = brief.campaign
    early = factories.make_confirmed(brief)
    late = factories.make_sent(brief)
    with time_machine.travel(NOW + 6 * DAY, tick=False):
        first = receipts.publish_list(campaign, at=NOW + 6 * DAY, early=True)
        again = receipts.publish_list(campaign, at=NOW + 6 * DAY, early=True)
        assert again == first
        late = submitting.confirm(late, at=NOW + 6 * DAY)
    tick(AFTER)
    second = newest_list(campaign)
    assert (first.number, second.number) == (1, 2)
    assert receipts.current(early).digest in first.lines.split()
    assert set(first.lines.split()) < set(second.lines.split())
    assert receipts.current(late).digest in second.lines.split()
    assert second.lines.count("\n") == 512


def test_campaign_that_was_opened_again_publishes_again(brief):
    tick(AFTER)
    campaign = type(brief.campaign).objects.get(pk=brief.campaign.pk)
    extension = operating.Extension(
        closes_at=AFTER + 3 * DAY, decision_due_at=AFTER + 20 * DAY, note="Fog."
    )
    with time_machine.travel(AFTER, tick=False):
        operating.extend(campaign, actor=None, extension=extension, at=AFTER)
        row = factories.make_confirmed(type(brief).objects.get(pk=brief.pk))
    tick(AFTER + DAY)
    assert SealList.objects.count() == 1
    tick(AFTER + 6 * DAY)
    assert receipts.current(row).digest in newest_list(campaign).lines.split()
    kinds = ledger.entries(campaign).values_list("kind", flat=True)
    assert list(kinds).count("receipts_published") == 2


def test_what_was_sent_before_the_sealing_gets_its_receipt(ready):
    campaign = factories.make_campaign(opens_at=NOW - DAY, closes_at=NOW + 5 * DAY)
    row = factories.make_confirmed(factories.make_brief(campaign))
    # Its page keeps its promises; a database that was sealed by hand does not.
    sealed = {"visibility_mode": "sealed", "reveals_at": NOW + 9 * DAY}
    type(campaign).objects.filter(pk=campaign.pk).update(**sealed)
    tick(NOW)
    assert receipts.current(row).receipt["title"] == row.title


def test_check_of_a_receipt(brief):
    row = factories.make_waiting(brief, title="First")
    file = receipts.as_file(receipts.current(row))
    assert receipts.check(file) == Verdict.NOT_PUBLISHED
    edit(row, title="Second")
    tick(AFTER)
    newest = receipts.as_file(receipts.current(row))
    assert receipts.check(newest) == Verdict.VALID
    assert receipts.check(newest["receipt"]) == Verdict.VALID
    assert receipts.check(file) == Verdict.NOT_LISTED
    filler = newest_list(brief.campaign).lines.split()[0]
    assert receipts.check(newest | {"digest": filler}) == Verdict.ALTERED


@pytest.mark.parametrize(
    "given",
    [
        None,
        [],
        "a",
        3,
        {},
        {"receipt": {}},
        {"receipt": 1.5},
        {"receipt": {"é": 1}},
        {"receipt": {"campaign": 2**40}},
        {"receipt": {"campaign": "7"}},
        {"receipt": {"campaign": [7]}},
        {"digest": {}},
    ],
)
def test_what_is_no_receipt_is_not_valid(brief, given):
    tick(AFTER)
    assert receipts.check(given) in {Verdict.ALTERED, Verdict.NOT_LISTED}


def test_command_checks_receipts_lists_and_ledger(brief, tmp_path, capsys):
    row = factories.make_waiting(brief)
    tick(AFTER)
    campaign = brief.campaign
    file = receipts.as_file(receipts.current(row))
    path = tmp_path / "receipt.json"
    path.write_text(json.dumps(file), encoding="utf-8-sig")
    call_command("crowdbrand_verify", str(path))
    assert capsys.readouterr().out.endswith("valid\n")
    file["receipt"]["title"] = "Another"
    path.write_text(json.dumps(file))
    with pytest.raises(CommandError, match="altered"):
        call_command("crowdbrand_verify", str(path))
    path.write_text("{")
    with pytest.raises(CommandError, match="no receipt"):
        call_command("crowdbrand_verify", str(path))
    call_command("crowdbrand_verify", campaign.slug)
    digest = ledger.digest_of(campaign)
    quoted = f"{ledger.entries(campaign).count()}:{digest}"
    assert f"All is well: {quoted.split(':')[0]} lines, {quoted}" in (
        capsys.readouterr().out
    )
    call_command("crowdbrand_verify", str(campaign.pk), digest=quoted)
    with pytest.raises(CommandError, match="1 problems"):
        call_command("crowdbrand_verify", str(campaign.pk), digest=f"2:{digest}")
    SealList.objects.update(lines="0" * 64 + "\n")
    call_command("crowdbrand_verify", str(campaign.pk), ledger=True)
    capsys.readouterr()
    with pytest.raises(CommandError, match="2 problems"):
        call_command("crowdbrand_verify", str(campaign.pk))
    assert "List 1 of seal receipts was changed." in capsys.readouterr().out
    with pytest.raises(CommandError, match="0 campaigns"):
        call_command("crowdbrand_verify", "nowhere")


def test_list_takes_as_many_queries_for_one_as_for_three(brief):
    numbers = []
    for count in (1, 3):
        for _number in range(count):
            factories.make_confirmed(brief)
        with CaptureQueriesContext(connection) as queries:
            receipts.publish_list(brief.campaign, at=timezone.now(), early=True)
        numbers.append(len(queries))
        SealList.objects.all().delete()
    assert numbers[0] == numbers[1]
