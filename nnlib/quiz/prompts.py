"""A prompt for a guess, which is kept and later compared with the result."""

import re
from functools import partial
from html import escape
from numbers import Real
from typing import Any

from IPython import get_ipython
from IPython.display import display
from ipywidgets import HTMLMath, Text, ToggleButtons, VBox

from nnlib import texts
from nnlib.checks.progress_file import read_section, write_section

say = partial(texts.say, "nnlib.quiz")
KEPT = "guesses"  # section of the progress file: {question: guess}


def ask(question: str, *options: Any) -> "Guess":
    """Show a prompt for a guess and return it: one of `options`, or a number if there are none.

    It doesn't wait. After the result, `guess.reveal(result)` shows both side by side. Give each
    prompt of a notebook a variable of its own, so that a skipped one is never mistaken for another.
    """
    guess = Guess(question, options)
    if get_ipython():
        display(guess)
    return guess


class Guess(VBox):
    """A question and a field for one guess, filled with the guess that was kept."""

    def __init__(self, question: str, options: tuple = ()):
        self.question, self.options = question, tuple(map(str, options))
        kept = read_section(KEPT, {}).get(question)
        if options:
            self.entry = ToggleButtons(
                options=self.options,
                value=kept if kept in self.options else None,
                style={"button_width": "auto"},  # a fixed width would cut off long options
            )
        else:
            self.entry = Text(kept or "", placeholder=say("placeholder"), layout={"width": "10em"})
        self.entry.observe(self._keep, "value")
        super().__init__([HTMLMath(f"<b>{say('predict')}</b> {escape(question)}"), self.entry])

    @property
    def made(self) -> str:
        """The guess as it was entered; an empty string if there is none."""
        return (self.entry.value or "").strip()

    def _keep(self, _):
        write_section(KEPT, read_section(KEPT, {}) | {self.question: self.made})

    def reveal(self, result: Any) -> None:
        """Print the guess beside the result; the field takes no other guess."""
        self.entry.disabled = True
        if isinstance(result, Real) and not isinstance(result, bool):
            shown = f"{result:,}"
        else:
            shown = result
        if not self.made:
            print(say("not_guessed", result=shown))
            return
        print(say("guessed", guess=self.made, result=shown) + self._comment(result))

    def _comment(self, result):
        if self.options:
            return f"   {say('guessed_right')}" if self.made == str(result) else ""
        try:
            off = abs(_number(self.made) - float(result))
        except (TypeError, ValueError):
            return ""
        far = f"{off:,.0f}" if off >= 1000 else f"{off:.3g}"
        return f"   {say('off', difference=far) if off else say('guessed_right')}"

    def _repr_mimebundle_(self, **settings):
        words = " / ".join([f"{say('predict')} {self.question}", *self.options])
        return super()._repr_mimebundle_(**settings) | {"text/plain": words}


def _number(text):
    """The number that somebody typed: 5,000 is five thousand; 0,5 is a half."""
    thousands = re.fullmatch(r"-?[1-9]\d{0,2}(,\d{3})+(\.\d*)?", text)
    return float(text.replace(",", "" if thousands else "."))
