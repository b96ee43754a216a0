"""The training loop, the optimizers and the progress bar, through their public doors."""

import logging
import math
import re
import subprocess
import sys

import nbformat
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbtools import run

from nnlib import data
from nnlib.activations import ACTIVATIONS
from nnlib.network import (
    Layer,
    Network,
    accuracy,
    backward_propagation,
    compute_cost,
    forward_propagation,
    initialize_parameters,
    predict,
)
from nnlib.optimizers import Adam, GradientDescent, Momentum, RMSProp, update_parameters
from nnlib.training import train_neural_network

X, y = data.houses()
X, y = data.Scaler.fit(X, method="maximum").transform(X), y / 100
NET = Network((2, 3, 1))
START = initialize_parameters(NET, np.random.default_rng(1), scale=1.0)


def cost_of(net, parameters, X, y):
    return compute_cost(net, parameters, forward_propagation(net, parameters, X), y)


def by_hand(
    net, parameters, X, y, learning_rate, epochs, optimizer=GradientDescent(), batches=None
):
    """Training by the public functions; `batches()` gives the rows of an epoch's updates."""
    costs, state = [cost_of(net, parameters, X, y)], optimizer.init(parameters)
    for _ in range(epochs):
        for rows in batches() if batches else [np.arange(X.shape[-2])]:
            some, targets = X[..., rows, :], y[..., rows, :]
            trace = forward_propagation(net, parameters, some)
            gradients = backward_propagation(net, parameters, trace, targets)
            parameters, state = optimizer.step(parameters, gradients, state, learning_rate)
        costs.append(cost_of(net, parameters, X, y))
    return parameters, costs


def equal(a, b):
    return all((p == q).all() for p, q in zip(sum(a, ()), sum(b, ()), strict=True))


def test_training_is_the_loop_of_notebook_05():
    parameters, history = train_neural_network(NET, START, X, y, learning_rate=0.7, epochs=50)
    wanted, costs = START, [cost_of(NET, START, X, y)]
    for _ in range(50):
        trace = forward_propagation(NET, wanted, X)
        gradients = backward_propagation(NET, wanted, trace, y)
        wanted = update_parameters(wanted, gradients, 0.7)
        costs.append(cost_of(NET, wanted, X, y))
    np.testing.assert_allclose(history.costs, costs, rtol=1e-12)
    for ours, theirs in zip(sum(parameters, ()), sum(wanted, ())):
        np.testing.assert_allclose(ours, theirs, rtol=1e-11)
    assert history.stopped is None and history.snapshots == {}


OUTPUTS = [(name, "squared_error") for name in ACTIVATIONS]
OUTPUTS += [("sigmoid", "cross_entropy"), ("softmax", "cross_entropy")]


@settings(deadline=None)
@given(
    hidden=st.sampled_from(["sigmoid", "tanh", "relu", "identity", "softmax"]),
    ends=st.sampled_from(OUTPUTS),
    sizes=st.lists(st.integers(1, 4), min_size=1, max_size=3),
    networks=st.sampled_from([None, 1, 3]),
    inputs_of_their_own=st.booleans(),
    penalties=st.sampled_from([(0.0, 0.0), (0.1, 0.0), (0.0, 0.1), (0.2, 0.1)]),
    optimizer=st.sampled_from([GradientDescent(), Momentum(0.8), RMSProp(), Adam()]),
    batch_size=st.sampled_from([None, 2, 3, 7, 9]),
    seed=st.integers(0, 1000),
)
def test_training_computes_what_the_public_functions_compute(
    hidden, ends, sizes, networks, inputs_of_their_own, penalties, optimizer, batch_size, seed
):
    rng, m = np.random.default_rng(seed), 7
    net = Network((*sizes, 3), hidden, *ends, *penalties)
    start = initialize_parameters(net, rng, networks=networks)
    stack = (networks,) if networks and inputs_of_their_own else ()
    X = rng.standard_normal((*stack, m, sizes[0]))
    y = np.eye(3)[rng.integers(0, 3, (*stack, m))]
    rate = 0.05 if networks is None else np.linspace(0.01, 0.1, networks).reshape(-1, 1, 1)
    order = np.random.default_rng(seed)

    def batches():
        rows = order.permutation(m)
        return [rows[k : k + batch_size] for k in range(0, m, batch_size)]

    wanted, costs = by_hand(net, start, X, y, rate, 4, optimizer, batches if batch_size else None)
    end, history = train_neural_network(
        net, start, X, y, learning_rate=rate, epochs=4, optimizer=optimizer,
        batch_size=batch_size, rng=np.random.default_rng(seed),
    )  # fmt: skip
    np.testing.assert_allclose(history.costs, costs, rtol=1e-9, atol=1e-12)
    for ours, theirs in zip(sum(end, ()), sum(wanted, ())):
        np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=1e-9)


def test_training_learns_and_leaves_its_arguments_alone():
    kept = [q.copy() for q in sum(START, ())]
    _, history = train_neural_network(NET, START, X, y, learning_rate=1.0, epochs=2000)
    assert history.costs[-1] < history.costs[0] / 5
    assert (np.diff(history.costs) < 0).all()
    assert all((old == now).all() for old, now in zip(kept, sum(START, ())))


def test_training_in_two_halves_is_training_in_one_go():
    whole, all_costs = train_neural_network(NET, START, X, y, learning_rate=0.7, epochs=20)
    half, first = train_neural_network(NET, START, X, y, learning_rate=0.7, epochs=8)
    again, second = train_neural_network(NET, half, X, y, learning_rate=0.7, epochs=12)
    assert equal(whole, again)
    assert all_costs.costs.tolist() == [*first.costs, *second.costs[1:]]


def test_snapshots():
    end, history = train_neural_network(
        NET, START, X, y, learning_rate=0.7, epochs=20, snapshot_every=5
    )
    assert list(history.snapshots) == [0, 5, 10, 15, 20]
    assert equal(history.snapshots[0], START) and equal(history.snapshots[20], end)
    ten, _ = train_neural_network(NET, START, X, y, learning_rate=0.7, epochs=10)
    assert equal(history.snapshots[10], ten)


def test_a_stack_trains_like_its_members_each_with_its_own_learning_rate():
    stack = initialize_parameters(NET, np.random.default_rng(2), scale=1.0, networks=5)
    rates = np.array([0.01, 0.1, 0.5, 1.0, 2.0]).reshape(5, 1, 1)
    many, history = train_neural_network(NET, stack, X, y, learning_rate=rates, epochs=30)
    assert history.costs.shape == (31, 5)
    for k in range(5):
        one = tuple(Layer(W[k], b[k]) for W, b in stack)
        alone, costs = by_hand(NET, one, X, y, float(rates[k, 0, 0]), 30)
        np.testing.assert_allclose(history.costs[:, k], costs, rtol=1e-12)
        for (W, b), (W1, b1) in zip(many, alone):
            np.testing.assert_allclose(W[k], W1, rtol=1e-10)
            np.testing.assert_allclose(b[k], b1, rtol=1e-10)


def test_training_stops_and_says_so_when_the_cost_is_no_longer_finite(caplog):
    net = Network((2, 3, 1), hidden="relu", output="identity")
    with caplog.at_level(logging.WARNING, "nnlib"):
        end, history = train_neural_network(net, START, X, y, learning_rate=50, epochs=500)
    assert history.stopped.startswith("Training stopped after ")
    assert "no longer finite" in history.stopped and "it was 50" in history.stopped
    assert caplog.messages == [history.stopped]
    assert 1 < len(history.costs) < 500 and np.isfinite(history.costs).all()
    trace = forward_propagation(net, end, X)
    assert compute_cost(net, end, trace, y) == pytest.approx(history.costs[-1], rel=1e-12)


def test_in_a_stack_a_diverged_network_keeps_its_last_finite_parameters(caplog):
    net = Network((2, 3, 1), hidden="relu", output="identity")
    stack = initialize_parameters(net, np.random.default_rng(1), networks=2)
    rates = np.array([0.05, 80.0]).reshape(2, 1, 1)
    end, history = train_neural_network(
        net, stack, X, y, learning_rate=rates, epochs=300, snapshot_every=300
    )
    assert history.stopped is None and len(history.costs) == 301
    assert np.isfinite(history.costs[:, 0]).all() and history.costs[-1, 1] == np.inf
    assert not np.isnan(history.costs).any()
    last = [column[np.isfinite(column)][-1] for column in history.costs.T]
    np.testing.assert_allclose(cost_of(net, end, X, y), last, rtol=1e-12)
    assert equal(history.snapshots[300], end)
    _, history = train_neural_network(net, stack, X, y, learning_rate=80.0, epochs=300)
    assert history.stopped and len(history.costs) < 300


def test_mini_batches_see_every_sample_once_an_epoch_and_learn():
    net = Network((2, 8, 1), hidden="tanh", cost="cross_entropy")
    rng = np.random.default_rng(3)
    X, y = data.moons(120, noise=0.1, rng=rng)
    start = initialize_parameters(net, rng)
    one, _ = train_neural_network(
        net, start, X, y, learning_rate=0.1, epochs=1, batch_size=500, rng=np.random.default_rng(4)
    )
    full, _ = train_neural_network(net, start, X, y, learning_rate=0.1, epochs=1)
    for a, b in zip(sum(one, ()), sum(full, ())):
        np.testing.assert_allclose(a, b, rtol=1e-10)
    end, history = train_neural_network(
        net, start, X, y, learning_rate=1.0, epochs=200, batch_size=16, rng=np.random.default_rng(4)
    )
    assert accuracy(predict(net, end, X), y) > 97 and len(history.costs) == 201
    again, other = (
        train_neural_network(
            net, start, X, y, learning_rate=1.0, epochs=200, batch_size=16,
            rng=np.random.default_rng(seed),
        )[0]
        for seed in (4, 5)
    )  # fmt: skip
    assert equal(end, again) and not equal(end, other)


def test_float32_stays_float32_through_training():
    start = initialize_parameters(NET, np.random.default_rng(1), dtype=np.float32)
    for optimizer in (GradientDescent(), Momentum(), Adam()):
        end, _ = train_neural_network(
            NET, start, X.astype("f4"), y.astype("f4"), learning_rate=0.1, epochs=3,
            optimizer=optimizer,
        )  # fmt: skip
        assert {q.dtype for q in sum(end, ())} == {np.dtype("f4")}
    stack = initialize_parameters(NET, np.random.default_rng(1), networks=2, dtype=np.float32)
    gradients = tuple(Layer(np.ones_like(W), np.ones_like(b)) for W, b in stack)
    new = update_parameters(stack, gradients, np.array([0.1, 0.2]).reshape(2, 1, 1))
    assert {q.dtype for q in sum(new, ())} == {np.dtype("f4")}


# -- optimizers ----------------------------------------------------------------------------------


def walk(optimizer, gradient, steps, learning_rate):
    """The path of one weight w from 1 under the optimizer, with gradient(w)."""
    parameters = (Layer(np.array([[1.0]]), np.array([[0.0]])),)
    state, path = optimizer.init(parameters), []
    for _ in range(steps):
        dW = gradient(parameters[0].W)
        parameters, state = optimizer.step(
            parameters, ((dW, np.zeros((1, 1))),), state, learning_rate
        )
        path.append(parameters[0].W.item())
    return path


def slope(w):
    return 2 * w + 1


def test_gradient_descent_in_closed_form():
    path = walk(GradientDescent(), slope, 8, 0.1)
    np.testing.assert_allclose(path, [-0.5 + 1.5 * 0.8**n for n in range(1, 9)], rtol=1e-12)


def test_momentum_in_plain_python():
    w, v, wanted = 1.0, 0.0, []
    for _ in range(8):
        v = 0.9 * v + slope(w)
        w = w - 0.1 * v
        wanted.append(w)
    np.testing.assert_allclose(walk(Momentum(), slope, 8, 0.1), wanted, rtol=1e-13)


def test_rmsprop_in_plain_python():
    w, square, wanted = 1.0, 0.0, []
    for _ in range(8):
        g = slope(w)
        square = 0.8 * square + 0.2 * g * g
        w = w - 0.1 * g / (math.sqrt(square) + 0.01)
        wanted.append(w)
    path = walk(RMSProp(beta=0.8, epsilon=0.01), slope, 8, 0.1)
    np.testing.assert_allclose(path, wanted, rtol=1e-11)


@pytest.mark.parametrize("b1, b2, epsilon", [(0.9, 0.999, 1e-8), (0.4, 0.3, 0.5), (0, 0, 2)])
def test_adam_in_plain_python(b1, b2, epsilon):
    w, m, v, wanted = 1.0, 0.0, 0.0, []
    for t in range(1, 9):
        g = slope(w)
        m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g * g
        w = w - 0.1 * (m / (1 - b1**t)) / (math.sqrt(v / (1 - b2**t)) + epsilon)
        wanted.append(w)
    path = walk(Adam(beta1=b1, beta2=b2, epsilon=epsilon), slope, 8, 0.1)
    np.testing.assert_allclose(path, wanted, rtol=1e-11)
    assert Adam() == Adam(0.9, 0.999, 1e-8)
    assert walk(Adam(), slope, 1, 0.1)[0] == pytest.approx(0.9)


def test_adam_divides_no_zero_by_zero_in_short_floats():
    w, no_slope = np.ones(2, np.float16), np.array([0, 1], np.float16)
    direction, _ = Adam().direction(no_slope, Adam().init_state(w))
    assert direction.dtype == np.float16 and direction.tolist() == [0, 1]


def test_a_start_whose_cost_is_not_finite_is_refused():
    net = Network((2, 1), output="identity")
    huge = (Layer(np.full((2, 1), 1e300), np.zeros((1, 1))),)
    with pytest.raises(
        ValueError, match="cost of the parameters at the start must be finite; got inf"
    ):
        train_neural_network(net, huge, X, y, learning_rate=0.1, epochs=2)


@pytest.mark.parametrize("kind", [GradientDescent, Momentum, RMSProp, Adam])
def test_an_optimizer_is_a_frozen_value(kind):
    assert len({kind(), kind()}) == 1
    with pytest.raises(AttributeError):
        kind().beta = 0.5


def test_an_update_too_large_for_a_float_is_refused():
    W, b = (np.full_like(array, 1e308) for array in START[0])
    for large in ((-W, b), (W, -b)):
        with pytest.raises(ValueError, match="too large for a float"):
            update_parameters(((W, b), START[1]), (large, START[1]), 1)


@pytest.mark.parametrize("output, out_of_reach", [("sigmoid", True), ("identity", False)])
def test_targets_that_the_output_cannot_reach_are_pointed_out(output, out_of_reach, recwarn):
    network = Network((2, 3, 1), output=output)
    for targets, expected in ((100 * y, out_of_reach), (y, False)):
        recwarn.clear()
        train_neural_network(network, START, X, targets, learning_rate=0.01, epochs=2)
        assert len(recwarn) == expected


# -- the progress bar ----------------------------------------------------------------------------


@pytest.mark.parametrize("silenced", [False, True])
def test_a_bar_appears_only_for_long_loops_and_can_be_silenced(silenced, monkeypatch):
    monkeypatch.delenv("TQDM_DISABLE", raising=False)
    if silenced:
        monkeypatch.setenv("TQDM_DISABLE", "1")
    code = (
        "import time, nnlib._progress_bar as p\n"
        "assert list(p.progress_bar(3)) == [0, 1, 2, 3]\n"
        "p.QUIET_SECONDS = 0\n"
        "print(sum(time.sleep(0.02) or 1 for _ in p.progress_bar(10)))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )  # fmt: skip
    assert ended.stdout.strip() == "11" and ("epoch/s" in ended.stderr) is not silenced
    seen = [tuple(map(int, pair)) for pair in re.findall(r"(\d+)/(\d+) \[", ended.stderr)]
    assert silenced or (seen[0] == (0, 10) and max(seen) <= (10, 10))


@pytest.mark.parametrize("silenced", [False, True])
def test_so_it_is_in_a_notebook(silenced, monkeypatch, tmp_path):
    monkeypatch.delenv("TQDM_DISABLE", raising=False)
    if silenced:
        monkeypatch.setenv("TQDM_DISABLE", "1")
    code = (
        "import time, nnlib._progress_bar as p\n"
        "p.QUIET_SECONDS = 0\n"
        "for _ in p.progress_bar(10): time.sleep(0.02)"
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    outputs = run(notebook, tmp_path).cells[0].outputs
    assert ["epoch/s" in output.data["text/plain"] for output in outputs] == [True] * (not silenced)
