"""A network as a value, and the functions the course is about. Notebooks 02 to 04.

Rows are samples. Layers are numbered from 1, the input: `z2 = X @ W1 + b1`, `a2 = f(z2)` and so on.
Parameters are plain data, a tuple of `Layer(W, b)`. No function edits an argument. A stack of K
networks has one more axis in front: with `W (K, n_in, n_out)` the same code runs all K at once.

`forward`, `cost` and `backward` are the formulas. `forward_propagation`, `compute_cost` and
`backward_propagation` validate their arguments, then call them. Loops validate once.
"""

import json
import os
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy import ndarray

from nnlib import _validation as validation
from nnlib.activations import ACTIVATIONS, Activation
from nnlib.costs import COSTS, as_probabilities


@dataclass(frozen=True)
class Network:
    """What stays the same while a network learns.

    `sizes`: neurons in each layer, input first, e.g. (2, 3, 1); any depth from (2, 1) on.
    `hidden`, `output`: names of activations. `cost`: "squared_error", or "cross_entropy" for a
    sigmoid or softmax output. `l2`, `l1`: weights of the penalties l2/2 ΣW² and l1 Σ|W| in the
    cost (biases are not penalised).
    """

    sizes: tuple[int, ...]
    hidden: str = "sigmoid"
    output: str = "sigmoid"
    cost: str = "squared_error"
    l2: float = 0.0
    l1: float = 0.0

    def __post_init__(self) -> None:
        sizes = validation.as_int_tuple(self.sizes, "sizes", example=(2, 3, 1))
        if len(sizes) < 2:
            raise ValueError(f"sizes must have input and output at least, as (2, 1); got {sizes}")
        object.__setattr__(self, "sizes", sizes)
        for name in ("hidden", "output"):
            validation.as_choice(getattr(self, name), ACTIVATIONS, name)
        cost = COSTS[validation.as_choice(self.cost, COSTS, "cost")]
        if not cost.accepts(self.output):
            raise ValueError(
                f"cost {self.cost} needs output {' or '.join(cost.outputs)}; got {self.output}"
            )
        if self.output == "softmax" and sizes[-1] == 1:
            raise ValueError("a softmax output needs at least 2 neurons: with 1 it is always 1")
        for name in ("l2", "l1"):
            number = validation.as_float(getattr(self, name), name, at_least=0)
            object.__setattr__(self, name, number)

    def activation(self, layer: int) -> Activation:
        """Return the Activation of a layer, 2 … len(sizes)."""
        return ACTIVATIONS[self.output if layer == len(self.sizes) else self.hidden]


class Layer(NamedTuple):
    """Weights W (n_in, n_out) and biases b (1, n_out) into one layer, or stacks of them."""

    W: ndarray
    b: ndarray


class Gradient(NamedTuple):
    """∂J/∂W and ∂J/∂b of one Layer, in its shapes."""

    dW: ndarray
    db: ndarray


Parameters = tuple[Layer, ...]
Gradients = tuple[Gradient, ...]


class Trace(NamedTuple):
    """Everything one forward pass computed, by layer number: `a[1]` is X, `z[2]`, `a[2]`, `z[3]`, …

    The notation's names work too: `trace.z2`, `trace.a2`, …, `trace.y_hat`. Each is (m, n).
    It unpacks into the two dicts, as the trace of notebook 08 does: `z, a = trace`.
    """

    z: dict[int, np.ndarray]
    a: dict[int, np.ndarray]

    @property
    def y_hat(self) -> ndarray:
        """The output of the last layer (m, n)."""
        return self.a[len(self.a)]

    def __getattr__(self, name: str) -> ndarray:
        arrays = {
            f"{letter}{layer}": array
            for letter, numbered in zip("za", self)
            for layer, array in numbered.items()
        }
        if name not in arrays:
            raise AttributeError(f"the trace has no {name}; it has {', '.join(arrays)} and y_hat")
        return arrays[name]


SCALES = {
    "xavier": lambda n_in, n_out: np.sqrt(2 / (n_in + n_out)),
    "he": lambda n_in, n_out: np.sqrt(2 / n_in),
}


def initialize_parameters(
    network: Network,
    rng: np.random.Generator,
    *,
    scale: str | float = "xavier",
    networks: int | None = None,
    dtype: type = float,
) -> Parameters:
    """Return random normal weights W (n_in, n_out) and zero biases b (1, n_out), a Layer each.

    `scale`: "xavier" (standard deviation √(2 / (n_in + n_out)), Glorot & Bengio 2010), "he"
    (√(2 / n_in), He et al. 2015), or the standard deviation itself. `networks=K` draws a stack of
    K networks. `dtype`: the float type, such as np.float32.
    """
    if not isinstance(network, Network):
        raise TypeError(
            f"network must be a Network such as Network((2, 3, 1)); got {network!r:.60}"
        )
    validation.as_generator(rng)
    dtype = validation.as_float_dtype(dtype)
    stack = () if networks is None else (validation.as_int(networks, "networks", at_least=1),)
    if isinstance(scale, str):
        deviation = SCALES[validation.as_choice(scale, SCALES, "scale")]
    else:
        number = validation.as_float(scale, "scale", at_least=0)
        deviation = lambda n_in, n_out: number  # noqa: E731
    layers: list[Layer] = []
    for n_in, n_out in zip(network.sizes, network.sizes[1:]):
        W = rng.standard_normal((*stack, n_in, n_out))
        with np.errstate(over="ignore"):
            W = (deviation(n_in, n_out) * W).astype(dtype)
        validation.check_overflow(W, f"W{len(layers) + 1}", "choose a smaller scale")
        layers.append(Layer(W, np.zeros((*stack, 1, n_out), dtype)))
    return tuple(layers)


def forward(network: Network, parameters: Parameters, X: ndarray) -> Trace:
    """Return the Trace of X (m, n1). `forward_propagation` without validation."""
    z, a = {}, {1: X}
    for layer, (W, b) in enumerate(parameters, start=2):
        z[layer] = a[layer - 1] @ W + b
        a[layer] = network.activation(layer).forward(z[layer])
    return Trace(z, a)


def forward_propagation(network: Network, parameters: Parameters, X: ndarray) -> Trace:
    """Return the Trace of the samples X (m, n1) through the network. Notebook 02, eq. 2.1 to 2.4.

    ValueError if some z is too large for a float.
    """
    parameters = validate_parameters(network, parameters)
    X = validate_inputs(network, parameters, X)
    with np.errstate(over="ignore", invalid="ignore"):
        trace = forward(network, parameters, X)
    for layer, z in trace.z.items():
        validation.check_overflow(z, f"z{layer}", "scale X, or make the weights smaller")
    return trace


def cost(network: Network, parameters: Parameters, trace: Trace, y: ndarray) -> float | ndarray:
    """Return J of the targets y (m, n). `compute_cost` without validation."""
    J = COSTS[network.cost].value(network.output, trace.z[len(network.sizes)], trace.y_hat, y)
    if network.l2:
        J = J + network.l2 / 2 * sum((W * W).sum(axis=(-2, -1)) for W, _ in parameters)
    if network.l1:
        J = J + network.l1 * sum(np.abs(W).sum(axis=(-2, -1)) for W, _ in parameters)
    return J


def compute_cost(
    network: Network, parameters: Parameters, trace: Trace, y: ndarray
) -> float | ndarray:
    """Return J, how far `trace.y_hat` is from y (m, n), plus the penalties; (K,) for a stack.

    ValueError if J is too large for a float.
    """
    parameters, y = _validate_pass(network, parameters, trace, y)
    with np.errstate(over="ignore", invalid="ignore"):
        return validation.check_overflow(cost(network, parameters, trace, y), "J", "scale X and y")


def add_penalties(network: Network, W: ndarray, dW: ndarray) -> ndarray:
    """Return dW plus the gradients of the penalties on W. That of |W| is taken to be 0 at W = 0."""
    if network.l2:
        dW = dW + network.l2 * W
    if network.l1:
        dW = dW + network.l1 * np.sign(W)
    return dW


def backward(network: Network, parameters: Parameters, trace: Trace, y: ndarray) -> Gradients:
    """Return a Gradient for each Layer. `backward_propagation` without validation."""
    dz = COSTS[network.cost].gradient(network.output, trace.y_hat, y)
    gradients = []
    for layer in range(len(network.sizes) - 1, 0, -1):
        W, a = parameters[layer - 1].W, trace.a[layer]
        dW = add_penalties(network, W, a.mT @ dz)
        gradients.append(Gradient(dW, dz.sum(axis=-2, keepdims=True)))
        if layer > 1:
            dz = network.activation(layer).backward(dz @ W.mT, a)
    return tuple(reversed(gradients))


def backward_propagation(
    network: Network, parameters: Parameters, trace: Trace, y: ndarray
) -> Gradients:
    """Return the Gradient (dW (n_in, n_out), db (1, n_out)) of J for each Layer.

    `trace` is what `forward_propagation` returned for the same parameters and the samples of y
    (m, n). Notebook 04, eq. 4.1 to 4.6. ValueError if a gradient is too large for a float.
    """
    parameters, y = _validate_pass(network, parameters, trace, y)
    with np.errstate(over="ignore", invalid="ignore"):
        gradients = backward(network, parameters, trace, y)
    for k, gradient in enumerate(gradients, start=1):
        for name, array in zip(("dW", "db"), gradient):
            advice = "scale X and y, or make the weights smaller"
            validation.check_overflow(array, f"{name}{k}", advice)
    return gradients


def predict(network: Network, parameters: Parameters, X: ndarray) -> ndarray:
    """Return the network's answer for X (m, n1), in the shape of y.

    With squared error, the numbers ŷ. With cross-entropy, classes: 1 where ŷ > 0.5, else 0; for
    softmax, one-hot rows with the 1 at the largest ŷ.
    """
    y_hat = forward_propagation(network, parameters, X).y_hat
    return y_hat if network.cost == "squared_error" else to_classes(network, y_hat)


def to_classes(network: Network, y_hat: ndarray) -> ndarray:
    """Return the classes that outputs ŷ (m, n) stand for, as 0 and 1 in the same shape."""
    if network.output == "softmax":
        return np.eye(y_hat.shape[-1], dtype=int)[y_hat.argmax(axis=-1)]
    return (y_hat > 0.5).astype(int)


def accuracy(predictions: ndarray, labels: ndarray) -> float | ndarray:
    """Return the percentage of samples (rows) predicted right; (K,) percentages for a stack.

    Both hold the classes 0 and 1, as `predict` returns them with cross-entropy. ValueError if the
    shapes differ, because (1, 4) and (4, 1) would broadcast to a silent 50 %, and for any other
    number: ŷ itself, or classes named −1 and 1, would give a number that means nothing.
    """
    predictions = validation.as_samples(predictions, None, "predictions")
    labels = validation.as_targets(labels, predictions, "labels")
    for name, array in (("predictions", predictions), ("labels", labels)):
        others = array[(array != 0) & (array != 1)]
        if others.size:
            advice = "turn ŷ into classes with np.asarray(y_hat) > 0.5, and labels with "
            advice += "np.asarray(labels) == the_class"
            raise ValueError(
                f"{name} must hold the classes 0 and 1 only; got {others[0]:g}: {advice}"
            )
    return 100 * (predictions == labels).all(axis=-1).mean(axis=-1)


def save(path: str | os.PathLike, network: Network, parameters: Parameters) -> None:
    """Write the network and its parameters to one `.npz` file, which `load` reads."""
    parameters = validate_parameters(network, parameters)
    arrays: dict[str, Any] = {
        f"{name}{k}": array
        for k, layer in enumerate(parameters, start=1)
        for name, array in zip("Wb", layer)
    }
    np.savez(path, network=json.dumps(asdict(network)), **arrays)


def load(path: str | os.PathLike) -> tuple[Network, Parameters]:
    """Return the network and the parameters in a file written by `save`.

    ValueError if the file is something else.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            network = Network(**json.loads(str(file["network"])))
            layers = range(1, len(network.sizes))
            parameters = tuple(Layer(file[f"W{k}"], file[f"b{k}"]) for k in layers)
    except FileNotFoundError:
        raise
    except Exception as error:
        raise ValueError(f"{path} is not a file written by nnlib.network.save: {error}") from None
    return network, validate_parameters(network, parameters)


def validate_parameters(network: Network, parameters: Parameters) -> Parameters:
    """Return `parameters` as a tuple of Layers of finite floats in the network's shapes."""
    if not isinstance(network, Network):
        raise TypeError(
            f"network must be a Network such as Network((2, 3, 1)); got {network!r:.60}"
        )
    pairs = validation.as_parameters(parameters, network.sizes)
    return tuple(Layer(W, b) for W, b in pairs)


def validate_inputs(network: Network, parameters: Parameters, X: ndarray) -> ndarray:
    """Return X as finite floats (m, n1), or (K, m, n1) for a stack with samples of its own."""
    X = validation.as_samples(X, network.sizes[0], "X")
    stack = parameters[0].W.shape[:-2]
    if X.ndim == 3 and X.shape[:-2] != stack:
        expected = f"one table per network of the stack {stack}" if stack else "one table (m, n)"
        raise ValueError(f"X with three axes must have {expected}; got {X.shape}")
    return X


def validate_targets(network: Network, trace: Trace, y: ndarray) -> ndarray:
    """Return y as finite floats in the shape of ŷ; for cross-entropy they must be probabilities."""
    y = validation.as_targets(y, trace.y_hat)
    return as_probabilities(y, network.output) if network.cost == "cross_entropy" else y


def _validate_pass(network, parameters, trace, y):
    """Return parameters and y, and check that `trace` is what they imply."""
    parameters = validate_parameters(network, parameters)
    if not isinstance(trace, Trace):
        expected = "what forward_propagation returned"
        raise TypeError(f"trace must be {expected}; got {type(trace).__name__}")
    validation.check_trace(trace.z, trace.a, network.sizes, parameters[0].W.shape[:-2])
    return parameters, validate_targets(network, trace, y)
