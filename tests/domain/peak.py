"""Run by tests in a process of its own: the memory one picture takes.

``python -m tests.domain.peak <file>`` prints what came out, and the peak in bytes
above what the idle process had.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from io import BytesIO
from pathlib import Path

import django


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    from tests.domain import hostile
    from wagtail_crowdbrand.domain import ingesting
    from wagtail_crowdbrand.errors import InvalidUpload

    for content in (hostile.jpeg(), hostile.png(), hostile.webp()):
        ingesting.re_encode(BytesIO(content))
    idle = peak()
    with Path(sys.argv[1]).open("rb") as file:
        try:
            outcome = ingesting.re_encode(file).suffix
        except InvalidUpload as error:
            outcome = error.code
    sys.stdout.write(json.dumps([outcome, peak() - idle]))


if __name__ == "__main__":
    main()
