"""How a figure gets onto the page: the style, a PNG, and its description as alternative text."""

import base64
import io
import os
import sys
from html import escape

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from nnlib.plots.style import say


def use_style() -> None:
    """Switch the course's style on and, in a notebook, the display of figures by `show`.

    An Axes as the last value of a cell then shows nothing beside its figure.
    """
    plt.style.use("nnlib.plots.course")
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is not None and "image/png" in shell.display_formatter.active_types:
        formatter = shell.display_formatter.ipython_display_formatter
        formatter.for_type(Figure, show)
        formatter.for_type(Axes, lambda ax: None)
        if "inline" not in os.environ.get("MPLBACKEND", "inline"):  # it would draw elsewhere
            shell.run_line_magic("matplotlib", "inline")


def show(figure: Figure) -> None:
    """Display `figure` once: a PNG with its description as alternative text, then that, folded."""
    from IPython.display import display

    words = description(figure)
    text = words or say("undescribed")
    picture = base64.b64encode(png(figure)).decode()
    plt.close(figure)
    alt = {"image/png": {"alt": text}}
    display({"image/png": picture, "text/plain": text}, metadata=alt, raw=True)
    if words:
        folded = f"<details><summary>{say('summary')}</summary>{escape(words)}</details>"
        display({"text/html": folded, "text/plain": words}, raw=True)


def description(figure: Figure) -> str:
    """Return the descriptions of the figure's Axes, joined; else its titles, if it has any."""
    labels = [ax.get_label() for ax in figure.axes]
    described = [label for label in labels if label and not label.startswith(("<", "_"))]
    titles = [ax.get_title(loc) for ax in figure.axes for loc in ("left", "center", "right")]
    return " ".join(described) or ". ".join(filter(None, titles))


def png(figure: Figure) -> bytes:
    """Return the figure as a small PNG with a transparent background."""
    full = io.BytesIO()
    figure.savefig(full, format="png", bbox_inches="tight")
    return shrink_png(full)


def shrink_png(full: io.BytesIO, size: int = 256) -> bytes:
    """Return a PNG with a palette of at most `size` colours: a third of Matplotlib's full one.

    It still says which version of Matplotlib drew it.
    """
    image, info, small = Image.open(full), PngInfo(), io.BytesIO()
    pixels = np.asarray(image.convert("RGBA"))
    found, inverse, counts = np.unique(
        np.ascontiguousarray(pixels).view(np.uint32).ravel(),
        return_inverse=True,
        return_counts=True,
    )
    rgba = found.view(np.uint8).reshape(-1, 4).astype(float)
    boxes = _cut(rgba, np.sqrt(counts), size)
    palette, indices = np.empty((len(boxes), 4), np.uint8), np.empty(len(found), np.uint8)
    for k, box in enumerate(boxes):
        visible = counts[box] * np.maximum(rgba[box, 3], 1)
        palette[k] = np.average(rgba[box], axis=0, weights=visible).round()
        indices[box] = k
    reduced = Image.fromarray(indices[inverse].reshape(pixels.shape[:2]))
    reduced.putpalette(palette.tobytes(), "RGBA")
    info.add_text("Software", image.info["Software"])
    reduced.save(small, "png", optimize=True, dpi=image.info["dpi"], pnginfo=info)
    return small.getvalue()


def _cut(rgba: np.ndarray, weights: np.ndarray, size: int) -> list[np.ndarray]:
    """Return the indices of colours (n, 4) in at most `size` boxes of similar ones: a median cut.

    Pillow's own knows no opacity, and its octree makes steps of smooth surfaces.
    """
    colours = np.hstack([rgba[:, :3] * rgba[:, 3:] / 255, rgba[:, 3:]])

    def measured(box):
        mean = np.average(colours[box], axis=0, weights=weights[box])
        spread = weights[box] @ (colours[box] - mean) ** 2
        return spread.max(), box, colours[box, spread.argmax()] <= mean[spread.argmax()]

    boxes = [measured(np.arange(len(rgba)))]
    while len(boxes) < size and max(spread for spread, *_ in boxes) > 1e-6:
        k = int(np.argmax([spread for spread, *_ in boxes]))
        _, box, low = boxes.pop(k)
        boxes += [measured(box[low]), measured(box[~low])]
    return [box for _, box, _ in boxes]
