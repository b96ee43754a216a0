"""The explorers' pictures as SVG text: nodes with numbers, a curve, a map. Pure functions."""

import base64
import io
from html import escape

import numpy as np
from PIL import Image

from nnlib import colours
from nnlib.live.render.svg import FAINT, GRID, INK, PAPER, curve, format_number, picture, stroke

RADIUS = 33
DARKEST = 0x98  # grey of the highest tenth of a map


def text(x, y, words, *, anchor="middle", colour=INK, size=11, weight=400):
    """Words with a rim in the colour of the page, so that lines behind them don't disturb."""
    return (
        f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}" fill="{colour}" font-size="{size}" '
        f'font-weight="{weight}" stroke="{PAPER}" stroke-width="3" paint-order="stroke">'
        f"{escape(words)}</text>"
    )


def node(x, y, lines, *, fill=None, ring=False, above=""):
    """A neuron: up to three lines of text in a circle, blue or orange by the sign of `fill`."""
    share = min(0.45, 0.45 * abs(fill)) if fill else 0
    edge = f'{colours.ACCENT}" stroke-width="3' if ring else f'{FAINT}" stroke-width="1.2'
    tint = f'fill="{colours.of_sign(fill)}" fill-opacity="{share:.2f}"' if fill else 'fill="none"'
    circle = f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{RADIUS}"'
    top, size = y + 4 - 6 * (len(lines) - 1), 11 if len(lines) < 3 else 10
    size = min(size, 90 / (max(map(len, lines), default=0) or 1))  # as wide as the circle allows
    return (
        f'{circle} fill="{PAPER}"/>{circle} {tint} stroke="{edge}"/>'
        + "".join(
            f'<text x="{x:.0f}" y="{top + 12 * k:.0f}" text-anchor="middle" '
            f'font-size="{size:.3g}">{escape(line)}</text>'
            for k, line in enumerate(lines)
        )
        + (text(x, y - RADIUS - 5, above, colour=FAINT) if above else "")
    )


def edge(start, end, weight, label, *, share=0.4, bright=False, slope=None):
    """A weight as a line with its number, and hatched on it the slope ∂J/∂weight."""
    (x, y), (u, v) = start, end
    length = np.hypot(u - x, v - y)
    dx, dy = (u - x) / length, (v - y) / length
    x, y, u, v = x + RADIUS * dx, y + RADIUS * dy, u - RADIUS * dx, v - RADIUS * dy
    d = f"M{x:.0f} {y:.0f}L{u:.0f} {v:.0f}"
    glow = f'<path d="{d}" stroke="{colours.ACCENT}" stroke-width="9" opacity=".3"/>'
    line = f'<path d="{d}" {stroke(weight, min(8, 0.5 + 1.5 * abs(weight)))}/>'
    s, t = x + share * (u - x), y + share * (v - y)
    hatch = ""
    if slope is not None:
        hatch = (
            f'<path d="M{s - 14 * dx:.0f} {t - 14 * dy:.0f}L{s + 14 * dx:.0f} {t + 14 * dy:.0f}" '
            f'stroke="{colours.of_sign(slope)}" stroke-width="12" stroke-dasharray="1.5 2"/>'
        )
    return glow * bright + line + hatch + text(s, t - 5, label, size=10)


def layers(sizes, width=640, height=300):
    """The centres [(x, y), …] of the nodes of each layer."""
    across = np.linspace(60, width - 60, len(sizes))
    return [
        [(x, height / 2 + 16 + 92 * (i - (n - 1) / 2)) for i in range(n)]
        for x, n in zip(across, sizes)
    ]


def diagram(nodes, edges, *, title, caption):
    """A small network. `nodes[layer]`: keywords of `node`; `edges[layer][i][j]`: of `edge`."""
    centres, parts = layers([len(layer) for layer in nodes]), []
    for before, after, matrix in zip(centres, centres[1:], edges):
        share = 0.72 if len(before) < len(after) else 0.28  # where the lines are apart
        for i, row in enumerate(matrix):
            for j, keywords in enumerate(row):
                parts.append(edge(before[i], after[j], share=share, **keywords))
    for spots, layer in zip(centres, nodes):
        parts += [node(*spot, **keywords) for spot, keywords in zip(spots, layer)]
    parts.append(text(320, 15, title, size=13, weight=600))
    return picture(640, 330, title, caption, *parts)


def neuron(x, w, b, z, a, *, caption):
    """One input, one weight, one bias: the neuron, and where it is on the sigmoid's curve."""
    left, right, low, high = 394, 634, 200, 40
    zs = np.linspace(-8, 8, 81)  # three pixels apart
    across = left + (zs + 8) * (right - left) / 16
    at, up = left + (z + 8) * (right - left) / 16, low - a * (low - high)
    line = curve(across, low - (low - high) / (1 + np.exp(-zs)))
    middle = (left + right) / 2
    parts = [
        edge((44, 120), (180, 120), w, f"× {format_number(w)}", share=0.5),
        f'<path d="M180 205V153" {stroke(b, min(8, 0.5 + 1.5 * abs(b)))}/>',
        text(180, 220, f"bias b = {format_number(b)}"),
        f'<path d="M213 120H283" stroke="{FAINT}"/>',
        text(248, 112, "f", size=13),
        node(44, 120, [format_number(x)], fill=x, above="input x"),
        node(180, 120, [format_number(z)], fill=z / 4, above="sum z"),
        node(316, 120, [format_number(a)], fill=a, above="activation a"),
        f'<path d="M{left} {low}H{right}M{middle} {low}V{high}" stroke="{GRID}"/>',
        f'<path d="M{at:.0f} {low}V{up:.0f}H{middle}" fill="none" stroke="{colours.ACCENT}" '
        'stroke-dasharray="3 3"/>',
        line,
        f'<circle cx="{at:.0f}" cy="{up:.0f}" r="6" fill="{colours.ACCENT}"/>',
        *(text(left + (v + 8) * 15, low + 15, f"{v}".replace("-", "−")) for v in (-8, -4, 0, 4, 8)),
        *(text(left - 4, low + 4 - v * (low - high), f"{v:g}", anchor="end") for v in (0, 0.5, 1)),
        text(right, low + 30, "z", anchor="end"),
        text(left - 4, high - 14, "a", anchor="end"),
    ]
    return picture(640, 236, "One neuron", caption, *parts)


def tenths(heights):
    """A data URI of a map (rows, columns): each grey covers a tenth of it, white is low."""
    finite = np.where(np.isfinite(heights), heights, np.nanmax(heights))
    for _ in range(2):  # finer, across and then up
        places = np.linspace(0, len(finite) - 1, 3 * len(finite))
        finite = np.array([np.interp(places, range(len(finite)), line) for line in finite.T])
    bands = np.searchsorted(np.quantile(finite, np.linspace(0.1, 0.9, 9)), finite)
    image = Image.fromarray(bands.astype(np.uint8)[::-1], "P")
    greys = np.linspace(255, DARKEST, 10).round().astype(np.uint8)
    image.putpalette(np.repeat(greys, 3).tobytes())
    png = io.BytesIO()
    image.save(png, "png", optimize=True)
    return "data:image/png;base64," + base64.b64encode(png.getvalue()).decode()


def landscape(image, path, reach, *, names, caption):
    """The map with the ball and the way it came. `reach`: (low, high) of both weights."""
    side, left, top = 300, 60, 14
    (low1, high1), (low2, high2) = reach
    path = np.asarray(path)
    x = left + side * np.clip((path[:, 0] - low1) / (high1 - low1), 0, 1)
    y = top + side * (1 - np.clip((path[:, 1] - low2) / (high2 - low2), 0, 1))
    dots = "".join(f"M{a:.0f} {b:.0f}h0" for a, b in zip(x, y))
    parts = [
        f'<image href="{image}" x="{left}" y="{top}" width="{side}" height="{side}" '
        'preserveAspectRatio="none"/>',
        f'<rect x="{left}" y="{top}" width="{side}" height="{side}" fill="none" stroke="{GRID}"/>',
        curve(x, y, colour=colours.INK, width=1.2),
        f'<path d="{dots}" stroke="{colours.INK}" stroke-width="4" stroke-linecap="round"/>',
        f'<circle cx="{x[-1]:.1f}" cy="{y[-1]:.1f}" r="8" fill="{colours.ACCENT}" stroke="#fff" '
        'stroke-width="2"/>',
        text(left, top + side + 14, f"{low1:g}".replace("-", "−")),
        text(left + side, top + side + 14, f"{high1:g}"),
        text(left + side / 2, top + side + 14, names[0]),
        text(left - 5, top + side, f"{low2:g}".replace("-", "−"), anchor="end"),
        text(left - 5, top + 10, f"{high2:g}", anchor="end"),
        text(left - 5, top + side / 2, names[1], anchor="end", size=10),
        text(left + side + 12, top + 12, "white is low,", anchor="start", colour=FAINT),
        text(left + side + 12, top + 26, "grey is high", anchor="start", colour=FAINT),
    ]
    return picture(460, 336, "The ball on the cost surface", caption, *parts)


def runs(costs, labels, last, *, caption):
    """Costs (epochs, K) so far in K panels with the same axes, which end at epoch `last`."""
    wide, high, top = 640 / len(labels), 130, 38
    highest = max(min(np.nanmax(costs), 3 * np.nanmax(costs[0])), 1e-12)
    epochs, parts = np.arange(len(costs)), []
    keep = np.unique(np.linspace(0, len(costs) - 1, 160).astype(int))
    for k, label in enumerate(labels):
        left, right = k * wide + 42, (k + 1) * wide - 6
        x = left + (right - left) * epochs[keep] / last
        y = top + high * (1 - np.minimum(costs[keep, k] / highest, 1.05))
        parts += [
            f'<path d="M{left:.0f} {top}V{top + high}H{right:.0f}" fill="none" stroke="{GRID}"/>',
            curve(x, y, width=2),
            text((left + right) / 2, 14, label, weight=600),
            text((left + right) / 2, 30, f"cost {format_number(costs[-1, k])}"),
            text(left - 3, top + 8, format_number(highest), anchor="end", size=10),
            text(left - 3, top + high, "0", anchor="end", size=10),
            text(left, top + high + 14, "0", size=10),
            text(right, top + high + 14, f"epoch {last:,}", anchor="end", size=10),
        ]
        if np.isfinite(y[-1]):
            dot = f'cx="{x[-1]:.1f}" cy="{y[-1]:.1f}" r="4" fill="{colours.ACCENT}"'
            parts.append(f"<circle {dot}/>")
    return picture(640, top + high + 20, "Learning rates side by side", caption, *parts)
