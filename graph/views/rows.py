"""Rows: a layout too wide for a page is broken like a line of text, where the fewest wires cross."""

from __future__ import annotations

from itertools import pairwise

from graph.views.heights import Item, set_heights
from graph.views.layout import Layout

Point = tuple[float, float]
LANE = 0.15  # inches between wires that turn into the next row


class Rows:
    """Moves the items of a layout into rows no wider than `limit` inches; knows where wires turn.

    >>> rows = Rows(Layout([(1.0, 0.5)] * 6, [(i, i + 1) for i in range(5)], [(0.0, 0.0)] * 5), limit=5.0)
    >>> [item.row for item in rows.layout.items[:6]]
    [0, 0, 0, 1, 1, 1]
    """

    def __init__(self, layout: Layout, limit: float) -> None:
        self.layout = layout
        self.starts = _starts(layout, limit)
        self.turns: dict[int, list[tuple[int, int]]] = {row: [] for row in range(1, len(self.starts))}
        for row, start in enumerate(self.starts):
            stop = [*self.starts, len(layout.columns)][row + 1]
            set_heights(layout.items, layout.columns[start:stop])
            for column in layout.columns[start:stop]:
                for i in column:
                    layout.items[i].row = row
        for row, start in enumerate(self.starts[1:], 1):
            ends = [(a, b) for chain in layout.chains for a, b in pairwise(chain) if layout.items[b].column == start]
            self.turns[row] = sorted(ends, key=lambda end: (layout.items[end[0]].y, layout.items[end[1]].y))
        self._move()

    def _move(self) -> None:
        """Each row begins at the left, below the one before and the lanes of the wires that turn."""
        items = self.layout.items
        margin = LANE * max((len(turn) for turn in self.turns.values()), default=0)
        bottom = 0.0
        self.lanes: dict[int, float] = {}
        for row in range(len(self.starts)):
            inside = [item for item in items if item.row == row]
            left = min((item.x - item.width / 2 for item in inside), default=0.0)
            top = min((item.y - item.height / 2 for item in inside), default=0.0)
            if row:
                self.lanes[row] = bottom + 0.22
                bottom += 0.36 + LANE * len(self.turns[row])
            for item in inside:
                item.x += margin - left
                item.y += bottom - top
            bottom = max((item.y + item.height / 2 for item in inside), default=bottom)
        self.right = max((item.x + item.width / 2 for item in items), default=0.0)
        self.width, self.height = self.right + margin, bottom

    def turn(self, a: int, b: int, start: Point, end: Point, aside: float) -> list[Point]:
        """The corners of a wire that goes from item a at the end of a row to item b in the next one."""
        row = self.layout.items[b].row
        turns = self.turns[row]
        rank, n = turns.index((a, b)), len(turns)
        right = self.right + LANE * (n - rank) - LANE / 3 - aside
        lane = self.lanes[row] + LANE * (n - 1 - rank) + aside
        left = (
            min(item.x - item.width / 2 for item in self.layout.items if item.row == row) - LANE * (rank + 0.67) - aside
        )
        return [start, (right, start[1]), (right, lane), (left, lane), (left, end[1]), end]


def _starts(layout: Layout, limit: float) -> list[int]:
    """The columns at which rows begin: few rows, and above all few wires cut."""
    edges = [_extent(layout, column) for column in layout.columns]
    n = len(edges)
    cut = [0] * (n + 1)
    for chain in layout.chains:
        for column in range(layout.items[chain[0]].column + 1, layout.items[chain[-1]].column + 1):
            cut[column] += 1
    best: list[tuple[float, int]] = [(0.0, 0)]  # for the first k columns: cost, and where the last row begins
    for stop in range(1, n + 1):
        choices = []
        for start in range(stop):
            width = edges[stop - 1][1] - edges[start][0]
            if width <= 1.12 * limit or start == stop - 1:
                ragged = (1 - width / limit) ** 2 + 4.0 * (width < 0.15 * limit) + 0.5 * (width > limit)
                choices.append((best[start][0] + 3.0 + ragged + 2.5 * cut[start] ** 2 * (start > 0), start))
        best.append(min(choices))
    starts: list[int] = []
    stop = n
    while stop:
        stop = best[stop][1]
        starts.insert(0, stop)
    return starts or [0]


def _extent(layout: Layout, column: list[int]) -> Point:
    items: list[Item] = [layout.items[i] for i in column]
    return min(item.x - item.width / 2 for item in items), max(item.x + item.width / 2 for item in items)
