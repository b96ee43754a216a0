"""The exercises of notebook 08: any depth, ReLU, the start, mini-batches, steps, overfitting."""

from itertools import pairwise

import numpy as np

from nnlib import activations
from nnlib import network as nn
from nnlib.activations import relu, sigmoid
from nnlib.checks.cases import draw_well_conditioned, draws, ordered
from nnlib.checks.exercise import exercise

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


def _tables(rng):
    """X, y, batch_size and an order of the rows."""
    return tuple(
        (rng.standard_normal((m, n)), rng.standard_normal((m, 1)), batch_size, rng.permutation(m))
        for m, n, batch_size in ((7, 2, 3), (4, 1, 4), (6, 3, 2), (5, 2, 8), (3, 1, 1))
    )


def _momentum(rng, shape, most):
    """W, dW, velocity, a learning rate and beta."""
    (arrays,) = draws(rng, (shape, shape, shape))
    return *arrays, rng.uniform(most / 2, most), rng.uniform(0.4, 0.9)


def _momentums(rng):
    shapes = ((1, 0.2), ((2, 3), 0.2), ((1, 1), 0.2), ((1, 4), 3.0), ((3, 3), 3.0))
    return tuple(
        draw_well_conditioned(momentum_step, 0.05, _momentum, rng, *some) for some in shapes
    )


def _adam(rng, shape, size, t):
    """The arguments of `adam_step` in step t, for gradients of a size."""
    W, dW, mean = (rng.standard_normal(shape) for _ in range(3))
    begun = t > 1
    return W, size * dW, begun * size * mean, begun * (size * mean) ** 2, t, rng.uniform(0.05, 0.2)


def _adam_with_settings(rng):
    """The arguments of `adam_step`, with a rate, betas and an epsilon of their own."""
    W, dW, mean = (rng.standard_normal(1) for _ in range(3))
    settings = rng.uniform([0.1, 0.3, 0.6, 0.1], [0.2, 0.6, 0.9, 0.3])
    return W, dW, mean, rng.uniform(1, 4, 1), 3, *settings.tolist()


def _adams(rng):
    steps = ((1, 2, 1), ((2, 3), 1, 1), ((3, 3), 10, 5), ((1, 4), 1, 40), ((1, 1), 1e-4, 1))
    return (
        *(
            draw_well_conditioned(lambda *a: adam_step(*a)[0], 0.05, _adam, rng, *step)
            for step in steps
        ),
        draw_well_conditioned(adam_step, 0.05, _adam_with_settings, rng),
    )


def _courses(rng):
    """Costs and a patience: each with a trap of its own, then falls that end in a long rise."""
    cases = [
        (ordered(rng, ranks).tolist(), patience)
        for ranks, patience in (
            ([8, 7, 3, 6, 5, 4, 1], 3),
            ([8, 6, 7, 4, 5, 2, 3, 1], 3),
            ([1, 2, 3, 0], 1),
            ([3, 2, 1], 2),
            ([3, 4, 2, 4, 4, 4, 0, 1], 3),
            ([2, 5, 4, 3, 0, 1], 3),
            ([1, 1, 1, 1, 0], 3),
            ([2, 5, 4, 1], 3),
            ([2], 5),
        )
    ]
    for patience in (1, 2, 4, 5):
        fall, rise = rng.integers(30), rng.uniform(0.1, 1, 10)
        steps = np.concatenate([-rng.uniform(0.1, 1, fall), rise])
        cases.append((np.cumsum([40.0, *steps]).tolist(), patience))
    return tuple(cases)


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


@exercise("08", _tables)
def batches(X, y, batch_size, order):
    pairs = []
    for start in range(0, len(X), batch_size):
        rows = order[start : start + batch_size]
        pairs.append((X[rows], y[rows]))
    return pairs


@exercise("08", _momentums, returns=("W", "velocity"))
def momentum_step(W, dW, velocity, learning_rate, beta):
    velocity = beta * velocity + dW
    return W - learning_rate * velocity, velocity


@exercise("08", _adams, returns=("W", "mean", "square"))
def adam_step(W, dW, mean, square, t, learning_rate, beta1=0.9, beta2=0.999, epsilon=1e-8):
    mean = beta1 * mean + (1 - beta1) * dW
    square = beta2 * square + (1 - beta2) * dW**2
    mean_hat = mean / (1 - beta1**t)
    square_hat = square / (1 - beta2**t)
    return W - learning_rate * mean_hat / (np.sqrt(square_hat) + epsilon), mean, square


@exercise("08", _courses)
def early_stop(costs, patience):
    best = 0
    for epoch, cost in enumerate(costs):
        if cost < costs[best]:
            best = epoch
        elif epoch - best >= patience:
            break
    return best


@exercise(
    "08",
    lambda rng: tuple(
        (_layers(rng, sizes), _layers(rng, sizes), l2)
        for (_, sizes), l2 in zip(SIZES, rng.uniform(0.1, 0.7, 5).tolist())
    ),
    returns=("dW1", "db1", "dW2", "db2", "dW3", "db3", "dW4", "db4"),
    library=(nn.add_penalties,),
)
def add_l2(gradients, parameters, l2):
    with_l2 = []
    for (dW, db), (W, _) in zip(gradients, parameters):
        with_l2.append((dW + l2 * W, db))
    return with_l2
