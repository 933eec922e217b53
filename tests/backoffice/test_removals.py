"""Deleting a campaign for ever, as who may do so meets it."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from wagtail.models import Page

from tests import factories
from wagtail_crowdbrand.domain import removing
from wagtail_crowdbrand.models import Removal, Submission

pytestmark = pytest.mark.django_db


def url(name: str, *args) -> str:
    return reverse(f"crowdbrand_overview:{name}", args=args)


def read(client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


@pytest.fixture
def campaign(ready, client):
    client.force_login(User.objects.create_superuser("root"))
    brief = factories.make_brief(factories.make_campaign(title="Night boat"))
    for _number in range(2):
        factories.make_confirmed(brief)
    factories.make_draft(brief)
    return brief.campaign


def call_off(campaign) -> None:
    pages = type(campaign).objects.filter(pk=campaign.pk)
    pages.update(hold="cancelled", hold_note="The client left.")


def test_it_is_offered_when_the_campaign_is_over(campaign, client):
    overview, address = url("campaign", campaign.pk), url("remove", campaign.pk)
    assert address not in read(client, overview)
    call_off(campaign)
    assert address in read(client, overview)


def test_it_is_refused_while_the_campaign_runs(campaign, client):
    data = {"title": "Night boat", "sure": "on"}
    response = client.post(url("remove", campaign.pk), data)
    assert "archived or cancelled" in response.content.decode()
    assert not Removal.objects.exists()


@pytest.mark.parametrize(
    "data", [{}, {"title": "Night boat"}, {"title": "Night", "sure": "on"}]
)
def test_it_asks_twice(campaign, client, data):
    call_off(campaign)
    page = read(client, url("remove", campaign.pk))
    assert "3 ideas go, by 2 people." in page
    response = client.post(url("remove", campaign.pk), data)
    assert response.status_code == 200
    assert response.context["form"].errors
    assert not Removal.objects.exists()


def test_it_asks_for_the_title_that_is_shown(campaign, client):
    call_off(campaign)
    draft = type(campaign).objects.get(pk=campaign.pk)
    draft.title = "Night ferry"
    draft.save_revision()
    address = url("remove", campaign.pk)
    assert "Night ferry" in read(client, address)
    client.post(address, {"title": "Night ferry", "sure": "on"})
    assert Removal.objects.exists()


def test_progress_and_result_can_be_read(campaign, client, commits, monkeypatch):
    monkeypatch.setattr(removing, "CHUNK", 2)
    call_off(campaign)
    with commits():
        response = client.post(
            url("remove", campaign.pk), {"title": " Night  boat", "sure": "on"}
        )
    removal = Removal.objects.get()
    assert response.url == url("removal", removal.pk)
    assert "2 of 3 ideas are gone." in read(client, response.url)
    overview = read(client, url("campaign", campaign.pk))
    assert "2 of 3 ideas are gone." in overview
    assert url("remove", campaign.pk) not in overview
    while removing.work(removal, at=removal.created_at):
        pass
    assert "The campaign is gone" in read(client, response.url)
    assert not Submission.objects.exists()
    assert not Page.objects.filter(pk=campaign.pk).exists()
    assert client.get(url("campaign", campaign.pk)).status_code == 404


def test_how_many_are_sealed_stays_a_secret(ready, client):
    client.force_login(User.objects.create_superuser("root"))
    brief = factories.make_brief(factories.make_sealed_campaign())
    factories.make_confirmed(brief)
    call_off(brief.campaign)
    page = read(client, url("remove", brief.campaign.pk))
    assert "People put work into this." in page
    assert "idea goes" not in page


def test_how_many_sealed_ideas_are_gone_stays_a_secret(
    ready, client, commits, monkeypatch
):
    monkeypatch.setattr(removing, "CHUNK", 2)
    client.force_login(User.objects.create_superuser("root"))
    brief = factories.make_brief(factories.make_sealed_campaign(title="Night boat"))
    for _number in range(3):
        factories.make_confirmed(brief, pictures_count=0)
    call_off(brief.campaign)
    with commits():
        address = url("remove", brief.campaign.pk)
        response = client.post(address, {"title": "Night boat", "sure": "on"})
    for page in (response.url, url("campaign", brief.campaign.pk)):
        content = read(client, page)
        assert "It is being deleted." in content
        assert "of 3 ideas" not in content
        assert 'max="3"' not in content
