"""The digits a network would most like to see: with a prior they are strokes, and each is of its class."""

import numpy as np
import pytest

from graph import Adam, L2Prior, Sequential, TotalVariation, adversarial, optimise_input
from graph.views.input_pictures import draw_inputs, draw_saliency, save_frames
from layers import Linear, ReLU
from losses import SoftmaxCrossEntropy

pytest.importorskip("sklearn")
EPSILON = 0.1  # of the training against adversarial steps: what makes the gradient of the data look like data


@pytest.fixture(scope="module")
def trained():
    from graph.data import load

    data, rng = load("digits"), np.random.default_rng(0)
    model = Sequential(Linear(64, 256, rng=0), ReLU(), Linear(256, 10, rng=1))
    loss, optimizer = SoftmaxCrossEntropy(), Adam()
    for _ in range(25):
        order = rng.permutation(len(data.x))
        for rows in np.array_split(order, len(order) // 64):
            x = adversarial(model, loss, data.x[rows], data.y[rows], epsilon=EPSILON)
            loss.forward(model.forward(x), data.y[rows])
            model.update(optimizer(model.backward_params(loss.backward()[0])), lr=2e-3)
    return model, data


@pytest.fixture(scope="module")
def exciting(trained):
    model, data = trained
    return optimise_input(
        model,
        SoftmaxCrossEntropy(reduction="sum"),
        np.tile(data.x.mean(axis=0), (10, 1)),
        y=np.arange(10),
        steps=400,
        lr=1.0,
        bounds=(0.0, 1.0),
        penalty=[TotalVariation(1e-4, image_shape=(8, 8)), L2Prior(2e-4)],
    )


def shares(model, x):
    scores = model.predict(x)
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


@pytest.mark.slow
def test_each_exciting_input_is_of_its_class_with_over_99_percent(trained, exciting):
    model, data = trained
    assert (model.predict(data.x_test).argmax(axis=1) == data.y_test).mean() > 0.95
    p = shares(model, exciting.x)
    assert (p[range(10), range(10)] > 0.99).all(), p[range(10), range(10)].round(4)


@pytest.mark.slow
def test_the_exciting_inputs_are_strokes_that_look_like_their_digit(trained, exciting):
    """Of the ten mean images of the real digits, each lies nearest in correlation to that of its own class."""
    _, data = trained
    means = np.array([data.x[data.y == k].mean(axis=0) for k in range(10)])
    likeness = np.corrcoef(exciting.x, means)[:10, 10:]
    np.testing.assert_array_equal(likeness.argmax(axis=1), np.arange(10))
    assert likeness.diagonal().min() > 0.75
    assert edges(exciting.x) < 0.65  # real digits have 0.61, what excites a network without a prior has 0.74


def edges(x):
    """How long the edges of the images are, as a share of what they are with the same pixels in any order."""
    variation, rng = TotalVariation(1.0, image_shape=(8, 8)), np.random.default_rng(0)
    mixed = [variation.forward(rng.permuted(x, axis=1)) for _ in range(20)]
    return variation.forward(x) / np.mean(mixed)


@pytest.mark.slow
def test_an_adversarial_step_fools_a_network_that_was_not_trained_against_it(trained):
    from graph import fit

    robust, data = trained
    plain = Sequential(Linear(64, 32, rng=0), ReLU(), Linear(32, 10, rng=1))
    loss = SoftmaxCrossEntropy()
    fit(plain, loss, data.x, data.y, epochs=30, batch_size=64, lr=2e-3, optimizer=Adam(), progress=False)
    right = []
    for model in (plain, robust):
        x = adversarial(model, loss, data.x_test, data.y_test, epsilon=EPSILON)
        right.append((model.predict(x).argmax(axis=1) == data.y_test).mean())
    assert right[0] < 0.7 < right[1], right


def test_pictures_are_dressed_and_the_animation_has_all_frames(tmp_path):
    from PIL import Image

    rng = np.random.default_rng(0)
    figure = draw_inputs(rng.random((10, 64)), image_shape=(8, 8), titles=list("0123456789"), title="digits")
    assert figure.get_facecolor() == (1.0, 1.0, 1.0, 1.0)
    assert [axes.get_title() for axes in figure.axes[:10]] == list("0123456789")
    assert sum(axes.get_xlabel() == "column" and axes.get_ylabel() == "row" for axes in figure.axes) == 1
    assert figure.axes[-1].get_ylabel() == "value of a pixel"
    scales = {axes.images[0].get_clim() for axes in figure.axes[:10]}
    assert len(scales) == 1
    figure = draw_saliency(rng.random(64), rng.normal(size=64), image_shape=(8, 8))
    low, high = figure.axes[1].images[0].get_clim()
    assert low == -high, "zero must be white"
    path = tmp_path / "frames.gif"
    save_frames([rng.random((3, 64)) for _ in range(4)], path, image_shape=(8, 8))
    with Image.open(path) as animation:
        assert animation.n_frames == 4
    save_frames([rng.random(64) for _ in range(2)], path, image_shape=(8, 8))
    with pytest.raises(ValueError, match="need images"):
        draw_inputs(rng.random((10, 64)))
    with pytest.raises(ValueError, match="need images"):
        draw_inputs(rng.random((10, 64)), image_shape=(8, 9))
