"""House rules that no linter knows."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.core.management import call_command

import wagtail_crowdbrand

PACKAGE = Path(wagtail_crowdbrand.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
WRITTEN_MODULES = [path for path in MODULES if "migrations" not in path.parts]
OUR_MIGRATIONS = sorted((PACKAGE / "migrations").glob("0*.py"))
TEMPLATES = sorted((PACKAGE / "templates").rglob("*.html"))
TEMPLATES_OF_ANY_KIND = sorted(
    path for path in (PACKAGE / "templates").rglob("*.*") if path.is_file()
)

JUNK_DRAWERS = {"common", "helpers", "misc", "services", "utils"}

PAGE_BY_NAME = re.compile(r"""to=["']wagtailcore\.page["']""", re.IGNORECASE)

# A data block (type="application/json", …) is not executed, so it may be inline.
INLINE_CODE = {
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "style attribute": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "event handler": re.compile(r"""\son[a-z]+\s*=\s*["']""", re.IGNORECASE),
    "script URL": re.compile(r"javascript:", re.IGNORECASE),
    "inline script": re.compile(
        r"""<script\b(?![^>]*\b(?:src=|type=["']application/))""", re.IGNORECASE
    ),
}
COMMENT = re.compile(r"\{%\s*comment\b.*?\{%\s*endcomment\s*%\}|\{#.*?#\}", re.DOTALL)
TRANSLATED_BLOCK = re.compile(r"\{%\s*blocktrans(?:late)?\b(.*?)%\}", re.DOTALL)


def from_package(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


def for_each(name: str, paths: list[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(name, paths, ids=from_package)


def inline_code_in(markup: str) -> set[str]:
    markup = COMMENT.sub("", markup)
    return {name for name, pattern in INLINE_CODE.items() if pattern.search(markup)}


def untrimmed_blocks_in(markup: str) -> list[str]:
    return [
        block.group()
        for block in TRANSLATED_BLOCK.finditer(markup)
        if "trimmed" not in block.group(1).split()
    ]


def test_the_package_has_no_junk_drawer():
    names = {path.stem for path in MODULES} | {path.parent.name for path in MODULES}

    assert names & JUNK_DRAWERS == set()


@for_each("path", WRITTEN_MODULES)
def test_module_opens_with_a_docstring(path):
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


@for_each("path", OUR_MIGRATIONS)
def test_migration_leaves_the_page_model_to_swapper(path):
    """A literal target breaks sites with their own base page model (Wagtail 8)."""
    assert PAGE_BY_NAME.findall(path.read_text(encoding="utf-8")) == []


@for_each("path", TEMPLATES)
def test_template_has_no_inline_code(path):
    """A strict Content-Security-Policy must hold without exceptions.

    A mail is no page of the site: it has to bring its styles along, and nothing else.
    """
    of_mails = {"style attribute", "style element"}
    allowed = of_mails if path.parent.name == "email" else set()
    assert inline_code_in(path.read_text(encoding="utf-8")) == allowed


@for_each("path", TEMPLATES_OF_ANY_KIND)
def test_template_trims_its_translated_blocks(path):
    assert untrimmed_blocks_in(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("markup", "found"),
    [
        ("<style>p {}</style>", {"style element"}),
        ('<p style="color: red">', {"style attribute"}),
        ('<button onclick="vote()">', {"event handler"}),
        ('<a href="javascript:vote()">', {"script URL"}),
        ("<script>vote()</script>", {"inline script"}),
        ('<script type="module">vote()</script>', {"inline script"}),
        ('<script type="module" src="{% static "a.js" %}"></script>', set()),
        ('<script type="application/json">{}</script>', set()),
        ("{# <style> in a comment #}", set()),
        ('<p class="cb-style" data-once="true">one = "two"</p>', set()),
    ],
)
def test_inline_code_is_recognised(markup, found):
    assert inline_code_in(markup) == found


@pytest.mark.parametrize(
    ("markup", "count"),
    [
        ("{% blocktranslate trimmed %}Words{% endblocktranslate %}", 0),
        ("{% blocktranslate with n=1 trimmed %}Words{% endblocktranslate %}", 0),
        ("{% blocktranslate count n=1 %}Words{% endblocktranslate %}", 1),
        ("{% blocktrans %}Words{% endblocktrans %}", 1),
    ],
)
def test_untrimmed_block_is_recognised(markup, count):
    assert len(untrimmed_blocks_in(markup)) == count


@pytest.mark.django_db
def test_migrations_are_complete():
    """Fails with the missing migration in the output; ``make migrations`` writes it."""
    call_command(
        "makemigrations",
        "wagtail_crowdbrand",
        "wagtail_crowdbrand_pages",
        check_changes=True,
        dry_run=True,
    )
