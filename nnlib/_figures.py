"""What all pictures share: the house style, an Axes to draw on, a description, and their display."""

import base64
import io
import sys
from html import escape

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LinearSegmentedColormap, to_rgb
from matplotlib.figure import Figure

from nnlib import colours

SERIES = (colours.INK, "#1B8A7A", "#8E6BBF", "#A88400", "#8B95A5")  # lines that have no sign
COST = LinearSegmentedColormap.from_list("cost", ["#FFFFFF", "#98A2B3"])
SIGNED = LinearSegmentedColormap.from_list("sign", [colours.NEGATIVE, "#FFFFFF", colours.POSITIVE])


def axes(ax, size=(7, 4)):
    """`ax`, or the Axes of a new figure of `size` in inches."""
    return plt.figure(figsize=size).add_subplot() if ax is None else ax


def finish(ax, title, facts):
    """`ax` with its title and with the description `title. facts` as its label."""
    if title:
        ax.set_title(title)
    ax.set_label(f"{title}. {facts}" if title else facts)
    return ax


def number(value):
    """`value` with three significant digits, the same on every machine: rounding noise is 0."""
    value = float(value)
    if abs(value) < 1e-9:
        return "0"
    return f"{value:,.0f}" if 1000 <= abs(value) < 1e6 else f"{value:.3g}"


def signed(value):
    """The number as a picture shows it, with a true minus sign."""
    return number(value).replace("-", "−")


def listed(values):
    """All numbers of an array in one line: 0.5, 0.2, 1; rows are divided by semicolons."""
    rows = np.atleast_2d(np.asarray(values, dtype=float))
    return "; ".join(", ".join(number(value) for value in row) for row in rows)


def tint(value, largest):
    """The fill of a node or cell: white at 0, towards blue or orange at ±`largest`; text stays legible."""
    share = 0.55 * min(1.0, abs(value) / largest) if largest else 0.0
    return tuple(1 - share * (1 - part) for part in to_rgb(colours.of_sign(value)))


def line(value, largest):
    """How a signed number is drawn as a line: width for its size, colour and dashes for its sign."""
    return {
        "linewidth": 0.8 + 4.2 * min(1.0, abs(value) / largest),
        "color": colours.of_sign(value),
        "linestyle": (0, (2.2, 1.2)) if value < 0 else "-",
    }


def end_labels(ax, ends):
    """Write the text of each (x, y, text, colour) to the right of the axes, none over another."""
    if not ends:
        return
    ax.autoscale_view()
    height = ax.get_position().height * ax.figure.get_figheight() * 72
    gap = 13 / height
    to_share = ax.transData + ax.transAxes.inverted()
    ends = sorted(ends, key=lambda end: to_share.transform(end[:2])[1])
    places = np.clip([to_share.transform(end[:2])[1] for end in ends], 0, 1)
    for i in range(1, len(places)):
        places[i] = max(places[i], places[i - 1] + gap)
    places -= max(0.0, places[-1] - max(1.0, gap * (len(places) - 1)))
    for i in range(len(places) - 1, 0, -1):
        places[i - 1] = min(places[i - 1], places[i] - gap)
    for (x, y, text, colour), place in zip(ends, places, strict=True):
        ax.annotate(
            text, (x, y), (1.03, place), textcoords="axes fraction", va="center", color=colour,
            annotation_clip=False, arrowprops={"arrowstyle": "-", "color": colour, "lw": 0.7},
        )  # fmt: skip


def description(figure):
    """The descriptions of the figure's Axes, joined; or what titles it has."""
    labels = [ax.get_label() for ax in figure.axes]
    described = [label for label in labels if label and not label.startswith(("<", "_"))]
    titles = [ax.get_title(loc) for ax in figure.axes for loc in ("left", "center", "right")]
    return " ".join(described) or ". ".join(filter(None, titles)) or "A figure."


def show(figure):
    """Display `figure` once: a PNG whose alternative text is its description, then that text, folded."""
    from IPython.display import display

    text = description(figure)
    png = io.BytesIO()
    figure.savefig(png, format="png", bbox_inches="tight", metadata={"Software": None})
    picture = base64.b64encode(png.getvalue()).decode()
    plt.close(figure)
    alt = {"image/png": {"alt": text}}
    display({"image/png": picture, "text/plain": text}, metadata=alt, raw=True)
    folded = f"<details><summary>Description of the figure</summary>{escape(text)}</details>"
    display({"text/html": folded, "text/plain": text}, raw=True)


def use():
    """Switch the house style on and, in a notebook, the display of figures by `show`."""
    plt.style.use("nnlib.nnlib")
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is not None and "image/png" in shell.display_formatter.active_types:
        shell.display_formatter.ipython_display_formatter.for_type(Figure, show)
