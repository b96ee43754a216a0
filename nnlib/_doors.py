"""Every public function's door: arguments become float arrays, or an error says what is wrong.

Each function returns the checked value and raises a TypeError (no numbers at all) or a ValueError
(numbers that cannot be meant), in one line that names the wanted and the got. tests/test_faults.py
says what counts as numbers, and tries all of it on all doors.
"""

import inspect
from functools import wraps
from numbers import Integral, Real

import numpy as np

MOST = 2**31  # of anything that is counted: samples, epochs, nodes, networks


def floats(value, name):
    """`value` as a float array: floats keep their dtype, integers and booleans become float64."""
    if type(value) is np.ndarray and value.dtype.kind == "f":
        return value
    if _masked(value):
        raise TypeError(f"{name} must have no masked entries; got some: fill or drop them first")
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


def in_range(value, name, advice="scale the data"):
    """`value`, an answer, if it is finite: finite arguments can give numbers beyond all floats."""
    if not np.isfinite(value).all():
        raise ValueError(f"{name} is too large for a float; {advice}")
    return value


def every_array(door):
    """Decorator for a formula: each argument passes `door(value, name)` first, and nothing warns.

    Several arguments must have the shape of the last one, or none: one number for all. Behind
    `finite`, the answer is finite too. `__wrapped__` is the bare formula, for loops whose arrays
    have passed already.
    """

    def decorate(formula):
        signature = inspect.signature(formula)

        @wraps(formula)
        def function(*args, **kwargs):
            given = signature.bind(*args, **kwargs).arguments
            arrays = {name: door(value, name) for name, value in given.items()}
            *others, (last, wanted) = ((name, array.shape) for name, array in arrays.items())
            for name, shape in others:
                if shape not in (wanted, ()):
                    raise ValueError(f"{name} must have the shape of {last}, {wanted}; got {shape}")
            with np.errstate(over="ignore", under="ignore", invalid="ignore"):
                answer = formula(*arrays.values())
            if door is not finite:
                return answer
            return in_range(answer, "the answer", f"make {' and '.join(arrays)} smaller")

        return function

    return decorate


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


def table(value, columns, name):
    """`value` as finite floats (samples, columns), no stack of them."""
    array = samples(value, columns, name)
    if array.ndim != 2:
        wanted = f"(samples, {columns or 'columns'})"
        raise ValueError(f"{name} must be one table {wanted}, no stack of them; got {array.shape}")
    return array


def vector(value, name, *, least=1):
    """`value` as finite floats (n,), at least so many of them."""
    array = finite(value, name)
    if array.ndim != 1 or array.size < least:
        wanted = f"(n,) with n at least {least}"
        raise ValueError(f"{name} must have shape {wanted}; got {array.shape}")
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
    try:
        found = float(value)
    except OverflowError:
        found = np.inf
    inside = (
        np.isfinite(found)
        and (above is None or found > above)
        and (least is None or found >= least)
        and (below is None or found < below)
    )
    if not inside:
        bounds = f"finite number {' and '.join(wanted)}".strip()
        raise ValueError(f"{name} must be a {bounds}; got {shown(value)}")
    return found


def whole(value, name, *, least):
    """`value` as an int that is at least `least`."""
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value[()]
    if not isinstance(value, Integral) or isinstance(value, bool):
        raise TypeError(f"{name} must be a whole number; got {_kind(value)}")
    if value < least:
        raise ValueError(f"{name} must be at least {least}; got {shown(value)}")
    if value > MOST:
        raise ValueError(f"{name} must be at most {MOST}; got {shown(value)}")
    return int(value)


def wholes(value, name, *, like):
    """`value`, a sequence such as `like`, as a tuple of ints that are at least 1."""
    if not isinstance(value, (tuple, list, range)) and np.ndim(value) != 1:
        raise TypeError(f"{name} must be whole numbers such as {like}; got {value!r:.60}")
    return tuple(whole(one, f"each of {name}", least=1) for one in value)


def choice(value, table, name):
    """`value`, one of the keys of `table`."""
    if not isinstance(value, str):
        raise TypeError(f"{name} must be one of {', '.join(table)}; got {_kind(value)}")
    if value not in table:
        raise ValueError(f"{name} must be one of {', '.join(table)}; got {shown(value, repr)}")
    return value


def labelled(value, name):
    """`value`, a dict that is not empty, such as {label: array}."""
    if not isinstance(value, dict) or not value:
        raise TypeError(f"{name} must be a dict with a label for each; got {_kind(value)}")
    return value


def function(value, name):
    """`value`, something that can be called."""
    if not callable(value):
        raise TypeError(f"{name} must be a function; got {_kind(value)}")
    return value


def pairs(value, name, names):
    """`value` as a tuple of pairs of finite arrays, `names` such as ("W", "b")."""
    if not isinstance(value, (tuple, list)) or not value:
        raise TypeError(f"{name} must be a tuple of pairs ({', '.join(names)}); got {_kind(value)}")
    checked = []
    for k, pair in enumerate(value, start=1):
        numbered = [f"{part}{k}" for part in names]
        if not isinstance(pair, (tuple, list)) or len(pair) != 2:
            wanted = f"the pair ({', '.join(numbered)})"
            raise TypeError(f"{name} must hold {wanted}; got {_kind(pair)}")
        checked.append(tuple(finite(array, part) for array, part in zip(pair, numbered)))
    return tuple(checked)


def float_type(value):
    """`value` as the dtype of floats of some size."""
    try:
        dtype = np.dtype(value) if isinstance(value, (str, type, np.dtype)) else None
    except (TypeError, ValueError, SyntaxError):
        dtype = None
    if dtype is None or dtype.kind != "f":
        raise TypeError(f"dtype must be a type of floats such as np.float32; got {shown(value)}")
    return dtype


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
    return "None" if value is None else f"{type(value).__name__} {shown(value, repr)}"


def shown(value, text=str):
    """The beginning of a value as text, in one line."""
    try:
        return " ".join(text(value)[:60].split())
    except ValueError:  # Python shows no whole number of more than 4,300 digits
        return "a very large number"


def _masked(value, depth=0):
    """Whether something is masked in an array, or in lists of them: there NumPy drops the mask."""
    if isinstance(value, (list, tuple)):
        return depth < 4 and any(_masked(item, depth + 1) for item in value)
    return np.ma.is_masked(value)


def _remedy(shape, columns, name, rows=None):
    """A hint where one step would give the wanted shape, else an empty string."""
    size = int(np.prod(shape))
    if len(shape) == 1 and size and size % columns == 0 and rows in (None, size // columns):
        return f"; {name}.reshape(-1, {columns}) may be meant"
    if len(shape) == 2 and shape[0] == columns and rows in (None, shape[1]) and size:
        return f"; {name}.T may be meant"
    return ""
