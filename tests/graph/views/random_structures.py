"""Random graphs to lay out and draw."""

import numpy as np

from graph import Graph
from layers import Add, Linear, Multiply, ReLU


def random_graph(seed, n_nodes=12):
    """A graph of arrays with chains, joins, forks and long wires; run forward and backward."""
    rng = np.random.default_rng(seed)
    g = Graph()
    wires = [g.input(f"x{i}") for i in range(int(rng.integers(1, 4)))]
    n_inputs = len(wires)
    for _ in range(n_nodes):
        kind = rng.integers(4)
        a, b = (wires[int(i)] for i in rng.integers(0, len(wires), 2))
        if kind == 0:
            wires.append(g.add(ReLU(), a))
        elif kind == 1:
            wires.append(g.add(Linear(3, 3, rng=rng), a))
        else:
            wires.append(g.add(Add() if kind == 2 else Multiply(), a, b))
    g.output(*[wire for wire in wires if not wire.uses])
    x_out = g.forward(*rng.normal(size=(n_inputs, 2, 3)) * 0.1)
    g.backward(tuple(np.ones_like(x) for x in x_out) if type(x_out) is tuple else np.ones_like(x_out))
    return g
