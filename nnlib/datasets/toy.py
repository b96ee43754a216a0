"""Made-up data sets in the plane, and the registry of those the playground offers.

Functions return X (samples, 2) and y (samples, outputs). To add a data set, write its function and
one entry in DATASETS; for notebooks, list the function in nnlib/data.py.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy import ndarray

from nnlib import _validation as validation

Samples = tuple[ndarray, ndarray]


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


def _two_points(samples, *, noise, rng):
    """One sample of each class, to which the learner adds their own."""
    return np.array([[-0.4, -0.4], [0.4, 0.4]]), np.array([[0.0], [1.0]])


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
    "drawn": Dataset(_two_points, fixed=True),
}
