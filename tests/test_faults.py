"""Every public function, with every kind of nonsense: a right answer, or an error that helps.

GOOD holds one good call of each public function, DISTORTIONS the ways to spoil an argument. Each
argument of each call is spoilt in each way that fits it, and the call must end in one of two ways:
- The right answer: what the same call gives for the same numbers in plain float64 arrays. For huge
  and tiny numbers, what it gives in long doubles, which reach from 1e-4932 to 1e4932 on many
  machines; infinity is right only where no float64 is large enough.
- A ValueError or TypeError raised in nnlib itself, in one line that names the argument, the wanted
  and the got.
Either way there is no warning, and every argument is afterwards what it was.

What is decided, in nnlib/_validation.py:
- Lists, tuples, any memory layout or byte order, read-only arrays, subclasses (np.matrix too) and
  whatever has `__array__` count as the plain array of the same numbers. Answers are plain arrays.
- Floats of every size keep their type; integers and booleans become float64.
- A masked array in which nothing is masked is a plain array; a masked entry is an error.
- Arrays of objects are float64 arrays if every object is a real number. Complex, text, bytes, date
  and structured arrays, ragged lists, None and everything that isn't an array are errors.
- NaN and infinity are errors. In activations infinity gives the limit and NaN stays NaN, because a
  loop that diverges goes through them; in `curves` and `cost_curve` both are gaps in the line.
- Where a number is wanted, booleans, text and arrays with an axis are errors; a Fraction is a
  number. Where a whole number is wanted, 3.0 is an error.
"""

import datetime
import decimal
import fractions
import inspect
import re
import traceback
import types
import warnings
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest

import nnlib
from nnlib import (
    activations,
    checks,
    costs,
    data,
    gradcheck,
    network,
    optimizers,
    plots,
    training,
)
from nnlib.network import Layer, Network, Trace
from nnlib.optimizers import Adam, Momentum, Optimizer

HERE = Path(nnlib.__file__).parent
MODULES = (activations, costs, network, optimizers, training, gradcheck, data, plots, checks)

# -- a good call of every function ---------------------------------------------------------------

RNG = types.SimpleNamespace()  # stands for a new generator, the same for each call
draw = np.random.default_rng(7)
Z, DA = draw.uniform(-2, 2, (3, 2)), draw.uniform(-1, 1, (3, 2))
A, Y = draw.uniform(0.1, 0.9, (3, 2)), np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]])
X = np.array([[0.5, 0.75], [0.25, 0.375], [1.0, 1.0]])
y = np.array([[0.75], [1.0], [0.25]])
NET = Network((2, 3, 1), hidden="tanh", cost="cross_entropy", l2=0.1, l1=0.1)
PARAMETERS = tuple(
    Layer(draw.uniform(-1, 1, (n_in, n_out)), draw.uniform(-1, 1, (1, n_out)))
    for n_in, n_out in ((2, 3), (3, 1))
)
TRACE = network.forward_propagation(NET, PARAMETERS, X)
GRADIENTS = network.backward_propagation(NET, PARAMETERS, TRACE, y)
SMALL = (Layer(Z[:1], DA[:1]), Layer(Z[:2, :1], DA[:1, :1]))
SMALL_TRACE = network.forward_propagation(Network((1, 2, 1)), SMALL, X[:, :1])
SCALER = data.Scaler.fit(X)
LEARN = {"network": NET, "parameters": PARAMETERS, "X": X, "y": y}
SQUARE = np.array([[0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])


@np.errstate(over="ignore")
def total(x):
    return float((np.asarray(x, dtype=float) ** 2).sum())


def bowl(*weights):
    return total(weights)


def first(points):
    return points[:, :1]


# What arguments of these names are. A function with no other arguments needs no line in CALLS.
USUAL = {
    "z": Z, "da": DA, "a": A, "samples": 8, "noise": 0.5, "rng": RNG, "turns": 1.5, "classes": 3,
    "beta": 0.5, "beta1": 0.5, "beta2": 0.5, "epsilon": 0.5,
}  # fmt: skip
CALLS = {
    "costs": {
        "mean_squared_error": {"y_hat": A, "y": Y},
        "cross_entropy": {"z": Z, "y": Y, "output": "softmax"},
    },
    "network": {
        "Network": {
            "sizes": (2, 3, 1), "hidden": "relu", "output": "sigmoid", "cost": "cross_entropy",
            "l2": 0.5, "l1": 0.5,
        },
        "initialize_parameters": {
            "network": NET, "rng": RNG, "scale": 0.5, "networks": 2, "dtype": np.float32,
        },
        "forward_propagation": {"network": NET, "parameters": PARAMETERS, "X": X},
        "compute_cost": {"network": NET, "parameters": PARAMETERS, "trace": TRACE, "y": y},
        "backward_propagation": {"network": NET, "parameters": PARAMETERS, "trace": TRACE, "y": y},
        "predict": {"network": NET, "parameters": PARAMETERS, "X": X},
        "accuracy": {"predictions": Y, "labels": Y[::-1]},
        "validate_parameters": {"network": NET, "parameters": PARAMETERS},
    },
    "optimizers": {
        "update_parameters": {
            "parameters": PARAMETERS, "gradients": GRADIENTS, "learning_rate": 0.5,
        },
    },
    "training": {
        "train_neural_network": LEARN | {
            "learning_rate": 0.5, "epochs": 2, "optimizer": Momentum(), "batch_size": 2,
            "rng": RNG, "snapshot_every": 1,
        },
    },
    "gradcheck": {
        "numerical_gradient": {"f": total, "x": Z, "step": 0.001},
        "numerical_gradients": LEARN | {"step": 0.001},
        "relative_error": {"a": Z, "b": DA},
    },
    "data": {
        "split": {"X": X, "y": y, "test_size": 0.5, "rng": RNG},
        "Scaler.fit": {"X": X, "method": "standard"},
        "Scaler.transform": {"self": SCALER, "X": X},
        "Scaler.inverse": {"self": SCALER, "X": X},
    },
    "plots": {
        "panels": {"count": 1},
        "activation": {"function": activations.tanh, "at": np.array([0.5, 1.0])},
        "curves": {"x": Z[:, 0], "lines": {"y": Z[:, 1]}},
        "cost_curve": {"costs": np.array([3.0, 2.0, 1.0])},
        "houses": {"X": X, "y": y},
        "predictions": {"y_hat": A[:, :1], "y": y, "before": Y[:, :1]},
        "ensemble_curves": {"x": np.array([1.0, 2.0, 3.0]), "answers": A},
        "network_diagram": {"parameters": SMALL, "trace": SMALL_TRACE, "gradients": SMALL},
        "neuron": {"x": Z[0], "w": DA[0], "b": 0.5},
        "chain": {
            "nodes": ("w", "J"), "values": Z[0], "slopes": Z[1, :1], "gradients": DA[0],
        },
        "matrices": {"X": X},
        "violins": {"layers": {"1": Z}},
        "strip_plot": {"groups": {"a": Z}},
        "scatter": {"X": X, "values": y},
        "images": {"X": np.hstack([Z, Z])},
        "predicted_vs_true": {"y_hat": A[:, :1], "y": y, "error_bars": y},
        "tangent": {"function": bowl, "at": 0.5, "values": np.array([-1.0, 0.0, 1.0]), "run": 1.5},
        "descent": {"cost": bowl, "path": Z[0], "values": np.array([-1.0, 0.0, 1.0])},
        "cost_surface": {
            "cost": bowl, "w1_values": np.array([-1.0, 0.5]), "w2_values": np.array([0.5, 1.0]),
            "path": Z,
        },
        "heat_map": {"function": first, "x1_range": np.array([-1.0, 1.0]), "x2_range": X[0]},
        "decision_boundary": {"function": first, "X": X, "y": Y[:, :1]},
    },
    "checks": {
        "check": {"name": "sigmoid", "answer": activations.sigmoid},
        "grade": {"name": "sigmoid", "points": 4.0},
        "progress": {"notebook": "02"},
    },
}  # fmt: skip

# Plain holders of data: what they hold meets the doors above.
HOLDERS = {
    "Dataset",
    "Activation",
    "Cost",
    "Layer",
    "Gradient",
    "Trace",
    "History",
    "Scaler",
    "Exercise",
}
# What several modules share behind their doors, and the pattern of an optimizer of one's own.
INNER = {
    "as_probabilities",
    "validate_inputs",
    "validate_targets",
    "validate_learning_rate",
    "forward",
    "cost",
    "backward",
    "add_penalties",
    "to_classes",
    "descend",
    "batches",
    "read_file",
    "load_arrays",
    "Optimizer",
    "load",
    "save",
}

# -- the ways to spoil an argument ---------------------------------------------------------------


class Tagged(np.ndarray):
    """A subclass that no formula must meet."""

    def __array_ufunc__(self, *arguments, **settings):
        raise AssertionError("a formula met the subclass")


class Wrapped:
    """No array, but something that gives one."""

    def __init__(self, array):
        self.array = array

    def __array__(self, dtype=None, copy=None):
        return np.array(self.array, dtype=dtype)


def tuples(array):
    return tuple(map(tuples, array)) if np.ndim(array) else float(array)


def unaligned(array):
    content = b"\0" + array.tobytes()
    return np.frombuffer(content, array.dtype, offset=1).reshape(array.shape)


def read_only(array):
    array = array.copy()
    array.flags.writeable = False
    return array


def cast(dtype):
    return lambda array: array.astype(dtype)


def ragged(array):
    return [*array.tolist(), [1.0, 2.0, 3.0, 4.0, 5.0]]


def endless():
    value = []
    value.append(value)
    return value


def holding(bad):
    """A function that puts `bad` into the last place of an array."""

    def put(array):
        array = array.copy()
        array.reshape(-1)[-1] = bad
        return array

    return put


def holding_object(bad):
    def put(array):
        array = array.astype(object)
        array.reshape(-1)[-1] = bad
        return array.tolist()

    return put


def masked(array):
    return np.ma.array(array, mask=np.arange(array.size).reshape(array.shape) == array.size - 1)


def times(factor):
    return lambda array: array * factor


def filled(value):
    return lambda array: np.full_like(array, value)


def always(value):
    return lambda argument: value


def structured(array):
    return np.zeros(array.shape, dtype=[("a", float), ("b", float)])


NOTHING_AT_ALL = {
    "None": always(None),
    "text": always("nonsense"),
    "bytes": always(b"\x02\x03\x01"),
    "an object": always(object()),
    "a dict": always({"a": 1}),
    "a set": always({2, 3, 1}),
    "a class": always(dict),
    "a function": always(len),
    "a generator": lambda argument: (i for i in (2, 3, 1)),
    "a module": always(np),
    "an Ellipsis": always(...),
    "a complex number": always(1 + 2j),
    "a date": always(datetime.date(2026, 1, 1)),
    "a list that holds itself": lambda argument: endless(),
    "lists of lists of text": always([["a", "b"], ["c", "d"]]),
}
# (what fits them, how the call must end, {name: how they are made})
DISTORTIONS = [
    (np.ndarray, "right", {
        "a list": np.ndarray.tolist,
        "tuples": tuples,
        "a list of arrays": list,
        "Fortran order": lambda a: np.array(a, order="F"),
        "strided": lambda a: np.repeat(a, 2, axis=-1)[..., ::2],
        "backwards in memory": lambda a: a[::-1].copy()[::-1],
        "read-only": read_only,
        "unaligned": unaligned,
        "the other byte order": lambda a: a.astype(a.dtype.newbyteorder()),
        "float16": cast(np.float16),
        "float32": cast(np.float32),
        "longdouble": cast(np.longdouble),
        "a subclass": lambda a: a.view(Tagged),
        "something with __array__": Wrapped,
        "objects that are numbers": cast(object),
        "a masked array without masked entries": np.ma.array,
        "a masked array with an empty mask": lambda a: np.ma.array(a, mask=np.zeros(a.shape)),
    }),
    (np.ndarray, "either", {
        "integers": lambda a: np.round(a).astype(int),
        "small integers": lambda a: np.round(a).astype(np.int8),
        "unsigned integers": lambda a: np.abs(np.round(a)).astype(np.uint64),
        "booleans": cast(bool),
        "np.matrix": lambda a: np.matrix(a),
        "transposed": lambda a: a.T,
        "a flat array": np.ravel,
        "a column": lambda a: a.reshape(-1, 1),
        "a number": lambda a: float(a.flat[0]),
        "an array of no axes": lambda a: np.array(a.flat[0]),
        "four axes": lambda a: a.reshape(1, 1, *a.shape) if a.ndim == 2 else np.stack([[[a]]]),
        "a stack": lambda a: np.stack([a, a]),
        "an empty list": always([]),
        "an empty array": lambda a: a[:0],
        "rows without columns": lambda a: a[..., :0],
        "one row more": lambda a: np.concatenate([a, a[-1:]]),
        "one row less": lambda a: a[1:],
        "one column more": lambda a: np.concatenate([a, a[..., -1:]], axis=-1),
        "one column less": lambda a: a[..., 1:],
        "one row": lambda a: a[:1],
    }),
    (np.ndarray, "long", {
        "zeros": filled(0.0),
        "negative zeros": filled(-0.0),
        "ones": filled(1.0),
        "negative": times(-1),
        "thousands": times(1e3),
        "1e150": times(1e150),
        "1e300": times(1e300),
        "the largest": filled(np.finfo(float).max),
        "the largest, of both signs": lambda a: np.finfo(float).max * np.sign(a - a.mean()),
        "1e-5": times(1e-5),
        "1e-150": times(1e-150),
        "1e-300": times(1e-300),
        "the smallest": filled(5e-324),
        "one large": holding(1e200),
        "one tiny": holding(1e-200),
    }),
    (np.ndarray, "refused", NOTHING_AT_ALL | {
        "texts": cast(str),
        "byte texts": cast(bytes),
        "complex numbers": cast(complex),
        "dates": lambda a: np.abs(a * 1000).astype(int).astype("datetime64[D]"),
        "time spans": lambda a: (a * 1000).astype(int).astype("timedelta64[s]"),
        "records": structured,
        "a ragged list": ragged,
        "a list with a None": holding_object(None),
        "a list with a text": holding_object("x"),
        "a list with a Decimal": holding_object(decimal.Decimal(1)),
        "a list with an endless whole number": holding_object(10**400),
        "a masked entry": masked,
        "all masked": lambda a: np.ma.masked_all(a.shape),
        "a NaN": holding(np.nan),
        "all NaN": filled(np.nan),
        "a NaN in float16": lambda a: holding(np.nan)(a).astype(np.float16),
        "an infinity": holding(np.inf),
        "a negative infinity": holding(-np.inf),
    }),
    (float, "right", {
        "float16": np.float16, "float32": np.float32, "float64": np.float64,
        "longdouble": np.longdouble, "an array of no axes": np.array,
        "a Fraction": fractions.Fraction,
    }),
    (float, "long", {
        "zero": always(0.0), "negative zero": always(-0.0), "one": always(1.0),
        "two": always(2), "negative": always(-0.5), "huge": always(1e300),
        "tiny": always(1e-300), "the smallest": always(5e-324),
        "the largest": always(np.finfo(float).max), "nearly 1": always(np.nextafter(1, 0)),
    }),
    (float, "refused", NOTHING_AT_ALL | {
        "NaN": always(np.nan), "infinity": always(np.inf), "minus infinity": always(-np.inf),
        "NaN in float16": always(np.float16(np.nan)), "beyond floats": always(10**400),
        "beyond what Python shows": always(10**5000),
        "a Fraction beyond floats": always(fractions.Fraction(10**400)),
        "a boolean": always(True), "NumPy's boolean": always(np.True_),
        "a Decimal": decimal.Decimal, "a text of digits": str, "a list": lambda number: [number],
        "an array": lambda number: np.array([number, number]),
        "an empty array": always(np.array([])), "masked": always(np.ma.masked),
        "a matrix": lambda number: np.matrix([[number] * 9] * 9),
    }),
    (int, "right", {
        "NumPy's int8": np.int8, "NumPy's int64": np.int64, "an array of no axes": np.array,
    }),
    (int, "either", {
        "zero": always(0), "negative": always(-3), "one": always(1), "five": always(5),
        "400 digits": always(10**400), "5,000 digits": always(10**5000), "2⁶²": always(2**62),
    }),
    (int, "refused", NOTHING_AT_ALL | {
        "a float": float, "NumPy's float": np.float64, "a boolean": always(True),
        "a text of digits": str, "a list": lambda number: [number], "NaN": always(np.nan),
        "infinity": always(np.inf), "a Fraction": fractions.Fraction,
        "an array": lambda number: np.array([number, number]), "masked": always(np.ma.masked),
    }),
    (str, "refused", NOTHING_AT_ALL | {
        "another case": str.upper, "spaces": lambda text: f" {text} ", "empty": always(""),
        "a number of 5,000 digits": always(10**5000), "encoded": str.encode,
        "in a list": lambda text: [text], "a number": always(1),
        "NaN": always(np.nan), "a list of nothing": always([]), "array": np.array,
    }),
    (types.SimpleNamespace, "refused", NOTHING_AT_ALL | {
        "a seed": always(1), "the old module": always(np.random),
        "an old generator": always(np.random.RandomState(1)),
        "bits": always(np.random.PCG64(1)), "not called": always(np.random.default_rng),
    }),
    (Network, "refused", NOTHING_AT_ALL | {
        "its sizes": always((2, 3, 1)), "its class": always(Network),
    }),
    (Network, "either", {
        "more inputs": always(Network((3, 3, 1))), "more layers": always(Network((2, 3, 3, 1))),
        "more outputs": always(Network((2, 3, 2))), "fewer layers": always(Network((2, 1))),
    }),
    (tuple, "right", {"a list": list, "lists": lambda pairs: list(map(list, pairs))}),
    (tuple, "refused", NOTHING_AT_ALL | {
        "a number": always(3), "empty": always(()), "one less": lambda pairs: pairs[:-1],
        "one more": lambda pairs: (*pairs, pairs[-1]), "reversed": lambda pairs: pairs[::-1],
        "without biases": lambda pairs: tuple(W for W, _ in pairs),
        "flat": lambda pairs: tuple(array for pair in pairs for array in pair),
        "triples": lambda pairs: tuple((*pair, pair[1]) for pair in pairs),
        "transposed": lambda pairs: tuple(type(p)(p[0].T, p[1].T) for p in pairs),
        "one of two stacked": lambda pairs: (
            *pairs[:-1], tuple(np.stack([array, array, array]) for array in pairs[-1])),
        "only weights": lambda pairs: tuple((W,) for W, _ in pairs),
        "iterator": iter, "names": lambda pairs: {f"W{k}": p for k, p in enumerate(pairs)},
    }),
    (Trace, "refused", NOTHING_AT_ALL | {
        "its y_hat": lambda trace: trace.y_hat, "its dicts": lambda trace: (trace.z, trace.a),
        "a look-alike": lambda trace: types.SimpleNamespace(z=trace.z, a=trace.a),
        "empty": always(Trace({}, {})), "its class": always(Trace),
        "of a wider network": lambda trace: Trace(
            {k: np.hstack([v, v]) for k, v in trace.z.items()},
            {k: np.hstack([v, v]) for k, v in trace.a.items()}),
        "of a stack": lambda trace: Trace(
            {k: np.stack([v, v]) for k, v in trace.z.items()},
            {k: v if k == 1 else np.stack([v, v]) for k, v in trace.a.items()}),
        "of a deeper network": lambda trace: Trace(
            trace.z | {4: trace.z[3]}, trace.a | {4: trace.a[3]}),
    }),
    (Trace, "either", {
        "of other samples": lambda trace: Trace(
            {k: v[1:] for k, v in trace.z.items()}, {k: v[1:] for k, v in trace.a.items()}),
    }),
    (Optimizer, "refused", NOTHING_AT_ALL | {
        "its name": always("adam"), "its class": always(Adam),
        "half of one": always(types.SimpleNamespace(start=len)),
    }),
    (types.FunctionType, "refused", {
        name: make for name, make in NOTHING_AT_ALL.items()
        if name not in ("a class", "a function")
    } | {
        "a number": always(3),
        "an array": always(np.ones(3)),
        "one that gives None": always(lambda *arguments: None),
        "one that gives text": always(lambda *arguments: "a"),
        "one that gives NaN": always(lambda *arguments: np.nan),
        "one that gives infinity": always(lambda *arguments: np.inf),
        "one that gives a pair": always(lambda *arguments: np.array([1.0, 2.0])),
        "one that gives nothing": always(lambda *arguments: np.array([])),
        "one that gives a ragged list": always(lambda *arguments: [[1], [1, 2]]),
        "one that gives complex numbers": always(lambda *arguments: 1j),
    }),
    (type, "right", {
        "its name": always("float32"), "its dtype": always(np.dtype(np.float32)),
    }),
    (type, "refused", NOTHING_AT_ALL | {
        "whole numbers": always(int), "booleans": always(bool), "complex": always(complex),
        "objects": always(object), "texts": always(str), "dates": always("datetime64[s]"),
        "no type": always("float33"), "two types": always("f4,f4"), "half a type": always("(2"),
        "records": always(np.dtype([("a", float)])), "nothing": always(""),
    }),
    (dict, "refused", {"None": always(None), "text": always("a"), "a list": always([1.0, 2.0]),
                       "a function": always(len), "a number": always(3)}),
]  # fmt: skip

# A picture takes long to draw: of what a picture function must take, only these are tried on it.
DRAWN = {"a list", "read-only", "float16", "np.matrix", "a stack", "an empty array"}

# Where a nonsense is none: regular expressions for function, argument and distortion.
ALLOWED = [
    (r"activations\.(sigmoid|tanh|relu|identity)", "z", ".*(NaN|infinity|endless).*"),
    (r"plots\.(curves|cost_curve)", "y|costs", r".*(NaN|infinity|endless).*"),  # a gap in the line
    (r"plots\.activation", "at", "a dict"),  # {label: z}
    (r"plots\.network_diagram", "1", "None"),  # a layer without biases
    (r"plots\.cost_surface", "path", "a dict"),  # {label: path}
    (r"checks\.progress", "notebook", "another case"),  # "02" has no case
    (r"checks\.check", "answer", ".*"),  # whatever it is, check says what is wrong with it
    (r"plots\.network_diagram", "trace", "its dicts|empty"),  # what is not known is not drawn
    (r"plots\.decision_boundary", "function", "None"),
]

# -- the campaign --------------------------------------------------------------------------------

LONG = np.longdouble
LONG_IS_LONGER = np.finfo(LONG).maxexp > np.finfo(float).maxexp
FLOAT_MAX = np.finfo(float).max


def public(module):
    """{name: function} of the public functions and classes of a module, and of Scaler's methods."""
    names = getattr(module, "__all__", [name for name in vars(module) if not name.startswith("_")])
    own = {name: getattr(module, name) for name in names if callable(getattr(module, name))}
    at_home = module.__name__ + (".", "")[not hasattr(module, "__path__")]
    found = {
        name: one
        for name, one in own.items()
        if hasattr(module, "__all__") or one.__module__.startswith(at_home)
    }
    if module is data:
        found |= {f"Scaler.{name}": getattr(data.Scaler, name) for name in vars(data.Scaler)
                  if not name.startswith("_") and callable(getattr(data.Scaler, name))}  # fmt: skip
    return found


FUNCTIONS = {
    f"{module.__name__.removeprefix('nnlib.')}.{name}": function
    for module in MODULES
    for name, function in public(module).items()
    if name not in HOLDERS | INNER
}
ARGUMENTS = {
    name: [*inspect.signature(function).parameters] for name, function in FUNCTIONS.items()
}
GOOD = {
    name: {argument: USUAL[argument] for argument in arguments}
    for name, arguments in ARGUMENTS.items()
    if USUAL.keys() >= set(arguments)
} | {f"{module}.{name}": call for module, calls in CALLS.items() for name, call in calls.items()}


def test_every_public_function_is_here():
    missing = [f"{name}({', '.join(ARGUMENTS[name])})" for name in FUNCTIONS if name not in GOOD]
    assert not missing, f"CALLS in tests/test_faults.py lacks a good call of {'; '.join(missing)}"
    gone = sorted(GOOD.keys() - FUNCTIONS.keys())
    assert not gone, f"CALLS in tests/test_faults.py has {gone}, which nnlib hasn't (any more)"


def places(arguments):
    """(path of keys, value) of everything to spoil: each argument, and arrays within arguments."""
    for name, value in arguments.items():
        if name == "self":
            continue
        yield (name,), value
        if isinstance(value, dict):
            yield from (((name, key), array) for key, array in value.items())
        if isinstance(value, tuple) and value and isinstance(value[0], tuple):
            yield (name, 0, 0), value[0][0]
            yield (name, len(value) - 1, 1), value[-1][1]


def put(container, path, value):
    """A copy of nested dicts and tuples with another value at a path."""
    key, *rest = path
    new = put(container[key], rest, value) if rest else value
    if isinstance(container, dict):
        return container | {key: new}
    parts = [new if k == key else part for k, part in enumerate(container)]
    return type(container)(*parts) if hasattr(container, "_fields") else tuple(parts)


def spoilt(value, drawn=False):
    """(name of the distortion, how the call must end, the new value) that fit a good value."""
    for kind, ending, ways in DISTORTIONS:
        if isinstance(value, kind) and not (kind is tuple and not isinstance(value[0], tuple)):
            for name, make in ways.items():
                if drawn and ending != "refused" and name not in DRAWN:
                    continue
                with warnings.catch_warnings(action="ignore"):  # np.matrix warns of itself
                    try:
                        new = make(value)
                    except ValueError:  # a matrix has two axes, and so on
                        continue
                yield name, ending, new


def mapped(change, value):
    """`value` with every array in it changed."""
    if isinstance(value, np.ndarray):
        return change(value)
    if isinstance(value, dict):
        return {key: mapped(change, one) for key, one in value.items()}
    if isinstance(value, tuple):
        parts = [mapped(change, one) for one in value]
        return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
    return value


def plain(value, good):
    """The same numbers, as a float64 array, a float or an int; what has none, as it is."""
    if value is None or not isinstance(good, (np.ndarray, float, int)):
        return value
    try:
        array = np.array(value, dtype=float, order="C")
    except (ValueError, TypeError, OverflowError):
        return value
    if array.ndim == 0:
        return int(array) if np.asarray(value).dtype.kind in "iu" else float(array)
    return array


def called(function, arguments):
    """What a call gives, or its error, with every warning an error."""
    arguments = {
        name: np.random.default_rng(1) if value is RNG else value
        for name, value in arguments.items()
    }
    owner = arguments.pop("self", None)
    positional = [] if owner is None else [owner]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            return function(*positional, **arguments), None
        except Exception as error:
            return None, error


def leaves(value):
    """All arrays, numbers, texts and other things in an answer, one after the other."""
    if isinstance(value, plt.Axes):
        return [value.get_label()]
    if isinstance(value, np.ndarray) and value.dtype == object:
        return leaves(value.tolist())
    if isinstance(value, checks.progress_file.Progress):
        return [repr(value)]
    if isinstance(value, (tuple, list)):
        return [leaf for part in value for leaf in leaves(part)]
    if isinstance(value, dict):
        return [leaf for pair in value.items() for leaf in leaves(pair)]
    if isinstance(value, (Network, data.Scaler, training.History, Optimizer)):
        return leaves(vars(value))
    return [value]


def differs(got, wanted, tolerance, may_be_nan=False):
    """Whether two answers are not the same, up to a share of the largest number of an array."""
    got, wanted = leaves(got), leaves(wanted)
    return len(got) != len(wanted) or any(
        _leaf_differs(g, w, tolerance, may_be_nan) for g, w in zip(got, wanted)
    )


def _leaf_differs(got, wanted, tolerance, may_be_nan):
    numbers = (np.ndarray, np.generic, int, float)
    if not isinstance(wanted, numbers) or not isinstance(got, numbers):
        return type(got) is not type(wanted) or got != wanted
    if type(got) not in (np.ndarray, type(wanted)) and not isinstance(got, (np.generic, float)):
        return True  # a subclass came out
    got, wanted = np.asarray(got).astype(LONG), np.asarray(wanted).astype(LONG)
    if got.shape != wanted.shape or (np.isnan(got) != np.isnan(wanted)).any():
        return True
    if np.isnan(got).any() and not may_be_nan:
        return True
    got, wanted = got[~np.isnan(got)], wanted[~np.isnan(wanted)]
    beyond = np.abs(wanted) > FLOAT_MAX
    known = wanted[~beyond]
    room = tolerance * np.abs(known).max(initial=0) + LONG(1e-320)
    right = np.where(np.isinf(got), beyond & (np.sign(got) == np.sign(wanted)), True)
    return not (right.all() and (np.abs(got[~beyond] - known) <= room).all())


def fingerprint(value, depth=0):
    """What an argument is, to the last bit."""
    if isinstance(value, np.ndarray) and value.dtype != object:
        mask = np.ma.getmaskarray(value).tobytes() if np.ma.isMaskedArray(value) else b""
        bits = np.ma.getdata(value).tobytes()
        return type(value), value.dtype.str, value.shape, bits, mask, value.flags.writeable
    if isinstance(value, dict):
        return [(key, fingerprint(one, depth + 1)) for key, one in value.items()]
    if isinstance(value, (tuple, list)) and depth < 9:
        return type(value), [fingerprint(one, depth + 1) for one in value]
    if isinstance(value, (Network, Optimizer, data.Scaler)):
        return fingerprint(vars(value), depth)
    return id(value) if callable(value) or isinstance(value, int) else repr(value)


WANTED = re.compile(r"\bmust\b|\bneeds?\b|too large for a float|there are")
GOT = re.compile(r"\bgot\b|too large for a float|there is no")
INSIDE = {
    "parameters": r"[Wb]\d", "gradients": r"d[Wb]\d", "trace": r"[za]\d|y_hat", "f": r"f\(x\)",
    "function": r"\S+\(z\)", "cost": "the function", "name": "exercise",
}  # fmt: skip


def unhelpful(error, path, arguments, own):
    """What is wrong with an error, or None. `own`: it must name the argument that was spoilt."""
    if type(error) not in (ValueError, TypeError):
        return "another error"
    frames = traceback.extract_tb(error.__traceback__)[1:]
    frames = [frame for frame in frames if frame.filename != "<string>"]  # a dataclass's __init__
    if not frames or not Path(frames[-1].filename).is_relative_to(HERE):
        return "not raised in nnlib"
    if not frames[-1].line.startswith("raise "):
        return f"not raised but met in {Path(frames[-1].filename).name}, `{frames[-1].line}`"
    if len(frames) > 7 or any(not Path(f.filename).is_relative_to(HERE) for f in frames):
        return "the traceback leads elsewhere: " + " ".join(Path(f.filename).name for f in frames)
    if error.__cause__ or (error.__context__ and not error.__suppress_context__):
        return "one error during another"
    words = str(error)
    if "\n" in words:
        return "more than a line"
    names = {str(path[-1]), *([] if own else arguments)} | {path[0]}
    patterns = [re.escape(name) for name in names] + [INSIDE[n] for n in names if n in INSIDE]
    if not re.search(rf"(?<![a-z])({'|'.join(patterns)})(?![a-z])", words):
        return "no argument named"
    if not WANTED.search(words) or not GOT.search(words):
        return "wanted and got are not named"
    return None


def tolerance_of(name, value):
    """How many digits there are: few in short floats, and half of them in differences."""
    digits = {2: 2e-2, 4: 1e-5}.get(getattr(getattr(value, "dtype", None), "itemsize", 8), 1e-9)
    return max(digits, 1e-6) if name.startswith("gradcheck.numerical") else digits


def verdict(name, path, found, distortion, ending, value):
    """("right" or "refused", None), or (…, what is wrong with the end of one call)."""
    function, good = FUNCTIONS[name], GOOD[name]
    arguments = put(good, path, value)
    before = fingerprint(arguments)
    got, error = called(function, arguments | on_axes(function))
    if fingerprint(arguments) != before:
        return "edited", "an argument was edited"
    allowed = any(
        all(map(re.fullmatch, rule, (name, str(path[-1]), distortion))) for rule in ALLOWED
    )
    if error is not None:
        reason = unhelpful(error, path, good, own=ending == "refused")
        if reason is None and ending == "right" and not allowed:
            reason = "must be taken"
        return "refused", reason and f"{reason}: {type(error).__name__}: {error}"
    if ending == "refused" and not allowed:
        return "right", f"must be refused; gave {got!s:.60}"
    wanted, problem = reference(name, path, plain(value, found), ending == "long")
    if problem is not None:
        return "right", f"the plain call fails: {problem!r}; this gave {got!s:.60}"
    if differs(got, wanted, tolerance_of(name, value), may_be_nan=allowed):
        return "right", f"gave {leaves(got)!s:.120} for {leaves(wanted)!s:.120}"
    return "right", None


def reference(name, path, value, long):
    """The answer to the same numbers in plain arrays, or in long ones."""
    function = FUNCTIONS[name]
    arguments = put(GOOD[name], path, value)
    if long and LONG_IS_LONGER:
        arguments = mapped(cast(LONG), arguments)
    return called(function, arguments | on_axes(function))


def on_axes(function):
    """{"ax": a clear Axes} for a picture function: a figure for each call would take long."""
    if "ax" not in inspect.signature(function).parameters:
        return {}
    figure = plt.figure("faults")
    ax = figure.axes[0] if figure.axes else figure.add_subplot()
    if ax.has_data() or ax.get_label():
        figure.clear()
        ax = figure.add_subplot()
    return {"ax": ax}


@pytest.mark.parametrize("name", GOOD)
def test_every_call_ends_well(name, record_property):
    assert called(FUNCTIONS[name], GOOD[name])[1] is None
    ends, faults = [], []
    optional = {p.name for p in inspect.signature(FUNCTIONS[name]).parameters.values()
                if p.default is None}  # fmt: skip
    for path, good in places(GOOD[name]):
        for distortion, ending, value in spoilt(good, name.startswith("plots.")):
            if value is None and path[0] in optional:
                continue
            end, problem = verdict(name, path, good, distortion, ending, value)
            ends.append(end)
            if problem:
                faults.append(f"{'.'.join(map(str, path))}, {distortion}: {problem}")
    plt.close("all")
    record_property("calls", (len(ends), ends.count("right"), ends.count("refused")))
    assert not faults, f"{len(faults)} of {len(ends)} calls:\n" + "\n".join(faults)


# (function, argument, the last numbers that are taken, the first that are not)
BOUNDS = [
    ("network.Network", "l2", [0], [-1e-9]),
    ("network.Network", "l1", [0], [-1e-9]),
    ("network.Network", "sizes", [(1, 1), (2**31, 1)], [(2,), (0, 1), (1, 0), (2**31 + 1, 1)]),
    ("network.initialize_parameters", "scale", [0], [-1e-9]),
    ("network.initialize_parameters", "networks", [1], [0]),
    ("optimizers.update_parameters", "learning_rate", [0], [-1e-9]),
    ("optimizers.Momentum", "beta", [0, 1 - 1e-9], [-1e-9, 1]),
    ("optimizers.RMSProp", "beta", [0, 1 - 1e-9], [-1e-9, 1]),
    ("optimizers.Adam", "beta1", [0, 1 - 1e-9], [-1e-9, 1]),
    ("optimizers.Adam", "beta2", [0, 1 - 1e-9], [-1e-9, 1]),
    ("optimizers.Adam", "epsilon", [5e-324], [0, -1e-9]),
    ("training.train_neural_network", "learning_rate", [0], [-1e-9]),
    ("training.train_neural_network", "epochs", [0], [-1]),
    ("training.train_neural_network", "batch_size", [1, 9], [0]),
    ("training.train_neural_network", "snapshot_every", [1, 9], [0]),
    ("gradcheck.numerical_gradient", "step", [1e-9], [0, -1e-9]),
    ("data.moons", "samples", [2], [1]),
    ("data.moons", "noise", [0, 1e6 - 1], [-1e-9, 1e6]),
    ("data.spiral", "turns", [1 - 1e6, 0, 1e6 - 1], [-1e6, 1e6]),
    ("data.split", "test_size", [1e-9, 1 - 1e-9], [0, 1]),
    ("costs.cross_entropy", "y", [0 * Y + [0, 1]], [[[-1e-9, 1]] * 3, [[0, 1 + 1e-9]] * 3]),
]


@pytest.mark.parametrize("name, argument, inside, outside", BOUNDS)
def test_bounds_are_where_they_should_be(name, argument, inside, outside):
    for value in inside:
        assert called(FUNCTIONS[name], GOOD[name] | {argument: value})[1] is None
    for value in outside:
        _, error = called(FUNCTIONS[name], GOOD[name] | {argument: value})
        assert isinstance(error, ValueError) and argument in str(error)
