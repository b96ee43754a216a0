"""The numerical gradient: slow, and independent of every formula that it checks. Notebook 04."""

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy import ndarray

from nnlib import _validation as validation
from nnlib.network import (
    Gradient,
    Gradients,
    Network,
    Parameters,
    cost,
    forward,
    validate_inputs,
    validate_parameters,
    validate_targets,
)


def numerical_gradient(f: Callable, x: ndarray, *, step: float = 1e-5) -> ndarray:
    """Return ∂f/∂x by central differences, same shape as `x` (…, n_in, n_out). Eq. 4.7.

    Each entry is (f(x + step) − f(x − step)) / (2 step) with only that entry moved. `f(x)` returns
    a number, or (K,) numbers for a stack `x (K, n_in, n_out)`. In float64, good to about 1e-10.
    ValueError if `x` is so large that `step` does not move it.
    """
    validation.as_function(f, "f")
    x = validation.as_finite(x, "x").astype(float)
    step = validation.as_float(step, "step", above=0)
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
    """Return f(x) as a finite number, or (K,) numbers for a stack."""
    value = validation.as_finite(f(x), "f(x)")
    if value.size != np.prod(x.shape[:-2], dtype=int):
        raise ValueError(f"f(x) must have shape {x.shape[:-2]} for x {x.shape}; got {value.shape}")
    return value.reshape(x.shape[:-2])


def numerical_gradients(
    network: Network, parameters: Parameters, X: ndarray, y: ndarray, *, step: float = 1e-5
) -> Gradients:
    """Return what `backward_propagation` should return, computed by central differences."""
    parameters = validate_parameters(network, parameters)
    X = validate_inputs(network, parameters, X)
    with np.errstate(over="ignore", invalid="ignore"):
        y = validate_targets(network, forward(network, parameters, X), y)

    def cost_with(k, name, value):
        layer = parameters[k]._replace(**{name: value})
        changed = (*parameters[:k], layer, *parameters[k + 1 :])
        with np.errstate(over="ignore", invalid="ignore"):
            J = cost(network, changed, forward(network, changed, X), y)
        return validation.check_overflow(J, "J", "scale X and y, or make the weights smaller")

    return tuple(
        Gradient(
            numerical_gradient(partial(cost_with, k, "W"), W, step=step),
            numerical_gradient(partial(cost_with, k, "b"), b, step=step),
        )
        for k, (W, b) in enumerate(parameters)
    )


def relative_error(a: ndarray, b: ndarray) -> float:
    """Return ‖a − b‖ / (‖a‖ + ‖b‖): 0 for equal arrays, 1 for opposite ones. Gradients that
    agree have less than 1e-7.

    ValueError if the shapes differ.
    """
    a = validation.as_finite(a, "a").astype(float)
    b = validation.as_finite(b, "b").astype(float)
    if a.shape != b.shape:
        raise ValueError(f"a and b must have the same shape; got {a.shape} and {b.shape}")
    largest = max(np.abs(a).max(initial=0), np.abs(b).max(initial=0))
    if not largest:
        return 0.0
    a, b = a / largest, b / largest  # so that squares are neither 0 nor infinite
    return float(np.linalg.norm(a - b) / (np.linalg.norm(a) + np.linalg.norm(b)))
