"""The exercises of notebook 01: scaling by the training data, the way back, a proper column."""

import numpy as np

from nnlib.checks.exercise import exercise, value_exercise


def _tables(rng):
    """(X, X_train): tables of several shapes.

    In the first a number lies above the training data, another below 0; the last are whole numbers.
    """
    cases = [(rng.uniform([[10.0, -4.0]], [[20.0, -1.0]]), rng.uniform(5, 9, (3, 2)))]
    for m, k, n in ((2, 2, 2), (3, 3, 3), (5, 4, 2), (2, 1, 3), (1, 1, 1)):
        cases.append((rng.uniform(-1, 9, (m, n)), rng.uniform(1, 9, (k, n))))
    return (*cases, (rng.integers(1, 10, (3, 2)), rng.integers(1, 10, (2, 2))))


def _values(rng):
    """A list of whole numbers, a flat array, a column that is one already, a single number."""
    whole = rng.integers(50, 100, 4).tolist()
    return (whole[:3],), (rng.standard_normal(2),), (rng.uniform(1, 9, (2, 1)),), (whole[3:],)


value_exercise("scaled_house", "01", lambda: (6 / 3, 4.5 / 9))


@exercise("01", _tables)
def scale(X, X_train):
    return X / np.amax(X_train, axis=0)


@exercise("01", _tables)
def unscale(X_scaled, X_train):
    return X_scaled * np.amax(X_train, axis=0)


@exercise("01", _values)
def column(values):
    return np.array(values, dtype=float).reshape(-1, 1)
