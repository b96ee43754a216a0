"""What the playground's page may ask for: one `on_…` method for each name in a request's `do`."""

import numpy as np

from nnlib import _validation as validation
from nnlib.live.settings import CONTROLS, MAX_NEURONS, Settings
from nnlib.live.simulation import neurons
from nnlib.live.texts import load, say


class Requests:
    """The part of a Playground that answers clicks, drags and keys on the page."""

    # what the learner looks at; None is nothing in particular
    _neuron = None  # (layer, number), shown large
    _past = None  # the index of a Moment of the history
    _sample = None  # the index of a training sample, after `_step` steps of its walk
    _step = 0
    _lesson = None  # sentence, question, index and data of a preset
    _sweep_on, _sweep_epoch = False, 0

    def on_undo(self):
        self._lesson = None
        self.undo()

    def on_neurons(self, layer, by):
        hidden = list(self.settings.hidden)
        hidden[layer] = min(max(hidden[layer] + by, 1), MAX_NEURONS)
        self.set(hidden=tuple(hidden))

    def on_look(self, neuron):
        self._neuron = tuple(neuron) if neuron else None
        self._look_at_what_is_there()

    def on_look_back(self, index):
        self._past = None if index is None else int(index)
        self.playing = self.playing and self._past is None
        self._look_at_what_is_there()

    def on_rewind(self):
        if self._past is not None:
            self.simulation.rewind(self.history[self._past])
            self._past = None
            self._follow()

    def on_keep(self):
        self.simulation.keep()
        self.simulation.note = say("run_kept")

    def on_forget(self):
        self.simulation.kept = None

    def on_set_weight(self, layer, row, column, value):
        value = validation.as_float(value, "the weight")
        self._past = None
        self.simulation.set_weight(layer, row, column, value)
        self._follow()

    def on_choose_sample(self, x1, x2):
        """Choose the training sample near a place, or none."""
        chosen = None if x1 is None else self._nearest(x1, x2, self.simulation.X_raw)
        self._sample, self._step = (None if chosen == self._sample else chosen), 0

    def on_walk(self, by):
        self._step += by
        self._look_at_what_is_there()

    def on_add_point(self, x1, x2, y):
        self.set(points=(*self.settings.points, (round(x1, 2), round(x2, 2), y)))

    def on_erase_point(self, x1, x2):
        points = self.settings.points
        nearest = self._nearest(x1, x2, np.array([point[:2] for point in points]).reshape(-1, 2))
        if nearest is not None:
            self.set(points=(*points[:nearest], *points[nearest + 1 :]))

    def on_line(self, text):
        self._start_with(Settings.from_line(text, self.settings.data), say("line_taken"))

    def on_preset(self, index):
        """Start again with the settings of a preset, or take leave of its question ("")."""
        self._lesson = self._neuron = self._sample = None
        if index != "":
            preset = load()["presets"][index]
            settings = Settings(**preset["settings"])
            self._start_with(settings, say("preset_taken"))
            self._lesson = [preset["sentence"], preset["question"], index, settings.data]

    def _start_with(self, settings, note):
        """Start again with other settings, and say so."""
        self._past = None
        every = {name: getattr(settings, name) for name in CONTROLS}
        self.simulation.change(restart=True, **every)
        self.simulation.note = note
        self._follow()

    def on_sweep(self, on, epoch):
        self._sweep_on, self._sweep_epoch = bool(on), int(epoch)

    def _nearest(self, x1, x2, X):
        """Return the index of the point of X (m, 2) within a small distance, or None."""
        if not len(X):
            return None
        distances = np.hypot(*(X - [x1, x2]).T)
        low, high = self.settings.dataset.reach
        return int(distances.argmin()) if distances.min() < (high - low) / 20 else None

    def _look_at_what_is_there(self):
        """Forget what was chosen and is no longer there."""
        simulation = self.simulation
        if self._past is not None and not 0 <= self._past < len(simulation.history):
            self._past = None
        if self._lesson and self._lesson[-1] != self.settings.data:
            self._lesson = None
        sizes = self.moment().network.sizes
        if self._neuron and self._neuron not in neurons(sizes):
            self._neuron = None
        if self._sample is not None and self._sample >= len(simulation.X):
            self._sample = None
        self._step = min(max(self._step, 0), 2 * len(sizes) - 2)
