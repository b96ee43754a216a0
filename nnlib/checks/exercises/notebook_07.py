"""The exercises of notebook 07: functions of the guide, in its layout: every column is a sample."""

import numpy as np

from nnlib import network as nn
from nnlib.activations import sigmoid
from nnlib.checks.cases import draw_well_conditioned
from nnlib.checks.exercise import exercise, value_exercise
from nnlib.checks.exercises.notebook_04 import GRADIENTS, LIBRARY

value_exercise(
    "column_shapes", "07", [(3, 2), (3, 1), (3, 4), (1, 4)], returns=("W1", "b1", "A1", "A2")
)


def _passed(rng, n_in, hidden, n_out, m):
    """X, Y, A1, A2, W2 of a random network."""
    X, W1 = rng.standard_normal((n_in, m)), rng.standard_normal((hidden, n_in))
    W2 = rng.standard_normal((n_out, hidden))
    A1 = sigmoid(W1 @ X)
    return X, rng.integers(2, size=(n_out, m)).astype(float), A1, sigmoid(W2 @ A1), W2


def _passes(rng):
    sizes = ((2, 4, 1, 4), (2, 3, 1, 6), (3, 2, 2, 5), (1, 1, 1, 1), (3, 3, 3, 3))
    return tuple(
        draw_well_conditioned(backward_propagation, 0.02, _passed, rng, *some) for some in sizes
    )


def _answers(rng):
    """Answers A2 and labels Y; the first have zeros and ones, in right places and in wrong ones.

    One answer is a little larger than the guard, where an epsilon that is added would show.
    """
    p, tiny = rng.uniform(0.02, 0.98, 4), rng.uniform(2e-12, 5e-12)
    exact = rng.permutation([[1.0, 0.0]], axis=1)
    return (
        (np.array([[p[0], 0.2, 0.6]]), np.array([[1.0, 0.0, 0.0]])),
        (exact, exact.copy()),
        (np.array([[0.0, p[1], 1.0, p[2]]]), np.array([[0.0, 1.0, 1.0, 0.0]])),
        (np.array([[1.0, p[3]]]), np.array([[0.0, 1.0]])),
        (np.array([[0.0]]), np.array([[1.0]])),
        (np.array([[tiny]]), np.array([[1.0]])),
        *(
            (rng.uniform(0.02, 0.98, shape), rng.integers(2, size=shape).astype(float))
            for shape in ((1, 7), (1, 1))
        ),
    )


def marked(rng, shape):
    """True at random places: at one of them or more, but not at all; a single one is either."""
    size = np.prod(shape)
    count = rng.integers(1, size) if size > 1 else rng.integers(2)
    return (rng.permutation(size) < count).reshape(shape)


def verdict(rng, shape):
    """Predictions and labels of 0 and 1: both occur, and right and wrong ones."""
    labels = marked(rng, shape).astype(float)
    return np.where(marked(rng, shape), 1 - labels, labels), labels


def _percentages(rng):
    """Verdicts in rows and columns; some that are True and False, some that are all wrong."""
    shapes = (1, 4), (1, 7), (5, 1), (1, 1), (31, 1), (1, 40)
    said, truth = verdict(rng, (1, 4))
    labels = verdict(rng, (1, 3))[1]
    return *(verdict(rng, shape) for shape in shapes), (said > 0, truth), (1 - labels, labels)


@exercise("07", _passes, returns=GRADIENTS, library=LIBRARY, also=(("X.shape[1]", "Y.size"),))
def backward_propagation(X, Y, A1, A2, W2):
    m = X.shape[1]
    dZ2 = A2 - Y
    dW2 = dZ2 @ A1.T / m
    db2 = dZ2.sum(axis=1, keepdims=True) / m
    dZ1 = W2.T @ dZ2 * A1 * (1 - A1)
    dW1 = dZ1 @ X.T / m
    db1 = dZ1.sum(axis=1, keepdims=True) / m
    return dW1, db1, dW2, db2


# 1 − (1 − 1e-12) is not quite 1e-12, so right answers differ in the sixth digit.
@exercise("07", _answers, library=(nn.compute_cost,), tolerance=1e-5)
def compute_cost(A2, Y):
    m = Y.shape[1]
    yes = np.log(np.maximum(A2, 1e-12))
    no = np.log(np.maximum(1 - A2, 1e-12))
    return -np.sum(Y * yes + (1 - Y) * no) / m


@exercise(
    "07",
    _percentages,
    library=(nn.accuracy,),
    refused=(
        (np.array([[0.0, 1.0, 1.0, 0.0]]), np.array([[0.0], [1.0], [1.0], [0.0]])),
        (np.array([[1.0], [0.0], [1.0]]), np.array([1.0, 0.0, 1.0])),
        (np.array([[1.0, 0.0]]), np.array([1.0, 0.0])),
        (np.array([[1.0, 0.0, 1.0]]), np.array([[1.0]])),
    ),
)
def accuracy(predictions, labels):
    if predictions.shape != labels.shape:
        raise ValueError(f"predictions {predictions.shape}, labels {labels.shape}")
    return np.mean(predictions == labels) * 100
