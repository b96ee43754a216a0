"""What one line of Python says about a playground: data, network and training."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np

from nnlib import _validation, data
from nnlib.network import Network
from nnlib.optimizers import OPTIMIZERS

RADIUS = 5.0  # of the made-up data; the pictures reach a little further
MOST_LAYERS, MOST_NEURONS = 6, 8


class Puzzle(NamedTuple):
    """`make(samples, noise, rng)` gives X and y; X is drawn on the square `reach`."""

    problem: str
    make: Callable
    reach: tuple = (-6.0, 6.0)


def _circles(samples, noise, rng):
    X, y = data.circles(samples, noise=noise, rng=rng)
    return RADIUS * X, y


def _moons(samples, noise, rng):
    X, y = data.moons(samples, noise=noise, rng=rng)
    return RADIUS / 1.5 * (X - [0.5, 0.25]), y


def _spiral(samples, noise, rng):
    X, y = data.spiral(samples, noise=noise, rng=rng)
    return RADIUS * X, y


def _clusters(samples, noise, rng):
    y = (np.arange(samples) % 2).astype(float)[:, np.newaxis]
    return (2 * y - 1) * RADIUS / 2 + (1 + 5 * noise) * rng.standard_normal((samples, 2)), y


def _everywhere(samples, noise, rng):
    """Places all over the square, and the same places with some noise."""
    X = rng.uniform(-RADIUS, RADIUS, (samples, 2))
    return X, X + RADIUS * noise * rng.standard_normal(X.shape)


def _xor(samples, noise, rng):
    X, noisy = _everywhere(samples, noise, rng)
    return noisy, (X[:, :1] * X[:, 1:] < 0).astype(float)


def _plane(samples, noise, rng):
    X, noisy = _everywhere(samples, noise, rng)
    return noisy, X.sum(axis=1, keepdims=True) / (2 * RADIUS)


def _hills(samples, noise, rng):
    """Three hills and three hollows on a plain."""
    X, noisy = _everywhere(samples, noise, rng)
    y = np.zeros((samples, 1))
    for height, *top in [(1, -4, 2.5), (-1, 0, 2.5), (1, 4, 2.5),
                         (-1, -4, -2.5), (1, 0, -2.5), (-1, 4, -2.5)]:  # fmt: skip
        y += height * np.exp(-((X - top) ** 2).sum(axis=1, keepdims=True) / 4)
    return noisy, y


def _houses(samples, noise, rng):
    X, y = data.houses()
    return data.Scaler.fit(X, method="maximum").transform(X), y / 100


PUZZLES = {
    "circles": Puzzle("classification", _circles),
    "xor": Puzzle("classification", _xor),
    "moons": Puzzle("classification", _moons),
    "spiral": Puzzle("classification", _spiral),
    "clusters": Puzzle("classification", _clusters),
    "plane": Puzzle("regression", _plane),
    "hills": Puzzle("regression", _hills),
    "houses": Puzzle("regression", _houses, (0.0, 1.4)),
}
FEATURES = {
    "x1": lambda x1, x2: x1,
    "x2": lambda x1, x2: x2,
    "x1**2": lambda x1, x2: x1 * x1,
    "x2**2": lambda x1, x2: x2 * x2,
    "x1*x2": lambda x1, x2: x1 * x2,
    "sin(x1)": lambda x1, x2: np.sin(x1),
    "sin(x2)": lambda x1, x2: np.sin(x2),
}
CHOICES = {
    "data": tuple(PUZZLES),
    "activation": ("sigmoid", "tanh", "relu", "identity"),
    "cost": ("squared_error", "cross_entropy"),
    "optimizer": tuple(OPTIMIZERS),
    "regularization": ("none", "l1", "l2"),
}


@dataclass(frozen=True, repr=False)
class Settings:
    """All that decides what a playground computes; its repr names what differs from the defaults.

    `cost` is that of classification; regression has the squared error. `batch_size` None takes all
    training samples at once. `noise` is a share of the radius of the data.
    """

    data: str = "circles"
    samples: int = 500
    noise: float = 0.1
    test_share: float = 0.5
    features: tuple = ("x1", "x2")
    hidden: tuple = (4,)
    activation: str = "sigmoid"
    cost: str = "squared_error"
    learning_rate: float = 1.0
    optimizer: str = "gradient descent"
    batch_size: int | None = None
    regularization: str = "none"
    regularization_rate: float = 0.001
    seed: int = 1
    show_test: bool = False
    discretize: bool = False

    def __post_init__(self):
        for name, allowed in CHOICES.items():
            _validation.as_choice(getattr(self, name), allowed, name)
        number, whole, size = _validation.as_float, _validation.as_int, self.batch_size
        checked = {
            "samples": whole(self.samples, "samples", at_least=4),
            "noise": number(self.noise, "noise", at_least=0, below=1e6),
            "test_share": number(self.test_share, "test_share", above=0, below=1),
            "learning_rate": number(self.learning_rate, "learning_rate", at_least=0),
            "regularization_rate": number(
                self.regularization_rate, "regularization_rate", at_least=0
            ),
            "seed": whole(self.seed, "seed", at_least=0),
            "batch_size": None if size is None else whole(size, "batch_size", at_least=1),
            "features": _features(self.features),
            "hidden": _hidden(self.hidden),
            "show_test": _truth(self.show_test, "show_test"),
            "discretize": _truth(self.discretize, "discretize"),
        }
        for name, value in checked.items():
            object.__setattr__(self, name, value)

    def __repr__(self):
        return self.line()

    def line(self, **functions):
        """The call that makes this playground again; `functions`: {"forward": its name, …}."""
        shown = [f"{name}={value}" for name, value in functions.items()]
        for field in fields(self):
            value = getattr(self, field.name)
            if value != field.default:
                shown.append(f"{field.name}={value!r}".replace("'", '"'))
        return f"Playground({', '.join(shown)})"

    @property
    def problem(self):
        """ "classification" or "regression", as the data asks for."""
        return PUZZLES[self.data].problem

    @property
    def network(self):
        """The Network that is trained."""
        classes = self.problem == "classification"
        penalty = {self.regularization: self.regularization_rate}
        penalty.pop("none", None)
        return Network(
            sizes=(len(self.features), *self.hidden, 1),
            hidden=self.activation,
            output="sigmoid" if classes or self.data == "houses" else "identity",
            cost=self.cost if classes else "squared_error",
            **penalty,
        )

    def samples_of_data(self):
        """X_train, X_test, y_train, y_test with the raw x1 and x2; the three houses all train."""
        rng = np.random.default_rng([self.seed, 0])
        X, y = PUZZLES[self.data].make(self.samples, self.noise, rng)
        if self.data == "houses":
            return X, X[:0], y, y[:0]
        return data.split(X, y, test_size=self.test_share, rng=rng)

    def inputs(self, X):
        """The features (m, n1) of the raw samples X (m, 2)."""
        return np.column_stack([FEATURES[name](X[:, 0], X[:, 1]) for name in self.features])


def _features(names):
    wanted = "features must be different names such as ('x1', 'x2')"
    if not isinstance(names, (tuple, list)):
        raise TypeError(f"{wanted}; got {names!r:.60}")
    for name in names:
        _validation.as_choice(name, FEATURES, "each of features")
    if not names:
        raise ValueError(f"features must have at least one name, such as 'x1'; got {names}")
    if len(set(names)) != len(names):
        raise ValueError(f"{wanted}; got {names!r:.60}")
    return tuple(name for name in FEATURES if name in names)


def _hidden(sizes):
    sizes = _validation.as_int_tuple(sizes, "hidden", example=(4, 2))
    if len(sizes) > MOST_LAYERS or max(sizes, default=1) > MOST_NEURONS:
        raise ValueError(
            f"hidden must have at most {MOST_LAYERS} layers of at most {MOST_NEURONS}; got {sizes}"
        )
    return sizes


def _truth(value, name):
    if not isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} must be True or False; got {value!r:.60}")
    return bool(value)
