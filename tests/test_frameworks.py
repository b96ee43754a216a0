"""nnlib.frameworks without any framework: stored numbers, messages, and how training is cut up.

tests/frameworks/test_parity.py tries the frameworks themselves.
"""

import importlib.metadata
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest
from nbtools import ROOT, read

from nnlib import data, frameworks
from nnlib.network import Layer, Network, initialize_parameters


@pytest.fixture(autouse=True)
def stored_only(monkeypatch):
    monkeypatch.setenv("NNLIB_FRAMEWORKS", "stored")


@pytest.fixture
def install(monkeypatch):
    """Return a function that makes it look as if only these modules were installed."""

    def pretend(*modules):
        monkeypatch.setenv("NNLIB_FRAMEWORKS", "")
        monkeypatch.delenv("KERAS_BACKEND", raising=False)
        monkeypatch.setattr(frameworks, "find_spec", lambda name: name if name in modules else None)
        monkeypatch.setattr(frameworks, "version", lambda name: "9.8.7+cpu")

    return pretend


def test_importing_it_imports_no_framework():
    code = (
        "import sys, nnlib.frameworks; "
        "sys.exit(bool({'tensorflow', 'keras', 'torch', 'matplotlib'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


GUIDE = """
import tensorflow as tf
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Dense
model = Sequential([
Dense(64, activation='relu', input_shape=(input_size,)),
Dense(32, activation='relu'),
Dense(output_size, activation='sigmoid')
])
model.compile(optimizer='adam', loss='binary_crossentropy', metrics=['accuracy'])
model.fit(X_train, Y_train, epochs=10, batch_size=32)
"""


def test_the_notebook_runs_the_guides_lines_as_printed():
    cells = read(ROOT / "notebooks" / "09_frameworks.ipynb").cells
    assert any(GUIDE in cell.source for cell in cells if cell.cell_type == "markdown")
    (function,) = [cell.source for cell in cells if "def guides_lines" in cell.source]
    lines = [line.strip() for line in function.splitlines()]
    printed = [line for line in lines if line in GUIDE.splitlines()]
    assert printed == GUIDE.split("\n")[1:-1]
    (added,) = [line for line in lines[1:-1] if line not in printed]
    assert "set_random_seed" in added and lines[-1].startswith("return ")


def test_the_stored_numbers_are_small_and_name_their_versions():
    assert len(data.read_file("frameworks.npz")) < 300_000
    for name in ("TensorFlow", "Keras", "PyTorch"):
        assert str(frameworks.stored(f"version {name}"))[0].isdigit()


@pytest.mark.parametrize("name", ["keras float64", "keras float32", "pytorch float64"])
def test_a_stored_run_has_the_shapes_of_the_network(name):
    X = np.zeros((1000, 2), name.split()[1])
    run = frameworks.train_or_load(name, None, None, None, X, None, None)
    assert run.costs.shape == (11,) and list(run.snapshots) == [1, 32, 320]
    network = Network(sizes=(2, 64, 32, 1))
    wanted = [layer.W.shape for layer in initialize_parameters(network, np.random.default_rng(1))]
    for parameters in run.snapshots.values():
        assert [layer.W.shape for layer in parameters] == wanted
        assert {array.dtype for layer in parameters for array in layer} == {X.dtype}
        assert all(b.shape == (1, W.shape[1]) for W, b in parameters)


def test_the_frameworks_that_are_there_answer_themselves(install):
    install()
    assert frameworks.source().startswith("From stored numbers: TensorFlow ")
    assert "python3 start.py frameworks" in frameworks.source()
    install("torch")
    assert frameworks.source().startswith("Live, on this computer: PyTorch 9.8.7.\nFrom stored")
    install("torch", "keras")
    said = frameworks.source()
    assert "Keras 9.8.7 and PyTorch 9.8.7" in said and "in float64" in said
    assert frameworks.is_live("keras", "float32") and not frameworks.is_live("keras", "float64")
    install("torch", "keras", "tensorflow")
    assert "stored" not in frameworks.source() and frameworks.is_live("keras", "float64")
    install("keras")
    assert not frameworks.is_live("keras")  # it cannot compute alone


def test_a_version_that_nobody_knows_is_a_question_mark(monkeypatch):
    def unknown(name):
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(frameworks, "version", unknown)
    assert frameworks.installed_version("TensorFlow") == "?"


def test_live_means_live(install, monkeypatch):
    install("keras", "torch")
    monkeypatch.setenv("NNLIB_FRAMEWORKS", "live")
    assert frameworks.is_live("keras")
    monkeypatch.setattr(frameworks.sys, "version_info", (3, 13, 0))
    with pytest.raises(ImportError, match=r"tensorflow isn't installed.* python3 start.py"):
        frameworks.is_live("tensorflow")
    monkeypatch.setattr(frameworks.sys, "version_info", (3, 14, 0))
    assert not frameworks.is_live("tensorflow")


def test_a_live_answer_is_compared_with_the_stored_one(install, capsys):
    install("torch")
    wanted = frameworks.stored_all("pytorch house")
    answers = list(wanted.values())
    got = frameworks.run_or_load("pytorch house", lambda: answers)
    assert all(map(np.array_equal, got, answers)) and capsys.readouterr().out == ""
    *others, last = answers
    assert last.dtype == float and abs(last).max() < 1
    frameworks.run_or_load("pytorch house", lambda: [*others, last + 0.9e-10])
    assert capsys.readouterr().out == ""
    for off in (1.1e-10, 1e-6, np.nan):
        frameworks.run_or_load("pytorch house", lambda off=off: [*others, last + off])
        assert "away from the stored numbers" in capsys.readouterr().out
    for other in (answers[:-1], [answers[0][np.newaxis], *answers[1:]]):  # fewer; another shape
        frameworks.run_or_load("pytorch house", lambda other=other: other)
        assert "up to inf away" in capsys.readouterr().out


def test_what_is_neither_here_nor_stored_is_named():
    for name, message in (
        ("pytorch huose", "name must be one of .* pytorch house, .*; got 'pytorch huose'$"),
        ("caffe house", "library must be one of tensorflow, keras, pytorch; got 'caffe'$"),
        ("", "library must be one of .*; got ''$"),
    ):
        with pytest.raises(ValueError, match=message):
            frameworks.run_or_load(name, list)


class CountingModel:
    """A Keras model whose only weight is the number of its updates."""

    def __init__(self):
        self.updates, self.rows = 0, []

    def get_weights(self):
        return [np.full((1, 1), float(self.updates)), np.zeros(1)]

    def train(self, X, y, orders):
        """Update the model in batches of 32; yield the number of updates as the cost."""
        yield 0.0
        for order in orders:
            self.updates += -(-len(order) // 32)
            self.rows += order.tolist()
            yield float(self.updates)


def test_a_training_keeps_one_step_one_epoch_and_the_end(install):
    install("torch")
    for m, epochs, costs in ((70, 2, [0, 3, 6]), (20, 3, [0, 1, 2, 3]), (32, 1, [0, 1])):
        model, X = CountingModel(), np.zeros((m, 1))
        orders = np.split(np.arange(m * epochs), epochs)
        run = frameworks.train_or_load(
            "pytorch x", lambda _, model=model: model, CountingModel.train, None, X, X, orders
        )
        assert run.costs.tolist() == costs and model.rows == [*range(m * epochs)]
        each = -(-m // 32)
        assert {t: int(p[0].W[0, 0]) for t, p in run.snapshots.items()} == {
            t: t for t in sorted({1, each, each * epochs})
        }


class ReplayedModel(CountingModel):
    """A Keras model that goes through the weights and costs of a Run."""

    def __init__(self, run):
        super().__init__()
        self.run = run

    def get_weights(self):
        return [a for W, b in self.run.snapshots[self.updates] for a in (W, b[0])]

    def train(self, X, y, orders):
        costs = iter(self.run.costs.tolist())
        for done, _ in enumerate(super().train(X, y, orders)):
            yield 9.0 if done == 1 else next(costs)  # 1: after one batch of the first epoch


def test_a_live_run_like_the_stored_one_prints_nothing(install, capsys):
    X, name = np.zeros((1000, 2)), "pytorch float64"
    expected = frameworks.train_or_load(name, None, None, None, X, None, None)
    install("torch")
    orders = [np.arange(1000)] * 10
    run = frameworks.train_or_load(
        name, lambda _: ReplayedModel(expected), ReplayedModel.train, None, X, X, orders
    )
    assert capsys.readouterr().out == ""
    assert (run.costs == expected.costs).all() and [*run.snapshots] == [*expected.snapshots]


def test_a_run_comes_back_from_its_arrays():
    layers = (Layer(np.ones((2, 3)), np.zeros((1, 3))), Layer(np.ones((3, 1)), np.zeros((1, 1))))
    run = frameworks.Run(np.arange(3.0), {1: layers, 7: layers[::-1]})
    again = frameworks.Run.from_arrays(run.to_arrays())
    assert again.costs is run.costs and again.snapshots == run.snapshots


def test_parameters_of_both_layouts():
    W, b = np.arange(6.0).reshape(2, 3), np.ones(3)
    (layer,) = frameworks.parameters_of(SimpleNamespace(get_weights=lambda: [W, b]))
    assert layer.W is W and layer.b.shape == (1, 3)

    def tensor(array):
        return SimpleNamespace(detach=lambda: array)

    model = SimpleNamespace(parameters=lambda: [tensor(W.T), tensor(b)])
    (layer,) = frameworks.parameters_of(model)
    assert layer.W.tolist() == W.tolist() and layer.b.tolist() == [[1, 1, 1]]


def test_the_largest_difference_of_arrays_and_of_parameters():
    a = (Layer(np.zeros((2, 1)), np.zeros((1, 1))), Layer(np.ones((1, 1)), np.ones((1, 1))))
    b = (Layer(np.array([[0], [-3.0]]), np.zeros((1, 1))), a[1])
    assert frameworks.max_difference(a, b) == frameworks.max_difference(a[0].W, b[0].W) == 3
    assert frameworks.max_difference(a, a) == 0
    with pytest.raises(ValueError):
        frameworks.max_difference(a, b[:1])
