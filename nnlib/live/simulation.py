"""A network in training that can be changed at any moment. It knows no widgets."""

import math
from dataclasses import fields, replace
from itertools import pairwise
from operator import is_
from time import perf_counter
from typing import NamedTuple

import numpy as np

from nnlib.data import Dataset
from nnlib.live.learner import FunctionFailed, LearnerFunctions
from nnlib.live.settings import CONTROLS, Settings
from nnlib.live.texts import name_of, say
from nnlib.network import Layer, Network, Parameters, backward, cost, forward, to_classes
from nnlib.optimizers import OPTIMIZERS
from nnlib.training import batches

DENSE = 128  # epochs that the history keeps one by one; from there on 64 for each doubling
DIVERGED = 1e12  # a cost above it counts as diverged
MAX_MARKS = 20  # changes that the curve shows
MAX_COMPARED = 40  # samples on which the learner's functions are compared with nnlib's


class Moment(NamedTuple):
    """One epoch: costs (with the network's penalties), per cent right, and the parameters.

    nan where there is no test data, or no accuracy because it is a regression.
    """

    epoch: int
    cost: float
    test_cost: float
    accuracy: float
    test_accuracy: float
    network: Network
    parameters: Parameters


class Simulation:
    """One network, its data, its optimizer and its history.

    `note`: what the last change did. `comparison`: of the learner's functions with nnlib's.
    `problem`: why training can't go on, or None. `by_hand`: what has happened since the start that
    the line of Python can't say.
    """

    def __init__(self, settings=Settings(), forward=None, backward=None):  # noqa: B008 (frozen)
        self.settings = settings
        self.kept = self._before = self._measured = None
        self.use(forward, backward)

    # -- changes ---------------------------------------------------------------------------------

    def use(self, forward=None, backward=None):
        """Start again with these functions; None means nnlib's own."""
        self.learner = LearnerFunctions(forward, backward)
        self.restart("")

    def restart(self, note=None):
        """Go back to epoch 0, with the weights that the seed gives."""
        settings = self.settings
        self.X_raw, self.X_test_raw, y, self.y_test = settings.make_data()
        self._generated = self.X_raw, y
        self.X_raw, self.y = settings.with_points(self.X_raw, y)
        self.X, self.X_test = map(settings.inputs, (self.X_raw, self.X_test_raw))
        self.network = settings.network(self.y.shape[1])
        self.parameters = settings.first_parameters(self.network)
        self._rng = np.random.default_rng([settings.seed, 2])
        self._states = self._optimizer.init(self.parameters)
        self.epoch, self.history, self.marks, self.by_hand = 0, [], [], []
        self.problem = self._last_finite = None
        self.comparison = ""
        self.note = say("restarted") if note is None else note
        self._updates = self._training()
        self._attempt(self._remember)
        self.comparison = self._attempt(self._compare) or ""

    def change(self, *, restart=False, **changes):
        """Change settings. Training goes on where it can, unless a `restart` is asked for.

        `note` says what happened.
        """
        old, new = self.settings, replace(self.settings, **changes)
        if new.data != old.data and "points" not in changes:
            new = replace(new, points=())  # they were drawn on the other data
        changed = {f.name for f in fields(old) if getattr(old, f.name) != getattr(new, f.name)}
        if not (changed or restart):
            return
        _, y = new.with_points(*new.make_data()[::2] if "data" in changed else self._generated)
        named = [name for name in sorted(changed) if not CONTROLS[name].shown]
        what = ", ".join(f"{name_of(name)} {_as_words(getattr(new, name))}" for name in named)
        restarts = restart or y.shape[1] != self.y.shape[1]
        restarts |= any(CONTROLS[name].restarts for name in changed)
        if restarts:
            self._keep_for_undo()
        self.settings = new
        if restarts:
            self.restart(say("restarted_with", what=what))
            return
        if "points" in changed:
            self.X_raw, self.y = new.with_points(*self._generated)
            self.X = new.inputs(self.X_raw)
            self._updates = self._training()
        self.network = new.network(self.y.shape[1])
        if "hidden" in changed:
            self._resize()
        if "optimizer" in changed:
            self._states = self._optimizer.init(self.parameters)
        if named:
            self.note = say("changed", epoch=self.epoch, what=what)
            self.marks = [*self.marks, (self.epoch, what)][-MAX_MARKS:]
            if self.epoch:
                self.by_hand = [*self.by_hand, say("changed_at", epoch=self.epoch, what=what)]
        if "hidden" in changed and (self.learner.arguments or self.problem):
            self.problem = None
            self.comparison = self._attempt(self._compare) or ""

    def set_weight(self, layer, row, column, value):
        """Set one weight of Layer `layer` (from 0); row −1 is the bias. ValueError if not there."""
        if (layer, row, column) not in weights(self.network.sizes):
            raise ValueError(say("no_such_weight"))
        W, b = (part.copy() for part in self.parameters[layer])
        if row < 0:
            b[0, column] = value
        else:
            W[row, column] = value
        layers = list(self.parameters)
        layers[layer] = Layer(W, b)
        self.parameters = tuple(layers)
        name = weight_name(layer, row, column)
        self.note = say("weight_set", name=name, value=f"{value:.4g}")
        self.by_hand = [*self.by_hand, say("weight_set_at", name=name, epoch=self.epoch)][-99:]

    def set_parameters(self, network, parameters):
        """Go on from these parameters; ValueError if their network is another one."""
        mine = self.network
        if (network.sizes, network.hidden, network.output) != (
            mine.sizes,
            mine.hidden,
            mine.output,
        ):
            raise ValueError(say("other_network", theirs=network.sizes, mine=mine.sizes))
        self.parameters = parameters
        self._states = self._optimizer.init(parameters)
        self.note = say("loaded")
        self.by_hand = [*self.by_hand, self.note]

    def rewind(self, moment):
        """Go on from an earlier Moment of the history."""
        self._keep_for_undo()
        self.history = [past for past in self.history if past.epoch <= moment.epoch]
        self.marks = [mark for mark in self.marks if mark[0] <= moment.epoch]
        self.epoch, self.parameters, self.problem = moment.epoch, moment.parameters, None
        hidden = moment.network.sizes[1:-1]
        self.settings = replace(self.settings, hidden=hidden)
        self.network = self.settings.network(self.y.shape[1])
        self._states = self._optimizer.init(self.parameters)
        self._updates = self._training()
        self.note = say("rewound", epoch=moment.epoch)
        self.by_hand = [*self.by_hand, self.note]

    def reset(self):
        """Go back to epoch 0 as the learner asks for it: it can be undone."""
        self._keep_for_undo()
        self.restart()

    def keep(self):
        """Keep the run so far, to compare the next one with it; nothing kept before stays."""
        self.kept = tuple(self.history)

    def undo(self):
        """Take back the last restart. ValueError if there was none."""
        if self._before is None:
            raise ValueError(say("nothing_to_undo"))
        kept = self.kept
        self.__dict__.update(self._before)
        self.kept, self._before = kept, None
        self._updates = self._training()
        self.note = say("undone")

    @property
    def can_undo(self):
        """Whether there is a restart to take back."""
        return self._before is not None

    def _keep_for_undo(self):
        self._before = {k: v for k, v in self.__dict__.items() if k not in ("_before", "_updates")}

    @property
    def _optimizer(self):
        return OPTIMIZERS[self.settings.optimizer]

    def _resize(self):
        """Keep the weights of the neurons that stay; those that join start small."""
        fresh = self.settings.first_parameters(self.network, self._rng)
        small = tuple(Layer(0.1 * W, b) for W, b in fresh)
        self.parameters = _fit(self.parameters, small)
        self._states = _fit(self._states, self._optimizer.init(fresh))
        self._updates = self._training()

    # -- training --------------------------------------------------------------------------------

    def train(self, *, epochs=math.inf, seconds=math.inf):
        """Train for so many epochs or about so many seconds, but not while there is a problem."""
        end, until = self.epoch + epochs, perf_counter() + seconds
        with np.errstate(all="ignore"):
            while self.epoch < end and not self.problem:
                updated = None
                try:
                    updated = self._attempt(next, self._updates)
                finally:
                    if updated is None:  # an error or an interrupt has ended the generator
                        self._updates = self._training()
                if perf_counter() >= until:
                    break

    def _training(self):
        """Update forever, one batch at a time; the epoch counts up with the last of its batches."""
        while True:
            rows_of_batches = list(batches(len(self.X), self.settings.batch_size, self._rng))
            for k, rows in enumerate(rows_of_batches, start=1):
                self._update(rows)
                if k == len(rows_of_batches):
                    self.epoch += 1
                    if is_kept(self.epoch):
                        self._remember()
                yield True

    def _update(self, rows):
        X, y = (self.X, self.y) if rows is None else (self.X[rows], self.y[rows])
        trace = self.forward(X)
        gradients = self.backward(trace, y)
        if self.learner.arguments and not _all_finite(gradients):
            self.learner.raise_if_at_fault(self.network, self.parameters, trace, gradients, y)
        self.parameters, self._states = self._optimizer.step(
            self.parameters, gradients, self._states, self.settings.learning_rate
        )

    def forward(self, X, moment=None):
        """Return the Trace of the inputs X now, or with the network of a Moment."""
        network, parameters = self._network_of(moment)
        if self.learner.arguments and not self.problem:
            return self.learner.forward(network, parameters, X)
        return forward(network, parameters, X)

    def backward(self, trace, y, moment=None):
        """Return the Gradients now, or with the network of a Moment."""
        network, parameters = self._network_of(moment)
        if self.learner.arguments and not self.problem:
            return self.learner.backward(network, parameters, trace, y)
        return backward(network, parameters, trace, y)

    def _network_of(self, moment):
        return moment[-2:] if moment else (self.network, self.parameters)

    def _attempt(self, function, *arguments, network=None):
        """Return what the function does; where the learner's code fails, None, and set `problem`.

        There is no problem where the code fails on a `network` other than the present one.
        """
        try:
            with np.errstate(all="ignore"):
                return function(*arguments)
        except FunctionFailed as failure:
            if network in (None, self.network):
                self.problem = str(failure)
            return None

    def _compare(self):
        rows = slice(0, MAX_COMPARED)
        return self.learner.compare(self.network, self.parameters, self.X[rows], self.y[rows])

    # -- measuring and remembering ---------------------------------------------------------------

    def safe_forward(self, X, moment=None):
        """Return `forward`'s Trace; if the learner's fails, nnlib's, and there is a problem."""
        network, parameters = self._network_of(moment)
        trace = self._attempt(self.forward, X, moment, network=network)
        return trace or forward(network, parameters, X)

    def safe_backward(self, trace, y, moment=None):
        """Return `backward`'s Gradients; if the learner's fails, nnlib's."""
        network, parameters = self._network_of(moment)
        gradients = self._attempt(self.backward, trace, y, moment, network=network)
        return gradients or backward(network, parameters, trace, y)

    def measure(self):
        """Return the present Moment. A cost that is no longer finite ends the training."""
        state = self.epoch, self.problem, self.network, self.parameters, self.X
        if self._measured is None or not all(map(is_, state, self._measured[0])):
            self._measured = state, self._measure()
        return self._measured[1]

    def _measure(self):
        cost_now, accuracy = self._score(self.X, self.y)
        test_cost, test_accuracy = self._score(self.X_test, self.y_test)
        if not cost_now < DIVERGED:
            return self._diverged()
        return Moment(
            self.epoch, cost_now, test_cost, accuracy, test_accuracy, self.network, self.parameters
        )

    def _score(self, X, y):
        """Return the cost and the accuracy on these samples."""
        if not len(X):
            return math.nan, math.nan
        with np.errstate(all="ignore"):
            trace = self.safe_forward(X)
            J = float(cost(self.network, self.parameters, trace, y))
        if self.settings.problem != "classification":
            return J, math.nan
        right = (to_classes(self.network, trace.y_hat) == y).all(axis=1)
        return J, 100 * float(right.mean())

    def _diverged(self):
        with np.errstate(all="ignore"):
            trace = forward(self.network, self.parameters, self.X)
            by_nnlib = cost(self.network, self.parameters, trace, self.y)
        rate = f"{self.settings.learning_rate:g}"
        key = "forward_not_finite" if by_nnlib < DIVERGED else "diverged"
        self.problem = say(key, epoch=self.epoch, rate=rate)
        nothing = DIVERGED, *(math.nan,) * 3
        last = self._last_finite or Moment(self.epoch, *nothing, self.network, self.parameters)
        self.epoch = last.epoch
        fresh = self.settings.first_parameters(self.network, self._rng)
        self.parameters = _fit(last.parameters, tuple(Layer(0.1 * W, b) for W, b in fresh))
        return last._replace(network=self.network, parameters=self.parameters)

    def _remember(self):
        moment = self.measure()
        if self.problem and self.history:
            return
        self._last_finite = moment
        self.history.append(moment)


def is_kept(epoch):
    """Return whether the history keeps this epoch: all at first, then 64 for each doubling."""
    return epoch % (1 << (epoch // DENSE).bit_length()) == 0


def neurons(sizes):
    """Return (layer, neuron) of every neuron, the inputs too."""
    return [(k, i) for k, n in enumerate(sizes) for i in range(n)]


def weights(sizes):
    """Return (layer, row, column) of every weight; row −1 is the bias."""
    pairs = enumerate(pairwise(sizes))
    return [(k, i, j) for k, (rows, n) in pairs for j in range(n) for i in [*range(rows), -1]]


def weight_name(layer, row, column):
    """Return a weight's name in the notation: W1[0, 2], or b1[0, 2]."""
    return f"b{layer + 1}[0, {column}]" if row < 0 else f"W{layer + 1}[{row}, {column}]"


def _all_finite(gradients):
    return all(np.isfinite(part).all() for gradient in gradients for part in gradient)


def _fit(old, fresh):
    """Return `fresh` layers (or states of them) with the old numbers where a neuron stays.

    Hidden layers keep their place from the input on; the output layer stays the last.
    """
    partner = {k: k for k in range(min(len(old), len(fresh)) - 1)} | {len(fresh) - 1: len(old) - 1}
    return tuple(
        Layer(*map(_overlay, old[partner[k]], new)) if k in partner else new
        for k, new in enumerate(fresh)
    )


def _overlay(old, new):
    """Return `new` with the numbers of `old` where both have a place; also inside tuples."""
    if isinstance(new, tuple):
        return tuple(map(_overlay, old, new))
    if not isinstance(new, np.ndarray):
        return old
    result = new.copy()
    kept = tuple(slice(0, min(sizes)) for sizes in zip(old.shape, new.shape))
    result[kept] = old[kept]
    return result


def _as_words(value):
    """Return the value of a setting in words."""
    if isinstance(value, Dataset):
        return say("own_data")
    if isinstance(value, tuple):
        if value and isinstance(value[0], tuple):
            return str(len(value))
        numbers = all(isinstance(part, int) for part in value)
        return ("–" if numbers else " and ").join(map(name_of, value)) or say("none")
    if isinstance(value, float):
        return f"{value:g}"
    return say("all") if value is None else name_of(value)
