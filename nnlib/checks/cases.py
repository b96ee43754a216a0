"""Random inputs for the exercises, drawn so that a mistake shows and rounding doesn't."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from nnlib.checks.compare import leaves

Generator = np.random.Generator


def draws(rng: Generator, *shapes: tuple) -> tuple:
    """Return for each tuple of shapes a tuple of standard normal arrays; () gives a number."""
    return tuple(tuple(rng.standard_normal(shape)[()] for shape in case) for case in shapes)


def draw_well_conditioned(answer: Callable, least: float, draw: Callable, *arguments: Any) -> tuple:
    """Return the first case `draw(*arguments)` in whose answer each part reaches `least`.

    A part whose entries are all smaller is what large terms leave when they cancel: in float32,
    mostly rounding.
    """
    while True:
        case = draw(*arguments)
        if all(np.abs(part).max() >= least for part in leaves(answer(*case))):
            return case


def ordered(rng: Generator, ranks: Sequence[float]) -> np.ndarray:
    """Return positive numbers in the order of `ranks`, 0 to 9, well apart; inf and nan stay."""
    numbers = np.cumsum(rng.uniform(0.1, 1, 10))
    return np.array([numbers[rank] if np.isfinite(rank) else rank for rank in ranks])


def predictions(rng: Generator, m: int) -> tuple[np.ndarray, np.ndarray]:
    """Return y_hat and y, each (m, 1); no prediction is near its target."""
    y, sign = rng.standard_normal((m, 1)), rng.choice([-1, 1], (m, 1))
    return y + sign * rng.uniform(0.3, 2, (m, 1)), y


def columns(rng: Generator, m: int, n: int) -> np.ndarray:
    """Return a table (m, n) of numbers from 1 to 9; those of a column lie apart from each other."""
    steps = np.linspace(0, 1, m)[:, np.newaxis] + rng.uniform(0, 0.4 / m, (m, n))
    return rng.uniform(1, 4, n) + rng.uniform(1, 3.5, n) * rng.permuted(steps, axis=0)
