"""The playground's model: training, changes on the way, history, the learner's functions."""

import inspect
import itertools
import math
import re
import warnings
from dataclasses import asdict, replace

import numpy as np
import pytest

from nnlib.live import model
from nnlib.live.model import KEPT, Simulation, Sweep
from nnlib.live.settings import CHOICES, FEATURES, PUZZLES, Settings
from nnlib.network import (
    accuracy,
    backward_propagation,
    compute_cost,
    forward_propagation,
    initialize_parameters,
)
from nnlib.training import train_neural_network

SMALL = Settings(samples=60)


def trained(settings=SMALL, epochs=50, **functions):
    simulation = Simulation(settings, **functions)
    simulation.train(epochs=epochs)
    return simulation


def numbers(simulation):
    return flat(simulation.parameters)


def flat(parameters):
    return np.concatenate([array.ravel() for layer in parameters for array in layer])


def forward(X, W1, b1, W2, b2):
    z2 = X @ W1 + b1
    a2 = 1 / (1 + np.exp(-z2))
    z3 = a2 @ W2 + b2
    return z2, a2, z3, 1 / (1 + np.exp(-z3))


def backward(X, y, W2, z2, a2, y_hat):
    dz3 = (y_hat - y) * (2 / len(y)) * y_hat * (1 - y_hat)
    dz2 = dz3 @ W2.T * a2 * (1 - a2)
    return X.T @ dz2, dz2.sum(axis=0, keepdims=True), a2.T @ dz3, dz3.sum(axis=0, keepdims=True)


# ---------------------------------------------------------------------------------------- settings


def test_a_line_says_what_differs_from_the_defaults():
    assert repr(Settings()) == "Playground()"
    settings = Settings(data="spiral", hidden=(4, 2), learning_rate=0.03, seed=7)
    line = 'Playground(data="spiral", hidden=(4, 2), learning_rate=0.03, seed=7)'
    assert repr(settings) == line
    assert eval(line, {"Playground": Settings}) == settings
    assert settings.line(forward="my_forward").startswith("Playground(forward=my_forward, data=")


@pytest.mark.parametrize(
    "wrong, message",
    [
        ({"data": "circle"}, "data must be one of circles, xor"),
        ({"hidden": (9,)}, "hidden must have at most 6 layers of at most 8"),
        ({"hidden": (1,) * 7}, "hidden must have at most 6 layers"),
        ({"hidden": (0,)}, "each of hidden must be at least 1; got 0"),
        ({"hidden": 4}, r"hidden must be whole numbers such as \(4, 2\); got 4$"),
        ({"hidden": "42"}, r"hidden must be whole numbers such as \(4, 2\); got '42'$"),
        ({"features": ()}, r"features must have at least one name, such as 'x1'; got \(\)$"),
        ({"features": ["x1", "x1"]}, r"features must be different .*; got \['x1', 'x1'\]$"),
        ({"features": "x1"}, r"features must be different names such as .*; got 'x1'$"),
        ({"features": ("x1", ["x2"])}, r"each of features must be one of x1, .* list \['x2'\]$"),
        ({"features": ("x3",)}, "each of features must be one of x1"),
        ({"learning_rate": -1}, "learning_rate must be a finite number >= 0"),
        ({"test_share": 1.0}, "test_share must be a finite number > 0 and < 1"),
        ({"batch_size": 0}, "batch_size must be at least 1"),
        ({"noise": math.nan}, "noise must be a finite number"),
        ({"show_test": "no"}, "show_test must be True or False; got 'no'$"),
        ({"discretize": 1}, "discretize must be True or False; got 1$"),
    ],
)
def test_wrong_settings_are_refused(wrong, message):
    with pytest.raises((ValueError, TypeError), match=message):
        Settings(**wrong)


@pytest.mark.parametrize("data", PUZZLES)
def test_every_puzzle_trains(data):
    settings = replace(SMALL, data=data, learning_rate=0.3)
    simulation = trained(settings, 200)
    assert simulation.problem is None
    assert simulation.history[-1].cost < simulation.history[0].cost
    low, high = PUZZLES[data].reach
    inside = (simulation.X_raw > low - 1) & (simulation.X_raw < high + 1)
    assert inside.mean() > 0.98


@pytest.mark.parametrize("data", [name for name in PUZZLES if name != "houses"])
def test_noise_scatters_and_the_share_is_held_out(data):
    still, scattered = (replace(SMALL, data=data, noise=n).samples_of_data()[0] for n in (0.0, 0.4))
    assert not np.allclose(still, scattered)
    simulation = Simulation(replace(SMALL, data=data, test_share=0.2))
    assert (len(simulation.X), len(simulation.X_test)) == (48, 12)


def test_every_feature_reaches_the_network():
    settings = replace(SMALL, features=tuple(FEATURES))
    X = np.array([[2.0, -3.0]])
    assert settings.inputs(X)[0] == pytest.approx([2, -3, 4, 9, -6, np.sin(2), np.sin(-3)])
    assert settings.network.sizes == (7, 4, 1)


def test_a_few_real_features_make_the_circles_easy():
    settings = Settings(hidden=(), cost="cross_entropy", learning_rate=0.03)
    squares = trained(replace(settings, features=("x1**2", "x2**2")), 300)
    plain = trained(settings, 300)
    assert squares.measure().accuracy > 95
    assert plain.measure().accuracy < 70


# ---------------------------------------------------------------------------------------- training


@pytest.mark.parametrize("optimizer", CHOICES["optimizer"])
@pytest.mark.parametrize("regularization", CHOICES["regularization"])
def test_it_trains_as_nnlib_does(optimizer, regularization):
    settings = replace(SMALL, optimizer=optimizer, regularization=regularization, learning_rate=0.1)
    simulation = trained(settings, 40)
    start = Simulation(settings)
    network = settings.network
    assert bool(network.l1 or network.l2) == (regularization != "none")
    from nnlib.live.settings import OPTIMIZERS

    parameters, history = train_neural_network(
        network, start.parameters, start.X, start.y,
        learning_rate=0.1, epochs=40, optimizer=OPTIMIZERS[optimizer],
    )  # fmt: skip
    assert numbers(simulation) == pytest.approx(flat(parameters), rel=1e-9, abs=1e-12)
    costs = [moment.cost for moment in simulation.history]
    assert costs == pytest.approx(list(history.costs), rel=1e-12)


def test_the_same_settings_give_the_same_numbers():
    settings = replace(SMALL, batch_size=7, optimizer="adam", seed=3)
    one, other = trained(settings), trained(settings)
    assert (numbers(one) == numbers(other)).all()
    assert (numbers(one) != numbers(trained(replace(settings, seed=4)))).all()
    one.restart()
    one.train(epochs=50)
    assert (numbers(one) == numbers(other)).all()


def test_a_time_budget_does_not_change_the_numbers():
    simulation = Simulation(replace(SMALL, batch_size=7))
    while simulation.epoch < 20:
        simulation.train(seconds=0.0)  # one update at a time
    simulation.train(epochs=30)
    assert (numbers(simulation) == numbers(trained(replace(SMALL, batch_size=7)))).all()


def test_batches_make_several_updates_an_epoch():
    for size, updates in ((7, 5), (100, 1)):
        simulation = Simulation(replace(SMALL, batch_size=size))
        for _ in range(updates):
            assert simulation.epoch == 0
            simulation.train(seconds=0.0)  # one update
        assert simulation.epoch == 1


# ----------------------------------------------------------------------------------------- changes


def test_the_learning_rate_takes_effect_without_a_restart():
    simulation = trained()
    before = numbers(simulation)
    simulation.change(learning_rate=0.0)
    simulation.train(epochs=5)
    assert simulation.epoch == 55
    assert (numbers(simulation) == before).all()
    assert simulation.marks == [(50, "learning rate 0")]


def test_what_a_live_change_does_is_what_a_new_start_from_there_would_do():
    simulation = trained()
    middle = simulation.parameters
    simulation.change(learning_rate=0.2)
    simulation.train(epochs=10)
    wanted, _ = train_neural_network(
        simulation.network, middle, simulation.X, simulation.y, learning_rate=0.2, epochs=10
    )
    assert numbers(simulation) == pytest.approx(flat(wanted), rel=1e-12)


@pytest.mark.parametrize("optimizer", CHOICES["optimizer"])
@pytest.mark.parametrize(
    "old, new",
    [((4,), (5,)), ((4,), (2,)), ((4, 2), (4, 2, 3)), ((4, 2), (4,)), ((4, 2), (3, 3)), ((2,), ()),
     ((), (3,))],
)  # fmt: skip
def test_hidden_size_keeps_the_weights_that_stay(old, new, optimizer):
    simulation = trained(replace(SMALL, hidden=old, optimizer=optimizer, learning_rate=0.1))
    before = simulation.parameters
    simulation.change(hidden=new)
    after = simulation.parameters
    shared = range(min(len(old), len(new)))
    for k in [*shared, -1] if shared else []:
        rows, columns = (min(sizes) for sizes in zip(before[k].W.shape, after[k].W.shape))
        assert (after[k].W[:rows, :columns] == before[k].W[:rows, :columns]).all()
        assert (after[k].b[:, :columns] == before[k].b[:, :columns]).all()
    assert simulation.epoch == 50
    simulation.train(epochs=10)
    assert simulation.epoch == 60 and simulation.problem is None
    assert simulation.history[0].epoch == 0
    assert simulation.marks[-1][0] == 50 and simulation.marks[-1][1].startswith("hidden")


def test_a_neuron_that_joins_is_small_and_hardly_disturbs():
    simulation = trained(Settings(), 500)
    cost = simulation.measure().cost
    simulation.change(hidden=(5,))
    assert abs(simulation.parameters[0].W[:, 4]).max() < 0.5
    assert abs(simulation.measure().cost - cost) < 0.02
    momentum = trained(replace(SMALL, optimizer="momentum"))
    momentum.change(hidden=(5,))
    velocity = momentum._work.as_layers(momentum._memory)[0].W
    assert (velocity[:, 4] == 0).all() and (velocity[:, :4] != 0).all()


@pytest.mark.parametrize(
    "change", [{"data": "xor"}, {"activation": "tanh"}, {"noise": 0.2}, {"seed": 2},
               {"features": ("x1",)}, {"samples": 40}, {"test_share": 0.3}],
)  # fmt: skip
def test_new_data_or_activation_starts_again_and_says_so(change):
    simulation = trained()
    simulation.change(**change)
    assert simulation.epoch == 0 and len(simulation.history) == 1 and simulation.marks == []
    name = next(iter(change)).replace("_", " ")
    assert simulation.note.startswith(f"Started again with {name} ")
    fresh = Simulation(replace(SMALL, **change))
    assert (numbers(simulation) == numbers(fresh)).all()


def test_a_change_to_the_same_is_no_change():
    simulation = trained()
    simulation.change(learning_rate=1.0, data="circles")
    assert simulation.epoch == 50 and simulation.marks == [] and simulation.note == ""


def test_a_weight_can_be_set():
    simulation = trained()
    before = simulation.parameters
    simulation.set_weight(0, 1, 2, -1.5)
    simulation.set_weight(1, -1, 0, 0.25)
    assert simulation.parameters[0].W[1, 2] == -1.5 and simulation.parameters[1].b[0, 0] == 0.25
    assert before[0].W[1, 2] != -1.5  # the history is not edited
    assert (simulation.parameters[0].W != before[0].W).sum() == 1


# ----------------------------------------------------------------------------------------- history


def test_the_history_is_bounded_and_evenly_spread():
    simulation = trained(epochs=3 * KEPT)
    epochs = [moment.epoch for moment in simulation.history]
    assert KEPT / 2 <= len(epochs) <= KEPT
    assert epochs == list(range(0, 3 * KEPT + 1, simulation.stride))
    early = simulation.history[20]
    _, history = train_neural_network(
        simulation.network, Simulation(SMALL).parameters, simulation.X, simulation.y,
        learning_rate=1.0, epochs=early.epoch,
    )  # fmt: skip
    assert early.cost == pytest.approx(history.costs[-1], rel=1e-12)


def test_many_changes_leave_little_behind():
    simulation = Simulation(replace(SMALL, samples=20))
    rng = np.random.default_rng(5)
    for _ in range(300):
        hidden = tuple(int(n) for n in rng.integers(1, 9, size=rng.integers(0, 4)))
        simulation.change(hidden=hidden, learning_rate=float(rng.uniform(0, 3)))
        simulation.train(epochs=int(rng.integers(0, 4)))
        assert simulation.network.sizes == (2, *hidden, 1)
        assert math.isfinite(simulation.measure().cost)
    assert len(simulation.history) <= KEPT and len(simulation.marks) <= 20


def test_divergence_is_said_and_reset_mends_it():
    simulation = trained(replace(SMALL, data="plane", activation="relu", learning_rate=10.0), 100)
    assert simulation.problem.startswith("Diverged after ")
    assert "learning rate 10 is too high" in simulation.problem
    assert np.isfinite(numbers(simulation)).all()
    assert math.isfinite(simulation.measure().cost)
    epoch = simulation.epoch
    simulation.train(epochs=10)
    assert simulation.epoch == epoch
    simulation.change(learning_rate=0.01)
    simulation.restart()
    simulation.train(epochs=20)
    assert simulation.problem is None and simulation.epoch == 20


# ------------------------------------------------------------------------------------------- sweep


def test_a_network_of_the_sweep_is_the_playground_with_its_learning_rate():
    for settings in (SMALL, replace(SMALL, data="houses", optimizer="adam")):
        start = Simulation(settings)
        sweep = Sweep(settings, start.X, start.y, epochs=30)
        sweep.advance()
        assert sweep.done and sweep.costs.shape == (31, 64)
        for k in (0, 30, 63):
            alone = trained(replace(settings, learning_rate=float(sweep.rates[k])), 30)
            assert alone.measure().cost == pytest.approx(sweep.costs[30, k], rel=1e-9)


def test_the_sweep_can_be_computed_piece_by_piece_and_survives_divergence():
    settings = replace(SMALL, data="plane", activation="relu")
    start = Simulation(settings)
    sweep = Sweep(settings, start.X, start.y, epochs=40)
    while not sweep.done:
        sweep.advance(0.0)
    whole = Sweep(settings, start.X, start.y, epochs=40)
    whole.advance()
    assert (sweep.costs == whole.costs).all()
    assert np.isinf(whole.costs[-1, -1]) and np.isfinite(whole.costs[-1, 0])


# ----------------------------------------------------------------------------------- own functions


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
    network = settings.network

    def forward(X, parameters):
        return forward_propagation(network, parameters, X)

    def backward(y, parameters, trace):
        return backward_propagation(network, parameters, trace, y)

    return {"forward": forward, "backward": backward}


@pytest.mark.parametrize("regularization", CHOICES["regularization"])
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
        ({"backward": in_place}, "read-only .it must not edit what .*in line .*: y_hat -= y"),
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
def test_what_raises_or_has_the_wrong_shape_says_so_and_can_be_mended(functions, message):
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


def test_the_start_is_that_of_initialize_parameters():
    simulation = Simulation(replace(SMALL, seed=9))
    wanted = initialize_parameters(simulation.network, np.random.default_rng([9, 1]))
    assert (simulation.parameters[0].W == wanted[0].W).all()


# ------------------------------------------------------------------------- data, number by number


def puzzle(name, noise=0.0):
    """All samples of a puzzle, and their labels or targets."""
    X, X_test, y, y_test = Settings(data=name, noise=noise, samples=400).samples_of_data()
    return np.concatenate([X, X_test]), np.concatenate([y, y_test])[:, 0]


def test_the_made_up_data_fill_their_square():
    for name in PUZZLES:
        X, _ = puzzle(name)
        if name != "houses":
            assert PUZZLES[name].reach == (-6, 6) and abs(X.mean(axis=0)).max() < 0.5
        if name not in ("houses", "clusters"):
            assert X.max() == pytest.approx(5, abs=0.1) and X.min() == pytest.approx(-5, abs=0.4)
    X, y = puzzle("houses")
    assert pytest.approx(np.array([[2 / 3, 7 / 9], [1 / 3, 1 / 3], [1, 1]])) == X
    assert y == pytest.approx([0.94, 0.89, 0.83]) and PUZZLES["houses"].reach == (0, 1.4)


def test_labels_and_targets_are_what_the_names_say():
    X, y = puzzle("xor")
    assert ((X[:, 0] * X[:, 1] < 0) == (y == 1)).all()
    X, y = puzzle("plane")
    assert y == pytest.approx(X.sum(axis=1) / 10)
    X, y = puzzle("hills")
    tops = {(-4, 2.5): 1, (0, 2.5): -1, (4, 2.5): 1, (-4, -2.5): -1, (0, -2.5): 1, (4, -2.5): -1}
    squares = [((X - top) ** 2).sum(axis=1) for top in tops]
    assert y == pytest.approx(np.exp(np.array(squares).T / -4) @ [*tops.values()])
    X, y = puzzle("clusters")
    for label, centre in ((0, -2.5), (1, 2.5)):
        own = X[y == label]
        assert len(own) == 200 and own.mean(axis=0) == pytest.approx([centre] * 2, abs=0.2)
        assert own.std(axis=0) == pytest.approx([1, 1], abs=0.15)
    X, y = puzzle("circles")
    assert np.linalg.norm(X, axis=1) == pytest.approx(np.where(y == 1, 2, 5))
    X, y = puzzle("moons")
    assert X[y == 0, 1].min() == pytest.approx(-2.5 / 3, abs=0.1)
    assert X[y == 1, 1].max() == pytest.approx(2.5 / 3, abs=0.1)


@pytest.mark.parametrize("data", [name for name in PUZZLES if name != "houses"])
def test_noise_is_a_share_of_the_size(data):
    moved = puzzle(data, noise=0.2)[0] - puzzle(data)[0]
    size = 5 / 1.5 if data == "moons" else 5
    assert moved.std() == pytest.approx(0.2 * size, rel=0.1)


def test_the_defaults_are_those_that_the_notebooks_tell_of():
    assert asdict(Settings()) == {
        "data": "circles", "samples": 500, "noise": 0.1, "test_share": 0.5,
        "features": ("x1", "x2"), "hidden": (4,), "activation": "sigmoid",
        "cost": "squared_error", "learning_rate": 1.0, "optimizer": "gradient descent",
        "batch_size": None, "regularization": "none", "regularization_rate": 0.001, "seed": 1,
        "show_test": False, "discretize": False,
    }  # fmt: skip


def test_what_is_just_allowed_and_what_just_not():
    Settings(samples=4, noise=0, learning_rate=0, regularization_rate=0, seed=0, batch_size=1)
    Settings(hidden=(8,) * 6, test_share=0.01)
    for wrong in (
        {"samples": 3}, {"noise": -0.1}, {"seed": -1}, {"regularization_rate": -1e-9},
        {"test_share": 0}, {"hidden": (8,) * 7}, {"features": ("x1", "x1")},
    ):  # fmt: skip
        with pytest.raises(ValueError, match=next(iter(wrong))):
            Settings(**wrong)


@pytest.mark.parametrize("regularization", CHOICES["regularization"])
def test_the_network_of_the_settings(regularization):
    for data, output, cost in (
        ("moons", "sigmoid", "cross_entropy"),
        ("plane", "identity", "squared_error"),
        ("houses", "sigmoid", "squared_error"),
    ):
        network = Settings(
            data=data, cost="cross_entropy", activation="tanh", features=("x1", "x2", "x1*x2"),
            hidden=(3, 2), regularization=regularization, regularization_rate=0.02,
        ).network  # fmt: skip
        assert (network.sizes, network.hidden) == ((3, 3, 2, 1), "tanh")
        assert (network.output, network.cost) == (output, cost)
        rates = {"none": 0.0, "l1": 0.0, "l2": 0.0} | {regularization: 0.02}
        assert (network.l1, network.l2) == (rates["l1"], rates["l2"])


def test_features_keep_their_order():
    assert Settings(features=("x1*x2", "x1")).features == ("x1", "x1*x2")


# ------------------------------------------------------------------- what a moment says, and when


@pytest.mark.parametrize("data", ["circles", "plane"])
def test_a_moment_has_the_costs_and_the_accuracies(data):
    simulation = trained(replace(SMALL, data=data, samples=61, learning_rate=0.3, noise=0.3))
    moment = simulation.measure()
    network, parameters = simulation.network, simulation.parameters
    for X, y, cost, right in (
        (simulation.X, simulation.y, moment.cost, moment.accuracy),
        (simulation.X_test, simulation.y_test, moment.test_cost, moment.test_accuracy),
    ):
        trace = forward_propagation(network, parameters, X)
        assert cost == pytest.approx(compute_cost(network, parameters, trace, y))
        if data == "circles":
            assert right == pytest.approx(accuracy(trace.y_hat > 0.5, y))
        else:
            assert math.isnan(right)
    assert (moment.epoch, moment.network) == (50, network)


def test_the_houses_have_no_test_data():
    moment = trained(replace(SMALL, data="houses")).measure()
    assert math.isfinite(moment.cost) and math.isnan(moment.test_cost)
    assert math.isnan(moment.accuracy) and math.isnan(moment.test_accuracy)


def test_an_earlier_moment_can_be_seen_again():
    simulation = trained()
    X, y = simulation.X, simulation.y
    first = simulation.history[0]
    early, now = simulation.see(X, first), simulation.see(X)
    assert not np.allclose(early.y_hat, now.y_hat)
    wanted = forward_propagation(first.network, first.parameters, X)
    assert (early.y_hat == wanted.y_hat).all()
    slopes = backward_propagation(first.network, first.parameters, wanted, y)
    assert flat(simulation.slopes(early, y, first)) == pytest.approx(flat(slopes), rel=1e-12)
    slopes = backward_propagation(simulation.network, simulation.parameters, now, y)
    assert flat(simulation.slopes(now, y)) == pytest.approx(flat(slopes), rel=1e-12)


def test_batches_come_as_train_neural_network_has_them():
    settings = replace(SMALL, batch_size=7, seed=3)
    start = Simulation(settings)
    parameters, _ = train_neural_network(
        start.network, start.parameters, start.X, start.y, learning_rate=1.0, epochs=50,
        batch_size=7, rng=np.random.default_rng([3, 2]),
    )  # fmt: skip
    assert numbers(trained(settings)) == pytest.approx(flat(parameters), rel=1e-12)


@pytest.fixture
def clock(monkeypatch):
    """A clock that moves on by a second each time somebody looks."""
    seconds = itertools.count(100)
    monkeypatch.setattr(model, "perf_counter", lambda: next(seconds))


def test_so_many_seconds_are_so_many_looks_at_the_clock(clock):
    simulation = Simulation(SMALL)
    simulation.train(seconds=5)
    assert simulation.epoch == 5
    simulation.train(seconds=50, epochs=3)
    assert simulation.epoch == 8
    sweep = Sweep(SMALL, simulation.X, simulation.y)
    sweep.advance(5)
    assert sweep.epoch == 4 and not sweep.done  # epoch 0 is computed, too
    assert sweep.costs.shape == (501, 64)


def test_the_rates_of_a_sweep_are_evenly_spread_over_four_powers_of_ten():
    assert len(Sweep.rates) == 64 and Sweep.rates[[0, -1]] == pytest.approx([0.001, 10])
    assert np.ptp(Sweep.rates[1:] / Sweep.rates[:-1]) < 1e-12


def test_a_weight_of_the_first_row_is_no_bias():
    simulation = trained()
    before = simulation.parameters
    simulation.set_weight(0, 0, 3, 2.5)
    assert simulation.parameters[0].W[0, 3] == 2.5
    assert (simulation.parameters[0].b == before[0].b).all()
    assert simulation.note == "A weight is set to 2.5."


def test_notes_and_marks_say_what_changed():
    simulation = trained()
    for k in range(25):
        simulation.change(learning_rate=0.5 + k)
    assert len(simulation.marks) == 20 and simulation.marks[-1] == (50, "learning rate 24.5")
    simulation.change(hidden=(), batch_size=9)
    assert simulation.note == "From epoch 50 on: batch size 9, hidden none."
    simulation.change(hidden=(3, 2), batch_size=None)
    assert simulation.marks[-1] == (50, "batch size all, hidden 3 × 2")
    marks, note = simulation.marks, simulation.note
    simulation.change(show_test=True, discretize=True)  # these change only what is drawn
    assert simulation.marks == marks and simulation.note == note and simulation.settings.show_test


def test_a_neuron_that_joins_is_a_tenth_of_a_fresh_one():
    simulation = Simulation(replace(SMALL, seed=2))
    simulation.change(hidden=(5,))
    fresh = initialize_parameters(simulation.network, np.random.default_rng([2, 2]))
    assert simulation.parameters[0].W[:, 4] == pytest.approx(0.1 * fresh[0].W[:, 4])
    assert simulation.parameters[1].W[4] == pytest.approx(0.1 * fresh[1].W[4])


def test_divergence_goes_back_to_the_last_moment_that_was_sane():
    simulation = trained(replace(SMALL, data="plane", activation="relu", learning_rate=10.0), 100)
    last = simulation.history[-1]
    assert simulation.epoch == last.epoch and (numbers(simulation) == flat(last.parameters)).all()
    assert simulation.measure().cost == pytest.approx(last.cost)
    epoch = int(simulation.problem.removeprefix("Diverged after ").split()[0])
    assert epoch == last.epoch + 1


# ------------------------------------------------------------------- signatures, and what they say


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


# ------------------------------------------------------------------- what a fault must not leave


def test_training_goes_on_after_an_interrupt(monkeypatch):
    simulation, update = Simulation(), Simulation._update

    def interrupted(self, rows):
        monkeypatch.setattr(Simulation, "_update", update)
        raise KeyboardInterrupt

    monkeypatch.setattr(Simulation, "_update", interrupted)
    with pytest.raises(KeyboardInterrupt):
        simulation.train(epochs=3)
    simulation.train(epochs=3)
    assert simulation.epoch == 3 and simulation.problem is None


def test_it_diverges_in_words_right_after_a_neuron_has_joined():
    simulation = Simulation(Settings(hidden=(4,), activation="relu", learning_rate=0.03))
    simulation.train(epochs=3)
    simulation.stride = 1000  # long before the next moment is remembered
    simulation.change(hidden=(5,))
    simulation.set_weight(1, 4, 0, np.nan)
    moment = simulation.measure()
    assert simulation.problem.startswith("Diverged after")
    assert moment.network == simulation.network and moment.parameters[0].W.shape == (2, 5)
    assert all(np.isfinite(array).all() for layer in moment.parameters for array in layer)


def test_it_diverges_without_a_warning():
    simulation = Simulation(Settings(activation="relu", hidden=(2,), samples=40))
    simulation.train(epochs=1)
    for column in (0, 1):
        simulation.set_weight(0, 0, column, 1e308)
        simulation.set_weight(1, column, 0, (-1) ** column * 1e308)
    with warnings.catch_warnings(action="error"):
        simulation.measure()
    assert simulation.problem.startswith("Diverged after")


def test_a_look_back_at_a_network_that_is_not_for_the_own_function_is_no_problem():
    simulation = Simulation(Settings(hidden=(4, 4), samples=40), forward)
    assert "one hidden layer" in simulation.problem
    earlier = simulation.history[0]
    simulation.change(hidden=(4,))
    assert simulation.problem is None
    trace = simulation.see(simulation.X, earlier)
    assert len(trace.a) == 4 and simulation.problem is None
    simulation.slopes(trace, simulation.y, earlier)
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
        return backward_propagation(settings.network, parameters, trace, y)

    settings = Settings(data="plane", hidden=(), samples=40, learning_rate=30.0)
    assert "The learning rate 30 is too high" in trained(settings, 500, backward=linear).problem


@pytest.mark.parametrize("number", [1, np.float32(1), np.int64(1)])
def test_settings_are_plain_numbers(number):
    settings = Settings(learning_rate=number, seed=np.int64(7), samples=np.int16(40))
    assert repr(settings) == "Playground(samples=40, seed=7)"
    assert type(settings.learning_rate) is float and type(settings.seed) is int


def test_the_line_names_a_function_without_a_name():
    own = lambda X, W1, b1, W2, b2: forward(X, W1, b1, W2, b2)  # noqa: E731
    simulation = Simulation(Settings(samples=40), own)
    assert simulation.own.names() == {"forward": "forward"}


def test_where_one_function_fails_nnlib_stands_in_for_both():
    simulation = Simulation(SMALL, forward=broken, backward=flat_y)
    problem, X, y = simulation.problem, simulation.X, simulation.y
    trace = simulation.see(X)
    slopes = simulation.slopes(trace, y)
    wanted = backward_propagation(simulation.network, simulation.parameters, trace, y)
    assert flat(slopes) == pytest.approx(flat(wanted), rel=1e-12)
    assert simulation.problem == problem and "Your forward raised" in problem
