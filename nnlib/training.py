"""The training loop and what it remembers. Notebook 05."""

import logging
import math
from dataclasses import dataclass

import numpy as np

from nnlib import _doors
from nnlib._progress import progress
from nnlib._workspace import Workspace
from nnlib.network import _forward, _targets, checked, inputs
from nnlib.optimizers import GradientDescent, Optimizer, rate

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
    the cost is no longer finite, training stops and says so. In a stack it goes on as long as one
    network's cost is finite. What is returned, and in snapshots, are each network's last parameters
    whose cost was finite. ValueError when there are none, because the start has no finite cost.
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
    all_finite = math.isfinite if costs.ndim == 1 else _all_finite
    snapshots, stopped = {}, None
    if not isinstance(optimizer, Optimizer):
        raise TypeError(f"optimizer must be an Optimizer such as Adam(); got {optimizer!r:.60}")

    with np.errstate(over="ignore", invalid="ignore"):
        y = _targets(network, _forward(network, parameters, X), y)
        work = Workspace(network, parameters, X, y)
        rates, state = work.spread(learning_rate), optimizer.begin(work.theta)
        kept = work.theta.copy()
        for epoch in progress(epochs):
            costs[epoch] = cost = work.cost()
            if all_finite(cost):
                kept[:] = work.theta
            elif (finite := np.isfinite(costs[epoch])).any():
                np.copyto(kept, work.theta, where=work.spread(finite.reshape(-1, 1, 1)) > 0)
            elif epoch == 0:
                raise ValueError("the cost of the parameters at the start must be finite; got inf")
            else:
                stopped, costs = _farewell(epoch, learning_rate), costs[:epoch]
                break
            if snapshot_every and epoch % snapshot_every == 0:
                snapshots[epoch] = work.parameters(kept)
            if epoch == epochs:
                break
            for rows in _batches(X.shape[-2], batch_size, rng):
                work.differentiate(rows)
                state = work.step(optimizer, state, rates)
    costs = np.where(np.isfinite(costs), costs, np.inf)
    return work.parameters(kept), History(costs, snapshots, stopped)


def _all_finite(costs):
    return np.isfinite(costs).all()


def _batches(m, batch_size, rng):
    """The rows 0 … m − 1 in random order, cut into arrays of `batch_size` or, at the end, fewer.

    A batch of all rows is None, which stands for them as they are.
    """
    if batch_size is None or batch_size >= m:
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
