"""The backward network: linear layers that do to a gradient what the model's backward does."""

import inspect

import numpy as np
import pytest

import layers as kit
from graph import (
    Graph,
    Parallel,
    Residual,
    Sequential,
    Trace,
    TransformerBlock,
    backward_network,
    check_gradients,
    draw,
)
from graph.backward.local_jacobian import Adjoint, LocalJacobian
from graph.naming.places import walk
from layers import (
    Add,
    BackwardBeforeForwardError,
    Branch,
    Conv2d,
    Embedding,
    Flatten,
    Gate,
    Identity,
    Layer,
    Linear,
    MatMul,
    MaxPool2d,
    Merge,
    Multiply,
    ReLU,
    Reshape,
    ShapeError,
    Softmax,
    Split,
    Tanh,
)
from tests.graph.random_graphs import random_twin

KINDS = [kind for kind in vars(kit).values() if inspect.isclass(kind) and issubclass(kind, Layer) and kind is not Layer]


def each(change, value):
    return tuple(each(change, part) for part in value) if type(value) is tuple else change(value)


def flat(value):
    return [x for part in value for x in flat(part)] if type(value) is tuple else [value]


def random_like(value, rng):
    return each(lambda x: rng.normal(size=np.shape(x)).astype(np.asarray(x).dtype), value)


def assert_close(a, b, rtol=1e-13, atol=1e-13):
    assert len(flat(a)) == len(flat(b))
    for x, y in zip(flat(a), flat(b), strict=True):
        assert (np.shape(x), np.asarray(x).dtype) == (np.shape(y), np.asarray(y).dtype)
        np.testing.assert_allclose(x, y, rtol=rtol, atol=atol)


def check(model, x_in, rng):
    """Equal to backward, linear, unmoved by another forward pass, and its own gradients are right."""
    x_out = model.forward(x_in)
    g_1, g_2 = random_like(x_out, rng), random_like(x_out, rng)
    network = backward_network(model)
    B_1, B_2 = network.forward(g_1), network.forward(g_2)
    assert_close(B_1, model.backward(g_1)[0])
    assert_close(B_2, model.backward(g_2)[0])
    mixed = network.forward(
        tuple(2 * a - 3 * b for a, b in zip(g_1, g_2, strict=True)) if type(g_1) is tuple else 2 * g_1 - 3 * g_2
    )
    for got, a, b in zip(flat(mixed), flat(B_1), flat(B_2), strict=True):
        np.testing.assert_allclose(got, 2 * a - 3 * b, rtol=1e-10, atol=1e-11)
    model.forward(each(lambda x: np.asarray(x)[..., ::-1] * 1.5, x_in))
    assert_close(network.forward(g_1), B_1)
    v = random_like(network.forward(g_1), rng)
    g_in = network.backward(v)[0]  # <v, B(g)> = <B^T(v), g> for every g, as B is linear
    for g, B in ((g_1, B_1), (g_2, B_2)):
        left = sum(np.vdot(a, b) for a, b in zip(flat(v), flat(B), strict=True))
        right = sum(np.vdot(a, b) for a, b in zip(flat(g_in), flat(g), strict=True))
        np.testing.assert_allclose(right, left, rtol=1e-9, atol=1e-10)
    return network


def has_gradient(kind):
    """Indices and booleans have none."""
    layer, x_in = kind.example(np.random.default_rng(0))
    g_in = layer.backward(random_like(layer.forward(x_in), np.random.default_rng(0)))[0]
    return all(g is not None for g in flat(g_in))


with_gradient = [kind for kind in KINDS if has_gradient(kind)]
without = [kind for kind in KINDS if kind not in with_gradient]


@pytest.mark.parametrize("kind", with_gradient, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("training", [True, False], ids=["train", "eval"])
def test_every_layer_of_the_kit(kind, training):
    rng = np.random.default_rng(3)
    layer, x_in = kind.example(rng)
    layer._switch(training)
    check(layer, x_in, rng)


@pytest.mark.parametrize("kind", with_gradient, ids=lambda kind: kind.__name__)
def test_every_layer_in_float32(kind):
    rng = np.random.default_rng(3)
    layer, x_in = kind.example(rng)
    for name, theta in layer.params.items():
        layer.params[name] = theta.astype(np.float32)
    state = {k: v.astype(np.float32) if v.dtype.kind == "f" else v for k, v in layer.state().items()}
    layer.load_state(state)
    g = random_like(layer.forward(each(lambda x: x.astype(np.float32), x_in)), rng)
    assert_close(backward_network(layer).forward(g), layer.backward(g)[0], rtol=2e-6, atol=1e-6)


@pytest.mark.parametrize("kind", with_gradient, ids=lambda kind: kind.__name__)
def test_every_layer_as_a_node_of_a_graph(kind):
    rng = np.random.default_rng(4)
    layer, x_in = kind.example(rng)
    g = Graph()
    x_in = x_in if type(x_in) is tuple else (x_in,)
    wires = [g.input(f"x{i}") for i in range(len(x_in))]
    outs = g.add(layer, *wires)
    g.output(*(outs if type(outs) is tuple else (outs,)))
    g_out = random_like(g.forward(*x_in), rng)
    assert_close(backward_network(g).forward(g_out), g.backward(g_out)[0])


def mlp(rng):
    return Sequential(Linear(3, 4, rng=rng), Tanh(), Linear(4, 2, rng=rng))


def test_a_chain_becomes_linear_layers_and_gates_under_their_own_names():
    rng = np.random.default_rng(0)
    model = Sequential(hidden=Linear(3, 4, rng=rng), h=ReLU(), out=Linear(4, 2, rng=rng))
    x = rng.normal(size=(5, 3))
    network = check(model, x, rng)
    assert list(network.layers) == ["out", "h", "hidden"]
    assert [type(layer) for layer in network] == [Linear, Gate, Linear]
    assert np.shares_memory(network["out"].params["W"], model.params["out.W"])
    np.testing.assert_array_equal(network["out"].params["W"], model.params["out.W"].T)
    assert "b" not in network["out"].params
    model.forward(x)
    np.testing.assert_array_equal(backward_network(model)["h"].params["h"], model["h"].x_out > 0)


def test_an_update_of_the_weights_moves_both():
    rng = np.random.default_rng(0)
    model = mlp(rng)
    g = rng.normal(size=(5, 2))
    model.forward(rng.normal(size=(5, 3)))
    network = backward_network(model)
    model.update(model.backward(g)[1], lr=0.1)
    assert_close(network.forward(g), model.backward(g)[0])


def test_an_update_of_what_a_frozen_layer_holds_moves_both():
    rng = np.random.default_rng(0)
    model = Sequential(Conv2d(1, 2, 3, rng=rng), kit.LayerNorm(4), Softmax())
    g = random_like(model.forward(rng.normal(size=(5, 1, 6, 6))), rng)
    network = backward_network(model)
    before = network.forward(g)
    model.update(model.backward(g)[1], lr=0.1)
    assert_close(network.forward(g), model.backward(g)[0])
    assert np.abs(network.forward(g) - before).max() > 1e-3


def test_three_axes_go_back_by_the_inverse_permutation():
    rng = np.random.default_rng(0)
    check(Sequential(kit.Transpose((1, 2, 0))), rng.normal(size=(5, 2, 3, 4)), rng)


def test_nested_containers():
    rng = np.random.default_rng(1)
    ways = Parallel(mlp(rng), Residual(Linear(3, 3, rng=rng)), Sequential(Linear(3, 4, rng=rng), Softmax()))
    last = Parallel(Identity(), Linear(2, 7, rng=rng))
    model = Sequential(Branch(3), ways, Merge(), Split((7, 2)), last, Multiply())
    network = check(model, rng.normal(size=(5, 3)), rng)
    kinds = [type(layer) for layer in network]
    assert kinds == [Sequential, Parallel, Merge, Split, Parallel, Add]


def test_residual_is_its_own_mirror():
    rng = np.random.default_rng(1)
    network = check(Residual(Linear(3, 3, rng=rng)), rng.normal(size=(5, 3)), rng)
    assert [type(layer) for layer in network] == [Branch, Parallel, Add]


def test_a_convolutional_network():
    rng = np.random.default_rng(2)
    model = Sequential(
        Reshape((1, 6, 6)), Conv2d(1, 2, 3, rng=rng), ReLU(), MaxPool2d(2), Flatten(), Linear(8, 3, rng=rng)
    )
    network = check(model, rng.normal(size=(2, 36)), rng)
    kinds = [type(layer) for layer in network]
    assert kinds == [Linear, Reshape, LocalJacobian, Gate, Adjoint, Reshape]


def test_random_graphs():
    compared = 0
    for seed in range(60):
        graph, inputs, _, _ = random_twin(seed)
        g_out = random_like(graph.forward(*inputs), np.random.default_rng(seed))
        try:
            network = backward_network(graph)
        except ValueError as error:
            if "does not depend" not in str(error):  # a random graph may let a parameter out as it is
                raise
            continue
        assert_close(network.forward(g_out), graph.backward(g_out)[0], rtol=1e-11)
        compared += 1
    assert compared >= 40


def test_parameters_as_leaves_get_no_wires():
    g = Graph()
    x, W, c = g.input("x"), g.parameter("W", [[1.0, 2.0]]), g.parameter("c", 3.0)
    g.output(g.add(MatMul(), W, x, name="p") * c)
    g.forward(np.array([[5.0], [7.0]]))
    network = backward_network(g)
    assert list(network.layers) == ["multiply^1", "p^2"]
    np.testing.assert_allclose(network.forward([[10.0]]), [[30.0], [60.0]])


def test_a_graph_inside_a_chain_and_forks():
    rng = np.random.default_rng(5)
    g = Graph()
    x = g.input("x")
    h = g.add(Linear(3, 3, rng=rng), x, name="h")
    a, b = g.add(Branch(2), h, name="fork")
    g.output(a * h + g.add(Tanh(), b), x)
    network = check(Sequential(Linear(2, 3, rng=rng), g, Add()), rng.normal(size=(4, 2)), rng)
    assert type(network["1"]) is Graph


def test_attention_and_recurrence_are_graphs_and_layers_like_any_other():
    rng = np.random.default_rng(0)
    block = check(TransformerBlock(4, 2, rng=0), rng.normal(size=(2, 3, 4)), rng)
    assert {LocalJacobian, Linear, Gate} <= {type(layer) for _, layer in walk(block)}
    assert draw(block).get_axes()
    check(Sequential(kit.Unrolled(kit.GRUCell(3, 2, rng=0)), Tanh()), rng.normal(size=(2, 4, 3)), rng)


def test_it_draws_steps_prints_and_checks_like_any_model():
    rng = np.random.default_rng(0)
    model = Sequential(mlp(rng), Split((1, 1)), Parallel(Tanh(), Softmax()), Merge())
    g = random_like(model.forward(rng.normal(size=(5, 3))), rng)
    network = backward_network(model)
    assert draw(network).get_axes()
    steps = [step.name for step in network.forward_steps(g, nested=True)]
    assert steps == ["3", "2.0", "2.1", "1", "0.2", "0.1", "0.0"]
    assert "LocalJacobian(Softmax(axis=-1))" in repr(network)
    assert len(Trace(network, None, g)) == 14
    assert check_gradients(network, g).ok


def test_the_backward_network_of_the_backward_network_is_the_way_there():
    rng = np.random.default_rng(0)
    model = Sequential(Linear(3, 4, bias=False, rng=rng), Linear(4, 2, bias=False, rng=rng))
    x = rng.normal(size=(5, 3))
    x_out = model.forward(x)
    network = backward_network(model)
    network.forward(x_out)
    assert_close(backward_network(network).forward(x), x_out)


def test_not_yet_run_is_refused():
    rng = np.random.default_rng(0)
    for model in (mlp(rng), Linear(2, 1, rng=0), Softmax(), Residual(ReLU())):
        with pytest.raises(BackwardBeforeForwardError, match="forward"):
            backward_network(model)
    model = mlp(rng)
    model.forward(np.ones(3))
    with pytest.raises(ShapeError):
        model.forward(np.ones(2))
    with pytest.raises(BackwardBeforeForwardError, match="forward"):
        backward_network(model)


def test_a_layer_without_a_linear_form_is_refused_by_name_and_place():
    model = Sequential(words=Embedding(4, 3, rng=0), out=Linear(3, 2, rng=0))
    model.forward([1, 2])
    with pytest.raises(TypeError, match=r"Embedding\(4, 3\) has no linear form") as caught:
        backward_network(model)
    assert 'layer 0 ("words"' in caught.value.__notes__[0]
    g = Graph()
    g.output(g.add(Embedding(4, 3, rng=0), g.input("words"), name="look"))
    g.forward([1, 2])
    with pytest.raises(TypeError, match="has no linear form"):
        backward_network(g)


def test_an_output_without_data_is_refused():
    g = Graph()
    g.output(g.input("x"), g.parameter("theta", 1.0))
    g.forward(2.0)
    with pytest.raises(ValueError, match="does not depend"):
        backward_network(g)


@pytest.mark.parametrize("kind", without, ids=lambda kind: kind.__name__)
def test_every_layer_of_indices_is_refused(kind):
    layer, x_in = kind.example(np.random.default_rng(0))
    layer.forward(x_in)
    with pytest.raises(TypeError, match="has no linear form"):
        backward_network(layer)


class Twist(Layer):
    """Two inputs, two outputs, as a recurrent cell has."""

    n_inputs = n_outputs = 2

    def forward(self, x_in):
        self.x_in = self.receive_many(x_in, 2)
        a, b = self.x_in
        return self.send((a * b, a + b))

    def backward(self, g_out):
        (g, h), (a, b) = self.receive_gradient(g_out), self.x_in
        return (g * b + h, g * a + h), {}


def test_a_layer_of_several_inputs_and_outputs():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(3, 2)), rng.normal(size=(3, 2))
    check(Twist(), x, rng)
    check(Sequential(Twist(), Parallel(Tanh(), Identity()), Twist()), x, rng)
    g = Graph()
    a, theta = g.input("a"), g.parameter("theta", rng.normal(size=(3, 2)))
    g.output(*g.add(Twist(), *g.add(Twist(), a, theta), name="last"))
    check(g, x[0], rng)


class Cube(Layer):
    """A layer of the reader's own, with nothing but the two verbs."""

    def forward(self, x_in):
        self.x_in = x_in
        return x_in**3

    def backward(self, g_out):
        return g_out * 3 * self.x_in**2, {}


class Twice(Linear):
    """A reader's subclass with a backward of its own: the table must not take it for a Linear."""

    def forward(self, x_in):
        return 2 * super().forward(x_in)

    def backward(self, g_out):
        g_in, param_grads = super().backward(2 * np.asarray(g_out))
        return g_in, param_grads


def test_layers_of_the_readers_own():
    rng = np.random.default_rng(0)
    network = check(Sequential(Cube(), Twice(3, 2, rng=rng)), rng.normal(size=(5, 3)), rng)
    assert [type(layer) for layer in network] == [LocalJacobian, LocalJacobian]


@pytest.mark.parametrize("kind", [LocalJacobian, Adjoint])
def test_the_new_layers_obey_the_contract(kind):
    layer, x_in = kind.example(0)
    with pytest.raises(BackwardBeforeForwardError):
        layer.backward(x_in)
    x_out = layer.forward(x_in)
    assert check_gradients(layer, x_in).ok
    with pytest.raises(ShapeError, match="g_out"):
        layer.backward(np.ones((2, 2, 2)))
    with pytest.raises(ShapeError):
        layer.forward(np.ones((7, 7, 7)))
    other = layer.tied()
    with pytest.raises(BackwardBeforeForwardError):
        other.backward(x_out)
    assert_close(other.forward(x_in), x_out)


def test_no_model_holds_a_frozen_layer():
    rng = np.random.default_rng(0)
    model = Sequential(Linear(2, 3, rng=rng), Softmax())
    model.forward(np.ones(2))
    network = backward_network(model)
    assert [type(layer) for _, layer in walk(network)] == [Sequential, LocalJacobian, Linear]
