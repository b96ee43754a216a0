"""Show a class's progress in one table: `python3 start.py progress FILE…`.

Each FILE is a learner's progress file, or a folder: then all *.json files in it count, and those
called course-progress.json in the folders below it. This writes three files: progress.html, a page
with bars: who has solved what, and which mistakes were met most; progress.csv, a line for each
learner; mistakes.csv, a line for each mistake.

A learner is called what the file is called, or, if that is course-progress.json, what its folder is
called. A file that can't be read is named and skipped. Nothing is sent anywhere.
"""

import argparse
import csv
import json
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import class_page
import lessons

FILE = "course-progress.json"
PASSED_OVER = ("notebooks",)  # a folder that all learners have tells nothing about who it is
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would calculate a cell that starts so


class Learner(NamedTuple):
    """What a learner's file holds: the exercises that are right, and the mistakes that were met."""

    name: str
    right: set[str]
    mistakes: dict[str, dict[str, int]]  # {exercise: {sentence: how often}}


class Unreadable(Exception):
    """A file that isn't a progress file; the message says why."""


def files_in(paths: Iterable[Path]) -> list[Path]:
    """Return the files, and the progress files in and below the folders, each once."""
    found = []
    for path in paths:
        below = [*path.glob("*.json"), *path.rglob(FILE)]
        found += sorted(below) if path.is_dir() else [path]
    return list(dict.fromkeys(found))


def names_of(paths: list[Path]) -> list[str]:
    """Return what to call the learner of each file: as short as tells them apart."""
    parts = [_parts(path) for path in paths]
    names = [one[-1] for one in parts]
    for length in range(2, max(map(len, parts), default=0) + 1):
        twice = {name for name, count in Counter(names).items() if count > 1}
        names = [
            "/".join(one[-length:]) if name in twice else name for name, one in zip(names, parts)
        ]
    return names


def _parts(path: Path) -> list[str]:
    """The words of a path that may tell whose file it is."""
    stem = [] if path.name == FILE else [path.stem]
    folders = [part for part in path.resolve().parent.parts if part not in PASSED_OVER]
    return [*folders, *stem]


def read(path: Path, name: str) -> Learner:
    """Return what a file holds; Unreadable if it's damaged."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Unreadable("there is no such file") from None
    except (OSError, ValueError, RecursionError):
        raise Unreadable("it can't be read as JSON") from None
    if not isinstance(content, dict):
        raise Unreadable("it isn't a progress file")
    right, mistakes = content.get("right", []), content.get("mistakes", {})
    if not isinstance(right, list) or not all(isinstance(item, str) for item in right):
        raise Unreadable("its section “right” isn't a list of exercises")
    if not isinstance(mistakes, dict) or not all(map(_are_counts, mistakes.values())):
        raise Unreadable("its section “mistakes” doesn't hold counts")
    return Learner(name, set(right), mistakes)


def _are_counts(counts) -> bool:
    return isinstance(counts, dict) and all(type(n) is int and n > 0 for n in counts.values())


def by_notebook() -> dict[str, list[str]]:
    """Return the names of the exercises of each notebook."""
    found: dict[str, list[str]] = {}
    for exercise in sorted(lessons.all_exercises().values(), key=lambda one: one.notebook):
        found.setdefault(exercise.notebook, []).append(exercise.name)
    return found


def mistakes_of(learners: list[Learner]) -> list[tuple[str, str, int, int]]:
    """Return (exercise, sentence, learners who met it, times), those that most met first."""
    met, times = Counter(), Counter()
    for learner in learners:
        for exercise, counts in learner.mistakes.items():
            for sentence, count in counts.items():
                met[exercise, sentence] += 1
                times[exercise, sentence] += count
    order = sorted(met, key=lambda key: (-met[key], -times[key], key))
    return [(*key, met[key], times[key]) for key in order]


def write(learners: list[Learner], skipped: dict[str, str], folder: Path) -> Path:
    """Write the three files into a folder, and return the path of the page."""
    folder.mkdir(parents=True, exist_ok=True)
    exercises, mistakes = by_notebook(), mistakes_of(learners)
    names = [name for group in exercises.values() for name in group]
    _write_table(
        folder / "progress.csv",
        ["learner", "right", "of", *names],
        [
            [
                one.name,
                len(one.right & set(names)),
                len(names),
                *(int(n in one.right) for n in names),
            ]
            for one in learners
        ],
    )
    _write_table(folder / "mistakes.csv", ["exercise", "mistake", "learners", "times"], mistakes)
    page = folder / "progress.html"
    page.write_text(class_page.page(learners, exercises, mistakes, skipped), encoding="utf-8")
    return page


def _write_table(path: Path, head: list[str], rows: Iterable) -> None:
    """Write a table as CSV that Excel reads as UTF-8."""
    with open(path, "w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file)
        table.writerow(head)
        table.writerows([_harmless(cell) for cell in row] for row in rows)


def _harmless(cell):
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def main(arguments: list[str] | None = None) -> int:
    """The command; returns its exit status: 1 if no file could be read."""
    parser = argparse.ArgumentParser(
        prog="start.py progress",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument(
        "--out",
        type=Path,
        default=lessons.ROOT / "build" / "progress",
        metavar="DIR",
        help="where to write (default: build/progress)",
    )
    options = parser.parse_args(arguments)
    learners, skipped, paths = [], {}, files_in(options.files)
    for path, name in zip(paths, names_of(paths)):
        try:
            learners.append(read(path, name))
        except Unreadable as error:
            skipped[str(path)] = str(error)
            print(f"Skipped {path}: {error}.", file=sys.stderr)
    if not learners:
        print(f"No {FILE} was found. Name the files, or a folder that has them.", file=sys.stderr)
        return 1
    learners.sort(key=lambda one: one.name.casefold())
    page = write(learners, skipped, options.out)
    counted = f"{len(learners)} learner{'s' * (len(learners) != 1)}"
    print(f"{counted}: {page}, and progress.csv and mistakes.csv beside it")
    return 0


if __name__ == "__main__":
    sys.exit(main())
