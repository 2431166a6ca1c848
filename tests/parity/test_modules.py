"""Every sample of every module that the table answers, and that the table would see an error."""

import pytest

pytest.importorskip("torch")
pytest.importorskip("expecttest", reason="torch's own module samples need it")

import layers
from layers.convolution.adaptive_avg_pool import AdaptiveAvgPooling
from layers.convolution.avg_pool import AvgPooling
from layers.convolution.conv import Convolution
from layers.convolution.conv_transpose import TransposedConvolution
from layers.convolution.max_pool import MaxPooling
from tests.parity.answers import Answer
from tests.parity.compare import infos
from tests.parity.report import run
from tests.parity.sequences import net
from tests.parity.spaces import convolution, pooling
from tests.parity.table import SPACE, TABLE

pytestmark = [pytest.mark.parity, pytest.mark.filterwarnings("ignore")]  # torch's samples warn of their own accord
INFOS = infos()
ANSWERED = [name for name, answer in TABLE.items() if isinstance(answer, Answer) and name in INFOS]


def test_the_table_has_every_module():
    assert not INFOS.keys() - TABLE.keys()


def test_at_least_fifty_modules_are_answered():
    assert len(ANSWERED) >= 50


@pytest.mark.parametrize("name", ANSWERED)
def test_every_sample_agrees(name):
    row = run(INFOS[name], TABLE[name])
    assert row.holds, "\n".join(row.failures or [str(row)])


def in_space(kind):
    """The layer for volumes: what a subclass with three axes of space is said to be."""
    return type(kind.__name__ + "3d", (kind,), {"n_space": 3})


VOLUMES = {
    "nn.Conv3d": convolution(in_space(Convolution)),
    "nn.ConvTranspose3d": convolution(in_space(TransposedConvolution), "output_padding"),
    "nn.MaxPool3d": pooling(in_space(MaxPooling), "dilation"),
    "nn.AvgPool3d": pooling(in_space(AvgPooling)),
    "nn.AdaptiveAvgPool3d": Answer(lambda m: in_space(AdaptiveAvgPooling)(m.output_size)),
}


@pytest.mark.parametrize("name", VOLUMES)
def test_three_axes_of_space_are_a_subclass(name):
    assert TABLE[name] == SPACE
    row = run(INFOS[name], VOLUMES[name])
    assert row.holds, "\n".join(row.failures)


class Leaky(layers.LSTMCell):
    """An LSTM that forgets a little more on the way back."""

    def unmix(self, g_h, g_c):
        g_a, g_r, g_more, g_before = super().unmix(g_h, g_c)
        return g_a, g_r, g_more, 0.999 * g_before


WRONG = {
    "nn.LayerNorm": Answer(lambda m: layers.LayerNorm(m.normalized_shape, eps=2 * m.eps, bias=m.bias is not None)),
    "nn.MaxPool2d": Answer(lambda m: layers.AvgPool2d(m.kernel_size, stride=m.stride, padding=m.padding)),
    "nn.Linear": Answer(lambda m: layers.Linear(m.in_features, m.out_features, bias=False)),
    "nn.ELU": Answer(lambda m: layers.ELU(alpha=m.alpha + 1e-6)),
    "nn.GRU": net(layers.RNNCell),
    "nn.LSTM": net(Leaky),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_answer_is_found(name):
    row = run(INFOS[name], WRONG[name])
    assert row.failures
    assert not row.holds
