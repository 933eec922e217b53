"""A site with many ideas: one goes the whole way, the others are its copies.

``python -m tests.bench.seeding <number>`` seeds the database of the settings, proves
that all invariants hold, and prints as JSON what is to be asked for.
"""

from __future__ import annotations

import json
import os
import sys
from io import BytesIO
from typing import Any

import django

ROWS = 12
#: Ideas in review, for each that is on show.
WAITING_SHARE = 10
LEAST_WAITING = 200
#: Up to here the doctor is asked, too.
DOCTORED = 1_000
#: Ids of copies begin here; what waits, and what is plain, beyond.
SHOWN, WAITING, PLAIN = 1_000_000, 5_000_000, 9_000_000
WORDS = (
    "A lamp that knows the sea: it glows when the last boat comes home, grows dim when "
    "the harbour sleeps, and carries the name of the line on its brass foot. People "
    "see it from the quay, point at it, and say the name without being told. It can be "
    "drawn by a child in four lines, cut out of tin, printed on a ticket, or painted "
    "on a hull. It needs no words, but it takes them well, in two colours or in one."
)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.settings")
    django.setup()
    from django.db import connection, transaction

    number = int(sys.argv[1])
    with transaction.atomic():
        root = _superuser()
        brief, shown, waiting = _firsts(root)
    _work()
    shown.refresh_from_db()
    waiting.refresh_from_db()
    index, idea = _plain_firsts(shown)
    with transaction.atomic():
        _copy_shown(shown, number - 1)
        _copy_waiting(waiting, max(number // WAITING_SHARE, LEAST_WAITING))
        _copy_plain(idea, number - 1)
        _copy_bare(number)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    _prove(number)
    facts = _facts(root, brief, index, number)
    sys.stdout.write(json.dumps(facts) + "\n")


def _superuser() -> Any:
    from django.contrib.auth.models import User

    return User.objects.create_superuser("root", "root@example.org", "secret")


def _firsts(root: Any) -> tuple[Any, Any, Any]:
    """A brief, an idea on show in it (once tasks have run), and one in review."""
    from django.utils import timezone

    from tests import factories
    from wagtail_crowdbrand.domain import (
        drafting,
        ingesting,
        moderating,
        searching,
        setup,
        submitting,
        terms,
    )

    setup.set_up()
    searching.set_up()
    brief = factories.make_brief(title="A mark for the ferry", max_per_contributor=100)
    now = timezone.now()
    draft = factories.make_draft(brief, pictures_count=0, title="Idea 0", summary=WORDS)
    picture = factories.picture_bytes((2000, 1400), "JPEG")
    upload = ingesting.add_upload(draft, BytesIO(picture), at=now)
    idea = drafting.Idea(
        title="Idea 0",
        summary=WORDS,
        images=[{"upload": str(upload.pk), "alt": "A lamp on a quay"}],
    )
    drafting.save_draft(draft, idea=idea, at=now)
    version = terms.current_version(draft.campaign, at=now)
    sent = submitting.submit(draft, terms_number=version.number, at=now)
    shown = submitting.confirm(sent, at=now)
    moderating.start(shown)
    moderating.approve(shown, actor=root)
    waiting = factories.make_waiting(brief, pictures_count=0, summary=WORDS)
    return brief, shown, waiting


def _work() -> None:
    """What tasks do: publish, make renditions, index."""
    from django.core.management import call_command

    call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)


def _plain_firsts(shown: Any) -> tuple[Any, Any]:
    from wagtail.models import Site

    from tests.bench.plain.models import IdeaIndexPage, IdeaPage

    home = Site.objects.get(is_default_site=True).root_page
    index = home.add_child(instance=IdeaIndexPage(title="Ideas", slug="plain"))
    image = shown.uploads.get().image
    idea = index.add_child(
        instance=IdeaPage(
            title="Idea 0", slug="idea-0", summary=WORDS, credit="Ada", image=image
        )
    )
    idea.save_revision().publish()
    return index, IdeaPage.objects.get(pk=idea.pk)


def _code(start: int) -> str:
    """SQL: a code of our alphabet for ``n``, no two alike and in no order."""
    from wagtail_crowdbrand.models.submission import CODE_ALPHABET

    size = len(CODE_ALPHABET)
    value = f"(((n + {start})::bigint * 2654435761) % {size**8})"
    letters = [
        f"substr('{CODE_ALPHABET}', ({value} / {size**place} % {size})::int + 1, 1)"
        for place in range(8)
    ]
    return " || ".join([*letters[:4], "'-'", *letters[4:]])


def _copy_shown(first: Any, count: int) -> None:
    from wagtail_crowdbrand.models import BriefCounter

    _copy_people(first, count, SHOWN)
    _copy_review(first, count, SHOWN)
    _copy_pages(first, count)
    _copy_pictures(first, count)
    upload = first.uploads.get()
    new = "md5('upload' || n)::uuid::text"
    _copy_rows(
        first,
        count,
        SHOWN,
        page_id=f"{SHOWN} + n",
        live_revision_id=f"{SHOWN} + n",
        shown_revision_id=f"{SHOWN} + n",
        language="CASE WHEN n % 10 = 0 THEN 'de' ELSE 'en' END",
        images=f"replace(images::text, '{upload.pk}', {new})::jsonb",
        visible_from="visible_from - n * interval '1 second'",
    )
    _copy_places(first, count)
    BriefCounter.objects.filter(pk=first.brief_key).update(visible_count=count + 1)


def _copy_people(first: Any, count: int, start: int) -> None:
    from tests.copies import copy
    from wagtail_crowdbrand.models import Contributor

    copy(
        Contributor,
        first.contributor_id,
        count,
        start=start,
        email=f"'p' || ({start} + n) || '@example.org'",
        name="'Person ' || n",
        name_key="'person ' || n",
    )


def _copy_rows(first: Any, count: int, start: int, **columns: str) -> None:
    from tests.copies import copy
    from wagtail_crowdbrand.models import Submission, SubmissionPersonal

    copy(
        Submission,
        first.pk,
        count,
        start=start,
        code=_code(start),
        contributor_id=f"{start} + n",
        title="'Idea ' || n",
        title_key="'idea ' || n",
        latest_revision_id=f"{start} + n",
        submitted_at="submitted_at - n * interval '1 minute'",
        nonce=f"md5(({start} + n)::text)",
        **columns,
    )
    copy(SubmissionPersonal, first.pk, count, start=start)


def _copy_review(first: Any, count: int, start: int) -> None:
    """Its revision, its workflow and what was decided."""
    from wagtail.models import Revision, TaskState, WorkflowState

    from tests.copies import copy
    from wagtail_crowdbrand.models import Decision

    state = WorkflowState.objects.get(
        object_id=str(first.pk), base_content_type=first.get_base_content_type()
    )
    task = TaskState.objects.get(workflow_state=state)
    own = f"({start} + n)::text"
    pk = f"replace(content::text, '\"pk\": {first.pk}', '\"pk\": ' || {own})"
    for upload in first.uploads.all():
        pk = f"replace({pk}, '{upload.pk}', md5('upload' || n)::uuid::text)"
    columns = {"object_id": own, "content": f"({pk})::jsonb"}
    copy(Revision, first.latest_revision_id, count, start=start, **columns)
    current = f"{start} + n" if state.current_task_state_id == task.pk else "NULL"
    columns = {"object_id": own, "current_task_state_id": current}
    copy(WorkflowState, state.pk, count, start=start, **columns)
    columns = {"workflow_state_id": f"{start} + n", "revision_id": f"{start} + n"}
    copy(TaskState, task.pk, count, start=start, **columns)
    for decision in first.decisions.all():
        copy(Decision, decision.pk, count, start=start, submission_id=f"{start} + n")


def _copy_pages(first: Any, count: int) -> None:
    slug = f"'idea-' || n || '-' || lower({_code(SHOWN)})"
    _copy_tree(first.page.specific, count, SHOWN, slug=slug, revision=SHOWN + 2 * 10**6)


def _copy_tree(page: Any, count: int, start: int, *, slug: str, revision: int) -> None:
    """Pages beside ``page``, their revisions, and what search knows of them."""
    from django.contrib.contenttypes.models import ContentType
    from wagtail.models import Page, Revision
    from wagtail.search.models import IndexEntry

    from tests.copies import base36, copy

    parent = page.get_parent()
    path = f"'{parent.path}' || {base36('1 + n')}"
    url_path = f"'{parent.url_path}' || {slug} || '/'"
    words = {"title": "'Idea ' || n", "slug": slug}
    tree = words | {"path": path, "url_path": url_path}
    pairs = ", ".join(f"'{name}', {value}" for name, value in tree.items())
    content = f"content || jsonb_build_object('pk', {start} + n, {pairs})"
    copy(
        Revision,
        page.latest_revision_id,
        count,
        start=revision,
        object_id=f"({start} + n)::text",
        content=content,
    )
    copy(
        Page,
        page.pk,
        count,
        start=start,
        **tree,
        draft_title=words["title"],
        translation_key=f"md5('page' || ({start} + n))::uuid",
        latest_revision_id=f"{revision} + n",
        live_revision_id=f"{revision} + n",
        first_published_at="first_published_at - n * interval '1 second'",
    )
    own = {"page_ptr_id": f"{start} + n"}
    copy(type(page), page.pk, count, start=start, **own)
    Page.objects.filter(pk=parent.pk).update(numchild=count + 1)
    types = ContentType.objects.get_for_models(Page, type(page)).values()
    entries = IndexEntry.objects.filter(object_id=str(page.pk), content_type__in=types)
    found = (
        "CASE WHEN n % 200 = 0 THEN setweight(to_tsvector('zebra'), 'A') ELSE '' END"
    )
    for number, entry in enumerate(entries):
        copy(
            IndexEntry,
            entry.pk,
            count,
            start=start + number * 10**6,
            object_id=f"({start} + n)::text",
            title=f"title || {found}",
        )


def _copy_pictures(first: Any, count: int) -> None:
    """An image and renditions each; only the files are shared."""
    from wagtail.images import get_image_model

    from tests.copies import copy
    from wagtail_crowdbrand.models import Upload

    upload = first.uploads.get()
    image = get_image_model()
    copy(image, upload.image_id, count, start=SHOWN)
    for number, rendition in enumerate(upload.image.renditions.all()):
        start = SHOWN + number * 200_000
        model = image.get_rendition_model()
        copy(model, rendition.pk, count, start=start, image_id=f"{SHOWN} + n")
    copy_upload = {
        "id": "md5('upload' || n)::uuid",
        "submission_id": f"{SHOWN} + n",
        "image_id": f"{SHOWN} + n",
    }
    copy(Upload, upload.pk, count, **copy_upload)


def _copy_places(first: Any, count: int) -> None:
    from tests.copies import copy
    from wagtail_crowdbrand.models import GalleryFacet, GalleryPlace

    copy(GalleryPlace, first.pk, count, start=SHOWN, rank="n")
    for number, facet in enumerate(first.facets.all()):
        value = '"value"'
        if facet.field == "language":
            value = "CASE WHEN n % 10 = 0 THEN 'de' ELSE 'en' END"
        start = SHOWN + number * 200_000
        own = {"submission_id": f"{SHOWN} + n", "value": value}
        copy(GalleryFacet, facet.pk, count, start=start, **own)


def _copy_waiting(first: Any, count: int) -> None:
    _copy_people(first, count, WAITING)
    _copy_review(first, count, WAITING)
    _copy_rows(first, count, WAITING)


def _copy_plain(first: Any, count: int) -> None:
    from django.db.models import F

    from tests.bench.plain.models import IdeaPage

    slug, revision = "'idea-' || n", PLAIN + 2 * 10**6
    _copy_tree(first, count, PLAIN, slug=slug, revision=revision)
    IdeaPage.objects.filter(pk__gt=PLAIN).update(image_id=F("pk") - PLAIN + SHOWN)


def _copy_bare(count: int) -> None:
    from django.utils import timezone

    from tests.bench.plain.models import Row
    from tests.copies import copy

    first = Row.objects.create(
        title="Idea 0",
        summary=WORDS,
        credit="by Ada Example",
        image="/media/images/lamp.max-480x480.jpg",
        width=480,
        height=336,
        made_at=timezone.now(),
    )
    words = {"title": "'Idea ' || n", "made_at": "made_at - n * interval '1 second'"}
    copy(Row, first.pk, count - 1, **words)


def _prove(number: int) -> None:
    """Everything that must hold between rows does; fails else.

    The doctor looks at each page and file, which takes long where there are many.
    """
    from django.core.management import call_command

    call_command("crowdbrand_recount", check=True, stdout=sys.stderr)
    if number <= DOCTORED:
        call_command("crowdbrand_doctor", stdout=sys.stderr)


def _facts(root: Any, brief: Any, index: Any, number: int) -> dict[str, Any]:
    from django.test import Client
    from django.utils import timezone

    from wagtail_crowdbrand.domain import terms
    from wagtail_crowdbrand.models import Submission

    client = Client()
    client.force_login(root)
    rows = Submission.objects.filter(visible_from__isnull=False).order_by("-pk")[:ROWS]
    some = list(rows.select_related("page"))
    waiting = Submission.objects.filter(moderation="pending").order_by("-pk")
    campaign = brief.campaign
    return {
        "number": number,
        "session": client.cookies["sessionid"].value,
        "brief_id": brief.pk,
        "brief": brief.url,
        "campaign": campaign.url,
        "index": campaign.get_parent().url,
        "terms": terms.current_version(campaign, at=timezone.now()).number,
        "codes": [row.code for row in some],
        "pages": [f"{brief.url}{row.page.slug}/" for row in some],
        "waiting": list(waiting.values_list("pk", "latest_revision_id")[:180]),
        "plain_id": index.pk,
        "plain": index.url,
        "plain_pages": [f"{index.url}idea-{place}/" for place in range(1, ROWS)],
    }


if __name__ == "__main__":
    main()
