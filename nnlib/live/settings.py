"""The settings of a playground: each is defined once, with its limits, and everything follows.

A field of Settings carries a Control, which says how the setting is validated and shown; its label
and tooltip are in `texts/en.toml`, under the same name. To add a setting, write the two and use it
in `simulation.py`: the page, `Playground(…)`, its traits, the line of Python, and the fragment of
an address follow. What a choice offers comes from the library's registries.
"""

import ast
from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from urllib.parse import parse_qsl, urlencode

import numpy as np

from nnlib import _validation as validation
from nnlib.activations import ACTIVATIONS
from nnlib.costs import COSTS
from nnlib.data import DATASETS, Dataset, split
from nnlib.network import SCALES, Network, Parameters, initialize_parameters
from nnlib.optimizers import OPTIMIZERS

MAX_LAYERS, MAX_NEURONS, MAX_CLASSES = 6, 8, 8
FEATURES = {
    "x1": lambda x1, x2: x1,
    "x2": lambda x1, x2: x2,
    "x1**2": lambda x1, x2: x1 * x1,
    "x2**2": lambda x1, x2: x2 * x2,
    "x1*x2": lambda x1, x2: x1 * x2,
    "sin(x1)": lambda x1, x2: np.sin(x1),
    "sin(x2)": lambda x1, x2: np.sin(x2),
}


@dataclass(frozen=True)
class Control:
    """How a setting is validated, and how the page shows it.

    `convert(value, name)` returns the valid value or raises. `kind`: "choice" (of `choices()`),
    "slider" (from `low` to `high`; `step` is in powers of ten where `logarithmic`), "integer",
    "switch", or "own" for what the page shows in a way of its own. `section`: where on the page.
    `restarts`: whether a change starts the training again. `shown`: whether it only changes the
    picture.
    """

    convert: Callable
    kind: str = "own"
    section: str = ""
    choices: Callable = tuple
    low: float = 0.0
    high: float = 1.0
    step: float = 1.0
    logarithmic: bool = False
    restarts: bool = False
    shown: bool = False


def _setting(default, convert, **how):
    return field(default=default, metadata={"control": Control(convert, **how)})


def _choice(default, options, section, **how):
    """A setting that is one of the names in `options()`."""
    convert = lambda value, name: validation.as_choice(value, options(), name)  # noqa: E731
    return _setting(default, convert, kind="choice", section=section, choices=options, **how)


def _number(default, section, low, high, step, *, at_least=0, above=None, below=None, **how):
    def convert(value, name):
        return validation.as_float(value, name, at_least=at_least, above=above, below=below)

    return _setting(
        default, convert, kind="slider", section=section, low=low, high=high, step=step, **how
    )


def _whole(default, section, low, high, step=1, **how):
    convert = lambda value, name: validation.as_int(value, name, at_least=low)  # noqa: E731
    return _setting(
        default, convert, kind="integer", section=section, low=low, high=high, step=step, **how
    )


def _switch(section, **how):
    return _setting(False, validation.as_bool, kind="switch", section=section, **how)


def _as_data(value, name):
    if isinstance(value, Dataset):
        return value
    return validation.as_choice(value, DATASETS, name)


def _as_features(names, name):
    expected = "features must be different names such as ('x1', 'x2')"
    if not isinstance(names, (tuple, list)):
        raise TypeError(f"{expected}; got {names!r:.60}")
    for item in names:
        validation.as_choice(item, FEATURES, "each of features")
    if not names:
        raise ValueError(f"features must have at least one name, such as 'x1'; got {names}")
    if len(set(names)) != len(names):
        raise ValueError(f"{expected}; got {names!r:.60}")
    return tuple(item for item in FEATURES if item in names)


def _as_hidden(sizes, name):
    sizes = validation.as_int_tuple(sizes, name, example=(4, 2))
    if len(sizes) > MAX_LAYERS or max(sizes, default=1) > MAX_NEURONS:
        raise ValueError(
            f"hidden must have at most {MAX_LAYERS} layers of at most {MAX_NEURONS}; got {sizes}"
        )
    return sizes


def _as_batch_size(value, name):
    return None if value is None else validation.as_int(value, name, at_least=1)


def _as_scale(value, name):
    if isinstance(value, str):
        return validation.as_choice(value, SCALES, name)
    return validation.as_float(value, name, at_least=0, below=1e6)


def _as_points(points, name):
    if not isinstance(points, (tuple, list)):
        raise TypeError(f"points must be a tuple of (x1, x2, y); got {points!r:.60}")
    points = [validation.as_sequence(point, 3, "each of points") for point in points]
    return tuple(tuple(validation.as_float(v, "each of points") for v in point) for point in points)


@dataclass(frozen=True, repr=False)
class Settings:
    """Everything that decides what a playground computes; its repr names what isn't the default.

    `cost_function` is that of classification; regression has the squared error. `noise` is a share
    of the radius of the data. `batch_size` None takes all training samples at once. `points`
    (x1, x2, y) are training samples added by hand, y a class or a number.
    """

    data: str = _setting("circles", _as_data, restarts=True)
    samples: int = _whole(500, "data", 4, 2000, 50, restarts=True)
    noise: float = _number(0.1, "data", 0, 0.5, 0.05, below=1e6, restarts=True)
    test_share: float = _number(
        0.5, "data", 0.1, 0.9, 0.1, at_least=None, above=0, below=1, restarts=True
    )
    points: tuple = _setting((), _as_points)
    features: tuple = _setting(("x1", "x2"), _as_features, restarts=True)
    hidden: tuple = _setting((4,), _as_hidden)
    activation: str = _choice("sigmoid", lambda: tuple(ACTIVATIONS), "training", restarts=True)
    cost_function: str = _choice("squared_error", lambda: tuple(COSTS), "training", restarts=True)
    learning_rate: float = _number(1.0, "run", 1e-4, 30.0, 0.05, logarithmic=True)
    optimizer: str = _choice("gradient descent", lambda: tuple(OPTIMIZERS), "training")
    batch_size: int | None = _setting(
        None, _as_batch_size, kind="choice", section="data", choices=lambda: (None, 1, 10, 30, 100)
    )
    regularization: str = _choice("none", lambda: ("none", "l1", "l2"), "training")
    regularization_rate: float = _number(0.001, "training", 1e-5, 1.0, 0.1, logarithmic=True)
    initial_weights: str | float = _setting(
        "xavier",
        _as_scale,
        kind="choice",
        section="more",
        choices=lambda: (*SCALES, 0.01, 1.0),
        restarts=True,
    )
    seed: int = _whole(1, "more", 0, 999_999, restarts=True)
    show_test: bool = _switch("result", shown=True)
    discretize: bool = _switch("result", shown=True)

    def __post_init__(self) -> None:
        for name, control in CONTROLS.items():
            object.__setattr__(self, name, control.convert(getattr(self, name), name))

    def __repr__(self) -> str:
        return self.line()

    # -- what follows from them ------------------------------------------------------------------

    @property
    def dataset(self) -> Dataset:
        """The Dataset that `data` names."""
        return DATASETS[self.data] if isinstance(self.data, str) else self.data

    @property
    def problem(self) -> str:
        """ "classification" or "regression", as the data set has it."""
        return self.dataset.problem

    def network(self, outputs: int = 1) -> Network:
        """Return the Network that is trained; `outputs` is the number of columns of y."""
        classes = self.problem == "classification"
        output = "softmax" if outputs > 1 and classes else "sigmoid"
        if not classes and not self.dataset.fixed:
            output = "identity"
        penalty = {self.regularization: self.regularization_rate}
        penalty.pop("none", None)
        return Network(
            sizes=(len(self.features), *self.hidden, outputs),
            hidden=self.activation,
            output=output,
            cost=self.cost_function if classes else "squared_error",
            **penalty,
        )

    def first_parameters(self, network: Network, rng: np.random.Generator = None) -> Parameters:
        """Return the weights and biases that the seed gives, or others drawn from `rng`."""
        rng = np.random.default_rng([self.seed, 1]) if rng is None else rng
        return initialize_parameters(network, rng, scale=self.initial_weights)

    def make_data(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Return X_train, X_test, y_train, y_test with raw x1 and x2; fixed data all train."""
        rng, dataset = np.random.default_rng([self.seed, 0]), self.dataset
        X, y = dataset.make(self.samples, noise=self.noise, rng=rng)
        X = np.array(dataset.scale) * (X - np.array(dataset.centre))
        if dataset.fixed:
            return X, X[:0], y, y[:0]
        return split(X, y, test_size=self.test_share, rng=rng)

    def with_points(self, X: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the training samples with `points` behind them; ValueError for a wrong class.

        To fixed samples of two classes, points may add others.
        """
        if not self.points:
            return X, y
        places, labels = np.array(self.points)[:, :2], np.array(self.points)[:, 2]
        if self.problem == "classification":
            possible = MAX_CLASSES if self.dataset.fixed else max(2, y.shape[1])
            if not np.isin(labels, range(possible)).all():
                raise ValueError(f"y of points must be a class 0 to {possible - 1}; got {labels}")
            classes = max(2, y.shape[1], int(labels.max()) + 1)
            if classes > 2:
                given = y.argmax(axis=1) if y.shape[1] > 1 else y[:, 0]
                y = np.eye(classes)[np.concatenate([given, labels]).astype(int)]
                return np.vstack([X, places]), y
        return np.vstack([X, places]), np.vstack([y, labels[:, np.newaxis]])

    def inputs(self, X: np.ndarray) -> np.ndarray:
        """Return the features (m, n1) of the raw samples X (m, 2)."""
        return np.column_stack([FEATURES[name](X[:, 0], X[:, 1]) for name in self.features])

    # -- as text ---------------------------------------------------------------------------------

    def changed(self) -> dict:
        """Return {name: value} of the settings that are not the default."""
        pairs = {f.name: (getattr(self, f.name), f.default) for f in fields(self)}
        return {name: value for name, (value, default) in pairs.items() if value != default}

    def line(self, **functions: str) -> str:
        """Return the call that makes this playground; `functions`: {"forward": its name, …}."""
        shown = [f"{name}={value}" for name, value in functions.items()]
        for name, value in self.changed().items():
            text = "(X, y)" if isinstance(value, Dataset) else repr(value)
            shown.append(f"{name}={text}".replace("'", '"'))
        return f"Playground({', '.join(shown)})"

    @classmethod
    def from_line(cls, line: str, own: Dataset | str = "") -> "Settings":
        """Return the Settings in a line such as `Playground(data="spiral")`, without running it.

        `data=(X, y)` in it is `own`, if that is a Dataset; functions (`forward=…`) are left out.
        ValueError or TypeError if it is something else.
        """
        try:
            call = ast.parse(line.strip().rstrip(";"), mode="eval").body
            given = {item.arg: item.value for item in call.keywords}
            is_line = call.func.id.endswith("Playground") and not call.args and None not in given
        except (SyntaxError, ValueError, MemoryError, RecursionError, AttributeError):
            is_line = False
        if not is_line:
            advice = 'a line such as Playground(data="spiral", hidden=(4, 2))'
            raise ValueError(f"this is not {advice}")
        given.pop("forward", None), given.pop("backward", None)
        for name in given:
            validation.as_choice(name, CONTROLS, "each name in the line")
        is_own = isinstance(own, Dataset) and isinstance(given.get("data"), ast.Tuple)
        data = {"data": own} if is_own and given.pop("data") else {}
        return cls(**data, **{name: _value_of(node) for name, node in given.items()})

    def to_query(self) -> str:
        """Return what is not the default as the fragment of an address: `data=spiral&hidden=4,2`.

        ValueError for data of your own, which no address can hold.
        """
        if isinstance(self.data, Dataset):
            raise ValueError("data of your own can't be written into an address")
        return urlencode({n: _to_text(v) for n, v in self.changed().items()}, safe=",:")

    @classmethod
    def from_query(cls, query: str) -> "Settings":
        """Return the Settings that `to_query` wrote. ValueError or TypeError for anything else."""
        given = dict(parse_qsl(query.lstrip("#?"), keep_blank_values=True))
        for name in given:
            validation.as_choice(name, CONTROLS, "each name in the address")
        return cls(**{name: _from_text(name, text) for name, text in given.items()})


CONTROLS = {f.name: f.metadata["control"] for f in fields(Settings)}


def _value_of(node):
    """Return the value that a part of a line is written as."""
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        text = f"{ast.unparse(node):.40}"
        raise ValueError(f'a line holds values such as 3 or "xor", not {text}') from None


def _to_text(value):
    if isinstance(value, tuple):
        return ",".join(
            ":".join(f"{v:.4g}" for v in item) if isinstance(item, tuple) else str(item)
            for item in value
        )
    return str(value)


def _from_text(name, text):
    if name == "features":
        return tuple(text.split(","))
    if name == "points":
        points = [tuple(map(_literal, item.split(":"))) for item in text.split(",") if item]
        return tuple(points)
    if name == "hidden":
        return tuple(_literal(item) for item in text.split(",") if item)
    return _literal(text)


def _literal(text):
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return text


def own_data(X, y) -> Dataset:
    """Return a Dataset of your own samples X (m, 2) and y (m, 1), (m,) or one-hot (m, classes).

    pandas frames work too. y of 0 and 1, of integers from 0 on, or one-hot rows are classes; all
    other numbers are a regression. If X does not fit the square −6 … 6, its columns are scaled.
    """
    X = validation.as_samples(X, 2, "X of data")
    y = y.to_numpy() if hasattr(y, "to_numpy") else np.asarray(y)
    integers = y.dtype.kind in "bui"
    y = validation.as_finite(y, "y of data")
    y = y[:, np.newaxis] if y.ndim == 1 else y
    if X.ndim != 2 or y.ndim != 2 or len(X) != len(y) or len(X) < 4:
        raise ValueError(
            "data must be (X, y) with X (m, 2) and y (m, 1), at least 4 rows; "
            f"got {X.shape} and {y.shape}"
        )
    one_hot = y.shape[1] > 1 and np.isin(y, (0, 1)).all() and (y.sum(axis=1) == 1).all()
    classes = np.unique(y)
    if y.shape[1] == 1 and integers and 2 < len(classes) <= MAX_CLASSES:
        if not np.array_equal(classes, np.arange(len(classes))):
            raise ValueError(f"y of data must number its classes 0, 1, 2, …; got {classes}")
        y, one_hot = np.eye(len(classes))[y[:, 0].astype(int)], True
    if y.shape[1] > 1 and not (one_hot and y.shape[1] <= MAX_CLASSES):
        raise ValueError(
            f"y of data must have one column, or one-hot rows of at most {MAX_CLASSES} classes; "
            f"got {y.shape}"
        )
    binary = y.shape[1] == 1 and np.isin(y, (0, 1)).all()
    low, high = X.min(axis=0), X.max(axis=0)
    fits = (np.abs(X) <= 6).all() and (high - low).max() >= 2
    half = np.where(high > low, (high - low) / 2, 1)
    return Dataset(
        lambda samples, *, noise, rng: (X, y),
        "classification" if binary or one_hot else "regression",
        scale=1.0 if fits else tuple(5 / half),
        centre=(0.0, 0.0) if fits else tuple((low + high) / 2),
    )


def with_value(settings: Settings, name: str, value) -> Settings:
    """Return the settings with one value changed; data (X, y) may be samples of your own."""
    if name == "data" and isinstance(value, tuple) and len(value) == 2:
        value = own_data(*value)
    return replace(settings, **{name: value})
