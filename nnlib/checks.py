"""Answers to the exercises: is the learner's function right?"""

from collections.abc import Callable
from copy import deepcopy
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from nnlib.activations import sigmoid, sigmoid_backward, tanh_backward
from nnlib.costs import COSTS, cross_entropy, mean_squared_error
from nnlib.data import Scaler
from nnlib.gradcheck import numerical_gradient
from nnlib.network import Network, initialize_parameters
from nnlib.training import train_neural_network


class Exercise(NamedTuple):
    """`reference(*case)` is the right answer for each tuple of arguments in `cases`."""

    reference: Callable
    cases: tuple


def _neurons(x, w, b):
    return sigmoid(x @ w + b)


def _scale(X, X_train):
    return Scaler.fit(X_train, method="maximum").transform(X)


def _unscale(X_scaled, X_train):
    return Scaler.fit(X_train, method="maximum").inverse(X_scaled)


def _column(values):
    return np.array(values, dtype=float).reshape(-1, 1)


def _product_shape(left, right):
    return (left[0], right[1]) if left[1] == right[0] else ()


def _forward(X, W1, b1, W2, b2):
    z2 = X @ W1 + b1
    a2 = sigmoid(z2)
    z3 = a2 @ W2 + b2
    return z2, a2, z3, sigmoid(z3)


def _second_column(z2, first):
    return 2 * z2 - first / np.amax(first)


def _best_weight(cost, candidates):
    return min(candidates, key=cost)


def _weight_slope(w, x, y):
    a = sigmoid(w * x)
    return x * a * (1 - a) * 2 * (a - y)


def _backward(cost):
    """The four gradients of a network with sigmoids, for the cost of that name in COSTS."""

    def backward(X, y, W2, z2, a2, y_hat):
        dz3 = COSTS[cost].gradient("sigmoid", y_hat, y)
        dz2 = sigmoid_backward(dz3 @ W2.T, a2)
        return (
            X.T @ dz2,
            dz2.sum(axis=0, keepdims=True),
            a2.T @ dz3,
            dz3.sum(axis=0, keepdims=True),
        )

    return backward


def _passed(seed, m, n1, n2, n3):
    """X, y, W2, z2, a2, y_hat of random networks and samples: what `backward` gets."""
    X, W1, b1, W2, b2 = _arrays(seed, (m, n1), (n1, n2), (1, n2), (n2, n3), (1, n3))
    z2, a2, _, y_hat = _forward(X, W1, b1, W2, b2)
    return X, np.random.default_rng(seed).uniform(size=y_hat.shape), W2, z2, a2, y_hat


def _update(W, dW, learning_rate):
    return W - learning_rate * dW


def _train(network, parameters, X, y, learning_rate, epochs):
    trained, history = train_neural_network(
        network, parameters, X, y, learning_rate=learning_rate, epochs=epochs
    )
    return trained, list(history.costs[:-1])


def _best_rate(rates, costs):
    return rates[np.argmin(np.where(np.isfinite(costs), costs, np.inf))]


def _start(seed, sizes, m, learning_rate, epochs):
    """The arguments of `train`: a network, its first parameters, m random samples, and the rest."""
    network, rng = Network(sizes), np.random.default_rng(seed)
    X, y = rng.uniform(size=(m, sizes[0])), rng.uniform(size=(m, sizes[-1]))
    return network, initialize_parameters(network, rng), X, y, learning_rate, epochs


def _arrays(seed, *shapes):
    rng = np.random.default_rng(seed)
    return tuple(rng.standard_normal(shape) for shape in shapes)


def _first_epoch_below(epochs, costs, level):
    return next((epoch for epoch, cost in zip(epochs, costs) if cost < level), -1)


def _count_parameters(sizes):
    return sum((n_in + 1) * n_out for n_in, n_out in pairwise(sizes))


def _backward_tanh(X, y, W2, z2, a2, y_hat):
    dz3 = COSTS["squared_error"].gradient("sigmoid", y_hat, y)
    dz2 = tanh_backward(dz3 @ W2.T, a2)
    columns = (dz2.sum(axis=0, keepdims=True), dz3.sum(axis=0, keepdims=True))
    return X.T @ dz2, columns[0], a2.T @ dz3, columns[1]


def _passed_tanh(seed, m, n1, n2):
    """As `_passed`, with hidden neurons of tanh and one output."""
    X, y, W2, z2, _, _ = _passed(seed, m, n1, n2, 1)
    a2 = np.tanh(z2)
    return X, y, W2, z2, a2, sigmoid(a2 @ W2)


EXERCISES = {
    # 00 start here
    "neuron": Exercise(
        _neurons,
        (
            (np.array([2.0, 7.0]), np.array([0.5, 0.5]), 0.0),
            (np.array([1.0, 3.0]), np.array([-1.0, 0.5]), 0.3),
            (np.array([0.2, -1.5, 3.0]), np.array([1.0, 0.5, -0.7]), -0.4),
            (np.array([4.0]), np.array([0.25]), 1.0),
        ),
    ),
    "layer": Exercise(
        _neurons,
        (
            (np.array([1.0, 3.0]), np.array([[0.5, -1.0, 0.0], [0.5, 0.5, 0.2]]), np.zeros(3)),
            (
                np.array([0.3, -2.0]),
                np.array([[0.1, 0.2, 0.3], [-0.4, 0.5, 0.6]]),
                np.array([0.7, -0.8, 0.9]),
            ),
            (np.array([1.0, 2.0, 3.0]), np.arange(9.0).reshape(3, 3) / 10, np.array([-1.0, 0, 1])),
        ),
    ),
    # 01 data and scaling
    "scale": Exercise(
        _scale,
        (
            (np.array([[4.0, 7.0]]), np.array([[2.0, 7.0], [1.0, 3.0], [3.0, 9.0]])),
            (np.array([[2, 7], [1, 3], [3, 9]]), np.array([[2, 8], [5, 3]])),
            (np.array([[0.5, -2.0, 9.0], [1.0, 4.0, 0.0]]), np.array([[3.0, 1.0, 6.0]])),
        ),
    ),
    "unscale": Exercise(
        _unscale,
        (
            (np.array([[4 / 3, 7 / 9]]), np.array([[2.0, 7.0], [1.0, 3.0], [3.0, 9.0]])),
            (np.array([[0.4], [1.2]]), np.array([[94], [89], [83]])),
            (np.array([[0.5, -2.0], [1.0, 0.0]]), np.array([[3, 1], [2, 6]])),
        ),
    ),
    "column": Exercise(
        _column,
        (([94, 89, 83],), (np.array([0.5, -1.5]),), (np.array([[3.0], [4.0]]),), ([7],)),
    ),
    # 02 the forward pass
    "sigmoid": Exercise(sigmoid, ((0.0,), (-3.0,), (np.array([[-2.0, 0.5], [7.0, -20.0]]),))),
    "product_shape": Exercise(
        _product_shape,
        (((3, 2), (2, 3)), ((3, 3), (3, 1)), ((3, 2), (3, 1)), ((1, 4), (1, 4)), ((5, 1), (1, 7))),
    ),
    "forward": Exercise(
        _forward,
        (
            _arrays(1, (3, 2), (2, 3), (1, 3), (3, 1), (1, 1)),
            _arrays(2, (1, 2), (2, 3), (1, 3), (3, 1), (1, 1)),
            _arrays(3, (5, 4), (4, 2), (1, 2), (2, 3), (1, 3)),
        ),
    ),
    "second_column": Exercise(
        _second_column,
        (
            (np.array([0.75, 0.5, 0.625]), np.array([2, 1, 4])),
            (np.array([13 / 18, 1 / 3, 1]), np.array([2, 1, 3])),
        ),
    ),
    # 03 the cost
    "mean_squared_error": Exercise(
        mean_squared_error,
        (
            _arrays(4, (3, 1), (3, 1)),
            _arrays(5, (1, 1), (1, 1)),
            (np.array([[0.5], [0.5]]), np.array([[0.0], [1.0]])),
            _arrays(6, (7, 1), (7, 1)),
        ),
    ),
    "cross_entropy": Exercise(
        cross_entropy,
        (
            (np.array([[0.0], [1.0]]), np.array([[1.0], [1.0]])),
            (np.array([[-2.0], [0.5], [3.0]]), np.array([[0.0], [1.0], [0.0]])),
            (np.array([[1000.0], [-1000.0], [2.0]]), np.array([[1.0], [0.0], [0.0]])),
            (np.array([[1000.0], [-1000.0]]), np.array([[0.0], [1.0]])),
        ),
    ),
    "best_weight": Exercise(
        _best_weight,
        (
            (lambda w: (w - 1.2) ** 2, np.linspace(-3, 3, 31)),
            (lambda w: -w, np.linspace(-1, 4, 11)),
            (lambda w: abs(w + 5), np.linspace(-2, 2, 9)),
        ),
    ),
    # 04 backpropagation
    "weight_slope": Exercise(
        _weight_slope, ((0.5, 2.0, 0.2), (-1.5, 3.0, 1.0), (0.0, -1.0, 0.4), (2.0, 0.5, 0.9))
    ),
    "backward": Exercise(
        _backward("squared_error"),
        (_passed(21, 3, 2, 4, 1), _passed(22, 5, 2, 3, 1), _passed(23, 4, 3, 5, 2)),
    ),
    "numerical_gradient": Exercise(
        numerical_gradient,
        (
            (lambda x: (x**2).sum(), np.array([[1.0, -2.0, 0.5], [0.0, 3.0, -0.1]])),
            (lambda x: np.sin(x[0, 0]) * x[0, 1] ** 3, np.array([[0.7, -1.2]])),
            (lambda x: 5 * x[1, 0] - x[0, 0], np.array([[1.0], [2.0], [3.0]])),
        ),
    ),
    "backward_cross_entropy": Exercise(
        _backward("cross_entropy"),
        (_passed(24, 3, 2, 4, 1), _passed(25, 5, 2, 3, 1), _passed(26, 4, 3, 5, 2)),
    ),
    # 05 training
    "update": Exercise(
        _update,
        (
            (5.0, 6.0, 0.1),
            (*_arrays(31, (2, 3), (2, 3)), 0.1),
            (*_arrays(32, (1, 3), (1, 3)), 2.0),
        ),
    ),
    "train": Exercise(_train, (_start(33, (2, 3, 1), 3, 10, 4), _start(34, (4, 2, 2), 5, 0.5, 7))),
    "best_rate": Exercise(
        _best_rate,
        (
            (np.array([0.1, 1.0, 10.0, 100.0]), np.array([0.4, 0.02, 0.3, 0.5])),
            (np.array([0.5, 2.0, 8.0]), np.array([0.3, np.inf, np.nan])),
            (np.array([0.1, 1.0, 10.0]), np.array([np.nan, 0.3, 0.2])),
        ),
    ),
    # 06 the playground
    "first_epoch_below": Exercise(
        _first_epoch_below,
        (
            ([0, 1, 2, 3], [0.5, 0.3, 0.1, 0.05], 0.2),
            ([0, 10, 20], [0.5, 0.05, 0.3], 0.1),
            ([0, 5, 10], [0.5, 0.4, 0.3], 0.3),
            ([0, 5, 10], [0.05, 0.4, 0.3], 0.1),
        ),
    ),
    "count_parameters": Exercise(
        _count_parameters, (((2, 3, 1),), ((2, 1),), ((3, 5, 4, 2),), ((7, 8, 8, 1),))
    ),
    "backward_tanh": Exercise(
        _backward_tanh, (_passed_tanh(31, 3, 2, 4), _passed_tanh(32, 5, 2, 3))
    ),
}


def check(name, function):
    """Print whether `function` answers the exercise `name`; return it if so, else the reference.

    Either way the notebook goes on. ValueError when there is no such exercise.
    """
    if name not in EXERCISES:
        raise ValueError(f"there is no exercise {name!r}; there are {', '.join(EXERCISES)}")
    reference, cases = EXERCISES[name]
    problems = (_problem(name, reference, function, case) for case in cases)
    problem = next(filter(None, problems), None)
    print(problem or f"Right: {name} agrees with nnlib on {len(cases)} fresh inputs.")
    return reference if problem else function


def _problem(name, reference, function, case):
    """None where `function` agrees with `reference` on `case`, else a line that says why not."""
    arguments = deepcopy(case)
    try:
        got = function(*arguments)
    except Exception as error:
        return f"Not yet: {name} raised {type(error).__name__}: {error}"
    if got is None or got is ...:
        return f"Not attempted yet: {name} returns nothing; the course's own stands in for it."
    if any(map(_changed, _parts(case), _parts(arguments))):
        return f"Not yet: {name} edits an array that belongs to its caller; return a new one."
    wanted = reference(*case)
    if isinstance(wanted, tuple) and isinstance(got, list):
        got = tuple(got)
    pairs = list(zip(_parts(wanted), _parts(got)))
    if len(_parts(wanted)) != len(_parts(got)):
        return f"Not yet: {name} must return {len(_parts(wanted))} values; got {len(_parts(got))}."
    for want, have in pairs:
        if np.shape(want) != np.shape(have):
            return f"Not yet: {name} must return shape {np.shape(want)}; got {np.shape(have)}."
        if not np.allclose(want, have, rtol=1e-6, atol=1e-9):
            return f"Not yet: for one input {name} must return\n{want}\nand returned\n{have}"
    return None


def _parts(value):
    """The arrays and numbers in an answer, one after the other; a list of numbers counts as one."""
    several = isinstance(value, tuple) or (
        isinstance(value, list) and any(isinstance(v, (np.ndarray, tuple, list)) for v in value)
    )
    return tuple(part for item in value for part in _parts(item)) if several else (value,)


def _changed(before, after):
    return isinstance(before, np.ndarray) and not np.array_equal(before, after, equal_nan=True)
