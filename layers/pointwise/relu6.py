"""ReLU6: a rectifier that stops at 6, made for arithmetic with few bits."""

from __future__ import annotations

from layers.pointwise.hardtanh import Hardtanh


class ReLU6(Hardtanh):
    """Each element, clipped to [0, 6].

    Equation:  x_out = min(max(x_in, 0), 6)
               g_in = g_out where 0 < x_in < 6, else 0             (at 0 and at 6: 0)
    Shapes:    x_in, x_out (...), the same
    Raises:    ShapeError if g_out is not shaped like x_out
    Source:    Krizhevsky 2010

    >>> layer = ReLU6()
    >>> layer.forward([-3.0, 0.5, 8.0])
    array([0. , 0.5, 6. ])
    >>> layer.backward([7.0, 7.0, 7.0])[0]
    array([0., 7., 0.])
    """

    def __init__(self) -> None:
        super().__init__(0.0, 6.0)

    def __repr__(self) -> str:
        return "ReLU6(slope at 0 and 6: 0)"
