"""The multiply gate: the gradient switcher, for each input sees the others' values."""

from __future__ import annotations

from functools import reduce
from operator import mul
from typing import Any

from layers.base import Array, Gradients, Layer
from layers.gates.broadcast import common_shape, product_to, sum_to
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
        xs = self.receive_many(x_in)
        shape = common_shape(self, xs)
        self.whole = [x.shape == shape for x in xs]  # an input that was repeated gets the sum over its copies
        return self.send(self.forward_unchecked(xs))

    def forward_unchecked(self, x_in: tuple[Array, ...]) -> Array:
        self.x_in = x_in
        if len(x_in) == 2:  # nearly all there are in circuits
            a, b = x_in
            return a * b
        return reduce(mul, x_in)

    def backward(self, g_out: Any) -> tuple[tuple[Array, ...], Gradients]:
        return self.backward_unchecked(self.receive_gradient(g_out))

    def backward_unchecked(self, g_out: Array) -> tuple[tuple[Array, ...], Gradients]:
        if len(self.x_in) == 2:  # switched
            (a, b), (whole_a, whole_b) = self.x_in, self.whole
            g_a = g_out * b if whole_a else product_to(g_out, b, a.shape)
            g_b = g_out * a if whole_b else product_to(g_out, a, b.shape)
            return (g_a, g_b), {}
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
