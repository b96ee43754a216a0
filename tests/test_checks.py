"""The checks of the exercises: right in any style, every mistake named, never silent, never stuck.

The wrong answers of wrong_answers.py were written before the catalogue of mistakes; here they are
counted. (That every stub is "Not attempted yet" and every solution of a notebook right is seen in
test_notebooks.py, by running the notebooks.)
"""

import itertools
import json
import re
import subprocess
import sys
import time
from copy import deepcopy

import numpy as np
import pytest
from wrong_answers import ANSWERS

from nnlib import activations
from nnlib.checks import EXERCISES, NOTEBOOKS, check, diagnosis, progress, record, rehearsal
from nnlib.checks import exercise as exercise_module
from nnlib.checks.compare import TOLERANCE, Misfit, flat, gaps, parts, same
from nnlib.checks.diagnosis import fault
from nnlib.checks.slips import slips
from nnlib.network import backward_propagation, compute_cost, forward_propagation

COPIES = rehearsal.POSSIBLE
every_exercise = pytest.mark.parametrize("name", EXERCISES)


@pytest.fixture(autouse=True)
def without_copies(monkeypatch):
    """Thousands of answers here come back: a copy of this process for each would take long."""
    monkeypatch.setattr(rehearsal, "POSSIBLE", False)


@pytest.fixture
def copies(monkeypatch, without_copies):
    """As it is in a notebook."""
    monkeypatch.setattr(rehearsal, "POSSIBLE", COPIES)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def said(name, function):
    """What the check of an exercise says about a function; None if that is right."""
    return fault(name, EXERCISES[name], function)


def first_round(exercise):
    """The inputs that are the same each time."""
    return exercise.cases(np.random.default_rng(diagnosis.SEED))


def agrees(exercise, function, cases):
    """Whether a function is right for all cases: what a check finds out, without its words."""
    with diagnosis.quiet():
        for case in cases:
            model = exercise.answer(*deepcopy(case))
            try:
                got = parts(model, function(*deepcopy(case)))
            except (Misfit, ValueError, TypeError, ArithmeticError, LookupError):
                return False
            if not all(map(same, map(np.asarray, flat(model)), got)):
                return False
    return True


# ------------------------------------------------------------------------------- right answers


@every_exercise
def test_the_course_s_own_answers_are_right(name, capsys):
    exercise = EXERCISES[name]
    assert check(name, exercise.answer) is exercise.answer
    count = len(first_round(exercise))
    words = f"Right: {name} agrees with nnlib on {count} fresh inputs.\n"
    assert capsys.readouterr().out == words
    assert said(name, exercise.stand_in or exercise.answer) is None


def in_float32(function):
    """`function` on arguments cut to float32."""

    def answer(*arguments):
        short = [
            a.astype(np.float32) if isinstance(a, np.ndarray) and a.dtype.kind == "f" else a
            for a in arguments
        ]
        return function(*short)

    return answer


def as_lists(function):
    """`function` with lists in the place of tuples and arrays, floats in those of numbers."""

    def plain(value):
        if isinstance(value, (tuple, list)):
            return [plain(item) for item in value]
        return value.tolist() if isinstance(value, (np.ndarray, np.floating)) else value

    return lambda *arguments: plain(function(*arguments))


def neuron_by_loop(x, w, b):
    total = b
    for i in range(len(x)):
        total += x[i] * w[i]
    return 1 / (1 + np.e ** (-total))


def layer_by_neurons(x, W, b):
    return [neuron_by_loop(x, W[:, j], b[j]) for j in range(3)]


def scale_by_loop(X, X_train):
    result = np.zeros(X.shape)
    for j in range(X.shape[1]):
        result[:, j] = X[:, j] / max(X_train[:, j])
    return result


def unscale_by_transposing(X_scaled, X_train):
    return np.einsum("ij,j->ij", X_scaled, X_train.T.max(axis=1))


def column_by_brackets(values):
    return [[float(value)] for value in np.ravel(values)]


def product_shape_by_numpy(left, right):
    try:
        return (np.zeros(left) @ np.zeros(right)).shape
    except ValueError:
        return ()


def forward_by_einsum(X, W1, b1, W2, b2):
    z2 = np.einsum("ij,jk->ik", X, W1) + np.ravel(b1)
    a2 = np.tanh(z2 / 2) / 2 + 0.5
    z3 = np.dot(a2, W2) + b2[0]
    return [z2, a2, z3, 1 / (1 + np.exp(-z3))]


def second_column_entry_by_entry(z2, first):
    return np.array([(z - x / max(first) / 2) * 2 for z, x in zip(z2, first)])


def squared_error_by_vdot(y_hat, y):
    error = (y_hat - y).ravel()
    return error @ error / len(error)


def cross_entropy_by_logaddexp(z, y):
    return np.average(np.logaddexp(0, -z) * y + (1 - y) * np.logaddexp(0, z))


def best_weight_by_loop(cost, candidates):
    best = candidates[0]
    for candidate in candidates:
        if cost(candidate) < cost(best):
            best = candidate
    return best


def weight_slope_in_steps(w, x, y):
    a = 1 / (1 + np.exp(-w * x))
    da = 2 * (a - y)
    dz = da * (a - a**2)
    return dz * x


def backward_by_loops(X, y, W2, z2, a2, y_hat):
    dW1, db1 = np.zeros((X.shape[1], a2.shape[1])), np.zeros((1, a2.shape[1]))
    dW2, db2 = np.zeros(W2.shape), np.zeros((1, W2.shape[1]))
    for x, target, hidden, guess in zip(X, y, a2, y_hat):
        d3 = 2 * (guess - target) * guess * (1 - guess) / len(X)
        d2 = (W2 @ d3) * hidden * (1 - hidden)
        dW2, db2 = dW2 + np.outer(hidden, d3), db2 + d3
        dW1, db1 = dW1 + np.outer(x, d2), db1 + d2
    return dW1, db1, dW2, db2


def backward_by_z2(X, y, W2, z2, a2, y_hat):
    dz3 = (y_hat - y) / X.shape[0]
    dz2 = np.multiply(np.dot(dz3, np.transpose(W2)), sigmoid(z2) * sigmoid(-z2))
    ones = np.ones((1, len(X)))
    return [np.dot(X.T, dz2), ones @ dz2, np.dot(a2.T, dz3), ones @ dz3]


def numerical_gradient_there_and_back(f, x, step=1e-5):
    gradient = np.empty(x.shape)
    flat_x, flat_gradient = x.reshape(-1), gradient.reshape(-1)
    for i in range(x.size):
        before = flat_x[i]
        flat_x[i] = before + step
        high = f(x)
        flat_x[i] = before - step
        flat_gradient[i] = (high - f(x)) / step / 2
        flat_x[i] = before
    return gradient


def train_by_hand(network, parameters, X, y, learning_rate, epochs):
    (W1, b1), (W2, b2) = parameters
    costs = np.zeros(epochs)
    for epoch in range(epochs):
        trace = forward_propagation(network, ((W1, b1), (W2, b2)), X)
        costs[epoch] = compute_cost(network, ((W1, b1), (W2, b2)), trace, y)
        (dW1, db1), (dW2, db2) = backward_propagation(network, ((W1, b1), (W2, b2)), trace, y)
        W1, b1 = W1 - learning_rate * dW1, b1 - learning_rate * db1
        W2, b2 = W2 - learning_rate * dW2, b2 - learning_rate * db2
    return [[W1, b1], [W2, b2]], costs


def best_rate_by_loop(rates, costs):
    best, lowest = None, float("inf")
    for rate, cost in zip(rates, costs):
        if cost < lowest:
            best, lowest = rate, cost
    return best


def first_epoch_by_index(epochs, costs, level):
    for i in range(len(costs)):
        if costs[i] < level:
            return epochs[i]
    return -1


def backward_tanh_by_cosh(X, y, W2, z2, a2, y_hat):
    dz3 = 2 * (y_hat - y) * (y_hat - y_hat**2) / len(X)
    dz2 = (W2 @ dz3.T).T / np.cosh(z2) ** 2
    return X.T @ dz2, dz2.sum(0, keepdims=True), a2.T @ dz3, dz3.sum(0)[None]


def forward_deep_by_logaddexp(X, parameters):
    a, z = {1: X}, {}
    for k in range(len(parameters)):
        W, b = parameters[k]
        z[k + 2] = np.dot(a[k + 1], W) + np.ravel(b)
        a[k + 2] = np.where(z[k + 2] > 0, z[k + 2], 0)
    end = len(parameters) + 1
    a[end] = np.exp(-np.logaddexp(0, -z[end]))
    return [z, a]


def backward_deep_by_samples(y, parameters, trace):
    z, a = trace
    total = [[np.zeros_like(W), np.zeros_like(b)] for W, b in parameters]
    for i in range(len(y)):
        d = (a[len(a)][i] - y[i]) / len(y)
        for k in reversed(range(len(parameters))):
            total[k][0] = total[k][0] + np.outer(a[k + 1][i], d)
            total[k][1] = total[k][1] + d
            if k > 0:
                d = np.where(z[k + 1][i] > 0, parameters[k][0] @ d, 0.0)
    return tuple(map(tuple, total))


def batches_from_a_copy(X, y, batch_size, order):
    both, found = np.hstack([X, y])[order], []
    while len(both):
        found.append((both[:batch_size, :-1], both[:batch_size, -1:]))
        both = both[batch_size:]
    return found


def adam_step_by_one_formula(W, dW, m, v, t, rate, beta1=0.9, beta2=0.999, epsilon=1e-8):
    m, v = m + (1 - beta1) * (dW - m), v + (1 - beta2) * (np.square(dW) - v)
    root = np.sqrt(v / (1 - np.power(beta2, t)))
    return [W - rate / (1 - np.power(beta1, t)) * np.divide(m, root + epsilon), m, v]


def early_stop_by_counting(costs, patience):
    best, kept, waited = float("inf"), 0, 0
    for i in range(len(costs)):
        if costs[i] < best:
            best, kept, waited = costs[i], i, 0
        else:
            waited += 1
        if waited == patience:
            return kept
    return kept


def backward_propagation_by_rows(X, Y, A1, A2, W2):
    dz3 = (A2 - Y).T / Y.shape[-1]
    dz2 = np.multiply(dz3 @ W2, (A1 - A1**2).T)
    ones = np.ones((1, len(dz3)))
    return [(X @ dz2).T, (ones @ dz2).T, (A1 @ dz3).T, (ones @ dz3).T]


def compute_cost_by_clipping(A2, Y):
    A2 = np.clip(np.asarray(A2, dtype=float), 1e-12, 1 - 1e-12)
    return float(np.mean(-np.log(np.where(Y == 1, A2, 1 - A2)).sum(axis=0)))


def accuracy_by_counting(predictions, labels):
    assert np.shape(predictions) == np.shape(labels), "the shapes differ"
    pairs = list(zip(np.ravel(predictions), np.ravel(labels)))
    return 100 * sum(1 for one, other in pairs if one == other) / len(pairs)


def split_and_scale_by_loop(X, y, order, held_out):
    test, train = [int(i) for i in order][:held_out], [int(i) for i in order][held_out:]
    scaled = np.zeros(X.shape)
    for j in range(X.shape[1]):
        column = X[train, j]
        scaled[:, j] = (X[:, j] - np.mean(column)) / np.sqrt(np.var(column))
    return [np.array(part) for part in (scaled[train], scaled[test], y[train], y[test])]


def confusion_matrix_by_loop(predictions, labels):
    counts = [[0, 0], [0, 0]]
    for said, truth in zip(np.ravel(predictions), np.ravel(labels)):
        counts[int(truth)][int(said)] += 1
    return counts


def fold_by_counting(order, count, k):
    size, more = divmod(len(order), count)
    start = k * size + min(k, more)
    test = list(order)[start : start + size + (k < more)]
    return [row for row in order if row not in test], test


def linear_model_by_normal_equations(X_train, y_train, X_test):
    middle, mean = X_train.mean(axis=0), y_train.mean()
    slopes = np.linalg.solve(
        (X_train - middle).T @ (X_train - middle), (X_train - middle).T @ (y_train - mean)
    )
    return (X_test - middle) @ slopes + mean


def update_of_a_copy(W, dW, learning_rate):
    new = W.copy()
    for i in range(W.shape[0]):
        for j in range(W.shape[1]):
            new[i, j] -= learning_rate * dW[i, j]
    return new


def one_hot_by_loop(labels, classes):
    table = np.zeros((len(labels), classes))
    for row, label in enumerate(labels):
        table[row, int(label)] = 1
    return table


def softmax_row_by_row(z):
    return [np.exp(row - np.logaddexp.reduce(row)) for row in z]


def ensemble_by_sums(answers):
    count = len(answers)
    mean = sum(answers) / count
    return [mean, (sum((answer - mean) ** 2 for answer in answers) / count) ** 0.5]


def tape_gradients_by_paths(tape):
    def along(place):  # all paths from here to the end
        later = range(place + 1, len(tape))
        steps = [(k, slope) for k in later for number, slope in tape[k] if number == place]
        return float(place == len(tape) - 1) + sum(slope * along(k) for k, slope in steps)

    return np.array([along(place) for place in range(len(tape))])


def keras_direction_by_the_paper(mean, square, t, beta1, beta2, epsilon):
    mean_hat, square_hat = mean / (1 - beta1**t), square / (1 - beta2**t)
    return mean_hat / (square_hat**0.5 + epsilon / (1 - beta2**t) ** 0.5)


def clipped_cross_entropy_by_loop(y_hat, y, epsilon):
    total = 0
    for p, truth in zip(y_hat.ravel(), y.ravel()):
        p = min(max(p, epsilon), 1 - epsilon)
        total -= np.log(p) if truth else np.log(1 - p)
    return total / len(y)


OTHER_STYLE = {
    "neuron": neuron_by_loop,
    "layer": layer_by_neurons,
    "scale": scale_by_loop,
    "unscale": unscale_by_transposing,
    "column": column_by_brackets,
    "sigmoid": lambda z: np.exp(z - np.logaddexp(0, z)),
    "product_shape": product_shape_by_numpy,
    "forward": forward_by_einsum,
    "second_column": second_column_entry_by_entry,
    "mean_squared_error": squared_error_by_vdot,
    "cross_entropy": cross_entropy_by_logaddexp,
    "best_weight": best_weight_by_loop,
    "weight_slope": weight_slope_in_steps,
    "backward": backward_by_loops,
    "numerical_gradient": numerical_gradient_there_and_back,
    "backward_cross_entropy": backward_by_z2,
    "update": update_of_a_copy,
    "train": train_by_hand,
    "best_rate": best_rate_by_loop,
    "first_epoch_below": first_epoch_by_index,
    "count_parameters": lambda sizes: sum((n + 1) * k for n, k in itertools.pairwise(sizes)),
    "backward_tanh": backward_tanh_by_cosh,
    "backward_propagation": backward_propagation_by_rows,
    "compute_cost": compute_cost_by_clipping,
    "accuracy": accuracy_by_counting,
    "split_and_scale": split_and_scale_by_loop,
    "confusion_matrix": confusion_matrix_by_loop,
    "forward_deep": forward_deep_by_logaddexp,
    "relu_backward": lambda da, a: np.where(np.sign(a) == 1, da, 0.0),
    "backward_deep": backward_deep_by_samples,
    "he_start": lambda sizes, rng: [
        [rng.normal(0, (2 / n) ** 0.5, size=(n, k)), np.zeros(k)[np.newaxis]]
        for n, k in itertools.pairwise(sizes)
    ],
    "batches": batches_from_a_copy,
    "momentum_step": lambda W, dW, v, rate, beta: [W - rate * (dW + v * beta), dW + v * beta],
    "adam_step": adam_step_by_one_formula,
    "add_l2": lambda gradients, parameters, l2: tuple(
        [np.add(d[0], p[0] * l2), d[1]] for d, p in zip(gradients, parameters)
    ),
    "early_stop": early_stop_by_counting,
    "fold": fold_by_counting,
    "standardise": lambda X_train, X_test: [
        ((X.T - X_train.T.mean(1, keepdims=True)) / X_train.T.std(1, keepdims=True)).T
        for X in (X_train, X_test)
    ],
    "rmse": lambda y_hat, y: np.linalg.norm(y - y_hat) / len(y) ** 0.5,
    "linear_model": linear_model_by_normal_equations,
    "one_hot": one_hot_by_loop,
    "softmax": softmax_row_by_row,
    "ensemble": ensemble_by_sums,
    "tape_gradients": tape_gradients_by_paths,
    "to_linear": lambda W, b: [np.transpose(W), np.ravel(b)],
    "keras_direction": keras_direction_by_the_paper,
    "clipped_cross_entropy": clipped_cross_entropy_by_loop,
}


def right_styles(name):
    """{style: function}: right answers to an exercise."""
    answer = EXERCISES[name].answer
    styles = {"other": OTHER_STYLE[name], "lists": as_lists(answer)}
    if name != "numerical_gradient":  # steps of 1e-5 need more digits than a float32 has
        styles["float32"] = in_float32(answer)
    return styles


@every_exercise
def test_right_in_another_style_is_right(name):
    styles = right_styles(name)
    assert {style: said(name, function) for style, function in styles.items()} == dict.fromkeys(
        styles
    )


@every_exercise
def test_what_is_right_is_right_for_every_draw(name):
    exercise, styles = EXERCISES[name], right_styles(name)
    styles["stand-in"] = exercise.stand_in or exercise.answer
    draws = [exercise.cases(np.random.default_rng(seed)) for seed in range(100, 125)]
    assert {len(cases) for cases in draws} == {len(first_round(exercise))}
    for style, function in styles.items():
        wrong = [k for k, cases in enumerate(draws, 100) if not agrees(exercise, function, cases)]
        assert wrong == [], f"{style}: wrong with these generators"


# -------------------------------------------------------------------------------- fresh inputs


def by_heart(exercise):
    """A function that gives the answers of the first round, in their order, again and again."""
    known = [exercise.answer(*deepcopy(case)) for case in first_round(exercise)]
    answers = itertools.cycle(known)

    def answer(*arguments):
        exercise.answer(*arguments)  # a ValueError for what is to be refused
        return deepcopy(next(answers))

    return answer


@every_exercise
def test_who_knows_the_answers_by_heart_is_found_out(name):
    function = by_heart(EXERCISES[name])
    assert said(name, function).startswith("Not yet: ")


def test_a_mistake_with_fresh_inputs_alone_has_its_own_words():
    exercise, calls = EXERCISES["sigmoid"], itertools.count()
    count = len(first_round(exercise))
    line = said("sigmoid", lambda z: sigmoid(z if next(calls) < count else -z))
    assert "the minus sign in the exponent is missing" in line


@every_exercise
def test_every_mistake_shows_in_every_draw(name):
    exercise = EXERCISES[name]
    made = exercise.wrong_answers()[: len(exercise.mistakes)]
    for seed in range(200, 205):
        cases = exercise.cases(np.random.default_rng(seed))
        hidden = [words for words, function in made if agrees(exercise, function, cases)]
        assert hidden == [], f"not seen with the generator {seed}"


# -------------------------------------------------------------------------------- wrong answers


@every_exercise
def test_every_mistake_of_the_catalogue_is_named(name):
    exercise = EXERCISES[name]
    made = exercise.wrong_answers()[: len(exercise.mistakes)]
    assert len(made) >= 7
    lines = {words: said(name, function) for words, function in made}
    assert {words: line for words, line in lines.items() if words not in (line or "")} == {}
    for words, line in lines.items():
        assert line.startswith("Not yet: ")
        assert len(line) < 330, f"{len(line)} characters about {words}"
        assert "$" not in line, "print shows no maths"


@every_exercise
def test_slips_are_named_or_met_with_an_example(name):
    """Every small change of the answer is found out, and nearly all are named."""
    changed = list(slips(EXERCISES[name].answer).values())
    lines = [said(name, function) for function in changed[:: len(changed) // 15 or 1]]
    wrong = [line for line in lines if line]
    assert all(line.startswith(("Not yet: ", "Not attempted")) for line in wrong)
    # An error, or another kind of thing than wanted, has words of its own, too.
    own_words = re.compile(r"this is what| raised | must return (?!num)")
    named = [line for line in wrong if own_words.search(line)]
    assert len(named) >= 0.8 * len(wrong)


def test_answers_of_learners_are_rejected_and_nearly_all_named():
    lines = [(function, what, said(name, function)) for name, function, what in ANSWERS]
    assert len(ANSWERS) == 212
    assert [function.__name__ for function, _, line in lines if line is None] == []
    unnamed = [
        f"{function.__name__}: {line}"
        for function, what, line in lines
        if line.startswith("Not yet: for ") or not re.search(what, line.removeprefix("Not yet: "))
    ]  # a bare example names nothing
    assert len(unnamed) <= 1, "\n".join(unnamed)


def test_no_mistake_is_as_small_as_the_tolerance():
    """The tolerance lets float32 pass and no mistake."""
    for name, exercise in EXERCISES.items():
        for words, function in exercise.wrong_answers()[: len(exercise.mistakes)]:
            sizes = []
            for case in first_round(exercise):
                with diagnosis.quiet():
                    wanted = [np.asarray(p) for p in flat(exercise.answer(*deepcopy(case)))]
                    try:
                        got = [np.asarray(part) for part in flat(function(*deepcopy(case)))]
                    except Exception:
                        got = []
                pairs = [(w, g) for w, g in zip(wanted, got) if w.shape == g.shape]
                sizes += [gaps(w, g).max(initial=0) for w, g in pairs if g.dtype.kind in "iuf"]
                if len(pairs) < len(wanted) or any(g.dtype.kind != w.dtype.kind for w, g in pairs):
                    sizes.append(np.inf)
            assert max(sizes) > 10, f"{name}: {words} {max(sizes) * TOLERANCE}"


# ------------------------------------------------------------------ what no catalogue can foresee

MEMORY = np.array([[2.0, 7.0], [1.0, 3.0], [3.0, 9.0]])
RIGHT = EXERCISES["forward"].answer


def prints(z):
    print(sigmoid(z))


def forgets_return(z):
    sigmoid(z)


def edits_a_list(values):
    values.append(1) if isinstance(values, list) else None
    return EXERCISES["column"].answer(values)


def raises(z):
    total = 1 + z
    return total / undefined  # noqa: F821


def from_memory(X, X_train):
    return X / MEMORY.max(axis=0)


def right_for_positive(z):
    return np.where(np.asarray(z) > 0, sigmoid(z), 0.25)


@pytest.mark.parametrize(
    ("name", "function", "words"),
    [
        ("sigmoid", prints, r"prints its answer and returns None"),
        ("sigmoid", forgets_return, r"returns None. .*`return`"),
        ("sigmoid", lambda z: None if np.ndim(z) else sigmoid(z), r"returns None, for z = \[\["),
        ("sigmoid", lambda z: sigmoid, r"returns the function sigmoid, without calling it"),
        ("sigmoid", lambda z: "0.5", r"must return numbers and returns str '0.5'"),
        ("sigmoid", lambda z: {"a": sigmoid(z)}, r"returns a dict of 1 value\b"),
        ("sigmoid", lambda: 0.5, r"must take its arguments as \(z\)"),
        ("sigmoid", 0.5, r"no function but float"),
        ("sigmoid", raises, r"NameError: .*undefined.* in line \d+, `return total / undefined"),
        ("sigmoid", lambda z: sigmoid(z) * np.nan, r"nan is there|it is nan"),
        ("sigmoid", lambda z: 0.5, r"same answer whatever|shape"),
        ("sigmoid", lambda z: sigmoid(z).T, r"transposed"),
        ("sigmoid", lambda z: np.ravel(sigmoid(z)), r"another shape: \(\) is wanted, \(1,\)"),
        ("sigmoid", lambda z: np.sum(sigmoid(z)), r"summed up to one number"),
        (
            "mean_squared_error",
            lambda y_hat, y: (y_hat - y).T @ (y_hat - y) / len(y),
            r"\(1, 1\) array",
        ),
        ("layer", lambda x, W, b: sigmoid(x @ W + b) if len(x) < 3 else x[:3], r"right for \d of"),
        ("sigmoid", lambda z: np.round(sigmoid(z), 2), r"rounded to 2 decimals"),
        (
            "sigmoid",
            right_for_positive,
            r"for z = 0, .*must be 0.5; it is 0.25\.",
        ),
        ("sigmoid", lambda z: 3 * sigmoid(z), r"3 times what is wanted"),
        ("sigmoid", exit, r"SystemExit"),
        ("column", edits_a_list, r"edits its argument `values` in place"),
        ("scale", from_memory, r"`MEMORY` from the notebook's memory"),
        ("scale", lambda X, X_train: X * 0.3, r"does not depend on `X_train`"),
        ("scale", lambda X, X_train: X / X_train.max(0) / len(X_train), r"number of rows of `X_t"),
        ("forward", lambda *a: RIGHT(*a)[::-1], r"another order. Wanted: z2, a2, z3, y_hat"),
        ("train", lambda *a: EXERCISES["train"].answer(*a)[::-1], r"Wanted: parameters, costs"),
        ("forward", lambda *a: RIGHT(*a)[:3], r"must return 4 values and returns a tuple of 3"),
        ("forward", lambda *a: [-part for part in RIGHT(*a)], r"opposite sign"),
        ("backward", lambda *a: _flat_biases(*a), r"`db1`.*`keepdims=True` is left out"),
        ("confusion_matrix", lambda p, y: np.sum((y == 1) and (p == 1)), r"`&`.* entry by entry"),
        ("confusion_matrix", lambda p, y: np.sum(y == 1 & p == 1), r"comparison in brackets"),
        ("accuracy", lambda p, y: 100 * np.mean(p == y), r"returns 50.0 .* raise a ValueError"),
        ("accuracy", lambda p, y: 100 * np.mean(p == y) / [1][p.shape != y.shape], r"Error is w"),
        ("backward", lambda *a: [3.5 * part for part in _backward(*a)], r"3.5 times"),
    ],
)
def test_generic_faults_have_their_own_words(name, function, words):
    line = said(name, function)
    assert re.search(words, line), line


def _backward(*arguments):
    return EXERCISES["backward"].answer(*arguments)


def _flat_biases(*arguments):
    dW1, db1, dW2, db2 = _backward(*arguments)
    return dW1, db1.ravel(), dW2, db2


def test_undone_in_any_way_is_not_attempted():
    def only_words(z):
        """The sigmoid."""

    def only_pass(z):
        pass

    for stub in (lambda z: ..., only_words, only_pass, ...):
        assert said("sigmoid", stub).startswith("Not attempted yet")
    assert said("forward", lambda *a: (..., ..., ..., ...)).startswith("Not attempted yet")


def test_two_mistakes_at_once_are_named_one_after_the_other():
    def two(X, y, W2, z2, a2, y_hat):
        dz3 = 2 * (y_hat - y) * y_hat * (1 - y_hat)
        dz2 = dz3 @ W2.T
        return X.T @ dz2, dz2.sum(0, keepdims=True), a2.T @ dz3, dz3.sum(0, keepdims=True)

    line = said("backward", two)
    assert "`dW2` and `db2`" in line
    assert "1/m is missing" in line
    assert "the rest after it" in line


def test_what_a_function_prints_is_shown_once(capsys):
    def loud(z):
        print("z is", np.shape(z))
        return sigmoid(z)

    check("sigmoid", loud)
    assert capsys.readouterr().out.count("z is") == 1


def test_a_wrong_answer_gives_the_course_s_own_function(capsys):
    assert check("sigmoid", lambda z: z) is activations.sigmoid
    assert capsys.readouterr().out.startswith("Not yet: ")
    with pytest.raises(ValueError, match="there is no exercise 'sigmoit'; there are neuron, "):
        check("sigmoit", sigmoid)


def test_the_same_mistake_gets_the_same_words():
    lines = {said("backward", lambda *a: [part + 0.1 for part in _backward(*a)]) for _ in range(3)}
    assert len(lines) == 1


# ---------------------------------------------------------------------------------------- time


def test_a_function_that_runs_for_ever_is_stopped_and_the_next_check_works(copies, capsys):
    def endless(z):
        while True:
            pass

    begin = time.perf_counter()
    assert check("sigmoid", endless) is activations.sigmoid
    assert time.perf_counter() - begin < 10
    assert re.match(
        r"Not yet: sigmoid ran for 5 s and was stopped in line", capsys.readouterr().out
    )
    assert check("sigmoid", sigmoid) is sigmoid
    assert sys.gettrace() is None or "look_at_the_clock" not in repr(sys.gettrace())


def swallows(z):
    while True:
        try:
            sigmoid(z)
        except Exception:
            continue


@pytest.mark.parametrize(
    "endless",
    [
        swallows,
        lambda z: max(z for z in iter(int, 1)),
        lambda z: swallows(z),
        lambda z: [z for _ in iter(lambda: sigmoid(z), None)],
    ],
    ids=["except Exception", "generator", "calls another", "comprehension"],
)
def test_other_endless_loops_are_stopped(endless, monkeypatch):
    monkeypatch.setattr(diagnosis, "SECONDS", 0.3)
    assert "was stopped" in said("sigmoid", endless)


def test_both_rounds_share_the_time(monkeypatch):
    monkeypatch.setattr(diagnosis, "SECONDS", 0.5)

    def slow(z):  # right, and 0.4 s for each round
        time.sleep(0.08)
        return sigmoid(z)

    assert "was stopped" in said("sigmoid", slow)


def swallows_all(z):
    while True:
        try:  # noqa: SIM105
            sigmoid(z)
        except:  # noqa: E722
            pass


@pytest.mark.parametrize("endless", [swallows_all, lambda z: time.sleep(60)])
def test_an_alarm_stops_what_the_clock_cannot(endless, monkeypatch):
    monkeypatch.setattr(diagnosis, "SECONDS", 0.3)
    assert "was stopped" in said("sigmoid", endless)


@pytest.mark.skipif(not COPIES, reason="no copy of a process can be made here")
def test_a_call_that_never_returns_does_so_in_a_copy(copies, monkeypatch):
    monkeypatch.setattr(diagnosis, "SECONDS", 1)
    line = said("sigmoid", lambda z: sum(itertools.count()))
    assert "never came back from one of its calls" in line
    assert said("sigmoid", sigmoid) is None


def quick(name, make):
    """Whether the first answer on `make()` takes under 0.3 s of the processor, once in three."""
    for _ in range(3):
        function = make()
        slips.cache_clear()
        exercise_module._wrong_answers.cache_clear()
        begin = time.process_time()
        said(name, function)
        if time.process_time() - begin < 0.3:
            return True
    return False


@every_exercise
def test_an_answer_comes_within_a_third_of_a_second(name, copies):
    exercise = EXERCISES[name]
    assert quick(name, lambda: exercise.answer)
    assert quick(name, lambda: by_heart(exercise))  # no known mistake: all of them are tried
    assert quick(name, lambda: lambda *arguments: "nonsense")
    assert quick(name, lambda: lambda *arguments: 1.5)


# ------------------------------------------------------------------------------------- progress


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """The file in which progress is kept for one test."""
    file = tmp_path / "course-progress.json"
    monkeypatch.setenv("NNLIB_PROGRESS", str(file))
    return file


def test_right_answers_are_kept_and_shown(kept, capsys):
    assert repr(progress("02")).startswith("Notebook 02: 0 of 4 exercises right.")
    check("sigmoid", sigmoid)
    check("sigmoid", sigmoid)
    check("forward", lambda *arguments: ...)
    assert json.loads(kept.read_text(encoding="utf-8"))["right"] == ["sigmoid"]
    count = sum(len(NOTEBOOKS[number]) for number in ("00", "01", "02"))
    shown = progress("02")
    assert repr(shown) == f"Notebook 02: 1 of 4 exercises right. Up to here: 1 of {count}."
    assert repr(shown) in shown._repr_html_()
    kept.unlink()
    assert "0 of 4" in repr(progress("02"))


@pytest.mark.parametrize("text", ["", "{", "[]", '{"right": 3}', '{"right": null}', "\x00"])
def test_a_damaged_file_is_left_alone_with_a_line(kept, text, capsys):
    kept.write_text(text, encoding="utf-8")
    assert check("sigmoid", sigmoid) is sigmoid
    assert "course-progress.json cannot be read" in repr(progress("00"))
    assert kept.read_text(encoding="utf-8") == text


def test_a_file_that_cannot_be_written_is_met_with_a_line(kept, monkeypatch, capsys):
    def refuse(self, *arguments, **settings):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(record.Path, "write_text", refuse)
    assert check("sigmoid", sigmoid) is sigmoid
    assert "cannot be written, so this is not kept: Permission denied" in capsys.readouterr().out


def test_nothing_is_kept_in_tests_nor_outside_a_notebook(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    check("sigmoid", sigmoid)  # conftest.py switches it off
    monkeypatch.delenv("NNLIB_PROGRESS")
    code = "from nnlib.checks import *; check('sigmoid', EXERCISES['sigmoid'].answer)"
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    assert list(tmp_path.iterdir()) == []


def test_progress_knows_its_notebooks():
    with pytest.raises(ValueError, match="there is no notebook '2'; there are 00, 01, "):
        progress("2")
