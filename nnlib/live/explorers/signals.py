"""How a signal and its gradient fare in a deep network. Notebook 08."""

import numpy as np

from nnlib.activations import ACTIVATIONS
from nnlib.live.explorers.explorer import Explorer, choice, slider
from nnlib.live.render.maps import shade_map
from nnlib.live.render.panel import ACCENT, FAINT, GRID, INK, PAPER, Plot

WIDTH, SAMPLES = 64, 48  # neurons in each layer, samples
BINS, COLUMN = 40, 10  # pixels of a histogram, up and across with a gap
LOWEST, HIGHEST = -12.0, 4.0  # powers of ten of a spread
FIRST, LAST = 0.02, 4.0  # scales that Play goes through
SECONDS = 9.0


class SignalThroughLayers(Explorer):
    """Activations and gradients, layer by layer, while the scale of the first weights is dragged.

    `scale` is the standard deviation of the weights times √neurons; Xavier is 1, He is √2.
    """

    key = "signal_through_layers"
    buttons = ("reset",)
    autoplay = True
    scale = slider(1.0, low=FIRST, high=LAST, logarithmic=True)
    activation = choice("tanh", "tanh", "relu", "sigmoid")

    def __init__(self, layers=10, activation="tanh", *, scale=1.0, seed=0):
        rng = np.random.default_rng(seed)
        self.layers, self._time, self._first_scale = layers, None, float(scale)
        self.weights = rng.standard_normal((layers, WIDTH, WIDTH)) / np.sqrt(WIDTH)
        self.X = rng.standard_normal((SAMPLES, WIDTH))
        self.error = rng.standard_normal((SAMPLES, WIDTH))
        self._sizes = Plot(44, 40, 270, 210, x=(0.5, layers + 0.5), y=(LOWEST, HIGHEST))
        super().__init__(scale=scale, activation=activation)

    @np.errstate(all="ignore")
    def signal(self) -> tuple[list[np.ndarray], np.ndarray]:
        """Return the activations (samples, neurons) of each layer, and each gradient's spread."""
        function, a, activations = ACTIVATIONS[self.activation], self.X, []
        for W in self.scale * self.weights:
            a = function.forward(a @ W)
            activations.append(a)
        dz, spreads = self.error, np.zeros(self.layers)
        for layer in range(self.layers - 1, -1, -1):
            dz = function.backward(dz, activations[layer])
            spreads[layer] = dz.std()
            dz = dz @ (self.scale * self.weights[layer]).T
        return activations, spreads

    def on_play(self):
        super().on_play()
        self._time = None

    def move(self, seconds):
        """Go through all scales and back to the first one."""
        self._time = seconds / SECONDS + (0.0 if self._time is None else self._time)
        if self._time >= 1:
            self.scale, self._time, self.playing = self._first_scale, None, False
            return
        # From small to large and back to Xavier's, evenly on a logarithmic scale.
        marks = np.log([self._first_scale, FIRST, LAST, self._first_scale])
        self.scale = round(float(np.exp(np.interp(self._time, [0, 0.3, 0.75, 1], marks))), 3)

    def drag_scale(self, x, y):
        self.playing = False
        share = np.clip((x - 44) / 270, 0, 1)
        self.scale = round(float(FIRST * (LAST / FIRST) ** share), 3)

    def words(self):
        activations, spreads = self.signal()
        last, first = float(activations[-1].std()), float(spreads[0])
        verdict = self.say(_verdict(last, first, self.activation))
        values = {"scale": self.scale, "spread": last, "gradient": first, "verdict": verdict}
        return self.say("words", layers=self.layers, **values)

    def panels(self):
        activations, spreads = self.signal()
        return [self._activations_panel(activations), self._sizes_panel(activations, spreads)]

    def _activations_panel(self, activations):
        panel = self.panel(330, 330, "activations_title")
        low, high = (0.0, 4.0) if self.activation == "relu" else (-1.0, 1.0)
        low = 0.0 if self.activation == "sigmoid" else low
        wide, plot = 286 / self.layers, Plot(0, 40, 1, 210, x=(0, 1), y=(low, high))
        counts = np.array([np.histogram(a, BINS, (low, high))[0] for a in activations]).T
        shares = np.zeros((BINS, self.layers, COLUMN))
        shares[:, :, :-1] = (counts / np.sort(counts, axis=0)[-2].clip(1))[:, :, np.newaxis] ** 0.6
        image = shade_map(shares.reshape(BINS, -1)[::-1].round(2))
        panel.image(image, 36, plot.top, 286, plot.height)
        for k in range(self.layers):
            panel.text(36 + (k + 0.45) * wide, 266, k + 2, colour=FAINT, size=11)
        for tick in (low, (low + high) / 2, high):
            panel.text(30, plot.at(0, tick)[1] + 4, f"{tick:g}".replace("-", "−"), anchor="end",
                       colour=FAINT, size=11)  # fmt: skip
        panel.text(322, 282, self.say("layer"), anchor="end", colour=FAINT)
        self._draw_scale(panel)
        return panel

    def _draw_scale(self, panel):
        """Draw a large slider for the scale, with Xavier's and He's marked."""
        y, place = 302, lambda scale: 44 + 270 * np.log(scale / FIRST) / np.log(LAST / FIRST)
        panel.line([(44, y), (314, y)], colour=GRID, width=4)
        for scale, name, anchor in ((1.0, "Xavier", "end"), (2**0.5, "He", "start")):
            x = float(place(scale))
            panel.line([(x, y - 6), (x, y + 6)], colour=INK, width=1.5)
            panel.text(x, y + 22, name, anchor=anchor, colour=FAINT, size=11)
        panel.text(44, y + 22, self.say("scale"), anchor="start", colour=FAINT, size=11)
        panel.handle("scale", float(place(self.scale)), y, self.say("scale_name"), self.scale)

    def _sizes_panel(self, activations, spreads):
        panel, plot = self.panel(330, 330, "sizes_title"), self._sizes
        plot.axes(panel, (self.say("layer"), ""))
        plot.powers(panel, range(int(LOWEST), int(HIGHEST) + 1, 4))
        layers = np.arange(1, self.layers + 1)
        for k in layers:
            panel.text(plot.at(k, 0)[0], 265, k + 1, colour=FAINT, size=11)
        sizes = np.array([a.std() for a in activations])
        for values, colour, dashes in ((sizes, INK, None), (spreads, ACCENT, "5 4")):
            with np.errstate(divide="ignore"):
                logs = np.clip(np.log10(values), LOWEST, HIGHEST)
            plot.curve(panel, layers, logs, colour=colour, width=2.4, dashes=dashes)
            panel.dots(plot.points(layers, logs), 7, colour=colour)
        for x, colour, name in ((48, INK, "activations"), (180, ACCENT, "gradients")):
            panel.circle(x, 302, 5, fill=colour, stroke=PAPER)
            panel.text(x + 10, 306, self.say(name), anchor="start", colour=FAINT)
        return panel


def _verdict(last, first, activation):
    """Return the text for the spread of the last activations and of the first gradient."""
    if last < 0.03:
        return "dies"
    if first < 0.03:
        return "gradient_dies"
    if last > 30 or first > 5:
        return "explodes"
    return "saturates" if activation == "tanh" and last > 0.7 else "lives"
