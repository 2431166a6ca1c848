"""The Jacobian in full: how each number that comes out answers to each number that goes in."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from graph.checking.blocks import in_blocks
from graph.checking.function import Function, rebuilt
from graph.checking.undisturbed import undisturbed
from graph.naming.places import check_model
from layers.base import Array, Layer
from layers.errors import ParameterNameError, label

MOST_BYTES = 2**30


def jacobian(layer: Layer, x_in: Any, wrt: str | None = None, max_bytes: int = MOST_BYTES) -> Any:
    """L_x, or L_theta for the parameter named `wrt`, of any layer, container, graph or loss at x_in.

    Equation:  L_x[i, j] = dx_out[i] / dx_in[j]        (row i is backward applied to the basis vector e_i)
    Shapes:    x_out.shape + x_in.shape, or x_out.shape + params[wrt].shape; several outputs or several inputs give
               a tuple, outputs first; a loss takes the pair (y_hat, y) and gives dJ/dy_hat
    Raises:    ValueError if it would take more than `max_bytes`, with the shape and size it would have;
               ParameterNameError if there is no parameter `wrt`; TypeError if x_in are indices, without a gradient
    Source:    chapter 14.3, equations 14.4 to 14.10; slides, "backprop with matrices": (N x D) x (N x M) numbers

    The layer is afterwards as it was.

    >>> from layers import Linear, ReLU
    >>> jacobian(ReLU(), [1.0, -2.0, 3.0, -1.0])       # a diagonal of 1 where the gate is open
    array([[1., 0., 0., 0.],
           [0., 0., 0., 0.],
           [0., 0., 1., 0.],
           [0., 0., 0., 0.]])
    >>> layer = Linear.from_arrays([[1.0, 2.0], [3.0, 4.0]], [0.0, 0.0])
    >>> jacobian(layer, [5.0, 6.0])                    # L^x = W
    array([[1., 2.],
           [3., 4.]])
    >>> jacobian(layer, [5.0, 6.0], wrt="b")           # L^b = I
    array([[1., 0.],
           [0., 1.]])
    """
    check_model(layer, "jacobian")
    if wrt is not None and wrt not in layer.params:
        known = ", ".join(layer.params) or "none"
        raise ParameterNameError(f"has no parameter {wrt!r} for wrt; known: {known}", label(layer))
    with undisturbed(layer):
        function = Function(layer, x_in)
        x_outs = function.forward()
        g_ins, _ = function.backward([np.zeros_like(x) for x in x_outs])
        if wrt is not None:
            targets, names = [layer.params[wrt]], [f"L_{wrt}"]
        else:
            if function.real_inputs(g_ins):
                x_outs = function.forward()
            have = [i for i, g in enumerate(g_ins) if g is not None]
            targets, names = [function.inputs[i] for i in have], [f"L_{function.names[i]}" for i in have]
        if not targets:
            raise TypeError(f"{label(layer)}: x_in has no gradient here: name a parameter, wrt=...")
        _refuse_too_large(layer, x_outs, targets, names, max_bytes)
        rows = None if wrt is not None else in_blocks(function, x_outs)
        rows = rows or [_one_by_one(function, x_outs, o, targets, wrt) for o in range(len(x_outs))]
    L = [
        tuple(part.reshape(x_out.shape + target.shape) for part, target in zip(parts, targets, strict=True))
        for parts, x_out in zip(rows, x_outs, strict=True)
    ]
    single = wrt is not None or type(x_in) is not tuple or len(targets) < len(function.inputs)
    return rebuilt(function.x_out, iter([parts[0] if single and len(parts) == 1 else parts for parts in L]))


def _refuse_too_large(layer: Layer, x_outs: list, targets: list, names: list[str], max_bytes: int) -> None:
    """Say the shape and size it would have, before anything of that size exists."""
    total = sum(x.size * target.size * x.itemsize for x in x_outs for target in targets)
    if total > max_bytes:
        pairs = [(x, target, name) for x in x_outs for target, name in zip(targets, names, strict=True)]
        x_out, target, name = max(pairs, key=lambda pair: pair[0].size * pair[1].size)
        raise ValueError(
            f"{label(layer)}: {name} would have the shape {x_out.shape + target.shape}, {in_words(total)} in "
            f"{x_out.dtype}, and max_bytes is {in_words(max_bytes)}; backward(g_out) gives the product "
            f"g_out {name} without building it"
        )


def _one_by_one(function: Function, x_outs: list[Array], o: int, targets: list[Array], wrt: str | None) -> list[Array]:
    """For output o, one backward pass for each of its numbers; the rows for every target."""
    rows = [np.empty((x_outs[o].size, target.size), x_outs[o].dtype) for target in targets]
    for i in range(x_outs[o].size):
        g_outs = [np.zeros_like(x) for x in x_outs]
        g_outs[o][np.unravel_index(i, x_outs[o].shape)] = 1
        g_ins, param_grads = function.backward(g_outs)
        parts = [param_grads[wrt]] if wrt is not None else [g for g in g_ins if g is not None]
        for row, part in zip(rows, parts, strict=True):
            row[i] = np.reshape(part, -1)
    return rows


def in_words(size: int) -> str:
    """A number of bytes as people say it, a GB being 2**30.

    >>> in_words(64 * 4096 * 64 * 4096 * 4)
    '256 GB'
    """
    power = min(int(math.log2(max(size, 1)) // 10), 5)
    return f"{size / 1024**power:.3g} {['bytes', 'KB', 'MB', 'GB', 'TB', 'PB'][power]}"
