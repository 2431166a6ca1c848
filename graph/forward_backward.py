"""The forward and the backward pass as one graph, which can itself be run backward (14.6.5, figure 14.17)."""

from __future__ import annotations

from graph.backward.circuit import Circuit, ForwardBackward
from graph.backward.container_rules import place
from graph.backward.cost_rules import cost
from graph.naming.places import check_model
from layers import Identity
from layers.base import Layer
from layers.errors import label


def forward_backward_graph(model: Layer, loss: Layer | None = None) -> ForwardBackward:
    """One graph of gates that computes J and all its gradients; its own backward gives gradients of gradients.

    Equation:  (J, dJ/dtheta_1, ..., dJ/dtheta_n, dJ/dx) = graph.forward(x, y, theta_1, ..., theta_n)
    Shapes:    x (N, n_in), a batch; y shaped like y_hat (for SoftmaxCrossEntropy a probability for each class, in rows
               that add up to 1: one-hot for labels); thetas and their gradients in the order of model.params
    Raises:    NotImplementedError for a layer or a loss that has no gates here, with its name and place
    Source:    chapter 14.6.5, figure 14.17

    The inputs are called x, y and as the parameters are, with "_" for "."; the outputs J, dJ/d0_W, ..., dJ/dx. Nothing
    is tied to the model: what goes in are values. Without a loss, `y` is g_out, `J` is y_hat, and all else is the same.
    In its drawing the wires that lead to gradients of parameters are dotted.

    >>> import numpy as np
    >>> from graph import Sequential
    >>> from layers import Linear
    >>> from losses import L2Loss
    >>> model = Sequential(Linear.from_arrays([[2.0]]))
    >>> graph = forward_backward_graph(model, L2Loss())
    >>> J, g_W, g_x = graph.forward([[3.0]], [[5.0]], model.params["0.W"])
    >>> float(J), float(g_W[0, 0]), float(g_x[0, 0])   # (2*3 - 5)^2, 2 * 1 * 3, 2 * 1 * 2
    (1.0, 6.0, 4.0)
    >>> g_in, _ = graph.backward((0.0, [[1.0]], [[0.0]]))        # the gradient of dJ/dW = 2 (W x - y) x
    >>> float(g_in[2][0, 0])                           # with respect to W: 2 x^2
    18.0
    """
    check_model(model, "forward_backward_graph")
    circuit = Circuit(model)
    graph = circuit.graph
    x, y = graph.input("x"), graph.input("g_out" if loss is None else "y")
    circuit.enter_parameters()
    y_hat, pull = place(circuit, "", model, x)
    if type(y_hat) is tuple:
        raise NotImplementedError(f"forward_backward_graph: one output is needed, {label(model)} has {len(y_hat)}")
    J, g_out = (graph.add(Identity(), y_hat, name="y_hat"), y) if loss is None else cost(loss, y_hat, y)
    g_x = graph.add(Identity(), pull(g_out), name="dJ/dx")  # a node for the sake of its name
    graph.output(J, *(circuit.gradient(name) for name in circuit.addends), g_x)
    return graph
