"""What a gradient check found: a line for each input and parameter, readable as text and as a table."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from graph.checking.tables import aligned, html_table
from layers.base import Array

FORMULA = "|analytic - numeric| / max(|analytic|, |numeric|, 0.001 of the largest)"


@dataclass(frozen=True)
class Entry:
    """One array: its gradient by backward and by differences, number by number."""

    name: str
    analytic: Array | None
    numeric: Array | None  # nan where no number was sampled
    errors: Array | None  # the relative errors, by FORMULA; at a kink the distance to the nearest subgradient
    tolerance: float
    kinks: list[tuple[int, ...]] = field(default_factory=list)
    problem: str = ""  # why there is nothing to compare

    @property
    def checked(self) -> int:
        """How many numbers were compared."""
        return 0 if self.numeric is None else int((~np.isnan(self.errors)).sum())

    @property
    def worst(self) -> tuple[int, ...] | None:
        """The index of the largest relative error."""
        if not self.checked:
            return None
        return tuple(int(i) for i in np.unravel_index(np.nanargmax(self.errors), self.errors.shape))

    @property
    def relative_error(self) -> float:
        """The largest relative error."""
        return float(self.errors[self.worst]) if self.checked else 0.0

    @property
    def ok(self) -> bool:
        """Whether every number compared is within the tolerance."""
        return not self.problem and self.relative_error <= self.tolerance

    def cells(self) -> list[str]:
        """The line of the table: name, shape, analytic and numeric at the worst index, its error, what was checked."""
        if self.problem:
            return [self.name, "", "", "", "", "", self.problem]
        shape, size = str(self.numeric.shape), self.numeric.size
        checked = "all" if self.checked == size else f"{self.checked} of {size}, sampled"
        if not self.checked:
            return [self.name, shape, "", "", "", "none", "nothing to check"]
        kinks = f"{len(self.kinks)} at a kink, first {self.kinks[0]}" if self.kinks else ""
        values = [f"{float(a[self.worst]):.6g}" for a in (self.analytic, self.numeric)]
        verdict = "ok" if self.ok else f"WRONG at {self.worst}"
        return [
            self.name,
            shape,
            *values,
            f"{self.relative_error:.1e}",
            checked,
            "; ".join(filter(None, [verdict, kinks])),
        ]


@dataclass(frozen=True)
class Report:
    """All entries of one check; `ok` if all agree."""

    title: str
    entries: list[Entry]
    notes: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether every entry agrees."""
        return all(entry.ok for entry in self.entries)

    def __getitem__(self, name: str) -> Entry:
        for entry in self.entries:
            if entry.name == name:
                return entry
        raise KeyError(f"no entry {name!r}; there are {', '.join(entry.name for entry in self.entries)}")

    def raise_if_bad(self) -> Report:
        """The report itself, or an AssertionError that shows it."""
        if not self.ok:
            raise AssertionError(f"gradients are wrong\n{self!r}")
        return self

    def _rows(self) -> list[list[str]]:
        return [["", "shape", "analytic", "numeric", "relative error", "checked", ""]] + [
            e.cells() for e in self.entries
        ]

    def _remarks(self) -> list[str]:
        return [f"relative error: {FORMULA}; analytic and numeric at the worst index", *self.notes]

    def __repr__(self) -> str:
        verdict = "ok" if self.ok else "WRONG"
        return "\n".join([f"{self.title}: {verdict}", *aligned(self._rows()), *self._remarks()])

    def _repr_html_(self) -> str:
        rows = self._rows()
        bad = [False] + [not entry.ok for entry in self.entries]
        head = f"{self.title}: {'ok' if self.ok else 'WRONG'}"
        return html_table(head, rows, bad, self._remarks())
