"""fit and sgd: the numbers of a hand-written loop, the same bits each time, refusals that name the argument."""

import subprocess
import sys
import warnings

import numpy as np
import pytest

from graph import Adam, Momentum, Parallel, Sequential, fit, sgd
from layers import Add, BatchNorm, Branch, Dropout, Identity, Layer, Linear, ReLU
from losses import BinaryCrossEntropy, L2Loss, L2Penalty, SoftmaxCrossEntropy


def data(n=50, seed=0):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 4))
    return x, (x[:, 0] > x[:, 1]).astype(int) + (x[:, 2] > 1)


def mlp(**kw):
    return Sequential(Linear(4, 8, rng=0, **kw), ReLU(), Linear(8, 3, rng=1, **kw))


def bits(model):
    return {name: theta.tobytes() for name, theta in model.params.items()}


def run(model, n=50, loss=None, **kw):
    x, y = data(n)
    kw = {"epochs": 3, "batch_size": 16, "lr": 0.1, "progress": False} | kw
    return fit(model, loss or SoftmaxCrossEntropy(), x, y, **kw)


def test_equals_the_loop_written_by_hand():
    x, y = data()
    ours, model = mlp(), mlp()
    curve = run(ours, optimizer=Momentum(0.9), penalty=L2Penalty(0.01))
    loss, rng, optimizer, losses, means = SoftmaxCrossEntropy(), np.random.default_rng(0), Momentum(0.9), [], []
    for _ in range(3):
        order = rng.permutation(50)
        total = 0.0
        for start in range(0, 50, 16):
            rows = order[start : start + 16]
            J = float(loss.forward(model.forward(x[rows]), y[rows]))
            J += 0.01 * sum(float((model.params[name] ** 2).sum()) for name in ("0.W", "2.W"))
            param_grads = model.backward(loss.backward()[0])[1]
            for name in ("0.W", "2.W"):
                param_grads[name] = param_grads[name] + 0.02 * model.params[name]
            model.update(optimizer(param_grads), 0.1)
            losses.append(J)
            total += J * len(rows)
        means.append(total / 50)
    np.testing.assert_allclose(curve.losses, losses, rtol=1e-12)
    np.testing.assert_allclose(curve.epoch_losses, means, rtol=1e-12)
    assert curve.steps == list(range(12))
    assert curve.epochs == [0, 1, 2]
    for name, theta in model.params.items():
        np.testing.assert_allclose(ours.params[name], theta, rtol=1e-10)


def test_sgd_is_the_same_loop():
    x, y = data()
    one, other = mlp(), mlp()
    steps = list(sgd(one, SoftmaxCrossEntropy(), x, y, epochs=3, batch_size=16, lr=0.1, optimizer=Adam()))
    assert [step.J for step in steps] == run(other, optimizer=Adam()).losses
    assert bits(one) == bits(other)


def test_the_same_seed_gives_the_same_bits():
    one, other, third = mlp(), mlp(), mlp()
    assert run(one, rng=3).losses == run(other, rng=np.random.default_rng(3)).losses
    assert bits(one) == bits(other)
    run(third, rng=4)
    assert bits(third) != bits(one)


def test_each_epoch_has_every_row_once_in_a_new_order():
    seen = []

    class Spy(Layer):
        def forward(self, x_in):
            seen.append(x_in[:, 0].tolist())
            return x_in

        def backward(self, g_out):
            return g_out, {}

    x = np.arange(10.0)[:, None]
    model = Sequential(Spy(), Linear(1, 1, rng=0))
    fit(model, L2Loss(), x, x, epochs=2, batch_size=4, lr=1e-4, progress=False)
    assert [len(rows) for rows in seen] == [4, 4, 2] * 2
    first, second = (np.concatenate(part).tolist() for part in (seen[:3], seen[3:]))
    assert sorted(first) == sorted(second) == x[:, 0].tolist()
    assert first != second


def test_float32_stays_float32():
    model = mlp(dtype=np.float32)
    run(model, optimizer=Adam(weight_decay=0.01), penalty=L2Penalty(0.01))
    assert {theta.dtype for theta in model.params.values()} == {np.dtype(np.float32)}


def test_several_inputs():
    x, y = data()
    model = Sequential(Parallel(Linear(4, 3, rng=0), Linear(2, 3, rng=1)), Add())
    curve = fit(
        model,
        SoftmaxCrossEntropy(),
        (x, x[:, :2]),
        y,
        epochs=9,
        batch_size=8,
        lr=0.2,
        progress=False,
        validation=((x, x[:, :2]), y),
    )
    assert curve.validation_losses[-1] < curve.epoch_losses[0]


def test_a_single_layer_is_a_model():
    layer = Linear(4, 3, rng=0)
    x, y = data()
    curve = run(layer, validation=(x, y))
    assert curve.validation_losses[-1] < curve.losses[0]


def test_modes_are_put_back_each_to_its_own():
    model = Sequential(Linear(4, 8, rng=0), BatchNorm(8), Dropout(0.5, rng=0), Linear(8, 3, rng=1))
    model.train()
    model[1].training = False
    modes = []

    class Spy(SoftmaxCrossEntropy):
        def forward(self, y_hat, y):
            modes.append([layer.training for layer in model])
            return super().forward(y_hat, y)

    run(model, loss=Spy(), epochs=1)
    assert modes == [[True] * 4] * 4
    assert [layer.training for layer in model] == [True, False, True, True]
    model.eval()
    x, y = data()
    steps = sgd(model, SoftmaxCrossEntropy(), x, y, epochs=1, batch_size=16, lr=0.1)
    next(steps)
    assert model[2].training
    steps.close()
    assert not model[2].training


def test_validation_is_in_eval_mode_over_all_points_and_touches_nothing():
    x_val, y_val = data(3000, seed=1)
    model, without = (
        Sequential(Linear(4, 8, rng=0), BatchNorm(8), Dropout(0.5, rng=0), Linear(8, 3, rng=1)) for _ in "ab"
    )
    curve = run(model, validation=(x_val, y_val))
    assert run(without).losses == curve.losses
    y_hat = model.eval().forward(x_val)
    assert curve.validation_losses[-1] == pytest.approx(float(SoftmaxCrossEntropy().forward(y_hat, y_val)), rel=1e-12)
    assert curve.validation_accuracies[-1] == (y_hat.argmax(1) == y_val).mean()


def test_training_accuracy_counts_every_batch_before_its_update():
    model, seen = mlp(), []

    class Spy(SoftmaxCrossEntropy):
        def forward(self, y_hat, y):
            seen.append(y_hat.argmax(1) == y)
            return super().forward(y_hat, y)

    curve = run(model, loss=Spy(), batch_size=3)
    per_epoch = len(seen) // 3
    assert curve.epoch_accuracies == [
        np.concatenate(seen[i * per_epoch : (i + 1) * per_epoch]).mean() for i in range(3)
    ]


def test_accuracy_of_yes_and_no():
    x = np.array([[3.0], [1.0], [-2.0], [-1.0]])
    y = np.array([[1], [0], [0], [0]])
    model = Linear.from_arrays([[1.0]])
    kw = {"epochs": 1, "batch_size": 4, "lr": 0.0, "progress": False}
    curve = fit(model, BinaryCrossEntropy(), x, y, validation=(x[:2], y[:2]), **kw)
    assert (curve.epoch_accuracies, curve.validation_accuracies) == ([0.75], [0.5])
    assert fit(model, BinaryCrossEntropy(), x, y * 0.5, **kw).epoch_accuracies == []


def test_no_accuracy_where_there_are_no_classes():
    x = np.arange(12).reshape(6, 2)
    curve = fit(Linear(2, 1, rng=0), L2Loss(), x, x[:, :1], epochs=2, batch_size=2, lr=1e-4, progress=False)
    assert curve.epoch_accuracies == []


NAN = float("nan")
BAD = [
    ({"lr": NAN}, ValueError, "lr must be a finite number"),
    ({"lr": -0.1}, ValueError, "lr must be"),
    ({"lr": "0.1"}, TypeError, "lr must be"),
    ({"lr": None}, TypeError, "lr must be"),
    ({"epochs": -1}, ValueError, "epochs must be 0 or more, got -1"),
    ({"epochs": 1.5}, TypeError, "epochs must be a whole number"),
    ({"epochs": True}, TypeError, "epochs must be"),
    ({"batch_size": 0}, ValueError, "batch_size must be 1 or more, got 0"),
    ({"batch_size": 2.0}, TypeError, "batch_size must be"),
    ({"x": np.ones((49, 4))}, ValueError, "x and y must have the same length, got 49 and 50"),
    ({"x": np.ones((0, 4)), "y": np.ones(0, int)}, ValueError, "x and y must hold at least one"),
    ({"x": [["a"] * 4] * 50}, TypeError, "x must be an array of real numbers"),
    ({"x": [[1.0], [1.0, 2.0]]}, ValueError, "x must be an array, got rows of unequal length"),
    ({"x": 3.0}, ValueError, "x must be an array"),
    ({"x": ()}, ValueError, "x must be"),
    ({"y": None}, TypeError, "y must be an array"),
    ({"model": Linear}, TypeError, "model must be a layer.*give an instance"),
    ({"model": 3}, TypeError, "model must be a layer"),
    ({"model": Sequential(ReLU())}, ValueError, "model must have parameters"),
    ({"loss": SoftmaxCrossEntropy}, TypeError, "loss must have.*give an instance"),
    ({"loss": SoftmaxCrossEntropy(reduction="none")}, ValueError, "loss must give one number"),
    ({"optimizer": Adam}, TypeError, "optimizer must.*give an instance"),
    ({"optimizer": 0.9}, TypeError, "optimizer must"),
    ({"penalty": 0.1}, TypeError, "penalty must have"),
    ({"rng": "seed"}, TypeError, "rng must be"),
]
BAD_FIT = [
    ({"validation": np.ones((3, 4))}, TypeError, "validation must be a pair"),
    (
        {"validation": (np.ones((3, 4)), np.ones(2, int))},
        ValueError,
        "validation x and validation y must have the same",
    ),
    ({"validation": (np.ones((0, 4)), np.ones(0, int))}, ValueError, "validation x and validation y must hold"),
    ({"validation": (np.ones((3, 5)), np.ones(3, int))}, ValueError, r"x_in must be \(\.\.\., 4\), got \(1, 5\)"),
    ({"validation": (np.ones((3, 4)), np.ones((3, 1), int))}, ValueError, "y must"),
    ({"resume": True}, ValueError, "resume=True needs checkpoint"),
]


@pytest.mark.parametrize(
    ("train", "change", "error", "words"),
    [(train, *row) for train, rows in ((fit, BAD + BAD_FIT), (sgd, BAD)) for row in rows],
)
def test_refused_at_the_call_before_anything_changes(train, change, error, words):
    x, y = data()
    model = mlp()
    before = bits(model)
    arguments = {"model": model, "loss": SoftmaxCrossEntropy(), "x": x, "y": y, "epochs": 1, "batch_size": 8, "lr": 0.1}
    arguments |= {"progress": False} if train is fit else {}
    with pytest.raises(error, match=words):
        train(**arguments | change)
    assert bits(model) == before


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("lr", [1e3, 1e30, 1e300])
def test_a_diverging_run_says_so_and_keeps_the_last_good_parameters(dtype, lr):
    x, y = data()
    model, loss = mlp(dtype=dtype), L2Loss()
    y = np.eye(3)[y]
    kept = []
    with (
        warnings.catch_warnings(),
        pytest.raises(FloatingPointError, match=r"at step \d+ .*lr=1.*smaller lr") as e,
    ):
        warnings.simplefilter("error")
        for step in sgd(model, loss, x, y, epochs=100, batch_size=50, lr=lr):
            kept.append((step, bits(model)))
    with np.errstate(all="ignore"):
        J = loss.forward(model.forward(x), y)
    assert np.isfinite(J)
    assert all(np.isfinite(theta).all() for theta in model.params.values())
    # the batch is the whole of the data: these are the very parameters that the last finite cost belongs to
    assert f"at step {len(kept)} " in str(e.value)
    before = bits(mlp(dtype=dtype)) if len(kept) == 1 else kept[-2][1]
    assert bits(model) == before


def test_one_ruinous_update_takes_the_model_back_a_few_steps():
    x, y = data()
    model, kept = mlp(), []
    with pytest.raises(FloatingPointError, match="at step 24 "):
        for step in sgd(
            model, SoftmaxCrossEntropy(), x, y, epochs=100, batch_size=50, lr=lambda k: (0.1, 1e300)[k == 23]
        ):
            kept.append(bits(model))
    assert len(kept) == 24
    assert bits(model) == kept[15]  # as before step 16: the cost had not grown since


def test_a_last_update_to_infinity_is_taken_back():
    model = Linear.from_arrays(np.array([[2.0]], np.float32))
    with pytest.raises(FloatingPointError, match=r"W is not finite.*step 0 .*lr=1e\+39.*smaller lr"):
        fit(model, L2Loss(), [[1.0]], [[0.0]], epochs=1, batch_size=1, lr=1e39, progress=False)
    assert model.params["W"] == 2.0


def test_nan_in_the_data_is_not_blamed_on_lr():
    model = mlp()
    before = bits(model)
    x, y = data()
    x[:] = np.nan
    with pytest.raises(FloatingPointError, match=r"step 0 .*look for nan and inf in x, y"):
        fit(model, SoftmaxCrossEntropy(), x, y, epochs=1, batch_size=8, lr=0.1, progress=False)
    assert bits(model) == before


def test_numpys_warnings_are_the_readers_own_between_steps():
    x, y = data()
    for _ in sgd(mlp(), SoftmaxCrossEntropy(), x, y, epochs=1, batch_size=25, lr=0.1):
        with pytest.warns(RuntimeWarning, match="overflow"):
            np.exp(np.array([1e4]))


def test_an_optimizer_may_be_any_function():
    one, other = mlp(), mlp()
    run(one, optimizer=lambda param_grads: {name: 2 * g for name, g in param_grads.items()}, lr=0.05)
    run(other, lr=0.1)
    np.testing.assert_allclose(one.params["0.W"], other.params["0.W"], rtol=1e-12)


def test_no_epochs_is_an_empty_curve():
    model = mlp()
    before = bits(model)
    assert run(model, epochs=0).losses == []
    assert bits(model) == before


def test_silence_and_a_bar(capfd):
    run(mlp())
    assert capfd.readouterr() == ("", "")
    run(mlp(), progress=True)
    assert "epoch 3, J 0." in capfd.readouterr().err


def test_tied_weights_train_as_one_with_one_state():
    first = Linear(4, 4, rng=0)
    model = Sequential(first, ReLU(), first.tied(), Branch(2), Parallel(first.tied(transpose=True), Identity()), Add())
    optimizer = Adam()
    x = data()[0]
    fit(model, L2Loss(), x, x, epochs=20, batch_size=10, lr=0.01, optimizer=optimizer, progress=False)
    assert sorted(optimizer.memory) == sorted(model.params) == ["0.W", "0.b", "4.0.b"]
    assert model[2].params["W"] is first.params["W"]
    assert np.shares_memory(model[4][0].params["W"], first.params["W"])


def test_overfits_digits():
    digits = pytest.importorskip("sklearn.datasets").load_digits()
    x, y = digits.data[:200] / 16.0, digits.target[:200]
    model = Sequential(Linear(64, 32, rng=0), ReLU(), Linear(32, 10, rng=1))
    curve = fit(model, SoftmaxCrossEntropy(), x, y, epochs=60, batch_size=20, lr=0.01, optimizer=Adam(), progress=False)
    assert curve.epoch_accuracies[-1] == 1.0
    assert curve.epoch_losses[-1] < 0.02 < 2.0 < curve.losses[0]
    assert (model.predict(x).argmax(1) == y).all()


def test_importing_brings_in_numpy_only():
    code = "import sys, graph; print({'matplotlib', 'tqdm', 'sklearn', 'IPython'} & set(sys.modules))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout == "set()\n"
