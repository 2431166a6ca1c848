"""A parameter as a leaf of a graph: a value that no wire leads to and that `update` moves."""

from __future__ import annotations

from typing import Any

import numpy as np

from layers.base import Array, Gradients, Layer
from layers.errors import DtypeError


class Parameter(Layer):
    """A parameter that flows out as a value, so that it can be branched and shared like any other.

    Equation:  x_out = theta
               dJ/dtheta = g_out                       (L^theta = I)
    Shapes:    x_in is () (no wire leads here), x_out and g_out are shaped like theta
    Raises:    ShapeError if g_out is not shaped like theta; DtypeError if the value is not made of real numbers
    Source:    chapter 14.8, figure 14.21

    In a container it is listed under the name of its place alone ("theta", not "theta.theta").

    >>> leaf = Parameter([1.0, 2.0])
    >>> leaf.forward()
    array([1., 2.])
    >>> leaf.backward([10.0, 20.0])
    ((), {'theta': array([10., 20.])})
    """

    def __init__(self, value: Any, dtype: Any = None) -> None:
        theta = np.array(value, dtype)
        if theta.dtype.kind not in "fiub":
            raise DtypeError(f"value must be made of real numbers, got {theta.dtype}", type(self).__name__)
        self.params = {"theta": theta if theta.dtype.kind == "f" else theta.astype(np.float64)}

    def forward(self, x_in: tuple = ()) -> Array:
        return self.send(self.forward_unchecked(x_in))

    def forward_unchecked(self, x_in: tuple) -> Array:
        return self.params["theta"].copy()

    def backward(self, g_out: Any) -> tuple[tuple, Gradients]:
        return self.backward_unchecked(self.receive_gradient(g_out))

    def backward_unchecked(self, g_out: Array) -> tuple[tuple, Gradients]:
        return (), {"theta": np.array(g_out)}  # never the memory of g_out

    def __repr__(self) -> str:
        return f"Parameter{self.params['theta'].shape}"


def place_of(layer_name: str, layer: Layer, short: str) -> str:
    """The name in a container of one parameter of the layer called `layer_name` there.

    >>> from layers import Linear
    >>> place_of("hidden", Linear(2, 1), "W"), place_of("theta", Parameter(1.0), "theta")
    ('hidden.W', 'theta')
    """
    return layer_name if isinstance(layer, Parameter) else f"{layer_name}.{short}"
