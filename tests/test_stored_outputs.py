"""A change of any stored number, a mark in any picture, a cleared notebook: the tests see it.

nbval runs the notebooks and compares. Here its comparison itself is put to the test, with our own:
a notebook's cells meet a kernel that answers with what is stored, while what is stored is changed,
one number after another. Running the notebook each time would take hours.
"""

import copy
import io
import re
import subprocess
import sys
from base64 import b64decode, b64encode

import matplotlib
import nbformat
import pytest
from nbtools import NUMBER, PATHS, code_cells, read, tags
from nbval.plugin import IPyNbCell, IPyNbFile, NbCellError
from pictures import PAGES, on_page, stale
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from test_notebooks import every_notebook, listed, picture_problems, stored_problems

THIS = f"Matplotlib version{matplotlib.__version__}, https://matplotlib.org/"  # as it signs a PNG

pytestmark = pytest.mark.slow


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


def changed_outputs(outputs):
    """(index, keys, the output changed) for each number in some outputs."""
    for index, output in enumerate(outputs):
        for keys, value in places(output):
            for other in one_off(value) if isinstance(value, str) else [value + 1]:
                yield index, keys, replaced(output, keys, other)


@every_notebook
def test_a_change_of_any_stored_number_fails(path, nbval_cells, record_property):
    notebook = read(path)
    unnoticed, numbers = [], 0
    for cell, in_notebook in zip(nbval_cells, code_cells(notebook), strict=True):
        if "nbval-ignore-output" in tags(in_notebook):
            continue  # test_notebooks.py looks at these
        stored = in_notebook.outputs
        assert not nbval_fails(cell, stored, stored)
        for index, keys, changed in changed_outputs(stored):
            outputs = [*stored[:index], changed, *stored[index + 1 :]]
            numbers += 1
            if nbval_fails(cell, outputs, stored) or picture_problems(changed):
                continue
            in_notebook.outputs = outputs
            if not stored_problems(notebook):
                unnoticed.append((cell.name, keys, changed))
            in_notebook.outputs = stored
    record_property("changed numbers", numbers)
    assert not unnoticed, listed(unnoticed)


def repainted(output, at, software=None):
    """A copy of an output with a mark of the size of a digit in its picture, if it has one.

    `software`: what is said to have drawn it, if the picture says so at all; an explorer's doesn't.
    """
    output = copy.deepcopy(output)
    if "image/png" in output.get("data", {}):
        old, new = Image.open(io.BytesIO(b64decode(output.data["image/png"]))), io.BytesIO()
        picture, info = old.convert("RGBA"), PngInfo()
        seen = on_page(old, PAGES[0]).getpixel(at)
        ink = tuple(255 if channel < 128 else 0 for channel in seen)
        picture.paste((*ink, 255), (*at, at[0] + 5, at[1] + 8))
        if "Software" in old.info:
            info.add_text("Software", software or old.info["Software"])
        picture.save(new, "png", pnginfo=info)
        output.data["image/png"] = b64encode(new.getvalue()).decode()
    return output


@every_notebook
def test_a_mark_of_the_size_of_a_digit_in_any_picture_is_seen(path):
    outputs = [output for cell in code_cells(read(path)) for output in cell.outputs]
    pictures = [output for output in outputs if "image/png" in output.get("data", {})]
    assert stale(pictures, pictures) == ([], 0)
    for count, output in enumerate(pictures, 1):
        at = (100 + 3 * count, 50 + 5 * count)
        assert stale([output], [repainted(output, at)])[0]
        other = repainted(output, at, software="Matplotlib 1.0")
        if b"Matplotlib" in b64decode(output.data["image/png"]):
            assert stale([output], [other]) == ([], 1)  # not compared, and counted


def test_the_whole_suite_fails_on_changed_and_on_cleared_notebooks(copy_course, tmp_path):
    """In a copy: a notebook with a wrong number in each cell, one with marks, one cleared."""
    course = copy_course(tmp_path / "course")
    for path in (course / "notebooks").glob("*.ipynb"):
        path.unlink()
    changed, wrong = read(PATHS[0]), set()
    painted, marked = read(PATHS[0]), set()
    for number, cell in enumerate(code_cells(changed)):
        for index, keys, output in changed_outputs(cell.outputs):
            if keys[0] in ("text", "data"):
                cell.outputs[index] = output
                wrong.add(number)
                break
    for number, cell in enumerate(code_cells(painted)):
        cell.outputs = [repainted(output, (150, 120), software=THIS) for output in cell.outputs]
        if any("image/png" in output.get("data", {}) for output in cell.outputs):
            marked.add(number)
    cleared = read(PATHS[0])
    for cell in code_cells(cleared):
        cell.outputs, cell.execution_count = [], None
    for name, notebook in (("0_changed", changed), ("1_cleared", cleared), ("2_painted", painted)):
        nbformat.write(notebook, course / "notebooks" / f"{name}.ipynb")

    settings = ["-n0", "-q", "-rfE", "--tb=no", "--color=no", "-p", "no:cacheprovider"]
    checks = ["notebooks", "tests/test_notebooks.py::test_is_stored_by_refresh"]
    command = [sys.executable, "-P", "-m", "pytest", *settings, *checks]
    run = subprocess.run(command, cwd=course, capture_output=True, text=True, check=False)
    failed = re.findall(r"^(?:FAILED|ERROR) (\S+)::(.+?)(?: - .*)?$", run.stdout, re.MULTILINE)

    def cells(notebook):
        return {int(name.removeprefix("Cell ")) for file, name in failed if notebook in file}

    assert wrong and cells("0_changed") == wrong, run.stdout
    assert marked and cells("2_painted") == marked, run.stdout
    assert "test_is_stored_by_refresh[1_cleared.ipynb]" in [name for _, name in failed]
