"""Many rows from one, by SQL: what a test of scale needs and nobody would send."""

from __future__ import annotations

from typing import Any

from django.db import connection


def copy(
    model: Any, pk: Any, count: int, *, start: int | None = None, **columns: str
) -> None:
    """``count`` copies of one row; ``columns`` are SQL over ``n``, which begins at 1.

    Their ids are counted on from ``start``, or from the row itself. PostgreSQL only.
    """
    fields = [field.column for field in model._meta.local_concrete_fields]
    key = model._meta.pk.column
    own = {key: f"{key if start is None else start} + n"} | columns
    table = model._meta.db_table
    values = ", ".join(own.get(name, f'"{name}"') for name in fields)
    names = ", ".join(f'"{name}"' for name in fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {values} "  # noqa: S608
            f"FROM {table}, generate_series(1, {count}) n WHERE {key} = '{pk}'"
        )
        cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [table, key])
        [sequence] = cursor.fetchone()
        if sequence:
            cursor.execute(
                f"SELECT setval(%s, (SELECT max({key}) FROM {table}))",  # noqa: S608
                [sequence],
            )


def settle(*tables: str) -> None:
    """Have the planner judge what was filled by what is there, and nothing else.

    Tests that were rolled back leave dead entries in the indexes, and the private
    cluster never vacuums: a plan would depend on which tests ran before.
    """
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"REINDEX TABLE {table}")
        cursor.execute("ANALYZE")


def base36(number: str) -> str:
    """SQL for four digits of ``number``, as a page's path counts its siblings."""
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    places = (46656, 1296, 36, 1)
    return " || ".join(
        f"substr('{digits}', (({number}) / {place}) % 36 + 1, 1)" for place in places
    )
