"""What the playground shows: a simulation, seen from where the learner looks. No widgets."""

import math
from dataclasses import dataclass, fields, replace
from html import escape

import numpy as np

from nnlib import colours
from nnlib.live import samples, svg
from nnlib.live.model import Simulation, Sweep, neurons, weights
from nnlib.live.settings import PUZZLES, Settings

SETTINGS = {field.name for field in fields(Settings)}
SWEEP_EPOCHS = 500
SWEEP_NEURONS = (1, 2, 8)  # in the first hidden layer, beside the playground's own number
MENDED = " After a change to your function, run its cell and this one again."
SWEEP_BUDGET = 0.015  # seconds of a frame


@dataclass
class View:
    """Where the learner looks. None: nowhere in particular."""

    neuron: tuple | None = None  # (layer from 0, neuron) whose surface is shown large
    weight: tuple | None = None  # (layer, row, column) of W, or row −1 of b
    sample: int = 0  # number of a training sample from 1; 0 none
    step: int = 0  # how far that sample has walked forward, then back
    past: int = 100  # per cent of the history; 100 is now
    sweep: bool = False
    sweep_epoch: int = SWEEP_EPOCHS
    words: bool = False  # every weight in the text too


class PlaygroundScene:
    """Simulation and View, as the Stage wants them: `apply`, `advance`, `draw`, `still`."""

    def __init__(self, simulation: Simulation):
        self.simulation, self.view = simulation, View()
        self.playing, self._steps = False, 0
        self._cache, self._sweeps = {}, {}

    def apply(self, name, value):
        """One change: a setting, a part of the view, "steps" (so far), "restart" and such."""
        simulation, view = self.simulation, self.view
        if name in SETTINGS:
            simulation.change(**{name: value})
        elif name == "steps":
            view.past = 100
            simulation.train(epochs=value - self._steps)
            self._steps = value
        elif name == "restart":
            simulation.restart()
        elif name == "weight_value":
            simulation.set_weight(*value)
        elif name != "more":  # that asks only for another frame
            setattr(view, name, value)
        self._look_at_what_is_there()

    @property
    def line(self):
        """The line of Python that makes this playground again."""
        return self.simulation.settings.line(**self.simulation.own.names())

    def advance(self, seconds):
        """Train for about so many seconds, in the present."""
        self.view.past = 100
        self.simulation.train(seconds=seconds)

    def _look_at_what_is_there(self):
        view, sizes = self.view, self.simulation.network.sizes
        if view.neuron and view.neuron not in neurons(sizes):
            view.neuron = None
        if view.weight and view.weight not in weights(sizes):
            view.weight = None
        view.sample = min(view.sample, len(self.simulation.X))
        view.step = min(view.step, 2 * len(sizes) - 2)

    # -- drawing ---------------------------------------------------------------------------------

    def draw(self):
        """The picture as HTML with SVGs in it, and the line of text that says the same."""
        view, moment = self.view, self.moment()
        values, walked = self._walk(moment) if view.sample else (None, "")
        large, title = self.surfaces(moment)
        text = self._text(moment, walked)
        sweep, swept = self._sweep() if view.sweep else ("", "")
        left = self._network(moment, large, values) + sweep
        right = self._result(moment, large, title) + self._costs(moment)
        parts = [
            _alert(self._problem),
            f'<div style="flex:1 1 330px;min-width:min(300px,100%);max-width:620px">{left}</div>'
            f'<div style="flex:0 1 264px;min-width:220px">{right}</div>',
        ]
        html = '<div style="display:flex;flex-wrap:wrap;gap:4px 16px;line-height:1.35">'
        return html + "".join(parts) + "</div>", " ".join(filter(None, (text, swept)))

    def moment(self):
        """The Moment that is shown: now, or one of the history."""
        history = self.simulation.history
        if self.view.past >= 100 or not history:
            return self.simulation.measure()
        return history[round(self.view.past / 100 * (len(history) - 1))]

    def surfaces(self, moment):
        """What every neuron says on the grid of places, and the name of the one shown large."""
        inputs = self._grid()
        with np.errstate(all="ignore"):
            trace = self.simulation.see(inputs, moment)
        surfaces = [trace.a[k].reshape(svg.SIDE, svg.SIDE, -1) for k in range(1, len(trace.a) + 1)]
        layer, neuron = self.view.neuron or (len(surfaces) - 1, 0)
        if not (layer < len(surfaces) and neuron < surfaces[layer].shape[-1]):  # an earlier network
            layer, neuron = len(surfaces) - 1, 0
        self._shown = layer, neuron
        title = (
            "Output ŷ"
            if layer == len(surfaces) - 1
            else f"Neuron {neuron + 1} of layer {layer + 1}"
        )
        return surfaces, title

    def _grid(self):
        """The inputs (60·60, n1) at places all over the square; the first row is the top."""
        settings = self.simulation.settings
        key = settings.data, settings.features
        if self._cache.get("grid key") != key:
            low, high = PUZZLES[settings.data].reach
            x = np.linspace(low, high, svg.SIDE)
            places = np.stack(np.meshgrid(x, x[::-1]), axis=-1).reshape(-1, 2)
            self._cache |= {"grid key": key, "grid": settings.inputs(places)}
        return self._cache["grid"]

    def limits(self, moment, layer, values):
        """What is orange and what is blue: 0 and 1 of a sigmoid, else ± the largest."""
        network = moment.network
        kind = network.output if layer == len(network.sizes) - 1 else network.hidden
        if layer and kind == "sigmoid":
            return 0.0, 1.0
        if layer and (kind == "tanh" or layer == len(network.sizes) - 1):
            return -1.0, 1.0
        largest = float(np.abs(values).max())
        if not 0 < largest < math.inf:
            largest = 1.0
        return -largest, largest

    def _network(self, moment, surfaces, values):
        step = svg.SIDE // svg.SMALL
        small = [
            (k, neuron)
            for k, layer in enumerate(surfaces)
            for neuron in np.moveaxis(layer[1::step, 1::step], -1, 0)
        ]
        low, high = np.transpose([self.limits(moment, k, neuron) for k, neuron in small])
        image = svg.surface(np.stack([neuron for _, neuron in small]), low, high)
        names = [pretty(name) for name in self.simulation.settings.features]
        weight = self.view.weight
        return svg.network(
            moment.parameters, image, names, title="The network",
            description=described(moment), focus=self._shown,
            chosen=weight if weight and weight[1] >= 0 else None, values=values,
        )  # fmt: skip

    def _result(self, moment, surfaces, title):
        settings, simulation = self.simulation.settings, self.simulation
        layer, neuron = self._shown
        values = surfaces[layer][..., neuron]
        low, high = self.limits(moment, layer, values)
        if settings.discretize:
            values = np.where(values > (low + high) / 2, high, low)
        chosen = self.view.sample
        return svg.result(
            svg.surface(values, low, high), self.samples[0], PUZZLES[settings.data].reach,
            title=title, ring=simulation.X_raw[chosen - 1] if chosen else None,
            range_text=(svg.number(low), svg.number(high)),
            description=f"What it says at every place, with {len(simulation.X)} training samples"
            + f" and {len(simulation.X_test)} test samples (hollow)" * settings.show_test + ".",
        )  # fmt: skip

    @property
    def samples(self):
        """(name, CSS) of the samples' picture; the same until the data change."""
        simulation, settings = self.simulation, self.simulation.settings
        key = id(simulation.X_raw), settings.show_test
        if self._cache.get("samples key") != key:
            threshold = 0.5 if settings.problem == "classification" else 0.0
            groups = [(simulation.X_raw, simulation.y, False)]
            if settings.show_test:
                groups.append((simulation.X_test_raw, simulation.y_test, True))
            shown = [(X, y[:, 0] > threshold, hollow) for X, y, hollow in groups]
            rule = samples.rule(shown, PUZZLES[settings.data].reach)
            self._cache |= {"samples key": key, "samples": rule, "kept": simulation.X_raw}
        return self._cache["samples"]

    def _costs(self, moment):
        simulation = self.simulation
        history = simulation.history
        if self.view.past >= 100 and moment.epoch > history[-1].epoch:
            history = [*history, moment]
        epochs, costs, test_costs = zip(*(past[:3] for past in history))
        viewed = moment.epoch if self.view.past < 100 else None
        return svg.cost_curve(epochs, costs, test_costs, simulation.marks, viewed=viewed)

    # -- the sweep -------------------------------------------------------------------------------

    @property
    def busy(self):
        """Whether a sweep is still being computed, so that another frame is wanted."""
        return self.view.sweep and any(not sweep.done for sweep in self._sweeps.values())

    def _sweep(self):
        """The picture and the text of the sweep so far; each call computes a little more."""
        simulation, settings = self.simulation, self.simulation.settings
        same = replace(settings, learning_rate=1.0, show_test=False, discretize=False)
        key = repr(same), id(simulation.X)
        if self._cache.get("sweep key") != key:
            self._cache["sweep key"] = key
            self._sweeps = {
                _hidden_name(other.hidden): Sweep(
                    other, simulation.X, simulation.y, epochs=SWEEP_EPOCHS
                )
                for other in _neighbours(settings)
            }
        computing = next((s for s in self._sweeps.values() if not s.done), None)
        if computing:
            computing.advance(SWEEP_BUDGET)
        own = next(iter(self._sweeps.values()))
        epoch = min(self.view.sweep_epoch, own.epoch)
        runs = {name: s.costs[epoch] for name, s in self._sweeps.items() if s.epoch >= epoch}
        picture, facts = svg.sweep_curve(own.rates, runs, epoch, settings.learning_rate)
        return picture, f"Sweep after {epoch} full-batch epochs: {facts}."

    # -- one sample ------------------------------------------------------------------------------

    def _walk(self, moment):
        """The numbers of one sample known after `view.step` steps, forward and then back."""
        simulation, row = self.simulation, slice(self.view.sample - 1, self.view.sample)
        with np.errstate(all="ignore"):
            trace = simulation.see(simulation.X[row], moment)
            gradients = simulation.slopes(trace, simulation.y[row], moment)
        last = len(trace.a) - 1
        step = min(self.view.step, 2 * last)  # an earlier network may have been shallower
        nodes = {(0, i): [svg.number(x)] for i, x in enumerate(trace.a[1][0])}
        for k in range(1, min(step, last) + 1):
            for i, (z, a) in enumerate(zip(trace.z[k + 1][0], trace.a[k + 1][0])):
                nodes[k, i] = [f"z {svg.number(z)}", f"a {svg.number(a)}"]
        slopes = {}
        for k in range(last, max(2 * last - step, 0), -1):
            slopes[k - 1] = gradients[k - 1].dW
            for i, dz in enumerate(gradients[k - 1].db[0]):  # for one sample db is dz
                nodes[k, i].append(f"∂z {svg.number(dz)}")
        y, y_hat = simulation.y[row][0, 0], trace.y_hat[0, 0]
        heading = f"Sample {self.view.sample}: y = {svg.number(y)}"
        heading += f", ŷ = {svg.number(y_hat)}. " if step >= last else ". "
        return {"nodes": nodes, "dW": slopes}, heading + _step_said(step, last, trace, gradients)

    # -- words -----------------------------------------------------------------------------------

    def _text(self, moment, walked):
        simulation = self.simulation
        parts = [f"Epoch {moment.epoch:,}.", f"Training cost {svg.number(moment.cost)}"]
        if math.isfinite(moment.test_cost):
            parts[-1] += f", test cost {svg.number(moment.test_cost)}"
        parts[-1] += "."
        if math.isfinite(moment.accuracy):
            parts.append(f"Accuracy {moment.accuracy:.1f} % training")
            if math.isfinite(moment.test_accuracy):
                parts[-1] += f", {moment.test_accuracy:.1f} % test"
            parts[-1] += "."
        parts.append(self._state(moment))
        parts += [simulation.comparison, simulation.note, walked]
        if self.view.words:
            parts += [described(moment), f"Shown large: {self._shown_name()}."]
        return " ".join(filter(None, parts))

    def _shown_name(self):
        layer, neuron = self._shown
        return f"neuron {neuron + 1} of layer {layer + 1}"

    @property
    def _problem(self):
        """Why training cannot go on, and how a learner's function is mended; "" if it can."""
        problem = self.simulation.problem or ""
        return problem + MENDED * problem.startswith("Your ")

    def _state(self, moment):
        simulation = self.simulation
        if simulation.problem:
            return f"Stopped. {self._problem}"
        if self.view.past < 100:
            return f"A look back; now is epoch {simulation.epoch:,}."
        state = "Playing." if self.playing else "Paused." if simulation.epoch else "Ready."
        if moment.epoch and moment.cost > 1.02 * simulation.history[0].cost:
            state += " The cost is above where it started: a smaller learning rate may help."
        return state

    def still(self):
        """The same picture as PNG, drawn by matplotlib."""
        from nnlib.live import stills

        return stills.png(self)


def pretty(feature):
    """The name of a feature as mathematics has it: x1² for x1**2."""
    return feature.replace("**2", "²").replace("*", "·")


def described(moment):
    """Every weight and bias in words."""
    layers = []
    for k, (W, b) in enumerate(moment.parameters, start=1):
        rows = "; ".join(" ".join(svg.number(w) for w in row) for row in W.tolist())
        layers.append(f"W{k} [{rows}], b{k} [{' '.join(svg.number(v) for v in b[0])}]")
    sizes = "–".join(map(str, moment.network.sizes))
    return f"A {sizes} network after {moment.epoch:,} epochs: {', '.join(layers)}."


def _step_said(step, last, trace, gradients):
    """What the last step computed."""
    listed = lambda values: " ".join(svg.number(v) for v in values)  # noqa: E731
    if step == 0:
        return f"At the inputs: {listed(trace.a[1][0])}."
    if step <= last:
        k = step + 1
        return (
            f"Step {step} of {2 * last}, forward: z{k} = {listed(trace.z[k][0])}, "
            f"{'y_hat' if step == last else f'a{k}'} = {listed(trace.a[k][0])}."
        )
    k = 2 * last - step + 1
    return (
        f"Step {step} of {2 * last}, back: dz{k + 1} = db{k} = {listed(gradients[k - 1].db[0])}, "
        f"dW{k} = {listed(gradients[k - 1].dW.ravel())}."
    )


def _alert(text):
    if not text:
        return ""
    return (
        f'<div role="alert" style="flex:1 1 100%;border-left:4px solid {colours.ACCENT};'
        f'padding:2px 8px;margin:4px 0;overflow-wrap:anywhere">{escape(text)}</div>'
    )


def _hidden_name(hidden):
    return "hidden " + ("–".join(map(str, hidden)) or "none")


def _neighbours(settings):
    """The settings, then the same with other numbers of neurons in the first hidden layer."""
    first, *rest = settings.hidden or (0,)
    others = [n for n in SWEEP_NEURONS if n != first] if settings.hidden else []
    return [settings, *(replace(settings, hidden=(n, *rest)) for n in others)]
