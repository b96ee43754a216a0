"""The same training by others. Each maker returns a function of `epochs` that trains.

One hidden layer of sigmoids unless said otherwise, full batches, no momentum, no penalty.
"""

import math
import warnings
from itertools import pairwise

import numpy as np


def guide(X, y, hidden):
    """The guide's code, mended (notebook 07): columns as samples, cross-entropy, cost each time."""
    X, Y, m = X.T, y.T, len(X)

    def sigmoid(x):
        return 1 / (1 + np.exp(-x))

    def train(epochs):
        rng = np.random.default_rng(1)
        W1, b1 = rng.standard_normal((hidden, len(X))), np.zeros((hidden, 1))
        W2, b2 = rng.standard_normal((len(Y), hidden)), np.zeros((len(Y), 1))
        costs = []
        for _ in range(epochs):
            A1 = sigmoid(np.dot(W1, X) + b1)
            A2 = sigmoid(np.dot(W2, A1) + b2)
            costs.append(-np.sum(Y * np.log(A2) + (1 - Y) * np.log(1 - A2)) / m)
            dZ2 = A2 - Y
            dW2 = np.dot(dZ2, A1.T) / m
            db2 = np.sum(dZ2, axis=1, keepdims=True) / m
            dZ1 = np.dot(W2.T, dZ2) * (A1 * (1 - A1))
            dW1 = np.dot(dZ1, X.T) / m
            db1 = np.sum(dZ1, axis=1, keepdims=True) / m
            W1, b1 = W1 - 0.1 * dW1, b1 - 0.1 * db1
            W2, b2 = W2 - 0.1 * dW2, b2 - 0.1 * db2

    return train


def scikit_learn(kind, X, y, hidden, batch_size=None, activation="logistic", watched=False):
    """MLPRegressor (linear output) or MLPClassifier; it sums the batches' costs, runs no others.

    `fit` comes back at the end. If it is `watched`, `partial_fit` comes back after each epoch, so
    that one can look at the network, as the snapshots of nnlib do.
    """
    from sklearn import neural_network

    def train(epochs):
        model = getattr(neural_network, kind)(
            hidden_layer_sizes=hidden, activation=activation, solver="sgd", alpha=0,
            learning_rate_init=0.1, momentum=0, nesterovs_momentum=False,
            batch_size=batch_size or len(X), shuffle=batch_size is not None,
            max_iter=epochs, n_iter_no_change=epochs + 1, tol=0,
        )  # fmt: skip
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it has not converged
            if not watched:
                model.fit(X, y)
            else:
                for _ in range(epochs):
                    model.partial_fit(X, y)

    return train


def pytorch(X, y, sizes, batch_size=None, activation="Sigmoid", softmax=False):
    """Eager PyTorch; like nnlib it runs all samples for the cost after each epoch."""
    import torch
    from torch import nn

    torch.set_num_threads(1)
    X, y = torch.tensor(X), torch.tensor(y)
    dtype = X.dtype

    def train(epochs):
        layers = []
        for n_in, n_out in pairwise(sizes):
            layers += [nn.Linear(n_in, n_out, dtype=dtype), getattr(nn, activation)()]
        model = nn.Sequential(*layers[:-1])
        cost = nn.CrossEntropyLoss() if softmax else nn.BCEWithLogitsLoss()
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        for _ in range(epochs):
            order = (
                [slice(None)] if batch_size is None else torch.randperm(len(X)).split(batch_size)
            )
            for rows in order:
                optimizer.zero_grad()
                loss = cost(model(X[rows]), y[rows])
                loss.backward()
                optimizer.step()
            if batch_size:
                with torch.no_grad():
                    loss = cost(model(X), y)
            loss.item()

    return train


def bare_products(X, sizes, batch_size):
    """Only the matrix products of training in batches and of one pass over all after an epoch."""
    n1, n2, n3 = sizes
    W1, W2 = np.ones((n1, n2), X.dtype), np.ones((n2, n3), X.dtype)
    dz3 = np.ones((batch_size, n3), X.dtype)

    def train(epochs):
        for _ in range(epochs):
            for start in range(0, len(X), batch_size):
                rows = X[start : start + batch_size]
                a2 = rows @ W1
                a2 @ W2
                a2.T @ dz3
                rows.T @ (dz3 @ W2.T)
            (X @ W1) @ W2

    return train


def compiled(X, y):
    """2-3-1 and squared error as plain loops over numbers, compiled by numba: the floor."""
    from numba import njit

    @njit
    def run(X, y, W1, b1, W2, b2, epochs):
        m = len(X)
        for _ in range(epochs):
            J = 0.0
            dW1, db1 = np.zeros((2, 3)), np.zeros(3)
            dW2, db2 = np.zeros(3), 0.0
            for s in range(m):
                a2 = np.empty(3)
                z3 = b2
                for j in range(3):
                    a2[j] = 1 / (1 + math.exp(-(X[s, 0] * W1[0, j] + X[s, 1] * W1[1, j] + b1[j])))
                    z3 += a2[j] * W2[j]
                y_hat = 1 / (1 + math.exp(-z3))
                error = y_hat - y[s]
                J += error * error / m
                dz3 = 2 / m * error * y_hat * (1 - y_hat)
                db2 += dz3
                for j in range(3):
                    dW2[j] += a2[j] * dz3
                    dz2 = dz3 * W2[j] * a2[j] * (1 - a2[j])
                    db1[j] += dz2
                    dW1[0, j] += X[s, 0] * dz2
                    dW1[1, j] += X[s, 1] * dz2
            W1 = W1 - 0.1 * dW1
            b1 = b1 - 0.1 * db1
            W2 = W2 - 0.1 * dW2
            b2 = b2 - 0.1 * db2
        return J

    targets = y[:, 0].copy()

    def train(epochs):
        run(X, targets, np.ones((2, 3)), np.zeros(3), np.ones(3), 0.0, epochs)

    return train


class Value:
    """A number that remembers how it was made, as in micrograd."""

    def __init__(self, data, parents=()):
        self.data, self.grad, self.parents = data, 0.0, parents  # parents: (Value, slope) pairs

    def __add__(self, other):
        return Value(self.data + other.data, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        return Value(self.data * other.data, ((self, other.data), (other, self.data)))

    def sigmoid(self):
        a = 1 / (1 + math.exp(-self.data))
        return Value(a, ((self, a * (1 - a)),))

    def backward(self):
        order, seen = [], set()

        def visit(value):
            if id(value) not in seen:
                seen.add(id(value))
                for parent, _ in value.parents:
                    visit(parent)
                order.append(value)

        visit(self)
        self.grad = 1.0
        for value in reversed(order):
            for parent, slope in value.parents:
                parent.grad += slope * value.grad


def scalar_autograd(X, y):
    """2-3-1 and squared error, one Value a number."""
    rows = [(*map(Value, row), Value(-target)) for row, (target,) in zip(X.tolist(), y.tolist())]

    def train(epochs):
        W1 = [[Value(0.1 * (i + j)) for i in range(3)] for j in range(3)]  # the last is the bias
        W2 = [Value(0.1 * j) for j in range(4)]
        for _ in range(epochs):
            total = Value(0.0)
            for x1, x2, minus_y in rows:
                a2 = [(x1 * w1 + x2 * w2 + b).sigmoid() for w1, w2, b in W1]
                z3 = W2[3]
                for a, w in zip(a2, W2):
                    z3 = z3 + a * w
                error = z3.sigmoid() + minus_y
                total = total + error * error
            total.backward()
            W1 = [[Value(w.data - 0.1 / len(rows) * w.grad) for w in row] for row in W1]
            W2 = [Value(w.data - 0.1 / len(rows) * w.grad) for w in W2]

    return train
