"""Ways to step downhill: plain gradient descent, momentum and Adam. Notebooks 05 and 08.

An optimizer is a frozen value with two pure methods: `start(parameters) -> state` and
`step(parameters, gradients, state, learning_rate) -> parameters, state`.
"""

from dataclasses import dataclass

import numpy as np

from nnlib import _doors
from nnlib.network import Layer


def update_parameters(parameters, gradients, learning_rate):
    """New parameters, each W − learning_rate · dW and b − learning_rate · db. Eq. 5.1.

    `learning_rate` is a number >= 0, or (K, 1, 1) for a stack of K networks. Nothing is edited.
    """
    learning_rate = rate(learning_rate, parameters)
    for k, ((W, b), (dW, db)) in enumerate(zip(parameters, gradients, strict=True), start=1):
        if np.shape(W) != np.shape(dW) or np.shape(b) != np.shape(db):
            raise ValueError(
                f"dW{k} and db{k} must have shapes {np.shape(W)} and {np.shape(b)}; "
                f"got {np.shape(dW)} and {np.shape(db)}"
            )
    return _descend(parameters, gradients, learning_rate)


def rate(learning_rate, parameters):
    """The learning rate as a float, or as (K, 1, 1) floats of the dtype of the parameters."""
    if np.ndim(learning_rate) == 0:
        return _doors.number(learning_rate, "learning_rate", least=0)
    W = parameters[0][0]
    rates = _doors.finite(learning_rate, "learning_rate")
    if W.ndim != 3 or rates.shape != (len(W), 1, 1):
        wanted = f"a number or have shape ({len(W)}, 1, 1)" if W.ndim == 3 else "a number"
        raise ValueError(f"learning_rate must be {wanted}; got shape {rates.shape}")
    if (rates < 0).any():
        raise ValueError(f"learning_rate must be >= 0; got {rates.min()}")
    return rates.astype(W.dtype)


def _descend(parameters, gradients, learning_rate):
    return tuple(
        Layer(W - learning_rate * dW, b - learning_rate * db)
        for (W, b), (dW, db) in zip(parameters, gradients)
    )


@dataclass(frozen=True)
class GradientDescent:
    """Against the gradient, `learning_rate` times its length."""

    def start(self, parameters):
        return None

    def step(self, parameters, gradients, state, learning_rate):
        return _descend(parameters, gradients, learning_rate), state


@dataclass(frozen=True)
class Momentum:
    """Along a velocity that keeps `beta` of itself and adds the gradient (Polyak 1964).

    v ← beta · v + dW, W ← W − learning_rate · v, as PyTorch's SGD counts it.
    """

    beta: float = 0.9

    def __post_init__(self):
        _doors.number(self.beta, "beta", least=0, below=1)

    def start(self, parameters):
        return _like(parameters)

    def step(self, parameters, gradients, state, learning_rate):
        velocity = tuple(
            Layer(self.beta * vW + dW, self.beta * vb + db)
            for (vW, vb), (dW, db) in zip(state, gradients)
        )
        return _descend(parameters, velocity, learning_rate), velocity


@dataclass(frozen=True)
class Adam:
    """Steps of about `learning_rate` in every weight (Kingma & Ba 2015, algorithm 1).

    Running means of the gradient and its square, both corrected for their start at 0:
    W ← W − learning_rate · m̂ / (√v̂ + epsilon).
    """

    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8

    def __post_init__(self):
        _doors.number(self.beta1, "beta1", least=0, below=1)
        _doors.number(self.beta2, "beta2", least=0, below=1)
        _doors.number(self.epsilon, "epsilon", above=0)

    def start(self, parameters):
        return 0, _like(parameters), _like(parameters)

    def step(self, parameters, gradients, state, learning_rate):
        t, means, squares = state
        t = t + 1
        means = _blend(self.beta1, means, gradients)
        squares = _blend(self.beta2, squares, [(dW * dW, db * db) for dW, db in gradients])
        direction = tuple(
            Layer(self._direction(mW, vW, t), self._direction(mb, vb, t))
            for (mW, mb), (vW, vb) in zip(means, squares)
        )
        return _descend(parameters, direction, learning_rate), (t, means, squares)

    def _direction(self, mean, square, t):
        mean_hat = mean / (1 - self.beta1**t)
        square_hat = square / (1 - self.beta2**t)
        return mean_hat / (np.sqrt(square_hat) + self.epsilon)


def _like(parameters):
    return tuple(Layer(np.zeros_like(W), np.zeros_like(b)) for W, b in parameters)


def _blend(beta, old, new):
    return tuple(
        Layer(beta * oW + (1 - beta) * nW, beta * ob + (1 - beta) * nb)
        for (oW, ob), (nW, nb) in zip(old, new)
    )
