"""Every public address, and what must not show: no word, code or picture anywhere.

Each kind carries a marker of its own in every field. What is on show carries one as
well, so that an outlet that tells nothing at all is noticed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import wagtail
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone
from wagtail.models import PageViewRestriction

from tests import factories
from tests.api.remote import BASE
from wagtail_crowdbrand.domain import (
    drafting,
    ingesting,
    moderating,
    privacy,
    publishing,
    submitting,
)
from wagtail_crowdbrand.models import Submission
from wagtail_crowdbrand.states import DecisionAction

pytestmark = pytest.mark.django_db

SOUGHT = "glowing"
GALLERY = (
    "",
    "?order=newest",
    "?order=code",
    "?page=2",
    "?picture=yes",
    "?language=en",
)
FILTER = "filter=picture:yes"
TYPE = "wagtail_crowdbrand_pages.SubmissionPage"
V2, V3 = "/api/v2", "/api/v3"
WAGTAILS = (V2, V3) if wagtail.VERSION >= (8,) else (V2,)


def question(visibility: str) -> tuple[str, dict[str, Any]]:
    value = {"label": visibility, "visibility": visibility, "personal": False}
    return "short_text", value | {"help_text": "", "required": False}


@pytest.fixture
def brief(ready):
    questions = [question(each) for each in ("public", "jury", "staff")]
    return factories.make_brief(
        max_images=1, max_per_contributor=50, answer_fields=questions
    )


def inside(marker: str) -> str:
    return f"{marker}inside"


def words(brief: Any, marker: str, images: Any) -> tuple[drafting.Idea, Any]:
    """The marker in everything a contributor writes, and a word to search for.

    The title is in addresses, which forms repeat, so the rest has a marker of its own.
    """
    title, marker = marker, inside(marker)
    answers = [
        {
            "field": field.id,
            "label": field.value["label"],
            "kind": field.block_type,
            "visibility": field.value["visibility"],
            "value": marker,
        }
        for field in brief.answer_fields
    ]
    idea = drafting.Idea(
        title=f"{title} {SOUGHT}",
        summary=f"{marker} {SOUGHT}",
        link=f"https://example.com/{marker}",
        third_party=marker,
        language="en",
        answers=answers,
        images=images,
    )
    person = drafting.Person(
        email=f"{marker}@example.org", credit_name=marker, co_authors=marker
    )
    return idea, person


def draft(brief: Any, marker: str) -> Submission:
    now = timezone.now()
    row = drafting.start_draft(brief, language="en", at=now)
    upload = ingesting.add_upload(row, BytesIO(factories.picture_bytes()), at=now)
    images = [{"upload": str(upload.pk), "alt": inside(marker)}]
    idea, person = words(brief, marker, images)
    return drafting.save_draft(row, idea=idea, person=person, at=now)


def unconfirmed(brief: Any, marker: str) -> Submission:
    row = draft(brief, marker)
    return submitting.submit(row, terms_number=1, at=timezone.now())


def waiting(brief: Any, marker: str) -> Submission:
    row = submitting.confirm(unconfirmed(brief, marker), at=timezone.now())
    moderating.start(row)
    return Submission.objects.get(pk=row.pk)


def shown(brief: Any, marker: str) -> Submission:
    row = waiting(brief, marker)
    moderating.approve(row, actor=None)
    publishing.publish(row, at=timezone.now())
    return Submission.objects.get(pk=row.pk)


def refused(action: DecisionAction) -> Callable[[Any, str], Submission]:
    def make(brief: Any, marker: str) -> Submission:
        row = waiting(brief, marker)
        moderating.take(row, action, actor=None, reason="No.")
        return row

    return make


def hidden(brief: Any, marker: str) -> Submission:
    return moderating.hide(shown(brief, marker), actor=None, reason="No.")


def withdrawn(brief: Any, marker: str) -> Submission:
    row = shown(brief, marker)
    submitting.withdraw(row, at=timezone.now())
    return row


def erased(brief: Any, marker: str) -> Submission:
    row = shown(brief, marker)
    privacy.erase_alone(row, at=timezone.now())
    return row


def finished(make: Callable[[Any, str], Submission], finish: Callable[..., None]):
    """The same, once the task has run."""

    def made(brief: Any, marker: str) -> Submission:
        row = make(brief, marker)
        finish(Submission.objects.get(pk=row.pk))
        return row

    return made


def back_in_review(brief: Any, marker: str) -> Submission:
    """Hidden, let come back, and no task has run since."""
    row = hidden(brief, marker)
    publishing.retract(row)
    return moderating.restore(row, actor=None)


#: Where a submission stands by itself. What a task does has not been done, unless the
#: name says so.
KINDS = {
    "draft": draft,
    "unconfirmed": unconfirmed,
    "waiting": waiting,
    "changesrequested": refused(DecisionAction.REQUEST_CHANGES),
    "rejected": refused(DecisionAction.REJECT),
    "spam": refused(DecisionAction.SPAM),
    "hidden": hidden,
    "hiddendone": finished(hidden, publishing.retract),
    "withdrawn": withdrawn,
    "withdrawndone": finished(withdrawn, publishing.retract),
    "erased": erased,
    "eraseddone": finished(erased, privacy.finish),
    "comingback": back_in_review,
}


def restrict(page: Any, kind: str) -> None:
    lock = PageViewRestriction.objects.create(
        page=page, restriction_type=kind, password="secret"
    )
    if kind == PageViewRestriction.GROUPS:
        lock.groups.add(Group.objects.create(name="Crew"))


#: Ways in which everything of a brief is closed.
CLOSED = {
    "brief unpublished": lambda brief: brief.unpublish(),
    "campaign unpublished": lambda brief: brief.campaign.unpublish(),
    **{
        f"{name} restricted by {kind}": lambda brief, name=name, kind=kind: restrict(
            brief if name == "brief" else brief.campaign, kind
        )
        for name, kind in (
            ("brief", "password"),
            ("campaign", "login"),
            ("campaign", "password"),
            ("campaign", "groups"),
        )
    },
}


def common(brief: Any) -> Iterator[str]:
    """Addresses that list, search or count."""
    campaign = brief.campaign.pk
    here = f"{BASE}/briefs/{brief.pk}"
    index = brief.campaign.get_parent()
    yield from (index.url, brief.campaign.url, f"{brief.url}sheet/", "/sitemap.xml")
    yield from (brief.url + state for state in (*GALLERY, f"?q={SOUGHT}"))
    for kind, pk in (("campaigns", campaign), ("briefs", brief.pk)):
        yield f"/crowdbrand/feeds/{kind}/{pk}/"
    public = ("dates.ics", "ledger/", "ledger.json")
    public += ("receipts/", "receipts.txt", "receipts.json")
    yield from (f"/crowdbrand/campaigns/{campaign}/{name}" for name in public)
    yield from (f"{BASE}/campaigns", f"{BASE}/campaigns/{campaign}", here)
    for order in ("shuffled", "newest", "code"):
        yield f"{here}/submissions?order={order}"
    yield from (f"{here}/submissions?{query}" for query in (f"q={SOUGHT}", FILTER))
    for api in WAGTAILS:
        listings = ("", f"?search={SOUGHT}", "?order=-title", "?slug=x")
        yield from (f"{api}/pages/{query}" for query in listings)
        for relation, pk in (("child_of", brief.pk), ("descendant_of", campaign)):
            yield f"{api}/pages/?{relation}={pk}"
        fields = "&fields=*" if api == V2 else ""
        yield f"{api}/pages/?type={TYPE}{fields}"
        yield f"{api}/pages/?type={TYPE}&search={SOUGHT}{fields}"
        yield from (f"{api}/pages/{pk}/" for pk in (brief.pk, campaign))
    yield f"{V2}/images/?fields=*"


def its_own(brief: Any, row: Submission, other: Submission) -> Iterator[str]:
    """Addresses that name it."""
    code, pair = row.code, f"code={row.code}&code={other.code}"
    yield from (f"{brief.url}?code={code}", f"{brief.url}compare/?{pair}")
    yield from (f"/crowdbrand/ideas/{code}/", f"/crowdbrand/ideas/{code}/notice/")
    yield f"/placed/?campaign={brief.campaign.pk}&{pair}"
    yield f"{BASE}/briefs/{brief.pk}/compare?{pair}"
    yield from (f"{BASE}/submissions/{code}", f"{BASE}/submissions/{code}/own")
    yield from (f"/crowdbrand/pictures/{pk}/" for pk in uploads_of(row))
    if row.page_id:
        path = row.page.url_path.removeprefix("/home")
        yield path
        for api in WAGTAILS:
            yield f"{api}/pages/{row.page_id}/"
            yield f"{api}/pages/find/?html_path={path}"
            yield f"{api}/pages/?translation_of={row.page_id}"
            yield f"{api}/pages/?ancestor_of={row.page_id}"
    for image in filter(None, uploads_of(row).values()):
        yield f"{V2}/images/{image}/"


def uploads_of(row: Submission) -> dict[Any, int | None]:
    return dict(row.uploads.values_list("pk", "image"))


def public_names(row: Submission) -> list[str]:
    """Names of the files of its public pictures, without their endings."""
    images = [upload.image for upload in row.uploads.select_related("image")]
    names = [image.file.name.rpartition("/")[2] for image in images if image]
    return [name.rpartition(".")[0] for name in names]


def told(client: Client, urls: list[str], secrets: dict[str, str]) -> set[str]:
    """``<kind> at <url>`` for each secret that is in an answer.

    Who asks for a code may read it in the answer that there is nothing of that code.
    """
    found = set()
    for url in urls:
        body = client.get(url, follow=True).content.decode(errors="replace").lower()
        found |= {
            f"{kind} at {url}"
            for secret, kind in secrets.items()
            if secret.lower() in body and secret.lower() not in url.lower()
        }
    return found


def secrets_of(row: Submission, kind: str, marker: str) -> dict[str, str]:
    secrets = [marker, inside(marker), row.code, *public_names(row)]
    return dict.fromkeys(secrets, kind)


def test_what_must_not_show_is_told_nowhere(brief, client):
    other = shown(brief, "zqother")
    secrets, urls = {}, list(common(brief))
    for kind, make in KINDS.items():
        row = make(brief, f"zq{kind}")
        row = Submission.objects.select_related("page").get(pk=row.pk)
        secrets |= secrets_of(row, kind, f"zq{kind}")
        urls += its_own(brief, row, other)
    assert told(client, urls, secrets) == set()


@pytest.mark.parametrize("name", CLOSED)
def test_what_is_closed_is_told_nowhere(brief, client, name):
    other = shown(factories.make_brief(), "zqother")
    row = shown(brief, "zqclosed")
    urls = [*common(brief), *its_own(brief, row, other)]
    secrets = secrets_of(row, name, "zqclosed")
    CLOSED[name](type(brief).objects.get(pk=brief.pk))
    assert told(client, urls, secrets) == set()


def test_sealed_is_told_nowhere_before_the_reveal(brief, client):
    """Sent while it was open, approved in the clearance after it closed."""
    now, campaign = timezone.now(), brief.campaign
    rows = type(campaign).objects.filter(pk=campaign.pk)
    rows.update(visibility_mode="sealed", reveals_at=now + timedelta(days=9))
    brief = type(brief).objects.get(pk=brief.pk)
    row = waiting(brief, "zqsealed")
    rows.update(closes_at=now - timedelta(hours=1))
    row = Submission.objects.get(pk=row.pk)
    moderating.approve(row, actor=None)
    publishing.publish(row, at=timezone.now())
    row = Submission.objects.get(pk=row.pk)
    assert (row.moderation, row.visible_from) == ("approved", None)
    brief = type(brief).objects.get(pk=brief.pk)
    urls = [*common(brief), *its_own(brief, row, row)]
    secrets = secrets_of(row, "sealed", "zqsealed")
    assert told(client, urls, secrets) == set()


def test_edit_in_review_is_told_nowhere(brief, client):
    row = shown(brief, "zqfirst")
    idea, person = words(brief, "zqedited", row.images)
    submitting.edit(row, idea=idea, person=person, at=timezone.now())
    row.refresh_from_db()
    assert row.get_latest_revision_as_object().title.startswith("zqedited")
    urls = [*common(brief), *its_own(brief, row, row)]
    assert (
        told(client, urls, {"zqedited": "edited", inside("zqedited"): "edited"})
        == set()
    )


#: Addresses that tell nothing of what is on show either: forms, dates, one's own.
SILENT = re.compile(
    r"/notice/$|/ideas/|/own$|dates\.ics$|/ledger|/receipts|/pictures/|\?page=2$|\?slug=x$|images/"
    r"|_of=\d+$|/pages/\d+/$|/briefs/\d+$|/campaigns(/\d+)?$|/calls-\d+/$"
    r"|/campaign-\d+/$"
)


def test_what_is_on_show_is_told_by_each_that_lists_it(brief, client):
    """Or the tests above could not fail."""
    row, other = shown(brief, "zqshown"), shown(brief, "zqother")
    urls = [*common(brief), *its_own(brief, row, other)]
    speaking = [url for url in urls if not SILENT.search(url)]
    heard = told(client, speaking, {"zqshown": "it", inside("zqshown"): "it"})
    assert heard == {f"it at {url}" for url in speaking}
    for api in WAGTAILS:
        for url in (f"?child_of={brief.pk}", f"{row.page_id}/"):
            assert told(client, [f"{api}/pages/{url}"], {"zqshown": "it"})
    private = {answer["value"] for answer in row.answers if answer["label"] != "public"}
    assert private == {inside("zqshown")}
