"""The browser, the live server and the database work together."""

from __future__ import annotations


def test_the_admin_asks_a_stranger_to_log_in(live_server, page):
    page.goto(f"{live_server.url}/admin/")

    assert page.get_by_label("Username").is_visible()
