"""The exercises of notebook 04b: numerical gradients, reading a check, a repair."""

import numpy as np

from nnlib import gradcheck
from nnlib.checks.cases import draw_well_conditioned
from nnlib.checks.exercise import exercise, value_exercise
from nnlib.checks.exercises.notebook_02 import SIZES
from nnlib.checks.exercises.notebook_04 import GRADIENTS, LIBRARY, backward_arguments


def _curves(rng):
    """Return cost, x and, where cost bends enough to tell one from another, a step."""
    factors, far = rng.uniform(0.5, 2, (2, 3)), rng.uniform(0.5, 2, 3) * rng.choice([-1, 1], 3)
    steps = rng.uniform(0.1, 0.2, 2)
    return (
        (lambda x: (factors * x**3).sum(), rng.uniform(0.5, 3, (2, 3)) * (1, -1, 1)),
        (lambda x: np.sin(x[0, 0]) * x[0, 1] ** 3, far[np.newaxis, :2], steps[0]),
        (lambda x: 5 * x[1, 0] - far[2] * x[0, 0], rng.standard_normal((3, 1))),
        (lambda x: np.exp(x).prod(), rng.standard_normal((1, 1)), steps[1]),
        (lambda x: (factors[0] * x**3).sum(), rng.uniform(0.5, 3, 3)),
    )


@exercise(
    "04b",
    _curves,
    fallback=lambda cost, x, step=1e-5: gradcheck.numerical_gradient(cost, x, step=step),
    library=(gradcheck.numerical_gradient,),
)
def numerical_gradient(cost, x, step=1e-5):
    gradient = np.zeros(x.shape)
    for entry in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[entry] += step
        down[entry] -= step
        gradient[entry] = (cost(up) - cost(down)) / (2 * step)
    return gradient


value_exercise("wrong_lines", "04b", ["dz3", "dW1", "dz2"], returns=("A", "B", "C"))


@exercise(
    "04b",
    lambda rng: tuple(
        draw_well_conditioned(backward_cross_entropy, 0.02, backward_arguments, rng, *s)
        for s in SIZES
    ),
    returns=GRADIENTS,
    library=LIBRARY,
    also=(("len(y)", "y.size"),),
    shared="backward",
)
def backward_cross_entropy(X, y, W2, z2, a2, y_hat):
    m = len(y)
    dz3 = (y_hat - y) / m
    dW2 = a2.T @ dz3
    db2 = dz3.sum(axis=0, keepdims=True)
    dz2 = dz3 @ W2.T * a2 * (1 - a2)
    dW1 = X.T @ dz2
    db1 = dz2.sum(axis=0, keepdims=True)
    return dW1, db1, dW2, db2
