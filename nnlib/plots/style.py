"""What all plots share: colours for light and dark pages, an Axes, labels, marks, limits."""

import re
from collections.abc import Callable, Sequence
from functools import partial
from textwrap import fill

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_rgb
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter, ScalarFormatter

from nnlib import _validation as validation
from nnlib import colours, texts
from nnlib.formatting import format_number

say = partial(texts.say, "nnlib.plots")
INK = colours.MIDTONE
SERIES = (INK, "#178577", "#8B64BC", "#946F00", "#2F7F9B")  # lines that have no sign
CARD = {"boxstyle": "round,pad=0.2", "facecolor": colours.CARD, "edgecolor": "none"}
ON_CARD = {"bbox": CARD, "color": colours.INK}
MAX_DOTS = 3000  # samples, steps of a path
MAX_LINES = 12  # with a label each


def _colormap(name: str, *stops: tuple[float, str, float]) -> LinearSegmentedColormap:
    """Return a colormap from (place, colour, opacity); the page shows through."""
    colours_at = [(place, (*to_rgb(colour), opacity)) for place, colour, opacity in stops]
    return LinearSegmentedColormap.from_list(name, colours_at)


SURFACE = _colormap("surface", (0, INK, 0), (1, INK, 0.65))
SHADES = _colormap("shades", (0, "#7350B0", 1), (0.5, "#1B8A7A", 1), (1, "#BE8200", 1))
PIXELS = _colormap("pixels", (0, INK, 0.15), (1, INK, 1))
SIGNED = _colormap(
    "signed",
    *((0, colours.NEGATIVE, 1), (0.5, colours.NEGATIVE, 0)),
    *((0.5, colours.POSITIVE, 0), (1, colours.POSITIVE, 1)),
)


class Thousands(ScalarFormatter):
    """The numbers along an axis: 1,000 instead of 1000."""

    def __call__(self, value, position=None):
        whole, point, decimals = super().__call__(value, position).partition(".")
        return re.sub(r"\B(?=(\d{3})+$)", ",", whole) + point + decimals


def panels(count: int, *, rows: int = 1) -> np.ndarray:
    """Return `count` Axes, at most 12, of one figure in at most `rows` rows: `ax` for plots."""
    count = validation.as_int(count, "count", at_least=1, at_most=12)
    rows = validation.as_int(rows, "rows", at_least=1)
    columns = -(-count // rows)
    rows = -(-count // columns)
    height = 2.7 if rows > 1 else 3.6 if columns < 3 else 3
    figure = plt.figure(figsize=(8, height * rows))
    places = figure.subplots(rows, columns, squeeze=False).ravel()
    for spare in places[count:]:
        spare.remove()
    return places[:count]


def new_axes(ax: Axes | None, size: tuple[float, float] = (7, 4)) -> Axes:
    """Return `ax`, or the Axes of a new figure of `size` in inches."""
    return plt.figure(figsize=size).add_subplot() if ax is None else ax


def finish(ax: Axes, title: str | None, facts: str, *counts: tuple[int, int, str]) -> Axes:
    """Return `ax` with its title, and with `title. facts` as its label: the plot in words.

    `counts`: (shown, all, nouns), such as (100, 1797, "samples"). Where some are left out, the plot
    says so.
    """
    for axis in (ax.xaxis, ax.yaxis):
        if type(axis.get_major_formatter()) is ScalarFormatter:
            axis.set_major_formatter(Thousands())
    parts = [
        say("part", shown=f"{shown:,}", count=f"{count:,}", nouns=nouns)
        for shown, count, nouns in counts
        if shown < count
    ]
    if parts:
        left_out = say("left_out", parts=", ".join(parts))
        letters = round(13 * ax.get_window_extent().width / ax.figure.dpi)  # 13 an inch
        style = {"ha": "right", "va": "top", "fontsize": 9, "annotation_clip": False}
        below = (0, -36 if ax.axison else -2)
        ax.annotate(
            fill(left_out, letters),
            (1, 0),
            below,
            "axes fraction",
            textcoords="offset points",
            **style,
        )
        facts += f" {left_out}"
    if title:
        ax.set_title(title)
        facts = f"{title}{'' if title[-1] in '.?!' else '.'} {facts}"
    ax.set_label(facts)
    return ax


def evenly_spaced(count: int, limit: int) -> np.ndarray:
    """Return at most `limit` of the indices 0 … count - 1, the first and the last among them."""
    return np.unique(np.linspace(0, count - 1, min(count, limit)).round().astype(int))


def first_and_last(count: int, limit: int) -> list[int | None]:
    """Return the indices 0 … count - 1, None in place of those that `limit` places don't hold."""
    return [*range(count)] if count <= limit else [*range(limit - 2), None, count - 1]


def tint(value: float, largest: float) -> np.ndarray:
    """Return the fill of a node or cell: grey at 0, towards blue or orange at ±`largest`."""
    card, full = np.array(to_rgb(colours.CARD)), np.array(to_rgb(colours.of_sign(value)))
    return card + 0.6 * min(1.0, abs(value) / largest) * (full - card)


def line_style(value: float, largest: float) -> dict:
    """Return how a signed number is drawn: its size as width, its sign as colour and dashes."""
    width = 0.8 + 4.2 * min(1.0, abs(value) / largest)
    dashes = (0, (2.2, 1.2)) if value < 0 else "-"
    return {"linewidth": width, "color": colours.of_sign(value), "linestyle": dashes}


def draw_arrow(ax: Axes, start: Sequence[float], end: Sequence[float], colour: str = INK) -> None:
    """Draw an arrow that ends exactly at `end`."""
    style = {"arrowstyle": "-|>", "color": colour, "lw": 1.3, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", end, start, arrowprops=style)


def mark(ax: Axes, at: Sequence[float], text: str = "", offset=(9, 7)) -> None:
    """Draw a dot that says "look here", and its text on a card `offset` points away."""
    ax.plot(*at, "o", color=colours.ACCENT, zorder=5, clip_on=False)
    note(ax, text, at, offset, zorder=6, **ON_CARD)


def note(ax: Axes, text: str, at, offset: Sequence[float], **style) -> None:
    """Write text `offset` points away from a point of the data, on the side of the offset."""
    if text:
        ha = ("center", "left", "right")[int(np.sign(offset[0]))]
        va = ("center", "bottom", "top")[int(np.sign(offset[1]))]
        style = {"ha": ha, "va": va, "textcoords": "offset points"} | style
        ax.annotate(text, at, offset, **style)


def mark_points(ax: Axes, points: dict | None, names: Sequence[str]) -> list[str]:
    """Mark points {label: (x, y)} and return a sentence about each."""
    for label, point in (points or {}).items():
        mark(ax, point, label)
    return [f"{label}: {place(names, point)}." for label, point in (points or {}).items()]


def place(names: Sequence[str], point: Sequence[float]) -> str:
    """Return a point in words: "bedrooms 4, quality 7"."""
    x, y = map(format_number, point)
    return say("place", across=names[0], x=x, up=names[1], y=y)


def span(name: str, values: np.ndarray) -> str:
    """Return the range of some values in words: "price from 83 to 94"."""
    low, high = format_number(np.min(values)), format_number(np.max(values))
    return say("span", name=name, low=low, high=high)


def end_labels(ax: Axes, ends: Sequence[tuple[float, float, str, str]]) -> None:
    """Write the text of each (x, y, text, colour) to the right of the axes, none over another."""
    to_fraction, gap = axes_fractions(ax)
    heights = np.array([to_fraction(end[:2])[1] for end in ends]).clip(0, 1)
    order = np.argsort(heights, kind="stable")
    places = heights[order]
    for i in range(1, len(places)):
        places[i] = max(places[i], places[i - 1] + gap)
    places[-1:] = np.minimum(places[-1:], max(1.0, gap * (len(ends) - 0.5)))
    for i in range(len(places) - 1, 0, -1):
        places[i - 1] = min(places[i - 1], places[i] - gap)
    for (x, y, text, colour), height in zip((ends[k] for k in order), places):
        leader_label(ax, text, (x, y), (1.05, height), colour)


def leader_label(ax: Axes, text: str, point, at: Sequence[float], colour: str) -> None:
    """Write text at `at`, in fractions of the axes, with a thin line from a point of the data."""
    line = {"arrowstyle": "-", "color": colour, "lw": 0.7, "relpos": (0, 0.5)}
    style = {"color": colour, "annotation_clip": False, "arrowprops": line, "va": "center"}
    ax.annotate(text, point, at, textcoords="axes fraction", **style)


def axes_fractions(ax: Axes) -> tuple[Callable, float]:
    """Return the function from points of the data to fractions of the axes, and a line's height."""
    ax.autoscale_view()
    height = 14 / (ax.get_position().height * ax.figure.get_figheight() * 72)
    return (ax.transData + ax.transAxes.inverted()).transform, height


def drawable(values: np.ndarray, logarithmic: bool) -> np.ndarray:
    """Return the values with NaN where an axis has no place for them."""
    there = np.isfinite(values) & (values > 0) if logarithmic else np.isfinite(values)
    return np.where(there, values, np.nan)


def make_logarithmic(ax: Axes, log: str) -> None:
    """Make the axes in `log` ("x", "y", "xy") logarithmic, with plain numbers on a short one."""
    for axis in (getattr(ax, f"{letter}axis") for letter in log):
        getattr(ax, f"set_{axis.axis_name}scale")("log")
        ax.autoscale_view()
        low, high = axis.get_view_interval()
        if high / low < 1000:
            axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
            axis.set_major_formatter(FuncFormatter(lambda value, _: format_number(value)))
        axis.set_minor_formatter(NullFormatter())
