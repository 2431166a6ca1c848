"""The local Jacobian as a layer: what any layer does to a gradient is linear, and is done by a frozen copy of it."""

from __future__ import annotations

from typing import Any, Self

import numpy as np

from graph.backward.frozen import frozen
from graph.checking.function import leaves, rebuilt
from layers import Mean, Sigmoid
from layers.base import Array, Gradients, Layer, Wire
from layers.errors import label
from layers.rng import Seed, generator


class LocalJacobian(Layer):
    """The gradient of a layer's input as a linear function of the gradient of its output, for any layer that has run.

    Equation:  x_out = x_in L^x                        (L^x of the layer, at the operating point it had: x_in is its
                                                       g_out, x_out its g_in)
               g_in = L^x g_out
    Shapes:    x_in like the layer's output, x_out like its input, or like input number `part` alone
    Raises:    TypeError if the layer's input has no gradient; the layer's own errors for another shape
    Source:    chapter 14.6.5, and 14.5 for L^x

    Forward takes one backward pass of the layer. Backward asks for L^x from its other side, which a backward pass does
    not give: it takes one backward pass for each number in x_in, but never holds L^x in memory.

    >>> from layers import Softmax
    >>> softmax = Softmax()
    >>> _ = softmax.forward([0.0, np.log(3.0)])        # shares 1/4, 3/4: L^x = (1, -1; -1, 1) * 3/16
    >>> layer = LocalJacobian(softmax)
    >>> layer.forward([0.0, 16.0])
    array([-3.,  3.])
    >>> layer.backward([16.0, 0.0])[0]
    array([ 3., -3.])
    """

    def __init__(self, layer: Layer, part: int | None = None) -> None:
        self.frozen, self.part = frozen(layer), part

    def forward(self, x_in: Any) -> Wire:
        x_in = self.receive(x_in) if type(x_in) is not tuple else self.receive_many(x_in)
        x_out = self._apply(x_in)
        self.x_in = x_in
        return self.send(tuple(map(np.asarray, x_out)) if type(x_out) is tuple else np.asarray(x_out))

    def backward(self, g_out: Any) -> tuple[Wire, Gradients]:
        v = leaves(self.receive_gradient(g_out))
        parts = [np.zeros_like(x) for x in leaves(self.x_in)]
        g_ins = [np.zeros_like(x) for x in parts]
        for part, g_in in zip(parts, g_ins, strict=True):
            for i in np.ndindex(part.shape):
                part[i] = 1  # one basis vector after the other: its product with L^x is a row of L^x
                row = leaves(self._apply(rebuilt(self.x_in, iter(parts))))
                g_in[i] = sum(np.vdot(r, g) for r, g in zip(row, v, strict=True))
                part[i] = 0
        return rebuilt(self.x_in, iter(g_ins)), {}

    def tied(self) -> Self:
        other = super().tied()
        other.frozen = self.frozen  # its operating point is what this layer is made of
        return other

    def _apply(self, g: Wire) -> Wire:
        g_in = self.frozen.backward(g)[0]
        g_in = g_in if self.part is None else g_in[self.part]
        if any(each is None for each in leaves(g_in)):
            raise TypeError(f"{label(self.frozen)} has no linear form: its input has no gradient")
        return g_in

    def __repr__(self) -> str:
        part = "" if self.part is None else f", part={self.part}"
        return f"{type(self).__name__}({label(self.frozen)}{part})"

    @classmethod
    def example(cls, rng: Seed) -> tuple[Self, Array]:
        """That of a sigmoid that has run, and an input."""
        rng, layer = generator(rng), Sigmoid()
        layer.forward(rng.normal(size=(5, 4)))
        return cls(layer), rng.normal(size=(5, 4))


class Adjoint(LocalJacobian):
    """The same for a layer that is itself linear, up to a constant: then its forward pass gives the other side of L^x.

    Equation:  x_out = x_in L^x
               g_in = L^x g_out = f(g_out) - f(0)      (f the layer: a convolution, a mean, a padding)
    Shapes:    x_in like the layer's output, x_out like its input
    Raises:    the layer's own errors for another shape
    Source:    chapter 14.6.5

    >>> from layers import Mean
    >>> mean = Mean()
    >>> _ = mean.forward([5.0, 7.0])
    >>> layer = Adjoint(mean)
    >>> layer.forward(10.0)                            # the mean's gradient, in equal shares
    array([5., 5.])
    >>> layer.backward([1.0, 3.0])[0]
    np.float64(2.0)
    """

    def backward(self, g_out: Any) -> tuple[Wire, Gradients]:
        g_out = self.receive_gradient(g_out)
        layer = self.frozen.tied()
        return layer.forward(g_out) - layer.forward(np.zeros_like(g_out)), {}

    @classmethod
    def example(cls, rng: Seed) -> tuple[Self, Array]:
        """That of a mean that has run, and an input."""
        rng, layer = generator(rng), Mean(axis=-1)
        layer.forward(rng.normal(size=(5, 4)))
        return cls(layer), rng.normal(size=5)
