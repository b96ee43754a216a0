"""Argument validation for the public functions: each returns the converted argument, or raises.

Wrong types raise a TypeError, wrong values a ValueError, each in one line that names the argument,
what was expected and what arrived. tests/test_faults.py tries every kind of argument everywhere.
"""

import inspect
from functools import wraps
from numbers import Integral, Real

import numpy as np

MAX_COUNT = 2**31  # of samples, epochs, neurons, networks


def as_floats(value, name):
    """Return `value` as a float array: floats keep their dtype, other real numbers become float64.

    Accepts lists, arrays, anything with `__array__`, and pandas frames whose columns are numbers.
    """
    if type(value) is np.ndarray and value.dtype.kind == "f":
        return value
    if hasattr(value, "columns") and hasattr(value, "to_numpy"):
        value = _frame_to_array(value, name)
    if np.ma.is_masked(value):
        raise TypeError(f"{name} must have no masked entries; got some: fill or drop them first")
    try:
        array = np.asarray(None if isinstance(value, (bytes, bytearray)) else value)
    except ValueError:
        raise ValueError(f"{name} must have rows of equal length; got a ragged list") from None
    except Exception as error:
        raise TypeError(
            f"{name} must convert to an array; got {describe(value)}: {error}"
        ) from None
    if array.dtype.kind == "O" and all(isinstance(item, Real) for item in array.flat):
        array = np.array([_to_float(item) for item in array.flat]).reshape(array.shape)
    if array.dtype.kind in "biu":
        return array.astype(float)
    if array.dtype.kind != "f":
        raise TypeError(f"{name} must hold real numbers; got {describe(value, array)}")
    return array


def _frame_to_array(frame, name):
    """Return a pandas frame as a float array, column by column; missing entries become NaN."""
    for column in frame.columns:
        entries = frame[column]
        if getattr(entries.dtype, "kind", "O") not in "biuf" and not all(
            isinstance(item, Real) for item in entries
        ):
            raise TypeError(
                f"{name} must hold real numbers; column {column!r} holds {entries.dtype}"
            )
    return np.column_stack(
        [np.asarray(frame[column].to_numpy(dtype=float, na_value=np.nan)) for column in frame]
    )


def column_names(value):
    """Return the names of a frame's columns as a tuple, or None for what has no names."""
    names = getattr(value, "columns", None)
    return None if names is None else tuple(map(str, names))


def as_finite(value, name):
    """Return `value` as an array of finite floats."""
    array = as_floats(value, name)
    invalid = ~np.isfinite(array)
    if invalid.any():
        index = tuple(int(i) for i in np.argwhere(invalid)[0])
        where = f" at index {index}" if index else ""
        raise ValueError(f"{name} must hold finite numbers only; got {array[index]}{where}")
    return array


def check_overflow(result, name, advice="scale the data"):
    """Return `result` if it is finite: finite arguments can give numbers too large for a float."""
    if not np.isfinite(result).all():
        raise ValueError(f"{name} is too large for a float; {advice}")
    return result


def validated(convert):
    """Decorate a formula so that each argument passes `convert(value, name)` first.

    All arguments must have the shape of the last one, or be single numbers. Results of `as_finite`
    arguments must be finite too. `__wrapped__` is the formula itself, for use inside loops.
    """

    def decorate(formula):
        signature = inspect.signature(formula)

        @wraps(formula)
        def function(*args, **kwargs):
            bound = signature.bind(*args, **kwargs).arguments
            arrays = {name: convert(value, name) for name, value in bound.items()}
            *others, (last, expected) = ((name, array.shape) for name, array in arrays.items())
            for name, shape in others:
                if shape not in (expected, ()):
                    raise ValueError(
                        f"{name} must have the shape of {last}, {expected}; got {shape}"
                    )
            with np.errstate(over="ignore", under="ignore", invalid="ignore"):
                result = formula(*arrays.values())
            if convert is not as_finite:
                return result
            return check_overflow(result, "the result", f"make {' and '.join(arrays)} smaller")

        return function

    return decorate


def as_samples(value, columns, name):
    """Return `value` as finite floats (samples, columns), or (K, samples, columns) for a stack.

    `columns` None allows any number of columns.
    """
    array = as_finite(value, name)
    width = columns or (array.shape[-1] if array.ndim > 1 else 1)
    if array.ndim not in (2, 3) or array.shape[-1] != width or 0 in array.shape:
        expected = f"(samples, {columns or 'outputs'})"
        raise ValueError(
            f"{name} must have shape {expected}, one row per sample; got {array.shape}"
            + _shape_advice(array.shape, width, name)
        )
    return array


def as_table(value, columns, name):
    """Return `value` as finite floats (samples, columns), not a stack."""
    array = as_samples(value, columns, name)
    if array.ndim != 2:
        expected = f"(samples, {columns or 'columns'})"
        flat = f"; np.reshape({name}, (len({name}), -1)) makes each sample one row"
        raise ValueError(
            f"{name} must be one table {expected}, not a stack; got {array.shape}{flat}"
        )
    return array


def as_vector(value, name, *, at_least=1):
    """Return `value` as finite floats (n,) with n at least `at_least`."""
    array = as_finite(value, name)
    if array.ndim != 1 or array.size < at_least:
        expected = f"(n,) with n at least {at_least}"
        raise ValueError(f"{name} must have shape {expected}; got {array.shape}")
    return array


def as_targets(value, y_hat, name="y"):
    """Return `value` as finite floats in the shape of `y_hat`; a stack may share one table."""
    array = as_finite(value, name)
    if array.shape not in (y_hat.shape, y_hat.shape[-2:]):
        rows, columns = y_hat.shape[-2:]
        raise ValueError(
            f"{name} must have shape {(rows, columns)}, one row per sample; got {array.shape}"
            + _shape_advice(array.shape, columns, name, rows)
        )
    return array


def as_float(value, name, *, above=None, at_least=None, below=None):
    """Return `value` as a finite float inside the bounds."""
    value = _unwrap(value)
    if not isinstance(value, Real) or isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} must be a number; got {describe(value)}")
    number = _to_float(value)
    inside = (
        np.isfinite(number)
        and (above is None or number > above)
        and (at_least is None or number >= at_least)
        and (below is None or number < below)
    )
    if not inside:
        limits = (("> ", above), (">= ", at_least), ("< ", below))
        bounds = " and ".join(f"{sign}{limit}" for sign, limit in limits if limit is not None)
        raise ValueError(
            f"{name} must be a finite number {bounds}".strip() + f"; got {abridged(value)}"
        )
    return number


def as_int(value, name, *, at_least, at_most=MAX_COUNT):
    """Return `value` as an int between `at_least` and `at_most`."""
    value = _unwrap(value)
    if not isinstance(value, Integral) or isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} must be a whole number; got {describe(value)}")
    if value < at_least:
        raise ValueError(f"{name} must be at least {at_least}; got {abridged(value)}")
    if value > at_most:
        raise ValueError(f"{name} must be at most {at_most}; got {abridged(value)}")
    return int(value)


def as_int_tuple(value, name, *, example):
    """Return `value`, a sequence such as `example`, as a tuple of ints that are at least 1."""
    if not isinstance(value, (tuple, list, range)) and np.ndim(value) != 1:
        got = abridged(value, repr)
        raise TypeError(f"{name} must be whole numbers such as {example}; got {got}")
    return tuple(as_int(item, f"each of {name}", at_least=1) for item in value)


def as_bool(value, name):
    """Return `value` as a bool; only booleans will do."""
    if not isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} must be True or False; got {describe(value)}")
    return bool(value)


def as_choice(value, options, name):
    """Return `value` if it is one of the strings in `options`."""
    if not isinstance(value, str):
        raise TypeError(f"{name} must be one of {', '.join(options)}; got {describe(value)}")
    if value not in options:
        raise ValueError(f"{name} must be one of {', '.join(options)}; got {abridged(value, repr)}")
    return value


def as_labelled(value, name):
    """Return `value` if it is a non-empty dict such as {label: array}."""
    if not isinstance(value, dict) or not value:
        raise TypeError(f"{name} must be a dict with a label for each; got {describe(value)}")
    return value


def as_function(value, name):
    """Return `value` if it can be called."""
    if not callable(value):
        raise TypeError(f"{name} must be a function; got {describe(value)}")
    return value


def as_pairs(value, name, parts, like=None):
    """Return `value` as a tuple of pairs of finite arrays; `parts` names them, such as ("W", "b").

    `like`: the parameters whose number and shapes they must have.
    """
    if not isinstance(value, (tuple, list)) or not value:
        raise TypeError(
            f"{name} must be a tuple of pairs ({', '.join(parts)}); got {describe(value)}"
        )
    if like is not None and len(value) != len(like):
        raise ValueError(
            f"{name} must have length {len(like)} to match parameters; got {len(value)}"
        )
    pairs = []
    for k, pair in enumerate(value, start=1):
        numbered = [f"{part}{k}" for part in parts]
        if not isinstance(pair, (tuple, list)) or len(pair) != 2:
            expected = f"the pair ({', '.join(numbered)})"
            raise TypeError(f"{name} must hold {expected}; got {describe(pair)}")
        pairs.append(tuple(as_finite(array, part) for array, part in zip(pair, numbered)))
        shapes = tuple(array.shape for array in pairs[-1])
        expected = tuple(np.shape(array) for array in like[k - 1]) if like else shapes
        if shapes != expected:
            names = " and ".join(numbered)
            raise ValueError(
                f"{names} must have shapes {expected}, as parameters have; got {shapes}"
            )
    return tuple(pairs)


def as_parameters(parameters, sizes):
    """Return `parameters` as a tuple of pairs W (n_in, n_out), b (1, n_out), or of their stacks."""
    as_sequence(parameters, len(sizes) - 1, "parameters")
    pairs = []
    for k, (pair, n_in, n_out) in enumerate(zip(parameters, sizes, sizes[1:]), start=1):
        W, b = as_sequence(pair, 2, f"the pair (W{k}, b{k})")
        W = _as_array_of_shape(W, (n_in, n_out), f"W{k}")
        pairs.append((W, _as_array_of_shape(b, (1, n_out), f"b{k}")))
    stacks = {array.shape[:-2] for pair in pairs for array in pair}
    if len(stacks) > 1:
        got = ", ".join(map(str, sorted(stacks)))
        raise ValueError(f"parameters must all be stacks of equally many networks; got {got}")
    return tuple(pairs)


def _as_array_of_shape(value, expected, name):
    array = as_finite(value, name)
    if array.ndim not in (2, 3) or array.shape[-2:] != expected:
        raise ValueError(
            f"{name} must have shape {expected}, or (K, *{expected}) for a stack; got {array.shape}"
        )
    return array


def check_trace(z, a, sizes, stack):
    """Raise a ValueError unless the arrays of a trace have the shapes that these sizes imply."""
    m = np.shape(a.get(1))[-2:-1]
    shapes = {n: (*stack, *m, size) for n, size in enumerate(sizes, start=1)}
    got = {n: np.shape(array) for n, array in a.items()}
    if got.get(1) == (*m, sizes[0]):
        got[1] = shapes[1]  # one table for the whole stack
    if got != shapes or {n: np.shape(array) for n, array in z.items()} | {1: shapes[1]} != shapes:
        expected = f"trace must be what forward_propagation returned for a network of {sizes}"
        raise ValueError(f"{expected}; got a of shapes {', '.join(map(str, got.values()))}")


def as_sequence(value, length, name):
    """Return `value` if it is a tuple or list of that length."""
    if not isinstance(value, (tuple, list)):
        raise TypeError(f"{name} must be a tuple of {length}; got {type(value).__name__}")
    if len(value) != length:
        raise ValueError(f"{name} must have length {length}; got {len(value)}")
    return value


def as_float_dtype(value):
    """Return `value` as a floating-point dtype."""
    try:
        dtype = np.dtype(value) if isinstance(value, (str, type, np.dtype)) else None
    except (TypeError, ValueError, SyntaxError):
        dtype = None
    if dtype is None or dtype.kind != "f":
        raise TypeError(f"dtype must be a float type such as np.float32; got {abridged(value)}")
    return dtype


def as_generator(value):
    """Return `value` if it is a numpy.random.Generator: randomness is always passed in."""
    if not isinstance(value, np.random.Generator):
        raise TypeError(
            "rng must be a numpy.random.Generator such as np.random.default_rng(1); "
            f"got {describe(value)}"
        )
    return value


def describe(value, array=None):
    """Return the type and the beginning of a value, for messages."""
    if array is not None and isinstance(value, (list, tuple, np.ndarray)):
        return f"an array of {array.dtype}"
    return "None" if value is None else f"{type(value).__name__} {abridged(value, repr)}"


def abridged(value, to_text=str):
    """Return the first 60 characters of a value as text, in one line."""
    try:
        return " ".join(to_text(value)[:60].split())
    except ValueError:  # Python prints no int of more than 4,300 digits
        return "a very large number"


def _to_float(value):
    """Return a real number as a float, infinity where it is too large for one."""
    try:
        return float(value)
    except OverflowError:
        return np.inf


def _unwrap(value):
    """Return the number inside an array without axes."""
    return value[()] if isinstance(value, np.ndarray) and value.ndim == 0 else value


def _shape_advice(shape, columns, name, rows=None):
    """Return a hint where one step gives the expected shape, else an empty string."""
    size = int(np.prod(shape))
    if len(shape) == 1 and size and size % columns == 0 and rows in (None, size // columns):
        return f"; try np.asarray({name}).reshape(-1, {columns})"
    if size == rows and columns > 1:
        numbers = f"np.ravel({name}).astype(int)"
        classes = f"class numbers from 0 to {columns - 1}"
        return f"; for {classes}, np.eye({columns})[{numbers}] makes one-hot rows"
    if len(shape) == 2 and shape[0] == columns and rows in (None, shape[1]) and size:
        return f"; try np.transpose({name})"
    if len(shape) == 3 and shape[1] * shape[2] == columns:
        return f"; np.reshape({name}, (len({name}), -1)) makes each sample one row"
    return ""
