"""Five small explorers, each for one idea: a neuron, forward, downhill, backward, learning rates.

Each is a scene with its own stage and controls; the last line of a cell shows it. Without a browser
`set`, `press` and `text` do the same.
"""

from time import monotonic

import ipywidgets as widgets
import numpy as np

from nnlib import _validation
from nnlib.activations import sigmoid
from nnlib.live import diagrams
from nnlib.live.driver import Stage
from nnlib.live.model import copies
from nnlib.live.sliders import STYLE, Slider, show_tooltip
from nnlib.live.svg import number
from nnlib.network import (
    Layer,
    Network,
    backward_propagation,
    compute_cost,
    forward_propagation,
)
from nnlib.optimizers import update_parameters
from nnlib.training import train_neural_network

COLUMNS = "bedrooms", "quality"  # of the houses: what comes in
PACE = 1.0  # seconds between two steps of an explorer that walks through a calculation
DIVERGED = 1e3  # times the first cost
NUDGE = 1e-4  # of a weight, to measure a slope


class Explorer:
    """A scene with its controls. Subclasses make knobs and buttons, then `_open`."""

    frames = 30

    def __init__(self):
        self.knobs, self._first, self._pressed, self._done = {}, {}, {}, {}

    def _knob(self, name, widget):
        """A control that sets `self.name`."""
        self.knobs[name] = widget
        self._first[name] = widget.value
        setattr(self, name, widget.value)
        show_tooltip(widget)
        widget.observe(lambda change: self.stage.want(name, change.new), "value")
        return widget

    def _slider(self, name, value, low, high, description, tooltip, **options):
        slider = Slider(float(value), low, high, step=0.1, description=description,
                        tooltip=tooltip, **{"width": "280px"} | options)  # fmt: skip
        return self._knob(name, slider)

    def _button(self, name, icon, tooltip):
        """A button that calls the method of that name, in the next frame."""
        self._pressed[name] = self._done[name] = 0
        button = widgets.Button(
            description=name.capitalize(), icon=icon, tooltip=tooltip, layout={"width": "auto"}
        )
        button.on_click(lambda _: self._press(name))
        return button

    def _press(self, name):
        self._pressed[name] += 1
        self.stage.want(name, self._pressed[name])

    def _open(self, *rows, plays=""):
        """Show it: rows of controls, the picture, the text. `plays`: what the Play button does."""
        self.stage = Stage(self, frames=self.frames)
        if plays:
            self.stage.toggle.tooltip = plays
            rows = ([self.stage.controls, *rows[0]], *rows[1:])
        wrap = {"flex_flow": "row wrap", "align_items": "center"}
        boxes = [widgets.HBox(row, layout=wrap) for row in rows]
        style = widgets.HTML(f"<style>{STYLE}</style>", layout={"display": "none"})
        parts = [style, *boxes, self.stage.picture, self.stage.readout]
        self.widget = widgets.VBox(parts).add_class("nnlib-explorer")

    def apply(self, name, value):
        if name in self._done:
            presses, self._done[name] = value - self._done[name], value
            for _ in range(presses):
                getattr(self, name)()
        else:
            setattr(self, name, value)
            self.turned(name)

    def turned(self, name):
        """What follows from a turned knob."""

    def reset(self):
        """Every knob as it was at the start, and no motion."""
        self.stage.stop()
        for name, knob in self.knobs.items():
            knob.value = self._first[name]
            setattr(self, name, knob.value)

    def advance(self, seconds):
        """Nothing moves unless a subclass says so."""

    def set(self, **values):
        """Turn knobs and show the picture, without a browser too."""
        for name, value in values.items():
            self.knobs[name].value = value
        self.stage.show()

    def press(self, name):
        """Press the button of that name and show the picture, without a browser too."""
        self._press(name)
        self.stage.show()

    @property
    def text(self):
        """What the picture shows, in words."""
        return self.stage.text

    def still(self):
        """The picture as PNG, drawn by matplotlib."""
        import matplotlib.pyplot as plt

        from nnlib.plots import display

        figure = self.plot().figure
        plt.close(figure)
        return display.png(figure)

    def still_text(self):
        """What the still picture shows, in words."""
        return self.text

    def _repr_mimebundle_(self, **options):
        return self.stage.bundle(self.widget, self.still_text())

    def _ipython_display_(self):
        self.stage.display(self.widget, self.still_text())


class OneNeuron(Explorer):
    """z = x w + b and a = f(z), with a slider for each of x, w and b. Notebook 00."""

    def __init__(self, x=2.0, w=0.5, b=0.0):
        super().__init__()
        sliders = [
            self._slider("x", x, -3, 3, "Input x", "The number that comes in"),
            self._slider("w", w, -2, 2, "Weight w", "How much the input counts"),
            self._slider("b", b, -2, 2, "Bias b", "Shifts the sum, whatever the input is"),
        ]
        self._open(sliders, [self._button("reset", "undo", "Every slider as it was")])

    @property
    def z(self):
        return self.x * self.w + self.b

    def draw(self):
        z, a = self.z, sigmoid(self.z)
        x, w, b = map(number, (self.x, self.w, self.b))
        words = f"z = x · w + b = {x} · {w} + {b} = {number(z)}. a = f(z) = {number(a)}."
        return diagrams.neuron(self.x, self.w, self.b, z, a, caption=words), words

    def plot(self):
        from nnlib import plots

        return plots.neuron([self.x], [self.w], self.b, title="One neuron: z, then a")


class _Walk(Explorer):
    """Walks through a calculation on the network of the houses, one step after the other."""

    frames = 8
    last = 0  # step

    def __init__(self, X, y, W1, b1, W2, b2, houses):
        super().__init__()
        self.network = Network((X.shape[1], W1.shape[1], 1))
        self.X, self.y, self.step, self._moved_at = _validation.as_finite(X, "X"), y, 0, 0.0
        self.first = Layer(W1, b1), Layer(W2, b2)
        names = houses or [f"house {i + 1}" for i in range(len(X))]
        self._choice = widgets.Dropdown(
            options=[(name, i) for i, name in enumerate(names)], value=0, description="House",
            tooltip="The row of X that goes through the network", layout={"width": "220px"},
        )  # fmt: skip
        self._knob("house", self._choice)
        self._steps = [
            self._button("previous", "step-backward", "One step back"),
            self._button("next", "step-forward", "One step further"),
            self._button("reset", "undo", "Back to the start, with the first numbers"),
        ]

    def next(self):
        self.step = min(self.step + 1, self.last)

    def previous(self):
        self.step = max(self.step - 1, 0)

    def reset(self):
        super().reset()
        self.step = 0

    def advance(self, seconds):
        """One step a second; from the end it starts again."""
        if monotonic() < self._moved_at + PACE:
            return
        self._moved_at = monotonic()
        self.step = (self.step + 1) % (self.last + 1)
        if self.step == self.last:
            self.stage.stop()

    @property
    def parameters(self):
        return self.first

    def trace(self):
        """The Trace of the chosen house alone."""
        return forward_propagation(self.network, self.parameters, self.X[[self.house]])

    def inputs(self, trace):
        """The nodes of the input layer."""
        return [
            {"lines": [number(v)], "fill": v, "above": name}
            for name, v in zip(COLUMNS, trace.a[1][0])
        ]


class ForwardPass(_Walk):
    """One house through a 2-3-1 network, step by step; a slider for each weight. Notebook 02."""

    last = 4

    def __init__(self, X, y, W1, b1, W2, b2, *, houses=None):
        super().__init__(X, y, W1, b1, W2, b2, houses)
        rows = [[self._choice, *self._steps]]
        for j in range(W1.shape[1]):
            weights = [(f"W1_{i}{j}", f"W1[{i}, {j}]", W1[i, j]) for i in range(len(W1))]
            weights.append((f"W2_{j}0", f"W2[{j}, 0]", W2[j, 0]))
            tip = "This weight is a line of the picture"
            rows.append([self._slider(name, w, -4, 4, at, tip, width="205px")
                         for name, at, w in weights])  # fmt: skip
        self._open(*rows, plays="Let the numbers flow, one step a second")

    @property
    def parameters(self):
        (W1, b1), (W2, b2) = self.first
        return Layer(self._turned("W1", W1.shape), b1), Layer(self._turned("W2", W2.shape), b2)

    def _turned(self, name, shape):
        """The weights as the sliders say."""
        return np.reshape([getattr(self, f"{name}_{i}{j}") for i, j in np.ndindex(shape)], shape)

    def draw(self):
        trace, step = self.trace(), self.step
        words = self._words(trace)
        hidden = []
        for j, (z, a) in enumerate(zip(trace.z2[0], trace.a2[0])):
            lines = [f"z {number(z)}"] * (step >= 1) + [f"a {number(a)}"] * (step >= 2)
            look = {"fill": a if step >= 2 else None, "ring": step in (1, 2)}
            hidden.append(look | {"lines": lines, "above": f"{j + 1}"})
        z, a = trace.z3[0, 0], trace.y_hat[0, 0]
        lines = [f"z {number(z)}"] * (step >= 3) + [f"ŷ {number(a)}"] * (step >= 4)
        output = {"lines": lines, "fill": a if step >= 4 else None, "ring": step in (3, 4)}
        nodes = [self.inputs(trace), hidden, [output | {"above": "price"}]]
        edges = [
            [[self._edge(w, v, step == shown) for w in row] for row, v in zip(W, values[0])]
            for (W, _), values, shown in zip(self.parameters, (trace.a[1], trace.a2), (1, 3))
        ]
        title = words.split(":")[0]
        return diagrams.diagram(nodes, edges, title=title, caption=words), words

    def _edge(self, w, value, bright):
        """A weight; while its step runs, with the product that it hands on."""
        label = f"{number(value)} · {number(w)}" if bright else number(w)
        return {"weight": w, "label": label, "bright": bright}

    def _words(self, trace):
        y = self.y[self.house, 0]
        price, error = trace.y_hat[0, 0], trace.y_hat[0, 0] - y
        return (
            f"Step 0 of 4, X waits at the inputs: {_row(self.X[self.house])}.",
            f"Step 1 of 4, z2 = X @ W1 + b1: {_row(trace.z2)}.",
            f"Step 2 of 4, a2 = f(z2): {_row(trace.a2)}.",
            f"Step 3 of 4, z3 = a2 @ W2 + b2: {_row(trace.z3)}.",
            f"Step 4 of 4, y_hat = f(z3): {number(price)}. The true y is {number(y)}, "
            f"the error {number(error)}.",
        )[self.step]

    def plot(self):
        from nnlib import plots

        return plots.network_diagram(
            self.parameters, {"X": self.X[[self.house]]}, input_names=COLUMNS,
            output_name="price", title="The house waits at the inputs",
        )  # fmt: skip


class BackwardPass(_Walk):
    """The slopes of one house's cost J = (y_hat − y)², from the output back. Notebook 04."""

    last = 5

    def __init__(self, X, y, W1, b1, W2, b2, *, houses=None):
        super().__init__(X, y, W1, b1, W2, b2, houses)
        self._open([self._choice, *self._steps], plays="Let the slopes flow back, a step a second")

    def slopes(self, trace):
        """(dz3, dW2, da2, dz2, dW1) of the chosen house alone."""
        y = self.y[[self.house]]
        (dW1, dz2), (dW2, dz3) = backward_propagation(self.network, self.parameters, trace, y)
        return dz3, dW2, dz3 @ self.parameters[1].W.T, dz2, dW1  # db of one sample is its dz

    def draw(self):
        trace, step = self.trace(), self.step
        dz3, dW2, da2, dz2, dW1 = self.slopes(trace)
        words = self._words(trace, dz3, dW2, da2, dz2, dW1)
        hidden = []
        for j, a in enumerate(trace.a2[0]):
            lines = [f"a {number(a)}"] + [f"∂a {number(da2[0, j])}"] * (step >= 3)
            lines += [f"∂z {number(dz2[0, j])}"] * (step >= 4)
            hidden.append({"lines": lines, "fill": a, "ring": step in (3, 4), "above": f"{j + 1}"})
        y_hat = trace.y_hat[0, 0]
        lines = [f"ŷ {number(y_hat)}"] + [f"∂z {number(dz3[0, 0])}"] * (step >= 1)
        above = f"true y {number(self.y[self.house, 0])}"
        output = {"lines": lines, "fill": y_hat, "ring": step <= 1, "above": above}
        nodes = [self.inputs(trace), hidden, [output]]
        slopes = [(dW1 if step >= 5 else None, step == 5), (dW2 if step >= 2 else None, step == 2)]
        edges = [
            [[self._edge(W, dW, i, j, bright) for j in range(W.shape[1])] for i in range(len(W))]
            for (W, _), (dW, bright) in zip(self.parameters, slopes)
        ]
        title = words.split(":")[0]
        return diagrams.diagram(nodes, edges, title=title, caption=words), words

    def _edge(self, W, dW, i, j, bright):
        if dW is None:
            return {"weight": W[i, j], "label": number(W[i, j])}
        slope = dW[i, j]
        return {"weight": W[i, j], "label": f"∂ {number(slope)}", "slope": slope, "bright": bright}

    def _words(self, trace, dz3, dW2, da2, dz2, dW1):
        y, y_hat = self.y[self.house, 0], trace.y_hat[0, 0]
        cost = f"({number(y_hat)} − {number(y)})² = {number((y_hat - y) ** 2)}"
        return (
            f"Step 0 of 5, J = (y_hat − y)²: {cost}.",
            f"Step 1 of 5, dz3 = 2 (y_hat − y) · y_hat (1 − y_hat): {_row(dz3)}.",
            f"Step 2 of 5, dW2 = a2.T @ dz3: {_row(dW2)}; db2 = dz3.",
            f"Step 3 of 5, da2 = dz3 @ W2.T: {_row(da2)}.",
            f"Step 4 of 5, dz2 = da2 · a2 (1 − a2): {_row(dz2)}.",
            f"Step 5 of 5, dW1 = X.T @ dz2: {_row(dW1)}; db1 = dz2.",
        )[self.step]

    def plot(self):
        from nnlib import plots

        trace = self.trace()
        values = {"X": self.X[[self.house]], "z2": trace.z2, "a2": trace.a2}
        return plots.network_diagram(
            self.parameters, values | {"z3": trace.z3, "y_hat": trace.y_hat},
            input_names=COLUMNS, output_name="price", title="Before the way back",
        )  # fmt: skip


class RollingBall(Explorer):
    """A ball on the surface cost(w1, w2) that you place and let roll downhill. Notebook 03."""

    frames = 15

    def __init__(self, cost, w1_values, w2_values, *, start, learning_rate, names=("w1", "w2")):
        super().__init__()
        self.cost, self.names, self.values = cost, names, (w1_values, w2_values)
        self.heights = np.array([[cost(w1, w2) for w1 in w1_values] for w2 in w2_values])
        self._image = diagrams.tenths(self.heights)
        tip, apart = "Where the ball starts", 10**1.5
        place = [
            self._slider(f"w{k + 1}", at, values[0], values[-1], f"Start {name}", tip)
            for k, (at, values, name) in enumerate(zip(start, self.values, names))
        ]
        rate = self._slider(
            "learning_rate", learning_rate, learning_rate / apart, learning_rate * apart,
            "Learning rate", "How far each step goes; takes effect at once", logarithmic=True,
        )  # fmt: skip
        self.path = [np.array([self.w1, self.w2])]
        buttons = [self._button("step", "step-forward", "One step downhill")]
        buttons.append(self._button("reset", "undo", "The ball where it lay at first"))
        self._open([*buttons, rate], place, plays="Let the ball roll")

    def turned(self, name):
        if name != "learning_rate":
            self.path = [np.array([self.w1, self.w2])]

    def reset(self):
        super().reset()
        self.turned("")

    def slope(self):
        """The slopes ∂J/∂w1 and ∂J/∂w2 under the ball, by a nudge to both sides."""
        w1, w2 = self.path[-1]
        rise1 = self.cost(w1 + NUDGE, w2) - self.cost(w1 - NUDGE, w2)
        rise2 = self.cost(w1, w2 + NUDGE) - self.cost(w1, w2 - NUDGE)
        return np.array([rise1, rise2]) / (2 * NUDGE)

    def step(self):
        move = -self.learning_rate * self.slope()
        if np.isfinite(move).all() and np.abs(self.path[-1]).max() < 1e6:
            self.path = [*self.path[-400:], self.path[-1] + move]

    def advance(self, seconds):
        """One step a frame, until the ball lies still."""
        before = self.path[-1]
        self.step()
        if np.abs(self.path[-1] - before).max() < 1e-3:
            self.stage.stop()

    def draw(self):
        ball, slope = self.path[-1], self.slope()
        inside = all(v[0] <= w <= v[-1] for w, v in zip(ball, self.values))
        words = (
            f"{self.names[0]} = {number(ball[0])}, {self.names[1]} = {number(ball[1])}: cost "
            f"{number(self.cost(*ball))}, slopes {number(slope[0])} and {number(slope[1])}. "
            f"{len(self.path) - 1} steps." + " The ball is off the map." * (not inside)
        )
        reach = [(values[0], values[-1]) for values in self.values]
        return diagrams.landscape(
            self._image, self.path, reach, names=self.names, caption=words
        ), words  # fmt: skip

    def plot(self):
        from nnlib import plots

        start = {"the ball": tuple(self.path[0])}
        return plots.cost_surface(
            self.cost, *self.values, points=start, names=self.names, title="The ball waits"
        )


class LearningRates(Explorer):
    """The same network from the same start, at three learning rates at once. Notebook 05."""

    def __init__(self, network, parameters, X, y, *, rates=(0.01, 10.0, 100.0), epochs=1000):
        super().__init__()
        self.network, self.X, self.y, self.epochs = network, X, y, epochs
        self.start = copies(parameters, len(rates))
        tip = "Learning rate of run {}; all runs start again"
        sliders = [
            self._slider(f"rate{k}", rate, 1e-3, 1e3, f"Rate {k}", tip.format(k), logarithmic=True)
            for k, rate in enumerate(rates, start=1)
        ]
        self._restart()
        buttons = [self._button("step", "step-forward", "One epoch")]
        buttons.append(self._button("reset", "undo", "Back to epoch 0, with the first rates"))
        self._open(buttons, sliders, plays="Train all three")

    @property
    def rates(self):
        return np.array([getattr(self, name) for name in self.knobs])

    def _restart(self):
        self.parameters, self.costs = self.start, []
        self._note_costs()

    def _note_costs(self):
        trace = forward_propagation(self.network, self.parameters, self.X)
        self.costs.append(compute_cost(self.network, self.parameters, trace, self.y))

    def turned(self, name):
        self._restart()

    def reset(self):
        super().reset()
        self._restart()

    @np.errstate(all="ignore")
    def step(self):
        """One epoch. A run whose next parameters are no longer finite stays where it is."""
        if len(self.costs) > self.epochs:
            return
        trace = forward_propagation(self.network, self.parameters, self.X)
        gradients = backward_propagation(self.network, self.parameters, trace, self.y)
        after = update_parameters(self.parameters, gradients, self.rates.reshape(-1, 1, 1))
        parts = [np.abs(part).max(axis=(1, 2)) for layer in after for part in layer]
        sane = (np.max(parts, axis=0) < 1e50).reshape(-1, 1, 1)
        self.parameters = tuple(
            Layer(*(np.where(sane, new, old) for new, old in zip(a, b)))
            for a, b in zip(after, self.parameters)
        )
        self._note_costs()

    def advance(self, seconds):
        """All epochs in nine seconds or more, so that the eye can follow."""
        end = monotonic() + seconds
        for _ in range(max(1, self.epochs // 250)):
            self.step()
            if monotonic() > end:
                break
        if len(self.costs) > self.epochs:
            self.stage.stop()

    def draw(self):
        costs = np.array(self.costs)
        words = self._words(costs)
        return diagrams.runs(costs, self._labels(), self.epochs, caption=words), words

    def _labels(self):
        return [f"learning rate {number(rate)}" for rate in self.rates]

    def _words(self, costs):
        ends = "; ".join(
            f"{label}: " + (f"cost {number(c)}" if c < DIVERGED * first else "diverged")
            for label, first, c in zip(self._labels(), costs[0], costs[-1])
        )
        return f"Epoch {len(costs) - 1:,} of {self.epochs:,}. {ends}."

    def ahead(self):
        """The costs (epochs + 1, K) that Play will lead to: all epochs, at most a thousand."""
        _, history = train_neural_network(
            self.network, self.start, self.X, self.y,
            learning_rate=self.rates.reshape(-1, 1, 1), epochs=min(self.epochs, 1000),
        )  # fmt: skip
        return history.costs

    def still_text(self):
        return self._words(self.ahead())

    def plot(self):
        """Where nobody can press Play, the runs as they end."""
        from nnlib import plots

        costs = self.ahead()
        axes = plots.panels(len(self.rates))
        for ax, rate, run in zip(axes, self.rates, costs.T):
            plots.cost_curve(run, ax=ax, title=f"rate {number(rate)}")
            ax.set_ylim(0, 1.1 * costs[0].max())
        return axes[0]


def _row(values):
    """All numbers of an array in one line."""
    return " ".join(number(value) for value in np.ravel(values))
