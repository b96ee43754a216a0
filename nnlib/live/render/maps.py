"""Values over the plane as small PNGs with transparency, so that they fit light and dark pages."""

import io

import numpy as np

from nnlib.formatting import png_data_uri

POSITIVE, NEGATIVE = (30, 130, 205), (224, 124, 28)  # between those of light and dark pages
GREY = (112, 120, 132)
LEVELS = 12  # of a contour map
STRENGTH = 190  # of 255: opacity of the largest value


def _ramp(colour, opacities):
    opacities = np.asarray(opacities).round().astype(np.uint8)
    return np.column_stack([np.tile(np.uint8(colour), (len(opacities), 1)), opacities])


def _palette(*ramps):
    return np.vstack(ramps).astype(np.uint8).tobytes()


SIGNED = _palette(
    _ramp(NEGATIVE, np.linspace(STRENGTH, 0, 128)), _ramp(POSITIVE, np.linspace(0, STRENGTH, 128))
)
CONTOURS = _palette(_ramp(GREY, np.linspace(10, 175, LEVELS)))
SHADES = _palette(_ramp(GREY, np.linspace(0, 255, 256)))


def signed_map(values: np.ndarray, low: float, high: float) -> str:
    """Return values (rows, columns), bottom row first, as a data URI: orange to blue."""
    share = (np.nan_to_num(values) - low) / (high - low)
    return _uri((255 * np.clip(share, 0, 1)).astype(np.uint8), SIGNED)


def contour_map(heights: np.ndarray) -> str:
    """Return heights (rows, columns), bottom row first, as a data URI: each grey covers as much."""
    heights = _finer(np.where(np.isfinite(heights), heights, np.inf))
    levels = contour_levels(heights)[1:-1]
    return _uri(np.searchsorted(levels, heights).astype(np.uint8), CONTOURS)


def contour_levels(heights: np.ndarray) -> np.ndarray:
    """Return the heights (LEVELS + 1,) between which the greys of a contour map lie."""
    return np.quantile(heights[np.isfinite(heights)], np.linspace(0, 1, LEVELS + 1))


def contour_shades() -> str:
    """Return the greys of a contour map side by side, from low to high, as a data URI."""
    return _uri(np.arange(LEVELS, dtype=np.uint8)[np.newaxis], CONTOURS)


def _finer(heights, side=100):
    """Return the heights interpolated between their places, if there are fewer than `side`."""
    for _ in range(2):  # along the columns, then along the rows
        rows = len(heights)
        if rows < side and np.isfinite(heights).all():
            places = np.linspace(0, rows - 1, side)
            heights = np.array([np.interp(places, range(rows), line) for line in heights.T]).T
        heights = heights.T
    return heights


def shade_map(shares: np.ndarray) -> str:
    """Return values from 0 to 1 (rows, columns), top row first, as a data URI: clear to grey."""
    return _uri((255 * np.clip(shares, 0, 1)).astype(np.uint8)[::-1], SHADES)


def _uri(indices, palette):
    from PIL import Image  # not on the playground's own page, which loads no Pillow

    image = Image.fromarray(np.ascontiguousarray(indices[::-1]), "P")
    image.putpalette(palette, "RGBA")
    png = io.BytesIO()
    image.save(png, "PNG", compress_level=1)  # small pictures: speed counts more
    return png_data_uri(png.getvalue())
