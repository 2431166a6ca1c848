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
