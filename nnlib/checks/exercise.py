"""What an exercise is: the right answer, inputs to try it on, and the mistakes that are known."""

from collections.abc import Callable
from functools import cache
from inspect import getsource, signature
from typing import NamedTuple

import numpy as np

from nnlib.checks.slips import edited, slips


class Exercise(NamedTuple):
    """`answer(*case)` is right for each tuple of arguments in `cases`.

    `mistakes` maps words that can follow "when" to what makes the mistake: a function like
    `answer`, or a pair (old, new), an edit of the source of `answer`. `returns` names the values,
    where there are several. `stand_in` goes on in the notebook in the place of a wrong answer, if
    it is not `answer` itself. For each tuple of arguments in `refused` a ValueError is wanted.
    """

    answer: Callable
    cases: tuple
    mistakes: dict
    returns: tuple = ()
    stand_in: Callable | None = None
    refused: tuple = ()

    @property
    def arguments(self):
        """The names of the arguments."""
        return tuple(signature(self.answer).parameters)

    @property
    def returned(self):
        """What the answer's last line returns."""
        return getsource(self.answer).strip().splitlines()[-1].strip().removeprefix("return ")

    def wrong_answers(self):
        """(words, function) of every mistake: first those with words of their own."""
        return _wrong_answers(self.answer, tuple(self.mistakes.items()))


@cache
def _wrong_answers(answer, mistakes):
    made = [
        (words, change if callable(change) else edited(answer, *change))
        for words, change in mistakes
    ]
    return [*made, *slips(answer).items()]


def draws(seed, *shapes):
    """For each tuple of shapes a tuple of standard normal arrays; shape () gives a number."""
    rng = np.random.default_rng(seed)
    return tuple(tuple(rng.standard_normal(shape)[()] for shape in case) for case in shapes)
