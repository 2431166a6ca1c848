"""Convolution against sums written out, and against the Linear layer that it is."""

from itertools import product

import numpy as np
import pytest

from layers import Conv1d, Conv2d, ConvTranspose1d, ConvTranspose2d, Linear, ShapeError

PLACINGS = [
    {},
    {"stride": 2},
    {"padding": 1},
    {"stride": (2, 1), "padding": (0, 2), "dilation": (1, 2)},
    {"groups": 2, "padding": 1, "dilation": 2},
    {"padding": "same", "dilation": (1, 2)},
]


def by_loops(x, W, b, stride, padding, dilation, groups):
    """The convolution of one image, one product at a time."""
    x = np.pad(x, ((0, 0), *padding))
    kernel = W.shape[2:]
    places = [(n - d * (k - 1) - 1) // s + 1 for n, k, s, d in zip(x.shape[1:], kernel, stride, dilation, strict=True)]
    x_out = np.zeros((len(W), *places))
    in_group, out_group = W.shape[1], len(W) // groups
    for o, i, j in np.ndindex(x_out.shape):
        x_out[o, i, j] = b[o]
        for c, k, m in product(range(in_group), range(kernel[0]), range(kernel[1])):
            pixel = x[o // out_group * in_group + c, i * stride[0] + k * dilation[0], j * stride[1] + m * dilation[1]]
            x_out[o, i, j] += W[o, c, k, m] * pixel
    return x_out


def as_linear(layer, shape):
    """The Linear layer equal to a convolution without bias: column q is its output for pixel q alone."""
    pixels = np.eye(int(np.prod(shape))).reshape(-1, *shape)
    return Linear.from_arrays(layer.forward(pixels).reshape(len(pixels), -1).T)


@pytest.mark.parametrize("placing", PLACINGS)
def test_forward_is_the_sum_written_out(placing):
    rng = np.random.default_rng(0)
    layer = Conv2d(4, 6, (3, 2), rng=rng, **placing)
    layer.params["b"][...] = rng.normal(size=6)
    x_in = rng.normal(size=(2, 4, 6, 5))
    W, b = layer.params["W"], layer.params["b"]
    expected = [by_loops(x, W, b, layer.stride, layer.padding, layer.dilation, layer.groups) for x in x_in]
    np.testing.assert_allclose(layer.forward(x_in), expected, rtol=1e-12, atol=1e-13)


def test_a_convolution_is_a_linear_layer_with_tied_sparse_weights():
    layer = Conv2d(2, 3, 2, bias=False, rng=0)
    linear = as_linear(layer, (2, 4, 3))
    M = linear.params["W"].reshape(3, 3, 2, 2, 4, 3)  # (O, H', W', C, H, W)
    W = layer.params["W"]
    for o, c, i, j, q, r in np.ndindex(3, 2, 3, 2, 4, 3):
        inside = q - i in (0, 1) and r - j in (0, 1)
        assert M[o, i, j, c, q, r] == (W[o, c, q - i, r - j] if inside else 0.0)  # tied where inside, else sparse

    rng = np.random.default_rng(1)
    x_in, g_out = rng.normal(size=(5, 2, 4, 3)), rng.normal(size=(5, 3, 3, 2))
    np.testing.assert_allclose(linear.forward(x_in.reshape(5, -1)), layer.forward(x_in).reshape(5, -1), atol=1e-14)
    (g_in, param_grads), (g_linear, linear_grads) = layer.backward(g_out), linear.backward(g_out.reshape(5, -1))
    np.testing.assert_allclose(g_linear, g_in.reshape(5, -1), atol=1e-14)
    dM = linear_grads["W"].reshape(M.shape)
    ties = np.zeros(W.shape)  # 14.47: the gradient of a tied weight is the sum over its places
    for i, j, k, m in product(range(3), range(2), range(2), range(2)):
        ties[:, :, k, m] += dM[:, i, j, :, i + k, j + m]
    np.testing.assert_allclose(param_grads["W"], ties, atol=1e-13)


@pytest.mark.parametrize("placing", PLACINGS)
def test_conv1d_is_a_conv2d_of_height_one(placing):
    placing = {name: value[1] if isinstance(value, tuple) else value for name, value in placing.items()}
    flat = {name: (0 if name == "padding" else 1, value) for name, value in placing.items() if name != "groups"}
    if placing.get("padding") == "same":
        flat["padding"] = (0, placing["dilation"])  # a kernel of three reaches as far as its dilation
    rng = np.random.default_rng(0)
    W, b = rng.normal(size=(4, 4 // placing.get("groups", 1), 3)), rng.normal(size=4)
    line = Conv1d.from_arrays(W, b, **placing)
    image = Conv2d.from_arrays(W[:, :, None], b, groups=placing.get("groups", 1), **flat)
    x_in = rng.normal(size=(3, 4, 9))
    x_out = line.forward(x_in)
    np.testing.assert_allclose(x_out, image.forward(x_in[:, :, None])[:, :, 0], rtol=1e-12)
    g_in, _ = line.backward(x_out)
    np.testing.assert_allclose(g_in, image.backward(x_out[:, :, None])[0][:, :, 0], rtol=1e-12)


@pytest.mark.parametrize("placing", [{}, {"stride": 2, "padding": 1}, {"groups": 2, "dilation": 2, "padding": 1}])
def test_a_transposed_convolution_is_the_transpose(placing):
    """<conv(x), g> = <x, transposed(g)>: one is the way back of the other, in both directions."""
    rng = np.random.default_rng(0)
    W = rng.normal(size=(6, 4 // placing.get("groups", 1), 3, 3))
    conv, transposed = Conv2d.from_arrays(W, **placing), ConvTranspose2d.from_arrays(W, **placing)
    x = rng.normal(size=(2, 4, 7, 5))
    g = rng.normal(size=conv.forward(x).shape)
    x_back = transposed.forward(g)
    np.testing.assert_allclose(x_back, conv.backward(g)[0], rtol=1e-12, atol=1e-13)
    g_in, param_grads = transposed.backward(x)
    np.testing.assert_allclose(g_in, conv.forward(x), rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(param_grads["W"], conv.backward(g)[1]["W"], rtol=1e-11, atol=1e-12)


def test_output_padding_says_which_of_two_sizes_is_meant():
    conv = Conv1d(1, 1, 3, stride=2, rng=0)
    for length, extra in ((7, 0), (8, 1)):
        assert conv.forward(np.ones((1, length))).shape == (1, 3)
        layer = ConvTranspose1d.from_arrays(conv.params["W"], stride=2, output_padding=extra)
        assert layer.forward(np.ones((1, 3))).shape == (1, length)


def test_leading_axes_and_layouts_do_not_matter():
    layer = Conv2d(2, 3, 3, padding=1, rng=0)
    x_in = np.random.default_rng(1).normal(size=(2, 3, 2, 5, 4))
    x_out = layer.forward(x_in)
    assert x_out.shape == (2, 3, 3, 5, 4)
    np.testing.assert_allclose(layer.forward(np.asfortranarray(x_in[1])), x_out[1], rtol=1e-12)
    np.testing.assert_allclose(layer.forward(x_in[1, 2]), x_out[1, 2], rtol=1e-12)
    g_in, _ = layer.backward(x_out[1, 2])
    assert g_in.shape == (2, 5, 4)


def test_same_seed_same_weights():
    one, other = Conv2d(2, 3, 3, rng=5).params["W"], Conv2d(2, 3, 3, rng=5).params["W"]
    np.testing.assert_array_equal(one, other)
    assert abs(Conv2d(64, 64, 3, rng=0).params["W"].std() - np.sqrt(2 / (64 * 9))) < 1e-3


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Conv2d(3, 4, 3, groups=2), "divisible by groups"),
        (lambda: Conv2d(3, 4, 0), "kernel_size"),
        (lambda: Conv2d(3, 4, (3, 3, 3)), "kernel_size"),
        (lambda: Conv2d(3, 4, 3, stride=0), "stride"),
        (lambda: Conv2d(3, 4, 3, padding=-1), "padding"),
        (lambda: Conv2d(3, 4, 3, padding="same", stride=2), "same"),
        (lambda: Conv2d.from_arrays(np.ones((2, 3))), r"W must be \(O, C, kh, kw\)"),
        (lambda: Conv2d.from_arrays(np.ones((2, 3, 1, 1)), groups=0), "groups=0"),
        (lambda: Conv2d.from_arrays(np.ones((2, 3, 1, 1)), b=[1.0]), r"b must be \(2,\)"),
        (lambda: ConvTranspose2d(3, 4, 3, output_padding=1), "output_padding"),
    ],
)
def test_bad_arguments_are_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_bad_inputs_are_refused():
    layer = Conv2d(3, 4, 5, rng=0)
    with pytest.raises(
        ShapeError, match=r"Conv2d\(3 -> 4, 5x5\): x_in must be \(\.\.\., 3, H, W\), got \(2, 4, 8, 8\)"
    ):
        layer.forward(np.ones((2, 4, 8, 8)))
    with pytest.raises(ShapeError, match="room for a kernel"):
        layer.forward(np.ones((2, 3, 4, 8)))


def test_a_transposed_convolution_that_is_all_padding_is_refused():
    with pytest.raises(ShapeError, match="beyond the padding"):
        ConvTranspose1d(1, 1, 2, padding=2, rng=0).forward(np.ones((1, 3)))


def test_from_arrays_copies_and_backward_follows_an_update():
    W = np.ones((1, 1, 1, 1))
    layer = Conv2d.from_arrays(W, [0.0])
    layer.forward(np.ones((1, 1, 2, 2)))
    layer.update({"W": np.full_like(W, -1.0)}, lr=1.0)
    assert W[0, 0, 0, 0] == 1.0
    assert (layer.backward(np.ones((1, 1, 2, 2)))[0] == 2.0).all()  # the new W at the old operating point


def test_same_padding_of_an_even_kernel_has_more_behind_than_in_front():
    layer = Conv1d.from_arrays([[[1.0, 10.0]]], padding="same")
    np.testing.assert_array_equal(layer.forward([[1.0, 2.0, 3.0]]), [[21.0, 32.0, 3.0]])
    np.testing.assert_array_equal(layer.backward([[1.0, 0.0, 100.0]])[0], [[1.0, 10.0, 100.0]])
