"""The playground: a network that learns while you change it. Notebook 06."""

from time import monotonic

from nnlib import _validation
from nnlib.live.controls import Controls
from nnlib.live.driver import Stage
from nnlib.live.model import Simulation, Sweep
from nnlib.live.scene import PlaygroundScene
from nnlib.live.settings import Settings

BUDGET, SLICES = 0.02, 10  # seconds of training in each of 30 frames a second, and its parts


class Playground:
    """A network in training that you can change at any moment; the last line of a cell shows it.

    Settings are those of `nnlib.live.settings.Settings`, for example `Playground(data="spiral",
    hidden=(4, 2), learning_rate=0.03)`. `forward` and `backward`: your own functions, of the
    signatures in `nnlib.live.own`, trained and drawn in place of nnlib's. Everything works without
    a browser too: `set`, `step`, `advance`, `reset`, and the numbers `epoch`, `cost`, …
    """

    def __init__(self, *, forward=None, backward=None, **settings):
        self.simulation = Simulation(Settings(**settings), forward, backward)
        self.scene = PlaygroundScene(self.simulation)
        self.controls = Controls(self.scene)
        desk = _Desk(self.scene, self.controls)
        self._stage = Stage(desk, budget=BUDGET, slices=SLICES, after=desk.tidy)
        self.controls.connect(self._stage)
        self.widget = self.controls.lay_out(self._stage)

    @property
    def settings(self):
        """The Settings now."""
        return self.simulation.settings

    @property
    def epoch(self):
        """How many times the network has seen all training samples."""
        return self.simulation.epoch

    @property
    def cost(self):
        """The cost on the training samples now."""
        return self.simulation.measure().cost

    @property
    def test_cost(self):
        """The cost on the test samples now; nan without any."""
        return self.simulation.measure().test_cost

    @property
    def accuracy(self):
        """Per cent of the training samples that are right now; nan for regression."""
        return self.simulation.measure().accuracy

    @property
    def test_accuracy(self):
        """Per cent of the test samples that are right now; nan for regression or without any."""
        return self.simulation.measure().test_accuracy

    @property
    def text(self):
        """What the picture shows, in words."""
        return self._stage.text

    @property
    def line(self):
        """The line of Python that makes this playground again."""
        return self.scene.line

    def set(self, **settings):
        """Change settings; learning rate and hidden sizes take effect without a restart."""
        self.simulation.change(**settings)
        self._show()

    def use(self, forward=None, backward=None):
        """Train with these functions from the start again; None stands for nnlib's own."""
        self.simulation.use(forward, backward)
        self._show()

    def advance(self, epochs=1):
        """Train for so many epochs now."""
        _validation.as_int(epochs, "epochs", at_least=0)
        self.controls.look({"past": 100})
        self.simulation.train(epochs=epochs)
        self._show()

    def step(self):
        """Train for one epoch."""
        self.advance(1)

    def reset(self):
        """Back to epoch 0, with the first weights."""
        self.controls.look({"past": 100})
        self.simulation.restart()
        self._show()

    def look(self, **view):
        """Look closer, as the controls do: `sample=1, step=2`, `neuron=(1, 0)`, `past=50`, …"""
        self.controls.look(view)
        self._stage.show()

    def sweep(self, epochs=500):
        """64 learning rates, and the cost of each after so many full-batch epochs."""
        _validation.as_int(epochs, "epochs", at_least=0)
        sweep = Sweep(self.settings, self.simulation.X, self.simulation.y, epochs=epochs)
        sweep.advance()
        return sweep.rates, sweep.costs[-1]

    def close(self):
        """Stop for good."""
        self._stage.close()

    def _show(self):
        self.controls.follow(settings_too=True)
        self._stage.show()

    def _repr_mimebundle_(self, **options):
        return self._stage.bundle(self.widget)

    def _ipython_display_(self):
        self._stage.display(self.widget)


class _Desk:
    """The scene as the Stage drives it, with the controls that follow what happens in it."""

    def __init__(self, scene, controls):
        self.scene, self.controls = scene, controls
        self.still = scene.still
        self._changed = self._refused = False
        self._weighed = 0.0

    def apply(self, name, value):
        self._changed = True
        try:
            self.scene.apply(name, value)
        except (ValueError, TypeError) as error:
            self.scene.simulation.note = f"Not changed: {error}"
            self._refused = True

    def advance(self, seconds):
        self.scene.advance(seconds)
        self.controls.after_training()

    def draw(self):
        self.scene.playing = self.controls.playing
        drawn = self.scene.draw()
        self.controls.show_samples(self.scene.samples[1])
        if self.scene.busy:
            self.controls.want("more", True)
        return drawn

    def tidy(self):
        """Bring the controls to what is there now, after the picture of it."""
        if self._changed:
            self.controls.follow(settings_too=self._refused)
            self._changed = self._refused = False
        if not self.controls.playing or monotonic() > self._weighed + 0.5:
            self._weighed = monotonic()
            self.controls.follow_weight()
