"""Pooling against patches cut out one by one; padding, upsampling, shuffling and the averages of any size."""

import numpy as np
import pytest

from layers import (
    AdaptiveAvgPool2d,
    AvgPool2d,
    ChannelShuffle,
    GlobalAvgPool2d,
    MaxPool1d,
    MaxPool2d,
    Pad,
    PixelShuffle,
    ShapeError,
    Upsample2d,
)

PLACINGS = [
    (2, {}),
    (3, {"stride": 2}),
    ((3, 2), {"stride": (1, 2), "padding": 1}),
    (2, {"stride": 3}),
    (2, {"dilation": 2, "stride": 1}),
    (2, {"dilation": 2, "stride": 2}),
]


def patches(x, layer, fill):
    """Each patch of one channel, with the places in the padded image that it was read from."""
    x = np.pad(x, layer.padding, constant_values=fill)
    (kh, kw), (sh, sw), (dh, dw) = layer.kernel_size, layer.stride, layer.dilation
    for i in range(0, x.shape[0] - dh * (kh - 1), sh):
        for j in range(0, x.shape[1] - dw * (kw - 1), sw):
            rows, columns = range(i, i + dh * kh, dh), range(j, j + dw * kw, dw)
            yield x[np.ix_(rows, columns)], [(r, c) for r in rows for c in columns]


@pytest.mark.parametrize(("kernel", "placing"), PLACINGS)
@pytest.mark.parametrize("ties", [False, True], ids=["distinct", "ties"])
def test_max_pooling_patch_by_patch(kernel, placing, ties):
    rng = np.random.default_rng(0)
    layer = MaxPool2d(kernel, **placing)
    x = rng.integers(0, 3, size=(6, 7)).astype(float) if ties else rng.permutation(42).reshape(6, 7) / 42
    x_out = layer.forward(x[None])[0]
    g_out = rng.normal(size=x_out.shape)
    expected = [(patch.max(), places[patch.argmax()]) for patch, places in patches(x, layer, -np.inf)]
    np.testing.assert_array_equal(x_out.ravel(), [largest for largest, _ in expected])
    g = np.zeros([n + 2 * low for n, (low, _) in zip(x.shape, layer.padding, strict=True)])
    for (_, winner), g_patch in zip(expected, g_out.ravel(), strict=True):
        g[winner] += g_patch
    (top, _), (left, _) = layer.padding
    np.testing.assert_allclose(layer.backward(g_out[None])[0][0], g[top : top + 6, left : left + 7], atol=1e-15)


@pytest.mark.parametrize(("kernel", "placing"), [case for case in PLACINGS if "dilation" not in case[1]])
def test_average_pooling_patch_by_patch(kernel, placing):
    layer = AvgPool2d(kernel, **placing)
    x = np.random.default_rng(0).normal(size=(6, 7))
    expected = [patch.mean() for patch, _ in patches(x, layer, 0.0)]
    np.testing.assert_allclose(layer.forward(x[None])[0].ravel(), expected, rtol=1e-12, atol=1e-14)


def test_pixels_beyond_the_last_patch_get_no_gradient():
    layer = MaxPool1d(2)
    layer.forward([[1.0, 2.0, 9.0]])
    np.testing.assert_array_equal(layer.backward([[5.0]])[0], [[0.0, 5.0, 0.0]])


def test_padding_never_wins():
    layer = MaxPool1d(2, padding=1)
    np.testing.assert_array_equal(layer.forward([[-5.0, -7.0]]), [[-5.0, -7.0]])
    np.testing.assert_array_equal(layer.backward([[1.0, 10.0]])[0], [[1.0, 10.0]])


def test_adaptive_pooling_to_one_is_the_global_average():
    x_in = np.random.default_rng(0).normal(size=(2, 3, 5, 4))
    np.testing.assert_allclose(
        AdaptiveAvgPool2d(1).forward(x_in)[..., 0, 0], GlobalAvgPool2d().forward(x_in), rtol=1e-12
    )
    np.testing.assert_allclose(AdaptiveAvgPool2d((None, 2)).forward(x_in), AvgPool2d((1, 2)).forward(x_in), rtol=1e-12)


@pytest.mark.parametrize("mode", ["constant", "reflect", "edge", "wrap"])
def test_pad_is_numpys(mode):
    x_in = np.random.default_rng(0).normal(size=(2, 3, 4))
    options = {"constant_values": 7.0} if mode == "constant" else {}
    expected = np.pad(x_in, ((0, 0), (2, 1), (0, 3)), mode=mode, **options)
    np.testing.assert_array_equal(Pad(((2, 1), (0, 3)), mode=mode, value=7.0).forward(x_in), expected)


def test_upsampling_is_undone_by_averaging():
    x_in = np.random.default_rng(0).normal(size=(2, 3, 4, 5))
    np.testing.assert_allclose(AvgPool2d((2, 3)).forward(Upsample2d((2, 3)).forward(x_in)), x_in, rtol=1e-12)


@pytest.mark.parametrize("layer", [PixelShuffle(2), ChannelShuffle(4)])
def test_a_shuffle_sends_gradients_where_the_values_came_from(layer):
    x_in = np.random.default_rng(0).normal(size=(2, 8, 3, 4))
    x_out = layer.forward(x_in)
    assert sorted(x_out.ravel()) == sorted(x_in.ravel())
    np.testing.assert_array_equal(layer.backward(x_out)[0], x_in)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: MaxPool2d(0), "kernel_size"),
        (lambda: MaxPool2d(2, padding=2), "half of kernel_size"),
        (lambda: AvgPool2d(2, stride=-1), "stride"),
        (lambda: AdaptiveAvgPool2d(0), "size"),
        (lambda: Pad(((1, 1),), mode="mirror"), "mode"),
        (lambda: Upsample2d(1.5), "factor"),
    ],
)
def test_bad_arguments_are_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_too_little_space_is_refused():
    with pytest.raises(ShapeError, match="room for a patch"):
        MaxPool2d(3).forward(np.ones((1, 2, 5)))
    with pytest.raises(ShapeError, match="longer to reflect"):
        Pad(((3, 0),), mode="reflect").forward(np.ones(3))
