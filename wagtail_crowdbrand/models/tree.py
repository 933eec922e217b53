"""What keeps a stale page from undoing what the tree learned since it was read."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction


class FreshInTree(models.Model):
    """First among the bases of a page below which others are made.

    A stale page would write its old ``numchild`` back, and at 0 every later child
    fails.
    """

    class Meta:
        abstract = True

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> Any:
        """Save, with the page's place in the tree as it is now."""
        if self.pk and not kwargs.get("update_fields"):
            tree = ("path", "depth", "numchild")
            page = type(self)._base_manager.select_for_update().filter(pk=self.pk)
            for name, value in (page.values(*tree).first() or {}).items():
                setattr(self, name, value)
        return super().save(*args, **kwargs)
