"""Layered layout: columns by longest path, order by barycentres, level wires, and nothing overlapping."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

Size = tuple[float, float]
BETWEEN_COLUMNS, BETWEEN_ITEMS = 0.26, 0.16  # inches


@dataclass
class Item:
    """A box, the label of a wire, or (with no size) a point where a long wire crosses a column."""

    width: float
    height: float
    column: int
    x: float = 0.0  # of the centre; y grows downwards
    y: float = 0.0
    row: int = 0
    point: bool = False
    left: list[int] = field(default_factory=list)
    right: list[int] = field(default_factory=list)


class Layout:
    """Places boxes and wires; every wire is a chain of items: its source, its label, points, its target.

    Source:    Sugiyama, Tagawa and Toda, "Methods for visual understanding of hierarchical system structures", 1981

    >>> layout = Layout([(1.0, 0.5)] * 3, [(0, 1), (1, 2), (0, 2)], [(0.5, 0.2)] * 3)
    >>> layout.chains[2]                               # the long wire passes the box between in columns 2 and 3
    [0, 5, 6, 7, 2]
    >>> [item.column for item in layout.items[:3]]
    [0, 2, 4]
    """

    def __init__(self, boxes: list[Size], wires: list[tuple[int, int]], labels: list[Size]) -> None:
        ranks = ranks_of(len(boxes), wires)
        self.items = [Item(*size, 2 * rank) for size, rank in zip(boxes, ranks, strict=True)]
        self.chains: list[list[int]] = []
        for (source, target), label in zip(wires, labels, strict=True):
            first = len(self.items)
            between = range(2 * ranks[source] + 1, 2 * ranks[target])
            self.items += [
                Item(*(label if i == 0 else (0.0, 0.0)), column, point=i > 0) for i, column in enumerate(between)
            ]
            chain = [source, *range(first, len(self.items)), target]
            self.chains.append(chain)
            for a, b in pairwise(chain):
                self.items[a].right.append(b)
                self.items[b].left.append(a)
        self.columns: list[list[int]] = [[] for _ in range(max((item.column for item in self.items), default=-1) + 1)]
        for i, item in enumerate(self.items):
            self.columns[item.column].append(i)
        self._order()
        self._set_heights()
        self._set_columns()

    def _order(self) -> None:
        """Sweep right and left, each time sorting every column by where its neighbours stand; keep the best."""
        best, fewest = [list(column) for column in self.columns], self._crossings()
        for sweep in range(12):
            forward = sweep % 2 == 0
            for column in self.columns if forward else self.columns[::-1]:
                place = {i: k for each in self.columns for k, i in enumerate(each)}
                here = {i: k for k, i in enumerate(column)}
                centre = {}
                for i in column:
                    beside = self.items[i].left if forward else self.items[i].right
                    centre[i] = np.mean([place[j] for j in beside]) if beside else here[i]
                column.sort(key=lambda i: (centre[i], here[i]))
            crossings = self._crossings()
            if crossings < fewest:
                best, fewest = [list(column) for column in self.columns], crossings
        self.columns = best

    def _crossings(self) -> int:
        """How many pairs of wires cross between neighbouring columns."""
        total = 0
        place = {i: k for column in self.columns for k, i in enumerate(column)}
        for column in self.columns[:-1]:
            pairs = np.array([(place[i], place[j]) for i in column for j in self.items[i].right])
            if len(pairs) > 1:
                a, b = pairs[:, :1] - pairs[:, 0], pairs[:, 1:] - pairs[:, 1]
                total += int(np.sum(a * b < 0)) // 2
        return total

    def _set_heights(self) -> None:
        """Springs along the wires, re-weighted until they measure lengths and not squares: wires become straight."""
        for column in self.columns:
            self._settle(column)
        links = [(i, j, self._stiffness(i, j)) for i, item in enumerate(self.items) for j in item.right]
        y = np.array([item.y for item in self.items])
        for sweep in range(16):
            slack = [1.0 if sweep < 4 else max(abs(y[i] - y[j]), 0.01) for i, j, _ in links]
            y = self._relax(y, [(i, j, k / d) for (i, j, k), d in zip(links, slack, strict=True)])
        for item, height in zip(self.items, y, strict=True):
            item.y = float(height)
        for column in self.columns:
            self._settle(column)
        top = min((item.y - item.height / 2 for item in self.items), default=0.0)
        for item in self.items:
            item.y = round(item.y - top, 4)

    def _stiffness(self, i: int, j: int) -> float:
        """Long wires are straight in themselves, and do not bend the others."""
        points = (self.items[i].point, self.items[j].point)
        return 8.0 if all(points) else 0.4 if any(points) else 1.0

    def _relax(self, y: np.ndarray, springs: list[tuple[int, int, float]]) -> np.ndarray:
        """Where the springs balance, with items that are too close pushed apart."""
        n = len(y)
        stiffness, force = np.eye(n) * 1e-6, 1e-6 * y
        pushed = [
            (i, j, 1e3, self._distance(i, j)) for column in self.columns for i, j in pairwise(column)
            if y[j] - y[i] < self._distance(i, j) + 1e-9
        ]  # fmt: skip
        for i, j, k, length in [*((i, j, k, 0.0) for i, j, k in springs), *pushed]:
            stiffness[i, i] += k
            stiffness[j, j] += k
            stiffness[i, j] -= k
            stiffness[j, i] -= k
            force[i] -= k * length
            force[j] += k * length
        return np.linalg.solve(stiffness, force)

    def _distance(self, i: int, j: int) -> float:
        return (self.items[i].height + self.items[j].height) / 2 + BETWEEN_ITEMS

    def _settle(self, column: list[int]) -> None:
        """The heights closest to the present ones (least squares) among all that keep order and distance."""
        offsets = np.concatenate([[0.0], np.cumsum([self._distance(i, j) for i, j in pairwise(column)])])
        wished = np.array([self.items[i].y for i in column]) - offsets
        for i, y, offset in zip(column, rising(wished, [1.0] * len(column)), offsets, strict=True):
            self.items[i].y = y + float(offset)

    def _set_columns(self) -> None:
        x = 0.0
        for column in self.columns:
            width = max(self.items[i].width for i in column)
            for i in column:
                self.items[i].x = x + width / 2
            rises = [abs(self.items[i].y - self.items[j].y) for i in column for j in self.items[i].right]
            x += width + min(max(BETWEEN_COLUMNS, 0.2 * max(rises, default=0.0)), 3 * BETWEEN_COLUMNS)


def ranks_of(n: int, wires: list[tuple[int, int]]) -> list[int]:
    """The longest path that leads to each box; then boxes move up to where they are needed, if no wire gets longer.

    >>> ranks_of(5, [(0, 1), (1, 2), (3, 4), (4, 2)])
    [0, 1, 2, 0, 1]
    >>> ranks_of(4, [(0, 1), (1, 2), (3, 2)])
    [0, 1, 2, 1]
    """
    entering = [[a for a, b in wires if b == box] for box in range(n)]
    leaving = [[b for a, b in wires if a == box] for box in range(n)]
    ranks = [0] * n
    for _ in range(n):
        before = list(ranks)
        for source, target in wires:
            ranks[target] = max(ranks[target], ranks[source] + 1)
        if ranks == before:
            break
    for box in sorted(range(n), key=lambda box: -ranks[box]):
        if leaving[box] and len(entering[box]) <= len(leaving[box]):
            ranks[box] = min(ranks[target] for target in leaving[box]) - 1
    return ranks


def rising(values: np.ndarray, weights: list[float]) -> list[float]:
    """The rising sequence closest to `values`: neighbours that fall are pooled at their mean.

    >>> rising(np.array([1.0, 3.0, 2.0, 4.0]), [1.0] * 4)
    [1.0, 2.5, 2.5, 4.0]
    """
    pools: list[list[float]] = []  # mean, weight, count
    for value, weight in zip(values, weights, strict=True):
        pools.append([float(value), weight, 1])
        while len(pools) > 1 and pools[-2][0] >= pools[-1][0]:
            mean, weight, count = pools.pop()
            before = pools[-1]
            before[0] = (before[0] * before[1] + mean * weight) / (before[1] + weight)
            before[1] += weight
            before[2] += count
    return [mean for mean, _, count in pools for _ in range(int(count))]
