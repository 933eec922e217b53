"""Where submissions stand in a gallery, and the lock under which that changes."""

from __future__ import annotations

from django.db import models


class BriefCounter(models.Model):
    """How many submissions of a brief (all translations) have a place in its gallery.

    The ranks of those places are exactly ``0 … visible_count - 1``; both change only
    while this row is locked.
    """

    brief_key = models.UUIDField(primary_key=True)
    visible_count = models.PositiveIntegerField(default=0)

    wagtail_reference_index_ignore = True

    def __str__(self) -> str:
        return str(self.brief_key)


class GalleryPlace(models.Model):
    """The rank of a visible submission: dense, so that chance is fair.

    A table of its own, because closing a gap moves the rank of *another* submission,
    whose row somebody else may have locked.
    """

    submission = models.OneToOneField(
        "wagtail_crowdbrand.Submission",
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="place",
    )
    brief_key = models.UUIDField()
    rank = models.PositiveIntegerField()

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["brief_key", "rank"], name="crowdbrand_one_rank_each"
            )
        ]

    def __str__(self) -> str:
        return str(self.rank)
