"""Many basis vectors in one backward pass: copies of x_in as datapoints, where the layer keeps datapoints apart."""

from __future__ import annotations

import numpy as np

from graph.checking.function import Function, rebuilt
from layers.base import Array

BLOCK_BYTES = 2**24  # what one batched backward pass may hold


def in_blocks(function: Function, x_outs: list[Array]) -> list[list[Array]] | None:
    """The same in few passes, many copies of x_in side by side as datapoints; None where copies meet each other.

    Whether they do is tried and not believed: on the copies x_out must be copied, and the gradient of c_k * v at copy
    k must be c_k times the gradient of v. A layer that mixes datapoints fails that for random c and v.
    """
    size = max([x.nbytes for x in x_outs + function.inputs] + [1])
    copies = min(max(BLOCK_BYTES // size, 1), max([x.size for x in x_outs], default=0))
    if copies < 4 or function.spread:
        return None
    rng = np.random.default_rng(0)
    v = [rng.normal(size=x.shape).astype(x.dtype) for x in x_outs]
    c = rng.normal(size=copies)
    single = function.backward(v)[0]
    if any(g is None for g in single):
        return None
    many = Function(function.layer, rebuilt(function.x_in, (_copied(x, copies) for x in function.inputs)))
    try:
        wide = many.forward()
        same = all(_same(w, _copied(x, copies)) for w, x in zip(wide, x_outs, strict=True))
        same = same and all(
            _same(g, _scaled(one, c))
            for g, one in zip(many.backward([_scaled(g, c) for g in v])[0], single, strict=True)
        )
    except (ValueError, IndexError):  # the layer does not take that many datapoints
        same = False
    if not same:
        function.forward()
        return None
    return [_basis_in_blocks(many, x_outs, o, copies, single) for o in range(len(x_outs))]


def _basis_in_blocks(many: Function, x_outs: list, o: int, copies: int, like: list[Array]) -> list[Array]:
    rows = []
    for start in range(0, x_outs[o].size, copies):
        stop = min(start + copies, x_outs[o].size)
        g_outs = [np.zeros((copies, x.size), x.dtype) for x in x_outs]
        g_outs[o][range(stop - start), range(start, stop)] = 1
        g_ins, _ = many.backward([g.reshape(_wide(x, copies)) for g, x in zip(g_outs, x_outs, strict=True)])
        rows.append([g.reshape(copies, one.size)[: stop - start] for g, one in zip(g_ins, like, strict=True)])
    return [np.concatenate(parts) for parts in zip(*rows, strict=True)]


def _wide(x: Array, copies: int) -> tuple[int, ...]:
    """The shape of many copies: a single datapoint becomes a batch, a batch a longer one."""
    return (copies, *x.shape) if x.ndim < 2 else (copies * x.shape[0], *x.shape[1:])


def _copied(x: Array, copies: int) -> Array:
    return np.tile(x.reshape(-1), copies).reshape(_wide(x, copies))


def _scaled(x: Array, c: Array) -> Array:
    return np.multiply.outer(c.astype(x.dtype), x).reshape(_wide(x, len(c)))


def _same(a: Array, b: Array) -> bool:
    return a.shape == b.shape and a.dtype == b.dtype and np.allclose(a, b, rtol=1e3 * np.finfo(a.dtype).eps)
