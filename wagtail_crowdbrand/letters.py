"""A mail in two parts: text as the templates write it, and the same words in HTML.

Only the text is written. Its blocks, parted by empty lines, become HTML: lines that
begin with ``>`` are a quotation, a line and one of our addresses below it are a link,
what follows ``--`` is the signature, all else is a paragraph. So both parts always say
the same, and nobody's words can become markup.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import get_language_bidi

FOLDER = "wagtail_crowdbrand/email"
LONGEST_SUBJECT = 180
SIGNATURE = "\n-- \n"
#: What would begin a new header, or is no character at all (RFC 5322, 2.2).
CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True)
class Mail:
    """What somebody gets to read. ``subject`` is one line."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Block:
    """A piece of a mail: a ``paragraph``, a ``quote``, a ``link`` or a ``button``."""

    kind: str
    text: str
    url: str = ""


def compose(kind: str, context: dict[str, Any], *, subject: str = "") -> Mail:
    """Put a mail into words, in the language that is active.

    ``context["links"]`` are the addresses that may become links; the first of them in
    the text is the button. ``subject`` replaces that of the template.
    """
    subject = subject or render_to_string(f"{FOLDER}/{kind}_subject.txt", context)
    subject = one_line(subject)[:LONGEST_SUBJECT].strip()
    text = _tidy(render_to_string(f"{FOLDER}/{kind}.txt", context))
    words, _dashes, signature = text.partition(SIGNATURE)
    links = context["links"]
    html_context = {
        "subject": subject,
        "blocks": list(_with_button(_blocks(words, links))),
        "signature": list(_blocks(signature, links)),
        "direction": "rtl" if get_language_bidi() else "ltr",
    }
    html = render_to_string(f"{FOLDER}/base.html", html_context)
    return Mail(subject, f"{text}\n", re.sub(r"\n\s*\n", "\n", html))


def one_line(text: str) -> str:
    """``text`` without line breaks and controls, for headers and within a sentence."""
    return " ".join(CONTROLS.sub(" ", text).split())


def _tidy(text: str) -> str:
    """No spaces at the ends of lines, and one empty line where there are several."""
    lines = [line if line == "-- " else line.rstrip() for line in text.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _blocks(text: str, links: Collection[str]) -> Iterator[Block]:
    for block in filter(None, text.strip("\n").split("\n\n")):
        lines = block.strip("\n").split("\n")
        if all(line.startswith(">") for line in lines):
            yield Block("quote", "\n".join(line[1:].lstrip() for line in lines))
        elif len(lines) == 2 and lines[1] in links:
            yield Block("link", lines[0].rstrip(" :"), lines[1])
        else:
            yield Block("paragraph", "\n".join(lines))


def _with_button(blocks: Iterator[Block]) -> Iterator[Block]:
    """The first link is what the mail is about."""
    found = False
    for block in blocks:
        if block.kind == "link" and not found:
            found = True
            yield Block("button", block.text, block.url)
        else:
            yield block
