"""What can be said about a wrong answer without knowing the mistake: its kind, its shape, a factor.

Each finding takes an Attempt and returns a Feedback, or None if it has nothing to say.
"""

import ast
import inspect
from collections.abc import Callable, Iterator
from itertools import permutations
from typing import Any

import numpy as np

from nnlib.checks.attempt import Attempt
from nnlib.checks.compare import (
    ComparisonError,
    describe,
    gaps,
    is_several,
    safe_repr,
    wrong_dtype,
)
from nnlib.checks.feedback import Feedback, joined, message, table
from nnlib.checks.mutations import Source
from nnlib.checks.sandbox import Outcome

SHOWN_ENTRIES = 12  # an array with more entries is shown by its shape


def wrong(key: str, attempt: Attempt, **details: Any) -> Feedback:
    """Return the Feedback of a wrong answer with the sentence of that key."""
    return Feedback("wrong", message(key, name=attempt.exercise.variable, **details))


def in_another_order(a: Attempt) -> Feedback | None:
    """The right values in another order, or in two lists or a flat one instead of in pairs."""
    for arrange in _orders(a):
        if a.agrees(a.wanted, _arranged(a, arrange)):
            return wrong("kind.order", a)
    model = a.models[0]
    if isinstance(model, list) and all(isinstance(pair, tuple) for pair in model):
        for arrange in (lambda v: [*zip(*v)], lambda v: [*zip(v[::2], v[1::2])]):
            if a.agrees(a.wanted, _arranged(a, arrange)):
                return wrong("kind.pairs", a)
    return None


def _orders(a: Attempt) -> list[Callable]:
    """All orders of several values, as functions that put them in order."""
    model, values = a.models[0], [outcome.value for outcome in a.outcomes]
    several = is_several(model) and not isinstance(model, dict)
    if not several or any(type(v) not in (tuple, list) or len(v) != len(model) for v in values):
        return []
    return [lambda v, o=order: [v[i] for i in o] for order in permutations(range(len(model)))]


def _arranged(a: Attempt, arrange: Callable) -> list:
    """What the answers hold if their values are put in order."""
    found = []
    for k, outcome in enumerate(a.outcomes):
        try:
            found.append(a.parts(k, Outcome(arrange(outcome.value))))
        except (TypeError, ValueError) as error:
            found.append(error)
    return found


def nothing_returned(a: Attempt) -> Feedback | None:
    """None in every case: a missing `return`, or a `print` in its place."""
    if a.models[0] is None or any(o.value is not None or o.error for o in a.outcomes):
        return None
    printed = any(outcome.printed for outcome in a.outcomes)
    return wrong("kind.printed" if printed else "kind.nothing", a)


def no_return(a: Attempt) -> Feedback | None:
    """None in some cases, because the function gets to its end."""
    source, values = Source.of(a.function), [outcome.value for outcome in a.outcomes]
    ends = [k for k, o in enumerate(a.outcomes) if o.value is None and not o.error]
    nodes = (
        [node for node in ast.walk(source.tree) if isinstance(node, ast.Return)] if source else []
    )
    said = any(node.value is None or ast.unparse(node.value) == "None" for node in nodes)
    if not source or not ends or len(ends) == len(values) or said:
        return None
    feedback = wrong("kind.no_return", a)
    feedback.rows = [*inputs(a, ends[0]), (message("example.right"), _input(a.models[ends[0]]))]
    return feedback


def unfinished(a: Attempt) -> Feedback | None:
    """A coroutine or a generator, which has not computed anything yet."""
    value = a.outcomes[0].value
    if inspect.iscoroutine(value) or inspect.isasyncgen(value):
        return wrong("kind.asynchronous", a)
    if inspect.isgenerator(value) or type(value) in (zip, map, filter, range, reversed, enumerate):
        return wrong("kind.generator", a, type=type(value).__name__)
    return None


def incomparable(a: Attempt) -> Feedback | None:
    """Not the right number of values, or no numbers."""
    for k, got in enumerate(a.got):
        if isinstance(got, ComparisonError):
            for arrange in _orders(a):
                if all(isinstance(parts, list) for parts in _arranged(a, arrange)):
                    return wrong("kind.values_order", a)
            inside = got.key == "kind.count" and got.details["got"] != describe(got.value)
            feedback = wrong("kind.inside" if inside else got.key, a, **got.details)
            returns = a.exercise.returns
            if got.key == "kind.count" and len(returns) == len(a.models[k]):
                feedback.sentences.append(message("kind.these", names=joined(list(returns))))
            feedback.rows = inputs(a, k)
            if not is_several(a.models[k]) and not isinstance(a.models[k], np.ndarray):
                feedback.rows.append((message("example.right"), _input(a.models[k])))
            return feedback
    return None


# ------------------------------------------------------------------ what was done to the answer


def transformed(a: Attempt) -> Feedback | None:
    """The right answer transposed, negated, rounded, cut off, in another shape, …"""
    for key, change in TRANSFORMATIONS.items():
        changed = [[_applied(change, part) for part in answer] for answer in a.wanted]
        found = [k for k in a.wrong if _gives(a, k, changed)]
        if found:
            return wrong(f"transformed.{key}", a, what=_what(a, found))
    for part in a.wrong:
        pairs = [(w[part], g[part]) for w, g in zip(a.wanted, a.got) if isinstance(g, list)]
        if pairs and all(a.same(w.ravel(), g.ravel()) for w, g in pairs):
            model, got = next(pair for pair in pairs if pair[0].shape != pair[1].shape)
            what = _what(a, [part])
            return wrong("transformed.shape", a, what=what, wanted=model.shape, got=got.shape)
        varies = len({g.tobytes() for _, g in pairs}) > 1
        if varies and any(wrong_dtype(*pair) for pair in pairs):
            return wrong("kind.dtype", a, what=_what(a, [part]), **_dtypes(pairs))
    return None


def _dtypes(pairs: list) -> dict:
    model, got = next(pair for pair in pairs if wrong_dtype(*pair))
    words = table("got.dtypes")
    return {"wanted": words[model.dtype.kind], "got": words[got.dtype.kind]}


def _applied(change: Callable, part: np.ndarray) -> np.ndarray:
    try:
        return np.asarray(change(part)) if part.size else part
    except (ValueError, TypeError):
        return np.asarray(np.nan)


def _gives(a: Attempt, part: int, answers: list) -> bool:
    pairs = [(x[part], g[part]) for x, g in zip(answers, a.got) if isinstance(g, list)]
    return bool(pairs) and all(a.same(*pair) for pair in pairs)


def _what(a: Attempt, parts: list[int]) -> str:
    """The wrong parts by their names, or "your answer"."""
    names = a.names(parts)
    return joined(names) if names and len(parts) < a.size else message("places.answer")


TRANSFORMATIONS = {
    key: eval(f"lambda part: {code}", {"np": np})
    for key, code in table("arrays", "transformations").items()
}


def scaled(a: Attempt, parts: list[int] | None = None) -> Feedback | None:
    """One factor on the right answer, the same for every input, or a size of one."""
    factors = {part: _factors(a, part) for part in parts or a.wrong}
    found = [p for p, some in factors.items() if some is not None]
    for part in found:
        for name, sizes in _sizes(a):
            for key, power in (("size", 1), ("share", -1)):
                if np.allclose(factors[part], sizes**power) and len(set(sizes)) > 1:
                    return wrong(f"scaled.{key}", a, what=_what(a, [part]), size=name)
    found = [p for p in found if np.allclose(factors[p], factors[found[0]][0], rtol=1e-4)]
    if not found:
        return None
    return wrong("scaled.number", a, what=_what(a, found), factor=f"{factors[found[0]][0]:.4g}")


def _sizes(a: Attempt) -> Iterator[tuple[str, np.ndarray]]:
    """The sizes of the arguments, as code, and what they are in each case."""
    cases = [case for case, got in zip(a.cases, a.got) if isinstance(got, list)]
    for k, name in enumerate(a.exercise.arguments):
        shapes = [getattr(case[k], "shape", ()) if k < len(case) else () for case in cases]
        for axis, sizes in enumerate(zip(*shapes)):
            yield f"{name}.shape[{axis}]", np.array(sizes, dtype=float)


def _factors(a: Attempt, part: int) -> np.ndarray | None:
    """got = factor · wanted for each case, or None if it is no factor."""
    factors = []
    for model, got in zip(a.wanted, a.got):
        if not isinstance(got, list):
            continue
        w, g = model[part].astype(float), got[part].astype(float)
        if w.shape != g.shape or not (np.isfinite(g).all() and np.isfinite(w).all() and w.any()):
            return None
        factors.append((g * w).sum() / (w * w).sum())
        if not factors[-1] or not a.same(w * factors[-1], g):
            return None
    return np.array(factors) if factors else None


def cut_off(a: Attempt) -> Feedback | None:
    """Right where it is small, and one constant where it should be larger (or the reverse)."""
    for part in a.wrong:
        pairs = [(w[part], g[part]) for w, g in zip(a.wanted, a.got) if isinstance(g, list)]
        if not pairs or any(w.shape != g.shape for w, g in pairs):
            continue
        w, g = (np.concatenate([np.ravel(x) for x in side]).astype(float) for side in zip(*pairs))
        off = gaps(w, g, a.exercise.tolerance) > 1
        limits = np.unique(np.round(g[off], 9))
        if off.sum() >= 2 and len(limits) == 1 and (np.abs(g[~off] - limits[0]) > 1e-9).sum() >= 2:
            above, below = np.all(w[off] > limits[0]), np.all(w[off] < limits[0])
            rest = w[~off]
            if (above and np.all(rest <= limits[0])) or (below and np.all(rest >= limits[0])):
                limit = f"{limits[0]:.6g}"
                return wrong("transformed.cut_off", a, what=_what(a, [part]), limit=limit)
    return None


# ------------------------------------------------------------------------------------- an example


def example(a: Attempt) -> Feedback:
    """The smallest input for which the answer is wrong, what was returned, and what is right."""
    failing = [k for k in range(len(a.got)) if a.shown(k)]
    if not failing:
        return wrong("example.unknown", a)
    k = min(failing, key=lambda k: _size(a.cases[k]))
    part = a.shown(k)[0]
    model, got = a.wanted[k][part], a.got[k][part]
    feedback = wrong("example.wrong", a, what=_what(a, [part]))
    feedback.mistakes = []
    feedback.rows = inputs(a, k)
    if model.shape != got.shape:
        feedback.sentences.append(message("example.shape", wanted=model.shape, got=got.shape))
    else:
        off = gaps(model, got, a.exercise.tolerance) > 1
        digits = 6 if _array(got, off) != _array(model, off) else 12
        feedback.rows += [
            (message("example.yours"), _array(got, off, digits)),
            (message("example.right"), _array(model, off, digits)),
        ]
    if got.dtype.kind == "f" and not np.isfinite(got).all() and np.isfinite(model).all():
        feedback.sentences.append(message("example.not_finite", value=got[~np.isfinite(got)][0]))
    right = len(a.got) - len(failing)
    if right:
        feedback.sentences.append(message("example.sometimes", right=right, count=len(a.got)))
    return feedback


def inputs(a: Attempt, k: int) -> list[tuple[str, str]]:
    """Return the arguments of a case as rows: names and values, or shapes if they are large."""
    return [(name, _input(value)) for name, value in zip(a.exercise.arguments, a.cases[k])]


def _input(value: Any) -> str:
    if isinstance(value, np.ndarray):
        few = value.size <= SHOWN_ENTRIES
        return _array(value) if few else message("example.array", shape=value.shape)
    if isinstance(value, (float, np.floating)):
        return f"{value:.4g}"
    if inspect.isroutine(value):
        return message("example.function")
    if isinstance(value, np.random.Generator):
        return message("example.generator")
    text = safe_repr(value, 70)
    return text if not text.endswith("…") and "array(" not in text else describe(value)


def _array(array: np.ndarray, marked: np.ndarray | None = None, digits: int = 6) -> str:
    """An array on one line; entries that are marked stand between > and <."""
    if array.ndim == 0:
        return f"{float(array):.{digits}g}"
    if array.size > SHOWN_ENTRIES and marked is not None:
        entry = tuple(int(i) for i in np.argwhere(marked)[0])
        return message("example.entry", entry=list(entry), value=_array(array[entry], None, digits))
    if array.ndim > 1:
        marks = [None] * len(array) if marked is None else marked
        rows = [_array(*pair, digits) for pair in zip(array, marks)]
        return f"[{', '.join(rows)}]"
    numbers = [_array(number, None, digits) for number in array]
    if marked is not None and not marked.all():
        numbers = [f">{text}<" if mark else text for text, mark in zip(numbers, marked)]
    return f"[{', '.join(numbers)}]"


def _size(case: tuple) -> int:
    return sum(argument.size for argument in case if isinstance(argument, np.ndarray))
