"""The samples on the large surface: a picture that the browser keeps while the surface changes.

Hundreds of dots take a browser longer to paint than all the rest, so they are painted once.
"""

import zlib
from functools import cache

import numpy as np
from PIL import Image, ImageDraw

from nnlib import colours
from nnlib.live.svg import data_uri

SIDE = 480  # pixels, twice what the surface has on most screens
DOT, RIM, HOLE = 5.0, 1.8, 2.8  # half the width of a dot, of the white around it and inside it


def rule(samples, reach):
    """(name, CSS): a class with that name has the samples as its background.

    `samples`: (X (m, 2), above (m,), hollow) in the order of painting. Those `above` are round and
    blue, the others square and orange; `hollow` ones have a white middle.
    """
    uri = data_uri(_image(samples, reach))
    name = f"nnlib-samples-{zlib.crc32(uri.encode()):x}"
    return name, f".{name}{{background:url({uri}) 0 0/100% 100% no-repeat}}"


def _image(samples, reach):
    low, high = reach
    margin = _dot(True, False).width
    image = Image.new("RGBA", (SIDE + margin,) * 2)
    for X, above, hollow in samples:
        places = SIDE * np.clip((X - low) / (high - low), 0, 1)
        for (x, y), up in zip(places.round().astype(int).tolist(), above.tolist()):
            image.alpha_composite(_dot(up, hollow), (x, SIDE - y))
    half = margin // 2
    return image.crop((half, half, half + SIDE, half + SIDE))


@cache
def _dot(above, hollow, finer=8):
    """One dot, drawn larger and made small so that its edge is smooth."""
    middle = int(DOT + RIM) + 1
    image = Image.new("RGBA", ((2 * middle + 1) * finer,) * 2, (255, 255, 255, 0))
    draw = ImageDraw.Draw(image)
    shape, size = (draw.ellipse, 1.0) if above else (draw.rectangle, 0.88)
    for radius, colour in (
        (size * DOT + RIM, "white"),
        (size * DOT, colours.of_sign(1 if above else -1)),
        (size * HOLE if hollow else 0, "white"),
    ):
        if radius:
            ends = [(middle + 0.5 - radius) * finer, (middle + 0.5 + radius) * finer]
            shape([ends[0], ends[0], ends[1], ends[1]], fill=colour)
    return image.resize((2 * middle + 1,) * 2, Image.Resampling.BOX)
