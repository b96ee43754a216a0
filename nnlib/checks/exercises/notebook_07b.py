"""The exercises of notebook 07b: honest counts on samples that were held back."""

import numpy as np

from nnlib.checks.cases import columns
from nnlib.checks.exercise import exercise, value_exercise
from nnlib.checks.exercises.notebook_07 import marked, verdict

value_exercise("recall_and_precision", "07b", lambda: (100 * 30 / (30 + 20), 100 * 30 / (30 + 10)))
value_exercise("best_threshold", "07b", lambda: 1 / (19 + 1))


def _counts(rng):
    """Verdicts in rows and columns; in the last nothing is ever said to be a 1."""
    shapes = (7, 1), (12, 1), (1, 9), (1, 1), (1, 40)
    labels = verdict(rng, (5, 1))[1]
    return *(verdict(rng, shape) for shape in shapes), (np.zeros((5, 1)), labels)


def _tables(rng):
    """X, y, an order of the rows and how many to hold out."""
    return tuple(
        (columns(rng, m, n), marked(rng, (m, 1)).astype(float), rng.permutation(m), held_out)
        for m, n, held_out in ((8, 2, 3), (6, 3, 2), (12, 1, 4), (5, 2, 2))
    )


@exercise("07b", _tables, returns=("X_train", "X_test", "y_train", "y_test"))
def split_and_scale(X, y, order, held_out):
    test, train = order[:held_out], order[held_out:]
    mean, deviation = X[train].mean(axis=0), X[train].std(axis=0)
    X_train = (X[train] - mean) / deviation
    X_test = (X[test] - mean) / deviation
    return X_train, X_test, y[train], y[test]


@exercise("07b", _counts)
def confusion_matrix(predictions, labels):
    counts = np.zeros((2, 2), dtype=int)
    for truth in (0, 1):
        for prediction in (0, 1):
            counts[truth, prediction] = np.sum((labels == truth) & (predictions == prediction))
    return counts
