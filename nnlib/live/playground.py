"""The playground: a network that learns while you change it. Notebook 06."""

import math
from dataclasses import replace
from time import perf_counter

import numpy as np
import traitlets

from nnlib import _validation as validation
from nnlib.data import DATASETS
from nnlib.live.describe import describe
from nnlib.live.render.frame import Frame, thumbnails
from nnlib.live.requests import Requests
from nnlib.live.settings import CONTROLS, FEATURES, Settings, with_value
from nnlib.live.simulation import Moment, Simulation
from nnlib.live.sweep import Sweep
from nnlib.live.texts import load, name_of, say
from nnlib.live.widget import LiveView, Picture
from nnlib.network import load as load_network
from nnlib.network import save as save_network

UNLIMITED_SECONDS = 0.02  # of training in each picture at unlimited speed
MAX_TRAINING_SECONDS = 0.04  # of training in each picture at any other speed
SWEEP_SECONDS = 0.012  # of a sweep in each picture
SWEEP_EPOCHS = 500
SWEEP_NEURONS = (1, 2, 8)  # in the first hidden layer, beside the playground's own number
SPEEDS = (1, 5, 20, 60, 300, math.inf)


class _Setting(traitlets.TraitType):
    """A trait that is valid when the Settings with it are."""

    def validate(self, playground, value):
        return getattr(with_value(playground.settings, self.name, value), self.name)


def _setting_trait(name, control):
    tag = {"kind": control.kind, "section": control.section}
    if control.kind in ("slider", "integer"):
        tag |= {"low": control.low, "high": control.high, "step": control.step}
        tag |= {"logarithmic": control.logarithmic}
    if control.kind == "choice":
        tag["choices"] = control.choices
    return _Setting(getattr(Settings, name)).tag(control=tag)


# A class of its own, since traits must be there when a class is made.
_SettingTraits = type(LiveView)(
    "_SettingTraits",
    (LiveView,),
    {name: _setting_trait(name, control) for name, control in CONTROLS.items()},
)


class _Speed(traitlets.Float):
    """Epochs a second above 0; the page's None is unlimited."""

    def validate(self, playground, value):
        value = math.inf if value is None else super().validate(playground, value)
        if not value > 0:
            raise ValueError(f"speed must be above 0; got {value:g}")
        return value


def _own_control(kind, section, **how):
    return {"kind": kind, "section": section, **how}


class Playground(Requests, _SettingTraits):
    """A network in training that you can change at any moment; the last line of a cell shows it.

    Settings are those of `nnlib.live.settings.Settings`, for example `Playground(data="spiral",
    hidden=(4, 2), learning_rate=0.03)`; `data=(X, y)` takes samples of your own. `forward` and
    `backward`, with the signatures in `nnlib.live.learner`, run instead of nnlib's own.

    Everything works without a browser too. Settings are traits: `playground.learning_rate = 3`
    takes effect, −1 raises, `playground.observe(f, "epoch")` and `widgets.link((slider, "value"),
    (playground, "learning_rate"))` work. So are `playing`, `speed` (epochs a second), `stop_epoch`,
    `stop_cost`, and, to read only, `epoch`, `cost`, `test_cost`, `accuracy` and `test_accuracy`.
    `widgets.HBox([one.widget, other.widget])` shows two side by side.
    """

    kind = "playground"
    buttons = ("step", "reset")
    words_every = 0.1  # each new sentence has the browser lay out the page

    speed = _Speed(60.0).tag(
        control=_own_control(
            "choice",
            "run",
            choices=[
                [None if math.isinf(v) else v, "∞" if math.isinf(v) else f"{v}/s"] for v in SPEEDS
            ],
        )
    )
    stop_epoch = traitlets.CInt(0, min=0).tag(
        control=_own_control("integer", "more", low=0, high=10**6, step=100)
    )
    stop_cost = traitlets.CFloat(0.0, min=0).tag(
        control=_own_control("slider", "more", low=0.0, high=0.5, step=0.01)
    )
    epoch = traitlets.Int(0, read_only=True)
    cost = traitlets.Float(math.nan, read_only=True)
    test_cost = traitlets.Float(math.nan, read_only=True)
    accuracy = traitlets.Float(math.nan, read_only=True)
    test_accuracy = traitlets.Float(math.nan, read_only=True)

    def __init__(self, *, forward=None, backward=None, playing=False, speed=60.0, **settings):
        data = settings.pop("data", Settings.data)
        first = with_value(Settings(**settings), "data", data)
        self.simulation = Simulation(first, forward, backward)
        self._following = True
        self._due, self._sweeps, self._sweep_key = 0.0, {}, None
        self._frame = Frame()
        super().__init__(playing=playing, speed=speed)
        self._follow()

    # -- traits ----------------------------------------------------------------------------------

    def __setattr__(self, name, value):
        """Refuse a misspelt setting, which nothing would ever read."""
        made = not getattr(self, "_following", True)
        if made and not name.startswith("_") and not hasattr(self, name):
            names = ", ".join([*self.control_names(), "playing"])
            raise AttributeError(f"a Playground has no setting {name}; its settings are {names}")
        super().__setattr__(name, value)

    @property
    def settings(self) -> Settings:
        """The Settings now."""
        return self.simulation.settings

    @traitlets.observe(*CONTROLS)
    def _take(self, change):
        if not self._following:
            self.set(**{change.name: change.new})

    def _follow(self):
        """Bring the traits to what the simulation has."""
        self._following = True
        try:
            for name in CONTROLS:
                if (value := getattr(self.settings, name)) is not getattr(self, name):
                    setattr(self, name, value)
            self._look_at_what_is_there()
        finally:
            self._following = False
        moment = self.simulation.measure()
        for name, value in zip(("epoch", "cost", "test_cost", "accuracy", "test_accuracy"), moment):
            self.set_trait(name, value)

    def control(self, name):
        control = super().control(name)
        if callable(control.get("choices")):
            control["choices"] = [[value, name_of(value)] for value in control["choices"]()]
        return control

    def value_for_page(self, name):
        if name == "data":
            return self.data if isinstance(self.data, str) else ""
        return list(value) if isinstance(value := super().value_for_page(name), tuple) else value

    def disabled(self):
        off = ["samples", "noise", "test_share", "show_test"] if self.settings.dataset.fixed else []
        off += ["cost_function"] * (self.settings.problem == "regression")
        return off + ["regularization_rate"] * (self.settings.regularization == "none")

    # -- from Python -----------------------------------------------------------------------------

    @property
    def parameters(self):
        """The weights and biases now, a tuple of Layers; assign others to go on from them."""
        return self.simulation.parameters

    @parameters.setter
    def parameters(self, parameters):
        from nnlib.network import validate_parameters

        network = self.simulation.network
        with self.lock:
            self.simulation.set_parameters(network, validate_parameters(network, parameters))
            self._follow()

    @property
    def network(self):
        """The Network that is trained."""
        return self.simulation.network

    @property
    def history(self) -> list[Moment]:
        """The Moments recorded so far: every epoch at first, then ever fewer."""
        return self.simulation.history

    @property
    def problem(self) -> str | None:
        """Why training can't go on, or None."""
        return self.simulation.problem

    @property
    def line(self) -> str:
        """The line of Python that makes this playground, and what it leaves out."""
        simulation = self.simulation
        line = simulation.settings.line(**simulation.learner.names())
        if simulation.by_hand:
            line += "  # " + say("left_out", what="; ".join(simulation.by_hand[:4]))
            line += "; …" * (len(simulation.by_hand) > 4)
        return line

    def set(self, **settings):
        """Change several settings at once; most take effect without a restart."""
        with self.lock:
            new = self.settings
            for name, value in settings.items():
                validation.as_choice(name, CONTROLS, "each setting")
                new = with_value(new, name, value)
            try:
                self.simulation.change(**{name: getattr(new, name) for name in settings})
            finally:
                self._follow()

    def use(self, forward=None, backward=None):
        """Start again with these functions; None means nnlib's own."""
        with self.lock:
            self.simulation.use(forward, backward)
            self._follow()

    def advance(self, epochs=1):
        """Train for so many epochs now."""
        validation.as_int(epochs, "epochs", at_least=0)
        with self.lock:
            self._past = None
            self.simulation.train(epochs=epochs)
            self._follow()

    def step(self):
        """Train for one epoch."""
        self.advance(1)

    def reset(self):
        """Go back to epoch 0, with the first weights."""
        with self.lock:
            self._past = None
            self.simulation.reset()
            self._follow()

    def undo(self):
        """Take back the last restart."""
        with self.lock:
            self.simulation.undo()
            self._follow()

    def sweep(self, epochs=SWEEP_EPOCHS):
        """Return 64 learning rates, and the cost of each after so many full-batch epochs."""
        validation.as_int(epochs, "epochs", at_least=0)
        sweep = Sweep(self.settings, self.simulation.X, self.simulation.y, epochs=epochs)
        sweep.advance()
        return sweep.rates, sweep.costs[-1]

    def walk(self, sample, step):
        """Return in words what a training sample (from 1) computes after so many steps.

        Steps go forward through the layers, then backward; 0 is at the inputs.
        """
        samples, steps = len(self.simulation.X), 2 * len(self.network.sizes) - 2
        self._sample = validation.as_int(sample, "sample", at_least=1, at_most=samples) - 1
        self._step = validation.as_int(step, "step", at_least=0, at_most=steps)
        return self._frame.walk(self.simulation, self.moment(), self._sample, self._step)["words"]

    def code(self, library="numpy"):
        """Return a program with this network, for "numpy", "keras" or "torch"."""
        from nnlib.live.code import write

        return write(self.settings, self.network, self.parameters, library)

    def save(self, path):
        """Write the network and its parameters to a file, as `nnlib.network.save` does."""
        save_network(path, self.network, self.parameters)

    def load(self, path):
        """Go on from the parameters in a file. ValueError if its network has other layers."""
        network, parameters = load_network(path)
        with self.lock:
            self.simulation.set_parameters(network, parameters)
            self._follow()

    # -- time --------------------------------------------------------------------------------------

    def move(self, seconds):
        """Train as long as the speed says, up to `stop_epoch` or `stop_cost`."""
        self._past = None
        simulation, epochs, limit = self.simulation, math.inf, UNLIMITED_SECONDS
        if math.isfinite(self.speed):
            self._due += seconds * self.speed
            epochs, limit = math.floor(self._due), MAX_TRAINING_SECONDS
            self._due -= epochs
        if self.stop_epoch > simulation.epoch:
            epochs = min(epochs, self.stop_epoch - simulation.epoch)
        if self.stop_cost:
            self._train_to_cost(epochs, limit)
        else:
            simulation.train(epochs=epochs, seconds=limit)
        if epochs and simulation.epoch == self.stop_epoch:
            self.playing = False
            simulation.note = say("reached_epoch", epoch=simulation.epoch)
        if simulation.problem:
            self.playing = False
        self._follow()

    def _train_to_cost(self, epochs, seconds):
        simulation, until = self.simulation, perf_counter() + seconds
        while epochs > 0 and not simulation.problem and perf_counter() < until:
            simulation.train(epochs=1)
            epochs -= 1
            if simulation.measure().cost <= self.stop_cost:
                self.playing = False
                cost = f"{self.stop_cost:g}"
                simulation.note = say("reached_cost", epoch=simulation.epoch, cost=cost)
                break

    @traitlets.observe("playing")
    def _stop_or_start(self, change):
        self._due = 0.0
        if change.new and getattr(self, "simulation", None) and self.simulation.problem:
            self.playing = False

    # -- pictures --------------------------------------------------------------------------------

    def moment(self) -> Moment:
        """Return the Moment that is shown: now, or one of the history."""
        return self.simulation.measure() if self._past is None else self.history[self._past]

    def picture(self, full):
        simulation, moment = self.simulation, self.moment()
        with np.errstate(all="ignore"):
            content, buffers = self._frame.draw(simulation, moment, self._neuron, full)
        content |= {
            "past": self._past,
            "note": simulation.note,
            "can_undo": simulation.can_undo,
            "line": self.line,
            "lesson": self._lesson,
            "walk": None,
        }
        if self._sample is not None:
            content["walk"] = self._frame.walk(simulation, moment, self._sample, self._step)
        if self._sweep_on:
            content |= self._draw_sweep()
        if full:
            content["thumbnails"] = [[name, name_of(name), thumbnails()[name]] for name in DATASETS]
            content["presets"] = [preset["name"] for preset in load()["presets"]]
            content["scene"]["features"] = [[name, name_of(name)] for name in FEATURES]
        return Picture(content, buffers)

    def words(self):
        simulation, moment = self.simulation, self.moment()
        walked = None
        if self._sample is not None:
            walked = self._frame.walk(simulation, moment, self._sample, self._step)["words"]
        facts = self._draw_sweep(compute=False)["sweep"]["facts"] if self._sweep_on else ""
        return describe(simulation, moment, self._past is not None, self.playing, walked, facts)

    def alert(self):
        problem = self.simulation.problem or ""
        return f"{problem} {say('rerun')}" if problem.startswith("Your ") else problem

    def still(self):
        from nnlib.live.render import stills

        return stills.playground(self.simulation, self.moment(), self._frame)

    def _draw_sweep(self, compute=True):
        """Return the sweep so far; each call computes a little more."""
        simulation = self.simulation
        key = replace(self.settings, learning_rate=1.0, show_test=False, discretize=False)
        if self._sweep_key is None or self._sweep_key != (key, id(simulation.X)):
            self._sweep_key = key, id(simulation.X)
            self._sweeps = {
                name: Sweep(other, simulation.X, simulation.y, epochs=SWEEP_EPOCHS)
                for name, other in _neighbours(self.settings).items()
            }
        computing = next((sweep for sweep in self._sweeps.values() if not sweep.done), None)
        if computing and compute:
            computing.advance(SWEEP_SECONDS)
        return {
            "sweep": self._frame.sweep(self._sweeps, self._sweep_epoch),
            "more": any(not sweep.done for sweep in self._sweeps.values()),
        }


def _neighbours(settings):
    """Return {name: settings}: these, and the same with other first hidden layers."""
    first, *rest = settings.hidden or (0,)
    others = [(n, *rest) for n in SWEEP_NEURONS if n != first] if settings.hidden else []
    return {
        "–".join(map(str, hidden)) or say("none"): with_value(settings, "hidden", hidden)
        for hidden in (settings.hidden, *others)
    }
