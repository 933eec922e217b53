"""Works on a batch until it is killed: a worker of its own, for ``test_killed.py``.

python -m tests.backoffice.killed DATABASE BATCH
"""

from __future__ import annotations

import os
import sys

import django
from django.conf import settings

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    settings.DATABASES["default"]["NAME"] = sys.argv[1]
    django.setup()
    from wagtail_crowdbrand.tasks import work_batch

    work_batch.enqueue(int(sys.argv[2]))
