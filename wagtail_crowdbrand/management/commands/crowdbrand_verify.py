"""``manage.py crowdbrand_verify``: is a receipt, a list or a ledger what it was?"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import swapper
from django.core.management.base import BaseCommand, CommandError, CommandParser

from wagtail_crowdbrand.domain import ledger, receipts
from wagtail_crowdbrand.models import CampaignMixin, SealList
from wagtail_crowdbrand.states import LedgerKind


class Command(BaseCommand):
    help = (
        "Checks a receipt (a file), or a campaign (its id or slug): its ledger, and "
        "its lists of seal receipts. Fails when something was altered."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", help="receipt.json, or a campaign")
        parser.add_argument(
            "--ledger", action="store_true", help="Only the ledger of the campaign."
        )
        parser.add_argument(
            "--digest",
            default="",
            help="A digest that was quoted, with or without its line: 12:3f5c…",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["what"])
        if path.is_file():
            self.check_receipt(path)
            return
        campaign = _campaign(options["what"])
        problems = _problems(campaign, options["digest"])
        if not options["ledger"]:
            problems += _list_problems(campaign)
        for problem in problems:
            self.stdout.write(problem)
        if problems:
            raise CommandError(f"{len(problems)} problems.")
        lines = ledger.entries(campaign).count()
        digest = ledger.digest_of(campaign)
        self.stdout.write(f"All is well: {lines} lines, {lines}:{digest}")

    def check_receipt(self, path: Path) -> None:
        try:
            given = json.loads(path.read_text(encoding="utf-8-sig"))
        except (ValueError, OSError) as error:
            raise CommandError(f"This is no receipt: {error}") from error
        verdict = receipts.check(given)
        if verdict != receipts.Verdict.VALID:
            raise CommandError(verdict.value)
        self.stdout.write(verdict.value)


def _campaign(name: str) -> Any:
    tree = swapper.load_model("wagtailcore", "Page")
    known = {"pk": int(name)} if name.isdecimal() else {"slug": name}
    pages = tree.objects.filter(**known).specific()
    found = [page for page in pages if isinstance(page, CampaignMixin)]
    if len(found) != 1:
        raise CommandError(f"{len(found)} campaigns are called {name}.")
    return found[0]


def _problems(campaign: Any, quoted: str) -> list[str]:
    number, _colon, digest = quoted.rpartition(":")
    line = int(number) if number.isdecimal() else None
    return [str(each) for each in ledger.check(campaign, digest=digest, number=line)]


def _list_problems(campaign: Any) -> list[str]:
    """Lists that are not what the ledger says was published."""
    published = {
        entry.facts.get("digest")
        for entry in ledger.entries(campaign)
        if entry.kind == LedgerKind.RECEIPTS_PUBLISHED
    }
    rows = SealList.objects.filter(campaign_page=campaign.pk).order_by("number")
    digests = {
        row.number: hashlib.sha256(row.lines.encode()).hexdigest() for row in rows
    }
    changed = [
        f"List {number} of seal receipts was changed."
        for number, digest in digests.items()
        if digest not in published
    ]
    missing = published - set(digests.values())
    return changed + [
        f"The list with the digest {each} is missing." for each in missing
    ]
