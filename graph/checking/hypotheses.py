"""From a wrong gradient to the mistake behind it: guesses, each of them tried on the numbers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from graph.checking.case import Case, near
from graph.checking.check_gradients import check_gradients
from graph.checking.entries import TIES


def explain(case: Case) -> str:
    """The first guess that the numbers bear out."""
    if case.entry.name == TIES:
        return "inputs tied for the largest share one gradient: give it to one of them, or a part to each"
    guesses = (unused, passed_on, masked, axes, factor, transposed, lost_way, one_datapoint, diagonal, one_of_several)
    for guess in guesses:
        for sentence in guess(case):
            return sentence
    if not near(case.double, 2 * case.a):
        return "backward is not linear in g_out: a mask, a power or a constant that g_out must not decide"
    return "forward and backward are not of one function: work one number by hand, from x_in to x_out and back"


def unused(case: Case) -> Iterator[str]:
    """The same answer for twice the g_out."""
    if case.a.any() and near(case.double, case.a):
        yield "g_out is not used: J may stand anywhere above; multiply by g_out"


def passed_on(case: Case) -> Iterator[str]:
    """g_out returned as it came."""
    if case.is_like(case.g_out):
        yield f"{case.d} is g_out handed on: multiply by the local gradient"


def masked(case: Case) -> Iterator[str]:
    """A mask taken from the wrong array."""
    if case.of_input and case.is_like(case.g_out * (case.g_out > 0)):
        yield "the mask is that of the gradient (g_out > 0): the gate is open where the input x_in > 0"


def axes(case: Case) -> Iterator[str]:
    """A sum over features in the place of one over datapoints."""
    for axis in range(1, case.g_out.ndim):
        if not case.of_input and case.is_like(case.g_out.sum(axis=axis)):
            yield f"{case.d} is g_out summed over axis {axis}, the wrong axis: the batch is axis 0"


def factor(case: Case) -> Iterator[str]:
    """All numbers off by one and the same."""
    seen = np.abs(case.n) > 1e-3 * np.nanmax(np.abs(case.n), initial=0.0)
    if not seen.any():
        return
    if not case.a.any():
        yield f"{case.d} is zero everywhere: a way back is missing"
        return
    c = float(np.median(case.a[seen] / case.n[seen]))
    if not c or not near(case.a, c * case.n):
        return
    if abs(c * case.N - 1) < 1e-4 and case.N > 1:
        if case.of_input:
            yield f"off by the factor 1/N, N = {case.N}: 1/N twice; the loss divides by it once, and nobody else"
        else:
            yield f"mean instead of sum over the batch, off by the factor 1/N, N = {case.N}: the loss owns the 1/N"
    elif abs(c / case.N - 1) < 1e-4 and case.N > 1:
        yield f"off by the factor N = {case.N}: the 1/N of the forward is missing in backward"
    elif abs(c + 1) < 1e-4:
        yield "the sign is wrong"
    elif abs(c - 0.5) < 1e-4:
        yield "a factor 2 is lost: d(x^2)/dx = 2x, or one of two equal ways back"
    else:
        yield f"off by the factor {c:.4g}"


def transposed(case: Case) -> Iterator[str]:
    """A matrix where its transpose belongs."""
    if case.a.ndim == 2 and case.a.shape[0] == case.a.shape[1] and near(case.a, case.n.T):
        yield f"{case.d} is the transpose of what it should be"
    for name, W in case.trial.layer.params.items():
        if W.ndim == 2 and W.shape[0] == W.shape[1] and case.g_out.shape[-1:] == W.shape[:1]:
            for sign, guess in (("", case.g_out @ W), (".T", case.g_out @ W.T)):
                if case.is_like(guess):
                    yield f"{case.d} is g_out @ {name}{sign}: the transpose is " + (
                        "missing" if not sign else "too much"
                    )


def lost_way(case: Case) -> Iterator[str]:
    """A fork whose gradients were assigned and not added."""
    if case.of_input and case.n.shape == case.g_out.shape and near(case.a + case.g_out, case.n):
        yield "g_out itself is missing in the sum: = instead of += at a fork loses the straight way; gradients add up"


def one_datapoint(case: Case) -> Iterator[str]:
    """One row of the batch counted, the others forgotten."""
    if case.of_input or case.g_out.ndim < 2 or len(case.trial.g_outs) > 1:
        return
    for i, which in ((0, "first"), (-1, "last")):
        g_out = np.zeros_like(case.g_out)
        g_out[i] = case.g_out[i]
        alone = check_gradients(case.trial.layer, case.trial.x_in, g_out=g_out, max_entries=10**6)[case.entry.name]
        if case.is_like(alone.numeric):
            yield f"only the {which} datapoint counts: no sum over the batch, = in the place of += in a loop"


def one_of_several(case: Case) -> Iterator[str]:
    """Each number has the gradient of one way back, where there are several."""
    addends = case.addends()
    if addends is None or (np.count_nonzero(addends, axis=1) < 2).all():
        return
    a = case.a.reshape(-1, 1)
    size = np.abs(addends).max(initial=0.0)
    one = (np.abs(a - addends) <= 1e-5 * size).any(axis=1)
    if (one | (np.abs(a[:, 0] - addends.sum(axis=1)) <= 1e-5 * size)).all():
        yield "of several ways back only one counts: = instead of += where windows overlap or an index comes twice"


def diagonal(case: Case) -> Iterator[str]:
    """The effect of each number on itself, without that on its neighbours."""
    addends = case.addends()
    if not case.of_input or addends is None or case.a.shape != case.g_out.shape:
        return
    if case.is_like(np.diag(addends).reshape(case.a.shape)):
        yield "only the diagonal of the Jacobian: each output depends on all the inputs, softmax: p * (g - sum(g * p))"
    elif case.is_like(case.g_out * case.x_out):
        yield "g_out * x_out is no softmax backward, its Jacobian is missing: p * (g - sum(g * p))"
