"""The JavaScript of the how-to is run as it stands, by node, against a served site."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.core import mail

from tests import factories
from tests.api.remote import BASE
from tests.api.test_how_to import HOW_TO
from wagtail_crowdbrand.domain import moderating, previewing, setup
from wagtail_crowdbrand.models import Submission

needs_node = pytest.mark.skipif(not shutil.which("node"), reason="needs node 18")

#: What a page would have: a file somebody chose, and what mails and editors hand over.
BEFORE = """
import { createInterface } from "node:readline";
const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
async function ask(question) {
  console.log(question);
  return JSON.parse((await answers.next()).value);
}
const bytes = Buffer.from(process.env.PICTURE, "base64");
const file = new Blob([bytes], { type: "image/png" });
"""
MAIL = "const { code, tokenOfTheMail } = await ask(`mail`);\n"
DRAFT = "const draftToken = await ask(`draft`);\n"
#: What the snippets came to know.
AFTER = """
console.log(JSON.stringify({
  brief: brief.title, idea: idea.title, both: both.count, sent: sent.status,
  confirmed: confirmed.status, seen: seen.type, own: own.title,
  reach: reach.submissions, zip: zip.type, title,
}));
process.exit(0);
"""


def script(site: str) -> str:
    blocks = re.findall(r"```js\n(.*?)```", HOW_TO.read_text(), flags=re.DOTALL)
    for number, block in enumerate(blocks):
        if "tokenOfTheMail" in block:
            blocks[number] = MAIL + block
        elif "draftToken" in block:
            blocks[number] = DRAFT + block
    code = "\n".join([BEFORE, *blocks, AFTER])
    own = re.search(r'const API = "(.*?)"', code)[1]
    assert own.endswith(BASE)
    return code.replace(own, f"{site}{BASE}")


def mailed() -> dict[str, str]:
    """What stands in the link that confirms; there is one with a draft before it."""
    links = [re.search(r"/(c|r)/([\w-]+)/([\w-]+)/", each.body) for each in mail.outbox]
    assert [link[1] for link in links] == ["r", "c"]
    return {"code": links[1][2], "tokenOfTheMail": links[1][3]}


@pytest.fixture
def brief(transactional_db):
    setup.set_up()
    brief = factories.make_brief(max_images=1)
    for title in ("Beam", "Glow"):
        row = factories.make_waiting(brief, title=title)
        moderating.approve(row, actor=None)
    mail.outbox.clear()
    return brief


@needs_node
def test_how_to_runs_as_it_stands(brief, live_server, tmp_path):
    draft = type(brief).objects.get(pk=brief.pk)
    draft.title = "Not yet"
    replies = {"mail": mailed, "draft": lambda: previewing.keep(draft)}
    path = Path(tmp_path / "how-to.mjs")
    path.write_text(script(live_server.url))
    picture = base64.b64encode(factories.picture_bytes()).decode()
    node = subprocess.Popen(
        ["node", str(path)],
        env=os.environ | {"PICTURE": picture},
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with node:
        for question in ("mail", "draft"):
            heard = node.stdout.readline().strip()
            assert heard == question, heard + node.stderr.read()
            node.stdin.write(json.dumps(replies[question]()) + "\n")
            node.stdin.flush()
        last, errors = node.stdout.readline(), node.stderr.read()
    assert last, errors
    assert json.loads(last) == {
        "brief": brief.title,
        "idea": "Glow",
        "both": 1,
        "sent": "unconfirmed",
        "confirmed": "in_review",
        "seen": "image/png",
        "own": "Nightglow",
        "reach": 1,
        "zip": "application/zip",
        "title": "Not yet",
    }
    erased = Submission.objects.get(erased_at__isnull=False)
    assert (erased.title, erased.lifecycle) == ("", "withdrawn")
    assert Submission.objects.filter(open_notices=1).count() == 1
