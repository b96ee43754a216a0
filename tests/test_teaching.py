"""The pages for teachers agree with the notebooks that they are about."""

import re

import minutes
import nbtools
import pytest
import teaching_pages

PAGES = teaching_pages.pages()
PARTS = [
    "Goals",
    "Minutes",
    "Lecture path",
    "Discussion",
    "In class",
    "Misconceptions",
    "Exam task",
]


def test_every_lesson_has_a_page():
    numbers = [path.name.partition("_")[0] for path in nbtools.LESSONS]
    odd = sorted({page.stem for page in PAGES} ^ set(numbers))
    assert not odd, (
        f"teaching/{odd[0]}.md and its notebook: one of the two is missing (copy a page)"
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_is_complete_and_agrees_with_its_notebook(page):
    text = page.read_text(encoding="utf-8")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == PARTS
    advice = ".venv/bin/python tools/teaching_pages.py"
    assert text == teaching_pages.filled(page), (
        f"{advice} brings it up to date, or start.py refresh"
    )
    discussion = text.partition("## Discussion")[2].partition("## ")[0]
    assert len(re.findall(r"^\d\. .*\?", discussion, re.MULTILINE)) == 3


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_lecture_path_names_sections_that_exist(page):
    path = page.read_text(encoding="utf-8").partition("## Lecture path")[2].partition("## ")[0]
    (notebook,) = [p for p in nbtools.LESSONS if p.name.startswith(f"{page.stem}_")]
    headings = "\n".join(cell.source for cell in nbtools.read(notebook).cells)
    named = re.findall(r"\*\*(.+?)\*\*", path)
    assert named
    for heading in named:
        assert re.search(rf"^## .*{re.escape(heading)}", headings, re.MULTILINE), heading


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_lecture_path_takes_a_lesson(page):
    path = page.read_text(encoding="utf-8").partition("## Lecture path")[2].partition("## ")[0]
    assert sum(map(int, re.findall(r"\((\d+) min\)", path))) == 45


@pytest.mark.parametrize("page", sorted(teaching_pages.FOLDER.glob("*.md")), ids=lambda p: p.name)
def test_links_lead_somewhere(page):
    for link in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
        assert link.startswith("https://") or (page.parent / link).exists(), link


def tables(page):
    """Return the tables of a page: lists of rows, which are lists of cells."""
    blocks = re.findall(r"(?:^\|.*\n)+", page.read_text(encoding="utf-8"), re.MULTILINE)
    return [
        [[cell.strip() for cell in line.strip("|").split("|")] for line in block.splitlines()]
        for block in blocks
    ]


def test_the_plans_add_up_and_have_the_minutes_of_the_notebooks():
    length = {
        path.name.partition("_")[0]: minutes.total(nbtools.read(path)) for path in nbtools.LESSONS
    }
    lesson, week, term = tables(teaching_pages.FOLDER / "README.md")[:3]
    assert sum(int(row[-1]) for row in lesson[2:-1]) == int(lesson[-1][-1].strip("*")) == 45
    days = {row[1]: int(row[2]) for row in week[2:-1]}
    assert all(sum(length[n] for n in names.split(", ")) == time for names, time in days.items())
    odd = sorted(set(", ".join(days).split(", ")) ^ set(length))
    assert not odd, f"teaching/README.md, In a week: notebook {odd[0]} isn't planned, or not there"
    assert ", ".join(days).split(", ") == list(length)
    assert sum(days.values()) == int(week[-1][2].strip("*"))
    assert all(length[number] == int(lab) for _, number, _, lab in term[2:-1])
    totals = [int(cell.strip("*")) for cell in term[-1][2:]]
    assert totals == [sum(int(row[k]) for row in term[2:-1]) for k in (2, 3)]
