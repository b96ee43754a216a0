"""What a check says: its sentences, from messages.toml, and how they look as HTML and as text."""

import re
import sys
import textwrap
from html import escape
from typing import Any, NamedTuple

from nnlib import texts

WIDTH = 88
LOOKS = {  # status: (sign, colour); the colours are JupyterLab's where it has them
    "right": ("✓", "var(--jp-success-color1, #2e8b57)"),
    "wrong": ("✗", "var(--jp-warn-color1, #cf6400)"),
    "todo": ("…", "var(--jp-info-color1, #0b6bb0)"),
}
CODE = "font-family:var(--jp-code-font-family, monospace);font-size:92%"


def table(key: str, stem: str = "messages") -> Any:
    """Return what a TOML file has under a key with dots; None if there is nothing."""
    found: Any = texts.load("nnlib.checks", f"{stem}.toml")
    for part in key.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found


def message(key: str, stem: str = "messages", **details: Any) -> str:
    """Return the sentence with that key, such as "errors.types.NameError", with its details."""
    return table(key, stem).format(**details)


class Found(NamedTuple):
    """What is wrong, in one sentence, and the learner's line where it is, if that is known."""

    says: str
    line: int | None = None
    code: str = ""


class Feedback:
    """What a check says: a status, sentences, perhaps a line of code and rows of an example.

    `mistakes`: the sentences that name what is wrong; empty if it only shows where. `share`: how
    much of the answer is right, from 0 to 1.
    """

    def __init__(self, status: str, *sentences: str, code: str = "", line: int | None = None):
        self.status, self.sentences = status, [text for text in sentences if text]
        self.code, self.line = code, line
        self.rows: list[tuple[str, str]] = []
        self.notes: list[str] = []
        self.mistakes = self.sentences[:1] if status == "wrong" else []
        self.share = 1.0 if status == "right" else 0.0

    @property
    def title(self) -> str:
        return message(f"status.{self.status}")

    def __repr__(self) -> str:
        sign, _ = LOOKS[self.status]
        first, *rest = self.sentences
        lines = _wrapped(f"{sign} {self.title} {first}")
        if self.code:
            lines += ["", f"      {self._place()}: {self.code}", ""]
        lines += [text for sentence in rest for text in _wrapped(f"  {sentence}")]
        width = max((len(label) for label, _ in self.rows), default=0)
        lines += [f"      {label:<{width}}  {text}" for label, text in self.rows]
        lines += [text for note in self.notes for text in _wrapped(f"  {note}")]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        sign, colour = LOOKS[self.status]
        first, *rest = self.sentences
        blocks = [f'<b style="color:{colour}">{sign} {escape(self.title)}</b> {_marked_up(first)}']
        if self.code:
            line = f'<span style="opacity:.65">{escape(self._place())}</span>&ensp;'
            blocks.append(f'<div style="{CODE};margin:.3em 1em">{line}{escape(self.code)}</div>')
        blocks += [f'<div style="margin-top:.3em">{_marked_up(text)}</div>' for text in rest]
        if self.rows:
            cells = "".join(
                f'<div style="opacity:.75">{_marked_up(label)}</div>'
                f'<div style="{CODE};white-space:pre">{escape(text)}</div>'
                for label, text in self.rows
            )
            grid = "display:grid;grid-template-columns:max-content 1fr;gap:0 1em;margin:.3em 1em"
            blocks.append(f'<div style="{grid};overflow-x:auto">{cells}</div>')
        blocks += [f'<div style="margin-top:.3em">{_marked_up(note)}</div>' for note in self.notes]
        box = f"border-left:4px solid {colour};padding:.2em .8em;max-width:48em;line-height:1.45"
        return f'<div role="status" style="{box}">{"".join(blocks)}</div>'

    def _place(self) -> str:
        return message("places.line", line=self.line)


def show(feedback: Any, **settings: Any) -> Any:
    """Display something in a notebook, and return its handle if it has an id; else print it."""
    if shell():
        return sys.modules["IPython"].display.display(feedback, **settings)
    return print(feedback)


def shell() -> Any:
    """Return IPython's shell, such as that of a notebook's kernel; None elsewhere."""
    ipython = sys.modules.get("IPython")
    return ipython and ipython.get_ipython()


def joined(names: list[str]) -> str:
    """Return names as code in a sentence: `dW1`, `db1` and `dW2`."""
    *rest, last = [f"`{name}`" for name in names] or [""]
    return message("places.and", first=", ".join(rest), last=last) if rest else last


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, subsequent_indent="  ", break_on_hyphens=False)


def _marked_up(text: str) -> str:
    """HTML of a sentence, with `code` set as code."""
    return re.sub(r"`([^`]+)`", rf'<code style="{CODE}">\1</code>', escape(text))
