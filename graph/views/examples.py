"""Models worth looking at: the documents' worked circuits with the documents' numbers, and three networks."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from graph.dag import Graph
from graph.residual import Residual
from graph.sequential import Sequential
from graph.views.trace import Trace
from layers import Exp, Linear, Max, ReLU
from layers.rng import Seed, generator
from losses import L2Loss, SoftmaxCrossEntropy
from losses.base import Loss


def circuit() -> Graph:
    """The course notes' (x + y) z at -2, 5, -4.

    >>> circuit().outputs[0].value
    np.float64(-12.0)
    """
    g = Graph()
    x, y, z = g.input("x"), g.input("y"), g.input("z")
    g.output((x + y) * z)
    return _run(g, -2.0, 5.0, -4.0)


def neuron() -> Graph:
    """The course notes' neuron 1 / (1 + exp(-(w0 x0 + w1 x1 + w2))), taken apart into its gates.

    >>> round(float(neuron().outputs[0].value), 2)
    0.73
    """
    g = Graph()
    w0, x0, w1, x1, w2 = (g.input(name) for name in ("w0", "x0", "w1", "x1", "w2"))
    dot = w0 * x0 + w1 * x1 + w2
    g.output(1.0 / (g.add(Exp(), dot * -1.0) + 1.0))
    return _run(g, 2.0, -1.0, -3.0, -2.0, -3.0)


def patterns() -> Graph:
    """The course notes' patterns in backward flow: add distributes, max routes, multiply swaps.

    >>> [float(wire.gradient) for wire in patterns().inputs]
    [-8.0, 6.0, 2.0, 0.0]
    """
    g = Graph()
    x, y, z, w = (g.input(name) for name in ("x", "y", "z", "w"))
    g.output((x * y + g.add(Max(), z, w)) * 2.0)
    return _run(g, 3.0, -4.0, 2.0, -1.0)


def mlp(sizes: Sequence[int] = (4, 3, 2), rng: Seed = 0) -> Sequential:
    """Linear and ReLU in turn, a Linear last.

    >>> len(mlp((4, 3, 3, 2)))
    5
    """
    rng = generator(rng)
    layers = []
    for n_in, n_out in pairwise(sizes):
        layers += [Linear(n_in, n_out, rng=rng), ReLU()]
    return Sequential(*layers[:-1])


def residual(blocks: int = 3, n: int = 4, rng: Seed = 0) -> Trace:
    """A chain of residual blocks, after one pass.

    >>> len(residual(2).steps)
    24
    """
    rng = generator(rng)
    bodies = [Sequential(Linear(n, n, rng=rng), ReLU(), Linear(n, n, rng=rng)) for _ in range(blocks)]
    return Trace(Sequential(*map(Residual, bodies)), None, rng.normal(size=(3, n)))


def rnn(steps: int = 4, n_in: int = 3, n: int = 4, rng: Seed = 0) -> Graph:
    """A recurrent network unrolled in time, after one pass: every step has the same two matrices.

    >>> list(rnn().params)
    ['in1.W', 'in1.b', 'rec1.W']
    """
    rng = generator(rng)
    g = Graph()
    xs, h = [g.input(f"x{t}") for t in range(1, steps + 1)], g.input("h0")
    taken, kept = Linear(n_in, n, rng=rng), Linear(n, n, bias=False, rng=rng)
    for t, x in enumerate(xs, 1):
        a = g.add(taken if t == 1 else taken.tied(), x, name=f"in{t}")
        b = g.add(kept if t == 1 else kept.tied(), h, name=f"rec{t}")
        h = g.add(ReLU(), a + b, name=f"h{t}")
    g.output(h)
    return _run(g, *rng.normal(size=(steps, 2, n_in)), np.zeros((2, n)))


def traced_mlp(sizes: Sequence[int] = (4, 3, 2), rng: Seed = 0, batch: int = 3, loss: Loss | None = None) -> Trace:
    """One pass of an MLP on random data, to the cross-entropy unless another loss is given.

    >>> len(traced_mlp().steps)
    8
    """
    rng = generator(rng)
    model, loss = mlp(sizes, rng), loss or SoftmaxCrossEntropy()
    x, y = rng.normal(size=(batch, sizes[0])), rng.integers(0, sizes[-1], batch)
    return Trace(model, loss, x, np.eye(sizes[-1])[y] if isinstance(loss, L2Loss) else y)


def _run(g: Graph, *x_in: object) -> Graph:
    x_out = g.forward(*x_in)
    g.backward(np.ones_like(x_out))
    return g
