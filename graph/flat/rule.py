"""What the flat code needs to know of a layer, as templates of Python text."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Rule(NamedTuple):
    """What a layer computes forward, and what it adds to the gradient of each input and of each parameter.

    {x} is the input (or {x0}, {x1}, ...), {y} the output, {g} the gradient of the output, {W} and so on the
    parameters, {layer.a!r} an attribute of the layer.

    >>> Rule("np.exp({x})", ("{g} * {y}",)).backward[0].format(x="s", y="e", g="grad_e")
    'grad_e * e'
    """

    forward: str
    backward: tuple[str, ...]
    params: Mapping[str, str] = MappingProxyType({})


HELPERS = {
    "sum_to": '''def sum_to(g, x):
    """The gradient of x, which was repeated up to the shape of g."""
    return np.sum(g, axis=tuple(range(np.ndim(g) - np.ndim(x))))''',
    "put_at": '''def put_at(g, index, x):
    """Zeros shaped like x, with g at the index."""
    zeros = np.zeros_like(x)
    zeros[index] = g
    return zeros''',
}
