"""The data: the tutorial's houses, made-up data sets in the plane, two real ones; and scaling.

Functions return X (samples, features) and y (samples, outputs). Nothing is downloaded: the real
data sets are in `nnlib/datasets`, with their sources and licences.

To add a data set, write its function and one entry in DATASETS; the playground offers what is
there.
"""

import gzip
import io
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from typing import NamedTuple

import numpy as np

from nnlib import _validation as validation

REAL_ESTATE_COLUMNS = (
    "transaction_date",
    "house_age_years",
    "distance_to_mrt_m",
    "convenience_stores",
    "latitude",
    "longitude",
    "price_per_ping_10k_twd",
)
Samples = tuple[np.ndarray, np.ndarray]


def houses() -> Samples:
    """Return the tutorial's three houses: X (3, 2) bedrooms and quality, y (3, 1) price of 100."""
    X = np.array([[2, 7], [1, 3], [3, 9]], dtype=float)
    y = np.array([[94], [89], [83]], dtype=float)
    return X, y


def flats() -> Samples:
    """Return eight made-up flats whose prices make sense: more rooms and better quality cost more.

    X (8, 2) rooms and quality, y (8, 1) price of 100, in the shape of the three houses.
    """
    X = np.array([[1, 3], [1, 8], [2, 4], [2, 7], [3, 5], [3, 9], [4, 6], [4, 8]], dtype=float)
    y = np.array([[21], [38], [37], [52], [56], [75], [74], [84]], dtype=float)
    return X, y


def xor() -> Samples:
    """Return exclusive or: X (4, 2), y (4, 1) is 1 where exactly one input is 1."""
    X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=float)
    y = np.array([[0], [1], [1], [0]], dtype=float)
    return X, y


def moons(samples: int = 200, *, noise: float = 0.1, rng: np.random.Generator) -> Samples:
    """Return two interleaved half circles of radius 1: X (samples, 2), classes y (samples, 1)."""
    y, t, jitter = _two_classes(samples, noise, rng)
    angle = np.pi * t
    first = np.column_stack([np.cos(angle), np.sin(angle)])
    second = np.column_stack([1 - np.cos(angle), 0.5 - np.sin(angle)])
    return np.where(y == 0, first, second) + jitter, y


def circles(samples: int = 200, *, noise: float = 0.05, rng: np.random.Generator) -> Samples:
    """Return a ring of radius 0.4 (class 1) inside one of radius 1 (class 0), as `moons` does."""
    y, t, jitter = _two_classes(samples, noise, rng)
    radius = np.where(y == 0, 1.0, 0.4)
    angle = 2 * np.pi * t[:, np.newaxis]
    return radius * np.hstack([np.cos(angle), np.sin(angle)]) + jitter, y


def spiral(
    samples: int = 200, *, noise: float = 0.05, rng: np.random.Generator, turns: float = 1.5
) -> Samples:
    """Return two spiral arms of radius up to 1, as `moons` does."""
    turns = validation.as_float(turns, "turns", above=-1e6, below=1e6)
    y, t, jitter = _two_classes(samples, noise, rng)
    t = t[:, np.newaxis]
    angle = 2 * np.pi * turns * t + np.pi * y
    return t * np.hstack([np.cos(angle), np.sin(angle)]) + jitter, y


def clusters(
    samples: int = 200, *, noise: float = 0.1, rng: np.random.Generator, classes: int = 2
) -> Samples:
    """Return round clusters on a circle of radius 0.7: X (samples, 2).

    y is (samples, 1) of 0 and 1 for two classes, one-hot (samples, classes) for more.
    """
    classes = validation.as_int(classes, "classes", at_least=2)
    label, jitter = _labels(samples, noise, rng, classes)
    angle = 2 * np.pi * (label / classes + 1 / 8)
    centre = 0.7 * np.column_stack([np.cos(angle), np.sin(angle)])
    X = centre + 0.2 * rng.standard_normal((samples, 2)) + jitter
    return X, label[:, np.newaxis].astype(float) if classes == 2 else np.eye(classes)[label]


def pinwheel(samples: int = 200, *, noise: float = 0.05, rng: np.random.Generator) -> Samples:
    """Return three curved arms of radius up to 1: X (samples, 2), one-hot y (samples, 3)."""
    label, jitter = _labels(samples, noise, rng, 3)
    t = rng.uniform(0.15, 1, samples)
    angle = 2 * np.pi * (label / 3 + 0.35 * t)
    X = t[:, np.newaxis] * np.column_stack([np.cos(angle), np.sin(angle)])
    return X + jitter, np.eye(3)[label]


def quadrants(samples: int = 200, *, noise: float = 0.1, rng: np.random.Generator) -> Samples:
    """Return exclusive or in the plane: X (samples, 2) in −1 … 1, y is 1 where the signs differ."""
    X, noisy = _square(samples, noise, rng)
    return noisy, (X[:, :1] * X[:, 1:] < 0).astype(float)


def plane(samples: int = 200, *, noise: float = 0.1, rng: np.random.Generator) -> Samples:
    """Return a tilted plane: X (samples, 2) in −1 … 1, y (samples, 1) = (x1 + x2) / 2."""
    X, noisy = _square(samples, noise, rng)
    return noisy, X.mean(axis=1, keepdims=True)


def hills(samples: int = 200, *, noise: float = 0.1, rng: np.random.Generator) -> Samples:
    """Return three hills and three hollows: X (samples, 2) in −1 … 1, y (samples, 1)."""
    X, noisy = _square(samples, noise, rng)
    y = np.zeros((samples, 1))
    for sign, *top in (
        (1, -0.8, 0.5), (-1, 0, 0.5), (1, 0.8, 0.5),
        (-1, -0.8, -0.5), (1, 0, -0.5), (-1, 0.8, -0.5),
    ):  # fmt: skip
        y += sign * np.exp(-25 / 4 * ((X - top) ** 2).sum(axis=1, keepdims=True))
    return noisy, y


def _labels(samples, noise, rng, classes):
    """Labels 0, 1, … in turn (samples,), and jitter (samples, 2)."""
    samples = validation.as_int(samples, "samples", at_least=2)
    noise = validation.as_float(noise, "noise", at_least=0, below=1e6)
    validation.as_generator(rng)
    return np.arange(samples) % classes, noise * rng.standard_normal((samples, 2))


def _two_classes(samples, noise, rng):
    """Labels 0, 1, 0, … (samples, 1), a place t in 0 … 1 for each, and its jitter (samples, 2)."""
    samples = validation.as_int(samples, "samples", at_least=2)
    noise = validation.as_float(noise, "noise", at_least=0, below=1e6)
    validation.as_generator(rng)
    y = (np.arange(samples) % 2).astype(float)[:, np.newaxis]
    return y, rng.uniform(size=samples), noise * rng.standard_normal((samples, 2))


def _square(samples, noise, rng):
    """Points (samples, 2) all over the square −1 … 1, and the same points with some noise."""
    _, jitter = _labels(samples, noise, rng, 1)
    X = rng.uniform(-1, 1, jitter.shape)
    return X, X + jitter


class Dataset(NamedTuple):
    """A data set of the playground: `make(samples, noise=, rng=)` returns X (m, 2) and y (m, n).

    `problem`: "classification" or "regression". The playground shows scale · (X − centre), which
    fills the square `reach`, so that features such as sin(x1) have something to do. `fixed`: the
    same few rows each time, all of them for training, with y between 0 and 1.
    """

    make: Callable
    problem: str = "classification"
    scale: float | tuple[float, float] = 5.0
    centre: tuple[float, float] = (0.0, 0.0)
    reach: tuple[float, float] = (-6.0, 6.0)
    fixed: bool = False


def _scaled(load):
    """The `make` of a small table of prices: X / maximum of each column, y / 100."""

    def make(samples, *, noise, rng):
        X, y = load()
        return Scaler.fit(X, method="maximum").transform(X), y / 100

    return make


def _two_points(samples, *, noise, rng):
    """One sample of each class, to which the learner adds their own."""
    return np.array([[-0.4, -0.4], [0.4, 0.4]]), np.array([[0.0], [1.0]])


_PRICES = {"scale": 1.0, "reach": (0.0, 1.4), "fixed": True}


DATASETS = {
    "circles": Dataset(circles),
    "xor": Dataset(quadrants),
    "moons": Dataset(moons, scale=10 / 3, centre=(0.5, 0.25)),
    "spiral": Dataset(spiral),
    "clusters": Dataset(clusters),
    "three clusters": Dataset(lambda samples, **how: clusters(samples, classes=3, **how)),
    "pinwheel": Dataset(pinwheel),
    "plane": Dataset(plane, "regression"),
    "hills": Dataset(hills, "regression"),
    "houses": Dataset(_scaled(houses), "regression", **_PRICES),
    "flats": Dataset(_scaled(flats), "regression", **_PRICES),
    "drawn": Dataset(_two_points, fixed=True),
}


def real_estate() -> Samples:
    """Return 414 house sales in Taipei: X (414, 6), y (414, 1).

    y is the price per ping (3.3 m²) in 10,000 TWD. Columns are named in REAL_ESTATE_COLUMNS.
    Source: Yeh (2018), UCI, doi.org/10.24432/C5J30W.
    """
    text = read_file("real_estate.csv").decode()
    table = np.loadtxt(text.splitlines(), delimiter=",", skiprows=1)
    return table[:, :-1], table[:, -1:]


def digits() -> Samples:
    """Return 1,797 handwritten digits: X (1797, 64) grey values 0 … 16, y (1797, 10) one-hot.

    Each row of X is an 8×8 picture. Source: Alpaydin & Kaynak (1998), UCI, doi.org/10.24432/C50P49.
    """
    text = gzip.decompress(read_file("digits.csv.gz")).decode()
    table = np.loadtxt(text.splitlines(), delimiter=",")
    return table[:, :-1], np.eye(10)[table[:, -1].astype(int)]


def read_file(name: str) -> bytes:
    """Return the content of a file in `nnlib/datasets`."""
    return files("nnlib").joinpath("datasets", name).read_bytes()


def load_arrays(name: str) -> dict[str, np.ndarray]:
    """Return the arrays of an `.npz` file in `nnlib/datasets`, by name."""
    with np.load(io.BytesIO(read_file(name))) as arrays:
        return dict(arrays)


@dataclass(frozen=True)
class Scaler:
    """Scales each column by numbers taken from the training rows only: (X − offset) / scale.

    `columns`: the names of the columns it was fitted on, if X was a table with names.
    """

    offset: np.ndarray
    scale: np.ndarray
    columns: tuple[str, ...] | None = None

    @classmethod
    def fit(cls, X: np.ndarray, *, method: str = "standard") -> "Scaler":
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

    def transform(self, X: np.ndarray) -> np.ndarray:
        """Return X (samples, features) scaled. Rows outside the training range are not clipped."""
        X = self._validated(X)
        with np.errstate(over="ignore", invalid="ignore"):
            scaled = (X - self.offset) / self.scale
        return validation.check_overflow(scaled, "scaled X", "check its units")

    def inverse(self, X: np.ndarray) -> np.ndarray:
        """Return scaled X (samples, features) in the units of the training rows."""
        X = self._validated(X)
        with np.errstate(over="ignore", invalid="ignore"):
            unscaled = X * self.scale + self.offset
        return validation.check_overflow(unscaled, "unscaled X", "check its units")

    def _validated(self, X):
        columns = validation.column_names(X)
        if None not in (columns, self.columns) and columns != self.columns:
            expected = f"the columns {', '.join(self.columns)}, in this order"
            raise ValueError(f"X must have {expected}; got {', '.join(columns)}")
        return validation.as_samples(X, self.scale.shape[-1], "X")


_METHODS = ("maximum", "standard", "range")


def _standard_deviation(X, span):
    """The standard deviation of each column, even if the squares of its numbers overflow."""
    span = np.where(span > 0, span, 1)
    return span * (X / span).std(axis=-2, keepdims=True)


def split(
    X: np.ndarray, y: np.ndarray, *, test_size: float = 0.25, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
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
