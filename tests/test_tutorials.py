"""The two tutorials of the course: their formulas, as printed, against nnlib's; and their faults.

The tutorial has rows as samples and no bias. The guide has columns as samples and counts layers of
weights: its Z1 A1 Z2 A2 are our z2.T a2.T z3.T y_hat.T, its W1 our W1.T, its b1 our b1.T.
"""

import warnings

import numpy as np
import pytest

from nnlib import data
from nnlib.activations import sigmoid
from nnlib.costs import cross_entropy
from nnlib.gradcheck import numerical_gradient, numerical_gradients, relative_error
from nnlib.network import (
    Layer,
    Network,
    accuracy,
    backward_propagation,
    compute_cost,
    forward_propagation,
    initialize_parameters,
    predict,
)
from nnlib.optimizers import update_parameters
from nnlib.training import train_neural_network

ALIKE = {"rtol": 0, "atol": 1e-12}

# ------------------------------------------------------------------------------- the tutorial


def tutorial_sigmoid(s):
    return 1 / (1 + np.exp(-s))


def tutorial_forward(X, W1, W2):
    z2 = np.dot(X, W1)
    a2 = tutorial_sigmoid(z2)
    z3 = np.dot(a2, W2)
    y = tutorial_sigmoid(z3)
    return z2, a2, z3, y


def tutorial_data():
    X = np.array(([2, 7], [1, 3], [3, 9]), dtype=float)
    y = np.array(([94], [89], [83]), dtype=float)
    X = X / np.amax(X, axis=0)
    y = y / 100
    return X, y


def without_bias(W1, W2):
    return Layer(W1, np.zeros((1, W1.shape[1]))), Layer(W2, np.zeros((1, W2.shape[1])))


# What its page prints under z2, a2, z3 and y: one row of hidden units stands for three equal ones.
PRINTED = {
    "z2": [0.83333333, 0.44444444, 0.83333333],
    "a2": [0.69705928, 0.60931754, 0.69705928],
    "z3": [1.04558893, 0.91397631, 1.04558893],
    "y_hat": [0.73992695, 0.71381315, 0.73992695],
}
# What the page should print for the houses that it names.
TRUE = {
    "z2": [0.72222222, 0.33333333, 1.0],
    "a2": [0.67309618, 0.58257021, 0.73105858],
    "z3": [1.00964427, 0.87385531, 1.09658787],
    "y_hat": [0.73295053, 0.70554727, 0.74962023],
}


@pytest.mark.parametrize("seed", [None, 1, 2])
def test_tutorial_forward_is_forward_propagation_without_biases(seed):
    X, _ = tutorial_data()
    W1, W2 = np.full((2, 3), 0.5), np.full((3, 1), 0.5)
    if seed is not None:
        rng = np.random.default_rng(seed)
        W1, W2 = rng.standard_normal((2, 3)), rng.standard_normal((3, 1))
    trace = forward_propagation(Network(sizes=(2, 3, 1)), without_bias(W1, W2), X)
    theirs = tutorial_forward(X, W1, W2)
    for ours, its in zip((trace.z2, trace.a2, trace.z3, trace.y_hat), theirs, strict=True):
        np.testing.assert_allclose(ours, its, **ALIKE)


def test_our_houses_and_maximum_scaler_are_the_tutorials():
    X, y = data.houses()
    scaled, prices = tutorial_data()
    np.testing.assert_array_equal(data.Scaler.fit(X, method="maximum").transform(X), scaled)
    np.testing.assert_array_equal(y / 100, prices)


@pytest.mark.parametrize(
    ("houses", "rows"),
    [([[2, 7], [1, 3], [3, 9]], TRUE), ([[2, 9], [1, 5], [3, 6]], PRINTED)],
    ids=["its own data", "the data of its printed numbers"],
)
def test_the_printed_numbers_belong_to_other_houses(houses, rows):
    X = np.array(houses, dtype=float)
    X = data.Scaler.fit(X, method="maximum").transform(X)
    W1, W2 = np.full((2, 3), 0.5), np.full((3, 1), 0.5)
    trace = forward_propagation(Network(sizes=(2, 3, 1)), without_bias(W1, W2), X)
    for name, column in rows.items():
        values = getattr(trace, name)
        expected = np.repeat(np.array(column)[:, np.newaxis], values.shape[1], axis=1)
        np.testing.assert_array_equal(np.round(values, 8), expected)


def test_its_sigmoid_with_self_outside_a_class_is_a_type_error():
    def sigmoid(self, s):
        return 1 / (1 + np.exp(-s))

    with pytest.raises(TypeError, match="missing 1 required positional argument: 's'"):
        sigmoid(np.zeros(3))


def test_y_over_100_is_not_over_its_maximum():
    _, y = data.houses()
    assert (y / 100).max() == 0.94
    assert (y / np.amax(y, axis=0)).max() == 1


def squared_error_steps(X, y, W1, W2, *, factor, learning_rate, steps):
    """Yields W1, W2 after each of 0 … steps updates down factor · Σ (y_hat − y)², with no bias."""
    for step in range(steps + 1):
        yield W1, W2
        if step < steps:
            _, a2, _, y_hat = tutorial_forward(X, W1, W2)
            dz3 = 2 * factor * (y_hat - y) * y_hat * (1 - y_hat)
            dz2 = dz3 @ W2.T * a2 * (1 - a2)
            W1, W2 = W1 - learning_rate * X.T @ dz2, W2 - learning_rate * a2.T @ dz3


def test_equal_weights_stay_equal_and_the_price_of_the_fourth_house_keeps_falling():
    X, y = tutorial_data()
    question = np.array([[4, 7]]) / [3, 9]
    network, prices = Network(sizes=(2, 3, 1)), {}
    start = np.full((2, 3), 0.5), np.full((3, 1), 0.5)
    steps = squared_error_steps(X, y, *start, factor=1 / 3, learning_rate=0.75, steps=60_000)
    for step, (W1, W2) in enumerate(steps):
        if step in (0, 1_000, 5_000, 20_000, 60_000):
            parameters = without_bias(W1, W2)
            prices[step] = 100 * predict(network, parameters, question).item()
            # These are our gradients.
            trace = forward_propagation(network, parameters, X)
            (dW1, _), (dW2, _) = backward_propagation(network, parameters, trace, y)
            _, a2, _, y_hat = tutorial_forward(X, W1, W2)
            dz3 = 2 / 3 * (y_hat - y) * y_hat * (1 - y_hat)
            np.testing.assert_allclose(dW2, a2.T @ dz3, **ALIKE)
            np.testing.assert_allclose(dW1, X.T @ (dz3 @ W2.T * a2 * (1 - a2)), **ALIKE)
    assert [round(price, 1) for price in prices.values()] == [75.3, 90.8, 84.0, 74.7, 61.9]
    assert max(*np.ptp(W1, axis=1), np.ptp(W2)) < 1e-12


def test_rate_half_on_half_the_sum_is_rate_three_quarters_on_the_mean():
    X, y = tutorial_data()
    rng = np.random.default_rng(3)
    start = rng.standard_normal((2, 3)), rng.standard_normal((3, 1))
    half = squared_error_steps(X, y, *start, factor=1 / 2, learning_rate=0.5, steps=1_000)
    mean = squared_error_steps(X, y, *start, factor=1 / 3, learning_rate=0.75, steps=1_000)
    for (V1, V2), (W1, W2) in zip(half, mean, strict=True):
        np.testing.assert_allclose(V1, W1, **ALIKE)
        np.testing.assert_allclose(V2, W2, **ALIKE)


def test_the_question_lies_outside_the_training_range_and_the_plane_answers_40():
    X, y = data.houses()
    scaled = data.Scaler.fit(X, method="maximum").transform([[4, 7]])
    np.testing.assert_allclose(scaled, [[4 / 3, 7 / 9]], **ALIKE)
    assert scaled.max() > 1
    plane = np.linalg.solve(np.hstack([np.ones((3, 1)), X]), y)
    assert (np.array([[1, 4, 7]]) @ plane).item() == pytest.approx(40)


# ---------------------------------------------------------------------------------- the guide


def guide_initialize_parameters(input_size, hidden_size, output_size, scale=0.01):
    np.random.seed(1)  # noqa: NPY002
    W1 = np.random.randn(hidden_size, input_size) * scale  # noqa: NPY002
    b1 = np.zeros((hidden_size, 1))
    W2 = np.random.randn(output_size, hidden_size) * scale  # noqa: NPY002
    b2 = np.zeros((output_size, 1))
    return W1, b1, W2, b2


def guide_sigmoid(x):
    return 1 / (1 + np.exp(-x))


def guide_forward_propagation(X, W1, b1, W2, b2):
    """As printed, but it returns Z1, A1 and Z2 too; the guide's returns A2 only."""
    Z1 = np.dot(W1, X) + b1
    A1 = guide_sigmoid(Z1)
    Z2 = np.dot(W2, A1) + b2
    A2 = guide_sigmoid(Z2)
    return Z1, A1, Z2, A2


def guide_compute_cost(A2, Y):
    m = Y.shape[1]
    return -np.sum(Y * np.log(A2) + (1 - Y) * np.log(1 - A2)) / m


def guide_backward_propagation(X, Y, A1, A2, W1, W2):
    """As printed, but A1 is handed in and dZ2 comes out too."""
    m = X.shape[1]
    dZ2 = A2 - Y
    dW2 = np.dot(dZ2, A1.T) / m
    db2 = np.sum(dZ2, axis=1, keepdims=True) / m
    dA1 = np.dot(W2.T, dZ2)
    dZ1 = dA1 * (A1 * (1 - A1))
    dW1 = np.dot(dZ1, X.T) / m
    db1 = np.sum(dZ1, axis=1, keepdims=True) / m
    return dZ2, dW1, db1, dW2, db2


def guide_update_parameters(W1, b1, W2, b2, dW1, db1, dW2, db2, learning_rate=0.01):
    W1 -= learning_rate * dW1
    b1 -= learning_rate * db1
    W2 -= learning_rate * dW2
    b2 -= learning_rate * db2
    return W1, b1, W2, b2


def guide_predict(X, W1, b1, W2, b2):
    *_, A2 = guide_forward_propagation(X, W1, b1, W2, b2)
    return A2 > 0.5


def guide_accuracy(predictions, labels):
    return np.mean(predictions == labels) * 100


def guide_train(X, Y, parameters, *, iterations, learning_rate):
    """The guide's loop from given parameters; returns the new ones and the costs on the way."""
    parameters, costs = [array.copy() for array in parameters], []
    for _ in range(iterations):
        _, A1, _, A2 = guide_forward_propagation(X, *parameters)
        costs.append(guide_compute_cost(A2, Y))
        W1, _, W2, _ = parameters
        _, *gradients = guide_backward_propagation(X, Y, A1, A2, W1, W2)
        parameters = guide_update_parameters(*parameters, *gradients, learning_rate)
    return parameters, costs


CLASSIFIER = Network(sizes=(2, 4, 1), cost="cross_entropy")


def ours(W1, b1, W2, b2):
    """The guide's parameters in our layout."""
    return Layer(W1.T, b1.T), Layer(W2.T, b2.T)


@pytest.fixture
def problem():
    """X, Y and parameters in the guide's layout: 5 samples, 2 inputs, 4 hidden units, 1 output."""
    rng = np.random.default_rng(4)
    X, Y = rng.standard_normal((2, 5)), rng.integers(2, size=(1, 5)).astype(float)
    shapes = (4, 2), (4, 1), (1, 4), (1, 1)
    return X, Y, [rng.standard_normal(shape) for shape in shapes]


def test_the_notation_table_forwards(problem):
    X, Y, parameters = problem
    trace = forward_propagation(CLASSIFIER, ours(*parameters), X.T)
    Z1, A1, Z2, A2 = guide_forward_propagation(X, *parameters)
    np.testing.assert_allclose(Z1, trace.z2.T, **ALIKE)
    np.testing.assert_allclose(A1, trace.a2.T, **ALIKE)
    np.testing.assert_allclose(Z2, trace.z3.T, **ALIKE)
    np.testing.assert_allclose(A2, trace.y_hat.T, **ALIKE)
    cost = compute_cost(CLASSIFIER, ours(*parameters), trace, Y.T)
    np.testing.assert_allclose(guide_compute_cost(A2, Y), cost, **ALIKE)


def test_the_notation_table_backwards(problem):
    X, Y, parameters = problem
    W1, _, W2, _ = parameters
    _, A1, _, A2 = guide_forward_propagation(X, *parameters)
    dZ2, dW1, db1, dW2, db2 = guide_backward_propagation(X, Y, A1, A2, W1, W2)
    trace = forward_propagation(CLASSIFIER, ours(*parameters), X.T)
    gradients = backward_propagation(CLASSIFIER, ours(*parameters), trace, Y.T)
    (our_dW1, our_db1), (our_dW2, our_db2) = gradients
    np.testing.assert_allclose(dW1, our_dW1.T, **ALIKE)
    np.testing.assert_allclose(db1, our_db1.T, **ALIKE)
    np.testing.assert_allclose(dW2, our_dW2.T, **ALIKE)
    np.testing.assert_allclose(db2, our_db2.T, **ALIKE)
    # Our dz3 is ∂J/∂z3 with its 1/m; the guide's dZ2 is m times that.
    m = len(trace.z3)
    np.testing.assert_allclose(dZ2, m * ((trace.y_hat - Y.T) / m).T, **ALIKE)
    dz3 = numerical_gradient(lambda z3: cross_entropy(z3, Y.T), trace.z3)
    np.testing.assert_allclose(dZ2, m * dz3.T, rtol=0, atol=1e-8)


def test_predictions_and_accuracy_agree(problem):
    X, Y, parameters = problem
    theirs = guide_predict(X, *parameters)
    predictions = predict(CLASSIFIER, ours(*parameters), X.T)
    np.testing.assert_array_equal(theirs.T, predictions)
    assert guide_accuracy(theirs, Y) == accuracy(predictions, Y.T)


def test_the_guides_training_is_train_neural_network(problem):
    X, Y, parameters = problem
    trained, costs = guide_train(X, Y, parameters, iterations=200, learning_rate=0.3)
    our_trained, history = train_neural_network(
        CLASSIFIER, ours(*parameters), X.T, Y.T, learning_rate=0.3, epochs=200
    )
    for theirs, mine in zip(ours(*trained), our_trained, strict=True):
        np.testing.assert_allclose(theirs.W, mine.W, **ALIKE)
        np.testing.assert_allclose(theirs.b, mine.b, **ALIKE)
    np.testing.assert_allclose(costs, history.costs[:-1], **ALIKE)


def test_its_update_edits_the_callers_arrays_and_ours_does_not(problem):
    X, Y, parameters = problem
    W1, _, W2, _ = parameters
    before = [array.copy() for array in parameters]
    _, A1, _, A2 = guide_forward_propagation(X, *parameters)
    _, dW1, db1, dW2, db2 = guide_backward_propagation(X, Y, A1, A2, W1, W2)
    new = update_parameters(ours(*parameters), [(dW1.T, db1.T), (dW2.T, db2.T)], 0.5)
    for mine, old in zip(parameters, before, strict=True):
        np.testing.assert_array_equal(mine, old)
    updated = guide_update_parameters(*parameters, dW1, db1, dW2, db2, learning_rate=0.5)
    for theirs, mine in zip(ours(*updated), new, strict=True):
        np.testing.assert_allclose(theirs.W, mine.W, **ALIKE)
        np.testing.assert_allclose(theirs.b, mine.b, **ALIKE)
    for name, old in zip(parameters, before, strict=True):
        assert (name != old).all()
    assert updated[0] is W1


def test_its_backward_propagation_as_printed_is_a_name_error(problem):
    def backward_propagation(X, Y, A2, W1, W2):
        m = X.shape[1]
        dZ2 = A2 - Y
        return np.dot(dZ2, A1.T) / m  # noqa: F821

    X, Y, (W1, b1, W2, b2) = problem
    *_, A2 = guide_forward_propagation(X, W1, b1, W2, b2)
    with pytest.raises(NameError, match="name 'A1' is not defined"):
        backward_propagation(X, Y, A2, W1, W2)


def test_its_global_seed_gives_everyone_the_same_numbers():
    before = np.random.get_state()  # noqa: NPY002
    try:
        first = guide_initialize_parameters(2, 4, 1)
        draw = np.random.rand()  # noqa: NPY002
        second = guide_initialize_parameters(2, 4, 1)
        assert np.random.rand() == draw  # noqa: NPY002
    finally:
        np.random.set_state(before)  # noqa: NPY002
    np.testing.assert_array_equal(first[0], second[0])
    rng = np.random.default_rng(1)
    one, other = (initialize_parameters(CLASSIFIER, rng, scale=0.01) for _ in range(2))
    assert (one[0].W != other[0].W).all()
    assert [W.shape for W, _ in one] == [W.T.shape for W in (first[0], first[2])]


@pytest.fixture
def xor():
    """XOR in the guide's layout."""
    X, y = data.xor()
    return X.T, y.T


def guide_start(scale):
    state = np.random.get_state()  # noqa: NPY002
    try:
        return guide_initialize_parameters(2, 4, 1, scale)
    finally:
        np.random.set_state(state)  # noqa: NPY002


def test_its_settings_stay_on_a_plateau_at_ln_2_on_xor(xor):
    X, Y = xor
    trained, costs = guide_train(X, Y, guide_start(0.01), iterations=10_000, learning_rate=0.01)
    assert costs[-1] == pytest.approx(np.log(2), abs=1e-6)
    assert guide_accuracy(guide_predict(X, *trained), Y) == 50


def test_larger_weights_and_steps_solve_xor(xor):
    X, Y = xor
    trained, costs = guide_train(X, Y, guide_start(1), iterations=10_000, learning_rate=1)
    assert f"{costs[-1]:.5f}" == "0.00085"
    assert guide_accuracy(guide_predict(X, *trained), Y) == 100


def test_its_cost_of_a_perfect_prediction_is_nan_and_ours_is_0():
    A2, Y = np.array([[1.0, 0.0]]), np.array([[1.0, 0.0]])
    with np.errstate(divide="ignore", invalid="ignore"):
        assert np.isnan(guide_compute_cost(A2, Y))
    assert cross_entropy(np.array([[1000.0], [-1000.0]]), Y.T) == 0


def test_its_sigmoid_overflows_and_ours_does_not():
    with pytest.warns(RuntimeWarning, match="overflow"):
        guide_sigmoid(np.array([-1000.0]))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert sigmoid(np.array([-1000.0, 1000.0])).tolist() == [0, 1]


def test_its_accuracy_of_rows_against_columns_is_a_silent_50_per_cent(xor):
    _, Y = xor
    assert guide_accuracy(Y, Y) == 100
    assert guide_accuracy(Y, Y.T) == 50
    with pytest.raises(ValueError, match="shape"):
        accuracy(Y, Y.T)


def test_one_dimensional_labels_are_an_index_error_there_and_a_sentence_here(xor):
    X, Y = xor
    *_, A2 = guide_forward_propagation(X, *guide_start(1))
    with pytest.raises(IndexError, match="tuple index out of range"):
        guide_compute_cost(A2, Y.ravel())
    parameters = ours(*guide_start(1))
    trace = forward_propagation(CLASSIFIER, parameters, X.T)
    with pytest.raises(ValueError, match=r"y must have shape \(4, 1\)"):
        compute_cost(CLASSIFIER, parameters, trace, Y.ravel())


def direction(array):
    return array / np.linalg.norm(array)


def test_its_delta_points_the_wrong_way_for_squared_error(problem):
    X, Y, parameters = problem
    W1, _, W2, _ = parameters
    _, A1, _, A2 = guide_forward_propagation(X, *parameters)
    _, dW1, _, _, _ = guide_backward_propagation(X, Y, A1, A2, W1, W2)
    for cost, wrong in (("cross_entropy", False), ("squared_error", True)):
        network = Network(sizes=(2, 4, 1), cost=cost)
        numerical = numerical_gradients(network, ours(*parameters), X.T, Y.T)
        error = relative_error(direction(dW1.T), direction(numerical[0].dW))
        assert error > 0.1 if wrong else error < 1e-6
