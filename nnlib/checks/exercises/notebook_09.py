"""The exercises of notebook 09: a tape walked backwards, PyTorch's layout, Keras' Adam and cost."""

import numpy as np

from nnlib.checks.cases import draws
from nnlib.checks.exercise import exercise

TAPES = (  # the ingredients of each place
    [(), (), (0, 1)],  # a product of two
    [(), (0, 0)],  # one number, used twice
    [(), (), (0, 1), (2,), (2, 3)],  # two paths that meet
    [()],
    [(), (0,), (1,), (1, 0), (2, 3), (4,)],
)


def _tapes(rng):
    """TAPES with random slopes."""
    return tuple(
        ([[(n, rng.uniform(0.2, 4) * rng.choice([-1.0, 1.0])) for n in place] for place in tape],)
        for tape in TAPES
    )


def _running_means(rng):
    """Running means of gradients and their squares, as they are after t steps, and settings."""
    cases = []
    for shape, t in (((2, 3), 1), ((4, 1), 7), ((1, 1), 3), ((3, 3), 40)):
        ((mean, square),) = draws(rng, (shape, shape))
        settings = rng.uniform([0.8, 0.97, 0.02], [0.95, 0.99, 0.5]).tolist()
        cases.append((mean, square**2, t, *settings))
    return tuple(cases)


def _predictions(rng, m):
    """Predictions of which two are exactly 0 and 1, and right or wrong at random."""
    y_hat = np.append(rng.uniform(size=m), [0.0, 1.0])[:, np.newaxis]
    return y_hat, rng.integers(2, size=(m + 2, 1)).astype(float), rng.uniform(0.01, 0.2)


def _limits(rng):
    return (
        _predictions(rng, 6),
        (np.array([[0.0]]), np.array([[1.0]]), rng.uniform(0.01, 0.1)),
        (np.array([[1.0], [rng.uniform(0.2, 0.5)]]), np.array([[0.0], [1.0]]), 0.05),
        _predictions(rng, 3),
    )


@exercise("09", _tapes)
def tape_gradients(tape):
    gradients = [0.0] * len(tape)
    gradients[-1] = 1.0
    for place in reversed(range(len(tape))):
        for ingredient, slope in tape[place]:
            gradients[ingredient] += slope * gradients[place]
    return gradients


@exercise(
    "09",
    lambda rng: draws(rng, ((2, 3), (1, 3)), ((4, 2), (1, 2)), ((1, 1), (1, 1)), ((3, 3), (1, 3))),
    returns=("weight", "bias"),
)
def to_linear(W, b):
    return W.T, b[0]


@exercise("09", _running_means)
def keras_direction(mean, square, t, beta1, beta2, epsilon):
    correction = np.sqrt(1 - beta2**t) / (1 - beta1**t)
    return correction * mean / (np.sqrt(square) + epsilon)


@exercise("09", _limits)
def clipped_cross_entropy(y_hat, y, epsilon):
    p = np.clip(y_hat, epsilon, 1 - epsilon)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))
