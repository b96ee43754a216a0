"""A column's unit, and what it does to the cost. Notebook 01."""

import numpy as np

from nnlib.live.explorers.explorer import Explorer, slider
from nnlib.live.render.maps import contour_map
from nnlib.live.render.panel import ACCENT, FAINT, GRID, INK, PAPER, POSITIVE, Plot

CLOUD = Plot(4, 24, 300, 300, x=(-16, 16), y=(-16, 16))
BOWL = Plot(26, 40, 276, 276, x=(-2, 2), y=(-2, 2))
MAP_SIDE = 72
BEST = 1.0, -0.8  # weights of both columns when both have a spread of 1
REACH = 2.0  # spreads from the middle to a column's handle
TOLERANCE = 0.02  # share of the way to the minimum that may be left
MAX_STEPS = 400
STEPS_A_SECOND = 8


def _samples():
    """Return 60 samples (60, 2) whose columns have mean 0, spread 1 and nothing in common."""
    X = np.random.default_rng(4).standard_normal((60, 2))
    X -= X.mean(axis=0)
    values, vectors = np.linalg.eigh(X.T @ X / len(X))
    return X @ vectors / np.sqrt(values) @ vectors.T


class FeatureScale(Explorer):
    """Two columns with units to drag, the cost of a linear model, and gradient descent on it.

    `scale1` and `scale2` are the spreads (standard deviations) of the two columns. The learning
    rate is always the best one for the bowl.
    """

    key = "feature_scale"
    buttons = ("scale", "reset")
    autoplay = True
    scale1 = slider(1.0, low=0.5, high=8.0, logarithmic=True)
    scale2 = slider(5.0, low=0.5, high=8.0, logarithmic=True)

    def __init__(self, scale1=1.0, scale2=5.0):
        self._samples, self._ball = _samples(), 0.0
        super().__init__(scale1=scale1, scale2=scale2)
        self._descend()
        self.observe(lambda change: self._descend(), ["scale1", "scale2"])

    @property
    def scales(self) -> np.ndarray:
        """The spreads of the two columns (2,)."""
        return np.array([self.scale1, self.scale2])

    def _descend(self):
        """Compute the way of gradient descent with its best learning rate, from (−1.6, 1.6)."""
        curvature = self.scales**2
        self._minimum = np.array(BEST) / self.scales
        start = np.array([-1.6, 1.6])
        rate = 2 / curvature.sum()  # makes the slower of both columns as fast as possible
        steps, path = np.arange(MAX_STEPS + 1)[:, None], start - self._minimum
        self._path = self._minimum + (1 - rate * curvature) ** steps * path
        costs = (curvature * (self._path - self._minimum) ** 2).sum(axis=1)
        near = np.flatnonzero(costs <= TOLERANCE**2 * costs[0])
        self.steps = int(near[0]) if len(near) else MAX_STEPS
        self._ball = 0.0

    def on_scale(self):
        """Bring both columns to a spread of 1, as standardising does."""
        self.set(scale1=1.0, scale2=1.0)
        self.playing = not self.reduced

    def on_play(self):
        super().on_play()
        if self._ball >= self.steps:
            self._ball = 0.0

    def move(self, seconds):
        self._ball = min(self._ball + seconds * STEPS_A_SECOND, self.steps)
        self.playing = self._ball < self.steps

    def drag_scale1(self, x, y):
        self._drag("scale1", CLOUD.data(x, y)[0])

    def drag_scale2(self, x, y):
        self._drag("scale2", CLOUD.data(x, y)[1])

    def _drag(self, name, place):
        setattr(self, name, round(min(max(place / REACH, 0.5), 8.0), 2))
        self.playing = not self.reduced

    def words(self):
        ratio = max(self.scales) / min(self.scales)
        shape = "round" if ratio < 1.15 else "oval" if ratio < 2.5 else "trench"
        values = {"scale1": self.scale1, "scale2": self.scale2, "shape": self.say(shape)}
        return self.say("words", **values, steps=self.steps)

    def panels(self):
        return [self._cloud_panel(), self._bowl_panel()]

    def _cloud_panel(self):
        panel = self.panel(310, 346, "cloud_title")
        CLOUD.frame(panel)
        middle = CLOUD.at(0, 0)
        panel.line([CLOUD.at(-16, 0), CLOUD.at(16, 0)], colour=GRID, width=1)
        panel.line([CLOUD.at(0, -16), CLOUD.at(0, 16)], colour=GRID, width=1)
        points = CLOUD.points(*(self._samples * self.scales).T)
        panel.dots(points, 6, colour=POSITIVE, opacity=0.75)
        for name, along in (("scale1", (1, 0)), ("scale2", (0, 1))):
            scale = getattr(self, name)
            end = CLOUD.at(*(REACH * scale * np.array(along)))
            panel.line([middle, end], colour=ACCENT, width=2)
            label = self.say(f"{name}_name")
            panel.handle(name, *end, label, scale, self.say("spread", scale=scale))
        panel.text(296, 316, self.say("column1"), anchor="end", colour=FAINT)
        panel.text(12, 40, self.say("column2"), anchor="start", colour=FAINT)
        return panel

    def _bowl_panel(self):
        panel = self.panel(310, 346, "bowl_title")
        across = np.linspace(-2, 2, MAP_SIDE)
        w1, w2 = across - self._minimum[0], across[:, None] - self._minimum[1]
        BOWL.image(panel, contour_map(self.scale1**2 * w1**2 + self.scale2**2 * w2**2))
        BOWL.frame(panel)
        BOWL.axes(panel, ("w1", "w2"), (-2, 0, 2), (-2, 0, 2))
        panel.circle(*BOWL.at(*self._minimum), 4, fill=PAPER, stroke=INK)
        done = int(self._ball)
        way = BOWL.points(*self._path[: self.steps + 1].T)
        panel.line(way, colour=INK, width=1, opacity=0.35)
        panel.line(way[: done + 1], colour=ACCENT, width=1.8)
        panel.dots(way[: done + 1], 4, colour=ACCENT)
        panel.circle(*way[done], 7, fill=ACCENT, stroke=PAPER, width=2)
        return panel
