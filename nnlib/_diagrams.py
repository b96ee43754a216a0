"""Pictures of networks, neurons, chains of derivatives and matrices, laid out in inches."""

from numbers import Integral

import numpy as np
from matplotlib.patches import Circle, Polygon, Rectangle

from nnlib import _validation, colours
from nnlib._figures import arrow, axes, finish, line, listed, number, signed, tint
from nnlib.activations import sigmoid
from nnlib.network import Trace

RADIUS = 0.31
MOST = 24  # lines between two layers that have room for their numbers
CELL = 0.74, 0.4
PAPER = {"facecolor": "white", "edgecolor": "none", "pad": 1.2}


def network_diagram(
    parameters, trace=None, gradients=None, *, sample=0,
    input_names=None, output_name=None, ax=None, title=None,
):  # fmt: skip
    """A network: weights as lines, nodes filled with the activations of one sample.

    `parameters`: pairs (W (n_in, n_out), b (1, n_out) or None). `trace`: a Trace, or a dict of the
    arrays known so far, by their names X, z2, a2, …, y_hat. `gradients`: pairs (dW, db), drawn as
    hatched bands. `sample`: the row of the trace. `output_name`: one string, or one a node.
    Where there are more than MOST lines between two layers, they are drawn without their numbers.
    """
    pairs, sizes = _pairs(parameters)
    slopes = _gradients(gradients, pairs)
    z, a = _values(trace, sizes, sample)
    gap = (2.6 if len(sizes) < 4 else 2.15) + 0.35 * bool(slopes)
    row = 1.5 if slopes else 1.1
    place = [[(gap * k, row * ((n - 1) / 2 - i)) for i in range(n)] for k, n in enumerate(sizes)]
    top = row * (max(sizes) - 1) / 2 + RADIUS
    bottom = -top - 0.35 - 0.17 * (bool(z) + bool(slopes))
    ax = _canvas(ax, (-1.25, gap * (len(sizes) - 1) + 1.05), (bottom - 0.2, top + 0.08))
    crowded = max(W.size for W, _ in pairs) > MOST
    for k, (W, b) in enumerate(pairs):
        dW, db = slopes[k] if slopes else (None, None)
        _weights(ax, place[k], place[k + 1], W, dW, bare=crowded)
        if not crowded:
            _below(ax, place[k + 1], {"b": b, "∂b": db, "z": z.get(k + 1)})
    for k, column in enumerate(place):
        _layer(ax, column, a.get(k))
        role = "input" if k == 0 else "output" if k == len(place) - 1 else "hidden"
        role = role if crowded else f"{role} layer"
        ax.text(gap * k, bottom, role, ha="center", va="top", color=colours.FAINT)
    _named(ax, place[0], input_names or _numbered("x", sizes[0]), -1)
    outputs = [output_name] if isinstance(output_name, str) else output_name
    _named(ax, place[-1], outputs or _numbered("ŷ", sizes[-1]), 1)
    return finish(ax, title, _network_facts(sizes, pairs, slopes, z, a, sample))


def neuron(x, w, b, *, input_names=None, output_name="", ax=None, title=None):
    """One sigmoid neuron at work: inputs x (n,) times weights w (n,) plus bias b is z; then a."""
    x, w = (
        np.atleast_1d(_validation.as_finite(x, "x")),
        np.atleast_1d(_validation.as_finite(w, "w")),
    )
    if x.shape != w.shape or x.ndim != 1:
        raise ValueError(f"x and w must have one same shape (n,); got {x.shape} and {w.shape}")
    b = _validation.as_float(b, "b")
    z = float(x @ w + b)
    a = float(sigmoid(z))
    names = input_names or _numbered("x", len(x))
    place = [(0.0, 1.05 * ((len(x) - 1) / 2 - i)) for i in range(len(x))]
    low = min(-1.2, place[-1][1] - 0.35)
    heart, largest = (3.0, 0.0), max(1.0, np.abs(w).max(), abs(b))
    ax = _canvas(ax, (-1.2, 6.4), (low - 0.02, max(0.65, place[0][1] + RADIUS + 0.05)))
    for centre, value, weight in zip(place, x, w):
        text = f"× {signed(weight)} = {signed(value * weight)}"
        _edge(ax, centre, heart, weight, largest, text, 0.46)
    _layer(ax, place, x)
    _named(ax, place, names, -1)
    ax.plot([3, 3], [low + 0.25, 0], **line(b, largest), zorder=1)
    ax.text(3, low + 0.2, f"+ bias {signed(b)}", ha="center", va="top", fontsize=9)
    _node(ax, heart, f"sum\nz = {signed(z)}", tint(z, max(1.0, abs(z))), 0.48)
    ax.annotate("", (4.72, 0), (3.5, 0), arrowprops=arrow(colours.INK))
    ax.text(4.1, 0.08, "sigmoid", ha="center", fontsize=9)
    _node(ax, (5.2, 0.0), f"a = {signed(a)}", tint(a, 1.0), 0.46)
    ax.text(5.76, 0, output_name, va="center")
    terms = zip(names, x, w)
    products = ", ".join(f"{name} {number(p)} times {number(q)}" for name, p, q in terms)
    facts = (
        f"{products}, plus bias {number(b)}, gives z = {number(z)}; its sigmoid is a = {number(a)}."
    )
    return finish(ax, title, f"A neuron: {facts}")


def chain(names, values, slopes, gradients, *, ax=None, title=None):
    """A chain of numbers, each made from the one before: the local slope stands on each arrow.

    Below each node is ∂(last)/∂(node), hatched. `names`, `values` and `gradients` have one entry a
    node, `slopes` one an arrow.
    """
    values, slopes, gradients = (
        np.ravel(_validation.as_finite(array, name))
        for array, name in ((values, "values"), (slopes, "slopes"), (gradients, "gradients"))
    )
    if not len(names) == len(values) == len(gradients) == len(slopes) + 1:
        got = [len(names), len(values), len(gradients), len(slopes)]
        raise ValueError(
            f"names, values and gradients must be equally long and slopes one shorter; got {got}"
        )
    gap = min(2.6, 6.4 / max(1, len(names) - 1))
    ax = _canvas(ax, (-0.6, gap * (len(names) - 1) + 0.6), (-1.15, 0.62))
    steepest = max(np.abs(gradients).max(), 1e-12)
    for k, (name, value, gradient) in enumerate(zip(names, values, gradients)):
        _node(ax, (gap * k, 0), signed(value), tint(value, max(1.0, np.abs(values).max())))
        ax.text(gap * k, RADIUS + 0.08, name, ha="center", fontweight="bold")
        width = 0.06 + 0.7 * abs(gradient) / steepest
        ax.add_patch(Rectangle((gap * k - width / 2, -0.64), width, 0.18, **_hatched(gradient)))
        text = f"∂{names[-1]}/∂{name}\n{signed(gradient)}"
        ax.text(gap * k, -0.72, text, ha="center", va="top", fontsize=9)
    for k, slope in enumerate(slopes):
        start, end = (gap * k + RADIUS, 0), (gap * (k + 1) - RADIUS, 0)
        ax.annotate("", end, start, arrowprops=arrow(colours.INK))
        ax.text(gap * (k + 0.5), 0.08, f"slope {signed(slope)}", ha="center", fontsize=9)
    nodes = ", ".join(f"{name} = {number(value)}" for name, value in zip(names, values))
    ends = ", ".join(f"∂{names[-1]}/∂{name} = {number(g)}" for name, g in zip(names, gradients))
    return finish(ax, title, f"A chain {nodes}; the slopes along it {listed(slopes)}; {ends}.")


def matrices(*, operators="", row_names=(), column_names=(), ax=None, title=None, **arrays):
    """Arrays (rows, columns) as grids of numbers, e.g. matrices(X=X, W1=W1, z2=z2, operators="@=").

    `operators`: the signs between them. `row_names`, `column_names`: those of the first array.
    """
    grids = {
        name: np.atleast_2d(_validation.as_finite(array, name)) for name, array in arrays.items()
    }
    if not grids or any(grid.ndim != 2 or not grid.size for grid in grids.values()):
        got = {name: grid.shape for name, grid in grids.items()}
        raise ValueError(f"matrices needs arrays of shape (rows, columns), as X=X; got {got}")
    if operators and len(operators) != len(grids) - 1:
        raise ValueError(f"operators must be {len(grids) - 1} signs; got {operators!r}")
    tall = max(len(grid) for grid in grids.values()) / 2 * CELL[1]
    left = x = 0.15 + 0.085 * max(map(len, row_names), default=0)
    right = left + sum(CELL[0] * grid.shape[1] + 0.5 for grid in grids.values()) - 0.4
    ax = _canvas(ax, (0, right), (-tall - 0.36, tall + 0.08 + 0.2 * bool(column_names)))
    for k, (name, grid) in enumerate(grids.items()):
        _cells(ax, x, name, grid, *((row_names, column_names) if k == 0 else ((), ())))
        x += CELL[0] * grid.shape[1] + 0.5
        ax.text(x - 0.25, 0, operators[k : k + 1], ha="center", va="center", fontsize=13)
    facts = [f"{name} ({len(g)} by {g.shape[1]}) = [{listed(g)}]" for name, g in grids.items()]
    signs = f" with {' '.join(operators)} between them" if operators.strip() else ""
    return finish(ax, title, f"Matrices{signs}: {'; '.join(facts)}.")


def _canvas(ax, across, up):
    """An Axes without axes whose units are inches, if the figure is its own."""
    ax = axes(ax, (across[1] - across[0], up[1] - up[0] + 0.42))
    ax.set(xlim=across, ylim=up, aspect="equal")
    ax.axis("off")
    return ax


def _node(ax, centre, text, face, radius=RADIUS):
    edge = colours.INK if text else colours.FAINT
    style = {"facecolor": face, "edgecolor": edge, "linewidth": 1.2, "zorder": 3}
    ax.add_patch(Circle(centre, radius, **style))
    ax.text(*centre, text, ha="center", va="center", fontsize=9, zorder=4)


def _layer(ax, column, values):
    """The nodes of a layer with their values in them, or empty while these are not known."""
    for i, centre in enumerate(column):
        if values is None:
            _node(ax, centre, "", "white")
        else:
            _node(ax, centre, signed(values[i]), tint(values[i], max(1.0, np.abs(values).max())))


def _named(ax, column, names, side):
    """Names beside the nodes of a layer, on their left (side -1) or right (side 1)."""
    if len(names) != len(column):
        raise ValueError(f"there must be a name for each of {len(column)} nodes; got {names}")
    for (x, y), name in zip(column, names):
        align = "left" if side > 0 else "right"
        ax.text(x + side * (RADIUS + 0.08), y, name, ha=align, va="center")


def _below(ax, column, rows):
    """The numbers known of each node, in lines under it."""
    for j, (x, y) in enumerate(column):
        lines = [f"{name} = {signed(row[j])}" for name, row in rows.items() if row is not None]
        style = {"ha": "center", "va": "top", "fontsize": 9, "zorder": 2, "bbox": PAPER}
        ax.text(x, y - RADIUS - 0.07, "\n".join(lines), **style)


def _weights(ax, start, end, W, dW, *, bare):
    """The lines between two layers, each with its numbers, or bare."""
    largest, steepest = max(1.0, np.abs(W).max()), 1.0 if dW is None else np.abs(dW).max()
    lines = {(i, j): (np.array(start[i]), np.array(end[j])) for i, j in np.ndindex(W.shape)}
    under = [(x, y - RADIUS - 0.2) for x, y in (*start, *end)]
    clear = RADIUS + (0.26 if dW is None else 0.42)
    shares = np.zeros(W.size) if bare else _shares(list(lines.values()), under, clear)
    for (key, (p, q)), share in zip(lines.items(), shares):
        text = "" if bare else signed(W[key]) + ("" if dW is None else f"\n∂ {_short(dW[key])}")
        if dW is not None and dW[key]:
            _band(ax, p, q, dW[key], abs(dW[key]) / steepest)
        _edge(ax, p, q, W[key], largest, text, share)


def _shares(lines, under, clear):
    """Where on each line its numbers have most room: as a share, `clear` inches from both ends.

    `under`: places that are taken, below the nodes.
    """
    shares = np.full(len(lines), 0.5)
    for k in list(range(len(lines))) * 4:
        p, q = lines[k]
        low = clear / np.hypot(*(q - p))
        tried = np.linspace(low, 1 - low, 21)
        spots = p + tried[:, np.newaxis] * (q - p)
        others = [n for n in range(len(lines)) if n != k]
        taken = [lines[n][0] + shares[n] * (lines[n][1] - lines[n][0]) for n in others] + under
        room = -0.1 * np.abs(tried - 0.5)
        for place in taken:
            room = room + np.minimum(np.hypot(*((spots - place) * (0.6, 1.4)).T), 0.8)
        for n in others:
            room = room + np.minimum(_distance(spots, *lines[n]), 0.2)
        shares[k] = tried[np.argmax(np.round(room, 6))]
    return shares


def _distance(spots, p, q):
    """How far each of `spots` (n, 2) is from the line through p and q."""
    along = (q - p) / np.hypot(*(q - p))
    return np.abs((spots - p) @ np.array([-along[1], along[0]]))


def _edge(ax, p, q, weight, largest, text, share):
    """The line of one weight from p to q, with its text at `share` of the way."""
    p, q = np.array(p), np.array(q)
    if weight:
        ax.plot(*zip(p, q), **line(weight, largest), zorder=1)
    if not text:
        return
    ax.text(
        *(p + share * (q - p)),
        text,
        rotation=np.degrees(np.arctan2(*(q - p)[::-1])),
        ha="center",
        va="center",
        rotation_mode="anchor",
        fontsize=9,
        linespacing=1.05,
        zorder=2,
        bbox=PAPER,
    )


def _short(gradient):
    """A gradient in two digits, so that it has room on its line."""
    return signed(float(f"{gradient:.2g}"))


def _band(ax, p, q, gradient, share):
    """The hatched band behind a line that shows its gradient."""
    along = (q - p) / np.hypot(*(q - p))
    aside = np.array([-along[1], along[0]]) * (0.04 + 0.06 * share)
    ax.add_patch(Polygon([p + aside, q + aside, q - aside, p - aside], **_hatched(gradient)))


def _hatched(value):
    colour = colours.of_sign(value)
    return {"facecolor": "white", "edgecolor": colour, "hatch": "//////", "lw": 0.5, "zorder": 0}


def _cells(ax, x, name, grid, row_names, column_names):
    """One array as a grid of cells from x on, its name and shape below."""
    (rows, columns), (wide, high) = grid.shape, CELL
    top, largest = high * rows / 2, max(1.0, np.abs(grid).max())
    for (i, j), value in np.ndenumerate(grid):
        corner = (x + wide * j, top - high * (i + 1))
        style = {"facecolor": tint(value, largest), "edgecolor": colours.FAINT, "linewidth": 0.6}
        ax.add_patch(Rectangle(corner, wide, high, **style))
        middle = corner[0] + wide / 2, corner[1] + high / 2 - 0.01
        ax.text(*middle, signed(value), ha="center", va="center", fontsize=9)
    below = x + wide * columns / 2, -top - 0.1
    ax.text(*below, f"{name} ({rows}, {columns})", ha="center", va="top", fontweight="bold")
    for i, text in enumerate(row_names):
        ax.text(x - 0.1, top - high * (i + 0.5), text, ha="right", va="center", fontsize=9)
    for j, text in enumerate(column_names):
        ax.text(x + wide * (j + 0.5), top + 0.06, text, ha="center", fontsize=9)


def _pairs(parameters, name="parameters", d=""):
    """Checked [(W, b (n_out,) or None)], and the sizes of the layers. `d` names gradients."""
    wanted = f"{name} must be pairs ({d}W, {d}b), such as (({d}W1, {d}b1), ({d}W2, {d}b2))"
    if not isinstance(parameters, (tuple, list)) or not parameters:
        raise ValueError(f"{wanted}; got {type(parameters).__name__}")
    pairs = []
    for k, layer in enumerate(parameters, start=1):
        if not isinstance(layer, (tuple, list)) or len(layer) != 2:
            raise ValueError(f"{wanted}; got {type(layer).__name__} for one of them")
        W = _validation.as_finite(layer[0], f"{d}W{k}")
        if W.ndim != 2 or not W.size:
            raise ValueError(f"{d}W{k} must have shape (n_in, n_out); got {W.shape}")
        nodes = pairs[-1][0].shape[1] if pairs else len(W)
        if len(W) != nodes:
            raise ValueError(f"{d}W{k} must have {nodes} rows, one a node before it; got {W.shape}")
        b = None if layer[1] is None else _validation.as_finite(layer[1], f"{d}b{k}")
        if b is not None and b.shape != (1, W.shape[1]):
            raise ValueError(f"{d}b{k} must have shape {(1, W.shape[1])}; got {b.shape}")
        pairs.append((W, None if b is None else b[0]))
    return pairs, (len(pairs[0][0]), *(W.shape[1] for W, _ in pairs))


def _gradients(gradients, pairs):
    """Checked [(dW, db or None)], or None."""
    if gradients is None:
        return None
    slopes, _ = _pairs(gradients, "gradients", "d")
    wanted, got = ([W.shape for W, _ in layers] for layers in (pairs, slopes))
    if wanted != got:
        raise ValueError(
            f"the dW in gradients must have the shapes of W in parameters, {wanted}; got {got}"
        )
    return slopes


def _values(trace, sizes, sample):
    """Two dicts, column number -> row `sample` of z and of a, of what the trace knows."""
    if trace is None:
        return {}, {}
    if isinstance(trace, dict):
        alias = {"X": "a1", "y_hat": f"a{len(sizes)}"}
        known = {alias.get(name, name): array for name, array in trace.items()}
    elif isinstance(trace, Trace) or _two_dicts(trace):
        known = {f"{kind}{n}": part[n] for kind, part in zip("za", trace) for n in part}
    else:
        wanted = "a Trace, a dict of arrays, or two dicts by layer number"
        raise TypeError(f"trace must be {wanted}; got {type(trace).__name__}")
    rows = {"z": {}, "a": {}}
    for name, array in known.items():
        layer = int(name[1:]) if name[:1] in rows and name[1:].isdecimal() else 0
        if not 1 <= layer <= len(sizes):
            raise ValueError(
                f"trace must hold X, z2, a2, …, y_hat of {len(sizes)} layers; got {name}"
            )
        array = _validation.as_samples(array, sizes[layer - 1], name)
        if not isinstance(sample, Integral) or array.ndim != 2 or not 0 <= sample < len(array):
            wanted = f"a row of {name} in trace, {array.shape}"
            raise ValueError(f"sample must be {wanted}; got {sample}")
        rows[name[0]][layer - 1] = array[sample]
    return rows["z"], rows["a"]


def _two_dicts(trace):
    return isinstance(trace, (tuple, list)) and [type(part) for part in trace] == [dict, dict]


def _numbered(name, count):
    return [name] if count == 1 else [f"{name}{i}" for i in range(1, count + 1)]


def _network_facts(sizes, pairs, slopes, z, a, sample):
    """The network in words, with all its numbers."""
    facts = [f"A network of {'-'.join(map(str, sizes))} nodes."]
    for d, layers in (("", pairs), ("d", slopes or ())):
        for k, (W, b) in enumerate(layers, start=1):
            bias = "" if b is None else f", {d}b{k} = [{listed(b)}]"
            facts.append(f"{d}W{k} = [{listed(W)}]{bias}.")
    names = {0: "X", len(sizes) - 1: "y_hat"}
    values = []
    for k in range(len(sizes)):
        values += [f"z{k + 1} = [{listed(z[k])}]"] if k in z else []
        values += [f"{names.get(k, f'a{k + 1}')} = [{listed(a[k])}]"] if k in a else []
    if values:
        facts.append(f"Sample {sample}: {', '.join(values)}.")
    return " ".join(facts)
