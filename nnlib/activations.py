"""Activation functions and the step backwards through each, side by side.

`f(z)` gives the activation `a`. `f_backward(da, a)` gives `dz = da * f'(z)`, the chain rule's step
from ∂J/∂a to ∂J/∂z, with f' written in terms of `a`, which the forward pass has computed already.
All work on arrays of any shape, keep float dtypes, and never warn.
Notebooks 02, 04 and 08.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from nnlib import _doors


@np.errstate(over="ignore", under="ignore")
def sigmoid(z):
    """1 / (1 + exp(-z)), between 0 and 1, same shape as `z`.

    Where exp(-z) overflows to infinity, 1 / infinity = 0 is the right answer to the last digit.
    """
    return 1 / (1 + np.exp(-_doors.floats(z, "z")))


def sigmoid_backward(da, a):
    """dz = da · a · (1 − a), because the sigmoid's derivative is a (1 − a)."""
    da, a = _doors.floats(da, "da"), _doors.floats(a, "a")
    return da * a * (1 - a)


def tanh(z):
    """The hyperbolic tangent, between -1 and 1, same shape as `z`."""
    return np.tanh(_doors.floats(z, "z"))


def tanh_backward(da, a):
    """dz = da · (1 − a²)."""
    da, a = _doors.floats(da, "da"), _doors.floats(a, "a")
    return da * (1 - a * a)


def relu(z):
    """max(z, 0), same shape as `z`."""
    return np.maximum(_doors.floats(z, "z"), 0)


def relu_backward(da, a):
    """dz = da where a > 0, else 0: the derivative at the kink z = 0 is taken as 0."""
    da, a = _doors.floats(da, "da"), _doors.floats(a, "a")
    return da * (a > 0)


def identity(z):
    """z itself: a layer without an activation."""
    return _doors.floats(z, "z")


def identity_backward(da, a):
    """dz = da."""
    return _doors.floats(da, "da")


def softmax(z):
    """exp(z) / Σ exp(z) of each row, so that it sums to 1; same shape as `z`, which is finite."""
    return _softmax(_doors.finite(z, "z"))


def _softmax(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def softmax_backward(da, a):
    """dz = a · (da − Σ da · a over the row): every output depends on every z of its row."""
    da, a = _doors.floats(da, "da"), _doors.floats(a, "a")
    return a * (da - (da * a).sum(axis=-1, keepdims=True))


class Activation(NamedTuple):
    """A pair: `forward(z) -> a` and `backward(da, a) -> dz`."""

    forward: Callable
    backward: Callable


ACTIVATIONS = {
    "sigmoid": Activation(sigmoid, sigmoid_backward),
    "tanh": Activation(tanh, tanh_backward),
    "relu": Activation(relu, relu_backward),
    "identity": Activation(identity, identity_backward),
    "softmax": Activation(_softmax, softmax_backward),
}
