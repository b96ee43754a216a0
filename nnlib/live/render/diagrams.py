"""Networks as circles and lines, and equations of arrays as tables of numbers, on a Panel."""

import numpy as np

from nnlib.formatting import format_number
from nnlib.live.render.panel import ACCENT, FAINT, INK, PAPER, Panel, of_sign

ROW = 21  # height of a number in a table


class Diagram:
    """Where the neurons of a small network are, in a rectangle of a Panel."""

    def __init__(self, sizes, left, top, width, height, *, radius=26):
        self.sizes, self.radius = sizes, radius
        self.right, self.bottom = left + width, top + height
        x = np.linspace(left + radius, left + width - radius, len(sizes))
        x[1:-1] += 0.03 * width  # room for the numbers of the first layer
        pitch = min(height / max(sizes), 2.6 * height / (max(sizes) + 1))
        middle = top + height / 2
        self.centres = [
            [(across, middle + pitch * (i - (n - 1) / 2)) for i in range(n)]
            for across, n in zip(x.tolist(), sizes)
        ]

    def edges(self):
        """Yield (layer, row, column) of every weight; layer 0 comes first."""
        for layer in range(len(self.sizes) - 1):
            for row, column in np.ndindex(self.sizes[layer], self.sizes[layer + 1]):
                yield layer, row, column

    def edge(self, layer, row, column) -> np.ndarray:
        """Return the two ends (2, 2) of a weight's line."""
        start, end = map(np.array, (self.centres[layer][row], self.centres[layer + 1][column]))
        step = (end - start) / np.linalg.norm(end - start)
        return np.array([start + self.radius * step, end - self.radius * step])

    def along(self, layer, row, column, share) -> tuple[float, float]:
        """Return a point of a weight's line."""
        start, end = self.edge(layer, row, column)
        return tuple((start + share * (end - start)).tolist())

    def label(self, layer, row, column) -> tuple[float, float]:
        """Return where a weight's number is: where the lines are apart."""
        share = 0.63 if self.sizes[layer] < self.sizes[layer + 1] else 0.48
        start, end = self.centres[layer][row], self.centres[layer + 1][column]
        return tuple(a + share * (b - a) for a, b in zip(start, end))


def draw_neuron(panel: Panel, at, lines, *, radius=26, value=None, highlight=False, above=""):
    """Draw a neuron with up to three lines of text in it, and its name above."""
    x, y = at
    panel.neuron(x, y, radius, value, highlight=highlight)
    for k, line in enumerate(lines):
        down = 4 + 12.5 * (k - (len(lines) - 1) / 2)
        panel.text(x, y + down, line, size=min(12, 2 * radius / (0.58 * len(line))))
    if above:
        panel.text(x, y - radius - 6, above, colour=FAINT, size=11)


def draw_weight(panel: Panel, at, text, colour=INK):
    """Write a weight's number on its line."""
    x, y = at
    width = 6.8 * len(text) + 4
    panel.box(x - width / 2, y - 8, width, 16, fill=PAPER, opacity=0.85, radius=5)
    panel.text(x, y + 4, text, colour=colour)


def draw_slope(panel: Panel, at, slope, text):
    """Write the slope of a weight below its number, tinted in the colour of its sign."""
    x, y = at
    width = 6.3 * len(text) + 6
    place = {"x": x - width / 2, "y": y - 7, "width": width, "height": 14, "radius": 7}
    panel.box(**place, fill=PAPER, opacity=0.85)
    panel.box(**place, fill=of_sign(slope), opacity=0.28)
    panel.text(x, y + 4, text, size=11)


def draw_table(panel: Panel, x, y, name, values, *, highlight=False) -> float:
    """Draw an array (rows, columns) and its name, with its top left at (x, y). Return its width."""
    values = np.atleast_2d(values)
    (rows, columns), texts = values.shape, [[format_number(v) for v in row] for row in values]
    cell = max(34.0, 10 + 6.4 * max(len(text) for row in texts for text in row))
    width, height = columns * cell, rows * ROW
    colour, total = ACCENT if highlight else INK, max(width + 8, 7.5 * len(name))
    x += (total - width - 8) / 2
    panel.text(x + width / 2 + 4, y - 7, name, colour=colour, weight=600)
    for i, j in np.ndindex(rows, columns):
        left, top, value = x + 5 + j * cell, y + i * ROW, float(values[i, j])
        share = round(0.5 * min(1.0, abs(value)), 2)
        panel.box(left, top, cell - 2, ROW - 2, fill=of_sign(value), opacity=share, radius=3)
        panel.text(left + cell / 2 - 1, top + 14, texts[i][j], size=11)
    for edge, inward in ((x, 4), (x + width + 8, -4)):
        corners = ((edge + inward, y - 2), (edge, y - 2), (edge, y + height))
        panel.line([*corners, (edge + inward, y + height)], colour=colour, width=1.2)
    return total


def draw_equation(panel: Panel, top, rows, arrays, result):
    """Draw rows of array names and operators as tables; `result` is highlighted."""
    for row in rows:
        x = 0.0
        heights = [np.atleast_2d(arrays[token]).shape[0] for token in row if token in arrays]
        height = max(heights) * ROW
        for token in row:
            if token in arrays:
                values = np.atleast_2d(arrays[token])
                down = top + (height - len(values) * ROW) / 2
                x += draw_table(panel, x, down, token, values, highlight=token == result) + 6
            else:
                wide = 9 * len(token) + 4
                panel.text(x + wide / 2, top + height / 2 + 4, token, size=14)
                x += wide + 6
        top += height + 32
