"""The exercises of notebook 00: a bias, a neuron and a layer."""

from nnlib.activations import sigmoid
from nnlib.checks.cases import draws
from nnlib.checks.exercise import exercise, value_exercise

value_exercise("halfway_bias", "00", lambda: -(2 * -1 + 7 * 0.5))


@exercise("00", lambda rng: draws(rng, *[((n,), (n,), ()) for n in (2, 1, 5, 3)]))
def neuron(x, w, b):
    z = x @ w + b
    return sigmoid(z)


@exercise("00", lambda rng: draws(rng, *[((n,), (n, 3), (3,)) for n in (2, 3, 1, 4)]))
def layer(x, W, b):
    return sigmoid(x @ W + b)
