"""From the strokes of a pen to the 64 grey values that `data.digits()` has. No widgets.

A stroke is a list of points (x, y) on a pad of 32 × 32, y pointing down. The pictures of the data
set were made in the same two steps: a 32 × 32 bitmap of the digit, which fills the full height,
and then the number of black pixels in each block of 4 × 4.
"""

import numpy as np

SIDE, BLOCK = 32, 4  # pixels of the pad, and of a block
THICK = 4.5  # stroke width of the data set, about: then as many pixels are black
WIDEST = 25  # pixels: the data set's digits are seldom wider

Strokes = list[list[tuple[float, float]]]


def draw_bitmap(strokes: Strokes, thickness: float) -> np.ndarray:
    """Return the bitmap (32, 32) of strokes drawn with a round pen: True where it is black."""
    bitmap = np.zeros((SIDE, SIDE), dtype=bool)
    centres = np.arange(SIDE) + 0.5
    pixels = np.stack(np.meshgrid(centres, centres), axis=-1)[:, :, np.newaxis]
    for stroke in strokes:
        points = np.asarray(stroke, dtype=float).reshape(-1, 2)
        start, end = (points[:-1], points[1:]) if len(points) > 1 else (points, points)
        step = end - start
        length = np.maximum((step**2).sum(axis=-1), 1e-9)
        share = np.clip(((pixels - start) * step).sum(axis=-1) / length, 0, 1)
        nearest = start + share[..., np.newaxis] * step
        distance = np.linalg.norm(pixels - nearest, axis=-1).min(axis=-1, initial=np.inf)
        bitmap |= distance <= thickness / 2
    return bitmap


def count_blocks(bitmap: np.ndarray) -> np.ndarray:
    """Return how many pixels of each 4 × 4 block are black: (8, 8) numbers from 0 to 16."""
    blocks = bitmap.reshape(SIDE // BLOCK, BLOCK, SIDE // BLOCK, BLOCK)
    return blocks.sum(axis=(1, 3)).astype(float)


def fill_the_pad(strokes: Strokes, thickness: float) -> Strokes:
    """Return the strokes centred, and so large that the digit fills the full height of the pad."""
    points = np.array([point for stroke in strokes for point in stroke], dtype=float)
    if not len(points):
        return strokes
    low, high = points.min(axis=0), points.max(axis=0)
    wide, tall = np.maximum(high - low, 1e-6)
    tall = max(tall, wide / 4)  # a dash stays a dash
    scale = (SIDE - thickness) / tall
    scale_x = min(scale, (WIDEST - thickness) / wide)
    middle = (low + high) / 2
    shift, scales = SIDE / 2, np.array([scale_x, scale])
    return [
        [tuple(point) for point in (shift + scales * (np.asarray(stroke) - middle)).tolist()]
        for stroke in strokes
    ]


def like_the_data_set(strokes: Strokes) -> np.ndarray:
    """Return the 64 grey values (1, 64) of strokes, prepared as the data set's digits were."""
    return to_pixels(fill_the_pad(strokes, THICK), THICK)


def to_pixels(strokes: Strokes, thickness: float) -> np.ndarray:
    """Return the 64 grey values (1, 64), 0 … 16, of strokes as they are."""
    return count_blocks(draw_bitmap(strokes, thickness)).reshape(1, -1)
