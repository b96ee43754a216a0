"""What may go wrong around a check: endless loops, noise, side effects, kernels, files."""

import asyncio
import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from nnlib.checks import check, progress, progress_file
from nnlib.checks.exercise import all_exercises
from nnlib.checks.sandbox import Outcome, Sandbox

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
from nbtools import run, texts


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


class Unprintable:
    def __repr__(self):
        raise RuntimeError

    __str__ = __repr__

    def __array__(self, *arguments, **settings):
        raise ValueError


class Unreadable:
    def __call__(self, z):
        return sigmoid(z)

    def __getattr__(self, name):
        raise RuntimeError(name)


def endless(z):
    while True:
        pass


def swallows_everything(z):
    while True:
        try:  # noqa: SIM105
            sigmoid(z)
        except:  # noqa: E722
            pass


def prints_much(z):
    for line in range(100_000):
        print(line)
    return sigmoid(z)


def fills_the_memory(z):
    kept = []
    while True:
        kept.append(z)


async def asynchronous(z):
    return sigmoid(z)


def generator(z):
    yield sigmoid(z)


def debugs(z):
    import pdb

    pdb.set_trace()
    return sigmoid(z)


def recursive(z):
    return recursive(z)


def raises_the_unprintable(z):
    class Odd(Exception):
        __str__ = Unprintable.__repr__

    raise Odd


ODD = [
    (endless, "Does its loop ever end"),
    (swallows_everything, "Does its loop ever end"),
    (fills_the_memory, "Does its loop ever end"),
    (lambda z: max(z for z in iter(int, 1)), "Does its loop ever end"),
    (prints_much, "thousands of lines"),
    (recursive, "over and over"),
    (asynchronous, "async"),
    (generator, "only once"),
    (debugs, "debugger"),
    (lambda z: breakpoint(), "debugger"),
    (lambda z: input("z?"), "input()"),
    (lambda z: check("sigmoid", sigmoid), "inside itself"),
    (lambda z: os._exit(0), "end the program"),
    (lambda z: os.abort(), "end the program"),
    (lambda z: sys.exit(), "end the program"),
    (lambda z: exit(), "end the program"),
    (lambda z: asyncio.new_event_loop().stop(), "end the program"),
    (lambda z: Unprintable(), "Unprintable"),
    (lambda z: [Unprintable()], "list"),
    (lambda z: {Unprintable(): 1}, "dict"),
    (lambda z: 10**1000, "number"),
    (lambda z: np.ones((10**6, 10**6)), "MemoryError"),
    (lambda z: np.array([object()]), "numbers"),
    (raises_the_unprintable, "Odd"),
    (Unreadable(), "RuntimeError"),
    (Unprintable(), "function"),
    (lambda: 0.5, "(z)"),
    (0.5, "has to be a function"),
    (np.exp, "Not yet"),
    (None, "Not attempted"),
    (..., "Not attempted"),
]


@pytest.mark.parametrize(("function", "says"), ODD, ids=[str(n) for n in range(len(ODD))])
def test_whatever_it_is_given_a_check_answers_soon(function, says, capsys):
    durations = []
    for _ in range(2):  # what else runs on the machine only ever adds to a duration
        begin = time.process_time()
        check("sigmoid", function)
        durations.append(time.process_time() - begin)
    assert min(durations) < 0.9
    assert says in capsys.readouterr().out
    assert check("sigmoid", sigmoid) is sigmoid
    assert sys.gettrace() is None or "sandbox" not in repr(sys.gettrace())


CHANGED = [0]


@pytest.mark.parametrize(
    ("effect", "says"),
    [
        (lambda: np.random.seed(1), "random"),  # noqa: NPY002
        (lambda: random.random(), "random"),
        (lambda: np.seterr(all="ignore"), "np.seterr"),
        (lambda: os.chdir(os.sep), "folder"),
        (lambda: setattr(np, "mean", lambda *some: 42), "replaces"),
        (lambda: CHANGED.append(1), ""),
        (lambda: time.sleep(10), ""),
        (lambda: print("hello"), "hello"),
    ],
)
def test_side_effects_are_said_and_undone_and_the_answer_is_right(effect, says, capsys):
    def mine(z):
        CHANGED and effect()
        return sigmoid(z)

    before = os.getcwd(), np.geterr(), np.mean, random.getstate(), time.sleep
    numbers = np.random.get_state()[1].tolist()  # noqa: NPY002
    begin = time.perf_counter()
    assert check("sigmoid", mine) is mine
    assert time.perf_counter() - begin < 5
    out = capsys.readouterr().out
    assert says in out and out.count("hello") == (says == "hello")
    assert (os.getcwd(), np.geterr(), np.mean, random.getstate(), time.sleep) == before
    assert np.random.get_state()[1].tolist() == numbers  # noqa: NPY002


def test_an_answer_cannot_change_the_names_of_the_notebook(capsys):
    notebook = {"__name__": "__main__", "np": np, "table": [1.0], "kept": 3}
    source = "def mine(z):\n    CHANGE\n    return 1 / (1 + numpy.exp(-z))"
    changes = ("globals().clear()", "globals()['new'] = 1", "globals().update(kept=4)", "del kept")
    for change in changes:
        names = "    global kept\n" if change.startswith("del") else ""
        text = source.replace("    CHANGE", f"{names}    import numpy; {change}")
        exec(text, notebook)
        before = dict(notebook)
        assert check("sigmoid", notebook["mine"]) is notebook["mine"]
        assert notebook == before and "variables of the notebook" in capsys.readouterr().out


def test_edited_arguments_are_seen_in_any_container():
    def edits(array, pair, table):
        array += 1
        pair[0][0] = 9
        table["a"][0] = 9

    with Sandbox() as sandbox:
        case = (np.zeros(2), (np.zeros(2), 1), {"a": np.zeros(1)})
        assert sandbox.run(edits, case).edited == (0, 1, 2)
        assert not case[0].any() and not case[1][0].any()
        back = sandbox.run(lambda x: x.__iadd__(1).__isub__(1), (np.array([0.1]),))
    assert isinstance(back, Outcome) and back.edited == ()


# ------------------------------------------------------------------------------------- progress


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """The file in which progress is kept for one test."""
    monkeypatch.setenv("NNLIB_PROGRESS", str(tmp_path / "progress.json"))
    progress_file.folder.cache_clear()
    return tmp_path / "progress.json"


def test_right_answers_are_kept_and_nothing_else(kept, capsys):
    for function in (lambda z: 42, check("sigmoid", lambda z: 42), ...):
        check("sigmoid", function)
    count = sum(exercise.notebook == "02" for exercise in all_exercises().values())
    assert repr(progress("02")).startswith(f"Notebook 02: 0 of {count}")
    for _ in range(2):
        check("sigmoid", sigmoid)
    assert json.loads(kept.read_text())["right"] == ["sigmoid"]
    assert f"Notebook 02: 1 of {count}" in progress("02")._repr_html_()
    assert f"1 of {len(all_exercises())}" in repr(progress())


def test_the_mistakes_that_are_named_are_counted(kept, capsys):
    for function in (lambda z: 1 / (1 + np.exp(z)), lambda z: np.sin(17.3 * z), sigmoid):
        check("sigmoid", function)
        check("sigmoid", function)
    ((exercise, counts),) = json.loads(kept.read_text())["mistakes"].items()
    assert exercise == "sigmoid" and list(counts.values()) == [2]  # an example names no mistake


@pytest.mark.parametrize("damaged", [3, {"sigmoid": 3}, {"sigmoid": {"one": "many"}}])
def test_a_section_of_another_form_is_replaced(kept, damaged):
    kept.write_text(json.dumps({"mistakes": damaged, "right": ["sse"]}))
    check("sigmoid", lambda z: 1 / (1 + np.exp(z)))
    content = json.loads(kept.read_text())
    assert content["right"] == ["sse"] and 1 in content["mistakes"]["sigmoid"].values()


def test_other_parts_keep_sections_of_their_own(kept):
    assert progress_file.read_section("quiz", {}) == {}
    assert progress_file.write_section("quiz", {"02": [0, 1]}) == ""
    check("sigmoid", sigmoid)
    assert progress_file.read_section("quiz", {}) == {"02": [0, 1]}
    assert progress_file.read_section("quiz", []) == []  # another type than what is expected
    assert [path.name for path in kept.parent.iterdir()] == [kept.name]


@pytest.mark.parametrize("text", ["", "{", "[]", "3", "\x00"])
def test_a_damaged_file_is_left_alone_and_said(kept, text, capsys):
    kept.write_text(text)
    check("sigmoid", sigmoid)
    assert "can't be read" in capsys.readouterr().out and kept.read_text() == text
    assert "can't be read" in repr(progress("00"))


def test_a_file_that_cannot_be_written_is_said(kept, monkeypatch, capsys):
    monkeypatch.setenv("NNLIB_PROGRESS", str(kept.parent / "no such folder" / "progress.json"))
    assert check("sigmoid", sigmoid) is sigmoid
    assert "couldn't be saved" in capsys.readouterr().out


def test_progress_names_the_notebooks_it_knows():
    with pytest.raises(ValueError, match=r"one of 00, 01, .*; got '2'"):
        progress("2")


def test_the_checks_need_no_widgets_nor_ipython():
    code = "import sys, nnlib.checks; print({'ipywidgets', 'IPython', 'asyncio'} & {*sys.modules})"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "set()\n"


# ------------------------------------------------------------------------------ in a real kernel


def said_by(cells, folder, monkeypatch):
    """What each cell shows, run one after the other in a kernel that keeps progress."""
    monkeypatch.delenv("NNLIB_PROGRESS", raising=False)
    notebook = new_notebook(cells=[new_code_cell(source) for source in cells])
    for cell in notebook.cells:
        cell.metadata["tags"] = ["raises-exception"]
    run(notebook, folder)
    nbformat.validate(notebook)
    return ["".join(text for output in cell.outputs for _, text in texts(output))
            for cell in notebook.cells]  # fmt: skip


def test_blank_work_is_never_right_however_often_it_is_checked(tmp_path, monkeypatch):
    stub, ask = "def neuron(x, w, b):\n    return ...", 'neuron = check("neuron", neuron)'
    answer = "def neuron(x, w, b):\n    return 1 / (1 + np.exp(-(x @ w + b)))"
    cells = [
        'import numpy as np\nfrom nnlib.checks import check, progress\nprogress("00")',
        'neuron = check("neuron")',  # 1: before its stub
        stub, ask, ask,  # 2–4: untouched, twice
        "def neuron(x, w, b):\n    return (1", ask,  # 5–6: a SyntaxError before it
        "def neuron(x, w, b):\n    return 42", ask, ask,  # 7–9
        "import os; os.makedirs('deep')\n%cd deep",
        answer, 'neuron = check("neuron")', ask,  # 11–13
        "quit_is_refused = check('neuron', lambda x, w, b: exit())",
        'print("alive", neuron(np.zeros(1), np.zeros(1), 0.0))',
    ]  # fmt: skip
    said = said_by(cells, tmp_path, monkeypatch)
    assert "There is no `neuron` yet" in said[1]
    assert "Replace the dots" in said[3]
    assert all("course's version" in said[k] for k in (4, 6, 9))
    assert "Not yet" in said[8]
    assert [k for k, text in enumerate(said) if "✓" in text] == [12, 13]
    assert "1 of 3 exercises right" in said[0]  # the bar of the first cell has moved
    assert "alive 0.5" in said[-1]
    kept = json.loads((tmp_path / "course-progress.json").read_text())
    assert kept["right"] == ["neuron"] and not list((tmp_path / "deep").iterdir())


def test_a_translation_keeps_its_progress_beside_the_english_notebooks(tmp_path, monkeypatch):
    (tmp_path / "de").mkdir()
    cells = [
        'from nnlib import texts\nfrom nnlib.checks import check\ntexts.set_language("de")',
        'check("halfway_bias", -1.5)',
    ]
    said = said_by(cells, tmp_path / "de", monkeypatch)
    assert "✓ Richtig." in said[1]
    kept = json.loads((tmp_path / "course-progress.json").read_text(encoding="utf-8"))
    assert kept["right"] == ["halfway_bias"] and not list((tmp_path / "de").iterdir())
