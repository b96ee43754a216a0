"""The exercises of notebook 02: the sigmoid, shapes, the forward pass, the missing column."""

import numpy as np

from nnlib import activations
from nnlib import network as nn
from nnlib.activations import sigmoid as f
from nnlib.checks.cases import draw_well_conditioned, draws
from nnlib.checks.exercise import exercise, value_exercise

# (samples, sizes of the layers): square ones, one sample, one neuron.
SIZES = ((3, 2, 3, 1), (1, 2, 3, 1), (5, 4, 2, 3), (3, 3, 3, 3), (4, 1, 1, 1))


def network(rng, m, n1, n2, n3):
    """Return the arguments of `forward`."""
    return draws(rng, ((m, n1), (n1, n2), (1, n2), (n2, n3), (1, n3)))[0]


def _shapes(rng):
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


@exercise(
    "02",
    lambda rng: (
        *((0.0,), (rng.uniform(-4, -2),)),
        *draws(rng, ((3, 2),), ((1, 1),), ((4,),)),
        (rng.uniform([6, -15], [15, -6]),),
    ),
    fallback=activations.sigmoid,
    library=(activations.sigmoid,),
)
def sigmoid(z):
    return 1 / (1 + np.exp(-z))


@exercise("02", _shapes)
def product_shape(left, right):
    if left[1] != right[0]:
        return ()
    return (left[0], right[1])


value_exercise("flat_shapes", "02", [(5, 6), (40, 6), (40, 1)], returns=("W1", "a2", "z3"))


@exercise(
    "02",
    lambda rng: tuple(draw_well_conditioned(forward, 0.05, network, rng, *s) for s in SIZES),
    returns=("z2", "a2", "z3", "y_hat"),
    library=(nn.forward_propagation, nn.forward),
)
def forward(X, W1, b1, W2, b2):
    z2 = X @ W1 + b1
    a2 = f(z2)
    z3 = a2 @ W2 + b2
    y_hat = f(z3)
    return z2, a2, z3, y_hat


@exercise("02", _second_columns)
def second_column(z2, first):
    x1 = first / np.amax(first)
    return 2 * z2 - x1
