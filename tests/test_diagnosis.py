"""The words for what no catalogue foresees, on exercises of two lines; and the inputs for all."""

import re

import numpy as np
import pytest

from nnlib.checks import rehearsal
from nnlib.checks.diagnosis import fault
from nnlib.checks.exercise import Exercise, clear, columns, draws, guesses, ordered


@pytest.fixture(autouse=True)
def without_copies(monkeypatch):
    """All functions here come back: a copy of this process for each would take long."""
    monkeypatch.setattr(rehearsal, "POSSIBLE", False)


SHAPES = (2, 3), (3, 2), (1, 1), (4, 2)


def table(x, w):
    return np.cosh(x[:, np.newaxis] * w)


def number(X, w):
    return np.cosh(X @ w).max()


def pair(X, b):
    first = np.cosh(X)
    second = np.sinh(b)
    return first, second


def positive(z):
    if not np.all(z > 0):
        raise ValueError("z must be positive")
    return np.log(z)


EXERCISES = {
    table: Exercise(table, lambda rng: draws(rng, *[((m,), (n,)) for m, n in SHAPES]), {}),
    number: Exercise(number, lambda rng: draws(rng, *[((m, n), (n,)) for m, n in SHAPES]), {}),
    pair: Exercise(
        pair,
        lambda rng: draws(rng, *[((m, n), (1, n)) for m, n in SHAPES]),
        {
            "`first` stands for both": lambda X, b: (np.cosh(X), np.cosh(X)),
            "they are added up. Return both.": lambda X, b: (np.cosh(X) + b, np.cosh(X) + b),
            "they swap. Which is the first?": lambda X, b: (np.sinh(X), np.cosh(b)),
        },
        returns=("first", "second"),
    ),
    positive: Exercise(
        positive,
        lambda rng: [(rng.uniform(2, 3, 4),), (np.exp(rng.uniform(2, 3)),)],
        {},
        refused=((-1.0,), (np.array([1.0, 0.0]),), (np.array([-3.0, -4.0]),)),
    ),
}


def said(exercise, function):
    return fault(exercise.__name__, EXERCISES[exercise], function)


@pytest.mark.parametrize("exercise", EXERCISES)
def test_right_is_right(exercise):
    assert said(exercise, lambda *arguments: exercise(*arguments)) is None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (np.transpose, "table is right, but transposed: rows and columns"),
        (np.negative, "table is right, but of the opposite sign."),
        (np.sum, "summed up to one number. One for each"),
        (np.mean, "averaged to one number. One for each"),
        (np.square, "squared. Is there a square too much?"),
        (np.sqrt, "with the square root taken."),
        (lambda right: 1 - right, "taken from 1. Is there a `1 -` too much?"),
        (lambda right: 1 / right, "upside down. Is there a division"),
        (np.trunc, "cut down to whole numbers."),
        (lambda right: np.round(right, 0), "rounded to 0 decimals."),
        (lambda right: np.round(right, 4), "rounded to 4 decimals."),
        (lambda right: right.astype(int), "table returns whole numbers where floats are wanted."),
        (np.ravel, "has the right numbers in another shape: (2, 3) is wanted, (6,) returned."),
        (lambda right: 0 * right + 0.25, "table gives the same answer whatever comes in."),
        (lambda right: 2 * right, "table: twice what is wanted, for every input."),
        (lambda right: 0.5 * right, "table: half what is wanted, for every input."),
        (lambda right: -3.5 * right, "table: -3.5 times what is wanted, for every input."),
        (lambda right: len(right) * right, "wanted, multiplied by the number of entries of `x`. I"),
        (lambda right: right / len(right), "wanted, divided by the number of entries of `x`. Is"),
        (lambda right: right / len(right) ** 2, "divided twice by the number of entries of `x`. I"),
        (lambda right: right * len(right.T) ** 2, "multiplied twice by the number of entries of"),
        (lambda right: -right * len(right.T), "entries of `w`, and minus that. Is"),
        (lambda right: 2 * right / len(right.T), "by the number of entries of `w`, and twice that"),
        (lambda right: right / len(right.T) / 4, "entries of `w`, and 0.25 times that. Is"),
    ],
)  # fmt: skip
def test_what_was_done_to_a_right_answer(change, words):
    line = said(table, lambda x, w: change(table(x, w)))
    assert line.startswith("Not yet: ") and words in line, line


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda right, X: right.reshape(1, 1), "is right, but as a (1, 1) array. One plain number"),
        (lambda right, X: right.reshape(1), "is right, but as an array of shape (1,). One plain"),
        (lambda right, X: right * len(X), "multiplied by the number of rows of `X`. Is"),
        (lambda right, X: right / len(X.T), "divided by the number of columns of `X`. Is"),
        (lambda right, X: right / X.size, "divided by the number of entries of `X`. Is"),
        (lambda right, X: int(right), "cut down to whole numbers."),
        (lambda right, X: right + 0.125, "for X = [["),
        (lambda right, X: -right, "of the opposite sign."),
    ],
)  # fmt: skip
def test_what_was_done_to_a_right_number(change, words):
    line = said(number, lambda X, w: change(number(X, w), X))
    assert words in line, line


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda one, two: (one, -two), "`second` of pair is right, but of the opposite sign."),
        (lambda one, two: (-one, -two), "pair is right, but of the opposite sign."),
        (lambda one, two: (one, abs(two)), "`second` of pair is right, but without its sign."),
        (lambda one, two: (one, two.ravel()), "`second` of pair has the right numbers in another"),
        (lambda one, two: (3.5 * one, 3.5 * two), "yet: `first` and `second` of pair: 3.5 times"),
        (lambda one, two: (3.5 * one, 4.5 * two), "Not yet: `first` of pair: 3.5 times what is"),
        (lambda one, two: (one, 4.5 * two), "Not yet: `second` of pair: 4.5 times what is"),
        (lambda one, two: (two, one), "the right values in another order. Wanted: first, second."),
        (lambda one, two: (one, one), "this is what `second` of pair is when `first` stands for b"),
        (lambda one, two: (one, 0 * two), "the answer of pair does not depend on `b`, and it sho"),
        (lambda one, two: one, "pair must return 2 values and returns an array of shape (2, 3)"),
        (lambda one, two: (one, None), "pair must return numbers and returns None, for X (2, 3)"),
    ],
)  # fmt: skip
def test_which_of_two_values_is_wrong(change, words):
    line = said(pair, lambda X, b: change(*pair(X, b)))
    assert words in line, line


def test_a_sentence_ends_once():
    assert said(pair, lambda X, b: (np.cosh(X), np.cosh(X))).endswith(" both.")
    assert said(pair, lambda X, b: (np.cosh(X) + b, np.cosh(X) + b)).endswith("Return both.")
    assert said(pair, lambda X, b: (np.sinh(X), np.cosh(b))).endswith("Which is the first?")


def out_of_bounds(X, b):
    return X[5], b


def one_truth(X, b):
    return np.cosh(X), 1 if b > 0 else -1


def unknown(X, b):
    return np.cosh(X), np.sinh(unheard_of)  # noqa: F821


def for_ever(X, b):
    return for_ever(X, b)


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (out_of_bounds, r"IndexError: .* in line \d+, `return X\[5\], b`, for X .* Not every "),
        (one_truth, r"ValueError: The truth .*\(2, 3\), b \(1, 3\)\. `and`, `or`, .* one truth; "),
        (unknown, r"NameError: .* not defined in line .*, for X .* through its arguments"),
        (for_ever, r"RecursionError: .* It calls itself, again and again\."),
        (lambda X: X, r"pair must take its arguments as \(X, b\)\."),
        (lambda X, b: exec("1 +"), r"raised SyntaxError: .*, for X \(2, 3\), b \(1, 3\)\.$"),
    ],
)  # fmt: skip
def test_errors_say_where_and_what_next(function, words):
    line = said(pair, function)
    assert re.search(words, line), line


def test_an_example_is_the_smallest_and_shows_the_entry_that_is_furthest_off():
    def wrong_last(x, w):
        return table(x, w) + np.eye(4, 2)[::-1] / 3 if len(x) == 4 else table(x, w)

    def wrong_at_one(x, w):
        return table(x, w) + 0.25 * (np.arange(len(w)) == 1)

    def wrong_shape(x, w):
        return np.ones((2, 2)) if len(x) == 1 else table(x, w)

    line = said(table, wrong_last)
    assert re.search(r"for x = \[.*\], w = \[.*\], the answer of table, of shape \(4, 2\)", line)
    assert re.search(r"furthest off at \[2, 1\]: 1\.\d+ is wanted, 1\.\d+ is there\.", line)
    assert line.endswith("It is right for 3 of 4 inputs.")
    line = said(table, wrong_at_one)
    assert "of shape (2, 3), is furthest off at [0, 1]:" in line
    assert line.endswith("It is right for 1 of 4 inputs.")
    line = said(table, wrong_shape)
    assert "must have shape (1, 1); it has shape (2, 2). It is right for 3 of 4 inputs." in line
    assert "right for" not in said(table, lambda x, w: table(x, w) + 0.25)


def test_large_inputs_are_shown_by_their_shapes():
    assert "for X (2, 3), b (1, 3)" in said(pair, lambda X, b: (np.cosh(X), None))


def test_short_arguments_are_shown_and_long_ones_named():
    def total(x, sizes):
        return x + sum(sizes) + np.sqrt(len(sizes))

    for sizes, words in (((2, 3), "x = 1.234, sizes = (2, 3), the"), ((1,) * 30, "34, sizes, ")):
        cases = [(1.2341, sizes), (2.2, sizes)]
        exercise = Exercise(total, lambda rng, cases=cases: cases, {})
        assert words in fault("total", exercise, lambda x, sizes: total(x, sizes) ** 3 + 1)


def test_what_an_answer_does_not_hear():
    assert "does not depend on `w`, and" in said(table, lambda x, w: np.tile(x, (len(w), 1)).T)
    assert "does not depend on `x`, and" in said(table, lambda x, w: np.tile(w, (len(x), 1)))


def test_what_is_to_be_refused():
    def first_alone(z):
        if np.ndim(z) == 0 and z < 0:
            raise ValueError("z must be positive")
        with np.errstate(all="ignore"):
            return np.log(z)

    def another_error(z):
        if not np.all(z > 0):
            raise KeyError("z must be positive")
        return np.log(z)

    def asserts(z):
        assert np.all(z > 0)
        return np.log(z)

    assert "positive returns [  0. -inf] for z = [1., 0.]. These do" in said(positive, first_alone)
    assert "raised KeyError for z = -1. A ValueError is wanted there" in said(
        positive, another_error
    )
    assert said(positive, asserts) is None


# ---------------------------------------------------------------------- the inputs it is tried on

every_seed = pytest.mark.parametrize("rng", [*map(np.random.default_rng, range(20))])


@every_seed
def test_no_guess_is_near_its_target_nor_far_off(rng):
    y_hat, y = guesses(rng, 40)
    assert y_hat.shape == y.shape == (40, 1)
    assert np.abs(y_hat - y).min() >= 0.3 and np.abs(y_hat - y).max() <= 2
    assert {*np.sign(y_hat - y)[:, 0]} == {-1, 1} == {*np.sign(y)[:, 0]}


@every_seed
def test_the_numbers_of_a_column_lie_apart(rng):
    table = columns(rng, 6, 3)
    assert table.shape == (6, 3) and table.min() >= 1 and table.max() <= 9
    assert np.diff(np.sort(table, axis=0), axis=0).min() >= 0.1
    assert not (np.diff(columns(rng, 12, 1)[:, 0]) > 0).all()


@every_seed
def test_numbers_in_a_given_order(rng):
    low, high, equal, none = ordered(rng, [0, 9, 0, np.nan])
    assert 0 < low == equal < high and np.isnan(none)
    assert np.diff(ordered(rng, range(10))).min() >= 0.1


@every_seed
def test_an_answer_is_clear_where_each_of_its_parts_has_a_large_entry(rng):
    drawn = []

    def draw(rng, n):
        drawn.append(rng.uniform(0, 1, (2, n)))
        return tuple(drawn[-1])

    case = clear(lambda one, two: (one, two), 0.9, draw, rng, 3)
    assert np.array_equal(case, drawn[-1]) and min(map(np.max, case)) >= 0.9
    assert all(min(map(np.max, other)) < 0.9 for other in drawn[:-1])
