"""Reads the frozen answers in tests/answers: functions as learners write them, right and wrong.

Run as a script it prints what the checks say about each: `python tests/frozen_answers.py second`.
"""

import functools
import linecache
import re
import sys
import time
from pathlib import Path
from typing import NamedTuple

from nnlib.checks import values
from nnlib.checks.diagnose import diagnosis
from nnlib.checks.exercise import all_exercises

FOLDER = Path(__file__).parent / "answers"


class Answer(NamedTuple):
    """An answer to an exercise: its source, and, if it is wrong, what a message has to name."""

    exercise: str
    source: str
    line: int  # in its file
    names: tuple[str, ...] | None  # regular expressions; None: the answer is right

    @property
    def is_right(self):
        return self.names is None

    def given(self):
        """The function or value, as it would be in the notebook, beside what its cells define."""
        namespace = dict(_memory(all_exercises()[self.exercise].notebook[:2]))
        file = f"<answer to {self.exercise}, line {self.line}>"
        lines = [line + "\n" for line in self.source.splitlines()]
        linecache.cache[file] = len(self.source), None, lines, file
        exec(compile(self.source, file, "exec"), namespace)
        return namespace[re.findall(r"^(?:async )?(?:def |)(\w+)(?: = |\()", self.source, re.M)[-1]]

    def feedback(self):
        """What the check says."""
        exercise = all_exercises()[self.exercise]
        given = self.given()
        return diagnosis(exercise, given)[0] if exercise.cases else values.feedback(exercise, given)


def answers(name):
    """The answers in a file of tests/answers."""
    found = []
    for line, head, source in _blocks(name):
        kind, exercise, names = re.fullmatch(r"(right|wrong) (\w+)(?: \| (.*))?", head).groups()
        patterns = tuple(part.strip() for part in names.split(" & ")) if kind == "wrong" else None
        found.append(Answer(exercise, source, line, patterns))
    return found


def _blocks(name):
    """(line, head, text) of each block of a file; a head begins with ==."""
    blocks = []
    for number, line in enumerate((FOLDER / f"{name}.txt").read_text("utf-8").splitlines(), 1):
        if line.startswith("== "):
            blocks.append((number, line[3:], []))
        elif blocks:
            blocks[-1][2].append(line)
    return [(number, head, "\n".join(lines).strip() + "\n") for number, head, lines in blocks]


@functools.cache
def _memory(notebook):
    """The names that a notebook has defined before its exercises."""
    (source,) = [text for _, head, text in _blocks("preludes") if head == notebook]
    namespace = {"__name__": "__main__"}
    exec(source, namespace)
    return namespace


def judged(answer, feedback):
    """How a check did: accepted, refused, named, half (one of two), unnamed, misnamed."""
    if feedback.status == "right":
        return "accepted"
    if answer.is_right:
        return "refused"
    text = re.sub(r"\s+", " ", repr(feedback))
    hits = [bool(re.search(pattern, text)) for pattern in answer.names]
    if feedback.mistakes:
        return "named" if all(hits) else "half" if any(hits) else "misnamed"
    return "named" if all(hits) and not feedback.rows else "unnamed"


def main(name):
    counts, times = {}, []
    for answer in answers(name):
        begin = time.process_time()
        feedback = answer.feedback()
        times.append(seconds := time.process_time() - begin)
        verdict = judged(answer, feedback)
        key = ("right: " if answer.is_right else "wrong: ") + verdict
        counts[key] = counts.get(key, 0) + 1
        if not answer.is_right or verdict != "accepted":
            place = f"{name}.txt:{answer.line} {answer.exercise} {answer.names}"
            print(f"--- {verdict}, {1000 * seconds:.0f} ms, {place}")
            print(feedback)
    times.sort()
    print(counts, f"median {times[len(times) // 2]:.3f} s, slowest {times[-1]:.2f} s")


if __name__ == "__main__":
    main(sys.argv[1])
