"""A number, a class or a function in the place of a model: every public function says so, and names itself."""

import numpy as np
import pytest

from graph import (
    Trace,
    backward_network,
    check_gradients,
    draw,
    flat_code,
    forward_backward_graph,
    hessian,
    hessian_vector_product,
    jacobian,
    load,
    save,
)
from layers import Linear
from losses import L2Loss

X, Y = np.zeros((2, 3)), np.zeros((2, 2))
CALLS = {
    "draw": draw,
    "flat_code": flat_code,
    "Trace": lambda model: Trace(model, L2Loss(), X, Y),
    "backward_network": backward_network,
    "forward_backward_graph": lambda model: forward_backward_graph(model, L2Loss()),
    "hessian_vector_product": lambda model: hessian_vector_product(model, L2Loss(), X, Y, {}),
    "hessian": lambda model: hessian(model, L2Loss(), X, Y),
    "jacobian": lambda model: jacobian(model, X),
    "check_gradients": lambda model: check_gradients(model, X),
    "save": lambda model: save(model, "/nowhere/model.npz"),
    "load": lambda model: load(model, "/nowhere/model.npz"),
}


@pytest.mark.parametrize(("wrong", "said"), [(3, "got 3"), (Linear, "the class Linear: give an instance"), (len, "")])
@pytest.mark.parametrize("name", CALLS)
def test_only_a_layer_is_a_model(name, wrong, said):
    with pytest.raises(TypeError, match=f"^{name}: model must be a layer.*{said}"):
        CALLS[name](wrong)
