"""Write what the pages in teaching/ take from the notebooks: `python tools/teaching_pages.py`.

Each teaching/NN.md has blocks between `<!-- minutes -->`, `<!-- misconceptions -->` or
`<!-- exam -->` and `<!-- end -->`. This fills them in, from the notebook's sections and exercises,
from the mistakes and wrong options that the checks and the quiz know, and from tools/exams.py. The
rest of a page is written by hand. A test compares. refresh.py does the same for a notebook's page.
"""

import re
import sys
from pathlib import Path

import exams
import minutes
import nbformat

from nnlib.checks.exercise import all_exercises
from nnlib.quiz.questions import notebooks, questions

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "teaching"
BLOCK = re.compile(r"(<!-- (minutes|misconceptions|exam) -->\n).*?(<!-- end -->)", re.DOTALL)
NAME = re.compile(r'check\("(\w+)"')
MISTAKES = 5  # of each exercise; its file in nnlib/checks/exercises has them all


def exercise_cells(notebook):
    """Return [(name, title, minutes)] of the exercises of a notebook, in order."""
    found, title, cost = [], "", 0.0
    for cell in notebook.cells:
        headings = re.findall(r"^#+ Exercise (.+)$", cell.source, re.MULTILINE)
        if cell.cell_type == "markdown" and headings:
            title = headings[-1]
        tags = cell.metadata.get("tags", [])
        if "exercise" in tags:
            cost = minutes.code_minutes(cell)
        if "check" in tags and (name := NAME.search(cell.source)):
            found.append((name[1], title, cost))
    return found


def minutes_block(notebook):
    """Return two tables: the minutes of the sections and of the exercises in them."""
    lines = ["| section | minutes |", "|---|---|"]
    for heading, length in minutes.sections(notebook):
        mark = " (optional)" if minutes.optional(heading) else ""
        lines.append(f"| {heading}{mark} | {length:.0f} |")
    lines += [f"| **all but the optional ones** | **{minutes.total(notebook)}** |", ""]
    lines += ["| exercise, in these sections | minutes |", "|---|---|"]
    lines += [f"| {title} | {length:.0f} |" for _, title, length in exercise_cells(notebook)]
    return "\n".join(lines)


def misconceptions_block(notebook, number):
    """Return what the checks and the quiz say about frequent mistakes."""
    lines = []
    for name, title, _ in exercise_cells(notebook):
        lines.append(f"**{title}**\n")
        lines += [f"- {mistake.says}" for mistake in all_exercises()[name].mistakes[:MISTAKES]]
        lines.append("")
    for question in questions(number) if number in notebooks() else ():
        lines.append(f"**Quiz: {question.text}**\n")
        wrong = [option for option in question.options if not option.right]
        lines += [f"- *{option.text}* {option.why}" for option in wrong]
        lines.append("")
    return "\n".join(lines).rstrip()


def exam_block(number):
    """Return the task of tools/exams.py for seed 1, its solution folded."""
    task = exams.make(number, 1)
    return (
        f"{task.question}\n\n<details><summary>Solution</summary>\n\n{task.solution}\n\n</details>\n\n"
        f"`python3 start.py exam {number} --seed 2` prints it with other numbers, and with "
        "`--solution` how it is solved."
    )


def filled(page):
    """Return the text of a page with its blocks filled in."""
    number = page.stem
    (path,) = (ROOT / "notebooks").glob(f"{number}_*.ipynb")
    notebook = nbformat.read(path, as_version=4)
    blocks = {
        "minutes": lambda: minutes_block(notebook),
        "misconceptions": lambda: misconceptions_block(notebook, number),
        "exam": lambda: exam_block(number),
    }
    text = page.read_text(encoding="utf-8")
    return BLOCK.sub(lambda block: f"{block[1]}\n{blocks[block[2]]()}\n\n{block[3]}", text)


def pages():
    """Return the paths of the pages about notebooks."""
    return sorted(FOLDER.glob("[0-9]*.md"))


def fill(page):
    """Fill in a page, and return whether that changed it."""
    before, text = page.read_text(encoding="utf-8"), filled(page)
    page.write_text(text, encoding="utf-8", newline="\n")
    return text != before


def main():
    """Fill in every page."""
    for page in pages():
        fill(page)
    return 0


if __name__ == "__main__":
    sys.exit(main())
