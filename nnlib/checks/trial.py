"""Run a learner's function safely: on copies of the arguments, without noise, and not for ever."""

import io
import linecache
import signal
import sys
import threading
import traceback
import warnings
from contextlib import contextmanager, redirect_stdout
from copy import deepcopy
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np

TRUSTED = "nnlib", "numpy"  # packages whose loops end, or call: there the clock needs no lines

HAS_TIMERS = hasattr(signal, "setitimer")  # not on Windows
AGAIN = 0.1  # seconds from one ring of the alarm to the next


class TooSlow(BaseException):
    """The time is up. No Exception, so that `except Exception` in a loop cannot swallow it."""


class Outcome(NamedTuple):
    """What came of one call: a value or an error; what it printed; which arguments it edited."""

    value: Any = None
    error: BaseException | None = None
    printed: str = ""
    edited: tuple = ()


def limited(function, arguments, until):
    """`function(*arguments)`; TooSlow in whatever Python code still runs `until` that time.

    A trace function looks at the clock at each call of a Python function and, outside of the
    TRUSTED packages, at each of its lines. So it works on every platform, without threads and
    signals, and stops every loop that is written in Python. Where there are signals an alarm
    helps: it ends `time.sleep(60)` too, and loops that swallow every exception.
    Neither stops C code that looks at no signal: `rehearsal` is for that.
    """

    def look_at_the_clock(frame, event, argument):
        if perf_counter() > until:
            raise TooSlow
        module = frame.f_globals.get("__name__", "")
        return None if module.partition(".")[0] in TRUSTED else look_at_the_clock

    with _alarm(until):
        before = sys.gettrace()
        sys.settrace(look_at_the_clock)
        try:
            return function(*arguments)
        finally:
            sys.settrace(before)


@contextmanager
def _alarm(until):
    """TooSlow soon after the time `until`, again and again; nothing where no signal can come."""
    if sys.platform == "emscripten" or threading.current_thread() is not threading.main_thread():
        yield
        return

    number, clock = (signal.SIGALRM, _timer) if HAS_TIMERS else (signal.SIGINT, _thread)
    running = True

    def ring(number, frame):
        if perf_counter() >= until:
            if running:
                raise TooSlow
        elif callable(before):  # somebody pressed Ctrl-C
            before(number, frame)

    before = signal.signal(number, ring)
    try:
        with clock(max(until - perf_counter(), 0) + 0.1):  # the trace function's clock comes first
            try:
                yield
            finally:
                running = False
    finally:
        signal.signal(number, before)


@contextmanager
def _timer(left):
    """SIGALRM after the seconds `left`, and again."""
    timer = signal.setitimer(signal.ITIMER_REAL, left, AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, *timer)


@contextmanager
def _thread(left):
    """SIGINT after the seconds `left`, and again: on Windows the one that wakes `time.sleep`."""
    ended = threading.Event()

    def ring():
        pause = left
        while not ended.wait(pause):
            signal.raise_signal(signal.SIGINT)
            pause = AGAIN

    thread = threading.Thread(target=ring, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


class _Echo(io.StringIO):
    """Keeps what is printed, and passes it on to `stream`, if there is one."""

    def __init__(self, stream):
        super().__init__()
        self.stream = stream

    def write(self, text):
        if self.stream:
            self.stream.write(text)
        return super().write(text)


def run(function, case, *, until=None, echo=False):
    """The Outcome of `function(*case)`, on a copy of the arguments.

    It is stopped at the time `until`, as `perf_counter` counts it; with `echo`, what it prints is
    shown.
    """
    arguments = deepcopy(case)
    printed = _Echo(sys.stdout if echo else None)
    value = error = None
    try:
        with redirect_stdout(printed), quiet():
            value = limited(function, arguments, until) if until else function(*arguments)
    except (Exception, SystemExit, TooSlow) as raised:
        error = raised
    edited = tuple(k for k, pair in enumerate(zip(case, arguments)) if _differs(*pair))
    return Outcome(value, error, printed.getvalue(), edited)


@contextmanager
def quiet():
    """No warnings, of NumPy or others: a wrong answer may divide by zero."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _differs(before, after):
    """Whether an argument was edited; moved there and back, with a rounding error left, it is not.

    Numbers, strings and tuples cannot be edited, functions and networks are not looked into.
    """
    if isinstance(before, (tuple, list)):
        if not isinstance(after, (tuple, list)) or len(before) != len(after):
            return True
        return any(map(_differs, before, after))
    if isinstance(before, dict):
        return _differs([*before.items()], [*after.items()])
    if not isinstance(before, (np.ndarray, int, float)):
        return False
    if np.shape(before) != np.shape(after):
        return True
    return not (
        np.array_equal(before, after)  # nearly always, and much faster
        or np.allclose(before, after, rtol=0, atol=1e-10, equal_nan=True)
    )


def place(error, function):
    """(line number in its cell or file, text) where the learner's own code raised, or None."""
    code = getattr(function, "__code__", None)
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if code and frame.filename == code.co_filename]
    if not own:
        return None
    return own[-1].lineno, linecache.getline(own[-1].filename, own[-1].lineno).strip()
