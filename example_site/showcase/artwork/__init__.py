"""Deterministic demo pictures, drawn with Pillow only: same seed, same picture."""

from __future__ import annotations

from example_site.showcase.artwork.landscapes import cover, photo
from example_site.showcase.artwork.marks import logo_mark
from example_site.showcase.artwork.posters import poster

DRAWERS = {
    "logo_mark": logo_mark,
    "poster": poster,
    "photo": photo,
    "cover": cover,
}

EXTENSIONS = {"logo_mark": "png", "poster": "jpg", "photo": "jpg", "cover": "jpg"}

__all__ = ["cover", "draw", "file_name", "logo_mark", "photo", "poster"]


def draw(kind: str, seed: int) -> bytes:
    """Return the encoded picture ``kind`` (a key of ``DRAWERS``) for ``seed``."""
    return DRAWERS[kind](seed)


def file_name(kind: str, seed: int) -> str:
    """Return a file name whose extension fits what ``draw`` returns."""
    return f"{kind.replace('_', '-')}-{seed}.{EXTENSIONS[kind]}"
