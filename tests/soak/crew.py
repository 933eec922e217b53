"""The processes of a site, each started again when it dies, as systemd would do."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from threading import Event, Thread

import psycopg

from tests.bench.serving import ROOT, Server, free_port, serve

SETTINGS = "tests.soak.settings"
DJANGO = (sys.executable, "-m", "django")
TICK = (*DJANGO, "crowdbrand_tick", "--every", "2")
TASKS = (*DJANGO, "db_worker", "--interval", "0.2", "--no-startup-delay")


class Service:
    """One command that always runs."""

    def __init__(self, command: tuple[str, ...], environment: dict[str, str]) -> None:
        self.command, self.environment = command, environment
        self.ending = Event()
        self.process = self._start()
        self.watch = Thread(target=self._keep, daemon=True)
        self.watch.start()

    def _start(self) -> subprocess.Popen:
        quiet = subprocess.DEVNULL
        return subprocess.Popen(
            self.command,
            cwd=ROOT,
            env=self.environment | {"DJANGO_SETTINGS_MODULE": SETTINGS},
            stdout=quiet,
            stderr=quiet,
        )

    def _keep(self) -> None:
        while not self.ending.wait(0.2):
            if self.process.poll() is not None and not self.ending.is_set():
                self.process = self._start()

    def kill(self) -> None:
        self.process.kill()

    def end(self) -> None:
        self.ending.set()
        self.watch.join()
        self.process.terminate()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Crew:
    """Web server, task worker, two ticks, and Redis where the machine has it."""

    def __init__(self, environment: dict[str, str], *, workers: int) -> None:
        self.environment, self.stack = dict(environment), ExitStack()
        self.services: dict[str, Service] = {}
        if shutil.which("redis-server"):
            port = str(free_port())
            self.environment["CROWDBRAND_SOAK_REDIS"] = f"redis://127.0.0.1:{port}"
            command = ("redis-server", "--port", port, "--save", "", "--bind")
            self._add("Redis", (*command, "127.0.0.1"))
        web = serve("web", SETTINGS, self.environment, workers=workers)
        self.web: Server = self.stack.enter_context(web)
        self._add("task worker", TASKS)
        self._add("tick", TICK)
        self._add("other tick", TICK)

    def _add(self, name: str, command: tuple[str, ...]) -> None:
        self.services[name] = service = Service(command, self.environment)
        self.stack.callback(service.end)

    @property
    def blows(self) -> dict[str, Callable[[], None]]:
        """What can be struck down, by name."""
        services = {name: service.kill for name, service in self.services.items()}
        return {
            "web worker": self._kill_web_worker,
            "PostgreSQL connection": self._cut_connection,
            **services,
        }

    def _kill_web_worker(self) -> None:
        with suppress(ProcessLookupError, IndexError):
            os.kill(random.choice(self.web.workers()), signal.SIGKILL)  # noqa: S311

    def _cut_connection(self) -> None:
        where = {"host": self.environment["PGHOST"], "user": self.environment["PGUSER"]}
        with psycopg.connect(dbname="postgres", autocommit=True, **where) as database:
            database.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'web' LIMIT 1"
            )

    def log_of_database(self) -> str:
        log = Path(self.environment["PGHOST"]) / "log"
        return log.read_text() if log.exists() else ""

    def close(self) -> None:
        self.stack.close()
        time.sleep(0.1)
