"""Receipts in public: the list, the check, and a stranger who has only the docs."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from wagtail.models import PageViewRestriction

from tests import factories
from tests.strangers import SITE, online
from wagtail_crowdbrand.domain import (
    canonical,
    ledger,
    moderating,
    privacy,
    publishing,
    receipts,
    submitting,
)
from wagtail_crowdbrand.models import (
    LedgerEntry,
    LedgerHead,
    SealList,
    SealReceipt,
    Submission,
)
from wagtail_crowdbrand.views.keys import SESSION_KEY

pytestmark = pytest.mark.django_db

DOCS = Path(__file__).resolve().parents[2] / "docs/explanation/sealed-calls.md"
NOW = datetime(2031, 5, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)
AFTER = NOW + 8 * DAY


@pytest.fixture
def brief(ready, own_folders):
    """Sealed, open in May 2031."""
    with time_machine.travel(NOW, tick=False):
        yield factories.make_brief(
            factories.make_campaign(
                visibility_mode="sealed",
                opens_at=NOW - DAY,
                closes_at=NOW + 5 * DAY,
                reveals_at=NOW + 9 * DAY,
                decision_due_at=NOW + 20 * DAY,
            )
        )


def reveal(campaign, at):
    """Everything approved becomes visible."""
    type(campaign).objects.filter(pk=campaign.pk).update(revealed_at=at)
    for row in Submission.objects.filter(campaign_page=campaign.pk, live=True):
        publishing.publish(row, at=at)


@pytest.fixture
def revealed(brief, commits):
    """Two ideas on show; one rejected, one withdrawn, one erased, one hidden since."""
    campaign = brief.campaign
    rows = {
        name: factories.make_confirmed(brief, title=name, pictures_count=1)
        for name in ("first", "second", "rejected", "withdrawn", "erased", "hidden")
    }
    submitting.withdraw(rows["withdrawn"], at=NOW)
    with time_machine.travel(AFTER, tick=False):
        call_command("crowdbrand_tick")  # the list, and the reviews
        privacy.erase(rows["erased"], at=AFTER)
        reason = {"reason": "No.", "reason_code": "rights"}
        moderating.reject(rows["rejected"], actor=None, **reason)
        for name in ("first", "second", "hidden"):
            moderating.approve(rows[name], actor=None)
    with time_machine.travel(NOW + 9 * DAY, tick=False), commits():
        reveal(campaign, NOW + 9 * DAY)
        moderating.hide(rows["hidden"], actor=None, reason="No.")
    with time_machine.travel(NOW + 10 * DAY, tick=False):
        yield rows


def address(campaign) -> str:
    return f"{SITE}/crowdbrand/campaigns/{campaign.pk}"


def url(name, *args) -> str:
    return reverse(f"wagtail_crowdbrand:{name}", args=args)


def of_the_docs() -> dict:
    """What the one block of Python in the docs defines."""
    (block,) = re.findall(r"```python\n(.*?)```", DOCS.read_text(), flags=re.DOTALL)
    names: dict = {}
    exec(compile(block, str(DOCS), "exec"), names)  # noqa: S102 - it is our own text
    return names


def verify(campaign) -> None:
    with online():
        of_the_docs()["verify"](address(campaign))


def rewrite(receipt: SealReceipt, **values) -> SealReceipt:
    """As an organiser would who changes an idea and everything that tells of it."""
    receipt.receipt |= values
    receipt.digest = canonical.digest_of(receipt.receipt)
    receipt.save()
    return receipt


def test_stranger_accepts_what_is_true(revealed):
    verify(revealed["first"].campaign)


def test_stranger_checks_a_receipt_of_ones_own(revealed):
    """“A receipt of your own is checked by …”: of one that was never shown."""
    row = revealed["rejected"]
    file = receipts.as_file(receipts.current(row))
    listed = Client().get(url("receipts_list", row.campaign_page_id)).content
    digest = of_the_docs()["digest"]
    assert digest(file["receipt"]) == file["digest"]
    assert digest(file["receipt"]) in listed.decode().split()
    for name, value in file["receipt"].items():
        changed = {**file["receipt"], name: f"{value} "}
        assert digest(changed) not in listed.decode().split(), name


@pytest.mark.parametrize("name", ["title", "summary", "code", "at", "salt", "link"])
def test_stranger_refuses_a_receipt_that_was_changed(revealed, name):
    receipt = receipts.current(revealed["first"])
    receipt.receipt[name] = f"{receipt.receipt[name]}x"
    if name in ("title", "summary", "link"):
        # Told everywhere alike, so that only the list knows better.
        value = receipt.receipt[name]
        Submission.objects.filter(pk=receipt.submission_id).update(**{name: value})
    rewrite(receipt)
    with pytest.raises(AssertionError, match="is new"):
        verify(revealed["first"].campaign)


def test_stranger_refuses_an_idea_that_was_added(revealed):
    one = receipts.current(revealed["first"])
    mine = dict(one.receipt)
    one.delete()
    SealReceipt.objects.create(
        submission=revealed["first"],
        campaign_page_id=revealed["first"].campaign_page_id,
        receipt=mine | {"salt": "0" * 64},
        digest=canonical.digest_of(mine | {"salt": "0" * 64}),
        made_at=NOW,
    )
    with pytest.raises(AssertionError, match="is new"):
        verify(revealed["first"].campaign)


def test_stranger_refuses_a_picture_that_was_replaced(revealed):
    image = revealed["first"].uploads.get().image
    storage = image.file.storage
    storage.delete(image.file.name)
    another = SimpleUploadedFile("x.png", factories.picture_bytes((50, 50)))
    assert storage.save(image.file.name, another) == image.file.name
    with pytest.raises(AssertionError, match="a picture of .* is new"):
        verify(revealed["first"].campaign)


def test_stranger_refuses_a_list_with_one_more_line(revealed):
    one = SealList.objects.get()
    one.lines = "".join(sorted([*one.lines.splitlines(True), f"{'0' * 64}\n"]))
    one.save()
    with pytest.raises(AssertionError, match="the list was changed"):
        verify(revealed["first"].campaign)


def test_stranger_refuses_a_ledger_that_was_changed(revealed):
    """The list and the line about it, but not the lines after it."""
    campaign = revealed["first"].campaign
    with time_machine.travel(NOW + 11 * DAY, tick=False):
        call_command("crowdbrand_tick")
    line = ledger.entries(campaign).get(kind="receipts_published")
    lines = LedgerEntry._base_manager.filter(pk=line.pk)
    lines.update(facts=line.facts | {"lines": 3})
    with pytest.raises(AssertionError, match=f"line {line.number} was changed"):
        verify(campaign)
    line.facts |= {"lines": 3}
    digest = canonical.digest_of(ledger.content_of(line))
    lines.update(facts=line.facts, digest=digest)
    with pytest.raises(AssertionError, match=f"line {line.number + 1} does not follow"):
        verify(campaign)


def test_public_files_are_the_private_ones_byte_for_byte(revealed):
    upload = revealed["first"].uploads.get()
    with upload.file.open("rb") as private, upload.image.file.open("rb") as public:
        assert private.read() == public.read()


def test_salts_are_public_of_what_is_on_show_only(revealed):
    campaign = revealed["first"].campaign
    answer = Client().get(url("receipts_json", campaign.pk)).json()
    assert answer["next"] is None
    assert {each["receipt"]["title"] for each in answer["receipts"]} == {
        "first",
        "second",
    }
    digests = [each["digest"] for each in answer["receipts"]]
    assert digests == sorted(digests)
    listed = Client().get(url("receipts_list", campaign.pk)).content.decode().split()
    ours = set(SealReceipt.objects.values_list("digest", flat=True))
    assert len(ours) == 6
    assert ours <= set(listed)


def test_receipt_that_says_more_than_what_is_shown_stays_private(revealed):
    """Such as an edit that nobody has approved."""
    rewrite(receipts.current(revealed["first"]), summary="SECRET")
    answer = Client().get(url("receipts_json", revealed["first"].campaign_page_id))
    assert [each["receipt"]["title"] for each in answer.json()["receipts"]] == [
        "second"
    ]


def test_receipts_come_in_pages(revealed, monkeypatch):
    from wagtail_crowdbrand.views import receipts as views

    monkeypatch.setattr(views, "PAGE", 1)
    verify(revealed["first"].campaign)
    answer = Client().get(url("receipts_json", revealed["first"].campaign_page_id))
    assert len(answer.json()["receipts"]) == 1
    following = Client().get(answer.json()["next"]).json()
    assert (len(following["receipts"]), following["next"]) == (1, None)


def test_before_the_reveal_nothing_tells_of_an_idea(brief, commits):
    campaign = brief.campaign
    with commits():
        rows = [factories.make_waiting(brief, title="SECRET") for _number in range(3)]
    for at in (NOW, AFTER):
        with time_machine.travel(at, tick=False):
            call_command("crowdbrand_tick")
            pages = [
                Client().get(url(name, campaign.pk)).content.decode()
                for name in ("receipts", "receipts_json", "ledger", "ledger_json")
            ]
            for row in rows:
                given = receipts.current(row)
                for page in pages:
                    assert not re.search(
                        f"SECRET|{row.code}|{given.receipt['salt']}|{given.digest}",
                        page,
                    )
            assert json.loads(pages[1])["receipts"] == []
    assert Client().get(url("receipts_list", campaign.pk)).status_code == 200


def test_list_is_not_there_before_the_deadline(brief):
    assert Client().get(url("receipts_list", brief.campaign.pk)).status_code == 404
    page = Client().get(url("receipts", brief.campaign.pk)).content.decode()
    assert "It is published after" in page


@pytest.mark.parametrize(
    "name", ["receipts", "receipts_list", "receipts_json", "ledger", "ledger_json"]
)
def test_privacy_of_the_campaign_holds(revealed, name):
    campaign = revealed["first"].campaign
    PageViewRestriction.objects.create(page=campaign, restriction_type="login")
    assert Client().get(url(name, campaign.pk)).status_code == 404
    reader = Client()
    reader.force_login(factories.make_moderator())
    answer = reader.get(url(name, campaign.pk))
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    PageViewRestriction.objects.all().delete()
    campaign.get_parent().specific.unpublish()
    assert reader.get(url(name, campaign.pk)).status_code == 404


def test_contributor_downloads_the_receipt_and_nobody_else(brief):
    row = factories.make_waiting(brief)
    stranger, owner = Client(), Client()
    session = owner.session
    session[SESSION_KEY] = {row.code: row.nonce}
    session.save()
    assert stranger.get(url("receipt", row.code)).status_code == 404
    answer = owner.get(url("receipt", row.code))
    given = receipts.current(row)
    assert answer.json() == receipts.as_file(given)
    assert answer["Content-Disposition"] == (
        f'attachment; filename="receipt-{row.code}.json"'
    )
    assert "no-store" in answer["Cache-Control"]
    page = owner.get(url("status", row.code)).content.decode()
    assert given.digest in page
    assert given.receipt["salt"] in page
    assert url("receipt", row.code) in page


def verdict(pk, **data) -> str:
    page = Client().post(url("receipts", pk), data).content.decode()
    return re.search(r'cb-verdict--(\w+)"', page)[1]


def test_page_checks_what_is_pasted_or_sent_as_a_file(revealed):
    row = revealed["rejected"]
    pk, file = row.campaign_page_id, receipts.as_file(receipts.current(row))
    text = json.dumps(file)
    assert verdict(pk, text=text) == "valid"
    assert verdict(pk, text=json.dumps(file["receipt"], indent=4)) == "valid"
    sent = SimpleUploadedFile("receipt.json", b"\xef\xbb\xbf" + text.encode())
    assert verdict(pk, file=sent) == "valid"
    file["receipt"]["title"] = "Another"
    assert verdict(pk, text=json.dumps(file)) == "altered"
    assert verdict(pk, text=json.dumps(file["receipt"])) == "not_listed"
    for nothing in ("", "{", "[" * 100_000, "NaN", '"\\ud800"', "9" * 250_000):
        assert verdict(pk, text=nothing) == "altered"
    assert verdict(pk, file=SimpleUploadedFile("a.json", b"\xff\x00")) == "altered"


def test_checks_are_limited(revealed, settings):
    settings.WAGTAIL_CROWDBRAND = {"RATE_LIMITS": {"receipt": "1/h"}}
    pk = revealed["first"].campaign_page_id
    answers = [Client().post(url("receipts", pk), {"text": "{}"}) for _number in "ab"]
    assert [answer.status_code for answer in answers] == [200, 429]


def test_receipts_take_as_many_queries_for_one_as_for_two(revealed, queries_of):
    path = url("receipts_json", revealed["first"].campaign_page_id)
    both = queries_of(lambda: Client().get(path))
    receipts.current(revealed["first"]).delete()
    assert queries_of(lambda: Client().get(path)) == both


def test_ledger_head_is_the_last_line(revealed):
    campaign = revealed["first"].campaign
    head = LedgerHead.objects.get(pk=campaign.pk)
    page = Client().get(url("ledger", campaign.pk)).content.decode()
    assert f"{head.number}:{head.digest}" in page
