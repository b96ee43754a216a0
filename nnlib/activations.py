"""Activation functions, each with its backward step. Notebooks 02, 04 and 08.

`f(z)` returns the activation `a`. `f_backward(da, a)` returns `dz = da * f'(z)`, the chain rule's
step from ∂J/∂a to ∂J/∂z, with f' written in terms of `a`, which the forward pass has already
computed. All take arrays of any shape, keep float dtypes and never warn. In sigmoid, tanh, relu and
identity infinity gives the limit and NaN stays NaN; the other functions reject both (ValueError).

To add an activation, write the pair and one entry in ACTIVATIONS. Networks, training, the
playground and the checks find it there.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy import ndarray

from nnlib._validation import as_finite, as_floats, validated


@validated(as_floats)
def sigmoid(z: ndarray) -> ndarray:
    """Return 1 / (1 + exp(-z)), between 0 and 1, same shape as `z`.

    Where exp(-z) overflows to infinity, the result 0 is right: the true value is below any float.
    """
    return 1 / (1 + np.exp(-z))


@validated(as_finite)
def sigmoid_backward(da: ndarray, a: ndarray) -> ndarray:
    """Return dz = da · a · (1 − a): the sigmoid's derivative is a (1 − a)."""
    return da * a * (1 - a)


@validated(as_floats)
def tanh(z: ndarray) -> ndarray:
    """Return the hyperbolic tangent, between -1 and 1, same shape as `z`."""
    return np.tanh(z)


@validated(as_finite)
def tanh_backward(da: ndarray, a: ndarray) -> ndarray:
    """Return dz = da · (1 − a²)."""
    return da * (1 - a * a)


@validated(as_floats)
def relu(z: ndarray) -> ndarray:
    """Return max(z, 0), same shape as `z`."""
    return np.maximum(z, 0)


@validated(as_finite)
def relu_backward(da: ndarray, a: ndarray) -> ndarray:
    """Return dz = da where a > 0, else 0. At the kink, z = 0, the derivative is taken to be 0."""
    return da * (a > 0)


@validated(as_floats)
def identity(z: ndarray) -> ndarray:
    """Return z itself: a layer without a nonlinearity."""
    return z


@validated(as_finite)
def identity_backward(da: ndarray, a: ndarray) -> ndarray:
    """Return dz = da."""
    return da


@validated(as_finite)
def softmax(z: ndarray) -> ndarray:
    """Return exp(z) / Σ exp(z) for each row, which then sums to 1; same shape as `z`."""
    exponentials = np.exp(z - z.max(axis=-1, keepdims=True, initial=-np.inf))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


@validated(as_finite)
def softmax_backward(da: ndarray, a: ndarray) -> ndarray:
    """Return dz = a · (da − Σ da · a over the row): each output depends on every z of its row."""
    return a * (da - (da * a).sum(axis=-1, keepdims=True))


class Activation(NamedTuple):
    """A pair `forward(z) -> a` and `backward(da, a) -> dz`, with `a` from `low` to `high`."""

    forward: Callable
    backward: Callable
    low: float = -np.inf
    high: float = np.inf


# The formulas without argument validation: during training an infinite z passes through.
ACTIVATIONS = {
    "sigmoid": Activation(sigmoid.__wrapped__, sigmoid_backward.__wrapped__, 0, 1),
    "tanh": Activation(tanh.__wrapped__, tanh_backward.__wrapped__, -1, 1),
    "relu": Activation(relu.__wrapped__, relu_backward.__wrapped__, 0),
    "identity": Activation(identity.__wrapped__, identity_backward.__wrapped__),
    "softmax": Activation(softmax.__wrapped__, softmax_backward.__wrapped__, 0, 1),
}
