"""The two costs and their gradients, side by side: how wrong the network is, as one number.

Both are sums over the outputs and means over the m samples (rows), so a stack of K networks gets K
costs. Gradients are ∂J/∂z of the output layer, where backpropagation starts. Notebooks 03 and 04.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from nnlib import _doors
from nnlib.activations import ACTIVATIONS


def mean_squared_error(y_hat, y):
    """J = 1/m Σ (ŷ − y)². `y_hat` and `y` (m, n) give a number, (K, m, n) give K. Eq. 3.1.

    ValueError when the shapes differ: (m, 1) against (m,) would broadcast to a silent (m, m); and
    when J is too large for a float.
    """
    y_hat = _doors.samples(y_hat, None, "y_hat")
    y = _doors.targets(y, y_hat)
    with np.errstate(over="ignore"):
        return _doors.in_range(_squared_error(None, None, y_hat, y), "J", "scale y_hat and y")


def cross_entropy(z, y, *, output="sigmoid"):
    """J = −1/m Σ [y ln ŷ + (1 − y) ln(1 − ŷ)] for ŷ = sigmoid(z); −1/m Σ y ln ŷ for softmax.

    Eq. 3.2. `z` and `y` (m, n) give a number, (K, m, n) give K. Computed from `z`, so that it stays
    finite where ŷ rounds to 0 or 1 and ln ŷ does not. ValueError when the shapes differ, when `y`
    cannot be probabilities, or when J is too large for a float.
    """
    z = _doors.samples(z, None, "z")
    _doors.choice(output, _SURPRISE, "output")
    y = probabilities(output, _doors.targets(y, z))
    with np.errstate(over="ignore", invalid="ignore"):
        return _doors.in_range(_cross_entropy(output, z, None, y), "J", "make z smaller")


def probabilities(output, y):
    """`y`, a cross-entropy's targets, in 0 … 1 and with row sum 1 for softmax; or a ValueError."""
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
    return _SURPRISE[output](z, y).sum(axis=(-2, -1)) / z.shape[-2]


def _cross_entropy_gradient(output, y_hat, y):
    return (y_hat - y) / y_hat.shape[-2]


def _sigmoid_surprise(z, y):
    """−y ln ŷ − (1 − y) ln(1 − ŷ) of each output, as ln(1 + exp(z)) − y z without overflow."""
    return np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z)))


def _softmax_surprise(z, y):
    """−Σ y ln ŷ of each sample (m, 1), as ln Σ exp(z) − Σ y z without overflow."""
    z = z - z.max(axis=-1, keepdims=True)
    return np.log(np.exp(z).sum(axis=-1, keepdims=True)) - (y * z).sum(axis=-1, keepdims=True)


_SURPRISE = {"sigmoid": _sigmoid_surprise, "softmax": _softmax_surprise}


class Cost(NamedTuple):
    """A pair: `value(output, z, y_hat, y) -> J` and `gradient(output, y_hat, y) -> dz`.

    `output` names the activation that made `y_hat` from `z`; `outputs` are those it may be.
    """

    value: Callable
    gradient: Callable
    outputs: tuple


COSTS = {
    "squared_error": Cost(_squared_error, _squared_error_gradient, tuple(ACTIVATIONS)),
    "cross_entropy": Cost(_cross_entropy, _cross_entropy_gradient, tuple(_SURPRISE)),
}
