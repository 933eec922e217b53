"""Run the test suite part by part, and say in the last lines what was left out.

A part is the whole suite on one database, or what needs a site of another make: the
stories in a browser and in the example front end, a site with its own base page model,
a first-time installation, the promises of the API.
A part that lacks its server, browser or Wagtail is left out, and so is a slow one;
``--complete`` runs the slow ones, and then what is lacking is a failure.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from subprocess import PIPE, STDOUT, Popen

import wagtail

from tests import postgres
from tests.e2e import browser, front_end

PYTEST = [sys.executable, "-m", "pytest"]
IN_PARALLEL = ["-n", "auto", "--maxprocesses", "4"]
SUITE = [
    *PYTEST,
    "-m",
    "not install and not contract",
    "--ignore=tests/e2e",
    *IN_PARALLEL,
]
RULER = "─" * 80


@dataclass(frozen=True)
class Part:
    name: str
    command: list[str]
    find: Callable[[], object]  # what the part needs; falsy: leave the part out
    hint: str = ""
    slow: bool = False  # run only when asked for


@dataclass(frozen=True)
class Result:
    code: int
    summary: str
    seconds: float


PARTS = [
    Part(
        "sqlite",
        SUITE,
        find=lambda: True,
    ),
    Part(
        "postgresql",
        [sys.executable, "-m", "tests.postgres", "--", *SUITE],
        find=postgres.find_binaries,
        hint=postgres.INSTALL_HINT,
    ),
    Part(
        "basepage",
        [*PYTEST, "--ds", "tests.settings_basepage", "tests/basepage"],
        find=lambda: wagtail.VERSION >= (8,),
        hint="a base page model of one's own needs Wagtail 8",
    ),
    Part(
        "contract",
        [*PYTEST, "-m", "contract", "tests/api/test_contract.py"],
        find=lambda: find_spec("schemathesis"),
        hint="asking the API what its schema promises needs schemathesis",
    ),
    Part(
        "install",
        [*PYTEST, "-m", "install", "tests/test_first_installation.py"],
        find=lambda: find_spec("flit_core"),
        hint="building the wheel needs flit-core",
        slow=True,
    ),
    Part(
        "browser",
        [*PYTEST, "-m", "e2e", "tests/e2e", "--ignore=tests/e2e/test_headless.py"],
        find=browser.find_chromium,
        hint=browser.INSTALL_HINT,
    ),
    Part(
        "headless",
        [*PYTEST, "-m", "e2e", "tests/e2e/test_headless.py"],
        find=lambda: browser.find_chromium() and front_end.find_npm(),
        hint=front_end.INSTALL_HINT,
    ),
]


def run(part: Part, pytest_arguments: list[str]) -> Result:
    """Run one part, passing its output through."""
    print(f"{RULER}\n{part.name}\n{RULER}", flush=True)
    colour = ["--color=yes"] if sys.stdout.isatty() else []
    command = [*part.command, *colour, *pytest_arguments]
    seen, start = b"", time.monotonic()
    with Popen(command, stdout=PIPE, stderr=STDOUT) as process:
        while chunk := os.read(process.stdout.fileno(), 8192):
            sys.stdout.buffer.write(chunk)
            sys.stdout.buffer.flush()
            seen = (seen + chunk)[-8192:]
    lines = seen.decode(errors="replace").strip().splitlines()
    summary = lines[-1] if lines else "no output"
    return Result(process.returncode, summary, time.monotonic() - start)


def main() -> int:
    """Run the parts asked for; 0 when all passed and nothing demanded is missing."""
    names = [part.name for part in PARTS]
    parser = argparse.ArgumentParser(
        prog="python -m tests", description=__doc__, allow_abbrev=False
    )
    parser.add_argument("--only", choices=names, help="run this part, or fail")
    parser.add_argument(
        "--complete", action="store_true", help="run every part, or fail"
    )
    options, pytest_arguments = parser.parse_known_args()

    asked = [part for part in PARTS if options.only in (None, part.name)]
    lacking = [part for part in asked if not part.find()]
    able = [part for part in asked if part not in lacking]
    every = options.complete or options.only
    slow = [part for part in able if part.slow and not every]
    results = {
        part.name: run(part, pytest_arguments) for part in able if part not in slow
    }

    print(RULER)
    for name, result in results.items():
        print(f"{name:12}{result.seconds:5.0f} s  {result.summary.strip(' =')}")
    for part in lacking:
        print(f"Left out: {part.name} – {part.hint}")
    for part in slow:
        print(f"Left out: {part.name} – slow; make test ARGS='--only {part.name}'")
    if not lacking and not slow and not options.only:
        print("Nothing was left out.")
    failed = any(result.code for result in results.values())
    return int(failed or bool(lacking and every))


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
