"""The exercises of notebook 08b: mini-batches, the steps of optimisers, regularisation."""

from itertools import pairwise

import numpy as np

from nnlib import network as nn
from nnlib.checks.cases import draw_well_conditioned, draws, ordered
from nnlib.checks.exercise import exercise, value_exercise

SIZES = ((2, 3, 4, 1), (3, 2, 1), (3, 3, 3, 3), (1, 2, 1, 2, 2), (2, 1))

value_exercise("updates", "08b", lambda: 20 * np.ceil(1000 / 32))


def _layers(rng, sizes):
    """(W, b) for each layer, all random: weights and biases, or their gradients."""
    return draws(rng, *(((n_in, n_out), (1, n_out)) for n_in, n_out in pairwise(sizes)))


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


def _rmsprop(rng, shape, size):
    """W, dW, square, a learning rate, beta and epsilon, for gradients of a size."""
    W, dW, other = (rng.standard_normal(shape) for _ in range(3))
    rate, beta, epsilon = rng.uniform([0.05, 0.5, 0.01], [0.2, 0.9, 0.1])
    return W, size * dW, (size * other) ** 2, rate, beta, size * epsilon


def _rmsprops(rng):
    cases = ((1, 2), ((2, 3), 1), ((3, 3), 10), ((1, 4), 0.1), ((1, 1), 1))
    return tuple(
        draw_well_conditioned(lambda *a: rmsprop_step(*a)[0], 0.05, _rmsprop, rng, *case)
        for case in cases
    )


def _drops(rng):
    """Activations, a rate, and random numbers from 0 to 1 in the same shape."""
    return tuple(
        (
            rng.uniform(0.5, 2, shape),
            rate,
            rng.permutation(np.linspace(0.02, 0.98, size)).reshape(shape),
        )
        for shape, size, rate in (
            ((3, 4), 12, 0.5),
            ((1, 6), 6, 0.3),
            ((5, 2), 10, 0.2),
            ((2, 2), 4, 0.6),
        )
    )


@exercise("08b", _tables)
def batches(X, y, batch_size, order):
    pairs = []
    for start in range(0, len(X), batch_size):
        rows = order[start : start + batch_size]
        pairs.append((X[rows], y[rows]))
    return pairs


@exercise("08b", _momentums, returns=("W", "velocity"))
def momentum_step(W, dW, velocity, learning_rate, beta):
    velocity = beta * velocity + dW
    return W - learning_rate * velocity, velocity


@exercise("08b", _adams, returns=("W", "mean", "square"))
def adam_step(W, dW, mean, square, t, learning_rate, beta1=0.9, beta2=0.999, epsilon=1e-8):
    mean = beta1 * mean + (1 - beta1) * dW
    square = beta2 * square + (1 - beta2) * dW**2
    mean_hat = mean / (1 - beta1**t)
    square_hat = square / (1 - beta2**t)
    return W - learning_rate * mean_hat / (np.sqrt(square_hat) + epsilon), mean, square


@exercise("08b", _courses)
def early_stop(costs, patience):
    best = 0
    for epoch, cost in enumerate(costs):
        if cost < costs[best]:
            best = epoch
        elif epoch - best >= patience:
            break
    return best


@exercise(
    "08b",
    lambda rng: tuple(
        (_layers(rng, sizes), _layers(rng, sizes), l2)
        for sizes, l2 in zip(SIZES, rng.uniform(0.1, 0.7, 5).tolist())
    ),
    returns=("dW1", "db1", "dW2", "db2", "dW3", "db3", "dW4", "db4"),
    library=(nn.add_penalties,),
)
def add_l2(gradients, parameters, l2):
    with_l2 = []
    for (dW, db), (W, _) in zip(gradients, parameters):
        with_l2.append((dW + l2 * W, db))
    return with_l2


@exercise("08b", _rmsprops, returns=("W", "square"))
def rmsprop_step(W, dW, square, learning_rate, beta, epsilon):
    square = beta * square + (1 - beta) * dW**2
    return W - learning_rate * dW / (np.sqrt(square) + epsilon), square


@exercise("08b", _drops)
def dropout(a, rate, random_numbers):
    kept = random_numbers >= rate
    return a * kept / (1 - rate)
