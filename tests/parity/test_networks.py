"""Ten steps of SGD in both: all parameters, all running statistics and the loss stay equal to 1e-8."""

import numpy as np
import pytest

from losses import SoftmaxCrossEntropy

torch = pytest.importorskip("torch")
networks = pytest.importorskip("tests.parity.networks")
sequences = pytest.importorskip("tests.parity.networks_of_sequences")

pytestmark = pytest.mark.parity

NETWORKS = [
    (networks.lenet, networks.torch_lenet, (1, 28, 28), sequences.by_order),
    (networks.resnet, networks.torch_resnet, (3, 16, 16), sequences.by_order),
    (sequences.lstm, sequences.torch_lstm, (7, 5), sequences.by_order),
    (sequences.transformer, sequences.torch_transformer, (6, 8), sequences.by_name),
]
NAMES = ["LeNet", "ResNet", "LSTM", "Transformer"]


@pytest.mark.parametrize(("build", "build_torch", "shape", "twins"), NETWORKS, ids=NAMES)
def test_ten_steps_of_sgd(build, build_torch, shape, twins):
    rng = np.random.default_rng(0)
    model, theirs = build(rng), build_torch().to(torch.float64)
    their_params = twins(model, theirs)  # torch's own memory: what is written here, torch computes with
    assert set(their_params) == set(model.params)
    for name, theta in model.params.items():
        their_params[name][...] = theta
    before = {name: theta.copy() for name, theta in model.params.items()}
    loss, optimizer = SoftmaxCrossEntropy(), torch.optim.SGD(theirs.parameters(), lr=0.05)
    costs = []
    for _ in range(10):
        x, y = rng.normal(size=(8, *shape)), rng.integers(10, size=8)
        J = loss.forward(model.forward(x), y)
        _, param_grads = model.backward(loss.backward()[0])
        model.update(param_grads, lr=0.05)
        optimizer.zero_grad()
        J_torch = torch.nn.functional.cross_entropy(theirs(torch.from_numpy(x)), torch.from_numpy(y))
        J_torch.backward()
        optimizer.step()
        costs.append((J, J_torch.item()))
    np.testing.assert_allclose(*np.transpose(costs), rtol=0, atol=1e-8)
    for name, theta in model.params.items():
        np.testing.assert_allclose(theta, their_params[name], rtol=0, atol=1e-8, err_msg=name)
        assert (theta != before[name]).any()
    statistics = [value for name, value in theirs.named_buffers() if "running" in name]
    for (name, ours), value in zip(model.state().items(), statistics, strict=True):
        np.testing.assert_allclose(ours, value.numpy(), rtol=0, atol=1e-8, err_msg=name)
