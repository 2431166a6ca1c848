"""Layered layout: columns by longest path, order by barycentres, level wires, and nothing overlapping."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from graph.views.heights import Item, set_heights

Size = tuple[float, float]
BETWEEN_COLUMNS = 0.24  # inches


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
        set_heights(self.items, self.columns)
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
