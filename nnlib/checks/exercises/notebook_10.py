"""The exercises of notebook 10: an error, a fold, scaling without a leak, a plane, an ensemble."""

import numpy as np

from nnlib.checks.cases import columns, draw_well_conditioned, draws, predictions
from nnlib.checks.exercise import exercise, value_exercise


def _parts(rng):
    """An order of rows, the number of parts, and the part to hold out."""
    return (
        (rng.permutation(6), 3, 0),
        (rng.choice(30, 6, replace=False), 3, 1),
        (rng.permutation(7), 2, 1),
        (rng.permutation(5), 5, 2),
        (rng.permutation(23), 4, 3),
    )


def _tables(rng):
    """X_train and X_test, not in the same range."""
    return tuple(
        (columns(rng, rows, n), rng.uniform(10, 30, (held_out, n)))
        for rows, held_out, n in ((2, 1, 2), (6, 3, 2), (4, 4, 4), (9, 1, 1))
    )


def _plane(rng, rows, held_out, n):
    """X_train, y_train, X_test: y_train lies near a plane that misses the origin."""
    X_train = columns(rng, rows, n)
    y_train = 2 + X_train.sum(axis=1, keepdims=True) + rng.uniform(-1, 1, (rows, 1))
    X_test = rng.uniform(X_train.min(axis=0), X_train.max(axis=0), (held_out, n))
    return X_train, y_train, X_test


def _flatness(X_train, y_train, X_test):
    """How far the rows of X_train spread where they spread least; 0 if a column is superfluous."""
    return np.linalg.svd(X_train - X_train.mean(axis=0), compute_uv=False).min()


def _planes(rng):
    shapes = ((3, 1, 1), (7, 3, 2), (9, 9, 3), (12, 1, 1))
    return tuple(draw_well_conditioned(_flatness, 0.5, _plane, rng, *shape) for shape in shapes)


def _ensembles(rng):
    """Answers of several networks; the first two do not agree."""
    low, gap = rng.standard_normal((1, 2, 1)), rng.uniform(1, 5, (1, 2, 1))
    shapes = (4, 3, 1), (1, 2, 1), (5, 5, 1), (3, 2, 4)
    return (np.concatenate([low, low + gap]),), *draws(rng, *((shape,) for shape in shapes))


@exercise("10", lambda rng: tuple(predictions(rng, m) for m in (2, 5, 1, 12)))
def rmse(y_hat, y):
    return np.sqrt(np.mean((y_hat - y) ** 2))


@exercise("10", _parts, returns=("train", "test"), indices=True)
def fold(order, count, k):
    parts = np.array_split(order, count)
    return np.concatenate(parts[:k] + parts[k + 1 :]), parts[k]


@exercise("10", _tables, returns=("X_train", "X_test"))
def standardise(X_train, X_test):
    mean, deviation = X_train.mean(axis=0), X_train.std(axis=0)
    return (X_train - mean) / deviation, (X_test - mean) / deviation


@exercise("10", _planes)
def linear_model(X_train, y_train, X_test):
    A = np.hstack([np.ones((len(X_train), 1)), X_train])
    B = np.hstack([np.ones((len(X_test), 1)), X_test])
    weights = np.linalg.lstsq(A, y_train)[0]
    return B @ weights


value_exercise("honest_steps", "10", ["D", "E", "C", "A"])


@exercise("10", _ensembles, returns=("mean", "spread"))
def ensemble(answers):
    return answers.mean(axis=0), answers.std(axis=0)
