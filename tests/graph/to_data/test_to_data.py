"""Backpropagation to the data: the input moves, the model stands still."""

import numpy as np
import pytest

from graph import (
    Adam,
    Graph,
    L2Prior,
    Parallel,
    Residual,
    Sequential,
    TotalVariation,
    adversarial,
    check_gradients,
    optimise_input,
    saliency,
)
from graph.to_data.image_moves import blurred, shifted
from layers import (
    Add,
    BatchNorm,
    Branch,
    Conv2d,
    Dropout,
    Embedding,
    Flatten,
    Linear,
    MatMul,
    ReLU,
    ShapeError,
    Sum,
    Tanh,
)
from losses import L2Loss, SoftmaxCrossEntropy


def mlp():
    return Sequential(hidden=Linear(3, 4, rng=0), relu=Tanh(), out=Linear(4, 2, rng=1))


def finite_difference(f, x, step=1e-6):
    g = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        above, below = x.copy(), x.copy()
        above[i] += step
        below[i] -= step
        g[i] = (f(above) - f(below)) / (2 * step)
    return g


def test_one_step_is_the_finite_difference_of_the_neuron():
    model, x0 = mlp(), np.array([0.3, -0.2, 0.7])
    found = optimise_input(model, 1, x0, steps=1, lr=0.5)
    expected = x0 + 0.5 * finite_difference(lambda x: model.forward(x)[1], x0)
    np.testing.assert_allclose(found.x, expected, rtol=1e-8)
    np.testing.assert_allclose(found.curve.losses, [-model.forward(x0)[1], -model.forward(found.x)[1]], rtol=1e-12)


def test_a_hidden_neuron_by_the_name_of_its_place():
    model, x0 = mlp(), np.array([0.3, -0.2, 0.7])
    found = optimise_input(model, 2, x0, at="hidden", steps=1, lr=0.5)
    np.testing.assert_allclose(found.x, x0 + 0.5 * model["hidden"].params["W"][2], rtol=1e-14)
    nested = Sequential(Sequential(Linear(3, 4, rng=0), Tanh()), Linear(4, 2, rng=1))
    found = optimise_input(nested, 2, x0, at="0.0", steps=1, lr=0.5)
    np.testing.assert_allclose(found.x, x0 + 0.5 * nested[0][0].params["W"][2], rtol=1e-14)


def test_a_target_is_reached():
    model = mlp()
    target = model.forward(np.array([0.3, -0.2, 0.7]))
    found = optimise_input(model, L2Loss(), np.zeros(3), y=target, steps=200, lr=0.1)
    assert found.curve.losses[-1] < 1e-12 < found.curve.losses[0]
    np.testing.assert_allclose(model.forward(found.x), target, atol=1e-6)


def test_the_model_is_left_as_it_is():
    model = Sequential(Linear(3, 4, rng=0), BatchNorm(4), Dropout(0.5, rng=0), Linear(4, 2, rng=1))
    x = np.random.default_rng(0).normal(size=(6, 3))
    model.forward(x)
    before = {name: theta.copy() for name, theta in model.params.items()}
    state, g_in = model.state(), model.backward(np.ones((6, 2)))[0]
    x0 = np.zeros((2, 3))
    found = optimise_input(model, 0, x0, steps=5, lr=0.1)
    adversarial(model, SoftmaxCrossEntropy(), x, [0, 1, 0, 1, 0, 1], epsilon=0.1)
    saliency(model, x[:1], 0)
    optimise_input(model, 0, x, at="2", steps=2, lr=0.1)
    assert model.training
    assert not x0.any()
    assert found.x.any()
    for name, theta in model.params.items():
        np.testing.assert_array_equal(theta, before[name])
    for name, value in model.state().items():
        np.testing.assert_array_equal(value, state[name])
    np.testing.assert_array_equal(model.backward(np.ones((6, 2)))[0], g_in)


def test_frames_curve_bounds_and_optimizer():
    found = optimise_input(
        mlp(), 0, np.zeros((4, 3)), steps=30, lr=0.3, bounds=(-0.5, 0.5), optimizer=Adam(), n_frames=7
    )
    assert len(found.frames) == 7
    assert not found.frames[0].any()
    np.testing.assert_array_equal(found.frames[-1], found.x)
    assert np.abs(found.x).max() == 0.5
    assert len(found.curve.losses) == 31
    x0 = np.zeros(3)
    found = optimise_input(mlp(), 0, x0, steps=3, lr=0.1)
    assert len(found.frames) == 4
    assert not any(np.shares_memory(frame, x0) for frame in found.frames)


def test_optimizer_blur_and_a_schedule_act_in_this_order():
    model, x0 = Sequential(Linear(6, 1, rng=0)), np.arange(6.0)
    W = model.params["0.W"][0]
    found = optimise_input(
        model,
        0,
        x0,
        steps=2,
        lr=lambda step: 0.5 / (step + 1),
        optimizer=lambda gradients: {name: np.sign(g) for name, g in gradients.items()},
        blur=0.25,
        image_shape=(2, 3),
    )
    x = blurred(x0 + 0.5 * np.sign(W), 0.25, (2, 3))
    np.testing.assert_allclose(found.x, blurred(x + 0.25 * np.sign(W), 0.25, (2, 3)), rtol=1e-14)


def test_float32_stays_float32():
    model = Sequential(Linear(3, 2, rng=0, dtype=np.float32))
    found = optimise_input(model, 0, np.zeros(3, np.float32), steps=2, lr=0.1, penalty=L2Prior(0.1))
    assert found.x.dtype == np.float32
    assert adversarial(model, L2Loss(), np.zeros(3, np.float32), [1, 1], epsilon=0.1).dtype == np.float32


def test_same_seed_same_bits_and_jitter_needs_images():
    model = Sequential(Conv2d(1, 2, 3, rng=0), ReLU(), Flatten(), Linear(32, 2, rng=1))
    x0 = np.random.default_rng(0).normal(size=(1, 1, 6, 6))
    runs = [optimise_input(model, 0, x0, steps=9, lr=0.1, jitter=2, rng=seed).x for seed in (3, 3, 4)]
    np.testing.assert_array_equal(runs[0], runs[1])
    assert (runs[0] != runs[2]).any()
    with pytest.raises(ShapeError, match="image"):
        optimise_input(mlp(), 0, np.zeros(3), steps=9, lr=0.1, jitter=1)


def test_jitter_takes_the_gradient_back_to_where_it_was():
    x = np.random.default_rng(0).normal(size=(2, 16))
    there = shifted(x, (1, -2), (4, 4))
    np.testing.assert_array_equal(shifted(there, (-1, 2), (4, 4)), x)
    # a sum of pixels does not feel where the image stands, so jitter must change nothing
    plain, shaken = (
        optimise_input(Sequential(TimesRow()), Sum(), x, steps=5, lr=0.1, jitter=j, image_shape=(4, 4)).x
        for j in (0, 2)
    )
    np.testing.assert_allclose(plain, shaken, rtol=1e-14)


class TimesRow(Tanh):
    """Pointwise: whatever pixel it is, it is treated alike."""


def test_blur_keeps_the_mean_and_evens_out():
    x = np.random.default_rng(0).normal(size=(3, 5, 6))
    y = blurred(x, 0.5, None)
    np.testing.assert_allclose(y.mean(axis=(1, 2)), x.mean(axis=(1, 2)), rtol=1e-12)
    assert (y.std(axis=(1, 2)) < x.std(axis=(1, 2))).all()


@pytest.mark.parametrize("prior", [L2Prior, TotalVariation])
def test_priors_have_the_right_gradient(prior):
    layer, x_in = prior.example(0)
    assert check_gradients(layer, x_in).ok
    rows = x_in.reshape(len(x_in), -1)
    if prior is TotalVariation:
        again = TotalVariation(0.5, image_shape=x_in.shape[1:])
        assert again.forward(rows) == layer.forward(x_in)
        np.testing.assert_array_equal(again.backward()[0].reshape(x_in.shape), layer.backward()[0])


def test_priors_pull_as_they_say():
    model, x0 = mlp(), np.array([0.3, -0.2, 0.7])
    plain = optimise_input(model, 1, x0, steps=1, lr=0.5).x
    prior = optimise_input(model, 1, x0, steps=1, lr=0.5, penalty=[L2Prior(0.1), L2Prior(0.3)])
    np.testing.assert_allclose(prior.x, plain - 0.5 * 2 * 0.4 * x0, rtol=1e-12)
    assert prior.curve.losses[0] == pytest.approx(-model.forward(x0)[1] + 0.4 * np.square(x0).sum())


def learning_problem():
    """One graph whose inputs are the data, the parameters and the target; its output is J (figure 14.22)."""
    g = Graph()
    x, W, b, y = (g.input(name) for name in ("x", "W", "b", "y"))
    h = g.add(Tanh(), g.add(MatMul(), x, W) + b)
    g.output(g.add(Sum(), (h - y) ** 2))
    return g


def test_data_and_parameters_are_moved_by_the_same_call_on_the_same_graph():
    rng = np.random.default_rng(0)
    J, lr = learning_problem(), 0.05
    values = {"x": rng.normal(size=(4, 3)), "W": rng.normal(size=(3, 2)), "b": np.zeros(2)}
    values["y"] = rng.uniform(-0.5, 0.5, size=(4, 2))
    data = optimise_input(J, None, values, wrt="x", steps=300, lr=lr)
    parameters = optimise_input(J, None, values, wrt=["W", "b"], steps=300, lr=lr)
    start = data.curve.losses[0]
    assert parameters.curve.losses[0] == start
    assert data.curve.losses[-1] < 1e-3 * start
    assert parameters.curve.losses[-1] < 0.5 * start
    for found, moved in ((data, {"x"}), (parameters, {"W", "b"})):
        assert {name for name in values if (found.x[name] != values[name]).any()} == moved
    # and what it does to the parameters is what training does to the same model, bit for bit close
    model = Sequential(Linear.from_arrays(values["W"].T, values["b"]), Tanh())
    loss = L2Loss(reduction="sum")
    for _ in range(300):
        loss.forward(model.forward(values["x"]), values["y"])
        model.update(model.backward_params(loss.backward()[0]), lr)
    np.testing.assert_allclose(parameters.x["W"], model.params["0.W"].T, rtol=1e-9)
    np.testing.assert_allclose(parameters.x["b"], model.params["0.b"], rtol=1e-9)


def test_adversarial_steps_stay_in_the_ball_and_raise_the_loss():
    rng = np.random.default_rng(0)
    model, loss, x, y = mlp(), SoftmaxCrossEntropy(), rng.normal(size=(20, 3)), rng.integers(2, size=20)
    before = loss.forward(model.forward(x), y)
    one = adversarial(model, loss, x, y, epsilon=0.1)
    loss.forward(model.forward(x), y)
    g = model.backward(loss.backward()[0])[0]
    np.testing.assert_allclose(one, x + 0.1 * np.sign(g), rtol=1e-15)
    many = adversarial(model, loss, x, y, epsilon=0.1, steps=20)
    assert np.abs(many - x).max() <= 0.1 + 1e-12
    after = [loss.forward(model.forward(z), y) for z in (one, many)]
    assert before < after[0] <= after[1] + 1e-9
    kept = adversarial(model, loss, x, y, epsilon=3.0, steps=5, bounds=(-1, 1))
    assert np.abs(kept).max() <= 1


def test_saliency_is_the_gradient_of_the_score():
    model, x = mlp(), np.array([0.3, -0.2, 0.7])
    g = finite_difference(lambda x: model.forward(x)[1], x)
    np.testing.assert_allclose(saliency(model, x, 1), g, rtol=1e-8)
    largest = int(np.argmax(model.forward(x)))
    np.testing.assert_array_equal(saliency(model, x), saliency(model, x, largest))


ONE = {"steps": 1, "lr": 0.1}
REFUSED = [
    (lambda: optimise_input(mlp(), 2, np.zeros(3), **ONE), ShapeError, r"index \(2,\) must lie inside"),
    (
        lambda: optimise_input(mlp(), Tanh(), np.zeros(3), **ONE),
        ShapeError,
        r"one number, Tanh\(\) has the shape \(2,\)",
    ),
    (lambda: optimise_input(mlp(), None, np.zeros(3), **ONE), ShapeError, "one number, the model's output"),
    (lambda: optimise_input(Branch(2), None, 1.0, **ONE), ShapeError, "has 2 wires"),
    (lambda: optimise_input(mlp(), L2Loss(), np.zeros(3), **ONE), TypeError, "needs its target y"),
    (lambda: optimise_input(mlp(), 0, np.zeros(3), y=[1.0], **ONE), TypeError, "no use for the target"),
    (lambda: optimise_input(mlp(), "cat", np.zeros(3), **ONE), TypeError, "objective must be"),
    (lambda: optimise_input(mlp(), True, np.zeros(3), **ONE), TypeError, "objective must be"),
    (
        lambda: optimise_input(mlp(), 0, np.zeros(3), at="middle", **ONE),
        ValueError,
        'no layer "middle" here; there are hid',
    ),
    (lambda: optimise_input(mlp(), 0, np.zeros(3), at="out.0", **ONE), ValueError, "is not a chain"),
    (lambda: optimise_input(Residual(Tanh()), 0, [1.0], at="1.0", **ONE), ValueError, "Parallel is not a chain"),
    (lambda: optimise_input(Parallel(Tanh()), 0, [1.0], at="0", **ONE), ValueError, "not a chain"),
    (lambda: optimise_input(mlp(), 0, np.zeros(3), steps=0, lr=0.1), ValueError, "steps must be 1 or more"),
    (lambda: optimise_input(mlp(), 0, np.zeros(3), steps=1, lr="fast"), TypeError, "lr must be"),
    (lambda: optimise_input(mlp(), 0, np.zeros(3), blur=2.0, **ONE), ValueError, "blur must be a share"),
    (lambda: optimise_input(mlp(), 0, {"z": np.zeros(3)}, **ONE), TypeError, "x0 must name the inputs x, got z"),
    (lambda: optimise_input(learning_problem(), None, {"x": 1.0}, **ONE), TypeError, "must name the inputs x, W, b, y"),
    (lambda: optimise_input(mlp(), 0, np.zeros(3), wrt="z", **ONE), ValueError, "no input 'z'; there are x"),
    (lambda: optimise_input(Embedding(3, 2, rng=0), 0, [1], **ONE), TypeError, "integers|has no gradient"),
    (lambda: optimise_input(mlp, 0, np.zeros(3), **ONE), TypeError, "model must be a layer"),
    (lambda: adversarial(mlp(), L2Loss(), np.zeros(3), [0, 0], epsilon=-1), ValueError, "epsilon must be 0 or more"),
    (lambda: adversarial(mlp(), L2Loss(), np.zeros(3), [0, 0], epsilon=1, steps=0), ValueError, "steps must be"),
    (lambda: saliency(mlp(), np.zeros((2, 3))), ValueError, "say the index for 2 datapoints"),
    (lambda: saliency(mlp(), np.zeros(3), 7), ShapeError, "must lie inside"),
    (lambda: TotalVariation(0.1, image_shape=(2, 2)).forward(np.zeros((5, 3))), ShapeError, "must fill images"),
]


@pytest.mark.parametrize(("call", "error", "words"), REFUSED, ids=[words for _, _, words in REFUSED])
def test_refusals_name_what_is_wrong(call, error, words):
    with pytest.raises(error, match=words):
        call()


def test_divergence_names_step_and_lr():
    with np.errstate(all="ignore"), pytest.raises(FloatingPointError, match=r"at step \d+ with lr=1000"):
        optimise_input(
            Sequential(Linear(3, 2, rng=0), Branch(2), Add()), L2Loss(), np.ones(3), y=[1, 1], steps=400, lr=1e3
        )
