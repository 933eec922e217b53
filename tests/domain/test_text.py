"""Lengths as people count them; tests/e2e asks a browser the same."""

from __future__ import annotations

import pytest

from wagtail_crowdbrand.domain.text import length

CASES = {
    "": 0,
    "Glow": 4,
    "e\u0301a": 2,
    "n\u0303\u0323": 1,
    "👩‍👩‍👧": 1,
    "👍🏽": 1,
    "🇵🇹🇩🇪": 2,
    "🏴\U000e0067\U000e0062\U000e007f": 1,
    "❤️": 1,
    "한국": 2,
    "\u1112\u1161\u11ab": 1,
    "a b": 3,
}


@pytest.mark.parametrize(("text", "count"), CASES.items())
def test_length(text, count):
    assert length(text) == count
