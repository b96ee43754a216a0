"""Does C code keep a function from ever coming back? Tried in a copy of this process.

A clock and an alarm stop loops that are written in Python (`trial`). C code that looks at no
signal, such as `sum(itertools.count())`, nothing can stop but the end of its process. So a process
that may end has to meet it first.
"""

import faulthandler
import os
import signal
import sys
import threading
from contextlib import redirect_stderr, redirect_stdout, suppress
from io import StringIO
from time import perf_counter, sleep

# Not on macOS, whose own libraries do not stand a copy of a process that has threads.
POSSIBLE = sys.platform == "linux"
LISTENING = 0.05  # seconds after which a signal ends the copy, if Python code runs in it
WORK = 0.1  # seconds of the processor that a copy uses only if something does run in it


def never_returns(function, arguments, seconds):
    """Whether a copy of this process, in `function(*arguments)`, has to be killed after `seconds`.

    Also when it dies there, of a lack of memory say. False if it ends, fails or can be interrupted,
    if it waits without working, and wherever no copy can be made.
    """
    if not POSSIBLE or threading.current_thread() is not threading.main_thread():
        return False
    try:
        copy = os.fork()
        if copy == 0:
            _perform(function, arguments)
        return _stuck(copy, seconds)
    except OSError:  # no memory, too many processes, or somebody else looks after them
        return False


def _stuck(copy, seconds):
    """Whether that process dies of itself, or works until it is killed."""
    ended, until = 0, perf_counter() + seconds
    try:
        while not ended and perf_counter() < until:
            sleep(0.002)
            ended, status, used = os.wait4(copy, os.WNOHANG)
    finally:  # also when somebody interrupts
        if not ended:
            os.kill(copy, signal.SIGKILL)
            _, status, used = os.wait4(copy, 0)
    return os.WIFSIGNALED(status) if ended else used.ru_utime + used.ru_stime > WORK


def _perform(function, arguments):
    """In the copy: call the function, unseen and unheard, then end; also when a signal comes."""
    try:
        faulthandler.disable()
        signal.signal(signal.SIGALRM, lambda *_: os._exit(0))
        signal.setitimer(signal.ITIMER_REAL, LISTENING)
        with suppress(BaseException), redirect_stdout(StringIO()), redirect_stderr(StringIO()):
            function(*arguments)
    finally:
        os._exit(0)
