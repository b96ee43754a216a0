"""The playground's controls. A control only says what is wanted; the scene does it at a frame."""

from dataclasses import fields
from functools import partial
from html import escape

import ipywidgets as widgets

from nnlib import _validation
from nnlib.live.model import neurons, weights
from nnlib.live.scene import SETTINGS, SWEEP_EPOCHS, View, pretty
from nnlib.live.settings import CHOICES, FEATURES, MOST_LAYERS, MOST_NEURONS, PUZZLES
from nnlib.live.sliders import STYLE, Slider, show_tooltip

# A neuron under the pointer is enlarged. A small button shows its sign and is called by its words.
STYLE += (
    ".nnlib-node:hover{transform:scale(2.4)}"
    ".nnlib-node:hover+.nnlib-node{opacity:0}"  # the next one in its layer would cover it
    ".nnlib-playground .widget-checkbox{min-width:0}"
    ".nnlib-playground [role=status]{line-height:1.45}"
    ".nnlib-playground .nnlib-fewer,.nnlib-playground .nnlib-more{width:28px;padding:0;font-size:0}"
    ".nnlib-fewer::before,.nnlib-more::before{font-size:15px;font-weight:600}"
    ".nnlib-fewer::before{content:'−'}.nnlib-more::before{content:'+'}"
    ".nnlib-count .widget-button{margin:2px 5px}"
    ".nnlib-count{align-items:center;margin:2px 8px 2px 0;padding:0 2px 0 8px;border-radius:4px;"
    "border:1px solid var(--jp-border-color2,#d0d0d6)}"
)
NAMES = {
    "squared_error": "squared error",
    "cross_entropy": "cross-entropy",
    "xor": "XOR",
    "relu": "ReLU",
    "adam": "Adam",
    "l1": "L1",
    "l2": "L2",
}
AGAIN = " (starts again)"
TOOLTIPS = {
    "run_step": "Train for one epoch",
    "restart": "Back to epoch 0, with the first weights",
    "learning_rate": "How far each step goes; takes effect at once",
    "activation": "The function of the hidden neurons" + AGAIN,
    "optimizer": "How a gradient becomes a step",
    "cost": "The cost of a classification" + AGAIN,
    "regularization": "Regularisation: what keeps the weights small",
    "regularization_rate": "How much the penalty counts",
    "problem": "Tell classes apart, or predict a number" + AGAIN,
    "data": "What is to be learnt" + AGAIN,
    "samples": "How many samples, training and test" + AGAIN,
    "noise": "Scatter of the samples, as a share of the radius" + AGAIN,
    "test_share": "Share of the samples that is kept for the test" + AGAIN,
    "batch_size": "Training samples in one update",
    "seed": "Another number gives other samples and other first weights" + AGAIN,
    "show_test": "Draw the test samples too, hollow",
    "discretize": "Show only the side on which the output lies",
    "neuron": "The neuron whose own surface is shown large",
    "words": "Add every weight and bias to the line of text under the picture",
    "sample": "A training sample whose numbers are shown; 0 is none",
    "step": "Walk the sample forward through the layers, then back",
    "weight": "A weight or bias that you want to change",
    "weight_value": "The value of the chosen weight",
    "past": "Look back: 0 is the start, 100 is now",
    "sweep": "Train 64 networks at once, full batch, each with its own learning rate",
    "sweep_epoch": "The number of epochs after which the sweep is read",
    "line": "Copy it: the same line gives the same numbers",
}
LEFT = "188px"
ALL = 0  # stands for the batch size None, which a Dropdown cannot hold
NOTHING = "nothing"  # and for the neuron or weight None


class Controls:
    """All widgets of a playground by name; `want(name, value)` goes to the Stage once connected."""

    def __init__(self, scene):
        self._scene, self._stage = scene, None
        self._steps, self._shapes = 0, None
        self._samples = widgets.HTML(layout={"display": "none"})
        self.by_name = {**self._training(), **self._data(), **self._closer()}
        self.depth = self._count("One hidden layer {}", self._change_layers)
        self.layers = [
            self._count(
                f"One neuron {{}} in hidden layer {k + 1}", partial(self._change_neurons, k)
            )
            for k in range(MOST_LAYERS)
        ]
        self.features = [
            widgets.Checkbox(name in scene.simulation.settings.features, description=pretty(name),
                             tooltip=f"Give {pretty(name)} to the network (starts again)",
                             indent=False, layout={"width": "84px"})
            for name in FEATURES
        ]  # fmt: skip
        for widget in [*self.by_name.values(), *self.features]:
            show_tooltip(widget)
        self.follow(settings_too=True)

    def connect(self, stage):
        """From now on each control asks the stage."""
        self._stage = stage
        for name, widget in self.by_name.items():
            if name in SETTINGS or name in ("neuron", "sample", "step", "past", "sweep",
                                            "sweep_epoch", "words"):  # fmt: skip
                widget.observe(partial(self._wanted, name), "value")
        for box in self.features:
            box.observe(self._want_features, "value")
        self.by_name["problem"].observe(self._choose_problem, "value")
        self.by_name["weight"].observe(self._choose_weight, "value")
        self.by_name["weight_value"].observe(self._want_weight, "value")

    def want(self, name, value):
        """Ask the stage for a change at its next frame."""
        if self._stage:
            self._stage.want(name, value)

    @property
    def playing(self):
        """Whether the stage plays now."""
        return bool(self._stage and self._stage.playing)

    # -- making ----------------------------------------------------------------------------------

    def _training(self):
        s = self._scene.simulation.settings
        return {
            "run_step": self._button("Step", TOOLTIPS["run_step"], self._press_step),
            "restart": self._button("Reset", TOOLTIPS["restart"], self._press_reset),
            "learning_rate": Slider(
                s.learning_rate, 1e-4, 10**1.5, step=0.05, description="Learning rate",
                tooltip=TOOLTIPS["learning_rate"], width="330px", logarithmic=True,
            ),
            "activation": _choice("activation", s, "Activation"),
            "optimizer": _choice("optimizer", s, "Optimizer"),
            "cost": _choice("cost", s, "Cost"),
            "regularization": _choice("regularization", s, "Regularisation"),
            "regularization_rate": widgets.BoundedFloatText(
                s.regularization_rate, min=0, max=100, step=0.001,
                description="Regularisation rate",
                **_look("regularization_rate", "205px", "initial"),
            ),
        }  # fmt: skip

    def _data(self):
        s = self._scene.simulation.settings
        sizes = [("all", ALL), *((str(n), n) for n in sorted({1, 10, 30, 100, s.batch_size or 1}))]
        return {
            "problem": widgets.Dropdown(
                options=("classification", "regression"), value=s.problem, description="Problem",
                **_look("problem"),
            ),
            "data": widgets.Dropdown(
                options=_puzzles(s.problem), value=s.data, description="Data", **_look("data")
            ),
            "samples": _whole("samples", "Samples", s.samples, 4, max(2000, s.samples), step=50),
            "noise": _number("noise", "Noise", s.noise, 0, max(1, s.noise), 0.05),
            "test_share": _number("test_share", "Test share", s.test_share,
                                  min(0.05, s.test_share), max(0.95, s.test_share), 0.05),
            "batch_size": widgets.Dropdown(
                options=sizes, value=s.batch_size or ALL, description="Batch size",
                **_look("batch_size"),
            ),
            "seed": _whole("seed", "Seed", s.seed, 0, max(10**6, s.seed)),
            "show_test": _tick("show_test", "Show test data", s.show_test),
            "discretize": _tick("discretize", "Discretise output", s.discretize),
        }  # fmt: skip

    def _closer(self):
        wide = "260px"
        return {
            "neuron": widgets.Dropdown(
                options=[("output", NOTHING)], description="Neuron", **_look("neuron", wide)
            ),
            "words": _tick("words", "All weights in words", False, wide),
            "sample": _whole("sample", "Sample", 0, 0, 1, width=wide),
            "step": _whole("step", "Its step", 0, 0, 4, width=wide),
            "weight": widgets.Dropdown(
                options=[("none", NOTHING)], description="Weight", **_look("weight", wide)
            ),
            "weight_value": _number("weight_value", "Its value", 0.0, -100, 100, 0.1, width=wide),
            "past": Slider(100, 0, 100, step=1, description="History, %",
                           tooltip=TOOLTIPS["past"], width=wide),
            "sweep": _tick("sweep", "Sweep of 64 learning rates", False, wide),
            "sweep_epoch": Slider(SWEEP_EPOCHS, 1, SWEEP_EPOCHS, step=1, description="Epochs",
                                  tooltip=TOOLTIPS["sweep_epoch"], width=wide),
            "line": widgets.Text(
                "", description="This line", **_look("line", "calc(100% - 4px)")
            ),
        }  # fmt: skip

    def _button(self, description, tooltip, action):
        button = widgets.Button(description=description, tooltip=tooltip, layout={"width": "auto"})
        button.on_click(lambda _: action())
        return button

    def _count(self, tooltip, change):
        """A box: what is counted, then the number between two buttons for one less and one more."""
        buttons = []
        for word, by in ("fewer", -1), ("more", 1):
            words = tooltip.format(word)
            buttons.append(self._button(words, words, partial(change, by)))
            buttons[-1].add_class(f"nnlib-{word}")
        minus, plus = buttons
        box = widgets.HBox([widgets.Label(), minus, widgets.Label(), plus])
        return box.add_class("nnlib-count")

    def lay_out(self, stage):
        """All of it: training on top, data left, the network and its result, then a closer look."""
        get, wrap = self.by_name.get, {"flex_flow": "row wrap", "align_items": "center"}
        names = ("run_step", "restart", "learning_rate", "activation", "optimizer", "cost",
                 "regularization", "regularization_rate")  # fmt: skip
        top = widgets.HBox([stage.controls, *map(get, names)], layout=wrap | {"grid_gap": "0 12px"})
        data = ("problem", "data", "samples", "noise", "test_share", "batch_size", "seed")
        ticks = [widgets.HBox(boxes, layout={"flex_flow": "row wrap"})
                 for boxes in (self.features, [get("show_test"), get("discretize")])]  # fmt: skip
        ticks = widgets.VBox([_heading("Features"), *ticks], layout={"flex": "1 1 188px"})
        left = [*map(get, data), ticks]
        counts = widgets.HBox([self.depth, *self.layers], layout=wrap)
        middle = [counts, stage.picture, stage.readout]
        rows = (("neuron", "words"), ("sample", "step"), ("weight", "weight_value"),
                ("past",), ("sweep", "sweep_epoch"))  # fmt: skip
        wide = {"margin": "0 8px 6px 0", "width": "268px"}
        closer = [widgets.VBox([*map(get, row)], layout=wide) for row in rows]
        body = [
            widgets.HBox(left, layout={"flex": "1 1 194px", "flex_flow": "row wrap",
                                       "align_content": "flex-start", "margin": "0 8px 0 0",
                                       "grid_gap": "0 10px"}),
            widgets.VBox(middle, layout={"flex": "1000 1 460px", "min_width": "0"}),
        ]  # fmt: skip
        rest = [widgets.HBox(boxes, layout={"flex_flow": "row wrap"}) for boxes in (body, closer)]
        rest.insert(1, _heading("A closer look"))
        style = widgets.HTML(f"<style>{STYLE}</style>", layout={"display": "none"})
        children = [style, self._samples, top, *rest, get("line")]
        return widgets.VBox(children).add_class("nnlib-playground")

    def show_samples(self, css):
        """Give the page the rule of CSS that the picture's samples need."""
        self._samples.value = f"<style>{css}</style>"

    # -- what a control asks for -----------------------------------------------------------------

    def _wanted(self, name, change):
        value = change.new
        if value == NOTHING or (name == "batch_size" and value == ALL):
            value = None
        self.want(name, value)

    def _press_reset(self):
        self.by_name["past"].value = 100
        self.want("restart", True)

    def _press_step(self):
        self.by_name["past"].value = 100
        self._steps += 1
        self.want("steps", self._steps)

    def _change_layers(self, by):
        hidden = self._hidden
        longer = (*hidden, hidden[-1] if hidden else 4)
        self._want_hidden(longer if by > 0 else hidden[:-1])

    def _change_neurons(self, k, by):
        hidden = list(self._hidden)
        if k < len(hidden):  # else the layer is gone, and its buttons will be
            hidden[k] = min(max(hidden[k] + by, 1), MOST_NEURONS)
            self._want_hidden(tuple(hidden))

    def _want_hidden(self, hidden):
        self._hidden = hidden[:MOST_LAYERS]
        self.want("hidden", self._hidden)

    def _want_features(self, change):
        self.want("features", tuple(n for n, box in zip(FEATURES, self.features) if box.value))

    def _choose_problem(self, change):
        data = self.by_name["data"]
        if PUZZLES[data.value].problem != change.new:
            data.options = _puzzles(change.new)  # the first is chosen, and wanted

    def _choose_weight(self, change):
        self.follow_weight()
        self._wanted("weight", change)

    def _want_weight(self, change):
        chosen = self.by_name["weight"].value
        if chosen != NOTHING and change.new != self._weight(chosen):
            self.want("weight_value", (*chosen, change.new))

    def _weight(self, place):
        layer, row, column = place
        W, b = self._scene.simulation.parameters[layer]
        value = float(b[0, column] if row < 0 else W[row, column])
        slider = self.by_name["weight_value"]
        return round(min(max(value, slider.min), slider.max), 4)

    # -- following what happened -----------------------------------------------------------------

    def follow(self, *, settings_too=False):
        """Bring what depends on the network up to date; with `settings_too` every control."""
        simulation = self._scene.simulation
        settings = simulation.settings
        self.by_name["line"].value = self._scene.line
        if settings_too:
            self._hidden = settings.hidden
            self._follow_settings(settings)
        shapes = simulation.network.sizes, len(simulation.X), settings.features
        if shapes != self._shapes:
            self._shapes = shapes
            self._follow_shapes(*shapes)
        self._switch_off(settings)

    def _switch_off(self, settings):
        """What would change nothing now is not to be used."""
        get, houses = self.by_name.get, settings.data == "houses"
        off = dict.fromkeys(("samples", "noise", "test_share", "show_test"), houses)
        off["cost"] = settings.problem == "regression"
        off["step"] = get("sample").value == 0
        off["weight_value"] = get("weight").value == NOTHING
        for name, nothing in off.items():
            get(name).disabled = nothing

    def follow_weight(self):
        """Bring the field of the chosen weight up to date."""
        chosen = self.by_name["weight"].value
        if chosen != NOTHING:
            self.by_name["weight_value"].value = self._weight(chosen)

    def _follow_settings(self, settings):
        get = self.by_name.get
        get("problem").value = settings.problem
        get("data").options = _puzzles(settings.problem)
        for name in SETTINGS & set(self.by_name):
            widget, value = get(name), getattr(settings, name)
            if name == "batch_size":
                value = value or ALL
                if value not in [size for _, size in widget.options]:
                    widget.options = [*widget.options, (str(value), value)]
            if widget.value != value:
                widget.value = value
        for name, box in zip(FEATURES, self.features):
            box.value = name in settings.features

    def _follow_shapes(self, sizes, samples, features):
        hidden = sizes[1:-1]
        get = self.by_name.get
        _show_count(self.depth, "Hidden layers", len(hidden), 0, MOST_LAYERS)
        for k, box in enumerate(self.layers):
            box.layout.display = "flex" if k < len(hidden) else "none"
            if k < len(hidden):
                unit = "neuron" if hidden[k] == 1 else "neurons"
                _show_count(box, f"hidden {k + 1}", hidden[k], 1, MOST_NEURONS, unit)
        get("sample").max, get("step").max = samples, 2 * len(sizes) - 2
        inputs = [pretty(name) for name in features]
        _renew(get("neuron"), [("output", NOTHING), *(
            (inputs[i] if k == 0 else f"layer {k + 1}, neuron {i + 1}", (k, i))
            for k, i in neurons(sizes) if k < len(sizes) - 1)])  # fmt: skip
        _renew(get("weight"), [("none", NOTHING), *(
            (f"W{k + 1}[{i}, {j}]" if i >= 0 else f"b{k + 1}[0, {j}]", (k, i, j))
            for k, i, j in weights(sizes))])  # fmt: skip

    def look(self, view):
        """Set these parts of the scene's View, and their controls."""
        parts = [field.name for field in fields(View)]
        for name, value in view.items():
            _validation.as_choice(name, parts, "each part of the view")
            self.by_name[name].value = NOTHING if value is None else value

    def after_training(self):
        """Training happens now, so the look back ends; where it cannot go on, play stops."""
        if self.by_name["past"].value != 100:
            self.by_name["past"].value = 100
        if self._scene.simulation.problem:
            self._stage.stop()


def _show_count(box, name, count, least, most, unit=""):
    """Show a box of `_count`; its buttons end where the count does."""
    title, minus, label, plus = box.children
    title.value, label.value = name, f"{count} {unit}".strip()
    minus.disabled, plus.disabled = count == least, count == most


def _renew(dropdown, options):
    """New options; the chosen one stays where it can."""
    chosen = dropdown.value
    dropdown.options = options
    if chosen in [value for _, value in options]:
        dropdown.value = chosen


def _puzzles(problem):
    return [(NAMES.get(name, name), name) for name, p in PUZZLES.items() if p.problem == problem]


def _look(name, width=LEFT, description_width="74px"):
    return {
        "tooltip": TOOLTIPS[name],
        "layout": {"width": width},
        "style": {"description_width": description_width},
    }


def _choice(name, settings, description):
    options = [(NAMES.get(value, value), value) for value in CHOICES[name]]
    value = getattr(settings, name)
    look = _look(name, "auto", "initial")
    return widgets.Dropdown(options=options, value=value, description=description, **look)


def _whole(name, description, value, least, most, *, step=1, width=LEFT):
    return widgets.BoundedIntText(
        value, min=least, max=most, step=step, description=description, **_look(name, width)
    )


def _number(name, description, value, least, most, step, *, width=LEFT):
    return widgets.BoundedFloatText(
        value, min=least, max=most, step=step, description=description, **_look(name, width)
    )


def _tick(name, description, value, width=LEFT):
    return widgets.Checkbox(
        value,
        description=description,
        indent=False,
        tooltip=TOOLTIPS[name],
        layout={"width": width},
    )


def _heading(text):
    return widgets.HTML(f"<b>{escape(text)}</b>", layout={"margin": "0 6px 0 0"})
