"""The training loop and what it remembers. Notebook 05."""

import logging
import math
from dataclasses import dataclass

import numpy as np

from nnlib import _doors
from nnlib._progress import progress
from nnlib._workspace import Workspace
from nnlib.network import _forward, _targets, checked, inputs
from nnlib.optimizers import GradientDescent, rate

log = logging.getLogger("nnlib")


@dataclass(frozen=True)
class History:
    """`costs` (epochs + 1,), or (epochs + 1, K) for a stack: the cost after 0, 1, 2, … epochs.

    `snapshots`: {epoch: parameters}. `stopped`: None, or the sentence that says why training ended
    early. In a stack the cost of a network that diverged is inf from then on.
    """

    costs: np.ndarray
    snapshots: dict
    stopped: str | None = None


def train_neural_network(
    network, parameters, X, y, *, learning_rate, epochs,
    optimizer=GradientDescent(), batch_size=None, rng=None, snapshot_every=None,
):  # fmt: skip
    """New parameters after `epochs` passes over X (m, n1) and y (m, n), and the History.

    `learning_rate`: a number, or (K, 1, 1) for a stack. `batch_size`: samples an update, shuffled
    by `rng` each epoch; None takes all at once. `snapshot_every`: epochs between snapshots. When
    the cost is no longer finite, training stops, says so, and returns the last finite parameters.
    """
    parameters = checked(network, parameters)
    X = inputs(network, parameters, X)
    epochs = _doors.whole(epochs, "epochs", least=0)
    learning_rate = rate(learning_rate, parameters)
    if batch_size is not None:
        _doors.whole(batch_size, "batch_size", least=1)
        _doors.generator(rng)
    if snapshot_every is not None:
        _doors.whole(snapshot_every, "snapshot_every", least=1)
    costs = np.empty((epochs + 1, *parameters[0].W.shape[:-2]))
    any_finite = math.isfinite if costs.ndim == 1 else _any_finite
    snapshots, stopped = {}, None
    if isinstance(optimizer, type) or not hasattr(optimizer, "direction"):
        raise TypeError(f"optimizer must be an Optimizer such as Adam(); got {optimizer!r:.60}")

    with np.errstate(over="ignore", invalid="ignore"):
        y = _targets(network, _forward(network, parameters, X), y)
        work = Workspace(network, parameters, X, y)
        rates, state = work.spread(learning_rate), optimizer.begin(work.theta)
        last_finite = work.theta.copy()
        for epoch in progress(epochs + 1):
            cost = work.cost()
            if not any_finite(cost):
                if epoch == 0:
                    raise ValueError(
                        "the cost of the parameters at the start must be finite; got inf"
                    )
                stopped = _farewell(epoch, learning_rate)
                work.theta[:] = last_finite
                break
            costs[epoch] = cost
            if snapshot_every and epoch % snapshot_every == 0:
                snapshots[epoch] = work.parameters()
            if epoch == epochs:
                break
            last_finite[:] = work.theta
            for rows in _batches(X.shape[-2], batch_size, rng):
                work.differentiate(rows)
                state = work.step(optimizer, state, rates)
    costs = costs[:epoch] if stopped else costs
    return work.parameters(), History(
        np.where(np.isfinite(costs), costs, np.inf), snapshots, stopped
    )


def _any_finite(costs):
    return np.isfinite(costs).any()


def _batches(m, batch_size, rng):
    """The rows 0 … m − 1 in random order, cut into arrays of `batch_size` or, at the end, fewer.

    None for `batch_size` is one batch, None, that stands for all rows as they are.
    """
    if batch_size is None:
        return [None]
    order = rng.permutation(m)
    return [order[start : start + batch_size] for start in range(0, m, batch_size)]


def _farewell(epoch, learning_rate):
    sentence = (
        f"Training stopped after {epoch} epochs: the cost is no longer finite. "
        f"A smaller learning rate may help; it was {np.max(learning_rate):g}."
    )
    log.warning(sentence)
    return sentence
