"""One neuron, as a picture and as a curve. Notebook 00."""

import numpy as np

from nnlib.activations import sigmoid
from nnlib.formatting import format_number
from nnlib.live.explorers.explorer import Explorer, slider
from nnlib.live.render.panel import FAINT, GRID, INK, Plot

PLOT = Plot(40, 42, 270, 170, x=(-8, 8), y=(0, 1))
Z = np.linspace(-8, 8, 120)


class OneNeuron(Explorer):
    """z = x w + b and a = f(z): drag the dot on the curve, or the sliders of x, w and b."""

    key = "one_neuron"
    buttons, plays = ("reset",), False
    x = slider(2.0, low=-3, high=3)
    w = slider(0.5, low=-4, high=4)
    b = slider(0.0, low=-8, high=8)

    def __init__(self, x=2.0, w=0.5, b=0.0):
        super().__init__(x=x, w=w, b=b)

    @property
    def z(self) -> float:
        """The weighted input x w + b."""
        return self.x * self.w + self.b

    @property
    def a(self) -> float:
        """The activation f(z)."""
        return float(sigmoid(self.z))

    def words(self):
        values = {"x": self.x, "w": self.w, "b": self.b, "z": self.z, "a": self.a}
        return self.say("words", **values)

    def drag_dot(self, x, y):
        self.b = round(PLOT.data(x, y)[0] - self.x * self.w, 2)

    def panels(self):
        return [self._neuron(), self._curve()]

    def _neuron(self):
        panel = self.panel(320, 220, "neuron_title")
        x, z, a, y = 34, 168, 286, 104
        panel.signed_line([(x + 30, y), (z - 34, y)], self.w)
        panel.signed_line([(z, 176), (z, y + 34)], self.b / 2)
        panel.line([(z + 34, y), (a - 30, y)], colour=FAINT, width=1.4)
        panel.text((x + z) / 2 - 2, y - 12, f"× w = {format_number(self.w)}", rim=True)
        panel.text(z, 192, f"+ b = {format_number(self.b)}")
        panel.text((z + a) / 2 + 1, y - 10, "f", size=14)
        for across, radius, name, value, tint in (
            (x, 30, "input_name", self.x, self.x / 3),
            (z, 34, "sum_name", self.z, self.z / 6),
            (a, 30, "activation_name", self.a, self.a),
        ):
            panel.neuron(across, y, radius, tint)
            panel.text(across, y + 5, format_number(value), size=14, weight=600)
            panel.text(across, y - radius - 9, self.say(name), colour=FAINT)
        return panel

    def _curve(self):
        panel = self.panel(320, 248, "curve_title")
        PLOT.axes(panel, ("z", "a"), (-8, -4, 0, 4, 8), (0, 0.5, 1))
        across, up = PLOT.at(self.z, self.a)
        panel.line([PLOT.at(0, 0), PLOT.at(0, 1)], colour=GRID, width=1)
        PLOT.curve(panel, Z, sigmoid(Z), width=2.4, colour=INK)
        guide = [(across, PLOT.top + PLOT.height), (across, up), (PLOT.left, up)]
        panel.line(guide, colour="var(--nn-accent)", width=1.2, dashes="3 3")
        text = self.say("dot_text", z=self.z, a=self.a)
        panel.handle("dot", across, up, self.say("dot_name"), self.z, text)
        return panel
