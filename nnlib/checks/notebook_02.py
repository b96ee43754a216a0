"""The exercises of notebook 02: the sigmoid, shapes, the forward pass, the missing column."""

import numpy as np

from nnlib import activations
from nnlib.activations import sigmoid as f
from nnlib.checks.exercise import Exercise, clear, draws


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def product_shape(left, right):
    if left[1] != right[0]:
        return ()
    return (left[0], right[1])


def forward(X, W1, b1, W2, b2):
    z2 = X @ W1 + b1
    a2 = f(z2)
    z3 = a2 @ W2 + b2
    y_hat = f(z3)
    return z2, a2, z3, y_hat


def second_column(z2, first):
    x1 = first / np.amax(first)
    return 2 * z2 - x1


# (samples, sizes of the layers): square ones, one sample, one unit.
SIZES = ((3, 2, 3, 1), (1, 2, 3, 1), (5, 4, 2, 3), (3, 3, 3, 3), (4, 1, 1, 1))


def network(rng, m, n1, n2, n3):
    """Arguments of `forward`."""
    return draws(rng, ((m, n1), (n1, n2), (1, n2), (n2, n3), (1, n3)))[0]


def _pairs(rng):
    """The shapes of two matrices, drawn for each pattern: equal letters stand for equal sizes."""
    cases = []
    for pattern in ("ab bc", "aa ab", "ab a1", "1a 1a", "a1 1b", "ab cb", "aa aa", "ab ca"):
        sizes = dict(zip("1abc", [1, *(2 + rng.permutation(8)).tolist()]))
        cases.append(tuple(tuple(sizes[letter] for letter in shape) for shape in pattern.split()))
    return tuple(cases)


def _second_columns(rng):
    """z2 and the first column, of whole numbers or not, for a second one from 0.3 to 1."""
    firsts = (2 + rng.permutation(8)[:3], *(rng.uniform(2, 9, m) for m in (3, 1, 4)))
    return tuple(
        ((first / np.amax(first) + rng.uniform(0.3, 1, len(first))) / 2, first) for first in firsts
    )


EXERCISES = {
    "sigmoid": Exercise(
        sigmoid,
        lambda rng: (
            (0.0,),
            (rng.uniform(-4, -2),),
            *draws(rng, ((3, 2),), ((1, 1),), ((4,),)),
        ),
        {
            "the brackets below the fraction line are missing: 1 / 1 comes first.": (
                "1 / (1 + np.exp(-z))",
                "1 / 1 + np.exp(-z)",
            ),
            "the minus sign in the exponent is missing: e^z for e^(−z).": ("-z", "z"),
            "the sign below the fraction line is a minus.": ("1 + np", "1 - np"),
            "it is the derivative a (1 − a). Here the sigmoid itself is wanted.": (
                "1 / (1 + np.exp(-z))",
                "np.exp(-z) / (1 + np.exp(-z)) ** 2",
            ),
            "the exponential is missing, or `np.exp` is not called.": ("np.exp(-z)", "(-z)"),
            "`np.e - z` stands where a power should: `np.exp(-z)`.": ("np.exp(-z)", "(np.e - z)"),
            "only the exponential is returned. The fraction is missing.": (
                "1 / (1 + np.exp(-z))",
                "np.exp(-z)",
            ),
            "it is the tanh, between −1 and 1. The sigmoid lies between 0 and 1.": (
                "1 / (1 + np.exp(-z))",
                "np.tanh(z)",
            ),
            "it is ReLU, which cuts off at 0. The sigmoid lies between 0 and 1.": (
                "1 / (1 + np.exp(-z))",
                "np.maximum(z, 0)",
            ),
            "it is a step: 0 or 1. The sigmoid is smooth.": (
                "1 / (1 + np.exp(-z))",
                "np.where(z > 0, 1.0, 0.0)",
            ),
            "all entries are summed up: each is divided by the sum of the others. That is another "
            "function, softmax.": (
                "1 / (1 + np.exp(-z))",
                "np.exp(z) / np.sum(np.exp(z))",
            ),
        },
        stand_in=activations.sigmoid,
    ),
    "product_shape": Exercise(
        product_shape,
        _pairs,
        {
            "the two inner numbers are returned. They have to agree; the outer ones remain.": (
                "(left[0], right[1])",
                "(left[1], right[0])",
            ),
            "no product is refused. Which two numbers have to agree?": (
                "left[1] != right[0]",
                "False",
            ),
            "the outer numbers are compared. It is the inner ones that have to agree.": (
                "left[1] != right[0]",
                "left[0] != right[1]",
            ),
            "it is enough that one pair agrees, inner or outer. The inner ones have to.": (
                "left[1] != right[0]",
                "left[1] != right[0] and left[0] != right[1]",
            ),
            "the rows of both are compared. A row of the left meets a column of the right.": (
                "left[1] != right[0]",
                "left[0] != right[0]",
            ),
            "the columns of both are compared. A row of the left meets a column of the right.": (
                "left[1] != right[0]",
                "left[1] != right[1]",
            ),
            "the product exists only for equal shapes. That is `*`, not `@`.": (
                "left[1] != right[0]",
                "left != right",
            ),
            "the order is turned round: columns before rows.": (
                "(left[0], right[1])",
                "(right[1], left[0])",
            ),
            "it returns None where there is no product. The empty tuple `()` is wanted.": (
                "return ()",
                "return None",
            ),
            "it returns False where there is no product. The empty tuple `()` is wanted.": (
                "return ()",
                "return False",
            ),
            "the shape of the left matrix is returned. How many columns has the product?": (
                "(left[0], right[1])",
                "left",
            ),
        },
    ),
    "forward": Exercise(
        forward,
        lambda rng: tuple(clear(forward, 0.05, network, rng, *sizes) for sizes in SIZES),
        {
            "the bias `b1` is left out of `z2`.": ("X @ W1 + b1", "X @ W1"),
            "the bias `b2` is left out of `z3`.": ("a2 @ W2 + b2", "a2 @ W2"),
            "both biases, `b1` and `b2`, are left out.": (
                "X @ W1 + b1\n    a2 = f(z2)\n    z3 = a2 @ W2 + b2",
                "X @ W1\n    a2 = f(z2)\n    z3 = a2 @ W2",
            ),
            "`z3` is made from `z2`. The bent sums, `a2`, go on to the output.": (
                "a2 @ W2",
                "z2 @ W2",
            ),
            "`a2` is not bent: the sigmoid is left out there.": ("a2 = f(z2)", "a2 = z2"),
            "`a2` is made by ReLU. This network has sigmoids.": (
                "a2 = f(z2)",
                "a2 = np.maximum(z2, 0)",
            ),
            "`a2` is made by tanh. This network has sigmoids.": ("a2 = f(z2)", "a2 = np.tanh(z2)"),
            "`y_hat` is not bent: the sigmoid is left out at the output.": (
                "y_hat = f(z3)",
                "y_hat = z3",
            ),
            "the sigmoid is used twice at the output.": ("y_hat = f(z3)", "y_hat = f(f(z3))"),
            "`z2` is overwritten by `a2`. Both are wanted.": ("a2 = f(z2)", "z2 = a2 = f(z2)"),
            "`z3` is overwritten by `y_hat`. Both are wanted.": (
                "y_hat = f(z3)",
                "z3 = y_hat = f(z3)",
            ),
            "`b1` is added after the sigmoid.": (
                "X @ W1 + b1\n    a2 = f(z2)",
                "X @ W1\n    a2 = f(z2) + b1",
            ),
            "`b1` is added at the output too. Each layer has its own bias.": (
                "a2 @ W2 + b2",
                "a2 @ W2 + b2 + b1.sum()",
            ),
            "the output takes `a2` through a weight matrix that is turned over.": (
                "@ W2",
                "@ W2.T",
            ),
            "the matrices are multiplied entry by entry, `*`, not as matrices, `@`.": (
                "X @ W1",
                "X * W1",
            ),
        },
        returns=("z2", "a2", "z3", "y_hat"),
    ),
    "second_column": Exercise(
        second_column,
        _second_columns,
        {
            "the first column is not scaled. Divide it by its maximum first.": (
                "first / np.amax(first)",
                "first",
            ),
            "the first column is always divided by 3. Its maximum may be another.": (
                "np.amax(first)",
                "3",
            ),
            "the first column is divided by 9, as the quality was. It has a maximum of its own.": (
                "np.amax(first)",
                "9",
            ),
            "the ½ is forgotten: z2 is half the sum of the two columns.": ("2 * z2", "z2"),
            "the ½ is on the wrong side: z2 is half the sum, so the sum is twice z2.": (
                "2 * z2",
                "z2 / 2",
            ),
            "only half of the first column is taken off. Solve for x2 once more.": (
                "- x1",
                "- x1 / 2",
            ),
            "the first column is taken off before doubling. Double z2 alone.": (
                "2 * z2 - x1",
                "2 * (z2 - x1)",
            ),
            "the first column is added. Which sign does it get on the other side?": (
                "- x1",
                "+ x1",
            ),
            "the sign is turned round: first minus the rest.": ("2 * z2 - x1", "x1 - 2 * z2"),
            "it is divided by its own maximum at the end. It comes out scaled by itself.": (
                "return 2 * z2 - x1",
                "x2 = 2 * z2 - x1\n    return x2 / np.amax(x2)",
            ),
            "the first column is divided by its sum. Scaling divides by the maximum.": (
                "np.amax",
                "np.sum",
            ),
            "it is multiplied by 9 already. The scaled column is wanted.": (
                "2 * z2 - x1",
                "9 * (2 * z2 - x1)",
            ),
        },
    ),
}
