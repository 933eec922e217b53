"""Reveals a campaign until it is done or killed, for ``test_reveal_under_fire.py``.

python -m tests.domain.reveals DATABASE CAMPAIGN MEDIA PRIVATE [linger]

With ``linger`` it waits inside its transaction, so that it can be killed there.
"""

from __future__ import annotations

import os
import sys
import time

import django
from django.conf import settings

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    name, campaign, media, private, *linger = sys.argv[1:]
    settings.DATABASES["default"]["NAME"] = name
    settings.MEDIA_ROOT = media
    for alias, place in (("default", media), ("crowdbrand_private", private)):
        settings.STORAGES[alias]["OPTIONS"] = {"location": place}
    django.setup()
    from wagtail_crowdbrand.domain import classes, filtering, revealing

    if linger:
        write_many = filtering.write_many

        def write_slowly(rows):
            write_many(rows)
            time.sleep(60)

        filtering.write_many = write_slowly
    page = next(classes.campaigns(pk=int(campaign)))
    revealing.reveal(page, at=page.reveals_at)
