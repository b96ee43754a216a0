"""Plots of calculations, number by number: a neuron, a chain of derivatives, matrices."""

from collections.abc import Sequence
from itertools import product

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike

from nnlib import _validation as validation
from nnlib import colours
from nnlib.activations import sigmoid
from nnlib.formatting import format_array, format_number
from nnlib.plots import diagrams, style
from nnlib.plots.arguments import as_text, as_texts, validates_settings
from nnlib.plots.diagrams import RADIUS, write
from nnlib.plots.style import say

WIDE, HIGH = 0.74, 0.4  # inches of a cell
MAX_ROWS, MAX_WIDTH = 10, 9.2  # of matrices: rows of one, inches of all
MAX_MATRICES = 6


@validates_settings
def neuron(
    x: ArrayLike, w: ArrayLike, b: float, *, input_names: Sequence[str] | None = None,
    output_name: str = "", ax: Axes | None = None, title: str | None = None,
) -> Axes:  # fmt: skip
    """Draw a sigmoid neuron: inputs x (n,) times weights w (n,) plus the bias b is z; then a."""
    x, w = (np.atleast_1d(validation.as_finite(one, name)) for one, name in ((x, "x"), (w, "w")))
    if x.shape != w.shape or x.ndim != 1 or not x.size:
        raise ValueError(f"x and w must have the same shape (n,); got {x.shape} and {w.shape}")
    b = validation.as_float(b, "b")
    z = float(validation.check_overflow(x @ w + b, "z of x, w and b"))
    a = float(sigmoid(z))
    names = diagrams.node_names(input_names, "input_names", "x", len(x))
    output_name = as_text(output_name, "output_name")
    top = 1.05 * (min(len(x), diagrams.MAX_NODES) - 1) / 2
    low = min(-1.2, -top - 0.35)
    ax = diagrams.canvas(ax, (-1.2, 6.4), (low - 0.02, max(0.65, top + RADIUS + 0.05)))
    nodes = diagrams.column(ax, len(x), 0.0, 1.05)
    middle, largest = np.array([3.0, 0.0]), max(1.0, np.abs(w).max(), abs(b))
    terms = []
    for k, start in nodes.items():
        diagrams.draw_weight(ax, start, middle, w[k], largest)
        text = f"× {format_number(w[k])} = {format_number(x[k] * w[k])}"
        diagrams.write_along(ax, start, middle, 0.46, text)
        factors = {"x": format_number(x[k]), "w": format_number(w[k])}
        terms.append(say("term", name=names[k], **factors))
    diagrams.draw_values(ax, nodes, x)
    diagrams.draw_names(ax, nodes, names, -1)
    if b:
        ax.plot([3, 3], [low + 0.25, -0.48], **style.line_style(b, largest), zorder=1)
    write(ax, (3, low + 0.12), say("bias", b=format_number(b)), fontsize=9)
    face = style.tint(z, max(1.0, abs(z)))
    diagrams.draw_node(ax, middle, f"{say('sum')}\nz = {format_number(z)}", face, 0.48)
    style.draw_arrow(ax, (3.5, 0), (4.72, 0))
    write(ax, (4.1, 0.13), say("sigmoid"), fontsize=9)
    diagrams.draw_node(ax, (5.2, 0), f"a = {format_number(a)}", style.tint(a, 1), 0.46)
    write(ax, (5.76, 0), output_name, ha="left")
    values = {"b": format_number(b), "z": format_number(z), "a": format_number(a)}
    facts = say("neuron", terms=", ".join(terms), **values)
    return style.finish(ax, title, facts, (len(nodes), len(x), say("inputs")))


@validates_settings
def chain(
    nodes: Sequence[str], values: ArrayLike, slopes: ArrayLike, gradients: ArrayLike, *,
    ax: Axes | None = None, title: str | None = None,
) -> Axes:  # fmt: skip
    """Draw a chain of numbers, each made from the one before, with the local slope on each arrow.

    `nodes` (n,): the names of at most 8 numbers. `values` (n,). `slopes` (n - 1,): one for each
    arrow. `gradients` (n,): ∂(last)/∂(node), hatched below each node.
    """
    values, slopes, gradients = (
        validation.as_finite(array, name).ravel()
        for array, name in ((values, "values"), (slopes, "slopes"), (gradients, "gradients"))
    )
    n = min(values.size, diagrams.MAX_NODES)
    if not 0 < n == values.size == gradients.size == slopes.size + 1:
        got = f"{values.size}, {gradients.size} and {slopes.size}"
        expected = "n, n and n - 1 numbers, with n from 1 to 8"
        raise ValueError(f"values, gradients and slopes must be {expected}; got {got}")
    nodes = as_texts(nodes, "nodes", n)
    gap = min(2.6, 6.4 / max(1, n - 1))
    ax = diagrams.canvas(ax, (-0.6, gap * (n - 1) + 0.6), (-1.15, 0.62))
    diagrams.draw_values(ax, {k: np.array([gap * k, 0]) for k in range(n)}, values)
    for k, (name, gradient) in enumerate(zip(nodes, gradients)):
        write(ax, (gap * k, RADIUS + 0.15), name, fontweight="bold")
        width = 0.06 + 0.7 * abs(gradient) / max(np.abs(gradients).max(), 1e-12)
        corner = gap * k - width / 2, -0.64
        ax.add_patch(Rectangle(corner, width, 0.18, **diagrams.hatched(gradient)))
        text = f"∂{nodes[-1]}/∂{name}\n{format_number(gradient)}"
        write(ax, (gap * k, -0.72), text, va="top", fontsize=9)
    for k, slope in enumerate(slopes):
        style.draw_arrow(ax, (gap * k + RADIUS, 0), (gap * (k + 1) - RADIUS, 0))
        write(ax, (gap * (k + 0.5), 0.13), f"slope {format_number(slope)}", fontsize=9)
    numbers = ", ".join(f"{name} = {format_number(v)}" for name, v in zip(nodes, values))
    ends = ", ".join(f"∂{nodes[-1]}/∂{n} = {format_number(g)}" for n, g in zip(nodes, gradients))
    return style.finish(ax, title, f"A chain {numbers}; slopes {format_array(slopes)}; {ends}.")


@validates_settings
def matrices(
    *, operators: str = "", row_names: Sequence[str] | None = None,
    column_names: Sequence[str] | None = None, ax: Axes | None = None, title: str | None = None,
    **arrays: ArrayLike,
) -> Axes:  # fmt: skip
    """Draw arrays (rows, columns) as grids of numbers: matrices(X=X, W1=W1, z2=z2, operators="@=").

    `operators`: the signs between them. `row_names`, `column_names`: those of the first array.
    Of a large array the first rows and columns and the last ones are drawn.
    """
    grids = {name: np.atleast_2d(validation.as_finite(one, name)) for name, one in arrays.items()}
    if not grids or any(grid.ndim != 2 or not grid.size for grid in grids.values()):
        got = {name: grid.shape for name, grid in grids.items()}
        raise ValueError(f"matrices must get arrays of shape (rows, columns), as X=X; got {got}")
    if len(grids) > MAX_MATRICES:
        raise ValueError(f"matrices must get at most {MAX_MATRICES} arrays; got {len(grids)}")
    if len(operators) not in (0, len(grids) - 1):
        raise ValueError(f"operators must be {len(grids) - 1} signs; got {operators!r}")
    height, width = next(iter(grids.values())).shape
    row_names = [""] * height if row_names is None else as_texts(row_names, "row_names", height)
    heads = [] if column_names is None else as_texts(column_names, "column_names", width)
    most = int((MAX_WIDTH - 0.5 * len(grids)) / WIDE)
    if sum(grid.shape[1] for grid in grids.values()) > most:
        most = max(3, most // len(grids))
    limits = MAX_ROWS, most
    shown = {name: [*map(style.first_and_last, grid.shape, limits)] for name, grid in grids.items()}
    top = max(len(rows) for rows, _ in shown.values()) / 2 * HIGH
    x = 0.15 + 0.085 * max(map(len, row_names))
    right = x + sum(WIDE * len(columns) + 0.5 for _, columns in shown.values()) - 0.4
    ax = diagrams.canvas(ax, (0, right), (-top - 0.36, top + 0.08 + 0.2 * _lines(heads)))
    facts: list[str] = []
    counts = []
    for name, operator in zip(grids, operators.ljust(len(grids))):
        grid, (rows, columns) = grids[name], shown[name]
        _draw_grid(ax, x, grid, rows, columns)
        if not facts:
            _draw_names(ax, x, rows, columns, row_names, heads)
        end = x + WIDE * len(columns)
        shape = f"({grid.shape[0]:,}, {grid.shape[1]:,})"
        below = (x + end) / 2, -HIGH * len(rows) / 2 - 0.1
        write(ax, below, f"{name} {shape}", va="top", fontweight="bold")
        x = end + 0.5
        write(ax, (x - 0.25, 0), operator, fontsize=13)
        facts.append(diagrams.listed(f"{name} ({len(grid)} by {grid.shape[1]})", grid))
        counts.append((len(rows) - (None in rows), len(grid), f"rows of {name}"))
        counts.append((len(columns) - (None in columns), grid.shape[1], f"columns of {name}"))
    signs = f" with {' '.join(operators)} between them" if operators.strip() else ""
    return style.finish(ax, title, f"Matrices{signs}: {'; '.join(facts)}.", *counts)


def _draw_grid(ax: Axes, x: float, grid: np.ndarray, rows: list, columns: list) -> None:
    """Draw an array as a grid of cells from x on, with dots for what is left out."""
    top, largest = HIGH * len(rows) / 2, max(1.0, np.abs(grid).max())
    for (i, row), (j, column) in product(enumerate(rows), enumerate(columns)):
        corner = x + WIDE * j, top - HIGH * (i + 1)
        middle = corner[0] + WIDE / 2, corner[1] + HIGH / 2 - 0.01
        if row is None or column is None:
            write(ax, middle, "⋮" if row is None else "⋯", fontsize=9)
            continue
        cell = {"facecolor": style.tint(grid[row, column], largest), "edgecolor": style.INK}
        ax.add_patch(Rectangle(corner, WIDE, HIGH, linewidth=0.6, **cell))
        write(ax, middle, format_number(grid[row, column]), fontsize=9, color=colours.INK)


def _draw_names(ax: Axes, x: float, rows: list, columns: list, row_names, column_names) -> None:
    """Write the names of the rows and columns of a grid that begins at x."""
    top = HIGH * len(rows) / 2
    above = top + 0.03 + 0.1 * _lines(column_names)
    for i, row in enumerate(rows):
        if row is not None:
            write(ax, (x - 0.1, top - HIGH * (i + 0.5)), row_names[row], ha="right", fontsize=9)
    for j, column in enumerate(columns):
        if column is not None and column_names:
            write(ax, (x + WIDE * (j + 0.5), above), column_names[column], fontsize=9)


def _lines(texts: Sequence[str]) -> int:
    """The number of lines of the longest text, 0 if there are no texts."""
    return max((text.count("\n") + 1 for text in texts), default=0)
