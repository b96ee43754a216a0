"""Answers as learners write them, each wrong: `ANSWERS` holds (exercise, function, what is wrong).

They were written before the catalogue of mistakes, from the exercises' texts alone. What is wrong
is a pattern: a message that names the mistake matches it, one that says something else does not.
"""

import math

import numpy as np

from nnlib.network import backward_propagation, compute_cost, forward_propagation
from nnlib.optimizers import update_parameters

ANSWERS = []
X = np.array([[2.0, 7.0], [1.0, 3.0], [3.0, 9.0]])  # what lies about in a notebook's memory


def wrong(exercise, what):
    """Enter the decorated function in ANSWERS."""

    def enter(function):
        ANSWERS.append((exercise, function, what))
        return function

    return enter


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


@wrong("neuron", r"sigmoid")
def only_the_weighted_sum(x, w, b):
    total = 0
    for i in range(len(x)):
        total += x[i] * w[i]
    return total + b


@wrong("neuron", r"two|2 inputs|any number|shape|size|more inputs|x \(3,\)")
def for_two_inputs(x, w, b):
    return sigmoid(x[0] * w[0] + x[1] * w[1] + b)


@wrong("neuron", r"`?b`?.*(outside|after|left out)|bias")
def bias_after_the_bend(x, w, b):
    return sigmoid(np.dot(x, w)) + b


@wrong("layer", r"b\[0\]|first bias|`b`|bias")
def one_bias_for_all(x, W, b):
    answers = []
    for j in range(3):
        answers.append(sigmoid(np.sum(x * W[:, j]) + b[0]))
    return np.array(answers)


@wrong("layer", r"rows|W @ x|W\[j\]|transposed|\.T")
def rows_for_columns(x, W, b):
    return sigmoid(np.array([W[j] @ x + b[j] for j in range(len(b))]))


@wrong("scale", r"X_train|training")
def the_tutorials_line(X, X_train):
    return X / np.amax(X, axis=0)


@wrong("scale", r"each column|one maximum|axis|whole table")
def one_maximum(X, X_train):
    biggest = max(max(row) for row in X_train)
    return np.array([[v / biggest for v in row] for row in X])


@wrong("scale", r"edits|in place|changes")
def edits_the_table(X, X_train):
    for j in range(X.shape[1]):
        X[:, j] = X[:, j] / X_train[:, j].max()
    return X


@wrong("scale", r"minimum|smallest|range")
def range_scaling(X, X_train):
    low, high = X_train.min(axis=0), X_train.max(axis=0)
    return (X - low) / (high - low)


@wrong("unscale", r"multipl|divi|inverse|wrong way|other way")
def scales_again(X_scaled, X_train):
    maxima = np.max(X_train, axis=0)
    return X_scaled / maxima


@wrong("unscale", r"X_train|100")
def prices_only(X_scaled, X_train):
    return 100 * X_scaled


@wrong("column", r"row|transposed|\(1, ")
def a_row(values):
    return np.array([values], dtype=float)


@wrong("column", r"float|whole numbers")
def whole_numbers(values):
    return np.asarray(values).reshape(len(values), 1)


@wrong("sigmoid", r"bracket")
def brackets_missing(z):
    return 1 / 1 + np.exp(-z)


@wrong("sigmoid", r"array|math")
def for_one_number(z):
    return 1 / (1 + math.exp(-z))


@wrong("sigmoid", r"minus|sign|exp\(z\)")
def minus_missing(z):
    e = np.exp(z)
    return 1 / (1 + e)


@wrong("product_shape", r"inner|outer|left\[1\]|right\[0\]")
def inner_numbers(left, right):
    columns, rows = left[1], right[0]
    if columns == rows:
        return (columns, rows)
    return ()


@wrong("product_shape", r"None|False|\(\)|empty")
def says_false(left, right):
    if left[1] == right[0]:
        return left[0], right[1]
    return False


@wrong("forward", r"b2")
def second_bias_forgotten(X, W1, b1, W2, b2):
    z2 = np.dot(X, W1) + b1
    a2 = sigmoid(z2)
    z3 = np.dot(a2, W2)
    y_hat = sigmoid(z3)
    return z2, a2, z3, y_hat


@wrong("forward", r"4 values|four|only|z2, a2, z3")
def the_answer_only(X, W1, b1, W2, b2):
    return sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2)


@wrong("forward", r"z2.*a2|a2.*z2")
def skips_the_bend(X, W1, b1, W2, b2):
    z2 = X @ W1 + b1
    a2 = sigmoid(z2)
    z3 = z2 @ W2 + b2
    return z2, a2, z3, sigmoid(z3)


@wrong("second_column", r"scale|maximum|amax")
def first_column_not_scaled(z2, first):
    x1 = first
    return (z2 - 0.5 * x1) / 0.5


@wrong("mean_squared_error", r"mean|divi|1/m|times|number of")
def sum_of_squares(y_hat, y):
    total = 0.0
    for guess, truth in zip(y_hat[:, 0], y[:, 0]):
        total += (guess - truth) ** 2
    return total


@wrong("mean_squared_error", r"square.*(before|after|first|mean)|mean.*(before|after).*squar")
def square_of_the_mean(y_hat, y):
    return (y_hat - y).mean() ** 2


@wrong("mean_squared_error", r"(3|three|fixed|number of)")
def three_houses(y_hat, y):
    return ((y_hat - y) ** 2).sum() / 3


@wrong("cross_entropy", r"log.*0|1000|overflow|infin|nan|rounds")
def the_guides_formula(z, y):
    p = sigmoid(z)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


@wrong("cross_entropy", r"clip|cut off|1e-|limit")
def clipped(z, y):
    p = np.clip(sigmoid(z), 1e-9, 1 - 1e-9)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


@wrong("cross_entropy", r"\|z\||abs|overflow|infin|nan|inf")
def exponent_not_tamed(z, y):
    return np.mean(np.log(1 + np.exp(-z)) + (1 - y) * z)


@wrong("best_weight", r"place|index|argmin|position")
def the_place(cost, candidates):
    costs = [cost(w) for w in candidates]
    return costs.index(min(costs))


@wrong("weight_slope", r"`?z`?.*`?a`?")
def slope_from_z(w, x, y):
    z = w * x
    a = sigmoid(z)
    return x * z * (1 - z) * 2 * (a - y)


@wrong("weight_slope", r"factor.*2|half|2.*(missing|left out)|times")
def square_without_its_two(w, x, y):
    a = sigmoid(w * x)
    dJ_da = a - y
    return dJ_da * a * (1 - a) * x


@wrong("backward", r"1 ?/ ?m|number of samples|len\(y\)|rows of|times")
def not_a_mean(X, y, W2, z2, a2, y_hat):
    error = y_hat - y
    d3 = 2 * error * y_hat * (1 - y_hat)
    d2 = (d3 @ W2.T) * a2 * (1 - a2)
    return (
        np.dot(X.T, d2),
        np.sum(d2, axis=0, keepdims=True),
        np.dot(a2.T, d3),
        np.sum(d3, axis=0, keepdims=True),
    )


@wrong("backward", r"updated|already|W2.*before|new `?W2")
def updates_on_the_way(X, y, W2, z2, a2, y_hat):
    m = len(y)
    dz3 = 2 / m * (y_hat - y) * y_hat * (1 - y_hat)
    dW2 = a2.T @ dz3
    db2 = dz3.sum(axis=0, keepdims=True)
    W2 = W2 - 0.01 * dW2
    dz2 = dz3 @ W2.T * a2 * (1 - a2)
    return X.T @ dz2, dz2.sum(axis=0, keepdims=True), dW2, db2


@wrong("backward", r"sigmoid.*(twice|a2|activation|again)|a2.*already")
def sigmoid_once_more(X, y, W2, z2, a2, y_hat):
    def derivative(s):
        return sigmoid(s) * (1 - sigmoid(s))

    dz3 = 2 / len(y) * (y_hat - y) * derivative(y_hat)
    dW2 = a2.T @ dz3
    db2 = dz3.sum(axis=0, keepdims=True)
    dz2 = dz3 @ W2.T * derivative(a2)
    return X.T @ dz2, dz2.sum(axis=0, keepdims=True), dW2, db2


@wrong("backward", r"mean|twice|1 ?/ ?m|number of|len\(y\)")
def bias_by_the_mean(X, y, W2, z2, a2, y_hat):
    dz3 = 2 / len(y) * (y_hat - y) * y_hat * (1 - y_hat)
    dz2 = dz3 @ W2.T * a2 * (1 - a2)
    db1 = dz2.mean(axis=0, keepdims=True)
    db2 = dz3.mean(axis=0, keepdims=True)
    return X.T @ dz2, db1, a2.T @ dz3, db2


@wrong("numerical_gradient", r"one-sided|one side|f\(x\)|down|only up")
def one_sided(f, x, step=1e-5):
    gradient = np.zeros_like(x)
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            moved = x.copy()
            moved[i, j] += step
            gradient[i, j] = (f(moved) - f(x)) / step
    return gradient


@wrong("numerical_gradient", r"only that entry|one entry|all entries|every entry|at once|same")
def all_at_once(f, x, step=1e-5):
    slope = (f(x + step) - f(x - step)) / (2 * step)
    return np.full(x.shape, slope)


@wrong("backward_cross_entropy", r"y_hat \* \(1 - y_hat\)|1 - y_hat|squared error|cancel")
def half_repaired(X, y, W2, z2, a2, y_hat):
    dz3 = (y_hat - y) * y_hat * (1 - y_hat) / len(y)
    dW2, db2 = a2.T @ dz3, dz3.sum(axis=0, keepdims=True)
    dz2 = dz3 @ W2.T * a2 * (1 - a2)
    dW1, db1 = X.T @ dz2, dz2.sum(axis=0, keepdims=True)
    return dW1, db1, dW2, db2


@wrong("update", r"edits|in place|changes")
def minus_equals(W, dW, learning_rate):
    W -= dW * learning_rate
    return W


@wrong("train", r"never|same parameters|not.*updat|start|new parameters|over and over")
def forgets_the_new_parameters(network, parameters, X, y, learning_rate, epochs):
    costs = []
    for _ in range(epochs):
        trace = forward_propagation(network, parameters, X)
        costs.append(compute_cost(network, parameters, trace, y))
        gradients = backward_propagation(network, parameters, trace, y)
        new = update_parameters(parameters, gradients, learning_rate)
    return new, costs


@wrong("train", r"after the update|before the update|late")
def cost_after_the_update(network, parameters, X, y, learning_rate, epochs):
    costs = []
    for _ in range(epochs):
        trace = forward_propagation(network, parameters, X)
        gradients = backward_propagation(network, parameters, trace, y)
        parameters = update_parameters(parameters, gradients, learning_rate)
        trace = forward_propagation(network, parameters, X)
        costs.append(compute_cost(network, parameters, trace, y))
    return parameters, costs


@wrong("best_rate", r"nan")
def nan_wins(rates, costs):
    return rates[np.argmin(costs)]


@wrong("best_rate", r"cost.*rate|rate.*cost|lowest cost itself")
def lowest_cost(rates, costs):
    finite = [c for c in costs if np.isfinite(c)]
    return min(finite)
