"""What a misuse is judged by: the error, its words, and that nothing has changed."""

import numpy as np
import pytest

from graph.checking.function import Function, leaves


def rows(table):
    return [pytest.param(*row, id=name) for name, row in table.items()]


def says(caught, kind, words):
    """The error is of the kind, and its message (with the notes) holds the words."""
    text = "\n".join([str(caught.value), *getattr(caught.value, "__notes__", [])])
    missing = [word for word in words if word not in text]
    assert not missing, f"{text!r} lacks {missing}"
    assert isinstance(caught.value, kind)


def snapshot(layer, *arguments):
    """Parameters, state and arguments, as copies."""
    kept = [theta.copy() for theta in layer.params.values()] + list(layer.state().values())
    return kept + [np.array(leaf) for argument in arguments for leaf in leaves(argument) if leaf is not None]


def assert_as_before(before, layer, *arguments):
    after = snapshot(layer, *arguments)
    assert len(before) == len(after)
    for one, other in zip(before, after, strict=True):
        np.testing.assert_array_equal(one, other)


def ran(layer, x_in):
    """The layer after a forward that is right, a g_out that fits, and the answer of its backward."""
    function = Function(layer, x_in)
    rng = np.random.default_rng(0)
    g_outs = [rng.normal(size=x.shape) for x in function.forward()]
    return function, g_outs, answer(function, g_outs)


def answer(function, g_outs):
    g_ins, param_grads = function.backward(g_outs)
    return [np.array(g) for g in [*g_ins, *param_grads.values()] if g is not None]


def assert_same_answer(function, g_outs, expected):
    for one, other in zip(answer(function, g_outs), expected, strict=True):
        np.testing.assert_array_equal(one, other)
