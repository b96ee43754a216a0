"""What a notebook prints in the browser, beside what is stored in it."""

import difflib
import json
import re

import nbformat
from nbtools import cell_name, read, tags, texts

# What may differ in the browser, and why; whatever isn't explained here is a failure.
# In WebAssembly no floating-point operation raises a flag, so NumPy can't warn.
WARNING = re.compile(r"^.*\b(?:encountered in|RuntimeWarning)\b.*\n(?:  .*\n)?", re.MULTILINE)
VARIES = "nbval-ignore-output"  # the tag of cells that print other digits on other machines

ADVICE = """The browser prints something else (+) than is stored in the notebook (-).
If the stored output is old, refresh the notebook. If the digits depend on the machine, let the cell
print what holds everywhere. If the browser can't do it, tell the reader so in the notebook, and
explain the difference at the top of tests/site/outputs.py."""


def assert_like_stored(path, content):
    """The notebook `content` ran to its end in the browser and prints what is stored at `path`."""
    live = nbformat.reads(json.dumps(content), as_version=4)
    pairs = [
        (cell_name(number, cell), cell, other)
        for number, (cell, other) in enumerate(zip(read(path).cells, live.cells, strict=True), 1)
        if cell.cell_type == "code"
    ]
    assert [name for name, _, other in pairs if _has_failed(other)] == []
    differences = [
        f"\n{name}\n{difference}"
        for name, cell, other in pairs
        if VARIES not in tags(cell) and (difference := _difference(_lines(cell), _lines(other)))
    ]
    assert not differences, "\n".join([ADVICE, *differences])


def _has_failed(cell):
    """Whether a cell raised, and was not meant to."""
    raised = any(output.output_type == "error" for output in cell.outputs)
    return raised and "raises-exception" not in tags(cell)


def _lines(cell):
    """All lines of a cell's outputs. One stream may come in several parts."""
    streams, others = {}, []
    for output in cell.outputs:
        for where, text in texts(output):
            if output.output_type == "stream":
                streams[where] = streams.get(where, "") + text
            elif "widget-view" not in where:
                others += text.splitlines()
    for text in streams.values():
        others += WARNING.sub("", text).splitlines()
    return others


def _difference(stored, live):
    """The lines that differ, as diff shows them, cut off where they are long."""
    lines = difflib.unified_diff(stored, live, lineterm="", n=0)
    return "\n".join(line[:300] for line in lines if not line.startswith(("---", "+++", "@@")))
