"""Run the suite on every supported pair of Wagtail and Django; a table comes last.

    python -m tests.matrix [name ...] [-- pytest arguments]

Each environment is made with uv in ``.venv-matrix``, anew in every run. The suite runs
on SQLite, on Wagtail 8 also with a base page model of its own, and in the newest
environment on PostgreSQL as well. A Python that is not on this machine is left out.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tests import postgres

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".venv-matrix"
UV = Path(sys.executable).with_name("uv")
RULER = "═" * 80


@dataclass(frozen=True)
class Environment:
    name: str
    python: str
    requirements: tuple[str, ...]
    resolution: str = "highest"
    on_postgresql: bool = False

    @property
    def home(self) -> Path:
        return HOME / self.name

    @property
    def interpreter(self) -> Path:
        return self.home / "bin" / "python"


@dataclass
class Outcome:
    """How one environment went; nothing has failed until it has."""

    facts: str
    results: list[str]
    seconds: float = 0
    failed: bool = False


ENVIRONMENTS = [
    Environment("lowest", "3.11", (), resolution="lowest-direct"),
    Environment("7.4-5.2", "3.13", ("wagtail~=7.4.3", "Django~=5.2.0")),
    Environment("7.4-6.0", "3.12", ("wagtail~=7.4.3", "Django~=6.0.0")),
    Environment("8.0-5.2", "3.11", ("wagtail~=8.0.0", "Django~=5.2.0")),
    Environment("8.0-6.0", "3.12", ("wagtail~=8.0.0", "Django~=6.0.0")),
    Environment("8.0-6.1", "3.12", ("wagtail~=8.0.0", "Django~=6.1.0")),
    Environment("newest", "3.13", (), on_postgresql=True),
    Environment("newest-3.14", "3.14", ()),
]


def find_python(version: str) -> str | None:
    """A Python of this version: on the path, known to uv, or kept by pyenv."""
    ask = [UV, "python", "find", "--no-python-downloads", "--system", version]
    found = subprocess.run(ask, capture_output=True, text=True)
    if found.returncode == 0:
        return found.stdout.strip()
    if pyenv := shutil.which("pyenv"):
        found = subprocess.run(
            [pyenv, "prefix", version], capture_output=True, text=True
        )
        if found.returncode == 0:
            return f"{found.stdout.strip()}/bin/python"
    return None


def build(environment: Environment, python: str) -> bool:
    """Make the environment from scratch."""
    inherited = os.environ | {"VIRTUAL_ENV": str(environment.home)}
    make = [UV, "venv", "--quiet", "--clear", "--python", python, environment.home]
    install = [UV, "pip", "install", "--quiet", "-e", "."]
    groups = ("test", "production", "bench")
    install += [word for name in groups for word in ("--group", name)]
    install += ["--resolution", environment.resolution, *environment.requirements]
    return all(
        subprocess.run(command, cwd=ROOT, env=inherited).returncode == 0
        for command in (make, install)
    )


def versions(environment: Environment) -> str:
    script = (
        "import sys, django, wagtail;"
        "print('Python %d.%d.%d,' % sys.version_info[:3],"
        " f'Wagtail {wagtail.__version__}, Django {django.__version__}')"
    )
    asked = subprocess.run(
        [environment.interpreter, "-c", script], capture_output=True, text=True
    )
    return asked.stdout.strip()


def parts_of(environment: Environment, facts: str) -> list[str]:
    parts = ["sqlite"]
    if "Wagtail 8" in facts:
        parts.append("basepage")
    if environment.on_postgresql and postgres.find_binaries():
        parts.append("postgresql")
    return parts


def check(environment: Environment, pytest_arguments: list[str]) -> Outcome:
    """Build and run one environment."""
    python = find_python(environment.python)
    if python is None:
        return Outcome(f"no Python {environment.python} found", ["left out"])
    print(f"{RULER}\n{environment.name}", flush=True)
    if not build(environment, python):
        return Outcome("not built", [], failed=True)
    outcome = Outcome(versions(environment), [])
    print(f"{outcome.facts}\n{RULER}", flush=True)
    start = time.monotonic()
    for part in parts_of(environment, outcome.facts):
        command = [environment.interpreter, "-m", "tests", "--only", part]
        code = subprocess.run([*command, *pytest_arguments], cwd=ROOT).returncode
        outcome.results.append(f"{part} {'FAILED' if code else 'passed'}")
        outcome.failed |= code != 0
    outcome.seconds = time.monotonic() - start
    return outcome


def main() -> int:
    """Run those named, or all; 0 when nothing that was found failed."""
    arguments = [*sys.argv[1:], "--"]
    dashes = arguments.index("--")
    wanted, rest = arguments[:dashes], arguments[dashes + 1 : -1]
    if unknown := set(wanted) - {environment.name for environment in ENVIRONMENTS}:
        print(f"There is no {', '.join(sorted(unknown))} in the matrix.")
        return 2
    outcomes = {
        environment.name: check(environment, rest)
        for environment in ENVIRONMENTS
        if not wanted or environment.name in wanted
    }
    print(RULER)
    for name, outcome in outcomes.items():
        seconds = f"{outcome.seconds:5.0f} s" if outcome.seconds else " " * 7
        print(f"{name:11} {outcome.facts:43} {seconds}  {', '.join(outcome.results)}")
    return int(any(outcome.failed for outcome in outcomes.values()))


if __name__ == "__main__":
    sys.exit(main())
