"""What a learner has done, in one small file beside the notebooks, and as a bar.

The file is `course-progress.json` in the folder in which the notebook was opened (the one above, if
it is a translation: all languages share the file), plain to read and to delete. It has sections:
"right" lists the exercises that are done, "mistakes" counts how often a check named which mistake,
{exercise: {sentence: count}}; others keep what they like.
The environment variable NNLIB_PROGRESS names another file, or is "off": then nothing is read or
written, as in the tests. Outside IPython nothing is kept either.
"""

import functools
import json
import os
from contextlib import suppress
from html import escape
from pathlib import Path
from typing import Any

from nnlib import colours, texts
from nnlib.checks.feedback import message, shell, show

FILE = "course-progress.json"
EMPTY = f"var(--jp-border-color2,{colours.NEUTRAL})"  # dark in JupyterLab's dark theme
_shown: dict[str, tuple["Progress", Any]] = {}  # the bar of each notebook and its display


def path() -> Path | None:
    """Return the file's path; None if nothing is to be kept."""
    named = os.environ.get("NNLIB_PROGRESS", "")
    if named == "off" or not (named or shell()):
        return None
    return folder() / (named or FILE)


@functools.cache
def folder() -> Path:
    """The folder in which the kernel was started: `%cd` later on doesn't move the file."""
    visited = shell() and shell().user_ns.get("_dh")
    opened = Path(visited[0]) if visited else Path.cwd()
    return opened.parent if opened.name == texts.language() else opened


def read_section(name: str, default: Any) -> Any:
    """Return what the file has in a section; `default` if it has nothing of that type there."""
    content = _content()[0].get(name)
    return content if isinstance(content, type(default)) else default


def write_section(name: str, value: Any) -> str:
    """Store a value that JSON can hold in a section; return a sentence if it can't be kept.

    The file is replaced in one step, so another notebook never reads half of it. A damaged file is
    left alone.
    """
    file = path()
    content, trouble = _content()
    if file is None or trouble:
        return trouble
    text = json.dumps({"about": message("progress.about")} | content | {name: value}, indent=1)
    part = file.with_name(f"{file.name}.{os.getpid()}.part")
    try:
        part.write_text(f"{text}\n", encoding="utf-8")
        part.replace(file)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        return message("progress.unwritable", file=file.name, error=error.strerror)
    return ""


def _content() -> tuple[dict, str]:
    """The file's content, and a sentence if it can't be read."""
    file = path()
    try:
        content = json.loads(file.read_text(encoding="utf-8")) if file else {}
        if isinstance(content, dict):
            return content, ""
    except FileNotFoundError:
        return {}, ""
    except (OSError, ValueError):
        pass
    return {}, message("progress.damaged", file=file.name)


def note_mistakes(name: str, sentences: list[str]) -> str:
    """Count the mistakes that were named in the exercise `name`; return any trouble."""
    kept = read_section("mistakes", {})
    counts = kept.get(name) if isinstance(kept.get(name), dict) else {}
    for sentence in sentences:
        before = counts.get(sentence)
        counts = counts | {sentence: (before if isinstance(before, int) else 0) + 1}
    return write_section("mistakes", kept | {name: counts}) if sentences else ""


def note_right(name: str) -> str:
    """Keep that the exercise `name` is right, and redraw the bars; return any trouble."""
    right, trouble = read_section("right", []), ""
    if name not in right:
        trouble = write_section("right", [*right, name])
    for progress, display in _shown.values():
        display.update(progress)
    return trouble


class Progress:
    """A bar and a line: how many exercises are right in each of some notebooks.

    `exercises`: {number of a notebook: names of its exercises}.
    """

    def __init__(self, exercises: dict[str, list[str]]):
        self.exercises = exercises

    def counts(self) -> dict[str, tuple[int, int]]:
        """Return how many exercises are right, and how many there are, of each notebook."""
        right = read_section("right", [])
        return {
            notebook: (sum(name in right for name in names), len(names))
            for notebook, names in self.exercises.items()
        }

    def __repr__(self) -> str:
        counts = self.counts()
        done, count = map(sum, zip(*counts.values()))
        key = "progress.notebook" if len(counts) == 1 else "progress.course"
        line = message(key, notebook=next(iter(counts)), done=done, count=count)
        trouble = _content()[1]
        return f"{line}\n{trouble}" if trouble else line

    def _repr_html_(self) -> str:
        words = escape(repr(self))
        bars = "".join(_bar(key, *numbers) for key, numbers in self.counts().items())
        return (
            f'<div role="img" aria-label="{words}" style="display:flex;gap:6px;max-width:36em">'
            f"{bars}</div><div>{words}</div>"
        )

    def show(self) -> None:
        """Display the bar in a notebook, where it moves from now on."""
        _shown["".join(self.exercises)] = self, show(self, display_id=True)


def _bar(notebook: str, done: int, count: int) -> str:
    """A notebook's part of the bar, as wide as it has exercises."""
    share = round(100 * done / count) if count else 0
    return (
        f'<div style="flex:{count};font-size:85%">{notebook}'
        f'<div style="height:8px;border-radius:4px;background:{EMPTY}">'
        f'<div style="height:8px;border-radius:4px;width:{share}%;background:{colours.POSITIVE}">'
        "</div></div></div>"
    )
