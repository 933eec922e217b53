"""The whole story, told to the domain: from a draft to the gallery and back."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.utils import timezone

from tests import factories
from wagtail_crowdbrand.domain import gallery, moderating, submitting, terms
from wagtail_crowdbrand.models import Submission

pytestmark = pytest.mark.django_db


def visible() -> set[str]:
    rows = Submission.objects.visible_to(AnonymousUser(), at=timezone.now())
    return set(rows.values_list("code", flat=True))


def test_story_of_an_idea(ready, commits):
    brief = factories.make_brief()
    draft = factories.make_draft(brief, title="Nightglow")
    version = terms.current_version(brief.campaign, at=timezone.now())

    with commits():
        sent = submitting.submit(draft, terms_number=version.number, at=timezone.now())
    assert [message.to for message in mail.outbox] == [[draft.personal.email]]
    assert visible() == set()

    with commits():
        submitting.confirm(sent, at=timezone.now())
    sent.refresh_from_db()
    assert sent.staff_status == "waiting"
    assert sent.workflow_in_progress
    assert visible() == set()

    moderator = factories.make_moderator()
    with commits():
        moderating.approve(sent, actor=moderator)
    sent.refresh_from_db()
    assert sent.staff_status == "visible"
    assert visible() == {sent.code}
    assert sent.page.title == "Nightglow"
    assert sent.page.slug == f"nightglow-{sent.code.lower()}"
    assert sent.page.live
    assert sent.uploads.get().image is not None
    assert gallery.visible_count(brief) == 1
    assert re.search("Nightglow", mail.outbox[-1].body)

    with commits():
        submitting.withdraw(sent, at=timezone.now())
    sent.refresh_from_db()
    assert visible() == set()
    assert gallery.visible_count(brief) == 0
    assert not sent.page.live
    assert sent.uploads.get().image is None
