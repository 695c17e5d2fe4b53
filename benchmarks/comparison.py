"""Compares what was measured of Linkspan with what was measured of a peer."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final, Literal, TypeAlias

Kind: TypeAlias = Literal["rate", "cost"]

_HEADINGS: Final = ("", "Linkspan", "peer", "ratio", "spread", "aim")
_WIDTHS: Final = (44, 14, 14, 8, 14, 16)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two series measured in turns; the ratio says how many times better Linkspan is."""

    what: str
    peer: str
    unit: str
    kind: Kind
    """A rate is better when it is higher, a cost when it is lower."""
    ours: Sequence[float]
    theirs: Sequence[float]
    aim: float | None = None

    @property
    def ratios(self) -> list[float]:
        """The ratio of each round: its two measurements saw the same machine."""
        pairs = zip(self.ours, self.theirs, strict=True)
        return [our / their if self.kind == "rate" else their / our for our, their in pairs]

    @property
    def ratio(self) -> float:
        """The ratio of the median round."""
        return median(self.ratios)

    @property
    def verdict(self) -> str:
        """The aim, and whether it was met."""
        if self.aim is None:
            return ""
        return f">= {_figure(self.aim)} {'met' if self.ratio >= self.aim else 'missed'}"


def table(title: str, comparisons: Sequence[Comparison]) -> str:
    """Return *comparisons* as lines of text."""
    rows = [_row(comparison) for comparison in comparisons]
    return "\n".join([title, _line(_HEADINGS), *(_line(row) for row in rows)])


def _row(comparison: Comparison) -> tuple[str, ...]:
    return (
        f"{comparison.what} | {comparison.peer}",
        f"{_figure(median(comparison.ours))} {comparison.unit}",
        f"{_figure(median(comparison.theirs))} {comparison.unit}",
        _figure(comparison.ratio),
        f"{_figure(min(comparison.ratios))}-{_figure(max(comparison.ratios))}",
        comparison.verdict,
    )


def _line(cells: Sequence[str]) -> str:
    first, *others = zip(cells, _WIDTHS, strict=True)
    padded = [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]
    return f"  {''.join(padded)}".rstrip()


def _figure(number: float) -> str:
    """Write a number with three significant digits, or whole where it has more."""
    for limit, digits in ((10, 2), (100, 1)):
        if number < limit:
            return f"{number:.{digits}f}"
    return f"{number:,.0f}".replace(",", " ")
