"""Random DAGs, each built twice: as a Graph, and as plain functions on autograd's numpy, the independent oracle."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import reduce
from operator import mul

import autograd.numpy as anp
import numpy as np

from graph import Graph, Parallel, Sequential
from layers import Add, Branch, Cos, Linear, Max, Mean, Min, Multiply, ReLU, Shift, Sin, Square, Sum

SHAPE = (3, 4)


@dataclass
class Twin:
    """A graph under construction, and beside it how autograd computes the same wires from (inputs, parameters)."""

    rng: np.random.Generator
    graph: Graph = field(default_factory=Graph)
    wires: list = field(default_factory=list)
    functions: list = field(default_factory=list)  # of the list of values so far and the parameters
    arrays: dict = field(default_factory=dict)  # parameters by name
    linears: list = field(default_factory=list)  # (layer, names of its W and b, whether transposed)
    inputs: list = field(default_factory=list)

    def put(self, wire, function):
        self.wires.append(wire)
        self.functions.append(function)

    def pick(self, n=1):
        """Indices of n wires, the same one twice now and then, recent ones more often."""
        last = len(self.wires) - 1
        return [max(0, last - int(self.rng.exponential(4.0))) for _ in range(n)]


def add_input(twin):
    name = f"x{len(twin.inputs)}"
    twin.inputs.append(twin.rng.normal(size=SHAPE))
    i = len(twin.inputs) - 1
    twin.put(twin.graph.input(name), lambda v, p, x: x[i])


def add_parameter(twin):
    name = f"theta{len(twin.wires)}"
    value = twin.rng.normal(size=SHAPE)
    twin.put(twin.graph.parameter(name, value), lambda v, p, x: p[name])
    twin.arrays[name] = value


def add_scalar_or_row(twin):
    """A bias-like row, or one number, against an array."""
    (i,) = twin.pick()
    name = f"row{len(twin.wires)}"
    value = twin.rng.normal(size=SHAPE[1:] if twin.rng.random() < 0.5 else ())
    theta = twin.graph.parameter(name, value)
    twin.arrays[name] = value
    both = twin.graph.add(Multiply(), theta, twin.graph.add(Add(), twin.wires[i], theta))
    twin.put(both, lambda v, p, x: (v[i] + p[name]) * p[name])


def add_operator(twin):
    i, j = twin.pick(2)
    a, b = twin.wires[i], twin.wires[j]
    c = float(twin.rng.normal())
    wire, function = [
        lambda: (a + b, lambda v, p, x: v[i] + v[j]),
        lambda: (a - b, lambda v, p, x: v[i] - v[j]),
        lambda: ((a * b) * 0.3, lambda v, p, x: v[i] * v[j] * 0.3),
        lambda: (a / (b * b + 1.0), lambda v, p, x: v[i] / (v[j] * v[j] + 1.0)),
        lambda: (c - a, lambda v, p, x: c - v[i]),
        lambda: (-a / 2.0, lambda v, p, x: -v[i] / 2.0),
        lambda: (1.0 / (a**2 + 1.0), lambda v, p, x: 1.0 / (v[i] ** 2 + 1.0)),
    ][twin.rng.integers(7)]()
    twin.put(wire, function)


def add_gate(twin):
    indices = twin.pick(int(twin.rng.integers(2, 4)))
    wires = [twin.wires[i] for i in indices]
    kind = twin.rng.integers(7)
    if kind == 0:
        twin.put(twin.graph.add(Add(), *wires), lambda v, p, x: sum(v[i] for i in indices))
    elif kind == 1:
        total = twin.graph.add(Sin(), twin.graph.add(Multiply(), *wires))
        twin.put(total, lambda v, p, x: anp.sin(reduce(mul, [v[i] for i in indices])))
    elif kind in (2, 3):
        gate, pick = ((Max(), anp.maximum), (Min(), anp.minimum))[kind - 2]
        i, j = indices[:2]
        shifted = wires[1] + 0.1234567  # a tie is no place for a comparison
        twin.put(twin.graph.add(gate, wires[0], shifted), lambda v, p, x: pick(v[i], v[j] + 0.1234567))
    else:
        i = indices[0]
        gate, function = ((Sin(), anp.sin), (Cos(), anp.cos), (Square(), anp.square))[kind - 4]
        twin.put(twin.graph.add(gate, wires[0] * 0.5), lambda v, p, x: function(v[i] * 0.5))


def add_linear(twin):
    """A linear layer, now and then tied to an earlier one, straight or transposed."""
    (i,) = twin.pick()
    transposed = False
    if twin.linears and twin.rng.random() < 0.6:
        first, names = twin.linears[int(twin.rng.integers(len(twin.linears)))]
        transposed = bool(twin.rng.random() < 0.4)
        layer = first.tied(transpose=True) if transposed else first.tied()
    else:
        layer, names = Linear(4, 4, rng=twin.rng), None
        layer.params["W"] *= 0.5
    name = f"linear{len(twin.wires)}"
    names = names or (f"{name}.W", f"{name}.b")
    if transposed:
        names = (names[0], f"{name}.b")
    for full, short in zip(names, "Wb", strict=True):
        twin.arrays.setdefault(full, layer.params[short])
    if not transposed:
        twin.linears.append((layer, names))
    W, b = names
    out = twin.graph.add(layer, twin.wires[i], name=name)
    twin.put(out, lambda v, p, x: anp.dot(v[i], p[W] if transposed else p[W].T) + p[b])


def add_nested(twin):
    """A chain with a fork inside, or a graph of two outputs."""
    (i,) = twin.pick()
    a = twin.wires[i]
    if twin.rng.random() < 0.5:
        body = Sequential(Branch(2), Parallel(Sequential(Sin(), Shift(0.0321), ReLU()), Cos()), Add())
        twin.put(twin.graph.add(body, a), lambda v, p, x: anp.maximum(anp.sin(v[i]) + 0.0321, 0) + anp.cos(v[i]))
        return
    inner = Graph()
    u, w = inner.input("u"), inner.input("w")
    inner.output(u * w * 0.2, u - w)
    (j,) = twin.pick()
    first, second = twin.graph.add(inner, a, twin.wires[j])
    twin.put(first, lambda v, p, x: v[i] * v[j] * 0.2)
    twin.put(second, lambda v, p, x: v[i] - v[j])


def add_branch(twin):
    (i,) = twin.pick()
    for way in twin.graph.add(Branch(2), twin.wires[i]):
        twin.put(way, lambda v, p, x: v[i])


def random_twin(seed, steps=10):
    """A twin with several inputs and outputs; every wire that leads nowhere ends in one of three outputs."""
    twin = Twin(np.random.default_rng(seed))
    for _ in range(int(twin.rng.integers(1, 4))):
        add_input(twin)
    moves = [add_operator, add_operator, add_gate, add_gate, add_linear, add_linear]
    moves += [add_parameter, add_scalar_or_row, add_nested, add_branch]
    for _ in range(steps):
        moves[int(twin.rng.integers(len(moves)))](twin)
    g = twin.graph
    loose = [wire for wire in g.wires.values() if not wire.uses]
    known = {wire: i for i, wire in enumerate(twin.wires)}
    indices = [known[wire] for wire in loose]
    if len(loose) > 3:  # one output is the sum of all but two
        total = g.add(Add(), *loose[2:])
        total_of = indices[2:]
        outputs = [loose[0], loose[1], total]
        functions = [lambda v, i=indices[0]: v[i], lambda v, i=indices[1]: v[i]]
        functions.append(lambda v: sum(v[i] for i in total_of))
    else:
        outputs, functions = loose, [lambda v, i=i: v[i] for i in indices]
    kind = twin.rng.integers(3)
    if kind < 2:
        gate, summed = ((Sum(1), anp.sum), (Mean((0, 1)), anp.mean))[kind]
        axis = (1, (0, 1))[kind]
        last = functions[-1]
        outputs[-1] = g.add(gate, outputs[-1])
        functions[-1] = lambda v: summed(last(v), axis=axis)
    g.output(*outputs)

    def oracle(p, x):
        values = []
        for function in twin.functions:
            values.append(function(values, p, x))
        return [function(values) for function in functions]

    return g, twin.inputs, twin.arrays, oracle
