"""From a simulation to what the playground's page draws: numbers as JSON, pictures as bytes."""

import math
from functools import cache

import numpy as np

from nnlib.activations import ACTIVATIONS
from nnlib.data import DATASETS
from nnlib.formatting import format_number
from nnlib.live.settings import MAX_CLASSES, Settings
from nnlib.live.texts import name_of, say

SIDE, TILE = 60, 20  # cells across and up: of the large picture, and of each neuron's
STEP = SIDE // TILE
TEST = 128  # added to the label of a test sample
MAX_THUMBNAIL = 60  # points


class Frame:
    """Draws one picture after the other, and remembers what the page has already."""

    def __init__(self):
        self._grid_key = self._grid = None
        self._scene = self._samples = self._history = self._marks = self._kept = None
        self._count = 0

    def draw(self, simulation, moment, neuron, full):
        """Return (content, buffers) of a picture; `neuron` (layer, number) is shown large, or ŷ."""
        if full:
            self._scene = self._samples = self._history = self._marks = self._kept = None
        trace = simulation.safe_forward(self.grid(simulation.settings), moment)
        layers = [trace.a[k] for k in range(1, len(trace.a) + 1)]
        limits = [limits_of(moment.network, k, a) for k, a in enumerate(layers)]
        tiles = [_tiles(a, low, high) for a, (low, high) in zip(layers, limits)]
        parts = {"weights": _flat(moment.parameters), "tiles": np.concatenate(tiles)}
        content = self._surface(parts, simulation.settings, layers, limits, neuron)
        content["tip"] = _point(moment)
        content["accuracy"] = [_number(v) for v in (moment.accuracy, moment.test_accuracy)]
        self._add_scene(content, simulation, moment)
        self._add_samples(parts, simulation)
        self._add_history(content, simulation)
        content["parts"] = list(parts)
        return content, tuple(np.ascontiguousarray(part).tobytes() for part in parts.values())

    def grid(self, settings):
        """Return the inputs (3600, n1) at places all over the square; the first row is the top."""
        key = settings.dataset.reach, settings.features
        if self._grid_key != key:
            x = np.linspace(*settings.dataset.reach, SIDE)
            places = np.stack(np.meshgrid(x, x[::-1]), axis=-1).reshape(-1, 2)
            self._grid_key, self._grid = key, settings.inputs(places)
        return self._grid

    def _surface(self, parts, settings, layers, limits, neuron):
        """Add the large picture to `parts` and return what belongs to it."""
        last = len(layers) - 1
        if neuron and not (neuron[0] < len(layers) and neuron[1] < layers[neuron[0]].shape[1]):
            neuron = None
        classes = layers[-1].shape[1]
        if neuron is None and classes > 1:
            strength = layers[-1].max(axis=1)
            strength = np.ones_like(strength) if settings.discretize else strength
            parts["surface"] = layers[-1].argmax(axis=1).astype(np.uint8)
            parts["strength"] = _bytes(strength, 0.0, 1.0)
            title = {"title": say("output"), "limits": [0, 1]}
            return title | {"shown": None, "sharp": settings.discretize}
        layer, number = neuron or (last, 0)
        values, (low, high) = layers[layer][:, number], limits[layer]
        if settings.discretize:
            values = np.where(values > (low + high) / 2, high, low)
        parts["surface"] = _bytes(values, low, high)
        is_output = layer == last and classes == 1
        title = say("output") if is_output else neuron_name(layer, number, last)
        picture = {"title": title, "limits": [_number(low), _number(high)]}
        return picture | {"shown": list(neuron or (last, 0)), "sharp": settings.discretize}

    def _add_scene(self, content, simulation, moment):
        """Add what rarely changes, if it did."""
        settings = simulation.settings
        scene = {
            "sizes": list(moment.network.sizes),
            "inputs": [name_of(name) for name in settings.features],
            "reach": list(settings.dataset.reach),
            "classes": max(2, simulation.y.shape[1]) * (settings.problem == "classification"),
        }
        scene["grows"] = settings.dataset.fixed and 0 < scene["classes"] < MAX_CLASSES
        if scene != self._scene:
            self._scene = scene
            content["scene"] = dict(scene)

    def _add_samples(self, parts, simulation):
        key = simulation.X_raw, simulation.settings.show_test
        if self._samples and self._samples[0] is key[0] and self._samples[1] == key[1]:
            return
        self._samples = key
        X, labels = [simulation.X_raw], [labels_of(simulation.y, simulation.settings)]
        if simulation.settings.show_test:
            X.insert(0, simulation.X_test_raw)
            labels.insert(0, labels_of(simulation.y_test, simulation.settings) + TEST)
        parts["samples"] = np.concatenate(X).astype(np.float32)
        parts["labels"] = np.concatenate(labels).astype(np.uint8)

    def _add_history(self, content, simulation):
        history = simulation.history
        if history is not self._history or len(history) < self._count:
            self._history, self._count = history, 0
        if self._count < len(history) or not self._count:
            points = [_point(moment) for moment in history[self._count :]]
            content["history"] = {"from": self._count, "points": points}
            self._count = len(history)
        if simulation.marks is not self._marks:
            self._marks = simulation.marks
            content["marks"] = list(simulation.marks)
        if (kept := simulation.kept or ()) is not self._kept:
            self._kept = kept
            content["kept"] = [_point(moment) for moment in kept]

    # -- one sample, and the sweep -------------------------------------------------------------

    def walk(self, simulation, moment, sample, step):
        """Return the numbers of a training sample after `step` steps, forward and then backward."""
        rows = slice(sample, sample + 1)
        with np.errstate(all="ignore"):
            trace = simulation.safe_forward(simulation.X[rows], moment)
            gradients = simulation.safe_backward(trace, simulation.y[rows], moment)
        last = len(trace.a) - 1
        nodes = {f"0,{i}": [format_number(x)] for i, x in enumerate(trace.a[1][0])}
        for k in range(1, min(step, last) + 1):
            for i, (z, a) in enumerate(zip(trace.z[k + 1][0], trace.a[k + 1][0])):
                nodes[f"{k},{i}"] = [f"z {format_number(z)}", f"a {format_number(a)}"]
        slopes, largest = [None] * last, 1e-12
        for k in range(last, max(2 * last - step, 0), -1):
            slopes[k - 1] = np.nan_to_num(gradients[k - 1].dW).tolist()
            largest = max(largest, float(np.nanmax(np.abs(slopes[k - 1]))))
            for i, dz in enumerate(gradients[k - 1].db[0]):  # for one sample db is dz
                nodes[f"{k},{i}"].append(f"∂z {format_number(dz)}")
        walked = {"nodes": nodes, "slopes": slopes, "largest": largest}
        walked["words"] = _walk_words(simulation, sample, step, last, trace, gradients)
        return walked | {"place": simulation.X_raw[sample].tolist()}

    def sweep(self, sweeps, epoch):
        """Return the costs of {name: Sweep} at an epoch, and what they show in words."""
        own = next(iter(sweeps.values()))
        epoch = max(0, min(epoch, own.epoch))
        runs = {name: s.costs[epoch] for name, s in sweeps.items() if s.epoch >= epoch}
        best = {name: int(np.argmin(costs)) for name, costs in runs.items()}
        facts = []
        for name, costs in runs.items():
            lost = int((~np.isfinite(costs)).sum())
            rate, cost = (format_number(values[best[name]]) for values in (own.rates, costs))
            facts.append(say("sweep_fact", hidden=name, cost=cost, rate=rate))
            facts[-1] += f", {say('sweep_diverged', count=lost)}" * bool(lost)
        return {
            "rates": [_number(rate) for rate in own.rates],
            # A list: a page would sort an object whose keys are "4", "1", "2".
            "runs": [[name, [*map(_number, costs)], best[name]] for name, costs in runs.items()],
            "facts": say("sweep_now", epoch=epoch, facts="; ".join(facts)),
        }


def limits_of(network, layer, values):
    """Return what is orange and what is blue in a layer (from 0): its bounds, or ± the largest."""
    last = len(network.sizes) - 1
    if layer:
        activation = ACTIVATIONS[network.output if layer == last else network.hidden]
        if math.isfinite(activation.low) and math.isfinite(activation.high):
            return float(activation.low), float(activation.high)
        if layer == last:
            return -1.0, 1.0
    largest = float(np.abs(values).max())
    largest = largest if 0 < largest < math.inf else 1.0
    return -largest, largest


def labels_of(y, settings):
    """Return the class of each sample (m,); in a regression 0 below the middle and 1 above."""
    if y.shape[1] > 1:
        return y.argmax(axis=1)
    middle = 0.5 if settings.problem == "classification" or settings.dataset.fixed else 0.0
    return (y[:, 0] > middle).astype(int)


def neuron_name(layer, number, last):
    """Return a neuron's name; layers count from 0, the input."""
    if layer == last:
        return say("class_output", number=number)
    return say("neuron", number=number + 1, layer=layer + 1)


@cache
def thumbnails():
    """Return {name: [[x, y, label], …]} of some samples of each data set, x and y in 0 … 100."""
    found = {}
    for name in DATASETS:
        settings = Settings(data=name, samples=2 * MAX_THUMBNAIL, noise=0.05)
        X, _, y, _ = settings.make_data()
        low, high = settings.dataset.reach
        places = np.clip(100 * (X - low) / (high - low), 0, 100).round().astype(int)
        labels = labels_of(y, settings)[:MAX_THUMBNAIL]
        rows = zip(places[:MAX_THUMBNAIL].tolist(), labels.tolist())
        found[name] = [[*place, label] for place, label in rows]
    return found


def _walk_words(simulation, sample, step, last, trace, gradients):
    """Return what the last step of a walk computed."""
    listed = lambda values: " ".join(format_number(v) for v in np.ravel(values))  # noqa: E731
    y, y_hat = listed(simulation.y[sample]), listed(trace.y_hat)
    key = "sample_after" if step >= last else "sample_before"
    heading = say(key, sample=sample + 1, y=y, y_hat=y_hat)
    if step == 0:
        return f"{heading} {say('at_inputs', values=listed(trace.a[1]))}"
    if step <= last:
        k, name = step + 1, "y_hat" if step == last else f"a{step + 1}"
        z, a = listed(trace.z[k]), listed(trace.a[k])
        said = say("step_forward", step=step, last=2 * last, layer=k, z=z, name=name, a=a)
        return f"{heading} {said}"
    k = 2 * last - step + 1
    dW, db = (listed(part) for part in gradients[k - 1])
    said = say("step_backward", step=step, last=2 * last, next=k + 1, layer=k, dz=db, dW=dW)
    return f"{heading} {said}"


def _tiles(activations, low, high):
    """Return the small pictures (n · 400,) of a layer's neurons, one below another, as bytes."""
    small = activations.reshape(SIDE, SIDE, -1)[1::STEP, 1::STEP]
    return np.moveaxis(_bytes(small, low, high), -1, 0).ravel()


def _bytes(values, low, high):
    """Return values as bytes, 0 at `low` and 255 at `high`."""
    values = np.nan_to_num((values - low) * (255 / (high - low)), nan=127.5)
    return np.clip(values + 0.5, 0, 255).astype(np.uint8)


def _flat(parameters):
    """Return all weights and biases in one row: W then b, layer after layer."""
    parts = [part.ravel() for layer in parameters for part in layer]
    return np.nan_to_num(np.concatenate(parts)).astype(np.float32)


def _point(moment):
    return [moment.epoch, _number(moment.cost), _number(moment.test_cost)]


def _number(value):
    """Return a number as JSON has it, with five digits; None if it is not finite."""
    return float(f"{value:.5g}") if math.isfinite(value) else None
