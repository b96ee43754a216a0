"""The exercises of notebook 05: the update rule, the training loop, learning rates."""

import numpy as np

from nnlib import training
from nnlib.checks.cases import draw_well_conditioned, draws, ordered
from nnlib.checks.exercise import exercise, value_exercise
from nnlib.network import (
    Network,
    backward_propagation,
    compute_cost,
    forward_propagation,
    initialize_parameters,
)
from nnlib.optimizers import update_parameters


def _step(rng, shape, most):
    """W, dW and a learning rate."""
    (arrays,) = draws(rng, (shape, shape))
    return *arrays, rng.uniform(most / 2, most)


def _steps(rng):
    """The arguments of `update`, first with small learning rates, then with large ones."""
    shapes = (((2, 3), 0.2), ((1, 1), 0.2), ((1, 3), 3.0), ((3, 3), 3.0))
    return (
        (rng.uniform(3, 6, (1, 2)), rng.uniform(5, 9, (1, 2)), rng.uniform(0.05, 0.2)),
        *(draw_well_conditioned(update, 0.05, _step, rng, *some) for some in shapes),
    )


def _start(rng, sizes, m, learning_rate, epochs):
    """The arguments of `train`: a network, its first parameters, m random samples, and the rest."""
    network, learning_rate = Network(sizes), learning_rate * rng.uniform(0.8, 1.2)
    X, y = rng.uniform(size=(m, sizes[0])), rng.uniform(size=(m, sizes[-1]))
    return network, initialize_parameters(network, rng), X, y, learning_rate, epochs


def _starts(rng):
    runs = (((2, 3, 1), 3, 4, 2), ((4, 2, 2), 5, 0.5, 3), ((1, 1, 1), 1, 2.0, 2))
    return tuple(draw_well_conditioned(train, 0.01, _start, rng, *run) for run in runs)


def _rates(rng):
    """Rates and their costs, some not finite; the last, in no order, have a lowest cost of 0."""
    inf, nan = np.inf, np.nan
    ranks = ([2, 0, 1, 3], [0, inf, nan], [nan, 1, 0], [0], [0, inf, 3, nan, 1, 2], [1, 0, nan, 2])
    cases = [(ordered(rng, range(len(some))), ordered(rng, some)) for some in ranks]
    rates, costs = cases[-1]
    return (*cases[:-1], (rates[[2, 1, 3, 0]], costs - np.nanmin(costs)))


@exercise("05", _steps)
def update(W, dW, learning_rate):
    return W - learning_rate * dW


@exercise(
    "05",
    _starts,
    returns=("W1", "b1", "W2", "b2", "costs"),
    library=(training.train_neural_network,),
)
def train(network, parameters, X, y, learning_rate, epochs):
    costs = []
    for _ in range(epochs):
        trace = forward_propagation(network, parameters, X)
        costs.append(compute_cost(network, parameters, trace, y))
        gradients = backward_propagation(network, parameters, trace, y)
        parameters = update_parameters(parameters, gradients, learning_rate)
    return parameters, costs


value_exercise("curve_of_rate", "05", ["B", "C", "A", "D"])


@exercise("05", _rates)
def best_rate(rates, costs):
    finite = np.where(np.isfinite(costs), costs, np.inf)
    return rates[np.argmin(finite)]
