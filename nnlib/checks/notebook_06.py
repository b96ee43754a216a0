"""The exercises of notebook 06: reading a history, counting parameters, another activation."""

from itertools import pairwise

import numpy as np

from nnlib.activations import sigmoid
from nnlib.checks.exercise import Exercise
from nnlib.checks.notebook_02 import networks
from nnlib.checks.notebook_04 import COMMON


def first_epoch_below(epochs, costs, level):
    for epoch, cost in zip(epochs, costs):
        if cost < level:
            return epoch
    return -1


def count_parameters(sizes):
    total = 0
    for n_in, n_out in pairwise(sizes):
        total += n_in * n_out + n_out
    return total


def backward_tanh(X, y, W2, z2, a2, y_hat):
    m = len(y)
    dz3 = 2 / m * (y_hat - y) * y_hat * (1 - y_hat)
    dW2 = a2.T @ dz3
    db2 = dz3.sum(axis=0, keepdims=True)
    dz2 = dz3 @ W2.T * (1 - a2**2)
    dW1 = X.T @ dz2
    db1 = dz2.sum(axis=0, keepdims=True)
    return dW1, db1, dW2, db2


def _passed(seed):
    """What `backward_tanh` gets, from random networks with hidden neurons of tanh."""
    rng = np.random.default_rng(seed)
    for X, W1, b1, W2, b2 in networks(seed):
        z2 = X @ W1 + b1
        y_hat = sigmoid(np.tanh(z2) @ W2 + b2)
        yield X, rng.uniform(size=y_hat.shape), W2, z2, np.tanh(z2), y_hat


EXERCISES = {
    "first_epoch_below": Exercise(
        first_epoch_below,
        (
            ([0, 1, 2, 3], [0.5, 0.3, 0.1, 0.05], 0.2),
            ([0, 10, 20], [0.5, 0.05, 0.3], 0.1),
            ([0, 5, 10], [0.5, 0.4, 0.3], 0.3),
            ([0, 5, 10], [0.05, 0.4, 0.3], 0.1),
            ([7], [0.2], 0.1),
        ),
        {
            "the place in the list is returned. The epoch at that place is wanted.": (
                "for epoch, cost in zip(epochs, costs)",
                "for epoch, cost in enumerate(costs)",
            ),
            "the cost is returned. Which epoch had it?": ("return epoch", "return cost"),
            "a cost equal to the level counts as below it.": ("<", "<="),
            "the first epoch *above* the level is returned.": ("<", ">"),
            "the last epoch below the level is returned. The first is wanted.": (
                "for epoch, cost in zip(epochs, costs)",
                "for epoch, cost in list(zip(epochs, costs))[::-1]",
            ),
            "it gives up after the first epoch. Is `return -1` inside the loop?": (
                "    return -1",
                "        return -1",
            ),
            "it returns None where no cost is below the level. −1 is wanted.": (
                "return -1",
                "return",
            ),
            "it returns the last epoch where no cost is below the level. −1 is wanted.": (
                "return -1",
                "return epochs[-1]",
            ),
            "the epoch with the lowest cost is returned. The first below the level is wanted.": (
                lambda epochs, costs, level: epochs[np.argmin(costs)]
            ),
        },
    ),
    "count_parameters": Exercise(
        count_parameters,
        (((2, 3, 1),), ((2, 1),), ((3, 5, 4, 2),), ((7, 8, 8, 1),), ((1, 1, 1),)),
        {
            "the biases are left out. Each node behind the inputs has one.": (" + n_out", ""),
            "the weights are left out.": ("n_in * n_out + n_out", "n_out"),
            "the biases are counted at the wrong end: the inputs have none.": (
                "n_in * n_out + n_out",
                "n_in * n_out + n_in",
            ),
            "each layer gets a single bias. Each of its nodes has one.": (
                "n_in * n_out + n_out",
                "n_in * n_out + 1",
            ),
            "the nodes are counted, not the lines between them.": (
                "n_in * n_out + n_out",
                "n_in + n_out",
            ),
            "all the sizes are multiplied. Lines run between neighbours only.": lambda sizes: int(
                np.prod(sizes)
            ),
            "only the last pair of layers is counted. Is the sum begun anew in the loop?": (
                "total +=",
                "total =",
            ),
            "only the first pair of layers is counted. Is `return` inside the loop?": (
                "    return total",
                "        return total",
            ),
        },
    ),
    "backward_tanh": Exercise(
        backward_tanh,
        tuple(_passed(61)),
        {
            "`dz2` still has the sigmoid's slope. Which slope has tanh?": (
                "(1 - a2**2)",
                "a2 * (1 - a2)",
            ),
            "tanh is applied to `a2` once more. `a2` is a tanh already.": (
                "a2**2",
                "np.tanh(a2) ** 2",
            ),
            "the output has the slope of tanh, too. It is a sigmoid still.": (
                "y_hat * (1 - y_hat)",
                "(1 - y_hat**2)",
            ),
            "1/m is missing in `dz3`: the cost is a mean over the samples.": ("2 / m", "2"),
            "the 2 of the square is missing in `dz3`.": ("2 / m", "1 / m"),
            "the sign in `dz3` is wrong: y − y_hat.": ("y_hat - y)", "y - y_hat)"),
            "the slope is made from `z2`. It comes out of the activation `a2`.": ("a2**2", "z2**2"),
            "the square is missing in the slope of tanh, 1 − a².": ("a2**2", "a2"),
            "the slope of tanh is left out of `dz2`.": (" * (1 - a2**2)", ""),
            **COMMON,
        },
        returns=("dW1", "db1", "dW2", "db2"),
    ),
}
