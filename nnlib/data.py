"""The data sets of the course, and how to scale and split them. Notebook 01.

Data sets return X (samples, features) and y (samples, outputs); they are defined in
`nnlib/datasets`: `tables.py` has the houses and the real data, `toy.py` the made-up points.
"""

from dataclasses import dataclass

import numpy as np
from numpy import ndarray

from nnlib import _validation as validation
from nnlib.datasets.tables import (
    REAL_ESTATE_COLUMNS,
    digits,
    flats,
    houses,
    load_arrays,
    read_file,
    real_estate,
    xor,
)  # fmt: skip
from nnlib.datasets.toy import (
    DATASETS,
    Dataset,
    circles,
    clusters,
    hills,
    moons,
    pinwheel,
    plane,
    quadrants,
    spiral,
)  # fmt: skip

__all__ = [
    "DATASETS", "REAL_ESTATE_COLUMNS", "Dataset", "Scaler", "circles", "clusters", "digits",
    "flats", "hills", "houses", "load_arrays", "moons", "pinwheel", "plane", "quadrants",
    "read_file", "real_estate", "spiral", "split", "xor",
]  # fmt: skip


@dataclass(frozen=True)
class Scaler:
    """Scales each column by numbers taken from the training rows only: (X − offset) / scale.

    `columns`: the names of the columns it was fitted on, if X was a table with names.
    """

    offset: ndarray
    scale: ndarray
    columns: tuple[str, ...] | None = None

    @classmethod
    def fit(cls, X: ndarray, *, method: str = "standard") -> "Scaler":
        """Return a Scaler for the columns of X (samples, features), the training rows.

        "maximum": X / max, as in the tutorial. "standard": mean 0, standard deviation 1.
        "range": 0 … 1. A constant column keeps scale 1 (standard, range). ValueError if a maximum
        to divide by is not positive.
        """
        columns = validation.column_names(X)
        X = validation.as_samples(X, None, "X")
        low, high = X.min(axis=-2, keepdims=True), X.max(axis=-2, keepdims=True)
        if validation.as_choice(method, _METHODS, "method") == "maximum":
            if (high <= 0).any():
                raise ValueError(f"X must have positive column maxima; got {high.min():g}")
            return cls(np.zeros_like(low), high, columns)
        with np.errstate(over="ignore", invalid="ignore"):
            offset, scale = low, high - low
            if method == "standard":
                offset, scale = X.mean(axis=-2, keepdims=True), _standard_deviation(X, scale)
        scale = validation.check_overflow(np.where(high > low, scale, 1), "the scale of X")
        return cls(validation.check_overflow(offset, "the mean of X"), scale, columns)

    def transform(self, X: ndarray) -> ndarray:
        """Return X (samples, features) scaled. Rows outside the training range are not clipped."""
        X = self._validated(X)
        with np.errstate(over="ignore", invalid="ignore"):
            scaled = (X - self.offset) / self.scale
        return validation.check_overflow(scaled, "scaled X", "check its units")

    def inverse(self, X: ndarray) -> ndarray:
        """Return scaled X (samples, features) in the units of the training rows."""
        X = self._validated(X)
        with np.errstate(over="ignore", invalid="ignore"):
            unscaled = X * self.scale + self.offset
        return validation.check_overflow(unscaled, "unscaled X", "check its units")

    def _validated(self, X):
        columns = validation.column_names(X)
        if self.columns and columns and columns != self.columns:
            expected = f"the columns {', '.join(self.columns)}, in this order"
            raise ValueError(f"X must have {expected}; got {', '.join(columns)}")
        return validation.as_samples(X, self.scale.shape[-1], "X")


_METHODS = ("maximum", "standard", "range")


def _standard_deviation(X, span):
    """The standard deviation of each column, even if the squares of its numbers overflow."""
    span = np.where(span > 0, span, 1)
    return span * (X / span).std(axis=-2, keepdims=True)


def split(
    X: ndarray, y: ndarray, *, test_size: float = 0.25, rng: np.random.Generator
) -> tuple[ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return X_train, X_test, y_train, y_test: rows shuffled by `rng`, a part of them held out.

    `test_size` is that part, between 0 and 1; at least one row is on each side. ValueError if X and
    y differ in rows.
    """
    X, y = validation.as_table(X, None, "X"), validation.as_table(y, None, "y")
    validation.as_float(test_size, "test_size", above=0, below=1)
    validation.as_generator(rng)
    m = len(X)
    if len(y) != m or m < 2:
        raise ValueError(f"X and y must have equally many rows, 2 or more; got {m} and {len(y)}")
    order = rng.permutation(m)
    held_out = min(max(round(test_size * m), 1), m - 1)
    test, train = order[:held_out], order[held_out:]
    return X[train], X[test], y[train], y[test]
