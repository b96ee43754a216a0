"""The two costs: how wrong the network is, as one number, and its gradient. Notebooks 03 and 04.

Both are sums over the outputs and means over the m samples (rows), so a stack of K networks gets K
costs. Gradients are ∂J/∂z of the output layer, where backpropagation starts.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy import ndarray

from nnlib._validation import as_choice, as_samples, as_targets, check_overflow
from nnlib.activations import ACTIVATIONS


def mean_squared_error(y_hat: ndarray, y: ndarray) -> float | ndarray:
    """Return J = 1/m Σ (ŷ − y)². `y_hat` and `y` (m, n) give a number, (K, m, n) give K. Eq. 3.1.

    ValueError if the shapes differ, because (m, 1) and (m,) would broadcast to (m, m) without a
    word, and if J is too large for a float.
    """
    y_hat = as_samples(y_hat, None, "y_hat")
    y = as_targets(y, y_hat)
    with np.errstate(over="ignore"):
        return check_overflow(_squared_error(None, None, y_hat, y), "J", "scale y_hat and y")


def cross_entropy(z: ndarray, y: ndarray, *, output: str = "sigmoid") -> float | ndarray:
    """Return J = −1/m Σ [y ln ŷ + (1 − y) ln(1 − ŷ)] with ŷ = sigmoid(z). Eq. 3.2.

    With `output="softmax"`, J = −1/m Σ y ln ŷ with ŷ = softmax(z). `z` and `y` (m, n) give a
    number, (K, m, n) give K. Computed from `z`, so J stays finite where ŷ rounds to 0 or 1.
    ValueError if the shapes differ, if `y` is not made of probabilities, or if J overflows.
    """
    z = as_samples(z, None, "z")
    as_choice(output, _CROSS_ENTROPY_TERMS, "output")
    y = as_probabilities(as_targets(y, z), output)
    with np.errstate(over="ignore", invalid="ignore"):
        return check_overflow(_cross_entropy(output, z, None, y), "J", "make z smaller")


def as_probabilities(y: ndarray, output: str) -> ndarray:
    """Return the targets `y` if they lie in 0 … 1 and, for softmax, each row sums to 1."""
    if (y < 0).any() or (y > 1).any():
        raise ValueError(f"y must lie in 0 … 1 for cross-entropy; got {y.min():g} to {y.max():g}")
    if output == "softmax" and not np.allclose(y.sum(axis=-1), 1, atol=1e-3):
        raise ValueError("y must be one-hot for softmax: each row must sum to 1; got another sum")
    return y


def _squared_error(output, z, y_hat, y):
    error = y_hat - y
    return (error * error).sum(axis=(-2, -1)) / y_hat.shape[-2]


def _squared_error_gradient(output, y_hat, y):
    da = (y_hat - y) * (2 / y_hat.shape[-2])
    return ACTIVATIONS[output].backward(da, y_hat)


def _cross_entropy(output, z, y_hat, y):
    return _CROSS_ENTROPY_TERMS[output](z, y).sum(axis=(-2, -1)) / z.shape[-2]


def _cross_entropy_gradient(output, y_hat, y):
    return (y_hat - y) / y_hat.shape[-2]


def _sigmoid_terms(z, y):
    """−y ln ŷ − (1 − y) ln(1 − ŷ) of each output, as ln(1 + exp(z)) − y z without overflow."""
    return np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z)))


def _softmax_terms(z, y):
    """−Σ y ln ŷ of each sample (m, 1), as ln Σ exp(z) − Σ y z without overflow."""
    z = z - z.max(axis=-1, keepdims=True)
    return np.log(np.exp(z).sum(axis=-1, keepdims=True)) - (y * z).sum(axis=-1, keepdims=True)


_CROSS_ENTROPY_TERMS = {"sigmoid": _sigmoid_terms, "softmax": _softmax_terms}


class Cost(NamedTuple):
    """A pair `value(output, z, y_hat, y) -> J` and `gradient(output, y_hat, y) -> dz`.

    `output` is the name of the activation that turned `z` into `y_hat`. `outputs`: the ones this
    cost works with; empty for all.
    """

    value: Callable
    gradient: Callable
    outputs: tuple[str, ...] = ()

    def accepts(self, output: str) -> bool:
        """Return whether this cost works with that output activation."""
        return not self.outputs or output in self.outputs


COSTS = {
    "squared_error": Cost(_squared_error, _squared_error_gradient),
    "cross_entropy": Cost(_cross_entropy, _cross_entropy_gradient, tuple(_CROSS_ENTROPY_TERMS)),
}
