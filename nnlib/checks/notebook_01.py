"""The exercises of notebook 01: scaling by the training data, the way back, a proper column."""

import numpy as np

from nnlib.checks.exercise import Exercise


def scale(X, X_train):
    return X / np.amax(X_train, axis=0)


def unscale(X_scaled, X_train):
    return X_scaled * np.amax(X_train, axis=0)


def column(values):
    return np.array(values, dtype=float).reshape(-1, 1)


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


OWN_MAXIMUM = "the maxima come from the new table itself. They belong to `X_train`."
ONE_MAXIMUM = "the whole table shares one maximum. Each column has its own: think of `axis`."
ROWS = "the maxima are those of the rows. Which `axis` has to vanish?"

EXERCISES = {
    "scale": Exercise(
        scale,
        _tables,
        {
            OWN_MAXIMUM: ("X_train, axis", "X, axis"),
            ONE_MAXIMUM: ("X_train, axis=0", "X_train"),
            ROWS: ("axis=0", "axis=1"),
            "the rows of `X_train` share their maxima. Which `axis` has to vanish?": (
                "axis=0",
                "axis=1, keepdims=True",
            ),
            "new and training data share their maxima. Only those of `X_train` count.": (
                "np.amax(X_train, axis=0)",
                "np.amax(np.vstack([X, X_train]), axis=0)",
            ),
            "it is divided by the first row of `X_train`. Each column has its largest value.": (
                "np.amax(X_train, axis=0)",
                "X_train[0]",
            ),
            "it is divided by the last row of `X_train`. The tutorial's last house has both "
            "maxima; others need not.": ("np.amax(X_train, axis=0)", "X_train[-1]"),
            "it is scaled to the range: the minimum is taken off. Only divide by the maximum.": (
                "X / np.amax(X_train, axis=0)",
                "(X - X_train.min(0)) / (X_train.max(0) - X_train.min(0))",
            ),
            "it is standardised: mean and spread. Only divide by the maximum.": (
                "X / np.amax(X_train, axis=0)",
                "(X - X_train.mean(0)) / X_train.std(0)",
            ),
            "the columns are divided by their sums. Divide by the largest value.": ("amax", "sum"),
            "the columns are divided by their means. Divide by the largest value.": (
                "amax",
                "mean",
            ),
            "whole numbers divide whole numbers, `//`. The fractions are lost.": ("/", "//"),
            "it is multiplied by the maxima. That is the way back.": ("/", "*"),
            "it is cut off at 1. What lies outside the training range may be larger.": (
                "X / np.amax(X_train, axis=0)",
                "np.minimum(X / np.amax(X_train, axis=0), 1)",
            ),
            "`X_train` is scaled in the place of `X`.": ("X / ", "X_train / "),
        },
    ),
    "unscale": Exercise(
        unscale,
        _tables,
        {
            "it is scaled once more: divided by the maxima. The way back undoes a division.": (
                "*",
                "/",
            ),
            OWN_MAXIMUM: ("X_train, axis", "X_scaled, axis"),
            ONE_MAXIMUM: ("X_train, axis=0", "X_train"),
            ROWS: ("axis=0", "axis=1"),
            "it is always multiplied by 100. That undoes the scaling of the prices; here the "
            "numbers come from `X_train`.": ("np.amax(X_train, axis=0)", "100"),
            "the minimum is added, as if the scaling had been to a range. It was a division by "
            "the maximum.": (
                "X_scaled * np.amax(X_train, axis=0)",
                "X_scaled * (X_train.max(0) - X_train.min(0)) + X_train.min(0)",
            ),
            "the two tables are multiplied entry by entry. One number for each column is wanted.": (
                "np.amax(X_train, axis=0)",
                "X_train",
            ),
        },
    ),
    "column": Exercise(
        column,
        _values,
        {
            "it is a row, of shape (1, m). A column has shape (m, 1).": ("-1, 1", "1, -1"),
            "it stays flat, of shape (m,). A column has two axes.": ("-1, 1", "-1"),
            "whole numbers stay whole. `dtype=float` makes room for fractions.": (
                ", dtype=float",
                "",
            ),
            "a column that comes in gets a third axis. `reshape` works for both.": (
                ".reshape(-1, 1)",
                "[:, np.newaxis]",
            ),
            "the array stays as it came in. Which step makes it a column?": (
                ".reshape(-1, 1)",
                "",
            ),
            "it is transposed with `.T`. A flat array has one axis, and `.T` leaves it flat.": (
                ".reshape(-1, 1)",
                ".T",
            ),
            "the shape is always (3, 1). It must work for any number of values.": ("-1, 1", "3, 1"),
        },
    ),
}
