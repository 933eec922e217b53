"""Spreadsheets that run nothing and never fail, whatever people typed."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from wagtail.admin.views.mixins import Echo, SpreadsheetExportMixin

#: What makes a spreadsheet program read a text as a formula (OWASP, “CSV injection”).
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
#: What XML 1.0, and so an XLSX file, cannot hold.
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
#: Characters a cell can hold at most.
LONGEST = 32_000
#: Rows read from the database at a time.
CHUNK = 2_000


def safe(value: Any) -> Any:
    """A text that a spreadsheet program shows as it is; numbers and dates unchanged.

    Control characters are removed, because XLSX cannot hold them. An apostrophe in
    front makes a text of what would be a formula, as OWASP recommends.
    """
    if value is None or isinstance(value, bool | int | float | datetime | date):
        return "" if value is None else value
    text = CONTROLS.sub("", str(value))[:LONGEST]
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text


class SafeExport(SpreadsheetExportMixin):
    """Wagtail's export with :func:`safe` cells, read in chunks."""

    def preprocess_field_value(self, field: str, value: Any, export_format: str) -> Any:
        return safe(super().preprocess_field_value(field, value, export_format))

    def stream_csv(self, queryset: Any) -> Iterator[bytes]:
        writer = csv.DictWriter(Echo(), fieldnames=self.list_export)
        headings = {name: self.get_heading(queryset, name) for name in self.list_export}
        yield writer.writerow(headings)
        for item in in_chunks(queryset):
            yield self.write_csv_row(writer, self.to_row_dict(item))

    def write_xlsx(self, queryset: Any, output: Any) -> None:
        super().write_xlsx(_Chunked(queryset), output)


class _Chunked:
    """Iterates like the queryset, but never holds all of it."""

    def __init__(self, rows: Any) -> None:
        self.rows = rows
        self.model = getattr(rows, "model", None)

    def __iter__(self) -> Iterator[Any]:
        return in_chunks(self.rows)


def in_chunks(rows: Any) -> Iterator[Any]:
    if isinstance(rows, QuerySet):
        return rows.iterator(chunk_size=CHUNK)
    return iter(rows)
