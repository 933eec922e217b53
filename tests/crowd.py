"""Many at once: a database that commits for real, and workers who share only that."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

from django.db import connection, connections

NAME = "crowd"
#: Seconds until all must be connected; one that fails must not hold up the rest.
PATIENCE = 60


@contextmanager
def database_of_its_own(folder: Path) -> Iterator[None]:
    """Work on a copy of the migrated test database, and throw it away afterwards.

    On SQLite the copy is a file, because threads cannot share one in memory.
    """
    settings = connections.settings["default"]
    original, name = connections["default"], settings["NAME"]
    copy = _copy_file(original, folder) if _is_sqlite() else _copy_server(original)
    del connections["default"]
    settings["NAME"] = copy
    try:
        yield
    finally:
        connections["default"].close()
        connections["default"] = original
        settings["NAME"] = name
        if not _is_sqlite():
            original.creation.destroy_test_db(suffix=NAME, verbosity=0)


def _is_sqlite() -> bool:
    return connection.vendor == "sqlite"


def _copy_file(original: Any, folder: Path) -> str:
    path = str(folder / f"{NAME}.sqlite3")
    original.ensure_connection()
    with sqlite3.connect(path) as target:
        original.connection.backup(target)
        # Many who put a file into WAL at once can refuse each other.
        target.execute("PRAGMA journal_mode = WAL")
    target.close()
    return path


def _copy_server(original: Any) -> str:
    original.close()
    original.creation.clone_test_db(suffix=NAME, verbosity=0, autoclobber=True)
    return original.creation.get_test_db_clone_settings(NAME)["NAME"]


def at_once(deeds: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run each in a thread of its own, all let go together; results in their order.

    An exception is a result, too.
    """
    start = Barrier(len(deeds), timeout=PATIENCE)
    results: list[Any] = [None] * len(deeds)

    def work(number: int) -> None:
        try:
            connection.ensure_connection()
            start.wait()
            results[number] = deeds[number]()
        except Exception as error:  # noqa: BLE001 - the test judges it
            results[number] = error
        finally:
            connection.close()

    threads = [Thread(target=work, args=(number,)) for number in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
