"""Who is behind submissions: kept apart from what they sent."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


def search_key(text: str) -> str:
    """How ``text`` is looked up from its beginning, by index, in any case."""
    return " ".join(text.casefold().split())[:120]


class Contributor(models.Model):
    """A person known by an account, or by an e-mail address they confirmed.

    An account and a guest with the same address are two contributors: an address in a
    user account was not necessarily confirmed.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="crowdbrand_contributor",
    )
    email = models.EmailField(_("e-mail address"))
    name = models.CharField(_("name"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=20, blank=True)
    name_key = models.CharField(max_length=120, blank=True, db_index=True)
    created_at = models.DateTimeField(_("known since"))
    trusted = models.BooleanField(
        _("trusted"),
        default=False,
        help_text=_(
            "Where a campaign trusts contributors, their ideas are shown before they "
            "are reviewed."
        ),
    )
    blocked_at = models.DateTimeField(
        _("blocked"),
        null=True,
        blank=True,
        help_text=_("Since then they cannot send ideas. What is on show stays."),
    )
    notes = models.TextField(
        _("notes"),
        blank=True,
        help_text=_("For staff. The contributor gets them with a copy of their data."),
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("contributor")
        verbose_name_plural = _("contributors")
        permissions = [("view_contact", _("Can see the address of a contributor"))]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=models.Q(user__isnull=True),
                name="crowdbrand_one_guest_per_email",
            )
        ]
        indexes = [models.Index(Lower("email"), name="crowdbrand_email")]

    def __str__(self) -> str:
        return str(self.pk)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name_key = search_key(self.name)
        super().save(*args, **kwargs)


class SubmissionPersonal(models.Model):
    """What names people on a submission. Never in a revision, search index or log.

    ``credit_name`` and ``co_authors`` are public. Contributors change the ``pending_``
    pair, which approval copies over.
    """

    submission = models.OneToOneField(
        "wagtail_crowdbrand.Submission",
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="personal",
    )
    email = models.EmailField(
        _("e-mail address"),
        blank=True,
        help_text=_("As typed; empty once it is confirmed and the contributor known."),
    )
    credit_name = models.CharField(_("credited as"), max_length=120, blank=True)
    co_authors = models.CharField(_("co-authors"), max_length=300, blank=True)
    pending_credit_name = models.CharField(max_length=120, blank=True)
    pending_co_authors = models.CharField(max_length=300, blank=True)
    answers = models.JSONField(
        default=list, blank=True, help_text="Like Submission.answers; personal fields."
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("personal data of a submission")

    def __str__(self) -> str:
        return str(self.pk)
