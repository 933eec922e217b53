"""Pictures: how they are kept, what they cost in memory, and their public copies."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from PIL import Image, ImageChops, ImageCms
from wagtail.images import get_image_model

from tests import factories
from tests.domain import hostile
from wagtail_crowdbrand.domain import (
    containers,
    ingesting,
    moderating,
    pictures,
    publishing,
    submitting,
)
from wagtail_crowdbrand.errors import InvalidUpload
from wagtail_crowdbrand.forms import PictureList
from wagtail_crowdbrand.models import Upload
from wagtail_crowdbrand.models.upload import private_storage

ROOT = Path(__file__).resolve().parents[2]
#: Bytes above idle.
MOST = 300_000_000
LARGE = (8660, 5770)  # 49,968,200 pixels


def kept(content: bytes) -> Image.Image:
    return Image.open(BytesIO(ingesting.re_encode(BytesIO(content)).content))


# --- Memory -----------------------------------------------------------------------


def flat(mode: str, format: str, size: tuple[int, int] = LARGE, **options) -> bytes:
    return hostile.saved(Image.new(mode, size), format, **options)


def noise(size: tuple[int, int], **options) -> bytes:
    """Near 10 MB, which flat colours never are."""
    return hostile.saved(Image.effect_noise(size, 90).convert("RGB"), **options)


def png_of_texts() -> bytes:
    content = large_png(6)
    place = content.index(b"IDAT") - 4
    texts = hostile.compressed_text(b"iTXt", 1_000_000) * 60
    return content[:place] + texts + content[place:]


def large_png(colour: int, size: tuple[int, int] = LARGE, depth: int = 8) -> bytes:
    row = bytes(1 + size[0] * {0: 1, 2: 3, 6: 4}[colour] * depth // 8)
    pixels = row * size[1]
    return hostile.png_of(*size, depth=depth, colour=colour, pixels=pixels)


WORST: dict[str, tuple[Callable[[], bytes], str]] = {
    "jpeg": (lambda: flat("RGB", "JPEG", subsampling=0), "jpg"),
    "jpeg in cmyk": (lambda: flat("CMYK", "JPEG"), "jpg"),
    "jpeg of 10 MB": (
        lambda: noise((4800, 3600), format="JPEG", quality=51, subsampling=0),
        "jpg",
    ),
    "progressive jpeg": (
        lambda: flat("RGB", "JPEG", (5000, 5000), progressive=True, subsampling=0),
        "jpg",
    ),
    "progressive jpeg, too large": (
        lambda: flat("RGB", "JPEG", progressive=True),
        "too_many_pixels",
    ),
    "png": (lambda: large_png(2), "png"),
    "png with alpha and texts": (png_of_texts, "png"),
    "png of 16 bits of grey": (lambda: large_png(0, depth=16), "png"),
    "png as a strip": (lambda: large_png(6, (4_999_999, 10)), "png"),
    "png as a tower": (lambda: large_png(6, (10, 4_999_999)), "png"),
    "gif": (lambda: flat("P", "GIF"), "png"),
    "webp": (lambda: flat("RGB", "WEBP", (4800, 3080), method=0), "jpg"),
    "webp of 10 MB": (
        lambda: noise((4300, 3400), format="WEBP", quality=88, method=0),
        "jpg",
    ),
}


def test_memory_of_the_worst_is_bounded(tmp_path):
    for name, (make, _outcome) in WORST.items():
        (tmp_path / name).write_bytes(make())
    files = [str(tmp_path / name) for name in WORST]
    command = [sys.executable, "-m", "tests.domain.peak", *files]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    peaks = {name: memory for name, _outcome, memory in rows}

    sys.stdout.write(f"{peaks}\n")  # pytest -s shows them
    assert {name: outcome for name, outcome, _memory in rows} == {
        name: outcome for name, (_make, outcome) in WORST.items()
    }
    assert {name: memory for name, memory in peaks.items() if memory > MOST} == {}


# --- What is kept -----------------------------------------------------------------


def test_large_picture_is_made_smaller_without_seams():
    """The strips it is made in must be the picture made in one piece."""
    source = hostile.gradient("RGB", (3100, 2900))
    result = kept(hostile.saved(source, "PNG"))

    assert result.size == (2560, 2395)
    whole = source.resize(result.size, Image.Resampling.LANCZOS)
    difference = ImageChops.difference(result, whole)
    assert max(most for _least, most in difference.getextrema()) <= 1  # rounding


def test_small_picture_keeps_its_pixels():
    source = hostile.gradient("RGBA", (300, 200))
    source.putalpha(hostile.gradient("L", (300, 200)))

    result = kept(hostile.saved(source, "PNG"))

    assert result.tobytes() == source.tobytes()


def test_16_bits_of_grey_stay_grey():
    """Pillow alone would make everything above 255 of 65,535 white."""
    result = kept(hostile.saved(Image.new("I;16", (4, 4), 40_000), "PNG"))

    assert result.getpixel((0, 0)) == (156, 156, 156)


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_colours_are_converted_to_srgb(mode):
    """Red in a profile whose red is our green is green."""
    swapped = swapped_primaries()
    source = Image.new(mode, (4, 4), (200, 40, 40, 128)[: len(mode)])

    result = kept(hostile.saved(source, "PNG", icc_profile=swapped))

    red, green, blue = result.getpixel((0, 0))[:3]
    assert (green > red, green > blue) == (True, True)
    assert result.mode == mode
    assert mode == "RGB" or result.getpixel((0, 0))[3] == 128


def swapped_primaries() -> bytes:
    """sRGB with the red and the green primary exchanged."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return (
        profile.replace(b"rXYZ", b"tXYZ", 1)
        .replace(b"gXYZ", b"rXYZ", 1)
        .replace(b"tXYZ", b"gXYZ", 1)
    )


def test_opaque_alpha_is_no_reason_for_png():
    picture = ingesting.re_encode(BytesIO(hostile.webp("RGBA")))

    assert picture.suffix == "jpg"


@pytest.mark.parametrize(("alpha", "suffix"), [(False, "jpg"), (True, "png")])
def test_kept_file_is_not_larger_than_one_that_may_be_sent(settings, alpha, suffix):
    """What was packed tightly, lossily or in few colours, grows as PNG."""
    grain = Image.effect_noise((400, 400), 99)
    if alpha:
        sheer = Image.merge("RGBA", [grain] * 4)
        content = hostile.saved(sheer, "WEBP", quality=5, alpha_quality=5)
    else:
        content = hostile.saved(grain.quantize(4), "GIF")
    unlimited = ingesting.re_encode(BytesIO(content))
    assert (unlimited.suffix, len(unlimited.content) > len(content)) == ("png", True)

    settings.WAGTAIL_CROWDBRAND = {"MAX_IMAGE_BYTES": len(content)}
    picture = ingesting.re_encode(BytesIO(content))
    assert (picture.suffix, len(picture.content) <= len(content)) == (suffix, True)


@pytest.mark.parametrize(
    ("limit", "content", "said"),
    [
        (
            {"MAX_IMAGE_BYTES": 1024 * 1024},
            bytes(1024 * 1024 + 1),
            "This picture is larger than 1 MB.",
        ),
        (
            {"MAX_IMAGE_PIXELS": 2_000_000},
            hostile.png_of(2001, 1000),
            "This picture has more than 2 million pixels.",
        ),
        (
            {"MAX_IMAGE_MEMORY": 17_000_000},
            hostile.saved(Image.new("L", (1001, 1000)), "WEBP"),
            "This picture has more than 1 million pixels, too many for a file of its "
            "kind. A standard (not progressive) JPEG may have 50 million.",
        ),
    ],
    ids=["bytes", "pixels", "memory"],
)
def test_limit_is_a_setting_and_is_told(settings, limit, content, said):
    settings.WAGTAIL_CROWDBRAND = limit
    with pytest.raises(InvalidUpload) as refusal:
        ingesting.re_encode(BytesIO(content))

    assert str(refusal.value) == said


# --- How it is stored -------------------------------------------------------------

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


@pytest.mark.django_db
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


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_refusal_names_the_file_briefly(name):
    draft = factories.make_draft(pictures_count=0)
    files = MultiValueDict({"files": [Named(hostile.zipped(), name)]})
    rows = PictureList.from_post(draft, QueryDict(), files, at=timezone.now())

    (said,) = rows.errors
    assert said == f"“{(name or '')[:80]}”: {containers.unreadable().message}"
    assert not draft.uploads.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "type"), [("a.svg", "image/svg+xml"), ("a.exe", "text/html"), ("a", "")]
)
def test_what_a_file_claims_to_be_does_not_matter(name, type):
    draft = factories.make_draft(pictures_count=0)
    file = SimpleUploadedFile(name, hostile.jpeg(), type)

    upload = ingesting.add_upload(draft, file, at=timezone.now())

    assert upload.file.name.endswith(".jpg")


@pytest.mark.django_db
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


@pytest.mark.django_db
def test_number_of_files_is_limited_even_when_they_are_taken_out(monkeypatch):
    monkeypatch.setattr(ingesting, "MAX_UPLOADS", 2)
    draft = factories.make_draft(pictures_count=2)

    with pytest.raises(InvalidUpload) as refusal:
        ingesting.add_upload(draft, BytesIO(hostile.png()), at=timezone.now())

    assert refusal.value.code == "too_many_files"
    assert draft.uploads.count() == 2


@pytest.mark.django_db
def test_deleted_upload_takes_its_file_along_after_the_commit(commits):
    upload = factories.make_draft().uploads.get()
    name = upload.file.name
    with commits():
        upload.delete()
        assert private_storage().exists(name)

    assert not private_storage().exists(name)


# --- Public copies ----------------------------------------------------------------


def files_of(upload: Upload) -> set[str]:
    """Names of the public copy and its renditions, all of which exist."""
    rows = upload.image.renditions.all()
    names = {upload.image.file.name, *(row.file.name for row in rows)}
    assert [name for name in names if not default_storage.exists(name)] == []
    return names


def left(names: set[str]) -> set[str]:
    return {name for name in names if default_storage.exists(name)}


@pytest.fixture
def visible(ready, commits):
    submission = factories.make_waiting()
    with commits():
        moderating.approve(submission, actor=None)
    submission.refresh_from_db()
    return submission


def test_public_copy_has_renditions_and_no_trace_of_the_sender(visible):
    upload = visible.uploads.get()

    assert len(files_of(upload)) == 1 + len(pictures.RENDITIONS)
    assert upload.image.collection == pictures.public_collection()
    assert upload.image.title == f"{visible.code} {upload.pk.hex[:6]}"
    assert upload.image.uploaded_by_user is None


def test_made_public_twice_makes_one_image(visible):
    before = get_image_model().objects.values_list("pk", flat=True)
    pictures.make_public(visible)
    pictures.make_public(visible)

    assert list(before) == [visible.uploads.get().image_id]


@pytest.mark.parametrize("size", [(1, 1), (1, 2560), (2560, 1)])
def test_strange_shape_can_be_made_public(ready, size):
    draft = factories.make_draft(pictures_count=0)
    content = factories.picture_bytes(size)
    upload = ingesting.add_upload(draft, BytesIO(content), at=timezone.now())
    draft.images = [{"upload": str(upload.pk), "alt": "A line"}]
    pictures.make_public(draft)

    upload.refresh_from_db()
    assert upload.image.renditions.count() == len(pictures.RENDITIONS)


def test_hidden_takes_image_file_and_renditions_away(visible, commits):
    names = files_of(visible.uploads.get())
    with commits():
        moderating.hide(visible, actor=None, reason="A complaint.")

    upload = visible.uploads.get()
    assert upload.image is None
    assert left(names) == set()
    assert not get_image_model().objects.exists()
    assert private_storage().exists(upload.file.name)

    with commits():
        moderating.restore(visible, actor=None)
    assert len(files_of(visible.uploads.get())) == 1 + len(pictures.RENDITIONS)


def test_withdrawn_leaves_nothing_in_media(visible, commits):
    names = files_of(visible.uploads.get())
    with commits():
        submitting.withdraw(visible, at=timezone.now())

    assert left(names) == set()
    assert not get_image_model().objects.exists()


def test_picture_taken_out_leaves_the_library_when_the_edit_is_published(
    visible, commits
):
    old = visible.uploads.get()
    names = files_of(old)
    new = ingesting.add_upload(visible, BytesIO(hostile.png()), at=timezone.now())
    idea = submitting.Idea(
        title="Edited",
        summary="It glows.",
        images=[{"upload": str(new.pk), "alt": "A gradient"}],
    )
    person = submitting.Person(email="", credit_name="Ada")
    with commits():
        submitting.edit(visible, idea=idea, person=person, at=timezone.now())
    assert left(names) == names
    with commits():
        moderating.approve(visible, actor=None)

    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.image, left(names)) == (None, set())
    assert len(files_of(new)) == 1 + len(pictures.RENDITIONS)


def broken(upload, *, title, alt):
    raise RuntimeError("This site's images want a photographer.")


def wordy(upload, *, title, alt):
    return pictures.create_image(upload, title=f"Idea {UUID(int=0)}", alt=alt)


def test_create_image_is_a_setting(ready, commits, settings):
    settings.WAGTAIL_CROWDBRAND = {"CREATE_IMAGE": f"{__name__}.wordy"}
    waiting = factories.make_waiting()
    with commits():
        moderating.approve(waiting, actor=None)

    assert waiting.uploads.get().image.title == f"Idea {UUID(int=0)}"


def test_failing_create_image_loses_no_approval(ready, commits, settings, caplog):
    waiting = factories.make_waiting()
    settings.WAGTAIL_CROWDBRAND = {"CREATE_IMAGE": f"{__name__}.broken"}
    with caplog.at_level(logging.ERROR), commits():
        moderating.approve(waiting, actor=None)

    waiting.refresh_from_db()
    assert (waiting.moderation, waiting.live) == ("approved", True)
    assert waiting.visible_from is None
    assert waiting.uploads.get().image is None
    assert "photographer" in caplog.text
    with pytest.raises(RuntimeError, match="photographer"):
        publishing.publish(waiting, at=timezone.now())

    settings.WAGTAIL_CROWDBRAND = {}
    with commits():
        publishing.publish(waiting, at=timezone.now())
    waiting.refresh_from_db()
    assert waiting.visible_from
    assert len(files_of(waiting.uploads.get())) == 1 + len(pictures.RENDITIONS)


def test_failing_rendition_can_be_repeated(ready, commits, monkeypatch):
    waiting = factories.make_waiting()
    monkeypatch.setattr(pictures, "RENDITIONS", ("max-nonsense",))
    with commits():
        moderating.approve(waiting, actor=None)
    waiting.refresh_from_db()
    assert (waiting.moderation, waiting.visible_from) == ("approved", None)

    monkeypatch.undo()
    with commits():
        publishing.publish(waiting, at=timezone.now())
    assert get_image_model().objects.count() == 1
    assert len(files_of(waiting.uploads.get())) == 1 + len(pictures.RENDITIONS)
