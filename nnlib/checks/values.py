"""Exercises whose answer is a value: a number, a word, a shape, an order of lines."""

from numbers import Real
from typing import Any

import numpy as np

from nnlib.checks.compare import describe, safe_repr
from nnlib.checks.exercise import Exercise
from nnlib.checks.feedback import Feedback, message

TOLERANCE = 0.005  # of a number that somebody types


def feedback(exercise: Exercise, answer: Any) -> Feedback:
    """Return the Feedback on a value: right, a known wrong one, or how it differs."""
    model, name = exercise.answer, exercise.name
    if answer is None or _has_dots(answer):
        return Feedback("todo", message("values.todo", name=name))
    try:
        if _equal(model, answer):
            return Feedback("right", message("values.right"))
        known = [mistake.says for mistake in exercise.mistakes if _equal(mistake.made, answer)]
        found = Feedback("wrong", known[0] if known else _difference(model, answer))
        found.mistakes, found.share = known[:1], _share(model, answer)
        return found
    except Exception:  # an object that can't even be compared
        return Feedback("wrong", message("values.kind", wanted=_kind(model), got=describe(answer)))


def _has_dots(answer: Any) -> bool:
    """Whether the answer, or an entry of it, is still `...`."""
    return answer is ... or (isinstance(answer, (tuple, list)) and any(map(_has_dots, answer)))


def _equal(model: Any, answer: Any) -> bool:
    if isinstance(model, str):
        return isinstance(answer, str) and model.split() == answer.split()
    if isinstance(model, Real):
        same_kind = isinstance(answer, (Real, np.number)) and not isinstance(answer, bool)
        return bool(same_kind and abs(answer - model) <= TOLERANCE * abs(model))
    if isinstance(answer, np.ndarray):
        answer = answer.tolist()
    return (
        isinstance(answer, (tuple, list))
        and len(model) == len(answer)
        and all(map(_equal, model, answer))
    )


def _share(model: Any, answer: Any) -> float:
    """The share of the entries that are right."""
    if not isinstance(model, (tuple, list)) or len(model) != len(answer):
        return 0.0
    return sum(map(_equal, model, answer)) / len(model)


def _difference(model: Any, answer: Any) -> str:
    """A sentence about how a wrong value differs from the right one, without giving it away."""
    if isinstance(answer, np.ndarray):
        answer = answer.tolist()
    if isinstance(model, Real) and isinstance(answer, Real):
        return message("values.larger" if answer < model else "values.smaller", got=f"{answer:g}")
    if isinstance(model, str) and isinstance(answer, str):
        return message("values.other", got=safe_repr(answer))
    if isinstance(model, (tuple, list)) and isinstance(answer, (tuple, list)):
        if len(model) != len(answer):
            return message("values.length", wanted=len(model), got=len(answer))
        if all(map(_equal, model, reversed(answer))):
            return message("values.reversed")
        right = next(k for k, pair in enumerate(zip(model, answer)) if not _equal(*pair))
        key = "values.first_wrong" if right else "values.begin_wrong"
        return message(key, place=right + 1)
    return message("values.kind", wanted=_kind(model), got=describe(answer))


def _kind(model: Any) -> str:
    kinds = {str: "text", tuple: "tuple", list: "list"}
    return message(f"values.kinds.{kinds.get(type(model), 'number')}")
