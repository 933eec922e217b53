"""What is asked for, of whom, and what it is compared with."""

from __future__ import annotations

import itertools
import json
import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.bench.serving import Visitor

Facts = dict[str, Any]
OURS, PLAIN = "ours", "plain"
numbers = itertools.count(1)


class Unexpected(Exception):
    """An answer that measures something else."""


@dataclass(frozen=True)
class Case:
    """``ask`` does it once. ``floor`` and ``rival`` are names of other cases."""

    name: str
    ask: Callable[[Visitor, Facts], None]
    server: str = OURS
    floor: str = "bare page"
    rival: str = ""
    writes: bool = False
    staff: bool = False


def expect(visitor: Visitor, *statuses: int) -> None:
    if visitor.last.status not in (statuses or (200,)):
        text = visitor.last.body[:300].decode(errors="replace")
        raise Unexpected(f"{visitor.last.status} instead of {statuses}: {text}")


def reads(path: str) -> Callable[[Visitor, Facts], None]:
    """GET of a path; ``{brief}`` and the like come from the facts."""

    def ask(visitor: Visitor, facts: Facts) -> None:
        code, page = random.choice(facts["codes"]), random.choice(facts["pages"])  # noqa: S311
        plain = random.choice(facts["plain_pages"])  # noqa: S311
        pages = -(-facts["number"] // 24)
        words = {"code": code, "page": page, "plain_page": plain, "last": pages}
        visitor.get(path.format(**facts | words))
        expect(visitor)

    return ask


def compare(visitor: Visitor, facts: Facts) -> None:
    codes = "&".join(f"code={code}" for code in facts["codes"][:4])
    visitor.get(f"{facts['brief']}compare/?{codes}")
    expect(visitor)


def unchanged(visitor: Visitor, facts: Facts) -> None:
    """Again what this visitor has already: 304 where the site can say so."""
    known = facts.setdefault("known", {})
    key = visitor.port
    headers = {"If-None-Match": known[key]} if known.get(key) else {}
    visitor.get(facts["brief"], **headers)
    expect(visitor, 200, 304)
    if visitor.last.status == 200:
        known[key] = visitor.last.headers.get("ETag", "")


def api_deep(visitor: Visitor, facts: Facts) -> None:
    """Far into the newest: the cursor was found before."""
    query = f"?order=newest&cursor={facts['cursor']}" if facts.get("cursor") else ""
    visitor.get(f"/crowdbrand/api/v1/briefs/{facts['brief_id']}/submissions{query}")
    expect(visitor)


def find_cursor(visitor: Visitor, facts: Facts) -> None:
    """Walk to the middle in the largest steps, at most a hundred."""
    base = f"/crowdbrand/api/v1/briefs/{facts['brief_id']}/submissions"
    path, cursor = f"{base}?order=newest&limit=100", ""
    for _step in range(min(facts["number"] // 200, 100)):
        visitor.get(path + (f"&cursor={cursor}" if cursor else ""))
        cursor = json.loads(visitor.last.body)["next"]
    facts["cursor"] = cursor


def submit_api(visitor: Visitor, facts: Facts) -> None:
    number = next(numbers)
    idea = {
        "title": f"Idea of the bench {number}",
        "summary": "It glows at night.",
        "email": f"bench-{number}-{visitor.port}@example.org",
        "credit_name": "Ada",
        "terms_number": facts["terms"],
    }
    path = f"/crowdbrand/api/v1/briefs/{facts['brief_id']}/submissions"
    visitor.post(path, json.dumps(idea).encode(), kind="application/json")
    expect(visitor, 201)


def submit_forms(visitor: Visitor, facts: Facts) -> None:
    """The three forms a guest fills in, without looking at them between."""
    visitor.cookies.pop("sessionid", None)
    number = next(numbers)
    words = {"title": f"Idea {number}", "summary": "It glows at night."}
    visitor.post(f"{facts['brief']}submit/", words)
    expect(visitor, 302)
    steps = visitor.last.headers["Location"].removesuffix("about/")
    person = {"email": f"form-{number}@example.org", "credit_name": "Ada"}
    visitor.post(f"{steps}about/", person)
    expect(visitor, 302)
    accepted = {"accept": "on", "terms_number": facts["terms"]}
    visitor.post(f"{steps}check/", accepted)
    expect(visitor, 302)


def create_plain(visitor: Visitor, facts: Facts) -> None:
    idea = {
        "title": f"Idea {next(numbers)}",
        "summary": "It glows at night.",
        "credit": "Ada",
    }
    visitor.post(f"/plain/create/{facts['plain_id']}/", idea)
    expect(visitor, 302)


def approve(visitor: Visitor, facts: Facts) -> None:
    pk, revision = facts["waiting"].pop()
    deed = {"action": "approve", "seen": revision}
    visitor.post(f"/admin/crowdbrand/desk/{pk}/", deed)
    expect(visitor, 302)


def approve_plain(visitor: Visitor, facts: Facts) -> None:
    page, task = facts["plain_waiting"].pop()
    path = f"/admin/pages/workflow/action/{page}/approve/{task}/"
    visitor.post(path, {"comment": ""})
    expect(visitor, 200, 302)


def desk(visitor: Visitor, facts: Facts) -> None:
    """The desk leads to what waits longest."""
    visitor.get("/admin/crowdbrand/desk/")
    if visitor.last.status == 302:
        visitor.get(re.sub(r"^https?://[^/]+", "", visitor.last.headers["Location"]))
    expect(visitor)


API = "/crowdbrand/api/v1/briefs/{brief_id}/submissions"

CASES = [
    Case("bare page", reads("/bare/"), floor=""),
    Case("bare JSON", reads("/bare.json"), floor=""),
    Case("plain: list", reads("{plain}"), server=PLAIN),
    Case("plain: list, last page", reads("{plain}?page={last}"), server=PLAIN),
    Case("plain: idea", reads("{plain_page}"), server=PLAIN),
    Case(
        "plain: explorer",
        reads("/admin/pages/{plain_id}/"),
        server=PLAIN,
        staff=True,
    ),
    Case("plain: create", create_plain, server=PLAIN, writes=True, staff=True),
    Case("plain: approve", approve_plain, server=PLAIN, writes=True, staff=True),
    Case("gallery", reads("{brief}"), rival="plain: list"),
    Case(
        "gallery, last page",
        reads("{brief}?page={last}"),
        rival="plain: list, last page",
    ),
    Case("newest", reads("{brief}?order=newest"), rival="plain: list"),
    Case(
        "newest, page 50",
        reads("{brief}?order=newest&page=50"),
        rival="plain: list, last page",
    ),
    Case("gallery, unchanged", unchanged),
    Case("filter", reads("{brief}?picture=yes&language=de")),
    Case("search", reads("{brief}?q=zebra")),
    Case("compare four", compare, rival="plain: idea"),
    Case("submission", reads("{page}"), rival="plain: idea"),
    Case("campaign", reads("{campaign}")),
    Case("campaign index", reads("{index}")),
    Case("API", reads(API), floor="bare JSON"),
    Case("API, deep", api_deep, floor="bare JSON"),
    Case("feed", reads("/crowdbrand/feeds/briefs/{brief_id}/")),
    Case("submit, three forms", submit_forms, rival="plain: create", writes=True),
    Case("submit, API", submit_api, rival="plain: create", writes=True),
    Case("approve", approve, rival="plain: approve", writes=True, staff=True),
    Case("desk", desk, rival="plain: explorer", staff=True),
    Case(
        "listing",
        reads("/admin/snippets/wagtail_crowdbrand/submission/"),
        rival="plain: explorer",
        staff=True,
    ),
]
