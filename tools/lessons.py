"""What the commands for teachers share: finding the notebook of a number, and its exercises."""

import argparse
import re
from pathlib import Path
from typing import NamedTuple

import minutes
import nbformat

from nnlib.checks.exercise import Exercise, all_exercises

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "notebooks"
CHECK = re.compile(r'check\("(\w+)"')
TO_TRANSLATION = re.compile(r"\[[^\]]+\]\(\w\w/[\w-]+\.ipynb\)\n\n")
SOLUTION = re.compile(r"\n*<details>\s*<summary>Solution</summary>(.*?)</details>[ \t]*", re.DOTALL)
FENCE = re.compile(r"```python\n(.*?)\n```", re.DOTALL)


class Task(NamedTuple):
    """An exercise in a notebook: the indices of its cells, its solution and what `check` knows."""

    index: int  # of the cell to write in
    check: int
    hints: int
    solution: str
    exercise: Exercise
    is_optional: bool  # whether it's in an aside


def numbers() -> list[str]:
    """Return the numbers of the lessons, such as "04b"."""
    return sorted(path.name.partition("_")[0] for path in FOLDER.glob("[0-9]*.ipynb"))


def number(text: str) -> str:
    """Return the number of a lesson, for argparse."""
    if text not in numbers():
        known = ", ".join(numbers())
        raise argparse.ArgumentTypeError(f"there is no notebook {text}, only {known}")
    return text


def path_of(number: str) -> Path:
    """Return the path of the notebook with that number."""
    (path,) = FOLDER.glob(f"{number}_*.ipynb")
    return path


def read(number: str) -> nbformat.NotebookNode:
    """Return the notebook with that number."""
    return nbformat.read(path_of(number), as_version=4)


def tags(cell: nbformat.NotebookNode) -> set[str]:
    """Return the tags of a cell."""
    return set(cell.metadata.get("tags", []))


def tasks(notebook: nbformat.NotebookNode) -> list[Task]:
    """Return the exercises of a notebook: each cell tagged `exercise` and the two that follow."""
    found, is_optional = [], False
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type == "markdown":
            for heading in re.findall(r"^## (.+)", cell.source, re.MULTILINE):
                is_optional = minutes.optional(heading)
        elif "exercise" in tags(cell):
            check, hints = notebook.cells[index + 1 : index + 3]
            name = CHECK.search(check.source)[1]
            solution = FENCE.search(SOLUTION.search(hints.source)[1])[1]
            exercise = all_exercises()[name]
            found.append(Task(index, index + 1, index + 2, solution, exercise, is_optional))
    return found
