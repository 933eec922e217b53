"""A contributor keeps a receipt, checks it, and reads what happened."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from tests import factories
from tests.e2e.contributor import check, make_site, visit
from wagtail_crowdbrand.domain import operating, receipts


@pytest.fixture
def row(live_server):
    """Sent to a sealed campaign, which published its list and changed its rules."""
    thread = live_server.thread
    site = make_site(live_server.url, host=thread.host, port=thread.port)
    now = timezone.now()
    campaign = factories.make_campaign(
        site.brief.campaign.get_parent().specific,
        visibility_mode="sealed",
        reveals_at=now + timedelta(days=10),
    )
    row = factories.make_waiting(factories.make_brief(campaign))
    extension = operating.Extension(
        closes_at=now + timedelta(days=8),
        decision_due_at=now + timedelta(days=40),
        note="The ferry is late.",
    )
    operating.extend(campaign, actor=None, extension=extension, at=now)
    receipts.publish_list(campaign, at=now, early=True)
    call_command("crowdbrand_tick")
    return row


@pytest.mark.parametrize("width", [320, 1280])
def test_receipt_and_ledger(browser, live_server, row, width, tmp_path):
    viewport = {"width": width, "height": 900}
    with visit(browser, opens=[row], viewport=viewport) as page:
        page.goto(f"{live_server.url}/crowdbrand/ideas/{row.code}/")
        check(page)
        with page.expect_download() as download:
            page.get_by_role("link", name="Download the receipt").click()
        path = tmp_path / "receipt.json"
        download.value.save_as(path)
        page.get_by_role("link", name="Check it").click()
        check(page)
        page.get_by_label("The file you got with your receipt").set_input_files(path)
        page.get_by_role("button", name="Check").click()
        page.get_by_role("heading", name="Valid").wait_for()
        check(page)
        file = json.loads(path.read_text())
        file["receipt"]["title"] = "Another"
        page.get_by_label("or what is in it").fill(json.dumps(file))
        page.get_by_role("button", name="Check").click()
        page.get_by_role("heading", name="Altered").wait_for()
        page.get_by_role("link", name="The ledger, which holds its digest").click()
        page.get_by_role("heading", name="Rules changed").wait_for()
        page.get_by_text("The ferry is late.").wait_for()
        check(page)
