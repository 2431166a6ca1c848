"""What is misused: small models, and inputs that are right for them."""

from __future__ import annotations

import numpy as np

from graph import Graph, Parallel, Residual, Sequential
from layers import (
    Identity,
    Layer,
    Linear,
    ReLU,
)

ones = np.ones


def linear():
    return Linear(4, 3, rng=0)


def chain():
    return Sequential(hidden=Linear(4, 3, rng=0), act=ReLU(), out=Linear(3, 2, rng=1))


def nested():
    return Sequential(Linear(4, 4, rng=0), Residual(Sequential(Linear(4, 4, rng=1), ReLU())))


def two_ways():
    return Parallel(Linear(4, 3, rng=0), Identity())


def product():
    g = Graph()
    x, y = g.input("x"), g.input("y")
    g.output(g.add(Linear(4, 3, rng=0), x, name="hidden") * y)
    return g


class Own(Layer):
    """A layer of the reader's own, with an error of its own."""

    def forward(self, x_in):
        return x_in @ np.ones((4, 2))

    def backward(self, g_out):
        return g_out @ np.ones((2, 4)), {}


def around_own():
    return Sequential(first=Linear(4, 4, rng=0), second=Sequential(Own()))


X, XY = ones((5, 4)), (ones((5, 4)), ones((5, 3)))
IMAGE = ones((2, 3, 6, 6))
PAIR = (ones((5, 3)), np.zeros((5, 3)))
LABELLED = (ones((5, 3)), np.array([0, 1, 2, 1, 0]))

CHAIN, ONE = chain(), Linear(4, 4, rng=0)
