"""The public ledger of a campaign: what happened, in order, chained by digests."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

import swapper
from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail_crowdbrand.states import LedgerKind

PAGE_MODEL = swapper.get_model_name("wagtailcore", "Page")


def refuse_change() -> NoReturn:
    raise PermissionDenied("A line of the ledger is never changed; write another.")


class LedgerQuerySet(models.QuerySet):
    def update(self, **kwargs: Any) -> NoReturn:
        refuse_change()

    def delete(self) -> NoReturn:
        refuse_change()


class LedgerEntry(models.Model):
    """One line. Written once (:func:`wagtail_crowdbrand.domain.ledger.write`), never
    changed and never deleted, unless its campaign's page is deleted.

    ``digest`` is SHA-256 over all other columns in the form ``domain.canonical``
    describes; ``previous`` is the digest of the line before, ``""`` in the first.
    """

    campaign_page = models.ForeignKey(
        PAGE_MODEL,
        verbose_name=_("campaign"),
        on_delete=models.CASCADE,
        # Else PostgreSQL locks the campaign's page when the line is committed, while
        # somebody who has locked the page may wait for the ledger.
        db_constraint=False,
        related_name="+",
    )
    campaign_page_id: int
    number = models.PositiveIntegerField(_("line"))
    at = models.DateTimeField(_("when"))
    kind = models.CharField(_("what"), max_length=30, choices=LedgerKind.choices)
    facts = models.JSONField(_("facts"), default=dict)
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(_("digest"), max_length=64)

    objects: ClassVar[LedgerQuerySet] = LedgerQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("line of the ledger")
        verbose_name_plural = _("lines of the ledger")
        constraints = [
            models.UniqueConstraint(
                fields=["campaign_page", "number"], name="crowdbrand_ledger_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.kind}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            refuse_change()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        refuse_change()


class LedgerHead(models.Model):
    """The last line of a campaign's ledger, and the lock on it: always taken last."""

    campaign_page = models.OneToOneField(
        PAGE_MODEL,
        primary_key=True,
        on_delete=models.CASCADE,
        db_constraint=False,
        related_name="+",
    )
    number = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)

    wagtail_reference_index_ignore = True

    def __str__(self) -> str:
        return f"{self.number} {self.digest}"


class PublicState(models.Model):
    """What a campaign or a brief said in public when its ledger was written last."""

    page = models.OneToOneField(
        PAGE_MODEL,
        primary_key=True,
        on_delete=models.CASCADE,
        db_constraint=False,
        related_name="+",
    )
    content = models.JSONField(default=dict)

    wagtail_reference_index_ignore = True

    def __str__(self) -> str:
        return str(self.pk)


class Mailing(models.Model):
    """A line that those who take part are told of by mail, and how far that is."""

    entry = models.OneToOneField(
        LedgerEntry, on_delete=models.CASCADE, related_name="mailing"
    )
    brief_key = models.UUIDField(
        null=True, help_text="Only who sent something to this brief; null: everybody."
    )
    created_at = models.DateTimeField()
    last_contributor = models.BigIntegerField(
        default=0, help_text="Everybody up to this id has their mail."
    )
    finished_at = models.DateTimeField(null=True, db_index=True)

    wagtail_reference_index_ignore = True

    def __str__(self) -> str:
        return str(self.pk)
