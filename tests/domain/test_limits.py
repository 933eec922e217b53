"""Rate limits: enough for people, little for machines, and never a single failure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import RequestFactory

from wagtail_crowdbrand.conf import Config, get_config
from wagtail_crowdbrand.domain import limits
from wagtail_crowdbrand.errors import NotAllowed, TooMany
from wagtail_crowdbrand.views.visitors import address_of

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _three_an_hour(settings):
    settings.WAGTAIL_CROWDBRAND = {"RATE_LIMITS": {"draft": "3/h"}}


def allowed(action: str, who: str, at: datetime) -> bool:
    try:
        limits.hit(action, who, at=at)
    except NotAllowed:
        return False
    return True


def used_up(action="draft", who="a", at=NOW) -> int:
    """How many of ten uses are allowed from now on."""
    return sum(allowed(action, who, at) for _number in range(10))


def test_limit_is_per_person_action_and_window():
    assert used_up() == 3
    assert used_up() == 0
    assert used_up(who="b") == 3
    assert used_up(action="unlimited") == 10
    assert used_up(at=NOW + timedelta(hours=1)) == 3


def test_cost_counts_at_once():
    with pytest.raises(NotAllowed) as refusal:
        limits.hit("draft", "a", at=NOW, cost=4)
    assert refusal.value.code == "too_many"
    assert refusal.value.retry_after == 3600


def test_how_long_to_wait_is_told_to_the_second():
    with pytest.raises(TooMany) as refusal:
        limits.hit("draft", "a", at=NOW + timedelta(minutes=59, seconds=50), cost=4)
    assert refusal.value.retry_after == 10


def test_address_is_not_kept(monkeypatch):
    keys = []
    add = cache.add
    monkeypatch.setattr(
        limits.cache,
        "add",
        lambda key, *args, **kw: keys.append(key) or add(key, *args, **kw),
    )
    limits.hit("draft", "203.0.113.7", at=NOW)
    assert len(keys) == 1
    assert "203.0.113.7" not in keys[0]


def test_cache_that_is_away_stops_nobody(monkeypatch, caplog):
    def fail(*args, **kwargs):
        raise ConnectionError

    monkeypatch.setattr(limits.cache, "add", fail)
    assert used_up() == 10
    assert "Rate limits are off" in caplog.text


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "", "198.51.100.1"),
        (0, "203.0.113.7", "198.51.100.1"),
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "6.6.6.6, 203.0.113.7", "203.0.113.7"),
        (2, "6.6.6.6, 203.0.113.7, 10.0.0.1", "203.0.113.7"),
        (2, "203.0.113.7", "198.51.100.1"),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (1, "203.0.113.7:51234", "203.0.113.7"),
        (1, "[2001:db8:1:2::9]:51234", "2001:db8:1:2::/64"),
        (1, "[2001:db8:1:2::9]", "2001:db8:1:2::/64"),
        (1, "::ffff:203.0.113.7", "203.0.113.7"),
        (1, "fe80::1%eth0", "fe80::/64"),
        (1, "nonsense", "nonsense"),
    ],
)
def test_address_believes_only_own_proxies(settings, proxies, forwarded, expected):
    settings.WAGTAIL_CROWDBRAND = {"TRUSTED_PROXIES": proxies}
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR="198.51.100.1")
    assert address_of(request) == expected


def test_setting_changes_only_the_limits_it_names(settings):
    settings.WAGTAIL_CROWDBRAND = {"RATE_LIMITS": {"draft": "1/s", "link": ""}}
    limits_now = get_config().rate_limits
    assert (limits_now["draft"], limits_now["link"]) == ("1/s", "")
    assert limits_now["submit"] == Config().rate_limits["submit"]
