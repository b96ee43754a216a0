"""Run a learner's function safely: for a limited time, on copies, with everything global put back.

Loops written in Python are stopped by a trace function that looks at the clock, so this works on
every platform, in the browser too. Where there are signals, an alarm stops loops that swallow every
exception. A call into C code that never returns can't be stopped.
"""

import bdb
import builtins
import inspect
import io
import itertools
import math
import os
import random
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout, suppress
from typing import Any, NamedTuple

import numpy as np

from nnlib.checks.feedback import shell

MAX_CPU_SECONDS = 0.3  # for all calls of a learner's function together; a right one needs far less
MAX_STEPS = 50_000  # lines that one call may run; the longest right one needs 3,000 for all cases
MAX_WALL_SECONDS = 5.0  # the same, for a machine that is busy with other things
MAX_PRINTED = 1_000  # characters that are kept of what a function prints
MAX_LINES = 10_000  # that it may print
TRUSTED = ("nnlib", "numpy")  # packages whose loops end: no need to look at the clock there
MODULES = (np, np.linalg, np.random, math, builtins, time, random)  # a learner may patch these

cpu_time = getattr(time, "thread_time", time.perf_counter)


class Stopped(BaseException):
    """A learner's function was stopped; `reason` is the key of the message.

    Not an Exception, so that `except Exception` in a loop can't swallow it.
    """

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


class Outcome(NamedTuple):
    """What came of one call.

    A value or an error, what it printed, the arguments that it edited, and keys of what it changed
    outside itself.
    """

    value: Any = None
    error: BaseException | None = None
    printed: str = ""
    edited: tuple[int, ...] = ()
    effects: tuple[str, ...] = ()


class Sandbox:
    """A context in which functions can be called; on leaving it, everything global is put back.

    `forbidden` holds the code objects that a learner's function mustn't call: the course's answer.
    """

    active = False  # whether a check is running, so that a check inside a check can be refused

    def __init__(self, forbidden: frozenset = frozenset()):
        self.forbidden = forbidden
        self.cpu_left, self.wall_left = MAX_CPU_SECONDS, MAX_WALL_SECONDS
        self._stack, self._original_seterr = ExitStack(), np.seterr

    def __enter__(self) -> "Sandbox":
        stack = self._stack
        stack.enter_context(_replaced(Sandbox, "active", True))
        stack.enter_context(_quiet())
        stack.enter_context(redirect_stdout(_Printed()))
        stack.enter_context(redirect_stderr(_Printed()))
        stack.enter_context(_no_new_figures())
        for target, name, replacement in [*_refusals(), (np, "seterr", self._seterr)]:
            stack.enter_context(_replaced(target, name, replacement))
        stack.enter_context(_replaced(sys, "stdin", io.StringIO()))
        stack.enter_context(_replaced(sys, "unraisablehook", lambda error: None))  # of a generator
        stack.callback(_State().restore)
        random.seed(0)  # a function that draws from what all cells share draws the same each time
        np.random.set_state(np.random.RandomState(0).get_state())  # noqa: NPY002
        return self

    def __exit__(self, *error: Any) -> None:
        self._stack.__exit__(*error)

    def _seterr(self, **settings: Any) -> dict:
        """NumPy's seterr, noting that it was called: all is ignored here anyway."""
        self.seterr_called = True
        return self._original_seterr(**settings)

    def run(self, function: Callable, case: tuple) -> Outcome:
        """Return the Outcome of `function(*case)` on a copy of the arguments."""
        arguments, printed = fresh(case), _Printed()
        value = error = None
        state, self.seterr_called = _State(function), False
        with redirect_stdout(printed), redirect_stderr(printed):
            try:
                value = self._timed(function, arguments)
                if inspect.iscoroutine(value):
                    value.close()
            except KeyboardInterrupt:
                raise
            except BaseException as raised:
                error = raised
        effects = state.changes() + ("effects.errors",) * self.seterr_called
        state.restore()
        edited = tuple(k for k, pair in enumerate(zip(case, arguments)) if _differs(*pair))
        return Outcome(value, error, printed.text(), edited, effects)

    def call(self, function: Callable, case: tuple, seconds: float = 0.05) -> Outcome:
        """Return the Outcome of another function: in less detail, and in less time."""
        until = (cpu_time() + seconds, time.perf_counter() + MAX_WALL_SECONDS)
        try:
            return Outcome(_traced(function, fresh(case), until, frozenset()))
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            return Outcome(error=error)

    def _timed(self, function: Callable, arguments: tuple) -> Any:
        """Return `function(*arguments)`; what it takes is taken off the time that is left."""
        begin = cpu_time(), time.perf_counter()
        until = begin[0] + self.cpu_left, begin[1] + self.wall_left
        try:
            with _alarm(until):
                return _traced(function, arguments, until, self.forbidden)
        finally:
            self.cpu_left -= cpu_time() - begin[0]
            self.wall_left -= time.perf_counter() - begin[1]


def _traced(function: Callable, arguments: tuple, until: tuple, forbidden: frozenset) -> Any:
    """Return `function(*arguments)`; Stopped when it runs too long or calls `forbidden` code."""
    steps = itertools.count()

    def watch(frame, event, argument):
        over = next(steps) > MAX_STEPS or cpu_time() > until[0]
        if over or time.perf_counter() > until[1]:
            raise Stopped("stopped.too_slow")
        if event == "call":
            if frame.f_code in forbidden:
                raise Stopped("stopped.course_version")
            if frame.f_globals.get("__name__", "").partition(".")[0] in TRUSTED:
                return None
        return watch

    before = sys.gettrace()
    sys.settrace(watch)
    try:
        return function(*arguments)
    finally:
        sys.settrace(before)


@contextmanager
def _alarm(until: tuple) -> Iterator[None]:
    """Raise Stopped again and again once the time is up, where there are signals."""
    possible = hasattr(signal, "setitimer") and sys.platform != "emscripten"
    if not possible or threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(number, frame):
        if cpu_time() > until[0] or time.perf_counter() > until[1]:
            raise Stopped("stopped.too_slow")

    before = signal.signal(signal.SIGALRM, ring)
    timer = signal.setitimer(signal.ITIMER_REAL, MAX_CPU_SECONDS + 0.1, 0.1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, *timer)
        signal.signal(signal.SIGALRM, before)


def _refusals() -> list[tuple[Any, str, Callable]]:
    """(object, attribute, replacement) for everything that would block or end the kernel."""

    def refuse(reason):
        def refused(*arguments, **settings):
            raise Stopped(reason)

        return refused

    asks, debugs, ends = map(refuse, ("stopped.input", "stopped.debugger", "stopped.exit"))
    refusals = [(builtins, "input", asks), (sys, "breakpointhook", debugs)]
    refusals += [(os, name, ends) for name in ("_exit", "abort", "kill", "fork")]
    refusals.append((bdb.Bdb, "set_trace", debugs))
    ipython = shell()
    if ipython and hasattr(ipython, "ask_exit"):
        refusals.append((ipython, "ask_exit", ends))
    asyncio = sys.modules.get("asyncio")
    if asyncio:
        refusals.append((asyncio.BaseEventLoop, "stop", ends))  # the kernel's own loop
    refusals.append((time, "sleep", lambda seconds: None))
    return [refusal for refusal in refusals if hasattr(refusal[0], refusal[1])]


@contextmanager
def _replaced(target: Any, name: str, replacement: Any) -> Iterator[None]:
    before = getattr(target, name)
    setattr(target, name, replacement)
    try:
        yield
    finally:
        setattr(target, name, before)


@contextmanager
def _quiet() -> Iterator[None]:
    """No warnings, of NumPy or others: a wrong answer may divide by zero."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def _no_new_figures() -> Iterator[None]:
    """Close the figures that are drawn meanwhile: a function is called hundreds of times."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    before = pyplot.get_fignums() if pyplot else []
    yield
    for number in pyplot.get_fignums() if pyplot else []:
        if number not in before:
            pyplot.close(number)


class _Printed(io.TextIOBase):
    """Keeps the first characters of what is printed, and counts the lines."""

    def __init__(self):
        self.kept, self.lines = "", 0

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.kept += text[: MAX_PRINTED - len(self.kept)]
        self.lines += text.count("\n")
        if self.lines > MAX_LINES:
            raise Stopped("stopped.prints")
        return len(text)

    def text(self) -> str:
        cut = self.lines > self.kept.count("\n")
        return f"{self.kept.rpartition(chr(10))[0]}\n…\n" if cut else self.kept


class _State:
    """What is global, as it is now: what a function changed of it can be told and put back."""

    def __init__(self, function: Callable | None = None):
        self.modules = [(module, dict(vars(module))) for module in MODULES]
        self.random, self.numpy_random = random.getstate(), np.random.get_state()  # noqa: NPY002
        self.errors, self.folder = np.geterr(), os.getcwd()
        self.recursion_limit = sys.getrecursionlimit()
        self.globals = getattr(function, "__globals__", {})
        self.names = dict(self.globals)
        names = getattr(getattr(function, "__code__", None), "co_names", ())
        self.values = {
            name: (self.globals[name], fresh(self.globals[name]))
            for name in names
            if isinstance(self.globals.get(name), (np.ndarray, list, dict, int, float, tuple))
        }

    def changes(self) -> tuple[str, ...]:
        """Keys of the messages about what has changed."""
        found = {
            "effects.random": not self._same_random(),
            "effects.folder": os.getcwd() != self.folder,
            "effects.module": any(_changed(vars(m), before) for m, before in self.modules),
            "effects.globals": self._renamed() or any(self._changed_globals()),
        }
        return tuple(key for key, changed in found.items() if changed)

    def restore(self) -> None:
        for module, before in self.modules:
            for name in _changed(vars(module), before):
                setattr(module, name, before[name])
        random.setstate(self.random)
        np.random.set_state(self.numpy_random)  # noqa: NPY002
        np.seterr(**self.errors)
        if os.getcwd() != self.folder:
            os.chdir(self.folder)
        sys.setrecursionlimit(self.recursion_limit)
        if self._renamed():
            self.globals.clear()
            self.globals.update(self.names)
        for name in self._changed_globals():
            original, copied = self.values[name]
            if isinstance(original, np.ndarray):
                with suppress(ValueError):
                    original[...] = copied
            elif isinstance(original, (list, dict)):
                original.clear()
                (original.extend if isinstance(original, list) else original.update)(copied)

    def _same_random(self) -> bool:
        now = np.random.get_state()  # noqa: NPY002
        pairs = zip(now[1:], self.numpy_random[1:])
        return all(np.array_equal(*pair) for pair in pairs) and random.getstate() == self.random

    def _renamed(self) -> bool:
        """Whether a name of the notebook is new, gone, or stands for something else."""
        return len(self.globals) != len(self.names) or bool(_changed(self.globals, self.names))

    def _changed_globals(self) -> list[str]:
        """The names of values that were edited in place."""
        pairs = self.values.items()
        return [name for name, (original, copied) in pairs if _differs(copied, original)]


def _changed(now: dict, before: dict) -> list[str]:
    """The names that were bound to something else or deleted."""
    return [name for name, value in before.items() if now.get(name, _State) is not value]


def fresh(value: Any) -> Any:
    """Return a copy of an argument, with copies of the arrays and containers in it."""
    if isinstance(value, np.ndarray):
        return value.copy()
    if hasattr(value, "_fields"):
        return type(value)(*map(fresh, value))
    if type(value) in (tuple, list):
        return type(value)(map(fresh, value))
    if type(value) is dict:
        return {key: fresh(item) for key, item in value.items()}
    if isinstance(value, np.random.Generator):
        bits = type(value.bit_generator)(0)
        bits.state = value.bit_generator.state
        return np.random.Generator(bits)
    return value


def _differs(before: Any, after: Any) -> bool:
    """Whether an argument was edited; one moved there and back, but for rounding, was not."""
    if isinstance(before, (tuple, list)):
        if not isinstance(after, (tuple, list)) or len(before) != len(after):
            return True
        return any(map(_differs, before, after))
    if isinstance(before, dict):
        return not isinstance(after, dict) or _differs([*before.items()], [*after.items()])
    if not isinstance(before, (np.ndarray, int, float)):
        return False
    if np.shape(before) != np.shape(after):
        return True
    return not (
        np.array_equal(before, after)  # nearly always, and much faster
        or np.allclose(before, after, rtol=0, atol=1e-10, equal_nan=True)
    )
