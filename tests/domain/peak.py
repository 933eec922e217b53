"""Run by a test in a process of its own: the memory that taking in pictures needs.

``python -m tests.domain.peak <file> …`` prints, for each file, what came of it and the
peak in bytes above what the idle process had. Each file gets a fork: the peak of a
process never falls, and one started by ``exec`` inherits its parent's.
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


def report(path: Path) -> None:
    from wagtail_crowdbrand.domain import ingesting
    from wagtail_crowdbrand.errors import InvalidUpload

    idle = peak()
    with path.open("rb") as file:
        try:
            outcome = ingesting.re_encode(file).suffix
        except InvalidUpload as error:
            outcome = error.code
    sys.stdout.write(json.dumps([path.name, outcome, peak() - idle]) + "\n")
    sys.stdout.flush()


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    from tests.domain import hostile
    from wagtail_crowdbrand.domain import ingesting

    for content in (hostile.jpeg(), hostile.png(), hostile.webp()):
        ingesting.re_encode(BytesIO(content))  # so that code is loaded when idle
    for name in sys.argv[1:]:
        child = os.fork()
        if child == 0:
            report(Path(name))
            os._exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main()
