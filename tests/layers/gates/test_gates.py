"""The gates: inputs of unequal shape, ties, zeros, and values without an answer."""

import numpy as np
import pytest

from layers import (
    Abs,
    Add,
    BackwardBeforeForwardError,
    Divide,
    DomainError,
    DtypeError,
    Exp,
    Log,
    MatMul,
    Max,
    Mean,
    Min,
    Multiply,
    Power,
    Reciprocal,
    Scale,
    Select,
    ShapeError,
    Sqrt,
    Subtract,
    Sum,
)

SHAPES = [((5, 3), (3,)), ((3,), (5, 3)), ((5, 3), ()), ((), (5, 3)), ((2, 5, 3), (5, 3)), ((2, 5, 3), (3,))]


def finite_differences(gate, xs, g_out, step=1e-6):
    """dJ/dx for J = sum(gate(xs) * g_out), by moving every number of every input."""
    gradients = []
    for k, x in enumerate(xs):
        g = np.zeros(x.shape)
        for i in np.ndindex(x.shape):
            sides = []
            for sign in (1, -1):
                moved = [np.array(other) for other in xs]
                moved[k][i] += sign * step
                sides.append(np.sum(gate.forward(tuple(moved)) * g_out))
            g[i] = (sides[0] - sides[1]) / (2 * step)
        gradients.append(g)
    gate.forward(xs)
    return gradients


def assert_right(gate, xs, seed=0):
    x_out = gate.forward(xs)
    g_out = np.random.default_rng(seed).normal(size=x_out.shape)
    wanted = finite_differences(gate, xs, g_out)
    g_in, _ = gate.backward(g_out)
    for g, x, numeric in zip(g_in, xs, wanted, strict=True):
        assert np.shape(g) == x.shape
        np.testing.assert_allclose(g, numeric, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("kind", [Add, Subtract, Multiply, Divide, Max, Min])
@pytest.mark.parametrize("shapes", SHAPES, ids=str)
def test_gradient_is_summed_back_to_the_shape_of_its_input(kind, shapes):
    rng = np.random.default_rng(2)
    assert_right(kind(), tuple(rng.uniform(0.5, 2.0, size=shape) for shape in shapes))


@pytest.mark.parametrize("kind", [Add, Multiply, Max, Min])
def test_three_inputs_of_three_shapes(kind):
    rng = np.random.default_rng(3)
    assert_right(kind(), tuple(rng.normal(size=shape) for shape in [(4,), (5, 4), ()]))


@pytest.mark.parametrize("kind", [Add, Subtract, Multiply, Divide, Max, Min])
@pytest.mark.parametrize("shapes", [((5, 3), (5,)), ((5, 3), (5, 1)), ((5, 3), (1, 3)), ((2,), (3,))], ids=str)
def test_shapes_that_numpy_would_stretch_are_refused(kind, shapes):
    with pytest.raises(ShapeError, match="of one shape"):
        kind().forward(tuple(np.ones(shape) for shape in shapes))


@pytest.mark.parametrize("kind", [Add, Subtract, Multiply, Divide, Max, Min, MatMul])
def test_float32_meeting_float64_is_refused(kind):
    with pytest.raises(DtypeError, match="float32 and float64"):
        kind().forward((np.ones((2, 2), np.float32), np.ones((2, 2))))


@pytest.mark.parametrize("zeros", [(0,), (2,), (0, 1), (1, 3), (0, 1, 2, 3)])
def test_multiply_by_zero_keeps_the_gradient(zeros):
    xs = [np.array([value]) for value in (2.0, 3.0, 5.0, 7.0)]
    for i in zeros:
        xs[i][0] = 0.0
    gate = Multiply()
    assert gate.forward(tuple(xs)) == [0.0]
    for i, g in enumerate(gate.backward([1.0])[0]):
        assert g == [np.prod([x[0] for k, x in enumerate(xs) if k != i])]


def test_multiply_and_max_of_one_input_hand_it_on():
    for gate in (Multiply(), Max(), Add()):
        assert gate.forward(([3.0],)) == [3.0]
        assert gate.backward([2.0])[0] == ([2.0],)


@pytest.mark.parametrize("kind", [Max, Min])
def test_a_tie_goes_to_the_first(kind):
    gate = kind()
    assert gate.forward(([4.0], [4.0], [4.0])) == [4.0]
    assert gate.backward([1.0])[0] == ([1.0], [0.0], [0.0])
    worse = [3.0] if kind is Max else [5.0]
    gate.forward((worse, [4.0], [4.0]))
    assert gate.backward([1.0])[0] == ([0.0], [1.0], [0.0])
    assert "tie: first" in repr(gate)


@pytest.mark.parametrize(
    "shapes",
    [
        ((2, 3), (3,)),
        ((3,), (3, 4)),
        ((3,), (3,)),
        ((2, 3), (3, 4)),
        ((5, 2, 3), (5, 3, 4)),
        ((5, 2, 3), (3, 4)),
        ((2, 3), (5, 3, 4)),
        ((5, 2, 3), (3,)),
        ((3,), (5, 3, 4)),
        ((6, 5, 2, 3), (6, 5, 3, 4)),
    ],
    ids=str,
)
def test_matmul_of_every_kind(shapes):
    rng = np.random.default_rng(4)
    A, B = (rng.normal(size=shape) for shape in shapes)
    np.testing.assert_array_equal(MatMul().forward((A, B)), A @ B)
    assert_right(MatMul(), (A, B))


@pytest.mark.parametrize(
    "shapes", [((2, 3), (2, 3)), ((3,), (2,)), ((), (3,)), ((5, 2, 3), (4, 3, 2)), ((1, 2, 3), (5, 3, 2))], ids=str
)
def test_matmul_of_shapes_that_do_not_fit_is_refused(shapes):
    with pytest.raises(ShapeError, match="MatMul"):
        MatMul().forward(tuple(np.ones(shape) for shape in shapes))


@pytest.mark.parametrize(
    ("gate", "x_in"),
    [
        (Log(), [1.0, 0.0]),
        (Log(), [-1.0]),
        (Sqrt(), [-1.0]),
        (Reciprocal(), [0.0]),
        (Power(0.5), [-1.0]),
        (Power(-1), [0.0]),
        (Divide(), ([1.0], [0.0])),
    ],
)
def test_a_value_without_an_answer_is_refused(gate, x_in):
    with pytest.raises(DomainError, match=f"{type(gate).__name__}.*must be"):
        gate.forward(x_in)
    with pytest.raises(BackwardBeforeForwardError):
        gate.backward([1.0])


@pytest.mark.parametrize("gate", [Sqrt(), Power(0.5)])
def test_the_root_of_zero_is_zero_and_has_no_slope(gate):
    assert gate.forward([0.0]) == [0.0]
    with pytest.raises(DomainError, match="slope at 0 is infinite"):
        gate.backward([1.0])


@pytest.mark.parametrize(("p", "slopes"), [(0, [0.0, 0.0]), (1, [1.0, 1.0]), (2, [0.0, -6.0]), (3, [0.0, 27.0])])
def test_power_at_zero_and_below(p, slopes):
    gate = Power(p)
    gate.forward([0.0, -3.0])
    np.testing.assert_array_equal(gate.backward([1.0, 1.0])[0], slopes)


def test_exp_overflows_to_inf_in_silence():
    gate = Exp()
    np.testing.assert_array_equal(gate.forward([-1e4, 1e4]), [0.0, np.inf])
    np.testing.assert_array_equal(gate.backward([1.0, 1.0])[0], [0.0, np.inf])


def test_abs_has_slope_0_at_0():
    gate = Abs()
    gate.forward([0.0])
    assert gate.backward([5.0])[0] == [0.0]


@pytest.mark.parametrize("kind", [Sum, Mean])
@pytest.mark.parametrize("axis", [None, 0, 1, -1, (0, 2), (-1, 0)])
def test_sum_and_mean_over_any_axes(kind, axis):
    x = np.random.default_rng(6).normal(size=(2, 3, 4))
    gate = kind(axis)
    want = x.sum(axis=axis) if kind is Sum else x.mean(axis=axis)
    np.testing.assert_allclose(gate.forward(x), want, rtol=1e-14)
    g_out = np.random.default_rng(7).normal(size=want.shape)
    g_in = gate.backward(g_out)[0]
    assert g_in.flags.writeable
    step = np.random.default_rng(8).normal(size=x.shape)
    np.testing.assert_allclose(np.sum(g_in * step), np.sum(g_out * gate.forward(step)), rtol=1e-12)


def test_sum_over_a_missing_axis_and_mean_of_nothing_are_refused():
    with pytest.raises(ShapeError, match="axis 2"):
        Sum(2).forward(np.ones((2, 3)))
    gate = Mean()
    with pytest.raises(ShapeError, match="mean"):
        gate.forward(np.ones((0, 3)))
    with pytest.raises(BackwardBeforeForwardError):
        gate.backward(1.0)


def test_select_counts_the_last_axes():
    x = np.arange(24.0).reshape(2, 3, 4)
    layer = Select((1, -1))
    np.testing.assert_array_equal(layer.forward(x), x[:, 1, 3])
    g_in = layer.backward([10.0, 20.0])[0]
    assert g_in[:, 1, 3].tolist() == [10.0, 20.0]
    assert np.count_nonzero(g_in) == 2
    assert Select(2).forward([5.0, 6.0, 7.0]) == 7.0


@pytest.mark.parametrize(("index", "shape"), [(4, (5, 4)), (-5, (5, 4)), ((0, 0, 0), (5, 4)), (0, ())])
def test_select_outside_is_refused_with_the_size(index, shape):
    with pytest.raises(ShapeError) as caught:
        Select(index).forward(np.ones(shape))
    assert str(shape) in str(caught.value)


@pytest.mark.parametrize("a", ["2", None, [1.0, 2.0], True, 1j])
def test_a_constant_that_is_no_number_is_refused(a):
    with pytest.raises(TypeError, match="Scale: a must be one real number"):
        Scale(a)
