"""The backward network: what backward does to a gradient, as a model of linear layers (14.6.5)."""

from __future__ import annotations

from graph.backward.forms import form_of
from graph.backward.reversed_graph import reversed_graph
from graph.container import Container
from graph.dag import Graph
from graph.naming.places import check_model
from graph.parallel import Parallel
from graph.sequential import Sequential
from layers.base import Layer
from layers.errors import BackwardBeforeForwardError, label, locate


def backward_network(model: Layer) -> Container:
    """A model of linear layers whose forward(g_out) is model.backward(g_out)[0] at the operating point of now.

    Equation:  g_in = g_out L_L^x ... L_2^x L_1^x      (every L^x a layer, the last layer's first)
               B(a g_1 + b g_2) = a B(g_1) + b B(g_2)
    Shapes:    in goes what is shaped like the model's x_out, out comes what is shaped like its x_in
    Raises:    BackwardBeforeForwardError if the model, or a layer inside, has not been run forward;
               TypeError for a layer without a linear form: an Embedding, whose input has no gradient
    Source:    chapter 14.6.5, "Forward-Backward Is Just a Bigger Neural Network"

    A Linear becomes a Linear of W^T, tied to it; a pointwise layer a Gate whose parameters are h'(x_in); a Branch an
    Add, an Add a Branch, a Merge a Split; a layer whose Jacobian has no name of its own a LocalJacobian. Each bears the
    name of the layer it answers to. Another forward pass of the model does not move it; an update of W does.

    >>> from layers import Linear, ReLU
    >>> model = Sequential(Linear.from_arrays([[1.0, 2.0], [3.0, 4.0]], [0.0, 0.0]), ReLU())
    >>> model.forward([1.0, -1.0])                     # both 1 - 2 and 3 - 4 are negative
    array([0., 0.])
    >>> model.forward([1.0, 1.0])
    array([3., 7.])
    >>> network = backward_network(model)
    >>> network
    Sequential(
      1: Gate(2,)
      0: Linear(2 -> 2, bias=False)
    )
    >>> network.forward([10.0, 1.0])                   # 10 * (1, 2) + 1 * (3, 4)
    array([13., 24.])
    """
    check_model(model, "backward_network")
    ran = getattr(model, "_ran", model._sent is not None)
    if not ran:
        raise BackwardBeforeForwardError(
            "backward_network needs a forward pass first: call forward(x_in)", label(model)
        )
    form = linear_form(model)
    return form if isinstance(form, Container) else Sequential(form)


def linear_form(layer: Layer) -> Layer:
    """The linear form of a layer, a chain, parallel ways or a graph."""
    backward = type(layer).backward
    if backward is Graph.backward:
        return reversed_graph(layer, linear_form)
    if backward is Sequential.backward:
        return Sequential(**_forms(layer, reversed(layer.layers)))
    if backward is Parallel.backward:
        return Parallel(**_forms(layer, layer.layers))
    return form_of(layer)


def _forms(container: Container, names: object) -> dict[str, Layer]:
    """The forms of a container's layers under their own names, so that each shows whose it is."""
    forms = {}
    try:
        for name in names:
            forms[name] = linear_form(container.layers[name])
    except Exception as error:
        locate(error, container, name)
        raise
    return forms
