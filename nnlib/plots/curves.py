"""Plots of many numbers over one: curves, costs over epochs, ensembles, distributions by layer."""

from collections.abc import Collection, Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from nnlib import _validation as validation
from nnlib import colours
from nnlib.formatting import format_count, format_number
from nnlib.plots import style
from nnlib.plots.arguments import as_log, as_texts, as_vectors, validates_settings
from nnlib.plots.style import INK, MAX_LINES, SERIES, evenly_spaced, span

MAX_THIN_LINES = 200
MAX_LAYERS = 40


@validates_settings
def curves(
    x: ArrayLike, lines: dict[str, ArrayLike], *, points: dict | None = None,
    names: Sequence[str] = ("x", "y"), log: str = "", ax: Axes | None = None,
    title: str | None = None,
) -> Axes:  # fmt: skip
    """Draw lines over the same x (n,), {label: y (n,)}, each with its label at its end.

    NaN and infinity are gaps in a line. `points`: {label: (x, y)} to mark. `log`: the logarithmic
    axes, "", "x", "y" or "xy".
    """
    x = validation.as_vector(x, "x")
    log = as_log(log, x=x)
    labelled = [*validation.as_labelled(lines, "lines").items()]
    shown = evenly_spaced(len(labelled), MAX_LINES)
    ax = style.new_axes(ax)
    facts, ends = [style.say("curves", name=names[1], span=span(names[0], x))], []
    for i, (label, y) in enumerate(labelled[k] for k in shown):
        y = validation.as_floats(y, f"lines[{label!r}]")
        if y.shape != x.shape:
            raise ValueError(f"lines[{label!r}] must have the shape of x, {x.shape}; got {y.shape}")
        drawn = style.drawable(y, "y" in log)
        ax.plot(x, drawn, **_line(i))
        known = np.argsort(x, kind="stable")
        known = known[np.isfinite(drawn[known])]
        if known.size:
            ends.append((x[known[-1]], y[known[-1]], str(label), _line(i)["color"]))
            first, last = map(format_number, y[known[[0, -1]]])
            words = style.say("ends", label=label, first=first, last=last)
            facts.append(f"{label}." if "y" in log else words)
    facts += style.mark_points(ax, points, names)
    ax.set(xlabel=names[0], ylabel=names[1])
    ax.margins(x=0)
    style.make_logarithmic(ax, log)
    style.end_labels(ax, ends)
    return style.finish(ax, title, " ".join(facts), (len(shown), len(labelled), style.say("lines")))


@validates_settings
def cost_curve(
    costs: ArrayLike | Collection[ArrayLike], *, labels: Sequence[str] | None = None,
    references: dict[str, float] | None = None, log: bool = False, ax: Axes | None = None,
    title: str | None = None,
) -> Axes:  # fmt: skip
    """Draw the cost after 0, 1, 2, … epochs: costs (epochs + 1,), or several runs with `labels`.

    (epochs + 1, K) without labels is K thin lines. NaN and infinity are gaps. `references`:
    {label: cost} to compare with.
    """
    log = validation.as_bool(log, "log")
    runs, labels = _as_runs(costs, labels)
    shown = evenly_spaced(len(runs), MAX_LINES)
    counts = [(len(shown), len(runs), "runs")]
    ax = style.new_axes(ax)
    facts, ends = [], []
    for i, k in enumerate(shown):
        run, drawn = runs[k], style.drawable(runs[k], log)
        facts.append(f"{labels[k]}: " * bool(labels[k]) + _fall_in_words(run))
        if run.ndim == 2:
            counts.append(_draw_thin_lines(ax, np.arange(len(run)), drawn))
            continue
        ax.plot(drawn, **_line(i))
        for last in np.flatnonzero(np.isfinite(drawn))[-1:]:
            text = labels[k] or format_number(run[last])
            ends.append((last, run[last], text, _line(i)["color"]))
    ax.margins(x=0)
    for label, cost in (references or {}).items():
        ax.axhline(cost, color=INK, linewidth=1, linestyle=(0, (4, 3)))
        ends.append((ax.get_xlim()[1], cost, label, INK))
        facts.append(f"{label}: cost {format_number(cost)}.")
    ax.set(xlabel="epoch", ylabel="cost J")
    if log:
        style.make_logarithmic(ax, "y")
    else:
        ax.set_ylim(bottom=0)
    style.end_labels(ax, ends)
    return style.finish(ax, title, " ".join(facts), *counts)


@validates_settings
def ensemble_curves(
    x: ArrayLike, answers: ArrayLike, *, references: dict[str, float] | None = None,
    points: dict | None = None, names: Sequence[str] = ("epoch", "answer"),
    ax: Axes | None = None, title: str | None = None,
) -> Axes:  # fmt: skip
    """Draw the answers (n, K) of K networks over x (n,), and the distribution of the last ones.

    `references`: {label: answer} to compare with. `points`: {label: (x, answer)} to mark.
    """
    x, answers = validation.as_vector(x, "x"), validation.as_table(answers, None, "answers")
    if len(answers) != len(x):
        expected = f"({len(x)}, K), a row for each x"
        raise ValueError(f"answers must have shape {expected}; got {answers.shape}")
    ax = style.new_axes(ax)
    count = _draw_thin_lines(ax, x, answers)
    last = answers[-1]
    low, quarter, half, most, high = map(format_number, np.quantile(last, [0, 0.25, 0.5, 0.75, 1]))
    many = format_count(len(last), "network")
    facts = [f"{many} at {names[0]} {format_number(x[-1])}: {names[1]} from {low} to {high},"]
    facts.append(f"half of them between {quarter} and {most}, median {half}.")
    for label, value in (references or {}).items():
        ax.axhline(value, color=colours.ACCENT, linewidth=1.4)
        text = f"{label} {format_number(value)}"
        style.note(ax, text, (x[-1], value), (-6, 6), **style.ON_CARD)
        facts.append(f"{label}: {format_number(value)}.")
    facts += style.mark_points(ax, points, names)
    ax.set(xlabel=names[0], ylabel=names[1])
    ax.margins(x=0)
    side = ax.inset_axes([1.02, 0, 0.16, 1], sharey=ax)
    side.hist(last, bins=16, orientation="horizontal", color=INK, rwidth=0.9)
    side.axis("off")
    for value, step in ((last.max(), 5), (last.min(), -5)):
        style.note(side, format_number(value), (0, value), (2, step), ha="left")
    return style.finish(ax, title, " ".join(facts), count)


@validates_settings
def violins(
    layers: dict[str, ArrayLike], *, names: Sequence[str] = ("layer", "activation"),
    ax: Axes | None = None, title: str | None = None,
) -> Axes:  # fmt: skip
    """Draw the distribution of the numbers of each layer, {layer: array}, as upright histograms.

    All have the same bins; each is as wide as its fullest bin allows.
    """
    layers = as_vectors(layers, "layers")
    arrays = {[*layers][k]: [*layers.values()][k] for k in evenly_spaced(len(layers), MAX_LAYERS)}
    every = np.concatenate([*arrays.values()])
    low, high = every.min(), every.max()
    if low < 0 < high:
        low, high = -max(-low, high), max(-low, high)  # so that 0 is in the middle of a bin
    room = 0.02 * (high - low) or 1.0
    edges = np.linspace(low - room, high + room, 52)
    ax = style.new_axes(ax)
    for place, values in enumerate(arrays.values()):
        counts, _ = np.histogram(values, edges)
        half = 0.43 * np.append(counts, 0) / counts.max()
        filled = (half > 0) | (np.roll(half, 1) > 0)  # both edges of each bin that isn't empty
        fill = {"step": "post", "color": INK, "linewidth": 0}
        ax.fill_betweenx(edges, place - half, place + half, where=filled, **fill)
    step = -(-len(arrays) // 7)  # else the names touch where three panels share the width
    ax.set_xticks(range(len(arrays))[::-step], [*arrays][::-step])
    ax.set(xlabel=names[0], ylabel=names[1], ylim=edges[[0, -1]])
    ax.grid(axis="x", visible=False)
    deviations = [f"{name}: {format_number(values.std())}" for name, values in arrays.items()]
    facts = f"{span(names[1], every)}. Standard deviation by {names[0]}: {', '.join(deviations)}."
    return style.finish(ax, title, facts, (len(arrays), len(layers), f"{names[0]}s"))


def _as_runs(costs, labels) -> tuple[list[np.ndarray], list[str]]:
    """Return validated runs and their labels, "" for a single array of costs."""
    listed = isinstance(costs, (tuple, list))
    several = listed and any(isinstance(run, np.ndarray) and run.ndim for run in costs)
    if labels is None and not several:
        run = validation.as_floats(costs, "costs")
        if run.ndim not in (1, 2) or run.size == 0:
            expected = "(epochs + 1,) or (epochs + 1, K)"
            raise ValueError(f"costs must have shape {expected}; got {run.shape}")
        return [run], [""]
    if not isinstance(costs, Collection) or isinstance(costs, (str, bytes, dict)) or not len(costs):
        got = validation.describe(costs)
        raise TypeError(f"costs must be a list of runs, one for each of labels; got {got}")
    labels = as_texts(labels, "labels", len(costs))
    runs = [validation.as_floats(run, "costs") for run in costs]
    for run in runs:
        if run.ndim != 1 or run.size == 0:
            raise ValueError(f"costs must be a run for each of labels; got shape {run.shape}")
    return runs, labels


def _fall_in_words(run: np.ndarray) -> str:
    """Return what a run of costs, or a stack of runs, does."""
    first, last = run[0], run[-1][np.isfinite(run[-1])]
    ends = map(format_number, (last.min(), last.max())) if last.size else ["no finite number"]
    many = f" in {format_count(run.shape[1], 'network')}" if run.ndim == 2 else ""
    end = f"{' to '.join(dict.fromkeys(ends))} after {format_count(len(run) - 1, 'epoch')}{many}"
    return f"Cost {format_number(first.max())} at the start, {end}."


def _draw_thin_lines(ax: Axes, x: np.ndarray, lines: np.ndarray) -> tuple[int, int, str]:
    """Draw lines (n, K) over x (n,), one for each network; return how many are drawn."""
    shown = evenly_spaced(lines.shape[1], MAX_THIN_LINES)
    ax.plot(x, lines[:, shown], color=INK, alpha=0.35, linewidth=1)
    return len(shown), lines.shape[1], "networks"


def _line(index: int) -> dict:
    """Return the colour of a line, and other dashes for each round through the colours."""
    dashes = ("-", "--", ":")[index // len(SERIES)]
    return {"color": SERIES[index % len(SERIES)], "linestyle": dashes}
