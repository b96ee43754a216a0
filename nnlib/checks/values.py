"""Exercises whose answer is a value: a number, a word, a shape, an order of lines.

In `exercises/notebook_NN.py`, one line makes such an exercise, and `returns` names its entries:

    value_exercise("halfway_bias", "00", -1.5)
    value_exercise("flat_shapes", "02", [(5, 6), (40, 6), (40, 1)], returns=("W1", "a2", "z3"))

The notebook's stub is `halfway_bias = ...` (or a list of dots), and its check
`check("halfway_bias", halfway_bias)` without an assignment. A number may be off by half a percent,
a list may be given for a tuple, and spaces in a text don't count.

In `exercises/notebook_NN.toml`, each wrong value that you expect has a sentence of its own:

    [[halfway_bias]]
    value = 1.5
    says = "That's the sum without the bias. Which bias brings it back to 0?"

Such a sentence is whole and starts with a capital letter. It says what the learner did or
overlooked, or asks the question that leads on, and doesn't give the right value away. Any other
wrong value gets one of the general sentences in messages.toml, under [values]: too large, too
small, which entry. There, {got} and other names in braces are filled in, and `backticks` set code.
"""

from numbers import Real
from typing import Any

import numpy as np

from nnlib.checks.compare import describe, safe_repr
from nnlib.checks.exercise import Exercise
from nnlib.checks.feedback import Feedback, joined, message

TOLERANCE = 0.005  # of a number that somebody types


def feedback(exercise: Exercise, answer: Any) -> Feedback:
    """Return the Feedback on a value: right, a known wrong one, or how it differs."""
    model, name = exercise.answer, exercise.name
    if answer is None or has_dots(answer):
        return Feedback("todo", message("values.todo", name=name))
    try:
        if _equal(model, answer):
            return Feedback("right", message("values.right"))
        known = [mistake.says for mistake in exercise.mistakes if _equal(mistake.made, answer)]
        found = Feedback("wrong", known[0]) if known else _difference(exercise, answer)
        found.mistakes, found.share = known[:1], _share(model, answer)
        return found
    except Exception:  # an object that can't even be compared
        return Feedback("wrong", message("values.kind", wanted=_kind(model), got=describe(answer)))


def has_dots(answer: Any) -> bool:
    """Return whether the answer, or an entry of it, is still `...`."""
    return answer is ... or (isinstance(answer, (tuple, list)) and any(map(has_dots, answer)))


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


def _difference(exercise: Exercise, answer: Any) -> Feedback:
    """How a wrong value differs from the right one, without giving it away."""
    model = exercise.answer
    if isinstance(answer, np.ndarray):
        answer = answer.tolist()
    if isinstance(model, (tuple, list)) and isinstance(answer, (tuple, list)):
        return _entries_differ(exercise, answer)
    if isinstance(model, Real) and isinstance(answer, Real) and answer == answer:  # no nan
        key = "values.larger" if answer < model else "values.smaller"
        feedback = Feedback("wrong", message(key, got=f"{answer:g}"))
    elif isinstance(model, str) and isinstance(answer, str):
        feedback = Feedback("wrong", message("values.other", got=safe_repr(answer)))
    else:
        return Feedback("wrong", message("values.kind", wanted=_kind(model), got=describe(answer)))
    feedback.is_named = False
    return feedback


def _entries_differ(exercise: Exercise, answer: tuple | list) -> Feedback:
    """Which entry of a list or tuple is the first wrong one, by its name if it has one."""
    model, names = exercise.answer, exercise.returns
    if len(model) != len(answer):
        return Feedback("wrong", message("values.length", wanted=len(model), got=len(answer)))
    if all(map(_equal, model, reversed(answer))):
        return Feedback("wrong", message("values.reversed"))
    wrong = [k for k, pair in enumerate(zip(model, answer)) if not _equal(*pair)]
    if names:
        named = joined([names[k] for k in wrong])
        key = "values.entry" if len(wrong) == 1 else "values.entries"
        if all(_swapped(model[k], answer[k]) for k in wrong):
            key = "values.swapped"
        return Feedback("wrong", message(key, names=named))
    key = "values.first_wrong" if wrong[0] else "values.begin_wrong"
    feedback = Feedback("wrong", message(key, place=wrong[0] + 1))
    feedback.is_named = False
    return feedback


def _swapped(model: Any, answer: Any) -> bool:
    """Whether both are shapes, or other sequences, the one the reverse of the other."""
    both = all(isinstance(one, (tuple, list)) for one in (model, answer))
    return both and _equal([*model], [*answer][::-1])


def _kind(model: Any) -> str:
    kinds = {str: "text", tuple: "tuple", list: "list"}
    return message(f"values.kinds.{kinds.get(type(model), 'number')}")
