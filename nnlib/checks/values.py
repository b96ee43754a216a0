"""Exercises whose answer is a value: a number, a word, a shape, an order of lines.

In `exercises/notebook_NN.py`, one line makes such an exercise, and `returns` names its entries:

    value_exercise("halfway_bias", "00", -1.5)
    value_exercise("flat_shapes", "02", [(5, 6), (40, 6), (40, 1)], returns=("W1", "a2", "z3"))

An answer that is computed can be given as a function without arguments, such as
`lambda: 6 / 3`: then small slips in it are tried as well, such as a division upside down.

The notebook's stub is `halfway_bias = ...` (or a list of dots), and its check
`check("halfway_bias")` without an assignment. A number may be off by half a percent, a list may be
given for a tuple, and spaces in a text don't count. A wrong value that you expect has a sentence of
its own in `exercises/notebook_NN.toml`, with `value = 1.5`; any other gets one of the general
sentences in messages.toml, under [values].
"""

import math
from contextlib import suppress
from numbers import Real
from typing import Any

import numpy as np

from nnlib.checks.compare import describe, safe_repr
from nnlib.checks.exercise import Exercise
from nnlib.checks.feedback import Feedback, joined, message, table
from nnlib.checks.mutations import Source, slip_says

TOLERANCE = 0.005  # of a number that somebody types
SLIPS = ("brackets", "sign", "function", "power", "extra", "operator", "sides", "extra_call")
CHANGES = {  # what was done to the right number, by what undoes it
    key: eval(f"lambda value: {code}", vars(math))
    for key, code in table("numbers", "transformations").items()
}


def feedback(exercise: Exercise, answer: Any) -> Feedback:
    """Return the Feedback on a value: right, a known wrong one, or how it differs."""
    model, name = exercise.answer, exercise.name
    if answer is None or has_dots(answer):
        return Feedback("todo", message("values.todo", name=name))
    try:
        if _equal(model, answer):
            return Feedback("right", message("values.right"))
        known = [mistake.says for mistake in exercise.mistakes if _equal(mistake.made, answer)][:1]
        found = Feedback("wrong", *(known or _difference(exercise, answer)))
        found.mistakes, found.share = known, _share(model, answer)
        return found
    except Exception:  # an object that can't even be compared
        return Feedback("wrong", message("values.kind", wanted=_kind(model), got=describe(answer)))


def _slips(exercise: Exercise, answer: Any) -> list[str]:
    """The slips in how the value is computed that give this one, in sentences."""
    source = Source.of(exercise.how) if exercise.how else None
    model, many = exercise.answer, isinstance(exercise.answer, tuple)
    if source is None or (many and (np.ndim(answer) != 1 or len(answer) != len(model))):
        return []
    edits = [edit for edit in source.edits() if edit.kind in SLIPS]
    made = []
    for edit in edits:
        with suppress(Exception), np.errstate(all="ignore"):
            made.append((edit, source.compiled(edit)()))
    pairs = zip(model, answer) if many else [(model, answer)]
    said: dict[str, str] = {}
    for k, (right, given) in enumerate(pairs):
        if _equal(right, given):
            continue
        found = [edit for edit, value in made if _equal(value[k] if many else value, given)]
        if not found:
            return []
        says = slip_says(found[0], ())
        said.setdefault(says, message("values.look", name=_name(exercise, k)) if many else "")
    return [text for says, place in said.items() for text in (place, says) if text]


def _name(exercise: Exercise, k: int) -> str:
    returns = exercise.returns
    return joined([returns[k]]) if returns else message("values.place", place=k + 1)


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


def _difference(exercise: Exercise, answer: Any) -> list[str]:
    """How a wrong value differs from the right one, without giving it away."""
    model, got = exercise.answer, describe(answer)
    if isinstance(answer, np.ndarray):
        answer = answer.tolist()
    alone = answer[0] if isinstance(answer, (tuple, list)) and len(answer) == 1 else answer
    if isinstance(model, list) and isinstance(model[0], str) and isinstance(alone, str):
        return [message("values.one_text", wanted=len(model), got=safe_repr(alone))]
    if isinstance(model, (tuple, list)) and isinstance(answer, (tuple, list)):
        if len(model) != len(answer):
            return [message("values.length", wanted=len(model), got=len(answer))]
        return _order(model, answer) or _slips(exercise, answer) or _entries(exercise, answer)
    if isinstance(model, Real) and isinstance(answer, Real) and answer == answer:  # no nan
        key = "values.larger" if answer < model else "values.smaller"
        said = _changes([model], [answer]) or _slips(exercise, answer)
        return said or [message(key, got=f"{answer:g}")]
    if isinstance(model, str) and isinstance(answer, str):
        return [message("values.other", got=safe_repr(answer))]
    return [message("values.kind", wanted=_kind(model), got=got)]


def _changes(model: list, answer: list) -> list[str]:
    """What makes all of some numbers wrong, in sentences: one change, or a wrong sign and one."""
    for keys in [*((key,) for key in CHANGES), *(("negative", key) for key in CHANGES)]:
        with suppress(TypeError, ValueError, ArithmeticError):
            undone = answer
            for key in keys:
                undone = [CHANGES[key](value) for value in undone]
            if _equal(model, undone):
                return [message(f"values.changes.{key.partition('.')[0]}") for key in keys]
    return []


def _order(model: tuple | list, answer: tuple | list) -> list[str]:
    """What is wrong if the answer is in reverse order, perhaps with changes, or only changed."""
    changes, backwards = (_changes([*model], [*answer][::way]) for way in (1, -1))
    if _swapped(model, answer):
        return [message("values.either"), *changes] if changes else [message("values.reversed")]
    return changes or ([message("values.reversed"), *backwards] if backwards else [])


def _entries(exercise: Exercise, answer: tuple | list) -> list[str]:
    """Which entries are wrong, by their names if they have any, and what is wrong with them."""
    model, names = exercise.answer, exercise.returns
    wrong = [k for k, pair in enumerate(zip(model, answer)) if not _equal(*pair)]
    known = [_name(exercise, k) for k in wrong]
    pairs = [(model[k], answer[k]) for k in wrong]
    for name, (m, a) in zip(known, pairs):
        shapes = isinstance(m, tuple), isinstance(a, (tuple, list))
        several = isinstance(a, str) and a.count(",") > str(m).count(",")
        if isinstance(m, str) != isinstance(a, str) or shapes[0] != shapes[1] or several:
            return [message("values.kind_of_entry", name=name, wanted=_kind(m), got=describe(a))]
    changes = _changes([m for m, _ in pairs], [a for _, a in pairs])
    if changes:
        return [message("values.look", name=known[0]), *changes]
    if isinstance(model[0], tuple):
        short = [name for name, (m, a) in zip(known, pairs) if len(m) != len(a)]
        off = [axis for axis, pair in enumerate(zip(*pairs[0])) if not _equal(*pair)]
        if short:
            return [message("values.axes", name=short[0], count=len(model[0]))]
        if len(wrong) == len(off) == 1 and len(model[wrong[0]]) == 2:
            return [message(f"values.axis{off[0]}", name=known[0])]
    if names:
        key = "values.entry" if len(wrong) == 1 else "values.entries"
        key = "values.swapped" if all(_swapped(*pair) for pair in pairs) else key
        return [message(key, names=joined([names[k] for k in wrong]))]
    key = "values.first_wrong" if wrong[0] else "values.begin_wrong"
    return [*_letters(model, answer), message(key, place=wrong[0] + 1)]


def _letters(model: tuple | list, answer: tuple | list) -> list[str]:
    """What is wrong with a choice of texts: one is there twice, or their order."""
    twice = [text for text in answer if isinstance(text, str) and answer.count(text) > 1]
    if twice and len(set(model)) == len(model):
        return [message("values.twice", got=safe_repr(twice[0]))]
    permuted = sorted(map(str, model)) == sorted(map(str, answer))
    return [message("values.permuted")] if permuted else []


def _swapped(model: Any, answer: Any) -> bool:
    """Whether both are shapes, or other sequences, the one the reverse of the other."""
    both = all(isinstance(one, (tuple, list)) for one in (model, answer))
    return both and _equal([*model], [*answer][::-1])


def _kind(model: Any) -> str:
    kinds = {str: "text", tuple: "tuple", list: "list"}
    kind = kinds.get(type(model), "number")
    if kind == "text" and model.isidentifier():
        kind = "letter" if len(model) == 1 else "name"
    return message(f"values.kinds.{kind}")
