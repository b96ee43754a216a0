"""Every notebook runs in the browser to its end and prints what the stored notebook shows."""

import json

import nbformat
import pytest
from live import LiveNotebook
from nbtools import PATHS, cell_name, texts

NO_WARNINGS = "in WebAssembly a floating-point operation raises no flag, so NumPy can't warn"
LAST_DIGITS = "another compiler adds in another order: the distances near 1e-16 differ"
# Outputs that differ in the browser, and why. {cell id: reason}
DIFFERENT = {
    "02-19": NO_WARNINGS,
    "07-nan-train": NO_WARNINGS,
    "09-29": LAST_DIGITS,
    "09-66": LAST_DIGITS,
}


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_the_outputs_are_the_stored_ones(path, open_page):
    notebook = LiveNotebook(open_page(f"run/{path.stem}.html"))
    notebook.execute("import os; os.environ['TQDM_DISABLE'] = '1'")  # as for the stored outputs
    notebook.run_all(timeout=800)
    got = nbformat.reads(json.dumps(notebook.content()), as_version=4)
    stored = nbformat.read(path, as_version=4)
    found = {
        cell["id"]: (cell_name(number, cell), compared(cell), compared(live))
        for number, (cell, live) in enumerate(zip(stored.cells, got.cells, strict=True), 1)
        if cell.cell_type == "code" and compared(cell) != compared(live)
    }
    allowed = {cell["id"] for cell in stored.cells} & set(DIFFERENT)
    assert {key: value for key, value in found.items() if key not in allowed} == {}
    assert allowed <= set(found), "no difference any more: remove it from DIFFERENT"


def compared(cell):
    """The texts of a cell's outputs. One stream may come in several parts."""
    streams, others = {}, []
    for output in cell.outputs:
        for where, text in texts(output):
            if output.output_type == "stream":
                streams[where] = streams.get(where, "") + text
            elif "widget-view" not in where:
                others.append((where, text))
    return streams, others
