"""A nudge that travels through a network, and how slopes are measured. Notebooks 04 and 04b."""

import numpy as np

from nnlib.formatting import format_number
from nnlib.live.explorers.explorer import slider
from nnlib.live.explorers.passes import COLUMNS, WeightsOnLines
from nnlib.live.render.diagrams import Diagram, draw_neuron, draw_weight
from nnlib.live.render.panel import ACCENT, FAINT, GRID, INK, PAPER, SERIES, Plot
from nnlib.network import Layer, backward, forward

START_NUDGE = 2.0
SHRINK = 0.55  # of the nudge that is left after a second
SMALLEST = 0.02
WEIGHTS = "W1", "W2"
NEURONS = "z2", "z3"
COST_BOX = Plot(46, 54, 262, 256, x=(-4, 4), y=(0, 1))


class Nudge(WeightsOnLines):
    """Nudge a weight or a neuron, follow the change to J, and compare it with the slope.

    `chosen` names what is nudged: ("W1", row, column), ("W2", row, 0), ("z2", 0, j) or
    ("z3", 0, 0). `nudge` is how much is added to it.
    """

    key = "nudge"
    buttons = ("reset",)
    autoplay = True
    nudge = slider(START_NUDGE, low=-4.0, high=4.0, step=0.05)

    def __init__(self, *arguments, **options):
        self.chosen = ("W1", 1, 0)
        super().__init__(*arguments, **options)

    def make_diagram(self) -> Diagram:
        return Diagram(self.network.sizes, 6, 50, 300, 290, radius=24)

    def reset(self):
        super().reset()
        self.chosen = ("W1", 1, 0)

    def on_play(self):
        super().on_play()
        if self.playing and abs(self.nudge) <= 1.01 * SMALLEST:
            self.nudge = START_NUDGE

    def move(self, seconds):
        """Let the nudge shrink, until the curve and its tangent can't be told apart."""
        left = self.nudge * SHRINK**seconds
        if abs(left) < SMALLEST:
            left, self.playing = float(np.copysign(SMALLEST, self.nudge)), False
        self.nudge = left

    def tap_choose(self, kind, row, column):
        self.chosen = ((*WEIGHTS, *NEURONS)[kind], row, column)
        self._start_nudge()

    def _start_nudge(self):
        self.nudge, self.playing = START_NUDGE, not self.reduced

    def drag_nudge(self, x, y):
        self.nudge, self.playing = round(COST_BOX.data(x, y)[0], 3), False

    # -- numbers -----------------------------------------------------------------------------------

    def nudged(self, nudge):
        """Return z2, a2, z3, y_hat and J of the chosen house after nudges (n,), n rows each."""
        name, row, column = self.chosen
        nudge = np.atleast_1d(np.asarray(nudge, dtype=float))
        (W1, b1), (W2, b2) = self.parameters
        X, y = self.X[[self.house]], self.y[[self.house]]
        z2 = np.repeat(X @ W1 + b1, len(nudge), axis=0)
        if name == "W1":
            z2[:, column] += nudge * X[0, row]
        elif name == "z2":
            z2[:, column] += nudge
        a2 = self.network.activation(2).forward(z2)
        z3 = a2 @ W2 + b2
        if name == "W2":
            z3[:, 0] += nudge * a2[:, row]
        elif name == "z3":
            z3[:, 0] += nudge
        y_hat = self.network.activation(3).forward(z3)
        return {"z2": z2, "a2": a2, "z3": z3, "y_hat": y_hat, "J": (y_hat - y) ** 2}

    def slope(self) -> float:
        """Return backpropagation's ∂J/∂ of what is chosen."""
        trace = self.trace()
        (dW1, dz2), (dW2, dz3) = backward(
            self.network, self.parameters, trace, self.y[[self.house]]
        )
        name, row, column = self.chosen
        return float({"W1": dW1, "W2": dW2, "z2": dz2, "z3": dz3}[name][row, column])

    def name(self) -> str:
        """Return what is nudged, as the text writes it: W1[1, 0] or z2[0, 1]."""
        name, row, column = self.chosen
        return f"{name}[{row}, {column}]"

    def words(self):
        J = self.nudged([0.0, self.nudge])["J"][:, 0]
        change, slope = float(J[1] - J[0]), self.slope()
        values = {"change": change, "slope": slope, "tangent": slope * self.nudge}
        return self.say("words", name=self.name(), nudge=self.nudge, **values)

    # -- picture -----------------------------------------------------------------------------------

    def panels(self):
        return [self._graph_panel(), self._tangent_panel()]

    def _graph_panel(self):
        panel = self.panel(330, 350, "graph_title", name=self.name())
        after = {name: rows[1] - rows[0] for name, rows in self.nudged([0.0, self.nudge]).items()}
        for edge in self.diagram.edges():
            self._draw_edge(panel, edge)
        places, trace = self.diagram.centres, self.trace()
        for at, value, name in zip(places[0], trace.a[1][0], COLUMNS):
            draw_neuron(panel, at, [format_number(value)], radius=24, value=value, above=name)
        for j, at in enumerate(places[1]):
            self._draw_neuron(panel, at, ("z2", 0, j), trace.a2[0, j], after["a2"][j], "a")
        y_hat, change = trace.y_hat[0, 0], after["y_hat"][0]
        self._draw_neuron(panel, places[2][0], ("z3", 0, 0), y_hat, change, "ŷ")
        change = self.say("cost_change", change=float(after["J"][0]))
        panel.text(300, 342, change, anchor="end", colour=ACCENT, weight=600)
        return panel

    def _draw_edge(self, panel, edge):
        """Draw a weight as a line with a number, which is a button that chooses it."""
        layer, row, column = edge
        ends, value = self.diagram.edge(*edge), float(self.parameters[layer].W[row, column])
        chosen = self.chosen == (WEIGHTS[layer], row, column)
        if self._on_the_way(layer, row, column):
            panel.line(ends, colour=ACCENT, width=10, opacity=0.22)
        panel.signed_line(ends, value, opacity=0.75)
        at = self.diagram.label(*edge)
        text = format_number(value) + (f" {_signed(self.nudge)}" if chosen else "")
        label = self.say("choose", name=f"{WEIGHTS[layer]}[{row}, {column}]")
        with panel.button(f"choose {layer} {row} {column}", label, chosen):
            panel.circle(*at, 20, fill="transparent")
            draw_weight(panel, at, text, colour=ACCENT if chosen else INK)

    def _on_the_way(self, layer, row, column):
        """Whether the nudge travels along this line."""
        name, i, j = self.chosen
        if layer == 0:
            return name == "W1" and (row, column) == (i, j)
        return (name in ("W1", "z2") and row == j) or (name == "W2" and row == i)

    def _draw_neuron(self, panel, at, key, value, change, symbol):
        """Draw a neuron with its activation and how much that changed; a button chooses its z."""
        moved = bool(abs(change) > 1e-12)
        lines = [f"{symbol} {format_number(value)}"] + [_signed(change)] * moved
        kind = 2 if key[0] == "z2" else 3
        label = self.say("choose", name=f"{key[0]}[{key[1]}, {key[2]}]")
        with panel.button(f"choose {kind} {key[1]} {key[2]}", label, self.chosen == key):
            panel.circle(*at, 27, fill="transparent")
            draw_neuron(panel, at, lines, radius=24, value=value, highlight=moved)
            if self.chosen == key:
                text = f"z {_signed(self.nudge)}"
                panel.text(at[0], at[1] + 38, text, colour=ACCENT, weight=600, rim=True)

    def _tangent_panel(self):
        panel = self.panel(320, 350, "tangent_title")
        nudges = np.linspace(-4, 4, 100)
        J, slope = self.nudged(nudges)["J"][:, 0], self.slope()
        now = float(self.nudged(0.0)["J"][0, 0])
        plot = self._plot = Plot(46, 54, 262, 256, x=(-4, 4), y=_limits(J))
        plot.axes(panel, (self.say("nudge_axis"), "J"), (-4, -2, 0, 2, 4), plot.y)
        panel.line([plot.at(0, plot.y[0]), plot.at(0, plot.y[1])], colour=GRID, width=1)
        plot.curve(panel, nudges, now + slope * nudges, colour=SERIES[0], width=2, dashes="6 4")
        plot.curve(panel, nudges, J, width=2.6)
        panel.circle(*plot.at(0, now), 4, fill=INK)
        there = float(self.nudged(self.nudge)["J"][0, 0])
        end, on_tangent = plot.at(self.nudge, there), plot.at(self.nudge, now + slope * self.nudge)
        panel.line([end, on_tangent], colour=ACCENT, width=2)
        panel.circle(*on_tangent, 4, fill=SERIES[0], stroke=PAPER)
        text = self.say("nudge_text", nudge=self.nudge, change=there - now)
        panel.handle("nudge", *end, self.say("nudge_name"), self.nudge, text)
        panel.text(0, 31, self.say("legend"), anchor="start", colour=FAINT, size=11)
        return panel


def _signed(value):
    """Return a change with its sign: "+0.12"."""
    return ("" if value < 0 else "+") + format_number(float(value))


def _limits(values):
    """Return limits for an axis that show these values, with room below and above."""
    low, high = float(values.min()), float(values.max())
    room = max(0.15 * (high - low), 1e-6)
    return max(low - room, -0.02), high + room


EXPONENTS = Plot(44, 40, 264, 240, x=(-15, 0), y=(-13, 1))
ZOOM = Plot(4, 44, 300, 236, x=(-1, 1), y=(-1, 1))


class GradientCheck(WeightsOnLines):
    """Measure one slope with nudges of any size h, and compare it with backpropagation's.

    `exponent` is that of h = 10 ** exponent. The weight is W1[0, 0], the cost that of all houses.
    """

    key = "gradient_check"
    buttons, plays = ("reset",), True
    autoplay = True
    exponent = slider(-0.3, low=-15.0, high=0.0)

    def control_names(self):
        return [name for name in super().control_names() if name != "house"]

    def J(self, nudge) -> np.ndarray:
        """Return the cost of all houses with W1[0, 0] nudged by each of `nudge` (n,)."""
        nudge = np.atleast_1d(nudge)
        (W1, b1), second = self.parameters
        stack = np.repeat(W1[None], len(nudge), axis=0)
        stack[:, 0, 0] += nudge
        y_hat = forward(self.network, (Layer(stack, b1), second), self.X).y_hat
        return ((y_hat - self.y) ** 2).mean(axis=(-2, -1))

    def slope(self) -> float:
        """Return backpropagation's ∂J/∂W1[0, 0] for all houses."""
        trace = forward(self.network, self.parameters, self.X)
        return float(backward(self.network, self.parameters, trace, self.y)[0].dW[0, 0])

    def measured(self, h) -> np.ndarray:
        """Return (J(+h) − J(−h)) / 2h for each of `h` (n,)."""
        return (self.J(h) - self.J(-h)) / (2 * h)

    def drag_h(self, x, y):
        self.exponent, self.playing = round(EXPONENTS.data(x, y)[0], 2), False

    def on_play(self):
        super().on_play()
        if self.playing and self.exponent <= -14.5:
            self.exponent = -0.3

    def move(self, seconds):
        """Let h shrink from 0.5 to 1e-14.5 in about ten seconds."""
        self.exponent = max(self.exponent - 1.4 * seconds, -14.5)
        self.playing = self.exponent > -14.5

    def words(self):
        h = 10.0**self.exponent
        measured, slope = float(self.measured(np.array([h]))[0]), self.slope()
        region = "large" if self.exponent > -4 else "small" if self.exponent < -6.5 else "right"
        values = {"h": f"{h:.1e}", "measured": f"{measured:.10f}", "slope": f"{slope:.10f}"}
        return self.say("words", **values, verdict=self.say(region))

    def panels(self):
        return [self._error_panel(), self._zoom_panel()]

    def _error_panel(self):
        panel = self.panel(320, 330, "error_title")
        EXPONENTS.axes(panel)
        bottom = EXPONENTS.top + EXPONENTS.height
        for k in (-15, -10, -5, 0):
            panel.text(EXPONENTS.at(k, 0)[0], bottom + 15, _power(k), colour=FAINT, size=11)
        for k in (-12, -8, -4, 0):
            up = EXPONENTS.at(-15, k)[1]
            panel.text(EXPONENTS.left - 6, up + 4, _power(k), anchor="end", colour=FAINT, size=11)
        panel.text(308, bottom + 30, self.say("h_axis"), anchor="end", colour=FAINT)
        exponents = np.linspace(-15, 0, 121)
        EXPONENTS.curve(panel, exponents, self._errors(exponents), width=2)
        at = EXPONENTS.at(self.exponent, float(self._errors(np.array([self.exponent]))[0]))
        panel.line([(at[0], bottom), at], colour=ACCENT, dashes="3 3")
        text = f"h = {10.0**self.exponent:.1e}"
        panel.handle("h", *at, self.say("h_name"), self.exponent, text)
        return panel

    def _errors(self, exponents):
        """Return log10 of the relative errors of the measured slopes."""
        slope = self.slope()
        error = np.abs(self.measured(10.0**exponents) - slope) / abs(slope)
        return np.log10(np.maximum(error, 1e-13))

    def _zoom_panel(self):
        """Draw J within 1.4 h of the weight, as the computer sees it."""
        panel = self.panel(320, 330, "zoom_title")
        h, shares = 10.0**self.exponent, np.linspace(-1.4, 1.4, 141)
        J, here = self.J(h * shares), float(self.J(0.0)[0])
        rise = max(np.abs(J - here).max(), abs(self.slope()) * h * 1.4, 1e-300)
        plot = Plot(ZOOM.left, ZOOM.top, ZOOM.width, ZOOM.height, x=(-1.4, 1.4), y=(-1.1, 1.1))
        plot.frame(panel)
        panel.line([plot.at(0, -1.1), plot.at(0, 1.1)], colour=GRID, width=1)
        tangent = self.slope() * h * shares / rise
        plot.curve(panel, shares, tangent, colour=SERIES[0], width=2, dashes="6 4")
        plot.curve(panel, shares, (J - here) / rise, width=2.4)
        ends = (self.J(h * np.array([-1.0, 1.0])) - here) / rise
        points = [plot.at(-1, ends[0]), plot.at(1, ends[1])]
        panel.line(points, colour=ACCENT, width=2)
        panel.dots(points, 9, colour=ACCENT)
        for at, text in ((-1, "−h"), (1, "+h")):
            panel.text(plot.at(at, 0)[0], plot.top + plot.height + 16, text, colour=FAINT)
        panel.text(0, 31, self.say("legend"), anchor="start", colour=FAINT, size=11)
        return panel


def _power(exponent):
    """Return 10 to that power: "1e−5"."""
    return "1" if exponent == 0 else f"1e−{-exponent}"
