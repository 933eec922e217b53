"""A database made by the migrations of a site with its own base page model."""

from __future__ import annotations

import warnings

import pytest
from django.conf import settings
from django.core.management import call_command


def pytest_ignore_collect(collection_path):
    """Only ``tests.settings_basepage`` has the pages these tests are about."""
    ours = getattr(settings, "WAGTAIL_PAGE_MODEL", "") == "testapp.BasePage"
    return None if ours else True


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_blocker):
    """What a site's developer does after writing the page classes."""
    with django_db_blocker.unblock(), warnings.catch_warnings():
        # It looks at the database, which on PostgreSQL does not exist yet.
        warnings.simplefilter("ignore", RuntimeWarning)
        call_command("makemigrations", "calls", verbosity=0)
