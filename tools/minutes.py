"""Estimate how long each section of a notebook takes: `python tools/minutes.py [notebook …]`.

Prints the minutes of every section. `--write` puts the line about them into the notebook's first
cell, as refresh.py does too. A test compares. The estimate adds up, for a learner who knows basic
Python: reading, running code, predicting, exercises, quizzes and interactive figures. Sections
whose heading starts with "Aside" are optional and stay out of the total.
"""

import argparse
import ast
import re
import sys
from pathlib import Path

import nbformat

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"

WORDS_A_MINUTE = 150  # technical text; novels are read at about 240
LINES_A_MINUTE = 12  # of code, read and run
PREDICTION = 0.75
QUIZ = 4.0
INTERACTIVE = 3.0  # a figure to play with
EXERCISE = 8.0  # write a function
SHORT_EXERCISE = 3.0  # fill in a number, order lines, name a shape

TIME = re.compile(r"^\*\*Time: about \d+ minutes\.?\*\*.*$", re.MULTILINE)
HEADING = re.compile(r"^## (.+)$", re.MULTILINE)


def sections(notebook):
    """Return [(heading, minutes)] of a notebook; what comes before the first heading joins it."""
    found = [["", 0.0]]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            found[-1][1] += code_minutes(cell)
            continue
        before, *parts = HEADING.split(cell.source)
        found[-1][1] += text_minutes(before)
        for heading, text in zip(parts[::2], parts[1::2]):
            found.append([heading.strip(), text_minutes(text)])
    (_, opening), *rest = found
    if rest:
        rest[0][1] += opening
    return [(heading, minutes) for heading, minutes in rest]


def text_minutes(text):
    """Return the minutes for a piece of Markdown; what is folded counts for nothing."""
    text = re.sub(r"<details>.*?</details>", "", text, flags=re.DOTALL)
    words = len(re.findall(r"\w[\w.’'-]*", text))
    return words / WORDS_A_MINUTE + PREDICTION * text.count("**Predict")


def code_minutes(cell):
    """Return the minutes for a code cell, by its lines, its tags and what it shows."""
    tags, source = cell.metadata.get("tags", []), cell.source
    if "exercise" in tags:
        return SHORT_EXERCISE if "short" in tags else EXERCISE
    if "check" in tags or "progress(" in source:
        return 0.25
    if "quiz(" in source or "review(" in source:
        return QUIZ
    if re.search(r"\bnnlib\.live\b|\bPlayground\(", source) and shows_something(source):
        return INTERACTIVE
    return 0.25 + len(source.splitlines()) / LINES_A_MINUTE


def shows_something(source):
    """Return whether the last line is an expression that the notebook shows, such as a widget."""
    last = ast.parse(source).body[-1]
    return isinstance(last, ast.Expr) and not ast.unparse(last).startswith("print(")


def total(notebook):
    """Return the minutes for the whole notebook, rounded up to five."""
    required = sum(minutes for heading, minutes in sections(notebook) if not optional(heading))
    return int(-(-required // 5) * 5)


def optional(heading):
    """Return whether a section is an aside that a learner may skip."""
    return heading.startswith("Aside")


def time_line(notebook):
    """Return the line of the first cell that says how long the notebook and its sections take."""
    parts = " · ".join(
        f"{re.sub(r'^([0-9]+|Aside) · ', '', heading)} {round(minutes)}"
        + " (optional)" * optional(heading)
        for heading, minutes in sections(notebook)
        if minutes >= 1
    )
    return f"**Time: about {total(notebook)} minutes.** {parts}"


def put_time_line(notebook):
    """Bring the line in the first cell of a notebook up to date, if it has one."""
    first = notebook.cells[0]
    if line := TIME.search(first.source):
        first.source = first.source.replace(line[0], time_line(notebook))


def main(arguments=None):
    """Print the minutes of the notebooks named, or of all; with --write, store them."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("notebooks", nargs="*", type=Path, metavar="notebook")
    parser.add_argument("--write", action="store_true", help="put the line into the first cell")
    options = parser.parse_args(arguments)
    for path in options.notebooks or sorted(FOLDER.glob("[0-9]*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        print(f"{path.name}: {total(notebook)} minutes")
        for heading, minutes in sections(notebook):
            print(f"    {minutes:5.1f}  {heading}")
        if options.write:
            put_time_line(notebook)
            text = nbformat.writes(notebook, version=nbformat.NO_CONVERT) + "\n"
            path.write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
