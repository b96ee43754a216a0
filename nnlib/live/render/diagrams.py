"""Networks as circles and lines, and equations of arrays as tables of numbers, on a Panel."""

import numpy as np

from nnlib.formatting import format_number
from nnlib.live.render.panel import ACCENT, FAINT, INK, Panel, of_sign

CELL, ROW = 46, 21  # width and height of a number in a table
HATCH = "1.6 2.2"


class Diagram:
    """Where the neurons of a small network are, in a rectangle of a Panel."""

    def __init__(self, sizes, left, top, width, height, *, radius=26):
        self.sizes, self.radius = sizes, radius
        x = np.linspace(left + radius, left + width - radius, len(sizes))
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
        share = 0.68 if self.sizes[layer] < self.sizes[layer + 1] else 0.32
        return self.along(layer, row, column, share)


def draw_neuron(panel: Panel, at, lines, *, radius=26, value=None, highlight=False, above=""):
    """Draw a neuron with up to two lines of text in it, and its name above."""
    x, y = at
    panel.neuron(x, y, radius, value, highlight=highlight)
    for k, line in enumerate(lines):
        down = 4 + 13 * (k - (len(lines) - 1) / 2)
        panel.text(x, y + down, line, size=min(12, 2 * radius / (0.58 * len(line))))
    if above:
        panel.text(x, y - radius - 6, above, colour=FAINT, size=11)


def draw_slope(panel: Panel, at, slope, text):
    """Write the slope of a weight below its number, on a bar hatched in the colour of its sign."""
    x, y = at
    ends = [(x - 24, y), (x + 24, y)]
    panel.line(ends, colour=of_sign(slope), width=14, dashes=HATCH, opacity=0.35)
    panel.text(x, y + 4, text, size=11, rim=True)


def draw_table(panel: Panel, x, y, name, values, *, highlight=False, largest=1.0) -> float:
    """Draw an array (rows, columns) with its name above; (x, y) is its top left. Return its width."""
    values = np.atleast_2d(values)
    rows, columns = values.shape
    width, height = columns * CELL, rows * ROW
    colour = ACCENT if highlight else INK
    panel.text(x + width / 2 + 5, y - 6, name, colour=colour, size=12, weight=600)
    for i, j in np.ndindex(rows, columns):
        value = values[i, j]
        share = min(0.5, 0.5 * abs(value) / largest)
        cell = x + 5 + j * CELL, y + i * ROW
        panel.box(*cell, CELL - 2, ROW - 2, fill=of_sign(value), opacity=share, radius=3)
        panel.text(cell[0] + CELL / 2 - 1, cell[1] + 14, format_number(value), size=11)
    for edge, inward in ((x, 4), (x + width + 8, -4)):
        bracket = [
            (edge + inward, y - 2),
            (edge, y - 2),
            (edge, y + height),
            (edge + inward, y + height),
        ]
        panel.line(bracket, colour=colour, width=1.2)
    return width + 8


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
        top += height + 30
