"""The exercises' side in a real JupyterLab: quiz and prompt by keyboard, the kept progress."""

import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

FIRST = """
from nnlib.checks import check, progress
from nnlib.quiz import ask, quiz

guess = ask("How many?")
"""
SIGMOID = """
import numpy as np

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

sigmoid = check("sigmoid", sigmoid)
"""
ENDLESS = """
def forward(X, W1, b1, W2, b2):
    while True:
        X = X + 1

forward = check("forward", forward)
"""
LAST = """
guess.reveal(6)
"""


@pytest.fixture
def with_exercises(lab):
    """The name of a notebook with a prompt, checks, a quiz and the progress bar."""
    sources = (FIRST, 'progress("02")', SIGMOID, ENDLESS, LAST, 'quiz("02")')
    path = lab.root / "notebooks" / "answers.ipynb"
    cells = [new_code_cell(source.strip()) for source in sources]
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
    yield path.name
    path.unlink()


def run_cells(page, *indices):
    """Run some cells and wait until each has run."""
    for index in indices:
        page.evaluate(
            """async index => {
                const panel = window.jupyterapp.shell.currentWidget;
                panel.content.activeCellIndex = index;
                await window.jupyterapp.commands.execute('notebook:run-cell');
            }""",
            index,
        )


def test_a_quiz_a_prompt_and_the_progress(with_exercises, open_notebook, lab, page, monkeypatch):
    open_notebook(with_exercises)
    kept = lab.root / "notebooks" / "course-progress.json"
    page.evaluate(
        """async file => {
            const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
            const code = `import os; os.environ["NNLIB_PROGRESS"] = "${file}"`;
            await kernel.requestExecute({code}).done;
        }""",
        kept.as_posix(),
    )
    run_cells(page, 0)
    page.locator('input[placeholder="your guess"]').fill("5")
    run_cells(page, 1, 2, 3, 4, 5)
    outputs = page.locator(".jp-OutputArea-output")
    assert outputs.filter(has_text="✓ Right. Your sigmoid").count() == 1
    assert outputs.filter(has_text="forward took too long and was stopped").count() == 1
    assert outputs.filter(has_text="Your guess: 5   The result: 6   Off by 1.").count() == 1
    assert outputs.filter(has_text="Notebook 02: 1 of 5 exercises right.").count() == 1
    assert json.loads(kept.read_text(encoding="utf-8"))["right"] == ["sigmoid"]
    kept.unlink()

    button = page.locator('button[title="Answer A"]').nth(0)
    button.scroll_into_view_if_needed()
    button.focus()
    page.keyboard.press("Enter")
    page.get_by_text("0 of 5 right on the first try.").or_(
        page.get_by_text("1 of 5 right on the first try.")
    ).wait_for()
    page.locator(".widget-htmlmath mjx-container").first.wait_for()  # the maths is set, offline
    page.screenshot(path=lab.root.parent / "quiz.png")
    page.keyboard.press("Tab")  # to the next answer
    page.keyboard.press("Space")
    page.get_by_text("B · ").first.wait_for()
    assert page.problems == []
