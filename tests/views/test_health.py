"""What a load balancer and a monitor are told."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.cache.backends.base import BaseCache
from django.core.management import call_command
from django.db import OperationalError, connection
from django.urls import reverse
from django.utils import timezone

from tests import factories
from wagtail_crowdbrand.domain import health, moderating, outbox

pytestmark = pytest.mark.django_db

LIVE, READY, METRICS = (
    reverse(f"wagtail_crowdbrand:{name}")
    for name in ("health_live", "health_ready", "metrics")
)


class BrokenCache(BaseCache):
    """A cache whose server is away."""

    def __init__(self, location, params):
        super().__init__(params)

    def set(self, *args, **kwargs):
        raise ConnectionError("redis://:secret@cache.example is away")

    get = set


@pytest.fixture
def away():
    """A database that does not answer."""

    def refuse(*args):
        raise OperationalError("no password for calls@database.example")

    with connection.execute_wrapper(refuse):
        yield


def test_live_needs_nobody(client, away):
    answer = client.get(LIVE)
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert "no-store" in answer.headers["Cache-Control"]


def test_ready_says_so_part_by_part(client):
    call_command("crowdbrand_tick")
    answer = client.get(READY)
    parts = {"database": "ok", "cache": "ok", "mails": "ok", "tick": "ok"}
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "parts": parts}


def test_not_ready_without_the_database_and_no_secret_told(client, away):
    answer = client.get(READY)
    assert answer.status_code == 503
    assert answer.json()["parts"]["database"] == "failed"
    assert "example" not in answer.content.decode()


def test_not_ready_without_the_cache_and_no_secret_told(client, settings):
    broken = f"{BrokenCache.__module__}.{BrokenCache.__name__}"
    settings.CACHES = {"default": {"BACKEND": broken}}
    answer = client.get(READY)
    assert answer.status_code == 503
    assert answer.json()["parts"]["cache"] == "failed"
    assert "example" not in answer.content.decode()


def test_late_mails_and_ticks_are_told_and_stop_nobody(client, ready):
    now = timezone.now()
    assert client.get(READY).json()["parts"]["tick"] == "unknown"
    cache.set(health.TICKED, (now - timedelta(hours=1)).timestamp())
    row = factories.make_sent(pictures_count=0)
    outbox.queue("withdrawn", submission=row, due_at=now - timedelta(hours=1))
    answer = client.get(READY)
    assert answer.status_code == 200
    assert answer.json()["parts"]["tick"] == "late"
    assert answer.json()["parts"]["mails"] == "late"


def numbers(answer) -> dict[str, float]:
    lines = answer.content.decode().splitlines()
    pairs = [line.split(" ") for line in lines if not line.startswith("#")]
    return {name: float(value) for name, value in pairs}


def test_metrics_count_what_waits(client, settings, ready, commits):
    settings.WAGTAIL_CROWDBRAND = {"METRICS_TOKEN": "k" * 32, "UNDO_SECONDS": 0}
    call_command("crowdbrand_tick")
    shown, _waiting = (factories.make_waiting(pictures_count=0) for _n in range(2))
    with commits():
        moderating.approve(shown, actor=factories.make_moderator())
    answer = client.get(METRICS, headers={"Authorization": f"Bearer {'k' * 32}"})
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    found = numbers(answer)
    assert found["crowdbrand_ideas_on_show"] == 1
    assert found["crowdbrand_reviews_waiting"] == 1
    assert found["crowdbrand_notices_open"] == 0
    assert found["crowdbrand_mails_given_up"] == 0
    assert found["crowdbrand_tick_age_seconds"] < 60


@pytest.mark.parametrize("given", ["", "Bearer ", "Bearer wrong", "wrong"])
def test_metrics_are_not_for_everybody(client, settings, given):
    assert client.get(METRICS, headers={"Authorization": given}).status_code == 404
    settings.WAGTAIL_CROWDBRAND = {"METRICS_TOKEN": "k" * 32}
    assert client.get(METRICS, headers={"Authorization": given}).status_code == 404


def test_metrics_are_for_superusers(client):
    client.force_login(User.objects.create_superuser("root"))
    assert client.get(METRICS).status_code == 200


def test_facts_are_lines_without_anybodys_words(ready, commits, caplog):
    caplog.set_level(logging.INFO, logger="wagtail_crowdbrand.events")
    with commits():
        row = factories.make_confirmed(pictures_count=0, title="Night Light")
    row.refresh_from_db()
    with commits():
        moderator = factories.make_moderator()
        moderating.reject(row, actor=moderator, reason="It is an old joke.")
    found = [(line.event, line.fields.get("submission_id")) for line in caplog.records]
    assert ("submission_received", row.pk) in found
    assert ("submission_confirmed", row.pk) in found
    assert ("submission_decided", row.pk) in found
    for word in ("Night", "joke", "example.org"):
        assert word not in caplog.text
    call_command("crowdbrand_tick")
    assert caplog.records[-1].event == "tick"
