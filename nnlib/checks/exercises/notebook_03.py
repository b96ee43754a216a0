"""The exercises of notebook 03: two costs, the best of some weights, a step against the slope."""

import numpy as np

from nnlib import costs
from nnlib.checks.cases import predictions
from nnlib.checks.exercise import exercise, value_exercise


def _sums(rng):
    """z and y: small sums, then some that are so large that the exponential of one overflows."""
    small = rng.uniform(-3, 3, (2, 1)), rng.uniform([[-3], [0.2], [1]], [[-1], [1], [3]])
    large = rng.integers(800, 1200, 3).astype(float)
    return (
        (small[0], np.array([[1.0], [1.0]])),
        (small[1], np.array([[0.0], [1.0], [0.0]])),
        (rng.uniform(-2, 2, (1, 1)), np.array([[1.0]])),
        (np.array([[large[0]], [-large[1]], [rng.uniform(1, 3)]]), np.array([[1.0], [0.0], [0.0]])),
        (np.array([[1000.0]]), np.array([[0.0]])),
        (np.array([[-large[2]], [rng.uniform(0, 1)]]), np.array([[1.0], [1.0]])),
    )


def _of_one_number(cost):
    """A cost that takes one number, as those of the notebook: it writes it into an array."""

    def of_one_number(w):
        weights = np.zeros(1)
        weights[0] = w
        return cost(float(weights[0]))

    return of_one_number


def _candidates(rng):
    """A cost and candidates: sorted ones, shuffled ones, one; none is nearly as good as the best.

    The best lies in the middle, at the upper end, at the lower end, at the last place. Costs are
    below 0, near 0 and above 1000, so that a search has to start with one of them, or infinity.
    """
    shifts, slope = rng.uniform(-0.02, 0.02, 3), rng.uniform(1, 3)
    middle = np.linspace(-3, 3, 31) + shifts[0]
    near, far = rng.choice(middle[5:-5]) + 0.03, rng.uniform(4, 6)
    cases = (
        (lambda w: (w - near) ** 2, middle),
        (lambda w: 1500 + 300 * (w - near) ** 2, middle),
        (lambda w: -slope * w, np.linspace(-1, 4, 11) + shifts[1]),
        (lambda w: abs(w + far), np.linspace(-2, 2, 9) + shifts[2]),
        (lambda w: w**4 - w, np.array([1.5, *rng.permutation([0.5, -0.5]), 0.7]) + shifts[0]),
        (lambda w: w, rng.uniform(1, 3, 1)),
        (lambda w: (w**2 - 1) ** 2 - 0.3 * w, np.linspace(-1.6, 1.6, 9) + shifts[1]),
    )
    return tuple((_of_one_number(cost), candidates) for cost, candidates in cases)


@exercise(
    "03",
    lambda rng: tuple(predictions(rng, m) for m in (3, 1, 4, 7, 2)),
    fallback=costs.mean_squared_error,
    library=(costs.mean_squared_error,),
)
def mean_squared_error(y_hat, y):
    return np.mean((y_hat - y) ** 2)


@exercise("03", _sums, fallback=costs.cross_entropy, library=(costs.cross_entropy,))
def cross_entropy(z, y):
    return np.mean(np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z))))


@exercise("03", _candidates)
def best_weight(cost, candidates):
    costs = [cost(w) for w in candidates]
    return candidates[np.argmin(costs)]


value_exercise("new_weight", "03", lambda: 0.8 - 2 * -0.3)
