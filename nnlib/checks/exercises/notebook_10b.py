"""The exercises of notebook 10b: targets and probabilities for ten digits, and a first cost."""

import numpy as np

from nnlib import activations
from nnlib.checks.cases import draws
from nnlib.checks.exercise import exercise, value_exercise

value_exercise("cost_of_knowing_nothing", "10b", lambda: -np.log(1 / 10))


def _labels(rng):
    """Labels and the number of classes; not every class occurs each time."""
    return (
        (rng.permutation(3), 3),
        (rng.integers(4, size=4), 5),
        (np.array([0]), 1),
        (rng.integers(10, size=5), 10),
        (rng.permutation(4), 4),
    )


def _scores(rng):
    """Rows of numbers; in the last two tables the exponential of one overflows, or all are 0."""
    large = float(rng.integers(800, 1200))
    return (
        *draws(rng, ((1, 2),), ((3, 4),), ((4, 4),), ((1, 10),)),
        (np.array([[large, large - 1, 0.0], [-large, -large - 1, -large]]),),
        (rng.integers(-2000, 2000, (5, 3)).astype(float),),
    )


@exercise("10b", _labels)
def one_hot(labels, classes):
    return np.eye(classes)[labels]


@exercise("10b", _scores, fallback=activations.softmax, library=(activations.softmax,))
def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
