"""Sigmoids that add up to a curve, or to a surface. Notebook 02."""

import numpy as np

from nnlib.activations import sigmoid
from nnlib.live.explorers.explorer import Explorer, choice
from nnlib.live.render.maps import signed_map
from nnlib.live.render.panel import ACCENT, FAINT, GRID, INK, PAPER, SERIES, Plot
from nnlib.network import Layer, Network, backward, cost, forward
from nnlib.optimizers import Adam

NEURONS = 3
EPOCHS, SECONDS = 900, 9.0  # of learning, and how long it lasts
PARTS = Plot(30, 40, 280, 190, x=(-3, 3), y=(-2.2, 2.2))
TOTAL = Plot(30, 40, 280, 190, x=(-3, 3), y=(-1.2, 1.7))
X = np.linspace(-3, 3, 90)
DOTS = np.linspace(-2.7, 2.7, 13)
TARGETS = {
    "hill": lambda x: 1.3 * np.exp(-(x**2)),
    "step": lambda x: np.where(x < 0.5, -0.4, 0.9),
    "valley": lambda x: 0.9 - 1.4 * np.exp(-((x - 0.6) ** 2)),
    "wave": lambda x: 0.8 * np.sin(1.4 * x),
}


class Learner(Explorer):
    """A network with one hidden layer of three that learns while it plays."""

    autoplay = True
    buttons = ("reset",)
    network = Network((1, NEURONS, 1), output="identity")

    def __init__(self, **values):
        self._optimizer, self._due = Adam(), 0.0
        self.parameters = self._start = self.first_parameters()
        self._rewind()
        super().__init__(**values)

    def first_parameters(self):
        """Return the parameters at the start."""
        raise NotImplementedError

    def samples(self):
        """Return X and y to learn."""
        raise NotImplementedError

    def _rewind(self):
        self.epoch, self._states = 0, self._optimizer.init(self.parameters)

    def reset(self):
        super().reset()
        self.parameters = self._start
        self._rewind()

    def on_play(self):
        super().on_play()
        if self.playing and self.epoch >= EPOCHS:
            self._rewind()

    def move(self, seconds):
        self._due += seconds * EPOCHS / SECONDS
        epochs, self._due = int(self._due), self._due % 1
        self.train(min(epochs, EPOCHS - self.epoch))
        self.playing = self.epoch < EPOCHS

    moving = "parameters", "epoch", "_states"

    def preview(self):
        self.train(400)

    def train(self, epochs=1):
        """Train on all samples, for so many epochs."""
        inputs, targets = self.samples()
        for _ in range(epochs):
            trace = forward(self.network, self.parameters, inputs)
            gradients = backward(self.network, self.parameters, trace, targets)
            self.parameters, self._states = self._optimizer.step(
                self.parameters, gradients, self._states, 0.03
            )
        self.epoch += epochs

    @property
    def cost(self) -> float:
        """The mean squared error of the dots now."""
        inputs, targets = self.samples()
        trace = forward(self.network, self.parameters, inputs)
        return float(cost(self.network, self.parameters, trace, targets))

    def set_neuron(self, neuron, *, weights=None, bias=None, height=None):
        """Replace the weights into a hidden neuron, its bias, or its weight in the sum."""
        layers = (Layer(*(array.copy() for array in layer)) for layer in self.parameters)
        (W1, b1), (W2, b2) = layers
        if weights is not None:
            W1[:, neuron] = weights
        if bias is not None:
            b1[0, neuron] = bias
        if height is not None:
            W2[neuron, 0] = height
        self.parameters = Layer(W1, b1), Layer(W2, b2)
        self._rewind()
        self.playing = False


class SumOfSigmoids(Learner):
    """Three sigmoids add up to one curve: drag each, or let gradient descent fit them to dots."""

    key = "sum_of_sigmoids"
    target = choice("hill", *TARGETS)

    def __init__(self, target="hill"):
        super().__init__(target=target)
        self.observe(self._go_on, "target")

    def _go_on(self, change):
        self._rewind()
        self.play_if_shown()

    def first_parameters(self):
        W1, b1 = np.array([[2.0, 2.0, 2.0]]), np.array([[3.0, 0.0, -3.0]])
        return Layer(W1, b1), Layer(np.array([[0.6], [0.6], [-0.6]]), np.zeros((1, 1)))

    def samples(self):
        return DOTS[:, None], TARGETS[self.target](DOTS)[:, None]

    def centre(self, neuron) -> float:
        """Return where a neuron's z is 0: the middle of its step."""
        (W1, b1), _ = self.parameters
        return float(-b1[0, neuron] / W1[0, neuron])

    def drag_step(self, neuron, x, y):
        """Move the middle of a neuron's step: across is its bias, up its weight in the sum."""
        (W1, _), _ = self.parameters
        across, up = PARTS.data(x, y)
        height = round(2 * up, 2) or 0.01
        self.set_neuron(neuron, bias=-across * W1[0, neuron], height=height)

    def drag_slope(self, neuron, x, y):
        """Turn a neuron's step: how near its second handle is, is how steep it is."""
        centre = self.centre(neuron)
        distance = PARTS.data(x, y)[0] - centre
        distance = np.copysign(np.clip(abs(distance), 0.12, 3.0), distance)
        weight = 1.4 / distance
        self.set_neuron(neuron, weights=weight, bias=-centre * weight)

    def words(self):
        (W1, b1), (W2, b2) = self.parameters
        terms = " + ".join(
            self.say("term", v=float(v), w=float(w), b=float(b))
            for v, w, b in zip(W2[:, 0], W1[0], b1[0])
        )
        words = self.say("words", terms=terms, b2=float(b2[0, 0]), cost=round(self.cost, 4))
        return words.replace("+ −", "− ")

    def panels(self):
        (W1, b1), (W2, b2) = self.parameters
        parts = W2[:, 0] * sigmoid(X[:, None] * W1 + b1)
        return [self._parts_panel(parts), self._total_panel(parts.sum(axis=1) + b2[0, 0])]

    def _parts_panel(self, parts):
        (W1, _), (W2, _) = self.parameters
        panel = self.panel(320, 262, "parts_title")
        PARTS.axes(panel, ("x", ""), (-3, 0, 3), (-2, 0, 2))
        panel.line([PARTS.at(-3, 0), PARTS.at(3, 0)], colour=GRID, width=1)
        for k, colour in enumerate(SERIES[:NEURONS]):
            PARTS.curve(panel, X, parts[:, k], colour=colour, width=2.4)
            centre, weight, height = self.centre(k), float(W1[0, k]), float(W2[k, 0])
            a = float(sigmoid(1.4))
            second = PARTS.at(centre + 1.4 / weight, height * a)
            text = self.say("steep_text", w=weight)
            name = self.say("steep_name", number=k + 1)
            panel.handle(f"slope {k}", *second, name, weight, text, colour=colour, radius=5)
            text = self.say("step_text", centre=centre, v=height)
            name, at = self.say("step_name", number=k + 1), PARTS.at(centre, height / 2)
            panel.handle(f"step {k}", *at, name, centre, text, colour=colour)
        return panel

    def _total_panel(self, total):
        panel = self.panel(320, 262, "total_title")
        TOTAL.axes(panel, ("x", "ŷ"), (-3, 0, 3), (-1, 0, 1))
        panel.line([TOTAL.at(-3, 0), TOTAL.at(3, 0)], colour=GRID, width=1)
        dots = TOTAL.points(DOTS, TARGETS[self.target](DOTS))
        panel.dots(dots, 9, colour=ACCENT)
        panel.dots(dots, 5, colour=PAPER)
        TOTAL.curve(panel, X, total, colour=INK, width=3)
        return panel


SIDE = 36
REACH = np.linspace(-1, 1, SIDE)
PLACES = np.stack(np.meshgrid(REACH, REACH), axis=-1).reshape(-1, 2)
SMALL = [Plot(4 + 104 * k, 40, 96, 96, x=(-1, 1), y=(-1, 1)) for k in range(NEURONS)]
LARGE = Plot(4, 26, 250, 250, x=(-1, 1), y=(-1, 1))
ARROW = 0.42  # length of the handle that turns an edge, in the plane


class SumOfSurfaces(Learner):
    """Three straight edges add up to one closed region: drag and turn each, or let it learn."""

    key = "sum_of_surfaces"
    network = Network((2, NEURONS, 1), cost="cross_entropy")

    def __init__(self):
        rng = np.random.default_rng(1)
        self._X = rng.uniform(-1, 1, (110, 2))
        inside = (self._X**2).sum(axis=1) < 0.3
        self._y = inside[:, None].astype(float)
        super().__init__()

    def first_parameters(self):
        W1 = np.array([[3.0, -1.0, 2.0], [1.0, 3.0, -2.0]])
        b1 = np.array([[1.5, 0.5, -0.5]])
        return Layer(W1, b1), Layer(np.array([[1.0], [1.0], [1.0]]), np.full((1, 1), -1.5))

    def samples(self):
        return self._X, self._y

    def edge(self, neuron) -> tuple[np.ndarray, np.ndarray]:
        """Return the point of a neuron's edge nearest to the middle, and its direction uphill."""
        (W1, b1), _ = self.parameters
        w = W1[:, neuron]
        length = max(np.linalg.norm(w), 1e-6)
        return -b1[0, neuron] * w / length**2, w / length

    def drag_edge(self, neuron, x, y):
        (W1, _), _ = self.parameters
        point = np.array(SMALL[neuron].data(x, y))
        self.set_neuron(neuron, bias=-float(point @ W1[:, neuron]))

    def drag_arrow(self, neuron, x, y):
        (W1, _), _ = self.parameters
        point, _ = self.edge(neuron)
        step = np.array(SMALL[neuron].data(x, y)) - np.clip(point, -0.8, 0.8)
        if (length := np.linalg.norm(step)) < 0.05:
            return
        weights = np.linalg.norm(W1[:, neuron]) * step / length
        self.set_neuron(neuron, weights=weights, bias=-float(point @ weights))

    def words(self):
        y_hat = forward(self.network, self.parameters, self._X).y_hat
        right = round(100 * float(((y_hat > 0.5) == self._y).mean()))
        return self.say("words", right=right, cost=self.cost)

    def panels(self):
        trace = forward(self.network, self.parameters, PLACES)
        return [self._edges_panel(trace.a2), self._region_panel(trace.y_hat)]

    def _edges_panel(self, a2):
        panel = self.panel(312, 180, "parts_title")
        _, (W2, _) = self.parameters
        for k, plot in enumerate(SMALL):
            plot.image(panel, signed_map(a2[:, k].reshape(SIDE, SIDE), 0.0, 1.0))
            plot.frame(panel)
            panel.text(plot.left + 48, 154, self.say("times", v=float(W2[k, 0])), colour=FAINT)
            point, uphill = self.edge(k)
            middle = np.clip(point, -0.8, 0.8)
            start, end = plot.at(*middle), plot.at(*(middle + ARROW * uphill))
            panel.line([start, end], colour=ACCENT, width=2)
            angle = float(np.degrees(np.arctan2(uphill[1], uphill[0])))
            name = self.say("arrow_name", number=k + 1)
            panel.handle(f"arrow {k}", *end, name, angle, f"{angle:.0f}°", radius=5)
            name, across = self.say("edge_name", number=k + 1), float(point @ uphill)
            panel.handle(f"edge {k}", *start, name, across, radius=7)
        return panel

    def _region_panel(self, y_hat):
        panel = self.panel(260, 282, "total_title")
        LARGE.image(panel, signed_map(y_hat.reshape(SIDE, SIDE), 0.0, 1.0))
        LARGE.frame(panel)
        panel.fixed("samples", lambda: self._draw_samples(panel))
        return panel

    def _draw_samples(self, panel):
        for label, colour in ((0, "var(--nn-negative)"), (1, "var(--nn-positive)")):
            points = LARGE.points(*self._X[self._y[:, 0] == label].T)
            panel.dots(points, 7.5, colour=PAPER, square=label == 0)
            panel.dots(points, 5.5, colour=colour, square=label == 0)
