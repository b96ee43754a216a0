"""The diagram of a network: its weights, activations and gradients."""

from collections.abc import Sequence
from itertools import product

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Polygon

from nnlib import _validation as validation
from nnlib.formatting import format_number
from nnlib.network import Trace
from nnlib.plots import diagrams, style
from nnlib.plots.arguments import validates_settings
from nnlib.plots.diagrams import MAX_NODES, RADIUS, Nodes, listed, node_names, write
from nnlib.plots.style import say

MAX_LAYERS = 8
MAX_NUMBERED_LINES = 24  # between two layers; more have no room for their numbers

Layers = list[tuple[np.ndarray, np.ndarray | None]]  # W (n_in, n_out) and b (n_out,), or gradients


@validates_settings
def network_diagram(
    parameters: Sequence, trace: Trace | dict | tuple | None = None,
    gradients: Sequence | None = None, *, sample: int = 0,
    input_names: Sequence[str] | None = None, output_name: str | Sequence[str] | None = None,
    ax: Axes | None = None, title: str | None = None,
) -> Axes:  # fmt: skip
    """Draw a network: weights as lines, neurons filled with the activations of one sample.

    `parameters`: pairs (W (n_in, n_out), b (1, n_out) or None). `trace`: a Trace, or a dict of the
    arrays known so far, by their names X, z2, a2, …, y_hat. `gradients`: pairs (dW, db), drawn as
    hatched bands. `sample`: the row of the trace. `output_name`: one string, or one for each node.
    A large network is drawn in part, and without numbers where there is no room for them.
    """
    layers, sizes = _as_layers(parameters, "parameters")
    slopes = [] if gradients is None else _as_gradients(gradients, layers)
    z, a = _known_values(trace, sizes, sample)
    inputs = node_names(input_names, "input_names", "x", sizes[0])
    outputs = [output_name] if isinstance(output_name, str) else output_name
    outputs = node_names(outputs, "output_name", "ŷ", sizes[-1])
    shown = style.first_and_last(len(sizes), MAX_LAYERS)
    gap = min((2.6 if len(sizes) < 4 else 2.15) + 0.35 * bool(slopes), 7 / (len(shown) - 1))
    right = gap * (len(shown) - 1)
    scale = 1.0  # inches
    if ax is not None:
        scale = min(1, ax.get_window_extent().width / ax.figure.dpi / (right + 2.3))
    numbered = gap * scale > 1.5 and max(W.size for W, _ in layers) <= MAX_NUMBERED_LINES
    row = 0.8 if not numbered else 1.5 if slopes else 1.1
    top = row * (min(max(sizes), MAX_NODES) - 1) / 2 + RADIUS
    bottom = -top - 0.1 - 0.2 * numbered * (1 + bool(z) + bool(slopes))
    ax = diagrams.canvas(ax, (-1.25, right + 1.05), (bottom - 0.4, top + 0.08))
    columns = {}
    for x, k in zip(np.linspace(0, right, len(shown)), shown):
        if k is None:
            write(ax, (x, 0), "⋯", fontsize=16)
            continue
        columns[k] = diagrams.column(ax, sizes[k], x, row)
        diagrams.draw_values(ax, columns[k], a.get(k))
        write(ax, (x, bottom), _role(k, sizes, "_layer" * bool(gap * scale > 1.2)), va="top")
    for k in (k for k in columns if k + 1 in columns):
        (W, b), (dW, db) = layers[k], slopes[k] if slopes else (None, None)
        _draw_weights(ax, columns[k], columns[k + 1], W, dW)
        if numbered:
            _write_weights(ax, columns[k], columns[k + 1], W, dW)
            _write_below(ax, columns[k + 1], {"b": b, "∂b": db, "z": z.get(k + 1)})
    diagrams.draw_names(ax, columns[0], inputs, -1)
    diagrams.draw_names(ax, columns[len(sizes) - 1], outputs, 1)
    facts = _network_in_words(layers, sizes, slopes, z, a, sample)
    nodes = sum(map(len, columns.values())), sum(sizes), say("neurons")
    return style.finish(ax, title, facts, (len(columns), len(sizes), say("layers")), nodes)


def _role(k: int, sizes: tuple[int, ...], layer: str) -> str:
    """Return what stands below a layer: its role, and its size if it is drawn in part."""
    role = say(("input" if k == 0 else "output" if k == len(sizes) - 1 else "hidden") + layer)
    if sizes[k] <= MAX_NODES:
        return role
    return f"{role}\n{sizes[k]:,} {say('neurons' if k else 'inputs')}"


def _draw_weights(ax: Axes, start: Nodes, end: Nodes, W: np.ndarray, dW: np.ndarray | None) -> None:
    """Draw the lines between two layers and, behind them, the hatched bands of the gradients."""
    largest, steepest = max(1.0, np.abs(W).max()), 1.0 if dW is None else np.abs(dW).max()
    for (i, p), (j, q) in product(start.items(), end.items()):
        diagrams.draw_weight(ax, p, q, W[i, j], largest)
        if dW is not None and dW[i, j]:
            along = (q - p) / np.hypot(*(q - p))
            aside = np.array([-along[1], along[0]]) * (0.04 + 0.06 * abs(dW[i, j]) / steepest)
            corners = [p + aside, q + aside, q - aside, p - aside]
            ax.add_patch(Polygon(corners, **diagrams.hatched(dW[i, j])))


def _write_weights(ax: Axes, start: Nodes, end: Nodes, W, dW) -> None:
    """Write the numbers of the weights and their gradients on the lines."""
    lines = {(i, j): (start[i], end[j]) for i, j in product(start, end)}
    below = [place - (0, RADIUS + 0.2) for place in (*start.values(), *end.values())]
    clear = RADIUS + (0.26 if dW is None else 0.42)
    for at, share in zip(lines, _roomiest(list(lines.values()), below, clear)):
        text = format_number(W[at])
        if dW is not None:  # two digits, so that it has room on its line
            text += f"\n∂ {format_number(float(f'{dW[at]:.2g}'))}"
        diagrams.write_along(ax, *lines[at], share, text)


def _write_below(ax: Axes, nodes: Nodes, rows: dict[str, np.ndarray | None]) -> None:
    """Write the numbers that are known of each node in lines under it."""
    for k, place in nodes.items():
        known = {name: row[k] for name, row in rows.items() if row is not None}
        if known:
            at = place - (0, RADIUS + 0.07)
            text = "\n".join(f"{name} = {format_number(value)}" for name, value in known.items())
            write(ax, at, text, va="top", fontsize=9, zorder=2, **style.ON_CARD)


def _roomiest(lines: list[tuple], taken: list[np.ndarray], clear: float) -> np.ndarray:
    """Return where on each line its numbers have most room, as a share of the way.

    `taken`: places to stay away from. `clear`: the distance from both ends, in inches.
    """
    shares = np.full(len(lines), 0.5)
    for k in list(range(len(lines))) * 4:
        p, q = lines[k]
        low = clear / np.hypot(*(q - p))
        tried = np.linspace(low, 1 - low, 21)
        spots = p + tried[:, np.newaxis] * (q - p)
        others = [n for n in range(len(lines)) if n != k]
        labels = [lines[n][0] + shares[n] * (lines[n][1] - lines[n][0]) for n in others]
        room = -0.1 * np.abs(tried - 0.5)
        for place in labels + taken:
            room = room + np.minimum(np.hypot(*((spots - place) * (0.6, 1.4)).T), 0.8)
        for start, end in (lines[n] for n in others):
            across, up = (end - start) / np.hypot(*(end - start))
            room = room + np.minimum(np.abs((spots - start) @ np.array([-up, across])), 0.2)
        shares[k] = tried[np.argmax(np.round(room, 6))]
    return shares


def _network_in_words(layers: Layers, sizes, slopes: Layers, z: dict, a: dict, sample: int) -> str:
    """Return the network in words, with all its numbers, if they aren't too many."""
    facts = [say("network", sizes="-".join(map(str, sizes)))]
    for d, pairs in (("", layers), ("d", slopes)):
        for k, (W, b) in enumerate(pairs, start=1):
            bias = "" if b is None else f", {listed(f'{d}b{k}', b)}"
            facts.append(f"{listed(f'{d}W{k}', W)}{bias}.")
    names = {0: "X", len(sizes) - 1: "y_hat"}
    values = []
    for k in range(len(sizes)):
        values += [listed(f"z{k + 1}", z[k])] if k in z else []
        values += [listed(names.get(k, f"a{k + 1}"), a[k])] if k in a else []
    return " ".join(facts + [say("sample", sample=sample, values=", ".join(values))] * bool(values))


def _as_layers(parameters: Sequence, name: str, d: str = "") -> tuple[Layers, tuple[int, ...]]:
    """Return validated [(W, b (n_out,) or None)], and the sizes of the layers."""
    pairs = f"{name} must be pairs ({d}W, {d}b), such as (({d}W1, {d}b1), ({d}W2, {d}b2))"
    if not isinstance(parameters, (tuple, list)) or not parameters:
        raise TypeError(f"{pairs}; got {validation.describe(parameters)}")
    layers: Layers = []
    for k, layer in enumerate(parameters, start=1):
        if not isinstance(layer, (tuple, list)) or len(layer) != 2:
            raise TypeError(f"{pairs}; got {validation.describe(layer)} for one of them")
        W = validation.as_finite(layer[0], f"{d}W{k}")
        if W.ndim != 2 or not W.size:
            raise ValueError(f"{d}W{k} must have shape (n_in, n_out); got {W.shape}")
        nodes = layers[-1][0].shape[1] if layers else len(W)
        if len(W) != nodes:
            expected = f"{nodes} rows, one for each neuron before it"
            raise ValueError(f"{d}W{k} must have {expected}; got shape {W.shape}")
        b = None if layer[1] is None else validation.as_finite(layer[1], f"{d}b{k}")
        if b is not None and b.shape != (1, W.shape[1]):
            raise ValueError(f"{d}b{k} must have shape {(1, W.shape[1])}; got {b.shape}")
        layers.append((W, None if b is None else b[0]))
    return layers, (len(layers[0][0]), *(W.shape[1] for W, _ in layers))


def _as_gradients(gradients: Sequence, layers: Layers) -> Layers:
    """Return validated [(dW, db or None)] with the shapes of the parameters."""
    slopes, _ = _as_layers(gradients, "gradients", "d")
    shapes, got = ([W.shape for W, _ in pairs] for pairs in (layers, slopes))
    if shapes != got:
        expected = f"the shapes of the W in parameters, {shapes}"
        raise ValueError(f"the dW in gradients must have {expected}; got {got}")
    return slopes


def _known_values(trace, sizes: tuple[int, ...], sample: int) -> tuple[dict, dict]:
    """Return two dicts, layer -> row `sample` of z and of a, of what the trace knows."""
    sample = validation.as_int(sample, "sample", at_least=0)
    if trace is None:
        return {}, {}
    if isinstance(trace, dict):
        alias = {"X": "a1", "y_hat": f"a{len(sizes)}"}
        known = {alias.get(name, name): array for name, array in trace.items()}
    elif isinstance(trace, tuple) and [*map(type, trace)] == [dict, dict]:
        known = {f"{kind}{n}": part[n] for kind, part in zip("za", trace) for n in part}
    else:
        expected = "a Trace, a dict of arrays, or two dicts by layer number"
        raise TypeError(f"trace must be {expected}; got {validation.describe(trace)}")
    rows: dict[str, dict[int, np.ndarray]] = {"z": {}, "a": {}}
    for name, array in zip(map(str, known), known.values()):
        layer = int(name[1:]) if name[:1] in rows and name[1:].isdecimal() else 0
        if not 1 <= layer <= len(sizes):
            expected = f"X, z2, a2, …, y_hat of {len(sizes)} layers"
            raise ValueError(f"trace must hold {expected}; got {name}")
        array = validation.as_table(array, sizes[layer - 1], name)
        row = validation.as_int(sample, "sample", at_least=0, at_most=len(array) - 1)
        rows[name[0]][layer - 1] = array[row]
    return rows["z"], rows["a"]
