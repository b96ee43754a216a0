"""The exercises of notebook 09: a tape, PyTorch's layout, Keras's Adam and its clipped cost."""

import numpy as np

from nnlib.checks.cases import draws
from nnlib.checks.exercise import exercise, value_exercise

TAPES = (  # for each entry, the entries that it was computed from
    [(), (), (0, 1)],  # a product of two
    [(), (0, 0)],  # one number, used twice
    [(), (), (0, 1), (2,), (2, 3)],  # two paths that meet
    [()],
    [(), (0,), (1,), (1, 0), (2, 3), (4,)],
)


def _tapes(rng):
    """Return TAPES with random slopes."""
    return tuple(
        ([[(n, rng.uniform(0.2, 4) * rng.choice([-1.0, 1.0])) for n in entry] for entry in tape],)
        for tape in TAPES
    )


def _running_means(rng):
    """Return running means of gradients and of their squares after t steps, and settings."""
    cases = []
    for shape, t in (((2, 3), 1), ((4, 1), 7), ((1, 1), 3), ((3, 3), 40)):
        ((mean, square),) = draws(rng, (shape, shape))
        settings = rng.uniform([0.8, 0.97, 0.02], [0.95, 0.99, 0.5]).tolist()
        cases.append((mean, square**2, t, *settings))
    return tuple(cases)


def _predictions(rng, m):
    """Return predictions, two of them exactly 0 and 1, random labels, and an epsilon."""
    y_hat = np.append(rng.uniform(size=m), [0.0, 1.0])[:, np.newaxis]
    return y_hat, rng.integers(2, size=(m + 2, 1)).astype(float), rng.uniform(0.01, 0.2)


def _limits(rng):
    return (
        _predictions(rng, 6),
        (np.array([[0.0]]), np.array([[1.0]]), rng.uniform(0.01, 0.1)),
        (np.array([[1.0], [rng.uniform(0.2, 0.5)]]), np.array([[0.0], [1.0]]), 0.05),
        (np.array([[0.0], [rng.uniform(0.2, 0.5)]]), np.array([[0.0], [1.0]]), 0.05),
        (np.array([[1.0], [rng.uniform(0.2, 0.5)]]), np.array([[1.0], [0.0]]), 0.05),
        _predictions(rng, 3),
    )


@exercise("09", _tapes)
def tape_gradients(tape):
    gradients = [0.0] * len(tape)
    gradients[-1] = 1.0
    for place in reversed(range(len(tape))):
        for source, slope in tape[place]:
            gradients[source] += slope * gradients[place]
    return gradients


@exercise(
    "09",
    lambda rng: draws(rng, ((2, 3), (1, 3)), ((4, 2), (1, 2)), ((1, 1), (1, 1)), ((3, 3), (1, 3))),
    returns=("weight", "bias"),
)
def to_linear(W, b):
    return W.T, b[0]


value_exercise("matching_epsilon", "09", lambda: 1e-7 / np.sqrt(1 - 0.999))


@exercise("09", _running_means)
def keras_direction(mean, square, t, beta1, beta2, epsilon):
    correction = np.sqrt(1 - beta2**t) / (1 - beta1**t)
    return correction * mean / (np.sqrt(square) + epsilon)


@exercise("09", _limits)
def clipped_cross_entropy(y_hat, y, epsilon):
    p = np.clip(y_hat, epsilon, 1 - epsilon)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))
