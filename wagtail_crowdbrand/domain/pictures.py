"""Pictures on their way out: public copies in Wagtail's library, made and unmade."""

from __future__ import annotations

import secrets
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.files import File
from django.core.files.images import ImageFile
from django.db import IntegrityError, transaction
from django.db.models import (
    Count,
    Exists,
    Func,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce
from django.utils.module_loading import import_string
from PIL import Image
from wagtail.images import get_image_model
from wagtail.images.models import IMAGE_FORMAT_EXTENSIONS, Filter
from wagtail.models import Collection, CollectionViewRestriction

from wagtail_crowdbrand.conf import get_config
from wagtail_crowdbrand.models import PreparedPicture, Submission, Upload

if TYPE_CHECKING:
    from wagtail.images.models import AbstractImage

#: What the names of public files begin with, so that one nobody needs is known as ours.
PREFIX = "cb-"
#: Renditions every page of ours asks for; made ahead, never in a visitor's request.
RENDITIONS = ("max-480x480", "max-1000x1000", "max-1800x1800", "fill-1200x630")


def create_image(upload: Upload, *, title: str, alt: str) -> AbstractImage:
    """Make the public copy. Replace it by the setting ``CREATE_IMAGE``.

    No two copies share the name of a file: a copy that is taken down would take the
    file of the next one with it.
    """
    with upload.file.open("rb") as source:
        content = BytesIO(source.read())
    name = f"{PREFIX}{secrets.token_hex(16)}{Path(str(upload.file.name)).suffix}"
    image = get_image_model()(
        title=title[:255],
        collection=public_collection(),
        file=ImageFile(content, name=name),
    )
    if hasattr(image, "description"):
        image.description = alt[:255]
    try:
        image.save()
    except Exception:
        # Rolled back, the row forgets its file, and nobody could take it down.
        image.file.storage.delete(image.file.name)
        raise
    return image


def public_collection() -> Collection:
    """The collection named by ``IMAGE_COLLECTION``, made where it is missing.

    Wagtail's own APIs list no picture of the one that is made: who may see a picture
    depends on its submission, of which they know nothing.
    """
    name = get_config().image_collection
    root = Collection.get_first_root_node()
    found = root.get_children().filter(name=name).first()
    if found is None:
        found = root.add_child(name=name)
        nobody = CollectionViewRestriction.GROUPS
        found.view_restrictions.create(restriction_type=nobody)
    return found


def prepare(upload: Upload) -> None:
    """Make the sizes of a picture ahead, in private storage. Safe to repeat."""
    ready = PreparedPicture.objects.filter(upload=upload)
    there = set(ready.values_list("spec", flat=True))
    missing = [spec for spec in RENDITIONS if spec not in there]
    if not missing:
        return
    with upload.file.open("rb") as source:
        content = source.read()
    image = get_image_model()(
        file=ImageFile(BytesIO(content), name=Path(str(upload.file.name)).name),
        width=upload.width,
        height=upload.height,
    )
    for spec in missing:
        made = Filter(spec=spec).run(image, BytesIO(), source=BytesIO(content))
        suffix = IMAGE_FORMAT_EXTENSIONS[made.format_name]
        size = Image.open(made.f).size
        made.f.seek(0)
        picture = PreparedPicture(
            upload=upload, spec=spec, width=size[0], height=size[1]
        )
        picture.file.save(f"{spec}{suffix}", File(made.f), save=False)
        try:
            with transaction.atomic():
                picture.save(force_insert=True)
        except IntegrityError:  # somebody else made it meanwhile
            picture.file.delete(save=False)


def forget_prepared(submission: Submission) -> None:
    """What was made ready is in use now, or will never be."""
    PreparedPicture.objects.filter(upload__submission=submission.pk).delete()


def _use_prepared(upload: Upload, image: AbstractImage) -> None:
    """Take the sizes that were made ahead, instead of making them again."""
    stem = Path(str(image.file.name)).stem
    for picture in PreparedPicture.objects.filter(upload=upload):
        key = Filter(spec=picture.spec).get_cache_key(image)
        with picture.file.open("rb") as source:
            content = BytesIO(source.read())
        name = ".".join(filter(None, [stem, key, picture.spec]))
        suffix = Path(str(picture.file.name)).suffix
        image.renditions.get_or_create(
            filter_spec=picture.spec,
            focal_point_key=key,
            defaults={"file": File(content, name=f"{name}{suffix}")},
        )


def make_public(submission: Submission) -> None:
    """Give every picture of the approved content its public copy and renditions.

    Safe to repeat: after a failure, what is missing is made. Raises what
    ``CREATE_IMAGE`` raises.
    """
    create = import_string(get_config().create_image)
    alts = {item["upload"]: item["alt"] for item in submission.images}
    for upload in submission.uploads.filter(pk__in=alts):
        image = _public_copy(upload, create, alt=alts[str(upload.pk)])
        image.get_renditions(*RENDITIONS)


@transaction.atomic
def _public_copy(upload: Upload, create: Any, *, alt: str) -> AbstractImage:
    """The one public copy; whoever comes at the same time waits and gets it too.

    The submission is locked first, as it is while copies are taken down: a copy
    without its file was left by somebody who was killed, and is made anew.
    """
    rows = Submission.objects.select_for_update(of=("self",))
    rows.get(pk=upload.submission.pk)
    upload = (
        Upload.objects.select_for_update(of=("self",))
        .select_related("submission", "image")
        .get(pk=upload.pk)
    )
    if upload.image and not upload.image.file.storage.exists(upload.image.file.name):
        lost, upload.image = upload.image, None
        upload.save(update_fields=["image"])
        lost.delete()
    if upload.image is None:
        title = f"{upload.submission.code} {upload.pk.hex[:6]}"
        upload.image = create(upload, title=title, alt=alt)
        _use_prepared(upload, upload.image)
        upload.save(update_fields=["image"])
    return upload.image


class _Length(Func):
    """How many there are in a list of JSON."""

    function = "json_array_length"
    output_field = IntegerField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(
            compiler, connection, function="jsonb_array_length", **context
        )


def incomplete() -> QuerySet[Submission]:
    """Visible with fewer public copies than it has pictures: somebody deleted one from
    Wagtail's library.
    """
    mine = Upload.objects.filter(submission=OuterRef("pk")).order_by()
    public = mine.filter(image__isnull=False).values("submission")
    return Submission.objects.alias(
        public=Coalesce(
            Subquery(public.annotate(number=Count("pk")).values("number")), 0
        )
    ).filter(
        Exists(mine.filter(image__isnull=True)),
        visible_from__isnull=False,
        public__lt=_Length("images"),
    )


def can_be_completed(submission: Submission) -> bool:
    """Whether the original of each picture without a public copy is still there."""
    named = [item["upload"] for item in submission.images]
    lost = submission.uploads.filter(pk__in=named, image__isnull=True)
    return bool(lost) and all(
        upload.file.storage.exists(upload.file.name) for upload in lost
    )


def make_private(submission: Submission, *, keep: Any = ()) -> None:
    """Delete the public copies, files and renditions; the uploads stay.

    ``keep`` holds the ids of uploads that remain public.
    """
    public = submission.uploads.filter(image__isnull=False).exclude(pk__in=list(keep))
    for upload in public.select_related("image"):
        image = upload.image
        with transaction.atomic():
            upload.image = None
            upload.save(update_fields=["image"])
            image.delete()


def take_down(submission: Submission) -> None:
    """The same for something nobody may see: its files go before their rows.

    So a process killed in between leaves a row that says what is still to be done.
    """
    for upload in submission.uploads.filter(image__isnull=False).select_related(
        "image"
    ):
        delete_files(upload.image)
    make_private(submission)
    forget_prepared(submission)


def delete_files(image: Any) -> None:
    """Those of a public copy and its renditions, at once."""
    for file in [image.file, *(made.file for made in image.renditions.all())]:
        file.storage.delete(file.name)


def delete_file_on_commit(upload: Upload | PreparedPicture) -> None:
    """Remove the private file of a deleted row."""
    transaction.on_commit(lambda: upload.file.delete(save=False))
