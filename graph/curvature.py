"""Curvature: how the gradient of the parameters changes as they move, by running a backward pass backward."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import numpy as np

from graph.backward.circuit import ForwardBackward
from graph.forward_backward import forward_backward_graph
from graph.jacobian import MOST_BYTES, in_words
from graph.naming.places import check_model
from graph.to_data.up_to import still
from layers.base import Array, Gradients, Layer
from layers.errors import ParameterNameError, ShapeError, label
from layers.wires import float_array
from losses import SoftmaxCrossEntropy


def hessian_vector_product(model: Layer, loss: Layer, x: Any, y: Any, v: Mapping[str, Any]) -> Gradients:
    """How fast the gradient of every parameter changes when the parameters move along v: H v, without H.

    Equation:  H v = d/dtheta (dJ/dtheta . v)          (one forward, one backward pass of the forward-backward graph)
    Shapes:    x (N, n_in) or one datapoint (n_in,), y its target; v and the result like model.params
    Raises:    ParameterNameError and ShapeError if v is not like params; what forward_backward_graph refuses
    Source:    chapter 14.6.5; Pearlmutter 1994

    >>> from graph import Sequential
    >>> from layers import Linear
    >>> from losses import L2Loss
    >>> model = Sequential(Linear.from_arrays([[2.0]]))
    >>> hessian_vector_product(model, L2Loss(), [3.0], [5.0], {"0.W": [[10.0]]})      # J = (3 W - 5)^2, H = 2 * 3^2
    {'0.W': array([[180.]])}
    """
    check_model(model, "hessian_vector_product")
    if set(v) != set(model.params):
        raise ParameterNameError(f"v must have the names {list(model.params)}, got {list(v)}", label(model))
    parts = []
    for name, theta in model.params.items():
        parts.append(float_array(model, f'v["{name}"]', v[name], theta.dtype))
        if parts[-1].shape != theta.shape:
            raise ShapeError(f'v["{name}"] must be {theta.shape}, got {parts[-1].shape}', label(model))
    graph, g_x = _run(model, loss, x, y)
    return dict(zip(model.params, _along(graph, parts, g_x), strict=True))


def hessian(model: Layer, loss: Layer, x: Any, y: Any, *, max_bytes: int = MOST_BYTES // 8) -> Array:
    """All second derivatives of J with respect to the parameters of a small model, one row for each number in them.

    Equation:  H[i, j] = d^2 J / dtheta_i dtheta_j
    Shapes:    (P, P), P numbers in all the parameters, each flat, in the order of model.params
    Raises:    ValueError if it would take more than `max_bytes`, with the size it would have
    Source:    chapter 14.6.5: the Jacobian of the backward pass

    >>> from layers import Linear
    >>> from losses import L2Loss
    >>> model = Linear.from_arrays([[2.0]], [1.0])     # J = (3 W + b - 5)^2
    >>> hessian(model, L2Loss(), [3.0], [5.0])         # 2 * (3, 1) (3, 1)^T
    array([[18.,  6.],
           [ 6.,  2.]])
    """
    check_model(model, "hessian")
    thetas = list(model.params.values())
    P = sum(theta.size for theta in thetas)
    size = P * P * max((theta.itemsize for theta in thetas), default=8)
    if size > max_bytes:
        raise ValueError(
            f"{label(model)}: the Hessian would have the shape {(P, P)}, {in_words(size)}, and max_bytes is "
            f"{in_words(max_bytes)}; hessian_vector_product gives its product with a vector without building it"
        )
    graph, g_x = _run(model, loss, x, y)
    rows = []
    for i in range(P):
        e = np.zeros(P)
        e[i] = 1
        cuts = np.split(e, np.cumsum([theta.size for theta in thetas])[:-1])
        parts = [cut.reshape(theta.shape) for cut, theta in zip(cuts, thetas, strict=True)]
        rows.append(np.concatenate([g.ravel() for g in _along(graph, parts, g_x)]))
    return np.array(rows).reshape(P, P)


def _run(model: Layer, loss: Layer, x: Any, y: Any) -> tuple[ForwardBackward, Array]:
    """The forward-backward graph at the data and parameters of now, and the gradient of the data."""
    graph = forward_backward_graph(model, loss)
    dtype = next((theta.dtype for theta in model.params.values()), None)
    x = float_array(model, "x", x, dtype)
    y_hat, y = copy.copy(loss).receive_target(still(model).forward(x), y)
    if type(loss) is SoftmaxCrossEntropy and y.dtype.kind != "f":
        y = np.eye(y_hat.shape[-1], dtype=y_hat.dtype)[y]
    if x.ndim == 1:
        x, y = x[None], y[None]
    *_, g_x = graph.forward(x, y, *model.params.values())
    return graph, g_x


def _along(graph: ForwardBackward, parts: list[Array], g_x: Array) -> list[Array]:
    """H v for each parameter: the gradient of (dJ/dtheta . v)."""
    _, _, *H_v = graph.backward((0.0, *parts, np.zeros_like(g_x)))[0]
    return H_v
