"""The picture of the playground in the README: what it shows, and where it is.

`NNLIB_PICTURE=new python3 start.py test -m slow tests/browser -k picture` makes it anew.
"""

from pathlib import Path

from nnlib.live import Playground

ROOT = Path(__file__).resolve().parents[1]
PATH = ROOT / ".github" / "playground.png"
LINE = 'Playground(hidden=(4, 2), activation="tanh", learning_rate=0.3)'
EPOCHS = 400
LARGEST = 150_000  # bytes


def contents():
    """What the picture must show, as a text that is stored in it: its line and its controls."""
    playground = eval(LINE, {"Playground": Playground})
    names = [control.description for control in controls(playground.widget)]
    playground.close()
    return "\n".join([LINE, f"{EPOCHS} epochs", *names])


def controls(widget):
    """All widgets with a name, in their order."""
    if getattr(widget, "description", ""):
        yield widget
    else:
        for child in getattr(widget, "children", ()):
            yield from controls(child)
