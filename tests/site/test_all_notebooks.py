"""Every notebook runs in the browser to its end and prints what the stored notebook shows."""

import json
import re

import nbformat
import pytest
from live import LiveNotebook
from nbtools import PATHS, cell_name, tags, texts

# What may differ in the browser, and why; whatever isn't explained here is a failure.
# In WebAssembly no floating-point operation raises a flag, so NumPy can't warn.
WARNING = re.compile(r"^.*\b(?:encountered in|RuntimeWarning)\b.*\n(?:  .*\n)?", re.MULTILINE)
VARIES = "nbval-ignore-output"  # the tag of cells that print other digits on other machines

ADVICE = """
The browser prints something else than is stored in the notebook. Refresh it if the stored output is
old, or let the cell print what holds everywhere. If the browser can't do that, tell the reader in
the notebook, and explain the difference at the top of this file."""


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_the_outputs_are_the_stored_ones(path, open_page):
    notebook = LiveNotebook(open_page(f"run/{path.stem}.html"))
    notebook.execute("import os; os.environ['TQDM_DISABLE'] = '1'")  # as for the stored outputs
    notebook.run_all(timeout=800)
    got = nbformat.reads(json.dumps(notebook.content()), as_version=4)
    stored = nbformat.read(path, as_version=4)
    pairs = [
        (number, cell, live)
        for number, (cell, live) in enumerate(zip(stored.cells, got.cells, strict=True), 1)
        if cell.cell_type == "code"
    ]
    assert [cell_name(number, cell) for number, cell, live in pairs if has_failed(live)] == []
    different = {
        cell_name(number, cell): {"stored": compared(cell), "in the browser": compared(live)}
        for number, cell, live in pairs
        if VARIES not in tags(cell) and compared(cell) != compared(live)
    }
    assert not different, ADVICE + json.dumps(different, indent=1, ensure_ascii=False)


def has_failed(cell):
    """Whether a cell raised, and was not meant to."""
    raised = any(output.output_type == "error" for output in cell.outputs)
    return raised and "raises-exception" not in tags(cell)


def compared(cell):
    """The texts of a cell's outputs, without what can't be the same in a browser.

    One stream may come in several parts.
    """
    streams, others = {}, []
    for output in cell.outputs:
        for where, text in texts(output):
            if output.output_type == "stream":
                streams[where] = streams.get(where, "") + text
            elif "widget-view" not in where:
                others.append((where, text))
    streams = {where: WARNING.sub("", text) for where, text in streams.items()}
    return {where: text for where, text in streams.items() if text}, others
