"""Run a command against a private, throw-away PostgreSQL.

    python -m tests.postgres -- pytest -m "not e2e"

The cluster lives in a temporary folder and listens on a socket in there, so it neither
meets nor disturbs another server. It is not durable, which makes it fast.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

INSTALL_HINT = "no PostgreSQL server found (Debian: apt install postgresql)"
DEBIAN_HOME = Path("/usr/lib/postgresql")
SUPERUSER = "crowdbrand"
SERVER_OPTIONS = (
    "listen_addresses=",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
)


def find_binaries() -> Path | None:
    """The folder with ``initdb`` and ``pg_ctl``; the newest if Debian has several."""
    for folder in _candidates():
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    return None


def _candidates() -> Iterator[Path]:
    if initdb := shutil.which("initdb"):
        yield Path(initdb).resolve().parent
    if pg_config := shutil.which("pg_config"):
        asked = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True)
        yield Path(asked.stdout.strip())
    versions = [home for home in DEBIAN_HOME.glob("*") if home.name.isdigit()]
    for home in sorted(versions, key=lambda home: int(home.name), reverse=True):
        yield home / "bin"


@contextlib.contextmanager
def private_cluster(*more_options: str) -> Iterator[dict[str, str]]:
    """Yield the environment that points libpq and ``tests.settings`` at a new cluster.

    ``more_options`` are server options such as ``jit=off``. Raises ``RuntimeError``
    when there is no server to start or it does not start.
    """
    binaries = find_binaries()
    if binaries is None:
        raise RuntimeError(INSTALL_HINT)
    home = Path(tempfile.mkdtemp(prefix="crowdbrand-pg-"))
    owner = _hand_over(home)
    data, log = home / "data", home / "log"
    options = " ".join(f"-c {option}" for option in (*SERVER_OPTIONS, *more_options))

    def run(name: str, *arguments: str) -> None:
        done = subprocess.run(
            [binaries / name, f"--pgdata={data}", *arguments],
            cwd=home,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,  # Ctrl-C is ours to handle
            **owner,
        )
        if done.returncode:
            details = log.read_text() if log.exists() else ""
            raise RuntimeError(f"PostgreSQL's {name} failed.\n{done.stderr}{details}")

    try:
        run(
            "initdb",
            f"--username={SUPERUSER}",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        )
        run("pg_ctl", "start", "-w", f"--log={log}", f"-o-k {home} {options}")
        try:
            yield _environment(home)
        finally:
            run("pg_ctl", "stop", "-w", "--mode=immediate")
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _hand_over(home: Path) -> dict:
    """Give ``home`` to an ordinary user if we are root, whom PostgreSQL refuses.

    Returns the arguments that make ``subprocess`` run as that user.
    """
    if os.geteuid() != 0:
        return {}
    try:
        user = pwd.getpwnam("postgres")
    except KeyError:
        user = pwd.getpwnam("nobody")
    os.chown(home, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _environment(home: Path) -> dict[str, str]:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
    return inherited | {
        "CROWDBRAND_TEST_DATABASE": "postgresql",
        "PGHOST": str(home),
        "PGPORT": "5432",
        "PGUSER": SUPERUSER,
    }


def main(command: list[str]) -> int:
    """Run ``command`` with a cluster around it and return its exit code."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        with private_cluster() as environment:
            return run_to_the_end(command, environment)
    except RuntimeError as error:
        print(error, file=sys.stderr)
        return 1


def run_to_the_end(command: list[str], environment: dict[str, str]) -> int:
    """Like ``subprocess.call``, but on Ctrl-C let the command finish its own way."""
    with subprocess.Popen(command, env=environment) as process:
        try:
            return process.wait()
        except KeyboardInterrupt:
            return process.wait()
        except SystemExit:
            process.terminate()
            raise


if __name__ == "__main__":
    arguments = sys.argv[1:]
    if arguments[:1] == ["--"]:
        arguments = arguments[1:]
    if not arguments:
        sys.exit(__doc__)
    sys.exit(main(arguments))
