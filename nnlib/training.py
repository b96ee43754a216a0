"""The training loop and what it records. Notebook 05."""

import logging
import math
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy import ndarray

from nnlib import _validation as validation
from nnlib._progress_bar import progress_bar
from nnlib.network import (
    Layer,
    Network,
    Parameters,
    backward,
    cost,
    forward,
    validate_inputs,
    validate_parameters,
    validate_targets,
)
from nnlib.optimizers import GradientDescent, Optimizer, validate_learning_rate

log = logging.getLogger("nnlib")


@dataclass(frozen=True)
class History:
    """`costs` (epochs + 1,), or (epochs + 1, K) for a stack: the cost after 0, 1, 2, … epochs.

    `snapshots`: {epoch: parameters}. `stopped`: None, or a sentence that says why training ended
    early. In a stack, the cost of a network that diverged is inf from then on.
    """

    costs: ndarray
    snapshots: dict[int, Parameters]
    stopped: str | None = None


def train_neural_network(
    network: Network,
    parameters: Parameters,
    X: ndarray,
    y: ndarray,
    *,
    learning_rate: float | ndarray,
    epochs: int,
    optimizer: Optimizer = GradientDescent(),
    batch_size: int | None = None,
    rng: np.random.Generator | None = None,
    snapshot_every: int | None = None,
) -> tuple[Parameters, History]:
    """Return the parameters after `epochs` passes over X (m, n1) and y (m, n), and the History.

    `learning_rate`: a number, or (K, 1, 1) for a stack. `batch_size`: samples per update, shuffled
    by `rng` each epoch; None uses all samples at once. `snapshot_every`: epochs between snapshots.
    When the cost is no longer finite, training stops and logs a warning; in a stack it continues
    while any network's cost is finite. The result and the snapshots are each network's last
    parameters with a finite cost. ValueError if the cost is not finite at the start. A UserWarning
    tells you when the targets lie outside the range of the output's activation.
    """
    parameters = validate_parameters(network, parameters)
    X = validate_inputs(network, parameters, X)
    learning_rate = validate_learning_rate(learning_rate, parameters)
    epochs = validation.as_int(epochs, "epochs", at_least=0)
    _validate_options(optimizer, batch_size, rng, snapshot_every)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        y = validate_targets(network, forward(network, parameters, X), y)
        _warn_of_unreachable_targets(network, y)
        options = learning_rate, epochs, optimizer, batch_size, rng, snapshot_every
        return _train(network, parameters, X, y, *options)


def _train(network, parameters, X, y, learning_rate, epochs, optimizer, batch_size, rng, every):
    """The loop of `train_neural_network`, on valid arguments; `every`: `snapshot_every`."""
    costs = np.full((epochs + 1, *parameters[0].W.shape[:-2]), np.inf)
    snapshots, stopped = {}, None
    last_finite, states = parameters, optimizer.init(parameters)
    for epoch in progress_bar(epochs):
        trace = forward(network, parameters, X)
        costs[epoch] = cost(network, parameters, trace, y)
        finite = _finite(costs[epoch], parameters, last_finite)
        if finite is None:
            stopped, costs = _divergence_message(epoch, learning_rate), costs[:epoch]
            break
        last_finite = finite
        if every and epoch % every == 0:
            snapshots[epoch] = last_finite
        if epoch == epochs:
            break
        for rows in batches(X.shape[-2], batch_size, rng):
            gradients = _gradients(network, parameters, trace, X, y, rows)
            parameters, states = optimizer.step(parameters, gradients, states, learning_rate)
    costs[~np.isfinite(costs)] = np.inf
    return last_finite, History(costs, snapshots, stopped)


def _gradients(network, parameters, trace, X, y, rows):
    """Return the gradients of a batch: of `rows`, or of all samples, whose trace is known."""
    if rows is None:
        return backward(network, parameters, trace, y)
    X, y = X.take(rows, axis=-2), y.take(rows, axis=-2)
    return backward(network, parameters, forward(network, parameters, X), y)


def batches(
    m: int, batch_size: int | None, rng: np.random.Generator | None
) -> Iterator[ndarray | None]:
    """Yield the row numbers 0 … m − 1 in random order, `batch_size` at a time.

    The last batch may be smaller. None stands for all rows, where one batch holds them all.
    """
    if batch_size is None or batch_size >= m:
        yield None
        return
    order = validation.as_generator(rng).permutation(m)
    for start in range(0, m, batch_size):
        yield order[start : start + batch_size]


def _validate_options(optimizer, batch_size, rng, snapshot_every):
    if not isinstance(optimizer, Optimizer):
        raise TypeError(f"optimizer must be an Optimizer such as Adam(); got {optimizer!r:.60}")
    if batch_size is not None:
        validation.as_int(batch_size, "batch_size", at_least=1)
        validation.as_generator(rng)
    if snapshot_every is not None:
        validation.as_int(snapshot_every, "snapshot_every", at_least=1)


def _warn_of_unreachable_targets(network, y):
    activation = network.activation(len(network.sizes))
    if y.min() < activation.low or y.max() > activation.high:
        warnings.warn(
            f"y goes from {y.min():g} to {y.max():g}, but a {network.output} output stays between "
            f"{activation.low:g} and {activation.high:g}, so it can never reach all of it. Scale "
            "y into that range, or use output='identity'.",
            stacklevel=3,
        )


def _finite(costs, parameters, last_finite):
    """Return each network's last parameters of finite cost, or None if no cost is finite now."""
    if costs.ndim == 0:
        return parameters if math.isfinite(costs) else None
    finite = np.isfinite(costs)
    if finite.all() or not finite.any():
        return parameters if finite.all() else None
    return tuple(
        Layer(*(np.where(finite.reshape(-1, 1, 1), *pair) for pair in zip(layer, old)))
        for layer, old in zip(parameters, last_finite)
    )


def _divergence_message(epoch, learning_rate):
    """Return and log why training stopped. ValueError if it never began."""
    if epoch == 0:
        raise ValueError("the cost of the parameters at the start must be finite; got inf")
    message = (
        f"Training stopped after {epoch} epochs: the cost is no longer finite. "
        f"A smaller learning rate may help; it was {np.max(learning_rate):g}."
    )
    log.warning(message)
    return message
