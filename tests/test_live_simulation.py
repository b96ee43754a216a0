"""The playground's simulation: training, changes on the way, history, undo, the sweep."""

import math
import warnings
from dataclasses import replace

import numpy as np
import pytest

from nnlib.live.settings import Settings
from nnlib.live.simulation import Simulation, is_kept, weights
from nnlib.live.sweep import Sweep
from nnlib.network import (
    accuracy,
    backward_propagation,
    compute_cost,
    forward_propagation,
    initialize_parameters,
    predict,
)
from nnlib.optimizers import OPTIMIZERS
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


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("regularization", ["none", "l1", "l2"])
def test_it_trains_as_nnlib_does(optimizer, regularization):
    settings = replace(SMALL, optimizer=optimizer, regularization=regularization, learning_rate=0.1)
    simulation = trained(settings, 40)
    start = Simulation(settings)
    network = settings.network()
    assert bool(network.l1 or network.l2) == (regularization != "none")
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


def test_what_a_live_change_does_is_what_a_new_start_from_there_would_do():
    simulation = trained()
    middle = simulation.parameters
    simulation.change(learning_rate=0.2)
    simulation.train(epochs=10)
    wanted, _ = train_neural_network(
        simulation.network, middle, simulation.X, simulation.y, learning_rate=0.2, epochs=10
    )
    assert numbers(simulation) == pytest.approx(flat(wanted), rel=1e-12)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
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


def test_many_changes_leave_little_behind():
    simulation = Simulation(replace(SMALL, samples=20))
    rng = np.random.default_rng(5)
    for _ in range(300):
        hidden = tuple(int(n) for n in rng.integers(1, 9, size=rng.integers(0, 4)))
        simulation.change(hidden=hidden, learning_rate=float(rng.uniform(0, 3)))
        simulation.train(epochs=int(rng.integers(0, 4)))
        assert simulation.network.sizes == (2, *hidden, 1)
        assert math.isfinite(simulation.measure().cost)
    assert len(simulation.history) <= simulation.epoch + 1 and len(simulation.marks) <= 20


def test_divergence_is_said_and_reset_cures_it():
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


def test_an_earlier_moment_can_be_seen_again():
    simulation = trained()
    X, y = simulation.X, simulation.y
    first = simulation.history[0]
    early, now = simulation.safe_forward(X, first), simulation.safe_forward(X)
    assert not np.allclose(early.y_hat, now.y_hat)
    wanted = forward_propagation(first.network, first.parameters, X)
    assert (early.y_hat == wanted.y_hat).all()
    slopes = backward_propagation(first.network, first.parameters, wanted, y)
    assert flat(simulation.safe_backward(early, y, first)) == pytest.approx(flat(slopes), rel=1e-12)
    slopes = backward_propagation(simulation.network, simulation.parameters, now, y)
    assert flat(simulation.safe_backward(now, y)) == pytest.approx(flat(slopes), rel=1e-12)


def test_batches_come_as_train_neural_network_has_them():
    settings = replace(SMALL, batch_size=7, seed=3)
    start = Simulation(settings)
    parameters, _ = train_neural_network(
        start.network, start.parameters, start.X, start.y, learning_rate=1.0, epochs=50,
        batch_size=7, rng=np.random.default_rng([3, 2]),
    )  # fmt: skip
    assert numbers(trained(settings)) == pytest.approx(flat(parameters), rel=1e-12)


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


def test_the_history_has_every_early_epoch_and_64_of_each_doubling():
    simulation = trained(replace(SMALL, samples=8), 1000)
    epochs = [moment.epoch for moment in simulation.history]
    assert epochs == [epoch for epoch in range(1001) if is_kept(epoch)]
    assert epochs[:129] == list(range(129))
    for start in (128, 256, 512):
        assert sum(start <= epoch < 2 * start for epoch in epochs) == (
            64 if start < 512 else 61 + 1
        )
    assert sum(map(is_kept, range(2**17))) <= 128 + 64 * 10


def test_an_undone_restart_leaves_no_trace():
    simulation, other = trained(), trained()
    for restart in (lambda: simulation.change(data="xor"), simulation.reset):
        restart()
        assert simulation.epoch == 0 and simulation.can_undo
        simulation.train(epochs=7)
        simulation.undo()
        simulation.train(epochs=10)
        other.train(epochs=10)
        assert (numbers(simulation) == numbers(other)).all()
        assert [m.cost for m in simulation.history] == [m.cost for m in other.history]
    assert not simulation.can_undo
    with pytest.raises(ValueError, match="no restart"):
        simulation.undo()


def test_going_back_to_a_moment_and_on_is_what_happened_the_first_time():
    simulation = trained()
    first = numbers(simulation)
    simulation.change(hidden=(6,))
    simulation.train(epochs=10)
    simulation.rewind(simulation.history[20])
    assert (simulation.epoch, simulation.settings.hidden, simulation.marks) == (20, (4,), [])
    simulation.train(epochs=30)
    assert (numbers(simulation) == first).all() and len(simulation.history) == 51


def test_points_join_the_training_without_a_restart():
    simulation = trained()
    before = numbers(simulation)
    simulation.change(points=((1.0, 2.0, 1), (0.5, -2.0, 0)))
    assert simulation.epoch == 50 and (numbers(simulation) == before).all()
    assert len(simulation.X) == 32 and simulation.y[-2:, 0].tolist() == [1, 0]
    assert (simulation.X_raw[-2:] == [[1, 2], [0.5, -2]]).all() and len(simulation.X_test) == 30
    simulation.train(epochs=5)
    simulation.change(points=())
    assert len(simulation.X) == 30
    with pytest.raises(ValueError, match="class 0 to 1"):
        simulation.change(points=((0, 0, 2),))
    assert simulation.settings.points == ()
    simulation.change(data="pinwheel", points=((0, 0, 2),))
    assert simulation.y[-1].tolist() == [0, 0, 1]


@pytest.mark.parametrize("name", ["three clusters", "pinwheel"])
def test_three_classes_are_learnt_with_softmax(name):
    how = {"hidden": (6,), "activation": "tanh", "cost_function": "cross_entropy"}
    simulation = trained(Settings(data=name, samples=200, learning_rate=0.3, **how), 300)
    assert simulation.network.output == "softmax"
    moment, right = simulation.measure(), simulation.y_test
    classes = predict(simulation.network, simulation.parameters, simulation.X_test)
    assert moment.test_accuracy == accuracy(classes, right) > 85


def test_every_weight_has_its_own_place():
    simulation = Simulation(replace(SMALL, hidden=(3, 2)))
    for value, (layer, row, column) in enumerate(weights((2, 3, 2, 1)), start=1):
        simulation.set_weight(layer, row, column, value)
    assert sorted(numbers(simulation)) == list(range(1, 21))
    with pytest.raises(ValueError, match="no longer there"):
        simulation.set_weight(0, 2, 0, 1.0)


def test_the_valley_of_the_sweep_is_inside_its_rates():
    start = Simulation()
    sweep = Sweep(start.settings, start.X, start.y, epochs=500)
    sweep.advance()
    for epoch in (50, 150, 500):
        costs = sweep.costs[epoch]
        best = int(costs.argmin())
        assert 10 < best < 54 and min(costs[0], costs[-1]) > 10 * costs[best] / 4
