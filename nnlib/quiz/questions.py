"""The questions of the quizzes, read from TOML files, one for each notebook."""

import random
from importlib.resources import files
from typing import NamedTuple

from nnlib import texts


class Option(NamedTuple):
    """One option of a question, whether it is right, and why or why not. In HTML and maths."""

    text: str
    why: str
    right: bool = False


class Question(NamedTuple):
    """A question, its options, and Python expressions that prove its numbers, for the tests."""

    text: str
    options: tuple[Option, ...]
    holds: tuple[str, ...] = ()


def notebooks() -> list[str]:
    """Return the numbers of the notebooks that have a quiz, such as "04b", in order."""
    names = (file.name for file in files("nnlib.quiz").iterdir())
    return sorted(name.removesuffix(".toml") for name in names if name[0].isdigit())


def questions(notebook: str) -> tuple[Question, ...]:
    """Return the questions of a notebook's quiz. ValueError if it has none."""
    if notebook not in notebooks():
        raise ValueError(f"there is no quiz for notebook {notebook!r}; there are {notebooks()}")
    return tuple(
        Question(
            item["text"],
            tuple(Option(**option) for option in item["options"]),
            tuple(item.get("holds", ())),
        )
        for item in texts.load("nnlib.quiz", f"{notebook}.toml")["questions"]
    )


def questions_to_review(notebook: str, count: int, answers: dict[str, str]) -> list[Question]:
    """Return up to `count` questions of the notebooks before this one, mixed.

    Those whose kept answer is wrong come first, then those never answered, then the rest.
    `answers`: {text of a question: text of the option that was chosen first}.
    """
    earlier = [q for number in notebooks() if number < notebook for q in questions(number)]
    random.Random(notebook).shuffle(earlier)

    def urgency(question):
        chosen = answers.get(question.text)
        right = any(option.right and option.text == chosen for option in question.options)
        return 2 if right else 1 if chosen is None else 0

    return sorted(earlier, key=urgency)[:count]
