"""The exercises of notebook 05: the update rule, the training loop, the best learning rate."""

import numpy as np

from nnlib.checks.exercise import Exercise, clear, draws, ordered
from nnlib.network import (
    Network,
    backward_propagation,
    compute_cost,
    forward_propagation,
    initialize_parameters,
)
from nnlib.optimizers import update_parameters


def update(W, dW, learning_rate):
    return W - learning_rate * dW


def train(network, parameters, X, y, learning_rate, epochs):
    costs = []
    for _ in range(epochs):
        trace = forward_propagation(network, parameters, X)
        costs.append(compute_cost(network, parameters, trace, y))
        gradients = backward_propagation(network, parameters, trace, y)
        parameters = update_parameters(parameters, gradients, learning_rate)
    return parameters, costs


def best_rate(rates, costs):
    finite = np.where(np.isfinite(costs), costs, np.inf)
    return rates[np.argmin(finite)]


def _step(rng, shape, most):
    """W, dW and a learning rate."""
    (arrays,) = draws(rng, (shape, shape))
    return *arrays, rng.uniform(most / 2, most)


def _start(rng, sizes, m, learning_rate, epochs):
    """The arguments of `train`: a network, its first parameters, m random samples, and the rest."""
    network, learning_rate = Network(sizes), learning_rate * rng.uniform(0.8, 1.2)
    X, y = rng.uniform(size=(m, sizes[0])), rng.uniform(size=(m, sizes[-1]))
    return network, initialize_parameters(network, rng), X, y, learning_rate, epochs


def _rates(rng):
    """Rates and their costs, some not finite; the last, in no order, have a lowest cost of 0."""
    inf, nan = np.inf, np.nan
    ranks = ([2, 0, 1, 3], [0, inf, nan], [nan, 1, 0], [0], [0, inf, 3, nan, 1, 2], [1, 0, nan, 2])
    cases = [(ordered(rng, range(len(some))), ordered(rng, some)) for some in ranks]
    rates, costs = cases[-1]
    return (*cases[:-1], (rates[[2, 1, 3, 0]], costs - np.nanmin(costs)))


STEP = "        parameters = update_parameters(parameters, gradients, learning_rate)\n"
COST = "        costs.append(compute_cost(network, parameters, trace, y))\n"

EXERCISES = {
    "update": Exercise(
        update,
        lambda rng: (
            (rng.uniform(3, 6, (1, 2)), rng.uniform(5, 9, (1, 2)), rng.uniform(0.05, 0.2)),
            *(clear(update, 0.05, _step, rng, shape, 0.2) for shape in ((2, 3), (1, 1))),
            *(clear(update, 0.05, _step, rng, shape, 3.0) for shape in ((1, 3), (3, 3))),
        ),
        {
            "it goes uphill: + in the place of −. Which way lowers the cost?": ("W - ", "W + "),
            "the learning rate is left out.": ("learning_rate * dW", "dW"),
            "only the step is returned, without `W`.": (
                "W - learning_rate * dW",
                "learning_rate * dW",
            ),
            "only minus the step is returned, without `W`.": (
                "W - learning_rate * dW",
                "-learning_rate * dW",
            ),
            "the gradient is divided by the learning rate.": (
                "learning_rate * dW",
                "dW / learning_rate",
            ),
            "`W` is multiplied by the learning rate, too.": (
                "W - learning_rate * dW",
                "learning_rate * (W - dW)",
            ),
            "the slope is left out: every weight takes the same step.": (
                "learning_rate * dW",
                "learning_rate",
            ),
            "only the slope's sign counts. A steep slope makes a long step.": (
                "* dW",
                "* np.sign(dW)",
            ),
            "`W` comes back unchanged.": (" - learning_rate * dW", ""),
            "the sign is turned round: the step minus `W`.": (
                "W - learning_rate * dW",
                "learning_rate * dW - W",
            ),
        },
    ),
    "train": Exercise(
        train,
        lambda rng: tuple(
            clear(train, 0.01, _start, rng, *some)
            for some in (
                ((2, 3, 1), 3, 4, 2),
                ((4, 2, 2), 5, 0.5, 6),
                ((1, 1, 1), 1, 2.0, 3),
            )
        ),
        {
            "the cost is taken after the update. Take it before: the list starts with the first "
            "parameters' cost.": (
                COST
                + "        gradients = backward_propagation(network, parameters, trace, y)\n"
                + STEP,
                "        gradients = backward_propagation(network, parameters, trace, y)\n"
                + STEP
                + "        trace = forward_propagation(network, parameters, X)\n"
                + COST,
            ),
            "the new parameters are never used: every epoch starts from the same ones.": (
                STEP + "    return parameters, costs",
                "        new = update_parameters(parameters, gradients, learning_rate)\n"
                "    return new, costs",
            ),
            "the parameters come back as they went in: what `update_parameters` returns is lost.": (
                "        parameters = update",
                "        update",
            ),
            "it goes uphill: the steps are added.": (
                "update_parameters(parameters, gradients, learning_rate)",
                "tuple((W + learning_rate * dW, b + learning_rate * db)"
                " for (W, b), (dW, db) in zip(parameters, gradients))",
            ),
            "one epoch is too many.": ("range(epochs)", "range(epochs + 1)"),
            "one epoch is too few.": ("range(epochs)", "range(1, epochs)"),
            "it returns inside the loop, after the first epoch. Look at the indentation.": (
                "    return parameters, costs",
                "        return parameters, costs",
            ),
            "the forward pass stands before the loop. Each epoch needs its own trace.": (
                "    for _ in range(epochs):\n"
                "        trace = forward_propagation(network, parameters, X)\n",
                "    trace = forward_propagation(network, parameters, X)\n"
                "    for _ in range(epochs):\n",
            ),
            "the list of costs is emptied in each epoch. It belongs before the loop.": (
                "    costs = []\n    for _ in range(epochs):\n",
                "    for _ in range(epochs):\n        costs = []\n",
            ),
            "only some costs are in the list. Is there an `if` before `costs.append`?": (
                COST,
                "        if not costs:\n    " + COST,
            ),
            "only the parameters are returned. The list of costs is wanted, too.": (
                "return parameters, costs",
                "return parameters",
            ),
            "only the last cost is returned. The list of all is wanted.": (
                "return parameters, costs",
                "return parameters, costs[-1]",
            ),
            "the learning rate is left out: it is always 1.": (
                "gradients, learning_rate",
                "gradients, 1.0",
            ),
            "the cost of the end is in the list as well. One for each epoch, before its update.": (
                "    return parameters, costs",
                "    trace = forward_propagation(network, parameters, X)\n"
                "    costs.append(compute_cost(network, parameters, trace, y))\n"
                "    return parameters, costs",
            ),
        },
        returns=("W1", "b1", "W2", "b2", "costs"),
    ),
    "best_rate": Exercise(
        best_rate,
        _rates,
        {
            "`nan` wins: `np.argmin` takes it for the smallest. Put it out of the race first.": (
                "np.argmin(finite)",
                "np.argmin(costs)",
            ),
            "the lowest cost itself is returned. The rate that has it is wanted.": (
                "rates[np.argmin(finite)]",
                "np.min(finite)",
            ),
            "the place of the best is returned. The rate at that place is wanted.": (
                "rates[np.argmin(finite)]",
                "np.argmin(finite)",
            ),
            "a `nan` in the first place stays the best: nothing is smaller than `nan`.": (
                lambda rates, costs: rates[min(range(len(costs)), key=costs.__getitem__)]
            ),
            "the highest cost wins.": (
                "rates[np.argmin(finite)]",
                "rates[np.argmax(np.where(np.isfinite(costs), costs, -np.inf))]",
            ),
            "`nan` counts as 0 and wins. It should count as infinitely bad.": (
                "np.where(np.isfinite(costs), costs, np.inf)",
                "np.nan_to_num(costs)",
            ),
            "what is not finite counts as 0 and wins. It should count as infinitely bad.": (
                "costs, np.inf)",
                "costs, 0)",
            ),
            "costs that are not finite are removed. Then the places no longer match the rates.": (
                "np.where(np.isfinite(costs), costs, np.inf)",
                "costs[np.isfinite(costs)]",
            ),
            "the first rate is always returned.": ("rates[np.argmin(finite)]", "rates[0]"),
            "the last rate is always returned.": ("rates[np.argmin(finite)]", "rates[-1]"),
            "the smallest rate is returned, whatever it costs.": (
                "rates[np.argmin(finite)]",
                "np.min(rates)",
            ),
            "the largest rate is returned, whatever it costs.": (
                "rates[np.argmin(finite)]",
                "np.max(rates)",
            ),
        },
    ),
}
