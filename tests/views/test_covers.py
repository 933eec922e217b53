"""A campaign's own pictures are there in all sizes before anybody comes."""

from __future__ import annotations

import pytest
from django.test import Client
from wagtail.images import get_image_model

from tests import factories
from wagtail_crowdbrand import tasks

pytestmark = pytest.mark.django_db


def test_campaign_that_is_gone_by_then_needs_none(ready):
    tasks.make_sizes.call(2**31 - 1)
    assert not get_image_model().get_rendition_model().objects.exists()


def test_no_visitor_waits_for_a_size(ready, django_capture_on_commit_callbacks):
    picture = {"image": factories.make_image().pk, "alt_text": "A ferry"}
    story = [{"type": "image", "value": picture | {"decorative": False}}]
    campaign = factories.make_campaign(cover=factories.make_image(), story=story)
    brief = factories.make_brief(campaign)
    made = get_image_model().get_rendition_model().objects
    assert not made.exists()
    with django_capture_on_commit_callbacks(execute=True):
        campaign.save_revision().publish()
    before = set(made.values_list("image_id", "filter_spec"))

    api = f"/crowdbrand/api/v1/campaigns/{campaign.pk}"
    for address in (campaign.url, campaign.get_parent().url, brief.url, api):
        assert Client().get(address).status_code == 200
    assert set(made.values_list("image_id", "filter_spec")) == before
    assert {image for image, _spec in before} == {campaign.cover_id, picture["image"]}
