"""Assignments for nbgrader: their structure, and a class graded by nbgrader itself."""

import csv
import os
import re
import shutil
import subprocess
import sys

import assignment
import lessons
import nbformat
import pytest
from nbtools import run

every_lesson = pytest.mark.parametrize("number", lessons.numbers())


def released(source):
    """A cell's source as learners get it, with nbgrader's settings of the course."""
    return re.sub(r"( *)### BEGIN SOLUTION.*?### END SOLUTION", r"\1", source, flags=re.DOTALL)


def roles(notebook):
    """[(cell, what nbgrader knows of it)] of the cells that nbgrader looks at."""
    return [(c, c.metadata["nbgrader"]) for c in notebook.cells if "nbgrader" in c.metadata]


@every_lesson
def test_every_exercise_becomes_a_cell_to_write_in_and_a_locked_one_with_points(number):
    notebook, worth = assignment.make(number)
    nbformat.validate(notebook)
    ids = [role["grade_id"] for _, role in roles(notebook)]
    assert ids == [name + end for name in worth for end in ("", "-points")]
    for cell, role in roles(notebook):
        assert role["solution"] == (not role["grade"]) == (not role["locked"])
        if role["grade"]:
            assert role["points"] == worth[role["grade_id"].removesuffix("-points")]
            assert f", {role['points']})" in cell.source
    assert sum(worth.values()) > 0
    assert f"{sum(worth.values())} points" in notebook.cells[1].source


@every_lesson
def test_learners_get_the_lessons_cells_and_no_solution(number):
    lesson = lessons.read(number)
    notebook, worth = assignment.make(number)
    del notebook.cells[1]
    for task in lessons.tasks(lesson):
        if task.exercise.name in worth:
            stub = lesson.cells[task.index].source
            cell = notebook.cells[task.index]
            assert released(cell.source).split() == stub.split()
            assert task.solution.splitlines()[-1].strip() in cell.source
            compile(cell.source, cell.id, "exec")
            texts = [c.source for k, c in enumerate(notebook.cells) if k != task.index]
            assert task.solution not in "\n".join(texts)
    assert not any(c.get("outputs") for c in notebook.cells)


def test_points_can_be_chosen(tmp_path, capsys):
    folder = tmp_path / "course"
    assert not assignment.main(["04", "--out", str(folder), "--points", "backward=11"])
    assert "17 points in all" in capsys.readouterr().out
    (path,) = (folder / "source" / "04").iterdir()
    assert "11)" in path.read_text(encoding="utf-8")
    settings = folder / "nbgrader_config.py"
    settings.write_text("# mine", encoding="utf-8")
    assignment.main(["04", "--out", str(folder)])
    assert settings.read_text(encoding="utf-8") == "# mine"


@pytest.mark.parametrize("arguments", [["4"], ["04", "--points", "sse"], ["04", "--points", "x=1"]])
def test_what_is_not_there_is_refused(arguments, tmp_path, capsys):
    with pytest.raises(SystemExit) as stopped:
        assignment.main([*arguments, "--out", str(tmp_path)])
    assert stopped.value.code == 2 and not list(tmp_path.iterdir())


@pytest.mark.slow
@every_lesson
def test_the_solutions_get_all_points(number):
    notebook, worth = assignment.make(number)
    run(notebook, lessons.FOLDER)
    results = [
        output.data["text/plain"]
        for cell, role in roles(notebook)
        if role["grade"]
        for output in cell.outputs
        if output.output_type == "execute_result"
    ]
    assert list(map(float, results)) == list(worth.values())


# ---------------------------------------------------------------------- a class, with nbgrader

RIGHT = {task.exercise.name: task.solution for task in lessons.tasks(lessons.read("04"))}
SUM = "dz2.sum(axis=0, keepdims=True)"
CLASS = {  # what each learner wrote, and the points that it is worth
    "ada": (RIGHT, 14),
    "ben": ({}, 0),
    "cleo": (RIGHT | {"backward": RIGHT["backward"].replace(SUM, "dz2.sum(axis=0)")}, 12),
    "dan": ({"backward": "from nnlib.checks.exercises.notebook_04 import backward"}, 0),
    "eva": ({"weight_slope": "def weight_slope(w, x, y:\n    return"}, 0),
    "fay": ({"backward": "from nnlib.checks import check\nbackward = check('backward', ...)"}, 0),
}


@pytest.fixture(scope="module")
def nbgrader(tmp_path_factory, copy_course):
    """A function that runs nbgrader in a folder, from the environment that the page describes."""
    uv = shutil.which("uv") or shutil.which("uv", path=os.path.dirname(sys.executable))
    folder = tmp_path_factory.mktemp("grading")
    venv, course = folder / "venv", copy_course(folder / "course")
    subprocess.run([uv, "venv", "-q", "--python", sys.executable, venv], check=True)
    python = venv / ("Scripts" if os.name == "nt" else "bin") / "python"
    subprocess.run(
        [uv, "pip", "install", "-q", "--python", python, f"{course}[grading]"], check=True
    )
    env = {key: value for key, value in os.environ.items() if not key.startswith("JUPYTER")}
    env |= {"PATH": f"{python.parent}{os.pathsep}{env['PATH']}", "PYTHONPATH": ""}
    env |= {"JUPYTER_DATA_DIR": str(folder / "data"), "IPYTHONDIR": str(folder / "ipython")}

    def nbgrader(*arguments, cwd):
        command = [python, "-m", "nbgrader", *arguments]
        done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done

    return nbgrader


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_nbgrader_grades_a_class(nbgrader, tmp_path):
    assignment.write("04", tmp_path)
    nbgrader("generate_assignment", "04", cwd=tmp_path)
    (release,) = (tmp_path / "release" / "04").glob("*.ipynb")
    for name, (answers, _) in CLASS.items():
        notebook = nbformat.read(release, as_version=4)
        for cell, role in roles(notebook):
            cell.source = answers.get(role["grade_id"], cell.source)
        folder = tmp_path / "submitted" / name / "04"
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / release.name)
    nbgrader("autograde", "04", cwd=tmp_path)
    nbgrader("generate_feedback", "04", cwd=tmp_path)
    nbgrader("export", cwd=tmp_path)
    with open(tmp_path / "grades.csv", encoding="utf-8", newline="") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    scores = {name: float(row["score"]) for name, row in rows.items()}
    assert scores == {name: points for name, (_, points) in CLASS.items()}
    assert {float(row["max_score"]) for row in rows.values()} == {14}
    pages = {
        name: (tmp_path / "feedback" / name / "04" / f"{release.stem}.html").read_text("utf-8")
        for name in CLASS
    }
    assert "keepdims" in pages["cleo"] and "Right already:" in pages["cleo"]
    assert "comes from nnlib" in pages["dan"]
    assert not list(tmp_path.rglob("course-progress.json"))
