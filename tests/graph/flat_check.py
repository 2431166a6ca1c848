"""What several tests share: the flat code is run in an empty namespace and compared with the model itself."""

from __future__ import annotations

import numpy as np

from graph import flat_code


def run_flat(model, *inputs, y=None, loss=None, penalty=None, gradients=(), code=None):
    """(value, gradients by name) of the flat code, with numpy the only thing it imports."""
    code = code or flat_code(model, loss, penalty)
    space = {}
    exec(code, space)
    extra = [] if y is None else [y]
    extra += [model.params] if len(model.params) else []
    return space["flat"](*inputs, *extra, *gradients)


def assert_flat_agrees(model, inputs, x_out, g_out, g_in, param_grads, exact=False):
    """The flat code of a model that has just run gives the same outputs and gradients: to the last bit, or to 1e-12."""
    gradients = g_out if type(g_out) is tuple else (g_out,)
    value, grads = run_flat(model, *inputs, gradients=gradients)
    outs = zip(value, x_out, strict=True) if type(x_out) is tuple else [(value, x_out)]
    for flat, own in outs:
        compare(flat, own, exact)
    g_in = g_in if type(g_in) is tuple else (g_in,)
    names = [name for name in grads if name not in param_grads]
    assert len(names) == len(g_in)
    for name, own in zip(names, g_in, strict=True):
        compare(grads[name], own, exact)
    assert {name for name in grads if name in param_grads} == set(param_grads)
    for name, own in param_grads.items():
        compare(grads[name], own, exact)


def compare(flat, own, exact):
    assert np.shape(flat) == np.shape(own)
    if exact:
        assert np.array_equal(flat, own)
    else:
        np.testing.assert_allclose(flat, own, rtol=1e-12, atol=1e-12)
