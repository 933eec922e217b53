"""Run by a test in processes of their own: people who send, and those who let it in.

``python -m tests.domain.rush <database> <deed> <argument> …`` forks once an argument,
lets all go together, and prints what came of each: a line of JSON. Only processes
are as independent as the workers of a web server; threads take turns.
"""

from __future__ import annotations

import json
import os
import re
import sys
import traceback
from collections.abc import Callable
from multiprocessing import get_context
from typing import Any

import django
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

TREE = re.compile(r'^\s*(INSERT|UPDATE|DELETE)[^(]*"wagtailcore_page"')


def send(brief_pk: int, count: int, worker: int) -> dict[str, Any]:
    """As guests, through the pages; each confirms at once."""
    from tests import factories
    from wagtail_crowdbrand.models import BriefMixin

    brief = factories.page_class(BriefMixin).objects.get(pk=brief_pk)
    tree: list[str] = []

    def watch(execute: Any, sql: str, *args: Any) -> Any:
        if TREE.match(sql):
            tree.append(sql)
        return execute(sql, *args)

    with connection.execute_wrapper(watch):
        guests = [f"guest-{worker}-{number}@example.org" for number in range(count)]
        answers = [_send_one(brief, email, worker) for email in guests]
    return {
        "codes": [code for code, _statuses in answers],
        "statuses": [status for _code, statuses in answers for status in statuses],
        "tree": tree,
    }


def _send_one(brief: Any, email: str, worker: int) -> tuple[str, list[int]]:
    from wagtail_crowdbrand.domain import access
    from wagtail_crowdbrand.models import Submission

    client = Client(REMOTE_ADDR=f"192.0.2.{worker}")
    words = {"title": f"Idea of {email}", "summary": "It glows at night."}
    begun = client.post(f"{brief.url}submit/", words)
    code = begun.url.split("/")[-3]
    steps = f"{brief.url}submit/{code}"
    about = client.post(f"{steps}/about/", {"email": email, "credit_name": "Ada"})
    terms = {"accept": "on", "terms_number": "1"}
    sent = client.post(f"{steps}/check/", terms)
    receipt = client.get(sent.url)
    row = Submission.objects.get(code=code)
    link = f"/crowdbrand/c/{code}/{access.token_for(row, access.CONFIRM)}/"
    confirmed = client.post(client.get(link).url)
    answers = (begun, about, sent, receipt, confirmed)
    assert code in receipt.content.decode()
    return code, [answer.status_code for answer in answers]


def accept(pks: list[int], moderator_pk: int) -> None:
    from django.contrib.auth.models import User

    from wagtail_crowdbrand.domain import moderating
    from wagtail_crowdbrand.models import Submission

    moderator = User.objects.get(pk=moderator_pk)
    for pk in pks:
        moderating.start(Submission.objects.get(pk=pk))
        moderating.approve(Submission.objects.get(pk=pk), actor=moderator)


def show(pks: list[int]) -> None:
    from wagtail_crowdbrand.domain import publishing
    from wagtail_crowdbrand.models import Submission

    for pk in pks:
        publishing.publish(Submission.objects.get(pk=pk), at=timezone.now())


def disconnect() -> None:
    """Nothing follows from a deed but what is asked for."""
    from wagtail_crowdbrand import receivers, signals

    signals.submission_confirmed.disconnect(receivers.start_moderation)
    signals.submission_decided.disconnect(receivers.after_decided)
    signals.message_queued.disconnect(receivers.after_queued)


def work(deed: Callable, arguments: dict[str, Any], start: Any, results: Any) -> None:
    connection.ensure_connection()
    start.wait()
    try:
        result = {"result": deed(**arguments)}
    except Exception:  # noqa: BLE001 - the test judges it
        result = {"error": traceback.format_exc()}
    results.put(json.dumps(result))


def main() -> None:
    database, name, *arguments = sys.argv[1:]
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    connections.settings["default"]["NAME"] = database
    disconnect()
    deed = {"send": send, "accept": accept, "show": show}[name]
    context = get_context("fork")
    start, results = context.Barrier(len(arguments)), context.SimpleQueue()
    workers = [
        context.Process(target=work, args=(deed, json.loads(each), start, results))
        for each in arguments
    ]
    for worker in workers:
        worker.start()
    for _worker in workers:
        sys.stdout.write(f"{results.get()}\n")
        sys.stdout.flush()
    for worker in workers:
        worker.join()


if __name__ == "__main__":
    main()
