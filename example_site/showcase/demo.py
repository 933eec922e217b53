"""The demo accounts, in one place for the loader and for the strip on every page."""

from __future__ import annotations

from typing import NamedTuple


class DemoLogin(NamedTuple):
    username: str
    role: str
    full_name: str

    @property
    def email(self) -> str:
        return f"{self.username}@ondalenta.example"


DEMO_PASSWORD = "demo"
DEMO_LOGINS = (
    DemoLogin("admin", "may do everything", "Celeste Amaro"),
    DemoLogin("editor", "writes campaigns and briefs", "Tomé Vidal"),
    DemoLogin("moderator", "decides on submissions", "Inês Quadros"),
)
