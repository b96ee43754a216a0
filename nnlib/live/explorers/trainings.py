"""Many trainings at once: learning rates, and random starts. Notebook 05."""

import numpy as np
import traitlets

from nnlib import data
from nnlib.formatting import format_number
from nnlib.live.explorers.explorer import Explorer, integer, slider
from nnlib.live.render.maps import shade_map, signed_map
from nnlib.live.render.panel import ACCENT, FAINT, INK, PAPER, Plot
from nnlib.live.sweep import copies
from nnlib.network import Layer, Network, backward, cost, forward, initialize_parameters
from nnlib.optimizers import descend
from nnlib.training import train_neural_network

SECONDS = 9.0  # that all epochs last
MAX_EPOCHS = 60  # in one picture
DIVERGED = 1e3  # times the first cost
SANE = 1e50  # largest parameter that is still followed
POINTS = 120  # of a curve


class Trainings(Explorer):
    """A stack of networks that learns while it plays."""

    buttons = ("step", "reset")
    autoplay = True

    def __init__(self, network, X, y, epochs, **values):
        self.network, self.epochs = network, epochs
        self.X, self.y = np.asarray(X, dtype=float), np.asarray(y, dtype=float)
        super().__init__(**values)
        self.restart()

    def first_parameters(self):
        """Return the stack at the start."""
        raise NotImplementedError

    def rates(self) -> np.ndarray:
        """Return the learning rate of each network of the stack (K,)."""
        raise NotImplementedError

    @np.errstate(all="ignore")
    def restart(self, change=None):
        """Go back to epoch 0."""
        self.parameters, self.epoch = self.first_parameters(), 0
        self.trace = forward(self.network, self.parameters, self.X)

    def reset(self):
        super().reset()
        self.restart()

    def on_play(self):
        super().on_play()
        if self.playing and self.epoch >= self.epochs:
            self.restart()

    @np.errstate(all="ignore")
    def step(self):
        """Train for one epoch. A network whose parameters explode stays where it is."""
        if self.epoch >= self.epochs:
            return
        gradients = backward(self.network, self.parameters, self.trace, self.y)
        after = descend(self.parameters, gradients, self.rates().reshape(-1, 1, 1))
        largest = [np.abs(part).max(axis=(1, 2)) for layer in after for part in layer]
        sane = (np.max(largest, axis=0) < SANE).reshape(-1, 1, 1)
        self.parameters = tuple(
            Layer(*(np.where(sane, new, old) for new, old in zip(a, b)))
            for a, b in zip(after, self.parameters)
        )
        self.trace = forward(self.network, self.parameters, self.X)
        self.epoch += 1

    def move(self, seconds):
        for _ in range(max(1, min(round(seconds * self.epochs / SECONDS), MAX_EPOCHS))):
            self.step()
        self.playing = self.epoch < self.epochs


def houses_example():
    """Return the houses' network and data."""
    X, y = data.houses()
    return Network((2, 3, 1)), X / X.max(axis=0), y / 100


class LearningRates(Trainings):
    """The same network from the same start, at three learning rates at once. Notebook 05."""

    key = "learning_rates"

    def __init__(self, network=None, parameters=None, X=None, y=None, *, rates=(0.01, 10.0, 100.0),
                 epochs=1000):  # fmt: skip
        if network is None:
            network, X, y = houses_example()
            parameters = initialize_parameters(network, np.random.default_rng(2), scale=1)
        self.start = copies(parameters, len(rates))
        self._names = [f"rate{k}" for k in range(1, len(rates) + 1)]
        self.add_traits(
            **{
                name: slider(float(rate), low=1e-3, high=1e3, logarithmic=True)
                for name, rate in zip(self._names, rates)
            }
        )
        super().__init__(network, X, y, epochs)
        self.observe(self.restart, self._names)

    def control(self, name):
        control, number = super().control(name), name.removeprefix("rate")
        words = {"label": self.say("rate", number=number), "tooltip": self.say("rate_tooltip")}
        return control | words

    def first_parameters(self):
        return self.start

    def restart(self, change=None):
        super().restart()
        self.costs = []
        self._note_costs()

    @np.errstate(all="ignore")
    def _note_costs(self):
        self.costs.append(cost(self.network, self.parameters, self.trace, self.y))

    def step(self):
        before = self.epoch
        super().step()
        if self.epoch > before:
            self._note_costs()

    def rates(self):
        return np.array([getattr(self, name) for name in self._names])

    def words(self):
        costs = np.array(self.costs)
        ends = [
            self.say("end", rate=float(rate), cost=float(end))
            if end < DIVERGED * first else self.say("diverged", rate=float(rate))
            for rate, first, end in zip(self.rates(), costs[0], costs[-1])
        ]  # fmt: skip
        epoch, epochs = f"{len(costs) - 1:,}", f"{self.epochs:,}"
        return self.say("words", epoch=epoch, epochs=epochs, ends="; ".join(ends))

    def panels(self):
        costs = np.array(self.costs)
        kept = np.unique(np.linspace(0, len(costs) - 1, POINTS).astype(int))
        highest = max(min(float(np.nanmax(costs)), 3 * float(np.nanmax(costs[0]))), 1e-12)
        plot = Plot(44, 44, 190, 120, x=(0, self.epochs), y=(0, highest))
        panels = []
        for k, rate in enumerate(self.rates().tolist()):
            panel = self.panel(250, 200, "panel_title", rate=rate)
            end = float(costs[-1, k])
            panel.text(44, 36, self.say("cost_now", cost=end), anchor="start", colour=FAINT)
            plot.axes(panel, (self.say("epochs"), ""), (0, self.epochs), (0, highest))
            plot.curve(panel, kept, costs[kept, k], width=2.2)
            if np.isfinite(end):
                panel.circle(*plot.at(kept[-1], end), 5, fill=ACCENT)
            panels.append(panel)
        return panels

    def ahead(self) -> np.ndarray:
        """Return the costs (epochs + 1, K) that Play will lead to, at most a thousand epochs."""
        _, history = train_neural_network(
            self.network, self.start, self.X, self.y,
            learning_rate=self.rates().reshape(-1, 1, 1), epochs=min(self.epochs, 1000),
        )  # fmt: skip
        return history.costs

    moving = ("costs",)

    def preview(self):
        self.costs = [*self.ahead()]


SIDE = 32
COLUMNS, ROWS = 190, 220  # pixels of the picture with a line for each start
REACH = 5 / 3  # of the largest feature: as far as the pictures show


class RandomStarts(Trainings):
    """Many networks learn the same few houses from random starts. Do they agree on others?

    `X` (m, 2) and `y` (m, 1) are houses and prices of 100 as they are; by default the three.
    `start` is the network (from 1) whose answers the map shows, `quality` where the street is.
    """

    key = "random_starts"

    def __init__(self, X=None, y=None, *, hidden=3, starts=64, learning_rate=10.0, epochs=10_000,
                 quality=7.0, names=("bedrooms", "quality"), seed=5):  # fmt: skip
        houses, prices = data.houses() if X is None else (X, y)
        self.houses, self.prices = np.asarray(houses, dtype=float), np.asarray(prices, dtype=float)
        self._scale, self.names = self.houses.max(axis=0), names
        self._seed, self._starts, self._due = seed, starts, 0.0
        across, up = (REACH * self._scale).tolist()
        self.street = Plot(40, 40, 260, 260, x=(0, across), y=(0, 110))
        self.map = Plot(40, 40, 260, 260, x=(0, across), y=(0, up))
        rate = {"low": learning_rate / 30, "high": learning_rate * 30, "logarithmic": True}
        self.add_traits(
            start=integer(1, low=1, high=starts),
            quality=slider(quality, low=0.0, high=up),
            learning_rate=slider(learning_rate, **rate),
        )
        network = Network((2, hidden, 1))
        super().__init__(network, self.houses / self._scale, self.prices / 100, epochs)
        self.observe(self._again, "learning_rate")

    def _again(self, change):
        self.restart()
        self.play_if_shown()

    @traitlets.validate("start")
    def _stay_inside(self, proposal):
        return min(max(proposal.value, 1), self._starts)

    def first_parameters(self):
        rng = np.random.default_rng(self._seed)
        return initialize_parameters(self.network, rng, scale=1, networks=self._starts)

    def rates(self):
        return np.full(self._starts, self.learning_rate)

    def move(self, seconds):
        """Train slowly at first, then ever faster."""
        self._due += seconds * (20 + 1.6 * self.epoch**0.85)
        epochs = min(int(self._due), 2 * MAX_EPOCHS)
        self._due = min(self._due - epochs, 1.0)
        for _ in range(epochs):
            self.step()
        self.playing = self.epoch < self.epochs

    moving = "parameters", "epoch", "trace"

    def preview(self):
        for _ in range(3_000):
            self.step()

    def prices_along(self, bedrooms) -> np.ndarray:
        """Return each network's price (K, n) for these bedrooms at `quality`."""
        street = np.column_stack([bedrooms, np.full(len(bedrooms), self.quality)]) / self._scale
        return 100 * forward(self.network, self.parameters, street).y_hat[:, :, 0]

    def drag_street(self, x, y):
        self.quality = round(self.map.data(x, y)[1], 2)

    def drag_line(self, x, y):
        """Choose the network whose line is nearest to the pointer."""
        bedrooms, price = self.street.data(x, y)
        prices = self.prices_along(np.array([bedrooms]))[:, 0]
        self.start = int(np.abs(prices - price).argmin()) + 1

    def words(self):
        asked = round(self._scale[0] + 1)
        prices = self.prices_along(np.array([float(asked)]))[:, 0]
        error = np.abs(self.trace.y_hat - self.y).max() * 100
        values = {"error": float(error), "low": float(prices.min()), "high": float(prices.max())}
        house = f"({asked}, {format_number(self.quality)})"
        counts = {"epoch": f"{self.epoch:,}", "count": self._starts, "start": self.start}
        return self.say("words", house=house, **counts, **values)

    def panels(self):
        return [self._street_panel(), self._map_panel()]

    def _street_panel(self):
        panel, street = self.panel(320, 340, "street_title", quality=self.quality), self.street
        bedrooms = np.linspace(*street.x, COLUMNS)
        prices = self.prices_along(bedrooms)
        street.image(panel, _lines_map(prices, street.y))
        ticks = range(int(street.x[1]) + 1)
        street.axes(panel, (self.names[0], self.say("price")), ticks, (0, 50, 100))
        street.curve(panel, bedrooms, prices[self.start - 1], colour=ACCENT, width=2.4)
        for (rooms, quality), price in zip(self.houses.tolist(), self.prices[:, 0].tolist()):
            near = abs(quality - self.quality) < 0.5
            panel.circle(*street.at(rooms, price), 6 if near else 4, fill=INK if near else FAINT,
                         stroke=PAPER, width=2)  # fmt: skip
        end = street.at(street.x[1], float(prices[self.start - 1, -1]))
        name, text = self.say("line_name"), self.say("line_text", start=self.start)
        panel.handle("line", *end, name, self.start, text, radius=7)
        return panel

    def _map_panel(self):
        panel, plot = self.panel(320, 340, "map_title", start=self.start), self.map
        across = np.linspace(0, REACH, SIDE)
        places = np.stack(np.meshgrid(across, across), axis=-1).reshape(-1, 2)
        parameters = tuple(Layer(W[self.start - 1], b[self.start - 1]) for W, b in self.parameters)
        y_hat = forward(self.network, parameters, places).y_hat
        plot.image(panel, signed_map(y_hat.reshape(SIDE, SIDE), 0.0, 1.0))
        plot.frame(panel)
        ticks = range(int(plot.x[1]) + 1), range(0, int(plot.y[1]) + 1, 3)
        plot.axes(panel, self.names, *ticks)
        left, right = plot.at(0, self.quality), plot.at(plot.x[1], self.quality)
        panel.line([left, right], colour=ACCENT, width=1.6, dashes="5 4")
        for (rooms, quality), price in zip(self.houses.tolist(), self.prices[:, 0].tolist()):
            at = plot.at(rooms, quality)
            panel.circle(*at, 5, fill=INK, stroke=PAPER)
            panel.text(at[0], at[1] - 10, format_number(price), rim=True, weight=600)
        panel.handle("street", *right, self.say("street_name"), self.quality, radius=7)
        return panel


def _lines_map(values, limits):
    """Return lines (K, columns) between the limits as a data URI: the denser, the darker."""
    rows = (ROWS - 1) * (values - limits[0]) / (limits[1] - limits[0])
    rows = np.clip(np.nan_to_num(rows), 0, ROWS - 1.001)
    low, columns = rows.astype(int), np.arange(values.shape[1])
    density = np.zeros((ROWS, values.shape[1]))
    np.add.at(density, (low, columns), 1 - (rows - low))
    np.add.at(density, (low + 1, columns), rows - low)
    return shade_map((1 - np.exp(-0.55 * density[::-1])).round(1))
