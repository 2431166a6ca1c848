"""A recurrent net unrolled in a graph: three shared arrays, every step a tied layer."""

from __future__ import annotations

import time

import autograd
import autograd.numpy as anp
import numpy as np
import pytest

from graph import Graph
from layers import Add, Linear, Sin
from tests.graph.flat_check import assert_flat_agrees


def unrolled(steps, by_parameters):
    """h_t = sin(W_x x_t + W_h h_{t-1} + b), over x_1 ... x_T; the last state is the output."""
    rng = np.random.default_rng(0)
    W_x, W_h, b = rng.normal(size=(4, 3)), 0.4 * rng.normal(size=(4, 4)), rng.normal(size=4)
    g = Graph()
    xs = [g.input(f"x{t}") for t in range(steps)]
    if by_parameters:
        wires = g.parameter("W_x", W_x.T), g.parameter("W_h", W_h.T), g.parameter("b", b)
    else:
        into, across = Linear.from_arrays(W_x, b), Linear.from_arrays(W_h)
    h = None
    for t, x in enumerate(xs):
        if by_parameters:
            parts = [x @ wires[0]] + ([h @ wires[1]] if t else []) + [wires[2]]
        else:
            parts = [g.add(into.tied() if t else into, x, name=f"into{t}")]
            parts += [g.add(across.tied() if t > 1 else across, h, name=f"across{t}")] if t else []
        total = g.add(Add(), *parts) if len(parts) > 1 else parts[0]
        h = g.add(Sin(), total)
    g.output(h)
    return g, (W_x, W_h, b)


def by_autograd(arrays, xs):
    def cost(arrays, xs):
        W_x, W_h, b = arrays
        h = anp.sin(anp.dot(xs[0], W_x.T) + b)
        for x in xs[1:]:
            h = anp.sin(anp.dot(x, W_x.T) + anp.dot(h, W_h.T) + b)
        return anp.sum(h)

    return autograd.grad(cost, 0)(arrays, xs), autograd.grad(cost, 1)(arrays, xs)


@pytest.mark.parametrize("by_parameters", [False, True])
def test_twenty_steps_agree_with_autograd(by_parameters):
    g, arrays = unrolled(20, by_parameters)
    xs = list(np.random.default_rng(1).normal(size=(20, 5, 3)))
    expected, expected_x = by_autograd(arrays, xs)
    assert len(g.params) == 3
    for _ in range(2):
        x_out = g.forward(*xs)
        g_in, param_grads = g.backward(np.ones((5, 4)))
        own = list(param_grads.values())
        if by_parameters:
            own = [own[0].T, own[1].T, own[2]]
        else:
            own = [param_grads["into0.W"], param_grads["across1.W"], param_grads["into0.b"]]
        for one, other in zip(own, expected, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-12)
        for one, other in zip(g_in, expected_x, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-12)
    assert_flat_agrees(g, xs, x_out, np.ones((5, 4)), g_in, param_grads)
    if by_parameters:
        assert len(g.wires["W_x"].contributions) == 20
    else:
        assert len(g.contributions("into0.W")) == 20


def test_two_hundred_steps_take_a_time_linear_in_their_number():
    def seconds(steps):
        g, _ = unrolled(steps, by_parameters=False)
        xs = list(np.random.default_rng(1).normal(size=(steps, 5, 3)))
        g_out = np.ones((5, 4))
        best = np.inf
        for _ in range(7):
            start = time.process_time()
            g.forward(*xs)
            g.backward(g_out)
            best = min(best, time.process_time() - start)
        return best

    assert seconds(200) < 8 * seconds(50)  # 4 if linear, 16 if quadratic
