"""The data: the tutorial's houses, four made-up puzzles, two real data sets; and how to scale it.

Every function returns X (samples, features) and y (samples, outputs). Nothing is downloaded: the
real data sets lie in `nnlib/datasets` beside their sources and licences.
"""

import gzip
from dataclasses import dataclass

import numpy as np

from nnlib import _doors

REAL_ESTATE_COLUMNS = (
    "transaction_date",
    "house_age_years",
    "distance_to_mrt_m",
    "convenience_stores",
    "latitude",
    "longitude",
    "price_per_ping_10k_twd",
)

_SHA256 = {
    "frameworks.npz": "d0fdf9ad08feb852381637d1339ee23bf0d8248a7d261b019391e7c9ae6d9aca",
    "digits.csv.gz": "09f66e6debdee2cd2b5ae59e0d6abbb73fc2b0e0185d2e1957e9ebb51e23aa22",
    "real_estate.csv": "2565e87e16e6c3184216e089e43c4c5cb346a44904423b77f6e81aa0e5278458",
}


def houses():
    """The tutorial's three houses: X (3, 2) bedrooms and quality, y (3, 1) price of 100."""
    X = np.array([[2, 7], [1, 3], [3, 9]], dtype=float)
    y = np.array([[94], [89], [83]], dtype=float)
    return X, y


def xor():
    """Exclusive or: X (4, 2), y (4, 1) is 1 where exactly one input is 1."""
    X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=float)
    y = np.array([[0], [1], [1], [0]], dtype=float)
    return X, y


def moons(samples=200, *, noise=0.1, rng):
    """Two interleaved half circles of radius 1: X (samples, 2), y (samples, 1) of 0 and 1."""
    y, t, jitter = _two_classes(samples, noise, rng)
    angle = np.pi * t
    first = np.column_stack([np.cos(angle), np.sin(angle)])
    second = np.column_stack([1 - np.cos(angle), 0.5 - np.sin(angle)])
    return np.where(y == 0, first, second) + jitter, y


def circles(samples=200, *, noise=0.05, rng):
    """A ring of radius 0.4 (1) inside one of radius 1 (0): X (samples, 2), y (samples, 1)."""
    y, t, jitter = _two_classes(samples, noise, rng)
    radius = np.where(y == 0, 1.0, 0.4)
    angle = 2 * np.pi * t[:, np.newaxis]
    return radius * np.hstack([np.cos(angle), np.sin(angle)]) + jitter, y


def spiral(samples=200, *, noise=0.05, rng, turns=1.5):
    """Two spiral arms of radius up to 1: X (samples, 2), y (samples, 1) of 0 and 1."""
    turns = _doors.number(turns, "turns", above=-1e6, below=1e6)
    y, t, jitter = _two_classes(samples, noise, rng)
    t = t[:, np.newaxis]
    angle = 2 * np.pi * turns * t + np.pi * y
    return t * np.hstack([np.cos(angle), np.sin(angle)]) + jitter, y


def _two_classes(samples, noise, rng):
    """Labels 0, 1, 0, … (samples, 1), a place t in 0 … 1 for each, and its jitter (samples, 2)."""
    samples = _doors.whole(samples, "samples", least=2)
    noise = _doors.number(noise, "noise", least=0, below=1e6)
    _doors.generator(rng)
    y = (np.arange(samples) % 2).astype(float)[:, np.newaxis]
    return y, rng.uniform(size=samples), noise * rng.standard_normal((samples, 2))


def real_estate():
    """414 house sales in Taipei: X (414, 6), y (414, 1) price per ping (3.3 m²) in 10,000 TWD.

    Columns are named in REAL_ESTATE_COLUMNS. Source: Yeh (2018), UCI, doi.org/10.24432/C5J30W.
    """
    table = np.loadtxt(_bytes("real_estate.csv").decode().splitlines(), delimiter=",", skiprows=1)
    return table[:, :-1], table[:, -1:]


def digits():
    """1,797 handwritten digits: X (1797, 64) grey values 0 … 16, y (1797, 10) one-hot.

    Each row of X is an 8×8 picture. Source: Alpaydin & Kaynak (1998), UCI, doi.org/10.24432/C50P49.
    """
    text = gzip.decompress(_bytes("digits.csv.gz")).decode()
    table = np.loadtxt(text.splitlines(), delimiter=",")
    return table[:, :-1], np.eye(10)[table[:, -1].astype(int)]


def _bytes(name):
    import hashlib  # here, not above: half of what importing nnlib takes, and few runs need it
    from importlib.resources import files

    try:
        content = files("nnlib").joinpath("datasets", name).read_bytes()
    except OSError as error:
        problem = error.strerror or "it cannot be read"
    else:
        if hashlib.sha256(content).hexdigest() == _SHA256[name]:
            return content
        problem = "its checksum is wrong"
    raise ValueError(f"{name} is damaged ({problem}); install nnlib anew")


@dataclass(frozen=True)
class Scaler:
    """Scales each column by numbers taken from the training rows only: (X − offset) / unit."""

    offset: np.ndarray
    unit: np.ndarray

    @classmethod
    def fit(cls, X, *, method="standard"):
        """A Scaler for the columns of X (samples, features), the training rows.

        "maximum": X / max, the tutorial's way. "standard": mean 0, standard deviation 1.
        "range": 0 … 1. A constant column keeps unit 1 (standard, range). ValueError where the
        maximum is not positive.
        """
        X = _doors.samples(X, None, "X")
        low, high = X.min(axis=-2, keepdims=True), X.max(axis=-2, keepdims=True)
        if _doors.choice(method, _METHODS, "method") == "maximum" and (high <= 0).any():
            raise ValueError(f"X must have positive column maxima to scale by; got {high.min():g}")
        if method == "maximum":
            return cls(np.zeros_like(low), high)
        with np.errstate(over="ignore", invalid="ignore"):
            offset, unit = low, high - low
            if method == "standard":
                offset, unit = X.mean(axis=-2, keepdims=True), _deviation(X, unit)
        unit = np.where(high > low, unit, 1)
        return cls(_doors.in_range(offset, "the mean of X"), _doors.in_range(unit, "the unit of X"))

    def transform(self, X):
        """X (samples, features) scaled; rows outside the training range are not clipped."""
        X = _doors.samples(X, self.unit.shape[-1], "X")
        with np.errstate(over="ignore", invalid="ignore"):
            return _doors.in_range((X - self.offset) / self.unit, "scaled X", "mind its unit")

    def inverse(self, X):
        """Scaled X (samples, features) back in the units of the training rows."""
        X = _doors.samples(X, self.unit.shape[-1], "X")
        with np.errstate(over="ignore", invalid="ignore"):
            return _doors.in_range(X * self.unit + self.offset, "unscaled X", "mind its unit")


def _deviation(X, span):
    """The standard deviation of each column, of numbers whose squares no float holds too."""
    span = np.where(span > 0, span, 1)
    return span * (X / span).std(axis=-2, keepdims=True)


_METHODS = ("maximum", "standard", "range")


def split(X, y, *, test_share=0.25, rng):
    """X_train, X_test, y_train, y_test: rows shuffled by `rng`, `test_share` of them held out.

    At least one row lands on each side. ValueError when X and y differ in rows.
    """
    X, y = _doors.table(X, None, "X"), _doors.table(y, None, "y")
    _doors.number(test_share, "test_share", above=0, below=1)
    _doors.generator(rng)
    m = len(X)
    if len(y) != m or m < 2:
        raise ValueError(f"X and y must have equally many rows, 2 or more; got {m} and {len(y)}")
    order = rng.permutation(m)
    held_out = min(max(round(test_share * m), 1), m - 1)
    test, train = order[:held_out], order[held_out:]
    return X[train], X[test], y[train], y[test]
