"""The arithmetic of a training run: the formulas of `network`, in arrays that are made once.

For a small network the plain form spends its time on making arrays and on calls, not on the maths.
Here the biases are one more column of weights, from a node that is always 1, so that one product
gives z and one gives dW and db; all parameters are one vector, so that an optimizer's step is one
step; and columns are samples, so that what an activation works on lies in one piece. What comes out
is the same: tests hold it against the plain form; tests/benchmarks/training.py shows what it saves.
"""

import numpy as np

from nnlib.activations import ACTIVATIONS
from nnlib.costs import COSTS
from nnlib.network import Layer, Trace
from nnlib.network import add_penalties as _penalised
from nnlib.network import cost as _cost


class Workspace:
    """A copy of `parameters`, their gradient, and the passes over X (m, n1) and y (m, n).

    All arguments have been checked. The vectors `theta` and `gradient` hold all parameters and
    ∂J/∂ each of them. `layers` shows `theta` in the course's shapes.
    """

    def __init__(self, network, parameters, X, y):
        self.network, self._y = network, y
        stack = parameters[0].W.shape[:-2]
        self._shapes = [
            (*stack, n_out, n_in + 1) for n_in, n_out in zip(network.sizes, network.sizes[1:])
        ]
        dtype = np.result_type(X, y, *(array for layer in parameters for array in layer))
        self.theta, self.gradient = np.zeros((2, sum(map(np.prod, self._shapes))), dtype)
        self.layers, self._slopes = self.as_layers(self.theta), self.as_layers(self.gradient)
        self.fill(self.theta, parameters)
        ones = np.ones((*X.shape[:-1], 1))
        self._X = np.concatenate([X, ones], axis=-1, dtype=dtype)
        self._whole, self._batches = _Pass(self, self._X), {}

    def parameters(self, vector=None):
        """The parameters as they are now, or of a vector like `theta`, in Layers of their own."""
        layers = self.layers if vector is None else self.as_layers(vector)
        return tuple(Layer(W.copy(), b.copy()) for W, b in layers)

    def forward(self):
        """Run all samples forward. The Trace is written over by the next run."""
        self._whole.forward()
        return self._whole.trace

    def cost(self):
        """Run all samples forward; J of them, or (K,) for a stack."""
        return _cost(self.network, self.layers, self.forward(), self._y)

    def differentiate(self, rows=None):
        """Fill `gradient` for these rows; without, for all as the last run forward left them."""
        if rows is None:
            self._whole.backward(self._y)
        else:
            batch = self._batch(len(rows))
            np.take(self._X, rows, axis=-2, out=batch.X, mode="clip")
            batch.forward()
            batch.backward(self._y[..., rows, :])
        if self.network.l1 or self.network.l2:
            for (W, _), (dW, _) in zip(self.layers, self._slopes):
                dW[...] = _penalised(self.network, W, dW)

    def step(self, optimizer, memory, rates):
        """Move `theta` as the optimizer says; what it remembers next. `gradient` is used up."""
        direction, memory = optimizer.direction(self.gradient, memory)
        np.multiply(direction, rates, out=self.gradient)
        np.subtract(self.theta, self.gradient, out=self.theta)
        return memory

    def spread(self, learning_rate):
        """A number as it is; (K, 1, 1), one a network, as a vector with one a parameter."""
        if np.ndim(learning_rate) == 0:
            return learning_rate
        rates = np.empty_like(self.theta)
        for block in self.blocks(rates):
            block[...] = learning_rate
        return rates

    def fill(self, vector, layers):
        """Write the numbers of Layers, or of gradients, into a vector like `theta`."""
        for (W, b), (new_W, new_b) in zip(self.as_layers(vector), layers):
            W[...], b[...] = new_W, new_b

    def as_layers(self, vector):
        """Layers in the course's shapes that show a vector like `theta`."""
        turned = map(_turned, self.blocks(vector))
        return tuple(Layer(both[..., :-1, :], both[..., -1:, :]) for both in turned)

    def blocks(self, vector):
        """Each layer's part of a vector like `theta`: (…, n_out, n_in + 1), the biases last."""
        ends = np.cumsum([np.prod(shape) for shape in self._shapes])
        return [part.reshape(shape) for part, shape in zip(np.split(vector, ends), self._shapes)]

    def _batch(self, size):
        if size not in self._batches:
            self._batches[size] = _Pass(self, self._X[..., :size, :].copy())
        return self._batches[size]


class _Pass:
    """One forward and backward pass over m samples. `X` (…, m, n1 + 1) may be filled anew.

    `trace` shows what `forward` computed in the course's shapes, (m, n) or (K, m, n).
    """

    def __init__(self, work, X):
        self.X, self._output = X, work.network.output
        self._cost_gradient = COSTS[work.network.cost].gradient
        self._layers, nodes = [], _turned(X)
        names = [work.network.hidden] * (len(work.network.sizes) - 2) + [work.network.output]
        blocks = zip(work.blocks(work.theta), work.blocks(work.gradient))
        for (weights, gradient), name in zip(blocks, names):
            layer = _LayerOfPass(weights, gradient, nodes, name)
            self._layers.append(layer)
            nodes = layer.nodes
        z = {number: layer.z for number, layer in enumerate(self._layers, start=2)}
        a = {number: layer.a for number, layer in enumerate(self._layers, start=2)}
        self.trace = Trace(z, {1: X[..., :-1], **a})

    def forward(self):
        """Fill `trace`."""
        for layer in self._layers:
            layer.forward()

    def backward(self, y):
        """Fill the workspace's `gradient`, without the penalties, after `forward`."""
        *hidden, last = self._layers
        dz = self._cost_gradient(self._output, last.a, y)
        for layer, before in zip(reversed(self._layers), reversed(hidden)):
            layer.differentiate(dz)
            dz = before.activation.backward(layer.back(dz), before.a)
        self._layers[0].differentiate(dz)


class _LayerOfPass:
    """From the nodes before a layer (…, n_in + 1, m) to its own, and back. The last node is 1."""

    def __init__(self, weights, gradient, nodes, name):
        *stack, n, _ = weights.shape
        sums = np.empty((*stack, n, nodes.shape[-1]), nodes.dtype)
        self.nodes = np.ones((*stack, n + 1, nodes.shape[-1]), nodes.dtype)
        inside = self.nodes[..., :-1, :]
        a = inside if not stack else np.empty_like(sums)  # in one piece, which is faster
        self.z, self.a = _turned(sums), _turned(a)
        self._inside = _turned(inside) if stack else None
        self.activation, self._activate = ACTIVATIONS[name], _INTO[name]
        self._way_back = _turned(weights[..., :-1])
        if nodes.ndim == 2:  # the same for a whole stack: one product serves all of it
            weights, gradient, sums = (
                b.reshape(-1, b.shape[-1]) for b in (weights, gradient, sums)
            )
        self._product = weights, nodes, sums
        self._gradient, self._samples = gradient, _turned(nodes)

    def forward(self):
        weights, nodes, sums = self._product
        _multiply(weights, nodes, sums)
        self._activate(self.z, self.a)
        if self._inside is not None:
            np.copyto(self._inside, self.a)

    def differentiate(self, dz):
        """Fill this layer's part of the gradient."""
        columns = _turned(dz).reshape(*self._gradient.shape[:-1], -1)
        _multiply(columns, self._samples, self._gradient)

    def back(self, dz):
        """∂J/∂a of the nodes before."""
        return _turned(_multiply(self._way_back, _turned(dz)))


def _sigmoid_into(z, a):
    np.negative(z, a)
    np.exp(a, a)
    np.add(a, 1, a)
    np.reciprocal(a, a)


# What ACTIVATIONS does, into an array that is there.
_INTO = {
    "sigmoid": _sigmoid_into,
    "tanh": np.tanh,
    "relu": lambda z, a: np.maximum(z, 0, out=a),
    "identity": lambda z, a: np.copyto(a, z),
    "softmax": lambda z, a: np.copyto(a, ACTIVATIONS["softmax"].forward(z)),
}


def _multiply(a, b, out=None):
    """a @ b; of two matrices by the method `dot`, which starts sooner."""
    return a.dot(b, out) if a.ndim == b.ndim == 2 else np.matmul(a, b, out=out)


def _turned(array):
    return array.swapaxes(-1, -2)
