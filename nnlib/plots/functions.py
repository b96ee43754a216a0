"""Plots of functions: activations, costs over one and two weights, outputs over two inputs."""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import product

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from nnlib import _validation as validation
from nnlib import colours
from nnlib.activations import ACTIVATIONS
from nnlib.formatting import format_array, format_count, format_number
from nnlib.plots import style
from nnlib.plots.arguments import as_pair, validates_settings
from nnlib.plots.style import INK, MAX_DOTS, MAX_LINES, SERIES, evenly_spaced, note, span

MAX_GRID = 101  # values of a weight for which a surface is calculated
MAX_ARROWS = 100


@validates_settings
def activation(
    function: str | Callable, *, at: ArrayLike | dict | None = None, ax: Axes | None = None,
    title: str | None = None,
) -> Axes:  # fmt: skip
    """Draw the curve a = f(z) of an activation, given by its name or as a function of an array.

    `at`: values of z to mark, or {label: z}.
    """
    name = function if isinstance(function, str) else getattr(function, "__name__", "f")
    if isinstance(function, str):
        function = ACTIVATIONS[validation.as_choice(function, ACTIVATIONS, "function")].forward
    validation.as_function(function, "function")
    at = at if isinstance(at, dict) else {"": () if at is None else at}
    marks = [
        (float(z), str(label))
        for label, zs in at.items()
        for z in validation.as_finite(zs, "at").ravel()
    ]
    shown = [marks[k] for k in evenly_spaced(len(marks), MAX_LINES)]
    z = np.linspace(min([-8.0, *(z for z, _ in shown)]), max([8.0, *(z for z, _ in shown)]), 401)
    a = _activations(function, z, name)
    ax = style.new_axes(ax, (7, 3.6))
    ax.axvline(0, color=INK, alpha=0.5, linewidth=0.8)
    ax.plot(z, a, color=INK)
    ax.set(xlabel="z", ylabel="a", xlim=z[[0, -1]])
    ax.margins(y=0.2 if marks else 0.12)
    style.end_labels(ax, [(z[-1], a[-1], f"{name}(z)", INK)])
    facts = f"a = {name}(z) for {span('z', z)}."
    points = [(z, _activations(function, np.array([z]), name)[0], label) for z, label in shown]
    to_fraction, gap = style.axes_fractions(ax)
    low = np.inf  # each text is lower than those to its right
    for z, a, label in sorted(points, reverse=True):
        style.mark(ax, (z, a))
        across, up = to_fraction((z, a))
        low = min(up - 0.09, low - gap)
        text = f"{label or f'z = {format_number(z)}'}: a = {format_number(a)}"
        style.leader_label(ax, text, (z, a), (across + 0.015, low), colours.ACCENT)
    for z, a, label in points:
        words = f"z = {format_number(z)} gives a = {format_number(a)}."
        facts += f" {label}: {words}" if label else f" {words}"
    return style.finish(ax, title, facts, (len(shown), len(marks), "marks"))


@validates_settings
def tangent(
    function: Callable[[float], float], at: float, *, values: ArrayLike,
    slope: float | None = None, run: float = 1.0, names: Sequence[str] = ("w", "J"),
    ax: Axes | None = None, title: str | None = None,
) -> Axes:  # fmt: skip
    """Draw a function of one number over `values` (n,), and its tangent at `at`: rise over `run`.

    `slope`: the slope to draw; None takes the central difference. A wrong one visibly misses.
    """
    at, run = validation.as_float(at, "at"), validation.as_float(run, "run", above=0)
    if slope is None:
        slope = (_value(function, at + 1e-5) - _value(function, at - 1e-5)) / 2e-5
    slope, height = validation.as_float(slope, "slope"), _value(function, at)
    ax, facts = _curve(ax, function, values, names)
    reach, rise = np.array([-1.0, 1.6]) * run, slope * run
    line = style.line_style(slope, np.inf) | {"linewidth": 2}
    ax.plot(at + reach, height + slope * reach, **line)
    ax.plot([at, at + run, at + run], [height, height, height + rise], color=INK, lw=1)
    down = -1 if slope >= 0 else 1
    note(ax, f"run {format_number(run)}", (at + run / 2, height), (0, 5 * down))
    note(ax, f"rise {format_number(rise)}", (at + run, height + rise / 2), (6, 0))
    style.mark(ax, (at, height), f"slope {format_number(slope)}", (-8, -8 * down))
    facts += f" At {names[0]} = {format_number(at)} it is {format_number(height)}, with slope "
    return style.finish(ax, title, f"{facts}{format_number(slope)}.")


@validates_settings
def descent(
    cost: Callable[[float], float], path: ArrayLike, *, values: ArrayLike,
    names: Sequence[str] = ("w", "J"), ax: Axes | None = None, title: str | None = None,
) -> Axes:  # fmt: skip
    """Draw a cost of one weight over `values` (n,), and the steps of `path` (steps + 1,) on it."""
    path = validation.as_vector(validation.as_finite(path, "path").ravel(), "path")
    ax, facts = _curve(ax, cost, values, names)
    shown = path[evenly_spaced(len(path), MAX_DOTS)]
    heights = [_value(cost, w) for w in shown]
    dots = {"color": colours.ACCENT, "marker": "o", "markersize": 5}
    ax.plot(shown, heights, linewidth=1.2, zorder=4, **dots)
    inwards = -8 if path[0] > path[-1] else 8
    note(ax, "start", (path[0], heights[0]), (inwards, 6), **style.ON_CARD)
    style.mark(ax, (path[-1], heights[-1]))
    first, last = (style.place(names, (shown[i], heights[i])) for i in (0, -1))
    facts += f" {format_count(len(path) - 1, 'step')} from {first} to {last}."
    return style.finish(ax, title, facts, (len(shown), len(path), "places"))


@validates_settings
def cost_surface(
    cost: Callable[[float, float], float], w1_values: ArrayLike, w2_values: ArrayLike, *,
    path: ArrayLike | dict | None = None, arrows: ArrayLike | None = None,
    points: dict | None = None, names: Sequence[str] = ("w1", "w2"),
    ax: Axes | None = None, title: str | None = None,
) -> Axes:  # fmt: skip
    """Draw the surface of `cost(w1, w2)` over two weights as contours: fainter is lower.

    `path` (steps + 1, 2): points on the way down, or {label: path} for several. `arrows` (n, 4):
    rows (w1, w2, step in w1, step in w2). `points`: {label: (w1, w2)} to mark.
    """
    w1, w2 = (
        validation.as_vector(values, name, at_least=2)
        for values, name in ((w1_values, "w1_values"), (w2_values, "w2_values"))
    )
    paths = {} if path is None else path if isinstance(path, dict) else {"": path}
    drawn = {}
    for label, way in paths.items():
        drawn[str(label)] = validation.as_table(way, 2, "path")
    drawn = dict([*drawn.items()][:MAX_LINES])
    rows = np.empty((0, 4)) if arrows is None else validation.as_table(arrows, 4, "arrows")
    counts = [(MAX_GRID, v.size, f"values of {name}") for v, name in zip((w1, w2), names)]
    counts += [(len(drawn), len(paths), "paths"), (MAX_ARROWS, len(rows), "arrows")]
    w1, w2 = (values[evenly_spaced(values.size, MAX_GRID)] for values in (w1, w2))
    J = np.reshape([_value(cost, a, b) for b, a in product(w2, w1)], (w2.size, w1.size))
    ax = style.new_axes(ax, (6.4, 4.6))
    ax.grid(False)
    ax.contourf(w1, w2, J, levels=14, cmap=style.SURFACE)
    lines = ax.contour(w1, w2, J, levels=14, colors=INK, linewidths=0.5)
    heights = ax.clabel(lines, lines.levels[::2], fontsize=9, fmt=format_number)
    ax.set(xlabel=names[0], ylabel=names[1], xlim=w1[[0, -1]], ylim=w2[[0, -1]])
    facts = [f"Cost over {span(names[0], w1)} and {span(names[1], w2)}:"]
    facts.append(_mark_lowest(ax, w1, w2, J, next(iter(drawn.values()), None)))
    facts += _draw_paths(ax, cost, drawn)
    for a, b, da, db in rows[evenly_spaced(len(rows), MAX_ARROWS)]:
        style.draw_arrow(ax, (a, b), (a + da, b + db), colours.ACCENT)
        ax.plot(a, b, ".", color=colours.ACCENT)
        facts.append(f"Arrow at ({format_array([a, b])}): ({format_array([da, db])}).")
    for label, place in (points or {}).items():
        style.mark(ax, place, label)
        height = format_number(_value(cost, *place))
        facts.append(f"{label}: ({format_array(place)}), cost {height}.")
    _put_on_cards(ax, heights)
    return style.finish(ax, title, " ".join(facts), *counts)


@validates_settings
def heat_map(
    function: Callable[[np.ndarray], ArrayLike], x1_range: tuple[float, float],
    x2_range: tuple[float, float], *, centre: float = 0.0, names: Sequence[str] = ("x1", "x2"),
    ax: Axes | None = None, title: str | None = None,
) -> Axes:  # fmt: skip
    """Draw what `function` (m, 2) -> (m, 1) returns over two inputs.

    It is blue above `centre` and orange below.
    """
    x1_range, x2_range = as_pair(x1_range, "x1_range"), as_pair(x2_range, "x2_range")
    if x1_range[0] == x1_range[1] or x2_range[0] == x2_range[1]:
        got = f"{x1_range} and {x2_range}"
        raise ValueError(f"x1_range and x2_range must have two different ends; got {got}")
    centre = validation.as_float(centre, "centre")
    ax, x1, x2, out = _filled(ax, function, x1_range, x2_range, centre, names)
    lines = ax.contour(x1, x2, out, levels=6, colors=INK, linewidths=0.5)
    _put_on_cards(ax, ax.clabel(lines, fontsize=9, fmt=format_number))
    facts = f"{span('Output', out)} over {span(names[0], x1)} and {span(names[1], x2)}."
    return style.finish(ax, title, facts)


@validates_settings
def decision_boundary(
    function: Callable[[np.ndarray], ArrayLike] | None, X: ArrayLike, y: ArrayLike, *,
    threshold: float = 0.5, names: Sequence[str] = ("x1", "x2"),
    ax: Axes | None = None, title: str | None = None,
) -> Axes:  # fmt: skip
    """Draw samples X (m, 2) of classes y (m, 1) over what `function` (m, 2) -> (m, 1) returns.

    The line is where it returns `threshold`. Class 1 is blue and round, class 0 orange and square;
    a rare class is drawn larger and on top.
    `function` None draws the samples alone.
    """
    X = validation.as_table(X, 2, "X")
    threshold = validation.as_float(threshold, "threshold")
    one = validation.as_targets(y, X[:, :1])[:, 0] > threshold
    width = np.ptp(X, axis=0)
    pad = 0.12 * np.where(width > 0, width, 1.0)
    x1_range, x2_range = zip(X.min(axis=0) - pad, X.max(axis=0) + pad)
    facts = f"{format_count(len(X), 'sample')}, {one.sum():,} of class 1"
    if function is None:
        ax = style.new_axes(ax, (6, 4.4))
        ax.set(xlabel=names[0], ylabel=names[1], xlim=x1_range, ylim=x2_range)
    else:
        ax, x1, x2, out = _filled(ax, function, x1_range, x2_range, threshold, names)
        if out.min() < threshold < out.max():
            ax.contour(x1, x2, out, levels=[threshold], colors=INK, linewidths=1.6)
        right = ((np.ravel(function(X)) > threshold) == one).sum()
        facts += f"; classified correctly: {right:,}"
    shown = evenly_spaced(len(X), MAX_DOTS)
    classes = [(one[shown], "o", 1), (~one[shown], "s", -1)]
    for members, marker, sign in sorted(classes, key=lambda item: -item[0].sum()):
        size = np.clip(42 / max(members.sum(), 1) ** 0.5, 3, 6)  # a rare class is larger, on top
        dots = {"markersize": size, "markeredgewidth": size / 6 if function else 0}
        ax.plot(*X[shown][members].T, marker, color=colours.of_sign(sign), mec="white", **dots)
    return style.finish(ax, title, f"{facts}.", (len(shown), len(X), "samples"))


def _value(function: Callable, *arguments: float) -> float:
    """Return the finite number that a function of numbers gives."""
    validation.as_function(function, "the function")
    value = validation.as_finite(function(*map(float, arguments)), "the function's value")
    if value.size != 1:
        got = f"an array of shape {value.shape}"
        raise ValueError(f"the function must return one number; got {got}")
    return float(value.ravel()[0])


def _activations(function: Callable, z: np.ndarray, name: str) -> np.ndarray:
    """Return the finite numbers (n,) that a function of an array gives for z (n,)."""
    a = validation.as_finite(function(z), f"{name}(z)")
    if a.shape != z.shape:
        raise ValueError(f"{name}(z) must have the shape of z, {z.shape}; got {a.shape}")
    return a


def _curve(ax: Axes | None, function: Callable, values, names) -> tuple[Axes, str]:
    """Return an Axes with the curve of a function of one number, and that in words."""
    values = validation.as_vector(values, "values")
    heights = np.array([*map(partial(_value, function), values)])
    ax = style.new_axes(ax, (7, 3.8))
    ax.plot(values, heights, color=INK)
    room = 0.12 * (np.ptp(heights) or 1.0)
    ax.set(xlabel=names[0], ylabel=names[1], ylim=(heights.min() - room, heights.max() + room))
    return ax, f"{names[1]} over {span(names[0], values)}."


def _filled(ax, function, x1_range, x2_range, centre, names) -> tuple:
    """Return an Axes coloured by a function of two inputs, the grid's two axes, and the values."""
    validation.as_function(function, "function")
    x1, x2 = np.linspace(*x1_range, 151), np.linspace(*x2_range, 151)
    grid = np.stack(np.meshgrid(x1, x2), axis=-1).reshape(-1, 2)
    out = validation.as_finite(function(grid), "the output of function")
    if out.size != len(grid):
        expected = f"({len(grid)}, 1) for {grid.shape}"
        raise ValueError(f"function must return {expected}; got {out.shape}")
    out = out.reshape(len(x2), len(x1))
    far = 1.8 * max(np.abs(out - centre).max(), 0.5)
    ax = style.new_axes(ax, (6, 4.4))
    ax.grid(False)
    extent = [
        end + side * (v[1] - v[0]) / 2 for v in (x1, x2) for end, side in zip(v[[0, -1]], (-1, 1))
    ]
    ax.imshow(
        out, cmap=style.SIGNED, vmin=centre - far, vmax=centre + far, interpolation="bilinear",
        origin="lower", extent=extent, aspect="auto",
    )  # fmt: skip
    ax.set(xlabel=names[0], ylabel=names[1], xlim=x1[[0, -1]], ylim=x2[[0, -1]])
    return ax, x1, x2, out


def _mark_lowest(ax: Axes, w1: np.ndarray, w2: np.ndarray, J: np.ndarray, path) -> str:
    """Mark the lowest place of a surface, with its text away from the path; return it in words."""
    largest = np.abs(J).max() or 1.0
    row, column = np.unravel_index(np.round(J / largest, 9).argmin(), J.shape)
    low, least = (w1[column], w2[row]), J.min() if abs(J.min()) > 1e-6 * largest else 0.0
    ring = {"markersize": 12, "markeredgecolor": INK, "markeredgewidth": 2, "clip_on": False}
    ax.plot(*low, "o", color="none", zorder=4, **ring)
    away = _away_from(ax, low, low if path is None else path[0], 12)
    note(ax, f"lowest {format_number(least)}", low, away, zorder=6, **style.ON_CARD)
    where = f"lowest {format_number(least)} at ({format_array(low)})"
    return f"{where}, highest {format_number(J.max())}."


def _draw_paths(ax: Axes, cost: Callable, paths: dict[str, np.ndarray]) -> list[str]:
    """Draw {label: path} over a surface, one without a label in magenta; return each in words."""
    facts, ends = [], []
    for i, (label, path) in enumerate(paths.items()):
        shown = path[evenly_spaced(len(path), MAX_DOTS)]
        colour = SERIES[1 + i % (len(SERIES) - 1)] if label else colours.ACCENT
        ax.plot(*shown.T, color=colour, marker=".", markersize=6, linewidth=1.4, zorder=3)
        ax.plot(*path[-1], "o", color=colour, zorder=5, clip_on=False)
        ends += [(*path[-1], label, colour)] if label else []
        first, last = (
            f"({format_array(w)}), cost {format_number(_value(cost, *w))}" for w in path[[0, -1]]
        )
        name = f"{label}: a" if label else "A"
        facts.append(
            f"{name} path of {format_count(len(path) - 1, 'step')} from {first}, to {last}."
        )
    for path in [*paths.values()][:1]:
        note(ax, "start", path[0], _away_from(ax, path[0], path[-1], 8), **style.ON_CARD)
    style.end_labels(ax, ends)
    return facts


def _away_from(ax: Axes, point, other, distance: float) -> np.ndarray:
    """Return an offset from a point away from another, but inwards near the rim of the axes."""
    at, away = style.axes_fractions(ax)[0]([point, other])
    inwards = (at < 0.12) | (at >= away) & (at < 0.88)
    return np.where(inwards, distance, -distance)


def _put_on_cards(ax: Axes, numbers: list) -> None:
    """Put the numbers of contours on cards; remove those that the rim or another text cuts."""
    rim = ax.get_window_extent()
    kept = [other.get_window_extent() for other in ax.texts if other not in numbers]
    for text in numbers:
        text.set(**style.ON_CARD)
        box = text.get_window_extent()
        inside = rim.x0 < box.x0 and box.x1 < rim.x1 and rim.y0 < box.y0 and box.y1 < rim.y1
        if inside and not box.count_overlaps(kept):
            kept.append(box)
        else:
            text.remove()
