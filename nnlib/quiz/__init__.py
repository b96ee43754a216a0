"""Questions with an answer to every answer: the quiz of each notebook, and prompts for a guess.

`quiz("02")` shows the questions of `02.toml`. It is made of plain widgets; where there are none,
the same questions stand there as folded HTML, or as text.
"""

import re
import tomllib
from html import escape
from importlib.resources import files
from numbers import Real
from typing import NamedTuple

from IPython import get_ipython
from IPython.display import display
from ipywidgets import HTML, Button, HBox, HTMLMath, Layout, Text, ToggleButtons, VBox

from nnlib import colours

__all__ = ["Question", "ask", "questions", "quiz"]

LETTERS = "ABCDEF"


class Option(NamedTuple):
    """An answer to choose, whether it is right, and why it is or is not. All in HTML and maths."""

    text: str
    why: str
    right: bool = False


class Question(NamedTuple):
    """A question, its options, and expressions of Python that prove its numbers, for the tests."""

    text: str
    options: tuple
    holds: tuple = ()


def questions(notebook):
    """The Questions of a notebook's quiz. ValueError when it has none."""
    file = files("nnlib.quiz") / f"{notebook}.toml"
    if not file.is_file():
        raise ValueError(f"there is no quiz for notebook {notebook!r}")
    return tuple(
        Question(
            item["text"],
            tuple(Option(**option) for option in item["options"]),
            tuple(item.get("holds", ())),
        )
        for item in tomllib.loads(file.read_text(encoding="utf-8"))["questions"]
    )


def quiz(notebook):
    """The quiz of the notebook with that number, "02": choose answers, each is explained."""
    return Quiz(questions(notebook))


class _WithText:
    """A widget that is text, too, and perhaps HTML, where no widgets are shown."""

    def _repr_mimebundle_(self, **settings):
        return super()._repr_mimebundle_(**settings) | self.fallback()


class Quiz(_WithText, VBox):
    """The questions one below the other, and a line that counts."""

    def __init__(self, asked):
        self.asked = asked
        self.right = [None] * len(asked)  # whether each one's first answer was; None: no answer
        self.score = HTML()
        panels = [self._panel(number, question) for number, question in enumerate(asked)]
        super().__init__([*panels, self.score])

    def _panel(self, number, question):
        answer = HTMLMath(layout=Layout(margin="0 0 0 3em"))
        rows = [HTMLMath(f"<b>{number + 1}.</b> {question.text}")]
        for letter, option in zip(LETTERS, question.options):
            button = Button(description=letter, tooltip=f"Answer {letter}", layout={"width": "3em"})
            button.on_click(lambda _, o=option, a=letter: self._choose(number, a, o, answer))
            rows.append(HBox([button, HTMLMath(option.text)], layout={"align_items": "center"}))
        return VBox([*rows, answer], layout=Layout(margin="0 0 1em 0"))

    def _choose(self, number, letter, option, answer):
        if self.right[number] is None:
            self.right[number] = option.right
        colour = colours.POSITIVE if option.right else colours.NEGATIVE
        answer.value = f'<b style="color:{colour}">{letter} · {_verdict(option)}</b> {option.why}'
        given = [right for right in self.right if right is not None]
        self.score.value = f"{sum(given)} of {len(self.asked)} right at the first try."

    def fallback(self):
        """The quiz as text, and as HTML in which each answer opens to its explanation."""
        plain, folded = [], []
        for number, question in enumerate(self.asked, 1):
            plain.append(f"{number}. {_plain(question.text)}")
            folded.append(f"<p><b>{number}.</b> {question.text}</p>")
            for letter, option in zip(LETTERS, question.options):
                plain.append(f"   {letter}) {_plain(option.text)}")
                folded.append(
                    f"<details><summary>{letter} · {option.text}</summary>"
                    f"<p><b>{_verdict(option)}</b> {option.why}</p></details>"
                )
        return {"text/plain": "\n".join(plain), "text/html": "\n".join(folded)}


def _verdict(option):
    return "Right." if option.right else "Not this one."


def _plain(text):
    """HTML without its tags, for a terminal."""
    for tag in ("code", "b", "i", "sub", "sup"):
        text = text.replace(f"<{tag}>", "").replace(f"</{tag}>", "")
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def ask(question, *options):
    """Show a prompt for a guess: one of `options`, or a number if there are none; return it.

    It does not wait. `guess.reveal(truth)`, after the result, sets the guess beside the truth.
    """
    guess = Guess(question, options)
    if get_ipython():
        display(guess)
    return guess


class Guess(_WithText, VBox):
    """A question and a place for one guess."""

    def __init__(self, question, options=()):
        self.question, self.options = question, tuple(map(str, options))
        if options:
            wide = {"button_width": "auto"}  # else long options are cut off
            self.entry = ToggleButtons(options=self.options, value=None, style=wide)
        else:
            self.entry = Text(placeholder="your guess", layout=Layout(width="10em"))
        words = HTMLMath(f"<b>Predict.</b> {escape(question)}")
        super().__init__([words, self.entry])

    @property
    def made(self):
        """The guess as it was entered; an empty string if there is none."""
        return (self.entry.value or "").strip()

    def reveal(self, truth):
        """Print the guess beside the truth, and take no other guess."""
        self.entry.disabled = True
        result = f"{truth:,}" if isinstance(truth, Real) and not isinstance(truth, bool) else truth
        if not self.made:
            print(f"No guess was made. The result: {result}")
            return
        print(f"Your guess: {self.made}   The result: {result}{self._comment(truth)}")

    def _comment(self, truth):
        if self.options:
            return "   As you said." if self.made == str(truth) else ""
        try:
            off = abs(_number(self.made) - float(truth))
        except ValueError:
            return ""
        far = f"{off:,.0f}" if off >= 1000 else f"{off:.3g}"
        return f"   Off by {far}." if off else "   As you said."

    def fallback(self):
        """The question and its options as text."""
        return {"text/plain": " / ".join([f"Predict. {self.question}", *self.options])}


def _number(text):
    """The number that somebody typed: 5,000 is five thousand, 0,5 a half."""
    thousands = re.fullmatch(r"-?[1-9]\d{0,2}(,\d{3})+(\.\d*)?", text)
    return float(text.replace(",", "" if thousands else "."))
