"""A learner's function tried on every input, beside what is right."""

from collections.abc import Callable
from types import FunctionType

import numpy as np

from nnlib.checks.compare import ComparisonError, equal, leaves, matched, safe_repr, same
from nnlib.checks.exercise import Exercise, edited
from nnlib.checks.sandbox import Outcome, Sandbox, Stopped, cpu_time, fresh

SEED = 0  # of the first round, which has the same inputs each time
Parts = list[np.ndarray] | BaseException


class Attempt:
    """What a learner's function gives for each case drawn from `rng`.

    `wanted[k]` and `got[k]` are the parts of the answers to case k, all arrays; where other cases
    have more parts, empty ones make up for it. Where there is nothing to compare, `got[k]` is the
    error that says why.
    """

    def __init__(
        self,
        exercise: Exercise,
        function: Callable,
        rng: np.random.Generator,
        sandbox: Sandbox,
    ):
        self.exercise, self.function, self.sandbox = exercise, function, sandbox
        self.cases = exercise.cases(rng)
        self.models = [exercise.answer(*fresh(case)) for case in self.cases]
        wanted = [[np.asarray(part) for part in leaves(model)] for model in self.models]
        self.size = max(map(len, wanted))
        self._keeps_shape = len({np.ndim(model) for model in self.models if self.size == 1}) > 1
        self.wanted = [self._filled(parts) for parts in wanted]
        self.outcomes: list[Outcome] = []
        self.seconds: list[float] = []  # that each call took
        for case in self.cases:
            begin = cpu_time()
            self.outcomes.append(sandbox.run(function, case))
            self.seconds.append(cpu_time() - begin)
            if isinstance(self.outcomes[-1].error, Stopped):
                break
        self.got = [self.parts(k, outcome) for k, outcome in enumerate(self.outcomes)]
        self.wrong = [part for part in range(self.size) if not self._agrees_in(part)]

    def _filled(self, parts: list[np.ndarray]) -> list[np.ndarray]:
        return parts + [np.empty(0)] * (self.size - len(parts))

    def parts(self, k: int, outcome: Outcome) -> Parts:
        """Return the parts of an answer to case k, or the error that says why there are none."""
        if outcome.error is not None:
            return outcome.error
        value = outcome.value
        if self._keeps_shape and isinstance(value, np.ndarray):
            value = value[()]  # a number, if it has no axes, as the argument has none
        try:
            parts = matched(self.models[k], value)
            if self.exercise.indices and any(part.dtype.kind == "f" for part in parts):
                raise ComparisonError("kind.indices")
        except ComparisonError as error:
            error.value = outcome.value
            return error
        return self._filled(parts)

    def _agrees_in(self, part: int) -> bool:
        """Whether one part is right in every case that can be compared."""
        pairs = [(w[part], g[part]) for w, g in zip(self.wanted, self.got) if isinstance(g, list)]
        return all(self.same(*pair) for pair in pairs)

    @property
    def is_right(self) -> bool:
        """Whether every part of every answer is right, or right by another accepted answer."""
        if len(self.got) < len(self.cases):
            return False
        return self.agrees(self.wanted, self.got) or any(
            self._is_right_by(edited(self.exercise.answer, (pair,))) for pair in self.exercise.also
        )

    def _is_right_by(self, answer: Callable) -> bool:
        models = [[np.asarray(p) for p in leaves(answer(*fresh(case)))] for case in self.cases]
        return self.agrees([self._filled(parts) for parts in models], self.got)

    def call(self, function: Callable, k: int) -> Parts:
        """Return the parts of another function's answer to case k."""
        return self.parts(k, self.sandbox.call(function, self.cases[k]))

    def same(self, one: np.ndarray, other: np.ndarray) -> bool:
        """Return whether two parts of answers agree."""
        return same(one, other, self.exercise.tolerance)

    def agrees(self, wanted: list, got: list) -> bool:
        """Return whether all parts of all answers are there and right."""
        pairs = zip(wanted, got)
        return all(isinstance(g, list) and all(map(self.same, w, g)) for w, g in pairs)

    def shown(self, k: int) -> list[int]:
        """Return the parts that are wrong in case k."""
        if not isinstance(self.got[k], list):
            return []
        return [
            part for part in self.wrong if not self.same(self.wanted[k][part], self.got[k][part])
        ]

    def names(self, parts: list[int]) -> list[str]:
        """Return the names of some parts, as far as they have any."""
        return [self.exercise.returns[part] for part in parts if part < len(self.exercise.returns)]


def with_globals(function: Callable, **changed: object) -> Callable:
    """Return a copy of a function that sees other global names."""
    copy = FunctionType(
        function.__code__,
        {**function.__globals__, **changed},
        function.__name__,
        function.__defaults__,
        function.__closure__,
    )
    copy.__kwdefaults__ = function.__kwdefaults__
    return copy


def hashable(parts: Parts) -> object:
    """Return a hashable stand-in for an answer: its shapes and the first six digits of numbers."""
    if isinstance(parts, BaseException):
        return type(parts)
    keys = []
    for part in parts:
        mantissa, exponent = np.frexp(part.astype(float))
        with np.errstate(all="ignore"):
            keys.append((part.shape, np.round(mantissa, 5).tobytes(), exponent.tobytes()))
    return tuple(keys)


def same_error(one: Parts, other: Parts) -> bool:
    """Return whether two answers are the same error, or the same thing that can't be compared."""
    if not isinstance(one, BaseException) or type(one) is not type(other):
        return False
    if isinstance(one, ComparisonError):
        return one.key == other.key and equal(one.value, other.value)
    return safe_repr(one, 500) == safe_repr(other, 500)
