"""At 100,000 ideas no public page reads a table of ours from end to end."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page
from wagtail.search.models import IndexEntry

from tests import factories
from tests.copies import base36, copy, settle
from wagtail_crowdbrand.domain import (
    keyset,
    moderating,
    publishing,
    revealing,
    searching,
)
from wagtail_crowdbrand.domain.keyset import BY_CODE, NEWEST, Anchor
from wagtail_crowdbrand.models import (
    BriefCounter,
    GalleryFacet,
    GalleryPlace,
    Submission,
    SubmissionPersonal,
    Upload,
)

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

MANY, START = 100_000, 1_000_000
#: The tables that grow with what is on show, and are full here.
GROWING = (
    "submission",
    "submissionpersonal",
    "upload",
    "galleryplace",
    "galleryfacet",
)
OURS = rf"wagtail_crowdbrand_(?:{'|'.join(GROWING)}|pages_submissionpage)"
SCANNED = re.compile(
    rf"Seq Scan on ({OURS}|wagtailcore_page|wagtailsearch_indexentry)\b"
)
CODE = "overlay(lpad(translate(n::text, '01', 'BC'), 8, 'D') placing '-' from 5 for 0)"


@pytest.fixture
def searchable(db):
    """Before anything is written: what is changed after may hide a younger index."""
    searching.set_up()


@pytest.fixture
def shown(searchable, ready):
    row = factories.make_waiting(factories.make_brief(min_images=0))
    moderating.approve(row, actor=factories.make_moderator())
    publishing.publish(row, at=timezone.now())
    return Submission.objects.select_related("page").get(pk=row.pk)


def fill(first: Submission) -> None:
    """``MANY`` copies of an idea on show, each with page, picture, place and facets."""
    page, parent = first.page.specific, first.brief
    own = {"submission_id": f"{START} + n"}
    slug = "'idea-' || n"
    copy(
        type(first.page),
        page.pk,
        MANY,
        start=START,
        path=f"'{parent.path}' || {base36('1 + n')}",
        slug=slug,
        url_path=f"'{parent.url_path}' || {slug} || '/'",
        translation_key="md5(n::text)::uuid",
    )
    copy(type(page), page.pk, MANY, start=START, page_ptr_id=f"{START} + n")
    copy(
        Submission,
        first.pk,
        MANY,
        start=START,
        code=CODE,
        page_id=f"{START} + n",
        visible_from="visible_from - n * interval '1 second'",
    )
    copy(SubmissionPersonal, first.pk, MANY, start=START)
    copy(GalleryPlace, first.pk, MANY, start=START, rank="n")
    copy(Upload, first.uploads.get().pk, MANY, id="md5('u' || n)::uuid", **own)
    for number, facet in enumerate(first.facets.all()):
        copy(GalleryFacet, facet.pk, MANY, start=START * (number + 1), **own)
    BriefCounter.objects.update(visible_count=MANY + 1)
    fill_search(page)
    own = (f"wagtail_crowdbrand_{name}" for name in GROWING)
    settle(*own, type(page)._meta.db_table, "wagtailcore_page")


def fill_search(page: Page) -> None:
    """One page in two hundred has the word "zebra"."""
    entries = IndexEntry.objects.filter(object_id=str(page.pk))
    zebra = "setweight(to_tsvector('zebra'), 'A')"
    for number, entry in enumerate(entries):
        copy(
            IndexEntry,
            entry.pk,
            MANY,
            start=START * (number + 1),
            object_id=f"({START} + n)::text",
            title=f"CASE WHEN n % 200 = 0 THEN title || {zebra} ELSE title END",
        )
    settle(IndexEntry._meta.db_table)


def addresses(first: Submission) -> dict[str, str]:
    """All public reads."""
    brief = first.brief
    codes = Submission.objects.filter(pk__gt=START).values_list("code", flat=True)[:3]
    middle = Submission.objects.get(pk=START + MANY // 2)
    newest = Anchor(NEWEST, keyset.where(middle, NEWEST))
    by_code = Anchor(BY_CODE, keyset.where(middle, BY_CODE))
    chosen = "&".join(f"code={code}" for code in [first.code, *codes])
    api = f"/crowdbrand/api/v1/briefs/{brief.pk}"
    return {
        "gallery": brief.url,
        "gallery, deep": f"{brief.url}?page=700",
        "newest": f"{brief.url}?order=newest",
        "newest, deep": f"{brief.url}?order=newest&page=50",
        "newest, beyond": f"{brief.url}?order=newest&page=400&from={newest}",
        "by code": f"{brief.url}?order=code",
        "by code, beyond": f"{brief.url}?order=code&page=400&from={by_code}",
        "filter": f"{brief.url}?picture=yes",
        "search": f"{brief.url}?q=zebra",
        "compare": f"{brief.url}compare/?{chosen}",
        "sheet": f"{brief.url}sheet/",
        "sheet, beyond": f"{brief.url}sheet/?order=code&page=70&from={by_code}",
        "submission": first.page.url,
        "campaign": brief.campaign.url,
        "index": brief.campaign.get_parent().url,
        "brief feed": f"/crowdbrand/feeds/briefs/{brief.pk}/",
        "campaign feed": f"/crowdbrand/feeds/campaigns/{brief.campaign.pk}/",
        "API": f"{api}/submissions",
        "API, newest": f"{api}/submissions?order=newest",
        "API, by code": f"{api}/submissions?order=code",
        "API, one": f"/crowdbrand/api/v1/submissions/{first.code}",
        "API, brief": api,
        "API, compare": f"{api}/compare?{chosen}",
        "ready": "/crowdbrand/health/ready/",
    }


def scanned(queries: list[str]) -> list[str]:
    """Tables that these queries would read from end to end."""
    found = []
    with connection.cursor() as cursor:
        for sql in queries:
            if sql.startswith("SELECT"):
                cursor.execute(f"EXPLAIN {sql}")
                plan = "\n".join(line for (line,) in cursor.fetchall())
                found += [(table, sql) for table in SCANNED.findall(plan)]
    return found


def test_no_public_read_goes_through_a_whole_table(shown, client):
    fill(shown)
    found = {}
    for name, address in addresses(shown).items():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200, name
        found[name] = scanned([row["sql"] for row in queries])
    found["tick"] = scanned([str(revealing.unfinished().query)])
    # To join what it found Wagtail compares ids as text, which no index knows.
    found["search"] = [
        (table, sql)
        for table, sql in found["search"]
        if table != shown.page.specific_class._meta.db_table
    ]
    assert {name: tables for name, tables in found.items() if tables} == {}
