"""Our blocks on somebody's page: what they show, to whom, and at what cost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.test import RequestFactory
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction, Site

from tests import factories
from wagtail_crowdbrand import blocks
from wagtail_crowdbrand.domain import moderating, publishing
from wagtail_crowdbrand.models import Submission

pytestmark = pytest.mark.django_db


@pytest.fixture
def brief(ready):
    return factories.make_brief(max_per_contributor=9)


@pytest.fixture
def show(brief):
    moderator = factories.make_moderator()

    def make(title: str, in_brief=None) -> Submission:
        row = factories.make_waiting(in_brief or brief, title=title)
        moderating.approve(row, actor=moderator)
        publishing.publish(row, at=timezone.now())
        return Submission.objects.get(pk=row.pk)

    return make


def render(block, **value) -> str:
    request = RequestFactory().get("/")
    request.user, request.session = AnonymousUser(), {}
    value = {"heading": "On our page", **value}
    return block.to_python(value).render_as_block({"request": request})


def featured(rows) -> str:
    codes = [row.code for row in rows]
    return render(blocks.FeaturedSubmissionsBlock(), codes=codes)


def compare(rows) -> str:
    return render(blocks.CompareBlock(), codes=[row.code for row in rows])


def countdown(page) -> str:
    return render(blocks.CountdownBlock(), campaign=page.pk)


def test_featured_ideas_come_in_the_order_given(brief, show):
    rows = [show("Glow"), show("Beam"), show("Haze", factories.make_brief())]
    html = featured(reversed(rows))
    places = [html.index(f">{row.title}<") for row in rows]
    assert places == sorted(places, reverse=True)
    assert all(row.page.url in html for row in rows)


def test_what_is_not_visible_is_not_placed(brief, show):
    rows = [show("Glow"), show("MARKER a"), show("MARKER b")]
    for row in rows[1:]:
        moderating.hide(row, actor=None, reason="A complaint.")
    rows.append(factories.make_waiting(brief, title="MARKER c"))
    html = featured(rows)
    assert "Glow" in html
    assert "MARKER" not in html
    assert compare(rows).strip() == ""
    assert featured(rows[1:]).strip() == ""


def test_privacy_holds_for_all_blocks(brief, show):
    rows = [show("Glow"), show("Beam")]
    campaign = brief.get_parent()
    PageViewRestriction.objects.create(page=campaign, restriction_type="login")
    assert featured(rows).strip() == ""
    assert compare(rows).strip() == ""
    assert countdown(campaign).count(campaign.title) == 0
    assert render(blocks.OpenCampaignsBlock(), number=3).strip() == ""


def test_compare_leads_to_the_comparison(brief, show, client):
    rows = [show("Glow"), show("Beam")]
    query = "&amp;".join(f"code={row.code}" for row in rows)
    assert f'href="{brief.url}compare/?{query}"' in compare(rows)


def test_open_campaigns_are_those_that_take_ideas(ready):
    now = timezone.now()
    index = factories.make_index()
    factories.make_campaign(index, title="Later", closes_at=now + timedelta(days=9))
    factories.make_campaign(index, title="Soon", closes_at=now + timedelta(days=2))
    factories.make_campaign(index, title="MARKER 1", closes_at=now - timedelta(hours=3))
    factories.make_campaign(index, title="MARKER 2", hold="paused", hold_note="Storm.")
    factories.make_campaign(index, title="MARKER 3", opens_at=now + timedelta(days=1))
    factories.make_campaign(index, title="MARKER 4", live=False)
    html = render(blocks.OpenCampaignsBlock(), number=5)
    assert html.index("Soon") < html.index("Later")
    assert "MARKER" not in html
    assert "Later" not in render(blocks.OpenCampaignsBlock(), number=1)


def test_when_none_is_open(ready):
    block = blocks.OpenCampaignsBlock()
    assert render(block, number=3).strip() == ""
    assert "Come back." in render(block, number=3, otherwise="Come back.")


def test_countdown_tells_the_deadline_with_its_zone(brief):
    campaign = brief.get_parent()
    html = countdown(campaign)
    assert campaign.title in html
    assert "Open until" in html
    assert 'data-cb-zone="Europe/Berlin"' in html
    assert "aria-live" not in html
    campaign.specific.unpublish()
    campaign.refresh_from_db()
    assert countdown(campaign).count(campaign.title) == 0


def test_countdown_of_a_page_that_is_no_campaign_shows_nothing(brief):
    assert brief.title not in countdown(brief)


@pytest.mark.parametrize("block", [featured, compare])
def test_blocks_of_ideas_take_as_many_queries_for_four_as_for_two(
    show, queries_of, block
):
    rows = [show(f"Idea {number}") for number in range(4)]
    two = queries_of(lambda: block(rows[:2]))
    assert queries_of(lambda: block(rows)) == two


def test_open_campaigns_take_as_many_queries_for_three_as_for_one(ready, queries_of):
    index = factories.make_index()

    def render_them():
        return render(blocks.OpenCampaignsBlock(), number=5)

    factories.make_campaign(index, cover=factories.make_image())
    one = queries_of(render_them)
    for _number in range(2):
        factories.make_campaign(index, cover=factories.make_image())
    assert render_them().count("cb-call__title") == 3
    assert queries_of(render_them) == one


def test_editor_is_told_of_a_code_nobody_can_see(brief, show):
    block = blocks.CodeBlock()
    assert block.clean(show("Glow").code.lower())
    for code in ("K7Q4-2M9P", "x", factories.make_waiting(brief).code):
        with pytest.raises(ValidationError):
            block.clean(code)


def test_editor_is_told_of_ideas_from_two_briefs(brief, show):
    rows = [show("Glow"), show("Beam", factories.make_brief())]
    block = blocks.CompareBlock()
    codes = [row.code for row in rows]
    value = block.to_python({"heading": "These", "codes": codes})
    with pytest.raises(ValidationError):
        block.clean(value)


def test_countdown_chooses_among_campaigns(ready):
    chooser = blocks.CampaignChooserBlock()
    assert chooser.target_models == [factories.page_class(factories.CampaignMixin)]


def test_open_campaigns_are_those_of_the_site_each_once(ready):
    campaign = factories.make_campaign(title="Soon")
    campaign.create_alias(parent=factories.make_index())
    tree = campaign.get_root()
    elsewhere = tree.add_child(instance=Page(title="Other", slug="other"))
    Site.objects.create(hostname="other.example", root_page=elsewhere)
    for parent, title in ((elsewhere, "MARKER 1"), (tree, "MARKER 2")):
        index = factories.make_index()
        index.move(parent, pos="last-child")
        index.refresh_from_db()
        factories.make_campaign(index, title=title)
    html = render(blocks.OpenCampaignsBlock(), number=5)
    assert html.count("Soon") == 1
    assert "MARKER" not in html
