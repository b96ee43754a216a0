"""What is wrong with an answer, in words: from the certain over the likely to a plain example."""

import dis
import math
from copy import deepcopy
from itertools import permutations
from time import perf_counter
from types import CodeType

import numpy as np

from nnlib.checks.compare import Misfit, flat, gaps, parts, same, several, whole
from nnlib.checks.rehearsal import never_returns
from nnlib.checks.trial import Outcome, TooSlow, place, quiet, run

SECONDS = 5  # that a learner's function may take for all inputs together
SEED = 0  # of the first round's inputs, so that the same mistake gets the same words


class Answers:
    """What a learner's function gives for every input drawn from `rng`, beside what is right.

    `wanted[k]` and `got[k]` are the parts of the answers to case k, arrays all of them; where other
    cases have more parts, empty ones stand for the rest. Where the function gave nothing to
    compare, `got[k]` is a line that says why.
    """

    def __init__(self, name, exercise, function, *, rng, until, echo):
        self.name, self.exercise, self.function = name, exercise, function
        self.cases = exercise.cases(rng)
        with quiet():
            self.models = [exercise.answer(*deepcopy(case)) for case in self.cases]
        wanted = [[np.asarray(part) for part in flat(model)] for model in self.models]
        self.most = max(map(len, wanted))
        self.wanted = [self.filled(answer) for answer in wanted]
        self.outcomes = _tried(function, self.cases, until, echo)
        self.got = [self.compared(k, outcome) for k, outcome in enumerate(self.outcomes)]
        self.wrong = [k for k in range(self.most) if not self.explains(k, self.wanted)]

    def filled(self, answer):
        """The parts of an answer, with empty ones up to the number that the longest has."""
        return answer + [np.empty(0)] * (self.most - len(answer))

    def compared(self, k, outcome):
        """The parts of an answer to case k, or a line that says why there are none."""
        got = _compared(self.models[k], outcome)
        return got if isinstance(got, str) else self.filled(got)

    def explains(self, part, answers):
        """Whether one part of what was got is that of `answers`, for every case that has one."""
        pairs = [(a[part], b[part]) for a, b in zip(answers, self.got) if isinstance(b, list)]
        return all(same(*pair) for pair in pairs)

    def called(self, wrong):
        """The names of some parts, as messages say them: `dW1` and `db1`."""
        names = [f"`{self.exercise.returns[k]}`" for k in wrong] if self.exercise.returns else []
        return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]])) or "the answer"


def fault(name, exercise, function):
    """None if the function is right, else the line that says what is wrong with it.

    The first round has the same inputs each time; what is right there meets fresh ones in a second.
    """
    if function is ...:
        return NOT_ATTEMPTED.format(name)
    if not callable(function):
        return f"Not yet: {name} is no function but {type(function).__name__}. Run its cell again."
    with quiet():
        if never_returns(function, exercise.cases(np.random.default_rng(SEED))[0], SECONDS):
            return NEVER_RETURNS.format(name)
    tried, until = (name, exercise, function), perf_counter() + SECONDS
    rngs = np.random.default_rng(SEED), np.random.default_rng()
    rounds = (
        Answers(*tried, rng=rng, until=until, echo=rng is rngs[0])  # prints are shown once
        for rng in rngs
    )
    return next(filter(None, map(_diagnosis, rounds)), None)


def _diagnosis(answers):
    """What is wrong in one round, or None."""
    if _agree(answers.wanted, answers.got):
        line = edited(answers) or not_refused(answers)
        return line and f"Not yet: {line}"
    for finding in FINDINGS:
        words = finding(answers)
        if words:
            return words if words.startswith("Not attempted") else f"Not yet: {words}"
    raise AssertionError("a wrong answer always has a counter-example")


NEVER_RETURNS = (
    "Not yet: {} never came back from one of its calls and was stopped. Does that call ever end? "
    "Does what it makes fit into the memory?"
)
NOT_ATTEMPTED = "Not attempted yet: {} returns nothing; the course's own stands in for it."


def _tried(function, cases, until, echo):
    outcomes = []
    for case in cases:
        outcomes.append(run(function, case, until=until, echo=echo and not outcomes))
        if isinstance(outcomes[-1].error, TooSlow):
            break
    return outcomes


def _compared(model, outcome):
    """The parts of an answer that was got, or a line that says why there are none."""
    if outcome.error is not None:
        return type(outcome.error).__name__
    try:
        return parts(model, outcome.value)
    except Misfit as misfit:
        return str(misfit)


# ----------------------------------------------------------------- the findings, in their order


def too_slow(a):
    error = a.outcomes[-1].error
    if isinstance(error, TooSlow):
        where = _line(error, a.function)
        return f"{a.name} ran for {SECONDS} s and was stopped{where}. Does its loop ever end?"
    return None


def not_attempted(a):
    value, error, *_ = a.outcomes[0]
    values = value if isinstance(value, (tuple, list)) and value else (value,)
    empty = value is None and error is None and _is_empty(a.function)
    if empty or all(part is ... for part in values):
        return NOT_ATTEMPTED.format(a.name)
    return None


def _is_empty(function):
    """Whether there is nothing in a function but `pass` or a docstring."""
    code = getattr(function, "__code__", None)
    nothing = {"RESUME", "NOP", "LOAD_CONST", "RETURN_CONST", "RETURN_VALUE"}
    return code is not None and all(line.opname in nothing for line in dis.get_instructions(code))


def edited(a):
    for outcome in a.outcomes:
        for k in outcome.edited:
            return (
                f"{a.name} edits its argument `{a.exercise.arguments[k]}` in place, and that "
                "belongs to whoever called it. Make a new array and return that."
            )
    return None


def not_refused(a):
    """The first arguments that the function takes and should not."""
    until = perf_counter() + SECONDS
    for case in a.exercise.refused:
        outcome = run(a.function, case, until=until)
        if isinstance(outcome.error, (ValueError, AssertionError)):
            continue
        if outcome.error:
            what = f"{a.name} raised {type(outcome.error).__name__} for {_inputs(a, case)}."
            return f"{what} A ValueError is wanted there, with the shapes in its message."
        what = f"{a.name} returns {outcome.value} for {_inputs(a, case)}."
        return (
            f"{what} These do not belong together, and this is what to refuse: raise a ValueError."
        )
    return None


def returned_nothing(a):
    silent = [k for k, out in enumerate(a.outcomes) if out.value is None and out.error is None]
    if not silent or a.models[silent[0]] is None:
        return None
    if len(silent) < len(a.cases):
        return None
    if any(outcome.printed for outcome in a.outcomes):
        return f"{a.name} prints its answer and returns None. `return` hands it to the caller."
    return f"{a.name} returns None. Does its last line begin with `return`?"


def reordered(a):
    model, values = a.models[0], [outcome.value for outcome in a.outcomes]
    if not several(model) or not all(
        isinstance(value, (tuple, list)) and len(value) == len(model) for value in values
    ):
        return None
    for order in permutations(range(len(model))):
        moved = [Outcome([value[k] for k in order]) for value in values]
        if _agree(a.wanted, [_compared(*pair) for pair in zip(a.models, moved)]):
            return (
                f"{a.name} returns the right values in another order. "
                f"Wanted: {a.exercise.returned}."
            )
    return None


def _agree(wanted, got):
    """Whether all parts of all answers are there and right."""
    return all(
        isinstance(answer, list) and all(map(same, right, answer))
        for right, answer in zip(wanted, got)
    )


def known_mistake(a):
    """The mistake that gives what was got: the most of the wrong parts, then of all parts."""
    everything = list(range(a.most))
    if all(outcome.error for outcome in a.outcomes):
        return None
    # Where all that was got is right, but for some inputs nothing: only a known mistake will do.
    mistakes = a.exercise.wrong_answers()
    mistakes = mistakes if a.wrong else mistakes[: len(a.exercise.mistakes)]
    wrong = a.wrong or everything
    # The cases that show most come first, so that nearly all functions are out after one call.
    order = sorted(range(len(a.cases)), key=lambda k: -len(_shown(a, k)))
    best, said = [], ""
    for words, function in mistakes:
        alike = _alike(a, function, order, wrong)
        if _score(alike, wrong) > _score(best, wrong):
            best, said = alike, words
            if alike == everything:
                break
    found = [part for part in best if part in wrong]
    if not found:
        return None
    rest = "" if found == wrong else " That comes first; the rest after it."
    return f"this is what {_given(a, found)} when {said}{'' if said[-1] in '.?' else '.'}{rest}"


def _score(alike, wrong):
    return sum(part in wrong for part in alike), len(alike)


def _alike(a, function, order, wrong):
    """The parts that `function` gives as the learner's does in every case; it fails with it."""
    left = list(range(a.most))
    for k in order:
        theirs = a.compared(k, run(function, a.cases[k]))
        if isinstance(theirs, str) or isinstance(a.got[k], str):
            left = left if theirs == a.got[k] else []
        else:
            left = [part for part in left if same(theirs[part], a.got[k][part])]
        if not any(part in wrong for part in left):
            return []
    return left


def _given(a, found):
    """Which of its values a function gives, in words."""
    if len(found) == a.most:
        return f"{a.name} gives"
    return f"{a.called(found)} of {a.name} {'are' if a.exercise.returns and found[1:] else 'is'}"


def _shown(a, k):
    """The parts that are wrong in case k."""
    if isinstance(a.got[k], str):
        return []
    return [part for part in a.wrong if not same(a.wanted[k][part], a.got[k][part])]


def from_memory(a):
    """Arrays that the function reads from the notebook, past its arguments."""
    code = getattr(a.function, "__code__", None)
    known = getattr(a.function, "__globals__", {})
    for name in _globals(code) if code else ():
        if isinstance(known.get(name), (np.ndarray, list, tuple)):
            return (
                f"{a.name} reads `{name}` from the notebook's memory, so it always answers for "
                "the same data. Everything has to come in through its arguments."
            )
    return None


def _globals(code):
    for instruction in dis.get_instructions(code):
        if instruction.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
            yield instruction.argval
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _globals(constant)


def cannot_be_compared(a):
    """Not the wanted number of values, or no numbers at all."""
    for got, outcome, case in zip(a.got, a.outcomes, a.cases):
        if isinstance(got, str) and outcome.error is None:
            names = f" Wanted: {a.exercise.returned}." if several(a.models[0]) else ""
            return f"{a.name} {got}, for {_inputs(a, case)}.{names}"
    return None


def raised(a):
    for outcome, case in zip(a.outcomes, a.cases):
        error = outcome.error
        if error is None:
            continue
        where = _line(error, a.function)
        if isinstance(error, TypeError) and not where and "argument" in str(error):
            return f"{a.name} must take its arguments as ({', '.join(a.exercise.arguments)})."
        kinds = (words for kind, words in ADVICE.items() if isinstance(error, kind))
        advice = next((words for text, words in SAYINGS.items() if text in str(error)), "")
        advice = advice or next(kinds, "")
        what = f"{type(error).__name__}: {error}".strip().rstrip(".:")
        return f"{a.name} raised {what}{where}, for {_inputs(a, case)}.{advice}"
    return None


POWER = " `^` is no power in Python. A square is `** 2`."
SAYINGS = {
    "truth value of an array": " `and`, `or`, `if` and `max` want one truth; `&`, `|`, `np.where` "
    "and `np.maximum` go entry by entry.",
    "ufunc 'bitwise_xor'": POWER,
    "for ^: ": POWER,
    "ufunc 'bitwise_": " `&` and `|` bind tighter than `==`: put each comparison in brackets.",
}
ADVICE = {
    UnboundLocalError: " It has no value there yet: an `if` that never held, or a line too early?",
    NameError: " What it needs must come in through its arguments or be made inside.",
    RecursionError: " It calls itself, again and again.",
    TypeError: " Does each step take what comes in here?",
    ValueError: " Write the shape of each array beside that line.",
    IndexError: " Not every input is as long as that line takes it to be.",
}


def _line(error, function):
    found = place(error, function)
    return f" in line {found[0]}{f', `{found[1]}`' * bool(found[1])}" if found else ""


def transformed(a):
    for words, change in TRANSFORMATIONS.items():
        with quiet():
            changed = [
                [np.asarray(change(part)) if part.size else part for part in answer]
                for answer in a.wanted
            ]
        found = [k for k in a.wrong if a.explains(k, changed)]
        if found:
            return f"{_given(a, found)} right, but {words}".replace("gives right", "is right")
    flat_right = [[part.ravel() for part in answer] for answer in a.wanted]
    for k in a.wrong:
        pairs = [(w[k], g[k]) for w, g in zip(flat_right, a.got) if isinstance(g, list)]
        if all(same(w, g.ravel()) for w, g in pairs):
            shapes = next(
                f"{want[k].shape} is wanted, {got[k].shape} returned"
                for want, got in zip(a.wanted, a.got)
                if isinstance(got, list) and want[k].shape != got[k].shape
            )
            return f"{a.called([k])} of {a.name} has the right numbers in another shape: {shapes}."
    return None


TRANSFORMATIONS = {
    "transposed: rows and columns are swapped. Look at its shape.": np.transpose,
    "of the opposite sign. Where could a minus be missing?": np.negative,
    "summed up to one number. One for each entry is wanted.": np.sum,
    "averaged to one number. One for each entry is wanted.": np.mean,
    "as a (1, 1) array. One plain number is wanted.": lambda part: (
        part.reshape(1, 1) if part.ndim == 0 else np.nan
    ),
    "as an array of shape (1,). One plain number is wanted.": lambda part: (
        part.reshape(1) if part.ndim == 0 else np.nan
    ),
    "squared. Is there a square too much?": np.square,
    "with the square root taken. Is there a root too much?": np.sqrt,
    "without its sign. Is there an `abs` too much?": np.abs,
    "taken from 1. Is there a `1 -` too much?": lambda part: 1 - part,
    "upside down. Is there a division the wrong way round?": np.reciprocal,
    "cut down to whole numbers. Are there whole numbers where floats are wanted?": np.trunc,
    **{
        f"rounded to {digits} decimals. Return all of them.": lambda part, d=digits: part.round(d)
        for digits in range(5)
    },
}


def whole_numbers(a):
    """Whole numbers where the right answer has floats."""
    pairs = [pair for want, got in zip(a.wanted, a.got) if isinstance(got, list)
             for pair in zip(want, got)]  # fmt: skip
    if not any(whole(*pair) for pair in pairs):
        return None
    return (
        f"{a.name} returns whole numbers where floats are wanted. An array of whole numbers cuts "
        "off the decimals of all that is written into it: begin with 0.0, or with `dtype=float`."
    )


def scaled(a):
    """A factor on the right answer, and where it may come from."""
    found = [k for k in a.wrong if _factors(a, k) is not None]
    if not found:
        return None
    factors = _factors(a, found[0])
    found = [k for k in found if np.allclose(_factors(a, k), factors, rtol=1e-4)]
    sizes = {"": np.ones(len(a.cases))}
    for position, name in enumerate(a.exercise.arguments):
        shapes = [np.shape(case[position]) for case in a.cases]
        if all(len(shape) == 2 for shape in shapes):
            for what, count in zip(("rows", "columns"), np.transpose(shapes)):
                sizes[f"the number of {what} of `{name}`"] = count
        sizes[f"the number of entries of `{name}`"] = np.array([*map(math.prod, shapes)])
    for words, size in sizes.items():
        for power in (1, -1, -2, 2):
            rest = factors / size[_answered(a)] ** float(power)
            if words and (np.all(size == 1) or not np.all(size)):
                continue
            if np.allclose(rest, rest[0], rtol=1e-4):
                return f"{a.called(found)} of {a.name}: {_times(rest[0], words, power)}"
            if not words:
                break
    return None


def _answered(a):
    return [k for k, got in enumerate(a.got) if isinstance(got, list)]


def _times(factor, words, power):
    number = f"{factor:.4g}"
    plain = {"2": "twice", "0.5": "half", "-1": "minus"}.get(number, f"{number} times")
    if not words:
        return f"{plain} what is wanted, for every input. Which factor is too much, or missing?"
    verb = "multiplied" if power > 0 else "divided"
    often = " twice" if abs(power) == 2 else ""
    also = "" if np.isclose(factor, 1) else f", and {plain} that"
    return f"what is wanted, {verb}{often} by {words}{also}. Is that division in the right place?"


def _factors(a, part):
    """got = factor · wanted for each case, as an array; None if it is no factor."""
    factors = []
    for want, got in zip(a.wanted, a.got):
        if isinstance(got, str):
            continue
        want, have = want[part].astype(float), got[part].astype(float)
        if want.shape != have.shape or not np.isfinite(have).all() or not want.any():
            return None
        factors.append((have * want).sum() / (want * want).sum())
        if not factors[-1] or not same(want * factors[-1], have):
            return None
    return np.array(factors) if factors else None


def deaf(a):
    """Arguments that change the right answer and not the learner's."""
    unheard = []
    for k, name in enumerate(a.exercise.arguments):
        heard = [_hears(a, n, k) for n, case in enumerate(a.cases) if len(case) > k]
        if False in heard and True not in heard:
            unheard.append(f"`{name}`")
    if not unheard:
        return None
    if len(unheard) == len(a.exercise.arguments):
        return f"{a.name} gives the same answer whatever comes in. It must use its arguments."
    return f"the answer of {a.name} does not depend on {' and '.join(unheard)}, and it should."


def _hears(a, n, k):
    """Whether the learner's answer to case n changes with argument k; None if none should."""
    case = a.cases[n]
    if not isinstance(case[k], (float, np.ndarray)):
        return None
    other = (*case[:k], case[k] * 0.5 + 0.125, *case[k + 1 :])
    right = Outcome(a.models[n]), run(a.exercise.answer, other)
    mine = a.outcomes[n], run(a.function, other, until=perf_counter() + 1)
    if any(outcome.error for outcome in (*right, *mine)) or _equal(*right):
        return None
    return not _equal(*mine)


def _equal(first, second):
    pairs = zip(flat(first.value), flat(second.value))
    return all(np.array_equal(one, two) for one, two in pairs)


def example(a):
    """The smallest input for which the answer is wrong, and where it is furthest off."""
    failing = [k for k in range(len(a.cases)) if _shown(a, k)]
    k = min(failing, key=lambda k: _size(a.cases[k]))
    part = _shown(a, k)[0]
    want, got = a.wanted[k][part], a.got[k][part]
    start = f"for {_inputs(a, a.cases[k])}, {a.called([part])} of {a.name}"
    good = len(a.cases) - len(failing)
    also = f" It is right for {good} of {len(a.cases)} inputs." if good else ""
    if want.shape != got.shape:
        return f"{start} must have shape {want.shape}; it has shape {got.shape}.{also}"
    if want.ndim == 0:
        return f"{start} must be {want:.6g}; it is {got:.6g}.{also}"
    off = gaps(want, got)
    entry = tuple(int(i) for i in np.unravel_index(np.argmax(off), off.shape))
    return (
        f"{start}, of shape {want.shape}, is furthest off at {list(entry)}: "
        f"{want[entry]:.6g} is wanted, {got[entry]:.6g} is there.{also}"
    )


def _inputs(a, case):
    """The arguments of a case, as they are if they are few numbers, else by their shapes."""
    small = _size(case) <= 8
    return ", ".join(_input(*pair, small) for pair in zip(a.exercise.arguments, case))


def _size(case):
    return sum(argument.size for argument in case if isinstance(argument, np.ndarray))


def _input(name, value, small):
    if isinstance(value, float):
        return f"{name} = {value:.4g}"
    if isinstance(value, np.ndarray) and not small:
        return f"{name} {value.shape}"
    if isinstance(value, np.ndarray):
        return f"{name} = {np.array2string(value, precision=4, separator=', ')}".replace("\n", "")
    short = isinstance(value, (int, tuple, list)) and len(str(value)) < 40
    return f"{name} = {value}" if short else name


FINDINGS = (
    too_slow,
    not_attempted,
    edited,
    returned_nothing,
    reordered,
    known_mistake,
    from_memory,
    cannot_be_compared,
    raised,
    transformed,
    whole_numbers,
    scaled,
    deaf,
    example,
)
