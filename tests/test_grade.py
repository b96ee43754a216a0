"""What an answer is worth: all of the points, the share of what is right in it, or nothing."""

import numpy as np
import pytest

from nnlib.activations import sigmoid
from nnlib.checks import check, grade
from nnlib.checks.exercises import notebook_04


def right(X, y, W2, z2, a2, y_hat):
    dz3 = 2 / len(y) * (y_hat - y) * y_hat * (1 - y_hat)
    dz2 = dz3 @ W2.T * a2 * (1 - a2)
    return X.T @ dz2, dz2.sum(axis=0, keepdims=True), a2.T @ dz3, dz3.sum(axis=0, keepdims=True)


def without_keepdims(*arguments):
    dW1, db1, dW2, db2 = right(*arguments)
    return dW1, db1.ravel(), dW2, db2


def wrong_sign(*arguments):
    return tuple(-gradient for gradient in right(*arguments))


def changes_its_argument(X, y, W2, z2, a2, y_hat):
    answer = right(X, y, W2, z2, a2, y_hat)
    y += 1
    return answer


@pytest.mark.parametrize(
    ("answer", "wanted"),
    [
        (right, 8),
        (without_keepdims, 6),
        (wrong_sign, 0),
        (changes_its_argument, 4),
        (lambda X, y, W2, z2, a2, y_hat: ..., 0),
        (..., 0),
        (notebook_04.backward, 0),
        (lambda *arguments: notebook_04.backward(*arguments), 0),
        (check("backward", ...), 0),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_function_is_worth_the_share_of_its_values_that_are_right(answer, wanted, capsys):
    backward = answer
    points, function = grade("backward", 8)
    assert (points, type(points)) == (wanted, float)
    assert function is backward or wanted < 8
    arguments = notebook_04.backward_arguments(np.random.default_rng(1), 4, 2, 3, 1)
    for one, other in zip(function(*arguments), right(*arguments)):
        np.testing.assert_allclose(one, other)
    assert capsys.readouterr().out  # the feedback


def test_what_was_never_defined_is_worth_nothing(capsys):
    points, function = grade("weight_slope", 4)
    assert points == 0 and function(0.0, 1.0, sigmoid(0.0)) == 0


@pytest.mark.parametrize(
    ("change", "wanted"), [({}, 2), ({5: (5, 1)}, 1.67), ({0: ...}, 0), ({0: 1, 1: 2}, 1.33)]
)
def test_a_value_is_worth_the_share_of_its_entries_that_are_right(change, wanted, capsys):
    gradient_shapes = [(8, 1), (5, 1), (1, 1), (8, 5), (2, 5), (1, 5)]
    for place, shape in change.items():
        gradient_shapes[place] = shape
    assert grade("gradient_shapes", 2) == (wanted, None)


def test_an_answer_that_accepts_what_it_has_to_refuse_is_worth_half(capsys):
    def accuracy(predictions, labels):
        return np.mean(predictions == labels) * 100

    assert accuracy(np.ones((1, 2)), np.ones((1, 2))) == 100
    assert grade("accuracy", 4)[0] == 2


def test_points_are_a_number():
    with pytest.raises(TypeError, match="points"):
        grade("backward", "8")
    with pytest.raises(ValueError, match="points"):
        grade("backward", -1)
