"""Builds what tests need, through the domain wherever there is a deed for it."""

from __future__ import annotations

import itertools
from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.auth.models import Group, Permission, User
from django.core.files.images import ImageFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image
from wagtail.images import get_image_model
from wagtail.models import Page, Site, Workflow, WorkflowTask

from wagtail_crowdbrand.domain import (
    drafting,
    ingesting,
    moderating,
    setup,
    submitting,
    terms,
)
from wagtail_crowdbrand.models import (
    BriefMixin,
    CampaignIndexMixin,
    CampaignMixin,
    ModerationTask,
    Submission,
)
from wagtail_crowdbrand.states import VisibilityMode

if TYPE_CHECKING:
    from wagtail_crowdbrand.pages.models import (
        BriefPage,
        CampaignIndexPage,
        CampaignPage,
    )

numbers = itertools.count(1)

CONTRACT = {
    "prize": "A weekend on the island.",
    "effort": "An evening.",
    "picks": 1,
    "who_decides": "The crew.",
    "vote_role": "none",
    "fallback": "The prize is drawn by lot.",
    "rights": "Chosen ideas are ours, all others stay yours.",
    "terms": "Send only what you made yourself.",
}


def page_class(mixin: type) -> Any:
    """The site's own page class with ``mixin``: ours, or that of ``tests.testapp``."""
    return next(model for model in apps.get_models() if issubclass(model, mixin))


def make_index(**fields: Any) -> CampaignIndexPage:
    home = Site.objects.get(is_default_site=True).root_page
    fields = {"title": "Open calls", "slug": f"calls-{next(numbers)}"} | fields
    return home.add_child(instance=page_class(CampaignIndexMixin)(**fields))


def make_campaign(index: Page | None = None, **fields: Any) -> CampaignPage:
    """An open campaign: began yesterday, closes in a week."""
    now = timezone.now()
    number = next(numbers)
    fields = {
        "title": f"Campaign {number}",
        "slug": f"campaign-{number}",
        "brand_name": "Fern & Ferry",
        "summary": "A ferry line looks for its new voice.",
        "opens_at": now - timedelta(days=1),
        "closes_at": now + timedelta(days=7),
        "decision_due_at": now + timedelta(days=30),
        "time_zone": "Europe/Berlin",
        **CONTRACT,
        **fields,
    }
    parent = index or make_index()
    return parent.add_child(instance=page_class(CampaignMixin)(**fields))


def make_sealed_campaign(**fields: Any) -> CampaignPage:
    """Open until tomorrow, revealed two days from now; reviewed in between."""
    now = timezone.now()
    dates = {
        "closes_at": now + timedelta(days=1),
        "reveals_at": now + timedelta(days=2),
        "visibility_mode": VisibilityMode.SEALED,
    }
    return make_campaign(**dates | fields)


def make_brief(campaign: CampaignPage | None = None, **fields: Any) -> BriefPage:
    number = next(numbers)
    fields = {
        "title": f"Brief {number}",
        "slug": f"brief-{number}",
        "challenge": "Give the night boat a name.",
        "criteria": "Easy to say\nHard to forget",
        "max_per_contributor": 3,
        "max_images": 3,
        **fields,
    }
    brief = page_class(BriefMixin)(**fields)
    return (campaign or make_campaign()).add_child(instance=brief)


def picture_bytes(size: tuple[int, int] = (60, 40), format: str = "PNG") -> bytes:
    output = BytesIO()
    Image.new("RGB", size, (20, 90, 120)).save(output, format)
    return output.getvalue()


def picture_file(name: str = "idea.png", **kwargs: Any) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture_bytes(**kwargs), "image/png")


def make_draft(
    brief: BriefPage | None = None, *, pictures_count: int = 1, **idea: Any
) -> Submission:
    now = timezone.now()
    draft = drafting.start_draft(brief or make_brief(), language="en", at=now)
    uploads = [
        ingesting.add_upload(draft, BytesIO(picture_bytes()), at=now)
        for _number in range(pictures_count)
    ]
    words = {"title": f"Idea {next(numbers)}", "summary": "It glows at night.", **idea}
    images = [{"upload": str(item.pk), "alt": "A blue field"} for item in uploads]
    person = drafting.Person(
        email=f"ada{next(numbers)}@example.org", credit_name="Ada Example"
    )
    return drafting.save_draft(
        draft,
        idea=drafting.Idea(images=images, **words),
        person=person,
        at=now,
    )


def make_sent(brief: BriefPage | None = None, **idea: Any) -> Submission:
    """Sent by a guest, address not confirmed."""
    draft = make_draft(brief, **idea)
    now = timezone.now()
    version = terms.current_version(draft.campaign, at=now)
    return submitting.submit(draft, terms_number=version.number, at=now)


def make_confirmed(brief: BriefPage | None = None, **idea: Any) -> Submission:
    """Sent and confirmed; in review when tasks after commit run (see ``commits``)."""
    return submitting.confirm(make_sent(brief, **idea), at=timezone.now())


def make_waiting(brief: BriefPage | None = None, **idea: Any) -> Submission:
    """In review."""
    submission = make_confirmed(brief, **idea)
    moderating.start(submission)
    submission.refresh_from_db()
    return submission


def make_moderator(workflow: Workflow | None = None, **fields: Any) -> User:
    """A member of the groups of ``workflow``, or of the default one."""
    number = next(numbers)
    user = User.objects.create_user(f"moderator-{number}", password="secret", **fields)
    if workflow is None:
        user.groups.add(Group.objects.get(name=setup.GROUP))
        return user
    group = Group.objects.create(name=f"Group {number}")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    task = ModerationTask.objects.get(workflow_tasks__workflow=workflow)
    task.groups.add(group)
    user.groups.add(group)
    return user


def make_workflow() -> Workflow:
    """A workflow of its own with one moderation step and no group."""
    number = next(numbers)
    workflow = Workflow.objects.create(name=f"Workflow {number}")
    task = ModerationTask.objects.create(name=f"Task {number}")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    return workflow


def make_image(**fields: Any) -> Any:
    """A picture in Wagtail's library."""
    content = BytesIO(picture_bytes((1200, 800)))
    fields = {"title": f"Picture {next(numbers)}"} | fields
    return get_image_model().objects.create(
        file=ImageFile(content, name="picture.png"), **fields
    )
