"""System checks; each has an id and a test of that name."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core import checks
from django.core.cache import caches
from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.files.storage import FileSystemStorage
from django.db import DEFAULT_DB_ALIAS, connections
from django.utils.module_loading import import_string
from django_tasks import task_backends
from django_tasks.backends.immediate import ImmediateBackend

from wagtail_crowdbrand.conf import Config, get_config, misfits, unknown_keys
from wagtail_crowdbrand.domain import access, limits
from wagtail_crowdbrand.models.upload import private_storage

TAG = "wagtail_crowdbrand"
RATE = re.compile(rf"[0-9]+/[{''.join(limits.SECONDS)}]")
#: An address of a page; both words are replaced.
PRIVATE_LINK = re.compile(r"https?://[^\s{}]+(\{(code|token)\}[^\s{}]*){2}")
PREVIEW_URL = re.compile(r"https?://[^\s{}]+\{token\}[^\s{}]*")
#: An origin exactly as browsers write it (RFC 6454, section 6.2).
ORIGIN = re.compile(
    r"(?!http:.*:80$|https:.*:443$)https?://([a-z0-9._-]+|\[[0-9a-f:]+\])(:[0-9]{1,5})?"
)
#: Seconds a writer should wait for those before it. SQLite knows no queue: who waits
#: asks every tenth of a second, and others may be luckier for 20 seconds on end.
SQLITE_TIMEOUT = 60
SQLITE_OPTIONS = (
    '{"transaction_mode": "IMMEDIATE", "timeout": 60, '
    '"init_command": "PRAGMA journal_mode=WAL"}'
)


def register_all() -> None:
    checks.register(check_setting_keys, TAG)
    checks.register(check_private_storage, TAG)
    checks.register(check_time_zones, TAG)
    checks.register(check_setting_values, TAG)
    checks.register(check_rate_limits, TAG)
    checks.register(check_dotted_paths, TAG)
    checks.register(check_private_links, TAG)
    checks.register(check_allowed_origins, TAG)
    checks.register(check_preview_url, TAG)
    checks.register(check_modeladmin, TAG)
    checks.register(check_slashes, TAG)
    checks.register(check_sqlite, TAG)
    checks.register(check_cache, TAG, deploy=True)
    checks.register(check_tasks, TAG, deploy=True)


def check_setting_keys(**kwargs: Any) -> list[checks.CheckMessage]:
    return [
        checks.Error(
            f"WAGTAIL_CROWDBRAND has no setting “{key}”.",
            hint="See docs/reference/settings.md.",
            id="wagtail_crowdbrand.E001",
        )
        for key in sorted(unknown_keys())
    ]


def check_private_storage(**kwargs: Any) -> list[checks.CheckMessage]:
    """Files nobody may see yet must not lie where the web server looks."""
    if misfits():
        return []
    storage = private_storage()
    if not isinstance(storage, FileSystemStorage) or not settings.MEDIA_ROOT:
        return []
    private, media = Path(storage.location), Path(settings.MEDIA_ROOT).absolute()
    if private != media and media not in private.parents:
        return []
    return [
        checks.Error(
            "Private files of contributors would lie below MEDIA_ROOT.",
            hint=f"Point STORAGES['{get_config().private_storage}'] somewhere else.",
            id="wagtail_crowdbrand.E002",
        )
    ]


def check_time_zones(**kwargs: Any) -> list[checks.CheckMessage]:
    """A deadline is an instant; without time zones Django keeps none."""
    if settings.USE_TZ:
        return []
    return [
        checks.Error(
            "Opening, closing and deciding need times that know their zone.",
            hint="Set USE_TZ = True.",
            id="wagtail_crowdbrand.E003",
        )
    ]


def check_setting_values(**kwargs: Any) -> list[checks.CheckMessage]:
    return [
        checks.Error(
            f"{key + ' in ' if key else ''}WAGTAIL_CROWDBRAND must be {kind}.",
            hint="See docs/reference/settings.md.",
            id="wagtail_crowdbrand.E004",
        )
        for key, kind in misfits().items()
    ]


def check_rate_limits(**kwargs: Any) -> list[checks.CheckMessage]:
    """A limit nobody can read would fail in the request it should slow down."""
    given = {} if misfits() else get_config().rate_limits
    actions = Config().rate_limits
    unknown = [f"has no action “{action}”" for action in given.keys() - actions.keys()]
    unreadable = [
        f"cannot read “{rate}”, the limit of “{action}”"
        for action, rate in given.items()
        if rate and not RATE.fullmatch(rate)
    ]
    return [
        checks.Error(
            f"RATE_LIMITS in WAGTAIL_CROWDBRAND {complaint}.",
            hint=f"Actions: {', '.join(actions)}. Limits: “20/h”, per s, m, h or d.",
            id="wagtail_crowdbrand.E005",
        )
        for complaint in sorted(unknown) + unreadable
    ]


def check_dotted_paths(**kwargs: Any) -> list[checks.CheckMessage]:
    """What is called by its path only once somebody sent an idea."""
    if misfits():
        return []
    config = get_config()
    paths = [("CREATE_IMAGE", config.create_image)]
    paths += [("SPAM_CHECKS", path) for path in config.spam_checks]
    return [
        checks.Error(
            f"{setting} in WAGTAIL_CROWDBRAND names “{path}”: {complaint}",
            hint="Give the dotted path of a function.",
            id="wagtail_crowdbrand.E006",
        )
        for setting, path in paths
        if (complaint := _import_problem(path))
    ]


def check_private_links(**kwargs: Any) -> list[checks.CheckMessage]:
    """A link that leads nowhere would be noticed by contributors, one by one."""
    given = {} if misfits() else get_config().private_links
    purposes = (access.CONFIRM, access.EDIT, access.RESUME)
    unknown = [f"has no link “{name}”" for name in given.keys() - set(purposes)]
    broken = [
        f"cannot use “{link}” as the link “{name}”"
        for name, link in given.items()
        if not PRIVATE_LINK.fullmatch(link)
        or {link.count("{code}"), link.count("{token}")} != {1}
    ]
    return [
        checks.Error(
            f"PRIVATE_LINKS in WAGTAIL_CROWDBRAND {complaint}.",
            hint=f"Links: {', '.join(purposes)}. “https://…/{{code}}/{{token}}/”.",
            id="wagtail_crowdbrand.E008",
        )
        for complaint in sorted(unknown) + broken
    ]


def check_preview_url(**kwargs: Any) -> list[checks.CheckMessage]:
    """An editor would look at an empty frame."""
    url = "" if misfits() else get_config().preview_url
    if not url or PREVIEW_URL.fullmatch(url):
        return []
    return [
        checks.Error(
            f"PREVIEW_URL in WAGTAIL_CROWDBRAND cannot be “{url}”.",
            hint="Write “https://ideas.example.com/preview#{token}”.",
            id="wagtail_crowdbrand.E010",
        )
    ]


def check_allowed_origins(**kwargs: Any) -> list[checks.CheckMessage]:
    """An origin no browser sends would let nobody in, and nobody would know why."""
    given = () if misfits() else get_config().api_allowed_origins
    return [
        checks.Error(
            f"API_ALLOWED_ORIGINS in WAGTAIL_CROWDBRAND cannot use “{origin}”.",
            hint="Write “https://ideas.example.com”: scheme, host in small letters, a "
            "port that is not the usual one, and nothing else.",
            id="wagtail_crowdbrand.E009",
        )
        for origin in given
        if not ORIGIN.fullmatch(origin)
    ]


def _import_problem(path: str) -> str:
    try:
        return "" if callable(import_string(path)) else "it cannot be called."
    except ImportError as error:
        return f"{error}."


def check_modeladmin(**kwargs: Any) -> list[checks.CheckMessage]:
    """The journals are lists of wagtail-modeladmin, which brings their templates."""
    if apps.is_installed("wagtail_modeladmin"):
        return []
    return [
        checks.Error(
            "The journals of campaigns need wagtail_modeladmin.",
            hint="Add “wagtail_modeladmin” to INSTALLED_APPS.",
            id="wagtail_crowdbrand.E007",
        )
    ]


def check_slashes(**kwargs: Any) -> list[checks.CheckMessage]:
    """What lies below a page of ours is found by what is put after its address."""
    if getattr(settings, "WAGTAIL_APPEND_SLASH", True):
        return []
    return [
        checks.Error(
            "Links on pages of campaigns need addresses that end with a slash.",
            hint="Leave WAGTAIL_APPEND_SLASH at True.",
            id="wagtail_crowdbrand.E011",
        )
    ]


def check_sqlite(**kwargs: Any) -> list[checks.CheckMessage]:
    """With Django's defaults most writes that meet another one fail."""
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor != "sqlite":
        return []
    options = connection.settings_dict["OPTIONS"]
    start = "".join(options.get("init_command", "").lower().split())
    if (
        str(options.get("transaction_mode", "")).upper() in ("IMMEDIATE", "EXCLUSIVE")
        and options.get("timeout", 0) >= SQLITE_TIMEOUT
        and ("journal_mode=wal" in start or _has_wal(connection.settings_dict))
    ):
        return []
    return [
        checks.Warning(
            "SQLite would refuse people who write at the same time.",
            hint=f"Set DATABASES['default']['OPTIONS'] to {SQLITE_OPTIONS}.",
            id="wagtail_crowdbrand.W001",
        )
    ]


def _has_wal(database: dict[str, Any]) -> bool:
    """Whether the file was put into WAL once, which it remembers.

    Its header tells, in bytes 18 and 19 (https://www.sqlite.org/fileformat2.html), so
    that a check neither connects nor makes a file.
    """
    try:
        with open(database.get("NAME") or "", "rb") as file:
            return file.read(20)[18:] == b"\x02\x02"
    except OSError:
        return False


def check_cache(**kwargs: Any) -> list[checks.CheckMessage]:
    """Rate limits live in the cache, which all processes should share."""
    if not isinstance(caches["default"], LocMemCache | DummyCache):
        return []
    return [
        checks.Warning(
            "Rate limits would be counted in each process on its own, or not at all.",
            hint="Use a shared cache, such as Redis or the database, in CACHES.",
            id="wagtail_crowdbrand.W002",
        )
    ]


def check_tasks(**kwargs: Any) -> list[checks.CheckMessage]:
    """Pages, pictures and mails are made by tasks, after the commit."""
    if not isinstance(task_backends["default"], ImmediateBackend):
        return []
    return [
        checks.Warning(
            "Visitors and moderators would wait until pages and mails are made.",
            hint="Use a backend with workers in TASKS, and run a worker.",
            id="wagtail_crowdbrand.W003",
        )
    ]
