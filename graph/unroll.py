"""A recurrent net laid out step by step: the graph that `Unrolled` runs, to look at and to draw."""

from __future__ import annotations

from graph.dag import Graph
from layers.base import Layer


def unroll(cell: Layer, T: int) -> Graph:
    """A graph of T tied copies of a cell, h_t on the wire from one to the next.

    Equation:  h_t = cell(x_t, h_{t-1}), t = 1, ..., T
    Shapes:    inputs x1, ..., xT and h0 (for an LSTM also c0); outputs h1, ..., hT (for an LSTM also cT)
    Raises:    ValueError if T is less than 1
    Source:    chapter 14.8, figure 14.21: one parameter in many places

    >>> from layers import RNNCell
    >>> g = unroll(RNNCell.from_arrays([[1.0]], [[2.0]], activation="relu"), 3)
    >>> g.forward(*3 * [[1.0]], [0.0])                 # h = x + 2 h
    (array([1.]), array([3.]), array([7.]))
    >>> _, param_grads = g.backward(([0.0], [0.0], [10.0]))
    >>> {step: float(g[0, 0]) for step, g in g.contributions("step1.h_W").items()}     # 40*0, 20*1, 10*3
    {'step1.h_W': 0.0, 'step2.h_W': 20.0, 'step3.h_W': 30.0}
    >>> param_grads["step1.h_W"]                       # their sum
    array([[50.]])
    """
    if T < 1:
        raise ValueError(f"unroll: T must be 1 or more steps, got {T}")
    g = Graph()
    xs = [g.input(f"x{t}") for t in range(1, T + 1)]
    state = [g.input(f"{name}0") for name in "hc"[: getattr(cell, "n_outputs", 1)]]
    for t, x in enumerate(xs, start=1):
        outs = g.add(cell if t == 1 else cell.tied(), x, *state, name=f"step{t}")
        state = list(outs) if type(outs) is tuple else [outs]
        g.output(state[0])
    if len(state) > 1:
        g.output(*state[1:])
    return g
