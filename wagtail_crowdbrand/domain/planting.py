"""Many pages at once below a brief: the set-based sister of Wagtail's ``add_child``.

``add_child`` takes ten queries and a lock of the tree for each page, which a reveal of
thousands cannot wait for. Nothing here sends a signal or indexes anything; whoever
plants pages does so afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import swapper
from django.contrib.contenttypes.models import ContentType
from django.db import router

BATCH = 500


def plant(brief: Any, rows: Sequence[tuple[str, str]], *, at: datetime) -> list[Any]:
    """Make a page below ``brief`` for each title and slug, in that order.

    They are live if the brief is. It is locked, and its ``numchild`` brought up to
    date. The pages returned are of the tree's own class and know their ids. No revision
    is made.
    """
    tree = swapper.load_model("wagtailcore", "Page")
    parent = tree.objects.select_for_update().get(pk=brief.pk)
    kind = brief.submission_page_class()
    content_type = ContentType.objects.get_for_model(kind)
    first = _next_step(tree, parent)
    pages = [
        tree(
            path=tree._get_path(parent.path, parent.depth + 1, first + number),
            depth=parent.depth + 1,
            title=title,
            draft_title=title,
            slug=slug,
            url_path=f"{parent.url_path}{slug}/",
            content_type=content_type,
            locale_id=parent.locale_id,
            live=parent.live,
            has_unpublished_changes=False,
            first_published_at=at,
            last_published_at=at,
        )
        for number, (title, slug) in enumerate(rows)
    ]
    tree.objects.bulk_create(pages, batch_size=BATCH)
    for model in _below(tree, kind):
        _insert_rows(model, tree, pages)
    tree.objects.filter(pk=parent.pk).update(numchild=parent.numchild + len(pages))
    return pages


def _next_step(tree: Any, parent: Any) -> int:
    """The last step of the path of the next child. Raises ``PathOverflow``."""
    last = parent.get_last_child()
    if last is None:
        return 1
    return int(tree._str2int(last._inc_path()[-tree.steplen :]))


def _below(tree: Any, kind: Any) -> list[Any]:
    """The concrete classes between the tree's own and ``kind``, which is the last."""
    between = [
        model
        for model in reversed(kind.__mro__)
        if isinstance(model, type(tree))
        and issubclass(model, tree)
        and not model._meta.abstract
        and not model._meta.proxy
    ]
    return [model for model in between if model is not tree]


def _insert_rows(model: Any, tree: Any, pages: Sequence[Any]) -> None:
    """The columns a class adds, with their defaults.

    ``bulk_create`` refuses models with more than one table, though each by itself is
    a plain insert.
    """
    fields = model._meta.local_concrete_fields
    using = router.db_for_write(model)
    for start in range(0, len(pages), BATCH):
        rows = []
        for page in pages[start : start + BATCH]:
            row = model()
            row.pk = row.id = page.pk
            for link in model._meta.parents.values():
                if link is not None and link.model is model:
                    setattr(row, link.attname, page.pk)
            rows.append(row)
        model._base_manager._insert(rows, fields=fields, using=using)
