"""Run notebooks and store their outputs: `python tools/refresh.py [--check] [notebook …]`.

Every notebook (all and their translations, if none is named) runs from a fresh kernel in its own
folder.
What is stored is normalised, so that a second run changes nothing, and each stored number or line
that did change is printed. The line with the minutes in a lesson's first cell and its page in
teaching/ follow. With --check nothing is written, and the exit status is 1 if the text of
an output would change. The exit status is 2 if a cell fails; its notebook is left as it was.
"""

import argparse
import copy
import difflib
import os
import re
import sys
from itertools import zip_longest
from pathlib import Path

import minutes
import nbformat
import teaching_pages
from nbtools import (
    LESSONS,
    NUMBER,
    PATHS,
    TRANSLATIONS,
    CellFailed,
    cell_name,
    code_cells,
    read,
    run,
    texts,
)

METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
CELL_METADATA = ("tags", "jupyter", "editable", "deletable", "translation_of")
WIDGET_MIMES = (
    "application/vnd.jupyter.widget-view+json",
    "application/vnd.jupyter.widget-state+json",
)
CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")


def normalise_outputs(outputs, execution_count):
    """The outputs without what differs from run to run or from machine to machine."""
    kept = []
    for output in outputs:
        if output.output_type == "stream":
            last = kept[-1] if kept else None
            if last and last.output_type == "stream" and last.name == output.name:
                last.text += output.text
                continue
        elif output.output_type == "error":
            # The frames hold paths and terminal colours; the last line says it.
            output.traceback = [f"{output.ename}: {output.evalue}"]
        else:
            # A stored widget is shown as "model not found"; its picture and its text stay.
            for mime in WIDGET_MIMES:
                output.data.pop(mime, None)
            if not output.data:
                continue
            if output.output_type == "execute_result":
                output.execution_count = execution_count
        kept.append(output)
    return kept


def normalise(notebook, prefix):
    """Change `notebook` in place; the ids of cells without a valid one start with `prefix`."""
    notebook.metadata = nbformat.from_dict(METADATA)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    seen = set()
    for number, cell in enumerate(notebook.cells, 1):
        if cell.get("id") in seen or not CELL_ID.fullmatch(cell.get("id", "")):
            cell.id = next(
                name
                for name in (f"{prefix}-{number:02}{letter}" for letter in ["", *"abcdefgh"])
                if name not in {other.get("id") for other in notebook.cells}
            )
        seen.add(cell.id)
        cell.metadata = nbformat.from_dict(
            {key: cell.metadata[key] for key in CELL_METADATA if cell.metadata.get(key)}
        )
        if "answer" in cell.metadata.get("tags", []):  # folded until it is run or opened
            cell.metadata["jupyter"] = {"outputs_hidden": True}
    for count, cell in enumerate(code_cells(notebook), 1):
        cell.execution_count = count
        cell.outputs = normalise_outputs(cell.outputs, count)


def text_changes(old, new):
    """What a reader sees change from one text to another, a line for each number or line."""
    if NUMBER.split(old) == NUMBER.split(new):
        pairs = zip(NUMBER.finditer(old), NUMBER.finditer(new), strict=True)
        return [
            f"line {old.count(chr(10), 0, a.start()) + 1}: {a.group()} → {b.group()}"
            for a, b in pairs
            if a.group() != b.group()
        ]
    lines = difflib.ndiff(old.splitlines(), new.splitlines())
    return [line for line in lines if line[:1] in "+-"] or ["line ends differ"]


def changes(old, new):
    """The changes of the stored outputs, as (lines about text, lines about pictures)."""
    texts_changed, pictures_changed = [], []
    old_cells = {cell.id: cell for cell in code_cells(old)}
    for number, cell in enumerate(new.cells, 1):
        if cell.cell_type != "code":
            continue
        name, before = cell_name(number, cell), old_cells.get(cell.id)
        old_outputs = before.outputs if before else []
        old_texts = [pair for output in old_outputs for pair in texts(output)]
        new_texts = [pair for output in cell.outputs for pair in texts(output)]
        if [kind for kind, _ in old_texts] == [kind for kind, _ in new_texts]:
            for (kind, a), (_, b) in zip(old_texts, new_texts, strict=True):
                if a != b:
                    texts_changed += [f"{name} {kind} {line}" for line in text_changes(a, b)]
        else:
            for (old_kind, a), (new_kind, b) in zip_longest(
                old_texts, new_texts, fillvalue=("nothing", "")
            ):
                if (old_kind, a) != (new_kind, b):
                    texts_changed.append(f"{name} {old_kind} {a!r:.60} → {new_kind} {b!r:.60}")
        if _pictures(old_outputs) != _pictures(cell.outputs):
            pictures_changed.append(f"{name} picture")
    return texts_changed, pictures_changed


def _pictures(outputs):
    """The pictures of some outputs and what is stored about them."""
    return [
        (output.data["image/png"].strip(), output.metadata)
        for output in outputs
        if "image/png" in output.get("data", {})
    ]


def refresh(path, check=False):
    """Run the notebook at `path`, store it unless `check`, and return the lines that changed.

    In a check the pictures' bytes don't count: they depend on the version of Matplotlib.
    """
    old = read(path)
    new, chapter = run(copy.deepcopy(old), path.parent), path.stem.partition("_")[0]
    normalise(new, chapter)
    nbformat.validate(new)
    texts_changed, pictures_changed = changes(old, new)
    if check:
        return texts_changed
    minutes.put_time_line(new)
    text = nbformat.writes(new, version=nbformat.NO_CONVERT) + "\n"
    if text != path.read_text(encoding="utf-8"):
        path.write_text(text, encoding="utf-8", newline="\n")
    page = teaching_pages.FOLDER / f"{chapter}.md"
    filled = path in LESSONS and page.is_file() and teaching_pages.fill(page)
    timed = new.cells[0].source != old.cells[0].source
    others = ["the minutes in the first cell"] * timed + [f"teaching/{page.name}"] * filled
    return texts_changed + pictures_changed + others


def main(arguments=None):
    """The command; returns its exit status."""
    parser = argparse.ArgumentParser(prog="refresh.py", description=__doc__.split("\n")[0])
    parser.add_argument(
        "notebooks", nargs="*", type=Path, default=PATHS + TRANSLATIONS, metavar="notebook"
    )
    parser.add_argument("--check", action="store_true", help="write nothing, only compare")
    options = parser.parse_args(arguments)
    for path in options.notebooks:
        if not path.is_file():
            parser.error(f"there is no notebook {path}")
    os.environ["TQDM_DISABLE"] = "1"  # a progress bar prints times
    os.environ["NNLIB_PROGRESS"] = "off"  # nobody's exercises count here
    os.environ["NNLIB_FRAMEWORKS"] = "stored"  # notebook 09 shows the same, installed or not
    status = 0
    for path in options.notebooks:
        try:
            lines = refresh(path.resolve(), options.check)
        except CellFailed as error:
            print(f"{path.name}: FAILED, left as it was\n{error}", file=sys.stderr)
            status = 2
            continue
        would = "would change" if options.check else "changed"
        print(f"{path.name}: {f'{len(lines)} {would}' if lines else 'nothing ' + would}")
        for line in lines:
            print("   ", line)
        if options.check and lines:
            status = max(status, 1)
    return status


if __name__ == "__main__":
    sys.exit(main())
