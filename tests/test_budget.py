"""What the public pages may weigh, and how little a site writes to restyle them."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import example_site
import wagtail_crowdbrand

PACKAGE = Path(wagtail_crowdbrand.__file__).parent
STATIC = PACKAGE / "static" / "wagtail_crowdbrand"
TOKENS = PACKAGE.parent / "docs" / "reference" / "templates.md"
RESTYLED = (
    Path(example_site.__file__).parent
    / "showcase"
    / "static"
    / "showcase"
    / "calls.css"
)


def compressed(paths) -> int:
    return sum(len(gzip.compress(path.read_bytes())) for path in paths)


def test_scripts_and_styles_stay_small():
    """In bytes over the wire; nobody loads the admin's style sheet in public."""
    scripts = list(STATIC.rglob("*.js"))
    styles = [path for path in STATIC.rglob("*.css") if path.stem != "backoffice"]
    assert scripts
    assert styles
    assert compressed(scripts + styles) < 30_000
    assert compressed([STATIC / "js" / "submit.js"]) < 8_000


def test_style_sheet_knows_no_left_and_right():
    """Logical properties only: a page that runs from right to left needs no other."""
    css = (STATIC / "css" / "crowdbrand.css").read_text(encoding="utf-8")
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    physical = re.findall(
        r"(?:^|[\s;{])((?:(?:margin|padding|border)-)?(?:left|right)[\w-]*\s*:)", css
    )
    sides = re.findall(r"(?:float|clear|text-align)\s*:\s*(?:left|right)", css)
    assert physical + sides == []


def test_every_token_is_documented():
    css = (STATIC / "css" / "crowdbrand.css").read_text(encoding="utf-8")
    read = set(re.findall(r"var\((--cb-[\w-]+)", css))
    written = set(re.findall(r"`(--cb-[\w-]+)`", TOKENS.read_text(encoding="utf-8")))
    assert read == written


def test_example_site_restyles_everything_in_forty_lines():
    css = RESTYLED.read_text(encoding="utf-8")
    base = RESTYLED.parents[2] / "templates" / "base.html"
    assert len(css.splitlines()) < 40
    assert "!important" not in css
    assert "showcase/calls.css" in base.read_text(encoding="utf-8")
    elsewhere = RESTYLED.with_name("site.css").read_text(encoding="utf-8")
    assert "--cb-" not in elsewhere
    assert ".cb" not in elsewhere
