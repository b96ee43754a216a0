"""The exercises of notebook 08: any depth, ReLU, the first weights."""

from itertools import pairwise

import numpy as np

from nnlib import activations
from nnlib import network as nn
from nnlib.activations import relu, sigmoid
from nnlib.checks.cases import draw_well_conditioned, draws
from nnlib.checks.exercise import exercise, value_exercise

value_exercise("he_and_xavier", "08", lambda: (np.sqrt(2 / 50), np.sqrt(2 / (50 + 150))))

# Several depths, one sample, one unit; where all layers are equally wide, every product fits.
SIZES = (
    (5, (2, 3, 4, 1)),
    (1, (3, 2, 1)),
    (4, (3, 3, 3, 3)),
    (6, (1, 2, 1, 2, 2)),
    (3, (2, 1)),
)


def _layers(rng, sizes):
    """(W, b) for each layer, all random: weights and biases, or their gradients."""
    return draws(rng, *(((n_in, n_out), (1, n_out)) for n_in, n_out in pairwise(sizes)))


def _network(rng, m, sizes):
    """X and parameters."""
    return rng.standard_normal((m, sizes[0])), _layers(rng, sizes)


def _passed(rng, m, sizes):
    """y, parameters and trace."""
    X, parameters = _network(rng, m, sizes)
    return rng.uniform(size=(m, sizes[-1])), parameters, forward(X, parameters)


def _slopes(rng):
    """`da` and the activations of ReLUs, some of them 0."""
    shapes = ((5, 3), (1, 4), (3, 3))
    return (
        (rng.uniform([[1.0, -4.0]], [[3.0, -2.0]]), np.array([[rng.uniform(0.2, 0.8), 0.0]])),
        *((da, relu(z)) for da, z in draws(rng, *([shape] * 2 for shape in shapes))),
    )


@exercise(
    "08",
    lambda rng: tuple(draw_well_conditioned(forward, 0.05, _network, rng, *s) for s in SIZES),
    name="forward_deep",
    library=(nn.forward_propagation, nn.forward),
)
def forward(X, parameters):
    z, a = {}, {1: X}
    last = len(parameters) + 1
    for layer, (W, b) in enumerate(parameters, start=2):
        z[layer] = a[layer - 1] @ W + b
        a[layer] = sigmoid(z[layer]) if layer == last else relu(z[layer])
    return z, a


@exercise("08", _slopes, library=(activations.ACTIVATIONS["relu"].backward,))
def relu_backward(da, a):
    return da * (a > 0)


@exercise(
    "08",
    lambda rng: tuple(draw_well_conditioned(backward, 0.01, _passed, rng, *s) for s in SIZES),
    name="backward_deep",
    returns=("dW1", "db1", "dW2", "db2", "dW3", "db3", "dW4", "db4"),
    library=(nn.backward_propagation, nn.backward),
    also=(("len(y)", "y.size"),),
)
def backward(y, parameters, trace):
    _, a = trace
    last = len(parameters) + 1
    m = len(y)
    dz = (a[last] - y) / m
    gradients = []
    for layer in range(last - 1, 0, -1):
        W, _ = parameters[layer - 1]
        gradients.insert(0, (a[layer].T @ dz, dz.sum(axis=0, keepdims=True)))
        if layer > 1:
            dz = dz @ W.T * (a[layer] > 0)
    return gradients


@exercise(
    "08",
    lambda rng: tuple(
        (sizes, np.random.default_rng(rng.integers(2**32)))
        for sizes in ((2, 3, 1), (5, 1), (4, 4, 4), (64, 32, 2, 3))
    ),
    returns=("W1", "b1", "W2", "b2", "W3", "b3"),
    library=(nn.initialize_parameters,),
)
def he_start(sizes, rng):
    parameters = []
    for n_in, n_out in pairwise(sizes):
        W = rng.standard_normal((n_in, n_out)) * np.sqrt(2 / n_in)
        parameters.append((W, np.zeros((1, n_out))))
    return parameters
