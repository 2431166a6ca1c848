"""Ten steps of SGD in both: all parameters, all running statistics and the loss stay equal to 1e-8."""

import numpy as np
import pytest

from losses import SoftmaxCrossEntropy

torch = pytest.importorskip("torch")
networks = pytest.importorskip("tests.parity.networks")

pytestmark = pytest.mark.parity

NETWORKS = [
    (networks.lenet, networks.torch_lenet, (1, 28, 28)),
    (networks.resnet, networks.torch_resnet, (3, 16, 16)),
]


@pytest.mark.parametrize(("build", "build_torch", "shape"), NETWORKS, ids=["LeNet", "ResNet"])
def test_ten_steps_of_sgd(build, build_torch, shape):
    rng = np.random.default_rng(0)
    model, theirs = build(rng), build_torch().to(torch.float64)
    with torch.no_grad():
        for theta, tensor in zip(model.params.values(), theirs.parameters(), strict=True):
            tensor.copy_(torch.from_numpy(theta))
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
    for (name, theta), tensor in zip(model.params.items(), theirs.parameters(), strict=True):
        np.testing.assert_allclose(theta, tensor.detach().numpy(), rtol=0, atol=1e-8, err_msg=name)
        assert (theta != before[name]).any()
    statistics = [value for name, value in theirs.named_buffers() if "running" in name]
    for (name, ours), value in zip(model.state().items(), statistics, strict=True):
        np.testing.assert_allclose(ours, value.numpy(), rtol=0, atol=1e-8, err_msg=name)
