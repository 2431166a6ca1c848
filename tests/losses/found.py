"""Every exported loss, found by itself, and the few verbs that the tests of all losses share."""

import inspect

import numpy as np

import losses

LOSSES = sorted(
    (c for c in vars(losses).values() if inspect.isclass(c) and issubclass(c, losses.Loss) and c is not losses.Loss),
    key=lambda c: c.__name__,
)
REDUCTIONS = ["mean", "sum", "none"]


def example(cls, reduction="mean", seed=0):
    """The class's own example with the reduction asked for: loss, y_hat, y."""
    loss, (y_hat, y) = cls.example(seed)
    loss.reduction = reduction
    return loss, y_hat, y


def wires(value):
    """The arrays of a value, one or several."""
    return list(value) if type(value) is tuple else [value]


def like(value, arrays):
    """The arrays in the form of the value: one, or a tuple."""
    return tuple(arrays) if type(value) is tuple else arrays[0]


def each(value, function):
    """`function` of every array of a value."""
    return like(value, [function(x) for x in wires(value)])


def numeric_gradient(f, y_hat, h=1e-6):
    """Central differences of the number f(y_hat), for every entry of every wire."""
    gradients = []
    for k, x in enumerate(wires(y_hat)):
        g = np.zeros(x.shape)
        for i in np.ndindex(x.shape):
            at = []
            for move in (h, -h):
                moved = [w.copy() for w in wires(y_hat)]
                moved[k][i] += move
                at.append(f(like(y_hat, moved)))
            g[i] = (at[0] - at[1]) / (2 * h)
        gradients.append(g)
    return like(y_hat, gradients)


def assert_same(a, b, rtol=1e-12, atol=1e-12):
    """Two values agree, wire by wire."""
    assert len(wires(a)) == len(wires(b))
    for x, z in zip(wires(a), wires(b), strict=True):
        np.testing.assert_allclose(x, z, rtol=rtol, atol=atol)
