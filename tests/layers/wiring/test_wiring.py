"""Merge, Flatten, Reshape and Transpose: what goes where, and what is refused."""

import numpy as np
import pytest

from layers import DtypeError, Flatten, Merge, Reshape, ShapeError, Split, Transpose


@pytest.mark.parametrize("axis", [0, 1, 2, -1, -2])
def test_merge_and_its_backward_undo_each_other(axis):
    rng = np.random.default_rng(0)
    shape = [2, 3, 4]
    xs = []
    for n in (1, 3, 2):
        shape[axis] = n
        xs.append(rng.normal(size=shape))
    layer = Merge(axis)
    x_out = layer.forward(tuple(xs))
    np.testing.assert_array_equal(x_out, np.concatenate(xs, axis))
    for g, x in zip(layer.backward(x_out)[0], xs, strict=True):
        np.testing.assert_array_equal(g, x)


@pytest.mark.parametrize("shapes", [((2, 3), (3, 3)), ((2, 3), (2,)), ((), ())], ids=str)
def test_merge_of_shapes_that_do_not_fit_is_refused(shapes):
    with pytest.raises(ShapeError, match="axis -1"):
        Merge().forward(tuple(np.ones(shape) for shape in shapes))


def test_merge_refuses_two_dtypes():
    with pytest.raises(DtypeError, match="float32 and float64"):
        Merge().forward((np.ones(2, np.float32), np.ones(2)))


@pytest.mark.parametrize(
    ("shape", "flat"), [((2, 3, 4), (2, 12)), ((2, 3), (2, 3)), ((7,), (7,)), ((0, 3, 4), (0, 12))]
)
def test_flatten_keeps_the_batch(shape, flat):
    layer = Flatten()
    x = np.arange(float(np.prod(shape))).reshape(shape)
    x_out = layer.forward(x)
    assert x_out.shape == flat
    np.testing.assert_array_equal(layer.backward(x_out)[0], x)


def test_flatten_refuses_a_scalar():
    with pytest.raises(ShapeError, match="scalar"):
        Flatten().forward(1.0)


@pytest.mark.parametrize(
    ("shape", "x_shape", "wanted"),
    [
        ((2, 3), (5, 6), (5, 2, 3)),
        ((-1,), (5, 2, 3), (5, 6)),
        ((3, -1), (5, 6), (5, 3, 2)),
        ((2, 3), (6,), (2, 3)),
        ((1,), (5,), (5, 1)),
        (6, (5, 2, 3), (5, 6)),
        ((3, -1), (0, 6), (0, 3, 2)),
        ((), (5, 1), (5,)),
    ],
)
def test_reshape_of_each_datapoint(shape, x_shape, wanted):
    layer = Reshape(shape)
    x = np.arange(float(np.prod(x_shape))).reshape(x_shape)
    x_out = layer.forward(x)
    assert x_out.shape == wanted
    np.testing.assert_array_equal(layer.backward(x_out)[0], x)


@pytest.mark.parametrize(("shape", "x_shape"), [((2, 3), (5, 7)), ((4, -1), (5, 6)), ((2, 3), ()), ((2, 2), (6,))])
def test_reshape_that_does_not_fill_is_refused(shape, x_shape):
    with pytest.raises(ShapeError, match="fill"):
        Reshape(shape).forward(np.ones(x_shape))


@pytest.mark.parametrize("shape", [(-1, -1), (-2,)])
def test_reshape_to_no_shape_is_refused(shape):
    with pytest.raises(ValueError, match="Reshape: shape"):
        Reshape(shape)


@pytest.mark.parametrize("axes", [(1, 0), (0, 2, 1), (1, 2, 0), (2, 0, 1, 3)])
def test_transpose_moves_the_last_axes_and_back(axes):
    x = np.random.default_rng(0).normal(size=(2, 3, 4, 5))
    layer = Transpose(axes)
    x_out = layer.forward(x)
    front = x.ndim - len(axes)
    np.testing.assert_array_equal(x_out, np.transpose(x, [*range(front), *(front + axis for axis in axes)]))
    np.testing.assert_array_equal(layer.backward(x_out)[0], x)


def test_transpose_refuses_what_is_no_permutation_and_too_few_axes():
    with pytest.raises(ValueError, match="permutation"):
        Transpose((0, 2))
    with pytest.raises(ShapeError, match="2 axes or more"):
        Transpose().forward(np.ones(3))


def test_a_part_may_be_empty_but_not_less():
    layer = Split((0, 2))
    nothing, rest = layer.forward(np.ones((3, 2)))
    assert (nothing.shape, rest.shape) == ((3, 0), (3, 2))
    np.testing.assert_array_equal(layer.backward((nothing, 5 * rest))[0], 5 * np.ones((3, 2)))
    for sizes in ((), (2, -1)):
        with pytest.raises(ValueError, match="sizes must hold one size or more, none negative"):
            Split(sizes)
