"""Run the SQLite part of the suite on every supported pair of Wagtail and Django.

    python -m tests.matrix [name ...] [-- pytest arguments]

Each environment is made with uv in ``.venv-matrix`` and kept for the next run. A
Python that is not on this machine is left out, and the last lines say so.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

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

    @property
    def home(self) -> Path:
        return HOME / self.name

    @property
    def interpreter(self) -> Path:
        return self.home / "bin" / "python"


ENVIRONMENTS = [
    Environment("lowest", "3.11", (), resolution="lowest-direct"),
    Environment("7.4-5.2", "3.13", ("wagtail~=7.4.3", "Django~=5.2.0")),
    Environment("7.4-6.0", "3.12", ("wagtail~=7.4.3", "Django~=6.0.0")),
    Environment("8.0-5.2", "3.11", ("wagtail~=8.0.0", "Django~=5.2.0")),
    Environment("8.0-6.0", "3.12", ("wagtail~=8.0.0", "Django~=6.0.0")),
    Environment("8.0-6.1", "3.12", ("wagtail~=8.0.0", "Django~=6.1.0")),
    Environment("newest", "3.13", ()),
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
    """Make the environment, or bring it up to date."""
    inherited = os.environ | {"VIRTUAL_ENV": str(environment.home)}
    make = [UV, "venv", "--quiet", "--allow-existing", "--python", python]
    install = [UV, "pip", "install", "--quiet", "--upgrade", "-e", ".", "--group"]
    install += ["test", "--resolution", environment.resolution]
    for command in ([*make, environment.home], [*install, *environment.requirements]):
        if subprocess.run(command, cwd=ROOT, env=inherited).returncode:
            return False
    return True


def versions(environment: Environment) -> str:
    script = (
        "import sys, django, wagtail;"
        "print('Python %d.%d.%d' % sys.version_info[:3],"
        " 'Wagtail', wagtail.__version__, 'Django', django.__version__)"
    )
    asked = subprocess.run(
        [environment.interpreter, "-c", script], capture_output=True, text=True
    )
    return asked.stdout.strip()


def check(environment: Environment, pytest_arguments: list[str]) -> str:
    """Build and run one environment; return how it went in a word or two."""
    python = find_python(environment.python)
    if python is None:
        return f"left out: no Python {environment.python} found"
    print(f"{RULER}\n{environment.name}", flush=True)
    if not build(environment, python):
        return "NOT BUILT"
    facts = versions(environment)
    print(f"{facts}\n{RULER}", flush=True)
    parts = ["sqlite", "basepage"] if "Wagtail 8" in facts else ["sqlite"]
    failed = []
    for part in parts:
        command = [environment.interpreter, "-m", "tests", "--only", part]
        if subprocess.run([*command, *pytest_arguments], cwd=ROOT).returncode:
            failed.append(part)
    return f"{'FAILED: ' + ', '.join(failed) if failed else 'passed'} – {facts}"


def main() -> int:
    """Run those named, or all; 0 when nothing that was found failed."""
    arguments = [*sys.argv[1:], "--"]
    dashes = arguments.index("--")
    wanted, rest = arguments[:dashes], arguments[dashes + 1 : -1]
    results = {
        environment.name: check(environment, rest)
        for environment in ENVIRONMENTS
        if not wanted or environment.name in wanted
    }
    print(RULER)
    for name, result in results.items():
        print(f"{name:12} {result}")
    return int(any("FAILED" in text or "NOT" in text for text in results.values()))


if __name__ == "__main__":
    sys.exit(main())
