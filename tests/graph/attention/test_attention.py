"""Attention as graphs: values, masks, gradients, and that it can be stepped through, drawn and turned round."""

import numpy as np
import pytest

from graph import (
    Attention,
    DecoderBlock,
    MultiHeadAttention,
    Sequential,
    Trace,
    TransformerBlock,
    backward_network,
    check_layer,
    draw,
    load,
    save,
)
from layers import GELU, Branch, DtypeError, Mask, ShapeError, Softmax
from losses import L2Loss
from tests.graph.flat_check import assert_flat_agrees

KEEP = np.array([[True, True, True, True], [True, True, False, False], [False] * 4])


def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def sequences(d=6, seed=0):
    return np.random.default_rng(seed).normal(size=(3, 4, d))


def models():
    x, memory = sequences(), sequences(seed=1)
    return {
        "attention": (Attention(6, mask="causal", padding=True), (x, memory, x, KEEP)),
        "heads": (MultiHeadAttention(6, 2, mask="causal", padding=True, rng=0), (x, memory, x, KEEP)),
        "cross": (MultiHeadAttention(6, 3, d_key=2, d_value=5, rng=0), (x, sequences(2), sequences(5))),
        "block": (TransformerBlock(6, 2, 8, mask="causal", rng=0), x),
        "post": (TransformerBlock(6, 2, norm_first=False, activation=GELU(), padding=True, rng=0), (x, KEEP)),
        "no bias": (TransformerBlock(6, 2, bias=False, dropout=0.3, rng=0), x),
        "decoder": (DecoderBlock(6, 2, mask="causal", padding=True, rng=0), (x, memory, KEEP, KEEP)),
    }


@pytest.mark.parametrize("name", models())
def test_check_layer_finds_nothing(name):
    report = check_layer(*models()[name], strict=True)
    assert not report.findings, report


@pytest.mark.parametrize("seed", range(2))
def test_a_bias_of_the_keys_has_no_gradient_and_that_is_no_mistake(seed):
    """It moves all scores of a query alike, so it cancels in the softmax, up to rounding."""
    block = TransformerBlock(6, 3, norm_first=False, activation=GELU(), rng=seed)
    report = check_layer(block, sequences(seed=seed), strict=True, rng=seed)
    assert not report.findings, report
    block.forward(sequences(seed=seed))
    np.testing.assert_allclose(block.backward(sequences())[1]["attention.k.b"], 0.0, atol=1e-14)


def test_heads_by_hand():
    """Two heads: each of its own columns of q, k and v."""
    attention, x = MultiHeadAttention(6, 2, mask="causal", rng=0), sequences()
    for theta in attention.params.values():
        theta[...] = np.random.default_rng(theta.size).normal(size=theta.shape)
    p = attention.params
    q, k, v = (x @ p[f"{name}.W"].T + p[f"{name}.b"] for name in "qkv")
    heads = []
    for part in (slice(0, 3), slice(3, 6)):
        scores = q[..., part] @ np.swapaxes(k[..., part], 1, 2) / np.sqrt(3)
        heads.append(softmax(np.where(np.tri(4, dtype=bool), scores, -np.inf)) @ v[..., part])
    expected = np.concatenate(heads, axis=-1) @ p["out.W"].T + p["out.b"]
    np.testing.assert_allclose(attention.forward(x, x, x), expected, rtol=1e-10)


def test_causal_places_do_not_see_the_future():
    block = TransformerBlock(6, 2, mask="causal", rng=0)
    x = sequences()
    before = block.forward(x)
    later = x.copy()
    later[:, 2:] += 1.0
    after = block.forward(later)
    np.testing.assert_array_equal(before[:, :2], after[:, :2])
    assert (before[:, 2:] != after[:, 2:]).all()
    g_out = np.zeros_like(x)
    g_out[:, 1] = 1.0
    g_in, _ = block.backward(g_out)
    assert not g_in[:, 2:].any()
    assert g_in[:, :2].any(axis=-1).all()


def test_a_decoder_sees_all_of_the_memory_and_of_itself_the_past():
    block, x, memory = DecoderBlock(6, 2, mask="causal", rng=0), sequences(), sequences(seed=1)[:, :3]
    before = block.forward(x, memory)
    g_out = np.zeros_like(x)
    g_out[:, 0] = 1.0
    (g_x, g_memory), _ = block.backward(g_out)
    assert not g_x[:, 1:].any()
    assert g_memory.any(axis=-1).all()
    later = x.copy()
    later[:, 1:] += 1.0
    np.testing.assert_array_equal(block.forward(later, memory)[:, 0], before[:, 0])


def test_what_stands_at_padding_does_not_matter():
    attention, x = MultiHeadAttention(6, 2, padding=True, rng=0), sequences()
    other = np.where(KEEP[..., None], x, 99.0)
    keep = KEEP[:2]
    a, b = (attention.forward(x[:2], values[:2], values[:2], keep) for values in (x, other))
    np.testing.assert_array_equal(a, b)
    (_, g_key, g_value, g_keep), _ = attention.backward(np.ones_like(a))
    assert not g_key[~keep].any()
    assert not g_value[~keep].any()
    assert g_keep is None


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_a_query_that_may_look_nowhere_looks_at_all_alike(dtype):
    attention = Attention(6, padding=True)
    x = (1e4 * sequences()).astype(dtype)
    x_out = attention.forward(x, x, x, KEEP)
    weights = attention.wires["weights"].value
    np.testing.assert_array_equal(weights[2], 0.25)
    np.testing.assert_array_equal(weights[1, :, 2:], 0.0)
    (g_q, g_k, g_v, _), _ = attention.backward(np.ones_like(x_out))
    assert x_out.dtype == g_q.dtype == dtype
    assert all(np.isfinite(value).all() for value in (x_out, g_q, g_k, g_v))
    assert not g_q[2].any()
    assert not g_k[2].any()


def test_mask_patterns_and_refusals():
    scores = np.arange(6.0).reshape(2, 3)
    pattern = np.array([[True, False, True], [False, True, True]])
    chain = Sequential(Mask(pattern), Softmax())
    np.testing.assert_array_equal(chain.forward(scores) > 0, pattern)
    with pytest.raises(ShapeError, match=r"\(..., 2, 3\), got \(3, 3\)"):
        Mask(pattern).forward(np.ones((3, 3)))
    with pytest.raises(ValueError, match="pattern must be"):
        Mask("diagonal")
    with pytest.raises(ValueError, match="pattern must be"):
        Mask(np.ones((2, 3)))
    with pytest.raises(DtypeError, match="keep must be of booleans"):
        Mask().forward((np.ones((4, 2, 3)), np.ones((4, 3))))
    with pytest.raises(ShapeError, match=r"keep must be \(4, 3\)"):
        Mask().forward((np.ones((4, 2, 3)), np.ones((4, 2), bool)))


def test_a_single_sequence_is_refused_in_words():
    with pytest.raises(ShapeError, match=r"query must be a batch of sequences \(N, T, d\), got \(4, 6\)"):
        MultiHeadAttention(6, 2, rng=0).forward(*3 * (np.ones((4, 6)),))
    with pytest.raises(ValueError, match="multiple of n_heads"):
        MultiHeadAttention(6, 4)


def test_a_sequence_attends_to_itself_in_a_chain():
    model, x = Sequential(Branch(3), MultiHeadAttention(6, 2, rng=0)), sequences()
    x_out = model.forward(x)
    np.testing.assert_array_equal(x_out, model[1].forward(x, x, x))


def test_stepping_goes_gate_by_gate():
    block, x = TransformerBlock(6, 2, mask="causal", rng=0), sequences()
    names = [step.name for step in block.forward_steps(x, nested=True)]
    inside = ["k^T", "q k^T", "scores", "mask", "weights", "means"]
    assert [f"attention.attention.{name}" for name in inside] == [
        n for n in names if n.startswith("attention.attention")
    ]
    trace = str(Trace(block, L2Loss(), x, np.zeros_like(x)))
    assert 'Mask("causal")' in trace


def test_it_can_be_drawn():
    from matplotlib import pyplot as plt

    attention, x = Attention(6, mask="causal"), sequences()
    attention.forward(x, x, x)
    attention.backward(np.ones_like(x))
    figure = draw(attention)
    texts = {text.get_text() for text in figure.findobj(lambda a: hasattr(a, "get_text"))}
    assert any("Softmax" in text for text in texts)
    assert any("Mask" in text for text in texts)
    plt.close(figure)


def test_the_backward_network_of_a_block():
    block, x = TransformerBlock(6, 2, mask="causal", rng=0), sequences()
    g_out = np.random.default_rng(1).normal(size=x.shape)
    block.forward(x)
    np.testing.assert_allclose(backward_network(block).forward(g_out), block.backward(g_out)[0], rtol=1e-9, atol=1e-12)


def test_flat_code_of_heads():
    attention, x = MultiHeadAttention(4, 2, rng=0), sequences(4)
    x_out = attention.forward(x, x, x)
    g_out = np.random.default_rng(1).normal(size=x.shape)
    assert_flat_agrees(attention, [x, x, x], x_out, g_out, *attention.backward(g_out))


def test_saved_and_loaded(tmp_path):
    block, other, x = TransformerBlock(6, 2, rng=0), TransformerBlock(6, 2, rng=1), sequences()
    save(block, tmp_path / "block.npz")
    load(other, tmp_path / "block.npz")
    np.testing.assert_array_equal(block.forward(x), other.forward(x))
    assert len(block.params) == 16


def test_a_mask_says_what_it_masks():
    assert repr(Mask()) == "Mask()"
    assert repr(Mask("causal")) == 'Mask("causal")'
    assert repr(Mask(np.ones((2, 3), bool))) == "Mask(pattern (2, 3))"
