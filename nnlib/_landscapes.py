"""Pictures of functions of one or two numbers: costs over weights, outputs over inputs."""

import numpy as np

from nnlib import _validation, colours
from nnlib._figures import (
    COST,
    SERIES,
    SIGNED,
    arrow,
    axes,
    called,
    end_labels,
    finish,
    lead,
    line,
    listed,
    mark,
    note,
    number,
    shares,
    signed,
)


def tangent(
    function, at, *, values, slope=None, run=1.0, names=("w", "J"), ax=None, title=None
):  # fmt: skip
    """The curve of a function of one number, and its tangent at `at` with its rise over `run`.

    `slope`: the slope to draw; None takes the central difference. A wrong one shows as a miss.
    """
    at, run = _validation.as_float(at, "at"), _validation.as_float(run, "run", above=0)
    if slope is None:
        slope = (called(function, at + 1e-5) - called(function, at - 1e-5)) / 2e-5
    slope, height = _validation.as_float(slope, "slope"), called(function, at)
    ax, facts = _curve(ax, function, values, names)
    reach, rise = np.array([-1.0, 1.6]) * run, slope * run
    ax.plot(at + reach, height + slope * reach, **line(slope, np.inf) | {"linewidth": 2})
    ax.plot([at, at + run, at + run], [height, height, height + rise], color=colours.FAINT, lw=1)
    down = -1 if slope >= 0 else 1
    note(ax, f"run {signed(run)}", (at + run / 2, height), (0, 5 * down), color=colours.FAINT)
    corner = (at + run, height + rise / 2)
    note(ax, f"rise {signed(rise)}", corner, (6, 0), color=colours.FAINT)
    mark(ax, at, height, f"slope {signed(slope)}", (-8, -8 * down))
    facts += f" At {names[0]} = {number(at)} it is {number(height)}, with slope {number(slope)}."
    return finish(ax, title, facts)


def descent(cost, path, *, values, names=("w", "J"), ax=None, title=None):
    """The curve of a cost of one weight, and the steps of `path` (steps,) on it."""
    path = _validation.as_vector(np.ravel(_validation.as_finite(path, "path")), "path")
    ax, facts = _curve(ax, cost, values, names)
    heights = [called(cost, w) for w in path]
    ax.plot(path, heights, color=colours.ACCENT, marker="o", markersize=5, linewidth=1.2, zorder=4)
    inwards = -8 if path[0] > path[-1] else 8
    note(ax, "start", (path[0], heights[0]), (inwards, 4), color=colours.ACCENT)
    mark(ax, path[-1], heights[-1])
    first, last = (f"{number(path[i])}, {names[1]} {number(heights[i])}" for i in (0, -1))
    facts += f" {len(path) - 1} steps lead from {names[0]} = {first}, to {names[0]} = {last}."
    return finish(ax, title, facts)


def cost_surface(
    cost, w1_values, w2_values, *, path=None, arrows=None, points=None,
    names=("w1", "w2"), ax=None, title=None,
):  # fmt: skip
    """The landscape of `cost(w1, w2)`, a function of two numbers, as contours: white is low.

    `path` (steps, 2): points on the way down, or {label: path} for several. `arrows`: rows
    (w1, w2, step in w1, step in w2). `points`: {label: (w1, w2)} to mark.
    """
    w1 = _validation.as_vector(w1_values, "w1_values", at_least=2)
    w2 = _validation.as_vector(w2_values, "w2_values", at_least=2)
    paths = {} if path is None else path if isinstance(path, dict) else {"": path}
    paths = {label: _validation.as_table(way, 2, "path") for label, way in paths.items()}
    J = np.array([[called(cost, a, b) for a in w1] for b in w2])
    ax = axes(ax, (6.4, 4.6))
    ax.grid(False)
    ax.contourf(w1, w2, J, levels=14, cmap=COST)
    lines = ax.contour(w1, w2, J, levels=14, colors=colours.FAINT, linewidths=0.5)
    heights = ax.clabel(lines, lines.levels[::2], fontsize=9, colors=colours.INK, fmt=signed)
    largest = np.abs(J).max() or 1.0
    row, column = np.unravel_index(np.round(J / largest, 9).argmin(), J.shape)
    low, least = (w1[column], w2[row]), J.min() if abs(J.min()) > 1e-6 * largest else 0.0
    ring = {"markersize": 12, "markeredgecolor": colours.INK, "clip_on": False, "zorder": 4}
    ax.plot(*low, "o", color="white", **ring)
    start = next(iter(paths.values()))[0] if paths else (None, None)
    away = _away(w1, column, start[0]), _away(w2, row, start[1])
    away = (away[0], 30 if away[1] > 0 else -30) if len(paths) > 1 else away  # clear of their ends
    note(ax, f"lowest {signed(least)}", low, away, zorder=6)
    facts = (
        f"Cost over {_span(w1, names[0])} and {_span(w2, names[1])}: lowest {number(least)} "
        f"at ({listed(low)}), highest {number(J.max())}."
    )
    ax.set(xlabel=names[0], ylabel=names[1], xlim=w1[[0, -1]], ylim=w2[[0, -1]])
    facts += _paths(ax, cost, paths)
    for a, b, da, db in () if arrows is None else _validation.as_samples(arrows, 4, "arrows"):
        ax.annotate("", (a + da, b + db), (a, b), arrowprops=arrow(colours.ACCENT))
        ax.plot(a, b, ".", color=colours.ACCENT)
        facts += f" Arrow at ({listed([a, b])}): ({listed([da, db])})."
    for label, place in (points or {}).items():
        mark(ax, *place, label)
        facts += f" {label}: ({listed(place)}), cost {number(called(cost, *place))}."
    _thin_out(ax, heights)
    return finish(ax, title, facts)


def heat_map(
    function, x1_range, x2_range, *, level=0.0, names=("x1", "x2"), ax=None, title=None
):  # fmt: skip
    """What `function` (m, 2) -> (m, 1) gives over two inputs: blue above `level`, orange below."""
    ax, x1, x2, out = _filled(ax, function, x1_range, x2_range, level, names)
    lines = ax.contour(x1, x2, out, levels=6, colors=colours.INK, linewidths=0.5)
    ax.clabel(lines, fontsize=9, fmt=signed)
    facts = f"Output over {_span(x1, names[0])} and {_span(x2, names[1])}: "
    return finish(ax, title, facts + f"from {number(out.min())} to {number(out.max())}.")


def decision_boundary(
    function, X, y, *, level=0.5, names=("x1", "x2"), ax=None, title=None
):  # fmt: skip
    """Samples X (m, 2) of classes y (m, 1) over what `function` (m, 2) -> (m, 1) says everywhere.

    The line is where it says `level`. Class 1 is blue and round, class 0 orange and square.
    `function` None shows the samples alone.
    """
    X = _validation.as_table(X, 2, "X")
    one = _validation.as_targets(y, X[:, :1])[:, 0] > level
    low, high, span = X.min(axis=0), X.max(axis=0), np.ptp(X, axis=0)
    pad = 0.12 * np.where(span > 0, span, 1.0)
    ranges = list(zip(low - pad, high + pad))
    facts = f"{len(X)} samples, {one.sum()} of class 1"
    if function is None:
        ax = axes(ax, (6, 4.4))
        ax.set(xlabel=names[0], ylabel=names[1], xlim=ranges[0], ylim=ranges[1])
    else:
        ax, x1, x2, out = _filled(ax, function, *ranges, level, names)
        if out.min() < level < out.max():
            ax.contour(x1, x2, out, levels=[level], colors=colours.INK, linewidths=1.6)
        right = int(((np.ravel(function(X)) > level) == one).sum())
        facts += f"; on the right side of the boundary: {right}"
    style = {"markersize": np.clip(60 / len(X) ** 0.5, 3, 6), "markeredgecolor": "white"}
    style["markeredgewidth"] = style["markersize"] / 6
    for members, marker, colour in ((one, "o", colours.POSITIVE), (~one, "s", colours.NEGATIVE)):
        ax.plot(*X[members].T, marker, color=colour, **style)
    return finish(ax, title, f"{facts}.")


def _paths(ax, cost, paths):
    """Draw {label: path} over a landscape; each in words. One alone is magenta, without a name."""
    facts, ends = "", []
    for i, (label, path) in enumerate(paths.items()):
        colour = SERIES[i % len(SERIES)] if label else colours.ACCENT
        ax.plot(*path.T, color=colour, marker=".", markersize=6, linewidth=1.4, zorder=3)
        if label:
            ax.plot(*path[-1], "o", color=colour, zorder=5)
            if shares(ax)[0](path[-1])[0] < 0.5:  # a line to the right might run through the others
                _label_below(ax, path[-1], np.vstack(list(paths.values())), label, colour)
            else:
                ends.append((*path[-1], label, colour))
        else:
            mark(ax, *path[-1])
        first, last = (f"({listed(w)}), cost {number(called(cost, *w))}" for w in path[[0, -1]])
        name = f"{label}: a" if label else "A"
        facts += f" {name} path of {len(path) - 1} steps from {first}, to {last}."
    if paths:
        away, colour = (_behind(ax, path), colours.ACCENT) if "" in paths else ((6, 6), colours.INK)
        note(ax, "start", path[0], away, color=colour)
    end_labels(ax, ends)
    return facts


def _behind(ax, path):
    """A step of 6 points from where a path starts away from its end, but inwards near the rim."""
    start, end = shares(ax)[0](path[[0, -1]])
    inwards = (start < 0.1) | (start > end) & (start < 0.9)
    return np.where(inwards, 6, -6)


def _thin_out(ax, texts):
    """Take away those texts that the rim of the axes cuts, or that lie on any other text."""
    rim = ax.get_window_extent()
    kept = [other.get_window_extent() for other in ax.texts if other not in texts]
    for text in texts:
        box = text.get_window_extent()
        inside = rim.x0 < box.x0 and box.x1 < rim.x1 and rim.y0 < box.y0 and box.y1 < rim.y1
        if inside and not box.count_overlaps(kept):
            kept.append(box)
        else:
            text.remove()


def _label_below(ax, end, points, label, colour):
    """Write the label of a path straight below its end, under all the points that are near."""
    to_share, gap = shares(ax)
    across, places = to_share(end)[0], to_share(points)
    near = places[abs(places[:, 0] - across) < 0.2]
    place = across, max(gap, near[:, 1].min() - gap)
    lead(ax, label, end, place, colour, below=True)


def _curve(ax, function, values, names):
    """An Axes with the curve of a function of one number, and that in words."""
    values = _validation.as_vector(values, "values")
    heights = np.array([called(function, value) for value in values])
    ax = axes(ax, (7, 3.8))
    ax.plot(values, heights, color=colours.INK)
    room = 0.12 * (np.ptp(heights) or 1.0)
    ax.set(xlabel=names[0], ylabel=names[1], ylim=(heights.min() - room, heights.max() + room))
    return ax, f"{names[1]} over {_span(values, names[0])}."


def _filled(ax, function, x1_range, x2_range, level, names):
    """An Axes coloured by a function of two inputs; its grid's two axes and the function there."""
    _validation.as_function(function, "function")
    x1, x2 = _between(x1_range, "x1_range"), _between(x2_range, "x2_range")
    grid = np.stack(np.meshgrid(x1, x2), axis=-1).reshape(-1, 2)
    out = _validation.as_finite(function(grid), "the output of function")
    if out.size != len(grid):
        wanted = f"({len(grid)}, 1) for {grid.shape}"
        raise ValueError(f"function must return {wanted}; got {out.shape}")
    out = out.reshape(len(x2), len(x1))
    far = 1.8 * max(np.abs(out - level).max(), 0.5)
    ax = axes(ax, (6, 4.4))
    ax.grid(False)
    ax.pcolormesh(x1, x2, out, cmap=SIGNED, vmin=level - far, vmax=level + far, shading="gouraud")
    ax.set(xlabel=names[0], ylabel=names[1], xlim=x1[[0, -1]], ylim=x2[[0, -1]])
    return ax, x1, x2, out


def _between(limits, name):
    """151 numbers from the one limit to the other."""
    limits = _validation.as_finite(limits, name)
    if limits.shape != (2,) or limits[0] == limits[1]:
        raise ValueError(f"{name} must be two numbers, from and to; got {limits.tolist()}")
    return np.linspace(*limits, 151)


def _span(values, name):
    return f"{name} from {number(values[0])} to {number(values[-1])}"


def _away(values, index, start):
    """A step of 8 points from values[index] away from `start`, but inwards near the rim."""
    inwards = 8 if index < len(values) / 2 else -8
    near_rim = min(index, len(values) - 1 - index) < 0.2 * len(values)
    if start is None or near_rim:
        return inwards
    return 8 if values[index] >= start else -8
