"""Wherever a layer of the kit gives a gradient, check_layer notices when it is a little wrong."""

import numpy as np
import pytest

from graph import check_layer
from graph.checking.function import leaves, rebuilt
from graph.checking.kit import kit

CHANGES = {"1% more": lambda g: 1.01 * g, "shifted": lambda g: g + 1e-3, "moved along": lambda g: np.roll(g, 1)}


def broken(kind, change, of_params):
    """An example of the layer whose backward is right but for `change`; None if there is no gradient to change."""
    layer, x_in = kind.example(3)

    class Broken(kind):
        def backward(self, g_out=None):
            g_in, param_grads = super().backward(g_out)
            if of_params:
                return g_in, {name: change(g) for name, g in param_grads.items()}
            return rebuilt(g_in, (g if g is None else change(g) for g in leaves(g_in))), param_grads

    layer.__class__ = Broken
    return layer, x_in


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("kind", [kind for kind in kit() if kind.__name__ not in ("Embedding", "L2Penalty")])
def test_of_the_input(kind, change):
    report = check_layer(*broken(kind, change, of_params=False))
    assert not report.ok
    assert report.failures[0].law in ("gradients", "repeatability")


@pytest.mark.parametrize("kind", [kind for kind in kit() if kind.example(0)[0].params])
def test_of_the_parameters(kind):
    report = check_layer(*broken(kind, CHANGES["1% more"], of_params=True))
    assert not report.ok
    assert any("off by the factor 1.01" in str(finding) for finding in report.failures)
