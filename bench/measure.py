"""How figures are made comparable: floor and ours in turn, medians over runs, one row a bar."""

import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

RUNS: Final = 5


@dataclass(frozen=True)
class Row:
    """One line of the table: what was measured, floor and ours in `unit`, and the ratio that must not be passed."""

    what: str
    floor: float
    ours: float
    bar: float
    unit: str = "ms"

    @property
    def ratio(self) -> float:
        """Ours by floor."""
        return self.ours / self.floor

    @property
    def is_met(self) -> bool:
        """Whether the bar holds."""
        return self.ratio <= self.bar


@dataclass(frozen=True)
class Alternated:
    """Samples of floor and ours, run by run."""

    floor: tuple[Sequence[float], ...]
    ours: tuple[Sequence[float], ...]

    def row(self, what: str, bar: float, at: float = 0.5, unit: str = "ms") -> Row:
        """Return the row for a quantile: the median over runs of each run's quantile."""
        return Row(what, _over_runs(self.floor, at), _over_runs(self.ours, at), bar, unit)


def alternate(
    floor: Callable[[], Sequence[float]], ours: Callable[[], Sequence[float]], runs: int = RUNS
) -> Alternated:
    """Measure floor and ours in turn, so that a machine that drifts drifts for both."""
    pairs = [(floor(), ours()) for _ in range(runs)]
    return Alternated(tuple(pair[0] for pair in pairs), tuple(pair[1] for pair in pairs))


def quantile(samples: Sequence[float], at: float) -> float:
    """Return a quantile of samples, 0.5 for the median."""
    ordered = sorted(samples)
    return ordered[min(len(ordered) - 1, int(at * len(ordered)))]


def table(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the lines of the table that `make bench` prints."""
    yield f"{'what':<58} {'floor':>11} {'ours':>11} {'ratio':>6} {'bar':>5}"
    for row in rows:
        figures = f"{row.floor:>8.2f} {row.unit:<2} {row.ours:>8.2f} {row.unit:<2} {row.ratio:>6.2f} {row.bar:>5.2f}"
        yield f"{row.what:<58} {figures} {'' if row.is_met else '  over'}"


def _over_runs(runs: Sequence[Sequence[float]], at: float) -> float:
    return statistics.median(quantile(samples, at) for samples in runs)
