"""Activation functions and the step backwards through each, side by side.

`f(z)` gives the activation `a`. `f_backward(da, a)` gives `dz = da * f'(z)`, the chain rule's step
from ∂J/∂a to ∂J/∂z, with f' written in terms of `a`, which the forward pass has computed already.
All work on arrays of any shape, keep float dtypes, and never warn. In sigmoid, tanh, relu and
identity infinity gives the limit and NaN stays NaN; the others refuse both with a ValueError.
Notebooks 02, 04 and 08.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from nnlib import _doors


@_doors.every_array(_doors.floats)
def sigmoid(z):
    """1 / (1 + exp(-z)), between 0 and 1, same shape as `z`.

    Where exp(-z) overflows to infinity, 1 / infinity = 0 is right: less than any normal float.
    """
    return 1 / (1 + np.exp(-z))


@_doors.every_array(_doors.finite)
def sigmoid_backward(da, a):
    """dz = da · a · (1 − a), because the sigmoid's derivative is a (1 − a)."""
    return da * a * (1 - a)


@_doors.every_array(_doors.floats)
def tanh(z):
    """The hyperbolic tangent, between -1 and 1, same shape as `z`."""
    return np.tanh(z)


@_doors.every_array(_doors.finite)
def tanh_backward(da, a):
    """dz = da · (1 − a²)."""
    return da * (1 - a * a)


@_doors.every_array(_doors.floats)
def relu(z):
    """max(z, 0), same shape as `z`."""
    return np.maximum(z, 0)


@_doors.every_array(_doors.finite)
def relu_backward(da, a):
    """dz = da where a > 0, else 0: the derivative at the kink z = 0 is taken as 0."""
    return da * (a > 0)


@_doors.every_array(_doors.floats)
def identity(z):
    """z itself: a layer without an activation."""
    return z


@_doors.every_array(_doors.finite)
def identity_backward(da, a):
    """dz = da."""
    return da


@_doors.every_array(_doors.finite)
def softmax(z):
    """exp(z) / Σ exp(z) of each row, so that it sums to 1; same shape as `z`, which is finite."""
    e = np.exp(z - z.max(axis=-1, keepdims=True, initial=-np.inf))
    return e / e.sum(axis=-1, keepdims=True)


@_doors.every_array(_doors.finite)
def softmax_backward(da, a):
    """dz = a · (da − Σ da · a over the row): every output depends on every z of its row."""
    return a * (da - (da * a).sum(axis=-1, keepdims=True))


class Activation(NamedTuple):
    """A pair: `forward(z) -> a` and `backward(da, a) -> dz`."""

    forward: Callable
    backward: Callable


def _bare(forward, backward):
    """The pair without its doors: an infinite z goes through, and whoever calls watches for it."""
    return Activation(forward.__wrapped__, backward.__wrapped__)


ACTIVATIONS = {
    "sigmoid": _bare(sigmoid, sigmoid_backward),
    "tanh": _bare(tanh, tanh_backward),
    "relu": _bare(relu, relu_backward),
    "identity": _bare(identity, identity_backward),
    "softmax": _bare(softmax, softmax_backward),
}
