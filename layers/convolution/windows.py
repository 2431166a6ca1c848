"""Windows: the patches that a convolution or a pooling looks at, and the way back, where overlapping patches add up.

Inside, arrays are (C, *space, N), the datapoints last: a shift by one pixel then moves long runs of memory (copying
all patches of a 28x28 image takes 28 us so, and 690 us with the datapoints first). What is handed out is a view with
the axes in their usual order, (N, C, *space): in memory the numbers stay in the order that the next layer works in.
"""

from __future__ import annotations

from itertools import product
from math import prod
from typing import Any

import numpy as np

from layers.base import Array
from layers.errors import ShapeError

Sizes = tuple[int, ...]


def batch_last(x: Array, n_space: int) -> Array:
    """(..., C, *space) -> (C, *space, N), with all leading axes as one.

    >>> import numpy as np
    >>> batch_last(np.ones((5, 3, 8, 9)), 2).shape
    (3, 8, 9, 5)
    """
    x = x.reshape(prod(x.shape[: -n_space - 1]), *x.shape[-n_space - 1 :])
    return np.ascontiguousarray(np.moveaxis(x, 0, -1))


def batch_first(x: Array, lead: Sizes) -> Array:
    """(C, *space, N) -> (*lead, C, *space), the way back: a view, unless several leading axes must be unfolded."""
    x = np.moveaxis(x, -1, 0)
    return x.reshape(*lead, *x.shape[1:])


def windows(x: Array, kernel: Sizes, stride: Sizes, dilation: Sizes) -> Array:
    """All patches of (C, *space, N) as one view (C, *kernel, *places, N).

    Its entry [c, i, p, n] is x[c, p * stride + i * dilation, n].

    >>> import numpy as np
    >>> x = np.array([10, 20, 30, 40]).reshape(1, 4, 1)
    >>> windows(x, (3,), (1,), (1,))[0, :, :, 0].T     # one row for each place
    array([[10, 20, 30],
           [20, 30, 40]])
    """
    places = n_places(x.shape[1:-1], kernel, stride, dilation)
    first, *space, last = x.strides
    along_kernel = [step * d for step, d in zip(space, dilation, strict=True)]
    along_places = [step * s for step, s in zip(space, stride, strict=True)]
    shape = (len(x), *kernel, *places, x.shape[-1])
    return np.lib.stride_tricks.as_strided(x, shape, (first, *along_kernel, *along_places, last), writeable=False)


def add_windows(g: Array, space: Sizes, stride: Sizes, dilation: Sizes) -> Array:
    """The way back through `windows`: each entry goes where it was read, and entries read from one place add up.

    >>> import numpy as np
    >>> add_windows(np.ones((1, 3, 2, 1)), (4,), (1,), (1,))[0, :, 0]    # the middle was read by both patches
    array([1., 2., 2., 1.])
    """
    n_space = len(space)
    kernel, places = g.shape[1 : n_space + 1], g.shape[n_space + 1 : -1]
    x = np.zeros((len(g), *space, g.shape[-1]), g.dtype)
    for offset in product(*map(range, kernel)):
        x[:, *shifted(offset, places, stride, dilation)] += g[:, *offset]
    return x


def shifted(offset: Sizes, places: Sizes, stride: Sizes, dilation: Sizes) -> tuple[slice, ...]:
    """Where the entry `offset` of each patch lies: one slice for each axis of space."""
    each = zip(offset, places, stride, dilation, strict=True)
    return tuple(slice(i * d, i * d + s * (n - 1) + 1, s) for i, n, s, d in each)


def n_places(space: Sizes, kernel: Sizes, stride: Sizes, dilation: Sizes) -> Sizes:
    """How many places a patch finds along each axis.

    >>> n_places((7, 7), (3, 3), (2, 1), (1, 2))       # (7 - 3) // 2 + 1, and 7 - 5 + 1
    (3, 3)
    """
    each = zip(space, kernel, stride, dilation, strict=True)
    return tuple((n - d * (k - 1) - 1) // s + 1 for n, k, s, d in each)


def padded(x: Array, padding: tuple[tuple[int, int], ...], value: float = 0.0) -> Array:
    """(C, *space, N) with `value` around each axis of space."""
    if not any(map(any, padding)):
        return x
    space = (low + n + high for n, (low, high) in zip(x.shape[1:-1], padding, strict=True))
    wider = np.full((len(x), *space, x.shape[-1]), value, x.dtype)
    cropped(wider, padding)[...] = x
    return wider


def cropped(x: Array, padding: tuple[tuple[int, int], ...]) -> Array:
    """The way back through `padded`, as a view."""
    inner = tuple(slice(low, n - high) for n, (low, high) in zip(x.shape[1:-1], padding, strict=True))
    return x[:, *inner]


def per_axis(name: str, value: Any, n_space: int, least: int = 1) -> Sizes:
    """One whole number for each axis of space: a single one counts for all.

    >>> per_axis("stride", 2, 2), per_axis("stride", (1, 3), 2)
    ((2, 2), (1, 3))
    """
    sizes = tuple(value) if isinstance(value, (tuple, list)) else (value,) * n_space
    whole = all(isinstance(n, (int, np.integer)) and not isinstance(n, bool) for n in sizes)
    if len(sizes) != n_space or not whole or min(sizes) < least:
        raise ValueError(f"{name} must be an int of {least} or more, or {n_space} of them, got {value!r}")
    return tuple(int(n) for n in sizes)


def short(sizes: tuple[Any, ...]) -> Any:
    """Sizes as they are usually typed: one number where all are alike.

    >>> short((2, 2)), short((1, 3)), short(((1, 1), (1, 1)))
    (2, (1, 3), 1)
    """
    sizes = tuple(size[0] if isinstance(size, tuple) and size[0] == size[1] else size for size in sizes)
    return sizes[0] if len(set(sizes)) == 1 else sizes


def check_space(layer: Any, x_in: Array, n_space: int, channels: int | None = None) -> None:
    """Raise ShapeError unless x_in is (..., C, *space), with the right number of channels if one is given."""
    if x_in.ndim <= n_space or (channels is not None and x_in.shape[-n_space - 1] != channels):
        wanted = ", ".join(["..., C" if channels is None else f"..., {channels}", *"DHW"[-n_space:]])
        wanted = wanted if n_space > 1 else wanted[:-1] + "L"
        raise ShapeError(f"x_in must be ({wanted}), got {x_in.shape}", repr(layer))
