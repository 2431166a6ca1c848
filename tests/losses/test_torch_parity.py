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
