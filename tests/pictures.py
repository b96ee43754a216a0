"""Is a stored picture what is drawn today? nbval compares all outputs of a cell but pictures."""

import io
from base64 import b64decode

import numpy as np
from PIL import Image

BLOCK = 2  # pixels: blurred a little, since an edge may move by a rounding on another processor
CLOSE = 50  # of 255: a digit on an axis that becomes another changes a block by 73 at least


def stale(stored, drawn):
    """(faults, count): a line for each picture among stored outputs that is not what was drawn.

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
    """Whether the bytes of two PNGs show the same; None if they cannot be compared.

    Another version of Matplotlib writes other letters.
    """
    a, b = (Image.open(io.BytesIO(one)) for one in (old, new))
    if a.info.get("Software") != b.info.get("Software"):
        return None
    return bool(a.size == b.size and np.abs(_blurred(a) - _blurred(b)).max() <= CLOSE)


def _pictures(outputs):
    data = [output["data"] for output in outputs if "image/png" in output.get("data", {})]
    return [b64decode(one["image/png"]) for one in data]


def _blurred(picture):
    size = [-(-side // BLOCK) for side in picture.size]
    return np.asarray(picture.convert("RGBA").resize(size, Image.Resampling.BOX), dtype=float)
