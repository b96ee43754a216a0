"""What some explorers draw is what somebody looked at: tests/drawn/*.html.

After a change that is meant, `NNLIB_PICTURE=new python3 start.py test tests/test_live_pictures.py`
stores what they draw now. Look at it in a browser before you commit it.
"""

import io
import os
import re
from base64 import b64decode
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from nnlib.live import DigitPad
from nnlib.live.explorers import BackwardPass, FeatureScale, OneNeuron, SquaredErrors, SumOfSurfaces

FOLDER = Path(__file__).parent / "drawn"
PAGE = """<!doctype html><meta charset="utf-8"><title>{name}</title>
<link rel="stylesheet" href="../../nnlib/live/page/live.css">
<div class="nn-live"><div class="nn-panels">
{panels}
</div></div>
"""
IMAGE = re.compile(r"data:image/png;base64,([\w+/=]+)")
NUMBER = re.compile(r"-?\d+\.?\d*")
CLOSE = 0.25  # units: a coordinate that another processor rounds differently
CLOSE_COLOUR = 3  # of 255, on average


def backward():
    view = BackwardPass()
    for _ in view.steps:
        view.next()
    return view


def digit():
    def read(X):
        return np.linspace(0, 0.2, 10)[np.newaxis]

    pad = DigitPad([read, read])
    pad.strokes = [[(6, 5), (12, 4), (12, 9), (6, 14), (13, 14)]]
    return pad


DRAWN = {
    "one_neuron": lambda: OneNeuron(x=-1.5, w=2.0, b=0.5),
    "backward_pass": backward,
    "feature_scale": lambda: FeatureScale(1.0, 3.0),
    "squared_errors": lambda: SquaredErrors(w=0.4, b=0.1),
    "sum_of_surfaces": SumOfSurfaces,
    "digit_pad": digit,
}


def draw(name):
    panels = [panel.svg().replace("><", ">\n<") for panel in DRAWN[name]().panels()]
    return PAGE.format(name=name, panels="\n".join(panels))


def pixels(page):
    images = (Image.open(io.BytesIO(b64decode(found[1]))) for found in IMAGE.finditer(page))
    return [np.asarray(image.convert("RGBA"), dtype=float) for image in images]


@pytest.mark.parametrize("name", DRAWN)
def test_it_draws_what_somebody_looked_at(name):
    page, file = draw(name), FOLDER / f"{name}.html"
    if os.environ.get("NNLIB_PICTURE") == "new":
        file.write_text(page, encoding="utf-8", newline="\n")
    kept = file.read_text(encoding="utf-8")
    old, new = IMAGE.sub("image", kept), IMAGE.sub("image", page)
    assert NUMBER.sub("#", new) == NUMBER.sub("#", old)
    numbers = [np.array(NUMBER.findall(text), dtype=float) for text in (old, new)]
    assert np.abs(numbers[0] - numbers[1]).max() <= CLOSE
    for before, after in zip(pixels(kept), pixels(page), strict=True):
        assert np.abs(before - after).mean() <= CLOSE_COLOUR


def test_nothing_is_stored_that_is_not_drawn():
    assert {file.stem for file in FOLDER.glob("*.html")} == set(DRAWN)
