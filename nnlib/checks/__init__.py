"""Exercises that answer back: is the learner's answer right, and if not, what is wrong with it?

`check` tries a function on inputs that the notebook doesn't show. A wrong answer is explained: by a
known mistake, by a repair of the learner's own code that makes it right, or by an example.
"""

import difflib
import functools
import sys
from collections.abc import Callable
from typing import Any

from nnlib import _validation as validation
from nnlib.checks import values
from nnlib.checks.diagnose import MARK, diagnosis
from nnlib.checks.exercise import Exercise, all_exercises
from nnlib.checks.feedback import Feedback, message, shell, show
from nnlib.checks.progress_file import Progress, note_mistakes, note_right
from nnlib.checks.sandbox import Sandbox, Stopped

__all__ = ["check", "grade", "progress"]

_MISSING = object()


def check(name: str, answer: Any = _MISSING) -> Callable | None:
    """Show whether `answer` is right for the exercise `name`; return the function to go on with.

    That is the learner's own function if it is right, else the course's, marked so that no check
    takes it for the learner's. `answer` can be left out: then it is looked up under the exercise's
    name where `check` is called. For an exercise whose answer is a value, the result is None.
    TypeError or ValueError if there is no such exercise.
    """
    return _checked(_exercise(name), answer, sys._getframe(1))[1]


def grade(name: str, points: float) -> tuple[float, Callable | None]:
    """Check the answer to an exercise; return what it's worth, and the function to go on with.

    A right answer is worth all the `points`. If some of the values that it returns are right, it's
    worth their share; half, if all are right but it changes its arguments or accepts some that it
    has to refuse. The course's version under the learner's name is worth 0. The function is the one
    that `check` returns.
    """
    points = validation.as_float(points, "points", at_least=0)
    feedback, function = _checked(_exercise(name), _MISSING, sys._getframe(1))
    return round(points * feedback.share, 2), function


def _checked(exercise: Exercise, answer: Any, frame: Any) -> tuple[Feedback, Callable | None]:
    """Show the Feedback on an answer; return it and the function to go on with."""
    if Sandbox.active:
        raise Stopped("stopped.nested")
    printed = ""
    if answer is _MISSING:
        answer = {**frame.f_globals, **frame.f_locals}.get(exercise.variable, _MISSING)
    if answer is _MISSING:
        feedback = Feedback("todo", message("undefined", name=exercise.variable))
    elif exercise.cases:
        feedback, printed = diagnosis(exercise, answer)
    else:
        feedback = values.feedback(exercise, answer)
    if printed:
        print(printed, end="" if printed.endswith("\n") else "\n")
    _keep(exercise, feedback)
    show(feedback)
    if not exercise.cases:
        return feedback, None
    return feedback, answer if feedback.status == "right" else _course_version(exercise)


def _keep(exercise: Exercise, feedback: Feedback) -> None:
    """Keep what is right and which mistakes were named; add a note if that isn't possible."""
    if feedback.status == "right":
        trouble = note_right(exercise.name)
    else:
        trouble = note_mistakes(exercise.name, feedback.mistakes)
    feedback.notes += [trouble] if trouble else []


@functools.cache
def _course_version(exercise: Exercise) -> Callable:
    """The course's function, marked as such."""
    original = exercise.fallback or exercise.answer

    @functools.wraps(original)
    def course_version(*arguments, **settings):
        return original(*arguments, **settings)

    setattr(course_version, MARK, exercise.name)
    return course_version


def _exercise(name: str) -> Exercise:
    known = all_exercises()
    near = difflib.get_close_matches(name, known) if isinstance(name, str) else []
    return known[validation.as_choice(name, near or known, "name")]


def progress(notebook: str | None = None) -> Progress | None:
    """Show a bar: how many exercises are right in the notebook of that number, such as "04b".

    Without a number, the bar shows the whole course. In a notebook the bar moves when a check is
    passed; elsewhere it is returned.
    """
    by_notebook: dict[str, list[str]] = {}
    for exercise in sorted(all_exercises().values(), key=lambda one: one.notebook):
        by_notebook.setdefault(exercise.notebook, []).append(exercise.name)
    if notebook is not None:
        validation.as_choice(notebook, by_notebook, "notebook")
        by_notebook = {notebook: by_notebook[notebook]}
    bar = Progress(by_notebook)
    return bar.show() if shell() else bar
