"""The example site's production settings: checked by Django, and run on PostgreSQL."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management.utils import get_random_secret_key
from django.db import connection

from tests.crowd import database_of_its_own

ROOT = Path(__file__).parent.parent
MANAGE = ROOT / "example_site" / "manage.py"
VISIT = ROOT / "tests" / "production" / "visit.py"
ADDRESS = "calls.example"


def run(files: Path, *command: str | Path, database: str = "crowdbrand") -> str:
    """Run Python with the production settings; the last line of what it says."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("DJANGO_")}
    environment = inherited | {
        "DJANGO_SETTINGS_MODULE": "example_site.settings_production",
        "SECRET_KEY": get_random_secret_key(),
        "ALLOWED_HOSTS": ADDRESS,
        "PGDATABASE": database,
        "REDIS_URL": "redis://localhost:6379",
        "FILES_ROOT": str(files),
        "DEFAULT_FROM_EMAIL": f"calls@{ADDRESS}",
        "WAGTAILADMIN_BASE_URL": f"https://{ADDRESS}",
    }
    done = subprocess.run(
        [sys.executable, *command],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}"
    return done.stdout.splitlines()[-1]


@pytest.fixture
def db(django_db_setup, django_db_blocker, tmp_path):
    """A database that other processes can use, without the example site's tables."""
    with django_db_blocker.unblock(), database_of_its_own(tmp_path):
        yield connection.settings_dict["NAME"]


def test_deploy_checks_find_nothing(tmp_path):
    command = [MANAGE, "check", "--deploy", "--fail-level", "WARNING"]
    said = run(tmp_path, *command)
    assert said == "System check identified no issues (0 silenced)."


@pytest.mark.postgres
def test_production_settings_serve_and_work(db, tmp_path):
    facts = json.loads(run(tmp_path, VISIT, ADDRESS, database=db))
    assert facts == {
        "plain": f"https://{ADDRESS}/",
        "home": 200,
        "policy": "default-src 'self'; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'",
        "transport": "max-age=31536000; includeSubDomains; preload",
        "queued": "READY",
        "done": "SUCCESSFUL",
    }
