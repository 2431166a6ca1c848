"""Heights: where the items of a layout stand in their columns, so that wires are level and nothing overlaps."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

BETWEEN_ITEMS, SWEEPS = 0.16, 24  # inches


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


def set_heights(items: list[Item], columns: list[list[int]]) -> None:
    """Springs along the wires, re-weighted until they measure lengths and not squares: wires become straight.

    Only the items of these columns move; wires that lead out of them do not pull.
    """
    for column in columns:
        settle(items, column)
    numbers = {i: k for k, i in enumerate(i for column in columns for i in column)}
    inside = [items[i] for i in numbers]
    links = [
        (numbers[i], numbers[j], stiffness(items[i], items[j])) for i in numbers for j in items[i].right if j in numbers
    ]
    stacks = [[numbers[i] for i in column] for column in columns]
    y = np.array([item.y for item in inside])
    for sweep in range(SWEEPS):
        least = 0.1 * 0.7**sweep
        stretch = [1.0 if sweep < 4 else max(abs(y[i] - y[j]), least) for i, j, _ in links]
        y = relax(inside, stacks, y, [(i, j, k / d) for (i, j, k), d in zip(links, stretch, strict=True)])
    for item, height in zip(inside, y, strict=True):
        item.y = float(height)
    for column in columns:
        settle(items, column)
    top = min((item.y - item.height / 2 for item in inside), default=0.0)
    for item in inside:
        item.y = round(item.y - top, 3)


def stiffness(a: Item, b: Item) -> float:
    """Long wires are straight in themselves, and do not bend the others."""
    points = (a.point, b.point)
    return 8.0 if all(points) else 0.4 if any(points) else 1.0


def relax(items: list[Item], columns: list[list[int]], y: np.ndarray, springs: list) -> np.ndarray:
    """Where the springs balance, with items that are too close pushed apart and others drawn together a little."""
    matrix, force = np.eye(len(y)) * 1e-6, 1e-6 * y
    pairs = [(i, j, _distance(items[i], items[j])) for column in columns for i, j in pairwise(column)]
    pushed = [(i, j, 1e4 if y[j] - y[i] < length + 1e-9 else 1e-3, length) for i, j, length in pairs]
    for i, j, k, length in [*((i, j, k, 0.0) for i, j, k in springs), *pushed]:
        matrix[i, i] += k
        matrix[j, j] += k
        matrix[i, j] -= k
        matrix[j, i] -= k
        force[i] -= k * length
        force[j] += k * length
    return np.linalg.solve(matrix, force)


def _distance(a: Item, b: Item) -> float:
    return (a.height + b.height) / 2 + BETWEEN_ITEMS


def settle(items: list[Item], column: list[int]) -> None:
    """The heights closest to the present ones (least squares) among all that keep order and distance."""
    steps = [_distance(items[i], items[j]) for i, j in pairwise(column)]
    offsets = np.concatenate([[0.0], np.cumsum(steps)])
    wished = np.array([items[i].y for i in column]) - offsets
    for i, y, offset in zip(column, rising(wished, [1.0] * len(column)), offsets, strict=True):
        items[i].y = y + float(offset)


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
