"""Where submissions stand in a gallery, by what they are found, and the lock on it."""

from __future__ import annotations

from django.db import models


class BriefCounter(models.Model):
    """How many submissions of a brief (all translations) have a place in its gallery.

    The ranks of those places are exactly ``0 … visible_count - 1``; both change only
    while this row is locked.
    """

    brief_key = models.UUIDField(primary_key=True)
    visible_count = models.PositiveIntegerField(default=0)
    version = models.PositiveBigIntegerField(
        default=0, help_text="Counts what was changed of what the gallery shows."
    )

    wagtail_reference_index_ignore = True

    #: How many of them were sent to a translation closed to the visitor it was read
    #: for; see ``gallery.counter_of``.
    closed_count = 0

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


class GalleryFacet(models.Model):
    """One property visitors filter by, of a visible submission; else there is none.

    ``field`` is the id of a brief field, or one of the names in ``domain.filtering``.
    A narrow table, because containment in a JSON column is no indexed path on SQLite.
    """

    submission = models.ForeignKey(
        "wagtail_crowdbrand.Submission",
        on_delete=models.CASCADE,
        db_index=False,
        related_name="facets",
    )
    brief_key = models.UUIDField()
    field = models.CharField(max_length=64)
    value = models.CharField(max_length=100)

    wagtail_reference_index_ignore = True

    class Meta:
        indexes = [
            models.Index(
                fields=["brief_key", "field", "value", "submission"],
                name="crowdbrand_filter",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "field", "value"], name="crowdbrand_one_facet"
            )
        ]

    def __str__(self) -> str:
        return f"{self.field}: {self.value}"
