"""Panels as the bytes of a PNG, for pages without a kernel: Matplotlib draws their shapes."""

import base64
import io
import re

import numpy as np

from nnlib import colours
from nnlib.live.render.panel import Panel

ROW = 800  # units across; panels that don't fit go below
GAP = 24  # units between panels
UNIT = 1 / 80  # inches
PER_INCH = 110  # pixels
MIDTONE = "#70767F"  # text that can be read on light and dark pages
COLOURS = {
    "ink": MIDTONE, "faint": MIDTONE, "paper": "none", "grid": "#70767F66", "panel": "none",
    "positive": colours.POSITIVE, "negative": colours.NEGATIVE, "accent": colours.ACCENT,
    "class2": "#178577", "class3": "#8B64BC", "class4": "#946F00", "class6": MIDTONE,
    "class7": "#C2405B",
}  # fmt: skip


def png_of(panels: list[Panel]) -> bytes:
    """Return the panels side by side, in as many rows as they need, on a transparent page."""
    import matplotlib.pyplot as plt

    places, width, height = _arrange(panels)
    figure = plt.figure(figsize=(width * UNIT, height * UNIT), dpi=PER_INCH, layout="none")
    for panel, (left, top) in zip(panels, places):
        sides = left / width, 1 - (top + panel.height) / height
        ax = figure.add_axes((*sides, panel.width / width, panel.height / height))
        ax.set(xlim=(0, panel.width), ylim=(panel.height, 0))
        ax.axis("off")
        _draw(ax, panel.shapes)
    png = io.BytesIO()
    figure.savefig(png, format="png", transparent=True)
    plt.close(figure)
    return _smaller(png)


def _arrange(panels):
    """Return the (left, top) of each panel, and the width and height of all."""
    places, left, top, row, width = [], 0, 0, 0, 0
    for panel in panels:
        if left and left + panel.width > ROW:
            left, top, row = 0, top + row + GAP, 0
        places.append((left, top))
        left, row = left + panel.width + GAP, max(row, panel.height)
        width = max(width, left - GAP)
    return places, width, top + row


def _draw(ax, shapes):
    for tag, attributes, content in shapes:
        if tag == "g":
            _draw(ax, content)
        else:
            _SHAPES[tag](ax, attributes, content)


def _text(ax, at, words):
    ax.text(
        at["x"], at["y"], words, color=_colour(at["fill"]), fontsize=at["font_size"] * 72 * UNIT,
        ha={"start": "left", "end": "right"}.get(at["text_anchor"], "center"), va="baseline",
        fontweight="bold" if at["font_weight"] else "normal", parse_math=False, clip_on=False,
        zorder=3,
    )  # fmt: skip


def _path(ax, at, content):
    style = {"color": _colour(at["stroke"]), "linewidth": at["stroke_width"] * 72 * UNIT}
    style |= {"alpha": at.get("opacity"), "zorder": 2}
    points = _points_of(at["d"])
    if "h0" in at["d"]:
        width = style.pop("linewidth")
        marker = "s" if at["stroke_linecap"] == "square" else "o"
        ax.plot(*points.T, marker, markersize=width, markeredgewidth=0, **style)
        return
    if at["fill"] != "none":
        ax.fill(*points.T, color=_colour(at["fill"]), alpha=at.get("opacity"), linewidth=0)
    if at.get("stroke_dasharray"):
        style["dashes"] = [float(v) / at["stroke_width"] for v in at["stroke_dasharray"].split()]
    ax.plot(*points.T, solid_capstyle="round", clip_on=False, **style)


def _points_of(d):
    """Return the points (n, 2) of a path's data, with NaN between its parts."""
    points = []
    for mark, x, y in re.findall(r"([ML])(-?[\d.]+) (-?[\d.]+)", d):
        if mark == "M" and points:
            points.append((np.nan, np.nan))
        points.append((float(x), float(y)))
    return np.array(points).reshape(-1, 2)


def _circle(ax, at, content):
    from matplotlib.patches import Circle

    ax.add_patch(Circle((at["cx"], at["cy"]), at["r"], **_filled(at)))


def _rect(ax, at, content):
    from matplotlib.patches import Rectangle

    ax.add_patch(Rectangle((at["x"], at["y"]), at["width"], at["height"], **_filled(at)))


def _image(ax, at, content):
    import matplotlib.image

    pixels = matplotlib.image.imread(io.BytesIO(base64.b64decode(at["href"].split(",")[1])))
    extent = (at["x"], at["x"] + at["width"], at["y"] + at["height"], at["y"])
    limits = ax.get_xlim(), ax.get_ylim()
    ax.imshow(pixels, extent=extent, aspect="auto", zorder=1)
    ax.set(xlim=limits[0], ylim=limits[1])


_SHAPES = {"text": _text, "path": _path, "circle": _circle, "rect": _rect, "image": _image}


def _filled(at):
    from matplotlib.colors import to_rgba

    fill = to_rgba(_colour(at["fill"]), at.get("fill_opacity"))
    return {
        "facecolor": "none" if _colour(at["fill"]) == "none" else fill,
        "edgecolor": _colour(at.get("stroke")),
        "linewidth": (at.get("stroke_width") or 1) * 72 * UNIT,
        "zorder": 2,
        "clip_on": False,
    }


def _colour(value):
    """Return a colour that Matplotlib knows for one of the page."""
    if value in (None, "none", "transparent"):
        return "none"
    if value.startswith("var(--nn-"):
        return COLOURS[value[9:-1]]
    return value


def _smaller(png, count=128):
    """Return the PNG with a palette of so many colours."""
    from PIL import Image

    small = io.BytesIO()
    Image.open(png).quantize(count).save(small, "png", optimize=True)
    return small.getvalue()
