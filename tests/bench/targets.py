"""What the figures have to be, and whether they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median

from tests.bench.asking import CASES

#: Public reads, which may not grow; what is capped may, up to its cap.
CAPPED = ("filter", "search")
PUBLIC = [
    case.name
    for case in CASES
    if not (case.writes or case.staff or case.name in CAPPED)
    and not case.name.startswith(("plain", "bare"))
]
NOISE = 1.3


@dataclass
class Figures:
    """Milliseconds of one case at one size, one entry a burst."""

    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    queries: int = 0
    status: int = 0

    @property
    def middle(self) -> float:
        return median(self.cpu)

    @property
    def spread(self) -> float:
        """How far the middle half of the bursts reaches, as a part of the median."""
        ordered = sorted(self.cpu)
        quarter = len(ordered) // 4
        return (ordered[-1 - quarter] - ordered[quarter]) / self.middle


@dataclass
class Run:
    """Everything measured: ``figures[case][size]``."""

    sizes: list[int]
    figures: dict[str, dict[int, Figures]]
    memory: dict[str, int]
    rates: dict[int, tuple[float, int]]
    renditions_made: int

    def cpu(self, name: str, size: int | None = None) -> float:
        return self.figures[name][size or self.sizes[-1]].middle

    def queries(self, name: str) -> int:
        return self.figures[name][self.sizes[-1]].queries

    def growth(self, name: str) -> float:
        return self.cpu(name) / self.cpu(name, self.sizes[0])


@dataclass(frozen=True)
class Verdict:
    """One target: what was asked, and what came out."""

    words: str
    value: float
    limit: float
    least: bool = False  # the value may not be smaller, instead of not larger

    @property
    def met(self) -> bool:
        return self.value >= self.limit if self.least else self.value <= self.limit


def judge(run: Run) -> Iterator[Verdict]:
    """Every target that this run can tell something about."""
    bare, as_json = run.cpu("bare page"), run.cpu("bare JSON")
    for name in ("gallery", "gallery, last page", "newest, page 50"):
        rival = "plain: list" if name == "gallery" else "plain: list, last page"
        cost = run.cpu(name)
        yield Verdict(f"{name}: × bare page", cost / bare, 4)
        yield Verdict(f"{name}: plain Wagtail ÷ it", run.cpu(rival) / cost, 4, True)
        yield Verdict(f"{name}: queries", run.queries(name), 12)
    unchanged = run.figures["gallery, unchanged"][run.sizes[-1]]
    yield Verdict("gallery, unchanged: answers 304", unchanged.status, 304, True)
    yield Verdict("gallery, unchanged: × bare page", unchanged.middle / bare, 1.5)
    idea = run.cpu("plain: idea")
    yield Verdict("submission: × plain idea", run.cpu("submission") / idea, 1)
    compared = run.cpu("compare four") / run.cpu("submission")
    yield Verdict("compare four: × submission", compared, 2)
    deep = run.cpu("gallery, last page") / run.cpu("gallery")
    yield Verdict("gallery: last ÷ first page", deep, NOISE)
    deep = run.cpu("newest, page 50") / run.cpu("newest")
    yield Verdict("newest: page 50 ÷ first", deep, NOISE)
    for name in ("API", "API, deep"):
        yield Verdict(f"{name}: × bare JSON", run.cpu(name) / as_json, 5)
    created = run.cpu("plain: create")
    for name in ("submit, three forms", "submit, API"):
        yield Verdict(f"{name}: × plain create", run.cpu(name) / created, 1 / 3)
    approved = run.cpu("approve") / run.cpu("plain: approve")
    yield Verdict("approve: × plain approve", approved, 1)
    explorer = run.cpu("plain: explorer")
    yield Verdict("desk: × explorer", run.cpu("desk") / explorer, 1 / 2)
    yield from _about_growth(run)
    yield Verdict("renditions made in a visitor's request", run.renditions_made, 0)
    memory = run.memory["ours"] / run.memory["plain"]
    yield Verdict("memory of a worker: × plain Wagtail", memory, 1.15)
    if run.rates:
        (few, failed), (many, failed_too) = run.rates[2], run.rates[8]
        yield Verdict("8 × 25 sent at once: errors", failed + failed_too, 0)
        yield Verdict("8 × 25 sent: 8 workers ÷ 2 workers", many / few, 1, True)


def _about_growth(run: Run) -> Iterator[Verdict]:
    if len(run.sizes) < 2:
        return
    words = f"{run.sizes[0]:,} → {run.sizes[-1]:,}"
    for name in PUBLIC:
        yield Verdict(f"{name}: growth {words}", run.growth(name), NOISE)
    yield Verdict(f"desk: growth {words}", run.growth("desk"), NOISE)
