"""Run TensorFlow, Keras and PyTorch beside nnlib: same start, same batches, same numbers.

No framework is imported before it's used, and none has to be installed: where one is missing,
`run_or_load` and `train_or_load` return what it once computed, from datasets/frameworks.npz, which
tests/frameworks/reference.py writes. The environment variable NNLIB_FRAMEWORKS can be "stored"
(never import one) or "live" (ImportError if one is missing that exists for this Python).
Notebook 09.
"""

import math
import os
import sys
from contextlib import contextmanager
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import NamedTuple

import numpy as np

from nnlib import _validation as validation
from nnlib.data import load_arrays
from nnlib.network import Layer

BATCH_SIZE = 32  # samples per update
TOLERANCE = {"float64": 1e-10, "float32": 1e-4}  # between live and stored numbers
MODULES = {"tensorflow": "tensorflow", "keras": "keras", "pytorch": "torch"}
PACKAGES = {
    "TensorFlow": ("tensorflow", "tensorflow-cpu"), "Keras": ("keras",), "PyTorch": ("torch",)
}  # fmt: skip

# TensorFlow and PyTorch's compiler both bring LLVM. Loaded after TensorFlow, the compiler ends
# Python with a segmentation fault.
if find_spec("triton") and find_spec("tensorflow"):
    import triton  # noqa: F401


class Run(NamedTuple):
    """The result of a training.

    `costs` (epochs + 1,): the cost of all samples after 0, 1, 2, … epochs. `snapshots`: the
    parameters after some numbers of updates, {updates: parameters}.
    """

    costs: np.ndarray
    snapshots: dict

    def to_arrays(self):
        """Return {name: array}, as it is stored: "costs", "1/W1", "1/b1", "1/W2", …"""
        return {"costs": self.costs} | {
            f"{updates}/{letter}{k}": array
            for updates, parameters in self.snapshots.items()
            for k, layer in enumerate(parameters, start=1)
            for letter, array in zip("Wb", layer)
        }

    @classmethod
    def from_arrays(cls, arrays):
        """Return the Run that `to_arrays` made `arrays` of."""
        snapshots = {}
        for name, array in arrays.items():
            if name != "costs":
                snapshots.setdefault(int(name.partition("/")[0]), []).append(array)
        layers = {n: tuple(map(Layer, got[::2], got[1::2])) for n, got in snapshots.items()}
        return cls(arrays["costs"], layers)


# --------------------------------------------------------------------------------- live or stored


def is_live(library, dtype="float32"):
    """Return whether "tensorflow", "keras" or "pytorch" is installed, allowed, and has that dtype.

    Keras computes in float64 only with TensorFlow: with another backend, it rounds the products of
    matrices to float32.
    """
    validation.as_choice(library, MODULES, "library")
    setting = os.environ.get("NNLIB_FRAMEWORKS", "")
    if setting == "stored":
        return False
    installed = find_spec(MODULES[library]) is not None
    if library == "keras":
        installed = installed and any(find_spec(name) for name in ("tensorflow", "torch"))
    exists = library != "tensorflow" or sys.version_info < (3, 14)  # as pyproject.toml says
    if setting == "live" and exists and not installed:
        raise ImportError(f"{library} isn't installed: run python3 start.py frameworks")
    return installed and (library != "keras" or dtype != "float64" or _backend() == "tensorflow")


def _backend():
    """The library that Keras computes with."""
    default = "tensorflow" if find_spec("tensorflow") else "torch"
    return os.environ.get("KERAS_BACKEND", default)


def source():
    """Return a few lines that say which frameworks run here and which numbers are stored ones."""
    live = [name for name in PACKAGES if is_live(name.lower())]
    loaded = [f"{name} {stored(f'version {name}')}" for name in PACKAGES if name not in live]
    if "Keras" in live and not is_live("keras", "float64"):
        loaded.append(f"Keras {stored('version Keras')} in float64")
    lines = []
    if live:
        names = _listed([f"{name} {installed_version(name)}" for name in live])
        lines.append(f"Live, on this computer: {names}.")
    if loaded:
        lines.append(f"From stored numbers: {_listed(loaded)}.")
    if not live:
        lines.append("To run them yourself: python3 start.py frameworks, then restart the kernel.")
    return "\n".join(lines)


def _listed(names):
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def installed_version(name):
    """Return the version of "TensorFlow", "Keras" or "PyTorch" here, "?" if there's none."""
    for package in PACKAGES[name]:
        try:
            return version(package).partition("+")[0]  # "2.13.0" of "2.13.0+cpu"
        except PackageNotFoundError:
            continue
    return "?"


@cache
def _file():
    return load_arrays("frameworks.npz")


def stored(name):
    """Return the stored array of that name."""
    return _file()[name]


def stored_all(name):
    """Return {key: array} of all stored arrays called `name/key`, in their order."""
    start = f"{name}/"
    return {key.removeprefix(start): a for key, a in _file().items() if key.startswith(start)}


# ------------------------------------------------------------------------------------ run or load


def run_or_load(name, function, *arguments):
    """Return the arrays that `function(*arguments)` returns, computed here or loaded.

    The first word of `name` is the library, as in "pytorch house". A line is printed if live
    numbers aren't close to the stored ones. ValueError if there's neither the library nor anything
    stored under that name.
    """
    arrays = _computed_or_stored(name, lambda: dict(enumerate(function(*arguments))))
    return list(arrays.values())


def train_or_load(name, build, training, start, X, y, orders):
    """Return the Run of a model trained from the parameters `start`, or load it, as `run_or_load`.

    `build(start)` returns the model. `training(model, X, y, orders)` is a generator that trains in
    batches of 32 and yields the cost before the first order and after each. `orders`: for each
    epoch, the rows of X (m, n1) and y (m, n) in the order in which they're used. The snapshots are
    those after one update, after one epoch and at the end. Keras computes in the dtype of X.
    """
    library, dtype = name.partition(" ")[0], str(X.dtype)

    def train():
        with precision(library, dtype):
            model = build(start)
            if library == "keras" and dtype == "float64":
                _make_betas_exact(model.optimizer)
            return _train(model, training, X, y, orders).to_arrays()

    return Run.from_arrays(_computed_or_stored(name, train, dtype))


def _train(model, training, X, y, orders):
    """The Run of a training; to see the first update, the first order is cut after its batch."""
    first, rest = orders[0][:BATCH_SIZE], orders[0][BATCH_SIZE:]
    parts = [part for part in (first, rest, *orders[1:]) if len(part)]
    updates = np.cumsum([0] + [math.ceil(len(part) / BATCH_SIZE) for part in parts]).tolist()
    epoch = math.ceil(len(orders[0]) / BATCH_SIZE)
    costs, snapshots = [], {}
    for done, J in zip(updates, training(model, X, y, parts)):
        if done % epoch == 0:
            costs.append(J)
        if done in (1, epoch, updates[-1]):
            snapshots[done] = parameters_of(model)
    return Run(np.array(costs, X.dtype), snapshots)


def _computed_or_stored(name, compute, dtype="float32"):
    """{key: array}, from `compute()` if the library is live, else from the file."""
    expected = stored_all(name)
    if is_live(name.partition(" ")[0], dtype):
        _prepare()
        arrays = {str(key): to_array(value) for key, value in compute().items()}
        _compare(name, arrays, expected)
        return arrays
    if not expected:
        names = sorted({key.partition("/")[0] for key in _file() if "/" in key})
        raise ValueError(f"name must be one of {', '.join(names)}; got {name!r:.60}")
    return expected


def _compare(name, arrays, expected):
    """Print a line if live arrays aren't close to the stored ones."""
    off = 0.0
    for key, array in expected.items():
        limit = TOLERANCE[str(array.dtype)] * max(1, np.abs(array).max())
        if key not in arrays or arrays[key].shape != array.shape:
            off = np.inf
        else:
            gap = np.nan_to_num(np.abs(arrays[key] - array).max(), nan=np.inf)
            off = max(off, gap if gap > limit else 0)
    if off:
        print(f"{name}: up to {off:.1g} away from the stored numbers. Have you changed something?")


# ------------------------------------------------------------------------------ models and arrays


def parameters_of(model):
    """Return the parameters of a Keras or PyTorch model as nnlib has them: Layers of W and b.

    Keras stores W as (n_in, n_out), as nnlib does; PyTorch stores it transposed. In both, b has
    shape (n_out,).
    """
    if hasattr(model, "get_weights"):
        arrays = model.get_weights()
    else:
        arrays = [to_array(array).T.copy() for array in model.parameters()]
    return tuple(Layer(W, b[np.newaxis]) for W, b in zip(arrays[::2], arrays[1::2]))


def max_difference(ours, theirs):
    """Return the largest difference between two arrays, or two parameters."""
    if isinstance(ours, tuple):
        return max(max_difference(*pair) for pair in zip(ours, theirs, strict=True))
    return float(np.abs(ours - theirs).max())


def to_array(value):
    """Return a tensor of TensorFlow or PyTorch, or anything else that NumPy takes, as an array."""
    return np.asarray(value.detach() if hasattr(value, "detach") else value)


# ------------------------------------------------------------------------- settings of frameworks


def _prepare():
    """Before the first import: TensorFlow's log lines off, and without it, Keras on PyTorch."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")  # it adds in another order on each CPU
    if not find_spec("tensorflow"):
        os.environ.setdefault("KERAS_BACKEND", "torch")


@contextmanager
def precision(library, dtype):
    """Let Keras compute in that dtype inside a `with`. PyTorch takes the dtype of its arrays."""
    if library != "keras" or not is_live("keras", str(dtype)):
        yield
        return
    _prepare()
    import keras

    before = keras.config.floatx()
    keras.config.set_floatx(str(dtype))
    keras.config.set_dtype_policy(str(dtype))
    try:
        yield
    finally:
        keras.config.set_floatx(before)
        keras.config.set_dtype_policy(before)


def _make_betas_exact(optimizer):
    """Give Keras's Adam its betas in float64: with TensorFlow, Python floats become float32."""
    optimizer.beta_1, optimizer.beta_2 = np.float64(0.9), np.float64(0.999)
