"""Is a stored picture what its cell draws today? nbval compares all outputs but pictures."""

import io
from base64 import b64decode

import numpy as np
from PIL import Image

BLOCK = 8  # pixels: blurred, so that an edge that another processor moves a little does not count
CLOSE = 24  # of 255: a digit that changes changes its block by three times as much


def stale(stored, drawn):
    """(faults, count): a line for each picture among stored outputs that is not what was drawn.

    `count` pictures could not be compared: another version of Matplotlib writes other letters.
    """
    pairs = list(enumerate(zip(_pictures(stored), _pictures(drawn)), 1))
    same = [(k, pair) for k, pair in pairs if len({_version(picture) for picture in pair}) == 1]
    faults = [f"picture {k} is not what the cell draws" for k, pair in same if not _alike(*pair)]
    return faults, len(pairs) - len(same)


def _pictures(outputs):
    data = [output["data"] for output in outputs if "image/png" in output.get("data", {})]
    return [Image.open(io.BytesIO(b64decode(one["image/png"]))) for one in data]


def _version(picture):
    return picture.info.get("Software")


def _alike(a, b):
    return a.size == b.size and np.abs(_blurred(a) - _blurred(b)).max() <= CLOSE


def _blurred(picture):
    size = [-(-side // BLOCK) for side in picture.size]
    return np.asarray(picture.convert("RGB").resize(size, Image.Resampling.BOX), dtype=float)
