"""The parts of diagrams, laid out in inches: a canvas, columns of nodes, numbers on cards."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Circle

from nnlib import colours
from nnlib.formatting import format_array, format_number
from nnlib.plots import style
from nnlib.plots.arguments import as_texts

RADIUS = 0.31  # of a node
MAX_NODES = 8  # places in a column
MAX_LISTED = 100  # numbers of an array that the description spells out

Nodes = dict[int, np.ndarray]  # index of a node -> its place (2,), of those that are drawn


def canvas(ax: Axes | None, across: tuple[float, float], up: tuple[float, float]) -> Axes:
    """Return an Axes without axes whose units are inches, if the figure is its own."""
    ax = style.new_axes(ax, (across[1] - across[0], up[1] - up[0] + 0.42))
    ax.set(xlim=across, ylim=up, aspect="equal")
    ax.axis("off")
    return ax


def column(ax: Axes, count: int, x: float, row: float) -> Nodes:
    """Return the places of the nodes of a column; draw dots where some of many are left out."""
    nodes, shown = {}, style.first_and_last(count, MAX_NODES)
    for i, k in enumerate(shown):
        place = np.array([x, row * ((len(shown) - 1) / 2 - i)])
        if k is None:
            write(ax, place, "⋮", fontsize=16)
        else:
            nodes[k] = place
    return nodes


def draw_node(ax: Axes, centre: Sequence[float], text: str, face, radius: float = RADIUS) -> None:
    """Draw a circle with dark text in it, on a light fill."""
    circle = {"facecolor": face, "edgecolor": style.INK, "linewidth": 1.2, "zorder": 3}
    ax.add_patch(Circle(centre, radius, **circle))
    write(ax, centre, text, fontsize=9, zorder=4, color=colours.INK)


def draw_values(ax: Axes, nodes: Nodes, values: np.ndarray | None) -> None:
    """Draw nodes with their values in them, or empty while these aren't known."""
    for k, centre in nodes.items():
        if values is None:
            draw_node(ax, centre, "", "none")
        else:
            face = style.tint(values[k], max(1.0, np.abs(values).max()))
            draw_node(ax, centre, format_number(values[k]), face)


def draw_names(ax: Axes, nodes: Nodes, names: Sequence[str], side: int) -> None:
    """Write the names beside nodes, on their left (side -1) or right (side 1)."""
    for k, (x, y) in nodes.items():
        at = x + side * (RADIUS + 0.08), y
        write(ax, at, names[k], ha="left" if side > 0 else "right")


def draw_weight(ax: Axes, p: np.ndarray, q: np.ndarray, weight: float, largest: float) -> None:
    """Draw the line of a weight between the nodes at p and q: no line for a weight of 0."""
    if weight:
        rim = RADIUS * (q - p) / np.hypot(*(q - p))
        ax.plot(*zip(p + rim, q - rim), **style.line_style(weight, largest), zorder=1)


def write_along(ax: Axes, p: np.ndarray, q: np.ndarray, share: float, text: str) -> None:
    """Write text on a card along the line from p to q, at a share of the way."""
    angle = np.degrees(np.arctan2(*(q - p)[::-1]))
    turned = {"rotation": angle, "rotation_mode": "anchor", "linespacing": 1.05}
    write(ax, p + share * (q - p), text, fontsize=9, zorder=2, **turned, **style.ON_CARD)


def write(ax: Axes, at: Sequence[float], text: str, **settings) -> None:
    """Write text in the middle of a place."""
    ax.text(*at, text, **{"ha": "center", "va": "center"} | settings)


def hatched(value: float) -> dict:
    """Return how an area is drawn that shows a gradient."""
    colour = colours.of_sign(value)
    return {"facecolor": "none", "edgecolor": colour, "hatch": "//////", "lw": 0.5, "zorder": 0}


def node_names(value: Sequence[str] | None, name: str, letter: str, count: int) -> list[str]:
    """Return the names of some nodes: x1, x2, … if none are given, x if there is one node."""
    if value is not None:
        return as_texts(value, name, count)
    return [letter] if count == 1 else [f"{letter}{i}" for i in range(1, count + 1)]


def listed(name: str, array: np.ndarray) -> str:
    """Return "W1 = [0.5, 0.2; 1, 3]", or "W1 from −1 to 1" if the numbers are too many."""
    if array.size <= MAX_LISTED:
        return f"{name} = [{format_array(array)}]"
    return style.span(name, array)
