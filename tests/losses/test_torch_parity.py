"""Values and gradients equal to PyTorch's, which divides by the number of elements where this kit divides by N."""

import numpy as np
import pytest

import losses

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.parity
rng = np.random.default_rng(0)
SCORES, REAL, ANSWERS = rng.normal(size=(6, 5)), rng.normal(size=(6, 5)), rng.uniform(size=(6, 5))
LABELS = rng.integers(5, size=6)

CASES = [
    (losses.L2Loss(), torch.nn.MSELoss, {}, SCORES, REAL, 5),
    (losses.L1Loss(), torch.nn.L1Loss, {}, SCORES, REAL, 5),
    (losses.HuberLoss(0.7), torch.nn.HuberLoss, {"delta": 0.7}, SCORES, REAL, 5),
    (losses.BinaryCrossEntropy(), torch.nn.BCEWithLogitsLoss, {}, SCORES, ANSWERS, 5),
    (losses.SVMLoss(0.8), torch.nn.MultiMarginLoss, {"margin": 0.8}, SCORES, LABELS, 5),
    (losses.SoftmaxCrossEntropy(), torch.nn.CrossEntropyLoss, {}, SCORES, LABELS, 1),
]


@pytest.mark.parametrize(("loss", "theirs", "options", "y_hat", "y", "times"), CASES)
def test_mean_agrees_with_torch(loss, theirs, options, y_hat, y, times):
    x = torch.tensor(y_hat, requires_grad=True)
    J = times * theirs(**options)(x, torch.tensor(y))
    J.backward()
    np.testing.assert_allclose(loss.forward(y_hat, y), J.item(), rtol=1e-12)
    np.testing.assert_allclose(loss.backward()[0], x.grad.numpy(), rtol=1e-10, atol=1e-14)


WEIGHT = rng.uniform(0.2, 2, size=5)
OPTIONS = [
    {"weight": WEIGHT},
    {"ignore_index": 2},
    {"ignore_index": -100, "weight": WEIGHT},
    {"label_smoothing": 0.15},
    {"label_smoothing": 0.3, "weight": WEIGHT, "ignore_index": 1},
]


def agree(ours, theirs, y_hat, y):
    """J and g_in of both, where `theirs` is a torch loss or a function."""
    x = torch.tensor(y_hat, requires_grad=True)
    J = theirs(x, torch.tensor(y))
    g_out = np.random.default_rng(1).normal(size=tuple(J.shape))
    J.backward(torch.tensor(g_out))
    np.testing.assert_allclose(ours.forward(y_hat, y), J.detach().numpy(), rtol=1e-12)
    np.testing.assert_allclose(ours.backward(g_out)[0], x.grad.numpy(), rtol=1e-10, atol=1e-14)


CROSS = ("SoftmaxCrossEntropy", "CrossEntropyLoss")
PROBABILITIES = np.random.default_rng(2).dirichlet(np.ones(5), size=6)
OPTION_CASES = [
    *((CROSS, options, LABELS) for options in OPTIONS),
    *((CROSS, options, PROBABILITIES) for options in OPTIONS if "ignore_index" not in options),
    *((("NLLLoss", "NLLLoss"), options, LABELS) for options in OPTIONS if "label_smoothing" not in options),
]


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize(("names", "options", "y"), OPTION_CASES)
def test_the_options_of_cross_entropy_agree_with_torch(names, options, y, reduction):
    ours = getattr(losses, names[0])(**options, reduction=reduction)
    theirs = {k: torch.tensor(v) if k == "weight" else v for k, v in options.items()}
    agree(ours, getattr(torch.nn, names[1])(**theirs, reduction=reduction), SCORES, y)


COUNTS, VERDICTS = rng.poisson(2.0, size=(6, 1)).astype(float), rng.choice([-1.0, 1.0], size=(6, 1))
COLUMN, RATES, LOGS = SCORES[:, :1], np.exp(SCORES[:, :1]), np.log(ANSWERS[:, :1])
MORE = [  # one element a datapoint: here torch's mean over elements is the mean over datapoints
    ("SmoothL1Loss", {"beta": 0.4}, COLUMN, REAL[:, :1]),
    ("KLDivLoss", {}, LOGS, ANSWERS[:, 1:2]),
    ("KLDivLoss", {"log_target": True}, LOGS, np.log(ANSWERS[:, 1:2])),
    ("PoissonNLLLoss", {}, COLUMN, COUNTS),
    ("PoissonNLLLoss", {"full": True}, COLUMN, COUNTS),
    ("PoissonNLLLoss", {"full": True, "log_input": False}, RATES, COUNTS),
    ("HingeEmbeddingLoss", {"margin": 0.5}, RATES, VERDICTS),
]


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize(("name", "options", "y_hat", "y"), MORE)
def test_the_other_losses_agree_with_torch(name, options, y_hat, y, reduction):
    theirs = "batchmean" if (name, reduction) == ("KLDivLoss", "mean") else reduction  # torch warns of its own mean
    ours = getattr(losses, name)(**options, reduction=reduction)
    agree(ours, getattr(torch.nn, name)(**options, reduction=theirs), y_hat, y)


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize("name", ["CosineEmbeddingLoss", "MarginRankingLoss"])
def test_losses_of_pairs_agree_with_torch(name, reduction):
    options = {"margin": 0.2, "reduction": reduction}
    pair = (SCORES, REAL) if name == "CosineEmbeddingLoss" else (COLUMN, REAL[:, :1])
    y = VERDICTS[:, 0] if name == "CosineEmbeddingLoss" else VERDICTS
    xs = [torch.tensor(x, requires_grad=True) for x in pair]
    J = getattr(torch.nn, name)(**options)(*xs, torch.tensor(y))
    J.sum().backward()
    ours = getattr(losses, name)(**options)
    np.testing.assert_allclose(ours.forward(pair, y), J.detach().numpy().reshape(np.shape(J)[:1]), rtol=1e-12)
    for g, x in zip(ours.backward()[0], xs, strict=True):
        np.testing.assert_allclose(g, x.grad.numpy(), rtol=1e-10, atol=1e-14)
