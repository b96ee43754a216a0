"""The pictures of the course. Each function draws on `ax`, or a new figure, and returns the Axes.

Blue and solid is positive, orange and dashed negative; width is size; magenta says "look here".
`names` are those of the axes, (across, up). `ax.get_label()` is the picture in words, in notebooks
its alternative text. Importing this module switches on the style `nnlib.mplstyle` and, in a
notebook, the display of every figure with its description; it changes nothing else.
"""

import matplotlib.pyplot as plt
import numpy as np

from nnlib import _figures, _validation, colours
from nnlib._diagrams import chain, matrices, network_diagram, neuron
from nnlib._figures import SERIES, axes, end_labels, finish, line, mark, note, number, signed
from nnlib._landscapes import cost_surface, decision_boundary, descent, heat_map, tangent
from nnlib._samples import against, images, scatter, strips
from nnlib.activations import ACTIVATIONS

__all__ = [
    "activation",
    "against",
    "chain",
    "cost_curve",
    "cost_surface",
    "curves",
    "decision_boundary",
    "descent",
    "fan",
    "heat_map",
    "houses",
    "images",
    "matrices",
    "network_diagram",
    "neuron",
    "panels",
    "predictions",
    "scatter",
    "spreads",
    "strips",
    "tangent",
]

_figures.use()


def panels(count, *, rows=1):
    """`count` Axes in one figure, in at most `rows`, each for the `ax` of another function."""
    count, rows = (
        _validation.as_int(count, "count", at_least=1),
        _validation.as_int(rows, "rows", at_least=1),
    )
    columns = -(-count // rows)
    rows = -(-count // columns)
    height = 2.7 if rows > 1 else 3.6 if columns < 3 else 3
    figure = plt.figure(figsize=(8, height * rows))
    places = figure.subplots(rows, columns, squeeze=False).ravel()
    for spare in places[count:]:
        spare.remove()
    return places[:count]


def activation(function, *, at=None, slope=False, z_range=(-8, 8), ax=None, title=None):
    """The curve a = f(z) of an activation, given by its name or as a function of an array.

    `at`: values of z to mark, or {label: z}. `slope=True` adds the derivative f'(z).
    """
    name = function if isinstance(function, str) else getattr(function, "__name__", "f")
    if isinstance(function, str):
        function = ACTIVATIONS[_validation.as_choice(function, ACTIVATIONS, "function")].forward
    _validation.as_function(function, "function")
    z = np.linspace(*z_range, 401)
    a = _evaluated(function, z, name)
    ax = axes(ax, (7, 3.6))
    ax.axvline(0, color=colours.FAINT, linewidth=0.8)
    ax.plot(z, a, color=colours.INK)
    ends = [(z[-1], a[-1], f"{name}(z)", colours.INK)]
    facts = f"a = {name}(z) for z from {number(z[0])} to {number(z[-1])}."
    if slope:
        steepness = np.gradient(a, z)
        ax.plot(z, steepness, color=SERIES[1], linestyle="-.")
        ends.append((z[-1], steepness[-1], f"slope of {name}", SERIES[1]))
        facts += f" Its slope is at most {steepness.max():.2f}."
    ax.set(xlabel="z", ylabel="a", xlim=z_range)
    ax.margins(y=0.12 if at is None else 0.2)
    end_labels(ax, ends)
    return finish(ax, title, facts + _marked(ax, function, name, at))


def curves(x, lines, *, points=None, names=("x", "y"), log="", ax=None, title=None):
    """Lines over the same x (n,), {label: y (n,)}, each with its label at its end.

    `points`: {label: (x, y)} to mark. `log`: the logarithmic axes, "", "x", "y" or "xy".
    """
    x = _validation.as_vector(x, "x")
    _validation.as_labelled(lines, "lines")
    ax = axes(ax)
    facts, ends = [f"{names[1]} over {names[0]} from {number(x.min())} to {number(x.max())}."], []
    for i, (label, y) in enumerate(lines.items()):
        y = _validation.as_floats(y, label)
        if y.shape != x.shape:
            raise ValueError(f"{label} must have the shape of x, {x.shape}; got {y.shape}")
        colour = SERIES[i % len(SERIES)]
        drawn = _has_place(y, "y" in log)
        ax.plot(x, np.where(drawn, y, np.nan), color=colour)
        if drawn.any():
            first, last = np.where(drawn, x, np.inf).argmin(), np.where(drawn, x, -np.inf).argmax()
            ends.append((x[last], y[last], label, colour))
            values = f": from {number(y[first])} to {number(y[last])}" if "y" not in log else ""
            facts.append(f"{label}{values}.")
    facts += _points(ax, points, names)
    ax.set(xlabel=names[0], ylabel=names[1])
    ax.margins(x=0)
    for axis in (getattr(ax, f"{letter}axis") for letter in log):
        _figures.logarithmic(axis)
    end_labels(ax, ends)
    return finish(ax, title, " ".join(facts))


def cost_curve(costs, *, labels=None, levels=None, log=False, ax=None, title=None):
    """The cost after 0, 1, 2, … epochs: costs (epochs + 1,), or a list of such runs with `labels`.

    (epochs + 1, K) without labels is K thin lines. `levels`: {label: cost} to compare with.
    """
    several = labels or (isinstance(costs, (tuple, list)) and any(map(_is_run, costs)))
    runs = list(costs) if several else [costs]
    if several and len(labels or ()) != len(runs):
        got = f"{len(labels)} labels" if labels else None
        raise ValueError(f"labels must name each of the {len(runs)} runs in costs; got {got}")
    ax = axes(ax)
    facts, ends = [], []
    for i, run in enumerate(runs):
        run = _validation.as_floats(run, "costs")
        if run.ndim not in ((1,) if labels else (1, 2)) or run.size == 0:
            wanted = "(epochs + 1,) each" if labels else "(epochs + 1,) or (epochs + 1, K)"
            raise ValueError(f"costs must have shape {wanted}; got {run.shape}")
        colour = SERIES[i % len(SERIES)] if labels else colours.INK
        thin = {"alpha": 0.35, "linewidth": 1} if run.ndim == 2 else {}
        drawn = _has_place(run, log)
        ax.plot(np.where(drawn, run, np.nan), color=colour, **thin)
        facts.append((f"{labels[i]}: " if labels else "") + _fall(run))
        known = np.flatnonzero(drawn) if run.ndim == 1 else ()
        if len(known):
            label = labels[i] if labels else signed(run[known[-1]])
            ends.append((known[-1], run[known[-1]], label, colour))
    for label, cost in (levels or {}).items():
        ax.axhline(cost, color=colours.FAINT, linewidth=1, linestyle=(0, (4, 3)))
        ends.append((ax.get_xlim()[1], cost, label, colours.FAINT))
        facts.append(f"{label}: cost {number(cost)}.")
    ax.set(xlabel="epoch", ylabel="cost J")
    ax.margins(x=0)
    if log:
        _figures.logarithmic(ax.yaxis)
    else:
        ax.set_ylim(bottom=0)
    end_labels(ax, ends)
    return finish(ax, title, " ".join(facts))


def houses(
    X, y=None, *, question=None, box=None, names=("bedrooms", "quality"), ax=None, title=None
):  # fmt: skip
    """Samples X (m, 2) as dots with their targets y (m, 1) beside them, on axes from 0.

    `question`: a place (across, up) to ask about. `box`: the corner of the training range from 0.
    """
    X = _validation.as_table(X, 2, "X")
    texts = (
        [""] * len(X)
        if y is None
        else [signed(v) for v in _validation.as_targets(y, X[:, :1])[:, 0]]
    )
    ax = axes(ax, (6, 4))
    facts = []
    if box is not None:
        ax.add_patch(plt.Rectangle((0, 0), *box, facecolor=colours.NEUTRAL, zorder=0))
        note(ax, "training range", (0, box[1]), (6, -5), color=colours.FAINT, fontsize=9)
        facts.append(f"The training range is 0 to {number(box[0])} by 0 to {number(box[1])}.")
    ax.plot(*X.T, "o", color=colours.INK)
    for point, text in zip(X, texts):
        note(ax, text, point, (7, 4))
        facts.append(_place(names, point) + f": {text}" * bool(text) + ".")
    farthest = np.vstack([X, [box or (0, 0)], [question or (0, 0)]]).max(axis=0)
    ax.set(xlabel=names[0], ylabel=names[1])
    farthest = np.where(farthest > 0, farthest, 1.0)
    ax.set(xlim=(0, 1.18 * farthest[0]), ylim=(0, 1.18 * farthest[1]))
    if question is not None:
        ax.plot(*question, "o", color=colours.ACCENT, markersize=17)
        style = {"color": "white", "fontsize": 12, "fontweight": "bold", "path_effects": []}
        note(ax, "?", question, (0, 0), **style)
        facts.append(f"The question is {_place(names, question)}.")
    return finish(ax, title, " ".join(facts))


def predictions(y_hat, y, *, before=None, names=None, unit="", ax=None, title=None):
    """The prediction ŷ (m, 1) of each sample and its truth y (m, 1), joined by the error.

    `before` (m, 1): an earlier prediction, drawn hollow. `names`: of the samples.
    """
    y_hat = _validation.as_table(y_hat, 1, "y_hat")
    y = _validation.as_targets(y, y_hat)
    old = y_hat if before is None else _validation.as_targets(before, y_hat, "before")
    names = names or [f"sample {i}" for i in range(1, len(y) + 1)]
    if len(names) != len(y):
        raise ValueError(f"names must name each of the {len(y)} samples; got {len(names)}")
    ax = axes(ax, (7, 1.3 + 0.45 * len(y)))
    facts = []
    for row, values in enumerate(zip(names, y_hat[:, 0], y[:, 0], old[:, 0])):
        facts.append(_dumbbell(ax, row, *values))
    ax.set_yticks(range(len(y)), names)
    ax.set(ylim=(len(y) - 0.4, -0.6), xlabel=unit)
    ax.margins(x=0.25)
    ax.grid(axis="y", visible=False)
    return finish(ax, title, " ".join(facts))


def fan(
    x, answers, *, known=None, points=None, names=("epoch", "answer"), ax=None, title=None
):  # fmt: skip
    """Answers (len(x), K) of K networks over x, such as epochs, and how the last ones are spread.

    `known`: {label: answer} to compare with. `points`: {label: (x, answer)} to mark.
    """
    x, answers = np.ravel(_validation.as_finite(x, "x")), _validation.as_finite(answers, "answers")
    if answers.ndim != 2 or len(answers) != len(x) or not answers.size:
        wanted = f"({len(x)}, K), a row for each x"
        raise ValueError(f"answers must have shape {wanted}; got {answers.shape}")
    ax = axes(ax)
    ax.plot(x, answers, color=colours.INK, alpha=0.25, linewidth=1)
    last = answers[-1]
    low, quarter, half, most, high = map(number, np.quantile(last, [0, 0.25, 0.5, 0.75, 1]))
    ends = f"{len(last)} networks at {names[0]} {number(x[-1])}: {names[1]} from {low} to {high}"
    facts = [f"{ends}, half of them between {quarter} and {most}, median {half}."]
    for label, value in (known or {}).items():
        ax.axhline(value, color=colours.ACCENT, linewidth=1.4)
        text = f"{label} {signed(value)}"
        note(ax, text, (x[-1], value), (-2, 4), color=colours.ACCENT)
        facts.append(f"{label}: {number(value)}.")
    facts += _points(ax, points, names)
    ax.set(xlabel=names[0], ylabel=names[1])
    ax.margins(x=0)
    side = ax.inset_axes([1.02, 0, 0.16, 1], sharey=ax)
    side.hist(last, bins=16, orientation="horizontal", color=colours.FAINT, edgecolor="white")
    side.axis("off")
    for value, step in ((last.max(), 5), (last.min(), -5)):
        note(side, signed(value), (0, value), (2, step), ha="left")
    return finish(ax, title, " ".join(facts))


def spreads(layers, *, names=("layer", "activation"), ax=None, title=None):
    """How the numbers of each layer are spread: {layer: array} as histograms, one beside the other.

    All are counted in the same steps; each is as wide as its fullest step allows.
    """
    _validation.as_labelled(layers, "layers")
    arrays = {
        name: np.ravel(_validation.as_finite(a, f"layer {name}")) for name, a in layers.items()
    }
    arrays = {name: _validation.as_vector(array, f"layer {name}") for name, array in arrays.items()}
    every = np.concatenate(list(arrays.values()))
    low, high = every.min(), every.max()
    if low < 0 < high:
        low, high = -max(-low, high), max(-low, high)  # so that 0 is in the middle of a step
    room = 0.02 * (high - low) or 1.0
    edges = np.linspace(low - room, high + room, 52)
    ax = axes(ax)
    for place, values in enumerate(arrays.values()):
        counts, _ = np.histogram(values, edges)
        half = 0.43 * np.append(counts, 0) / counts.max()
        style = {"step": "post", "color": colours.FAINT, "linewidth": 0}
        filled = (half > 0) | (np.roll(half, 1) > 0)  # both edges of each step that is not empty
        ax.fill_betweenx(edges, place - half, place + half, where=filled, **style)
    step = 1 if len(arrays) < 8 else 2  # else the names touch where three panels share the width
    ax.set_xticks(range(len(arrays))[::-step], list(arrays)[::-step])
    ax.set(xlabel=names[0], ylabel=names[1], ylim=edges[[0, -1]])
    ax.grid(axis="x", visible=False)
    spread = ", ".join(f"{name}: {number(values.std())}" for name, values in arrays.items())
    facts = f"{names[1]} from {number(every.min())} to {number(every.max())}."
    return finish(ax, title, f"{facts} Standard deviation by {names[0]} is {spread}.")


def _is_run(costs):
    return isinstance(costs, np.ndarray) and costs.ndim > 0


def _has_place(values, logarithmic):
    """Which values have a place on an axis: the finite ones, on a logarithmic one those above 0."""
    return np.isfinite(values) & (values > 0) if logarithmic else np.isfinite(values)


def _evaluated(function, z, name):
    a = _validation.as_finite(function(z), f"{name}(z)")
    if a.shape != z.shape:
        raise ValueError(f"{name}(z) must have the shape of z, {z.shape}; got {a.shape}")
    return a


def _marked(ax, function, name, at):
    """Mark the curve at some z, each text lower than those to its right; that in words."""
    marks = at if isinstance(at, dict) else {"": () if at is None else at}
    points = [
        (z, float(_evaluated(function, np.array([z]), name)[0]), label)
        for label, zs in marks.items()
        for z in np.ravel(_validation.as_finite(zs, "at"))
    ]
    to_share, gap = _figures.shares(ax)
    low = np.inf
    for z, a, label in sorted(points, reverse=True):
        mark(ax, z, a)
        across, up = to_share((z, a))
        low = min(up - 0.09, low - gap)
        text = f"{label or f'z = {signed(z)}'}: a = {signed(a)}"
        _figures.lead(ax, text, (z, a), (across + 0.015, low), colours.ACCENT)
    return "".join(
        f" {label}: z = {number(z)} gives a = {number(a)}.".replace(" : ", " ")
        for z, a, label in points
    )


def _fall(run):
    """What a run of costs, or a stack of runs, does, in words."""
    first, last = run[0], run[-1][np.isfinite(run[-1])]
    ends = map(number, (last.min(), last.max())) if last.size else ["no finite number"]
    many = f" in {run.shape[1]} networks" if run.ndim == 2 else ""
    end = f"{' to '.join(dict.fromkeys(ends))} after {len(run) - 1:,} epochs{many}"
    return f"Cost {number(first.max())} at the start, {end}."


def _dumbbell(ax, row, name, guess, truth, old):
    """Draw one prediction, its truth and an earlier prediction; that in words."""
    ax.plot([guess, truth], [row, row], **line(guess - truth, np.inf) | {"linewidth": 2.5})
    ax.plot(guess, row, "o", color=colours.of_sign(guess - truth))
    ax.plot(truth, row, "D", color=colours.INK, markersize=7)
    side = -1 if guess < truth else 1
    first = row == 0
    note(ax, "predicted " * first + signed(guess), (guess, row), (9 * side, 0))
    note(ax, "true " * first + signed(truth), (truth, row), (-9 * side, 0))
    earlier = ""
    if old != guess:
        ax.plot(old, row, "o", markerfacecolor="white", color=colours.FAINT)
        text = "before " * first + signed(old)
        note(ax, text, (old, row), (0, 8), color=colours.FAINT, fontsize=9)
        earlier = f", before {number(old)}"
    return f"{name}: predicted {number(guess)}, true {number(truth)}{earlier}."


def _points(ax, points, names):
    """Mark points {label: (x, y)}; each in words."""
    for label, point in (points or {}).items():
        mark(ax, *point, label)
    return [f"{label}: {_place(names, point)}." for label, point in (points or {}).items()]


def _place(names, point):
    return f"{names[0]} {number(point[0])}, {names[1]} {number(point[1])}"
