"""How pages of ours stand in the tree: never stale, and found by a short way."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction
from django.db.models import Q, QuerySet
from wagtail.models import PageViewRestriction


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


class ShortWay:
    """Routes a visitor with half of Wagtail's queries. After ``RoutablePageMixin``.

    Where only one class of pages may live below a page, a child is read as its own
    class at once; and who came this way need not look its ancestors up again.
    """

    def route(self, request: Any, path_components: list[str]) -> Any:
        child = self._child(path_components[0]) if path_components else None
        if child is None:
            return super().route(request, path_components)
        return child.specific.route(request, path_components[1:])

    def _child(self, slug: str) -> Any:
        allowed = self.allowed_subpage_models()
        if len(allowed) != 1:
            return None
        child = allowed[0]._default_manager.child_of(self).filter(slug=slug).first()
        if child is not None:
            child._cached_parent_obj = self  # as Wagtail's own way does
        return child

    def get_view_restrictions(self) -> QuerySet[PageViewRestriction]:
        """As Wagtail's, without reading ancestors that are known."""
        known = [self]
        while parent := known[-1].__dict__.get("_cached_parent_obj"):
            known.append(parent)
        top = known[-1]
        if top.depth > 2 or any(page.alias_of_id for page in known):
            return super().get_view_restrictions()
        root = Q(page__path=top.path[: top.steplen])
        ids = [page.pk for page in known]
        return PageViewRestriction.objects.filter(Q(page_id__in=ids) | root)
