"""The exercises of notebook 06: reading a history, counting parameters, another activation."""

from itertools import pairwise

import numpy as np

from nnlib.activations import sigmoid
from nnlib.checks.cases import draw_well_conditioned, ordered
from nnlib.checks.exercise import exercise, value_exercise
from nnlib.checks.exercises.notebook_02 import SIZES, network
from nnlib.checks.exercises.notebook_04 import GRADIENTS, LIBRARY


def _records(rng):
    """Epochs, their costs and a level: between two of these, equal to one, below all."""
    cases = []
    for order in ("541023", "3021", "2100", "0321", "10", "3101"):
        *ranks, level = map(int, order)
        epochs = sorted(rng.choice(1000, len(ranks), replace=False).tolist())
        *costs, bound = ordered(rng, [*ranks, level]).tolist()
        cases.append((epochs, costs, bound))
    return tuple(cases)


def _sizes(rng):
    """Sizes of layers: two to four of them, one output, one neuron."""
    counts = rng.integers(2, 13, 13).tolist()
    sizes = (*counts[:2], 1), (counts[2], 1), counts[3:7], (*counts[7:10], 1), (1, 1, *counts[10:])
    return tuple((tuple(some),) for some in sizes)


def _passed(rng, *sizes):
    """What `backward_tanh` gets, from a random network with hidden neurons of tanh."""
    X, W1, b1, W2, b2 = network(rng, *sizes)
    z2 = X @ W1 + b1
    y_hat = sigmoid(np.tanh(z2) @ W2 + b2)
    return X, rng.uniform(size=y_hat.shape), W2, z2, np.tanh(z2), y_hat


@exercise("06", _records)
def first_epoch_below(epochs, costs, level):
    for epoch, cost in zip(epochs, costs):
        if cost < level:
            return epoch
    return -1


value_exercise(
    "parameter_counts", "06", lambda: (2 * 3 + 3 + 3 * 1 + 1, 2 * 8 + 8 + 8 * 8 + 8 + 8 * 1 + 1)
)


@exercise("06", _sizes)
def count_parameters(sizes):
    total = 0
    for n_in, n_out in pairwise(sizes):
        total += n_in * n_out + n_out
    return total


@exercise(
    "06",
    lambda rng: tuple(draw_well_conditioned(backward_tanh, 0.005, _passed, rng, *s) for s in SIZES),
    returns=GRADIENTS,
    library=LIBRARY,
    also=(("len(y)", "y.size"),),
    shared="backward",
)
def backward_tanh(X, y, W2, z2, a2, y_hat):
    m = len(y)
    dz3 = 2 / m * (y_hat - y) * y_hat * (1 - y_hat)
    dW2 = a2.T @ dz3
    db2 = dz3.sum(axis=0, keepdims=True)
    dz2 = dz3 @ W2.T * (1 - a2**2)
    dW1 = X.T @ dz2
    db1 = dz2.sum(axis=0, keepdims=True)
    return dW1, db1, dW2, db2
