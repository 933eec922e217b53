"""A gunicorn of its own on a database of its own, and what both cost."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60
CSRF = "0123456789abcdef0123456789abcdef"


def nanoseconds(pid: int) -> int:
    """What the kernel says a process of one thread has computed so far."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0])


def memory(pid: int) -> int:
    """Resident memory in bytes."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGESIZE")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Server:
    """``name`` is what PostgreSQL knows its connections by."""

    name: str
    port: int
    process: subprocess.Popen
    database: psycopg.Connection = field(repr=False)

    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in children.read_text().split()]

    def backends(self) -> list[int]:
        sql = "SELECT pid FROM pg_stat_activity WHERE application_name = %s"
        return [pid for (pid,) in self.database.execute(sql, [self.name])]

    def cost(self) -> int:
        """Nanoseconds its workers and their database processes have computed."""
        return sum(nanoseconds(pid) for pid in [*self.workers(), *self.backends()])

    def memory(self) -> int:
        """Of its largest worker."""
        return max(memory(pid) for pid in self.workers())


@contextlib.contextmanager
def serve(
    name: str,
    settings: str,
    environment: dict[str, str],
    *,
    workers: int = 2,
    port: int | None = None,
) -> Iterator[Server]:
    """Yield the running server; its log goes to standard error only when it fails."""
    port = port or free_port()
    command = [
        *(sys.executable, "-m", "gunicorn", "django.core.wsgi:get_wsgi_application()"),
        *("--workers", str(workers), "--worker-class", "sync", "--timeout", "120"),
        *("--bind", f"127.0.0.1:{port}", "--log-level", "warning"),
    ]
    own = {"DJANGO_SETTINGS_MODULE": settings, "PGAPPNAME": name}
    process = subprocess.Popen(command, cwd=ROOT, env=environment | own)
    where = {"host": environment["PGHOST"], "user": environment["PGUSER"]}
    try:
        _wait_for(port, process)
        with psycopg.connect(dbname="postgres", autocommit=True, **where) as database:
            yield Server(name, port, process, database)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def _wait_for(port: int, process: subprocess.Popen) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", port), timeout=1),
        ):
            return
        time.sleep(0.1)
    raise RuntimeError("gunicorn did not start.")


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


class Visitor:
    """A browser without a face: it keeps cookies, and counts the seconds it waits."""

    def __init__(self, port: int, cookies: dict[str, str] | None = None) -> None:
        self.port = port
        self.cookies = {"csrftoken": CSRF} | (cookies or {})
        self.seconds = 0.0
        self.queries = 0
        self.counting = False
        self.last = Answer(0, {}, b"")

    def get(self, path: str, **headers: str) -> Answer:
        return self._ask("GET", path, None, headers)

    def post(self, path: str, data: Any, *, kind: str = "") -> Answer:
        form = isinstance(data, dict)
        body = urlencode(data).encode() if form else data
        kind = kind or "application/x-www-form-urlencoded"
        headers = {"Content-Type": kind, "X-CSRFToken": CSRF}
        return self._ask("POST", path, body, headers)

    def _ask(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> Answer:
        if self.counting:
            headers["X-Count-Queries"] = "1"
        headers["Host"] = "localhost"
        headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        begun = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        content = response.read()
        connection.close()
        self.seconds += time.perf_counter() - begun
        for value in response.headers.get_all("Set-Cookie") or ():
            name, _equals, rest = value.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        self.queries += int(response.headers.get("X-Queries", 0))
        self.last = Answer(response.status, dict(response.headers), content)
        return self.last
