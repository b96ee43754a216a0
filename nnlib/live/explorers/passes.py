"""One house through a network, forward and backward, step by step. Notebooks 02 and 04."""

import numpy as np

from nnlib import _validation as validation
from nnlib import data
from nnlib.formatting import format_array, format_number
from nnlib.live.explorers.explorer import Explorer, choice
from nnlib.live.render.diagrams import Diagram, draw_equation, draw_neuron, draw_slope, draw_weight
from nnlib.live.render.panel import ACCENT, Panel
from nnlib.network import (
    Layer,
    Network,
    Parameters,
    backward,
    forward,
    initialize_parameters,
    validate_parameters,
)

MOTION, REST = 1.3, 1.0  # seconds of a step: numbers travel, then stay
ARRIVED = 0.75  # share of the motion after which the result is shown
DRAG = 40  # units of a drag for a weight's change by 1
LIMIT = 8.0  # of a weight
COLUMNS = "bedrooms", "quality"


def example() -> tuple[np.ndarray, np.ndarray, Parameters]:
    """Return the three houses, scaled, and random parameters of a 2-3-1 network."""
    X, y = data.houses()
    parameters = initialize_parameters(Network((2, 3, 1)), np.random.default_rng(2))
    return X / X.max(axis=0), y / 100, parameters


class WeightsOnLines(Explorer):
    """A 2-3-1 network whose weights are numbers on lines, which can be dragged up and down."""

    house = choice(0)

    def __init__(self, X=None, y=None, W1=None, b1=None, W2=None, b2=None, *, houses=None):
        if X is None:
            X, y, ((W1, b1), (W2, b2)) = example()
        self.X, self.y = validation.as_samples(X, None, "X"), np.asarray(y, dtype=float)
        self.network = Network((self.X.shape[1], np.shape(W1)[1], 1))
        first = Layer(W1, b1), Layer(W2, b2)
        self.parameters = self._start = validate_parameters(self.network, first)
        self._names = houses or [f"house {k + 1}" for k in range(len(self.X))]
        self.diagram = self.make_diagram()
        self.add_traits(house=choice(0, *range(len(self.X))))
        super().__init__()

    def make_diagram(self) -> Diagram:
        """Return where the neurons are."""
        return Diagram(self.network.sizes, 4, 34, 346, 300, radius=29)

    def control(self, name):
        control = super().control(name)
        if name == "house":
            control["choices"] = [[k, text] for k, text in enumerate(self._names)]
        return control

    def trace(self):
        """Return the Trace of the chosen house."""
        return forward(self.network, self.parameters, self.X[[self.house]])

    def set_weight(self, layer, row, column, value):
        """Replace one weight; layer 0 is W1."""
        W, b = self.parameters[layer]
        W = W.copy()
        W[row, column] = value
        layers = list(self.parameters)
        layers[layer] = Layer(W, b)
        self.parameters = tuple(layers)

    def reset(self):
        super().reset()
        self.parameters = self._start

    def drag_weight(self, layer, row, column, x, y):
        first = self.grabbed.setdefault("weight", self.parameters[layer].W[row, column])
        value = first + (self.diagram.label(layer, row, column)[1] - y) / DRAG
        self.set_weight(layer, row, column, round(float(np.clip(value, -LIMIT, LIMIT)), 2))

    def draw_weights(self, panel, bright=None):
        """Draw the lines; those of the layer `bright` glow."""
        for edge in self.diagram.edges():
            layer, row, column = edge
            ends, value = self.diagram.edge(*edge), self.parameters[layer].W[row, column]
            if layer == bright:
                panel.line(ends, colour=ACCENT, width=9, opacity=0.18)
            panel.signed_line(ends, value, opacity=0.75)

    def draw_numbers(self, panel):
        """Write each weight on its line, as a handle."""
        for layer, row, column in self.diagram.edges():
            value = self.parameters[layer].W[row, column]
            x, y = self.diagram.label(layer, row, column)
            label = f"W{layer + 1}[{row}, {column}]"
            name = f"weight {layer} {row} {column}"
            with panel.draggable(name, x, y, label, value, format_number(value)):
                draw_weight(panel, (x, y), format_number(value))


class Pass(WeightsOnLines):
    """Walks through a calculation, one step after the other. Subclasses list `steps`."""

    buttons = ("previous", "next", "reset")
    steps = ()  # (array that the step computes, layer of the lines it travels or None, equation)
    backwards = False

    def __init__(self, *arguments, **options):
        self.step, self.progress, self._one = 0, 1.0, False
        super().__init__(*arguments, **options)

    # -- time --------------------------------------------------------------------------------------

    def next(self):
        """Go one step on."""
        self.step, self.progress = min(self.step + 1, len(self.steps)), 1.0

    def previous(self):
        """Go one step back."""
        self.step, self.progress = max(self.step - 1, 0), 1.0

    def on_next(self):
        moved = self.step < len(self.steps)
        self.next()
        if moved and not self.reduced:
            self.progress, self._one, self.playing = 0.0, True, True

    def on_previous(self):
        self.playing = False
        self.previous()

    def on_play(self):
        super().on_play()
        self._one = False
        if self.playing and self.step == len(self.steps) and self.progress >= 1:
            self.step = 0
        if self.playing and not self.step:
            self.progress = 1 + REST / MOTION  # begin at once

    def reset(self):
        super().reset()
        self.step, self.progress = 0, 1.0

    def move(self, seconds):
        """Let the numbers travel, and go to the next step after a rest."""
        self.progress += seconds / MOTION
        if self.progress < 1 + (0 if self._one else REST / MOTION):
            return
        if self._one or self.step == len(self.steps):
            self.playing, self._one, self.progress = False, False, 1.0
        else:
            self.step, self.progress = self.step + 1, 0.0

    # -- picture -----------------------------------------------------------------------------------

    @property
    def steps_done(self) -> int:
        """The number of steps whose result can be seen."""
        return self.step if self.progress >= ARRIVED else self.step - 1

    def arrays(self) -> dict[str, np.ndarray]:
        """Return every array that the equations name, for the chosen house."""
        raise NotImplementedError

    def words(self):
        arrays, sentence = self.arrays(), "step0"
        if self.steps_done > 0:
            sentence = self.steps[self.steps_done - 1][0]
        written = {name.replace(".", "_"): format_array(value) for name, value in arrays.items()}
        return self.say(sentence, step=self.steps_done, last=len(self.steps), **written)

    def panels(self):
        arrays = self.arrays()
        height = self.diagram.bottom + 20
        panel = Panel(self.diagram.right, height, self._heading(), self._known)
        travelling = self.steps[self.step - 1][1] if self.step else None
        self.draw_weights(panel, travelling)
        if travelling is not None and self.progress < 1:
            self._draw_pulses(panel, travelling)
        self.draw_graph(panel, arrays)
        equation = self.panel(340, 262, "equation_title")
        if self.step:
            result, _, rows = self.steps[self.step - 1]
            if self.steps_done < self.step:
                rows = rows[:-1] if len(rows) > 1 else [rows[0][:-2]]
            draw_equation(equation, 56, rows, arrays, result)
        else:
            draw_equation(equation, 56, [["X"], ["y"]], arrays, "X")
        return [panel, equation]

    def _heading(self):
        if not self.step:
            return self.say("start_title")
        name = self.steps[self.step - 1][0]
        return self.say("step_title", step=self.step, last=len(self.steps), name=name)

    def _draw_pulses(self, panel, layer):
        """Draw the numbers that travel, as dots on the lines of a layer."""
        share = 1 - self.progress if self.backwards else self.progress
        for edge in self.diagram.edges():
            if edge[0] == layer:
                panel.circle(*self.diagram.along(*edge, share), 5, fill=ACCENT)

    def draw_graph(self, panel, arrays):
        """Draw the neurons and the numbers on the lines."""
        raise NotImplementedError

    def draw_inputs(self, panel, arrays):
        """Draw the neurons of the input layer."""
        for at, value, name in zip(self.diagram.centres[0], arrays["X"][0], COLUMNS):
            look = {"radius": self.diagram.radius, "value": value, "above": name}
            draw_neuron(panel, at, [format_number(value)], **look)


class ForwardPass(Pass):
    """One house through a 2-3-1 network: z2, a2, z3, y_hat. Notebook 02."""

    key = "forward_pass"
    steps = (
        ("z2", 0, [["X", "@", "W1"], ["+", "b1"], ["=", "z2"]]),
        ("a2", None, [["f(", "z2", ")"], ["=", "a2"]]),
        ("z3", 1, [["a2", "@", "W2"], ["+", "b2"], ["=", "z3"]]),
        ("y_hat", None, [["f(", "z3", ")"], ["=", "y_hat"]]),
    )

    def arrays(self):
        trace, ((W1, b1), (W2, b2)) = self.trace(), self.parameters
        y = self.y[[self.house]]
        known = {"X": self.X[[self.house]], "y": y, "W1": W1, "b1": b1, "W2": W2, "b2": b2}
        known |= {name: getattr(trace, name) for name in ("z2", "a2", "z3", "y_hat")}
        return known | {"error": trace.y_hat - y}

    def draw_graph(self, panel, arrays):
        places = self.diagram.centres
        self.draw_inputs(panel, arrays)
        for at, z, a in zip(places[1], arrays["z2"][0], arrays["a2"][0]):
            self._draw_neuron(panel, at, ("z2", z), ("a2", a), first=1)
        z, y_hat = arrays["z3"][0, 0], arrays["y_hat"][0, 0]
        self._draw_neuron(panel, places[2][0], ("z3", z), ("ŷ", y_hat), first=3, above="price")
        self.draw_numbers(panel)

    def _draw_neuron(self, panel, at, z, a, *, first, above=""):
        """Draw a neuron; its z is known from step `first` on, its activation one step later."""
        lines = [f"{name} {format_number(value)}" for name, value in (z, a)]
        lines = lines[: max(0, self.steps_done - first + 1)]
        look = {"radius": self.diagram.radius, "above": above and self.say(above)}
        look |= {"value": a[1] if self.steps_done > first else None}
        draw_neuron(panel, at, lines, highlight=self.step in (first, first + 1), **look)


class BackwardPass(Pass):
    """The gradient of one house's J = (y_hat − y)², from the output back. Notebook 04."""

    key = "backward_pass"
    backwards = True

    def make_diagram(self):
        return Diagram(self.network.sizes, 4, 44, 380, 360, radius=34)

    steps = (
        ("dz3", None, [["2 (", "y_hat", "−", "y", ")"], ["·", "y_hat (1 − y_hat)"], ["=", "dz3"]]),
        ("dW2", 1, [["a2.T", "@", "dz3", "=", "dW2"]]),
        ("da2", 1, [["dz3", "@", "W2.T"], ["=", "da2"]]),
        ("dz2", None, [["da2"], ["·", "a2 (1 − a2)"], ["=", "dz2"]]),
        ("dW1", 0, [["X.T", "@", "dz2"], ["=", "dW1"]]),
    )

    def arrays(self):
        trace, y = self.trace(), self.y[[self.house]]
        (dW1, dz2), (dW2, dz3) = backward(self.network, self.parameters, trace, y)
        X, a2, y_hat, W2 = trace.a[1], trace.a2, trace.y_hat, self.parameters[1].W
        known = {"X": X, "y": y, "y_hat": y_hat, "a2": a2, "X.T": X.T, "a2.T": a2.T, "W2.T": W2.T}
        known |= {"y_hat (1 − y_hat)": y_hat * (1 - y_hat), "a2 (1 − a2)": a2 * (1 - a2)}
        known |= {"dz3": dz3, "dW2": dW2, "da2": dz3 @ W2.T, "dz2": dz2, "dW1": dW1}
        return known | {"J": (y_hat - y) ** 2}

    def draw_graph(self, panel, arrays):
        places, radius = self.diagram.centres, self.diagram.radius
        done = self.steps_done
        self.draw_inputs(panel, arrays)
        for at, a, da, dz in zip(places[1], *(arrays[name][0] for name in ("a2", "da2", "dz2"))):
            lines = [f"a2 {format_number(a)}"] + [f"da2 {format_number(da)}"] * (done >= 3)
            lines += [f"dz2 {format_number(dz)}"] * (done >= 4)
            glow = self.step in (3, 4)
            draw_neuron(panel, at, lines, radius=radius, value=a, highlight=glow)
        y_hat, dz3 = arrays["y_hat"][0, 0], arrays["dz3"][0, 0]
        lines = [f"ŷ {format_number(y_hat)}"] + [f"dz3 {format_number(dz3)}"] * (done >= 1)
        look = {"above": self.say("true_price", y=float(arrays["y"][0, 0])), "radius": radius}
        draw_neuron(panel, places[2][0], lines, value=y_hat, highlight=self.step <= 1, **look)
        self._draw_slopes(panel, arrays)
        self.draw_numbers(panel)

    def _draw_slopes(self, panel, arrays):
        """Write ∂J/∂W below each weight, once it is computed."""
        known = {0: arrays["dW1"] if self.steps_done >= 5 else None,
                 1: arrays["dW2"] if self.steps_done >= 2 else None}  # fmt: skip
        for layer, row, column in self.diagram.edges():
            if known[layer] is not None:
                x, y = self.diagram.label(layer, row, column)
                slope = known[layer][row, column]
                draw_slope(panel, (x, y + 16), slope, f"∂ {format_number(slope)}")
