"""Plots of samples: as dots, as small pictures, as predictions beside true values."""

from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike

from nnlib import _validation as validation
from nnlib import colours
from nnlib.formatting import format_count, format_number
from nnlib.plots import style
from nnlib.plots.arguments import as_log, as_rows, as_texts, as_vectors, validates_settings
from nnlib.plots.style import INK, MAX_DOTS, evenly_spaced, note, place, span

MAX_TEXTS = 30  # numbers beside dots
MAX_ROWS = 20  # of predictions or groups, one below another
MAX_INCHES = 9  # height of all images


@validates_settings
def scatter(
    X: ArrayLike, values: ArrayLike | None = None, *, names: Sequence[str] = ("x1", "x2"),
    unit: str = "", log: str = "", marks: dict[str, int] | None = None, ax: Axes | None = None,
    title: str | None = None,
) -> Axes:  # fmt: skip
    """Draw samples X (m, 2) as dots, from purple to yellow for larger `values` (m, 1).

    Values of both signs: blue dots and orange squares, larger for larger values. `unit` names the
    values. `log`: the logarithmic axes, "", "x", "y" or "xy". `marks`: {label: row of X} to mark.
    """
    X = validation.as_table(X, 2, "X")
    log = as_log(log, x=X[:, 0], y=X[:, 1])
    marks = as_rows(marks, "marks", len(X))
    shown = evenly_spaced(len(X), MAX_DOTS)
    formats = [_format_of(column) for column in X.T]
    facts = [f"{format_count(len(X), 'sample')}."]
    for name, write, column in zip(names, formats, X.T):
        facts.append(f"{name} from {write(column.min())} to {write(column.max())}.")
    ax = style.new_axes(ax, (7, 4.4))
    if values is None:
        ax.plot(*X[shown].T, "o", color=INK, alpha=0.5, markersize=4.5, markeredgewidth=0)
    else:
        values = validation.as_targets(values, X[:, :1], "values")[:, 0]
        facts.append(f"{span(unit or 'value', values)}.")
        draw = _draw_signed if values.min() < 0 < values.max() else _draw_shaded
        draw(ax, X[shown], values[shown], unit)
    style.make_logarithmic(ax, log)
    for label, row in marks.items():
        style.mark(ax, X[row], label)
        where = [f"{name} {write(x)}" for name, write, x in zip(names, formats, X[row])]
        facts.append(f"{label}: {', '.join(where)}.")
    ax.set(xlabel=names[0], ylabel=names[1])
    return style.finish(ax, title, " ".join(facts), (len(shown), len(X), "samples"))


@validates_settings
def houses(
    X: ArrayLike, y: ArrayLike | None = None, *, question: tuple[float, float] | None = None,
    training_range: tuple[float, float] | None = None,
    names: Sequence[str] = ("bedrooms", "quality"), ax: Axes | None = None,
    title: str | None = None,
) -> Axes:  # fmt: skip
    """Draw samples X (m, 2) as dots with their targets y (m, 1) beside them, on axes from 0.

    `question`: a place (across, up) to ask about. `training_range`: its corner; it begins at 0.
    """
    X = validation.as_table(X, 2, "X")
    y = None if y is None else validation.as_targets(y, X[:, :1])[:, 0]
    shown = evenly_spaced(len(X), MAX_TEXTS)
    ax = style.new_axes(ax, (6, 4))
    facts = []
    if training_range is not None:
        ax.add_patch(Rectangle((0, 0), *training_range, facecolor=INK, alpha=0.18, zorder=0))
        corner = (0, training_range[1])
        note(ax, "training range", corner, (8, -8), fontsize=9, **style.ON_CARD)
        across, up = map(format_number, training_range)
        facts.append(f"The training range is 0 to {across} by 0 to {up}.")
    ax.plot(*X[shown].T, "o", color=INK)
    for k in shown:
        text = "" if y is None else format_number(y[k])
        note(ax, text, X[k], (9, 6), **style.ON_CARD)
        facts.append(f"{place(names, X[k])}: {text}." if text else f"{place(names, X[k])}.")
    if question is not None:
        ax.plot(*question, "o", color=colours.ACCENT, markersize=17)
        note(ax, "?", question, (0, 0), color="white", fontsize=12, fontweight="bold")
        facts.append(f"The question is {place(names, question)}.")
    right, top = np.vstack([X, [training_range or (0, 0), question or (0, 0)]]).max(axis=0)
    ax.set(xlabel=names[0], ylabel=names[1])
    ax.set(xlim=(0, 1.18 * right if right > 0 else 1), ylim=(0, 1.18 * top if top > 0 else 1))
    return style.finish(ax, title, " ".join(facts), (len(shown), len(X), "samples"))


@validates_settings
def images(
    X: ArrayLike, *, shape: tuple[int, int] | None = None, titles: Sequence[str] | None = None,
    columns: int = 8, ax: Axes | None = None, title: str | None = None,
) -> Axes:  # fmt: skip
    """Draw rows of X (m, pixels) as small pictures, `columns` in a line: more ink is more.

    `shape`: rows and columns of a picture, square if None. `titles`: a text above each. With values
    of both signs blue is positive, orange negative.
    """
    X = validation.as_table(X, None, "X")
    side = round(X.shape[1] ** 0.5)
    shape = (side, side) if shape is None else shape
    shape = validation.as_int_tuple(shape, "shape", example="(8, 8)")
    if len(shape) != 2 or shape[0] * shape[1] != X.shape[1]:
        raise ValueError(f"shape must give the {X.shape[1]} pixels of a row of X; got {shape}")
    titles = [""] * len(X) if titles is None else as_texts(titles, "titles", len(X))
    columns = min(validation.as_int(columns, "columns", at_least=1, at_most=24), len(X))
    width = max(columns, 4)  # few pictures don't fill the line
    inch = 1.18 * width / 7  # in pictures
    gap = 0.12 + 0.22 * inch * any(titles)
    shown = X[: columns * max(1, int(MAX_INCHES * inch / (1 + gap)))]
    lines = -(-len(shown) // columns)
    ax = style.new_axes(ax, (7, lines * (1 + gap) / inch + 0.4))
    low, high = (-np.abs(X).max() if X.min() < 0 else 0), np.abs(X).max() or 1.0
    paint = {"cmap": style.SIGNED if low else style.PIXELS, "vmin": low, "vmax": high}
    for k, (pixels, text) in enumerate(zip(shown, titles)):
        left, top = 1.18 * (k % columns), -(1 + gap) * (k // columns)
        ax.imshow(pixels.reshape(shape), extent=(left, left + 1, top - 1, top), **paint)
        note(ax, text, (left + 0.5, top), (0, 2), fontsize=9)
    ax.set(xlim=(-0.05, 1.18 * width - 0.13), ylim=(-(1 + gap) * lines + gap - 0.05, gap - 0.1))
    ax.set_aspect("equal")
    ax.axis("off")
    facts = f"{format_count(len(X), 'picture')} of {shape[0]} by {shape[1]} pixels"
    facts += f": {', '.join(titles[: len(shown)])}." if any(titles) else "."
    return style.finish(ax, title, facts, (len(shown), len(X), "pictures"))


@validates_settings
def predictions(
    y_hat: ArrayLike, y: ArrayLike, *, before: ArrayLike | None = None,
    sample_names: Sequence[str] | None = None, unit: str = "", ax: Axes | None = None,
    title: str | None = None,
) -> Axes:  # fmt: skip
    """Draw the prediction ŷ (m, 1) of each sample and its true value y (m, 1), joined by the error.

    `before` (m, 1): an earlier prediction, drawn hollow.
    """
    y_hat = validation.as_table(y_hat, 1, "y_hat")
    y = validation.as_targets(y, y_hat)
    old = y_hat if before is None else validation.as_targets(before, y_hat, "before")
    if sample_names is None:
        sample_names = [f"sample {i}" for i in range(1, len(y) + 1)]
    sample_names = as_texts(sample_names, "sample_names", len(y))
    shown = evenly_spaced(len(y), MAX_ROWS)
    ax = style.new_axes(ax, (7, 1.3 + 0.45 * len(shown)))
    facts = []
    for row, k in enumerate(shown):
        guess, truth, earlier = y_hat[k, 0], y[k, 0], old[k, 0]
        line = style.line_style(guess - truth, np.inf) | {"linewidth": 2.5}
        ax.plot([guess, truth], [row, row], **line)
        ax.plot(guess, row, "o", color=line["color"])
        ax.plot(truth, row, "D", color=INK, markersize=7)
        side = -9 if guess < truth else 9
        note(ax, "predicted " * (row == 0) + format_number(guess), (guess, row), (side, 0))
        note(ax, "true " * (row == 0) + format_number(truth), (truth, row), (-side, 0))
        facts.append(
            f"{sample_names[k]}: predicted {format_number(guess)}, true {format_number(truth)}"
        )
        if earlier != guess:
            ax.plot(earlier, row, "o", markerfacecolor="none", color=INK)
            text = "before " * (row == 0) + format_number(earlier)
            note(ax, text, (earlier, row), (0, 8), fontsize=9)
            facts[-1] += f", before {format_number(earlier)}"
    ax.set_yticks(range(len(shown)), [sample_names[k] for k in shown])
    ax.set(ylim=(len(shown) - 0.4, -0.6), xlabel=unit)
    ax.margins(x=0.25)
    ax.grid(axis="y", visible=False)
    return style.finish(ax, title, ". ".join(facts) + ".", (len(shown), len(y), "samples"))


@validates_settings
def predicted_vs_true(
    y_hat: ArrayLike, y: ArrayLike, *, error_bars: ArrayLike | None = None,
    marks: dict[str, int] | None = None, names: Sequence[str] = ("true", "predicted"),
    ax: Axes | None = None, title: str | None = None,
) -> Axes:  # fmt: skip
    """Draw predictions ŷ (m, 1) over the true values y (m, 1), and the diagonal where they agree.

    `error_bars` (m, 1): half the length of a bar up and down from each. `marks`: {label: row}.
    """
    y_hat = validation.as_table(y_hat, 1, "y_hat")
    y = validation.as_targets(y, y_hat)
    marks = as_rows(marks, "marks", len(y))
    shown = evenly_spaced(len(y), MAX_DOTS)
    ax = style.new_axes(ax, (6, 5))
    low, high = min(y.min(), y_hat.min()), max(y.max(), y_hat.max())
    ax.plot([low, high], [low, high], color=INK, linewidth=1, linestyle=(0, (4, 3)), zorder=1)
    note(ax, "equal", (low + 0.8 * (high - low),) * 2, (-5, 5))
    facts = [f"{format_count(len(y), 'sample')}: {span(names[0], y)}, {span(names[1], y_hat)}."]
    if error_bars is not None:
        half = validation.as_targets(error_bars, y_hat, "error_bars")
        if half.min() < 0:
            raise ValueError(f"error_bars must be at least 0; got {half.min():g}")
        bars = {"fmt": "none", "ecolor": INK, "elinewidth": 1, "alpha": 0.6, "zorder": 1}
        ax.errorbar(y[shown, 0], y_hat[shown, 0], yerr=half[shown, 0], **bars)
        short, middle, long = map(format_number, np.quantile(half, [0, 0.5, 1]))
        facts.append(f"Bars of ±{short} to ±{long}, half of them below ±{middle}.")
    ax.plot(y[shown, 0], y_hat[shown, 0], "o", color=INK, alpha=0.7, markersize=4.5, mew=0)
    for label, row in marks.items():
        point = y[row, 0], y_hat[row, 0]
        style.mark(ax, point, label, (-8, 8) if point[0] > (low + high) / 2 else (8, -8))
        facts.append(f"{label}: {place(names, point)}.")
    ax.set(xlabel=names[0], ylabel=names[1])
    return style.finish(ax, title, " ".join(facts), (len(shown), len(y), "samples"))


@validates_settings
def strip_plot(
    groups: dict[str, ArrayLike], *, highlight: str = "", name: str = "value",
    ax: Axes | None = None, title: str | None = None,
) -> Axes:  # fmt: skip
    """Draw the numbers of several groups, {label: values (n,)}, as dots on lines, and their means.

    `highlight`: the label of the group to look at. `name`: what the numbers are. Equal numbers
    share a dot, whose area is in proportion to their count.
    """
    groups = as_vectors(groups, "groups")
    shown = [[*groups][k] for k in evenly_spaced(len(groups), MAX_ROWS)]
    ax = style.new_axes(ax, (7, 1.2 + 0.42 * len(shown)))
    facts = []
    counted = [np.unique(groups[label], return_counts=True) for label in shown]
    most = max(counts.max() for _, counts in counted)
    for row, (label, (dots, counts)) in enumerate(zip(shown, counted)):
        values, colour = groups[label], colours.ACCENT if label == highlight else INK
        mean = values.mean()
        drawn = evenly_spaced(len(dots), MAX_DOTS)
        areas = np.maximum(36 * counts[drawn] * min(1, 8 / most), 5)
        ax.scatter(dots[drawn], np.full(len(drawn), row), areas, INK, alpha=0.45, linewidths=0)
        ax.plot([mean, mean], [row - 0.28, row + 0.28], color=colour, linewidth=3)
        beside = {"xycoords": ("axes fraction", "data"), "ha": "left", "color": colour}
        note(ax, f"mean {format_number(mean)}", (1.02, row), (0, 0), **beside)
        facts.append(span(f"{label} {format_number(mean)} on average,", values))
    ax.set_yticks(range(len(shown)), shown)
    ax.set(ylim=(len(shown) - 0.4, -0.6), xlabel=name)
    ax.grid(axis="y", visible=False)
    count = len(shown), len(groups), "groups"
    return style.finish(ax, title, f"{name}: {'; '.join(facts)}.", count)


def _format_of(column: np.ndarray) -> Callable[[float], str]:
    """Return what formats a number of a column: with more decimals where all are close."""
    width = np.ptp(column)
    if 0 < width < 0.05 * np.abs(column).max():
        decimals = max(0, 1 - int(np.floor(np.log10(width))))
        return lambda value: f"{value:.{decimals}f}".replace("-", "−")
    return format_number


def _draw_shaded(ax: Axes, X: np.ndarray, values: np.ndarray, unit: str) -> None:
    """Draw dots in a colour for each value, the largest on top, and a bar that says which."""
    order = np.argsort(values, kind="stable")
    drawn = ax.scatter(*X[order].T, c=values[order], cmap=style.SHADES, linewidth=0, s=30)
    ax.figure.colorbar(drawn, ax=ax, label=unit, shrink=0.85, pad=0.02)


def _draw_signed(ax: Axes, X: np.ndarray, values: np.ndarray, unit: str) -> None:
    """Draw blue dots for positive, orange squares for negative values; their area is the size."""
    area = 160 * np.abs(values) / np.abs(values).max() + 2
    for sign, marker, words in ((1, "o", "above 0"), (-1, "s", "below 0")):
        rows = sign * values > 0
        dots = {"marker": marker, "color": colours.of_sign(sign), "alpha": 0.8, "linewidth": 0}
        ax.scatter(*X[rows].T, s=area[rows], label=f"{unit} {words}".strip(), **dots)
    ax.legend(loc="best")
