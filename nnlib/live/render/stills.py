"""What the live views show on a page without a kernel: a PNG that suits light and dark pages.

The playground's is drawn by Pillow and looks like the page; it needs no matplotlib, whose import
alone takes a third of a kernel's memory.
"""

import importlib.util
import io
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont, __version__, features
from PIL.PngImagePlugin import PngInfo

from nnlib import colours
from nnlib.formatting import format_number
from nnlib.live.render.frame import SIDE, labels_of, limits_of
from nnlib.live.texts import load, name_of, say

SIZE = (960, 300)
FINER = 2  # drawn so much larger, then made small, so that edges are smooth
INK = "#767E8B"  # readable on white and on black
CLASSES = (
    colours.NEGATIVE, colours.POSITIVE, "#1B8A7A", "#8E6BBF", "#A88400", "#A8196F", "#5B6770",
    "#C2405B",
)  # fmt: skip
STRENGTH = 0.72  # of a colour on the large picture, so that samples stand out
TILE, PLANE = 34, 216  # pixels: a neuron's picture, and the large one


def playground(simulation, moment, frame):
    """Return network, result and cost curve side by side, as the bytes of a small PNG."""
    with np.errstate(all="ignore"):
        trace = simulation.safe_forward(frame.grid(simulation.settings), moment)
    canvas = _Canvas()
    layers = [trace.a[k] for k in range(1, len(trace.a) + 1)]
    _network(canvas, simulation, moment, layers)
    _result(canvas, simulation, moment, layers[-1])
    past = [past for past in simulation.history if past.epoch < moment.epoch]
    _curve(canvas, [*past, moment])
    return canvas.png()


class _Canvas:
    """An image to draw on in pixels of the result."""

    def __init__(self):
        self.image = Image.new("RGBA", [side * FINER for side in SIZE], (255, 255, 255, 0))
        self.draw = ImageDraw.Draw(self.image)

    def line(self, points, colour, width=1.0, dash=None):
        """Draw a line through points (n, 2); `dash`: lengths of dash and gap."""
        points = np.asarray(points, dtype=float) * FINER
        lengths = np.hypot(*np.diff(points, axis=0).T)
        along = np.concatenate([[0], lengths.cumsum()])
        pieces = [(0, along[-1])]
        if dash:
            starts = np.arange(0, along[-1], sum(dash) * FINER)
            pieces = [(start, min(start + dash[0] * FINER, along[-1])) for start in starts]
        for start, end in pieces:
            inside = along[(along > start) & (along < end)]
            at = np.concatenate([[start], inside, [end]])
            x, y = (np.interp(at, along, axis) for axis in points.T)
            thick = max(1, round(width * FINER))
            self.draw.line([*zip(x, y)], fill=colour, width=thick, joint="curve")

    def text(self, x, y, words, anchor="mm", size=11, bold=False):
        """Write words; anchors are Pillow's, "lm" for the left middle."""
        place = (x * FINER, y * FINER)
        if font := _font(size * FINER, bold):
            self.draw.text(place, words, fill=INK, anchor=anchor, font=font)

    def paste(self, rgb, x, y, side):
        """Put an array (rows, columns, 3) of bytes there, as a square."""
        picture = Image.fromarray(rgb).resize([side * FINER] * 2, Image.Resampling.BICUBIC)
        self.image.paste(picture, (round(x * FINER), round(y * FINER)))

    def rectangle(self, x, y, side, colour=INK, width=1):
        box = [x * FINER, y * FINER, (x + side) * FINER, (y + side) * FINER]
        self.draw.rectangle(box, outline=colour, width=width * FINER)

    def shape(self, x, y, radius, kind, fill, rim="white"):
        """Draw a sample: 0 a square, 1 a circle, then triangle, diamond, cross."""
        x, y, r = x * FINER, y * FINER, radius * FINER
        if kind % 5 == 1:
            self.draw.ellipse([x - r, y - r, x + r, y + r], fill=fill, outline=rim)
        elif kind % 5 == 0:
            r *= 0.88
            self.draw.rectangle([x - r, y - r, x + r, y + r], fill=fill, outline=rim)
        else:
            corners = {
                2: [(0, -1.2), (1.1, 0.8), (-1.1, 0.8)],
                3: [(0, -1.3), (1.2, 0), (0, 1.3), (-1.2, 0)],
                4: [(-1.1, -0.5), (-0.5, -1.1), (1.1, 0.5), (0.5, 1.1)],
            }[kind % 5]
            points = [(x + r * dx, y + r * dy) for dx, dy in corners]
            self.draw.polygon(points, fill=fill, outline=rim)

    def png(self):
        small = self.image.resize(SIZE, Image.Resampling.BOX)
        info, written = PngInfo(), io.BytesIO()
        info.add_text("Software", f"Pillow {__version__}")  # other versions draw other letters
        small.quantize(200, Image.Quantize.FASTOCTREE).save(
            written, "png", optimize=True, pnginfo=info
        )
        return written.getvalue()


def _network(canvas, simulation, moment, layers):
    sizes = moment.network.sizes
    x = np.linspace(70, 440, len(sizes))
    pitch = min(52, 236 / max(sizes))
    tile = min(TILE, pitch - 3)
    y = [164 + pitch * (np.arange(n) - (n - 1) / 2) for n in sizes]
    t = np.linspace(0, 1, 24)
    ease = 3 * t**2 - 2 * t**3
    for k, (W, _) in enumerate(moment.parameters):
        for i, j in np.ndindex(W.shape):
            across = x[k] + (x[k + 1] - x[k]) * t
            up = y[k][i] + (y[k + 1][j] - y[k][i]) * ease
            w = float(np.nan_to_num(W[i, j]))
            dash = (5, 3) if w < 0 else None
            width = min(7.0, 0.6 + 0.8 * abs(w))
            canvas.line(np.column_stack([across, up]), colours.of_sign(w), width, dash)
    step = SIDE // 20
    for k, values in enumerate(layers):
        small = values.reshape(SIDE, SIDE, -1)[1::step, 1::step]
        limits = limits_of(moment.network, k, values)
        for i in range(sizes[k]):
            left, top = x[k] - tile / 2, y[k][i] - tile / 2
            canvas.paste(_signed(small[..., i], *limits), left, top, round(tile))
            canvas.rectangle(left, top, tile)
    for name, at in zip(simulation.settings.features, y[0]):
        canvas.text(x[0] - tile / 2 - 5, at, name_of(name), "rm")
    page = load()["page"]
    names = [page["input"], *[str(k) for k in range(1, len(sizes) - 1)], page["output"]]
    if len(sizes) < 6:
        names[1:-1] = [page["hidden"].format(k=k) for k in range(1, len(sizes) - 1)]
    for at, name in zip(x, names):
        canvas.text(at, 16, name)


def _result(canvas, simulation, moment, output):
    settings, left, top = simulation.settings, 500, 34
    canvas.text(left, 16, say("output"), "lm", 12, bold=True)
    if output.shape[1] > 1:
        ends = np.array([_rgb(colour) for colour in CLASSES])[output.argmax(axis=1)]
        shares = np.nan_to_num(output.max(axis=1, keepdims=True)) * STRENGTH
        rgb = (247 + shares * (ends - 247)).astype(np.uint8).reshape(SIDE, SIDE, 3)
    else:
        limits = limits_of(moment.network, len(moment.network.sizes) - 1, output)
        rgb = _signed(output.reshape(SIDE, SIDE), *limits)
    canvas.paste(rgb, left, top, PLANE)
    canvas.rectangle(left, top, PLANE)
    low, high = settings.dataset.reach
    labels = labels_of(simulation.y, settings)
    radius = 3.0 if len(labels) > 30 else 5.0
    for (x1, x2), label in zip(simulation.X_raw, labels):
        x, y = (PLANE * np.clip((v - low) / (high - low), 0, 1) for v in (x1, x2))
        canvas.shape(left + x, top + PLANE - y, radius, label, CLASSES[label])
    for x, words in ((0, low), (PLANE / 2, "x1"), (PLANE, high)):
        words = words if isinstance(words, str) else format_number(words)
        canvas.text(left + x, top + PLANE + 12, words)
    canvas.text(left - 12, top + PLANE / 2, "x2")


def _curve(canvas, history):
    left, right, top, bottom = 780, 946, 78, 250
    page = load()["page"]
    points = np.array([moment[:3] for moment in history], dtype=float)
    last = max(points[-1, 0], 1)
    finite = points[:, 1:][np.isfinite(points[:, 1:])]
    highest = min(finite.max(initial=1e-9), 4 * max(np.nanmax(points[0, 1:]), 1e-9))
    canvas.text(left - 40, 16, page["cost"], "lm", 12, bold=True)
    canvas.line([(left, top), (left, bottom), (right, bottom)], INK)
    canvas.text(left - 5, top + 4, format_number(highest), "rm")
    canvas.text(left - 5, bottom - 2, "0", "rm")
    canvas.text(left, bottom + 13, "0")
    canvas.text(right, bottom + 13, f"{page['epoch']} {last:,.0f}", "rm")
    names = ("training", "test")
    for column, (name, dash) in enumerate(zip(names, (None, (4, 3))), start=1):
        known = np.isfinite(points[:, column])
        if not known.any():
            continue
        x = left + (right - left) * points[known, 0] / last
        y = bottom - (bottom - top) * np.minimum(points[known, column] / highest, 1.05)
        if len(x) > 1:
            canvas.line(np.column_stack([x, y]), INK, 1.8 if column == 1 else 1.2, dash)
        canvas.line([(left - 40, 20 + 17 * column), (left - 18, 20 + 17 * column)], INK, 1.6, dash)
        value = format_number(points[known, column][-1])
        canvas.text(left - 12, 20 + 17 * column, f"{page[name]} {value}", "lm")


def _signed(values, low, high):
    """Return the colours (…, 3) of values: orange at `low`, white in the middle, blue at `high`."""
    share = np.clip(np.nan_to_num((values - low) / (high - low), nan=0.5), 0, 1)[..., np.newaxis]
    ends = np.where(share < 0.5, _rgb(colours.NEGATIVE), _rgb(colours.POSITIVE))
    return (247 + STRENGTH * np.abs(2 * share - 1) * (ends - 247)).astype(np.uint8)


def _rgb(colour):
    return np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)], dtype=float)


@cache
def _font(size, bold):
    """Return matplotlib's DejaVu Sans, found without importing matplotlib; else Pillow's own.

    None, for a picture without words, where Pillow has no FreeType: in the browser it may not.
    """
    if not features.check("freetype2"):
        return None
    found = importlib.util.find_spec("matplotlib")
    for folder in found.submodule_search_locations or () if found else ():
        name = f"DejaVuSans{'-Bold' * bold}.ttf"
        path = Path(folder, "mpl-data", "fonts", "ttf", name)
        if path.is_file():
            return ImageFont.truetype(path, size)
    return ImageFont.load_default(size)
