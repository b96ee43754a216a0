"""The pictures of the course. Every function draws on `ax`, or on a figure of its own, and returns the Axes.

Blue and solid is positive, orange and dashed negative; width is size; magenta means "look here".
`ax.get_label()` holds the picture in words; notebooks show it as alternative text. `names` are the
axes' names, across and up. Importing this module switches on the style `nnlib.mplstyle`, and in a
notebook the display of figures with their descriptions; it changes nothing else.
"""

import matplotlib.pyplot as plt
import numpy as np

from nnlib import _doors, _figures, colours
from nnlib._diagrams import chain, matrices, network_diagram, neuron
from nnlib._figures import axes, end_labels, finish, listed, number, signed
from nnlib.activations import ACTIVATIONS

__all__ = [
    "activation",
    "chain",
    "cost_curve",
    "cost_surface",
    "curves",
    "decision_boundary",
    "fan",
    "heat_map",
    "houses",
    "matrices",
    "network_diagram",
    "neuron",
    "panels",
    "predictions",
    "tangent",
]

_figures.use()


def panels(count):
    """`count` Axes side by side in one figure, for the `ax` of the other functions."""
    count = _doors.whole(count, "count", least=1)
    return plt.figure(figsize=(8, 3.6 if count < 3 else 3)).subplots(1, count, squeeze=False)[0]


def activation(function, *, at=None, slope=False, z_range=(-8, 8), ax=None, title=None):
    """The curve a = f(z) of an activation, given by name or as a function of an array.

    `at`: values of z to mark, or {label: z}. `slope=True` adds the derivative f'(z).
    """
    name = function if isinstance(function, str) else getattr(function, "__name__", "f")
    if isinstance(function, str):
        function = ACTIVATIONS[_doors.choice(function, ACTIVATIONS, "function")].forward
    z = np.linspace(*z_range, 401)
    a = _evaluated(function, z, name)
    ax = axes(ax, (7, 3.6))
    ax.axvline(0, color=colours.FAINT, linewidth=0.8)
    ax.plot(z, a, color=colours.INK)
    ends = [(z[-1], a[-1], f"{name}(z)", colours.INK)]
    facts = f"{name}(z) for z from {number(z[0])} to {number(z[-1])}, values {number(a[0])} to {number(a[-1])}."
    if slope:
        steepness = np.gradient(a, z)
        ax.plot(z, steepness, color=_figures.SERIES[1], linestyle="-.")
        ends.append((z[-1], steepness[-1], f"slope of {name}", _figures.SERIES[1]))
        facts += f" Its slope is {number(steepness.max())} at most."
    at = {} if at is None else at
    marks = at if isinstance(at, dict) else {"": at}
    for label, zs in marks.items():
        for point in np.ravel(_doors.finite(zs, "at")):
            value = float(_evaluated(function, np.array([point]), name)[0])
            _mark(ax, point, value, f"{label}\n" * bool(label) + f"a = {signed(value)}")
            facts += f" {label or 'Marked'}: z = {number(point)} gives a = {number(value)}."
    ax.set(xlabel="z", ylabel="a", xlim=z_range)
    ax.margins(y=0.12)
    end_labels(ax, ends)
    return finish(ax, title, facts)


def tangent(function, at, *, values, slope=None, run=1.0, names=("w", "J"), ax=None, title=None):
    """The curve of a function of one number, and its tangent at `at` with rise over `run`.

    `slope` None takes the central difference, so a wrong slope of the learner's shows as a miss.
    """
    values, at = _doors.finite(values, "values"), _doors.number(at, "at")
    height = _called(function, at)
    if slope is None:
        slope = (_called(function, at + 1e-5) - _called(function, at - 1e-5)) / 2e-5
    slope = _doors.number(slope, "slope")
    curve = np.array([_called(function, value) for value in values])
    rise, reach = slope * run, np.array([-1.0, 1.6]) * abs(run)
    ax = axes(ax, (7, 3.8))
    ax.plot(values, curve, color=colours.INK)
    ax.set_ylim(*_padded(curve))
    ax.plot(at + reach, height + slope * reach, **_figures.line(slope, np.inf) | {"linewidth": 2})
    ax.plot([at, at + run, at + run], [height, height, height + rise], color=colours.FAINT, lw=1)
    ax.annotate(
        f"run {signed(run)}",
        (at + run / 2, height),
        (0, -8 if slope >= 0 else 8),
        ha="center",
        va="top" if slope >= 0 else "bottom",
        textcoords="offset points",
        color=colours.FAINT,
    )
    ax.annotate(f"rise {signed(rise)}", (at + run, height + rise / 2), (6, 0), va="center",
                textcoords="offset points", color=colours.FAINT)  # fmt: skip
    _mark(ax, at, height, f"slope {signed(slope)}")
    ax.set(xlabel=names[0], ylabel=names[1])
    return finish(ax, title, (
        f"{names[1]} against {names[0]} from {number(values[0])} to {number(values[-1])}; at {names[0]} = "
        f"{number(at)}, {names[1]} = {number(height)} and the slope is {number(slope)}."
    ))  # fmt: skip


def curves(x, lines, *, points=None, names=("x", "y"), log="", ax=None, title=None):
    """Lines over the same x (n,), from {label: y (n,)}, each with its label at its end.

    `points`: {label: (x, y)} to mark. `log`: the axes with a logarithmic scale, "", "x", "y" or "xy".
    """
    x = _doors.finite(x, "x")
    ax = axes(ax)
    ax.set_xscale("log" if "x" in log else "linear")
    ax.set_yscale("log" if "y" in log else "linear")
    ax.set(xlabel=names[0], ylabel=names[1])
    facts, ends = (
        [f"{names[1]} against {names[0]} from {number(x.min())} to {number(x.max())}."],
        [],
    )
    for i, (label, y) in enumerate(lines.items()):
        y = _doors.floats(y, label)
        if y.shape != x.shape or x.ndim != 1:
            raise ValueError(f"{label} must have the shape of x, (n,); got {y.shape} for {x.shape}")
        colour = _figures.SERIES[i % len(_figures.SERIES)]
        ax.plot(x, y, color=colour)
        drawn = np.flatnonzero(np.isfinite(y))
        if len(drawn) == 0:
            facts.append(f"{label}: no finite number.")
            continue
        last = drawn[-1]
        ends.append((x[last], y[last], label, colour))
        facts.append(f"{label}: from {number(y[drawn[0]])} to {number(y[last])}.")
    for label, (across, up) in (points or {}).items():
        _mark(ax, across, up, label)
        facts.append(f"{label} at {names[0]} {number(across)}, {names[1]} {number(up)}.")
    ax.margins(x=0)
    end_labels(ax, ends)
    return finish(ax, title, " ".join(facts))


def cost_curve(costs, *, labels=None, log=False, ax=None, title=None):
    """The cost after 0, 1, 2, … epochs: costs (epochs + 1,), or a list of such runs with `labels`.

    A stack's costs (epochs + 1, K) without labels is drawn as K thin lines.
    """
    runs = (
        [np.asarray(run, dtype=float) for run in costs]
        if labels
        else [_doors.floats(costs, "costs")]
    )
    if labels and len(labels) != len(runs):
        raise ValueError(
            f"labels must name each of the {len(runs)} runs in costs; got {len(labels)}"
        )
    ax = axes(ax)
    ax.set_yscale("log" if log else "linear")
    ax.set(xlabel="epoch", ylabel="cost J" + " (logarithmic)" * log)
    facts, ends = [], []
    for i, run in enumerate(runs):
        colour = _figures.SERIES[i % len(_figures.SERIES)] if labels else colours.INK
        if run.ndim == 1:
            ax.plot(run, color=colour)
            run = run[:, np.newaxis]
        elif run.ndim == 2 and not labels:
            ax.plot(run, color=colour, alpha=0.35, linewidth=1)
        else:
            raise ValueError(
                f"costs must have shape (epochs + 1,) or (epochs + 1, K); got {run.shape}"
            )
        finals = run[-1][np.isfinite(run[-1])]
        last = (
            " to ".join(dict.fromkeys(map(number, (finals.min(), finals.max()))))
            if len(finals)
            else "no number"
        )
        many = f" in {run.shape[1]} networks" * (run.shape[1] > 1)
        name = f"{labels[i]}: " if labels else ""
        facts.append(
            f"{name}cost {number(run[0].max())} at the start, {last} after {len(run) - 1:,} epochs{many}."
        )
        if len(finals) and run.shape[1] == 1:
            ends.append(
                (len(run) - 1, finals[0], labels[i] if labels else signed(finals[0]), colour)
            )
    if not log:
        ax.set_ylim(bottom=0)
    ax.margins(x=0)
    end_labels(ax, ends)
    return finish(ax, title, " ".join(facts))


def cost_surface(
    cost, w1_values, w2_values, *, path=None, arrows=None, names=("w1", "w2"), ax=None, title=None
):
    """The landscape of `cost(w1, w2)`, a function of two numbers, as contours; white is low.

    `path` (steps, 2): points on the way down. `arrows`: tuples (w1, w2, step in w1, step in w2).
    """
    w1, w2 = _doors.finite(w1_values, "w1_values"), _doors.finite(w2_values, "w2_values")
    J = np.array([[_called(cost, a, b) for a in w1] for b in w2])
    ax = axes(ax, (6.4, 4.8))
    ax.grid(False)
    ax.contourf(w1, w2, J, levels=14, cmap=_figures.COST)
    lines = ax.contour(w1, w2, J, levels=14, colors=colours.FAINT, linewidths=0.5)
    ax.clabel(lines, lines.levels[::2], fontsize=9, colors=colours.INK)
    row, column = np.unravel_index(J.argmin(), J.shape)
    low = w1[column], w2[row]
    ax.plot(*low, "o", color="white", markeredgecolor=colours.INK)
    ax.annotate(f"lowest: {signed(J.min())}", low, (0, 8), textcoords="offset points", ha="center")
    facts = (
        f"Cost over {names[0]} from {number(w1[0])} to {number(w1[-1])} and {names[1]} from {number(w2[0])} to "
        f"{number(w2[-1])}: lowest {number(J.min())} at ({listed(low)}), highest {number(J.max())}."
    )
    if path is not None:
        path = _doors.samples(path, 2, "path")
        ax.plot(*path.T, "-", color=colours.ACCENT, marker=".", markersize=6, linewidth=1.4)
        ax.plot(*path[-1], "o", color=colours.ACCENT)
        ends = [_called(cost, *path[i]) for i in (0, -1)]
        facts += (f" A path of {len(path) - 1} steps from ({listed(path[0])}), cost {number(ends[0])}, "
                  f"to ({listed(path[-1])}), cost {number(ends[1])}.")  # fmt: skip
    for a, b, da, db in _doors.samples(arrows, 4, "arrows") if arrows is not None else ():
        ax.annotate(
            "", (a + da, b + db), (a, b), arrowprops={"arrowstyle": "-|>", "color": colours.ACCENT}
        )
        facts += f" Arrow at ({listed([a, b])}): ({listed([da, db])})."
    ax.set(xlabel=names[0], ylabel=names[1], xlim=w1[[0, -1]], ylim=w2[[0, -1]])
    return finish(ax, title, facts)


def houses(
    X, y=None, *, question=None, box=None, names=("bedrooms", "quality"), ax=None, title=None
):
    """Samples X (m, 2) as dots with their targets y (m, 1) beside them, on axes from 0.

    `question`: a place (across, up) to ask about. `box`: the corner of the training range from 0.
    """
    X = _doors.samples(X, 2, "X")
    ax = axes(ax, (6, 4))
    facts = []
    if box is not None:
        ax.add_patch(plt.Rectangle((0, 0), *box, facecolor=colours.NEUTRAL, zorder=0))
        facts.append(f"The training range is 0 to {number(box[0])} by 0 to {number(box[1])}.")
    ax.plot(*X.T, "o", color=colours.INK)
    texts = (
        [""] * len(X) if y is None else [signed(value) for value in np.ravel(_doors.finite(y, "y"))]
    )
    for point, text in zip(X, texts, strict=True):
        ax.annotate(text, point, (7, 5), textcoords="offset points")
        facts.append(
            f"{names[0]} {number(point[0])}, {names[1]} {number(point[1])}"
            + f": {text}" * bool(text)
            + "."
        )
    across, up = np.vstack([X, [box or (0, 0)], [question or (0, 0)]]).max(axis=0)
    ax.set(xlabel=names[0], ylabel=names[1], xlim=(0, 1.15 * across), ylim=(0, 1.18 * up))
    if question is not None:
        _mark(ax, *question, "?")
        facts.append(
            f"The question: {names[0]} {number(question[0])}, {names[1]} {number(question[1])}."
        )
    return finish(ax, title, " ".join(facts))


def heat_map(function, x1_range, x2_range, *, level=0.0, names=("x1", "x2"), ax=None, title=None):
    """The output of `function` (m, 2) -> (m, 1) over two inputs: blue above `level`, orange below."""
    x1, x2 = np.linspace(*x1_range, 121), np.linspace(*x2_range, 121)
    grid = np.stack(np.meshgrid(x1, x2), axis=-1)
    out = _doors.finite(function(grid.reshape(-1, 2)), "the output of function")
    if out.size != len(x1) * len(x2):
        raise ValueError(
            f"function must return (m, 1) for an input (m, 2); got {out.shape} for ({len(x1) * len(x2)}, 2)"
        )
    out = out.reshape(len(x2), len(x1))
    ax = axes(ax, (6, 4.4))
    ax.grid(False)
    far = max(np.abs(out - level).max(), 1e-9)
    if level or 0 <= out.min() <= out.max() <= 1:
        far = max(far, 1 - level)
    image = ax.pcolormesh(
        x1,
        x2,
        out,
        cmap=_figures.SIGNED,
        vmin=level - far * 1.5,
        vmax=level + far * 1.5,
        rasterized=True,
    )
    image.set_edgecolor("face")
    lines = ax.contour(x1, x2, out, levels=6, colors=colours.INK, linewidths=0.5)
    ax.clabel(lines, fontsize=9)
    ax.set(xlabel=names[0], ylabel=names[1])
    return finish(
        ax,
        title,
        f"Output over {names[0]} {number(x1[0])} to {number(x1[-1])} and {names[1]} {number(x2[0])} "
        f"to {number(x2[-1])}: from {number(out.min())} to {number(out.max())}.",
    )


def decision_boundary(function, X, y, *, level=0.5, names=("x1", "x2"), ax=None, title=None):
    """Samples X (m, 2) of two classes y (m, 1) over what `function` (m, 2) -> (m, 1) says everywhere.

    The line is where it says `level`. Class 1 is blue and round, class 0 orange and square.
    """
    X = _doors.samples(X, 2, "X")
    y = np.ravel(_doors.samples(y, 1, "y")) > level
    pad = 0.12 * np.ptp(X, axis=0)
    x1, x2 = (
        np.linspace(*pair, 161)
        for pair in zip(X.min(axis=0) - pad, X.max(axis=0) + pad, strict=True)
    )
    grid = np.stack(np.meshgrid(x1, x2), axis=-1).reshape(-1, 2)
    out = _doors.finite(function(grid), "the output of function").reshape(len(x2), len(x1))
    ax = axes(ax, (6, 4.4))
    ax.grid(False)
    ax.pcolormesh(
        x1, x2, out, cmap=_figures.SIGNED, vmin=level - 1, vmax=level + 1, rasterized=True
    )
    if out.min() < level < out.max():
        ax.contour(x1, x2, out, levels=[level], colors=colours.INK, linewidths=1.6)
    for members, marker, colour in ((y, "o", colours.POSITIVE), (~y, "s", colours.NEGATIVE)):
        ax.plot(
            *X[members].T, marker, color=colour, markersize=6, markeredgecolor="white", linestyle=""
        )
    ax.set(xlabel=names[0], ylabel=names[1])
    right = int(((np.ravel(function(X)) > level) == y).sum())
    return finish(
        ax,
        title,
        f"{len(X)} samples, {int(y.sum())} of class 1; {right} lie on the right side of the boundary.",
    )


def predictions(y_hat, y, *, names=None, unit="", ax=None, title=None):
    """The prediction ŷ (m, 1) of each sample and the truth y (m, 1), joined by the error."""
    y_hat = _doors.samples(y_hat, 1, "y_hat")
    y = _doors.targets(y, y_hat)
    names = names or [f"sample {i}" for i in range(1, len(y) + 1)]
    ax = axes(ax, (7, 1.3 + 0.45 * len(y)))
    facts = []
    for row, (name, guess, truth) in enumerate(zip(names, y_hat[:, 0], y[:, 0], strict=True)):
        ax.plot(
            [guess, truth], [row, row], **_figures.line(guess - truth, np.inf) | {"linewidth": 2.5}
        )
        ax.plot(guess, row, "o", color=colours.of_sign(guess - truth))
        ax.plot(truth, row, "D", color=colours.INK, markersize=7)
        left = guess < truth
        for value, text, here in ((guess, "predicted ", left), (truth, "true ", not left)):
            ax.annotate((text if row == 0 else "") + signed(value), (value, row), (-9 if here else 9, 0),
                        ha="right" if here else "left", va="center", textcoords="offset points")  # fmt: skip
        facts.append(f"{name}: predicted {number(guess)}, true {number(truth)}.")
    ax.set_yticks(range(len(y)), names)
    ax.set(ylim=(len(y) - 0.4, -0.6), xlabel=unit)
    ax.margins(x=0.25)
    ax.grid(axis="y", visible=False)
    return finish(ax, title, " ".join(facts))


def fan(epochs, answers, *, known=None, unit="answer", ax=None, title=None):
    """Answers (len(epochs), K) of K networks as they train, and where the last ones lie.

    `known`: {label: value} of other answers to compare with.
    """
    epochs, answers = _doors.finite(epochs, "epochs"), _doors.finite(answers, "answers")
    if answers.ndim != 2 or len(answers) != len(epochs):
        raise ValueError(
            f"answers must have shape ({len(epochs)}, K), a row an epoch; got {answers.shape}"
        )
    last = answers[-1]
    ax = axes(ax)
    ax.plot(epochs, answers, color=colours.INK, alpha=0.25, linewidth=1)
    side = ax.inset_axes([1.02, 0, 0.16, 1], sharey=ax)
    side.hist(last, bins=16, orientation="horizontal", color=colours.FAINT)
    side.axis("off")
    facts = (
        f"{len(last)} networks after {number(epochs[-1])} epochs: {unit} from {number(last.min())} to "
        f"{number(last.max())}, half of them between {number(np.quantile(last, 0.25))} and {number(np.quantile(last, 0.75))}."
    )
    for label, value in (known or {}).items():
        ax.axhline(value, color=colours.ACCENT, linewidth=1.4)
        ax.annotate(f"{label} {signed(value)}", (0.01, value), (0, 3), xycoords=("axes fraction", "data"),
                    textcoords="offset points", color=colours.ACCENT)  # fmt: skip
        facts += f" {label}: {number(value)}."
    ax.set(xlabel="epoch", ylabel=unit)
    ax.margins(x=0)
    return finish(ax, title, facts)


def _called(function, *arguments):
    """The number that a function of numbers gives."""
    return float(
        np.squeeze(_doors.finite(function(*map(float, arguments)), "the function's value"))
    )


def _evaluated(function, z, name):
    a = _doors.finite(function(z), f"{name}(z)")
    if a.shape != z.shape:
        raise ValueError(f"{name}(z) must have the shape of z, {z.shape}; got {a.shape}")
    return a


def _mark(ax, x, y, text):
    """A dot that says: look here."""
    ax.plot(x, y, "o", color=colours.ACCENT, zorder=5)
    ax.annotate(text, (x, y), (8, 6), textcoords="offset points", color=colours.ACCENT, zorder=6)


def _padded(values):
    spread = np.ptp(values) or 1.0
    return values.min() - 0.12 * spread, values.max() + 0.12 * spread
