"""The exam tasks for teachers: one for each lesson, with other numbers for each seed."""

import exams
import nbtools
import pytest

NUMBERS = [path.name.partition("_")[0] for path in nbtools.LESSONS]


def test_every_lesson_has_a_task():
    assert set(exams.TASKS) == set(NUMBERS), "tools/exams.py: a function with @task for each"


@pytest.mark.parametrize("number", exams.TASKS)
def test_a_task_is_the_same_for_a_seed_and_another_for_another(number):
    assert exams.make(number, 1) == exams.make(number, 1)
    made = [exams.make(number, seed) for seed in range(30)]
    assert len(set(made)) > 10
    for question, solution in made:  # each part has its answer, and no number went wrong
        assert all(f"{n}. " in question and f"{n}. " in solution for n in (1, 2, 3))
        assert "nan" not in question + solution and "inf" not in solution


def test_the_solution_is_printed_only_if_it_is_wanted(capsys):
    exams.main(["04", "--seed", "3"])
    assert "Solution" not in capsys.readouterr().out
    exams.main(["04", "--seed", "3", "--solution"])
    assert exams.make("04", 3).solution in capsys.readouterr().out
    with pytest.raises(SystemExit, match="no task for notebook 99"):
        exams.main(["99"])
