"""What an answer depends on: arguments that have no effect, names of the notebook that have one."""

from collections.abc import Callable
from typing import Any

import numpy as np

from nnlib.checks.attempt import Attempt, with_globals
from nnlib.checks.compare import equal
from nnlib.checks.feedback import Feedback, joined
from nnlib.checks.findings import wrong

DATA = (int, np.ndarray, list, tuple, np.random.Generator)
VARIED = (float, *DATA)


def from_notebook(a: Attempt, kinds: tuple = VARIED) -> Feedback | None:
    """A name of the notebook that changes the answer, though everything comes in as an argument.

    Only values of some `kinds` are looked at: a float may well be a constant.
    """
    code, known = getattr(a.function, "__code__", None), getattr(a.function, "__globals__", {})
    if code is None:
        return None
    for name in code.co_names:
        value = known.get(name)
        if isinstance(value, kinds) and not isinstance(value, bool):
            others = [with_globals(a.function, **{name: other}) for other in _varied(value)]
            if others and any(_answers_differ(a, other) for other in others):
                return wrong("depends.global", a, variable=name)
    return None


def _answers_differ(a: Attempt, other: Callable) -> bool:
    for k in range(min(2, len(a.got))):
        parts = a.call(other, k)
        if isinstance(parts, list) and isinstance(a.got[k], list):
            if not all(map(a.same, a.got[k], parts)):
                return True
        elif isinstance(parts, list) != isinstance(a.got[k], list):
            return True
    return False


def ignored_arguments(a: Attempt) -> Feedback | None:
    """Arguments that change the right answer and not the learner's."""
    ignored = []
    for position, name in enumerate(a.exercise.arguments):
        cases = [k for k in range(len(a.got)) if len(a.cases[k]) > position]
        heard = [_depends_on(a, k, position) for k in cases]
        if False in heard and True not in heard:
            ignored.append(name)
    if not ignored:
        return None
    if len(ignored) == len(a.exercise.arguments):
        return wrong("depends.nothing", a)
    return wrong("depends.ignored", a, names=joined(ignored), count=len(ignored))


def _depends_on(a: Attempt, k: int, position: int) -> bool | None:
    """Whether the learner's answer to case k changes with an argument; None if none should."""
    case, expected = a.cases[k], False
    for value in _varied(case[position]):
        other = (*case[:position], value, *case[position + 1 :])
        model = a.sandbox.call(a.exercise.answer, other)
        if model.error or equal(model.value, a.models[k]):
            continue
        expected = True
        before, after = (a.sandbox.run(a.function, some) for some in (case, other))
        if after.error or not equal(before.value, after.value):
            return True
    return False if expected else None


def _varied(value: Any) -> list:
    """Other values that an argument of this kind could have."""
    if isinstance(value, (bool, str)):
        return []
    if isinstance(value, np.random.Generator):
        return [np.random.default_rng(12345)]
    if isinstance(value, int):
        return [value + 1, value - 1] if value > 0 else [value + 1]
    if isinstance(value, (float, np.floating)):
        return [value * 0.5 + 0.125]
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return [value * 0.5 + 0.125, np.cos(value)]
    if isinstance(value, np.ndarray) and value.size:
        return [value[::-1].copy()]
    if type(value) in (list, tuple) and value and all(isinstance(v, (int, float)) for v in value):
        return [type(value)([v + 1 for v in value]), type(value)(reversed(value))]
    return []
