"""The same start with 64 learning rates, trained as one stack of networks."""

import math
from time import perf_counter

import numpy as np

from nnlib.live.simulation import DIVERGED
from nnlib.network import Layer, backward, cost, forward
from nnlib.optimizers import OPTIMIZERS

RATES = np.logspace(-2, 3, 64)


class Sweep:
    """Trains a stack of networks with the settings' start and data, one for each of `rates`.

    `costs[epoch]` (epochs + 1, 64) holds what is computed so far, inf where a network diverged.
    """

    rates = RATES

    def __init__(self, settings, X, y, *, epochs=500):
        self._network, self._X, self._y = settings.network(y.shape[1]), X, y
        one = settings.first_parameters(self._network)
        self._parameters = copies(one, len(self.rates))
        self._optimizer = OPTIMIZERS[settings.optimizer]
        self._states = self._optimizer.init(self._parameters)
        self.costs = np.full((epochs + 1, len(self.rates)), np.inf)
        self.epoch = -1

    @property
    def done(self):
        """Whether all epochs are computed."""
        return self.epoch == len(self.costs) - 1

    def advance(self, seconds=math.inf):
        """Compute for about so long."""
        until, rates = perf_counter() + seconds, self.rates.reshape(-1, 1, 1)
        with np.errstate(all="ignore"):
            while not self.done:
                trace = forward(self._network, self._parameters, self._X)
                J = cost(self._network, self._parameters, trace, self._y)
                self.epoch += 1
                self.costs[self.epoch] = np.where(J < DIVERGED, J, np.inf)
                gradients = backward(self._network, self._parameters, trace, self._y)
                self._parameters, self._states = self._optimizer.step(
                    self._parameters, gradients, self._states, rates
                )
                if perf_counter() >= until:
                    break


def copies(parameters, count):
    """Return a stack of so many networks with the same parameters."""
    return tuple(Layer(*(np.stack([array] * count) for array in layer)) for layer in parameters)
