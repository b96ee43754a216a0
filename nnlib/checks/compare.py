"""Is it the same answer? Numbers within a tolerance, in the shape and the order that is wanted."""

from types import GeneratorType

import numpy as np

# A float32 holds seven digits, and a long formula loses one or two of them. Every mistake that the
# exercises know changes some number by more than ten times this share of the largest one.
TOLERANCE = 1e-5


class Misfit(Exception):
    """An answer that cannot be compared with the right one; the message says why."""


def several(value):
    """Whether `value` holds several answers; a tuple or list of numbers is one."""
    return isinstance(value, dict) or (
        isinstance(value, (tuple, list))
        and any(isinstance(item, (tuple, list, dict, np.ndarray)) for item in value)
    )


def flat(value):
    """Every array or number in an answer, one after the other; those of a dict by their keys."""
    if isinstance(value, dict):
        return [part for key in sorted(value) for part in flat(value[key])]
    return [part for item in value for part in flat(item)] if several(value) else [value]


def parts(wanted, got):
    """The arrays in `got` that answer those in `flat(wanted)`; a Misfit if they don't correspond.

    Containers may differ: a tuple, a list and an array of the same content are the same.
    """
    if not several(wanted):
        return [_array(got)]
    if isinstance(wanted, dict):
        if not isinstance(got, dict) or set(got) != set(wanted):
            keys = ", ".join(map(repr, sorted(wanted)))
            raise Misfit(f"must return a dict with the keys {keys} and returns {kind(got)}")
        return [part for key in sorted(wanted) for part in parts(wanted[key], got[key])]
    if isinstance(got, np.ndarray) and got.shape[1:] == np.shape(flat(wanted)[0]) and got.ndim > 1:
        got = list(got)
    if not isinstance(got, (tuple, list)) or len(got) != len(wanted):
        s = "s" * (len(wanted) != 1)
        raise Misfit(f"must return {len(wanted)} value{s} and returns {kind(got)}")
    return [part for pair in zip(wanted, got) for part in parts(*pair)]


def _array(value):
    if value is None or isinstance(value, (str, bytes, dict, set)) or callable(value):
        raise Misfit(f"must return numbers and returns {kind(value)}")
    try:
        array = np.asarray(value)
        if array.dtype.kind not in "biufO":  # texts and dates could be converted, too
            raise TypeError
        return array.astype(float) if array.dtype.kind == "O" else array
    except (TypeError, ValueError):
        raise Misfit(f"must return numbers and returns {kind(value)}") from None


def same(wanted, got):
    """Whether two arrays have one shape, entries of one kind and, within the TOLERANCE, equal."""
    return (
        wanted.shape == got.shape
        and not whole(wanted, got)
        and bool(np.all(gaps(wanted, got) <= 1))
    )


def whole(wanted, got):
    """Whether an array of whole numbers stands where one of floats is wanted."""
    return bool(wanted.ndim and wanted.size) and wanted.dtype.kind == "f" and got.dtype.kind != "f"


def gaps(wanted, got):
    """How far each entry is off, in units of what is tolerated."""
    wanted, got = wanted.astype(float), got.astype(float)
    finite = np.isfinite(wanted)
    largest = np.abs(wanted[finite]).max(initial=0.0)
    equal = (wanted == got) | (np.isnan(wanted) & np.isnan(got))
    with np.errstate(all="ignore"):
        off = np.abs(got - wanted) / (TOLERANCE * largest + 1e-9)
    return np.where(equal, 0.0, np.where(np.isfinite(off), off, np.inf))


def kind(value):
    """What a value is, in a learner's words."""
    if value is None:
        return "None"
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    if isinstance(value, GeneratorType):
        return "a generator, since there is a `yield` in it"
    if callable(value):
        return f"the function {getattr(value, '__name__', '')}, without calling it"
    if isinstance(value, dict) and 0 < len(value) < 8:
        s = "s" * (len(value) > 1)
        return f"a dict of {len(value)} value{s}, with the key{s} {', '.join(map(repr, value))}"
    if isinstance(value, (tuple, list, dict)):
        return f"a {type(value).__name__} of {len(value)} value{'s' * (len(value) != 1)}"
    return f"{type(value).__name__} {value!r:.30}"
