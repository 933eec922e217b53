"""Ask the public databases whether a pinned dependency has a known hole.

    python -m tests.audit <pip-audit> [--required]

Fails on a hole. A database that does not answer, or knows none of our packages, cannot
say that all is well: then the last line says that nothing was audited, and with
``--required`` that is a failure, too.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

PINS = Path(__file__).resolve().parent.parent / "constraints.txt"
SERVICES = ("osv", "pypi")
ARGUMENTS = ("--no-deps", "--disable-pip", "--format=json", "--progress-spinner=off")


@dataclass(frozen=True)
class Answer:
    """How many packages a database knows, and a line for each hole."""

    known: int = 0
    holes: tuple[str, ...] = ()


def read(report: str) -> Answer:
    """What pip-audit's JSON says; nothing is known when it is not JSON."""
    try:
        packages = json.loads(report)["dependencies"]
    except ValueError:
        return Answer()
    known = [package for package in packages if "vulns" in package]
    holes = tuple(
        f"{package['name']} {package['version']}: {hole['id']}"
        f" – mended in {', '.join(hole['fix_versions']) or 'no version yet'}"
        for package in known
        for hole in package["vulns"]
    )
    return Answer(len(known), holes)


def ask(pip_audit: str, service: str) -> Answer:
    command = [pip_audit, f"--requirement={PINS}", f"--vulnerability-service={service}"]
    done = subprocess.run(
        [*command, "--timeout=10", *ARGUMENTS], capture_output=True, text=True
    )
    return read(done.stdout)


def main(pip_audit: str, *options: str) -> int:
    """0: no hole is known, or (unless it is required) nobody could be asked."""
    pins = sum("==" in line for line in PINS.read_text().splitlines())
    for service in SERVICES:
        answer = ask(pip_audit, service)
        if answer.known:
            print(*answer.holes, sep="\n", end="\n" if answer.holes else "")
            facts = f"{answer.known} of {pins} packages, {len(answer.holes)} holes"
            print(f"Audited with {service}: {facts}.")
            return int(bool(answer.holes))
        print(f"{service} could not be reached, or knows none of the {pins} packages.")
    print("NOT AUDITED: no database of vulnerabilities answered.")
    return int("--required" in options)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
