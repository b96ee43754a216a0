"""What all pictures share: the style, an Axes to draw on, a description, and the display."""

import base64
import io
import re
import sys
from html import escape

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_rgb
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter, ScalarFormatter
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from nnlib import _validation, colours

SERIES = (colours.INK, "#1B8A7A", "#8E6BBF", "#A88400", "#8B95A5")  # lines that have no sign
COST = LinearSegmentedColormap.from_list("cost", ["#FFFFFF", "#98A2B3"])
SIGNED = LinearSegmentedColormap.from_list("sign", [colours.NEGATIVE, "#FFFFFF", colours.POSITIVE])


class Thousands(ScalarFormatter):
    """The numbers along an axis: 1,000 and not 1000."""

    def __call__(self, value, position=None):
        whole, point, decimals = super().__call__(value, position).partition(".")
        return re.sub(r"\B(?=(\d{3})+$)", ",", whole) + point + decimals


def axes(ax, size=(7, 4)):
    """`ax`, or the Axes of a new figure of `size` in inches."""
    return plt.figure(figsize=size).add_subplot() if ax is None else ax


def finish(ax, title, facts):
    """`ax` with its title and with the description `title. facts` as its label."""
    if title:
        ax.set_title(title)
    for axis in (ax.xaxis, ax.yaxis):
        if type(axis.get_major_formatter()) is ScalarFormatter:
            axis.set_major_formatter(Thousands())
    ax.set_label(f"{title}. {facts}" if title else facts)
    return ax


def number(value):
    """`value` with three significant digits, from a thousand on all before the point.

    It is the same on every machine: rounding noise is 0.
    """
    value = float(f"{value:.12g}")
    if abs(value) < 1e-13:
        return "0"
    return f"{value:,.0f}" if 999.5 <= abs(value) < 1e6 else f"{value:.3g}"


def signed(value):
    """The number as a picture shows it, with a true minus sign."""
    return number(value).replace("-", "−")


def listed(values):
    """All numbers of an array in one line: 0.5, 0.2, 1; rows are divided by semicolons."""
    rows = np.atleast_2d(np.asarray(values, dtype=float))
    return "; ".join(", ".join(number(value) for value in row) for row in rows)


def tint(value, largest):
    """The fill of a node or cell: white at 0, towards blue or orange at ±`largest`."""
    share = 0.55 * min(1.0, abs(value) / largest) if largest else 0.0
    return tuple(1 - share * (1 - part) for part in to_rgb(colours.of_sign(value)))


def line(value, largest):
    """How a signed number is drawn: its size as width, its sign as colour and dashes."""
    return {
        "linewidth": 0.8 + 4.2 * min(1.0, abs(value) / largest),
        "color": colours.of_sign(value),
        "linestyle": (0, (2.2, 1.2)) if value < 0 else "-",
    }


def end_labels(ax, ends):
    """Write the text of each (x, y, text, colour) to the right of the axes, none over another.

    A thin line leads from the point (x, y) to its text.
    """
    if not ends:
        return
    to_share, gap = shares(ax)
    heights = np.array([to_share(end[:2])[1] for end in ends]).clip(0, 1)
    places = _apart(heights, gap, max(1.0, gap * (len(ends) - 0.5)))
    for (x, y, text, colour), place in zip(ends, places):
        lead(ax, text, (x, y), (1.05, place), colour)


def lead(ax, text, point, place, colour, *, below=False):
    """Text at a place, in shares of the axes, and a thin line to it from a point of the data.

    The text is to the right of the place, or `below` it.
    """
    line = {"arrowstyle": "-", "color": colour, "lw": 0.7}
    line["relpos"] = (0.5, 1) if below else (0, 0.5)
    side = {"ha": "center", "va": "top"} if below else {"va": "center"}
    style = {"color": colour, "annotation_clip": False, "arrowprops": line}
    ax.annotate(text, point, place, textcoords="axes fraction", **side, **style)


def shares(ax):
    """The function from a point of the data to its share of the axes, and the height of a line."""
    ax.autoscale_view()
    height = 14 / (ax.get_position().height * ax.figure.get_figheight() * 72)
    return (ax.transData + ax.transAxes.inverted()).transform, height


def _apart(heights, gap, highest):
    """The heights, moved as little as needed to stand `gap` apart and not above `highest`."""
    order = np.argsort(heights, kind="stable")
    places = heights[order]
    for i in range(1, len(places)):
        places[i] = max(places[i], places[i - 1] + gap)
    places[-1] = min(places[-1], highest)
    for i in range(len(places) - 1, 0, -1):
        places[i - 1] = min(places[i - 1], places[i] - gap)
    return places[np.argsort(order)]


def arrow(colour):
    """The `arrowprops` of an arrow that ends exactly where it points to."""
    return {"arrowstyle": "-|>", "color": colour, "lw": 1.3, "shrinkA": 0, "shrinkB": 0}


def mark(ax, x, y, text="", offset=(8, 6)):
    """A dot that says: look here; and its text, `offset` points away."""
    ax.plot(x, y, "o", color=colours.ACCENT, zorder=5, clip_on=False)
    note(ax, text, (x, y), offset, color=colours.ACCENT, zorder=6)


def note(ax, text, at, offset, **style):
    """Text at `offset` points from a point, on the side that the offset points to; white around."""
    sides = {"ha": ("center", "left", "right"), "va": ("center", "bottom", "top")}
    for (key, names), step in zip(sides.items(), offset):
        style.setdefault(key, names[int(np.sign(step))])
    style.setdefault("path_effects", [withStroke(linewidth=2.5, foreground="white")])
    ax.annotate(text, at, offset, textcoords="offset points", **style)


def logarithmic(axis):
    """A logarithmic axis with plain numbers where it spans less than three decades."""
    getattr(axis.axes, f"set_{axis.axis_name}scale")("log")
    axis.axes.autoscale_view()
    low, high = axis.get_view_interval()
    if high / low < 1000:
        axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axis.set_major_formatter(FuncFormatter(lambda value, _: number(value)))
    axis.set_minor_formatter(NullFormatter())


def called(function, *arguments):
    """The finite number that a function of numbers gives."""
    _validation.as_function(function, "the function")
    value = _validation.as_finite(function(*map(float, arguments)), "the function's value")
    if value.size != 1:
        raise ValueError(
            f"the function must return one number; got an array of shape {value.shape}"
        )
    return float(value.ravel()[0])


def description(figure):
    """The descriptions of the figure's Axes, joined; else its titles, if it has any."""
    labels = [ax.get_label() for ax in figure.axes]
    described = [label for label in labels if label and not label.startswith(("<", "_"))]
    titles = [ax.get_title(loc) for ax in figure.axes for loc in ("left", "center", "right")]
    return " ".join(described) or ". ".join(filter(None, titles))


def show(figure):
    """Display `figure` once: a PNG with its description as alternative text, then that, folded."""
    from IPython.display import display

    words = description(figure)
    text = words or "A figure without a description."
    picture = png(figure)
    plt.close(figure)
    alt = {"image/png": {"alt": text}}
    display({"image/png": picture, "text/plain": text}, metadata=alt, raw=True)
    if words:
        folded = f"<details><summary>Description of the figure</summary>{escape(words)}</details>"
        display({"text/html": folded, "text/plain": words}, raw=True)


def png(figure):
    """The picture as a small PNG, in base64."""
    full = io.BytesIO()
    figure.savefig(full, format="png", bbox_inches="tight")
    return base64.b64encode(smaller(full)).decode()


def smaller(full, count=256):
    """The bytes of a PNG of that many colours, a quarter of the size of Matplotlib's full one.

    It still says which version of Matplotlib drew it.
    """
    image, info, small = Image.open(full), PngInfo(), io.BytesIO()
    info.add_text("Software", image.info["Software"])
    settings = {"optimize": True, "dpi": image.info["dpi"], "pnginfo": info}
    image.convert("RGB").quantize(count).save(small, "png", **settings)
    return small.getvalue()


def use():
    """Switch the house style on and, in a notebook, the display of figures by `show`.

    An Axes as the last value of a cell then shows nothing beside its figure.
    """
    plt.style.use("nnlib.nnlib")
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is not None and "image/png" in shell.display_formatter.active_types:
        formatter = shell.display_formatter.ipython_display_formatter
        formatter.for_type(Figure, show)
        formatter.for_type(Axes, lambda ax: None)
