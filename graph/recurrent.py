"""Recurrent nets of several layers and both directions, as a graph of Unrolled layers."""

from __future__ import annotations

from graph.dag import Graph
from graph.wiring.wire import Wire
from layers.base import Layer
from layers.recurrent.unrolled import Unrolled
from layers.wiring.merge import Merge


class Recurrent(Graph):
    """Layers of cells, each unrolled along time; a pair of cells is a layer that reads in both directions.

    Equation:  x_l = Unrolled(cell_l)(x_{l-1})         for l = 1, ..., L
               x_l = Merge(Unrolled(there)(x_{l-1}), Unrolled(back, reverse=True)(x_{l-1}))     for a pair
    Shapes:    x_in (..., T, n_in), x_out (..., T, n_hidden), or (..., T, 2 n_hidden) for a pair
               states=True: x_in = (x, h_0 of each cell), x_out = (x_out, h_T of each cell); an LSTM has c after each h
    Raises:    TypeError if something is neither a layer nor a pair of layers; ValueError for none at all
    Source:    Schuster and Paliwal 1997, "Bidirectional recurrent neural networks"

    Layer l is called "layer<l>", the cells of a pair "there<l>" and "back<l>". `window` is Unrolled's.

    >>> from layers import RNNCell
    >>> there, back = (RNNCell.from_arrays([[1.0]], [[2.0]], activation="relu") for _ in range(2))
    >>> net = Recurrent((there, back))
    >>> net.forward([[1.0], [1.0], [1.0]])             # 1, 1 + 2*1, 1 + 2*3, and the same from the end
    array([[1., 7.],
           [3., 3.],
           [7., 1.]])
    >>> net.backward([[0.0, 0.0], [0.0, 0.0], [10.0, 1.0]])[0]      # 10 came by 3 steps; 1 at its first step alone
    array([[40.],
           [20.],
           [11.]])
    """

    def __init__(self, *cells: Layer | tuple[Layer, Layer], states: bool = False, window: int | None = None) -> None:
        super().__init__()
        if not cells:
            raise ValueError("Recurrent: give one cell or more, such as GRUCell(3, 4)")
        self.ends: list[Wire] = []
        x = self.input("x")
        for number, cell in enumerate(cells):
            there, back = cell if isinstance(cell, tuple) else (cell, None)
            name = f"there{number}" if back else f"layer{number}"
            out = self._unrolled(name, x, there, states=states, window=window)
            if back:
                other = self._unrolled(f"back{number}", x, back, reverse=True, states=states, window=window)
                out = self.add(Merge(), out, other, name=f"layer{number}")
            x = out
        self.output(x, *self.ends)

    def _unrolled(self, name: str, x: Wire, cell: Layer, *, states: bool, **options: object) -> Wire:
        layer = Unrolled(cell, states=states, **options)
        starts = [self.input(f"{name}_{state}0") for state in "hc"[: layer.n_outputs - 1]]
        outs = self.add(layer, x, *starts, name=name)
        if not states:
            return outs
        self.ends.extend(outs[1:])
        return outs[0]
