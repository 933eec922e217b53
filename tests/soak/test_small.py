"""The rush and the blows, small: the whole thing is ``make soak``."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest
from django.db import connection

from tests.bench.serving import ROOT
from tests.crowd import database_of_its_own

pytestmark = pytest.mark.postgres

SENT = re.compile(r"^(rush(?: under blows)?): (\d+) ideas sent and confirmed", re.M)


@pytest.fixture
def db(django_db_setup, django_db_blocker, tmp_path):
    """A database of its own that other processes can use."""
    with django_db_blocker.unblock(), database_of_its_own(tmp_path):
        yield connection.settings_dict["NAME"]


def test_what_is_acknowledged_survives_whatever_is_killed(db):
    size = ["--clients", "3", "--each", "2", "--workers", "2", "--pause", "2"]
    size += ["--rounds", "1"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.soak", "--database", db, *size],
        cwd=ROOT,
        env=os.environ,
        capture_output=True,
        text=True,
    )
    sent = SENT.findall(done.stdout)
    assert sent == [("rush", "6"), ("rush under blows", "6")], done.stderr[-2000:]
    assert done.stdout.count("wrong in the end: nothing") == 2
    assert done.returncode == 0
