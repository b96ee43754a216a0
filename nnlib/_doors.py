"""Every public function's door: arguments become float arrays, or an error says what is wrong.

Each function returns the checked value and raises a TypeError (no numbers at all) or a ValueError
(numbers that cannot be meant), in one line that names the wanted and the got.
"""

from numbers import Integral, Real

import numpy as np


def floats(value, name):
    """`value` as a float array: floats keep their dtype, integers and booleans become float64."""
    if type(value) is np.ndarray and value.dtype.kind == "f":
        return value
    if np.ma.is_masked(value):
        raise TypeError(f"{name} must have no masked entries; fill or drop them first")
    try:
        array = np.asarray(value)
    except ValueError:
        raise ValueError(f"{name} must have rows of equal length; got a ragged list") from None
    if array.dtype.kind in "biu":
        return array.astype(float)
    if array.dtype.kind != "f":
        raise TypeError(f"{name} must hold real numbers; got {_kind(value, array)}")
    return array


def finite(value, name):
    """`value` as an array of finite floats."""
    array = floats(value, name)
    bad = ~np.isfinite(array)
    if bad.any():
        place = tuple(int(i) for i in np.argwhere(bad)[0])
        where = f" at index {place}" if place else ""
        raise ValueError(f"{name} must hold finite numbers only; got {array[place]}{where}")
    return array


def samples(value, columns, name):
    """`value` as finite floats (samples, columns), or (K, samples, columns) for a stack of K.

    `columns` None means any number of them.
    """
    array = finite(value, name)
    width = columns or (array.shape[-1] if array.ndim > 1 else 1)
    if array.ndim not in (2, 3) or array.shape[-1] != width or 0 in array.shape:
        wanted = f"(samples, {columns or 'outputs'})"
        raise ValueError(
            f"{name} must have shape {wanted}, one row per sample; got {array.shape}"
            + _remedy(array.shape, width, name)
        )
    return array


def targets(value, y_hat, name="y"):
    """`value` as finite floats in the shape of `y_hat`; a stack may share one (samples, n)."""
    array = finite(value, name)
    if array.shape not in (y_hat.shape, y_hat.shape[-2:]):
        wanted = y_hat.shape[-2:]
        raise ValueError(
            f"{name} must have shape {wanted}, one row per sample; got {array.shape}"
            + _remedy(array.shape, wanted[1], name, rows=wanted[0])
        )
    return array


def number(value, name, *, above=None, least=None, below=None):
    """`value` as a finite float inside the bounds."""
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value[()]
    if not isinstance(value, Real) or isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} must be a number; got {_kind(value)}")
    wanted = [f"> {above}"] * (above is not None) + [f">= {least}"] * (least is not None)
    wanted += [f"< {below}"] * (below is not None)
    inside = (
        np.isfinite(value)
        and (above is None or value > above)
        and (least is None or value >= least)
        and (below is None or value < below)
    )
    if not inside:
        raise ValueError(f"{name} must be a finite number {' and '.join(wanted)}; got {value}")
    return float(value)


def whole(value, name, *, least):
    """`value` as an int that is at least `least`."""
    if not isinstance(value, Integral) or isinstance(value, bool):
        raise TypeError(f"{name} must be a whole number; got {_kind(value)}")
    if value < least:
        raise ValueError(f"{name} must be at least {least}; got {value}")
    return int(value)


def choice(value, table, name):
    """`value`, one of the keys of `table`."""
    if not isinstance(value, str):
        raise TypeError(f"{name} must be one of {', '.join(table)}; got {_kind(value)}")
    if value not in table:
        raise ValueError(f"{name} must be one of {', '.join(table)}; got {value!r}")
    return value


def generator(value):
    """`value`, a numpy.random.Generator: randomness is always passed in, never global."""
    if not isinstance(value, np.random.Generator):
        raise TypeError(
            "rng must be a numpy.random.Generator such as np.random.default_rng(1); "
            f"got {_kind(value)}"
        )
    return value


def _kind(value, array=None):
    if array is not None and isinstance(value, (list, tuple, np.ndarray)):
        return f"an array of {array.dtype}"
    return "None" if value is None else f"{type(value).__name__} {value!r:.40}"


def _remedy(shape, columns, name, rows=None):
    """A hint where one step would give the wanted shape, else an empty string."""
    size = int(np.prod(shape))
    if len(shape) == 1 and size and size % columns == 0 and rows in (None, size // columns):
        return f"; {name}.reshape(-1, {columns}) may be meant"
    if len(shape) == 2 and shape[0] == columns and rows in (None, shape[1]) and size:
        return f"; {name}.T may be meant"
    return ""
