"""Ways to step downhill: plain gradient descent, momentum and Adam. Notebooks 05 and 08.

An Optimizer is a frozen value with two pure methods on arrays of any shape, `begin(w) -> state` and
`direction(dw, state) -> direction, state`. `start` and `step` do the same for all parameters of a
network, plainly; training uses the two on one long array, and is tested against the plain form.
"""

from dataclasses import dataclass

import numpy as np

from nnlib import _doors
from nnlib.network import Layer


def update_parameters(parameters, gradients, learning_rate):
    """New parameters, each W − learning_rate · dW and b − learning_rate · db. Eq. 5.1.

    `learning_rate` is a number >= 0, or (K, 1, 1) for a stack of K networks. Nothing is edited.
    """
    parameters = _doors.pairs(parameters, "parameters", ("W", "b"))
    gradients = _doors.pairs(gradients, "gradients", ("dW", "db"))
    if len(gradients) != len(parameters):
        wanted = f"{len(parameters)}, one pair for each of parameters"
        raise ValueError(f"gradients must have length {wanted}; got {len(gradients)}")
    for k, ((W, b), (dW, db)) in enumerate(zip(parameters, gradients), start=1):
        if W.shape != dW.shape or b.shape != db.shape:
            wanted = f"the shapes of W{k} and b{k}, {W.shape} and {b.shape}"
            raise ValueError(f"dW{k} and db{k} must have {wanted}; got {dW.shape} and {db.shape}")
    learning_rate = rate(learning_rate, parameters)
    with np.errstate(over="ignore", invalid="ignore"):
        new = _descend(parameters, gradients, learning_rate)
    for k, (W, b) in enumerate(new, start=1):
        for name, array in ((f"W{k}", W), (f"b{k}", b)):
            _doors.in_range(array, f"the new {name}", "choose a smaller learning_rate")
    return new


def rate(learning_rate, parameters):
    """The learning rate as a float, or as (K, 1, 1) floats of the dtype of the parameters."""
    if not (isinstance(learning_rate, (list, tuple)) or np.ndim(learning_rate)):
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


class Optimizer:
    """A way to choose the step: every weight goes −learning_rate times its `direction`.

    A kind of its own is a frozen value with two pure methods on arrays of any shape. Training fills
    the arrays w and dw anew for each step: what remembers their numbers keeps a copy.
    """

    def begin(self, w):
        """What `direction` remembers of the weights w before the first step."""
        raise NotImplementedError

    def direction(self, dw, state):
        """Where to go, from the gradient dw and what is remembered; and what to remember next."""
        raise NotImplementedError

    def start(self, parameters):
        """What to remember of all parameters: a tuple of Layers of the `begin` of each array."""
        return tuple(Layer(self.begin(W), self.begin(b)) for W, b in parameters)

    def step(self, parameters, gradients, state, learning_rate):
        """New parameters, and what to remember next. Nothing is edited."""
        parameters_new, state_new = [], []
        for layer, slopes, memory in zip(parameters, gradients, state):
            pairs = [self.direction(dw, old) for dw, old in zip(slopes, memory)]
            steps = [w - learning_rate * way for w, (way, _) in zip(layer, pairs)]
            parameters_new.append(Layer(*steps))
            state_new.append(Layer(*(new for _, new in pairs)))
        return tuple(parameters_new), tuple(state_new)


@dataclass(frozen=True)
class GradientDescent(Optimizer):
    """Against the gradient, `learning_rate` times its length."""

    def begin(self, w):
        return None

    def direction(self, dw, state):
        return dw, None


@dataclass(frozen=True)
class Momentum(Optimizer):
    """Along a velocity that keeps `beta` of itself and adds the gradient (Polyak 1964).

    v ← beta · v + dW, W ← W − learning_rate · v, as PyTorch's SGD counts it.
    """

    beta: float = 0.9

    def __post_init__(self):
        object.__setattr__(self, "beta", _doors.number(self.beta, "beta", least=0, below=1))

    def begin(self, w):
        return np.zeros_like(w)

    def direction(self, dw, velocity):
        velocity = self.beta * velocity + dw
        return velocity, velocity


@dataclass(frozen=True)
class Adam(Optimizer):
    """Steps of about `learning_rate` in every weight (Kingma & Ba 2015, algorithm 1).

    Running means of the gradient and its square, both corrected for their start at 0:
    W ← W − learning_rate · m̂ / (√v̂ + epsilon).
    """

    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8

    def __post_init__(self):
        checked = {
            "beta1": _doors.number(self.beta1, "beta1", least=0, below=1),
            "beta2": _doors.number(self.beta2, "beta2", least=0, below=1),
            "epsilon": _doors.number(self.epsilon, "epsilon", above=0),
        }
        for name, value in checked.items():
            object.__setattr__(self, name, value)

    def begin(self, w):
        return np.zeros_like(w), np.zeros_like(w), 0

    def direction(self, dw, state):
        mean, square, t = state
        t = t + 1
        mean = self.beta1 * mean + (1 - self.beta1) * dw
        square = self.beta2 * square + (1 - self.beta2) * (dw * dw)
        mean_hat = mean / (1 - self.beta1**t)
        square_hat = square / (1 - self.beta2**t)
        epsilon = max(self.epsilon, float(np.finfo(dw.dtype).tiny))  # 1e-8 is 0 in float16
        return mean_hat / (np.sqrt(square_hat) + epsilon), (mean, square, t)
