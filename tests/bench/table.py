"""A run as a person reads it: one table, the targets, and how many were met."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.asking import CASES
from tests.bench.targets import Run, judge


def lines(run: Run) -> Iterator[str]:
    """Markdown, ready for the documentation."""
    largest = run.sizes[-1]
    sizes = [f"CPU ms at {size:,}" for size in run.sizes]
    yield from _row(
        "page", "SQL", *sizes, "spread", "wall ms", "× bare", "× plain", "growth"
    )
    yield from _row("---", *["---:"] * (len(sizes) + 6))
    for case in CASES:
        if case.name not in run.figures:
            continue
        figures = run.figures[case.name][largest]
        wall = sorted(figures.wall)[len(figures.wall) // 2]
        yield from _row(
            case.name,
            str(figures.queries or ""),
            *(f"{run.cpu(case.name, size):.1f}" for size in run.sizes),
            f"± {figures.spread:.0%}",
            f"{wall:.1f}",
            _ratio(run, case.name, case.floor),
            _ratio(run, case.name, case.rival),
            f"{run.growth(case.name):.2f}" if len(run.sizes) > 1 else "",
        )


def _row(*cells: str) -> Iterator[str]:
    yield f"| {' | '.join(cells)} |"


def _ratio(run: Run, name: str, other: str) -> str:
    return f"{run.cpu(name) / run.cpu(other):.2f}" if other in run.figures else ""


def verdicts(run: Run) -> Iterator[str]:
    """Each target on a line, and the count in the last."""
    judged = list(judge(run))
    for verdict in judged:
        mark = "met   " if verdict.met else "MISSED"
        sign = "≥" if verdict.least else "≤"
        yield (
            f"{mark} {verdict.words:52} {verdict.value:8.2f} ({sign} {verdict.limit:g})"
        )
    met = sum(verdict.met for verdict in judged)
    yield f"targets: {met} met, {len(judged) - met} missed"
