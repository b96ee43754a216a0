"""Is a stored picture what is drawn today? nbval compares all outputs of a cell but pictures.

A cell with the tag VARIES isn't compared: its picture shows the last digits of numbers, which
differ between processors.
"""

import io
from base64 import b64decode

import numpy as np
from PIL import Image

VARIES = "picture-varies"
PAGES = "#FFFFFF", "#111111"  # JupyterLab's light and dark theme; the pictures are transparent
BLOCK = 2  # pixels: blurred a little, since an edge may move by a rounding on another processor
CLOSE = 32  # of 255: a digit on an axis that becomes another changes a block by 45 at least


def stale(stored, drawn):
    """Return (faults, count): a line for each stored picture that isn't what was drawn.

    `count` pictures could not be compared.
    """
    verdicts = list(map(alike, _pictures(stored), _pictures(drawn)))
    faults = [
        f"picture {number} is not what the cell draws"
        for number, verdict in enumerate(verdicts, 1)
        if verdict is False
    ]
    return faults, verdicts.count(None)


def alike(old, new):
    """Return whether the bytes of two PNGs show the same; None if they cannot be compared.

    Another version of Matplotlib draws letters differently.
    """
    a, b = (Image.open(io.BytesIO(one)) for one in (old, new))
    if a.info.get("Software") != b.info.get("Software"):
        return None
    return a.size == b.size and all(
        np.abs(_blurred(a, page) - _blurred(b, page)).max() <= CLOSE for page in PAGES
    )


def on_page(picture, page):
    """Return a picture on a page of that colour, as it is seen."""
    seen = Image.new("RGBA", picture.size, page)
    seen.alpha_composite(picture.convert("RGBA"))
    return seen.convert("RGB")


def _pictures(outputs):
    data = [output["data"] for output in outputs if "image/png" in output.get("data", {})]
    return [b64decode(one["image/png"]) for one in data]


def _blurred(picture, page):
    size = [-(-side // BLOCK) for side in picture.size]
    return np.asarray(on_page(picture, page).resize(size, Image.Resampling.BOX), dtype=float)
