"""Every system check, under its id: when it speaks, and when it is silent."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.core.checks import run_checks

from wagtail_crowdbrand.checks import TAG

GOOD_SQLITE = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode = WAL;",
}
LOCMEM = "django.core.cache.backends.locmem.LocMemCache"
DUMMY = "django.core.cache.backends.dummy.DummyCache"
SHARED = "django.core.cache.backends.filebased.FileBasedCache"


def ids(*, deploy: bool = False) -> list[str]:
    found = run_checks(tags=[TAG], include_deployment_checks=deploy)
    return [message.id.removeprefix(f"{TAG}.") for message in found]


def on_sqlite(monkeypatch, options: dict) -> None:
    database = SimpleNamespace(vendor="sqlite", settings_dict={"OPTIONS": options})
    monkeypatch.setattr("wagtail_crowdbrand.checks.connections", {"default": database})


def test_a_site_with_good_settings_hears_nothing():
    assert ids() == []


def test_E001_names_each_unknown_setting(settings):
    settings.WAGTAIL_CROWDBRAND = {"CONFIRM_HOURS": 24}
    assert ids() == []
    settings.WAGTAIL_CROWDBRAND = {"CONFIRM_HOUR": 24, "A": 1}
    assert ids() == ["E001", "E001"]


@pytest.mark.parametrize("below", ["", "/private", "/deep/er"])
def test_E002_refuses_private_files_below_media(settings, tmp_path, below):
    settings.MEDIA_ROOT = str(tmp_path / "media")
    private = {"BACKEND": "django.core.files.storage.FileSystemStorage"}

    def keep_in(folder) -> None:
        private["OPTIONS"] = {"location": str(folder)}
        settings.STORAGES = {**settings.STORAGES, "crowdbrand_private": dict(private)}

    keep_in(f"{settings.MEDIA_ROOT}{below}")
    assert ids() == ["E002"]
    keep_in(tmp_path / "media-private")
    assert ids() == []


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, []),
        ({"transaction_mode": "EXCLUSIVE"}, []),
        ({"timeout": 60}, []),
        ({"timeout": 19}, ["W001"]),
        ({"transaction_mode": "DEFERRED"}, ["W001"]),
        ({"transaction_mode": None}, ["W001"]),
        ({"init_command": ""}, ["W001"]),
        ({"init_command": "PRAGMA journal_mode=DELETE"}, ["W001"]),
    ],
)
def test_W001_warns_of_an_impatient_sqlite(monkeypatch, change, found):
    on_sqlite(monkeypatch, GOOD_SQLITE | change)
    assert ids() == found


def test_W001_knows_that_djangos_defaults_do_not_do(monkeypatch):
    on_sqlite(monkeypatch, {})
    assert ids() == ["W001"]


@pytest.mark.parametrize(
    ("backend", "found"), [(LOCMEM, True), (DUMMY, True), (SHARED, False)]
)
def test_W002_wants_a_shared_cache_when_deployed(settings, tmp_path, backend, found):
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": str(tmp_path)}}
    assert ("W002" in ids(deploy=True)) == found
    assert ids() == []


@pytest.mark.parametrize(
    ("backend", "found"),
    [
        ("django_tasks.backends.immediate.ImmediateBackend", True),
        ("django_tasks.backends.dummy.DummyBackend", False),
    ],
)
def test_W003_wants_workers_when_deployed(settings, backend, found):
    settings.TASKS = {"default": {"BACKEND": backend}}
    assert ("W003" in ids(deploy=True)) == found
    assert ids() == []


def test_W003_knows_what_a_site_without_the_setting_gets():
    assert "W003" in ids(deploy=True)
