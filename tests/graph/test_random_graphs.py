"""Hundreds of random DAGs against autograd: every input and parameter gradient, twice in a row, and the flat code."""

from __future__ import annotations

import autograd
import numpy as np
import pytest

from tests.graph.flat_check import assert_flat_agrees
from tests.graph.random_graphs import random_twin


def close(own, other):
    np.testing.assert_allclose(own, other, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("hundred", range(3))
def test_gradients_agree_with_autograd(hundred):
    for seed in range(100 * hundred, 100 * hundred + 100):
        g, inputs, arrays, oracle = random_twin(seed)
        rng = np.random.default_rng(seed)
        single = len(g.outputs) == 1
        weights = [rng.normal(size=np.shape(x)) for x in oracle(arrays, inputs)]

        def cost(p, x, oracle=oracle, weights=weights):
            return sum((w * out).sum() for w, out in zip(weights, oracle(p, x), strict=True))

        expected_p = autograd.grad(cost, 0)(arrays, inputs) if arrays else {}
        expected_x = autograd.grad(cost, 1)(arrays, inputs)
        assert set(g.params) == set(arrays)
        for _ in range(2):
            x_out = g.forward(*inputs)
            g_out = weights[0] if single else tuple(weights)
            for own, other in zip((x_out,) if single else x_out, oracle(arrays, inputs), strict=True):
                close(own, other)
            for _ in range(2):
                g_in, param_grads = g.backward(g_out)
                for own, other in zip((g_in,) if len(inputs) == 1 else g_in, expected_x, strict=True):
                    close(own, other)
                assert list(param_grads) == list(g.params)
                for name, own in param_grads.items():
                    close(own, expected_p[name])
        g_in_none, without_data = g.backward(g_out, to_data=False)
        assert g_in_none is None
        for name, own in without_data.items():
            close(own, expected_p[name])


def test_flat_code_of_random_graphs():
    for seed in range(1000, 1100):
        g, inputs, _, _ = random_twin(seed)
        before = g.tied()  # flat code written before any forward pass must be right too
        x_out = g.forward(*inputs)
        single = len(g.outputs) == 1
        ones = np.ones_like(x_out) * 0.5 if single else tuple(np.ones_like(x) * 0.5 for x in x_out)
        g_in, param_grads = g.backward(ones)
        assert_flat_agrees(g, inputs, x_out, ones, g_in, param_grads)
        assert_flat_agrees(before, inputs, x_out, ones, g_in, param_grads)


def test_steps_give_the_same_as_the_whole():
    for seed in range(2000, 2030):
        g, inputs, _, _ = random_twin(seed)
        x_out = g.forward(*inputs)
        flat_out = x_out if type(x_out) is tuple else (x_out,)
        g_out = tuple(np.ones_like(x) for x in flat_out) if len(flat_out) > 1 else np.ones_like(x_out)
        g_in, param_grads = g.backward(g_out)
        forward = list(g.forward_steps(*inputs, nested=seed % 2 == 0))
        steps = g.backward_steps(g_out, nested=seed % 2 == 0)
        backward = []
        try:
            while True:
                backward.append(next(steps))
        except StopIteration as end:
            again, grads_again = end.value
        assert [step.name for step in forward] == [step.name for step in backward][::-1]
        for own, other in zip(np.atleast_1d(g_in), np.atleast_1d(again), strict=True):
            np.testing.assert_array_equal(own, other)
        for name, own in param_grads.items():
            np.testing.assert_array_equal(own, grads_again[name])
