"""A browser, and a database that the live server's threads can share with the test."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.db import connection

from tests.e2e.browser import INSTALL_HINT, find_chromium

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            # live_server empties the tables after each test; this brings Wagtail's
            # root page, locale and groups back.
            item.add_marker(
                pytest.mark.django_db(transaction=True, serialized_rollback=True)
            )


@pytest.fixture(scope="session", autouse=True)
def _database_as_migrated(django_db_setup) -> str:
    """The database comes first, and its first state is kept.

    A live server made before it takes SQLite for one in memory, and shares a single
    connection between all its threads. Playwright keeps an event loop in this thread,
    which Django takes for async code.
    """
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    return connection._test_serialized_contents


@pytest.fixture(autouse=True)
def _comes_back(_database_as_migrated):
    """Beside an event loop Django has another connection, which must know it too."""
    connection._test_serialized_contents = _database_as_migrated


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory):
    """SQLite goes into a file: one connection in memory cannot serve two threads."""
    if connection.vendor == "sqlite":
        path = tmp_path_factory.mktemp("database") / "e2e.sqlite3"
        connection.settings_dict["TEST"]["NAME"] = str(path)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    path = find_chromium()
    if path is None:
        pytest.skip(INSTALL_HINT)
    sandbox = [] if os.geteuid() else ["--no-sandbox"]  # Chromium refuses root one
    return browser_type_launch_args | {"executable_path": path, "args": sandbox}
