"""The test site as a process of its own, on the database and files of the test."""

from __future__ import annotations

import os
from pathlib import Path

from tests.settings import *  # noqa: F403
from tests.settings import DATABASES, STORAGES

DEBUG = True  # static files are served
ALLOWED_HOSTS = ["*"]
DATABASES["default"]["NAME"] = os.environ["CROWDBRAND_SERVED_DATABASE"]
MEDIA_ROOT = Path(os.environ["CROWDBRAND_SERVED_FILES"]) / "media"
STORAGES["crowdbrand_private"]["OPTIONS"]["location"] = MEDIA_ROOT.parent / "private"
