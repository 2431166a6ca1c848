"""The forward-backward graph: J and all its gradients by gates, and gradients of these gradients."""

import autograd
import autograd.numpy as anp
import numpy as np
import pytest

import layers as kit
from graph import (
    Graph,
    Parallel,
    Residual,
    Sequential,
    backward_network,
    check_gradients,
    draw,
    forward_backward_graph,
    hessian,
    hessian_vector_product,
)
from graph.backward.over_batch import OverBatch
from graph.backward.slope import Slope
from graph.backward.slopes import SLOPES
from graph.backward.sum_to import SumTo
from layers import (
    Branch,
    Dropout,
    Identity,
    Linear,
    ParameterNameError,
    ReLU,
    Scale,
    ShapeError,
    Sigmoid,
    Softmax,
    Softplus,
    Tanh,
)
from losses import HuberLoss, L2Loss, SoftmaxCrossEntropy


def rng():
    return np.random.default_rng(0)


def mlp():
    return Sequential(hidden=Linear(3, 4, rng=0), h=Tanh(), out=Linear(4, 3, rng=1))


def mlp_oracle(p, x):
    return anp.tanh(x @ p["hidden.W"].T + p["hidden.b"]) @ p["out.W"].T + p["out.b"]


def residual():
    body = Sequential(Linear(3, 3, rng=0), Softplus(), Linear(3, 3, rng=1))
    return Sequential(Residual(body), Sigmoid(), Linear(3, 3, rng=2))


def residual_oracle(p, x):
    inner = anp.log1p(anp.exp(x @ p["0.1.0.0.W"].T + p["0.1.0.0.b"])) @ p["0.1.0.2.W"].T + p["0.1.0.2.b"]
    return (1 / (1 + anp.exp(-(inner + x)))) @ p["2.W"].T + p["2.b"]


def tied():
    encoder = Linear(3, 3, rng=0)
    return Sequential(encoder, Tanh(), encoder.tied(), Tanh(), encoder.tied(transpose=True))


def tied_oracle(p, x):
    h = anp.tanh(anp.tanh(x @ p["0.W"].T + p["0.b"]) @ p["0.W"].T + p["0.b"])
    return h @ p["0.W"] + p["4.b"]


def dag():
    g = Graph()
    x, scale, row = g.input("x"), g.parameter("scale", 0.7), g.parameter("row", rng().normal(size=3))
    h = g.add(Linear(3, 3, rng=0), x, name="h")
    g.output(scale * h * x + g.add(Tanh(), row * x - h) + row)
    return g


def dag_oracle(p, x):
    h = x @ p["h.W"].T + p["h.b"]
    return p["scale"] * h * x + anp.tanh(p["row"] * x - h) + p["row"]


def l2(y_hat, y):
    return anp.sum((y_hat - y) ** 2) / len(y)


def cross_entropy(y_hat, y):
    log_p = y_hat - anp.log(anp.sum(anp.exp(y_hat), axis=1, keepdims=True))
    return -anp.sum(y * log_p) / len(y)


MODELS = [(mlp, mlp_oracle), (residual, residual_oracle), (tied, tied_oracle), (dag, dag_oracle)]
LOSSES = [(L2Loss, l2), (SoftmaxCrossEntropy, cross_entropy)]
every_model = pytest.mark.parametrize(("model", "oracle"), MODELS, ids=lambda f: getattr(f, "__name__", ""))
every_loss = pytest.mark.parametrize(("loss", "loss_oracle"), LOSSES, ids=lambda f: getattr(f, "__name__", ""))


def problem(model, loss):
    model, x = model(), rng().normal(size=(5, 3))
    y = np.eye(3)[[0, 2, 1, 1, 0]] if loss is SoftmaxCrossEntropy else rng().normal(size=(5, 3))
    return model, loss(), x, y


def gradient_differences(model, loss, x, y, v, step):
    """How the gradient changes along v, by central differences."""
    gradients = []
    for side in (step, -2 * step):
        for name, theta in model.params.items():
            theta += side * v[name]
        loss.forward(model.forward(x), y)
        gradients.append(model.backward_params(loss.backward()[0]))
    return {name: (gradients[0][name] - gradients[1][name]) / (2 * step) for name in v}


@every_model
@every_loss
def test_one_forward_pass_gives_the_cost_and_every_gradient(model, oracle, loss, loss_oracle):
    model, loss, x, y = problem(model, loss)
    graph = forward_backward_graph(model, loss)
    J, *grads, g_x = graph.forward(x, y, *model.params.values())
    assert [wire.name for wire in graph.inputs] == ["x", "y", *(name.replace(".", "_") for name in model.params)]
    assert [wire.name for wire in graph.outputs] == ["J", *(f"dJ/d{wire.name}" for wire in graph.inputs[2:]), "dJ/dx"]
    assert not graph.params
    np.testing.assert_allclose(J, loss.forward(model.forward(x), y), rtol=1e-13)
    g_in, param_grads = model.backward(loss.backward()[0])
    np.testing.assert_allclose(g_x, g_in, rtol=1e-12, atol=1e-15)
    for g, (name, expected) in zip(grads, param_grads.items(), strict=True):
        np.testing.assert_allclose(g, expected, rtol=1e-12, atol=1e-15, err_msg=name)


@every_model
@every_loss
def test_hessian_vector_products_are_those_of_autograd(model, oracle, loss, loss_oracle):
    model, loss, x, y = problem(model, loss)
    p = {name: np.array(theta) for name, theta in model.params.items()}
    v = {name: rng().normal(size=theta.shape) for name, theta in p.items()}

    def along(p):
        g = autograd.grad(lambda p: loss_oracle(oracle(p, x), y))(p)
        return sum(anp.sum(g[name] * v[name]) for name in v)

    expected = autograd.grad(along)(p)
    got = hessian_vector_product(model, loss, x, y, v)
    assert list(got) == list(model.params)
    for name, value in got.items():
        np.testing.assert_allclose(value, expected[name], rtol=1e-6, atol=1e-9, err_msg=name)


@every_model
@every_loss
def test_hessian_vector_products_are_finite_differences_of_the_gradient(model, oracle, loss, loss_oracle):
    model, loss, x, y = problem(model, loss)
    v = {name: rng().normal(size=theta.shape) for name, theta in model.params.items()}
    got = hessian_vector_product(model, loss, x, y, v)
    for name, difference in gradient_differences(model, loss, x, y, v, 1e-5).items():
        np.testing.assert_allclose(got[name], difference, rtol=1e-6, atol=1e-8, err_msg=name)


@every_model
def test_hessian_is_symmetric_and_its_columns_are_the_products(model, oracle):
    model, loss, x, y = problem(model, L2Loss)
    H = hessian(model, loss, x, y)
    np.testing.assert_allclose(H, H.T, rtol=1e-9, atol=1e-12)
    v = {name: rng().normal(size=theta.shape) for name, theta in model.params.items()}
    flat = [
        np.concatenate([part.ravel() for part in d.values()]) for d in (v, hessian_vector_product(model, loss, x, y, v))
    ]
    np.testing.assert_allclose(H @ flat[0], flat[1], rtol=1e-9, atol=1e-11)


def test_labels_single_datapoints_and_a_lone_layer():
    model, x = mlp(), rng().normal(size=(5, 3))
    v = {name: np.ones_like(theta) for name, theta in model.params.items()}
    by_label = hessian_vector_product(model, SoftmaxCrossEntropy(), x, [0, 2, 1, 1, 0], v)
    by_share = hessian_vector_product(model, SoftmaxCrossEntropy(), x, np.eye(3)[[0, 2, 1, 1, 0]], v)
    for name in v:
        np.testing.assert_array_equal(by_label[name], by_share[name])
    H = hessian(Linear(3, 2, rng=0), L2Loss(), x[0], [1.0, 2.0])
    np.testing.assert_allclose(H[:3, :3], 2 * np.outer(x[0], x[0]), rtol=1e-12)
    summed = hessian(Linear(3, 2, rng=0), L2Loss(reduction="sum"), x, np.zeros((5, 2)))
    np.testing.assert_allclose(summed[:3, :3], 2 * x.T @ x, rtol=1e-12)


def test_the_cost_is_summed_where_the_loss_sums():
    model, loss, x, y = mlp(), L2Loss(reduction="sum"), rng().normal(size=(5, 3)), rng().normal(size=(5, 3))
    J, *_, g_x = forward_backward_graph(model, loss).forward(x, y, *model.params.values())
    np.testing.assert_allclose(J, loss.forward(model.forward(x), y), rtol=1e-13)
    np.testing.assert_allclose(g_x, model.backward(loss.backward()[0])[0], rtol=1e-12)


def test_a_graph_inside_with_its_outputs_in_another_order():
    inner = Graph()
    x = inner.input("x")
    first = inner.add(Linear(3, 3, rng=0), x, name="first")
    inner.output(inner.add(Tanh(), first, name="last"), first)
    model = Sequential(inner, kit.Subtract())
    x, g_out = rng().normal(size=(4, 3)), rng().normal(size=(4, 3))
    y_hat, g_W, _, g_x = forward_backward_graph(model).forward(x, g_out, *model.params.values())
    np.testing.assert_allclose(y_hat, model.forward(x), rtol=1e-13)
    np.testing.assert_allclose(g_x, model.backward(g_out)[0], atol=1e-13)
    np.testing.assert_allclose(g_W, model.backward(g_out)[1]["0.first.W"], atol=1e-13)


def test_float32_stays_float32():
    model = Sequential(Linear(3, 4, rng=0, dtype=np.float32), ReLU(), Linear(4, 3, rng=1, dtype=np.float32))
    v = {name: np.ones_like(theta) for name, theta in model.params.items()}
    for loss, y in ((L2Loss(), np.zeros((5, 3))), (SoftmaxCrossEntropy(), [0, 1, 2, 0, 1])):
        got = hessian_vector_product(model, loss, rng().normal(size=(5, 3)), y, v)
        assert {value.dtype for value in got.values()} == {np.dtype(np.float32)}


@pytest.mark.parametrize("example", [*(kind.example(0)[0] for kind in SLOPES), Softplus(beta=3.0)], ids=repr)
def test_every_pointwise_layer_in_the_table_of_slopes(example):
    model = Sequential(Linear(3, 4, rng=0), example.tied(), Linear(4, 2, rng=1))
    x, y = rng().normal(size=(4, 3)), rng().normal(size=(4, 2))
    v = {name: rng().normal(size=theta.shape) for name, theta in model.params.items()}
    got = hessian_vector_product(model, L2Loss(), x, y, v)
    for name, difference in gradient_differences(model, L2Loss(), x, y, v, 1e-6).items():
        np.testing.assert_allclose(got[name], difference, rtol=1e-5, atol=1e-6, err_msg=name)


@pytest.mark.parametrize("gate", [Slope, OverBatch, SumTo])
def test_the_new_gates_obey_the_contract(gate):
    layer, x_in = gate.example(0)
    with pytest.raises(kit.BackwardBeforeForwardError):
        layer.backward(x_in)
    assert check_gradients(layer, x_in).ok
    layer.forward(x_in.astype(np.float32))
    assert layer.forward(x_in.astype(np.float32)).dtype == np.float32
    with pytest.raises(ShapeError, match="g_out"):
        layer.backward(np.ones((9, 9, 9)))
    with pytest.raises(kit.BackwardBeforeForwardError):
        layer.tied().backward(x_in)


def test_its_own_backward_network_exists():
    """The graph is a graph of layers like any other: it can be turned round as well."""
    model, loss, x, y = problem(mlp, L2Loss)
    graph = forward_backward_graph(model, loss)
    out = graph.forward(x, y, *model.params.values())
    g = tuple(rng().normal(size=np.shape(part)) for part in out)
    for a, b in zip(backward_network(graph).forward(g), graph.backward(g)[0], strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-10)


def test_a_gradient_penalty_trains_a_critic():
    """A critic of real and made points, held to slope 1 between them: |dD/dx| is part of the cost (WGAN-GP)."""
    critic = Sequential(Linear(2, 16, rng=0), Tanh(), Linear(16, 1, rng=1))
    graph = forward_backward_graph(critic)  # without a loss: (D(x), gradients of parameters, dD/dx) for g_out
    names = list(critic.params)
    points = rng()
    strength, n = 10.0, 64

    def cost_and_gradients():
        real, made = points.normal(size=(n, 2)) + 2.0, points.normal(size=(n, 2))
        between = real + points.random((n, 1)) * (made - real)
        signs = np.concatenate([-np.ones((n, 1)), np.ones((n, 1))]) / n
        scores = critic.forward(np.concatenate([real, made]))
        _, of_scores = critic.backward(signs)
        _, *grads, g_x = graph.forward(between, np.ones((n, 1)), *critic.params.values())
        length = np.sqrt((g_x**2).sum(axis=1, keepdims=True) + 1e-12)
        penalty = strength * ((length - 1) ** 2).mean()
        g_out = (np.zeros((n, 1)), *(np.zeros_like(g) for g in grads), strength * 2 * (length - 1) * g_x / length / n)
        _, _, *of_penalty = graph.backward(g_out)[0]
        total = {name: of_scores[name] + g for name, g in zip(names, of_penalty, strict=True)}
        return (signs * scores).sum(), penalty, total, (real, made, between)

    _, _, total, (real, made, between) = cost_and_gradients()

    def oracle(p):
        def D(x):
            return (anp.tanh(x @ p["0.W"].T + p["0.b"]) @ p["2.W"].T + p["2.b"])[:, 0]

        slope = autograd.elementwise_grad(D)(between)
        length = anp.sqrt(anp.sum(slope**2, axis=1) + 1e-12)
        return anp.mean(D(made)) - anp.mean(D(real)) + strength * anp.mean((length - 1) ** 2)

    expected = autograd.grad(oracle)({name: np.array(theta) for name, theta in critic.params.items()})
    for name, g in total.items():
        np.testing.assert_allclose(g, expected[name], rtol=1e-7, atol=1e-9, err_msg=name)
    history = []
    for _ in range(200):
        J, penalty, total, _ = cost_and_gradients()
        critic.update(total, lr=0.02)
        history.append((J, penalty))
    (first, last) = (np.mean(part, axis=0) for part in (history[:10], history[-10:]))
    assert last[0] < first[0] - 1.0, "the critic has learnt to tell them apart"
    assert last[1] < 1.0, "with a slope that stays near 1"


def test_its_drawing_has_dotted_wires_for_the_gradients_of_parameters():
    graph = forward_backward_graph(mlp(), L2Loss())
    assert {"dJ/dhidden_W", "dJ/dhidden_b", "dJ/dout_W", "dJ/dout_b"} <= graph.dotted
    assert "J" not in graph.dotted
    styles = [
        patch.get_linestyle() for patch in draw(graph).axes[0].patches if type(patch).__name__ == "FancyArrowPatch"
    ]
    assert len(styles) == len(graph.edges) - 1, "one for each edge; the Identity that names dJ/dx is none"
    dotted = [e for e in graph.edges if e.source in graph.dotted or e.target in graph.dotted]
    assert styles.count("dotted") + styles.count(":") == len(dotted) > 8


def softmax_inside():
    return Sequential(first=Linear(3, 3, rng=0), p=Softmax())


X, Y = np.zeros((2, 3)), np.zeros((2, 3))
REFUSED = [
    (lambda: forward_backward_graph(softmax_inside(), L2Loss()), NotImplementedError, r'layer "p", Softmax\(axis=-1\)'),
    (lambda: forward_backward_graph(Sequential(Dropout(0.5)), L2Loss()), NotImplementedError, r"Dropout\(0.5\)"),
    (lambda: forward_backward_graph(mlp(), HuberLoss()), NotImplementedError, "no gates for HuberLoss"),
    (lambda: forward_backward_graph(mlp(), L2Loss(reduction="none")), NotImplementedError, "no gates for L2Loss"),
    (
        lambda: forward_backward_graph(mlp(), SoftmaxCrossEntropy(label_smoothing=0.1)),
        NotImplementedError,
        "no gates for SoftmaxCrossEntropy",
    ),
    (lambda: forward_backward_graph(Sequential(Branch(2)), L2Loss()), NotImplementedError, "one output is needed"),
    (lambda: forward_backward_graph(two_inputs(), L2Loss()), NotImplementedError, "one input is needed"),
    (lambda: forward_backward_graph(mlp, L2Loss()), TypeError, "model must be a layer"),
    (lambda: hessian_vector_product(mlp(), L2Loss(), X, Y, {}), ParameterNameError, "v must have the names"),
    (lambda: hessian_vector_product(mlp(), L2Loss(), X, Y, wrong_shape()), ShapeError, r'v\["out.b"\] must be \(3,\)'),
    (lambda: hessian_vector_product(mlp(), L2Loss(), X, Y[:1], ones()), ShapeError, "y must be shaped"),
    (lambda: hessian_vector_product(mlp(), SoftmaxCrossEntropy(), X, [0, 7], ones()), ValueError, "label 7"),
    (
        lambda: hessian(Sequential(Linear(500, 500, rng=0)), L2Loss(), np.zeros((1, 500)), np.zeros((1, 500))),
        ValueError,
        r"shape \(250500, 250500\), 468 GB, and max_bytes is 128 MB",
    ),
]


def two_inputs():
    g = Graph()
    g.output(g.input("a") + g.input("b"))
    return g


def ones():
    return {name: np.ones_like(theta) for name, theta in mlp().params.items()}


def wrong_shape():
    return ones() | {"out.b": np.zeros(7)}


@pytest.mark.parametrize(("call", "error", "words"), REFUSED, ids=[words for _, _, words in REFUSED])
def test_refusals(call, error, words):
    with pytest.raises(error, match=words):
        call()


def test_wiring_layers_have_gates_too():
    ways = Parallel(Sequential(Identity(), Scale(2.0)), Linear(3, 3, rng=0), kit.Negate())
    model = Sequential(Branch(3), ways, kit.Multiply(), kit.Shift(1.0), Branch(2), kit.Subtract())
    x, g_out = rng().normal(size=(4, 3)), rng().normal(size=(4, 3))
    graph = forward_backward_graph(model)
    y_hat, g_W, g_b, g_x = graph.forward(x, g_out, *model.params.values())
    np.testing.assert_allclose(y_hat, model.forward(x), rtol=1e-13)
    g_in, param_grads = model.backward(g_out)
    np.testing.assert_allclose(g_x, g_in, atol=1e-13)
    np.testing.assert_allclose(g_W, param_grads["1.1.W"], atol=1e-13)
    np.testing.assert_allclose(g_b, param_grads["1.1.b"], atol=1e-13)
