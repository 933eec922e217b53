"""Files on their way in: what they are called, where they lie, how many there are."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from tests import factories
from tests.domain import hostile
from wagtail_crowdbrand.domain import containers, ingesting
from wagtail_crowdbrand.errors import InvalidUpload
from wagtail_crowdbrand.forms import PictureList
from wagtail_crowdbrand.models import Submission, Upload
from wagtail_crowdbrand.models.upload import private_storage
from wagtail_crowdbrand.states import REASONS

pytestmark = pytest.mark.django_db

NAMES = {
    "traversal": "../../../etc/passwd.png",
    "absolute": "/etc/cron.d/idea.png",
    "windows": "..\\..\\boot.ini",
    "nul": "idea.png\0.php",
    "right to left": "idea\u202egnp.exe",
    "long": "a" * 5000 + ".png",
    "emoji": "🦓🚢.png",
    "php": "shell.php",
    "double": "idea.png.phtml",
    "html": "<img src=x onerror=alert(1)>.png",
    "percent": "%s%(name)s%n.png",
    "dots": "..",
    "spaces": "   ",
    "newline": "a\r\nSet-Cookie: b=c.png",
    "none": None,
}


class Named(BytesIO):
    """A file that claims a name Django's own classes would have cleaned."""

    def __init__(self, content: bytes, name: str | None) -> None:
        super().__init__(content)
        self.name = name


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_name_of_the_file_is_never_used(name):
    draft = factories.make_draft(pictures_count=0)
    files = MultiValueDict({"files": [Named(hostile.png(), name)]})
    rows = PictureList.from_post(draft, QueryDict(), files, at=timezone.now())

    upload = draft.uploads.get()
    assert rows.errors == []
    assert upload.file.name == f"{upload.pk.hex[:2]}/{upload.pk.hex}.png"
    assert private_storage().exists(upload.file.name)
    assert not default_storage.exists(upload.file.name)


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_refusal_names_the_file_briefly(name):
    draft = factories.make_draft(pictures_count=0)
    files = MultiValueDict({"files": [Named(hostile.zipped(), name)]})
    rows = PictureList.from_post(draft, QueryDict(), files, at=timezone.now())

    (said,) = rows.errors
    assert said == f"“{(name or '')[:80]}”: {containers.unreadable().message}"
    assert not draft.uploads.exists()


@pytest.mark.parametrize(
    ("name", "type"), [("a.svg", "image/svg+xml"), ("a.exe", "text/html"), ("a", "")]
)
def test_what_a_file_claims_to_be_does_not_matter(name, type):
    draft = factories.make_draft(pictures_count=0)
    file = SimpleUploadedFile(name, hostile.jpeg(), type)

    upload = ingesting.add_upload(draft, file, at=timezone.now())

    assert upload.file.name.endswith(".jpg")


def test_upload_is_described_as_it_is_kept(settings):
    draft = factories.make_draft(pictures_count=0)
    sent = hostile.jpeg(exif=hostile.exif(6))
    upload = ingesting.add_upload(draft, BytesIO(sent), at=timezone.now())

    with upload.file.open("rb") as file:
        stored = file.read()
    assert stored != sent
    assert hostile.SECRET not in stored
    assert (upload.width, upload.height) == (48, 64)
    assert upload.size == len(stored)
    assert Path(settings.MEDIA_ROOT) not in Path(upload.file.path).parents


def test_number_of_files_is_limited_even_when_they_are_taken_out(monkeypatch):
    monkeypatch.setattr(ingesting, "MAX_UPLOADS", 2)
    draft = factories.make_draft(pictures_count=2)

    with pytest.raises(InvalidUpload) as refusal:
        ingesting.add_upload(draft, BytesIO(hostile.png()), at=timezone.now())

    assert refusal.value.code == "too_many_files"
    assert draft.uploads.count() == 2


def test_deleted_upload_takes_its_file_along_after_the_commit(commits):
    upload = factories.make_draft().uploads.get()
    name = upload.file.name
    with commits():
        upload.delete()
        assert private_storage().exists(name)

    assert not private_storage().exists(name)


# Quotas


def add(submission) -> Upload:
    content = BytesIO(hostile.png())
    return ingesting.add_upload(submission, content, at=timezone.now())


def refusal_of(submission) -> str:
    with pytest.raises(InvalidUpload) as refusal:
        add(submission)
    assert str(refusal.value) == REASONS[refusal.value.code]
    return refusal.value.code


def of_one_person(count: int) -> list[Submission]:
    """Confirmed, in briefs of different campaigns, one picture each."""
    rows = [factories.make_confirmed() for _ in range(count)]
    for row in rows:
        row.contributor = rows[0].contributor
        row.save(update_fields=["contributor"])
    return rows


def test_pictures_of_one_person_are_limited_over_all_campaigns(ready, settings):
    settings.WAGTAIL_CROWDBRAND = {"MAX_CONTRIBUTOR_PICTURES": 3}
    one, two = of_one_person(2)
    stranger = factories.make_confirmed(one.brief)
    add(two)
    assert refusal_of(one) == refusal_of(two) == "contributor_full"
    add(stranger)


def test_bytes_of_one_person_are_limited_over_all_campaigns(ready, settings):
    one, two = of_one_person(2)
    size = one.uploads.get().size
    room = 2 * size + add(one).size
    settings.WAGTAIL_CROWDBRAND = {"MAX_CONTRIBUTOR_BYTES": room + 10}
    assert refusal_of(two) == "contributor_full"
    settings.WAGTAIL_CROWDBRAND = {"MAX_CONTRIBUTOR_BYTES": None}
    add(two)


def test_guest_nobody_knows_yet_is_counted_by_draft(ready, settings):
    settings.WAGTAIL_CROWDBRAND = {"MAX_CONTRIBUTOR_PICTURES": 2}
    brief = factories.make_brief()
    one, two = factories.make_draft(brief), factories.make_draft(brief)
    add(one)
    assert refusal_of(one) == "contributor_full"
    add(two)


@pytest.mark.parametrize("unit", ["PICTURES", "BYTES"])
def test_what_a_campaign_keeps_is_limited(ready, settings, unit):
    campaign = factories.make_campaign()
    one, two = (factories.make_draft(factories.make_brief(campaign)) for _ in range(2))
    elsewhere = factories.make_draft()
    size = add(one).size
    kept = Upload.objects.filter(submission__in=[one, two])
    used = {"PICTURES": kept.count(), "BYTES": sum(row.size for row in kept)}
    room = {"PICTURES": 1, "BYTES": size}
    settings.WAGTAIL_CROWDBRAND = {f"MAX_CAMPAIGN_{unit}": used[unit] + room[unit]}
    add(two)
    assert refusal_of(one) == refusal_of(two) == "campaign_full"
    add(elsewhere)


def test_picture_taken_out_of_a_draft_makes_room(ready, settings):
    settings.WAGTAIL_CROWDBRAND = {"MAX_CONTRIBUTOR_PICTURES": 1}
    draft = factories.make_draft()
    assert refusal_of(draft) == "contributor_full"
    draft.uploads.get().delete()
    add(draft)


def test_full_campaign_keeps_the_words(ready, settings, client):
    settings.WAGTAIL_CROWDBRAND = {"MAX_CAMPAIGN_PICTURES": 0}
    brief = factories.make_brief()
    data = {"title": "Nightglow", "files": [factories.picture_file()]}
    response = client.post(f"{brief.url}submit/", data)
    assert str(REASONS["campaign_full"]) in response.content.decode()
    assert Submission.objects.get().title == "Nightglow"


def test_without_limits_nothing_is_counted(ready, settings, django_assert_num_queries):
    draft = factories.make_draft()
    settings.WAGTAIL_CROWDBRAND = {
        f"MAX_{who}_{unit}": None
        for who in ("CONTRIBUTOR", "CAMPAIGN")
        for unit in ("PICTURES", "BYTES")
    }
    # Twice how many files there were; savepoint, row, insert, release.
    with django_assert_num_queries(6):
        add(draft)
