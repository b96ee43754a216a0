"""A network that learns while you look at it. Notebook 00."""

import numpy as np

from nnlib.data import DATASETS
from nnlib.live.explorers.explorer import Explorer, choice
from nnlib.live.render.diagrams import Diagram
from nnlib.live.render.maps import signed_map
from nnlib.live.render.panel import ACCENT, FAINT, NEGATIVE, PAPER, POSITIVE, Plot
from nnlib.network import Network, backward, cost, forward, initialize_parameters
from nnlib.optimizers import Adam

EPOCHS, SECONDS = 600, 12.0  # of the training, and how long it lasts
PLANE = Plot(0, 24, 260, 260, x=(-1.3, 1.3), y=(-1.3, 1.3))
COST = Plot(34, 34, 216, 120, x=(0, EPOCHS), y=(0, 0.8))
ACROSS = np.linspace(-1.3, 1.3, 44)
GRID = np.stack(np.meshgrid(ACROSS, ACROSS), axis=-1).reshape(-1, 2)
LIVELY = 1.6  # weights on the screen are drawn this many times thinner


class LearningNetwork(Explorer):
    """A 2-5-1 network learns to tell blue dots from orange ones, in about twelve seconds."""

    key = "learning_network"
    buttons = ("reset",)
    autoplay = True
    data = choice("circles", "circles", "moons", "xor", "clusters")

    def __init__(self, data="circles", *, hidden=5, seed=3):
        self._network = Network((2, hidden, 1), hidden="tanh", cost="cross_entropy")
        self._seed, self._optimizer, self.probe = seed, Adam(), (0.0, 0.0)
        self._diagram = Diagram(self._network.sizes, 0, 24, 260, 260, radius=17)
        super().__init__(data=data)
        self._start()
        self.observe(lambda change: self._start(), "data")

    def _start(self):
        rng, dataset = np.random.default_rng(self._seed), DATASETS[self.data]
        X, self.y = dataset.make(160, noise=0.08, rng=rng)
        self.X = (X - dataset.centre) * dataset.scale / 5.0
        self.parameters = initialize_parameters(self._network, rng, scale=0.5)
        self._states = self._optimizer.init(self.parameters)
        self.costs, self._due = [], 0.0
        self._note_cost()

    def _note_cost(self):
        trace = forward(self._network, self.parameters, self.X)
        self.costs.append(float(cost(self._network, self.parameters, trace, self.y)))
        return trace

    def reset(self):
        super().reset()
        self.probe = (0.0, 0.0)
        self._start()

    def on_play(self):
        super().on_play()
        if self.playing and len(self.costs) > EPOCHS:
            self._start()

    def train(self, epochs=1):
        """Train on all samples, for so many epochs."""
        for _ in range(epochs):
            trace = forward(self._network, self.parameters, self.X)
            gradients = backward(self._network, self.parameters, trace, self.y)
            self.parameters, self._states = self._optimizer.step(
                self.parameters, gradients, self._states, 0.03
            )
            self._note_cost()

    moving = "parameters", "costs", "_states"

    def preview(self):
        self.train(150)

    def move(self, seconds):
        """Train slowly at first, so that the beginning can be seen, and stop at the end."""
        share = len(self.costs) / EPOCHS
        self._due += seconds * EPOCHS / SECONDS * (0.35 + 1.6 * share)
        epochs = min(int(self._due), EPOCHS + 1 - len(self.costs))
        self._due -= int(self._due)
        self.train(epochs)
        self.playing = len(self.costs) <= EPOCHS

    def drag_probe(self, x, y):
        self.probe = PLANE.data(x, y)

    def answer_at_probe(self) -> float:
        """Return how sure the network is that the question mark is blue, from 0 to 1."""
        return float(forward(self._network, self.parameters, np.array([self.probe])).y_hat[0, 0])

    @property
    def accuracy(self) -> float:
        """The percentage of the dots whose colour the network gets right."""
        y_hat = forward(self._network, self.parameters, self.X).y_hat
        return float(100 * ((y_hat > 0.5) == self.y).mean())

    def words(self):
        blue = round(100 * self.answer_at_probe())
        answer = self.say("blue" if blue >= 50 else "orange", percent=max(blue, 100 - blue))
        epochs, right = f"{len(self.costs) - 1:,}", round(self.accuracy)
        return self.say("words", epochs=epochs, right=right, answer=answer)

    def panels(self):
        return [self._plane_panel(), self._network_panel(), self._cost_panel()]

    def _network_panel(self):
        panel = self.panel(260, 290, "network_title")
        trace = forward(self._network, self.parameters, np.array([self.probe]))
        for edge in self._diagram.edges():
            layer, row, column = edge
            weight = self.parameters[layer].W[row, column] / LIVELY
            panel.signed_line(self._diagram.edge(*edge), weight, opacity=min(1, 0.3 + abs(weight)))
        values = [trace.a[1][0] / 1.3, trace.a2[0], 2 * trace.y_hat[0] - 1]
        for spots, layer in zip(self._diagram.centres, values):
            for (x, y), value in zip(spots, layer.tolist()):
                panel.neuron(x, y, self._diagram.radius, value)
        for (x, y), name in zip(self._diagram.centres[0], ("x1", "x2")):
            panel.text(x, y + 4, name, size=11)
        x, y = self._diagram.centres[-1][0]
        panel.text(x, y + 4, f"{round(100 * float(trace.y_hat[0, 0]))}", size=12, weight=600)
        return panel

    def _plane_panel(self):
        panel = self.panel(260, 290, "plane_title")
        y_hat = forward(self._network, self.parameters, GRID).y_hat
        PLANE.image(panel, signed_map(y_hat.reshape(len(ACROSS), -1), 0.0, 1.0))
        PLANE.frame(panel)
        panel.fixed(f"dots {self.data}", lambda: self._draw_dots(panel))
        at, blue = PLANE.at(*self.probe), self.answer_at_probe()
        with panel.draggable("probe", *at, self.say("probe_name"), blue, self.words()):
            panel.circle(*at, 12, fill=PAPER, stroke=ACCENT, width=2.5)
            panel.text(at[0], at[1] + 5, "?", size=15, weight=700)
        return panel

    def _draw_dots(self, panel):
        for label, colour in ((0, NEGATIVE), (1, POSITIVE)):
            points = PLANE.points(*self.X[self.y[:, 0] == label].T)
            panel.dots(points, 7.5, colour=PAPER, square=label == 0)
            panel.dots(points, 5.5, colour=colour, square=label == 0)

    def _cost_panel(self):
        panel = self.panel(260, 200, "cost_title")
        COST.axes(panel, (self.say("epochs"), ""), (0, EPOCHS // 2, EPOCHS), (0, 0.4, 0.8))
        COST.curve(panel, np.arange(len(self.costs)), self.costs, width=2.2)
        panel.circle(*COST.at(len(self.costs) - 1, self.costs[-1]), 5, fill=ACCENT)
        panel.text(250, 50, self.say("cost_now", cost=self.costs[-1]), anchor="end", colour=FAINT)
        return panel
