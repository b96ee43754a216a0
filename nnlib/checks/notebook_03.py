"""The exercises of notebook 03: two costs, and the best of some weights."""

import numpy as np

from nnlib import costs
from nnlib.activations import sigmoid
from nnlib.checks.exercise import Exercise, guesses


def mean_squared_error(y_hat, y):
    return np.mean((y_hat - y) ** 2)


def cross_entropy(z, y):
    return np.mean(np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z))))


def best_weight(cost, candidates):
    costs = [cost(w) for w in candidates]
    return candidates[np.argmin(costs)]


def _by_probability(lowest):
    """The cross-entropy from ŷ = sigmoid(z), which is kept `lowest` away from 0 and 1."""

    def cross_entropy(z, y):
        p = np.clip(sigmoid(z), lowest, 1 - lowest)
        return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))

    return cross_entropy


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


def _candidates(rng):
    """A cost and candidates: sorted ones, shuffled ones, one; none is nearly as good as the best.

    The best lies in the middle, at the upper end, at the lower end.
    """
    shifts, slope = rng.uniform(-0.02, 0.02, 3), rng.uniform(1, 3)
    middle = np.linspace(-3, 3, 31) + shifts[0]
    near, far = rng.choice(middle[5:-5]) + 0.03, rng.uniform(4, 6)
    return (
        (lambda w: (w - near) ** 2, middle),
        (lambda w: -slope * w, np.linspace(-1, 4, 11) + shifts[1]),
        (lambda w: abs(w + far), np.linspace(-2, 2, 9) + shifts[2]),
        (lambda w: w**4 - w, np.array([1.5, *rng.permutation([0.5, -0.5]), 0.7]) + shifts[0]),
        (lambda w: w, rng.uniform(1, 3, 1)),
    )


STABLE = "np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z)))"

EXERCISES = {
    "mean_squared_error": Exercise(
        mean_squared_error,
        lambda rng: tuple(guesses(rng, m) for m in (3, 1, 4, 7, 2)),
        {
            "the squares are added up, and the division by their number, 1/m, is missing.": (
                "np.mean",
                "np.sum",
            ),
            "the mean is taken before the square. Errors of opposite sign cancel: square first.": (
                "np.mean((y_hat - y) ** 2)",
                "np.mean(y_hat - y) ** 2",
            ),
            "the errors are not squared, so those of opposite sign cancel.": (") ** 2", ")"),
            "it is the mean of the absolute errors, without their sign. Square them.": (
                "(y_hat - y) ** 2",
                "np.abs(y_hat - y)",
            ),
            "the square root is taken at the end. Equation (3.1) has none.": (
                "np.mean((y_hat - y) ** 2)",
                "np.sqrt(np.mean((y_hat - y) ** 2))",
            ),
            "there is a ½ in front, as in other texts. Equation (3.1) has none.": (
                "np.mean(",
                "0.5 * np.mean(",
            ),
            "there is a ½ in front of the sum. Equation (3.1) has 1/m.": (
                "np.mean(",
                "0.5 * np.sum(",
            ),
            "the sum is always divided by 3. The number of houses may be another.": (
                "np.mean((y_hat - y) ** 2)",
                "np.sum((y_hat - y) ** 2) / 3",
            ),
            "only the last house counts. Does each round of the loop add to the sum?": (
                "np.mean((y_hat - y) ** 2)",
                "((y_hat - y) ** 2)[-1, 0] / len(y)",
            ),
            "only the first house counts. The mean is over all of them.": (
                "np.mean((y_hat - y) ** 2)",
                "((y_hat - y) ** 2)[0, 0]",
            ),
            "the squared errors are returned one by one. Their mean is wanted.": (
                "np.mean((y_hat - y) ** 2)",
                "(y_hat - y) ** 2",
            ),
            "each prediction meets every price: one of the two is flat, or transposed.": (
                "y_hat - y",
                "y_hat - y.ravel()",
            ),
            "the squares are subtracted. Subtract first, then square.": (
                "(y_hat - y) ** 2",
                "y_hat**2 - y**2",
            ),
            "the errors are relative, divided by `y`. Equation (3.1) takes them as they are.": (
                "(y_hat - y) ** 2",
                "((y_hat - y) / y) ** 2",
            ),
            "the mean is taken over each row, not over all of them. One number is wanted.": (
                "** 2)",
                "** 2, axis=1)",
            ),
            "the median is taken. The mean is wanted.": ("np.mean", "np.median"),
            "it is the norm, the root of the sum of squares.": (
                "np.mean((y_hat - y) ** 2)",
                "np.linalg.norm(y_hat - y)",
            ),
        },
        stand_in=costs.mean_squared_error,
    ),
    "cross_entropy": Exercise(
        cross_entropy,
        _sums,
        {
            "f(z) rounds to 1 or 0 for a large |z|, and the logarithm of 0 is infinite. Start "
            "from the formula with max(z, 0).": _by_probability(0),
            **{
                "the probability is clipped to keep the logarithm finite. Then a sure and wrong "
                f"answer costs no more than {-np.log(lowest):.0f}{words}.": _by_probability(lowest)
                for lowest, words in (
                    *((10.0**-k, "") for k in (12, 10, 9, 8, 6, 5, 4, 3)),
                    (1e-15, ", not 1000"),
                    (1e-7, ", not 1000"),
                )
            },
            "the exponent has no |…|, so e^(−z) overflows for a very negative z.": (
                "np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z)))",
                "(1 - y) * z + np.log(1 + np.exp(-z))",
            ),
            "the exponent has the wrong sign, and e^z overflows for a large z.": (
                "np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z)))",
                "np.log(1 + np.exp(z)) - y * z",
            ),
            "the |…| in the exponent is forgotten.": ("-np.abs(z)", "-z"),
            "the minus sign in the exponent is forgotten, so it overflows.": (
                "-np.abs(z)",
                "np.abs(z)",
            ),
            "`np.max` stands for `np.maximum`: it gives one number, the largest of `z`, not one "
            "for each entry.": ("np.maximum(z, 0)", "np.max(z, 0)"),
            "the first part is (1 − y) z. That goes with e^(−z); with e^(−|z|) it is "
            "max(z, 0) − y z.": ("np.maximum(z, 0) - y * z", "(1 - y) * z"),
            "`z` goes through the sigmoid first. The formula wants `z` as it comes in.": (
                "return",
                "z = sigmoid(z)\n    return",
            ),
            "the surprises are added up. Their mean is wanted: 1/m is missing.": (
                "np.mean",
                "np.sum",
            ),
            "`z` is taken for a probability. It is the sum before the sigmoid.": (
                STABLE,
                "-(y * np.log(z) + (1 - y) * np.log(1 - z))",
            ),
            "the minus sign in front of the whole is missing: a cost falls below 0.": (
                "np.mean",
                "-np.mean",
            ),
            "the houses with y = 0 are forgotten: the second term is missing.": (
                STABLE,
                "y * np.logaddexp(0, -z)",
            ),
            "the houses with y = 1 are forgotten: the first term is missing.": (
                STABLE,
                "(1 - y) * np.logaddexp(0, z)",
            ),
            "y and 1 − y have changed places.": ("y * z", "(1 - y) * z"),
            "the logarithm has base 2 in the place of e.": (STABLE, f"({STABLE}) / np.log(2)"),
            "the logarithm has base 10 in the place of e.": (STABLE, f"({STABLE}) / np.log(10)"),
            "`np.log` stands for `np.log1p`: the 1 inside is missing.": ("np.log1p", "np.log"),
            "the surprises are returned one by one. Their mean is wanted.": (
                f"np.mean({STABLE})",
                STABLE,
            ),
            "it is the squared error of the probability. This exercise is about surprise.": (
                STABLE,
                "(sigmoid(z) - y) ** 2",
            ),
        },
        stand_in=lambda z, y: costs.cross_entropy(z, y),
    ),
    "best_weight": Exercise(
        best_weight,
        _candidates,
        {
            "the place of the best candidate is returned. The candidate at that place is wanted.": (
                "candidates[np.argmin(costs)]",
                "np.argmin(costs)",
            ),
            "the lowest cost is returned. Which candidate has it?": (
                "candidates[np.argmin(costs)]",
                "min(costs)",
            ),
            "the candidate with the highest cost wins.": ("argmin", "argmax"),
            "the smallest candidate is returned, whatever it costs.": (
                "candidates[np.argmin(costs)]",
                "min(candidates)",
            ),
            "the largest candidate is returned, whatever it costs.": (
                "candidates[np.argmin(costs)]",
                "max(candidates)",
            ),
            "the first candidate is always returned. Is there a `return` inside the loop?": (
                "candidates[np.argmin(costs)]",
                "candidates[0]",
            ),
            "the last candidate is always returned. Is it compared with the best so far?": (
                "candidates[np.argmin(costs)]",
                "candidates[-1]",
            ),
            "the cost nearest to 0 wins. A cost may be negative; the lowest is wanted.": (
                "np.argmin(costs)",
                "np.argmin(np.abs(costs))",
            ),
            "the search starts at 0, and 0 need not be a candidate. Start with the first one.": (
                lambda cost, candidates: min([0.0, *candidates], key=cost)
            ),
            "all the costs are returned. Which candidate has the lowest?": (
                "candidates[np.argmin(costs)]",
                "costs",
            ),
            "the candidate nearest to 0 wins.": (
                "np.argmin(costs)",
                "np.argmin(np.abs(candidates))",
            ),
        },
    ),
}
