"""Measure what pages and deeds cost, beside a bare view and plain Wagtail.

    make bench
    make bench ARGS="--sizes 1000 --rounds 3"

Each size has its own database, with that many ideas on show in one brief and as many
plain pages, and two gunicorns with two sync workers: ours, and Wagtail without us. All
cases are asked in turn, in another order each round, by one visitor. CPU is what the
kernel counts for the workers and their database processes: a request's share of it.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import ExitStack
from pathlib import Path
from threading import Thread
from typing import Any

import psycopg

from tests import postgres
from tests.bench import table
from tests.bench.asking import (
    CASES,
    OURS,
    PLAIN,
    Case,
    Facts,
    Unexpected,
    create_plain,
    find_cursor,
    submit_api,
    unchanged,
)
from tests.bench.serving import ROOT, Server, Visitor, serve
from tests.bench.targets import Figures, Run

SETTINGS = {OURS: "tests.bench.settings", PLAIN: "tests.bench.settings_plain"}
OPTIONS = (
    "shared_buffers=512MB",
    "work_mem=16MB",
    "random_page_cost=1.1",
    "jit=off",
    # What helpers of a query compute could not be told from what others do.
    "max_parallel_workers_per_gather=0",
)
CLIENTS, EACH = 8, 25
WAITING_PLAIN = """
    SELECT s.object_id::int, s.current_task_state_id FROM wagtailcore_workflowstate s
    JOIN django_content_type t ON t.id = s.content_type_id
    WHERE t.model = 'ideapage' AND s.status = 'in_progress'
"""
RENDITIONS = "SELECT count(*) FROM wagtailimages_rendition"


class Site:
    """One size: its database, its servers, its visitors."""

    def __init__(self, size: int, environment: dict[str, str]) -> None:
        self.size = size
        self.environment = environment
        self.name = f"bench_{size}"
        self.facts: Facts = {}
        self.servers: dict[str, Server] = {}
        self.visitors: dict[tuple[str, str], Visitor] = {}

    def seed(self) -> None:
        run_sql(self.environment, f"CREATE DATABASE {self.name} TEMPLATE bench_base")
        said = python(self.environment_of(), "-m", "tests.bench.seeding", self.size)
        self.facts = json.loads(said.splitlines()[-1])

    def environment_of(self) -> dict[str, str]:
        return self.environment | {"CROWDBRAND_BENCH_DATABASE": self.name}

    def start(self, stack: ExitStack) -> None:
        for name, settings in SETTINGS.items():
            server = serve(f"{name}-{self.size}", settings, self.environment_of())
            self.servers[name] = stack.enter_context(server)
            port = self.servers[name].port
            session = {"sessionid": self.facts["session"]}
            self.visitors[name, "reader"] = Visitor(port)
            self.visitors[name, "sender"] = Visitor(port)
            self.visitors[name, "staff"] = Visitor(port, session)
        find_cursor(self.visitors[OURS, "reader"], self.facts)

    def sql(self, query: str) -> list[tuple]:
        return run_sql(self.environment, query, database=self.name)

    def ask(self, case: Case, times: int) -> tuple[float, float]:
        """CPU and wall milliseconds a request."""
        if case.name == "plain: approve":
            self.stock(times)
        server, visitor = self.servers[case.server], self.visitor_of(case)
        if case.ask is unchanged:
            case.ask(visitor, self.facts)  # what it knows is of the last minute
        before, visitor.seconds = server.cost(), 0.0
        for _number in range(times):
            try:
                case.ask(visitor, self.facts)
            except Unexpected as error:
                raise SystemExit(f"{case.name} at {self.size}: {error}") from None
        time.sleep(0.003)  # the worker says goodbye
        cost = server.cost() - before
        return cost / times / 1e6, visitor.seconds / times * 1e3

    def stock(self, number: int) -> None:
        """As many plain ideas in review as are to be approved."""
        while len(waiting := self.sql(WAITING_PLAIN)) < number:
            create_plain(self.visitors[PLAIN, "staff"], self.facts)
        self.facts["plain_waiting"] = waiting

    def visitor_of(self, case: Case) -> Visitor:
        who = "staff" if case.staff else "sender" if case.writes else "reader"
        return self.visitors[case.server, who]

    def count_queries(self, case: Case) -> int:
        visitor = self.visitor_of(case)
        visitor.counting, visitor.queries = True, 0
        self.ask(case, 1)
        visitor.counting = False
        return visitor.queries


def python(environment: dict[str, str], *arguments: Any) -> str:
    command = [sys.executable, *map(str, arguments)]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    if done.returncode:
        raise SystemExit(done.returncode)
    return done.stdout


def run_sql(
    environment: dict[str, str], query: str, *, database: str = "postgres"
) -> list[tuple]:
    where = {"host": environment["PGHOST"], "user": environment["PGUSER"]}
    with psycopg.connect(dbname=database, autocommit=True, **where) as connection:
        cursor = connection.execute(query)
        return cursor.fetchall() if cursor.description else []


def prepare(sizes: list[int], environment: dict[str, str]) -> list[Site]:
    run_sql(environment, "CREATE DATABASE bench_base")
    base = environment | {
        "CROWDBRAND_BENCH_DATABASE": "bench_base",
        "DJANGO_SETTINGS_MODULE": SETTINGS[OURS],
    }
    say("Migrating …")
    python(base, "-m", "django", "migrate", "--verbosity", "0")
    sites = [Site(size, environment) for size in sizes]
    for site in sites:
        begun = time.monotonic()
        site.seed()
        say(f"Seeded {site.size:,} in {time.monotonic() - begun:.0f} s")
    return sites


def measure(
    sites: list[Site], cases: list[Case], *, rounds: int, burst: int
) -> dict[str, dict[int, Figures]]:
    """All cases at all sizes in turn, in another order each round."""
    figures: dict[str, dict[int, Figures]] = defaultdict(dict)
    for site in sites:
        for case in cases:
            site.ask(case, 1 if case.writes else 3)  # everything is loaded
            found = Figures(queries=site.count_queries(case))
            figures[case.name][site.size] = found
    turns = [(site, case) for site in sites for case in cases]
    for number in range(rounds):
        random.shuffle(turns)
        for site, case in turns:
            cpu, wall = site.ask(case, burst)
            found = figures[case.name][site.size]
            found.cpu.append(cpu)
            found.wall.append(wall)
            found.status = site.visitor_of(case).last.status
        say(f"Round {number + 1} of {rounds}")
    return figures


def rush(site: Site, workers: int) -> tuple[float, int]:
    """Ideas a second when all send at once, and how many were not taken."""
    failed: list[Exception] = []
    name, environment = f"rush-{workers}", site.environment_of()
    with serve(name, SETTINGS[OURS], environment, workers=workers) as server:
        for _number in range(workers * 3):
            submit_api(Visitor(server.port), site.facts)

        def send() -> None:
            visitor = Visitor(server.port)
            for _number in range(EACH):
                try:
                    submit_api(visitor, site.facts)
                except (Unexpected, OSError) as error:
                    failed.append(error)

        threads = [Thread(target=send) for _number in range(CLIENTS)]
        begun = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return CLIENTS * EACH / (time.monotonic() - begun), len(failed)


def say(words: str) -> None:
    sys.stderr.write(f"{words}\n")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--sizes", default="1000,10000,100000")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--burst", type=int, default=4)
    parser.add_argument("--only", default="", help="cases whose name begins so")
    options = parser.parse_args()
    sizes = sorted(int(size) for size in options.sizes.split(","))
    chosen = tuple(options.only.split(",")) if options.only else ("",)
    cases = [case for case in CASES if case.name.startswith((*chosen, "bare"))]
    with ExitStack() as stack:
        cluster = stack.enter_context(postgres.private_cluster(*OPTIONS))
        files = stack.enter_context(tempfile.TemporaryDirectory(prefix="crowdbrand-"))
        environment = cluster | {"CROWDBRAND_BENCH_FILES": files}
        sites = prepare(sizes, environment)
        for site in sites:
            site.start(stack)
        largest = sites[-1]
        before = largest.sql(RENDITIONS)[0][0]
        figures = measure(sites, cases, rounds=options.rounds, burst=options.burst)
        run = Run(
            sizes=sizes,
            figures=figures,
            memory={name: it.memory() for name, it in largest.servers.items()},
            rates={},
            renditions_made=largest.sql(RENDITIONS)[0][0] - before,
        )
        if not options.only:
            run.rates = {workers: rush(largest, workers) for workers in (2, 8)}
    report(run, partial=bool(options.only))


def report(run: Run, *, partial: bool) -> None:
    write = sys.stdout.write
    load = ", ".join(f"{number:.1f}" for number in os.getloadavg())
    for line in table.lines(run):
        write(f"{line}\n")
    write("\n")
    for workers, (rate, failed) in run.rates.items():
        write(f"{CLIENTS} × {EACH} sent to {workers} workers: {rate:.0f}/s, ")
        write(f"{failed} failed\n")
    megabytes = {name: size // 2**20 for name, size in run.memory.items()}
    write(f"memory of a worker: {megabytes} MiB; load at the end: {load}\n\n")
    if not partial:
        for line in table.verdicts(run):
            write(f"{line}\n")


if __name__ == "__main__":
    os.chdir(Path(ROOT))
    main()
