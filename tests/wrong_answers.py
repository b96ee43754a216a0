"""Answers as learners write them, each wrong: `ANSWERS` holds (exercise, function, what is wrong).

What is wrong is a pattern: a message that names the mistake matches it, one that says something
else does not. The first 43 were written before the catalogue of mistakes, from the exercises' texts
alone; on the day it was written it named 41 of them. The others came after it and are odder: of
these 42 it rejected all and named 24. The 14 for notebook 09 were written by someone who
knew the notebook alone: of these it rejected all and named 9. Those below them, for notebooks 00 to
05, are what it did not name well among a hundred more. Since then it has learnt.
"""

import math
from itertools import pairwise

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


# The second, odder lot.


@wrong("neuron", r"averaged|mean")
def mean_of_products(x, w, b):
    return sigmoid(np.mean(x * w) + b)


@wrong("neuron", r"apart|own weight")
def sums_apart(x, w, b):
    return sigmoid(sum(x) * sum(w) + b)


@wrong("layer", r"summed up")
def adds_the_neurons_up(x, W, b):
    out = 0
    for j in range(3):
        out += sigmoid(x @ W[:, j] + b[j])
    return out


@wrong("layer", r"twice")
def bends_twice(x, W, b):
    return sigmoid(sigmoid(x @ W + b))


@wrong("scale", r"share")
def shared_maxima(X, X_train):
    both = np.vstack([X, X_train])
    return X / both.max(axis=0)


@wrong("scale", r"first row")
def first_row(X, X_train):
    return X / X_train[0]


@wrong("scale", r"does not depend on `X_train`")
def own_maximum_of_all(X, X_train):
    return X / np.abs(X).max(axis=0)


@wrong("unscale", r"divided by the maxima")
def divides_by_the_inverse(X_scaled, X_train):
    return X_scaled * (1 / X_train.max(axis=0))


@wrong("unscale", r"sum")
def sums_of_columns(X_scaled, X_train):
    return X_scaled * X_train.sum(axis=0)


@wrong("column", r"'list' object has no attribute")
def arrays_only(values):
    return values.reshape(-1, 1).astype(float)


@wrong("column", r"0\.01 times")
def prices_scaled(values):
    return np.array(values, dtype=float).reshape(-1, 1) / 100


@wrong("sigmoid", r"exp2|base")
def base_two(z):
    return 1 / (1 + 2 ** (-np.asarray(z, dtype=float)))


@wrong("sigmoid", r"tanh")
def tanh_by_hand(z):
    return (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))


@wrong("sigmoid", r"ReLU")
def relu(z):
    return np.maximum(z, 0)


@wrong("product_shape", r"columns before rows")
def columns_before_rows(left, right):
    if left[1] == right[0]:
        return (right[1], left[0])
    return ()


@wrong("forward", r"ReLU")
def relu_inside(X, W1, b1, W2, b2):
    z2 = X @ W1 + b1
    a2 = np.maximum(z2, 0)
    z3 = a2 @ W2 + b2
    return z2, a2, z3, sigmoid(z3)


@wrong("forward", r"`b1` stands for `b2`")
def first_bias_twice(X, W1, b1, W2, b2):
    z2 = X @ W1 + b1
    a2 = sigmoid(z2)
    z3 = a2 @ W2 + b1
    return z2, a2, z3, sigmoid(z3)


@wrong("forward", r"X @ W1 - b1")
def biases_taken_off(X, W1, b1, W2, b2):
    z2 = X @ W1 - b1
    a2 = sigmoid(z2)
    z3 = a2 @ W2 - b2
    return z2, a2, z3, sigmoid(z3)


@wrong("forward", r"4 values")
def two_of_four(X, W1, b1, W2, b2):
    z2 = X @ W1 + b1
    a2 = sigmoid(z2)
    z3 = a2 @ W2 + b2
    return a2, sigmoid(z3)


@wrong("second_column", r"always divided by 3")
def always_three_bedrooms(z2, first):
    return 2 * z2 - first / 3


@wrong("mean_squared_error", r"number of rows|twice")
def divided_twice(y_hat, y):
    return np.mean((y_hat - y) ** 2) / len(y)


@wrong("mean_squared_error", r"relative")
def relative_errors(y_hat, y):
    return np.mean(((y_hat - y) / y) ** 2)


@wrong("mean_squared_error", r"each row")
def mean_of_each_row(y_hat, y):
    return np.mean((y_hat - y) ** 2, axis=1)


@wrong("cross_entropy", r"clipped")
def a_little_more_than_zero(z, y):
    p = sigmoid(z)
    return -np.mean(y * np.log(p + 1e-8) + (1 - y) * np.log(1 - p + 1e-8))


@wrong("cross_entropy", r"\+ y \* z")
def sign_of_the_middle(z, y):
    return np.mean(np.maximum(z, 0) + y * z + np.log1p(np.exp(-np.abs(z))))


@wrong("best_weight", r"highest")
def last_of_the_sorted(cost, candidates):
    return sorted(candidates, key=cost)[-1]


@wrong("weight_slope", r"brackets")
def brackets_of_the_slope(w, x, y):
    a = sigmoid(w * x)
    return x * a * 1 - a * 2 * (a - y)


@wrong("weight_slope", r"`1 - a` is left out")
def half_a_slope(w, x, y):
    a = sigmoid(w * x)
    return 2 * (a - y) * a * x


@wrong("backward", r"`y_hat`.*slope")
def slope_of_the_wrong_layer(X, y, W2, z2, a2, y_hat):
    m = len(y)
    dz3 = 2 / m * (y_hat - y) * y_hat * (1 - y_hat)
    dz2 = (dz3 @ W2.T) * y_hat * (1 - y_hat) if y_hat.shape[1] == 1 else dz3 @ W2.T
    return X.T @ dz2, dz2.sum(0, keepdims=True), a2.T @ dz3, dz3.sum(0, keepdims=True)


@wrong("backward", r"features")
def counts_features(X, y, W2, z2, a2, y_hat):
    m = X.shape[1]
    dz3 = 2 / m * (y_hat - y) * y_hat * (1 - y_hat)
    dz2 = dz3 @ W2.T * a2 * (1 - a2)
    return X.T @ dz2, dz2.sum(0, keepdims=True), a2.T @ dz3, dz3.sum(0, keepdims=True)


@wrong("backward", r"another order")
def weights_then_biases(X, y, W2, z2, a2, y_hat):
    m = len(y)
    dz3 = 2 / m * (y_hat - y) * y_hat * (1 - y_hat)
    dz2 = dz3 @ W2.T * a2 * (1 - a2)
    return X.T @ dz2, a2.T @ dz3, dz2.sum(0, keepdims=True), dz3.sum(0, keepdims=True)


@wrong("backward", r"NameError")
def a_name_that_is_nowhere(X, y, W2, z2, a2, y_hat):
    return a2.T @ dz3_  # noqa: F821


@wrong("backward", r"turned over|transposed")
def turned_over(X, y, W2, z2, a2, y_hat):
    m = len(y)
    dz3 = 2 / m * (y_hat - y) * y_hat * (1 - y_hat)
    dz2 = dz3 @ W2.T * a2 * (1 - a2)
    return X.T @ dz2, dz2.sum(0, keepdims=True), dz3.T @ a2, dz3.sum(0, keepdims=True)


@wrong("numerical_gradient", r"edits")
def never_moves_back(f, x, step=1e-5):
    g = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        a = f(x)
        x[i] += step
        g[i] = (f(x) - a) / step
    return g


@wrong("numerical_gradient", r"half")
def half_steps(f, x, step=1e-5):
    g = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        u = x.copy()
        d = x.copy()
        u[i] += step / 2
        d[i] -= step / 2
        g[i] = (f(u) - f(d)) / (2 * step)
    return g


@wrong("backward_cross_entropy", r"mixes|z2")
def one_of_two_repaired(X, y, W2, z2, a2, y_hat):
    dz3 = (y_hat - y) / len(y)
    dz2 = dz3 @ W2.T * a2 * (1 - z2)
    return X.T @ dz2, dz2.sum(0, keepdims=True), a2.T @ dz3, dz3.sum(0, keepdims=True)


@wrong("update", r"uphill")
def uphill(W, dW, learning_rate):
    return W + dW * learning_rate


@wrong("update", r"does not depend on `learning_rate`")
def rate_of_the_lecture(W, dW, learning_rate):
    return W - 0.1 * dW


@wrong("train", r"2 values|only the parameters")
def parameters_only(network, parameters, X, y, learning_rate, epochs):
    costs = []
    for _ in range(epochs):
        t = forward_propagation(network, parameters, X)
        costs.append(compute_cost(network, parameters, t, y))
        g = backward_propagation(network, parameters, t, y)
        parameters = update_parameters(parameters, g, learning_rate)
    return parameters


@wrong("train", r"uphill")
def climbs(network, parameters, X, y, learning_rate, epochs):
    costs = []
    for _ in range(epochs):
        t = forward_propagation(network, parameters, X)
        costs.append(compute_cost(network, parameters, t, y))
        g = backward_propagation(network, parameters, t, y)
        parameters = tuple(
            (W + learning_rate * dW, b + learning_rate * db)
            for (W, b), (dW, db) in zip(parameters, g)
        )
    return parameters, costs


@wrong("best_rate", r"nan")
def starts_with_nan(rates, costs):
    best = 0
    for i in range(len(costs)):
        if costs[i] < costs[best]:
            best = i
    return rates[best]


@wrong("best_rate", r"smallest")
def smallest_rate(rates, costs):
    return min(rates)


# Notebook 07. Written from the texts of its exercises, after its catalogue: of these 15 all were
# rejected and 14 named at first.


@wrong("backward_propagation", r"matmul|shape|column|layout")
def in_the_layout_of_notebook_04(X, Y, A1, A2, W2):
    dZ2 = (A2 - Y) / len(Y)
    dZ1 = dZ2 @ W2.T * A1 * (1 - A1)
    return X.T @ dZ1, dZ1.sum(0, keepdims=True), A1.T @ dZ2, dZ2.sum(0, keepdims=True)


@wrong("backward_propagation", r"1/m is missing in the biases")
def mean_for_weights_only(X, Y, A1, A2, W2):
    m = X.shape[1]
    delta = A2 - Y
    hidden = np.dot(W2.T, delta) * A1 * (1 - A1)
    dW2, db2 = np.dot(delta, A1.T) / m, np.sum(delta, axis=1, keepdims=True)
    return np.dot(hidden, X.T) / m, np.sum(hidden, axis=1, keepdims=True), dW2, db2


@wrong("backward_propagation", r"slope is left out")
def straight_through_the_hidden_layer(X, Y, A1, A2, W2):
    m = X.shape[1]
    dZ2 = A2 - Y
    dZ1 = W2.T @ dZ2
    return (
        dZ1 @ X.T / m,
        dZ1.mean(axis=1, keepdims=True),
        dZ2 @ A1.T / m,
        dZ2.mean(axis=1, keepdims=True),
    )


@wrong("compute_cost", r"1 − A2 can be 0")
def guards_half(A2, Y):
    first = Y * np.log(A2 + 1e-12)
    second = (1 - Y) * np.log(1 - A2)
    return -(first + second).sum() / Y.shape[1]


@wrong("compute_cost", r"counts as 0")
def sweeps_nan_away(A2, Y):
    each = -(Y * np.log(A2) + (1 - Y) * np.log(1 - A2))
    each[np.isnan(each)] = 0
    return np.sum(each) / Y.shape[1]


@wrong("compute_cost", r"rows of `Y`|column")
def counts_rows(A2, Y):
    p = np.clip(A2, 1e-12, 1 - 1e-12)
    return -np.sum(Y * np.log(p) + (1 - Y) * np.log(1 - p)) / len(Y)


@wrong("accuracy", r"ValueError")
def as_the_guide_prints_it(predictions, labels):
    return np.mean(predictions == labels) * 100


@wrong("accuracy", r"ValueError")
def prints_and_goes_on(predictions, labels):
    if predictions.shape != labels.shape:
        print("the shapes differ")
        return 0.0
    return 100 * (predictions == labels).sum() / predictions.size


@wrong("accuracy", r"rows")
def per_row(predictions, labels):
    if predictions.shape != labels.shape:
        raise ValueError("shapes")
    hits = 0
    for said, truth in zip(predictions.ravel(), labels.ravel()):
        hits += int(said == truth)
    return 100 * hits / len(labels)


@wrong("split_and_scale", r"all rows")
def scales_before_the_split(X, y, order, held_out):
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    test, train = order[:held_out], order[held_out:]
    return X[train], X[test], y[train], y[test]


@wrong("split_and_scale", r"of their own")
def fits_twice(X, y, order, held_out):
    parts = []
    for rows in (order[held_out:], order[:held_out]):
        part = X[rows]
        parts.append((part - part.mean(axis=0)) / part.std(axis=0))
    return parts[0], parts[1], y[order[held_out:]], y[order[:held_out]]


@wrong("split_and_scale", r"another order")
def in_pairs(X, y, order, held_out):
    test, train = order[:held_out], order[held_out:]
    mean, std = X[train].mean(0), X[train].std(0)
    return (X[train] - mean) / std, y[train], (X[test] - mean) / std, y[test]


@wrong("confusion_matrix", r"swapped|transposed")
def predictions_down_the_side(predictions, labels):
    table = np.zeros((2, 2))
    for p, t in zip(predictions.ravel().astype(int), labels.ravel().astype(int)):
        table[p, t] += 1
    return table


@wrong("confusion_matrix", r"class 1 comes first")
def positives_first(predictions, labels):
    tp = np.sum((predictions == 1) & (labels == 1))
    fn = np.sum((predictions == 0) & (labels == 1))
    fp = np.sum((predictions == 1) & (labels == 0))
    tn = np.sum((predictions == 0) & (labels == 0))
    return np.array([[tp, fn], [fp, tn]])


@wrong("confusion_matrix", r"wrong and right")
def wrong_and_right(predictions, labels):
    right = predictions == labels
    return [
        [np.sum(~right & (labels == 0)), np.sum(right & (labels == 0))],
        [np.sum(~right & (labels == 1)), np.sum(right & (labels == 1))],
    ]


# Of notebook 08, written after its catalogue: it rejected all 27 and named 24.


@wrong("forward_deep", r"output layer is a ReLU")
def relu_to_the_end(X, parameters):
    z, a = {}, {1: X}
    for k in range(len(parameters)):
        W, b = parameters[k]
        z[k + 2] = a[k + 1] @ W + b
        a[k + 2] = np.maximum(0, z[k + 2])
    return z, a


@wrong("forward_deep", r"keys 2, 3, 4")
def counts_from_one(X, parameters):
    z, a = {}, {0: X}
    for layer, (W, b) in enumerate(parameters, start=1):
        z[layer] = a[layer - 1] @ W + b
        last = layer == len(parameters)
        a[layer] = sigmoid(z[layer]) if last else np.maximum(z[layer], 0)
    return z, a


@wrong("forward_deep", r"sigmoids.*only the output|hidden layers are sigmoids")
def sigmoids_everywhere(X, parameters):
    z, a = {}, {1: X}
    layer = 2
    for W, b in parameters:
        z[layer] = np.dot(a[layer - 1], W) + b
        a[layer] = 1 / (1 + np.exp(-z[layer]))
        layer += 1
    return z, a


@wrong("relu_backward", r">=")
def slope_by_not_negative(da, a):
    slope = np.zeros(a.shape)
    slope[a >= 0] = 1
    return da * slope


@wrong("relu_backward", r"sign of `da`")
def relu_of_the_error(da, a):
    return np.where(da > 0, da, 0)


@wrong("relu_backward", r"only the slope|left out")
def slope_only(da, a):
    return np.where(a > 0, 1.0, 0.0)


@wrong("backward_deep", r"back to (the )?front|another order")
def never_turned_round(y, parameters, trace):
    _, a = trace
    last = len(parameters) + 1
    dz = (a[last] - y) / len(y)
    gradients = []
    for layer in range(last - 1, 0, -1):
        gradients.append((a[layer].T @ dz, dz.sum(axis=0, keepdims=True)))
        if layer > 1:
            dz = dz @ parameters[layer - 1][0].T * (a[layer] > 0)
    return gradients


@wrong("backward_deep", r"sigmoid's slope")
def sigmoid_slope_as_in_04(y, parameters, trace):
    _, a = trace
    n = len(parameters)
    dz = (a[n + 1] - y) / len(y)
    gradients = [None] * n
    for k in reversed(range(n)):
        W = parameters[k][0]
        gradients[k] = (a[k + 1].T @ dz, dz.sum(0, keepdims=True))
        dz = (dz @ W.T) * a[k + 1] * (1 - a[k + 1])
    return gradients


@wrong("backward_deep", r"slope of ReLU is left out")
def slope_forgotten(y, parameters, trace):
    _, a = trace
    dz = (a[len(a)] - y) / len(y)
    gradients = []
    for layer in range(len(parameters), 0, -1):
        W = parameters[layer - 1][0]
        gradients = [(a[layer].T @ dz, dz.sum(axis=0, keepdims=True)), *gradients]
        dz = dz @ W.T
    return gradients


@wrong("he_start", r"wrong end|n_in")
def outputs_counted(sizes, rng):
    layers = []
    for i in range(1, len(sizes)):
        W = rng.standard_normal((sizes[i - 1], sizes[i])) * np.sqrt(2 / sizes[i])
        layers.append((W, np.zeros((1, sizes[i]))))
    return layers


@wrong("he_start", r"root is missing|variance")
def variance_for_deviation(sizes, rng):
    parameters = []
    for i in range(len(sizes) - 1):
        W = rng.normal(0, 2 / sizes[i], (sizes[i], sizes[i + 1]))
        parameters.append((W, np.zeros((1, sizes[i + 1]))))
    return parameters


@wrong("he_start", r"0\.01")
def as_the_guide_does(sizes, rng):
    layers = []
    n_in = sizes[0]
    for n_out in sizes[1:]:
        layers.append([0.01 * rng.standard_normal((n_in, n_out)), np.zeros((1, n_out))])
        n_in = n_out
    return layers


@wrong("batches", r"only `X` is shuffled")
def forgets_to_shuffle_y(X, y, batch_size, order):
    X = X[order]
    return [(X[i : i + batch_size], y[i : i + batch_size]) for i in range(0, len(X), batch_size)]


@wrong("batches", r"last rows are dropped|smaller one|must return")
def whole_batches_only(X, y, batch_size, order):
    result = []
    for k in range(len(X) // batch_size):
        rows = order[k * batch_size : (k + 1) * batch_size]
        result.append((X[rows], y[rows]))
    return result


@wrong("batches", r"`order` is not used|as they came")
def in_file_order(X, y, batch_size, order):
    result = []
    start = 0
    while start < len(X):
        result.append((X[start : start + batch_size], y[start : start + batch_size]))
        start += batch_size
    return result


@wrong("momentum_step", r"1 − beta|running mean")
def running_mean_velocity(W, dW, velocity, learning_rate, beta):
    v = beta * velocity + (1 - beta) * dW
    return W - learning_rate * v, v


@wrong("momentum_step", r"minus are in the velocity")
def rate_in_the_velocity(W, dW, velocity, learning_rate, beta):
    velocity = beta * velocity - learning_rate * dW
    return W + velocity, velocity


@wrong("momentum_step", r"old velocity")
def steps_before_it_updates(W, dW, velocity, learning_rate, beta):
    W = W - learning_rate * velocity
    velocity = beta * velocity + dW
    return W, velocity


@wrong("adam_step", r"bias correction is left out")
def no_correction(W, dW, mean, square, t, learning_rate, beta1=0.9, beta2=0.999, epsilon=1e-8):
    mean = beta1 * mean + (1 - beta1) * dW
    square = beta2 * square + (1 - beta2) * dW * dW
    return W - learning_rate * mean / (np.sqrt(square) + epsilon), mean, square


@wrong("adam_step", r"corrected means come back|plain")
def corrects_for_ever(W, dW, mean, square, t, learning_rate, beta1=0.9, beta2=0.999, epsilon=1e-8):
    mean = (beta1 * mean + (1 - beta1) * dW) / (1 - beta1**t)
    square = (beta2 * square + (1 - beta2) * dW**2) / (1 - beta2**t)
    return W - learning_rate * mean / (np.sqrt(square) + epsilon), mean, square


@wrong("adam_step", r"epsilon")
def epsilon_in_the_root(W, dW, mean, square, t, rate, beta1=0.9, beta2=0.999, epsilon=1e-8):
    m = beta1 * mean + (1 - beta1) * dW
    v = beta2 * square + (1 - beta2) * np.square(dW)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return W - rate * m_hat / np.sqrt(v_hat + epsilon), m, v


@wrong("add_l2", r"a 2 is too much|½")
def two_lambda(gradients, parameters, l2):
    return [(dW + 2 * l2 * W, db) for (dW, db), (W, b) in zip(gradients, parameters)]


@wrong("add_l2", r"biases")
def pulls_the_biases(gradients, parameters, l2):
    result = []
    for gradient, layer in zip(gradients, parameters):
        result.append([g + l2 * p for g, p in zip(gradient, layer)])
    return result


@wrong("add_l2", r"one number for all|penalty itself")
def adds_the_penalty(gradients, parameters, l2):
    penalty = l2 / 2 * sum(np.sum(W**2) for W, b in parameters)
    return [(dW + penalty, db) for dW, db in gradients]


@wrong("early_stop", r"in which it stops|best one before")
def says_where_it_stopped(costs, patience):
    best, waited = costs[0], 0
    for epoch in range(1, len(costs)):
        if costs[epoch] < best:
            best, waited = costs[epoch], 0
        else:
            waited += 1
            if waited == patience:
                return epoch
    return len(costs) - 1


@wrong("early_stop", r"rises in a row")
def compares_with_yesterday(costs, patience):
    rises = 0
    for epoch in range(1, len(costs)):
        if costs[epoch] >= costs[epoch - 1]:
            rises += 1
            if rises == patience:
                return epoch - patience
        else:
            rises = 0
    return len(costs) - 1


@wrong("early_stop", r"patience is forgotten|lowest cost of all")
def lowest_of_all(costs, patience):
    return costs.index(min(costs))


@wrong("rmse", r"mean absolute error|root")
def rmse_one_by_one(y_hat, y):
    total = 0
    for guess, truth in zip(y_hat.ravel(), y.ravel()):
        total += np.sqrt((guess - truth) ** 2)
    return total / len(y)


@wrong("rmse", r"root is left out|mean squared error")
def forgets_the_r(y_hat, y):
    squared = np.square(y - y_hat)
    return squared.sum() / squared.size


@wrong("rmse", r"divided by m after the root|root")
def norm_over_m(y_hat, y):
    return np.linalg.norm(y_hat - y) / len(y)


@wrong("fold", r"leak|held out")
def trains_on_everything(order, count, k):
    return order, np.array_split(order, count)[k]


@wrong("fold", r"left over|array_split")
def cuts_by_whole_division(order, count, k):
    size = len(order) // count
    test = order[k * size : (k + 1) * size]
    return np.array([row for row in order if row not in test]), test


@wrong("fold", r"another order|swapped|order")
def test_comes_first(order, count, k):
    parts = np.array_split(order, count)
    test = parts.pop(k)
    return test, np.concatenate(parts)


@wrong("standardise", r"own mean and deviation")
def each_by_itself(X_train, X_test):
    def scaled(X):
        return (X - np.mean(X, axis=0)) / np.std(X, axis=0)

    return scaled(X_train), scaled(X_test)


@wrong("standardise", r"together|all rows")
def scales_before_it_splits(X_train, X_test):
    everything = np.concatenate([X_train, X_test])
    everything = (everything - everything.mean(0)) / everything.std(0)
    return everything[: len(X_train)], everything[len(X_train) :]


@wrong("standardise", r"whole table|each column")
def forgets_the_axis(X_train, X_test):
    mean, deviation = np.mean(X_train), np.std(X_train)
    return (X_train - mean) / deviation, (X_test - mean) / deviation


@wrong("linear_model", r"ones")
def through_the_origin(X_train, y_train, X_test):
    weights = np.linalg.pinv(X_train) @ y_train
    return X_test @ weights


@wrong("linear_model", r"weights are returned|shape|Predict")
def stops_at_the_weights(X_train, y_train, X_test):
    A = np.column_stack([np.ones(len(X_train)), X_train])
    w, *_ = np.linalg.lstsq(A, y_train)
    return w


@wrong("linear_model", r"training rows are predicted|X_test")
def predicts_what_it_knows(X_train, y_train, X_test):
    A = np.c_[np.ones(len(X_train)), X_train]
    w = np.linalg.solve(A.T @ A, A.T @ y_train)
    return A @ w


@wrong("one_hot", r"`classes` says|as many columns")
def as_many_as_it_sees(labels, classes):
    table = np.zeros((len(labels), max(labels) + 1))
    for i in range(len(labels)):
        table[i, labels[i]] = 1.0
    return table


@wrong("one_hot", r"transposed|row for each sample")
def lies_on_its_side(labels, classes):
    table = np.zeros((classes, len(labels)))
    table[labels, np.arange(len(labels))] = 1
    return table


@wrong("one_hot", r"whole numbers|float")
def compares_and_casts(labels, classes):
    return (labels[:, None] == np.arange(classes)).astype(int)


@wrong("softmax", r"overflow")
def as_in_the_lecture(z):
    return np.exp(z) / np.sum(np.exp(z), axis=1, keepdims=True)


@wrong("softmax", r"columns sum|not the rows|axis")
def along_the_wrong_axis(z):
    e = np.exp(z - np.max(z, axis=0))
    return e / e.sum(axis=0)


@wrong("softmax", r"whole table")
def one_sum_for_all(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / np.sum(e)


@wrong("ensemble", r"over the samples|first axis")
def averages_the_samples(answers):
    return np.mean(answers, axis=1), np.std(answers, axis=1)


@wrong("ensemble", r"variance")
def spread_is_a_variance(answers):
    mean = np.mean(answers, axis=0)
    return mean, np.mean((answers - mean) ** 2, axis=0)


@wrong("ensemble", r"K − 1|ddof|divi")
def as_the_statistics_course_says(answers):
    mean = answers.sum(axis=0) / len(answers)
    return mean, np.sqrt(((answers - mean) ** 2).sum(axis=0) / max(len(answers) - 1, 1))


@wrong("tape_gradients", r"\+=|\badd(s|ed)?\b|overwr|replac|used twice|more than once|two shares")
def only_the_latest_share_stays(tape):
    gradients = [0.0] * len(tape)
    gradients[-1] = 1.0
    for place in range(len(tape) - 1, -1, -1):
        for ingredient, slope in tape[place]:
            gradients[ingredient] = slope * gradients[place]
    return gradients


@wrong("tape_gradients", r"walked forwards")
def follows_the_first_number_forwards(tape):
    gradients = [1.0] + [0.0] * (len(tape) - 1)
    for place, made in enumerate(tape):
        for ingredient, slope in made:
            gradients[place] += slope * gradients[ingredient]
    return gradients


@wrong("tape_gradients", r"\bint(eger)?s?\b|whole number|truncat|cut off|decimal|\bfloats?\b|dtype")
def array_of_whole_numbers(tape):
    gradients = np.array([0] * len(tape))
    gradients[-1] = 1
    for place in reversed(range(len(tape))):
        for ingredient, slope in tape[place]:
            gradients[ingredient] += slope * gradients[place]
    return gradients.tolist()


@wrong("tape_gradients", r"multipl|product|times (the|its|what)|slope times|slope \* ")
def adds_the_slopes_along_a_path(tape):
    back = [0.0 for _ in tape]
    back[len(tape) - 1] = 1.0
    place = len(tape) - 1
    while place >= 0:
        for pair in tape[place]:
            back[pair[0]] += back[place] + pair[1]
        place -= 1
    return back


@wrong("to_linear", r"reshap|transpos|W\.T\b|rows (become|into|to) columns|order of the numbers")
def reshaped_not_transposed(W, b):
    n_in, n_out = W.shape
    weight = np.reshape(W, (n_out, n_in))
    bias = np.reshape(b, n_out)
    return weight, bias


@wrong("to_linear", r"first column of `b`")
def bias_is_column_0_of_b(W, b):
    weight = np.array([W[:, k] for k in range(W.shape[1])])
    bias = b[:, 0]
    return weight, bias


@wrong("to_linear", r"squeeze|(one|1|single) (output|unit)|\(1,\)|no ax[ie]s|scalar|bare number")
def squeeze_takes_every_axis_of_a_single_bias(W, b):
    return np.transpose(W), np.squeeze(b)


@wrong("keras_direction", r"9\.1|correct\w*.{0,40}(epsilon|root|first|before)|epsilon.{0,50}place")
def adam_as_in_the_paper(mean, square, t, beta1, beta2, epsilon):
    m_hat = mean / (1 - beta1**t)
    v_hat = square / (1 - beta2**t)
    return m_hat / (np.sqrt(v_hat) + epsilon)


@wrong("keras_direction", r"steps are counted from 0")
def counts_t_from_0(mean, square, t, beta1, beta2, epsilon):
    steps = t + 1
    alpha = np.sqrt(1 - np.power(beta2, steps)) / (1 - np.power(beta1, steps))
    return alpha * mean / (np.sqrt(square) + epsilon)


@wrong("keras_direction", r"correction.*no root")
def no_root_in_the_factor(mean, square, t, beta1, beta2, epsilon):
    top = 1 - beta2**t
    bottom = 1 - beta1**t
    fraction = mean / (np.sqrt(square) + epsilon)
    return top / bottom * fraction


@wrong("keras_direction", r"in[- ]place|\*=|/=|mean`.*(chang|overwr)|(chang|overwr).*`mean")
def counts_inside_mean(mean, square, t, beta1, beta2, epsilon):
    mean *= np.sqrt(1 - beta2**t) / (1 - beta1**t)
    mean /= np.sqrt(square) + epsilon
    return mean


@wrong("clipped_cross_entropy", r"add.{0,20}epsilon|epsilon.{0,20}added")
def epsilon_added_inside_the_logarithms(y_hat, y, epsilon):
    losses = y * np.log(y_hat + epsilon) + (1 - y) * np.log(1 - y_hat + epsilon)
    return -np.mean(losses)


@wrong("clipped_cross_entropy", r"only the lower end")
def only_the_lower_limit(y_hat, y, epsilon):
    total = 0.0
    for answer, truth in zip(np.ravel(y_hat), np.ravel(y)):
        p = max(answer, epsilon)
        total += truth * np.log(p) + (1 - truth) * np.log(1 - p)
    return -total / np.size(y)


@wrong("clipped_cross_entropy", r"swap|exchang|mix\w* up|other way round|changed places")
def truth_and_answer_exchanged(y_hat, y, epsilon):
    y_true, y_pred = y_hat, y
    p = np.clip(y_pred, epsilon, 1 - epsilon)
    return -(y_true * np.log(p) + (1 - y_true) * np.log(1 - p)).mean()


@wrong("neuron", r"only the last input.*add")
def each_product_replaces_the_one_before(x, w, b):
    z = 0
    for i in range(len(x)):
        z = x[i] * w[i]
    return sigmoid(z + b)


@wrong("neuron", r"only the first input.*inside the loop")
def returns_inside_the_loop(x, w, b):
    z = 0
    for i in range(len(x)):
        z += x[i] * w[i]
        return sigmoid(z + b)
    return None


@wrong("layer", r"added up into one")
def one_sum_for_three_neurons(x, W, b):
    return sigmoid(np.sum(np.dot(x, W)) + b)


@wrong("sigmoid", r"power.*np\.exp\(-z\)")
def e_minus_z(z):
    return 1 / (1 + np.e - z)


@wrong("second_column", r"divided by 9")
def scaled_like_the_quality(z2, first):
    return 2 * z2 - first / 9


@wrong("mean_squared_error", r"`\^` is no power.*\*\* 2")
def a_caret_for_a_power(y_hat, y):
    return np.mean((y_hat - y) ^ 2)


@wrong("mean_squared_error", r"right, but.*plain number")
def pythons_own_sum(y_hat, y):
    return sum((y_hat - y) ** 2) / len(y)


@wrong("cross_entropy", r"`max` want.*np\.maximum")
def pythons_own_max(z, y):
    return np.mean(max(z, 0) - y * z + np.log1p(np.exp(-np.abs(z))))


@wrong("cross_entropy", r"np\.max.*np\.maximum")
def the_largest_of_all(z, y):
    tail = np.log1p(np.exp(-np.abs(z)))
    return np.mean(np.max(z, 0) - y * z + tail)


@wrong("cross_entropy", r"\(1 − y\) z.*max\(z, 0\)")
def half_of_each_formula(z, y):
    return np.mean((1 - y) * z + np.log1p(np.exp(-np.abs(z))))


@wrong("cross_entropy", r"through the sigmoid first")
def bends_z_first(z, y):
    p = sigmoid(z)
    return np.mean(np.maximum(p, 0) - y * p + np.log1p(np.exp(-np.abs(p))))


@wrong("best_weight", r"starts at 0.*need not be a candidate")
def the_best_so_far_is_0(cost, candidates):
    best = 0.0
    for w in candidates:
        if cost(w) < cost(best):
            best = w
    return best


@wrong("best_weight", r"no value there yet")
def the_lowest_so_far_is_0(cost, candidates):
    lowest = 0
    for w in candidates:
        if cost(w) < lowest:
            lowest, best = cost(w), w
    return best


@wrong("weight_slope", r"rise over run.*nudge of 0\.001")
def nudges_the_weight(w, x, y):
    rise = (sigmoid((w + 0.001) * x) - y) ** 2 - (sigmoid(w * x) - y) ** 2
    return rise / 0.001


@wrong("backward", r"always divided by 3.*len\(y\)")
def three_houses_for_ever(X, y, W2, z2, a2, y_hat):
    dz3 = 2 / 3 * (y_hat - y) * y_hat * (1 - y_hat)
    dz2 = dz3 @ W2.T * a2 * (1 - a2)
    return X.T @ dz2, dz2.sum(0, keepdims=True), a2.T @ dz3, dz3.sum(0, keepdims=True)


@wrong("numerical_gradient", r"all entries are moved at once")
def nudges_everything(f, x, step=1e-5):
    return (f(x + step) - f(x - step)) / (2 * step)


@wrong("numerical_gradient", r"replaces the other")
def only_the_last_slope(f, x, step=1e-5):
    for entry in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[entry] += step
        down[entry] -= step
        gradient = (f(up) - f(down)) / (2 * step)
    return gradient


@wrong("train", r"only some costs.*`if`")
def notes_the_cost_as_the_guide_prints_it(network, parameters, X, y, learning_rate, epochs):
    costs = []
    for epoch in range(epochs):
        trace = forward_propagation(network, parameters, X)
        if epoch % 1000 == 0:
            costs.append(compute_cost(network, parameters, trace, y))
        gradients = backward_propagation(network, parameters, trace, y)
        parameters = update_parameters(parameters, gradients, learning_rate)
    return parameters, costs


@wrong("layer", r"only the last neuron")
def keeps_one_neuron(x, W, b):
    for j in range(3):
        answer = sigmoid(x @ W[:, j] + b[j])
    return answer


@wrong("scale", r"last row")
def the_largest_house(X, X_train):
    return X / X_train[-1]


@wrong("product_shape", r"one pair.*inner ones have to")
def one_of_two_pairs(left, right):
    if left[1] == right[0] or left[0] == right[1]:
        return (left[0], right[1])
    return ()


@wrong("mean_squared_error", r"only the last house.*add")
def squares_the_last_error(y_hat, y):
    for predicted, true in zip(y_hat[:, 0], y[:, 0]):
        squared = (predicted - true) ** 2
    return squared / len(y)


@wrong("numerical_gradient", r"set to `step`")
def sets_the_entry(f, x, step=1e-5):
    gradient = np.zeros(x.shape)
    for entry in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[entry] = step
        down[entry] = -step
        gradient[entry] = (f(up) - f(down)) / (2 * step)
    return gradient


@wrong("numerical_gradient", r"only the first entry.*`return`")
def returns_after_one_entry(f, x, step=1e-5):
    gradient = np.zeros(x.shape)
    for entry in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[entry] += step
        down[entry] -= step
        gradient[entry] = (f(up) - f(down)) / (2 * step)
        return gradient
    return None


@wrong("best_rate", r"counts as 0 and wins")
def nothing_for_what_is_not_finite(rates, costs):
    return rates[np.argmin(np.where(np.isfinite(costs), costs, 0))]


@wrong("first_epoch_below", r"first epoch where no cost is below")
def the_first_where_none_is(epochs, costs, level):
    return epochs[np.argmax(np.array(costs) < level)]


@wrong("first_epoch_below", r"all epochs below the level")
def every_epoch_below(epochs, costs, level):
    return [epoch for epoch, cost in zip(epochs, costs) if cost < level]


@wrong("count_parameters", r"inputs have biases, too")
def a_bias_for_every_node(sizes):
    return sum(a * b for a, b in pairwise(sizes)) + sum(sizes)


@wrong("count_parameters", r"output's biases are left out")
def biases_of_hidden_nodes_alone(sizes):
    return sum(a * b for a, b in pairwise(sizes)) + sum(sizes[1:-1])


@wrong("backward_tanh", r"that of the cross-entropy")
def starts_as_with_cross_entropy(X, y, W2, z2, a2, y_hat):
    dz3 = (y_hat - y) / len(y)
    dz2 = dz3 @ W2.T * (1 - a2**2)
    return X.T @ dz2, dz2.sum(axis=0, keepdims=True), a2.T @ dz3, dz3.sum(axis=0, keepdims=True)


@wrong("backward_tanh", r"tanh itself")
def times_the_activation(X, y, W2, z2, a2, y_hat):
    dz3 = 2 / len(y) * (y_hat - y) * y_hat * (1 - y_hat)
    dz2 = dz3 @ W2.T * np.tanh(z2)
    return X.T @ dz2, dz2.sum(axis=0, keepdims=True), a2.T @ dz3, dz3.sum(axis=0, keepdims=True)


@wrong("split_and_scale", r"numbers of the rows come back")
def row_numbers_for_labels(X, y, order, held_out):
    test, train = order[:held_out], order[held_out:]
    mean, deviation = X[train].mean(axis=0), X[train].std(axis=0)
    return (X[train] - mean) / deviation, (X[test] - mean) / deviation, train, test


@wrong("split_and_scale", r"variance divides")
def divides_by_the_variance(X, y, order, held_out):
    X_test, X_train = X[order[:held_out]], X[order[held_out:]]
    mean, variance = np.mean(X_train, axis=0), np.var(X_train, axis=0)
    y_test, y_train = y[order[:held_out]], y[order[held_out:]]
    return (X_train - mean) / variance, (X_test - mean) / variance, y_train, y_test


@wrong("confusion_matrix", r"adds once only")
def counts_at_all_places_at_once(predictions, labels):
    counts = np.zeros((2, 2), dtype=int)
    counts[labels.astype(int), predictions.astype(int)] += 1
    return counts


@wrong("forward_deep", r"one layer too early")
def takes_the_last_pair_s_number(X, parameters):
    z, a = {}, {1: X}
    for layer, (W, b) in enumerate(parameters, start=2):
        z[layer] = a[layer - 1] @ W + b
        bend = sigmoid if layer == len(parameters) else lambda z: np.maximum(z, 0)
        a[layer] = bend(z[layer])
    return z, a


@wrong("forward_deep", r"through `relu` before the sigmoid")
def mends_the_last_layer_afterwards(X, parameters):
    z, a, layer = {}, {1: X}, 1
    for W, b in parameters:
        layer += 1
        z[layer] = a[layer - 1] @ W + b
        a[layer] = np.maximum(z[layer], 0)
    a[layer] = sigmoid(a[layer])
    return z, a


@wrong("batches", r"a generator, since there is a `yield`")
def yields_the_batches(X, y, batch_size, order):
    for start in range(0, len(X), batch_size):
        rows = order[start : start + batch_size]
        yield X[rows], y[rows]


@wrong("adam_step", r"old running means come back")
def forgets_the_new_means(W, dW, mean, square, t, rate, beta1=0.9, beta2=0.999, epsilon=1e-8):
    m = (beta1 * mean + (1 - beta1) * dW) / (1 - beta1**t)
    v = (beta2 * square + (1 - beta2) * dW**2) / (1 - beta2**t)
    return W - rate * m / (np.sqrt(v) + epsilon), mean, square


@wrong("add_l2", r"half the square of each weight")
def adds_each_weight_s_penalty(gradients, parameters, l2):
    pairs = zip(gradients, parameters)
    return [(dW + l2 / 2 * W**2, db) for (dW, db), (W, _) in pairs]


@wrong("early_stop", r"all epochs without a new best")
def never_waits_anew(costs, patience):
    best = waited = 0
    for epoch in range(len(costs)):
        if costs[epoch] < costs[best]:
            best = epoch
        else:
            waited += 1
            if waited >= patience:
                break
    return best


@wrong("keras_direction", r"minus of the step")
def downhill_already(mean, square, t, beta1, beta2, epsilon):
    factor = np.sqrt(1 - beta2**t) / (1 - beta1**t)
    return -factor * mean / (np.sqrt(square) + epsilon)


@wrong("keras_direction", r"once more by the factor")
def corrects_and_corrects(mean, square, t, beta1, beta2, epsilon):
    m, v = mean / (1 - beta1**t), square / (1 - beta2**t)
    return np.sqrt(1 - beta2**t) / (1 - beta1**t) * m / (np.sqrt(v) + epsilon)


@wrong("clipped_cross_entropy", r"limits are swapped")
def clips_from_above_to_below(y_hat, y, epsilon):
    p = np.clip(y_hat, 1 - epsilon, epsilon)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


@wrong("fold", r"are sorted")
def sorts_the_training_rows(order, count, k):
    held_out = np.array_split(order, count)[k]
    return np.setdiff1d(order, held_out), held_out


@wrong("standardise", r"was scaled already")
def overwrites_before_it_is_needed(X_train, X_test):
    X_train = (X_train - X_train.mean(axis=0)) / X_train.std(axis=0)
    X_test = (X_test - X_train.mean(axis=0)) / X_train.std(axis=0)
    return X_train, X_test


@wrong("rmse", r"mean is taken before the square")
def squares_the_mean(y_hat, y):
    return np.sqrt(np.mean(y_hat - y) ** 2)


@wrong("one_hot", r"columns of all labels")
def marks_whole_columns(labels, classes):
    table = np.zeros((len(labels), classes))
    table[:, labels] = 1
    return table


@wrong("one_hot", r"identity matrix itself")
def picks_no_rows(labels, classes):
    return np.eye(classes)


@wrong("softmax", r"whole table sums to 1")
def one_softmax_for_all(z):
    e = np.exp(z - np.max(z))
    return e / np.sum(e)


@wrong("softmax", r"cut off at ±700")
def clips_what_overflows(z):
    e = np.exp(np.clip(z, -700, 700))
    return e / e.sum(axis=1, keepdims=True)
