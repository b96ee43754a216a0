"""Runs the learner's own forward and backward inside the playground.

Two sets of signatures are accepted, told apart by the number of arguments. For one hidden layer:
`forward(X, W1, b1, W2, b2) -> z2, a2, z3, y_hat`,
`backward(X, y, W2, z2, a2, y_hat) -> dW1, db1, dW2, db2`; for any depth:
`forward(X, parameters) -> trace`, `backward(y, parameters, trace) -> pairs (dW, db)`.
"""

import inspect
import linecache
import traceback

import numpy as np

from nnlib.gradcheck import relative_error
from nnlib.network import Gradient, Trace, add_penalties
from nnlib.network import backward as nnlib_backward
from nnlib.network import forward as nnlib_forward

SIGNATURES = {
    "forward": {5: "forward(X, W1, b1, W2, b2)", 2: "forward(X, parameters)"},
    "backward": {6: "backward(X, y, W2, z2, a2, y_hat)", 3: "backward(y, parameters, trace)"},
}
MAX_RELATIVE_ERROR = 1e-7  # relative error below which two gradients are the same


class FunctionFailed(Exception):
    """What is wrong with the learner's function, in a sentence or two."""


class LearnerTrace(Trace):
    """A Trace that also keeps what the learner's forward returned."""

    returned = None


class LearnerFunctions:
    """nnlib's forward and backward, each replaced by the learner's where one is given."""

    def __init__(self, forward=None, backward=None):
        self.given = {"forward": forward, "backward": backward}
        self.arguments = {
            name: _count_arguments(name, function)
            for name, function in self.given.items()
            if function is not None
        }

    def names(self):
        """{"forward": the name of the learner's function, …}."""
        named = {name: getattr(self.given[name], "__name__", name) for name in self.arguments}
        return {name: own if own.isidentifier() else name for name, own in named.items()}

    def forward(self, network, parameters, X):
        """The Trace of X, as nnlib's forward gives it. FunctionFailed says what is wrong."""
        if "forward" not in self.arguments:
            return nnlib_forward(network, parameters, X)
        if self.arguments["forward"] == 2:
            returned = self._call("forward", _locked(X), _locked_layers(parameters))
            arrays = _arrays_of(returned, len(parameters))
        else:
            _one_hidden_layer("forward", parameters)
            (W1, b1), (W2, b2) = _locked_layers(parameters)
            returned = arrays = self._call("forward", _locked(X), W1, b1, W2, b2)
        names = [f"{letter}{k}" for k in range(2, len(parameters) + 2) for letter in "za"]
        names[-1] = "y_hat"
        wanted = [(len(X), n) for n in network.sizes[1:] for _ in "za"]
        arrays = self._shaped("forward", names, wanted, arrays)
        layers = range(2, len(parameters) + 2)
        trace = LearnerTrace(
            dict(zip(layers, arrays[::2])), {1: X, **dict(zip(layers, arrays[1::2]))}
        )
        object.__setattr__(trace, "returned", returned)
        return trace

    def backward(self, network, parameters, trace, y):
        """The Gradients, as nnlib's backward gives them, plus those of the network's penalties."""
        if "backward" not in self.arguments:
            return nnlib_backward(network, parameters, trace, y)
        if self.arguments["backward"] == 3:
            returned = getattr(trace, "returned", None)
            given = returned if self.arguments.get("forward") == 2 else trace
            arrays = self._call("backward", _locked(y), _locked_layers(parameters), given)
            if isinstance(arrays, (tuple, list)) and all(
                isinstance(pair, (tuple, list)) for pair in arrays
            ):
                arrays = [array for pair in arrays for array in pair]
        else:
            _one_hidden_layer("backward", parameters)
            X, z2, a2, y_hat = map(_locked, (trace.a[1], trace.z[2], trace.a[2], trace.a[3]))
            W2 = _locked(parameters[1].W)
            arrays = self._call("backward", X, _locked(y), W2, z2, a2, y_hat)
        names = [f"d{letter}{k}" for k in range(1, len(parameters) + 1) for letter in "Wb"]
        wanted = [array.shape for layer in parameters for array in layer]
        arrays = self._shaped("backward", names, wanted, arrays)
        return tuple(
            Gradient(add_penalties(network, layer.W, dW), db)
            for layer, dW, db in zip(parameters, arrays[::2], arrays[1::2])
        )

    def raise_if_at_fault(self, network, parameters, trace, gradients, y):
        """FunctionFailed if these are not finite and nnlib's at the same place are."""
        right = nnlib_forward(network, parameters, trace.a[1])
        if _not_finite(_named(nnlib_backward(network, parameters, right, y))):
            return
        outputs = {f"{letter}{k}": part[k] for k in trace.z for letter, part in zip("za", trace)}
        outputs["y_hat"] = outputs.pop(f"a{max(trace.z)}")
        for name, arrays in ("forward", outputs), ("backward", _named(gradients)):
            wrong = _not_finite(arrays)
            if name in self.arguments and wrong:
                raise FunctionFailed(
                    f"Your {name} returns numbers that are not finite, in {', '.join(wrong)}"
                    f"{_where(self.given[name])}."
                )

    def compare(self, network, parameters, X, y):
        """How the learner's functions agree with nnlib's on these samples, in a sentence each."""
        sentences = []
        right = nnlib_forward(network, parameters, X)
        trace = self.forward(network, parameters, X)
        if "forward" in self.arguments:
            sentences.append(_verdict("forward", {"y_hat": _error(trace.y_hat, right.y_hat)}))
        if "backward" in self.arguments:
            ours = self.backward(network, parameters, trace, y)
            theirs = _named(nnlib_backward(network, parameters, right, y))
            errors = {name: _error(mine, theirs[name]) for name, mine in _named(ours).items()}
            sentences.append(_verdict("backward", errors))
        return " ".join(sentences)

    def _call(self, name, *arguments):
        function = self.given[name]
        try:
            returned = function(*arguments)
        except Exception as error:
            raise FunctionFailed(_explained(name, function, error)) from error
        if returned is None or returned is ...:
            raise FunctionFailed(f"Your {name} returns nothing yet{_where(function)}.")
        return returned

    def _shaped(self, name, names, wanted, arrays):
        """The returned arrays as floats, if they have the wanted shapes."""
        where = _where(self.given[name])
        if not isinstance(arrays, (tuple, list)) or len(arrays) != len(names):
            got = len(arrays) if isinstance(arrays, (tuple, list)) else type(arrays).__name__
            raise FunctionFailed(
                f"Your {name} must return {len(names)} arrays, {', '.join(names)}; "
                f"got {got}{where}."
            )
        arrays = [self._numbers(name, *pair) for pair in zip(names, arrays)]
        for array_name, shape, array in zip(names, wanted, arrays):
            if array.shape != shape:
                raise FunctionFailed(
                    f"Your {name} must return {array_name} in the shape {shape}; "
                    f"got {array.shape}{where}."
                )
        return arrays

    def _numbers(self, name, array_name, array):
        """The array as floats."""
        try:
            return np.asarray(array, dtype=float)
        except (TypeError, ValueError) as error:
            raise FunctionFailed(
                f"Your {name} must return {array_name} as an array of numbers; "
                f"got {array!r:.40}{_where(self.given[name])}."
            ) from error


def _verdict(name, errors):
    agrees = all(error <= MAX_RELATIVE_ERROR for error in errors.values())
    listed = ", ".join(
        f"{array} {'< 1e-7' if error <= MAX_RELATIVE_ERROR else f'{error:.2g}, wrong'}"
        for array, error in errors.items()
    )
    verdict = "agrees with" if agrees else "differs from"
    return f"Your {name} {verdict} nnlib's (relative error: {listed})."


def _named(gradients):
    """{"dW1": …, "db1": …, …}."""
    pairs = enumerate(gradients, start=1)
    return {f"d{letter}{k}": array for k, pair in pairs for letter, array in zip("Wb", pair)}


def _not_finite(arrays):
    return [name for name, array in arrays.items() if not np.isfinite(array).all()]


def _error(mine, theirs):
    if not np.isfinite(mine).all():
        return np.inf
    return relative_error(mine, theirs)


def _count_arguments(name, function):
    """How many arguments the function takes, one of the numbers in SIGNATURES; or a TypeError."""
    wanted = " or ".join(SIGNATURES[name].values())
    if not callable(function):
        raise TypeError(f"{name} must be a function {wanted}; got {function!r:.60}")
    parameters = inspect.signature(function).parameters.values()
    required = [
        p
        for p in parameters
        if p.default is p.empty and p.kind in (0, 1)  # positional ones
    ]
    if len(required) not in SIGNATURES[name]:
        raise TypeError(f"{name} must be {wanted}; got {name}{inspect.signature(function)}")
    return len(required)


def _one_hidden_layer(name, parameters):
    if len(parameters) != 2:
        flat, deep = SIGNATURES[name].values()
        raise FunctionFailed(
            f"Your {flat} has one hidden layer, the network has {len(parameters) - 1}. "
            f"Choose one layer, or write {deep}."
        )


def _locked(array):
    """The same numbers, in an array that cannot be edited."""
    view = array.view()
    view.flags.writeable = False
    return view


def _locked_layers(parameters):
    return tuple(type(layer)(*map(_locked, layer)) for layer in parameters)


def _arrays_of(trace, layers):
    """z2, a2, …, z, y_hat of a Trace, a dict by those names, or a sequence in that order.

    Like a Trace is the pair (z, a) of dicts by layer number, as notebook 08 has it.
    """
    if isinstance(trace, Trace) or _is_pair_of_dicts(trace):
        numbers = range(2, layers + 2)
        for letter, part in zip("za", trace):
            missing = [f"{letter}[{k}]" for k in numbers if k not in part]
            if missing:
                raise FunctionFailed(f"Your forward returns no {', '.join(missing)} in its trace.")
        return [part[k] for k in numbers for part in trace]
    if isinstance(trace, dict):
        names = [f"{letter}{k}" for k in range(2, layers + 2) for letter in "za"]
        names[-1] = "y_hat"
        missing = [name for name in names if name not in trace]
        if missing:
            raise FunctionFailed(f"Your forward returns no {', '.join(missing)} in its trace.")
        return [trace[name] for name in names]
    return trace


def _is_pair_of_dicts(trace):
    pair = isinstance(trace, (tuple, list)) and len(trace) == 2
    return pair and all(isinstance(part, dict) for part in trace)


def _explained(name, function, error):
    """The error's own message, and the line of the learner's function where it happened."""
    message = f"Your {name} raised {type(error).__name__}: {error}"
    if "read-only" in str(error):
        message += " (don't edit the arrays you are given: write W = W − … instead of W −= …)"
    file = getattr(getattr(function, "__code__", None), "co_filename", None)
    lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == file]
    if lines:
        message += (
            f", in line {lines[-1]} of its cell: {linecache.getline(file, lines[-1]).strip()}"
        )
    return message


def _where(function):
    code = getattr(function, "__code__", None)
    return f" (its def is line {code.co_firstlineno} of its cell)" if code else ""
