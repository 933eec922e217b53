"""Requests that were answered, so that a repeated one is answered the same."""

from __future__ import annotations

from django.db import models


class SentOnce(models.Model):
    """One ``Idempotency-Key`` and the submission it made.

    ``key`` and ``fingerprint`` are keyed hashes: neither what a client chose nor what
    it sent is kept here.
    """

    key = models.CharField(max_length=64, primary_key=True)
    fingerprint = models.CharField(max_length=64)
    submission = models.ForeignKey(
        "wagtail_crowdbrand.Submission",
        null=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    created_at = models.DateTimeField(db_index=True)

    wagtail_reference_index_ignore = True

    def __str__(self) -> str:
        return self.key
