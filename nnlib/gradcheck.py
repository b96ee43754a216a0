"""The numerical gradient: slow, and independent of every formula that it checks. Notebook 04."""

from functools import partial

import numpy as np

from nnlib import _doors
from nnlib.network import Gradient, _cost, _forward, _targets, checked, inputs


def numerical_gradient(f, x, *, step=1e-5):
    """∂f/∂x by central differences, same shape as `x` (…, n_in, n_out). Eq. 4.7.

    Each entry is (f(x + step) − f(x − step)) / (2 step) with only that entry moved. `f(x)` returns
    a number, or (K,) of them for a stack `x (K, n_in, n_out)`. In float64, good to about 1e-10.
    ValueError when `x` is so large that `step` does not move it.
    """
    _doors.function(f, "f")
    x = _doors.finite(x, "x").astype(float)
    step = _doors.number(step, "step", above=0)
    gradient = np.empty_like(x)
    for entry in np.ndindex(x.shape[-2:]):
        here = (..., *entry)
        up, down = x.copy(), x.copy()
        up[here] += step
        down[here] -= step
        if (up[here] == down[here]).any():
            raise ValueError(f"step must be large enough to move x; got {step:g} at {x[here]}")
        gradient[here] = (_value(f, up) - _value(f, down)) / (2 * step)
    return gradient


def _value(f, x):
    """f(x) as a finite number, or (K,) of them for a stack."""
    value = _doors.finite(f(x), "f(x)")
    if value.size != np.prod(x.shape[:-2], dtype=int):
        raise ValueError(f"f(x) must have shape {x.shape[:-2]} for x {x.shape}; got {value.shape}")
    return value.reshape(x.shape[:-2])


def numerical_gradients(network, parameters, X, y, *, step=1e-5):
    """What `backward_propagation` should return, Gradients (dW, db), by central differences."""
    parameters = checked(network, parameters)
    X = inputs(network, parameters, X)
    with np.errstate(over="ignore", invalid="ignore"):
        y = _targets(network, _forward(network, parameters, X), y)

    def cost_with(k, name, value):
        layer = parameters[k]._replace(**{name: value})
        changed = (*parameters[:k], layer, *parameters[k + 1 :])
        with np.errstate(over="ignore", invalid="ignore"):
            J = _cost(network, changed, _forward(network, changed, X), y)
        return _doors.in_range(J, "J", "scale X and y, or make the weights smaller")

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
    a = _doors.finite(a, "a").astype(float)
    b = _doors.finite(b, "b").astype(float)
    if a.shape != b.shape:
        raise ValueError(f"a and b must have one shape; got {a.shape} and {b.shape}")
    largest = max(np.abs(a).max(initial=0), np.abs(b).max(initial=0))
    if not largest:
        return 0.0
    a, b = a / largest, b / largest  # so that squares are neither 0 nor infinite
    return float(np.linalg.norm(a - b) / (np.linalg.norm(a) + np.linalg.norm(b)))
