"""Pictures of many samples: as dots, as small images, as predictions beside truths, as errors."""

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from nnlib import _validation, colours
from nnlib._figures import SIGNED, axes, finish, logarithmic, mark, note, number, signed

SHADES = LinearSegmentedColormap.from_list("shades", ["#DDE1E8", colours.INK])


def scatter(
    X, values=None, *, names=("x1", "x2"), unit="", log="", marks=None, ax=None, title=None
):
    """Samples X (m, 2) as dots, darker for larger `values` (m, 1).

    Values of both signs: blue dots and orange squares, larger for larger values. `unit` names the
    values. `log`: the logarithmic axes, "", "x", "y" or "xy". `marks`: {label: row of X} to mark.
    """
    X = _validation.as_table(X, 2, "X")
    ax = axes(ax, (7, 4.4))
    said = [_said(column) for column in X.T]
    facts = [f"{len(X):,} samples."]
    facts += [
        f"{name} from {words(column.min())} to {words(column.max())}."
        for name, words, column in zip(names, said, X.T)
    ]
    if values is None:
        ax.plot(*X.T, "o", color=colours.INK, alpha=0.45, markersize=4.5, markeredgewidth=0)
    else:
        values = _validation.as_targets(values, X[:, :1], "values")[:, 0]
        facts.append(f"{unit or 'value'} from {number(values.min())} to {number(values.max())}.")
        (_signs if values.min() < 0 < values.max() else _shades)(ax, X, values, unit)
    for axis in log:
        logarithmic(getattr(ax, f"{axis}axis"))
    for label, row in (marks or {}).items():
        mark(ax, *X[row], label)
        place = [f"{n} {words(value)}" for n, words, value in zip(names, said, X[row])]
        facts.append(f"{label}: {', '.join(place)}.")
    ax.set(xlabel=names[0], ylabel=names[1])
    return finish(ax, title, " ".join(facts))


def _said(column):
    """The function that writes a number of a column: with more decimals where all are close."""
    span = np.ptp(column)
    if 0 < span < 0.05 * np.abs(column).max():
        decimals = max(0, 1 - int(np.floor(np.log10(span))))
        return lambda value: f"{value:.{decimals}f}"
    return number


def _shades(ax, X, values, unit):
    order = np.argsort(values, kind="stable")
    style = {"cmap": SHADES, "edgecolor": "white", "linewidth": 0.4, "s": 34}
    drawn = ax.scatter(*X[order].T, c=values[order], **style)
    ax.figure.colorbar(drawn, ax=ax, label=unit, shrink=0.85, pad=0.02)


def _signs(ax, X, values, unit):
    """Blue dots for positive, orange squares for negative values; their areas are the sizes."""
    area = 160 * np.abs(values) / np.abs(values).max() + 2
    for sign, marker, words in ((1, "o", "above 0"), (-1, "s", "below 0")):
        rows = sign * values > 0
        colour = colours.of_sign(sign)
        style = {"marker": marker, "color": colour, "alpha": 0.6, "linewidth": 0}
        ax.scatter(*X[rows].T, s=area[rows], label=f"{unit} {words}".strip(), **style)
    ax.legend(loc="best", framealpha=0.8, edgecolor="none")


def images(X, *, shape=None, titles=(), columns=8, ax=None, title=None):
    """Rows of X (m, pixels) as small pictures, `columns` a line, dark for large values.

    `shape`: rows and columns of a picture, square if None. `titles`: a text above each. With values
    of both signs blue is positive, orange negative.
    """
    X = _validation.as_table(X, None, "X")
    side = round(X.shape[1] ** 0.5)
    high, wide = shape or (side, side)
    if high * wide != X.shape[1]:
        raise ValueError(f"shape must give the {X.shape[1]} pixels of a row of X; got {high, wide}")
    if len(titles) not in (0, len(X)):
        raise ValueError(f"titles must name each of the {len(X)} pictures; got {len(titles)}")
    columns = min(_validation.as_int(columns, "columns", at_least=1), len(X))
    lines, inch = -(-len(X) // columns), 1.18 * columns / 7  # in pictures
    gap = 0.12 + 0.22 * inch * bool(len(titles))
    ax = axes(ax, (7, lines * (1 + gap) / inch + 0.4))
    largest = np.abs(X).max() or 1.0
    both = X.min() < 0
    for k, pixels in enumerate(X):
        left, top = 1.18 * (k % columns), -(1 + gap) * (k // columns)
        style = {"cmap": SIGNED if both else "Greys", "vmin": -largest if both else 0}
        extent = (left, left + 1, top - 1, top)
        ax.imshow(pixels.reshape(high, wide), vmax=largest, extent=extent, **style)
        if len(titles):
            note(ax, titles[k], (left + 0.5, top), (0, 2), fontsize=9)
    ax.set(xlim=(-0.05, 1.18 * columns - 0.13), ylim=(-(1 + gap) * lines + gap - 0.05, gap - 0.1))
    ax.set_aspect("equal")
    ax.axis("off")
    said = f": {', '.join(map(str, titles))}" if len(titles) else ""
    return finish(ax, title, f"{len(X)} pictures of {high} by {wide} pixels{said}.")


def against(
    y_hat, y, *, spread=None, marks=None, names=("true", "predicted"), ax=None, title=None
):  # fmt: skip
    """Predictions ŷ (m, 1) over the truths y (m, 1), and the diagonal where both are equal.

    `spread` (m, 1): half the length of a bar up and down from each. `marks`: {label: row} to mark.
    """
    y_hat = _validation.as_table(y_hat, 1, "y_hat")
    y = _validation.as_targets(y, y_hat)
    ax = axes(ax, (6, 5))
    both = np.vstack([y_hat, y])
    ends = [both.min(), both.max()]
    ax.plot(ends, ends, color=colours.FAINT, linewidth=1, linestyle=(0, (4, 3)), zorder=1)
    place = ends[0] + 0.8 * (ends[1] - ends[0])
    note(ax, "right", (place, place), (-5, 5), color=colours.FAINT)
    facts = [f"{len(y):,} samples: {names[0]} from {number(y.min())} to {number(y.max())},"]
    facts.append(f"{names[1]} from {number(y_hat.min())} to {number(y_hat.max())}.")
    if spread is not None:
        spread = _validation.as_targets(spread, y_hat, "spread")
        style = {"fmt": "none", "ecolor": colours.FAINT, "elinewidth": 1, "alpha": 0.6}
        ax.errorbar(y[:, 0], y_hat[:, 0], yerr=spread[:, 0], zorder=1, **style)
        low, half, high = np.quantile(spread, [0, 0.5, 1])
        facts.append(
            f"Bars of ±{number(low)} to ±{number(high)}, half of them below ±{number(half)}."
        )
    ax.plot(y[:, 0], y_hat[:, 0], "o", color=colours.INK, alpha=0.6, markersize=4.5, mew=0)
    for label, row in (marks or {}).items():
        point = y[row, 0], y_hat[row, 0]
        mark(ax, *point, label, (-8, 8) if point[0] > np.mean(ends) else (8, -8))
        facts.append(f"{label}: {names[0]} {number(point[0])}, {names[1]} {number(point[1])}.")
    ax.set(xlabel=names[0], ylabel=names[1])
    return finish(ax, title, " ".join(facts))


def strips(groups, *, best="", name="value", ax=None, title=None):
    """Numbers of several groups, {label: values (n,)}, as dots on a line each, and their means.

    `best`: the label of the group to look at. `name`: what the numbers are.
    """
    _validation.as_labelled(groups, "groups")
    ax = axes(ax, (7, 1.2 + 0.42 * len(groups)))
    facts = [f"{name}:"]
    for row, (label, values) in enumerate(groups.items()):
        values = _validation.as_vector(np.ravel(_validation.as_finite(values, label)), label)
        colour = colours.ACCENT if label == best else colours.INK
        ax.plot(values, np.full(len(values), row), "o", color=colours.FAINT, alpha=0.55, mew=0)
        ax.plot([values.mean()] * 2, [row - 0.28, row + 0.28], color=colour, linewidth=3)
        note(ax, signed(values.mean()), (1.02, row), (0, 0), xycoords=("axes fraction", "data"),
             ha="left", color=colour)  # fmt: skip
        ends = f"from {number(values.min())} to {number(values.max())}"
        facts.append(f"{label} {number(values.mean())} on average, {ends};")
    ax.set_yticks(range(len(groups)), list(groups))
    ax.set(ylim=(len(groups) - 0.4, -0.6), xlabel=name)
    ax.grid(axis="y", visible=False)
    return finish(ax, title, " ".join(facts)[:-1] + ".")
