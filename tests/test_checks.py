"""Every system check, under its id: when it speaks, and when it is silent."""

from __future__ import annotations

import sqlite3
from dataclasses import fields
from types import SimpleNamespace

import pytest
from django.core.checks import run_checks

from wagtail_crowdbrand.checks import TAG
from wagtail_crowdbrand.conf import Config

GOOD_SQLITE = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 60,
    "init_command": "PRAGMA journal_mode = WAL;",
}
LOCMEM = "django.core.cache.backends.locmem.LocMemCache"
DUMMY = "django.core.cache.backends.dummy.DummyCache"
SHARED = "django.core.cache.backends.filebased.FileBasedCache"


def ids(*, deploy: bool = False) -> list[str]:
    found = run_checks(tags=[TAG], include_deployment_checks=deploy)
    return [message.id.removeprefix(f"{TAG}.") for message in found]


def test_E007_asks_for_the_app_of_the_journals(monkeypatch):
    without = SimpleNamespace(is_installed=lambda app: app != "wagtail_modeladmin")
    monkeypatch.setattr("wagtail_crowdbrand.checks.apps", without)
    assert ids() == ["E007"]


def test_E011_asks_for_addresses_with_a_slash_at_the_end(settings):
    settings.WAGTAIL_APPEND_SLASH = True
    assert ids() == []
    settings.WAGTAIL_APPEND_SLASH = False
    assert ids() == ["E011"]


def on_sqlite(monkeypatch, options: dict, *, name=":memory:") -> None:
    facts = {"OPTIONS": options, "NAME": name}
    database = SimpleNamespace(vendor="sqlite", settings_dict=facts)
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


def test_E003_wants_times_that_know_their_zone(settings):
    settings.USE_TZ = False
    assert ids() == ["E003"]


@pytest.mark.parametrize(
    ("key", "wrong", "right"),
    [
        ("GALLERY_PAGE_SIZE", ["x", "24", 24.0, True, None, -1], [1, 48]),
        ("RETENTION_DAYS", ["30", -1, False], [None, 0, 30]),
        ("PRIVATE_STORAGE", [None, ["private"]], ["private"]),
        (
            "SPAM_CHECKS",
            ["wagtail_crowdbrand.domain.suspicion.haste", [1], None],
            [(), [], ["wagtail_crowdbrand.domain.suspicion.haste"]],
        ),
        ("API_ALLOWED_ORIGINS", ["https://ideas.example.com", "*"], [[], ()]),
        ("RATE_LIMITS", ["20/h", {"draft": 20}, {1: "20/h"}], [{}]),
    ],
)
def test_E004_refuses_values_of_the_wrong_kind(settings, key, wrong, right):
    for value in wrong:
        settings.WAGTAIL_CROWDBRAND = {key: value}
        assert ids() == ["E004"], value
    for value in right:
        settings.WAGTAIL_CROWDBRAND = {key: value}
        assert ids() == [], value


def test_E004_refuses_what_is_no_dict(settings):
    settings.WAGTAIL_CROWDBRAND = ["GALLERY_PAGE_SIZE"]
    assert ids() == ["E004"]


def test_E004_watches_every_setting(settings):
    names = [each.name for each in fields(Config)]
    settings.WAGTAIL_CROWDBRAND = {n.upper(): getattr(Config(), n) for n in names}
    assert ids() == []
    settings.WAGTAIL_CROWDBRAND = {name.upper(): object() for name in names}
    assert ids() == ["E004"] * len(names)


@pytest.mark.parametrize(
    ("limits", "found"),
    [
        ({"draft": "5/m", "link": ""}, []),
        ({"draft": "5 per minute"}, ["E005"]),
        ({"draft": "5/w"}, ["E005"]),
        ({"draft": "-5/h"}, ["E005"]),
        ({"draft": "/h", "link": "5/h/h"}, ["E005", "E005"]),
        ({"drafts": "5/h"}, ["E005"]),
        ({"drafts": "often"}, ["E005", "E005"]),
    ],
)
def test_E005_refuses_rates_nobody_can_read(settings, limits, found):
    settings.WAGTAIL_CROWDBRAND = {"RATE_LIMITS": limits}
    assert ids() == found


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("wagtail_crowdbrand.domain.pictures.create_image", []),
        ("wagtail_crowdbrand.domain.pictures.no_such_function", ["E006"]),
        ("no_such_module.create_image", ["E006"]),
        ("create_image", ["E006"]),
        ("wagtail_crowdbrand.checks.TAG", ["E006"]),
    ],
)
def test_E006_refuses_paths_that_lead_nowhere(settings, path, found):
    settings.WAGTAIL_CROWDBRAND = {"CREATE_IMAGE": path}
    assert ids() == found
    settings.WAGTAIL_CROWDBRAND = {"SPAM_CHECKS": [path]}
    assert ids() == found


@pytest.mark.parametrize(
    ("links", "found"),
    [
        ({}, []),
        ({"confirm": "https://ideas.example.com/confirm/{code}/{token}/"}, []),
        ({"edit": "http://localhost:5173/#{token}/{code}"}, []),
        ({"resume": "/resume/{code}/{token}/"}, ["E008"]),
        ({"edit": "https://ideas.example.com/{code}/"}, ["E008"]),
        ({"edit": "https://ideas.example.com/{code}/{code}/"}, ["E008"]),
        ({"edit": "https://ideas.example.com/{code}/{token}/{id}/"}, ["E008"]),
        ({"edit": "javascript:{code}{token}"}, ["E008"]),
        ({"remind": "https://ideas.example.com/{code}/{token}/"}, ["E008"]),
    ],
)
def test_E008_refuses_private_links_that_lead_nowhere(settings, links, found):
    settings.WAGTAIL_CROWDBRAND = {"PRIVATE_LINKS": links}
    assert ids() == found


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("", []),
        ("https://ideas.example.com/preview#{token}", []),
        ("http://localhost:5173/preview?token={token}&x", []),
        ("https://ideas.example.com/preview", ["E010"]),
        ("/preview#{token}", ["E010"]),
        ("https://ideas.example.com/{token}/{token}", ["E010"]),
        ("https://ideas.example.com/{token}/{code}", ["E010"]),
        ("javascript:{token}", ["E010"]),
    ],
)
def test_E010_refuses_previews_that_lead_nowhere(settings, url, found):
    settings.WAGTAIL_CROWDBRAND = {"PREVIEW_URL": url}
    assert ids() == found


@pytest.mark.parametrize(
    ("origin", "found"),
    [
        ("https://ideas.example.com", []),
        ("http://localhost:5173", []),
        ("http://[::1]:5173", []),
        ("https://xn--ber-goa.example.com", []),
        ("https://ideas.example.com/", ["E009"]),
        ("https://ideas.example.com:443", ["E009"]),
        ("http://ideas.example.com:80", ["E009"]),
        ("http://ideas.example.com:443", []),
        ("https://Ideas.example.com", ["E009"]),
        ("https://über.example.com", ["E009"]),
        ("https://*.example.com", ["E009"]),
        ("ideas.example.com", ["E009"]),
        ("*", ["E009"]),
        ("null", ["E009"]),
        ("", ["E009"]),
    ],
)
def test_E009_refuses_origins_no_browser_sends(settings, origin, found):
    settings.WAGTAIL_CROWDBRAND = {"API_ALLOWED_ORIGINS": [origin]}
    assert ids() == found


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, []),
        ({"transaction_mode": "EXCLUSIVE"}, []),
        ({"timeout": 90}, []),
        ({"timeout": 59}, ["W001"]),
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


@pytest.mark.parametrize(("mode", "found"), [("WAL", []), ("DELETE", ["W001"])])
def test_W001_sees_a_file_that_was_put_into_wal_once(
    monkeypatch, tmp_path, mode, found
):
    path = tmp_path / "site.sqlite3"
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA journal_mode = {mode}")
    connection.execute("CREATE TABLE a (b)")
    connection.close()
    on_sqlite(monkeypatch, GOOD_SQLITE | {"init_command": ""}, name=path)
    assert ids() == found


def test_W001_makes_no_file(monkeypatch, tmp_path):
    path = tmp_path / "site.sqlite3"
    on_sqlite(monkeypatch, GOOD_SQLITE | {"init_command": ""}, name=path)
    assert ids() == ["W001"]
    assert not path.exists()


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
