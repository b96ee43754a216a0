"""Make a graded assignment for nbgrader from a notebook: `python3 start.py assignment 04`.

This writes the source version: the notebook with the course's solutions between `### BEGIN
SOLUTION` and `### END SOLUTION`, and a read-only cell after each exercise that gives points.
`nbgrader generate_assignment` makes the learners' version from it, with the solutions taken out.
See teaching/commands.md for all the steps.

A function that returns one value is worth 4 points, one that returns several 2 points for each, but
at most 8, and a short answer 2 points. Whoever has some of the values right gets their share.
Optional exercises, in the asides, give no points.
"""

import argparse
import itertools
import re
import sys
from pathlib import Path

import lessons
import nbformat
from nbformat.v4 import new_markdown_cell

CONFIG = '''\
"""Settings of nbgrader for the course; change them as you like."""

import os

c = get_config()  # noqa: F821 (nbgrader provides it)
c.CourseDirectory.course_id = "neural-networks"
c.ClearSolutions.code_stub = {"python": ""}  # the cell keeps the dots that stand for the answer
c.ExecutePreprocessor.timeout = 120  # seconds for one cell
os.environ["NNLIB_PROGRESS"] = "off"  # grading writes no progress file
os.environ["TQDM_DISABLE"] = "1"  # a progress bar would count as an error
'''
NOTE = """\
**This is an assignment: {points} points.** Write your answers where the dots are. The cell below \
each answer checks it and shows your points so far. Run it as often as you like. It's read-only: \
changes in it are undone when your work is graded. Don't rename, copy or delete cells."""
GRADED = """\
from nnlib.checks import {names}

{start}grade("{name}", {points}){end}"""
MOST = 8  # points for one exercise
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
SETTINGS = {"schema_version": 3, "task": False}
LINK = re.compile(r"\[([^\]]+)\]\([\w-]+\.ipynb\)")


def default_points(exercise):
    """Return what an exercise is worth: by the number of values that a function returns."""
    if not exercise.cases:
        return 2
    return min(2 * len(exercise.returns), MOST) or 4


def with_solution(stub, solution):
    """Return the source of an exercise's cell with its solution in nbgrader's marks.

    Without what is between the marks, it is the stub again. In a function that begins like the
    stub, the solution stands before the stub's `return ...`, which is then never reached. Elsewhere
    it follows the stub and replaces what that defines.
    """
    stub_lines, lines = stub.splitlines(), solution.splitlines()
    pairs = itertools.takewhile(lambda pair: pair[0] == pair[1], zip(stub_lines, lines))
    same = len(list(pairs))
    rest = stub_lines[same:]
    if same and len(rest) == 1 and rest[0].startswith("    return "):
        marked = [f"    {BEGIN}", *lines[same:], f"    {END}"]
        return "\n".join([*lines[:same], *marked, *rest])
    return "\n".join([*stub_lines, BEGIN, *lines, END])


def graded_source(exercise, points, check):
    """Return the source of the cell that gives the points, instead of that of its check."""
    variable = f"{exercise.variable}_points"
    return GRADED.format(
        names="check, grade" if "import check" in check else "grade",  # an aside may use it
        start=f"{variable}, {exercise.variable} = " if exercise.cases else "",
        name=exercise.name,
        points=points,
        end=f"\n{variable}" if exercise.cases else "[0]",
    )


def make(number, points=None):
    """Return the assignment's source version as a notebook, and {exercise: points}.

    `points`: those of some exercises, by their names.
    """
    notebook = lessons.read(number)
    worth, after = {}, 0
    for task in lessons.tasks(notebook):
        if task.is_optional:
            continue
        name = task.exercise.name
        worth[name] = (points or {}).get(name, default_points(task.exercise))
        answer, check, hints = (notebook.cells[k] for k in (task.index, task.check, task.hints))
        answer.source = with_solution(answer.source, task.solution)
        answer.metadata["nbgrader"] = SETTINGS | _role(name, solution=True)
        check.source = graded_source(task.exercise, worth[name], check.source)
        check.metadata["nbgrader"] = SETTINGS | _role(f"{name}-points", points=worth[name])
        hints.source = lessons.SOLUTION.sub("", hints.source)
        _add_points_to_heading(notebook.cells[after : task.index], worth[name])
        after = task.hints
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
            cell.metadata.pop("jupyter", None)
        else:
            source = lessons.TO_TRANSLATION.sub("", cell.source)
            cell.source = LINK.sub(r"\1", source)  # the other notebooks aren't beside it
    note = new_markdown_cell(NOTE.format(points=sum(worth.values())), id="assignment")
    notebook.cells.insert(1, note)
    return notebook, worth


def _role(grade_id, *, solution=False, points=None):
    """What nbgrader has to know of a cell to write in, or of one that gives points."""
    role = {"grade_id": grade_id, "solution": solution, "grade": not solution}
    return role | {"locked": not solution} | ({} if solution else {"points": points})


def _add_points_to_heading(cells, points):
    """Add the points to the last heading of an exercise in some cells."""
    for cell in reversed(cells):
        if cell.cell_type == "markdown" and re.search(r"^#+ Exercise", cell.source, re.MULTILINE):
            cell.source = re.sub(
                r"^(#+ Exercise .*)$", rf"\1 · {points} points", cell.source, flags=re.MULTILINE
            )
            return


def write(number, folder, points=None):
    """Write the source version below `folder`, and nbgrader's settings if there are none yet.

    Return the notebook's path and {exercise: points}.
    """
    notebook, worth = make(number, points)
    nbformat.validate(notebook)
    path = folder / "source" / number / lessons.path_of(number).name
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
    settings = folder / "nbgrader_config.py"
    if not settings.exists():
        settings.write_text(CONFIG, encoding="utf-8")
    return path, worth


def _pair(text):
    """(exercise, points) of an argument such as backward=10."""
    name, _, points = text.partition("=")
    if name not in lessons.all_exercises() or not points.isdecimal():
        raise argparse.ArgumentTypeError(f"{text} isn't of the form EXERCISE=POINTS, e.g. sse=10")
    return name, int(points)


def main(arguments=None):
    """The command; returns its exit status."""
    parser = argparse.ArgumentParser(
        prog="start.py assignment",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "notebook", type=lessons.number, help="its number, such as 04b", metavar="NN"
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=lessons.ROOT / "build" / "grading",
        metavar="DIR",
        help="nbgrader's course folder (default: build/grading)",
    )
    parser.add_argument(
        "--points",
        type=_pair,
        action="append",
        default=[],
        metavar="EXERCISE=N",
        help="other points for an exercise, by the name in its check; may be repeated",
    )
    options = parser.parse_args(arguments)
    path, worth = write(options.notebook, options.out, dict(options.points))
    print(f"Wrote {path}")
    for name, points in worth.items():
        print(f"  {points:3} points  {name}")
    print(f"  {sum(worth.values()):3} points in all")
    print(f"Next, in {options.out}: nbgrader generate_assignment {options.notebook}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
