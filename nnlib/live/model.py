"""A network in training that can be changed at any moment. It knows no widget."""

import math
from dataclasses import fields, replace
from itertools import pairwise
from time import perf_counter
from typing import NamedTuple

import numpy as np

from nnlib._workspace import Workspace
from nnlib.live.own import FunctionFailed, OwnFunctions
from nnlib.live.settings import OPTIMIZERS, Settings
from nnlib.network import Layer, Network, initialize_parameters
from nnlib.network import backward as _backward
from nnlib.network import cost as _cost
from nnlib.network import forward as _forward
from nnlib.training import batches as _batches

KEPT = 200  # moments that the history keeps at most, evenly spread
TOO_HIGH = 1e12  # a cost above it counts as diverged
RESTARTING = {
    "data", "samples", "noise", "test_share", "features", "activation", "cost", "seed",
}  # fmt: skip


class Moment(NamedTuple):
    """One epoch: costs (with the network's penalties), per cent right, and the parameters.

    nan stands for what there is not: test data, or the accuracy of a regression.
    """

    epoch: int
    cost: float
    test_cost: float
    accuracy: float
    test_accuracy: float
    network: Network
    parameters: tuple


class Simulation:
    """One network, its data, its optimizer and its history.

    `note`: what the last change did. `comparison`: of the learner's functions with nnlib's.
    `problem`: why training cannot go on, or None.
    """

    def __init__(self, settings=Settings(), forward=None, backward=None):  # noqa: B008 (frozen)
        self.settings = settings
        self.note, self.comparison = "", ""
        self.use(forward, backward)

    # -- changes ---------------------------------------------------------------------------------

    def use(self, forward=None, backward=None):
        """Train with these functions from the start again; None stands for nnlib's own."""
        self.own = OwnFunctions(forward, backward)
        self.restart("")
        self.comparison = self._attempt(self._compare) or ""

    def restart(self, note="Started again."):
        """Back to epoch 0, with the weights that the seed gives."""
        seed = self.settings.seed
        self.X_raw, self.X_test_raw, self.y, self.y_test = self.settings.samples_of_data()
        self.X, self.X_test = map(self.settings.inputs, (self.X_raw, self.X_test_raw))
        self.network = self.settings.network
        self._begin(initialize_parameters(self.network, np.random.default_rng([seed, 1])))
        self._rng = np.random.default_rng([seed, 2])
        self._restart_optimizer()
        self.epoch, self.stride = 0, 1
        self.history, self.marks = [], []
        self.problem = self._last_sane = None
        self.note = note
        self._updates = self._training()
        self._attempt(self._remember)

    def change(self, **wanted):
        """New settings. Training goes on where it can, and `note` says what happened."""
        old = self.settings
        new = replace(old, **wanted)
        changed = {f.name for f in fields(old) if getattr(old, f.name) != getattr(new, f.name)}
        if not changed:
            return
        self.settings = new
        what = ", ".join(f"{_said(name)} {_said(getattr(new, name))}" for name in sorted(changed))
        if changed & RESTARTING:
            self.restart(f"Started again with {what}.")
            self.comparison = self._attempt(self._compare) or ""
            return
        self.network = new.network
        if "hidden" in changed:
            self._resize()
        else:
            self._begin(self.parameters)
        if "optimizer" in changed:
            self._restart_optimizer()
        if changed - {"show_test", "discretize"}:
            self.note = f"From epoch {self.epoch:,} on: {what}."
            self.marks = [*self.marks, (self.epoch, what)][-20:]
        if "hidden" in changed and (self.own.arguments or self.problem):
            self.problem = None
            self.comparison = self._attempt(self._compare) or ""

    def set_weight(self, layer, row, column, value):
        """Set one weight of Layer `layer` (from 0); row −1 is the bias. ValueError if not there."""
        if (layer, row, column) not in weights(self.network.sizes):
            raise ValueError("that weight is no longer there")
        W, b = self._work.layers[layer]
        if row < 0:
            b[0, column] = value
        else:
            W[row, column] = value
        self.note = f"A weight is set to {value:g}."

    @property
    def parameters(self):
        """The weights and biases that are now, a tuple of Layers."""
        return self._work.parameters()

    def _begin(self, parameters):
        self._work = Workspace(self.network, parameters, self.X, self.y)

    def _resize(self):
        """Keep the weights of the neurons that stay; small new ones for those that join."""
        old, fresh = self._work, initialize_parameters(self.network, self._rng)
        self._begin(_fitted(old.layers, fresh))
        zeros = tuple(Layer(0 * W, 0 * b) for W, b in fresh)

        def fitted(memory):
            if isinstance(memory, tuple):
                return tuple(map(fitted, memory))
            if not isinstance(memory, np.ndarray):
                return memory
            result = np.zeros_like(self._work.theta)
            self._work.fill(result, _fitted(old.as_layers(memory), zeros))
            return result

        self._memory = fitted(self._memory)

    def _restart_optimizer(self):
        self._memory = OPTIMIZERS[self.settings.optimizer].init_state(self._work.theta)

    # -- training --------------------------------------------------------------------------------

    def train(self, *, epochs=math.inf, seconds=math.inf):
        """Train for so many epochs, or for about so many seconds; not while there is a problem."""
        end, until = self.epoch + epochs, perf_counter() + seconds
        with np.errstate(all="ignore"):
            while self.epoch < end and not self.problem:
                updated = None
                try:
                    updated = self._attempt(next, self._updates)
                finally:
                    if updated is None:  # an error or an interrupt has ended it
                        self._updates = self._training()
                if perf_counter() >= until:
                    break

    def _training(self):
        """Update after update for ever; the epoch counts up with the last of its batches."""
        while True:
            batches = list(_batches(len(self.X), self.settings.batch_size, self._rng))
            for k, rows in enumerate(batches, start=1):
                self._update(rows)
                if k == len(batches):
                    self.epoch += 1
                    if self.epoch % self.stride == 0:
                        self._remember()
                yield True

    def _update(self, rows):
        work = self._work
        if self.own.arguments:
            X, y = (self.X, self.y) if rows is None else (self.X[rows], self.y[rows])
            trace = self.forward(X)
            gradients = self.backward(trace, y)
            work.fill(work.gradient, gradients)
            if not np.isfinite(work.gradient).all():
                self.own.accuse(self.network, self.parameters, trace, gradients, y)
        else:
            if rows is None:
                work.forward()
            work.differentiate(rows)
        optimizer = OPTIMIZERS[self.settings.optimizer]
        self._memory = work.step(optimizer, self._memory, self.settings.learning_rate)

    def forward(self, X, moment=None):
        """The Trace of the inputs X now, or with the network of a Moment."""
        network, parameters = self._of(moment)
        if self.own.arguments and not self.problem:
            return self.own.forward(network, parameters, X)
        return _forward(network, parameters, X)

    def backward(self, trace, y, moment=None):
        """The Gradients now, or with the network of a Moment."""
        network, parameters = self._of(moment)
        if self.own.arguments and not self.problem:
            return self.own.backward(network, parameters, trace, y)
        return _backward(network, parameters, trace, y)

    def _of(self, moment):
        """The network and the parameters of a Moment; of now without one."""
        return moment[-2:] if moment else (self.network, self.parameters)

    def _attempt(self, function, *arguments, network=None):
        """What the function returns; where the learner's code fails, None and a `problem`.

        None it is too where the code fails on another `network` than that of now.
        """
        try:
            with np.errstate(all="ignore"):
                return function(*arguments)
        except FunctionFailed as failure:
            if network in (None, self.network):
                self.problem = str(failure)
            return None

    def _compare(self):
        rows = slice(0, 40)
        return self.own.compare(self.network, self.parameters, self.X[rows], self.y[rows])

    # -- measuring and remembering ---------------------------------------------------------------

    def see(self, X, moment=None):
        """As `forward`; where the learner's fails, nnlib's stands in and there is a problem."""
        network, parameters = self._of(moment)
        trace = self._attempt(self.forward, X, moment, network=network)
        return trace or _forward(network, parameters, X)

    def slopes(self, trace, y, moment=None):
        """As `backward`, with nnlib's standing in likewise."""
        network, parameters = self._of(moment)
        gradients = self._attempt(self.backward, trace, y, moment, network=network)
        return gradients or _backward(network, parameters, trace, y)

    def measure(self):
        """The Moment that is now. A cost that is no longer finite ends the training."""
        cost, accuracy = self._score(self.X, self.y)
        test_cost, test_accuracy = self._score(self.X_test, self.y_test)
        if not cost < TOO_HIGH:
            return self._diverged()
        return Moment(
            self.epoch, cost, test_cost, accuracy, test_accuracy, self.network, self.parameters
        )

    def _score(self, X, y):
        """The cost and the accuracy on these samples."""
        if not len(X):
            return math.nan, math.nan
        with np.errstate(all="ignore"):
            trace = self.see(X)
            cost = float(_cost(self.network, self.parameters, trace, y))
        if self.settings.problem != "classification":
            return cost, math.nan
        return cost, 100 * float(((trace.y_hat > 0.5) == y).mean())

    def _diverged(self):
        with np.errstate(all="ignore"):
            trace = _forward(self.network, self.parameters, self.X)
            by_nnlib = _cost(self.network, self.parameters, trace, self.y)
        if by_nnlib < TOO_HIGH:
            self.problem = (
                f"Your forward returns numbers that are not finite, or far too large, after "
                f"{self.epoch:,} epochs. Look at what it returns as y_hat."
            )
        else:
            rate = f"{self.settings.learning_rate:g}"
            self.problem = (
                f"Diverged after {self.epoch:,} epochs: the cost is no longer finite. The learning "
                f"rate {rate} is too high; choose a smaller one, then Reset."
            )
        nothing = TOO_HIGH, *(math.nan,) * 3
        last = self._last_sane or Moment(self.epoch, *nothing, self.network, self.parameters)
        self.epoch = last.epoch
        fresh = initialize_parameters(self.network, self._rng)  # for neurons that joined since
        self._work.fill(self._work.theta, _fitted(last.parameters, fresh))
        return last._replace(network=self.network, parameters=self.parameters)

    def _remember(self):
        """Add a Moment to the history. When it is full, every second one goes."""
        moment = self.measure()
        if self.problem and self.history:
            return
        self._last_sane = moment
        self.history.append(moment)
        if len(self.history) > KEPT:
            self.stride *= 2
            self.history = [m for m in self.history if m.epoch % self.stride == 0]


class Sweep:
    """The same start with 64 learning rates, trained as one stack, epoch by epoch."""

    rates = np.logspace(-3, 1, 64)

    def __init__(self, settings, X, y, *, epochs=500):
        network = settings.network
        one = initialize_parameters(network, np.random.default_rng([settings.seed, 1]))
        self._work = Workspace(network, copies(one, len(self.rates)), X, y)
        self._optimizer = OPTIMIZERS[settings.optimizer]
        self._memory = self._optimizer.init_state(self._work.theta)
        self._rates = self._work.spread(self.rates.reshape(-1, 1, 1))
        self.costs = np.full((epochs + 1, len(self.rates)), np.inf)
        self.epoch = -1

    @property
    def done(self):
        """Whether all epochs are computed."""
        return self.epoch == len(self.costs) - 1

    def advance(self, seconds=math.inf):
        """Compute for about so long. `costs[epoch]` holds the 64 costs; inf where one diverged."""
        until, work = perf_counter() + seconds, self._work
        with np.errstate(all="ignore"):
            while not self.done:
                cost = work.cost()
                self.epoch += 1
                self.costs[self.epoch] = np.where(cost < TOO_HIGH, cost, np.inf)
                work.differentiate()
                self._memory = work.step(self._optimizer, self._memory, self._rates)
                if perf_counter() >= until:
                    break


def copies(parameters, count):
    """A stack of so many networks with the same parameters."""
    return tuple(Layer(*(np.stack([array] * count) for array in layer)) for layer in parameters)


def neurons(sizes):
    """(layer, neuron) of every neuron, the inputs too."""
    return [(k, i) for k, n in enumerate(sizes) for i in range(n)]


def weights(sizes):
    """(layer, row, column) of every weight; row −1 is the bias."""
    pairs = enumerate(pairwise(sizes))
    return [(k, i, j) for k, (rows, n) in pairs for j in range(n) for i in [*range(rows), -1]]


def _fitted(old, fresh):
    """`fresh` layers with the numbers of `old` where a neuron stays; new ones beside it are small.

    Hidden layers keep their place from the input on, the output layer stays the last.
    """
    partner = {k: k for k in range(min(len(old), len(fresh)) - 1)} | {len(fresh) - 1: len(old) - 1}
    layers = []
    for k, new in enumerate(fresh):
        if k in partner:
            new = Layer(*(_overlaid(a, b) for a, b in zip(old[partner[k]], new)))
        layers.append(new)
    return tuple(layers)


def _overlaid(old, new):
    kept = tuple(slice(0, min(sizes)) for sizes in zip(old.shape, new.shape))
    result = 0.1 * new
    result[kept] = old[kept]
    return result


def _said(value):
    """A name or value of a setting in words."""
    if isinstance(value, tuple):
        return " × ".join(map(str, value)) or "none"
    if isinstance(value, float):
        return f"{value:g}"
    return "all" if value is None else str(value).replace("_", " ")
