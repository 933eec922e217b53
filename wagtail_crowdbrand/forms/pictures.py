"""Files beside the words of a form: stored as soon as they arrive."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_crowdbrand.domain.ingesting import add_upload
from wagtail_crowdbrand.errors import InvalidUpload
from wagtail_crowdbrand.models import BriefMixin, Submission
from wagtail_crowdbrand.models.inputs import without_controls

#: Buttons that change pictures and leave one where one is.
BUTTONS = ("upload", "remove", "up", "down")


def stays_on_page(data: Any) -> bool:
    """Whether a button beside the pictures was pressed, not the one that goes on."""
    return any(name in data for name in BUTTONS)


def answers_from_post(
    brief: BriefMixin, submission: Submission, data: Any, files: Any, *, at: Any
) -> tuple[Any, dict[str, str]]:
    """``data`` with the pictures given as answers, and what is wrong with them.

    ``file-<field>`` brings a new one, ``answer-<field>`` holds the id of the one kept.
    """
    data, problems, known = data.copy(), {}, _known(submission)
    for field in brief.answer_fields:
        if field.block_type != "file":
            continue
        name = f"answer-{field.id}"
        if data.get(name) not in known or data.get(name) == data.get("remove"):
            data[name] = ""
        file = files.get(f"file-{field.id}")
        if file:
            try:
                data[name] = str(add_upload(submission, file, at=at).pk)
            except InvalidUpload as error:
                problems[name] = error.message
    return data, problems


def _known(submission: Submission) -> set[str]:
    return {str(pk) for pk in submission.uploads.values_list("pk", flat=True)}


class PictureList:
    """The pictures of a form: those it had, those just sent, and what is wrong.

    Each file is re-encoded and stored at once, so that an error elsewhere on the form
    loses none of them. Field names: ``picture`` (ids, in order), ``alt-<id>`` and
    ``files``; the buttons ``up``, ``down`` and ``remove`` hold the id they mean.
    """

    def __init__(self, submission: Submission, images: list[dict[str, str]]) -> None:
        self.submission = submission
        self.images = images
        self.errors: list[Any] = []

    @classmethod
    def from_post(
        cls, submission: Submission, data: Any, files: Any, *, at: Any
    ) -> PictureList:
        known = _known(submission)
        kept = [
            {"upload": pk, "alt": without_controls(data.get(f"alt-{pk}", ""))[:300]}
            for pk in dict.fromkeys(data.getlist("picture"))
            if pk in known and pk != data.get("remove")
        ]
        pictures = cls(submission, kept)
        pictures._move(data.get("up"), -1)
        pictures._move(data.get("down"), 1)
        for file in files.getlist("files"):
            pictures._add(file, at=at)
        return pictures

    def _move(self, pk: str | None, by: int) -> None:
        order = [item["upload"] for item in self.images]
        if pk in order:
            old = order.index(pk)
            new = min(max(old + by, 0), len(order) - 1)
            self.images.insert(new, self.images.pop(old))

    def _add(self, file: Any, *, at: Any) -> None:
        limit = self.submission.brief.max_images
        name = {"name": (file.name or "")[:80], "limit": limit}
        if len(self.images) >= limit:
            message = _("“%(name)s” was left out: %(limit)d pictures are the limit.")
            self.errors.append(message % name)
            return
        try:
            upload = add_upload(self.submission, file, at=at)
        except InvalidUpload as error:
            message = _("“%(name)s”: %(problem)s")
            self.errors.append(message % (name | {"problem": error.message}))
            return
        self.images.append({"upload": str(upload.pk), "alt": ""})

    def check(self) -> None:
        """Say what a complete submission still needs."""
        least = self.submission.brief.min_images
        if len(self.images) < least:
            message = ngettext(
                "Please add at least %(least)d picture.",
                "Please add at least %(least)d pictures.",
                least,
            )
            self.errors.append(message % {"least": least})

    @property
    def without_alt(self) -> list[str]:
        """Ids of pictures that are not described yet."""
        return [item["upload"] for item in self.images if not item["alt"]]

    def __iter__(self) -> Iterator[dict[str, str]]:
        return iter(self.images)

    def __len__(self) -> int:
        return len(self.images)
