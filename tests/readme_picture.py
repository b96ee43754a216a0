"""The picture of the playground in the README: what it shows, and where it is.

`NNLIB_PICTURE=new python3 start.py test -m slow tests/browser -k picture` makes it again.
"""

from pathlib import Path

from nnlib.live import Playground

ROOT = Path(__file__).resolve().parents[1]
PATH = ROOT / ".github" / "playground.png"
LINE = 'Playground(hidden=(4, 2), activation="tanh", learning_rate=0.3)'
EPOCHS = 400
LARGEST = 150_000  # bytes


def contents():
    """Return what the picture must show, as a text stored in it: its line and its controls."""
    playground = Playground()
    labels = [playground.control(name)["label"] for name in playground.control_names()]
    return "\n".join([LINE, f"{EPOCHS} epochs", *labels])
