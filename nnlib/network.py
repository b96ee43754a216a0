"""A network as a value, and the five functions that the course is about. Notebooks 02 to 04.

Rows are samples. Layers are numbered from 1, the input: `z2 = X @ W1 + b1`, `a2 = f(z2)` and so on.
Parameters are plain data, a tuple of `Layer(W, b)`. The functions are pure: none edits an argument.
A stack of K networks is a leading axis: with `W (K, n_in, n_out)` the same functions run all K.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from nnlib import _doors
from nnlib.activations import ACTIVATIONS
from nnlib.costs import COSTS, probabilities


@dataclass(frozen=True)
class Network:
    """What stays the same while a network learns.

    `sizes`: nodes in each layer, input first, e.g. (2, 3, 1); any depth from (2, 1) on.
    `hidden`, `output`: names of activations. `cost`: "squared_error" or "cross_entropy" (for a
    sigmoid or softmax output). `l2`, `l1`: weights of the penalties l2/2 ΣW² and l1 Σ|W| in the
    cost (no biases).
    """

    sizes: tuple
    hidden: str = "sigmoid"
    output: str = "sigmoid"
    cost: str = "squared_error"
    l2: float = 0.0
    l1: float = 0.0

    def __post_init__(self):
        sizes = _doors.wholes(self.sizes, "sizes", like=(2, 3, 1))
        if len(sizes) < 2:
            raise ValueError(f"sizes must have input and output at least, as (2, 1); got {sizes}")
        object.__setattr__(self, "sizes", sizes)
        for name in ("hidden", "output"):
            _doors.choice(getattr(self, name), ACTIVATIONS, name)
        outputs = COSTS[_doors.choice(self.cost, COSTS, "cost")].outputs
        if self.output not in outputs:
            raise ValueError(
                f"cost {self.cost} needs output {' or '.join(outputs)}; got {self.output}"
            )
        if self.output == "softmax" and sizes[-1] == 1:
            raise ValueError("a softmax output needs at least 2 nodes: with 1 it is always 1")
        for name in ("l2", "l1"):
            object.__setattr__(self, name, _doors.number(getattr(self, name), name, least=0))

    def activation(self, layer):
        """The Activation of a layer, 2 … len(sizes)."""
        return ACTIVATIONS[self.output if layer == len(self.sizes) else self.hidden]


class Layer(NamedTuple):
    """Weights W (n_in, n_out) and biases b (1, n_out) into one layer, or stacks of them."""

    W: np.ndarray
    b: np.ndarray


class Gradient(NamedTuple):
    """∂J/∂W and ∂J/∂b of one Layer, in its shapes."""

    dW: np.ndarray
    db: np.ndarray


@dataclass(frozen=True)
class Trace:
    """All that one forward pass computed, by layer number: `a[1]` is X, `z[2]`, `a[2]`, `z[3]`, …

    The notation's names work too: `trace.z2`, `trace.a2`, …, `trace.y_hat`. Each is (m, n).
    It unpacks as notebook 08's own trace, the pair of the two dicts: `z, a = trace`.
    """

    z: dict
    a: dict

    def __iter__(self):
        return iter((self.z, self.a))

    @property
    def y_hat(self):
        return self.a[len(self.a)]

    def __getattr__(self, name):
        arrays = {
            f"{letter}{layer}": array
            for letter in "za"
            for layer, array in self.__dict__.get(letter, {}).items()
        }
        if name not in arrays:
            raise AttributeError(f"the trace has no {name}; it has {', '.join(arrays)} and y_hat")
        return arrays[name]


_SCALES = {
    "xavier": lambda n_in, n_out: np.sqrt(2 / (n_in + n_out)),
    "he": lambda n_in, n_out: np.sqrt(2 / n_in),
}


def initialize_parameters(network, rng, *, scale="xavier", networks=None, dtype=float):
    """Random normal weights and zero biases: a tuple of Layers, each W (n_in, n_out), b (1, n_out).

    `scale`: "xavier" (standard deviation √(2 / (n_in + n_out)), Glorot & Bengio 2010), "he"
    (√(2 / n_in), He et al. 2015), or the standard deviation itself. `networks=K` draws K networks.
    `dtype`: that of the floats, such as np.float32.
    """
    _network(network)
    _doors.generator(rng)
    dtype = _doors.float_type(dtype)
    stack = () if networks is None else (_doors.whole(networks, "networks", least=1),)
    layers = []
    for n_in, n_out in zip(network.sizes, network.sizes[1:]):
        W = rng.standard_normal((*stack, n_in, n_out))
        with np.errstate(over="ignore"):
            W = (_deviation(scale, n_in, n_out) * W).astype(dtype)
        W = _doors.in_range(W, f"W{len(layers) + 1}", "choose a smaller scale")
        layers.append(Layer(W, np.zeros((*stack, 1, n_out), dtype)))
    return tuple(layers)


def _deviation(scale, n_in, n_out):
    if isinstance(scale, str):
        return _SCALES[_doors.choice(scale, _SCALES, "scale")](n_in, n_out)
    return _doors.number(scale, "scale", least=0)


def forward_propagation(network, parameters, X):
    """The Trace of the samples X (m, n1) through the network. Notebook 02, eq. 2.1 to 2.4.

    ValueError when some z is too large for a float.
    """
    parameters = checked(network, parameters)
    X = inputs(network, parameters, X)
    with np.errstate(over="ignore", invalid="ignore"):
        trace = _forward(network, parameters, X)
    for layer, z in trace.z.items():
        _doors.in_range(z, f"z{layer}", "scale X, or make the weights smaller")
    return trace


def _forward(network, parameters, X):
    z, a = {}, {1: X}
    for layer, (W, b) in enumerate(parameters, start=2):
        z[layer] = a[layer - 1] @ W + b
        a[layer] = network.activation(layer).forward(z[layer])
    return Trace(z, a)


def compute_cost(network, parameters, trace, y):
    """J, how far `trace.y_hat` is from y (m, n), plus the penalties; (K,) of it for a stack.

    ValueError when J is too large for a float.
    """
    parameters = checked(network, parameters)
    y = _targets(network, _traced(network, parameters, trace), y)
    with np.errstate(over="ignore", invalid="ignore"):
        return _doors.in_range(_cost(network, parameters, trace, y), "J", "scale X and y")


def _cost(network, parameters, trace, y):
    J = COSTS[network.cost].value(network.output, trace.z[len(network.sizes)], trace.y_hat, y)
    if network.l2:
        J = J + network.l2 / 2 * sum((W * W).sum(axis=(-2, -1)) for W, _ in parameters)
    if network.l1:
        J = J + network.l1 * sum(np.abs(W).sum(axis=(-2, -1)) for W, _ in parameters)
    return J


def backward_propagation(network, parameters, trace, y):
    """Gradients (dW (n_in, n_out), db (1, n_out)) of J, one a Layer. Notebook 04, eq. 4.1 to 4.6.

    `trace` is what `forward_propagation` returned for the same parameters and the samples of y.
    ValueError when a gradient is too large for a float.
    """
    parameters = checked(network, parameters)
    y = _targets(network, _traced(network, parameters, trace), y)
    with np.errstate(over="ignore", invalid="ignore"):
        gradients = _backward(network, parameters, trace, y)
    for k, gradient in enumerate(gradients, start=1):
        for name, array in zip(("dW", "db"), gradient):
            _doors.in_range(array, f"{name}{k}", "scale X and y, or make the weights smaller")
    return gradients


def _backward(network, parameters, trace, y):
    dz = COSTS[network.cost].gradient(network.output, trace.y_hat, y)
    gradients = []
    for layer in range(len(network.sizes) - 1, 0, -1):
        W, a = parameters[layer - 1].W, trace.a[layer]
        dW = _penalised(network, W, a.swapaxes(-1, -2) @ dz)
        gradients.append(Gradient(dW, dz.sum(axis=-2, keepdims=True)))
        if layer > 1:
            dz = network.activation(layer).backward(dz @ W.swapaxes(-1, -2), a)
    return tuple(reversed(gradients))


def _penalised(network, W, dW):
    """dW plus the gradient of the penalties on W; where a weight is 0, that of l1 is taken as 0."""
    if network.l2:
        dW = dW + network.l2 * W
    if network.l1:
        dW = dW + network.l1 * np.sign(W)
    return dW


def predict(network, parameters, X):
    """The network's answer for X (m, n1), in the shape of y.

    With squared error the numbers ŷ. With cross-entropy classes: 1 where ŷ > 0.5, else 0; for
    softmax, one-hot rows with the 1 at the largest ŷ.
    """
    y_hat = forward_propagation(network, parameters, X).y_hat
    if network.cost == "squared_error":
        return y_hat
    if network.output == "softmax":
        return np.eye(y_hat.shape[-1], dtype=int)[y_hat.argmax(axis=-1)]
    return (y_hat > 0.5).astype(int)


def accuracy(predictions, labels):
    """Per cent of the samples (rows) whose predicted labels are all right; (K,) for a stack.

    ValueError when the shapes differ: (1, 4) against (4, 1) would broadcast to a silent 50 %; and
    when they hold fractions: ŷ itself is hardly ever a label, which would be a silent 0 %.
    """
    predictions = _doors.samples(predictions, None, "predictions")
    labels = _doors.targets(labels, predictions, "labels")
    for name, array in (("predictions", predictions), ("labels", labels)):
        fractions = array[array != np.trunc(array)]
        if fractions.size:
            wanted = "must be classes such as 0 and 1, as predict gives them with cross_entropy"
            raise ValueError(f"{name} {wanted}; got {fractions[0]:g}")
    return 100 * (predictions == labels).all(axis=-1).mean(axis=-1)


def checked(network, parameters):
    """`parameters` as a tuple of Layers of finite floats in the network's shapes; or an error."""
    _network(network)
    pairs = list(zip(network.sizes, network.sizes[1:]))
    _sequence(parameters, len(pairs), "parameters")
    layers = []
    for k, (layer, (n_in, n_out)) in enumerate(zip(parameters, pairs), start=1):
        W, b = _sequence(layer, 2, f"the pair (W{k}, b{k})")
        layers.append(Layer(_shaped(W, (n_in, n_out), f"W{k}"), _shaped(b, (1, n_out), f"b{k}")))
    stacks = {array.shape[:-2] for layer in layers for array in layer}
    if len(stacks) > 1:
        got = ", ".join(map(str, sorted(stacks)))
        raise ValueError(f"parameters must all be stacks of equally many networks; got {got}")
    return tuple(layers)


def inputs(network, parameters, X):
    """X as finite floats (m, n1), or (K, m, n1) for a stack of K with samples of their own."""
    X = _doors.samples(X, network.sizes[0], "X")
    stack = parameters[0].W.shape[:-2]
    if X.ndim == 3 and X.shape[:-2] != stack:
        wanted = f"one table per network of the stack {stack}" if stack else "one table (m, n)"
        raise ValueError(f"X with three axes must have {wanted}; got {X.shape}")
    return X


def _network(network):
    if not isinstance(network, Network):
        raise TypeError(
            f"network must be a Network such as Network((2, 3, 1)); got {network!r:.60}"
        )


def _shaped(value, wanted, name):
    array = _doors.finite(value, name)
    if array.ndim not in (2, 3) or array.shape[-2:] != wanted:
        raise ValueError(
            f"{name} must have shape {wanted}, or (K, *{wanted}) for a stack; got {array.shape}"
        )
    return array


def _traced(network, parameters, trace):
    """`trace`, if its arrays have the shapes that the network and the parameters give them."""
    wanted = f"trace must be what forward_propagation returned for a network of {network.sizes}"
    if not isinstance(trace, Trace):
        raise TypeError(f"{wanted}; got {type(trace).__name__}")
    m, stack = np.shape(trace.a.get(1))[-2:-1], parameters[0].W.shape[:-2]
    shapes = {n: (*stack, *m, size) for n, size in enumerate(network.sizes, start=1)}
    got = {n: np.shape(array) for n, array in trace.a.items()}
    if got.get(1) == (*m, network.sizes[0]):
        got[1] = shapes[1]  # one table for the whole stack
    if got != shapes or {n: np.shape(z) for n, z in trace.z.items()} | {1: shapes[1]} != shapes:
        raise ValueError(f"{wanted}; got a of shapes {', '.join(map(str, got.values()))}")
    return trace


def _targets(network, trace, y):
    y = _doors.targets(y, trace.y_hat)
    return probabilities(network.output, y) if network.cost == "cross_entropy" else y


def _sequence(value, length, name):
    if not isinstance(value, (tuple, list)):
        raise TypeError(f"{name} must be a tuple of {length}; got {type(value).__name__}")
    if len(value) != length:
        raise ValueError(f"{name} must have length {length}; got {len(value)}")
    return value
