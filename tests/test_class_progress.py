"""A class's progress: whose files they are, what is merged, what is skipped, and the page."""

import csv
import json
import re

import class_progress
import pytest

from nnlib.checks import check, progress_file
from nnlib.checks.exercise import all_exercises


def saved(path, **sections):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"about": "…", **sections}), encoding="utf-8")
    return path


def tables(folder):
    """The rows of progress.csv and of mistakes.csv, as dicts."""
    found = []
    for name in ("progress.csv", "mistakes.csv"):
        with open(folder / name, encoding="utf-8-sig", newline="") as file:
            found.append(list(csv.DictReader(file)))
    return found


def run(*files, out):
    return class_progress.main([*map(str, files), "--out", str(out)])


def test_what_checks_have_kept_is_merged_into_one_table(tmp_path, monkeypatch, capsys):
    answers = {"ada": lambda z: 1 / (1 + 2.718281828459045**-z), "ben": lambda z: z}
    for name, function in answers.items():
        monkeypatch.setenv("NNLIB_PROGRESS", str(tmp_path / name / progress_file.FILE))
        (tmp_path / name).mkdir()
        check("sigmoid", function)
        check("sigmoid", function)
    assert run(tmp_path, out=tmp_path / "out") == 0
    learners, mistakes = tables(tmp_path / "out")
    assert [(row["learner"], row["right"], row["sigmoid"]) for row in learners] == [
        ("ada", "1", "1"),
        ("ben", "0", "0"),
    ]
    assert {row["of"] for row in learners} == {str(len(all_exercises()))}
    assert [(row["exercise"], row["learners"], row["times"]) for row in mistakes] == [
        ("sigmoid", "1", "2")
    ]
    page = (tmp_path / "out" / "progress.html").read_text(encoding="utf-8")
    assert "ada" in page and "ben" in page and not re.search(r"https?://|<script", page)


def test_what_most_learners_met_comes_first(tmp_path):
    files = [
        saved(tmp_path / "a.json", mistakes={"sse": {"once": 9, "often": 1}}),
        saved(tmp_path / "b.json", mistakes={"sse": {"often": 1}}),
    ]
    run(*files, out=tmp_path)
    rows = [(row["mistake"], row["learners"], row["times"]) for row in tables(tmp_path)[1]]
    assert rows == [("often", "2", "2"), ("once", "1", "9")]


@pytest.mark.parametrize(
    ("files", "names"),
    [
        (["ada.json", "ben.json"], ["ada", "ben"]),
        (["ada/course-progress.json", "ben/course-progress.json"], ["ada", "ben"]),
        (["ada/notebooks/course-progress.json"], ["ada"]),
        (["ada/04/course-progress.json", "ben/04/course-progress.json"], ["ada/04", "ben/04"]),
        (["ada/04.json", "ben/04.json", "eva.json"], ["ada/04", "ben/04", "eva"]),
    ],
)
def test_learners_are_called_by_what_tells_their_files_apart(files, names, tmp_path):
    assert class_progress.names_of([tmp_path / file for file in files]) == names


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[]", "\x00", "[" * 100_000, '{"right": 3}', '{"right": [3]}'),
        *('{"mistakes": []}', '{"mistakes": {"sse": 3}}', '{"mistakes": {"sse": {"one": "many"}}}'),
    ],
    ids=range(10),
)
def test_a_damaged_file_is_named_and_skipped(text, tmp_path, capsys):
    good, bad = saved(tmp_path / "good.json", right=["sse"]), tmp_path / "bad.json"
    bad.write_text(text, encoding="utf-8")
    assert run(good, bad, tmp_path / "missing.json", out=tmp_path / "out") == 0
    said = capsys.readouterr().err
    assert "bad.json" in said and "missing.json" in said and "good.json" not in said
    assert [row["learner"] for row in tables(tmp_path / "out")[0]] == ["good"]
    assert "bad.json" in (tmp_path / "out" / "progress.html").read_text(encoding="utf-8")
    assert run(bad, out=tmp_path / "none") == 1 and not (tmp_path / "none").exists()


def test_what_a_file_says_can_do_no_harm(tmp_path):
    evil = "=1+1<script>alert(1)</script>"
    file = saved(tmp_path / "-x<b>.json", right=[evil], mistakes={evil: {evil: 1}})
    run(file, out=tmp_path)
    for name in ("progress.csv", "mistakes.csv"):
        cells = csv.reader((tmp_path / name).read_text(encoding="utf-8-sig").splitlines())
        assert not any(cell.startswith(("=", "-")) for row in cells for cell in row)
    page = (tmp_path / "progress.html").read_text(encoding="utf-8")
    assert "<script" not in page and "<b>" not in page
