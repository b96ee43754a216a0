"""Pictures of networks, neurons, chains of derivatives and matrices, drawn in inches. See nnlib.plots."""

import numpy as np
from matplotlib.patches import Circle, Polygon, Rectangle

from nnlib import _doors, colours
from nnlib._figures import axes, finish, line, listed, number, signed, tint
from nnlib.activations import sigmoid

RADIUS = 0.31
ROW = 1.12  # from node to node of a layer


def network_diagram(
    parameters,
    trace=None,
    gradients=None,
    *,
    sample=0,
    input_names=None,
    output_name=None,
    ax=None,
    title=None,
):
    """A network: weights as lines, nodes filled with the activations of one sample.

    `parameters`: pairs (W (n_in, n_out), b (1, n_out) or None). `trace`: a Trace, or a dict of the arrays
    known so far by their names (X, z2, a2, …, y_hat). `gradients`: pairs (dW, db), drawn hatched beside
    their weights. `sample`: the row of the trace. `output_name`: a string, or one an output node.
    """
    pairs, sizes = _pairs(parameters)
    slopes = _gradients(gradients, pairs)
    z, a = _values(trace, sizes, sample)
    columns, rows = len(sizes), max(sizes)
    gap = 2.6 if columns < 4 else 2.15
    place = [[(gap * k, ROW * ((n - 1) / 2 - i)) for i in range(n)] for k, n in enumerate(sizes)]
    left, right, high = -1.25, gap * (columns - 1) + 1.25, ROW * rows / 2
    ax = _canvas(ax, (left, right), (-high - 0.45, high + 0.12))
    for k, (W, b) in enumerate(pairs):
        dW, db = slopes[k] if slopes else (None, None)
        _weights(ax, place[k], place[k + 1], W, dW)
        for j, (x, y) in enumerate(place[k + 1]):
            known = (("b", b), ("∂b", db), ("z", z.get(k + 1)))
            texts = [f"{name} {signed(row[j])}" for name, row in known if row is not None]
            ax.text(
                x, y - RADIUS - 0.05, "\n".join(texts), ha="center", va="top", fontsize=9, zorder=5
            )
    for k, column in enumerate(place):
        known = a.get(k)
        largest = 1.0 if known is None else max(1.0, np.abs(known).max())
        for i, centre in enumerate(column):
            _node(
                ax,
                centre,
                "" if known is None else signed(known[i]),
                known is not None and known[i],
                largest,
            )
        role = "input" if k == 0 else "output" if k == columns - 1 else "hidden"
        ax.text(
            gap * k, -high - 0.42, f"{role} layer", ha="center", color=colours.FAINT, fontsize=9
        )
    inputs = input_names or [f"x{i}" for i in range(1, sizes[0] + 1)]
    outputs = [output_name] if isinstance(output_name, str) else output_name or _outputs(sizes[-1])
    for names, column, side, align in (
        (inputs, place[0], -1, "right"),
        (outputs, place[-1], 1, "left"),
    ):
        if len(names) != len(column):
            raise ValueError(
                f"there must be a name for each of {len(column)} nodes; got {len(names)}: {names}"
            )
        for (x, y), name in zip(column, names, strict=True):
            ax.text(x + side * (RADIUS + 0.1), y, name, ha=align, va="center")
    return finish(ax, title, _network_facts(sizes, pairs, slopes, z, a, sample))


def neuron(x, w, b, *, input_names=None, output_name=None, ax=None, title=None):
    """One sigmoid neuron at work: inputs x (n,) times weights w (n,), plus bias b, is z; sigmoid(z) is a."""
    x, w, b = (
        np.atleast_1d(_doors.finite(x, "x")),
        np.atleast_1d(_doors.finite(w, "w")),
        _doors.number(b, "b"),
    )
    if x.shape != w.shape or x.ndim != 1:
        raise ValueError(
            f"x and w must be lists of the same length; got shapes {x.shape} and {w.shape}"
        )
    z = float(x @ w + b)
    a = float(sigmoid(z))
    input_names = input_names or [f"x{i}" for i in range(1, len(x) + 1)]
    high = max(1.05, 0.55 * len(x))
    ax = _canvas(ax, (-1.35, 6.25), (-high - 0.1, high))
    heart, largest = (2.9, 0.0), max(1.0, np.abs(w).max())
    for i, name in enumerate(input_names):
        centre = (0.0, 1.1 * ((len(x) - 1) / 2 - i))
        _edge(ax, centre, heart, w[i], largest, f"× {signed(w[i])} = {signed(x[i] * w[i])}", 0.47)
        _node(ax, centre, signed(x[i]), x[i], max(1.0, np.abs(x).max()))
        ax.text(-RADIUS - 0.1, centre[1], name, ha="right", va="center")
    _edge(ax, (2.9, -1.15), heart, b, largest, f"bias {signed(b)}", 0.2)
    ax.annotate("", (4.62, 0), (3.3, 0), arrowprops={"arrowstyle": "-|>", "color": colours.INK})
    ax.text(3.93, 0.1, "sigmoid", ha="center", fontsize=9)
    _node(ax, heart, f"sum\nz = {signed(z)}", z, max(1.0, abs(z)), radius=0.47)
    _node(ax, (5.05, 0.0), f"a = {signed(a)}", a, 1.0, radius=0.43)
    ax.text(5.58, 0, output_name or "", va="center")
    steps = ", ".join(
        f"{name} {number(p)} times {number(q)}"
        for name, p, q in zip(input_names, x, w, strict=True)
    )
    return finish(
        ax,
        title,
        f"A neuron: {steps}, plus bias {number(b)}, gives z = {number(z)}; sigmoid gives a = {number(a)}.",
    )


def chain(names, values, slopes, gradients, *, ax=None, title=None):
    """A chain of numbers: on each arrow the local slope, below each node ∂(last)/∂(node).

    `names`, `values` and `gradients` have one entry a node, `slopes` one an arrow.
    """
    values, slopes, gradients = (
        np.ravel(_doors.finite(v, n))
        for v, n in ((values, "values"), (slopes, "slopes"), (gradients, "gradients"))
    )
    if not len(names) == len(values) == len(gradients) == len(slopes) + 1:
        raise ValueError("names, values and gradients must have one entry a node and slopes one less; got "
                         f"{len(names)}, {len(values)}, {len(gradients)} and {len(slopes)}")  # fmt: skip
    gap = 7.0 / max(4, len(names))
    ax = _canvas(ax, (-0.7, gap * (len(names) - 1) + 0.7), (-1.2, 0.75))
    largest = max(np.abs(gradients).max(), 1e-12)
    for k, (name, value, slope) in enumerate(zip(names, values, gradients, strict=True)):
        x = gap * k
        _node(ax, (x, 0), signed(value), value, max(1.0, abs(value)))
        ax.text(x, RADIUS + 0.1, name, ha="center", fontweight="bold")
        width = 0.12 + 0.6 * abs(slope) / largest
        ax.add_patch(Rectangle((x - width / 2, -0.68), width, 0.18, **_hatched(slope)))
        ax.text(
            x, -0.78, f"∂{names[-1]}/∂{name}\n{signed(slope)}", ha="center", va="top", fontsize=9
        )
    for k, slope in enumerate(slopes):
        ax.annotate(
            "",
            (gap * (k + 1) - RADIUS, 0),
            (gap * k + RADIUS, 0),
            arrowprops={"arrowstyle": "-|>", "color": colours.INK},
        )
        ax.text(
            gap * (k + 0.5),
            0.08,
            f"× {signed(slope)}",
            ha="center",
            fontsize=9,
            color=colours.of_sign(slope),
        )
    return finish(ax, title, (
        "A chain " + ", ".join(f"{n} = {number(v)}" for n, v in zip(names, values, strict=True))
        + f"; slopes along it {listed(slopes)}; "
        + ", ".join(f"∂{names[-1]}/∂{n} = {number(g)}" for n, g in zip(names, gradients, strict=True)) + "."
    ))  # fmt: skip


def matrices(*, operators="", row_names=None, column_names=None, ax=None, title=None, **arrays):
    """Arrays (rows, columns) as grids of coloured cells, e.g. matrices(X=X, W1=W1, z2=z2, operators="@=").

    `operators`: the signs between them. `row_names`, `column_names`: of the first array.
    """
    grids = {name: np.atleast_2d(_doors.finite(array, name)) for name, array in arrays.items()}
    if not grids or any(grid.ndim != 2 or grid.size == 0 for grid in grids.values()):
        raise ValueError("each array must have shape (rows, columns)")
    if operators and len(operators) != len(grids) - 1:
        raise ValueError(
            f"operators must hold {len(grids) - 1} signs, one between two arrays; got {operators!r}"
        )
    tall = max(len(grid) for grid in grids.values())
    start = x = 0.2 + 0.09 * max(map(len, row_names or [""]))
    width = start + sum(0.72 * grid.shape[1] + 0.5 for grid in grids.values())
    ax = _canvas(ax, (-0.1, width - 0.3), (-0.21 * tall - 0.62, 0.21 * tall + 0.5))
    for k, (name, grid) in enumerate(grids.items()):
        rows, columns = grid.shape
        top = 0.21 * rows
        for (i, j), value in np.ndenumerate(grid):
            corner = (x + 0.72 * j, top - 0.42 * (i + 1))
            ax.add_patch(
                Rectangle(
                    corner,
                    0.72,
                    0.42,
                    facecolor=tint(value, max(1.0, np.abs(grid).max())),
                    edgecolor="white",
                    lw=1.5,
                )
            )
            ax.text(
                corner[0] + 0.36,
                corner[1] + 0.2,
                signed(value),
                ha="center",
                va="center",
                fontsize=9,
            )
        ax.text(
            x + 0.36 * columns,
            -top - 0.1,
            f"{name} ({rows}, {columns})",
            ha="center",
            va="top",
            fontweight="bold",
        )
        for i, label in enumerate(row_names or () if k == 0 else ()):
            ax.text(x - 0.1, top - 0.42 * i - 0.21, label, ha="right", va="center", fontsize=9)
        for j, label in enumerate(column_names or () if k == 0 else ()):
            ax.text(x + 0.72 * j + 0.36, top + 0.06, label, ha="center", fontsize=9)
        x += 0.72 * columns + 0.5
        if k < len(operators):
            ax.text(x - 0.25, 0, operators[k], ha="center", va="center", fontsize=13)
    shown = f" {operators} "
    return finish(ax, title, f"Matrices{shown if operators else ' '}" + "; ".join(
        f"{name} {grid.shape[0]} by {grid.shape[1]}: [{listed(grid)}]" for name, grid in grids.items()) + ".")  # fmt: skip


def _canvas(ax, across, up):
    """An Axes without axes, whose units are inches when it has its own figure."""
    ax = axes(ax, (across[1] - across[0], up[1] - up[0] + 0.4))
    ax.set(xlim=across, ylim=up, aspect="equal")
    ax.axis("off")
    return ax


def _node(ax, centre, text, value, largest, radius=RADIUS):
    """A circle filled by its value (False: not known)."""
    face = "white" if value is False else tint(value, largest)
    ax.add_patch(
        Circle(centre, radius, facecolor=face, edgecolor=colours.INK, linewidth=1.2, zorder=3)
    )
    ax.text(*centre, text, ha="center", va="center", fontsize=9, zorder=4)


def _edge(ax, p, q, weight, largest, text, share, slope=None, steepest=1.0):
    """The line from p to q of one weight, its numbers at `share` of the way, its gradient hatched beside it."""
    p, q = np.array(p), np.array(q)
    if weight:
        ax.plot(*zip(p, q, strict=True), **line(weight, largest), zorder=1)
    if slope:
        along = (q - p) / np.hypot(*(q - p))
        aside = np.array([-along[1], along[0]])
        near, width = -0.06 * aside, (0.03 + 0.09 * abs(slope) / steepest) * aside
        start, end = p + along * (RADIUS + 0.05), q - along * (RADIUS + 0.05)
        ax.add_patch(
            Polygon(
                [start + near, end + near, end + near - width, start + near - width],
                **_hatched(slope),
                zorder=1,
            )
        )
    angle = np.degrees(np.arctan2(*(q - p)[::-1]))
    ax.text(*(p + share * (q - p)), text, rotation=0 if abs(angle) > 60 else angle, ha="center", va="center", fontsize=9, zorder=2,
            rotation_mode="anchor", linespacing=1.05, bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.92})  # fmt: skip


def _hatched(value):
    return {
        "facecolor": "white",
        "edgecolor": colours.of_sign(value),
        "hatch": "//////",
        "linewidth": 0.6,
    }


def _weights(ax, start, end, W, dW):
    """All lines between two layers; the numbers stand where they are farthest from each other."""
    taken = []
    for i, j in np.ndindex(W.shape):
        p, q = np.array(start[i]), np.array(end[j])
        shares = np.linspace(0.24, 0.72, 13)
        spots = p + shares[:, np.newaxis] * (q - p)
        room = [
            min([np.hypot(*((s - t) * (0.7, 1.4))) for t in taken], default=9.0)
            - 0.2 * abs(r - 0.5)
            for s, r in zip(spots, shares, strict=True)
        ]
        best = int(np.argmax(np.round(room, 6)))
        taken.append(spots[best])
        text = signed(W[i, j]) + ("" if dW is None else f"\n∂ {signed(dW[i, j])}")
        _edge(ax, p, q, W[i, j], max(1.0, np.abs(W).max()), text, shares[best],
              None if dW is None else dW[i, j], 1.0 if dW is None else max(np.abs(dW).max(), 1e-12))  # fmt: skip


def _pairs(parameters):
    """Checked [(W, b or None)] with b (n_out,), and the sizes of the layers."""
    pairs = []
    for k, layer in enumerate(parameters, start=1):
        if not isinstance(layer, (tuple, list)) or len(layer) != 2:
            raise ValueError(
                f"parameters must be pairs (W, b), such as ((W1, b1), (W2, b2)); layer {k} is no pair"
            )
        W = _doors.finite(layer[0], f"W{k}")
        if W.ndim != 2:
            raise ValueError(f"W{k} must have shape (n_in, n_out); got {W.shape}")
        if pairs and len(W) != pairs[-1][0].shape[1]:
            raise ValueError(
                f"W{k} must have {pairs[-1][0].shape[1]} rows, one for each node before it; got {W.shape}"
            )
        b = None if layer[1] is None else _doors.finite(layer[1], f"b{k}")
        if b is not None and b.shape not in ((1, W.shape[1]), (W.shape[1],)):
            raise ValueError(f"b{k} must have shape {(1, W.shape[1])}; got {b.shape}")
        pairs.append((W, None if b is None else b.ravel()))
    return pairs, (len(pairs[0][0]), *(W.shape[1] for W, _ in pairs))


def _gradients(gradients, pairs):
    """Checked [(dW, db or None)], or None."""
    if gradients is None:
        return None
    slopes, _ = _pairs(gradients)
    wanted, got = ([W.shape for W, _ in layers] for layers in (pairs, slopes))
    if wanted != got:
        raise ValueError(f"the dW in gradients must have the shapes of W, {wanted}; got {got}")
    return slopes


def _values(trace, sizes, sample):
    """Two dicts, column number -> row `sample` of z and of a, of what the trace knows."""
    known = {}
    if isinstance(trace, dict):
        last = len(sizes)
        names = {"X": "a1", "y_hat": f"a{last}"}
        known = {names.get(name, name): array for name, array in trace.items()}
    elif trace is not None:
        known = {
            f"{letter}{n}": array for letter in "za" for n, array in getattr(trace, letter).items()
        }
    z, a = {}, {}
    for name, array in known.items():
        layer = int(name[1:]) if name[:1] in "za" and name[1:].isdecimal() else 0
        if not 1 <= layer <= len(sizes):
            raise ValueError(
                f"trace must hold X, z2, a2, … y_hat of {len(sizes)} layers; got {name}"
            )
        array = _doors.samples(array, sizes[layer - 1], name)
        if array.ndim != 2 or not -len(array) <= sample < len(array):
            raise ValueError(
                f"{name} must be (samples, {sizes[layer - 1]}) with a row {sample}; got {array.shape}"
            )
        (z if name[0] == "z" else a)[layer - 1] = array[sample]
    return z, a


def _outputs(count):
    return ["ŷ"] if count == 1 else [f"ŷ{i}" for i in range(1, count + 1)]


def _network_facts(sizes, pairs, slopes, z, a, sample):
    facts = [f"A network of {'-'.join(map(str, sizes))} nodes."]
    for k, (W, b) in enumerate(pairs, start=1):
        facts.append(f"W{k} = [{listed(W)}]" + ("." if b is None else f", b{k} = [{listed(b)}]."))
    for k, (dW, db) in enumerate(slopes or (), start=1):
        facts.append(
            f"dW{k} = [{listed(dW)}]" + ("." if db is None else f", db{k} = [{listed(db)}].")
        )
    values = []
    for k in range(len(sizes)):
        values += [f"z{k + 1} = [{listed(z[k])}]"] if k in z else []
        name = "X" if k == 0 else "y_hat" if k == len(sizes) - 1 else f"a{k + 1}"
        values += [f"{name} = [{listed(a[k])}]"] if k in a else []
    if values:
        facts.append(f"Sample {sample}: " + ", ".join(values) + ".")
    return " ".join(facts)
