"""The network's functions through their public doors: values, properties, and what they refuse."""

import copy
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnlib.activations import ACTIVATIONS, relu, sigmoid, softmax, tanh
from nnlib.costs import COSTS, cross_entropy, mean_squared_error
from nnlib.gradcheck import numerical_gradients
from nnlib.network import (
    Layer,
    Network,
    accuracy,
    backward_propagation,
    compute_cost,
    forward_propagation,
    initialize_parameters,
    load,
    predict,
    save,
)
from nnlib.optimizers import update_parameters
from nnlib.training import train_neural_network

HOUSES = np.array([[2 / 3, 7 / 9], [1 / 3, 3 / 9], [1.0, 1.0]])
NET = Network((2, 3, 1))
CLASSIFIER = Network((2, 3, 1), cost="cross_entropy")
HALVES = (
    Layer(np.full((2, 3), 0.5), np.zeros((1, 3))),
    Layer(np.full((3, 1), 0.5), np.zeros((1, 1))),
)
PRICES = np.array([[0.94], [0.89], [0.83]])


def test_tutorial_numbers_of_its_own_data():
    trace = forward_propagation(NET, HALVES, HOUSES)
    columns = {
        "z2": [0.72222222, 0.33333333, 1.0],
        "a2": [0.67309618, 0.58257021, 0.73105858],
        "z3": [1.00964427, 0.87385531, 1.09658787],
        "y_hat": [0.73295053, 0.70554727, 0.74962023],
    }
    for name, column in columns.items():
        wanted = np.array(column)[:, np.newaxis]
        np.testing.assert_allclose(
            getattr(trace, name), wanted + 0 * getattr(trace, name), atol=6e-9
        )


def test_trace_by_name_and_by_layer_number():
    trace = forward_propagation(NET, HALVES, HOUSES)
    assert (
        trace.z2 is trace.z[2] and trace.a3 is trace.a[3] is trace.y_hat and trace.a1 is trace.a[1]
    )
    assert copy.deepcopy(trace).z2.shape == (3, 3)
    z, a = trace
    assert z is trace.z and a is trace.a
    for wrong in ("z1", "a4", "z02", "q2", "W1"):
        with pytest.raises(AttributeError, match="it has z2, z3, a1, a2, a3 and y_hat"):
            getattr(trace, wrong)


# -- values where naive formulas break ------------------------------------------------------------


def test_activations_never_warn_and_are_right_far_out():
    z = np.array([[-1000.0, -40.0, 0.0, 40.0, 1000.0]])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with np.errstate(all="raise"):
            far = sigmoid(z)
        assert far.tolist() == [[0.0, 1 / (1 + np.exp(40)), 0.5, 1.0, 1.0]]
        assert sigmoid(np.float32([-200, 200])).tolist() == [0, 1]
        assert tanh(z).tolist() == [[-1, -1, 0, 1, 1]]
        assert relu(z).tolist() == [[0, 0, 0, 40, 1000]]
        assert softmax(z).tolist() == [[0, 0, 0, 0, 1]]
        np.testing.assert_allclose(softmax(z).sum(), 1, rtol=1e-15)


def test_cross_entropy_at_exactly_0_and_1():
    z = np.array([[1000.0], [-1000.0]])
    with np.errstate(all="raise", under="ignore"):
        assert sigmoid(z).tolist() == [[1], [0]]
        assert cross_entropy(z, np.array([[1.0], [0.0]])) == 0
        assert cross_entropy(z, np.array([[0.0], [1.0]])) == 1000
        two = np.hstack([z, -z])
        assert cross_entropy(two, np.eye(2), output="softmax") == 0
        assert cross_entropy(two, 1 - np.eye(2), output="softmax") == 2000


def test_numbers_too_large_for_a_float_give_no_warning():
    """Warnings are errors here. A sigmoid saturates, rightly; what no float can hold is refused."""
    huge = tuple(Layer(1e300 * W, b) for W, b in HALVES)
    trace = forward_propagation(NET, huge, HOUSES)
    assert (trace.y_hat == 1).all()
    backward_propagation(NET, huge, trace, PRICES)
    with pytest.raises(ValueError, match="z2 is too large for a float; scale X"):
        forward_propagation(NET, huge, 1e300 * HOUSES)
    unbounded = Network((2, 3, 1), hidden="identity", output="identity")
    with pytest.raises(ValueError, match="z3 is too large for a float; scale X"):
        forward_propagation(unbounded, huge, 1e5 * HOUSES)
    with pytest.raises(ValueError, match="J is too large for a float; scale y_hat and y"):
        mean_squared_error([[1e200]], [[0]])


def test_costs_are_the_textbook_formulas():
    rng = np.random.default_rng(1)
    z, y = rng.standard_normal((4, 3)), np.eye(3)[[0, 2, 1, 1]]
    a, p = sigmoid(z), softmax(z)
    assert mean_squared_error(a, y) == pytest.approx(((a - y) ** 2).sum() / 4, rel=1e-14)
    textbook = -(y * np.log(a) + (1 - y) * np.log(1 - a)).sum() / 4
    assert cross_entropy(z, y) == pytest.approx(textbook, rel=1e-13)
    assert cross_entropy(z, y, output="softmax") == pytest.approx(
        -(y * np.log(p)).sum() / 4, rel=1e-13
    )


def test_probabilities_need_not_sum_to_1_to_the_last_digit():
    y = [[0.3333, 0.3333, 0.3333]]
    cost = cross_entropy(np.zeros((1, 3)), y, output="softmax")
    assert cost == pytest.approx(np.log(3), rel=1e-3)


def test_l2_counts_weights_and_no_biases():
    with_l2 = Network((2, 3, 1), l2=0.2)
    trace = forward_propagation(NET, HALVES, HOUSES)
    penalty = compute_cost(with_l2, HALVES, trace, PRICES) - compute_cost(
        NET, HALVES, trace, PRICES
    )
    assert penalty == pytest.approx(0.2 / 2 * 9 * 0.25)
    biased = tuple(Layer(W, b + 5) for W, b in HALVES)
    assert compute_cost(with_l2, biased, trace, PRICES) == compute_cost(
        with_l2, HALVES, trace, PRICES
    )


def test_predict_and_accuracy():
    X = np.array([[0.0, 3.0], [3.0, 0.0], [0.0, 1.0]])
    flip = (Layer(np.array([[1.0, -1.0], [-1.0, 1.0]]), np.zeros((1, 2))),)
    soft = Network((2, 2), output="softmax", cost="cross_entropy")
    assert predict(soft, flip, X).tolist() == [[0, 1], [1, 0], [0, 1]]
    assert accuracy(predict(soft, flip, X), [[0, 1], [1, 0], [1, 0]]) == pytest.approx(200 / 3)
    yes = Network((2, 2), cost="cross_entropy")
    assert predict(yes, flip, X).tolist() == [[0, 1], [1, 0], [0, 1]]
    assert predict(NET, HALVES, HOUSES).shape == (3, 1)
    labels = X > 0
    assert accuracy(np.stack([labels, ~labels]), labels).tolist() == [100, 0]
    level = (Layer(np.zeros((2, 1)), np.array([[-1e-12]])),)
    assert predict(Network((2, 1), cost="cross_entropy"), level, X).tolist() == [[0]] * 3


@pytest.mark.parametrize("labels", [[1, -1], [1, 2], [0, 255], [0.94, 0], ["cat", "dog"]])
def test_accuracy_takes_the_classes_0_and_1_only(labels):
    labels = np.reshape(labels, (2, 1))
    for arguments in ((labels, [[1], [0]]), ([[1], [0]], labels)):
        with pytest.raises((ValueError, TypeError)):
            accuracy(*arguments)


def test_a_saved_network_comes_back_as_it_was(tmp_path):
    network = Network((2, 3, 3, 2), "relu", "softmax", "cross_entropy", l2=0.1)
    for how in ({}, {"networks": 4}, {"dtype": np.float32}):
        parameters = initialize_parameters(network, np.random.default_rng(1), **how)
        save(tmp_path / "network.npz", network, parameters)
        loaded_network, loaded = load(tmp_path / "network.npz")
        assert loaded_network == network
        for ours, theirs in zip(sum(parameters, ()), sum(loaded, ()), strict=True):
            assert (ours == theirs).all() and ours.dtype == theirs.dtype
    np.savez(tmp_path / "other.npz", W1=np.ones(3))
    (tmp_path / "text.npz").write_text("hello")
    for name in ("other.npz", "text.npz"):
        with pytest.raises(ValueError, match=name):
            load(tmp_path / name)
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "missing.npz")


# -- properties ----------------------------------------------------------------------------------

outputs = st.sampled_from(
    [(o, c) for c in COSTS for o in ACTIVATIONS if COSTS[c].accepts(o)]
)  # fmt: skip
networks = st.builds(
    lambda sizes, hidden, output, l2: Network(sizes, hidden, output[0], output[1], l2),
    st.lists(st.integers(1, 5), min_size=1, max_size=4).map(lambda s: (*s, 2)),
    st.sampled_from(sorted(ACTIVATIONS)),
    outputs,
    st.sampled_from([0.0, 0.1]),
)


def targets(net, m, rng):
    return np.eye(2)[rng.integers(2, size=m)]


@given(networks, st.integers(1, 6), st.integers(1, 4), st.sampled_from([np.float32, np.float64]))
@settings(max_examples=60, deadline=None)
def test_a_stack_equals_a_loop_and_floats_and_arguments_are_kept(net, m, K, dtype):
    rng = np.random.default_rng(m)
    stack = initialize_parameters(net, rng, scale=0.5, networks=K, dtype=dtype)
    X = rng.standard_normal((m, net.sizes[0])).astype(dtype)
    y = targets(net, m, rng).astype(dtype)
    kept = copy.deepcopy((stack, X, y))

    trace = forward_propagation(net, stack, X)
    cost = compute_cost(net, stack, trace, y)
    gradients = backward_propagation(net, stack, trace, y)
    new = update_parameters(stack, gradients, 0.1)
    assert trace.y_hat.shape == (K, m, 2) and cost.shape == (K,)
    everything = [cost, *trace.a.values(), *trace.z.values(), *sum(gradients, ()), *sum(new, ())]
    assert {array.dtype for array in everything} == {np.dtype(dtype)}

    close = {"rtol": 1e-4, "atol": 1e-5} if dtype is np.float32 else {"rtol": 1e-10, "atol": 1e-12}
    for k in range(K):
        one = tuple(Layer(W[k], b[k]) for W, b in stack)
        single = forward_propagation(net, one, X)
        np.testing.assert_allclose(single.y_hat, trace.y_hat[k], **close)
        np.testing.assert_allclose(compute_cost(net, one, single, y), cost[k], **close)
        for o, s in zip(backward_propagation(net, one, single, y), gradients):
            np.testing.assert_allclose(o.dW, s.dW[k], **close)
            np.testing.assert_allclose(o.db, s.db[k], **close)
    for old, now in zip(sum(kept[0], ()), sum(stack, ())):
        assert (old == now).all()
    assert (kept[1] == X).all() and (kept[2] == y).all()


@given(st.integers(1, 8), st.integers(0, 99))
@settings(max_examples=30, deadline=None)
def test_the_cost_does_not_care_about_the_order_of_the_samples(m, seed):
    rng = np.random.default_rng(seed)
    parameters = initialize_parameters(NET, rng)
    X, y = rng.standard_normal((m, 2)), rng.uniform(size=(m, 1))
    order = rng.permutation(m)
    a = backward_propagation(NET, parameters, forward_propagation(NET, parameters, X), y)
    shuffled = forward_propagation(NET, parameters, X[order])
    b = backward_propagation(NET, parameters, shuffled, y[order])
    for p, q in zip(sum(a, ()), sum(b, ())):
        np.testing.assert_allclose(p, q, atol=1e-14)


def test_integers_are_converted_and_lists_work():
    ints = [[[1, 2, 3], [4, 5, 6]], [[0, 0, 0]]], [[[1], [1], [1]], [[0]]]
    floats = tuple(Layer(np.array(W, float), np.array(b, float)) for W, b in ints)
    a = forward_propagation(NET, ints, [[1, 0], [0, 1]])
    b = forward_propagation(NET, floats, np.eye(2))
    assert (a.y_hat == b.y_hat).all() and a.z2.dtype == float
    pairs = zip(backward_propagation(NET, ints, a, [[1], [0]]), numerical_gradients(
        NET, floats, np.eye(2), np.array([[1.0], [0.0]])))  # fmt: skip
    for ours, true in pairs:
        np.testing.assert_allclose(ours.dW, true.dW, atol=1e-9)


def test_initial_weights_have_the_promised_spread():
    rng = np.random.default_rng(5)
    net = Network((200, 300, 2))
    for scale, deviation in [("xavier", np.sqrt(2 / 500)), ("he", np.sqrt(2 / 200)), (0.3, 0.3)]:
        W, b = initialize_parameters(net, rng, scale=scale)[0]
        assert W.std() == pytest.approx(deviation, rel=0.02) and abs(W.mean()) < 0.01
        assert (b == 0).all()
    same = [initialize_parameters(NET, np.random.default_rng(9))[0].W for _ in range(2)]
    assert (same[0] == same[1]).all()


def test_a_stack_of_unequal_members_is_refused():
    W = np.zeros((4, 2, 3))
    mixed = (Layer(W, np.zeros((4, 1, 3))), Layer(np.zeros((5, 3, 1)), np.zeros((5, 1, 1))))
    with pytest.raises(ValueError, match="stacks of equally many networks"):
        forward_propagation(NET, mixed, HOUSES)


def test_a_network_is_a_frozen_value():
    assert Network(np.array([2, 3, 1])) == NET and Network(range(1, 4)) == Network((1, 2, 3))
    assert Network([2, 3, 1]) == Network((2, 3, 1)) and len({Network([2, 1]), Network((2, 1))}) == 1
    with pytest.raises(AttributeError):
        NET.l2 = 1


def test_a_stack_can_have_samples_of_its_own():
    stack = tuple(Layer(np.stack([W, W]), np.stack([b, b])) for W, b in HALVES)
    X = np.stack([HOUSES, HOUSES[::-1]])
    y_hat = forward_propagation(NET, stack, X).y_hat
    assert (y_hat[0] == y_hat[1][::-1]).all()
    y = np.stack([PRICES, PRICES[::-1]])
    _, history = train_neural_network(NET, stack, X, y, learning_rate=0.5, epochs=3)
    np.testing.assert_allclose(history.costs[:, 0], history.costs[:, 1], rtol=1e-14)
