"""Compare an answer with the right one: the same kinds of values, shapes, and numbers in tolerance.

Kinds matter as well as numbers: what is accepted here has to work in every later cell of the
notebook, so a list doesn't pass for an array, nor a (1, 1) array for a number.
"""

import inspect
from numbers import Integral, Real
from typing import Any

import numpy as np

from nnlib.checks.feedback import message

# Rounding changes much less than this share of the largest number, and every known mistake much
# more. Later cells compare with 8 digits, so an e typed with five mustn't pass.
TOLERANCE = 1e-9


class ComparisonError(Exception):
    """An answer that can't be compared; `key` and `details` make the message about `value`."""

    def __init__(self, key: str, **details: Any):
        super().__init__(key)
        self.key, self.details = key, details
        self.value: Any = None


def is_several(value: Any) -> bool:
    """Return whether `value` holds several answers; a tuple or list of plain numbers is one."""
    return isinstance(value, dict) or (
        isinstance(value, (tuple, list))
        and any(isinstance(item, (tuple, list, dict, np.ndarray)) for item in value)
    )


def leaves(value: Any) -> list:
    """Return every array or number in an answer in order; those of a dict by their keys."""
    if isinstance(value, dict):
        return [part for key in sorted(value) for part in leaves(value[key])]
    return [part for item in value for part in leaves(item)] if is_several(value) else [value]


def matched(model: Any, value: Any) -> list[np.ndarray]:
    """Return the arrays in `value` that answer `leaves(model)`; ComparisonError if they can't."""
    if not is_several(model):
        return [_leaf(model, value)]
    if isinstance(model, dict):
        if not isinstance(value, dict) or set(value) != set(model):
            keys = ", ".join(map(repr, sorted(model)))
            raise ComparisonError("kind.dict", keys=keys, got=describe(value))
        return [part for key in sorted(model) for part in matched(model[key], value[key])]
    if isinstance(value, np.ndarray) and value.shape[1:] == np.shape(leaves(model)[0]):
        value = list(value) if value.ndim > 1 else value
    if not isinstance(value, (tuple, list)) or len(value) != len(model):
        raise ComparisonError("kind.count", count=len(model), got=describe(value))
    return [part for pair in zip(model, value) for part in matched(*pair)]


def _leaf(model: Any, value: Any) -> np.ndarray:
    """Return `value` as an array, if it is of the kind of `model`: array, number or sequence."""
    if value is None or isinstance(value, (str, bytes, dict, set)) or callable(value):
        raise ComparisonError("kind.numbers", got=describe(value))
    try:
        array = np.asarray(value)
    except Exception:
        raise ComparisonError("kind.numbers", got=describe(value)) from None
    if isinstance(value, np.matrix):
        raise ComparisonError("kind.matrix")
    if array.dtype.kind not in "biuf":
        raise ComparisonError("kind.numbers", got=describe(value))
    if array.dtype.kind == "f" and array.itemsize < np.dtype(float).itemsize:
        raise ComparisonError("kind.digits", dtype=array.dtype)
    if isinstance(model, np.ndarray) and not isinstance(value, (np.ndarray, Real, np.bool_)):
        raise ComparisonError("kind.array", got=describe(value), shape=model.shape)
    if _is_shape(model) and isinstance(value, (list, Real)):
        raise ComparisonError("kind.tuple", got=describe(value))
    if isinstance(model, Real) and isinstance(value, np.ndarray) and array.ndim == 0:
        raise ComparisonError("kind.zero_d")
    if isinstance(model, Integral) and array.ndim == 0 and not isinstance(value, Integral):
        raise ComparisonError("kind.whole", got=describe(value))
    if isinstance(model, list) and isinstance(value, list) and array.dtype.kind == "i":
        array = array.astype(float)  # in a list, 0 is as good as 0.0
    return array


def _is_shape(model: Any) -> bool:
    """Whether an answer is a shape, or another tuple of whole numbers."""
    return isinstance(model, tuple) and all(isinstance(number, int) for number in model)


def same(model: np.ndarray, got: np.ndarray, tolerance: float = TOLERANCE) -> bool:
    """Return whether two arrays agree in shape, kind of number and, within tolerance, entries."""
    return (
        model.shape == got.shape
        and not wrong_dtype(model, got)
        and bool(np.all(gaps(model, got, tolerance) <= 1))
    )


def wrong_dtype(model: np.ndarray, got: np.ndarray) -> bool:
    """Return whether an array holds whole numbers, or True and False, where floats belong."""
    return bool(model.ndim and model.size) and model.dtype.kind == "f" != got.dtype.kind


def gaps(model: np.ndarray, got: np.ndarray, tolerance: float = TOLERANCE) -> np.ndarray:
    """Return how far each entry is off, in units of what is tolerated."""
    model, got = model.astype(float), got.astype(float)
    finite = np.isfinite(model)
    largest = np.abs(model[finite]).max(initial=0.0)
    equal = (model == got) | (np.isnan(model) & np.isnan(got))
    with np.errstate(all="ignore"):
        off = np.abs(got - model) / (tolerance * largest + 1e-10)
    return np.where(equal, 0.0, np.where(np.isfinite(off), off, np.inf))


def equal(one: Any, other: Any) -> bool:
    """Return whether two answers of any kind are equal, numbers within rounding; never raises."""
    if isinstance(one, (tuple, list)) and isinstance(other, (tuple, list)):
        return len(one) == len(other) and all(map(equal, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(equal(one[key], other[key]) for key in one)
    try:
        if np.shape(one) != np.shape(other):
            return False
        return bool(one is other or np.allclose(one, other, rtol=1e-9, atol=0, equal_nan=True))
    except Exception:
        return False


def describe(value: Any) -> str:
    """Return what a value is, in a learner's words; never raises."""
    if value is None:
        return "None"
    if isinstance(value, np.ndarray):
        return message("got.array", shape=value.shape)
    kind = type(value).__name__
    if isinstance(value, dict) and 0 < len(value) < 8:
        key = "got.key" if len(value) == 1 else "got.keys"
        return message(key, keys=", ".join(map(safe_repr, value)))
    if isinstance(value, (tuple, list, dict, set)):
        key = "got.one" if len(value) == 1 else "got.several"
        return message(key, type=kind, count=len(value))
    if inspect.isroutine(value):
        return message("got.function", name=getattr(value, "__name__", ""))
    if isinstance(value, (str, bytes)):
        return message("got.text", value=safe_repr(value))
    if isinstance(value, (bool, np.bool_)):
        return message("got.value", value=safe_repr(value))
    if isinstance(value, Real):
        number = float(value) if isinstance(value, (float, np.floating)) else value
        return message("got.number", value=safe_repr(number))
    return message("got.object", type=kind)


def safe_repr(value: Any, limit: int = 40) -> str:
    """Return repr(value), cut off at `limit`; the type's name if repr raises."""
    try:
        text = repr(value)
    except Exception:
        return f"<{type(value).__name__}>"
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
