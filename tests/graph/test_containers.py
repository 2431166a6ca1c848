"""Containers: names, order, errors with a place, steps, modes, predict, and the refusal of shared layers."""

import copy
import pickle
import re

import numpy as np
import pytest

from graph import Graph, Parallel, Residual, Sequential, check_gradients
from layers import (
    Add,
    BackwardBeforeForwardError,
    Branch,
    Identity,
    Layer,
    Linear,
    ParameterNameError,
    ReLU,
    ShapeError,
    SharedLayerError,
    Tanh,
)


def mlp(rng=0):
    return Sequential(Linear(4, 3, rng=rng), ReLU(), Linear(3, 2, rng=rng))


class Noisy(Layer):
    """A reader's own layer with a mode, a state and an update of its own."""

    def __init__(self):
        self.params = {"W": np.ones(2), "b": np.zeros(2)}
        self.count = np.zeros(())
        self.calls = []

    def forward(self, x_in):
        if self.training:
            self.count = self.count + 1
        self.x_in = x_in
        return x_in * self.params["W"] + self.params["b"]

    def backward(self, g_out):
        return g_out * self.params["W"], {"W": (g_out * self.x_in).sum(0), "b": g_out.sum(0)}

    def update(self, param_grads, lr):
        self.calls.append(sorted(param_grads))
        super().update(param_grads, lr)

    def state(self):
        return {"count": self.count.copy()}

    def load_state(self, state):
        if set(state) != {"count"}:
            raise ValueError("only a count")
        self.count = np.array(state["count"])


def test_names_by_position_and_by_name():
    model = Sequential(Linear(2, 2, rng=0), Residual(Linear(2, 2, rng=0)))
    assert list(model.params) == ["0.W", "0.b", "1.1.0.W", "1.1.0.b"]
    model = Sequential(hidden=Linear(2, 2, rng=0), out=Linear(2, 1, rng=0, bias=False))
    assert list(model.params) == ["hidden.W", "hidden.b", "out.W"]
    assert model["out"] is model[1] is model[-1]
    assert len(model) == 2


@pytest.mark.parametrize("name", ["a.b", ""])
def test_a_name_with_a_dot_is_refused(name):
    with pytest.raises(ValueError, match="dot"):
        Sequential(**{name: Identity()})


def test_all_named_or_none():
    with pytest.raises(TypeError, match="name all layers or none"):
        Sequential(Identity(), second=Identity())


@pytest.mark.parametrize("wrong", [3, Linear, lambda x: x])
def test_only_layers_go_in(wrong):
    with pytest.raises(TypeError, match=r'layer "1" must be a Layer'):
        Sequential(Identity(), wrong)


def test_chain_is_the_composition_of_its_layers():
    rng = np.random.default_rng(0)
    model, x, g = mlp(), rng.normal(size=(5, 4)), rng.normal(size=(5, 2))
    x_out = model.forward(x)
    h = x
    for layer in model:
        h = layer.tied().forward(h)
    np.testing.assert_array_equal(x_out, h)
    g_in, param_grads = model.backward(g)
    assert list(param_grads) == list(model.params)
    for layer in reversed(list(model)):
        g, grads = layer.backward(g)
        for short, value in grads.items():
            name = next(n for n, (owner, s) in model.params.owners.items() if owner is layer and s == short)
            np.testing.assert_array_equal(param_grads[name], value)
    np.testing.assert_array_equal(g_in, g)


def test_no_work_for_the_gradient_of_the_data():
    class Counting(Identity):
        calls = 0

        def backward(self, g_out):
            Counting.calls += 1
            return super().backward(g_out)

    model = Sequential(Counting(), mlp(), Counting())
    model.forward(np.ones((2, 4)))
    g_in, param_grads = model.backward(np.ones((2, 2)), to_data=False)
    assert g_in is None
    assert Counting.calls == 1  # the last layer; the first has nothing to learn
    for name, g in model.backward(np.ones((2, 2)))[1].items():
        np.testing.assert_array_equal(g, param_grads[name])


def test_residual_is_branch_parallel_add():
    body = Linear(3, 3, rng=0)
    x, g = np.arange(6.0).reshape(2, 3), np.ones((2, 3))
    one = Residual(body)
    two = Sequential(Branch(2), Parallel(body.tied(), Identity()), Add())
    np.testing.assert_array_equal(one.forward(x), two.forward(x))
    np.testing.assert_array_equal(one.backward(g)[0], two.backward(g)[0])
    assert list(one.params) == list(two.params) == ["1.0.W", "1.0.b"]


def test_one_object_in_two_places_is_refused_with_the_remedy():
    layer = Linear(2, 2, rng=0)
    with pytest.raises(SharedLayerError, match=r'"0" and "1.1.0".*tied\(\)'):
        Sequential(layer, Residual(layer))
    assert len(Sequential(layer, Residual(layer.tied())).params) == 2


def test_params_are_live_and_read_only():
    model = mlp()
    model[0].params["W"][...] = 7
    assert (model.params["0.W"] == 7).all()
    model.params["0.W"] -= 1
    assert (model[0].params["W"] == 6).all()
    with pytest.raises(TypeError, match=r"\[\.\.\.\]"):
        model.params["0.W"] = np.zeros((3, 4))
    assert (model[0].params["W"] == 6).all()
    assert "0.W" in model.params
    assert "9.W" not in model.params


def test_errors_name_every_place_outermost_first():
    model = Sequential(a=Linear(4, 4, rng=0), b=Residual(mlp()))
    with pytest.raises(ShapeError) as caught:
        model.forward(np.ones((2, 4)))
    assert str(caught.value).startswith(
        'Sequential, layer 1 ("b", Residual), layer 2 (Add()): x_in must be of one shape'
    )
    with pytest.raises(
        ShapeError, match=r"^Sequential, layer 0 \(Linear\(4 -> 3\)\): x_in must be \(\.\.\., 4\), got \(2, 5\)$"
    ):
        mlp().forward(np.ones((2, 5)))


def test_errors_of_a_reader_s_layer_get_the_place_as_a_note():
    class Broken(Layer):
        def forward(self, x_in):
            raise KeyError("oops")

    with pytest.raises(KeyError) as caught:
        Sequential(Identity(), Residual(Broken())).forward(np.ones(3))
    assert caught.value.__notes__ == [
        "raised in: Sequential, layer 1 (Residual), layer 1 (Parallel), layer 0 (Broken())"
    ]


def test_backward_needs_a_forward_that_ended():
    model = mlp()
    with pytest.raises(BackwardBeforeForwardError, match="forward"):
        model.backward(np.ones((2, 2)))
    model.forward(np.ones((2, 4)))
    model.backward(np.ones((2, 2)))
    with pytest.raises(ShapeError):
        model.forward(np.ones((2, 5)))
    with pytest.raises(BackwardBeforeForwardError):
        model.backward(np.ones((2, 2)))
    ways = Parallel(Identity(), Identity())
    with pytest.raises(BackwardBeforeForwardError):
        ways.backward((np.ones(2), np.ones(2)))


@pytest.mark.parametrize("wires", [np.ones((2, 3)), (np.ones(3),), (1.0, 2.0, 3.0), [np.ones(3), np.ones(3)]])
def test_parallel_takes_one_wire_a_layer(wires):
    ways = Parallel(Identity(), ReLU())
    with pytest.raises(ShapeError, match="tuple of 2"):
        ways.forward(wires)
    ways.forward((np.ones(3), np.ones(3)))
    with pytest.raises(ShapeError, match="tuple of 2"):
        ways.backward(wires)


def test_a_layer_that_forgets_a_gradient_is_told():
    class Forgetful(Linear):
        def backward(self, g_out):
            g_in, grads = super().backward(g_out)
            grads.pop("b")
            return g_in, grads

    model = Sequential(Identity(), Forgetful(2, 2, rng=0))
    model.forward(np.ones(2))
    with pytest.raises(ParameterNameError, match=r"layer 1 .*\['W', 'b'\], got \['W'\]"):
        model.backward(np.ones(2))


def test_update_is_all_or_nothing():
    model = mlp()
    before = {name: theta.copy() for name, theta in model.params.items()}
    good = {name: np.ones_like(theta) for name, theta in model.params.items()}
    for bad, error in [
        (good | {"9.W": np.ones(2)}, ParameterNameError),
        (good | {"2.b": np.ones(3)}, ShapeError),
        (good | {"2.b": None}, TypeError),
    ]:
        with pytest.raises(error):
            model.update(bad, 0.1)
    for lr in (np.nan, np.inf, "fast", None):
        with pytest.raises((ValueError, TypeError), match="lr"):
            model.update(good, lr)
    for name, theta in model.params.items():
        np.testing.assert_array_equal(theta, before[name])
    held = model.params["0.b"]
    model.update({"0.b": np.ones(3)}, 0.5)
    assert held is model.params["0.b"]
    np.testing.assert_array_equal(held, before["0.b"] - 0.5)


def test_an_update_of_its_own_gets_all_gradients_of_the_layer_at_once():
    model = Sequential(Identity(), Residual(Noisy()))
    model.update({name: np.ones(2) for name in model.params}, 0.5)
    assert model[1][1][0].calls == [["W", "b"]]
    np.testing.assert_array_equal(model.params["1.1.0.W"], [0.5, 0.5])


def test_steps_are_the_passes_one_layer_at_a_time():
    model, x, g = Sequential(mlp(), Residual(ReLU())), np.ones((2, 4)), np.ones((2, 2))
    x_out = model.forward(x)
    g_in, param_grads = model.backward(g)
    steps = list(model.forward_steps(x))
    assert [step.name for step in steps] == ["0", "1"]
    np.testing.assert_array_equal(steps[-1].x_out, x_out)
    nested = list(model.forward_steps(x, nested=True))
    assert [step.name for step in nested] == ["0.0", "0.1", "0.2", "1.0", "1.1.0", "1.1.1", "1.2"]
    back = list(model.backward_steps(g, nested=True))
    assert [step.name for step in back] == [step.name for step in reversed(nested)]
    np.testing.assert_array_equal(back[-1].g_in, g_in)
    np.testing.assert_array_equal(back[-1].param_grads["W"], param_grads["0.0.W"])
    assert "x_out (2, 3)" in repr(nested[0])
    assert "dJ/dW (3, 4)" in repr(back[-1])


def test_steps_are_lazy():
    model = mlp()
    steps = model.forward_steps(np.ones((2, 4)))
    assert next(steps).layer is model[0]
    with pytest.raises(BackwardBeforeForwardError):
        model.backward(np.ones((2, 2)))
    list(steps)
    model.backward(np.ones((2, 2)))


def test_modes_reach_every_layer():
    model = Sequential(mlp(), Residual(ReLU()))
    assert model.eval() is model
    assert not model[1][1][0].training
    assert model.train()[0][0].training


def test_predict_leaves_mode_and_operating_point():
    model = Sequential(Noisy(), Linear(2, 3, rng=0))
    x = np.random.default_rng(0).normal(size=(7, 2))
    g = np.ones((7, 3))
    x_out = model.forward(x)
    before = model.backward(g)
    np.testing.assert_allclose(model.predict(2 * x, batch_size=3), model[1].tied().forward(2 * x), atol=1e-12)
    assert model.training
    assert model[0].count == 1
    after = model.backward(g)
    np.testing.assert_array_equal(before[0], after[0])
    np.testing.assert_array_equal(x_out, model.predict(x))
    assert model.predict(np.ones(2)).shape == (3,)
    with pytest.raises(ValueError, match="batch_size"):
        model.predict(x, batch_size=0)


def test_predict_of_several_wires():
    model = Parallel(ReLU(), Identity())
    x = np.arange(-3.0, 3.0).reshape(6, 1)
    a, b = model.predict((x, x), batch_size=4)
    np.testing.assert_array_equal(a, np.maximum(x, 0))
    np.testing.assert_array_equal(b, x)


def test_state_goes_by_place_and_comes_back_whole():
    model = Sequential(Noisy(), Residual(Noisy()))
    model.forward(np.ones((3, 2)))
    state = model.state()
    assert sorted(state) == ["0.count", "1.1.0.count"]
    model.forward(np.ones((3, 2)))
    model.load_state(state)
    assert model[0].count == 1
    with pytest.raises(ValueError, match="count"):
        model.load_state({"0.count": np.array(9.0), "1.1.0.weird": np.zeros(1)})
    assert model[0].count == 1  # all or nothing
    with pytest.raises(ParameterNameError):
        model.load_state({"7.count": np.zeros(1)})


def test_tied_container_shares_parameters_and_nothing_else():
    model = Sequential(mlp(), Residual(ReLU()))
    other = model.tied()
    assert all(other.params[name] is model.params[name] for name in model.params)
    model.forward(np.ones((2, 4)))
    with pytest.raises(BackwardBeforeForwardError):
        other.backward(np.ones((2, 2)))
    both = Sequential(model, Linear(2, 4, rng=0), other)
    assert [name for name in both.params if name.startswith("2")] == []


class Block(Layer):
    """A reader's own layer made of layers, one of them not declared in `layers`."""

    def __init__(self, declared):
        self.first, self.second = Linear(3, 3, rng=0), Sequential(Tanh(), Linear(3, 3, rng=1))
        if declared:
            self.layers = {"first": self.first, "second": self.second}
        self.params = {f"1.{name}": theta for name, theta in self.first.params.items()}
        self.params |= {f"2.{name}": theta for name, theta in self.second.params.items()}

    def forward(self, x_in):
        return self.second.forward(self.first.forward(x_in))

    def backward(self, g_out):
        g, second = self.second.backward(g_out)
        g_in, first = self.first.backward(g)
        return g_in, {f"1.{k}": g for k, g in first.items()} | {f"2.{k}": g for k, g in second.items()}


@pytest.mark.parametrize("declared", [False, True])
def test_a_tied_layer_made_of_layers_has_a_memory_of_its_own(declared):
    block = Block(declared)
    model = Sequential(block, Tanh(), block.tied())
    assert list(model.params) == ["0.1.W", "0.1.b", "0.2.1.W", "0.2.1.b"]
    check_gradients(model, np.random.default_rng(2).normal(size=(4, 3))).raise_if_bad()


def test_contributions_add_up_to_the_gradient():
    layer = Linear(3, 3, rng=0)
    model = Sequential(layer, Residual(layer.tied()), Sequential(layer.tied(transpose=True), layer.tied()))
    assert model.contributions("0.W") == {}
    model.forward(np.ones((2, 3)))
    _, param_grads = model.backward(np.ones((2, 3)))
    addends = model.contributions("0.W")
    assert list(addends) == ["0.W", "1.1.0.W", "2.0.W", "2.1.W"]
    np.testing.assert_allclose(sum(addends.values()), param_grads["0.W"], rtol=1e-14)
    assert model.contributions("2.0.b") == {}
    with pytest.raises(ParameterNameError):
        model.contributions("2.1.W")


def test_a_copy_is_another_model():
    model = mlp()
    other = copy.deepcopy(model)
    other.update({"0.W": np.ones((3, 4))}, 1.0)
    assert not np.array_equal(other.params["0.W"], model.params["0.W"])
    np.testing.assert_array_equal(other[0].params["W"], other.params["0.W"])


def carried_over(model):
    return pickle.loads(pickle.dumps(model))


@pytest.mark.parametrize("copied", [copy.deepcopy, carried_over])
def test_a_copy_has_the_same_ties_among_arrays_of_its_own(copied):
    encoder = Linear(3, 3, rng=0)
    decoder = encoder.tied(transpose=True)
    inner = Graph()
    x = inner.input("x")
    inner.output(inner.add(decoder.tied(), x, name="out"))  # not bound yet: copies must know its ties all the same
    model = Sequential(Sequential(encoder, Sequential(decoder)), inner, decoder.tied(transpose=True))
    other = copied(model)
    W = other.params["0.0.W"]
    assert not np.shares_memory(W, encoder.params["W"])
    x = np.random.default_rng(1).normal(size=(2, 3))
    for one in (model, other):
        one.forward(x)
        _, param_grads = one.backward(np.ones((2, 3)))
        one.update(param_grads, 0.1)
    np.testing.assert_array_equal(other.forward(x), model.forward(x))
    assert np.shares_memory(other[0][1][0].params["W"], W)
    assert np.shares_memory(other[1]["out"].params["W"], W)
    assert np.shares_memory(other[2].params["W"], W)


def test_a_copy_of_an_unfinished_graph_goes_on_by_itself():
    encoder, g = Linear(3, 3, rng=0), Graph()
    g.output(g.add(encoder.tied(transpose=True), g.add(encoder, g.input("x")), name="out"))
    other = copy.deepcopy(g)
    other.add(encoder, other.inputs[0])  # it stands in g, not in the copy
    with pytest.raises(SharedLayerError):
        other.add(other["out"], other.inputs[0])
    assert list(other.params) == ["linear.W", "linear.b", "out.b", "linear_2.W", "linear_2.b"]


@pytest.mark.parametrize("theta", [2.0, np.float64(2.0), [2.0], np.array(2)])
def test_a_parameter_that_cannot_be_moved_is_refused(theta):
    layer = Noisy()
    layer.params["W"] = theta
    with pytest.raises(TypeError, match=r"parameter 0.W must be an array of floats"):
        Sequential(layer)
    layer.params["W"] = np.ones(2)
    model = Sequential(layer)
    layer.params["W"] = theta  # later, as `params["W"] = params["W"] - step` does with a 0-d array
    for one, name in ((layer, "W"), (model, "0.W")):
        with pytest.raises(
            TypeError, match=rf"parameter {name} must be an array of floats, .* got {re.escape(repr(theta))}"
        ):
            one.update({name.replace("W", "b"): np.ones(2), name: 1.0}, 0.1)
    np.testing.assert_array_equal(layer.params["b"], [0.0, 0.0])


@pytest.mark.parametrize("param_grads", [None, [np.ones(2)], np.ones(2)])
def test_gradients_without_names_are_refused(param_grads):
    with pytest.raises(TypeError, match="Sequential: param_grads must be a dict of arrays, got"):
        mlp().update(param_grads, 0.1)


def test_repr_draws_the_chain():
    assert repr(Sequential(hidden=Linear(2, 1, rng=0), act=ReLU())) == (
        "Sequential(\n  hidden: Linear(2 -> 1)\n  act: ReLU(at_zero=0)\n)"
    )
