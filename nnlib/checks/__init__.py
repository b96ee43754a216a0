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
from nnlib.checks.progress_file import Progress, note_right
from nnlib.checks.sandbox import Sandbox, Stopped

__all__ = ["check", "progress"]

_MISSING = object()


def check(name: str, answer: Any = _MISSING) -> Callable | None:
    """Show whether `answer` is right for the exercise `name`; return the function to go on with.

    That is the learner's own function if it is right, else the course's, marked so that no check
    takes it for the learner's. `answer` can be left out: then it is looked up under the exercise's
    name where `check` is called. For an exercise whose answer is a value, the result is None.
    TypeError or ValueError if there is no such exercise.
    """
    exercise = _exercise(name)
    if Sandbox.active:
        raise Stopped("stopped.nested")
    if answer is _MISSING:
        frame = sys._getframe(1)
        answer = {**frame.f_globals, **frame.f_locals}.get(exercise.variable, _MISSING)
        if answer is _MISSING:
            show(Feedback("todo", message("undefined", name=exercise.variable)))
            return _course_version(exercise) if exercise.cases else None
    if not exercise.cases:
        _report(exercise, values.feedback(exercise, answer))
        return None
    feedback, printed = diagnosis(exercise, answer)
    if printed:
        print(printed, end="" if printed.endswith("\n") else "\n")
    _report(exercise, feedback)
    return answer if feedback.status == "right" else _course_version(exercise)


def _report(exercise: Exercise, feedback: Feedback) -> None:
    """Show the feedback, and keep what is right."""
    trouble = note_right(exercise.name) if feedback.status == "right" else ""
    feedback.notes += [trouble] if trouble else []
    show(feedback)


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
