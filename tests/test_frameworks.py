"""nnlib.frameworks without any framework: what is stored, what is said, and the measure itself.

tests/frameworks/test_parity.py tries the frameworks themselves.
"""

import importlib.metadata
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from nnlib import data, frameworks
from nnlib.network import Layer, Network, initialize_parameters


@pytest.fixture(autouse=True)
def stored_only(monkeypatch):
    monkeypatch.setenv("NNLIB_FRAMEWORKS", "stored")


@pytest.fixture
def install(monkeypatch):
    """A function that makes it look as if just these modules were installed."""

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


def test_the_stored_numbers_are_small_and_name_their_versions():
    assert len(data.read_file("frameworks.npz")) < 300_000
    for name in ("TensorFlow", "Keras", "PyTorch"):
        assert str(frameworks.stored(f"version {name}"))[0].isdigit()


@pytest.mark.parametrize("name", ["keras float64", "keras float32", "pytorch float64"])
def test_a_stored_run_has_the_shapes_of_the_network(name):
    X = np.zeros((1000, 2), name.split()[1])
    run = frameworks.follow(name, None, None, None, X, None, None)
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
    assert frameworks._version("TensorFlow") == "?"


def test_live_means_live(install, monkeypatch):
    install("keras", "torch")
    monkeypatch.setenv("NNLIB_FRAMEWORKS", "live")
    assert frameworks.is_live("keras")
    monkeypatch.setattr(frameworks.sys, "version_info", (3, 13, 0))
    with pytest.raises(ImportError, match=r"tensorflow is not installed: python3 start.py"):
        frameworks.is_live("tensorflow")
    monkeypatch.setattr(frameworks.sys, "version_info", (3, 14, 0))
    assert not frameworks.is_live("tensorflow")


def test_a_live_answer_is_compared_with_the_stored_one(install, capsys):
    install("torch")
    wanted = frameworks.stored_all("pytorch house")
    answers = list(wanted.values())
    got = frameworks.run("pytorch house", lambda: answers)
    assert all(map(np.array_equal, got, answers)) and capsys.readouterr().out == ""
    *others, last = answers
    assert last.dtype == float and abs(last).max() < 1
    frameworks.run("pytorch house", lambda: [*others, last + 0.9e-10])
    assert capsys.readouterr().out == ""
    for off in (1.1e-10, 1e-6, np.nan):
        frameworks.run("pytorch house", lambda off=off: [*others, last + off])
        assert "away from the stored numbers" in capsys.readouterr().out
    for other in (answers[:-1], [answers[0][np.newaxis], *answers[1:]]):  # fewer; another shape
        frameworks.run("pytorch house", lambda other=other: other)
        assert "up to inf away" in capsys.readouterr().out


def test_what_is_neither_here_nor_stored_is_named():
    for name, message in (
        ("pytorch huose", "name must be one of .* pytorch house, .*; got 'pytorch huose'$"),
        ("caffe house", "library must be one of tensorflow, keras, pytorch; got 'caffe'$"),
        ("", "library must be one of .*; got ''$"),
    ):
        with pytest.raises(ValueError, match=message):
            frameworks.run(name, list)


def test_follow_keeps_one_step_one_epoch_and_the_end(install, monkeypatch):
    """A model that counts its updates, trained in batches of 32."""
    install("torch")
    monkeypatch.setattr(frameworks, "_compare", lambda *_: None)
    counted, rows = SimpleNamespace(updates=0), []

    def parameters_of(model):
        return (Layer(np.full((1, 1), model.updates), np.zeros((1, 1))),)

    def training(model, X, y, orders):
        yield 9.0
        rows[:] = np.concatenate(orders)
        for order in orders:
            model.updates += -(-len(order) // 32)
            yield float(model.updates)

    monkeypatch.setattr(frameworks, "parameters_of", parameters_of)
    for m, epochs, costs in ((70, 2, [9, 3, 6]), (20, 3, [9, 1, 2, 3]), (32, 1, [9, 1])):
        counted.updates, orders = 0, np.split(np.arange(m * epochs), epochs)
        X = np.zeros((m, 1))
        run = frameworks.follow("pytorch x", lambda _: counted, training, None, X, X, orders)
        assert run.costs.tolist() == costs and rows == [*range(m * epochs)]
        each = -(-m // 32)
        assert {t: int(p[0].W[0, 0]) for t, p in run.snapshots.items()} == {
            t: t for t in sorted({1, each, each * epochs})
        }


def test_a_live_run_like_the_stored_one_is_met_with_silence(install, monkeypatch, capsys):
    X, name = np.zeros((1000, 2)), "pytorch float64"
    kept = frameworks.follow(name, None, None, None, X, None, None)
    install("torch")
    states = iter(kept.snapshots.values())
    monkeypatch.setattr(frameworks, "parameters_of", lambda model: next(states))
    costs = kept.costs.tolist()

    def training(model, X, y, orders):
        yield from [costs[0], 9.0, *costs[1:]]  # 9: after one batch of the first epoch

    run = frameworks.follow(name, id, training, None, X, X, [np.arange(1000)] * 10)
    assert capsys.readouterr().out == ""
    assert (run.costs == kept.costs).all() and [*run.snapshots] == [*kept.snapshots]


def test_parameters_of_both_layouts():
    W, b = np.arange(6.0).reshape(2, 3), np.ones(3)
    (layer,) = frameworks.parameters_of(SimpleNamespace(get_weights=lambda: [W, b]))
    assert layer.W is W and layer.b.shape == (1, 3)

    def tensor(array):
        return SimpleNamespace(detach=lambda: SimpleNamespace(numpy=lambda: array))

    model = SimpleNamespace(parameters=lambda: [tensor(W.T), tensor(b)])
    (layer,) = frameworks.parameters_of(model)
    assert layer.W.tolist() == W.tolist() and layer.b.tolist() == [[1, 1, 1]]


def test_differences_and_their_table():
    a = (Layer(np.zeros((2, 1)), np.zeros((1, 1))), Layer(np.ones((1, 1)), np.ones((1, 1))))
    b = (Layer(np.array([[0], [3.0]]), np.zeros((1, 1))), a[1])
    assert frameworks.differences(a, b) == [(2 / 3, 3.0), (1.0, 0.0)]
    assert frameworks.max_difference(a, b) == 3 and frameworks.difference(a[0].W, b[0].W) == (
        0.5,
        3.0,
    )
    rows = {f"layer {k}": {"Keras": pair} for k, pair in enumerate(frameworks.differences(a, b), 2)}
    lines = frameworks.table(rows, limit=1e-3).splitlines()
    assert [line.split() for line in lines] == [
        ["Keras"],
        ["exact", "close", "largest"],
        ["layer", "2", "67%", "NO", "3.0e+00"],
        ["layer", "3", "100%", "yes", "0.0e+00"],
    ]
