"""Changing any one stored number of any notebook, or clearing an output, makes the tests fail.

nbval runs the notebooks; here its comparison itself is put to the test. A notebook's cells meet a
kernel that answers with what is stored, while what is stored is changed, one number after another:
that takes a fraction of a second a notebook where running the notebook each time would take hours.

What nbval 0.11 does, read in its plugin.py and seen here:
- It compares the text of every mime type (text/plain, text/html, text/latex, image/svg+xml …),
  stdout and stderr, and ename and evalue of an error; nothing is rounded or cleaned, since no
  `--nbval-sanitize-with` file is given.
- It never compares image/png, image/jpeg, widget views, any metadata (a picture's alt text),
  execution counts, an error's traceback, or the order of outputs of different kinds; of a line
  with carriage returns it compares what follows the last one.
- It does not compare at all in a cell without an execution count. So a notebook that was cleared
  passes, and so does a cell. (With a count and without outputs it fails, if there is any text.)
- It skips cells, or their outputs, that ask for it in a tag or a comment (NBVAL_SKIP …): two do.
The tests of test_notebooks.py close these holes: every cell is run and is stored as refresh.py
stores it, a picture's alt text is its text/plain, and nothing switches nbval off. What a picture
shows is compared in conftest.py.
"""

import copy
import io
import re
import shutil
import subprocess
import sys
from base64 import b64decode, b64encode

import matplotlib
import nbformat
import pytest
from nbtools import NUMBER, PATHS, ROOT, code_cells, read, tags
from nbval.plugin import IPyNbCell, IPyNbFile, NbCellError
from pictures import VARIES, stale
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from test_notebooks import every_lesson, every_notebook, listed, picture_problems, stored_problems

THIS = f"Matplotlib version{matplotlib.__version__}, https://matplotlib.org/"  # as it signs a PNG


class EchoKernel:
    """Answers each execution with the outputs that it was given."""

    def __init__(self):
        self.outputs, self.messages = [], []

    def is_alive(self):
        return True

    def execute_cell_input(self, source, allow_stdin):
        def message(kind, content):
            return {"msg_type": kind, "content": content, "parent_header": {"msg_id": "1"}}

        idle = message("status", {"execution_state": "idle"})
        self.messages = [*(message(out.output_type, out) for out in self.outputs), idle]
        return "1"

    def await_reply(self, message_id, timeout):
        pass

    await_idle = await_reply

    def get_message(self, stream, timeout):
        return self.messages.pop(0)

    def stop(self):
        pass


@pytest.fixture
def nbval_cells(path, request, monkeypatch):
    """The cells of a notebook as nbval collects them, with a kernel that echoes."""
    # Only the wording of a failure: a diff for each of some thousand of them would take minutes.
    monkeypatch.setattr(IPyNbCell, "format_output_compare", lambda *arguments: None)
    file = IPyNbFile.from_parent(request.session, path=path)
    cells = list(file.collect())
    file.kernel = EchoKernel()
    return cells


def nbval_fails(cell, stored, produced):
    """Whether nbval fails a cell that stores some outputs and produces others when run."""
    cell.cell.outputs = copy.deepcopy(stored)
    cell.parent.kernel.outputs = copy.deepcopy(produced)
    try:
        cell.runtest()
    except NbCellError:
        return True
    return False


def places(node, path=()):
    """(keys that lead there, text) of every text and number in an output but the pictures."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key not in ("output_type", "image/png") or isinstance(value, dict):
                yield from places(value, (*path, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from places(value, (*path, index))
    elif isinstance(node, (str, int, float)):
        yield path, node


def one_off(text):
    """Every text in which one number differs from `text` by one unit of its last digit."""
    for match in NUMBER.finditer(text):
        last = re.search(r"\d(?=\D*(?:[eE][-+]?\d+)?$)", match.group()).start() + match.start()
        yield f"{text[:last]}{(int(text[last]) + 1) % 10}{text[last + 1 :]}"


def replaced(output, keys, value):
    """A copy of an output with another value at the place where `keys` lead."""
    output = copy.deepcopy(output)
    node = output
    for key in keys[:-1]:
        node = node[key]
    node[keys[-1]] = value
    return output


def compared(cells, notebook):
    """(nbval's cell, the notebook's) of every code cell that nbval compares.

    test_notebooks.py says which two it does not, and looks at what they store.
    """
    pairs = zip(cells, code_cells(notebook), strict=True)
    return [pair for pair in pairs if "nbval-ignore-output" not in tags(pair[1])]


def test_the_settings_are_strict(pytestconfig):
    options = pytestconfig.option
    assert options.nbval and options.nbval_current_env
    assert not (options.nbval_lax or options.nbval_sanitize_with or options.sanitize_with)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a 0.09, 7", ["a 0.00, 7", "a 0.09, 8"]),
        ("[1. 60,000]", ["[2. 60,000]", "[1. 60,001]"]),
        ("1.5e-07 1e5", ["1.6e-07 1e5", "1.5e-07 2e5"]),
    ],
)
def test_one_off(text, wanted):
    assert list(one_off(text)) == wanted


@every_notebook
def test_a_change_of_any_stored_number_fails(path, nbval_cells, record_property):
    notebook = read(path)
    unnoticed, numbers = [], 0
    for cell, in_notebook in compared(nbval_cells, notebook):
        stored = in_notebook.outputs
        assert not nbval_fails(cell, stored, stored)
        for index, output in enumerate(stored):
            for keys, value in places(output):
                for other in one_off(value) if isinstance(value, str) else [value + 1]:
                    changed = replaced(output, keys, other)
                    outputs = [*stored[:index], changed, *stored[index + 1 :]]
                    numbers += 1
                    if nbval_fails(cell, outputs, stored) or picture_problems(changed):
                        continue
                    in_notebook.outputs = outputs
                    if not stored_problems(notebook):
                        unnoticed.append((cell.name, keys, other))
                    in_notebook.outputs = stored
    record_property("changed numbers", numbers)
    assert not unnoticed, listed(unnoticed)
    assert numbers > 0


@every_notebook
def test_clearing_a_cell_fails(path, nbval_cells):
    notebook = read(path)
    unnoticed = []
    for cell, in_notebook in compared(nbval_cells, notebook):
        stored, count = in_notebook.outputs, in_notebook.execution_count
        # One output gone, the other way round, or all: with its execution count …
        for index in range(len(stored)):
            fewer = stored[:index] + stored[index + 1 :]
            if not nbval_fails(cell, fewer, stored) or not nbval_fails(cell, stored, fewer):
                unnoticed.append((cell.name, f"output {index + 1} removed"))
        if stored and not nbval_fails(cell, [], stored):
            unnoticed.append((cell.name, "outputs removed"))
        # … and without, as "Clear outputs" leaves it: there nbval sees nothing, our own test does.
        in_notebook.outputs, in_notebook.execution_count = [], None
        cell.cell.execution_count = None
        assert not nbval_fails(cell, [], stored)
        if not stored_problems(notebook):
            unnoticed.append((cell.name, "cleared"))
        in_notebook.outputs, in_notebook.execution_count = stored, count
    assert not unnoticed, listed(unnoticed)


def repainted(output, at, software=None):
    """A copy of an output with a mark of the size of a digit in its picture, if it has one."""
    output = copy.deepcopy(output)
    if "image/png" in output.get("data", {}):
        old, new = Image.open(io.BytesIO(b64decode(output.data["image/png"]))), io.BytesIO()
        picture, info = old.convert("RGBA"), PngInfo()
        ink = (*(255 if channel < 128 else 0 for channel in picture.getpixel(at)[:3]), 255)
        picture.paste(ink, (*at, at[0] + 5, at[1] + 8))
        info.add_text("Software", software or old.info["Software"])
        picture.save(new, "png", pnginfo=info)
        output.data["image/png"] = b64encode(new.getvalue()).decode()
    return output


@every_lesson
def test_a_mark_of_the_size_of_a_digit_in_any_picture_is_seen(path):
    count = 0
    for cell in code_cells(read(path)):
        assert stale(cell.outputs, cell.outputs) == ([], 0)
        for output in cell.outputs:
            if "image/png" in output.get("data", {}):
                count += 1
                at = (100 + 3 * count, 50 + 5 * count)
                assert stale([output], [repainted(output, at)])[0]
                other = repainted(output, at, software="Matplotlib 1.0")
                assert stale([output], [other]) == ([], 1)  # not compared, and counted
    assert count


def test_the_whole_suite_fails_on_changed_and_on_cleared_notebooks(tmp_path):
    """A real pytest run, on a copy.

    One notebook with a wrong number in each cell, one with a mark in each picture, one cleared.
    """
    (tmp_path / "tests").mkdir()
    (tmp_path / "notebooks").mkdir()
    for name in (
        "tests/pictures.py",
        "tests/test_notebooks.py",
        "tools/nbtools.py",
        "tools/refresh.py",
    ):
        shutil.copy(ROOT / name, tmp_path / "tests")
    for name in ("pyproject.toml", "conftest.py"):
        shutil.copy(ROOT / name, tmp_path)

    changed, wrong = read(PATHS[0]), set()
    for number, cell in enumerate(code_cells(changed)):
        for index, output in enumerate(cell.outputs):
            options = [
                (keys, other)
                for keys, value in places(output)
                if keys[0] in ("text", "data") and isinstance(value, str)
                for other in one_off(value)
            ]
            if options:
                cell.outputs[index] = replaced(output, *options[-1])
                wrong.add(number)
                break
    painted, marked = read(PATHS[0]), set()
    for number, cell in enumerate(code_cells(painted)):
        cell.outputs = [repainted(output, (150, 120), software=THIS) for output in cell.outputs]
        if any("image/png" in output.get("data", {}) for output in cell.outputs):
            marked.add(number)
            last_picture = number, cell
    marked.remove(last_picture[0])
    last_picture[1].metadata["tags"] = [VARIES]
    cleared = read(PATHS[0])
    for cell in code_cells(cleared):
        cell.outputs, cell.execution_count = [], None
    nbformat.write(changed, tmp_path / "notebooks" / "00_changed.ipynb")
    nbformat.write(cleared, tmp_path / "notebooks" / "01_cleared.ipynb")
    nbformat.write(painted, tmp_path / "notebooks" / "02_painted.ipynb")

    settings = ["-n0", "-q", "-rfE", "--tb=no", "--color=no", "-p", "no:cacheprovider"]
    checks = ["notebooks/00_changed.ipynb", "notebooks/02_painted.ipynb"]
    checks += ["tests/test_notebooks.py::test_is_stored_by_refresh"]
    command = [sys.executable, "-m", "pytest", *settings, *checks]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 1, run.stdout + run.stderr
    failed = re.findall(r"^(?:FAILED|ERROR) (\S+)::(.+?)(?: - .*)?$", run.stdout, re.MULTILINE)
    cells = {int(name.removeprefix("Cell ")) for file, name in failed if "changed" in file}
    assert wrong and cells == wrong, run.stdout
    cells = {int(name.removeprefix("Cell ")) for file, name in failed if "painted" in file}
    assert marked and cells == marked, run.stdout
    tests = {name for file, name in failed if file == "tests/test_notebooks.py"}
    assert "test_is_stored_by_refresh[01_cleared.ipynb]" in tests, run.stdout
