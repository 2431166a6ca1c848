"""AlexNet has the published shapes and parameter counts, and runs forward and backward."""

import pytest

from tests.parity import alexnet


@pytest.mark.slow
def test_alexnet_has_the_published_sizes(capsys):
    found = alexnet.main()
    for name, paper in alexnet.PUBLISHED.items():
        assert found[name] == (paper.shape, paper.params)
    assert found["pool5"][0] == (256, 6, 6)
    assert sum(params for _, params in found.values()) == 60_965_224
    assert "finite: True" in capsys.readouterr().out
