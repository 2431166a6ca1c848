"""A recurrent net and a transformer learn a small poem by heart."""

import numpy as np
import pytest

from graph import Adam, Graph, Sequential, TransformerBlock, fit
from graph.data.dataset import DataError
from graph.data.text import RAIN, Letters, windows
from graph.writer import write, writer
from layers import Embedding, GRUCell, LayerNorm, Linear, LSTMCell
from losses import SoftmaxCrossEntropy

T = 32
LETTERS = Letters(RAIN)


def learnt(model, epochs):
    """Nats for each letter, epoch by epoch; knowing nothing costs log 27 = 3.3."""
    x, y = windows(LETTERS.encode(RAIN), T, step=3)
    options = {"epochs": epochs, "batch_size": 16, "lr": 0.01, "optimizer": Adam(), "rng": 0, "progress": False}
    return np.array(fit(model, SoftmaxCrossEntropy(), x, y, **options).epoch_losses) / T


@pytest.mark.parametrize("kind", [GRUCell, LSTMCell], ids=lambda kind: kind.__name__)
def test_a_recurrent_net_learns_the_poem(kind):
    model = writer(LETTERS, 64, cell=kind, rng=0)
    nats = learnt(model, epochs=12)
    assert nats[0] > 2.0
    assert nats[-1] < 0.25
    assert write(model, LETTERS, RAIN[:20], 40, temperature=0.0) == RAIN[:60]


class WithPlaces(Graph):
    """Letters and their places, each as a row of learnt numbers, added: attention alone knows of no order."""

    def __init__(self, n, d, rng):
        super().__init__()
        rows = self.add(Embedding(n, d, rng=rng), self.input("letters"))
        self.output(rows + self.parameter("places", rng.normal(size=(T, d))))


def test_a_transformer_learns_the_poem():
    rng, d = np.random.default_rng(0), 32
    blocks = [TransformerBlock(d, 4, mask="causal", rng=rng) for _ in range(2)]
    model = Sequential(WithPlaces(len(LETTERS), d, rng), *blocks, LayerNorm(d), Linear(d, len(LETTERS), rng=rng))
    nats = learnt(model, epochs=25)  # slower than a recurrent net on so little text
    assert nats[0] > 2.0
    assert nats[-1] < 0.25


def test_a_writer_draws_by_its_seed():
    model = writer(LETTERS, 8, rng=0)
    texts = [write(model, LETTERS, "a", 20, rng=seed) for seed in (0, 0, 1)]
    assert texts[0] == texts[1] != texts[2]
    assert len(texts[0]) == 21
    with pytest.raises(ValueError, match="temperature"):
        write(model, LETTERS, "a", 3, temperature=-1.0)
    with pytest.raises(DataError, match="unknown letters"):
        write(model, LETTERS, "A", 3)


def test_windows_are_stretches_and_what_follows():
    numbers = LETTERS.encode(RAIN)
    x, y = windows(numbers, T, step=7)
    assert x.shape == y.shape == ((len(RAIN) - T - 1) // 7 + 1, T)
    for i in range(len(x)):
        assert LETTERS.decode(x[i]) == RAIN[7 * i : 7 * i + T]
        assert LETTERS.decode(y[i]) == RAIN[7 * i + 1 : 7 * i + T + 1]
    with pytest.raises(DataError, match="T must lie"):
        windows(numbers, len(numbers))
