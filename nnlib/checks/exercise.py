"""What an exercise is: the right answer, inputs to try it on, and the mistakes that are known."""

from collections.abc import Callable
from functools import cache
from inspect import getsource, signature
from typing import NamedTuple

import numpy as np

from nnlib.checks.compare import flat
from nnlib.checks.slips import edited, slips


class Exercise(NamedTuple):
    """`answer(*case)` is right for each tuple of arguments in `cases(rng)`.

    `cases` draws them from a numpy.random.Generator: always as many, of the same shapes, and such
    that a right answer is right for every draw, in float32 too. What must be exact is a constant.
    `mistakes` maps words that can follow "when" to what makes the mistake: a function like
    `answer`, or a pair (old, new), an edit of the source of `answer`. `returns` names the values,
    where there are several. `stand_in` goes on in the notebook in the place of a wrong answer, if
    it is not `answer` itself. For each tuple of arguments in `refused` a ValueError is wanted.
    """

    answer: Callable
    cases: Callable
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


def draws(rng, *shapes):
    """For each tuple of shapes a tuple of standard normal arrays; shape () gives a number."""
    return tuple(tuple(rng.standard_normal(shape)[()] for shape in case) for case in shapes)


def clear(answer, least, draw, *arguments):
    """The first case `draw(*arguments)` whose answer has no part with all entries below `least`.

    Such a part is what large terms leave when they cancel, and in float32 that is mostly rounding.
    """
    while True:
        case = draw(*arguments)
        if all(np.abs(part).max() >= least for part in flat(answer(*case))):
            return case


def ordered(rng, ranks):
    """Numbers above 0 in the order of `ranks`, from 0 to 9, well apart; inf and nan stay."""
    numbers = np.cumsum(rng.uniform(0.1, 1, 10))
    return np.array([numbers[rank] if np.isfinite(rank) else rank for rank in ranks])


def guesses(rng, m):
    """y_hat and y, each (m, 1); no guess is near its target."""
    y, sign = rng.standard_normal((m, 1)), rng.choice([-1, 1], (m, 1))
    return y + sign * rng.uniform(0.3, 2, (m, 1)), y


def columns(rng, m, n):
    """A table (m, n) of numbers from 1 to 9; those of a column lie apart from each other."""
    steps = np.linspace(0, 1, m)[:, np.newaxis] + rng.uniform(0, 0.4 / m, (m, n))
    return rng.uniform(1, 4, n) + rng.uniform(1, 3.5, n) * rng.permuted(steps, axis=0)
