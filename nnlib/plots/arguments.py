"""Validation of what the plot functions share: Axes, texts, labelled points and numbers."""

from collections.abc import Callable, Collection
from functools import partial, wraps
from numbers import Real
from typing import Any, ParamSpec, TypeVar

import numpy as np
from matplotlib.axes import Axes

from nnlib import _validation as validation

P = ParamSpec("P")
R = TypeVar("R")


def validates_settings(plot: Callable[P, R]) -> Callable[P, R]:
    """Decorate a plot function so that its keyword settings pass SETTINGS first.

    A setting may be None only if that is its default.
    """

    @wraps(plot)
    def function(*args: P.args, **kwargs: P.kwargs) -> R:
        for name, default in (plot.__kwdefaults__ or {}).items():
            if name in kwargs and (kwargs[name] is not None or default is not None):
                kwargs[name] = SETTINGS.get(name, lambda value, _: value)(kwargs[name], name)
        return plot(*args, **kwargs)

    return function


def as_axes(value: Any, name: str) -> Axes:
    """Return `value` if it is an Axes."""
    if not isinstance(value, Axes):
        got = validation.describe(value)
        raise TypeError(f"{name} must be an Axes, such as one of plots.panels(2); got {got}")
    return value


def as_text(value: Any, name: str) -> str:
    """Return `value` if it is a string."""
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a string; got {validation.describe(value)}")
    return value


def as_texts(value: Any, name: str, count: int) -> list[str]:
    """Return a list, tuple or array of `count` strings or numbers as strings."""
    if not isinstance(value, Collection) or isinstance(value, (str, bytes, dict, set)):
        got = validation.describe(value)
        raise TypeError(f"{name} must be a list of {count} strings; got {got}")
    if len(value) != count:
        raise ValueError(f"{name} must have {count} strings; got {len(value)}")
    for text in value:
        if not isinstance(text, (str, Real)):
            raise TypeError(f"{name} must hold strings; got {validation.describe(text)}")
    return [str(text) for text in value]


def as_pair(value: Any, name: str) -> tuple[float, float]:
    """Return two finite numbers."""
    pair = validation.as_finite(value, name)
    if pair.shape != (2,):
        raise ValueError(f"{name} must be two numbers; got an array of shape {pair.shape}")
    return float(pair[0]), float(pair[1])


def as_log(log: Any, **values: np.ndarray) -> str:
    """Return which axes are logarithmic: "", "x", "y" or "xy". `values`: those along an axis."""
    if not isinstance(log, str) or log not in ("", "x", "y", "xy"):
        raise ValueError(f'log must be "", "x", "y" or "xy"; got {validation.describe(log)}')
    for axis, numbers in values.items():
        if axis in log and numbers.min() <= 0:
            got = f"{numbers.min():g}"
            raise ValueError(f"log={log!r} must have numbers above 0 along {axis}; got {got}")
    return log


def as_labelled(value: Any, name: str, convert: Callable[[Any, str], R]) -> dict[str, R]:
    """Return a dict {label: value} with each value converted."""
    converted = {}
    for label, one in validation.as_labelled(value, name).items():
        converted[str(label)] = convert(one, f"{name}[{label!r}]")
    return converted


def as_rows(value: dict | None, name: str, count: int) -> dict[str, int]:
    """Return {label: row}, each row one of `count`; {} for None."""
    row = partial(validation.as_int, at_least=0, at_most=count - 1)
    return {} if value is None else as_labelled(value, name, row)


def as_vectors(value: Any, name: str) -> dict[str, Any]:
    """Return {label: finite floats (n,)}, flattened from arrays of any shape."""
    arrays = as_labelled(value, name, validation.as_finite)
    return {label: validation.as_vector(one.ravel(), name) for label, one in arrays.items()}


SETTINGS: dict[str, Callable[[Any, str], Any]] = {
    "ax": as_axes,
    "title": as_text,
    "unit": as_text,
    "name": as_text,
    "highlight": as_text,
    "operators": as_text,
    "names": partial(as_texts, count=2),  # of the axes, (across, up)
    "points": partial(as_labelled, convert=as_pair),
    "references": partial(as_labelled, convert=validation.as_float),
    "question": as_pair,
    "training_range": as_pair,
}
