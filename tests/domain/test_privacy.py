"""A copy of everything, and nothing left: what people may ask of us."""

from __future__ import annotations

import json
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import User
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from wagtail.images import get_image_model
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry, PageLogEntry, ReferenceIndex

from tests import factories
from wagtail_crowdbrand.domain import (
    appealing,
    drafting,
    gallery,
    invariants,
    moderating,
    noticing,
    privacy,
    submitting,
    terms,
    upkeep,
)
from wagtail_crowdbrand.errors import Conflict, NotAllowed
from wagtail_crowdbrand.models import (
    BriefCounter,
    Contributor,
    GalleryPlace,
    Submission,
    SubmissionPersonal,
    Upload,
)
from wagtail_crowdbrand.pages.models import SubmissionPage

pytestmark = pytest.mark.django_db

PRIVATE = Path(settings.STORAGES["crowdbrand_private"]["OPTIONS"]["location"])
FOLDERS = [Path(settings.MEDIA_ROOT), PRIVATE]
EMAIL = "zyxmark.mail@example.org"
MARK = "zyxmark"


def idea(draft, name: str) -> drafting.Idea:
    """Every field a person can fill, each with a marker."""

    def answer(field: str, **extra: str) -> dict[str, str]:
        words = {"label": "Q", "kind": "short_text", "visibility": "staff"} | extra
        return {"field": field, "value": f"{MARK} {field} {name}", **words}

    return drafting.Idea(
        title=f"{MARK} title {name}",
        summary=f"{MARK} summary {name}",
        link=f"https://{MARK}.example/{name}",
        third_party=f"{MARK} third party {name}",
        language="de",
        answers=[answer("answer", visibility="public")],
        personal_answers=[answer("personal")],
        images=[
            {"upload": str(upload.pk), "alt": f"{MARK} alt {name}"}
            for upload in draft.uploads.all()
        ],
    )


def person(email: str = EMAIL) -> drafting.Person:
    return drafting.Person(
        email=email,
        credit_name=f"{MARK} credit",
        co_authors=f"{MARK} co-author",
    )


def draft_of(brief, name: str, email: str = EMAIL) -> Submission:
    now = timezone.now()
    draft = drafting.start_draft(brief, language="de", at=now)
    factories.ingesting.add_upload(draft, BytesIO(factories.picture_bytes()), at=now)
    drafting.save_draft(
        draft,
        idea=idea(draft, name),
        person=person(email),
        suspicion=f"{MARK} suspicion",
        at=now,
    )
    return Submission.objects.get(pk=draft.pk)


def sent_of(brief, name: str, user=None, email: str = EMAIL) -> Submission:
    draft, now = draft_of(brief, name, email), timezone.now()
    number = terms.current_version(draft.campaign, at=now).number
    return submitting.submit(draft, user=user, terms_number=number, at=now)


def waiting_of(brief, name: str, **kwargs) -> Submission:
    row = submitting.confirm(sent_of(brief, name, **kwargs), at=timezone.now())
    return Submission.objects.get(pk=row.pk)


def tick(commits) -> None:
    with time_machine.travel(timezone.now() + timedelta(hours=1), tick=True), commits():
        call_command("crowdbrand_tick")


@pytest.fixture
def brief(ready):
    return factories.make_brief(max_per_contributor=10)


@pytest.fixture
def life(brief, commits):
    """A person in every state, in two briefs, and somebody else among them."""
    moderator = factories.make_moderator()
    other_brief = factories.make_brief(max_per_contributor=10)

    def decide(row: Submission, deed: str, **kwargs) -> Submission:
        row.refresh_from_db()
        with commits():
            getattr(moderating, deed)(row, actor=moderator, **kwargs)
        row.refresh_from_db()
        return row

    def waiting(name: str, **kwargs) -> Submission:
        with commits():
            return waiting_of(kwargs.pop("brief", brief), name, **kwargs)

    why = f"{MARK} reason"
    rows = {"visible": decide(waiting("visible"), "approve")}
    with commits():
        others = [factories.make_waiting(brief, title=f"Other {n}") for n in (1, 2)]
    rows["other"] = decide(others[0], "approve")
    rows["edited"] = decide(waiting("edited", brief=other_brief), "approve")
    with commits():
        changed = idea(rows["edited"], "changed")
        submitting.edit(
            rows["edited"], idea=changed, person=person(), at=timezone.now()
        )
    rows["asked"] = decide(waiting("asked"), "request_changes", reason=why)
    rows["rejected"] = decide(waiting("rejected"), "reject", reason=why)
    rows["spam"] = decide(waiting("spam"), "mark_as_spam", reason=why)
    hidden = decide(waiting("hidden"), "approve")
    rows["hidden"] = decide(hidden, "hide", reason=why)
    with commits():
        rows["withdrawn"] = waiting("withdrawn", brief=other_brief)
        submitting.withdraw(rows["withdrawn"], at=timezone.now())
    rows["last"] = decide(others[1], "approve")
    rows["waiting"] = waiting("waiting")
    with commits():
        rows["unconfirmed"] = sent_of(brief, "unconfirmed", email=EMAIL.upper())
    rows["draft"] = draft_of(brief, "draft")
    return rows


@pytest.fixture
def pair(brief, commits):
    """Something visible of a person, and of somebody else."""
    moderator = factories.make_moderator()
    with commits():
        mine = waiting_of(brief, "visible")
        other = factories.make_waiting(brief, title="Other 1")
    with commits():
        for row in (mine, other):
            row.refresh_from_db()
            moderating.approve(row, actor=moderator)
    mine.refresh_from_db()
    other.refresh_from_db()
    return {"visible": mine, "other": other}


def quarrel(noticed: Submission, refused: Submission) -> None:
    """What others say about a person's idea, and what the person says to a decision."""
    now, actor = timezone.now(), factories.make_moderator()
    problem = noticing.Problem(
        reason_code="rights", person="somebody", text=f"{MARK} took it from me"
    )
    noticing.give_notice(noticed, problem, at=now)
    answer = f"{MARK} did not"
    noticing.settle(noticed, outcome="dismissed", actor=actor, answer=answer, at=now)
    appeal = appealing.appeal(refused, text=f"{MARK} objects", at=now)
    appealing.settle(appeal, outcome="upheld", actor=actor, answer=answer, at=now)


def spread(submission: Submission) -> None:
    """What editors and Wagtail leave behind about a visible submission."""
    page = SubmissionPage.objects.get(pk=submission.page_id)
    page.curators_note = f"{MARK} note"
    page.save_revision(log_action=True)
    log(page, "wagtail.rename", data={"title": {"old": MARK, "new": MARK}})
    image = submission.uploads.get().image
    image.title = f"{MARK} picture"
    image.save()
    log(image, "wagtail.edit", data={"x": MARK})


def whole_database() -> str:
    """Every row of every table and model, as text.

    Left out are sessions, which hold codes, and the inner tables of SQLite's full-text
    search: like free pages, they keep deleted words until they are merged.
    """
    lines = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table == "django_session" or table.endswith(("_data", "_idx")):
                continue
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            lines += [f"{table} {row}" for row in cursor.fetchall()]
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed:
            rows = model._base_manager.values_list()
            lines += [f"{model._meta.label} {row}" for row in rows]
    return "\n".join(lines).lower()


def names_of(uploads) -> list[str]:
    """How files (Wagtail cuts their names) and rows (JSON has dashes) refer to them."""
    pks = [upload.pk for upload in uploads]
    copies = [Path(row.image.file.name).stem[:20] for row in uploads if row.image]
    return [pk.hex[:20] for pk in pks] + [str(pk) for pk in pks] + copies


def dangling_references() -> list[ReferenceIndex]:
    """Rows of Wagtail's index about what is no longer there."""
    return [
        row
        for row in ReferenceIndex.objects.all()
        if not row.content_type.model_class()
        ._base_manager.filter(pk=row.object_id)
        .exists()
    ]


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def all_files() -> dict[Path, bytes]:
    return {path: path.read_bytes() for root in FOLDERS for path in files_in(root)}


def marked(text: str, *words: str) -> list[str]:
    found = [MARK, *words]
    return [
        line
        for line in text.splitlines()
        if any(word.lower() in line for word in found)
    ]


def test_erasing_leaves_nothing_of_a_person(life, brief, commits):
    spread(life["visible"])
    with commits():
        quarrel(life["visible"], life["rejected"])
    before = all_files()
    mine = [row for name, row in life.items() if name not in ("other", "last")]
    ids = names_of(Upload.objects.filter(submission__in=mine))
    others = names_of(Upload.objects.exclude(submission__in=mine))
    dump = whole_database()
    tables = {line.split(" ")[0] for line in marked(dump)}
    assert tables >= {
        "wagtail_crowdbrand.submission",
        "wagtail_crowdbrand.submissionpersonal",
        "wagtail_crowdbrand.contributor",
        "wagtail_crowdbrand.message",
        "wagtail_crowdbrand.notice",
        "wagtail_crowdbrand.decision",
        "wagtail_crowdbrand.appeal",
        "wagtailcore.page",
        "wagtailcore.revision",
        "wagtailcore.taskstate",
        "wagtailcore.modellogentry",
        "wagtailcore.pagelogentry",
        "wagtailimages.image",
    }
    assert any("indexentry" in table for table in tables)
    assert all(
        any(pk in path.name for path in files_in(folder) for pk in ids)
        for folder in FOLDERS
    )
    mail.outbox.clear()

    with commits():
        count = privacy.erase(life["rejected"], at=timezone.now())

    assert count == len(mine) == 10
    assert marked(whole_database(), *ids) == []
    assert ReferenceIndex.objects.exists()
    assert dangling_references() == []
    after = all_files()
    assert [path for path in after if any(pk in path.name for pk in ids)] == []
    assert [path for path in after if MARK in str(path)] == []
    kept = [path for path in before if any(pk in path.name for pk in others)]
    assert {path: after[path] for path in kept} == {path: before[path] for path in kept}
    assert mail.outbox == []
    tick(commits)
    assert mail.outbox == []
    assert marked(whole_database(), *ids) == []


def test_erasing_changes_no_count(life, brief, commits):
    other_brief = life["edited"].brief_page
    before = Submission.objects.count()
    facts = {
        name: (row.code, row.submitted_at, row.confirmed_at, row.moderation)
        for name, row in (
            (name, Submission.objects.get(pk=row.pk)) for name, row in life.items()
        )
    }
    with commits():
        privacy.erase(life["visible"], at=timezone.now())
    assert Submission.objects.count() == before - 2  # the draft, the unconfirmed
    for name, row in life.items():
        if name in ("draft", "unconfirmed"):
            continue
        row = Submission.objects.get(pk=row.pk)
        assert (
            row.code,
            row.submitted_at,
            row.confirmed_at,
            row.moderation,
        ) == facts[name]
    assert gallery.visible_count(brief) == 2
    counter = BriefCounter.objects.get(brief_key=other_brief.specific.translation_key)
    assert counter.visible_count == 0
    places = GalleryPlace.objects.filter(brief_key=brief.translation_key)
    assert set(places.values_list("submission", "rank")) in (
        {(life["other"].pk, 0), (life["last"].pk, 1)},
        {(life["other"].pk, 1), (life["last"].pk, 0)},
    )
    assert invariants.findings() == []


def test_skeleton_is_empty_and_final(life, commits):
    row = life["edited"]
    old_nonce = row.nonce
    with commits():
        privacy.erase(row, at=timezone.now())
    row = Submission.objects.get(pk=row.pk)
    assert (row.lifecycle, row.live, row.contributor, row.page) == (
        "withdrawn",
        False,
        None,
        None,
    )
    assert (row.title, row.summary, row.answers, row.images) == ("", "", [], [])
    assert (row.latest_revision, row.live_revision, row.shown_revision) == (None,) * 3
    assert row.nonce != old_nonce
    assert row.erased_at
    assert row.terms
    assert not row.workflow_in_progress
    assert row.revisions.count() == row.uploads.count() == row.messages.count() == 0
    personal = SubmissionPersonal.objects.get(pk=row.pk)
    blank = SubmissionPersonal(submission=row)
    for field in SubmissionPersonal._meta.concrete_fields:
        assert field.value_from_object(personal) == field.value_from_object(blank)
    actions = ModelLogEntry.objects.filter(object_id=str(row.pk), label=row.code)
    assert actions.filter(action="wagtail_crowdbrand.erase", user=None).count() == 1
    assert set(actions.values_list("action", flat=True)) > {"wagtail_crowdbrand.submit"}


def test_others_are_untouched(pair, commits):
    other = pair["other"]

    def facts() -> tuple:
        row = Submission.objects.get(pk=other.pk)
        return (
            list(Submission.objects.filter(pk=row.pk).values_list()),
            list(SubmissionPersonal.objects.filter(pk=row.pk).values_list()),
            list(Contributor.objects.filter(pk=row.contributor_id).values_list()),
            sorted(map(str, row.uploads.values_list())),
            sorted(map(str, row.revisions.values_list())),
            sorted(map(str, row.messages.values_list())),
            sorted(
                map(str, ModelLogEntry.objects.filter(object_id=row.pk).values_list())
            ),
            sorted(map(str, PageLogEntry.objects.filter(page=row.page).values_list())),
            list(SubmissionPage.objects.filter(pk=row.page_id).values_list()),
        )

    before = facts()
    with commits():
        privacy.erase(pair["visible"], at=timezone.now())
    assert facts() == before
    assert all(before)


def test_erasing_the_visible_removes_page_aliases_and_search(pair, commits):
    page = SubmissionPage.objects.get(pk=pair["visible"].page_id)
    elsewhere = factories.make_brief()
    page.create_alias(update_slug="zyxmark-alias", parent=elsewhere)
    assert SubmissionPage.objects.filter(title=page.title).count() == 2
    assert page.title in [row.title for row in SubmissionPage.objects.search(MARK)]
    with commits():
        privacy.erase(pair["visible"], at=timezone.now())
    assert list(SubmissionPage.objects.search(MARK)) == []
    assert list(SubmissionPage.objects.all()) == [pair["other"].page.specific]
    assert marked(whole_database()) == []
    brief = pair["visible"].brief_page
    brief.refresh_from_db()
    assert brief.numchild == brief.get_children().count() == 1


def test_page_deleted_earlier_is_forgotten_in_the_log_at_once(pair, commits):
    page = SubmissionPage.objects.get(pk=pair["visible"].page_id)
    with commits():
        page.delete()
    entries = PageLogEntry.objects.filter(page_id=pair["visible"].page_id)
    assert {entry.label for entry in entries} == {pair["visible"].code}
    assert "wagtail.delete" in entries.values_list("action", flat=True)
    with commits():
        privacy.erase(Submission.objects.get(pk=pair["visible"].pk), at=timezone.now())
    assert marked(whole_database()) == []


class Died(Exception):
    """Stands for a killed process."""


def die(*args, **kwargs):
    raise Died


@pytest.mark.parametrize(
    "target",
    [
        "wagtail_crowdbrand.receivers.tasks.finish_erasure.enqueue",
        "wagtail_crowdbrand.domain.privacy.publishing._remove_pages",
        "wagtail_crowdbrand.domain.privacy._delete_image",
        "wagtail_crowdbrand.domain.privacy.Upload.delete",
        "wagtail.images.models.Image.delete",
    ],
)
def test_killed_after_the_commit_is_finished_by_the_tick(
    pair, commits, monkeypatch, target
):
    if target.endswith("enqueue"):
        task = type("Task", (), {"enqueue": staticmethod(die)})
        monkeypatch.setattr("wagtail_crowdbrand.receivers.tasks.finish_erasure", task)
    elif target.endswith("Image.delete"):
        monkeypatch.setattr(get_image_model(), "delete", die)
    elif target.endswith("Upload.delete"):
        monkeypatch.setattr(Upload, "delete", die)
    else:
        monkeypatch.setattr(target, die)
    ids = names_of(pair["visible"].uploads.all())
    mail.outbox.clear()
    with commits():
        privacy.erase(pair["visible"], at=timezone.now())
    monkeypatch.undo()
    assert not Submission.objects.filter(title__contains=MARK).exists()
    tick(commits)
    assert marked(whole_database(), *ids) == []
    assert [path for path in all_files() if any(pk in path.name for pk in ids)] == []
    assert mail.outbox == []
    assert invariants.findings() == []


def test_killed_before_the_commit_has_done_nothing(pair, commits, monkeypatch):
    before, files = whole_database(), all_files()
    monkeypatch.setattr(
        "wagtail_crowdbrand.domain.privacy.Contributor.objects.filter", die
    )
    with pytest.raises(Died), commits():
        privacy.erase(pair["visible"], at=timezone.now())
    monkeypatch.undo()
    assert whole_database() == before
    assert all_files() == files


def test_erasing_twice_changes_nothing(pair, commits):
    with commits():
        privacy.erase(pair["visible"], at=timezone.now())
    dump = whole_database()
    with commits():
        assert (
            privacy.erase(
                Submission.objects.get(pk=pair["visible"].pk), at=timezone.now()
            )
            == 0
        )
    privacy.finish(pair["visible"])
    assert whole_database() == dump


def test_unconfirmed_reaches_itself_only(pair, commits):
    unconfirmed = sent_of(pair["visible"].brief, "unconfirmed")
    assert privacy.reach_of(unconfirmed) == (None, [unconfirmed], [])
    with commits():
        assert privacy.erase(unconfirmed, at=timezone.now()) == 1
    assert not Submission.objects.filter(pk=unconfirmed.pk).exists()
    assert Contributor.objects.filter(email=EMAIL).exists()
    assert Submission.objects.get(pk=pair["visible"].pk).visible_from


def test_account_reaches_all_only_when_signed_in(brief, commits):
    user = User.objects.create_user("zyx", EMAIL)
    one, two = (sent_of(brief, name, user=user) for name in ("one", "two"))
    guests = waiting_of(brief, "guest")
    for stranger in (None, User.objects.create_user("stranger")):
        reach = privacy.reach_of(one, user=stranger)
        assert (reach.contributor, reach.submissions) == (None, [one])
    reach = privacy.reach_of(one, user=user)
    assert (reach.contributor, reach.submissions) == (one.contributor, [one, two])
    # An account's address was never confirmed: what guests sent from it is not theirs.
    assert reach.unconfirmed == []

    with commits():
        assert privacy.erase(one, at=timezone.now()) == 1
    assert Contributor.objects.filter(user=user).exists()
    with commits():
        assert privacy.erase(two, user=user, at=timezone.now()) == 1
    assert not Contributor.objects.filter(user=user).exists()
    assert not ModelLogEntry.objects.filter(user=user).exists()
    assert Submission.objects.get(pk=guests.pk).title


def test_what_was_begun_with_a_confirmed_address_is_erased_and_not_shown(life):
    reach = privacy.reach_of(life["visible"])
    begun = {life["unconfirmed"], life["draft"]}
    assert set(reach.unconfirmed) == begun
    data = archive_of(life["visible"])[0]
    assert {row["code"] for row in data["unconfirmed_with_your_address"]} == {
        row.code for row in begun
    }
    assert "title draft" not in json.dumps(data)


def test_nothing_can_be_done_with_a_skeleton(pair, commits):
    moderator = factories.make_moderator()
    with commits():
        moderating.hide(pair["visible"], actor=moderator, reason=MARK)
        privacy.erase(pair["visible"], at=timezone.now())
    row = Submission.objects.get(pk=pair["visible"].pk)
    idea = drafting.Idea(title="T")
    nobody = drafting.Person()
    with pytest.raises(NotAllowed) as refusal:
        submitting.edit(row, idea=idea, person=nobody, at=timezone.now())
    assert refusal.value.code == "withdrawn"
    with commits():
        moderating.restore(row, actor=moderator)
    row.refresh_from_db()
    assert (row.visible_from, row.page, row.title) == (None, None, "")
    assert marked(whole_database()) == []


def test_decision_on_what_was_erased_meanwhile_is_a_conflict(ready, commits):
    row, moderator = factories.make_waiting(), factories.make_moderator()
    state = row.current_workflow_task_state
    with commits():
        privacy.erase(row, at=timezone.now())
    with pytest.raises(Conflict) as conflict:
        moderating.decide(state, action="approve", actor=moderator)
    assert conflict.value.code == "not_in_moderation"


# The time to keep something


def end(campaign, **when) -> None:
    type(campaign).objects.filter(pk=campaign.pk).update(**when)


@pytest.mark.parametrize("fact", ["decided_at", "archived_at"])
def test_what_was_not_shown_is_erased_when_its_time_is_over(life, settings, fact):
    settings.WAGTAIL_CROWDBRAND = {"RETENTION_DAYS": 30}
    now = timezone.now()
    assert upkeep.erase_expired(at=now) == 0
    end(life["visible"].campaign, **{fact: now})
    assert upkeep.erase_expired(at=now + timedelta(days=29)) == 0
    assert upkeep.erase_expired(at=now + timedelta(days=30)) == 2
    assert upkeep.erase_expired(at=now + timedelta(days=30)) == 0
    erased = Submission.objects.filter(erased_at__isnull=False)
    assert set(erased) == {life["rejected"], life["spam"]}
    assert not erased.filter(contributor__isnull=False).exists()
    assert Contributor.objects.filter(email=EMAIL).exists()

    end(life["edited"].campaign, **{fact: now})  # there, one was withdrawn
    assert upkeep.erase_expired(at=now + timedelta(days=30)) == 1
    assert set(erased.all()) == {life["rejected"], life["spam"], life["withdrawn"]}


def test_everything_is_kept_unless_a_site_says_otherwise(pair, commits):
    with commits():
        submitting.withdraw(pair["visible"], at=timezone.now())
    now = timezone.now()
    end(pair["visible"].campaign, decided_at=now)
    assert upkeep.erase_expired(at=now + timedelta(days=3650)) == 0


# The copy


def archive_of(submission, **kwargs) -> tuple[dict, ZipFile]:
    file = BytesIO()
    privacy.write_archive(file, submission, at=timezone.now(), **kwargs)
    archive = ZipFile(file)
    return json.loads(archive.read("data.json")), archive


def test_archive_holds_everything(life):
    data, archive = archive_of(life["asked"])
    assert data["contributor"]["email"] == EMAIL
    confirmed = {
        row.code
        for name, row in life.items()
        if name not in ("other", "last", "unconfirmed", "draft")
    }
    assert {row["code"] for row in data["submissions"]} == confirmed
    by_code = {row["code"]: row for row in data["submissions"]}

    edited = by_code[life["edited"].code]
    assert edited["status"] == "On show, and still in review"
    assert [row["content"]["title"] for row in edited["versions"]] == [
        f"{MARK} title edited",
        f"{MARK} title changed",
    ]
    assert edited["personal"]["credit_name"] == f"{MARK} credit"
    assert edited["personal"]["answers"][0]["value"] == f"{MARK} personal changed"
    assert edited["terms"]["content"]["prize"] == "A weekend on the island."

    asked = by_code[life["asked"].code]
    assert asked["reason"] == f"{MARK} reason"
    kinds = [(row["kind"], bool(row["sent_at"])) for row in asked["messages"]]
    assert kinds == [("confirm", True), ("receipt", True), ("request_changes", True)]
    assert "wagtail_crowdbrand.request_changes" in [
        row["action"] for row in asked["history"]
    ]
    names = {row["file"] for item in data["submissions"] for row in item["pictures"]}
    assert names | {"data.json"} == set(archive.namelist())
    upload = life["asked"].uploads.get()
    [picture] = asked["pictures"]
    with upload.file.open("rb") as stored:
        assert archive.read(picture["file"]) == stored.read()


def test_archive_forgets_no_column(pair):
    row = archive_of(pair["visible"])[0]["submissions"][0]
    columns = {
        field.name
        for field in Submission._meta.concrete_fields
        if not field.is_relation
    }
    internal = {"id", "nonce", "brief_key", "title_key"}
    assert columns - set(row) == internal | {"has_unpublished_changes", "expired"}
    assert pair["visible"].nonce not in json.dumps(row)


def test_archive_names_no_moderator_and_no_other_person(pair):
    text = json.dumps(archive_of(pair["visible"])[0])
    assert "moderator" not in text.replace("moderation", "")
    assert pair["other"].code not in text
    assert "Other 1" not in text


def test_archive_of_a_lost_file_says_so(pair):
    upload = pair["visible"].uploads.get()
    upload.file.storage.delete(upload.file.name)
    data, _archive = archive_of(pair["visible"])
    pictures = {
        picture["id"]: picture["file"]
        for row in data["submissions"]
        for picture in row["pictures"]
    }
    assert pictures.get(str(upload.pk), "missing") is None
