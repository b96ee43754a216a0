"""Answers to the exercises: is the learner's function right?"""

from copy import deepcopy
from typing import Callable, NamedTuple

import numpy as np


class Exercise(NamedTuple):
    """`reference(*case)` is the right answer for each tuple of arguments in `cases`."""

    reference: Callable
    cases: tuple


EXERCISES = {}


def check(name, function):
    """Print whether `function` answers the exercise `name`; return it if so, else the reference.

    Either way the notebook goes on. ValueError when there is no such exercise.
    """
    if name not in EXERCISES:
        raise ValueError(f"there is no exercise {name!r}; there are {', '.join(EXERCISES)}")
    reference, cases = EXERCISES[name]
    problem = next(filter(None, (_problem(name, reference, function, case) for case in cases)), None)
    print(problem or f"Right: {name} agrees with nnlib on {len(cases)} fresh inputs.")
    return reference if problem else function


def _problem(name, reference, function, case):
    """None where `function` agrees with `reference` on `case`, else one line that says what differs."""
    try:
        got = function(*deepcopy(case))
    except Exception as error:
        return f"Not yet: {name} raised {type(error).__name__}: {error}"
    if got is None or got is ...:
        return f"Not attempted yet: {name} returns nothing so far. The course's own goes on in its place."
    wanted = reference(*case)
    pairs = list(zip(_parts(wanted), _parts(got)))
    if len(_parts(wanted)) != len(_parts(got)):
        return f"Not yet: {name} must return {len(_parts(wanted))} values; got {len(_parts(got))}."
    for want, have in pairs:
        if np.shape(want) != np.shape(have):
            return f"Not yet: {name} must return shape {np.shape(want)}; got {np.shape(have)}."
        if not np.allclose(want, have, rtol=1e-6, atol=1e-9):
            return f"Not yet: for one input {name} must return\n{want}\nand returned\n{have}"
    return None


def _parts(value):
    """The arrays in an answer: those of a tuple or list of several, or the one."""
    return value if isinstance(value, (tuple, list)) else (value,)
