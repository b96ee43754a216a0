"""Five small explorers, each for one idea: a neuron, forward, downhill, backward, learning rates.

The last line of a cell shows one. Without a browser its knobs are attributes, its buttons methods
(`on_next()`), and `text` says what the picture shows.
"""

import numpy as np

from nnlib import _validation
from nnlib.activations import sigmoid
from nnlib.live.render import diagrams
from nnlib.live.render.svg import format_number as number
from nnlib.live.sweep import copies
from nnlib.live.widget import Explorer, Svg, knob
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


class OneNeuron(Explorer):
    """z = x w + b and a = f(z), with a slider for each of x, w and b. Notebook 00."""

    buttons, plays = ("reset",), False
    x = knob(2.0, "Input x", "The number that comes in", low=-3, high=3, step=0.1)
    w = knob(0.5, "Weight w", "How much the input counts", low=-2, high=2, step=0.1)
    b = knob(0.0, "Bias b", "Shifts the sum, whatever the input is", low=-2, high=2, step=0.1)

    def __init__(self, x=2.0, w=0.5, b=0.0):
        super().__init__(x=x, w=w, b=b)

    @property
    def z(self):
        return self.x * self.w + self.b

    def draw(self):
        z, a = self.z, sigmoid(self.z)
        x, w, b = map(number, (self.x, self.w, self.b))
        words = f"z = x · w + b = {x} · {w} + {b} = {number(z)}. a = f(z) = {number(a)}."
        return Svg(diagrams.neuron(self.x, self.w, self.b, z, a, caption=words)), words

    def plot(self):
        from nnlib import plots

        return plots.neuron([self.x], [self.w], self.b, title="One neuron: z, then a")


class _Walk(Explorer):
    """Walks through a calculation on the network of the houses, one step after the other."""

    last = 0  # step
    buttons = ("previous", "next", "reset")
    house = knob(0, "House", "The row of X that goes through the network", choices=())

    def __init__(self, X, y, W1, b1, W2, b2, houses):
        self.network = Network((X.shape[1], W1.shape[1], 1))
        self.X, self.y, self.step, self._since = _validation.as_finite(X, "X"), y, 0, 0.0
        self.first = Layer(W1, b1), Layer(W2, b2)
        self._names = houses or [f"house {i + 1}" for i in range(len(X))]
        super().__init__()

    def control(self, name):
        control = super().control(name)
        if name == "house":
            control["choices"] = [[i, text] for i, text in enumerate(self._names)]
        return control

    def on_next(self):
        self.step = min(self.step + 1, self.last)

    def on_previous(self):
        self.step = max(self.step - 1, 0)

    def on_reset(self):
        super().on_reset()
        self.step = 0

    def move(self, seconds):
        """One step a second; from the end it starts again."""
        self._since += seconds
        if self._since < PACE:
            return
        self._since = 0.0
        self.step = (self.step + 1) % (self.last + 1)
        self.playing = self.step < self.last

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
        tip = "This weight is a line of the picture"
        self.add_traits(
            **{
                f"{name}_{i}{j}": knob(
                    float(W[i, j]), f"{name}[{i}, {j}]", tip, low=-4, high=4, step=0.1
                )
                for name, W in (("W1", W1), ("W2", W2))
                for i, j in np.ndindex(W.shape)
            }
        )
        super().__init__(X, y, W1, b1, W2, b2, houses)

    @property
    def parameters(self):
        (W1, b1), (W2, b2) = self.first
        return Layer(self._slider_values("W1", W1.shape), b1), Layer(
            self._slider_values("W2", W2.shape), b2
        )

    def _slider_values(self, name, shape):
        """Return the weights that the sliders show."""
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
        return Svg(diagrams.diagram(nodes, edges, title=title, caption=words)), words

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
        return Svg(diagrams.diagram(nodes, edges, title=title, caption=words)), words

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

    buttons = ("step", "reset")

    def __init__(self, cost, w1_values, w2_values, *, start, learning_rate, names=("w1", "w2")):
        self.cost, self.names, self.values = cost, names, (w1_values, w2_values)
        self.heights = np.array([[cost(w1, w2) for w1 in w1_values] for w2 in w2_values])
        self._image = diagrams.tenths(self.heights)
        self._since, apart = 0.0, 10**1.5
        place = [
            knob(float(at), f"Start {name}", "Where the ball starts",
                 low=float(values[0]), high=float(values[-1]), step=0.1)
            for at, values, name in zip(start, self.values, names)
        ]  # fmt: skip
        rate = knob(
            float(learning_rate), "Learning rate", "How far each step goes; takes effect at once",
            low=learning_rate / apart, high=learning_rate * apart, step=0.1, logarithmic=True,
        )  # fmt: skip
        self.path = [np.array(start, dtype=float)]
        self.add_traits(w1=place[0], w2=place[1], learning_rate=rate)
        super().__init__()
        self.observe(self._start_again, ["w1", "w2"])

    def _start_again(self, change=None):
        self.path = [np.array([self.w1, self.w2])]

    def on_reset(self):
        super().on_reset()
        self._start_again()

    def on_step(self):
        self.step()

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

    def move(self, seconds):
        """Fifteen steps a second, until the ball lies still."""
        self._since += seconds
        if self._since < 1 / 15:
            return
        self._since, before = 0.0, self.path[-1]
        self.step()
        self.playing = bool(np.abs(self.path[-1] - before).max() >= 1e-3)

    def draw(self):
        ball, slope = self.path[-1], self.slope()
        inside = all(v[0] <= w <= v[-1] for w, v in zip(ball, self.values))
        words = (
            f"{self.names[0]} = {number(ball[0])}, {self.names[1]} = {number(ball[1])}: cost "
            f"{number(self.cost(*ball))}, slopes {number(slope[0])} and {number(slope[1])}. "
            f"{len(self.path) - 1} steps." + " The ball is off the map." * (not inside)
        )
        reach = [(values[0], values[-1]) for values in self.values]
        picture = diagrams.landscape(self._image, self.path, reach, names=self.names, caption=words)
        return Svg(picture), words

    def plot(self):
        from nnlib import plots

        start = {"the ball": tuple(self.path[0])}
        return plots.cost_surface(
            self.cost, *self.values, points=start, names=self.names, title="The ball waits"
        )


class LearningRates(Explorer):
    """The same network from the same start, at three learning rates at once. Notebook 05."""

    buttons = ("step", "reset")

    def __init__(self, network, parameters, X, y, *, rates=(0.01, 10.0, 100.0), epochs=1000):
        self.network, self.X, self.y, self.epochs = network, X, y, epochs
        self.start = copies(parameters, len(rates))
        self._names = [f"rate{k}" for k in range(1, len(rates) + 1)]
        tip = "Learning rate of run {}; all runs start again"
        self.add_traits(
            **{
                name: knob(float(rate), f"Rate {k}", tip.format(k), low=1e-3, high=1e3, step=0.1,
                           logarithmic=True)
                for k, (name, rate) in enumerate(zip(self._names, rates), start=1)
            }
        )  # fmt: skip
        super().__init__()
        self._restart()
        self.observe(lambda change: self._restart(), self._names)

    @property
    def rates(self):
        return np.array([getattr(self, name) for name in self._names])

    def _restart(self):
        self.parameters, self.costs = self.start, []
        self._note_costs()

    def _note_costs(self):
        trace = forward_propagation(self.network, self.parameters, self.X)
        self.costs.append(compute_cost(self.network, self.parameters, trace, self.y))

    def on_reset(self):
        super().on_reset()
        self._restart()

    def on_step(self):
        self.step()

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

    def move(self, seconds):
        """All epochs in nine seconds or more, so that the eye can follow."""
        for _ in range(max(1, min(round(seconds * self.epochs / 9), 50))):
            self.step()
        self.playing = len(self.costs) <= self.epochs

    def draw(self):
        costs = np.array(self.costs)
        words = self._words(costs)
        return Svg(diagrams.runs(costs, self._labels(), self.epochs, caption=words)), words

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

    def still_words(self):
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
