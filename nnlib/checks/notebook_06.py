"""The exercises of notebook 06: reading a history, counting parameters, another activation."""

from itertools import pairwise

import numpy as np

from nnlib.activations import sigmoid
from nnlib.checks.exercise import Exercise, clear, ordered
from nnlib.checks.notebook_02 import SIZES, network
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


def _records(rng):
    """Epochs, their costs and a level: between two of these, equal to the lowest, below all."""
    cases = []
    for *ranks, level in ([4, 3, 1, 0, 2], [3, 0, 2, 1], [2, 1, 0, 0], [0, 3, 2, 1], [1, 0]):
        epochs = sorted(rng.choice(1000, len(ranks), replace=False).tolist())
        *costs, bound = ordered(rng, [*ranks, level]).tolist()
        cases.append((epochs, costs, bound))
    return tuple(cases)


def _sizes(rng):
    """Sizes of layers: two to four of them, one output, one unit."""
    counts = rng.integers(2, 13, 13).tolist()
    sizes = (*counts[:2], 1), (counts[2], 1), counts[3:7], (*counts[7:10], 1), (1, 1, *counts[10:])
    return tuple((tuple(some),) for some in sizes)


def _passed(rng, *sizes):
    """What `backward_tanh` gets, from a random network with hidden neurons of tanh."""
    X, W1, b1, W2, b2 = network(rng, *sizes)
    z2 = X @ W1 + b1
    y_hat = sigmoid(np.tanh(z2) @ W2 + b2)
    return X, rng.uniform(size=y_hat.shape), W2, z2, np.tanh(z2), y_hat


EXERCISES = {
    "first_epoch_below": Exercise(
        first_epoch_below,
        _records,
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
            "it returns the first epoch where no cost is below the level. −1 is wanted.": (
                "return -1",
                "return epochs[0]",
            ),
            "all epochs below the level are returned. The first is wanted.": (
                lambda epochs, costs, level: [e for e, cost in zip(epochs, costs) if cost < level]
            ),
            "the epoch with the lowest cost is returned. The first below the level is wanted.": (
                lambda epochs, costs, level: epochs[np.argmin(costs)]
            ),
        },
    ),
    "count_parameters": Exercise(
        count_parameters,
        _sizes,
        {
            "the biases are left out. Each node behind the inputs has one.": (" + n_out", ""),
            "the weights are left out.": ("n_in * n_out + n_out", "n_out"),
            "the biases are counted at the wrong end: the inputs have none.": (
                "n_in * n_out + n_out",
                "n_in * n_out + n_in",
            ),
            "the inputs have biases, too. Only the nodes behind them have.": (
                "    return total",
                "    return total + sizes[0]",
            ),
            "the output's biases are left out. Each node behind the inputs has one.": (
                "    return total",
                "    return total - sizes[-1]",
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
        lambda rng: tuple(clear(backward_tanh, 0.005, _passed, rng, *sizes) for sizes in SIZES),
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
            "`dz2` is multiplied by tanh itself, which is `a2`. Its slope is wanted.": (
                "(1 - a2**2)",
                "a2",
            ),
            "`dz3` is that of the cross-entropy. For the squared error the output's slope and the "
            "2 stay in it.": (
                "2 / m * (y_hat - y) * y_hat * (1 - y_hat)",
                "(y_hat - y) / m",
            ),
            "the slope of tanh is left out of `dz2`.": (" * (1 - a2**2)", ""),
            **COMMON,
        },
        returns=("dW1", "db1", "dW2", "db2"),
    ),
}
