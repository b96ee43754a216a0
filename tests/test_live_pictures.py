"""What the explorers draw is what somebody looked at: tests/drawn/*.html.

After a change that is meant, `NNLIB_PICTURE=new python3 start.py test tests/test_live_pictures.py`
stores what they draw now. Look at it in a browser, in place of the old one, before it is committed.
"""

import io
import os
import re
from base64 import b64decode
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from nnlib import data
from nnlib.live.explorers import BackwardPass, ForwardPass, LearningRates, OneNeuron, RollingBall
from nnlib.network import Network, initialize_parameters

FOLDER = Path(__file__).parent / "drawn"
IMAGE = re.compile(r"data:image/png;base64,([\w+/=]+)")
NAME = re.compile(r"nnlib-(samples-)?[0-9a-f]{7,}")  # made of the image's bytes
CLOSE = 3  # of 255, on average: another version of Pillow rounds a dot a little differently


def bowl(w1, w2):
    return (w1 - 1) ** 2 + 3 * (w2 + 1) ** 2


def explorer(made, *, presses=(), **values):
    """What it draws first, and after each press."""
    made.set(**values)
    pages = []
    for name in [None, *presses]:
        if name:
            made.answer({"do": [[name, {}]]})
        picture, words = made.draw()
        pages += [picture.content["svg"], words]
    return pages


def houses(kind, steps=250, **options):
    (X, y), network = data.houses(), Network((2, 3, 1))
    start = initialize_parameters(network, np.random.default_rng(2))
    X, y = X / X.max(axis=0), y / 100
    if kind is LearningRates:
        made = kind(network, start, X, y, epochs=300)
        for _ in range(steps):
            made.step()
        return explorer(made, **options)
    return explorer(kind(X, y, *start[0], *start[1]), **options)


def ball(learning_rate, **options):
    values = np.linspace(-4, 4, 21)
    made = RollingBall(bowl, values, values, start=(-3.0, 2.0), learning_rate=learning_rate)
    return explorer(made, **options)


DRAWN = {
    "one_neuron": lambda: explorer(OneNeuron(), x=-1.5, w=2.0, b=0.5),
    "forward": lambda: houses(ForwardPass, presses=["next"] * 4),
    "backward": lambda: houses(BackwardPass, presses=["next"] * 5),
    "ball": lambda: ball(0.1, presses=["step"] * 3),
    "ball_that_leaves": lambda: ball(0.4, presses=["step"] * 5),
    "rates": lambda: houses(LearningRates),
    "rates_ended": lambda: houses(LearningRates, steps=305),
}  # fmt: skip


def pixels(match):
    return np.asarray(Image.open(io.BytesIO(b64decode(match[1]))).convert("RGBA"), dtype=float)


def differs(old, new):
    """Where two pages are not the same, but for the bytes of their images, and the images."""
    bare = [NAME.sub("nnlib", IMAGE.sub("image", page)).split("\n") for page in (old, new)]
    lines = [pair for pair in zip(*bare) if pair[0] != pair[1]]
    images = [[pixels(match) for match in IMAGE.finditer(page)] for page in (old, new)]
    if len(bare[0]) != len(bare[1]) or len(images[0]) != len(images[1]):
        lines.append("one has more")
    far = [
        f"image {k}"
        for k, (a, b) in enumerate(zip(*images), start=1)
        if a.shape != b.shape or np.abs(a - b).mean() > CLOSE
    ]
    return lines + far


@pytest.mark.parametrize("name", DRAWN)
def test_it_draws_what_somebody_looked_at(name):
    page = "\n".join(DRAWN[name]()).replace("><", ">\n<") + "\n"
    file = FOLDER / f"{name}.html"
    if os.environ.get("NNLIB_PICTURE") == "new":
        file.write_text(page, encoding="utf-8", newline="\n")
    assert differs(file.read_text(encoding="utf-8"), page) == []


def test_nothing_is_stored_that_is_not_drawn():
    assert {file.stem for file in FOLDER.glob("*.html")} == set(DRAWN)
