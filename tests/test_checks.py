"""The checks of the exercises: right in any style, every mistake named, no substitute accepted.

Answers as learners write them are in tests/answers; `python tests/frozen_answers.py first` prints
what the checks say about each. What may go wrong around a check is in test_checks_safety.py.
"""

import functools
import inspect
import itertools
import linecache
import time
from types import FunctionType

import numpy as np
import pytest
from frozen_answers import answers, judged

from nnlib import activations, texts
from nnlib.checks import check, mistakes, progress
from nnlib.checks.compare import ComparisonError, leaves, matched, same
from nnlib.checks.diagnose import diagnosis
from nnlib.checks.exercise import all_exercises, edited, exercise, value_exercise
from nnlib.checks.feedback import message
from nnlib.checks.sandbox import Sandbox, fresh

FUNCTIONS = [one for one in all_exercises().values() if one.cases]
each_exercise = pytest.mark.parametrize("one", FUNCTIONS, ids=lambda one: one.name)


def copied(function):
    """A copy of a function of the course, as if a learner had written it."""
    copy = FunctionType(
        function.__code__, function.__globals__, function.__name__, function.__defaults__
    )
    copy.__module__ = "__main__"
    return copy


def feedback_on(name, function):
    return diagnosis(all_exercises()[name], function)[0]


def outputs(one, function, seed):
    """The parts of a function's answers to all cases of a seed, or the errors."""
    found = []
    with Sandbox() as sandbox:
        for case in one.cases(np.random.default_rng(seed)):
            outcome = sandbox.call(function, case, 1)
            try:
                model = one.answer(*fresh(case))
                found.append(outcome.error or matched(model, outcome.value))
            except ComparisonError as error:
                found.append(error)
    return found


def agree(one, right, got):
    """Whether all parts of all answers are right."""
    compare = functools.partial(same, tolerance=one.tolerance)
    return all(
        isinstance(g, list) and len(w) == len(g) and all(map(compare, w, g))
        for w, g in zip(right, got)
    )


def wanted(one, seed):
    cases = one.cases(np.random.default_rng(seed))
    return [[np.asarray(part) for part in leaves(one.answer(*fresh(case)))] for case in cases]


# ------------------------------------------------------------------------------- frozen answers


EARLIER = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"]


@pytest.mark.parametrize(
    "name",
    [
        "ninth",
        "earlier",
        "reported",
        *(pytest.param(name, marks=pytest.mark.slow) for name in EARLIER),
    ],
)
def test_learners_answers_are_judged_rightly(name):
    """All right ones accepted, all wrong ones rejected, nearly all of them named, rightly."""
    verdicts, times = {"right": [], "wrong": []}, []
    for answer in answers(name):
        for _ in range(2):  # once more where a busy machine was too slow, or its time has run out
            begin = time.process_time()
            feedback = answer.feedback()
            took = time.process_time() - begin
            if took < 0.5 and judged(answer, feedback) in ("named", "accepted"):
                break
        times.append(took)
        kind = "right" if answer.is_right else "wrong"
        verdicts[kind].append((judged(answer, feedback), f"{name}.txt:{answer.line} {feedback}"))
    refused = [said for verdict, said in verdicts["right"] if verdict != "accepted"]
    assert refused == [], "loosen the comparison, or add `also=` to the exercise"
    said = {kind: [] for kind in ("accepted", "misnamed", "named")}
    for verdict, text in verdicts["wrong"]:
        said.setdefault(verdict, []).append(text)
    assert said["accepted"] == [], "add a case to the exercise in which the mistake shows"
    assert len(said["misnamed"]) <= 0.01 * len(verdicts["wrong"]), "\n".join(said["misnamed"])
    assert len(said["named"]) >= 0.97 * len(verdicts["wrong"]), {k: len(said[k]) for k in said}
    times.sort()
    assert times[len(times) // 2] < 0.1 and times[-3] < 0.5


# ------------------------------------------------------------------------------- right answers


def rounded_otherwise(function):
    """`function`, computed with more digits."""

    def with_digits(value, dtype):
        if isinstance(value, (tuple, list)):
            build = getattr(value, "_make", type(value))
            return build(with_digits(item, dtype) for item in value)
        is_array = isinstance(value, np.ndarray) and value.dtype.kind == "f"
        return value.astype(dtype) if is_array else value

    return lambda *arguments: with_digits(
        function(*with_digits(arguments, np.longdouble)), np.float64
    )


def with_lists(function):
    """`function` with lists instead of tuples, other than shapes."""

    def plain(value):
        if isinstance(value, tuple) and all(isinstance(item, int) for item in value):
            return value
        return [*map(plain, value)] if isinstance(value, (tuple, list)) else value

    return lambda *arguments: plain(function(*arguments))


@each_exercise
def test_the_answer_is_right_for_every_draw_in_other_types_too(one):
    styles = [one.answer, one.fallback or one.answer, with_lists(one.answer)]
    if one.name != "linear_model":  # np.linalg knows no longer floats
        styles.append(rounded_otherwise(one.answer))
    for seed in range(20):
        for style in styles:
            assert agree(one, wanted(one, seed), outputs(one, style, seed)), f"generator {seed}"


@each_exercise
def test_the_answer_is_right_and_the_answers_by_heart_are_not(one):
    assert diagnosis(one, copied(one.answer))[0].status == "right"
    known = [one.answer(*fresh(case)) for case in one.cases(np.random.default_rng(0))]
    by_heart = itertools.cycle(known)

    def answer(*arguments):
        copied(one.answer)(*arguments)  # refuses what is to be refused
        return next(by_heart)

    assert diagnosis(one, answer)[0].status == "wrong"


def test_alternatives_that_the_text_allows_are_right():
    for one in FUNCTIONS:
        for edit in one.also:
            assert diagnosis(one, copied(edited(one.answer, (edit,))))[0].status == "right"


# -------------------------------------------------------------------------------- wrong answers


@each_exercise
def test_every_mistake_is_named_and_shows_in_every_draw(one, monkeypatch):
    monkeypatch.setattr(mistakes, "LINE_SECONDS", 0)  # its line is not needed here
    others = {}
    conditional = [mistake.says for mistake in one.mistakes if mistake.when]  # on the source
    for mistake in one.mistakes:
        for _ in range(2):  # once more where the time for a search has run out on a busy machine
            sentences = " ".join(diagnosis(one, copied(mistake.made))[0].sentences)
            if mistake.says in sentences or any(other in sentences for other in conditional):
                break
        else:
            others[mistake.says] = sentences
        for seed in (100, 101):
            assert not agree(one, wanted(one, seed), outputs(one, mistake.made, seed)), mistake.says
    assert others == {}, (
        f"In {one.module}.toml, these mistakes of {one.name} get the words after the colon: a"
        " mistake above them gives the same answers. Write one sentence for both, or take one out."
    )


def test_sentences_are_whole_and_give_no_line_of_the_answer_away():
    faults = []
    for one in all_exercises().values():
        lines = _lines(one.answer) if one.cases else [repr(one.answer)]
        for says in (mistake.says for mistake in one.mistakes):
            place = f"{one.module}.toml, {one.name}: {says!r}"
            if not (says[0].isupper() or says[0] in "`0123456789") or says[-1] not in ".?:":
                faults.append(f"{place} isn't a whole sentence: a capital, and a full stop or ?")
            if "VALUE" in says:
                faults.append(f"{place} contains VALUE: add each = [...] beside it")
            if any(len(line) > 12 and line in says for line in lines):
                faults.append(f"{place} gives the answer away: describe it in words")
    assert not faults, "\n".join(["", *faults])


def _lines(answer):
    source = inspect.getsource(answer).partition("):\n")[2]
    return [line.strip().removeprefix("return ") for line in source.splitlines()]


@pytest.mark.parametrize(
    ("name", "source", "named"),
    [
        ("neuron", "def neuron(x, w, b):\n    return 1 / 1 + np.exp(-(x @ w + b))", "brackets"),
        ("unscale", "def unscale(a, b):\n    return a * TABLE.max(axis=0)", "`TABLE` comes from"),
        ("best_rate", "def best_rate(r, c):\n    c = np.where(c == np.nan, 9e9, c)\n"
         "    return r[np.argmin(np.where(np.isinf(c), 9e9, c))]", "Nothing is equal to `nan`"),
        ("scale", "def scale(X, X_train):\n    return X / max(X_train)", "np.amax"),
        ("sigmoid", "def sigmoid(z):\n    return SIGMOID(z) * 3.7", "3.7"),
        ("sigmoid", "def sigmoid(z):\n    return np.minimum(SIGMOID(z), 0.52)", "0.52"),
        ("sigmoid", "def sigmoid(z):\n    return np.round(SIGMOID(z), 3)", "round"),
        ("sigmoid", "def sigmoid(z):\n    return 1 / (1 + 2.718**-z)", "digits"),
        ("early_stop", "def early_stop(costs, patience):\n    patience = 3\n    best = 0\n"
         "    for k, c in enumerate(costs):\n        if c < costs[best]:\n            best = k\n"
         "        elif k - best >= patience:\n            break\n    return best", "patience"),
        ("sigmoid", "def sigmoid(z):\n    e = 2.72\n    return 1 / (1 + e**-z)", "digits"),
        ("softmax", "def softmax(z):\n    for row in z:\n        e = np.exp(row - max(row))\n"
         "        return e / sum(e)", "inside the loop"),
        ("weight_slope", "def weight_slope(w, x, y):\n    a = SIGMOID(w * x)\n"
         "    return (y - a) * a * (1 - a) * x", "`y - a`"),
        ("relu_backward", "def relu_backward(da, a):\n    return da @ (a > 0).T", "entry by entry"),
        ("to_linear", "def to_linear(W, b):\n    return b[0], W", "order"),
        ("he_start", "def he_start(sizes, rng):\n    return [*zip(*[(rng.standard_normal((n, k))"
         " * (2/n)**0.5, np.zeros((1, k))) for n, k in zip(sizes, sizes[1:])])]", "pairs"),
        ("tape_gradients", "def tape_gradients(tape):\n    g = [0.0] * len(tape)\n    g[-1] = 1.0\n"
         "    for k in range(len(tape) - 1, -1, -1):\n        for slope, source in tape[k]:\n"
         "            g[source] += slope * g[k]\n    return g", "after `for`"),
        ("compute_cost", "def compute_cost(A2, Y):\n    yes = np.log(np.minimum(A2, 1e-12))\n"
         "    no = np.log(np.minimum(1 - A2, 1e-12))\n"
         "    return -np.sum(Y * yes + (1 - Y) * no) / Y.shape[1]", "np.minimum"),
        ("column", "def column(v):\n    v = np.array(v, dtype=float)\n    v.reshape(-1, 1)\n"
         "    return v", "gets lost"),
        ("train", "def train(network, parameters, X, y, learning_rate, epochs):\n    costs = []\n"
         "    while epochs > 0:\n        costs.append(1.0)\n    return costs", "for ever"),
        ("count_parameters", "def count_parameters(s):\n    return s[0] * s[1] + s[1] * s[2]\n",
         "length of `s` is 2"),
        ("one_hot", "def one_hot(labels, classes):\n    row, table = np.zeros(classes), []\n"
         "    for label in labels:\n        row[label] = 1\n        table.append(row)\n"
         "    return np.array(table)", "row has its own"),
        ("dropout", "def dropout(a, r, n):\n    a[n < r] = 0\n    return a", "division by 1"),
        ("he_start", "def he_start(sizes, rng):\n    return [(np.random.randn(n, k) * (2/n)**0.5,"
         " np.zeros((1, k))) for n, k in zip(sizes, sizes[1:])]", "`rng`"),
    ],
)  # fmt: skip
def test_causes_that_no_list_of_mistakes_has(name, source, named):
    table = np.array([[2.0, 7.0], [1.0, 3.0]])
    namespace = {"np": np, "TABLE": table, "SIGMOID": lambda z: 1 / (1 + np.exp(-z))}
    file = f"<{name} {abs(hash(source))}>"
    linecache.cache[file] = len(source), None, source.splitlines(keepends=True), file
    exec(compile(source, file, "exec"), namespace)
    for _ in range(2):  # once more where the time for a search has run out on a busy machine
        feedback = feedback_on(name, namespace[name])
        if named in repr(feedback):
            break
    assert feedback.status == "wrong" and named in repr(feedback), feedback


def test_the_learners_line_is_shown():
    def forward(X, W1, b1, W2, b2):
        z2 = X @ W1 + b1
        a2 = activations.sigmoid(z2)
        z3 = a2 @ W2 - b2
        return z2, a2, z3, activations.sigmoid(z3)

    feedback = feedback_on("forward", forward)
    assert feedback.code == "z3 = a2 @ W2 - b2"
    assert feedback.line == forward.__code__.co_firstlineno + 3


def test_an_example_shows_both_answers_and_marks_the_entries_that_differ():
    off = eval("lambda z2, first: 2 * z2 - first / first.max() + np.cos(z2 * 7)", {"np": np})
    rows = dict(feedback_on("second_column", off).rows)
    assert {"z2", "first", "your answer", "right answer"} <= rows.keys()
    off = eval("lambda x, W, b: 1 / (1 + np.exp(-(x @ W + b))) ** [1, 1, 1.3]", {"np": np})
    assert dict(feedback_on("layer", off).rows)["your answer"].count(">") == 1


# ------------------------------------------------------------------ kinds that later cells need


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("layer", list),
        ("neuron", np.array),
        ("neuron", lambda value: np.array([[value]])),
        ("mean_squared_error", lambda value: f"{value}"),
        ("column", np.matrix),
        ("one_hot", lambda value: value.astype(int)),
        ("one_hot", lambda value: value.astype(object)),
        ("softmax", lambda value: value.astype(complex)),
        ("early_stop", float),
        ("neuron", np.float32),
        ("layer", lambda value: value.astype(np.float32)),
        ("fold", lambda value: [part.astype(float) for part in value]),
        ("batches", iter),
        ("ensemble", lambda value: (value[0], value[1].tolist())),
    ],
)
def test_right_numbers_in_a_kind_that_breaks_later_cells_are_refused(name, change):
    one = all_exercises()[name]
    theirs = copied(one.answer)
    theirs.__code__ = theirs.__code__.replace(co_name="theirs")  # else it is the course's own

    def status(change):
        return diagnosis(one, lambda *arguments: change(theirs(*arguments)))[0].status

    assert status(lambda value: value) == "right"
    assert status(change) == "wrong"


# ------------------------------------------------------------------------------------ substitutes


def test_a_substitute_never_passes_for_the_learners_work(capsys):
    substitute = check("sigmoid", lambda z: 42)
    library = activations.sigmoid

    def calls_it(z):
        return substitute(z)

    class Callable:
        def __call__(self, z):
            return library(z)

    not_theirs = {
        "again": substitute,
        "under another name": check("sigmoid", substitute),
        "of nnlib": library,
        "the answer itself": all_exercises()["sigmoid"].answer,
        "a partial": functools.partial(library),
        "wrapped": functools.wraps(substitute)(lambda z: 1 / (1 + np.exp(-z))),
        "called in a function": calls_it,
        "called in a lambda": lambda z: library(z) + 0,
        "called by an object": Callable(),
    }
    capsys.readouterr()
    for words, function in not_theirs.items():
        assert check("sigmoid", function) is substitute, words
    assert "Right" not in capsys.readouterr().out
    assert substitute(0.0) == 0.5  # and the notebook goes on


@each_exercise
def test_no_exercise_takes_the_courses_version_for_the_learners(one, capsys):
    """The blank stub, checked twice, and whatever only hands on what the course has written."""
    substitute = check(one.name, ...)
    for function in (
        substitute,
        one.answer,
        one.fallback or one.answer,
        lambda *arguments: substitute(*arguments),
        lambda *arguments: one.answer(*arguments),
    ):
        assert check(one.name, function) is substitute
    assert "✓" not in capsys.readouterr().out


def test_what_the_course_provides_may_be_used_for_another_exercise(capsys):
    neuron = check("neuron", lambda x, w, b: ...)

    def layer(x, W, b):
        return np.array([neuron(x, W[:, j], b[j]) for j in range(3)])

    assert check("layer", layer) is layer
    assert check("layer", layer) is layer  # and again


def test_a_wrong_function_that_the_answer_calls_is_found():
    namespace = {"np": np, "sigmoid": lambda z: 1 / (1 + np.exp(z))}
    exec("def layer(x, W, b):\n    return sigmoid(x @ W + b)", namespace)
    assert "`sigmoid`" in repr(feedback_on("layer", namespace["layer"]))


# ----------------------------------------------------------------------- exercises of other kinds


@pytest.fixture
def made_up(monkeypatch):
    """Two exercises that exist for one test only: a function and a value."""
    known = dict(all_exercises())
    monkeypatch.setattr("nnlib.checks.exercise._registered", registered := dict(known))
    for module in ("nnlib.checks", "nnlib.checks.diagnose", "nnlib.checks.mistakes"):
        monkeypatch.setattr(f"{module}.all_exercises", lambda: registered)

    @exercise("02", lambda rng: ((rng.uniform(1, 2, 3),), (rng.uniform(1, 2, 2),)))
    def triple(x):
        return 3 * x

    value_exercise("order_of_steps", "02", ["forward", "cost", "backward"])
    value_exercise("shape_of_W1", "02", (2, 3))
    value_exercise("how_many", "02", 13)
    value_exercise("shapes", "02", [(2, 3), (40, 6)], returns=("W1", "a2"))
    value_exercise("pair", "02", (5, 20))
    return registered


def test_an_exercise_is_declared_in_one_place(made_up, capsys):
    assert "of 11 exercises" in repr(progress("02"))
    mine = lambda x: x + x + x  # noqa: E731
    assert check("triple", mine) is mine
    check("triple", lambda x: 2 * x)
    assert "Not yet" in capsys.readouterr().out
    with pytest.raises(ValueError, match="one of triple; got 'tripel'"):
        check("tripel", mine)


@pytest.mark.parametrize(
    ("name", "value", "status", "says"),
    [
        ("shape_of_W1", (2, 3), "✓", ""),
        ("shape_of_W1", [2, 3], "✓", ""),
        ("shape_of_W1", np.array([2, 3]), "✓", ""),
        ("shape_of_W1", (3, 2), "✗", "reverse"),
        ("shape_of_W1", (2,), "✗", "2 entries"),
        ("shape_of_W1", "2, 3", "✗", "tuple"),
        ("how_many", 13.0, "✓", ""),
        ("how_many", 12, "✗", "larger"),
        ("how_many", 14, "✗", "smaller"),
        ("how_many", float("nan"), "✗", "nan"),
        ("how_many", -13, "✗", "sign"),
        ("how_many", 1 / 13, "✗", "upside down"),
        ("how_many", 1300, "✗", "per cent"),
        ("how_many", -(13**2), "✗", "root"),
        ("how_many", -np.log10(np.exp(13)), "✗", "base 10"),
        ("how_many", "13", "✗", "a number"),
        ("how_many", ..., "…", "dots"),
        ("order_of_steps", ["forward", "cost", "backward"], "✓", ""),
        ("order_of_steps", ["forward", "backward", "cost"], "✗", "number 2"),
        ("order_of_steps", ["cost", "forward", "backward"], "✗", "The first one"),
        ("order_of_steps", ["forward", ..., "cost"], "…", "dots"),
        ("order_of_steps", ["forward", "forward", "backward"], "✗", "twice"),
        ("order_of_steps", ["forward", "backward", "cost"], "✗", "not in the right order"),
        ("order_of_steps", ["forward cost backward"], "✗", "its own quotes"),
        ("order_of_steps", [1, 2, 3], "✗", "text in quotes"),
        ("shapes", [(2, 3), 40], "✗", "`a2` again: that should be a tuple"),
        ("shapes", [(2, 3), (40,)], "✗", "`a2` again: a shape has one number for each axis"),
        ("shapes", [(2, 3), (40, 3)], "✗", "columns isn't right yet in `a2`"),
        ("pair", (0.05, 0.2), "✗", "100 times too small"),
        ("pair", (5, 400), "✗", "number 2 again.\n  A square root"),
        ("pair", (400, 25), "✗", "reverse order.\n  A square root is missing"),
    ],
)
def test_an_answer_can_be_a_value(made_up, capsys, name, value, status, says):
    assert check(name, value) is None
    out = capsys.readouterr().out
    assert out.startswith(status) and says in out


def test_every_message_has_its_places_and_every_kind_of_edit_its_sentence():
    assert message("depends.ignored", name="f", names="`x`", count=1)
    for kind, item in texts.load("nnlib.checks", "edits.toml").items():
        for key in ("repair", "slip", "missing", "instead"):
            if key in item:
                places = dict(zip(("old", "new", "argument", "part", "around"), "abcde"))
                text = message(f"{kind}.{key}", "edits", **places)
                assert text and "{" not in text
        assert item["repair"]
