"""A draft may contradict itself; what is published may not."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from wagtail.admin.forms import WagtailAdminPageForm


class DraftForm(WagtailAdminPageForm):
    """Wagtail's page form, which tells the page that somebody edits it, and whether a
    draft is being saved.
    """

    def full_clean(self) -> None:
        self.instance.may_contradict_itself = self.is_deferred_validation
        self.instance.is_being_edited = True
        try:
            super().full_clean()
        finally:
            self.instance.may_contradict_itself = False
            self.instance.is_being_edited = False


class ConsistentMixin(models.Model):
    """A page whose fields must fit together before it is published."""

    base_form_class = DraftForm
    may_contradict_itself = False
    is_being_edited = False

    class Meta:
        abstract = True

    def contradictions(self) -> dict[str, Any]:
        """Name of a field → why its value cannot be."""
        return {}

    def broken_references(self) -> dict[str, Any]:
        """Name of a field → what is wrong with what it leads to.

        Others may have changed that since, so it is asked only of who edits the page:
        whatever else saves it must not fail for it.
        """
        return {}

    def clean(self) -> None:
        super().clean()
        if self.may_contradict_itself:
            return
        errors = self.contradictions()
        if self.is_being_edited:
            errors = self.broken_references() | errors
        if errors:
            raise ValidationError(errors)
