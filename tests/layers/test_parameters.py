"""from_arrays: copies, and words for what does not fit."""

import numpy as np
import pytest

from layers import Bilinear, DtypeError, Embedding, Linear, PReLU, ShapeError

SHAPES = [(Linear, (3, 4)), (Bilinear, (2, 3, 4)), (Embedding, (5, 2)), (PReLU, (3,))]


@pytest.mark.parametrize(("kind", "shape"), SHAPES)
@pytest.mark.parametrize(("given", "kept"), [("f8", "f8"), ("f4", "f4"), ("i8", "f8")])
def test_copies_and_keeps_a_float_dtype(kind, shape, given, kept):
    array = np.ones(shape, given)
    (theta,) = kind.from_arrays(array).params.values()
    assert theta.dtype == kept
    assert not np.shares_memory(theta, array)
    np.testing.assert_array_equal(theta, array)


@pytest.mark.parametrize(("kind", "shape"), SHAPES)
def test_another_number_of_axes_is_refused(kind, shape):
    with pytest.raises(ShapeError, match=f"{kind.__name__}: . must be"):
        kind.from_arrays(np.ones((1, *shape)))


@pytest.mark.parametrize(("kind", "shape"), SHAPES)
def test_what_is_not_real_is_refused(kind, shape):
    with pytest.raises(DtypeError, match="real numbers"):
        kind.from_arrays(np.ones(shape, complex))


@pytest.mark.parametrize("kind", [Linear, Bilinear])
def test_bias_has_one_number_for_each_output_and_the_dtype_of_W(kind):
    W = np.ones(dict(SHAPES)[kind], np.float32)
    assert kind.from_arrays(W, np.arange(len(W))).params["b"].dtype == np.float32
    with pytest.raises(ShapeError, match=rf"b must be \({len(W)},\)"):
        kind.from_arrays(W, np.ones(len(W) + 1))
