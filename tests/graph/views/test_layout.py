"""Layouts: nothing overlaps, wires run around boxes, the same model gives the same picture."""

from itertools import combinations

import numpy as np
import pytest

from graph import Sequential
from graph.views.draw import WIDEST
from graph.views.examples import residual, rnn
from graph.views.heights import rising
from graph.views.layout import Layout, ranks_of
from graph.views.looks import label_of, look_of
from graph.views.rows import Rows
from graph.views.structure import Structure
from graph.views.wires import path_of
from layers import Linear, ReLU
from tests.graph.views.random_structures import random_graph


def laid_out(structure, limit=WIDEST):
    looks = [look_of(node) for node in structure.nodes]
    wires = [(edge.source, edge.target) for edge in structure.edges]
    layout = Layout(
        [(look.width, look.height) for look in looks], wires, [label_of(edge)[1:] for edge in structure.edges]
    )
    return looks, Rows(layout, limit)


def overlap(a, b):
    return abs(a.x - b.x) < (a.width + b.width) / 2 - 1e-6 and abs(a.y - b.y) < (a.height + b.height) / 2 - 1e-6


STRUCTURES = [
    *(pytest.param(lambda seed=seed: Structure(random_graph(seed)), id=f"random-{seed}") for seed in range(12)),
    pytest.param(lambda: Structure(random_graph(99, 45)), id="random-large"),
    pytest.param(lambda: Structure(residual(8).model, residual(8).steps), id="residual-8"),
    pytest.param(lambda: Structure(rnn(10)), id="rnn-10"),
]


@pytest.mark.parametrize("make", STRUCTURES)
def test_no_two_boxes_or_labels_overlap(make):
    _, rows = laid_out(make())
    sized = [item for item in rows.layout.items if item.width]
    assert [(a, b) for a, b in combinations(sized, 2) if overlap(a, b)] == []
    assert len(sized) > 3


@pytest.mark.parametrize("make", STRUCTURES)
def test_wires_run_around_boxes(make):
    structure = make()
    looks, rows = laid_out(structure)
    boxes = rows.layout.items[: len(structure.nodes)]
    for number, edge in enumerate(structure.edges):
        points = path_of(rows, looks, number).interpolated(1).to_polygons(closed_only=False)[0]
        for k, box in enumerate(boxes):
            if k in (edge.source, edge.target):
                continue
            inside = (abs(points[:, 0] - box.x) < box.width / 2 - 0.01) & (
                abs(points[:, 1] - box.y) < box.height / 2 - 0.01
            )
            assert not inside.any(), f"the wire {edge.source} -> {edge.target} runs through {structure.nodes[k].name}"


@pytest.mark.parametrize("make", STRUCTURES)
def test_everything_lies_on_the_sheet_and_wires_run_to_the_right(make):
    structure = make()
    _, rows = laid_out(structure)
    for item in rows.layout.items:
        assert item.x - item.width / 2 >= -1e-6
        assert item.x + item.width / 2 <= rows.width + 1e-6
        assert item.y - item.height / 2 >= -1e-6
        assert item.y + item.height / 2 <= rows.height + 1e-6
    for edge in structure.edges:
        assert rows.layout.items[edge.source].column < rows.layout.items[edge.target].column


def test_a_chain_is_a_straight_line():
    model = Sequential(*[layer for _ in range(4) for layer in (Linear(3, 3, rng=0), ReLU())])
    _, rows = laid_out(Structure(model), limit=100.0)
    assert len({round(item.y, 2) for item in rows.layout.items}) == 1


def test_rows_keep_to_the_width_and_break_where_one_wire_crosses():
    _, rows = laid_out(Structure(residual(8).model))
    assert len(rows.starts) > 1
    assert all(len(turn) == 1 for turn in rows.turns.values())
    assert rows.width < 1.3 * WIDEST


def test_the_same_graph_gives_the_same_layout():
    first, second = (laid_out(Structure(random_graph(5)))[1].layout.items for _ in range(2))
    assert first == second


def test_ranks_are_longest_paths():
    assert ranks_of(4, [(0, 1), (1, 2), (2, 3), (0, 3)]) == [0, 1, 2, 3]


def test_rising_is_the_closest_rising_sequence():
    values = np.array([3.0, 1.0, 2.0, 5.0, 4.0])
    assert rising(values, [1.0] * 5) == [2.0, 2.0, 2.0, 4.5, 4.5]
    assert rising(np.array([2.0, 1.0]), [3.0, 1.0]) == [1.75, 1.75]
