"""The playground's settings: validation, registries, and the three ways to write them down."""

import math
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnlib.activations import ACTIVATIONS, Activation
from nnlib.data import DATASETS, Dataset, flats, houses
from nnlib.live import Playground
from nnlib.live.settings import CONTROLS, FEATURES, MAX_CLASSES, Settings, own_data
from nnlib.live.texts import load
from nnlib.optimizers import OPTIMIZERS, GradientDescent


@st.composite
def some_settings(draw):
    """Any settings, each field drawn from what its control allows."""
    drawn = {}
    for name, control in CONTROLS.items():
        if control.kind == "choice":
            drawn[name] = st.sampled_from(control.choices())
        elif control.kind == "switch":
            drawn[name] = st.booleans()
        elif control.kind == "integer":
            drawn[name] = st.integers(control.low, control.high)
        elif control.kind == "slider":
            drawn[name] = st.floats(max(control.low, 1e-3), control.high)
    drawn["data"] = st.sampled_from(list(DATASETS))
    drawn["features"] = st.lists(st.sampled_from(list(FEATURES)), min_size=1, unique=True)
    drawn["hidden"] = st.lists(st.integers(1, 8), max_size=6)
    point = st.tuples(st.integers(-6, 6), st.integers(-6, 6), st.integers(0, 1))
    drawn["points"] = st.lists(point, max_size=3)
    return Settings(**draw(st.fixed_dictionaries({}, optional=drawn)))


@settings(max_examples=200, deadline=None)
@given(some_settings())
def test_a_line_and_an_address_give_the_same_settings(chosen):
    assert Settings.from_line(repr(chosen)) == chosen
    assert Settings.from_query(chosen.to_query()) == chosen
    assert eval(repr(chosen), {"Playground": Settings}) == chosen


def test_a_line_names_only_what_is_not_the_default():
    assert repr(Settings()) == "Playground()" and Settings().to_query() == ""
    assert repr(Settings(data="xor", hidden=[4, 2])) == 'Playground(data="xor", hidden=(4, 2))'
    assert Settings(seed=3).line(forward="mine") == "Playground(forward=mine, seed=3)"
    assert Settings.from_line("live.Playground(seed=3)".removeprefix("live.")).seed == 3
    assert Settings.from_line("Playground(forward=mine, seed=3)  # left out: …").seed == 3


@pytest.mark.parametrize(
    "line",
    [
        "", "1 + 1", "print()", "Playground(", "Playground(3)", "Playground(**x)",
        "Playground(a=1)", "Playground(seed=open('x'))", "__import__('os').system('true')",
        "Playground(hidden=(9,))", "Playground(learning_rate=-1)", "Playground(data=(X, y))",
        "(" * 500,
    ],
)  # fmt: skip
def test_another_line_is_refused_and_never_run(line):
    with pytest.raises((ValueError, TypeError)):
        Settings.from_line(line)


@pytest.mark.parametrize(
    "wrong, message",
    [
        ({"data": "cats"}, "data must be one of circles, xor"),
        ({"samples": 3}, "samples must be at least 4; got 3"),
        ({"noise": -0.1}, "noise must be a finite number >= 0 .*got -0.1"),
        ({"test_share": 1.0}, "test_share must be .*> 0 and < 1; got 1.0"),
        ({"features": ()}, "features must have at least one name"),
        ({"features": ("x1", "x1")}, "features must be different names"),
        ({"features": "x1"}, "features must be different names"),
        ({"hidden": (9,)}, "at most 6 layers of at most 8; got"),
        ({"hidden": (1,) * 7}, "at most 6 layers"),
        ({"hidden": 4}, "hidden must be whole numbers such as"),
        ({"activation": "step"}, "activation must be one of sigmoid"),
        ({"cost_function": "hinge"}, "cost_function must be one of"),
        ({"learning_rate": math.nan}, "learning_rate must be a finite number"),
        ({"learning_rate": "fast"}, "learning_rate must be a number; got str 'fast'"),
        ({"batch_size": 0}, "batch_size must be at least 1"),
        ({"initial_weights": "large"}, "initial_weights must be one of xavier, he"),
        ({"points": ((1, 2),)}, "each of points must have length 3"),
        ({"show_test": 1}, "show_test must be True or False"),
    ],
)
def test_wrong_settings_are_refused(wrong, message):
    with pytest.raises((ValueError, TypeError), match=message):
        Settings(**wrong)


def test_every_setting_has_its_words_and_only_those():
    words = load()["controls"]
    own = set(Playground().control_names())
    assert set(words) == own >= set(CONTROLS)
    assert all(entry["label"] and entry["tooltip"].endswith(".") for entry in words.values())


def test_every_preset_is_valid_and_asks_something():
    for preset in load()["presets"]:
        playground = Playground()
        playground.on_preset(load()["presets"].index(preset))
        assert playground.settings != Settings() and preset["question"].count("?") >= 1


def test_what_is_registered_in_the_library_can_be_chosen(monkeypatch):
    square = Activation(lambda z: z * z, lambda da, a: 2 * da * np.sqrt(a))
    made = Dataset(lambda samples, noise, rng: (np.eye(2)[[0, 1] * 9], np.array([[0.0], [1]] * 9)))
    monkeypatch.setitem(ACTIVATIONS, "square", square)
    monkeypatch.setitem(OPTIMIZERS, "lazy", GradientDescent())
    monkeypatch.setitem(DATASETS, "made up", made)
    playground = Playground(activation="square", optimizer="lazy", data="made up")
    playground.advance(3)
    assert playground.epoch == 3 and math.isfinite(playground.cost)
    for name, choice in (("activation", "square"), ("optimizer", "lazy")):
        assert choice in [value for value, _ in playground.control(name)["choices"]]


def test_every_data_set_has_the_shape_that_the_page_expects():
    for name, dataset in DATASETS.items():
        chosen = Settings(data=name, samples=60, noise=0.0)
        X, X_test, y, _ = chosen.make_data()
        low, high = dataset.reach
        inside = ((low <= X) & (high >= X)).all(axis=1)
        assert X.shape[1] == 2 and inside.mean() > 0.9, name
        assert len(X_test) == (0 if dataset.fixed else 30) and y.shape[1] <= MAX_CLASSES
    (X, y), chosen = houses(), Settings(data="houses")
    assert (chosen.make_data()[0] == X / X.max(axis=0)).all()
    assert (chosen.make_data()[2] == y / 100).all()
    assert len(Settings(data="flats").make_data()[0]) == len(flats()[0])


# -- data of one's own -----------------------------------------------------------------------------

RNG = np.random.default_rng(1)
X = RNG.normal(size=(30, 2))
LABELS = RNG.integers(0, 3, 30)


@pytest.mark.parametrize(
    "y, problem, outputs",
    [
        (LABELS % 2, "classification", 1),
        ((LABELS % 2).astype(float)[:, np.newaxis], "classification", 1),
        (LABELS, "classification", 3),
        (np.eye(3)[LABELS], "classification", 3),
        (X @ [1.0, 2.0], "regression", 1),
        (X[:, :1], "regression", 1),
    ],
)
def test_own_data_are_classes_or_numbers(y, problem, outputs):
    playground = Playground(data=(X, y))
    playground.advance(2)
    assert playground.settings.problem == problem
    assert playground.network.sizes[-1] == outputs
    assert playground.line == "Playground(data=(X, y))"


def test_own_data_may_be_frames_and_are_scaled_only_if_they_have_to_be():
    class Frame:  # what pandas has of a frame
        columns = ("a", "b")

        def __init__(self, values):
            self.values = values

        def to_numpy(self, **options):
            return self.values

        def __array__(self, dtype=None, copy=None):
            return self.values

        def __getitem__(self, name):
            return Series(self.values[:, self.columns.index(name)])

        def __iter__(self):
            return iter(self.columns)

    class Series:
        def __init__(self, values):
            self.values, self.dtype = values, values.dtype

        def to_numpy(self, **options):
            return self.values

        def __iter__(self):
            return iter(self.values)

    chosen = replace(Settings(), data=own_data(Frame(X), Series(LABELS % 2)), test_share=0.1)
    assert set(map(tuple, chosen.make_data()[0])) <= set(map(tuple, X))
    large = replace(chosen, data=own_data([1000, 1] * X + 500, LABELS % 2)).make_data()[0]
    assert np.abs(large).max() <= 5 + 1e-9
    with pytest.raises(ValueError, match="address"):
        chosen.to_query()


@pytest.mark.parametrize(
    "wrong",
    [
        (X, LABELS[:9]), (X[:, :1], LABELS), (X[:3], LABELS[:3]), (X, np.full(30, np.nan)),
        (X, np.arange(0, 60, 2) % 10), (X, np.hstack([X, X])), (np.full((30, 2), "a"), LABELS),
    ],
)  # fmt: skip
def test_other_data_are_refused(wrong):
    with pytest.raises((ValueError, TypeError)):
        Playground(data=wrong)


def test_every_field_is_a_trait_of_the_playground():
    playground = Playground()
    assert all(playground.has_trait(field.name) for field in fields(Settings))
