"""Which exercises are right, over all notebooks, in one small file beside them, and as a bar.

The file is `course-progress.json` in the folder of the notebooks, plain to see and to delete. It
is written when a check says "Right" in a notebook. The variable NNLIB_PROGRESS in the environment
names another file, or is "off": then nothing is read or written, as in the tests.
"""

import json
import os
import sys
from html import escape
from pathlib import Path

from nnlib import colours

FILE = "course-progress.json"
EMPTY = f"var(--jp-border-color2,{colours.NEUTRAL})"  # dark in JupyterLab's dark theme
ABOUT = "The exercises of the course that are right. Delete this file to begin again."


def path():
    """The file's Path; None if nothing is to be kept: switched off, or not in a notebook."""
    named = os.environ.get("NNLIB_PROGRESS", "")
    if named:
        return None if named == "off" else Path(named)
    ipython = sys.modules.get("IPython")
    return Path(FILE) if ipython and ipython.get_ipython() else None


def read(file):
    """(the names of the right exercises, a line to show if the file is of no use)."""
    try:
        right = json.loads(file.read_text(encoding="utf-8"))["right"]
        return [name for name in right if isinstance(name, str)], ""
    except FileNotFoundError:
        return [], ""
    except (OSError, ValueError, TypeError, LookupError):
        return [], f"{file.name} cannot be read and is left alone; delete it to begin a new one."


def note(name):
    """Keep that the exercise `name` is right; a file that is damaged or read-only stays so."""
    file = path()
    if file is None:
        return
    right, trouble = read(file)
    if trouble or name in right:
        return
    text = json.dumps({"about": ABOUT, "right": [*right, name]}, indent=1) + "\n"
    part = file.with_name(f"{file.name}.part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(file)  # in one step: another notebook never reads half a file
    except OSError as error:
        print(f"({file.name} cannot be written, so this is not kept: {error.strerror})")


class Progress:
    """A bar and a line: how many exercises are right, of each notebook up to this one.

    (Up to this one, so that a new notebook does not change what the others show.)
    """

    def __init__(self, notebook, exercises):
        file = path()
        right, self.trouble = read(file) if file else ([], "")
        self.notebook = notebook
        self.counts = {
            number: (sum(name in right for name in names), len(names))
            for number, names in exercises.items()
            if number <= notebook
        }

    def __repr__(self):
        done, count = self.counts[self.notebook]
        all_done, all_count = map(sum, zip(*self.counts.values()))
        line = f"Notebook {self.notebook}: {done} of {count} exercises right. "
        line += f"Up to here: {all_done} of {all_count}."
        return f"{line}\n{self.trouble}" if self.trouble else line

    def _repr_html_(self):
        words = escape(repr(self))
        bars = "".join(
            _bar(number, *count, number == self.notebook) for number, count in self.counts.items()
        )
        return (
            f'<div role="img" aria-label="{words}" style="display:flex;gap:6px;max-width:36em">'
            f"{bars}</div><div>{words}</div>"
        )


def _bar(number, done, count, here):
    """A notebook's part of the bar, as wide as it has exercises."""
    share = round(100 * done / count) if count else 0
    weight = "bold" if here else "normal"
    return (
        f'<div style="flex:{count};font-weight:{weight};font-size:85%">{number}'
        f'<div style="height:8px;border-radius:4px;background:{EMPTY}">'
        f'<div style="height:8px;border-radius:4px;width:{share}%;background:{colours.POSITIVE}">'
        "</div></div></div>"
    )
