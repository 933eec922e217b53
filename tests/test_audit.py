"""Reading what pip-audit says."""

from __future__ import annotations

import json

import pytest

from tests.audit import Answer, read

CLEAN = {"name": "swapper", "version": "1.5.0", "vulns": []}
HOLE = {
    "name": "django",
    "version": "5.2.0",
    "vulns": [
        {"id": "PYSEC-1", "fix_versions": ["5.2.1", "5.1.9"]},
        {"id": "PYSEC-2", "fix_versions": []},
    ],
}
UNKNOWN = {"name": "wagtail", "skip_reason": "Dependency not found"}


@pytest.mark.parametrize(
    ("packages", "answer"),
    [
        ([CLEAN, UNKNOWN], Answer(1)),
        ([UNKNOWN], Answer(0)),
        (
            [CLEAN, HOLE],
            Answer(
                2,
                (
                    "django 5.2.0: PYSEC-1 – mended in 5.2.1, 5.1.9",
                    "django 5.2.0: PYSEC-2 – mended in no version yet",
                ),
            ),
        ),
    ],
)
def test_a_package_nobody_knows_is_not_audited(packages, answer):
    assert read(json.dumps({"dependencies": packages, "fixes": []})) == answer


@pytest.mark.parametrize("report", ["", "ConnectionError: no answer"])
def test_no_report_is_no_answer(report):
    assert read(report) == Answer()
