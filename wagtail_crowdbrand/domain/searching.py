"""The index that Wagtail's search on PostgreSQL asks for, and does not bring."""

from __future__ import annotations

from django.db import connections, router

INDEX = "crowdbrand_search"


def set_up() -> bool | None:
    """Let PostgreSQL find words by an index; whether one was made.

    ``None``: this site's search has no use for one. Wagtail's search compares the words
    of title and body together, and its tables have indexes for each alone only; without
    this one every search reads the words of every page (decision 0036).
    """
    table = _table()
    if table is None:
        return None
    name, alias = table
    connection = connections[alias]
    quoted = connection.ops.quote_name(name)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_indexes WHERE schemaname = ANY (current_schemas(false)) "
            "AND tablename = %s AND indexdef LIKE %s",
            [name, "%USING gin%(title || body)%"],
        )
        if cursor.fetchone():
            return False
        cursor.execute(f"CREATE INDEX {INDEX} ON {quoted} USING gin ((title || body))")
        # What the planner needs to know to choose between this and another way.
        cursor.execute(f"ANALYZE {quoted}")
    return True


def _table() -> tuple[str, str] | None:
    """Name and database of what PostgreSQL searches in, if it is what searches."""
    from wagtail.search.backends import get_search_backend

    backend = get_search_backend()
    if not type(backend).__module__.endswith("database.postgres.postgres"):
        return None
    from modelsearch.backends.database.postgres.postgres import IndexEntry

    return IndexEntry._meta.db_table, router.db_for_write(IndexEntry)
