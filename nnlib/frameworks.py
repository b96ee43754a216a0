"""TensorFlow, Keras and PyTorch beside nnlib: the same start, the same batches, the same numbers.

No framework is imported before one is asked for, and none is needed: where it is not installed,
`run` and `follow` give what it once computed, kept in datasets/frameworks.npz with the versions.
tests/frameworks/reference.py made that file. The variable NNLIB_FRAMEWORKS may say "stored" (never
import one) or "live" (an ImportError where one is missing that there is for this Python).
Notebook 09.
"""

import os
import sys
from contextlib import contextmanager
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import NamedTuple

import numpy as np

from nnlib import _validation
from nnlib.data import load_arrays
from nnlib.network import Layer

BATCH = 32  # samples an update
CLOSE = {"float64": 1e-10, "float32": 1e-4}  # how far a live number may be from the stored one
MODULES = {"tensorflow": "tensorflow", "keras": "keras", "pytorch": "torch"}
PACKAGES = {"TensorFlow": ("tensorflow", "tensorflow-cpu"), "Keras": "keras", "PyTorch": "torch"}


class Run(NamedTuple):
    """What a training gave.

    `costs` (epochs + 1,): the cost of all samples after 0, 1, 2, … epochs. `snapshots`: the
    parameters after that many updates, {1: …, 32: …, 320: …}: one step, one epoch, all epochs.
    """

    costs: np.ndarray
    snapshots: dict


# ----------------------------------------------------------------------------- live, or stored?


def is_live(library, dtype="float32"):
    """Whether "tensorflow", "keras" or "pytorch" is installed, may be used, and has that dtype."""
    _validation.as_choice(library, MODULES, "library")
    wish = os.environ.get("NNLIB_FRAMEWORKS", "")
    if wish == "stored":
        return False
    installed = find_spec(MODULES[library]) is not None
    if library == "keras":
        installed = installed and any(find_spec(name) for name in ("tensorflow", "torch"))
    exists = library != "tensorflow" or sys.version_info < (3, 14)  # as pyproject.toml says
    if wish == "live" and exists and not installed:
        raise ImportError(f"{library} is not installed: python3 start.py frameworks")
    return installed and (dtype, library) not in _too_coarse()


def _too_coarse():
    """Keras rounds every product of matrices to float32, unless it computes with TensorFlow."""
    engine = os.environ.get("KERAS_BACKEND", "tensorflow" if find_spec("tensorflow") else "torch")
    return {("float64", "keras")} if engine != "tensorflow" else set()


def source():
    """Which frameworks answer themselves here, and which from the stored file: some lines."""
    live = [name for name in PACKAGES if is_live(name.lower())]
    kept = [f"{name} {stored(f'version {name}')}" for name in PACKAGES if name not in live]
    lines = []
    if live:
        names = _listed([f"{name} {_version(name)}" for name in live])
        lines.append(f"Live, on this computer: {names}.")
    if "Keras" in live and not is_live("keras", "float64"):
        kept.append(f"Keras {stored('version Keras')} in float64")
    if kept:
        lines.append(f"From stored numbers: {_listed(kept)}.")
    if not live:
        lines.append("To run them yourself: python3 start.py frameworks, then restart the kernel.")
    return "\n".join(lines)


def _listed(names):
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _version(name):
    for package in np.atleast_1d(PACKAGES[name]):
        try:
            return version(str(package)).partition("+")[0]  # "2.13.0" of "2.13.0+cpu"
        except PackageNotFoundError:
            continue
    return "?"


@cache
def _file():
    return load_arrays("frameworks.npz")


def stored(name):
    """The stored array of that name."""
    return _file()[name]


def stored_all(name):
    """{key: array} of all stored arrays whose names are `name/key`, in their order."""
    start = f"{name}/"
    return {key.removeprefix(start): a for key, a in _file().items() if key.startswith(start)}


# ------------------------------------------------------------------------------ run and compare


def run(name, function, *arguments):
    """The arrays that `function(*arguments)` returns, from a framework or from the stored file.

    The first word of `name` is the library, e.g. "pytorch house". A live result that is not close
    to the stored one is returned all the same, and a line says so. ValueError when there is neither
    the library nor something stored under that name.
    """
    return list(_either(name, lambda: dict(enumerate(function(*arguments)))).values())


def follow(name, build, training, start, X, y, orders):
    """The Run of a model from the parameters `start`, in batches of 32 in the given orders.

    `build(start)` makes the model. `training(model, X, y, orders)` is a generator: it yields the
    cost before the first order and after each. `orders`: an array of row numbers for each epoch.
    """

    def train():
        parts = [part for part in (orders[0][:BATCH], orders[0][BATCH:], *orders[1:]) if len(part)]
        updates = np.cumsum([0] + [-(-len(part) // BATCH) for part in parts])
        split = len(orders[0]) > BATCH  # then one cost is taken in the middle of an epoch
        model, costs, found = build(start), {}, {}
        for done, J in zip(updates.tolist(), training(model, X, y, parts)):
            costs[done] = J
            if done in (1, updates[1 + split], updates[-1]):
                found |= _flat(done, parameters_of(model))
        if split:
            del costs[1]
        return {"costs": np.array(list(costs.values()), X.dtype)} | found

    with _precision(name, X.dtype):
        arrays = _either(name, train, str(X.dtype))
    return Run(arrays.pop("costs"), _snapshots(arrays))


def parameters_of(model):
    """The parameters of a model of Keras or PyTorch as nnlib has them: Layers of W and b.

    Keras keeps W (n_in, n_out) as nnlib does, PyTorch keeps it transposed. In both, b is (n_out,).
    """
    if hasattr(model, "get_weights"):
        arrays = model.get_weights()
    else:
        arrays = [array.detach().numpy().T.copy() for array in model.parameters()]
    return tuple(Layer(W, b[np.newaxis]) for W, b in zip(arrays[::2], arrays[1::2]))


def differences(ours, theirs):
    """For each layer of two parameters, or array of two lists: what `difference` says."""
    return [difference(*pair) for pair in zip(ours, theirs)]


def difference(ours, theirs):
    """(share of equal numbers, the largest difference) of two arrays or Layers."""
    a, b = (
        np.concatenate([np.ravel(array) for array in arrays])
        for arrays in ((ours, theirs) if isinstance(ours, tuple) else ([ours], [theirs]))
    )
    return float(np.mean(a == b)), float(np.abs(a - b).max())


def max_difference(ours, theirs):
    """The largest difference of two parameters."""
    return max(largest for _, largest in differences(ours, theirs))


def table(rows, limit):
    """Some lines of text: what is exact, what is close, and the largest difference.

    `rows`: {label: {name: (share of equal numbers, largest difference)}}. Close is what differs
    by less than `limit`.
    """
    width = max(map(len, rows))
    names = list(next(iter(rows.values())))
    lines = [" " * width + "".join(f"   {name:<20}" for name in names)]
    lines.append(" " * width + "   exact  close  largest" * len(names))
    for label, cells in rows.items():
        line = f"{label:<{width}}"
        for share, largest in cells.values():
            line += f"   {share:4.0%}   {'yes' if largest < limit else 'NO':5}  {largest:<7.1e}"
        lines.append(line)
    return "\n".join(line.rstrip() for line in lines)


def _either(name, compute, dtype="float32"):
    """{key: array}, computed if the library is here, else stored."""
    if not is_live(name.partition(" ")[0], dtype):
        kept = stored_all(name)
        if not kept:
            names = sorted({key.partition("/")[0] for key in _file() if "/" in key})
            raise ValueError(f"name must be one of {', '.join(names)}; got {name!r:.60}")
        return kept
    _settle()
    got = {str(key): _array(value) for key, value in compute().items()}
    _compare(name, got, stored_all(name))
    return got


def _compare(name, got, wanted):
    """Print a line if live numbers are not close to the stored ones."""
    off = 0.0
    for key, array in wanted.items():
        limit = CLOSE[str(array.dtype)]
        if key not in got or got[key].shape != array.shape:
            off = np.inf
        else:
            gap = np.nan_to_num(np.abs(got[key] - array).max(), nan=np.inf)
            off = max(off, gap if gap > limit * max(1, np.abs(array).max()) else 0)
    if off:
        print(f"{name}: up to {off:.1g} away from the stored numbers. Did you change something?")


def _array(value):
    return np.asarray(value.detach() if hasattr(value, "detach") else value)


def _flat(updates, parameters):
    return {
        f"{updates}/{letter}{k}": array
        for k, layer in enumerate(parameters, start=1)
        for letter, array in zip("Wb", layer)
    }


def _snapshots(arrays):
    """The Layers of each number of updates; the inverse of `_flat`."""
    found = {}
    for key, array in arrays.items():
        found.setdefault(int(key.partition("/")[0]), []).append(array)
    return {done: tuple(map(Layer, some[::2], some[1::2])) for done, some in found.items()}


# ------------------------------------------------------------------------ settings of frameworks


def _settle():
    """Before the first import: no log lines of TensorFlow, and Keras on PyTorch without it."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")  # its sums have another order on each CPU
    if not find_spec("tensorflow"):
        os.environ.setdefault("KERAS_BACKEND", "torch")


@contextmanager
def _precision(name, dtype):
    """Keras counts in float32 unless it is told otherwise. PyTorch follows the arrays."""
    if not (name.startswith("keras") and is_live("keras", str(dtype))):
        yield
        return
    _settle()
    import keras

    before = keras.config.floatx()
    keras.config.set_floatx(str(dtype))
    keras.config.set_dtype_policy(str(dtype))
    try:
        yield
    finally:
        keras.config.set_floatx(before)
        keras.config.set_dtype_policy(before)
