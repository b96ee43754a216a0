"""Real house sales, and two libraries on the same curve. Notebooks 09 and 10."""

import numpy as np

from nnlib import data
from nnlib.live.explorers.explorer import Explorer, choice
from nnlib.live.render.panel import ACCENT, FAINT, INK, PAPER, POSITIVE, SERIES, Plot
from nnlib.network import Network, backward, cost, forward, initialize_parameters
from nnlib.optimizers import Adam
from nnlib.training import batches

FEATURES = ("distance_to_mrt_m", "house_age_years", "convenience_stores")
HIDDEN, EPOCHS, BATCH = 8, 300, 32
EPOCHS_A_SECOND = 22
PRICES = Plot(40, 40, 270, 270, x=(0, 90), y=(0, 90))
ERRORS = Plot(40, 40, 260, 170, x=(0, EPOCHS), y=(0, 16))


class PredictedVsTrue(Explorer):
    """414 real house sales: predicted against true prices, while a small network trains.

    `features`: names of columns, of `data.REAL_ESTATE_COLUMNS`. Prices are per ping (3.3 m²), in
    10,000 New Taiwan dollars. A quarter of the sales are held out for testing.
    """

    key = "predicted_vs_true"
    buttons = ("reset",)
    autoplay = True

    def __init__(self, features=FEATURES, *, hidden=HIDDEN, seed=0):
        X, y = data.real_estate()
        self.features = tuple(features)
        columns = [data.REAL_ESTATE_COLUMNS.index(name) for name in self.features]
        self._raw, rng = X[:, columns], np.random.default_rng(seed)
        self.network = Network((len(columns), hidden, 1), hidden="tanh", output="identity")
        X_train, X_test, y_train, y_test = data.split(self._raw, y, rng=rng)
        self._x, self._y = data.Scaler.fit(X_train), data.Scaler.fit(y_train)
        self._train = self._x.transform(X_train), y_train
        self._test = self._x.transform(X_test), y_test
        self._seed, self._optimizer, self._due = seed, Adam(), 0.0
        super().__init__()
        self._begin()

    def _begin(self):
        self.chosen, self._rng = 0, np.random.default_rng(self._seed + 1)
        self.parameters = initialize_parameters(self.network, self._rng)
        self._states = self._optimizer.init(self.parameters)
        self.errors = [self._measure()]

    def predict(self, X):
        """Return the prices of scaled samples."""
        return self._y.inverse(forward(self.network, self.parameters, X).y_hat)

    def _measure(self):
        """Return the root mean squared errors of training and test sales, in units of the price."""
        both = self._train, self._test
        return [float(np.sqrt(((self.predict(X) - y) ** 2).mean())) for X, y in both]

    @property
    def epoch(self) -> int:
        """The epochs trained so far."""
        return len(self.errors) - 1

    def reset(self):
        super().reset()
        self._begin()

    def on_play(self):
        super().on_play()
        if self.playing and self.epoch >= EPOCHS:
            self._begin()

    def train(self, epochs=1):
        """Train for so many epochs, in batches of 32."""
        X, y = self._train[0], self._y.transform(self._train[1])
        for _ in range(epochs):
            for rows in batches(len(X), BATCH, self._rng):
                trace = forward(self.network, self.parameters, X[rows])
                gradients = backward(self.network, self.parameters, trace, y[rows])
                self.parameters, self._states = self._optimizer.step(
                    self.parameters, gradients, self._states, 0.002
                )
            self.errors.append(self._measure())

    moving = "parameters", "errors", "_states", "_rng"

    def preview(self):
        self._rng = np.random.default_rng(self._seed)
        self.train(50)

    def move(self, seconds):
        """Train slowly at first."""
        self._due += seconds * EPOCHS_A_SECOND * min(1.0, 0.15 + self.epoch / 60)
        epochs, self._due = int(self._due), self._due % 1
        self.train(min(epochs, EPOCHS - self.epoch))
        self.playing = self.epoch < EPOCHS

    def drag_house(self, x, y):
        """Choose the test sale nearest to the pointer, or the next one in its direction."""
        X, prices = self._test
        sales = np.column_stack([prices, self.predict(X)])
        now, wanted = sales[self.chosen].clip(0, 90), np.array(PRICES.data(x, y))
        nearest = int(((sales - wanted) ** 2).sum(axis=1).argmin())
        first, self.grabbed["house"] = "house" not in self.grabbed, True
        if first and nearest == self.chosen:  # an arrow key: the next one in its direction
            ahead = (sales - now) @ (wanted - now)
            distance = np.where(ahead > 1e-9, ((sales - now) ** 2).sum(axis=1), np.inf)
            nearest = int(distance.argmin()) if np.isfinite(distance).any() else nearest
        self.chosen = nearest

    def words(self):
        (train, test), (X, y) = self.errors[-1], self._test
        sale = X[self.chosen : self.chosen + 1]
        raw = self._x.inverse(sale)[0]
        listed = ", ".join(
            self.say(name, value=float(value)) for name, value in zip(self.features, raw)
        )
        values = {"price": float(y[self.chosen, 0]), "predicted": float(self.predict(sale)[0, 0])}
        return self.say("words", epoch=self.epoch, train=train, test=test, sale=listed, **values)

    def panels(self):
        return [self._prices_panel(), self._errors_panel()]

    def _prices_panel(self):
        panel = self.panel(320, 352, "prices_title")
        ticks, names = (0, 30, 60, 90), (self.say("true"), self.say("predicted"))
        PRICES.axes(panel, names, ticks, ticks)
        panel.line([PRICES.at(0, 0), PRICES.at(90, 90)], colour=FAINT, dashes="5 4")
        for (X, y), colour, opacity in ((self._train, POSITIVE, 0.4), (self._test, INK, 0.75)):
            points = np.column_stack([y, self.predict(X)]).clip(0, 90)
            panel.dots(PRICES.points(*points.T), 5, colour=colour, opacity=opacity)
        panel.drag_area("house", PRICES.left, PRICES.top, PRICES.width, PRICES.height)
        X, y = self._test
        true, predicted = float(y[self.chosen, 0]), float(self.predict(X[[self.chosen]])[0, 0])
        at = PRICES.at(true, predicted)
        panel.line([at, PRICES.at(true, true)], colour=ACCENT, width=1.6)
        text = self.say("sale_text", price=true, predicted=predicted)
        panel.handle("house", *at, self.say("sale_name"), true, text, radius=6)
        return panel

    def _errors_panel(self):
        panel = self.panel(310, 290, "errors_title")
        ERRORS.axes(panel, (self.say("epochs"), ""), (0, 100, 200, 300), (0, 5, 10, 15), grid=True)
        errors = np.array(self.errors)
        epochs = np.arange(len(errors))
        for k, (colour, name, x) in enumerate(((POSITIVE, "training", 44), (INK, "test", 170))):
            ERRORS.curve(panel, epochs, errors[:, k], colour=colour, width=2.2)
            panel.circle(x, 262, 5, fill=colour)
            text = self.say(name, error=float(errors[-1, k]))
            panel.text(x + 10, 266, text, anchor="start", colour=FAINT)
        return panel


UPDATES, SAMPLES = 32, 1000  # updates in an epoch
COSTS = Plot(44, 40, 266, 220, x=(0, 10), y=(0, 0.75))
GAPS = Plot(50, 40, 256, 220, x=(0, 10), y=(-17, 0))
LIBRARIES = ("PyTorch", "Keras")
NOISE = 1e-15  # smaller differences depend on the processor


class FrameworkCosts(Explorer):
    """The same training in nnlib, live, and in a framework, as it was stored. Notebook 09."""

    key = "framework_costs"
    buttons = ("reset",)
    autoplay = True
    library = choice("PyTorch", *LIBRARIES)

    def __init__(self, library="PyTorch"):
        stored = data.load_arrays("frameworks.npz")
        self._theirs = {name: stored[f"{name.lower()} float64/costs"] for name in LIBRARIES}
        self.network = Network((2, 64, 32, 1), hidden="relu", cost="cross_entropy")
        self._X, self._y = data.moons(SAMPLES, noise=0.2, rng=np.random.default_rng(9))
        self._due = 0.0
        super().__init__(library=library)
        self._begin()

    def _begin(self):
        start = initialize_parameters(self.network, np.random.default_rng(3))
        self.parameters, self._states = start, Adam().init(start)
        self._rng, self._rows = np.random.default_rng(9), iter(())
        self.updates, self.costs = 0, {0: self._cost()}

    def _cost(self):
        trace = forward(self.network, self.parameters, self._X)
        return float(cost(self.network, self.parameters, trace, self._y))

    def reset(self):
        super().reset()
        self._begin()

    def on_play(self):
        super().on_play()
        if self.playing and self.updates >= 10 * UPDATES:
            self._begin()

    def step(self):
        """Make one update with the next 32 samples."""
        rows = next(self._rows, None)
        if rows is None:
            self._rows = batches(SAMPLES, 32, self._rng)
            rows = next(self._rows)
        trace = forward(self.network, self.parameters, self._X[rows])
        gradients = backward(self.network, self.parameters, trace, self._y[rows])
        self.parameters, self._states = Adam().step(self.parameters, gradients, self._states, 0.001)
        self.updates += 1

    moving = "parameters", "updates", "costs", "_states", "_rng", "_rows"

    def preview(self):
        self._rng, self._rows = np.random.default_rng(9), iter(())
        self.train(5 * UPDATES)

    def train(self, updates):
        """Make so many updates, and note the cost after each epoch and at the end."""
        for _ in range(min(updates, 10 * UPDATES - self.updates)):
            self.step()
            if self.updates % UPDATES == 0:
                self.costs[self.updates] = self._cost()
        self.costs[self.updates] = self._cost()

    def move(self, seconds):
        self._due += 34 * seconds
        updates, self._due = int(self._due), self._due % 1
        self.train(updates)
        self.playing = self.updates < 10 * UPDATES

    def gaps(self) -> np.ndarray:
        """Return how far the costs are apart after each whole epoch so far."""
        ours = [self.costs[k] for k in range(0, self.updates + 1, UPDATES)]
        return np.abs(ours - self._theirs[self.library][: len(ours)])

    def words(self):
        epochs, ours = self.updates // UPDATES, list(self.costs.values())[-1]
        gap = f"{max(self.gaps().max(), NOISE):.0e}"
        return self.say("words", epochs=epochs, ours=ours, library=self.library, gap=gap)

    def panels(self):
        return [self._costs_panel(), self._gaps_panel()]

    def _costs_panel(self):
        panel = self.panel(320, 330, "costs_title", library=self.library)
        COSTS.axes(panel, (self.say("epochs"), ""), (0, 5, 10), (0, 0.25, 0.5, 0.75))
        epochs = np.array(list(self.costs)) / UPDATES
        seen = int(epochs[-1]) + 1
        theirs = COSTS.points(np.arange(seen), self._theirs[self.library][:seen])
        panel.dots(theirs, 14, colour=SERIES[0])
        panel.dots(theirs, 10, colour=PAPER)
        COSTS.curve(panel, epochs, np.array(list(self.costs.values())), colour=POSITIVE, width=2.6)
        panel.circle(*COSTS.at(epochs[-1], list(self.costs.values())[-1]), 5, fill=ACCENT)
        for x, colour, text in ((48, POSITIVE, "nnlib"), (150, SERIES[0], self.library)):
            panel.circle(x, 312, 6, fill=colour)
            panel.text(x + 12, 316, text, anchor="start", colour=FAINT)
        return panel

    def _gaps_panel(self):
        panel = self.panel(320, 330, "gaps_title")
        GAPS.axes(panel, (self.say("epochs"), ""), (0, 5, 10))
        GAPS.powers(panel, (0, -4, -8, -12, -16))
        logs = np.log10(np.maximum(self.gaps(), NOISE))
        GAPS.curve(panel, np.arange(len(logs)), logs, colour=ACCENT, width=2)
        panel.dots(GAPS.points(np.arange(len(logs)), logs), 8, colour=ACCENT)
        return panel
