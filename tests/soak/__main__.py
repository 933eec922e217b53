"""A deadline, for real: many send, others approve and read, and parts are struck down.

    make soak                                100 clients, 2,000 ideas with pictures
    make soak ARGS="--clients 8 --each 3"    a first look

First the rush, in which nothing may fail. Then the same while web worker, task worker,
ticks, Redis and a connection to PostgreSQL are killed in turn: clients try again with
the same ``Idempotency-Key``. At last everything that was acknowledged must be there,
once, and all invariants must hold, without anybody's hand.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import secrets
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from io import StringIO
from itertools import cycle
from threading import Event, Thread
from typing import Any

import django

from tests import postgres
from tests.bench.serving import ROOT, Visitor
from tests.soak.crew import SETTINGS, Crew

#: How often a client tries one thing before it gives up.
TRIES = 30
ALLOWED = {200, 201, 302, 304, 429}
BOUNDARY = "crowdbrand-soak"


@dataclass
class Tally:
    """What was acknowledged, and what went wrong."""

    sent: list[str] = field(default_factory=list)
    confirmed: list[str] = field(default_factory=list)
    approved: list[int] = field(default_factory=list)
    failures: Counter = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    reads: int = 0


class Load:
    """One rush: clients who send, moderators who approve, readers."""

    def __init__(self, crew: Crew, brief: Any, session: str, *, clients: int) -> None:
        self.port, self.tally = crew.web.port, Tally()
        self.brief, self.session, self.clients = brief, session, clients
        self.over = Event()

    def run(self, each: int) -> Tally:
        others = [
            Thread(target=self.approve),
            *(Thread(target=self.read) for _ in "ab"),
        ]
        senders = [
            Thread(target=self.send, args=(number, each))
            for number in range(self.clients)
        ]
        for thread in [*others, *senders]:
            thread.start()
        for thread in senders:
            thread.join()
        self.over.set()
        for thread in others:
            thread.join()
        return self.tally

    def ask(self, visitor: Visitor, deed: Any) -> Any:
        """Do it until it is answered well; ``None`` when nobody ever did."""
        for number in range(TRIES):
            begun = time.monotonic()
            try:
                answer = deed(visitor)
            except OSError as error:
                self.tally.failures[type(error).__name__] += 1
            except Exception as error:  # noqa: BLE001 - http.client has many
                self.tally.failures[type(error).__name__] += 1
            else:
                if answer.status < 500 and answer.status != 429:
                    self.tally.seconds.append(time.monotonic() - begun)
                    return answer
                self.tally.failures[answer.status] += 1
            time.sleep(min(2, 0.1 * 2**number) * random.random())  # noqa: S311
        return None

    def send(self, client: int, each: int) -> None:
        for number in range(each):
            name = f"{client}-{number}-{secrets.token_hex(4)}"
            if not self._send_one(Visitor(self.port), name):
                self.tally.lost.append(name)

    def _send_one(self, visitor: Visitor, name: str) -> bool:
        api = f"/crowdbrand/api/v1/briefs/{self.brief}"
        kind = f"multipart/form-data; boundary={BOUNDARY}"
        picture = self.ask(
            visitor, lambda v: v.post(f"{api}/uploads", PICTURE, kind=kind)
        )
        if picture is None or picture.status != 201:
            return False
        upload = json.loads(picture.body)
        idea = {
            "title": f"Idea {name}",
            "summary": "It glows at night.",
            "email": f"{name}@example.org",
            "credit_name": "Ada",
            "terms_number": 1,
            "claim": upload["claim"],
            "images": [{"upload": upload["id"], "alt": "A lamp"}],
        }
        answer = self.ask(visitor, lambda v: post_json(v, f"{api}/submissions", idea))
        if answer is None:
            return False
        if answer.status == 201:
            code = json.loads(answer.body)["code"]
        else:
            code = upload["claim"].partition(".")[0]  # it was sent, the answer was not
        self.tally.sent.append(code)
        token = {"token": confirm_token(code)}
        path = f"/crowdbrand/api/v1/submissions/{code}/confirm"
        answer = self.ask(visitor, lambda v: post_json(v, path, token))
        if answer is None or answer.status not in (200, 409):
            self.tally.failures[f"confirm {answer and answer.status}"] += 1
            return False
        self.tally.confirmed.append(code)
        return True

    def approve(self) -> None:
        visitor = Visitor(self.port, {"sessionid": self.session})
        while not self.over.is_set():
            for pk, revision in waiting():
                deed = {"action": "approve", "seen": revision}
                path = f"/admin/crowdbrand/desk/{pk}/"
                answer = self.ask(visitor, lambda v, p=path, d=deed: v.post(p, d))
                if answer is not None and answer.status == 302:
                    self.tally.approved.append(pk)
                if self.over.is_set():
                    return
            time.sleep(0.5)

    def read(self) -> None:
        visitor = Visitor(self.port)
        for page in cycle(range(1, 6)):
            if self.over.is_set():
                return
            path = f"{BRIEF_URL[0]}?page={page}"
            self.ask(visitor, lambda v, p=path: v.get(p))
            self.tally.reads += 1


BRIEF_URL = [""]
PICTURE = b""


def post_json(visitor: Visitor, path: str, body: dict[str, Any]) -> Any:
    return visitor.post(path, json.dumps(body).encode(), kind="application/json")


def multipart(content: bytes) -> bytes:
    head = (
        f"--{BOUNDARY}\r\nContent-Disposition: form-data; "
        'name="file"; filename="idea.png"\r\nContent-Type: image/png\r\n\r\n'
    )
    return head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()


def confirm_token(code: str) -> str:
    from wagtail_crowdbrand.domain import access
    from wagtail_crowdbrand.models import Submission

    return access.token_for(Submission.objects.get(code=code), access.CONFIRM)


def waiting() -> list[tuple[int, int]]:
    from wagtail_crowdbrand.models import Submission

    rows = Submission.objects.sent().filter(
        moderation="pending", latest_revision__isnull=False
    )
    return list(rows.order_by("pk").values_list("pk", "latest_revision_id")[:20])


def prepare() -> tuple[int, str]:
    """A brief that takes ideas, and the session of a superuser."""
    global PICTURE
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django.test import Client

    from tests import factories
    from wagtail_crowdbrand.domain import setup

    call_command("migrate", verbosity=0)
    setup.set_up()
    brief = factories.make_brief(max_images=1)
    BRIEF_URL[0] = brief.url
    PICTURE = multipart(factories.picture_bytes())
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    return brief.pk, client.cookies["sessionid"].value


def settle() -> None:
    """What ticks do when what was left half-done is old enough for them."""
    from django.core.management import call_command
    from django.utils import timezone

    from wagtail_crowdbrand.domain import upkeep

    later = timezone.now() + timedelta(minutes=10)
    call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)
    while upkeep.start_missing(at=later) or upkeep.publish_missing(at=later):
        pass
    call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)


def wrong(tally: Tally) -> list[str]:
    """What was acknowledged and is not so, in words."""
    from django.core.management import CommandError, call_command

    from wagtail_crowdbrand.models import Submission

    found = [f"{len(tally.lost)} were never taken"] if tally.lost else []
    rows = Submission.objects.sent().filter(code__in=tally.confirmed)
    missing = len(set(tally.confirmed)) - rows.count()
    found += [f"{missing} confirmed are not there"] if missing else []
    titles = Counter(Submission.objects.sent().values_list("title", flat=True))
    doubled = [title for title, number in titles.items() if number > 1]
    found += [f"doubled: {doubled}"] if doubled else []
    shown = Submission.objects.filter(
        pk__in=tally.approved, visible_from__isnull=False, page__live=True
    )
    hidden = len(set(tally.approved)) - shown.count()
    found += [f"{hidden} approved are not on show"] if hidden else []
    said = StringIO()
    try:
        call_command("crowdbrand_recount", check=True, stdout=said)
        call_command("crowdbrand_doctor", stdout=said, stderr=said)
    except (CommandError, SystemExit) as error:
        found.append(f"{error} {said.getvalue()}")
    return found


def strike(
    crew: Crew, over: Event, struck: list[str], *, pause: float, rounds: int
) -> None:
    """Kill one part after the other, in another order each time."""
    for _number in range(rounds):
        names = list(crew.blows)
        random.shuffle(names)
        for name in names:
            if over.wait(pause):
                return
            crew.blows[name]()
            struck.append(name)


def report(
    name: str, tally: Tally, found: list[str], *, took: float, settled: float
) -> None:
    ordered = sorted(tally.seconds) or [0.0]
    middle, late = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)]
    sys.stdout.write(
        f"{name}: {len(tally.confirmed)} ideas sent and confirmed, "
        f"{len(tally.approved)} approved, {tally.reads} pages read in {took:.0f} s, "
        f"all reviews begun {settled:.0f} s later; "
        f"an answer took {middle:.2f} s (99 %: {late:.2f} s)\n"
    )
    failures = dict(tally.failures) or "none"
    sys.stdout.write(f"  failed and tried again: {failures}\n")
    sys.stdout.write(f"  wrong in the end: {found or 'nothing'}\n")
    sys.stdout.flush()


def soak(environment: dict[str, str], options: argparse.Namespace) -> int:
    os.environ.update(environment | {"DJANGO_SETTINGS_MODULE": SETTINGS})
    django.setup()
    brief, session = prepare()
    bad = 0
    for name, striking in (("rush", False), ("rush under blows", True)):
        crew = Crew(environment, workers=options.workers)
        load = Load(crew, brief, session, clients=options.clients)
        over, struck = Event(), []
        blows = Thread(
            target=strike,
            args=(crew, over, struck),
            kwargs={"pause": options.pause, "rounds": options.rounds},
        )
        begun = time.monotonic()
        if striking:
            blows.start()
        tally = load.run(options.each)
        over.set()
        if striking:
            blows.join()
        took = time.monotonic() - begun
        crew.close()
        settle()
        settled = time.monotonic() - begun - took
        found = wrong(tally)
        if not striking and set(tally.failures) - ALLOWED:
            found.append(f"failures in a quiet rush: {dict(tally.failures)}")
        if "deadlock detected" in crew.log_of_database():
            found.append("a deadlock")
        report(name, tally, found, took=took, settled=settled)
        if struck:
            sys.stdout.write(f"  struck down: {dict(Counter(struck))}\n")
        bad += len(found)
    return int(bool(bad))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--clients", type=int, default=100)
    parser.add_argument("--each", type=int, default=20)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--pause", type=float, default=3.0, help="between two blows")
    parser.add_argument("--rounds", type=int, default=10, help="of blows")
    parser.add_argument("--database", help="an own, empty one of a running server")
    options = parser.parse_args()
    with ExitStack() as stack:
        files = stack.enter_context(tempfile.TemporaryDirectory(prefix="crowdbrand-"))
        environment = {"CROWDBRAND_BENCH_FILES": files}
        if options.database:
            environment["CROWDBRAND_BENCH_DATABASE"] = options.database
            return soak(os.environ | environment, options)
        cluster = stack.enter_context(postgres.private_cluster("max_connections=200"))
        environment["CROWDBRAND_BENCH_DATABASE"] = "soak"
        create = ["psql", "-d", "postgres", "-qc", "CREATE DATABASE soak"]
        subprocess.run(create, env=cluster, check=True, cwd=ROOT)
        return soak(cluster | environment, options)


if __name__ == "__main__":
    sys.exit(main())
