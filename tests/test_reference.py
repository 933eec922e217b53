"""The reference names what is there, all of it and nothing else."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

from wagtail_crowdbrand import checks, signals, states, urls
from wagtail_crowdbrand.conf import Config

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "wagtail_crowdbrand"


def read(name: str) -> str:
    return (ROOT / f"docs/reference/{name}.md").read_text()


def first_cells(text: str) -> list[str]:
    """What stands in backticks in the first cell of each row of the tables."""
    cells = re.findall(r"^\| (`.*?) \|", text, flags=re.MULTILINE)
    return [word for cell in cells for word in re.findall(r"`([^`]+)`", cell)]


def test_settings_and_commands_are_those_there_are():
    text = read("settings")
    ours = text.partition("## Storage")[0]
    assert sorted(first_cells(ours)) == sorted(
        field.name.upper() for field in dataclasses.fields(Config)
    )
    commands = first_cells(text.partition("## Commands")[2])
    assert {row.split()[0] for row in commands if row[0] != "-"} == {
        path.stem for path in PACKAGE.glob("management/commands/crowdbrand_*.py")
    }


def test_signals_are_those_there_are():
    vetoes = {"pre_submit", "pre_decide"}
    assert set(first_cells(read("signals"))) == vetoes | set(signals.FACTS)


def test_reason_codes_are_those_there_are():
    rows = re.findall(
        r"^\| `(\w+)` \| (.*) \|$",
        read("states").partition("## Reason codes")[2].partition("| class |")[0],
        flags=re.MULTILINE,
    )
    assert dict(rows) == {code: str(words) for code, words in states.REASONS.items()}


def test_checks_are_those_there_are():
    source = Path(checks.__file__).read_text()
    ids = set(re.findall(r'id="([^"]+)"', source))
    assert set(first_cells(read("checks"))) == ids


def test_addresses_are_those_there_are():
    endpoints = read("urls").partition("## Endpoints")[2].partition("## API")[0]
    rows = re.findall(r"^\| (`.*?) \| (`.*?) \|", endpoints, flags=re.MULTILINE)
    told = {name for row in rows for name in re.findall(r"`([^`]+)`", row[1])}
    assert told == {pattern.name for pattern in urls.urlpatterns}


def test_templates_of_pages_and_mails_are_all_named():
    text = read("templates")
    home = PACKAGE / "templates/wagtail_crowdbrand"
    named = set(re.findall(r"`(?:\w+/)?(\w+)(?:\.html|\.txt)?`", text))
    for folder in (".", "includes", "submit", "status", "notice", "email"):
        for path in (home / folder).glob("*.*"):
            assert path.stem.removesuffix("_subject") in named, path


def test_links_between_the_pages_lead_somewhere():
    for page in [ROOT / "README.md", ROOT / "CHANGELOG.md", *ROOT.glob("docs/**/*.md")]:
        for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
            if ":" in target:
                continue
            path, _, anchor = target.partition("#")
            goal = page.parent / path if path else page
            assert goal.exists(), f"{page.name}: {target}"
            assert not anchor or anchor in anchors(goal), f"{page.name}: {target}"


def anchors(page: Path) -> set[str]:
    """As GitHub makes them of headings."""
    text = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.DOTALL | re.MULTILINE)
    headings = re.findall(r"^#+ (.*)$", text, flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}
