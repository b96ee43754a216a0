"""The parts that the checks of the exercises are made of, one by one, without any exercise.

What they say together, about every exercise, is in test_checks.py.
"""

import itertools
import json
import os
import signal
import sys
import threading
import time
import warnings
from types import SimpleNamespace

import numpy as np
import pytest

from nnlib import colours
from nnlib.checks import record, rehearsal, trial
from nnlib.checks.compare import Misfit, flat, gaps, kind, parts, same, several, whole
from nnlib.checks.rehearsal import never_returns
from nnlib.checks.slips import edited, slips
from nnlib.checks.trial import TooSlow, limited, place, quiet, run

ROW, TABLE = np.array([1.0, 2.0]), np.array([[1.0, 2.0], [3.0, 4.0]])

# ----------------------------------------------------------------------------------------- compare


def test_several_answers_and_one():
    for one in (ROW, 3.0, (1, 2), [1.5], (), "words"):
        assert not several(one) and flat(one)[0] is one and len(flat(one)) == 1
    for some in ((ROW, 1), [1, (2, 3)], {"a": 1}, ([ROW],)):
        assert several(some)
    in_order = flat({"b": 1, "a": (ROW, [TABLE, 2])})
    assert [np.shape(part) for part in in_order] == [(2,), (2, 2), (), ()]


@pytest.mark.parametrize(
    ("wanted", "got", "shapes"),
    [
        (ROW, [1, 2], [(2,)]),
        (1.0, True, [()]),
        (ROW, TABLE, [(2, 2)]),
        ((ROW, 1.0), [[1, 2], 3], [(2,), ()]),
        ((ROW, ROW), TABLE, [(2,), (2,)]),
        ({"b": 1.0, "a": ROW}, {"a": 2, "b": ROW}, [(), (2,)]),
        (((ROW, 1.0), ROW), (([5, 6], 7), TABLE), [(2,), (), (2, 2)]),
    ],
)
def test_answers_correspond_whatever_holds_them(wanted, got, shapes):
    found = parts(wanted, got)
    assert all(isinstance(part, np.ndarray) for part in found)
    assert [part.shape for part in found] == shapes


@pytest.mark.parametrize(
    ("wanted", "got", "message"),
    [
        (ROW, None, "must return numbers and returns None"),
        (ROW, "12", "must return numbers and returns str '12'"),
        (ROW, b"12", "must return numbers and returns bytes b'12'"),
        (ROW, {1.0}, "must return numbers and returns set {1.0}"),
        (ROW, {}, "must return numbers and returns a dict of 0 values"),
        (ROW, len, "must return numbers and returns the function len, without calling it"),
        (ROW, 1j, "must return numbers and returns complex 1j"),
        (ROW, np.array([1j]), r"must return numbers and returns an array of shape \(1,\)"),
        (ROW, ["a"], "must return numbers and returns a list of 1 value$"),
        (ROW, ["1", "2"], "must return numbers and returns a list of 2 values$"),
        (ROW, [[1], [2, 3]], "must return numbers and returns a list of 2 values$"),
        ({"a": 1, "b": 2}, {"a": 1}, "a dict with the keys 'a', 'b' and returns a dict of 1 value"),
        ({"a": 1}, {"a": 1, 2: 3}, "a dict with the keys 'a' and returns a dict of 2 values"),
        ({"a": 1}, {"b": 1}, "a dict with the keys 'a' and returns a dict of 1 value"),
        ({"a": 1}, [1], "a dict with the keys 'a' and returns a list of 1 value$"),
        ((ROW, ROW), (ROW,), "must return 2 values and returns a tuple of 1 value$"),
        ([(ROW, ROW)], (ROW, ROW), "must return 1 value and returns a tuple of 2 values$"),
        ((ROW, ROW), ROW, r"must return 2 values and returns an array of shape \(2,\)"),
        ((ROW, ROW), np.ones((2, 3)), r"must return 2 values and returns an array of .*\(2, 3\)"),
        ((1.0, ROW), ROW, r"must return 2 values and returns an array of shape \(2,\)"),
        ((ROW, ROW), TABLE[:1], "must return 2 values and returns a list of 1 value$"),
    ],
)
def test_what_cannot_be_compared_is_said_in_words(wanted, got, message):
    with pytest.raises(Misfit, match=message):
        parts(wanted, got)


def test_the_same_means_shape_kind_and_numbers():
    assert same(TABLE, TABLE + 1e-6) and not same(TABLE, TABLE + 1e-3)
    assert not same(TABLE, TABLE[:1]) and not same(TABLE, TABLE.T)
    assert not same(ROW, np.array([1, 2])) and same(np.array([1, 2]), ROW)
    assert same(np.array(2.0), np.array(2))  # one number is a number
    assert whole(ROW, np.array([1, 2])) is True and whole(np.array([1]), np.array([1])) is False
    assert whole(ROW, ROW) is whole(np.array([1]), ROW) is False
    assert whole(np.array(1.0), np.array(1)) is False


def test_how_far_is_counted_in_what_is_tolerated():
    wanted = np.array([100.0, 1.0, np.nan, np.inf, -np.inf])
    assert (gaps(wanted, wanted) == 0).all()
    assert gaps(wanted, wanted + np.array([1e-3, -2e-3, 0, 0, 0])) == pytest.approx([1, 2, 0, 0, 0])
    worst = gaps(wanted, np.array([np.nan, np.inf, 1, 1, np.inf]))
    assert (worst == np.inf).all()
    assert gaps(np.zeros(2), np.array([1e-9, 0.0])) == pytest.approx([1, 0])
    assert gaps(np.array(3), np.array(3.0)) == 0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert gaps(np.array([1e308]), np.array([-1e308])) == np.inf


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "None"),
        (TABLE, "an array of shape (2, 2)"),
        ({"a": 1}, "a dict of 1 value, with the key 'a'"),
        ({"a": 1, 2: 3}, "a dict of 2 values, with the keys 'a', 2"),
        (dict.fromkeys(range(7)), "a dict of 7 values, with the keys 0, 1, 2, 3, 4, 5, 6"),
        (dict.fromkeys(range(8)), "a dict of 8 values"),
        ({}, "a dict of 0 values"),
        ([1], "a list of 1 value"),
        ((), "a tuple of 0 values"),
        ((1, 2), "a tuple of 2 values"),
        ((number for number in ()), "a generator, since there is a `yield` in it"),
        ("x" * 99, "str '" + "x" * 29),
    ],
)
def test_what_it_is_in_words(value, words):
    assert kind(value) == words


# ------------------------------------------------------------------------------------------- trial


def test_a_trial_keeps_the_arguments_and_tells_what_came_of_it(capsys):
    def edits(values, nested, number):
        values += 1
        nested[1][0] = 9
        print("hello")
        return number

    case = (ROW.copy(), [1, [2.0, 3]], 5)
    outcome = run(edits, case)
    assert (outcome.value, outcome.error, outcome.printed) == (5, None, "hello\n")
    assert outcome.edited == (0, 1)
    assert (case[0] == ROW).all() and case[1] == [1, [2.0, 3]]
    assert capsys.readouterr().out == ""
    run(edits, case, echo=True)
    assert capsys.readouterr().out == "hello\n"


@pytest.mark.parametrize(
    ("argument", "edit", "seen"),
    [
        ([1, 2], lambda values: values.append(3), True),
        ([1, 2], lambda values: values.reverse(), True),
        ([[1.0], 2], lambda values: values.__setitem__(0, 5), True),
        ([ROW], lambda values: values[0].__iadd__(1), True),
        ([np.ones(2)], lambda values: values.__setitem__(0, np.ones(1)), True),
        (TABLE, lambda values: values.__setitem__((1, 1), 4 + 1e-7), True),
        (TABLE, lambda values: values.__setitem__((1, 1), 4 + 1e-12), False),  # there and back
        (np.array([np.nan, 1e9]), lambda values: None, False),
        (np.array([1.0, 1e9]), lambda values: values.__iadd__(1e-3), True),
        (["a"], lambda values: values.__setitem__(0, "b"), False),  # texts are not looked into
        ({2: ROW}, lambda values: values[2].__iadd__(1), True),
        ({2: ROW}, lambda values: values.update({3: ROW}), True),
        ({2: ROW, "b": [1]}, lambda values: None, False),
        ((1, 2.5), lambda values: None, False),
        ([1] * 300, lambda values: None, False),
    ],
)
def test_what_counts_as_edited(argument, edit, seen):
    outcome = run(lambda first, values: edit(values), ("first", argument))
    assert outcome.edited == ((1,) if seen else ())


@pytest.mark.parametrize("error", [ValueError("no"), SystemExit(3), TooSlow()])
def test_an_error_is_an_outcome(error):
    def fails():
        print("so far")
        raise error

    outcome = run(fails, ())
    assert outcome.error is error and outcome.value is None and outcome.printed == "so far\n"


def test_an_interrupt_is_none():
    def interrupted():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(interrupted, ())


def noisy(z):
    warnings.warn("look here", stacklevel=1)
    return np.log(z - z) + np.exp(1e9 * z) / z


def test_no_warning_comes_out_of_a_trial_and_all_do_again_after_it():
    with warnings.catch_warnings(record=True) as heard, np.errstate(all="warn"):
        warnings.simplefilter("always")
        assert run(noisy, (ROW,)).error is None
        with quiet():
            noisy(ROW)
        assert heard == []
        noisy(ROW)
        assert len(heard) >= 3


def loops():
    while True:
        pass


def all_handlers():
    return [signal.getsignal(number) for number in sorted(signal.valid_signals())]


def test_the_time_is_up_when_it_is_and_tracing_is_as_before():
    def other(frame, event, argument):
        return None

    before, handlers = sys.gettrace(), all_handlers()
    sys.settrace(other)
    try:
        began = time.perf_counter()
        with pytest.raises(TooSlow):
            limited(loops, (), began + 0.1)
        assert 0.1 <= time.perf_counter() - began < 5
        with pytest.raises(TooSlow):
            limited(loops, (), began - 60)
        assert limited(max, (2, 3), time.perf_counter() + 60) == 3
        assert sys.gettrace() is other
    finally:
        sys.settrace(before)
    assert all_handlers() == handlers


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no alarm on this system")
def test_the_alarm_of_others_is_given_back():
    rung = []
    handler = signal.signal(signal.SIGALRM, lambda *_: rung.append(1))
    timer = signal.setitimer(signal.ITIMER_REAL, 100)
    try:
        outcome = run(time.sleep, (60,), until=time.perf_counter() + 0.05)
        assert isinstance(outcome.error, TooSlow)
        left, again = signal.getitimer(signal.ITIMER_REAL)
        assert 50 < left <= 100 and again == 0 and rung == []
        assert run(lambda: 4, (), until=time.perf_counter() + 60).value == 4
        assert 50 < signal.getitimer(signal.ITIMER_REAL)[0] <= 100
    finally:
        signal.setitimer(signal.ITIMER_REAL, *timer)
        signal.signal(signal.SIGALRM, handler)


@pytest.mark.parametrize("missing", ["signals", "the main thread"])
def test_without_an_alarm_the_clock_does(missing, monkeypatch):
    monkeypatch.setattr(trial, "signal", None)
    if missing == "signals":
        monkeypatch.setattr(sys, "platform", "emscripten")
    outcomes = []

    def tries():
        until = time.perf_counter() + 60
        outcomes.extend([run(lambda: 4, (), until=until), run(loops, (), until=until - 60)])

    if missing == "the main thread":
        thread = threading.Thread(target=tries)
        thread.start()
        thread.join()
    else:
        tries()
    assert outcomes[0].value == 4 and isinstance(outcomes[1].error, TooSlow)


def swallows():
    for _ in range(3):
        try:
            time.sleep(60)
        except BaseException:
            continue
    return "at last"


@pytest.fixture(params=["timer", "thread"])
def alarm(request, monkeypatch):
    """The alarm of this system, and that of Windows."""
    if request.param == "timer" and not trial.HAS_TIMERS:
        pytest.skip("there are no timers on this system")
    if request.param == "thread" and trial.HAS_TIMERS:
        here = threading.get_ident()  # there a signal of any thread wakes the main one
        monkeypatch.setattr(trial, "HAS_TIMERS", False)
        monkeypatch.setattr(signal, "raise_signal", lambda n: signal.pthread_kill(here, n))


def test_the_alarm_wakes_a_sleeper_and_rings_until_the_function_ends(alarm):
    handlers, threads = all_handlers(), threading.active_count()
    began = time.perf_counter()
    outcome = run(time.sleep, (60,), until=began)
    assert isinstance(outcome.error, TooSlow) and time.perf_counter() - began < 10
    outcome = run(swallows, (), until=time.perf_counter())
    assert outcome.value == "at last" or isinstance(outcome.error, TooSlow)
    assert all_handlers() == handlers and threading.active_count() == threads


@pytest.mark.parametrize("handler", [signal.default_int_handler, signal.SIG_IGN])
def test_an_interrupt_before_the_time_is_up_stays_one(handler, alarm):
    def interrupted():
        signal.raise_signal(signal.SIGINT)
        return "ignored"

    began, before = time.perf_counter(), signal.signal(signal.SIGINT, handler)
    try:
        assert run(interrupted, (), until=began + 60).value == "ignored"
    except KeyboardInterrupt:
        assert handler is not signal.SIG_IGN
    else:
        assert handler is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
    assert time.perf_counter() - began < 10


def test_the_alarm_comes_a_tenth_of_a_second_after_the_clock_and_again(monkeypatch):
    calls = []

    def setitimer(*arguments):
        calls.append(arguments)
        return 7.0, 0.0

    alarms = SimpleNamespace(
        setitimer=setitimer, signal=lambda *_: None, SIGALRM="alarm", ITIMER_REAL="timer"
    )
    monkeypatch.setattr(trial, "signal", alarms)
    monkeypatch.setattr(trial, "HAS_TIMERS", True)
    monkeypatch.setattr(trial, "perf_counter", lambda: 50.0)
    assert limited(max, (2, 4), 53.0) == 4
    assert calls == [("timer", pytest.approx(3.1), 0.1), ("timer", 7.0, 0.0)]


def helper(z):
    return z / undefined  # noqa: F821


def test_the_place_of_an_error_is_in_the_learner_s_own_code():
    def goes_on(z):
        return helper(z)

    def calls(z):
        return goes_on(z)

    error = run(calls, (1,)).error
    line = helper.__code__.co_firstlineno + 1
    assert place(error, calls) == (line, "return z / undefined  # noqa: F821")
    error = run(np.linalg.inv, ("x",)).error
    assert place(error, len) is None and place(error, helper) is None


# --------------------------------------------------------------------------------------- rehearsal

with_copies = pytest.mark.skipif(not rehearsal.POSSIBLE, reason="no copy of a process can be made")


@pytest.fixture(autouse=True)
def copies(monkeypatch):
    """The copies of this process that a test makes. None is left after it."""
    copies, fork = [], getattr(os, "fork", None)

    def counted():
        copy = fork()
        copies.extend([copy] if copy else [])
        return copy

    monkeypatch.setattr(os, "fork", counted, raising=False)
    yield copies
    for copy in copies:
        with pytest.raises(ProcessLookupError):
            os.kill(copy, 0)  # would find a process that ended and that nobody waited for


@with_copies
@pytest.mark.parametrize(
    ("stuck", "seconds"),
    [
        (lambda: sum(itertools.count()), 1),
        (lambda: max(range(10**15)), 1),
        (lambda: os.kill(os.getpid(), signal.SIGSEGV), 60),
        (lambda: os.kill(os.getpid(), signal.SIGKILL), 60),  # as a lack of memory does
    ],
    ids=["count", "range", "crash", "killed"],
)
def test_what_would_take_python_along_only_takes_a_copy(stuck, seconds):
    assert never_returns(stuck, (), seconds)


def fails():
    raise SystemExit(3)


@with_copies
@pytest.mark.parametrize(
    "function",
    [len, fails, loops, swallows, input],
    ids=["right", "exits", "loops", "sleeps and swallows", "asks"],
)
def test_what_ends_or_can_be_stopped_is_left_to_the_clock(function):
    began = time.perf_counter()
    assert not never_returns(function, ([1, 2],) if function is len else (), 60)
    assert time.perf_counter() - began < 10


@with_copies
def test_who_only_waits_and_hears_no_signal_is_not_blamed():
    def deaf():
        signal.setitimer(signal.ITIMER_REAL, 0)
        time.sleep(60)

    assert not never_returns(deaf, (), 0.5)


@with_copies
def test_nothing_of_a_copy_shows_and_nothing_of_it_is_left(capfd):
    def loud():
        print("out")
        print("err", file=sys.stderr)
        seen.append(ROW)
        ROW[0] = 99

    seen, handlers, files = [], all_handlers(), os.listdir("/proc/self/fd")
    assert not never_returns(loud, (), 60)
    assert not never_returns(sum, (itertools.repeat(0, 3),), 60)
    assert never_returns(sum, (itertools.repeat(0),), 0.5)
    assert seen == [] and ROW[0] == 1 and capfd.readouterr() == ("", "")
    assert all_handlers() == handlers and os.listdir("/proc/self/fd") == files


@with_copies
def test_an_interrupt_ends_the_copy_too():
    def press():
        time.sleep(0.3)
        signal.pthread_kill(main, signal.SIGINT)

    main, before = threading.get_ident(), signal.signal(signal.SIGINT, signal.default_int_handler)
    thread = threading.Thread(target=press)
    thread.start()
    try:
        with pytest.raises(KeyboardInterrupt), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a process with threads is copied
            never_returns(sum, (itertools.count(),), 60)
    finally:
        thread.join()
        signal.signal(signal.SIGINT, before)


def test_where_no_copy_can_be_made_nobody_is_blamed(monkeypatch):
    monkeypatch.setattr(rehearsal, "POSSIBLE", False)
    assert not never_returns(lambda: os.kill(os.getpid(), signal.SIGKILL), (), 60)


@with_copies
@pytest.mark.parametrize("refused", ["fork", "wait4"])
def test_a_system_that_refuses_a_copy_is_no_fault_of_the_function(refused, monkeypatch, copies):
    def refuse(*arguments):
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(os, refused, refuse)
    assert not never_returns(len, ((),), 60)
    for copy in copies:
        os.waitpid(copy, 0)


# ------------------------------------------------------------------------------------------ record


@pytest.fixture
def file(tmp_path, monkeypatch):
    """Where right answers are kept for one test."""
    monkeypatch.setenv("NNLIB_PROGRESS", str(tmp_path / "kept.json"))
    return tmp_path / "kept.json"


EXERCISES = {"00": ["neuron", "layer", "bias"], "01": ["scale"], "02": ["forward"], "03": []}


def test_right_answers_are_kept_once_in_the_order_they_came(file, capsys):
    assert record.path() == file and record.read(file) == ([], "")
    for name in ("scale", "layer", "scale"):
        record.note(name)
    kept = json.loads(file.read_text(encoding="utf-8"))
    assert kept == {"about": record.ABOUT, "right": ["scale", "layer"]}
    assert os.listdir(file.parent) == ["kept.json"] and capsys.readouterr().out == ""
    shown = record.Progress("01", EXERCISES)
    assert shown.counts == {"00": (1, 3), "01": (1, 1)}
    assert repr(shown) == "Notebook 01: 1 of 1 exercises right. Up to here: 2 of 4."


def test_the_bar_has_a_part_for_each_notebook_up_to_this_one(file):
    record.note("layer")
    page = record.Progress("01", EXERCISES)._repr_html_()
    assert page.count("flex:") == 2 and "flex:3;font-weight:normal" in page
    assert "flex:1;font-weight:bold" in page and ">00<" in page and ">02<" not in page
    assert f"width:33%;background:{colours.POSITIVE}" in page and "width:0%" in page
    empty = record.Progress("03", EXERCISES)._repr_html_()
    assert "flex:0;font-weight:bold" in empty and empty.count("width:0%") == 3


def test_what_is_no_name_is_passed_over(file):
    file.write_text('{"right": ["layer", 3, null]}', encoding="utf-8")
    assert record.read(file) == (["layer"], "")
    record.note("scale")
    assert record.read(file) == (["layer", "scale"], "")


def test_a_damaged_file_stays_and_is_spoken_of(file):
    file.write_text('{"left": []}', encoding="utf-8")
    record.note("scale")
    assert file.read_text(encoding="utf-8") == '{"left": []}'
    words = "kept.json cannot be read and is left alone; delete it to begin a new one."
    assert record.read(file) == ([], words)
    assert repr(record.Progress("00", EXERCISES)).endswith(f"Up to here: 0 of 3.\n{words}")


def test_switched_off_nothing_is_kept(file, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for value in ("off", ""):  # switched off, and not in a notebook
        monkeypatch.setenv("NNLIB_PROGRESS", value)
        assert record.path() is None
        record.note("scale")
        assert record.Progress("00", EXERCISES).counts == {"00": (0, 3)}
    assert os.listdir(tmp_path) == []


# ------------------------------------------------------------------------------------------- slips


def weighted(x, w):
    return x * w + 1


def power(x, w):
    z = (x - w) ** 2
    return -z / len(x)


def product(X, W):
    return np.sum(X @ W.T, axis=1, keepdims=True)


def looped(x):
    for item in x:
        last = x[0] * item
    if last > 3:
        return np.exp(last)
    return last


def outcomes(function, *arguments):
    """{words: what comes of it} for every slip of a function; of an error its type."""
    made = {words: run(changed, arguments) for words, changed in slips(function).items()}
    return {
        words: np.asarray(value).tolist() if error is None else type(error)
        for words, (value, error, *_) in made.items()
    }


def test_every_slip_of_a_sum_and_a_product():
    assert outcomes(weighted, 3, 5) == {
        "`1` is left out in what is returned": 15,
        "`x * w` is left out in what is returned": 1,
        "`x * w - 1` stands for `x * w + 1` in what is returned": 14,
        "`w` is left out in what is returned": 4,
        "`x` is left out in what is returned": 6,
        "`x / w` stands for `x * w` in what is returned": 1.6,
        "`w` stands for `x` in what is returned": 26,
        "`x` stands for `w` in what is returned": 10,
    }


def test_every_slip_of_powers_divisions_and_signs():
    assert outcomes(power, np.array([5.0, 3]), 1.0) == {
        "the power in `(x - w) ** 2` is left out in the line of `z`": [-2, -1],
        "`x - w` is multiplied by 2, not squared in the line of `z`": [-4, -2],
        "`w` is left out in the line of `z`": [-12.5, -4.5],
        "`x` is left out in the line of `z`": -0.5,
        "the two sides of `x - w` are swapped in the line of `z`": [-8, -2],
        "`x + w` stands for `x - w` in the line of `z`": [-18, -8],
        "`w` stands for `x` in the line of `z`": 0,
        "`x` stands for `w` in the line of `z`": [0, 0],
        "the brackets around `x - w` are missing in the line of `z`": [-2, -1],
        "the division by `len(x)` is left out in what is returned": [-16, -4],
        "`-z * len(x)` stands for `-z / len(x)` in what is returned": [-32, -8],
        "the minus sign of `-z` is missing in what is returned": [8, 2],
        "`len` is left out in what is returned": [-3.2, -4 / 3],
        "`len` is applied twice in what is returned": TypeError,
        "the columns of `x` are counted, not its rows in what is returned": IndexError,
        "`w` stands for `z` in what is returned": -0.5,
        "`x` stands for `z` in what is returned": [-2.5, -1.5],
        "`w` stands for `x` in what is returned": TypeError,
        "`z` stands for `x` in what is returned": [-8, -2],
    }


def test_every_slip_of_a_product_of_matrices_and_a_call():
    X, W = np.array([[1, 2], [3, 5]]), np.array([[1, 0], [2, 1]])
    assert outcomes(product, X, W) == {
        "`sum` is left out in what is returned": [[1, 4], [3, 11]],
        "`sum` is applied twice in what is returned": 19,
        "`mean` stands for `sum` in what is returned": [[2.5], [7]],
        "`axis=1` is left out in what is returned": [[19]],
        "`axis=0` stands for `axis=1` in what is returned": [[4, 15]],
        "`keepdims=True` is left out in what is returned": [5, 14],
        "the two sides of `X @ W.T` are swapped in what is returned": [[19], [8]],
        "`*` stands for `@` in `X @ W.T` in what is returned": [[5], [5]],
        "`X.T @ W.T` stands for `X @ W.T` in what is returned": [[6], [11]],
        "`X @ W.T.T` stands for `X @ W.T` in what is returned": [[7], [18]],
        "`W` stands for `X` in what is returned": [[3], [7]],
        "the `.T` of `W.T` is missing in what is returned": [[7], [18]],
        "`X` stands for `W` in what is returned": [[18], [47]],
    }


def test_every_slip_in_a_loop_and_an_if():
    assert outcomes(looped, [2.0, 3.0]) == {
        "`item` is left out in the loop": 2,
        "`x[0]` is left out in the loop": 3,
        "`x[0] / item` stands for `x[0] * item` in the loop": 2 / 3,
        "`x[1]` stands for `x[0]` in the loop": np.exp(9),
        "`item` stands for `last` in the line of `if`": 6,
        "`x` stands for `last` in the line of `if`": TypeError,
        "`exp` is left out in the line of `if`": 6,
        "`exp` is applied twice in the line of `if`": np.exp(np.exp(6)),
        "`exp2` stands for `exp` in the line of `if`": 64,
        "`item` stands for `last` in what is returned": np.exp(6),
        "`x` stands for `last` in what is returned": np.exp(6),
    }


def indexed(x):
    return x[1] + x[2]


def test_only_the_first_two_places_are_taken_for_one_another():
    assert outcomes(indexed, [2, 3, 5]) == {
        "`x[2]` is left out in what is returned": 3,
        "`x[1]` is left out in what is returned": 5,
        "`x[1] - x[2]` stands for `x[1] + x[2]` in what is returned": -2,
        "`x[0]` stands for `x[1]` in what is returned": 7,
    }


def called(x):
    return [abs, x][0](x)


def test_the_brackets_of_a_call_group_nothing():
    assert not any("brackets" in words for words in slips(called))


def test_it_is_made_of_the_source_with_one_thing_changed():
    changed = edited(weighted, "x * w", "x - w")
    assert changed(3, 5) == -1 and weighted(3, 5) == 16
    with pytest.raises(ValueError, match="'x / w' is not in the source of weighted"):
        edited(weighted, "x / w", "x - w")
