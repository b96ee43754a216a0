"""Ways to step downhill: gradient descent, momentum, RMSProp and Adam. Notebooks 05 and 08.

An Optimizer is a frozen value with two pure methods on arrays of any shape, `init_state(w)` and
`direction(dw, state)`. `init` and `step` apply them to all parameters of a network. To add one,
write the class and one entry in OPTIMIZERS; training and the playground find it there.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy import ndarray

from nnlib import _validation as validation
from nnlib.network import Gradient, Gradients, Layer, Parameters


def update_parameters(
    parameters: Parameters, gradients: Gradients, learning_rate: float | ndarray
) -> Parameters:
    """Return new parameters, each W − learning_rate · dW and b − learning_rate · db. Eq. 5.1.

    `learning_rate` is a number >= 0, or (K, 1, 1) for a stack of K networks. Nothing is edited.
    """
    parameters = validation.as_pairs(parameters, "parameters", ("W", "b"))
    gradients = validation.as_pairs(gradients, "gradients", ("dW", "db"), like=parameters)
    learning_rate = validate_learning_rate(learning_rate, parameters)
    with np.errstate(over="ignore", invalid="ignore"):
        updated = descend(parameters, gradients, learning_rate)
    for k, (W, b) in enumerate(updated, start=1):
        for name, array in ((f"W{k}", W), (f"b{k}", b)):
            validation.check_overflow(array, f"the new {name}", "choose a smaller learning_rate")
    return updated


def descend(
    parameters: Parameters, directions: Gradients, learning_rate: float | ndarray
) -> Parameters:
    """Return the parameters after one step against `directions`. Validates nothing."""
    return tuple(
        Layer(W - learning_rate * dW, b - learning_rate * db)
        for (W, b), (dW, db) in zip(parameters, directions)
    )


def validate_learning_rate(
    learning_rate: float | ndarray, parameters: Parameters
) -> float | ndarray:
    """Return the learning rate as a float, or as (K, 1, 1) floats for a stack of K networks."""
    if not (isinstance(learning_rate, (list, tuple)) or np.ndim(learning_rate)):
        return validation.as_float(learning_rate, "learning_rate", at_least=0)
    W = parameters[0][0]
    rates = validation.as_finite(learning_rate, "learning_rate")
    if W.ndim != 3 or rates.shape != (len(W), 1, 1):
        expected = f"a number or have shape ({len(W)}, 1, 1)" if W.ndim == 3 else "a number"
        raise ValueError(f"learning_rate must be {expected}; got shape {rates.shape}")
    if (rates < 0).any():
        raise ValueError(f"learning_rate must be >= 0; got {rates.min()}")
    return rates.astype(W.dtype)


class Optimizer:
    """A rule for the step: each parameter moves by −learning_rate times its `direction`."""

    def init_state(self, w: ndarray) -> Any:
        """Return what `direction` needs to remember about the array `w` before the first step."""
        raise NotImplementedError

    def direction(self, dw: ndarray, state: Any) -> tuple[ndarray, Any]:
        """Return the direction for the gradient `dw`, in its shape, and the next state."""
        raise NotImplementedError

    def init(self, parameters: Parameters) -> tuple:
        """Return the states of all parameters: a tuple of Layers of `init_state`."""
        return tuple(Layer(self.init_state(W), self.init_state(b)) for W, b in parameters)

    def step(
        self,
        parameters: Parameters,
        gradients: Gradients,
        states: tuple,
        learning_rate: float | ndarray,
    ) -> tuple[Parameters, tuple]:
        """Return new parameters and new states. Nothing is edited or validated."""
        directions, new_states = [], []
        for (dW, db), (state_W, state_b) in zip(gradients, states):
            (dW, state_W), (db, state_b) = self.direction(dW, state_W), self.direction(db, state_b)
            directions.append(Gradient(dW, db))
            new_states.append(Layer(state_W, state_b))
        return descend(parameters, tuple(directions), learning_rate), tuple(new_states)


@dataclass(frozen=True)
class GradientDescent(Optimizer):
    """Against the gradient: W ← W − learning_rate · dW."""

    def init_state(self, w: ndarray) -> None:
        return None

    def direction(self, dw: ndarray, state: None) -> tuple[ndarray, None]:
        return dw, None

    def step(
        self,
        parameters: Parameters,
        gradients: Gradients,
        states: tuple,
        learning_rate: float | ndarray,
    ) -> tuple[Parameters, tuple]:
        return descend(parameters, gradients, learning_rate), states


@dataclass(frozen=True)
class Momentum(Optimizer):
    """Along a velocity that keeps `beta` of itself and adds the gradient (Polyak 1964).

    v ← beta · v + dW, W ← W − learning_rate · v, as in PyTorch's SGD.
    """

    beta: float = 0.9

    def __post_init__(self) -> None:
        _validate_fraction(self, "beta")

    def init_state(self, w: ndarray) -> ndarray:
        return np.zeros_like(w)

    def direction(self, dw: ndarray, state: ndarray) -> tuple[ndarray, np.ndarray]:
        velocity = self.beta * state + dw
        return velocity, velocity


@dataclass(frozen=True)
class RMSProp(Optimizer):
    """Each gradient divided by its recent size (Tieleman & Hinton 2012).

    s ← beta · s + (1 − beta) · dW², W ← W − learning_rate · dW / (√s + epsilon), as in PyTorch.
    """

    beta: float = 0.99
    epsilon: float = 1e-8

    def __post_init__(self) -> None:
        _validate_fraction(self, "beta")
        _validate_epsilon(self)

    def init_state(self, w: ndarray) -> ndarray:
        return np.zeros_like(w)

    def direction(self, dw: ndarray, state: ndarray) -> tuple[ndarray, np.ndarray]:
        square = self.beta * state + (1 - self.beta) * (dw * dw)
        return dw / (np.sqrt(square) + _nonzero(self.epsilon, dw.dtype)), square


@dataclass(frozen=True)
class Adam(Optimizer):
    """Steps of about `learning_rate` in every parameter (Kingma & Ba 2015, algorithm 1).

    Running means of the gradient and of its square, both corrected for their start at 0:
    W ← W − learning_rate · m̂ / (√v̂ + epsilon).
    """

    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8

    def __post_init__(self) -> None:
        _validate_fraction(self, "beta1")
        _validate_fraction(self, "beta2")
        _validate_epsilon(self)

    def init_state(self, w: ndarray) -> tuple[ndarray, np.ndarray, int]:
        return np.zeros_like(w), np.zeros_like(w), 0

    def direction(self, dw: ndarray, state: tuple) -> tuple[ndarray, tuple]:
        mean, square, t = state
        t = t + 1
        mean = self.beta1 * mean + (1 - self.beta1) * dw
        square = self.beta2 * square + (1 - self.beta2) * (dw * dw)
        mean_hat = mean / (1 - self.beta1**t)
        square_hat = square / (1 - self.beta2**t)
        step = mean_hat / (np.sqrt(square_hat) + _nonzero(self.epsilon, dw.dtype))
        return step, (mean, square, t)


def _validate_fraction(optimizer, name):
    value = validation.as_float(getattr(optimizer, name), name, at_least=0, below=1)
    object.__setattr__(optimizer, name, value)


def _validate_epsilon(optimizer):
    value = validation.as_float(optimizer.epsilon, "epsilon", above=0)
    object.__setattr__(optimizer, "epsilon", value)


def _nonzero(epsilon, dtype):
    """Epsilon as a float of that type that is not 0: in float16, 1e-8 would be."""
    return max(epsilon, float(np.finfo(dtype).tiny))


OPTIMIZERS = {
    "gradient descent": GradientDescent(),
    "momentum": Momentum(),
    "rmsprop": RMSProp(),
    "adam": Adam(),
}
