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
from select import select

# Elsewhere a copy of a process that has threads is not safe: macOS says so of its own libraries.
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
    end, alive = os.pipe()  # the copy alone holds `alive`, and all that it holds closes with it
    copy = os.fork()
    if copy == 0:
        _perform(function, arguments)
    os.close(alive)
    killed = True
    try:
        killed = not select([end], [], [], seconds)[0]
    finally:  # also when somebody interrupts
        os.close(end)
        if killed:
            os.kill(copy, signal.SIGKILL)
        _, status, used = os.wait4(copy, 0)
    if killed:
        return used.ru_utime + used.ru_stime > WORK
    return os.WIFSIGNALED(status)


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
