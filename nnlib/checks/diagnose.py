"""Check a learner's function: is it right, and if not, what is wrong with it?

The first round has the same inputs each time, so that the same mistake gets the same words; a
function that is right there is tried on fresh random inputs.
"""

import ast
import dis
import inspect
import re
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from nnlib.checks import dependence, errors, findings
from nnlib.checks.attempt import SEED, Attempt, with_globals
from nnlib.checks.compare import describe, safe_repr
from nnlib.checks.exercise import Exercise, all_exercises
from nnlib.checks.feedback import Feedback, Found, joined, message
from nnlib.checks.findings import wrong
from nnlib.checks.mistakes import Search
from nnlib.checks.mutations import Source
from nnlib.checks.sandbox import Sandbox, Stopped
from nnlib.checks.values import has_dots

ENDLESS = ("constant", "order", "sign", "comparison", "outside_loop", "accumulate")
MARK = "__course_version_of__"  # the attribute of a function that stands in for a learner's


def diagnosis(exercise: Exercise, function: Any) -> tuple[Feedback, str]:
    """Return the Feedback on a learner's function and what it printed."""
    try:
        refused = not_a_candidate(exercise, function)
        return (refused, "") if refused else _diagnosed(exercise, function)
    except Exception as error:  # an object whose every attribute raises, say
        return Feedback("wrong", message("internal", error=type(error).__name__)), ""


def _diagnosed(exercise: Exercise, function: Callable) -> tuple[Feedback, str]:
    forbidden = exercise.forbidden_code() - {getattr(function, "__code__", None)}
    with Sandbox(forbidden) as sandbox:
        for rng in (np.random.default_rng(SEED), np.random.default_rng()):
            attempt = Attempt(exercise, function, rng, sandbox)
            if rng.bit_generator.seed_seq.entropy == SEED:
                printed = attempt.outcomes[0].printed
            feedback = _fault(attempt)
            if feedback:
                return _with_effects(feedback, attempt), printed
        says = message("right", name=exercise.variable, count=len(attempt.cases))
        return _with_effects(Feedback("right", says), attempt), printed


def not_a_candidate(exercise: Exercise, function: Any) -> Feedback | None:
    """What is no function of the learner's: nothing yet, no function, or the course's own."""
    name = exercise.variable
    if function is ... or function is None:
        return Feedback("todo", message("todo", name=name))
    if isinstance(function, BaseException) or not callable(function):
        return Feedback("wrong", message("not_a_function", name=name, got=describe(function)))
    for one in _layers(function):
        if MARK in getattr(one, "__dict__", {}):
            return Feedback("todo", message("course_version", name=name))
        if str(getattr(one, "__module__", "")).partition(".")[0] == "nnlib":
            return Feedback("todo", message("from_nnlib", name=name))
    return None


def _layers(function: Any) -> list:
    """A function and what it wraps: the inside of a partial, a decorator, a method."""
    found = [function]
    while len(found) < 20:
        one = found[-1]
        if isinstance(one, partial):
            found.append(one.func)
        elif inspect.ismethod(one):
            found.append(one.__func__)
        elif "__wrapped__" in getattr(one, "__dict__", {}):
            found.append(one.__wrapped__)
        else:
            break
    return found


def _with_effects(feedback: Feedback, attempt: Attempt) -> Feedback:
    """Add a note about each thing outside itself that the function changed."""
    effects = dict.fromkeys(key for outcome in attempt.outcomes for key in outcome.effects)
    feedback.notes += [message(key, name=attempt.exercise.variable) for key in effects]
    return feedback


def _fault(a: Attempt) -> Feedback | None:
    """What is wrong in one round, or None."""
    if a.is_right:
        feedback = _edited(a) or _accepted_what_to_refuse(a)
        if feedback:
            feedback.share = 0.5
        return feedback
    for finding in (
        _stopped,
        _unfinished_stub,
        _wrong_arguments,
        findings.unfinished,
        findings.nothing_returned,
        findings.in_another_order,
        findings.no_return,
        _mistake,
        dependence.from_notebook,
        findings.incomparable,
        errors.raised,
        findings.transformed,
        findings.scaled,
        findings.cut_off,
        dependence.ignored_arguments,
    ):
        feedback = finding(a)
        if feedback:
            break
    if feedback and finding is findings.incomparable and any(o.error for o in a.outcomes):
        feedback.sentences += errors.raised(a).sentences
    changed = _edited(a)
    feedback = _with_parts(feedback or findings.example(a), a)
    if changed and feedback.status == "wrong":
        feedback.sentences += changed.sentences
        feedback.mistakes = [*feedback.mistakes, *changed.mistakes]
    refused = _accepted_what_to_refuse(a) if feedback.mistakes and a.wrong else None
    feedback.sentences += refused.sentences if refused else []
    return feedback


def _with_parts(feedback: Feedback, a: Attempt) -> Feedback:
    """Say which of several values are right already."""
    names = a.exercise.returns[: a.size]
    if all(isinstance(got, list) for got in a.got) and 0 < len(a.wrong) < a.size and names:
        feedback.share = 1 - len(a.wrong) / a.size
        right = joined([name for k, name in enumerate(names) if k not in a.wrong])
        feedback.sentences.append(message("parts", right=right, wrong=joined(a.names(a.wrong))))
    return feedback


def _stopped(a: Attempt) -> Feedback | None:
    error = a.outcomes[-1].error
    if isinstance(error, SystemExit):
        error = Stopped("stopped.exit")
    if not isinstance(error, Stopped):
        return None
    if error.reason == "stopped.too_slow":
        search = Search(a)
        repair = search.repair([edit for edit in search.edits if edit.kind in ENDLESS])
        if repair:
            return _feedback([search.described(repair)])
    feedback = wrong(error.reason, a)
    source = Source.of(a.function)
    for loop in (n for n in ast.walk(source.tree) if isinstance(n, ast.While)) if source else ():
        names = {n.id for n in ast.walk(loop.test) if isinstance(n, ast.Name)}
        inside = " ".join(map(ast.unparse, loop.body))
        changed = [
            name for name in names if re.search(rf"\b{name}(\[.*\])? *([-+*/]?=[^=]|\.)", inside)
        ]
        if names and not changed and error.reason == "stopped.too_slow":
            details = {"names": joined(sorted(names)), "test": ast.unparse(loop.test)}
            feedback = wrong("stopped.never", a, **details)
    feedback.line, feedback.code = errors.place(a.outcomes[-1].error, a.function)
    return feedback


def _unfinished_stub(a: Attempt) -> Feedback | None:
    """Nothing but `pass` or a docstring, or `...` somewhere in what is returned."""
    value, error, *_ = a.outcomes[0]
    code = getattr(a.function, "__code__", None)
    nothing = {"RESUME", "NOP", "LOAD_CONST", "RETURN_CONST", "RETURN_VALUE", "LOAD_SMALL_INT"}
    empty = code and all(line.opname in nothing for line in dis.get_instructions(code))
    if has_dots(value) or (empty and value is None and error is None):
        return Feedback("todo", message("todo", name=a.exercise.variable))
    return None


def _wrong_arguments(a: Attempt) -> Feedback | None:
    """A function that can't be called with the exercise's arguments."""
    try:
        inspect.signature(a.function).bind(*a.cases[0])
    except TypeError:
        return wrong("arguments", a, arguments=", ".join(a.exercise.arguments))
    except ValueError:
        pass
    return None


def _mistake(a: Attempt) -> Feedback | None:
    """A mistake that explains everything, in a helper or here; or one that explains a part."""
    helper = _wrong_helper(a)
    if helper:
        return wrong("mistakes.own_helper", a, helper=helper)
    search = Search(a)
    certain = search.certain()
    outside = None if certain else dependence.from_notebook(a, dependence.DATA)
    if outside:
        return outside
    found = certain or search.found()
    if found:
        feedback = _feedback(found)
        feedback.sentences += [] if search.is_complete else [message("mistakes.rest")]
        return feedback
    explained = search.explained()
    if not explained:
        return None
    left = [part for part in a.wrong if not any(part in parts for _, parts in explained)]
    more = findings.scaled(a, left) if left else None
    explained += [(Found(more.sentences[0]), left)] if more else []
    feedback = _feedback([one for one, _ in explained])
    names = joined(a.names([part for _, parts in explained for part in parts]))
    key = "mistakes.first" if names else "mistakes.rest"
    if {part for _, parts in explained for part in parts} < {*a.wrong}:
        feedback.sentences.append(message(key, names=names))
    return feedback


def _feedback(found: list[Found]) -> Feedback:
    if len(found) > 1:
        feedback = Feedback(
            "wrong", message("mistakes.two" if len(found) == 2 else "mistakes.several")
        )
        for n, one in enumerate(found, 1):
            code = message("mistakes.at", line=one.line, code=one.code) if one.code else ""
            feedback.sentences.append(f"{n}. {one.says} {code}".strip())
        feedback.mistakes = [one.says for one in found]
        return feedback
    return Feedback("wrong", found[0].says, code=found[0].code, line=found[0].line)


def _wrong_helper(a: Attempt) -> str | None:
    """The name of a function of another exercise that is wrong in the notebook."""
    code = getattr(a.function, "__code__", None)
    for name in code.co_names if code else ():
        mine, helper = a.function.__globals__.get(name), all_exercises().get(name)
        if not callable(mine) or helper is None or helper is a.exercise or not helper.cases:
            continue
        if getattr(mine, "__module__", "").startswith("nnlib") or hasattr(mine, MARK):
            continue
        repaired = with_globals(a.function, **{name: helper.fallback or helper.answer})
        if Attempt(a.exercise, repaired, np.random.default_rng(SEED), a.sandbox).is_right:
            return name
    return None


def _edited(a: Attempt) -> Feedback | None:
    """An argument that was edited in place."""
    names = [a.exercise.arguments[k] for k in sorted({k for o in a.outcomes for k in o.edited})]
    key = "effects.argument" if len(names) == 1 else "effects.arguments"
    return wrong(key, a, argument=joined(names)) if names else None


def _accepted_what_to_refuse(a: Attempt) -> Feedback | None:
    """Arguments that the function has to refuse with a ValueError that shows their shapes."""
    for case in a.exercise.refused:
        outcome = a.sandbox.run(a.function, case)
        shapes = [str(np.shape(argument)) for argument in case]
        details = {"shapes": joined(shapes), "got": safe_repr(outcome.value)}
        if isinstance(outcome.value, BaseException):
            return wrong("refused.not_raised", a)
        if outcome.error is None:
            key = "refused.printed" if outcome.printed else "refused.returned"
            feedback = wrong(key, a, **details)
            others = [a.sandbox.run(a.function, other).error for other in a.exercise.refused]
            if any(isinstance(error, ValueError) for error in others):
                feedback.sentences.append(message("refused.some"))
            return feedback
        if isinstance(outcome.error, AssertionError):
            return wrong("refused.assert", a)
        if not isinstance(outcome.error, ValueError):
            return wrong("refused.error", a, error=type(outcome.error).__name__, **details)
        missing = [shape for shape in shapes if shape not in str(outcome.error)]
        if missing and "{" in str(outcome.error):
            return wrong("refused.braces", a)
        if missing:
            return wrong("refused.message", a, missing=joined(missing), **details)
    return None
