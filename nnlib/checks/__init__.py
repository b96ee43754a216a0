"""Exercises that answer back: is the learner's function right, and if not, what is wrong with it?

`check` tries a function on inputs that the notebook does not show: first on the same ones each
time, then on fresh ones. A wrong answer is compared with what every known mistake would give, and
the mistake that fits is named.
"""

import numpy as np

from nnlib import _validation
from nnlib.checks import (
    notebook_00,
    notebook_01,
    notebook_02,
    notebook_03,
    notebook_04,
    notebook_05,
    notebook_06,
    notebook_07,
    notebook_08,
    notebook_09,
    notebook_10,
    record,
)
from nnlib.checks.diagnosis import fault
from nnlib.checks.exercise import Exercise
from nnlib.checks.record import Progress

__all__ = ["EXERCISES", "NOTEBOOKS", "Exercise", "check", "progress"]

NOTEBOOKS = {
    "00": notebook_00.EXERCISES,
    "01": notebook_01.EXERCISES,
    "02": notebook_02.EXERCISES,
    "03": notebook_03.EXERCISES,
    "04": notebook_04.EXERCISES,
    "05": notebook_05.EXERCISES,
    "06": notebook_06.EXERCISES,
    "07": notebook_07.EXERCISES,
    "08": notebook_08.EXERCISES,
    "09": notebook_09.EXERCISES,
    "10": notebook_10.EXERCISES,
}
EXERCISES = {name: one for some in NOTEBOOKS.values() for name, one in some.items()}


def check(name, function):
    """Print whether `function` answers the exercise `name`; return it if so, else the course's own.

    Either way the notebook goes on. The first inputs are the same each time, so that the same
    mistake gets the same words; a function that is right there is tried on fresh random ones, too.
    ValueError when there is no such exercise.
    """
    if not isinstance(name, str) or name not in EXERCISES:
        wanted = f"there is no exercise {_validation.abridged(name, repr)}"
        raise ValueError(f"{wanted}; there are {', '.join(EXERCISES)}")
    exercise = EXERCISES[name]
    problem = fault(name, exercise, function)
    if problem:
        print(problem)
        return exercise.stand_in or exercise.answer
    count = len(exercise.cases(np.random.default_rng()))
    print(f"Right: {name} agrees with nnlib on {count} fresh inputs.")
    record.note(name)
    return function


def progress(notebook):
    """How many exercises are right, in the notebook of that number ("02") and up to it: a bar."""
    if not isinstance(notebook, str) or notebook not in NOTEBOOKS:
        wanted = f"there is no notebook {_validation.abridged(notebook, repr)}"
        raise ValueError(f"{wanted}; there are {', '.join(NOTEBOOKS)}")
    return Progress(notebook, NOTEBOOKS)
