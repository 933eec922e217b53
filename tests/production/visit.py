"""Run with the production settings: set the site up, visit it, let a worker work."""

import json
import sys
from pathlib import Path
from uuid import uuid4

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))
django.setup()

from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from django_tasks_db.models import DBTaskResult  # noqa: E402

from wagtail_crowdbrand import tasks  # noqa: E402


def main(host):
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("crowdbrand_setup")

    visitor = Client(SERVER_NAME=host)
    plain = visitor.get("/")
    home = visitor.get("/", headers={"x-forwarded-proto": "https"})

    queued = tasks.deliver.enqueue(str(uuid4()))
    call_command("db_worker", batch=True, startup_delay=False, verbosity=0)
    call_command("crowdbrand_tick")
    call_command("crowdbrand_doctor")  # raises when it finds something
    facts = {
        "plain": plain.headers.get("Location"),
        "home": home.status_code,
        "policy": home.headers.get("Content-Security-Policy"),
        "transport": home.headers.get("Strict-Transport-Security"),
        "queued": queued.status,
        "done": DBTaskResult.objects.get(pk=queued.id).status,
    }
    sys.stdout.write(f"\n{json.dumps(facts)}\n")


main(sys.argv[1])
