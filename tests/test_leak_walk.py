"""Somebody walks everywhere looking for what is sealed, before the reveal and after.

Every field, file name and mail of one submission carries a word of its own. The walk
follows each link it finds, from the site, the admin, the API, feeds and the sitemap,
and asks every address of ours that the permission table knows.
"""

from __future__ import annotations

import re
from collections import deque
from datetime import timedelta
from io import BytesIO
from urllib.parse import urldefrag, urljoin

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from tests import factories
from tests.test_permission_table import BULK, OVERVIEW, ROWS
from wagtail_crowdbrand.domain import (
    drafting,
    ingesting,
    moderating,
    submitting,
    terms,
    unsealing,
)
from wagtail_crowdbrand.models import Submission, Upload

pytestmark = [pytest.mark.django_db, pytest.mark.doors]

#: What is searched for; the words themselves go on, so that a search form that repeats
#: the query is no leak.
SOUGHT = "zqxj"
PUBLIC_WORDS = ("title", "summary", "link", "alt", "answer", "credit", "coauthor")
PRIVATE_WORDS = ("thirdparty", "jury", "staff", "email", "filename", "metadata")
#: Pages of Wagtail that have nothing to do with anybody's ideas, and are many.
DULL = re.compile(
    r"^/(static|media|avatar)/|/bulk/wagtail|/logout/|/jsi18n|/sprite|/styleguide/"
    r"|/admin/pages/(add|\d+/(copy|move|delete|unpublish|convert|aliases))"
    r"|/admin/(account|collections|redirects|sites|locales|users|groups|docs)"
    r"|/admin/reports/aging"
    r"|[?&](ordering|p|per_page|export_columns)="
)
FAR = 60
HOUR = timedelta(hours=1)


def word(name: str) -> str:
    return f"{SOUGHT}{name}end"


def picture() -> BytesIO:
    """With the word in its metadata, too."""
    information, file = PngInfo(), BytesIO()
    information.add_text("Comment", word("metadata"))
    Image.new("RGB", (60, 40), (9, 9, 9)).save(file, "PNG", pnginfo=information)
    file.seek(0)
    return file


@pytest.fixture
def brief(ready):
    questions = [
        (
            "short_text",
            {
                "label": "Q",
                "visibility": visibility,
                "personal": False,
                "help_text": "",
                "required": False,
            },
        )
        for visibility in ("public", "jury", "staff")
    ]
    campaign = factories.make_sealed_campaign(title="Sealed call")
    return factories.make_brief(campaign, answer_fields=questions)


@pytest.fixture
def sealed(brief, commits, own_folders) -> Submission:
    now = timezone.now()
    draft = drafting.start_draft(brief, language="en", at=now)
    upload = ingesting.add_upload(draft, picture(), at=now)
    Upload.objects.filter(pk=upload.pk).update(name=f"{word('filename')}.png")
    names = {"public": "answer", "jury": "jury", "staff": "staff"}
    answers = [
        {
            "field": field.id,
            "label": field.value["label"],
            "kind": field.block_type,
            "visibility": field.value["visibility"],
            "value": word(names[field.value["visibility"]]),
        }
        for field in brief.answer_fields
    ]
    idea = drafting.Idea(
        title=f"{SOUGHT} {word('title')}",
        summary=word("summary"),
        link=f"https://example.com/{word('link')}",
        third_party=word("thirdparty"),
        language="en",
        answers=answers,
        images=[{"upload": str(upload.pk), "alt": word("alt")}],
    )
    person = drafting.Person(
        email=f"{word('email')}@example.org",
        credit_name=word("credit"),
        co_authors=word("coauthor"),
    )
    drafting.save_draft(draft, idea=idea, person=person, at=now)
    number = terms.current_version(draft.campaign, at=now).number
    with commits():
        row = submitting.submit(
            Submission.objects.get(pk=draft.pk), terms_number=number, at=now
        )
        row = submitting.confirm(row, at=now)
    return row


@pytest.fixture
def people(ready) -> dict[str, Client]:
    other = factories.make_workflow()
    factories.make_campaign(moderation_workflow=other)
    editor = User.objects.create_user("editor")
    editor.groups.add(*Group.objects.filter(name__in=["Moderators", "Editors"]))
    users = {
        "editor": editor,
        "foreign moderator": factories.make_moderator(other),
        "moderator": factories.make_moderator(),
        "superuser": User.objects.create_superuser("root", "root@example.org", "x"),
    }
    clients = {"anonymous": Client()}
    for name, user in users.items():
        clients[name] = Client()
        clients[name].force_login(user)
        clients[name].user = user
    return clients


def beginnings(submission: Submission) -> list[str]:
    brief, campaign = submission.brief, submission.campaign
    api = "/crowdbrand/api/v1"
    page = brief.url
    return [
        campaign.get_parent().url,
        campaign.url,
        page,
        *(f"{page}?order={order}" for order in ("newest", "code")),
        f"{page}?q={SOUGHT}",
        f"{page}compare/?code={submission.code}&code={submission.code}",
        f"{page}sheet/",
        f"{page}{submission.code.lower()}/",
        "/sitemap.xml",
        f"{api}/openapi.json",
        f"{api}/campaigns",
        f"{api}/campaigns/{campaign.pk}",
        f"{api}/briefs/{brief.pk}",
        f"{api}/briefs/{brief.pk}/submissions?q={SOUGHT}",
        f"{api}/briefs/{brief.pk}/submissions?order=newest",
        f"{api}/briefs/{brief.pk}/compare?codes={submission.code}",
        f"{api}/submissions/{submission.code}",
        "/admin/",
        f"/admin/pages/{campaign.pk}/",
        f"/admin/pages/{brief.pk}/",
        f"/admin/pages/search/?q={SOUGHT}",
        f"/admin/images/?q={SOUGHT}",
        "/admin/images/",
        "/admin/images/chooser/",
        f"/admin/choose-page/search/?q={SOUGHT}",
        f"/admin/choose-page/{brief.pk}/",
        f"{reverse('wagtailsnippets_wagtail_crowdbrand_submission:list')}?q={SOUGHT}",
        f"{reverse('crowdbrand_contributors:index')}?q={SOUGHT}",
        "/admin/reports/site-history/",
        "/admin/reports/workflow/",
        "/admin/reports/workflow_tasks/",
        "/admin/api/main/pages/?type=wagtail_crowdbrand_pages.SubmissionPage",
        "/admin/api/main/images/",
        *(f"{address}?export=csv" for address in journals()),
        *ours(submission),
    ]


def journals() -> list[str]:
    names = [name for name in ROWS if name.startswith("crowdbrand_journals")]
    return [reverse(name) for name in names]


def ours(submission: Submission):
    """Each address of ours that takes no more than this submission."""
    known = {
        "": [],
        "code": [submission.code],
        "pk": [submission.pk],
        "campaign": [submission.campaign_page_id],
        "brief": [submission.brief_page_id],
        "upload": [submission.uploads.get().pk],
        "contributor": [submission.contributor_id],
    }
    for name, (words, _allowed) in ROWS.items():
        if words in known and not name.startswith(BULK):
            yield reverse(name, args=known[words])
    for action in ("approve", "reject", "hide"):
        address = reverse(BULK, args=["wagtail_crowdbrand", "submission", action])
        yield f"{address}?id={submission.pk}"
        yield f"{address}?id=all&q={SOUGHT}"


def walk(client: Client, submission: Submission) -> dict[str, bytes]:
    """Address → what came, for all that can be reached by following links."""
    ahead = deque(beginnings(submission))
    seen: dict[str, bytes] = {}
    begun = len(ahead)
    while ahead and len(seen) < begun + FAR:
        address = ahead.popleft()
        if address in seen or DULL.search(address):
            continue
        response = client.get(address)
        seen[address] = response.getvalue()
        if "location" in response:
            ahead.append(here(address, response["location"]))
        if "html" in response.get("Content-Type", ""):
            text = seen[address].decode(errors="replace")
            links = re.findall(r"""(?:href|src|action)=["']([^"'#]+)""", text)
            ahead.extend(here(address, link) for link in links if local(link))
    return seen


def local(link: str) -> bool:
    return link.startswith(("/", "?", "http://testserver/"))


def here(address: str, link: str) -> str:
    whole = urldefrag(urljoin(f"http://testserver{address}", link)).url
    return whole.replace("&amp;", "&").removeprefix("http://testserver")


def told(seen: dict[str, bytes], words) -> set[tuple[str, str]]:
    """Address and word of each leak."""
    return {
        (address, name)
        for address, content in seen.items()
        for name in words
        if word(name).encode() in content.lower()
    }


def naming(seen: dict[str, bytes], submission: Submission) -> list[str]:
    """Addresses that tell its code to somebody who did not ask for it by its code."""
    code = submission.code
    asked = (code, code.lower(), f"id={submission.pk}")
    return [
        address
        for address, content in seen.items()
        if code.encode() in content and not any(part in address for part in asked)
    ]


def files(folder) -> list:
    return [path for path in folder.rglob("*") if path.is_file()]


ALL_WORDS = PUBLIC_WORDS + PRIVATE_WORDS


def test_nothing_leaks_before_the_reveal_and_everything_shows_after(
    sealed, people, commits, time_machine, mailoutbox, caplog, own_folders
):
    campaign = sealed.campaign
    moderator = people["moderator"].user

    # While ideas come in, the seal is closed to its moderators, too.
    for name, client in people.items():
        seen = walk(client, sealed)
        assert len(seen) > 60, name
        assert told(seen, ALL_WORDS) == set(), name
        if name in ("anonymous", "editor", "foreign moderator"):
            assert naming(seen, sealed) == [], name

    # In the clearance its moderators review it, and nobody else.
    time_machine.move_to(campaign.closes_at + HOUR)
    with commits():
        call_command("crowdbrand_tick", verbosity=0)
        moderating.approve(Submission.objects.get(pk=sealed.pk), actor=moderator)
    for name in ("editor", "superuser"):
        seen = walk(people[name], sealed)
        assert told(seen, ALL_WORDS) == set(), name
    look = reverse("crowdbrand_desk:look", args=[sealed.pk])
    assert told({look: people["moderator"].get(look).content}, ["title"])

    mine = f"{word('email')}@example.org"
    others = [mail for mail in mailoutbox if mail.to != [mine]]
    text = " ".join(f"{mail.subject} {mail.body} {mail.to}" for mail in others)
    assert not [name for name in ALL_WORDS if word(name) in text.lower()]
    assert not [name for name in ALL_WORDS if word(name) in caplog.text.lower()]
    assert files(own_folders / "media") == []

    # Whoever breaks the seal looks, and the ledger says so.
    root = people["superuser"]
    unsealing.break_seal(
        campaign, actor=root.user, reason="A court asks.", at=timezone.now()
    )
    assert told({look: root.get(look).content}, ["title"])

    # After the reveal it is everywhere it should be, and only what is public.
    time_machine.move_to(campaign.reveals_at)
    with commits():
        call_command("crowdbrand_tick", verbosity=0)
    seen = walk(people["anonymous"], sealed)
    leaks = told(seen, PRIVATE_WORDS)
    assert leaks == set()
    outlets = {address for address, _name in told(seen, ["title"])}
    brief = sealed.brief
    row = Submission.objects.get(pk=sealed.pk)
    assert {
        brief.url,
        f"{brief.url}?order=newest",
        f"{brief.url}?q={SOUGHT}",
        f"{brief.url}sheet/",
        row.page.url,
        "/sitemap.xml",
        f"/crowdbrand/api/v1/submissions/{row.code}",
        f"/crowdbrand/api/v1/briefs/{brief.pk}/submissions?q={SOUGHT}",
        reverse("wagtail_crowdbrand:brief_feed", args=[brief.pk]),
        reverse("wagtail_crowdbrand:campaign_feed", args=[campaign.pk]),
    } <= outlets
    page = {row.page.url: seen[row.page.url]}
    assert {name for _address, name in told(page, PUBLIC_WORDS)} == set(PUBLIC_WORDS)


def test_number_is_secret_too(sealed, people):
    overview = reverse(f"{OVERVIEW}:campaign", args=[sealed.campaign_page_id])
    for name in ("editor", "superuser"):
        text = people[name].get(overview).content.decode()
        assert "nobody outside the review knows how many" in text, name
        assert "cb-figures" not in text, name


def test_editors_see_the_number_where_it_is_no_secret(ready, people):
    campaign = factories.make_sealed_campaign(seal_hides_count=False)
    factories.make_confirmed(factories.make_brief(campaign))
    overview = reverse(f"{OVERVIEW}:campaign", args=[campaign.pk])
    assert "cb-figures" in people["editor"].get(overview).content.decode()
