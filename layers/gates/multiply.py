"""The multiply gate: the gradient switcher, for each input sees the others' values."""

from __future__ import annotations

from typing import Any

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
        g_in = [self.receive_gradient(g_out)] * len(self.x_in)
        before = after = 1.0
        for i in range(len(self.x_in)):  # from the left all inputs before i, from the right all inputs after it
            g_in[i] = g_in[i] * before
            before = before * self.x_in[i]
            g_in[-1 - i] = g_in[-1 - i] * after
            after = after * self.x_in[-1 - i]
        return tuple(sum_to(g, x.shape) for g, x in zip(g_in, self.x_in, strict=True)), {}

    @classmethod
    def example(cls, rng: Seed) -> tuple[Multiply, tuple[Array, ...]]:
        """A small gate and three inputs."""
        rng = generator(rng)
        return cls(), tuple(rng.normal(size=(5, 4)) for _ in range(3))
