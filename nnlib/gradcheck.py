"""The numerical gradient: slow, and independent of every formula that it checks. Notebook 04."""

from functools import partial

import numpy as np

from nnlib import _doors
from nnlib.network import Gradient, _cost, _forward, _targets, checked, inputs


def numerical_gradient(f, x, *, step=1e-5):
    """∂f/∂x by central differences, same shape as `x` (…, n_in, n_out). Eq. 4.7.

    Each entry is (f(x + step) − f(x − step)) / (2 step) with only that entry moved. `f(x)` returns
    a number, or (K,) of them for a stack `x (K, n_in, n_out)`. In float64, good to about 1e-10.
    """
    x = _doors.finite(x, "x").astype(float)
    gradient = np.empty_like(x)
    for entry in np.ndindex(x.shape[-2:]):
        here = (..., *entry)
        up, down = x.copy(), x.copy()
        up[here] += step
        down[here] -= step
        gradient[here] = (f(up) - f(down)) / (2 * step)
    return gradient


def numerical_gradients(network, parameters, X, y, *, step=1e-5):
    """What `backward_propagation` should return, Gradients (dW, db), by central differences."""
    parameters = checked(network, parameters)
    X = inputs(network, parameters, X)
    y = _targets(network, _forward(network, parameters, X), y)

    def cost_with(k, name, value):
        layer = parameters[k]._replace(**{name: value})
        changed = (*parameters[:k], layer, *parameters[k + 1 :])
        return _cost(network, changed, _forward(network, changed, X), y)

    return tuple(
        Gradient(
            numerical_gradient(partial(cost_with, k, "W"), W, step=step),
            numerical_gradient(partial(cost_with, k, "b"), b, step=step),
        )
        for k, (W, b) in enumerate(parameters)
    )


def relative_error(a, b):
    """‖a − b‖ / (‖a‖ + ‖b‖): 0 for equal arrays, 1 for opposite ones; below 1e-7 they agree.

    ValueError when the shapes differ.
    """
    a = _doors.finite(a, "a")
    b = _doors.finite(b, "b")
    if a.shape != b.shape:
        raise ValueError(f"a and b must have one shape; got {a.shape} and {b.shape}")
    size = np.linalg.norm(a) + np.linalg.norm(b)
    return float(np.linalg.norm(a - b) / size) if size else 0.0
