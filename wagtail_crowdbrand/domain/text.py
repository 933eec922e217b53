"""How long a text is to those who read it."""

from __future__ import annotations

import unicodedata

#: Joins what stands on both sides of it into one picture.
JOINER = "\u200d"
SKIN_TONES = range(0x1F3FB, 0x1F400)
#: Two of these make a flag.
REGIONAL = range(0x1F1E6, 0x1F200)
#: Unseen letters that make a flag of a region.
TAGS = range(0xE0020, 0xE0080)


def length(text: str) -> int:
    """How many characters a person would count: grapheme clusters of UAX #29.

    Without the rules for conjuncts of Indic scripts, where people differ as well.
    """
    count, joined, flags = 0, False, 0
    for char in unicodedata.normalize("NFC", text):
        if _extends(char):
            joined = char == JOINER
            continue
        flags = flags + 1 if ord(char) in REGIONAL else 0
        if not joined and (flags == 0 or flags % 2):
            count += 1
        joined = False
    return count


def _extends(char: str) -> bool:
    """Whether it belongs to the character before it."""
    code = ord(char)
    marks = unicodedata.category(char) in ("Mn", "Me", "Mc")
    return marks or char == JOINER or code in SKIN_TONES or code in TAGS
