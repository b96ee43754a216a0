"""What an exercise is: the right answer, inputs to try it on, and the mistakes that are known.

An exercise is declared once, in `exercises/notebook_NN.py`, by decorating its answer; its mistakes
stand in the TOML file of the same name. `all_exercises` finds them all.
"""

import functools
import inspect
import pkgutil
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, NamedTuple

import numpy as np

from nnlib import texts
from nnlib.checks.compare import TOLERANCE

PACKAGE = "nnlib.checks.exercises"
_registered: dict[str, "Exercise"] = {}


class Mistake(NamedTuple):
    """A known mistake: its sentence, the function or value that makes it, and its edits.

    `when`: what a learner's source has to hold for the sentence to be true of it.
    """

    says: str
    made: Any
    edits: tuple = ()
    when: str = ""


@dataclass(frozen=True, eq=False)
class Exercise:
    """An exercise whose answer is a function, or a value (then there are no `cases`).

    `answer(*case)` is right for each tuple of arguments in `cases(rng)`, which draws them from a
    numpy.random.Generator: always as many, of the same shapes, and such that a right answer is
    right for every draw, however it is rounded. `returns` names the values, or the entries of one,
    if there are several.
    `fallback` is used in the notebook after a wrong answer, if not `answer` itself. `library` are
    functions of nnlib that would be the answer. For each tuple in `refused` a ValueError that shows
    the arguments' shapes has to be raised. `also`: edits of the answer that are right as well.
    `shared` names a table of mistakes in shared.toml. `indices`: whole numbers are needed.
    `tolerance`: the share of the largest number by which an answer may be off. `how`
    computes a value.
    """

    name: str
    notebook: str
    module: str
    answer: Any
    cases: Callable | None = None
    returns: tuple[str, ...] = ()
    fallback: Callable | None = None
    library: tuple[Callable, ...] = ()
    refused: tuple = ()
    also: tuple[tuple[str, str], ...] = ()
    shared: str = ""
    indices: bool = False
    tolerance: float = TOLERANCE
    how: Callable | None = None

    @property
    def variable(self) -> str:
        """The name that the learner's function has in the notebook."""
        return self.answer.__name__ if self.cases else self.name

    @functools.cached_property
    def arguments(self) -> tuple[str, ...]:
        """The names of the arguments."""
        return tuple(inspect.signature(self.answer).parameters)

    @functools.cached_property
    def mistakes(self) -> list[Mistake]:
        """The known mistakes, from the TOML file beside the exercise's module."""
        items = _each(texts.load(PACKAGE, f"{self.module}.toml").get(self.name, []))
        shared = _each(texts.load(PACKAGE, "shared.toml").get(self.shared, []))
        made = [self._mistake(item, self.module) for item in items]
        return made + [
            self._mistake(item, "shared")
            for item in shared
            if all(old in source_of(self.answer) for old, _ in _pairs(item["edit"]))
        ]

    def _mistake(self, item: dict, stem: str) -> Mistake:
        says, when = item["says"], item.get("when", "")
        if "value" in item:
            return Mistake(says, item["value"])
        if "body" in item:
            return Mistake(says, with_body(self.answer, item["body"]), when=when)
        pairs = _pairs(item["edit"])
        try:
            return Mistake(says, edited(self.answer, pairs), pairs, when)
        except ValueError as error:
            raise ValueError(f"{stem}.toml, {self.name}: {error}") from None

    def forbidden_code(self) -> frozenset:
        """Return the code objects that a learner's function mustn't call: those of the answer."""
        functions = (self.answer, self.fallback or self.answer, *self.library)
        return frozenset(inspect.unwrap(function).__code__ for function in functions)


def exercise(notebook: str, cases: Callable, *, name: str = "", **settings: Any) -> Callable:
    """Return a decorator that registers a function as the answer to an exercise of a notebook."""

    def register(answer: Callable) -> Callable:
        _register(name or answer.__name__, notebook, answer.__module__, answer, cases, **settings)
        return answer

    return register


def value_exercise(name: str, notebook: str, answer: Any, **settings: Any) -> None:
    """Register an exercise whose answer is a number, text, shape or order; see values.py."""
    module = inspect.currentframe().f_back.f_globals["__name__"]
    how = answer if callable(answer) else None
    _register(name, notebook, module, answer() if how else answer, how=how, **settings)


def _register(name: str, notebook: str, module: str, *arguments: Any, **settings: Any) -> None:
    stem = module.rpartition(".")[2]
    if name in _registered and _registered[name].module != stem:
        raise ValueError(
            f"{name!r} is an exercise of {_registered[name].module} already; rename it"
        )
    _registered[name] = Exercise(name, notebook, stem, *arguments, **settings)


@functools.cache
def all_exercises() -> dict[str, Exercise]:
    """Return every exercise by its name, in the order of the notebooks' files."""
    path = import_module(PACKAGE).__path__
    for module in sorted(item.name for item in pkgutil.iter_modules(path)):
        import_module(f"{PACKAGE}.{module}")
    return _registered


def _each(items: list[dict]) -> list[dict]:
    """The mistakes of a table; one with `each` is several, with each value instead of VALUE."""
    found = []
    for item in items:
        for value in item.get("each", ["VALUE"]):
            texts = {key: _filled(text, value) for key, text in item.items() if key != "each"}
            found.append(texts)
    return found


def _filled(text: Any, value: str) -> Any:
    if isinstance(text, list):
        return [_filled(item, value) for item in text]
    return text.replace("VALUE", value) if isinstance(text, str) else text


def _pairs(edit: list) -> tuple[tuple[str, str], ...]:
    """An edit ["old", "new"], or a list of them, as a tuple of pairs."""
    return (tuple(edit),) if isinstance(edit[0], str) else tuple(map(tuple, edit))


@functools.cache
def source_of(function: Callable) -> str:
    """Return the source of an answer without its decorators."""
    source = textwrap.dedent(inspect.getsource(function))
    return source[source.index("def ") :]


def edited(function: Callable, pairs: tuple[tuple[str, str], ...]) -> Callable:
    """Return `function` with each pair (old, new) replaced in its source."""
    source = source_of(function)
    for old, new in pairs:
        if old not in source:
            raise ValueError(f"{old!r} does not occur in the answer; change the edit")
        source = source.replace(old, new)
    return _compiled(source, function)


def with_body(function: Callable, body: str) -> Callable:
    """Return a function with the signature of `function` and another body."""
    head = f"def {function.__name__}{inspect.signature(function)}:\n"
    return _compiled(head + textwrap.indent(body, "    "), function)


def _compiled(source: str, function: Callable) -> Callable:
    names: dict[str, Any] = {}
    namespace = {"np": np, **function.__globals__}
    exec(compile(source, f"<{function.__name__}, edited>", "exec"), namespace, names)
    return names[function.__name__]
