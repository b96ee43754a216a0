"""From numbers to pictures as SVG text: pure functions, a few kilobytes each, no NaN in any path.

Text takes the colour of JupyterLab's theme; what has a sign has the course's two colours, and
dashes or corners besides. Each picture says in its title and description what it shows.
"""

import io
import itertools
import math
import zlib
from base64 import b64encode
from html import escape

import numpy as np
from PIL import Image

from nnlib import colours

INK = f"var(--jp-ui-font-color1,{colours.INK})"
FAINT = f"var(--jp-ui-font-color2,{colours.FAINT})"
PAPER = "var(--jp-layout-color1,#fff)"
GRID = "var(--jp-border-color2,#d0d0d6)"
WIDTH, BIG = 420, 240  # of the network's picture; of the large surface
SIDE, SMALL = 60, 20  # cells of the large surface, across and up; of one on a node
LEVELS = 31  # colours of a surface

_LOW, _MIDDLE, _HIGH = (
    np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)])
    for colour in (colours.NEGATIVE, "#F7F7F9", colours.POSITIVE)
)
_SHARES = 0.68 * np.linspace(-1, 1, LEVELS)[:, np.newaxis]  # lighter than the samples on it
PALETTE = np.where(
    _SHARES < 0, _MIDDLE + _SHARES * (_MIDDLE - _LOW), _MIDDLE + _SHARES * (_HIGH - _MIDDLE)
).round().astype(np.uint8)  # fmt: skip


def surface(values, low, high):
    """A data URI of `values` (rows, columns) as a PNG: orange at `low`, blue at `high`.

    Several surfaces (n, rows, columns) lie one below another; `low` and `high` may differ, (n,).
    """
    low, high = (np.reshape(limit, (-1, 1, 1)) for limit in (low, high))
    values = np.clip(values, low, high)  # (1 or n, rows, columns)
    if np.isnan(values).any():
        values = np.where(np.isnan(values), (low + high) / 2, values)
    levels = (values - low) * ((LEVELS - 1) / (high - low)) + 0.5
    image = Image.fromarray(levels.astype(np.uint8).reshape(-1, levels.shape[-1]))
    image.putpalette(PALETTE.tobytes())
    return data_uri(image)


def data_uri(image):
    """A Pillow image as a data URI of a PNG."""
    png = io.BytesIO()
    image.save(png, "PNG", compress_level=1)  # small pictures: speed counts more
    return "data:image/png;base64," + b64encode(png.getvalue()).decode()


def number(value):
    """Three significant digits, from a thousand on all before the point, with a true minus sign.

    "–" for what is no number.
    """
    if not math.isfinite(value):
        return "–"
    digits = f"{value:,.0f}" if 999.5 <= abs(value) < 1e6 else f"{value:.3g}"
    return digits.replace("-", "−")


def picture(width, height, title, description, *parts):
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {width} {height}" '
        f'style="{_widest(width)};width:100%;display:block" font-size="11" '
        f'font-family="var(--jp-ui-font-family,sans-serif)" fill="{INK}">'
        f"<title>{escape(title)}</title><desc>{escape(description)}</desc>{''.join(parts)}</svg>"
    )


def _widest(width):
    return f"max-width:{width * 1.25:.0f}px"


def stroke(value, width):
    """Attributes of a line with a sign: blue and solid, or orange and dashed."""
    dashes = ' stroke-dasharray="5 3"' if value < 0 else ""
    return f'stroke="{colours.of_sign(value)}" stroke-width="{width:.1f}"{dashes}'


# -- the large surface -----------------------------------------------------------------------------


def result(image, dots, reach, *, title, description, ring=None, range_text=("0", "1")):
    """The large surface, and on it what the class `dots` has; `ring` (2,) marks one place."""
    low, high = reach
    left, top = 22, 24
    width, height = left + BIG + 8, top + BIG + 38
    parts = [
        f'<text x="{left}" y="14" font-weight="600">{escape(title)}</text>',
        f'<g transform="translate({left} {top})"><image href="{image}" width="{BIG}" '
        f'height="{BIG}" preserveAspectRatio="none"/>',
    ]
    if ring is not None:
        x, y = np.clip((np.asarray(ring) - low) / (high - low), 0, 1) * BIG
        parts.append(
            f'<circle cx="{x:.0f}" cy="{BIG - y:.0f}" r="7" fill="none" stroke="#fff" '
            f'stroke-width="5"/><circle cx="{x:.0f}" cy="{BIG - y:.0f}" r="7" fill="none" '
            f'stroke="{colours.ACCENT}" stroke-width="2.5"/>'
        )
    parts.append(f'<rect width="{BIG}" height="{BIG}" fill="none" stroke="{GRID}"/></g>')
    parts.append(
        f'<text x="{left}" y="{top + BIG + 13}">{number(low)}</text>'
        f'<text x="{left + BIG / 2}" y="{top + BIG + 13}" text-anchor="middle">x1</text>'
        f'<text x="{left + BIG}" y="{top + BIG + 13}" text-anchor="end">{number(high)}</text>'
        f'<text x="{left - 4}" y="{top + BIG / 2}" text-anchor="end">x2</text>'
    )
    parts.append(_scale(left, top + BIG + 22, range_text))
    sides = zip(("left", "top", "width", "height"), (left, top, BIG, BIG), (width, height) * 2)
    place = "".join(f";{side}:{100 * size / whole:.3f}%" for side, size, whole in sides)
    return (
        f'<div style="position:relative;{_widest(width)}">'
        f"{picture(width, height, title, description, *parts)}"
        f'<div class="{dots}" style="position:absolute{place}"></div></div>'
    )


def _scale(x, y, texts):
    """What the colours mean, as a strip from low to high."""
    wide = 60
    cells = "".join(
        f'<rect x="{x + 40 + wide * k / 6:.0f}" y="{y}" width="{wide / 6:.0f}" height="10" '
        f'fill="rgb{tuple(int(c) for c in PALETTE[k * (LEVELS - 1) // 5])}"/>'
        for k in range(6)
    )
    return (
        f'<text x="{x + 36}" y="{y + 9}" text-anchor="end">{texts[0]}</text>{cells}'
        f'<text x="{x + 44 + wide}" y="{y + 9}">{texts[1]}</text>'
    )


# -- the network -----------------------------------------------------------------------------------


def places(sizes, *, roomy=False):
    """Centres [(x, y), …] of each layer's nodes, the side of a node, and the picture's height."""
    rows = max(sizes)
    pitch = 84 if roomy else min(52, 336 / rows)
    node = 34  # with room for eight, the most there are
    height = max(200, rows * pitch + 34)
    across = np.linspace(57, WIDTH - 42, len(sizes))  # on the left are the inputs' names
    centres = [
        [(x, 20 + (height - 40) / 2 + pitch * (i - (n - 1) / 2)) for i in range(n)]
        for x, n in zip(across, sizes)
    ]
    return centres, node, round(height)


def network(
    parameters, image, input_names, *, title, description, focus=None, chosen=None, values=None
):
    """The network: weights as lines, each node's own surface on it.

    `image`: a data URI of all their surfaces, one below another, layer by layer. `focus` (layer,
    node) and `chosen` (layer, row, column) are marked. `values`: what `walk` gives, numbers of one
    sample at nodes and weights.
    """
    sizes = [len(parameters[0].W), *(W.shape[1] for W, _ in parameters)]
    centres, node, height = places(sizes, roomy=values is not None)
    # One image for all, and a number of its own: a browser takes its time over each image.
    image_name = f"nnlib-{zlib.crc32(image.encode()):x}"
    parts = [
        f'<defs><image id="{image_name}" href="{image}" width="{SMALL}" '
        f'height="{SMALL * sum(sizes)}" preserveAspectRatio="none"/></defs>'
        '<g fill="none" stroke-linecap="butt">'
    ]
    for k, (W, _) in enumerate(parameters):
        parts += _edges(k, W, centres[k], centres[k + 1], node / 2, chosen)
        if values and k in values["dW"]:
            parts += _slopes(values["dW"][k], centres[k], centres[k + 1], node / 2)
    parts.append("</g>")
    surfaces = itertools.count()
    for k, spots in enumerate(centres):
        parts.append("<g>")
        for i, (x, y) in enumerate(spots):
            own = _part(image_name, next(surfaces), x - node / 2, y - node / 2, node)
            bias = parameters[k - 1].b[0, i] if k else None
            name = input_names[i] if k == 0 else f"layer {k + 1}, neuron {i + 1}"
            parts.append(_node(own, x, y, node, name, bias, focus == (k, i)))
            if values and (k, i) in values["nodes"]:
                parts.append(_stack_of_texts(x, y + node / 2 + 10, values["nodes"][k, i]))
        parts.append("</g>")
    for (x, y), name in zip(centres[0], input_names):
        parts.append(f'<text x="{x - node / 2 - 3:.0f}" y="{y + 4:.0f}" text-anchor="end" '
                     f'font-size="10">{escape(name)}</text>')  # fmt: skip
    parts += [
        f'<text x="{spots[0][0]:.0f}" y="12" text-anchor="middle" fill="{FAINT}">{name}</text>'
        for spots, name in zip(centres, _layer_names(len(sizes)))
    ]
    return picture(WIDTH, height, title, description, *parts)


def _layer_names(count):
    short = count > 5
    middle = [f"{k}" if short else f"hidden {k - 1}" for k in range(2, count)]
    return ["inputs", *middle, "output"]


def _edges(k, W, start, end, half, chosen):
    parts = []
    weights = W.tolist()
    for i, j in np.ndindex(W.shape):
        w, (x, y), (u, v) = weights[i][j], start[i], end[j]
        x, u = x + half, u - half
        bend = (u - x) / 2
        d = f"M{x:.0f} {y:.0f}C{x + bend:.0f} {y:.0f} {u - bend:.0f} {v:.0f} {u:.0f} {v:.0f}"
        if chosen == (k, i, j):
            parts.append(
                f'<path d="{d}" stroke="{colours.ACCENT}" stroke-width="9" opacity=".35"/>'
            )
        width = min(8.0, 0.7 + 0.9 * abs(w))
        parts.append(f'<path d="{d}" {stroke(w, width)}><title>{number(w)}</title></path>')
    return parts


def _slopes(dW, start, end, half):
    """∂J/∂W of one sample: hatched marks on the lines, numbers beside them where there is room."""
    parts, steepest = [], max(np.abs(dW).max(), 1e-12)
    roomy = dW.size <= 8 and end[0][0] - start[0][0] > 120
    late = len(end) >= len(start)  # lines lie farther apart near the larger layer
    for i, j in np.ndindex(dW.shape):
        (x, y), (u, v), slope = start[i], end[j], dW[i, j]
        share = 0.4 + 0.35 * i / max(len(start) - 1, 1) if late else 0.25 + 0.35 * j / len(end)
        x, u = x + half, u - half
        s, t = x + share * (u - x), y + (3 * share**2 - 2 * share**3) * (v - y)
        width = 3 + 7 * abs(slope) / steepest
        parts.append(
            f'<path d="M{s - 13:.0f} {t:.0f}h26" stroke="{colours.of_sign(slope)}" '
            f'stroke-width="{width:.1f}" stroke-dasharray="1.5 1.5">'
            f"<title>∂ {number(slope)}</title></path>"
        )
        if roomy:
            parts.append(
                f'<text x="{s:.0f}" y="{t - width / 2 - 2:.0f}" text-anchor="middle" font-size="9" '
                f'fill="{INK}" stroke="{PAPER}" stroke-width="3" paint-order="stroke">'
                f"∂ {number(slope)}</text>"
            )
    return parts


def _part(image_name, k, left, top, side):
    """Surface k of those that lie one below another."""
    return (
        f'<svg x="{left:.0f}" y="{top:.0f}" width="{side:.0f}" height="{side:.0f}" '
        f'viewBox="0 {SMALL * k} {SMALL} {SMALL}"><use href="#{image_name}"/></svg>'
    )


def _node(surface, x, y, side, name, bias, focused):
    left, top = x - side / 2, y - side / 2
    frame = f'stroke="{colours.ACCENT}" stroke-width="4"' if focused else f'stroke="{INK}"'
    spot = ""
    if bias is not None:
        corners = 0 if bias < 0 else 4  # a negative bias is square, a positive one round
        name += f", bias {number(bias)}"
        spot = (
            f'<rect x="{left - 4:.0f}" y="{top + side - 4:.0f}" width="8" height="8" '
            f'rx="{corners}" fill="{colours.of_sign(bias)}" stroke="#fff" '
            f'opacity="{min(1, 0.15 + abs(bias)):.2f}"/>'
        )
    return (
        f'<g class="nnlib-node" style="transform-origin:{x:.0f}px {y:.0f}px">'
        f"<title>{escape(name)}</title>{surface}"
        f'<rect x="{left:.0f}" y="{top:.0f}" width="{side:.0f}" height="{side:.0f}" fill="none" '
        f"{frame}/>{spot}</g>"
    )


def _stack_of_texts(x, y, lines):
    spans = "".join(
        f'<tspan x="{x:.0f}" dy="{11 if k else 0}">{escape(text)}</tspan>'
        for k, text in enumerate(lines)
    )
    return (
        f'<text y="{y:.0f}" text-anchor="middle" font-size="10" stroke="{PAPER}" '
        f'stroke-width="3" paint-order="stroke">{spans}</text>'
    )


# -- curves ----------------------------------------------------------------------------------------


def curve(x, y, *, dashed=False, colour=INK, width=1.8):
    """A curve through the finite points; it breaks where one is not."""
    good = np.isfinite(y)
    marks = np.where(np.append(False, good[:-1]), "L", "M")[good]
    places = np.column_stack([np.round(x), y])[good]
    d = "%d %.1f".join([*marks.tolist(), ""]) % tuple(places.ravel().tolist())
    dashes = ' stroke-dasharray="4 3"' if dashed else ""
    return f'<path d="{d}" fill="none" stroke="{colour}" stroke-width="{width}"{dashes}/>'


def cost_curve(epochs, costs, test_costs, marks, *, viewed=None):
    """The cost so far, of training (solid) and test data (dashed); changes are marked."""
    wide, high, left, top = 258, 84, 52, 20
    series = np.array([costs, test_costs])
    last, highest = max(epochs[-1], 1), series[np.isfinite(series)].max(initial=1e-9)
    x = left + (wide - left - 4) * np.asarray(epochs) / last
    rise = high / highest
    parts = [
        f'<path d="M{left} {top}V{top + high}H{wide}" fill="none" stroke="{GRID}"/>',
        _highest(left, top, highest),
        f'<text x="{left - 3}" y="{top + high}" text-anchor="end">0</text>',
        f'<text x="{left}" y="{top + high + 13}">0</text>',
        f'<text x="{wide}" y="{top + high + 13}" text-anchor="end">epoch {last:,}</text>',
    ]
    for epoch, what in marks:
        at = left + (wide - left - 4) * epoch / last
        parts.append(
            f'<path d="M{at:.0f} {top}v{high}" stroke="{colours.ACCENT}" stroke-dasharray="2 2">'
            f"<title>epoch {epoch:,}: {escape(what)}</title></path>"
        )
    if marks:
        parts.append(
            f'<text x="{wide}" y="{top + 10}" text-anchor="end" font-size="10">┆ '
            f"{escape(marks[-1][1][:34])}</text>"
        )
    shown = [f"training {number(costs[-1])}", f"test {number(test_costs[-1])}"]
    for dashed, line in enumerate(top + high - rise * series):
        parts.append(curve(x, line, dashed=bool(dashed)))
    parts.append(
        f'<text x="2" y="13"><tspan font-weight="600">Cost</tspan>  — {shown[0]}'
        f"  ┄ {shown[1]}</text>"
    )
    if viewed is not None:
        at = left + (wide - left - 4) * viewed / last
        parts.append(f'<circle cx="{at:.0f}" cy="{top + high}" r="4" fill="{colours.ACCENT}"/>')
    changes = "".join(f" At epoch {epoch:,}: {what}." for epoch, what in marks)
    description = (
        f"Over {epochs[-1]:,} epochs from {number(costs[0])} to {', '.join(shown)}.{changes}"
    )
    return picture(wide + 12, top + high + 18, "Cost over the epochs", description, *parts)


def sweep_curve(rates, runs, epoch, now):
    """Cost after `epoch` epochs against the learning rate (logarithmic), a line a hidden size.

    `runs`: {name: costs (64,)}, the first is the playground's own. `now`: its learning rate.
    """
    wide, high, left, top = 480, 130, 52, 24
    right = wide - 11 - 6.5 * max(map(len, runs))  # where the axis ends and the names begin
    finite = [c for costs in runs.values() for c in costs if np.isfinite(c)]
    highest = min(max([*finite, 1e-9]), 4 * max(np.median(finite or [1]), 1e-9))
    scale = np.log10(rates[-1] / rates[0])
    x = left + (right - left) * np.log10(rates / rates[0]) / scale
    parts = [
        f'<path d="M{left} {top}V{top + high}H{right:.0f}" fill="none" stroke="{GRID}"/>',
        _highest(left, top, highest),
        f'<text x="{left - 3}" y="{top + high}" text-anchor="end">0</text>',
        f'<text x="{left}" y="13" font-weight="600">Cost after {epoch:,} full-batch epochs, '
        f"{len(rates)} learning rates</text>",
    ]
    for tick in (0.001, 0.01, 0.1, 1, 10):
        at = left + (right - left) * np.log10(tick / rates[0]) / scale
        parts.append(
            f'<text x="{at:.0f}" y="{top + high + 13}" text-anchor="middle">{tick:g}</text>'
        )
    facts, ends = [], []
    for k, (name, costs) in enumerate(runs.items()):
        y = top + high - high * np.minimum(costs / highest, 1.03)
        grey = 1 - 0.18 * k
        parts.append(
            f'<g opacity="{grey:.2f}">{curve(x, y, dashed=k > 0, width=2.6 - 0.4 * k)}</g>'
        )
        best = int(np.argmin(costs))
        lost = int((~np.isfinite(costs)).sum())
        facts.append(
            f"{name}: lowest {number(costs[best])} at {number(rates[best])}"
            + f", {lost} diverged" * bool(lost)
        )
        ends.append([y[np.isfinite(y)][-1] if np.isfinite(y).any() else top, name])
        if k == 0 and np.isfinite(costs[best]):
            parts.append(
                f'<circle cx="{x[best]:.0f}" cy="{y[best]:.0f}" r="5" fill="{colours.ACCENT}"/>'
            )
    parts += _end_texts(ends, right + 7, top, top + high)
    if rates[0] <= now <= rates[-1]:
        at = left + (right - left) * np.log10(now / rates[0]) / scale
        parts.append(f'<path d="M{at:.0f} {top}v{high}" stroke="{colours.ACCENT}" '
                     f'stroke-dasharray="2 2"><title>now {now:g}</title></path>')  # fmt: skip
    title = "Learning-rate sweep"
    return picture(wide, top + high + 18, title, "; ".join(facts), *parts), "; ".join(facts)


def _highest(left, top, value):
    """The number at the top of an axis; there is room for eight characters."""
    return (
        f'<text x="{left - 3}" y="{top + 8}" text-anchor="end" font-size="10">'
        f"{number(value)}</text>"
    )


def _end_texts(ends, x, top, bottom):
    """The names of lines beside their ends, at least 12 apart, the last not below `bottom`."""
    parts, at = [], top - 12
    for below, (y, name) in zip(reversed(range(len(ends))), sorted(ends)):
        at = max(at + 12, min(y, bottom - 12 * below))
        parts.append(f'<text x="{x:.0f}" y="{at + 4:.0f}">{escape(name)}</text>')
    return parts
