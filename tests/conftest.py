"""What every test gets without asking."""

from __future__ import annotations

from functools import partial

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import settings as hypothesis_settings

from wagtail_crowdbrand.domain import setup
from wagtail_crowdbrand.models import PreparedPicture, Upload

# The same examples on every machine: a failure elsewhere can be repeated here.
hypothesis_settings.register_profile("same", derandomize=True, deadline=None)
hypothesis_settings.load_profile("same")


def pytest_collection_modifyitems(config, items):
    if connection.vendor == "postgresql":
        # The others are the same as they were on SQLite.
        config.hook.pytest_deselected(items=[i for i in items if not _uses_database(i)])
        items[:] = [item for item in items if _uses_database(item)]
        return
    elsewhere = pytest.mark.skip(reason="needs PostgreSQL: make test-postgres")
    for item in items:
        if item.get_closest_marker("postgres"):
            item.add_marker(elsewhere)


def _uses_database(item) -> bool:
    if item.get_closest_marker("doors"):
        return False
    marked = [item.get_closest_marker(name) for name in ("django_db", "postgres")]
    return any(marked) or not {"db", "transactional_db"}.isdisjoint(item.fixturenames)


@pytest.fixture(autouse=True)
def _nothing_cached():
    """Wagtail caches its sites' root paths, which outlive a rolled-back test."""
    cache.clear()


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    """``with commits():`` runs what is due after the commit, as a real commit would."""
    return partial(django_capture_on_commit_callbacks, execute=True)


@pytest.fixture
def ready(db):
    """A site on which ``crowdbrand_setup`` was run."""
    setup.set_up()


@pytest.fixture
def own_folders(settings, tmp_path):
    """Nobody else's files: other tests leave theirs, whose rows are rolled back."""
    places = {"default": tmp_path / "media", "crowdbrand_private": tmp_path / "private"}
    backend = "django.core.files.storage.FileSystemStorage"
    settings.MEDIA_ROOT = str(places["default"])
    settings.STORAGES = settings.STORAGES | {
        alias: {"BACKEND": backend, "OPTIONS": {"location": str(place)}}
        for alias, place in places.items()
    }
    fields = [model._meta.get_field("file") for model in (Upload, PreparedPicture)]
    before = [field.storage for field in fields]
    for field in fields:
        field.storage = field._storage_callable()
    yield tmp_path
    for field, storage in zip(fields, before, strict=True):
        field.storage = storage


@pytest.fixture
def queries_of():
    """``queries_of(view)``: how many queries it takes once everything is warm."""

    def count(view) -> int:
        view()
        with CaptureQueriesContext(connection) as queries:
            view()
        return len(queries)

    return count
