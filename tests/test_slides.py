"""Slides: what is on them and what isn't, and that they fit."""

import json

import lessons
import nbformat
import pytest
import slide_deck
import slides

every_lesson = pytest.mark.parametrize("number", lessons.numbers())


def kind(cell):
    """The slide type of a cell; "" if it is below the cell before it."""
    return cell.metadata.get("slideshow", {}).get("slide_type", "")


def shown(notebook):
    """The slides as lists of cells."""
    found = []
    for cell in notebook.cells:
        if kind(cell) == "slide":
            found.append([])
        if kind(cell) != "skip":
            found[-1].append(cell)
    return found


@every_lesson
def test_all_code_stays_in_its_order(number):
    lesson, deck = lessons.read(number), slide_deck.make(lessons.read(number))
    nbformat.validate(deck)
    code = [
        [cell.source for cell in one.cells if cell.cell_type == "code"] for one in (lesson, deck)
    ]
    assert code[0] == code[1]
    assert len({cell.id for cell in deck.cells}) == len(deck.cells)


@every_lesson
def test_exercises_quizzes_and_asides_are_left_out(number):
    lesson, deck = lessons.read(number), slide_deck.make(lessons.read(number))
    visible = [cell for cells in shown(deck) for cell in cells]
    for task in lessons.tasks(lesson):
        assert not any(task.solution in cell.source for cell in visible)
    for cell in visible:
        assert not lessons.tags(cell) & {"exercise", "check", "skip-on-slide"}
        assert not cell.source.startswith(("### Exercise", "## Aside", "quiz("))
        assert ".ipynb)" not in cell.source
    assert any(kind(cell) == "skip" for cell in deck.cells)


@every_lesson
def test_an_answer_appears_after_its_question(number):
    """As a fragment, or on a later slide; and a heading is never alone at the end of a slide."""
    for cells in shown(slide_deck.make(lessons.read(number))):
        for cell in cells[1:]:
            if "answer" in lessons.tags(cell):
                assert kind(cell) == "fragment", cell.source
        assert not cells[-1].source.splitlines()[-1].startswith("## ")


@every_lesson
def test_what_is_on_a_slide_fits(number):
    for cells in shown(slide_deck.make(lessons.read(number))):
        height = sum(slide_deck.height(cell) for cell in cells)
        assert height <= slide_deck.SLIDE or len(cells) == 1, cells[0].source


def test_a_paragraph_is_never_split_in_a_formula_or_a_list():
    text = "One\n\n$$a\n\nb$$\n\n- x\n- y\n\n```python\nif 1:\n\n    pass\n```"
    cell = nbformat.v4.new_markdown_cell(text)
    notebook = nbformat.v4.new_notebook(cells=[cell])
    assert slide_deck.make(notebook).cells[0].source == text


def test_writing_slides_also_writes_the_settings_that_show_them(tmp_path):
    path = slides.write("04", tmp_path)
    variables = slides.environment(tmp_path)
    assert path.parent == tmp_path and nbformat.read(path, as_version=4)
    folder = tmp_path / "jupyter"
    assert variables["JUPYTER_CONFIG_DIR"] == str(folder)
    overrides = json.loads((folder / "labconfig" / "default_setting_overrides.json").read_text())
    assert overrides["jupyterlab-slideshow:plugin"] == {"active": True}
    assert (folder / "custom" / "custom.css").is_file()
    assert variables["NNLIB_PROGRESS"] == "off"
