"""The exercises of notebook 04: the slope of one weight, backpropagation, shapes of gradients."""

from nnlib import network as nn
from nnlib.activations import sigmoid
from nnlib.checks.cases import draw_well_conditioned
from nnlib.checks.exercise import exercise, value_exercise
from nnlib.checks.exercises.notebook_02 import SIZES, forward, network

GRADIENTS = ("dW1", "db1", "dW2", "db2")
LIBRARY = (nn.backward_propagation, nn.backward)


def _points(rng):
    """w, x, y, among them w = 0; y is not near the answer that the neuron gives."""
    cases = []
    for w in (*rng.uniform(0.3, 2, 4) * (1, -1, 1, 1), 0.0):
        x = rng.uniform(0.5, 3) * rng.choice([-1, 1])
        towards = 1 if w * x < 0 else -1
        cases.append((float(w), float(x), float(sigmoid(w * x) + towards * rng.uniform(0.2, 0.5))))
    return tuple(cases)


def backward_arguments(rng, *sizes):
    """Return X, y, W2, z2, a2, y_hat of a random network and samples: what `backward` gets."""
    X, W1, b1, W2, b2 = network(rng, *sizes)
    z2, a2, _, y_hat = forward(X, W1, b1, W2, b2)
    return X, rng.uniform(size=y_hat.shape), W2, z2, a2, y_hat


@exercise("04", _points)
def weight_slope(w, x, y):
    a = sigmoid(w * x)
    return x * a * (1 - a) * 2 * (a - y)


@exercise(
    "04",
    lambda rng: tuple(
        draw_well_conditioned(backward, 0.005, backward_arguments, rng, *s) for s in SIZES
    ),
    returns=GRADIENTS,
    library=LIBRARY,
    also=(("len(y)", "y.size"),),
    shared="backward",
)
def backward(X, y, W2, z2, a2, y_hat):
    m = len(y)
    dz3 = 2 / m * (y_hat - y) * y_hat * (1 - y_hat)
    dW2 = a2.T @ dz3
    db2 = dz3.sum(axis=0, keepdims=True)
    dz2 = dz3 @ W2.T * a2 * (1 - a2)
    dW1 = X.T @ dz2
    db1 = dz2.sum(axis=0, keepdims=True)
    return dW1, db1, dW2, db2


value_exercise(
    "gradient_shapes",
    "04",
    [(8, 1), (5, 1), (1, 1), (8, 5), (2, 5), (1, 5)],
    returns=("dz3", "dW2", "db2", "dz2", "dW1", "db1"),
)
