"""Campaigns as an editor meets them: what is refused, what is saved, what is shown."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.actions.copy_for_translation import CopyPageForTranslationAction
from wagtail.models import Locale, Page, PageViewRestriction, Workflow
from wagtail.test.utils.form_data import streamfield

from tests import factories
from tests.models import desk
from wagtail_crowdbrand.backoffice import tree
from wagtail_crowdbrand.domain import moderating, operating, readiness
from wagtail_crowdbrand.models import TermsVersion
from wagtail_crowdbrand.pages.models import (
    BriefPage,
    CampaignIndexPage,
    CampaignPage,
    SubmissionPage,
)

pytestmark = pytest.mark.django_db

CLOSED = "The campaign must close after it opens."
EARLY = "The decision must be due after the campaign has closed."
NOW = timezone.now()
HOUR = timedelta(hours=1)
REQUIRED = {
    "brand_name",
    "summary",
    "opens_at",
    "closes_at",
    "decision_due_at",
    "prize",
    "effort",
    "picks",
    "who_decides",
    "fallback",
    "rights",
    "terms",
}
MODES = ["announced", "open", "closed"]


@pytest.fixture
def editor(client):
    user = desk.make_editor()
    client.force_login(user)
    return user


@pytest.fixture
def root(client):
    user = User.objects.create_superuser("root", "root@example.org", "secret")
    client.force_login(user)
    return user


@pytest.fixture
def shown(ready, commits):
    """An idea on show: a submission with a page."""
    row = factories.make_waiting(title="Nightglow")
    with commits():
        moderating.approve(row, actor=factories.make_moderator())
    row.refresh_from_db()
    return row


def url(name: str, *pages: Page) -> str:
    return reverse(f"wagtailadmin_pages:{name}", args=[page.pk for page in pages])


def bulk_url(action: str, *pages: Page) -> str:
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
    return address + "?" + "&".join(f"id={page.pk}" for page in pages)


CONTRADICTIONS = [
    (
        {"opens_at": NOW, "closes_at": NOW},
        {"closes_at": [CLOSED]},
    ),
    (
        {"decision_due_at": NOW + HOUR, "closes_at": NOW + HOUR},
        {"decision_due_at": [EARLY]},
    ),
    (
        {"decided_at": NOW, "closes_at": NOW + HOUR},
        {"decided_at": ["A campaign cannot be decided before it closed."]},
    ),
    ({"hold": "paused"}, {"hold_note": ["Tell people why."]}),
    ({"hold": "cancelled"}, {"hold_note": ["Tell people why."]}),
    ({"picks": 0}, {"picks": ["If none may be picked, tick “possibly none”."]}),
    (
        {"opens_at": NOW, "closes_at": NOW - HOUR, "hold": "paused"},
        {
            "closes_at": [CLOSED],
            "hold_note": ["Tell people why."],
        },
    ),
]


@pytest.mark.parametrize(("fields", "messages"), CONTRADICTIONS)
def test_contradictions_are_told_at_their_field(fields, messages):
    with pytest.raises(ValidationError) as caught:
        CampaignPage(**fields).clean()
    assert caught.value.message_dict == messages


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"closes_at": NOW},
        {"decision_due_at": NOW},
        {"opens_at": NOW, "closes_at": NOW + HOUR, "decision_due_at": NOW + 2 * HOUR},
        {"closes_at": NOW, "decided_at": NOW},
        {"hold": "paused", "hold_note": "A leak. Back on Monday."},
        {"picks": 0, "picks_may_be_none": True},
    ],
)
def test_gaps_are_no_contradictions(fields):
    CampaignPage(**fields).clean()


def test_workflow_without_moderation_is_refused(db):
    """Its approvals would publish nothing, and every idea would be stuck."""
    campaign = CampaignPage(moderation_workflow=Workflow.objects.create(name="Pages"))
    campaign.is_being_edited = True
    with pytest.raises(ValidationError) as caught:
        campaign.clean()
    assert set(caught.value.message_dict) == {"moderation_workflow"}
    campaign.moderation_workflow = factories.make_workflow()
    campaign.clean()


def test_step_that_was_closed_stops_no_campaign(ready):
    """Neither its deeds nor Wagtail's schedule, which would stop for the whole site."""
    root = User.objects.create_superuser("root")
    workflow = factories.make_workflow()
    campaign = factories.make_campaign(moderation_workflow=workflow)
    waiting = [factories.make_campaign(live=False) for _number in range(2)]
    waiting[0].moderation_workflow = workflow
    soon = timezone.now() + timedelta(hours=1)
    for page in waiting:
        page.go_live_at = soon
        page.save_revision().publish()
    for task in workflow.tasks:
        task.specific.deactivate(user=root)
    operating.pause(campaign, actor=root, note="A leak.", at=timezone.now())
    with time_machine.travel(soon + timedelta(minutes=1)):
        call_command("publish_scheduled")
    for page in waiting:
        page.refresh_from_db()
    assert [page.live for page in waiting] == [True, True]
    gaps = {gap.code for gap in readiness.gaps_of(campaign, at=timezone.now())}
    assert "contradiction" in gaps


def test_half_filled_campaign_is_a_draft_and_no_more(editor, client):
    index = factories.make_index()
    address = desk.add_url(index, CampaignPage)
    half = desk.filled_in(client, address, CampaignPage, title="Half", slug="half")
    assert client.post(address, half | {"action-publish": "1"}).status_code == 200
    assert not CampaignPage.objects.exists()

    assert desk.errors_of(client.post(address, half)) == {}
    campaign = CampaignPage.objects.get()
    assert (campaign.live, campaign.opens_at, campaign.prize) == (False, None, "")
    assert client.get(f"{index.url}half/").status_code == 404
    assert not TermsVersion.objects.exists()


def test_publishing_needs_all_expectations_and_loses_nothing(editor, client):
    index = factories.make_index()
    address = desk.add_url(index, CampaignPage)
    story = streamfield([("heading", "A ship without a name")])
    data = desk.filled_in(
        client,
        address,
        CampaignPage,
        title="Half",
        slug="half",
        prize="A crossing",
        story=story,
    )
    response = client.post(address, data | {"action-publish": "1"})

    assert set(desk.errors_of(response)) == REQUIRED - {"prize"}
    assert not CampaignPage.objects.exists()
    content = response.content.decode()
    assert "A crossing" in content
    assert "A ship without a name" in content


def test_complete_campaign_is_published(editor, client):
    index = factories.make_index()
    address = desk.add_url(index, CampaignPage)
    values = {"title": "Whole", "slug": "whole", "brand_name": "F", "summary": "S"}
    dates = {
        "opens_at": "2031-05-01 10:00",
        "closes_at": "2031-05-02 10:00",
        "decision_due_at": "2031-05-03 10:00",
    }
    values |= dates | factories.CONTRACT
    data = desk.filled_in(client, address, CampaignPage, **values)
    response = client.post(address, data | {"action-publish": "1"})

    assert desk.errors_of(response) == {}
    campaign = CampaignPage.objects.get()
    assert campaign.live
    assert TermsVersion.objects.get().content["prize"] == factories.CONTRACT["prize"]
    assert client.get(campaign.url).status_code == 200


def test_contradicting_dates_are_refused_in_the_form(editor, client):
    campaign = factories.make_campaign()
    address = desk.edit_url(campaign)
    dates = {
        "opens_at": "2031-05-02 10:00",
        "closes_at": "2031-05-01 10:00",
        "decision_due_at": "2031-05-03 10:00",
    }
    data = desk.filled_in(client, address, CampaignPage, **dates)
    response = client.post(address, data | {"action-publish": "1"})
    assert desk.errors_of(response) == {"closes_at": [CLOSED]}
    assert "2031-05-02 10:00" in response.content.decode()


def test_draft_may_contradict_itself(editor, client):
    """A live one, too: what the public sees stays as it is."""
    campaign = factories.make_campaign()
    address = desk.edit_url(campaign)
    dates = {
        "opens_at": "2031-05-02 10:00",
        "closes_at": "2031-05-01 10:00",
        "decision_due_at": "2031-06-01 10:00",
    }
    data = desk.filled_in(client, address, CampaignPage, **dates)
    assert desk.errors_of(client.post(address, data)) == {}
    campaign.refresh_from_db()
    draft = campaign.get_latest_revision_as_object()
    assert draft.closes_at < draft.opens_at
    assert campaign.opens_at < campaign.closes_at
    refused = client.post(address, data | {"action-publish": "1"})
    assert desk.errors_of(refused) == {"closes_at": [CLOSED]}


@pytest.mark.parametrize("kind", ["campaign", "index"])
def test_stale_page_keeps_what_the_tree_learned(db, kind):
    campaign = factories.make_campaign(factories.make_index())
    page = campaign if kind == "campaign" else campaign.get_parent().specific
    stale = type(page).objects.get(pk=page.pk)
    if kind == "campaign":
        factories.make_brief(page)
    else:
        stale.numchild = 0  # read before the campaign was made
    stale.save()
    assert type(page).objects.get(pk=page.pk).numchild == 1
    if kind == "campaign":
        factories.make_brief(type(page).objects.get(pk=page.pk))
        assert page.get_children().count() == 2


SENTENCES = {
    "announced": "<strong>Opens</strong>",
    "open": "<strong>Open until</strong>",
    "closed": "<strong>Closed to new ideas.</strong>",
}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("model", [CampaignPage, BriefPage])
def test_preview_tells_each_mode_apart(editor, client, model, mode):
    brief = factories.make_brief()
    page = brief if model is BriefPage else brief.campaign
    preview = url("preview_on_edit", page)
    data = desk.filled_in(client, desk.edit_url(page), model, title="Looked at first")
    assert client.post(preview, data).json()["is_valid"]

    content = client.get(preview, {"mode": mode}).content.decode()
    assert "Looked at first" in content
    found = [name for name, sentence in SENTENCES.items() if sentence in content]
    assert found == [mode]


@pytest.mark.parametrize("mode", MODES)
def test_half_filled_campaign_can_be_previewed(editor, client, mode):
    address = desk.add_url(factories.make_index(), CampaignPage)
    data = desk.filled_in(client, address, CampaignPage, title="Half", slug="half")
    assert client.post(f"{address}preview/", data).json()["is_valid"]
    response = client.get(f"{address}preview/", {"mode": mode})
    assert "Half" in response.content.decode()
    assert response.templates[0].name == "wagtail_crowdbrand/campaign.html"


def test_pages_go_where_they_belong(db):
    assert CampaignPage.allowed_parent_page_models() == [CampaignIndexPage]
    assert BriefPage.allowed_parent_page_models() == [CampaignPage]
    assert SubmissionPage.allowed_parent_page_models() == [BriefPage]
    assert CampaignIndexPage.creatable_subpage_models() == [CampaignPage]
    assert CampaignPage.creatable_subpage_models() == [BriefPage]
    assert BriefPage.creatable_subpage_models() == []
    assert SubmissionPage.allowed_subpage_models() == []


def test_submission_page_is_not_made_by_hand(editor, client):
    brief = factories.make_brief()
    response = client.get(desk.add_url(brief, SubmissionPage))
    assert (response.status_code, response.url) == (302, reverse("wagtailadmin_home"))
    assert "SubmissionPage" not in str(client.get(url("add_subpage", brief)).content)


@pytest.mark.parametrize("bulk", [False, True])
def test_copy_of_an_idea_that_a_translation_made_is_deleted(root, client, shown, bulk):
    german = Locale.objects.create(language_code="de")
    index = shown.campaign.get_parent().specific
    action = CopyPageForTranslationAction(
        index, german, copy_parents=True, include_subtree=True, user=root
    )
    action.execute(skip_permission_checks=True)
    (copy,) = SubmissionPage.objects.filter(locale=german)
    assert copy.submission is None
    for deed in ("move", "copy"):
        assert tree.refusal(copy, deed)
    client.post(bulk_url("delete", copy) if bulk else url("delete", copy))
    assert not Page.objects.filter(pk=copy.pk).exists()
    assert Page.objects.filter(pk=shown.page_id).exists()


@pytest.mark.parametrize("bulk", [False, True])
def test_what_holds_submissions_is_not_deleted(root, client, shown, bulk):
    brief = shown.brief
    for page in (shown.page, brief, brief.campaign, brief.campaign.get_parent()):
        address = bulk_url("delete", page) if bulk else url("delete", page)
        response = client.post(address, follow=True)
        refusal = desk.said(response)[-1]
        assert "sent" in refusal, (page, refusal)
        assert Page.objects.filter(pk=page.pk).exists()
    shown.refresh_from_db()
    assert (shown.moderation, shown.page.live) == ("approved", True)


def test_brief_with_something_in_review_is_not_deleted(editor, client, ready):
    """There is no page yet, so nothing in the tree shows that somebody waits."""
    brief = factories.make_waiting().brief
    response = client.post(url("delete", brief), follow=True)
    assert "nothing people sent is lost" in desk.said(response)[-1]
    assert BriefPage.objects.filter(pk=brief.pk).exists()


@pytest.mark.parametrize("bulk", [False, True])
def test_terms_of_a_brief_that_moved_are_not_deleted(root, client, ready, bulk):
    """Who sent an idea to it agreed to those of the campaign it was in then."""
    brief = factories.make_confirmed().brief
    campaign = brief.campaign
    brief.move(factories.make_campaign(), pos="last-child")
    address = bulk_url("delete", campaign) if bulk else url("delete", campaign)
    response = client.post(address, follow=True)
    assert "under the terms of a campaign" in desk.said(response)[-1]
    assert Page.objects.filter(pk=campaign.pk).exists()


@pytest.mark.parametrize("bulk", [False, True])
def test_empty_campaign_is_deleted(root, client, shown, bulk):
    campaign = factories.make_brief().campaign
    client.post(bulk_url("delete", campaign) if bulk else url("delete", campaign))
    assert not Page.objects.filter(pk=campaign.pk).exists()


def test_idea_stays_where_it_is(root, client, shown):
    other = factories.make_brief()
    addresses = [
        url("copy", shown.page),
        url("move_confirm", shown.page, other),
        url("delete", shown.page),
    ]
    for address in addresses:
        for send in (client.get, client.post):
            response = send(address, follow=True)
            assert "hide the idea instead" in desk.said(response)[-1], address
    chosen = {"chooser": other.pk}
    response = client.post(bulk_url("move", shown.page), chosen, follow=True)
    assert "hide the idea instead" in desk.said(response)[-1]
    assert shown.page.get_parent().pk == shown.brief_page_id
    assert SubmissionPage.objects.count() == 1


@pytest.mark.parametrize("alias", [False, True])
def test_ideas_are_not_copied(root, client, shown, alias):
    campaign = shown.campaign
    values = {
        "new_title": "Second",
        "new_slug": "second",
        "new_parent_page": campaign.get_parent().pk,
        "publish_copies": "on",
        **({"alias": "on"} if alias else {}),
    }
    together = client.post(url("copy", campaign), values | {"copy_subpages": "on"})
    assert together.url == url("copy", campaign)
    assert "cannot be copied" in desk.said(together)[-1]
    assert CampaignPage.objects.count() == SubmissionPage.objects.count() == 1

    client.post(url("copy", campaign), values)
    assert CampaignPage.objects.count() == 2
    assert SubmissionPage.objects.count() == 1


def test_campaign_without_ideas_is_copied_with_its_briefs(root, client, ready):
    campaign = factories.make_brief().campaign
    values = {
        "new_title": "Second",
        "new_slug": "second",
        "new_parent_page": campaign.get_parent().pk,
        "copy_subpages": "on",
    }
    client.post(url("copy", campaign), values)
    first, second = BriefPage.objects.order_by("pk")
    assert first.translation_key != second.translation_key


def test_unpublishing_an_idea_asks_why(client, shown):
    moderator = factories.make_moderator()
    moderator.groups.add(*desk.make_editor().groups.all())
    client.force_login(moderator)
    response = client.post(url("unpublish", shown.page), follow=True)
    assert desk.said(response)[-1] == "Taking an idea off the site needs a reason."
    assert "Take an idea off the site" in response.content.decode()
    assert Page.objects.get(pk=shown.page_id).live


def test_unpublishing_an_idea_is_for_moderators(editor, client, shown):
    response = client.post(url("unpublish", shown.page), follow=True)
    assert response.status_code == 200
    assert "Only its moderators" in desk.said(response)[-1]
    response = client.post(bulk_url("unpublish", shown.page), follow=True)
    assert "needs a reason" in desk.said(response)[-1]
    assert Page.objects.get(pk=shown.page_id).live


def test_note_on_an_idea_is_published(editor, client, shown):
    address = desk.edit_url(shown.page)
    data = desk.filled_in(client, address, SubmissionPage, curators_note="A favourite.")
    client.post(address, data | {"action-publish": "1"})
    assert "A favourite." in client.get(shown.page.url).content.decode()


def hide(shown, commits) -> None:
    with commits():
        moderating.hide(shown, actor=None, reason="A complaint.")


def test_hidden_idea_is_not_published_by_an_editor(editor, client, shown, commits):
    hide(shown, commits)
    address = desk.edit_url(shown.page)
    data = desk.filled_in(client, address, SubmissionPage, curators_note="A favourite.")
    client.post(address, data | {"action-publish": "1"})
    client.post(bulk_url("publish", shown.page))
    everything = {"include_descendants": "on"}
    client.post(bulk_url("publish", shown.brief), everything)
    assert not Page.objects.get(pk=shown.page_id).live


def test_hidden_idea_is_not_published_by_code(shown, commits):
    hide(shown, commits)
    page = SubmissionPage.objects.get(pk=shown.page_id)
    page.save_revision().publish()
    assert not Page.objects.get(pk=page.pk).live
    shown.refresh_from_db()
    assert shown.moderation == "hidden"


def public_urls(shown) -> list[str]:
    brief = shown.brief.url
    return [
        shown.campaign.url,
        brief,
        f"{brief}compare/?code={shown.code}",
        f"{brief}submit/",
        f"{brief}submit/{shown.code}/idea/",
        shown.page.url,
    ]


@pytest.mark.parametrize("kind", ["login", "password", "groups"])
def test_privacy_of_a_campaign_covers_all_below(client, shown, kind):
    before = [client.get(address).status_code for address in public_urls(shown)]
    assert before == [200, 200, 200, 200, 404, 200]
    restriction = PageViewRestriction.objects.create(
        page=shown.campaign, restriction_type=kind, password="wave"
    )
    for address in public_urls(shown):
        for send in (client.get, client.post):
            response = send(address)
            content = response.content.decode()
            assert "Nightglow" not in content, address
            assert shown.brief.challenge not in content, address
            asks = "password" in content if kind == "password" else False
            assert asks or response.status_code == 302, address
    index = client.get(shown.campaign.get_parent().url).content.decode()
    assert shown.campaign.title not in index

    if kind == "password":
        path = reverse(
            "wagtailcore_authenticate_with_password",
            args=[restriction.pk, shown.campaign.pk],
        )
        client.post(path, {"password": "wave", "return_url": "/"})
        after = [client.get(address).status_code for address in public_urls(shown)]
        assert after == before
        assert "Nightglow" in client.get(shown.brief.url).content.decode()
