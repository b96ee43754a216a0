"""The learner's own forward and backward inside the playground, right and wrong ones."""

import inspect
import math
import re
from dataclasses import replace

import numpy as np
import pytest
from test_live_simulation import SMALL, flat, numbers, trained

from nnlib.live.settings import Settings
from nnlib.live.simulation import Simulation
from nnlib.network import backward_propagation, forward_propagation


def forward(X, W1, b1, W2, b2):
    z2 = X @ W1 + b1
    a2 = 1 / (1 + np.exp(-z2))
    z3 = a2 @ W2 + b2
    return z2, a2, z3, 1 / (1 + np.exp(-z3))


def backward(X, y, W2, z2, a2, y_hat):
    dz3 = (y_hat - y) * (2 / len(y)) * y_hat * (1 - y_hat)
    dz2 = dz3 @ W2.T * a2 * (1 - a2)
    return X.T @ dz2, dz2.sum(axis=0, keepdims=True), a2.T @ dz3, dz3.sum(axis=0, keepdims=True)


def deep_forward(X, parameters):
    trace, a = {}, X
    for k, (W, b) in enumerate(parameters, start=2):
        trace[f"z{k}"] = a @ W + b
        a = trace[f"a{k}"] = 1 / (1 + np.exp(-trace[f"z{k}"]))
    trace["y_hat"] = a
    trace["X"] = X
    return trace


def deep_backward(y, parameters, trace):
    y_hat = trace["y_hat"]
    dz = (y_hat - y) * (2 / len(y)) * y_hat * (1 - y_hat)
    gradients = []
    for k in range(len(parameters), 0, -1):
        a = trace["X"] if k == 1 else trace[f"a{k}"]
        gradients.insert(0, (a.T @ dz, dz.sum(axis=0, keepdims=True)))
        if k > 1:
            dz = dz @ parameters[k - 1].W.T * a * (1 - a)
    return gradients


def numbered_forward(X, parameters):
    z, a = {}, {1: X}
    for layer, (W, b) in enumerate(parameters, start=2):
        z[layer] = a[layer - 1] @ W + b
        a[layer] = 1 / (1 + np.exp(-z[layer]))
    return z, a


def numbered_backward(y, parameters, trace):
    _, a = trace
    last = len(a)
    dz = (a[last] - y) * (2 / len(y)) * a[last] * (1 - a[last])
    gradients = []
    for layer in range(last - 1, 0, -1):
        gradients.insert(0, (a[layer].T @ dz, dz.sum(axis=0, keepdims=True)))
        dz = dz @ parameters[layer - 1][0].T * a[layer] * (1 - a[layer])
    return gradients


def nnlibs(settings):
    network = settings.network()

    def forward(X, parameters):
        return forward_propagation(network, parameters, X)

    def backward(y, parameters, trace):
        return backward_propagation(network, parameters, trace, y)

    return {"forward": forward, "backward": backward}


@pytest.mark.parametrize("regularization", ["none", "l1", "l2"])
def test_right_functions_behave_as_nnlibs_to_rounding_error(regularization):
    settings = replace(SMALL, regularization=regularization)
    plain = replace(settings, regularization="none")
    reference = trained(settings)
    for functions in ({"forward": forward, "backward": backward}, nnlibs(plain)):
        own = trained(settings, **functions)
        assert own.problem is None
        assert numbers(own) == pytest.approx(numbers(reference), rel=1e-12)
        assert own.history[-1].cost == pytest.approx(reference.history[-1].cost, rel=1e-12)
        assert "Your forward agrees with nnlib's" in own.comparison
        assert "Your backward agrees with nnlib's" in own.comparison


def test_right_functions_of_any_depth():
    settings = replace(SMALL, hidden=(4, 3))
    own = trained(settings, forward=deep_forward, backward=deep_backward)
    assert own.problem is None
    assert numbers(own) == pytest.approx(numbers(trained(settings)), rel=1e-12)
    own.change(hidden=(4,))
    own.train(epochs=5)
    assert own.problem is None and own.epoch == 55


def test_a_trace_may_be_two_dicts_by_layer_number():
    settings = replace(SMALL, hidden=(4, 3))
    reference = numbers(trained(settings))
    for functions in (
        {"forward": numbered_forward, "backward": numbered_backward},
        {"forward": numbered_forward},
        {"backward": numbered_backward},  # on nnlib's Trace
    ):
        own = trained(settings, **functions)
        assert own.problem is None
        assert numbers(own) == pytest.approx(reference, rel=1e-12)
    own = trained(settings, forward=lambda X, parameters: ({}, {1: X}))
    assert "returns no z[2], z[3], z[4] in its trace" in own.problem


def test_one_of_the_two_may_be_nnlibs():
    reference = numbers(trained())
    assert numbers(trained(forward=forward)) == pytest.approx(reference, rel=1e-12)
    assert numbers(trained(backward=backward)) == pytest.approx(reference, rel=1e-12)


def test_a_wrong_gradient_is_seen_to_go_wrong():
    def uphill(X, y, W2, z2, a2, y_hat):
        dW1, db1, dW2, db2 = backward(X, y, W2, z2, a2, y_hat)
        return dW1, db1, -dW2, db2

    own = trained(forward=forward, backward=uphill)
    assert own.problem is None
    assert "Your forward agrees" in own.comparison
    assert "Your backward differs from nnlib's" in own.comparison
    assert "dW1 < 1e-7, db1 < 1e-7, dW2 1, wrong, db2 < 1e-7" in own.comparison
    assert own.measure().cost != pytest.approx(trained().measure().cost, rel=1e-3)


def broken(X, W1, b1, W2, b2):
    return undefined_name  # noqa: F821


def flat_y(X, y, W2, z2, a2, y_hat):
    dW1, db1, dW2, db2 = backward(X, y, W2, z2, a2, y_hat)
    return dW1.T, db1, dW2, db2


def in_place(X, y, W2, z2, a2, y_hat):
    y_hat -= y
    return backward(X, y, W2, z2, a2, y_hat)


@pytest.mark.parametrize(
    "functions, message",
    [
        ({"forward": broken}, "Your forward raised NameError: name 'undefined_name' is not "
                              r"defined, in line \d+ of its cell: return undefined_name"),
        ({"backward": flat_y}, r"Your backward must return dW1 in the shape \(2, 4\); got \(4, 2\) "
                               r"\(its def is line \d+"),
        ({"backward": in_place}, "read-only .don't edit the arrays .*in line .*: y_hat -= y"),
        ({"forward": lambda X, W1, b1, W2, b2: ...}, "Your forward returns nothing yet"),
        ({"forward": lambda X, W1, b1, W2, b2: X},
         "Your forward must return 4 arrays, z2, a2, z3, y_hat; got ndarray"),
        ({"forward": lambda X, parameters: {}},
         "Your forward returns no z2, a2, z3, y_hat in its trace"),
        ({"forward": lambda X, W1, b1, W2, b2: (X @ W1, [[1], [1, 2]], X, X)},
         r"Your forward must return a2 as an array of numbers; got \[\[1\], \[1, 2\]\] \(its def"),
        ({"forward": lambda X, W1, b1, W2, b2: (X @ W1, ..., X, X)},
         "Your forward must return a2 as an array of numbers; got Ellipsis"),
    ],
)  # fmt: skip
def test_what_raises_or_has_the_wrong_shape_says_so_and_can_be_fixed(functions, message):
    simulation = trained(**functions)
    assert simulation.epoch == 0
    assert re.search(message, simulation.problem)
    assert math.isfinite(simulation.measure().cost)  # still drawn, by nnlib's
    simulation.change(learning_rate=0.5)
    simulation.use(forward, backward)
    assert simulation.problem is None
    simulation.train(epochs=5)
    assert simulation.epoch == 5


def test_flat_functions_have_one_hidden_layer_and_come_back_with_it():
    simulation = trained(forward=forward, backward=backward)
    simulation.change(hidden=(4, 2))
    assert "has one hidden layer, the network has 2" in simulation.problem
    simulation.change(hidden=())
    assert "has one hidden layer, the network has 0" in simulation.problem
    simulation.change(hidden=(3,))
    assert simulation.problem is None
    simulation.train(epochs=5)
    assert simulation.epoch == 55


@pytest.mark.parametrize("function", [3, lambda X: X, lambda X, W1, b1: X])
def test_functions_of_other_signatures_are_refused(function):
    with pytest.raises(TypeError, match=r"forward must be .*forward\(X, W1, b1, W2, b2\) or "):
        Simulation(SMALL, forward=function)


def only_by_place(X, W1, b1, W2, b2, /, *, scale=1):
    return forward(X, W1, b1, W2, b2)


def with_more(X, W1, b1, W2, b2, scale=1, *more, **settings):
    return forward(X, W1, b1, W2, b2)


@pytest.mark.parametrize("function", [only_by_place, with_more])
def test_only_arguments_that_must_be_given_count(function):
    assert Simulation(SMALL, forward=function).comparison.startswith("Your forward agrees with")


def test_a_sequence_of_pairs_or_of_arrays_is_the_same():
    def in_one_row(y, parameters, trace):
        return [array for pair in deep_backward(y, parameters, trace) for array in pair]

    own = trained(forward=deep_forward, backward=in_one_row)
    assert own.problem is None and "Your backward agrees" in own.comparison
    assert numbers(own) == pytest.approx(numbers(trained()), rel=1e-12)


@pytest.mark.parametrize(
    "functions, message",
    [
        ({"backward": lambda X, y, W2, z2, a2, y_hat: backward(X, y, W2, z2, a2, y_hat)[:3]},
         r"Your backward must return 4 arrays, dW1, db1, dW2, db2; got 3"),
        ({"forward": lambda X, W1, b1, W2, b2: None}, "Your forward returns nothing yet"),
        ({"forward": lambda X, parameters: {"z2": 1, "z3": 1, "y_hat": 1}},
         "Your forward returns no a2 in its trace"),
        ({"forward": lambda X, parameters: ({2: 1, 3: 1}, {2: 1})},
         r"Your forward returns no a\[3\] in its trace"),
    ],
)  # fmt: skip
def test_what_is_missing_is_named(functions, message):
    with_problem = Simulation(SMALL, **functions)
    assert re.search(message, with_problem.problem)


def test_it_compares_with_numbers():
    def twice(X, W1, b1, W2, b2):
        *rest, y_hat = forward(X, W1, b1, W2, b2)
        return *rest, y_hat * (1 + 1e-3)

    said = Simulation(SMALL, forward=twice).comparison
    assert said.startswith("Your forward differs from nnlib's (relative error: y_hat 0.0005, wrong")


def test_functions_are_compared_again_after_every_change_that_starts_again():
    simulation = Simulation(SMALL, forward=forward, backward=backward)
    simulation.change(activation="tanh")
    assert simulation.comparison.startswith("Your forward differs from nnlib's")
    simulation.change(activation="sigmoid", data="xor")
    assert simulation.comparison == Simulation(simulation.settings, forward, backward).comparison
    assert "Your backward agrees with nnlib's" in simulation.comparison
    simulation.change(hidden=(2,))
    assert "Your backward agrees with nnlib's" in simulation.comparison


def test_a_look_back_at_a_network_that_is_not_for_the_own_function_is_no_problem():
    simulation = Simulation(Settings(hidden=(4, 4), samples=40), forward)
    assert "one hidden layer" in simulation.problem
    earlier = simulation.history[0]
    simulation.change(hidden=(4,))
    assert simulation.problem is None
    trace = simulation.safe_forward(simulation.X, earlier)
    assert len(trace.a) == 4 and simulation.problem is None
    simulation.safe_backward(trace, simulation.y, earlier)
    simulation.train(epochs=2)
    assert simulation.epoch == 2


def test_numbers_that_only_the_own_forward_makes_infinite_are_not_put_on_the_learning_rate():
    def rooted(X, W1, b1, W2, b2):
        z2, a2, z3, _ = forward(X, W1, b1, W2, b2)
        return z2, a2, z3, np.sqrt(z3 - 100)

    simulation = Simulation(Settings(samples=40), rooted)
    assert "Your forward returns numbers that are not finite" in simulation.problem
    assert "learning rate" not in simulation.problem


def sometimes(function, wrong):
    """The function, but from its fourth call on `wrong` of what it returns."""
    calls = []

    def own(*arguments):
        calls.append(arguments)
        returned = function(*arguments)
        return returned if len(calls) < 4 else wrong(*returned)

    own.__signature__ = inspect.signature(function)
    return own


def test_numbers_that_an_own_function_makes_infinite_on_the_way_are_put_on_it():
    later = sometimes(backward, lambda dW1, db1, dW2, db2: (dW1, db1 * np.inf, dW2, db2 * np.nan))
    own = trained(forward=forward, backward=later)
    assert own.problem.startswith("Your backward returns numbers that are not finite, in db1, db2")
    assert own.epoch == 2 and np.isfinite(numbers(own)).all()  # one call was for the comparison
    later = sometimes(forward, lambda z2, a2, z3, y_hat: (z2, a2, z3, y_hat + np.nan))
    said = trained(forward=later).problem
    assert said.startswith("Your forward returns numbers that are not finite, in y_hat (its def")


def test_a_rate_that_is_too_high_is_not_put_on_the_own_functions():
    def linear(y, parameters, trace):
        return backward_propagation(settings.network(), parameters, trace, y)

    settings = Settings(data="plane", hidden=(), samples=40, learning_rate=30.0)
    assert "The learning rate 30 is too high" in trained(settings, 500, backward=linear).problem


def test_the_line_names_a_function_without_a_name():
    own = lambda X, W1, b1, W2, b2: forward(X, W1, b1, W2, b2)  # noqa: E731
    simulation = Simulation(Settings(samples=40), own)
    assert simulation.learner.names() == {"forward": "forward"}


def test_where_one_function_fails_nnlib_stands_in_for_both():
    simulation = Simulation(SMALL, forward=broken, backward=flat_y)
    problem, X, y = simulation.problem, simulation.X, simulation.y
    trace = simulation.safe_forward(X)
    slopes = simulation.safe_backward(trace, y)
    wanted = backward_propagation(simulation.network, simulation.parameters, trace, y)
    assert flat(slopes) == pytest.approx(flat(wanted), rel=1e-12)
    assert simulation.problem == problem and "Your forward raised" in problem
