"""The playground's widgets without a browser: set a control, show a frame, read the picture."""

import base64
import ctypes
import gc
import re
from contextlib import suppress
from xml.etree import ElementTree

import ipywidgets as widgets
import numpy as np
import psutil
import pytest
import readme_picture
from ipywidgets.widgets import widget as widget_module
from PIL import Image
from test_live_model import backward, forward
from test_live_svg import pixels

from nnlib import colours, data
from nnlib.live import Playground, driver
from nnlib.live.settings import FEATURES, PUZZLES, Settings
from nnlib.live.sliders import Slider


@pytest.fixture
def playground():
    playground = Playground(samples=40)
    yield playground
    playground.close()


def frame(playground):
    """The picture after the next frame, as XML; asserts what every picture must be."""
    playground._stage.show()
    picture = playground._stage.picture.value
    assert not re.search(r"\bnan\b|\binf\b", re.sub(r"base64,[^\"]*", "", picture))
    root = ElementTree.fromstring(picture)
    for svg in root.iterfind(".//div/{http://www.w3.org/2000/svg}svg"):
        assert svg.get("role") == "img"
        assert svg[0].tag.endswith("title") and svg[0].text
        assert svg[1].tag.endswith("desc") and svg[1].text
    return root


def put(playground, **values):
    """Set controls, show a frame, give the picture."""
    for name, value in values.items():
        playground.controls.by_name[name].value = value
    return frame(playground)


def press(playground, button):
    button.click()
    return frame(playground)


def layer_buttons(playground, k):
    _, minus, _, plus = playground.controls.layers[k].children
    return minus, plus


def depth_buttons(playground):
    _, fewer, _, more = playground.controls.depth.children
    return fewer, more


def images(root):
    return [image.get("href") for image in root.iter("{http://www.w3.org/2000/svg}image")]


def samples_of(playground):
    """The class that the next frame has where the samples are, and the style on the page then."""
    (place,) = frame(playground).iterfind(".//div[@class]")
    styles = [one.value for one in playground.widget.children if isinstance(one, widgets.HTML)]
    return place.get("class"), "".join(styles)


def titles(root):
    return [title.text for title in root.iter("{http://www.w3.org/2000/svg}title")]


# ------------------------------------------------------------- everything of TensorFlow Playground


@pytest.mark.parametrize("name", PUZZLES)
def test_every_data_set_can_be_chosen(playground, name):
    playground.advance(3)
    put(playground, problem=PUZZLES[name].problem)
    put(playground, data=name)
    assert playground.settings.data == name and playground.settings.problem == PUZZLES[name].problem
    if name != "circles":
        assert playground.epoch == 0 and "Started again with data" in playground.text
    playground.advance(5)
    assert playground.text.startswith("Epoch ")


@pytest.mark.parametrize(
    "name, value, restarts",
    [
        ("noise", 0.25, True),
        ("test_share", 0.2, True),
        ("samples", 60, True),
        ("seed", 5, True),
        ("activation", "relu", True),
        ("cost", "cross_entropy", True),
        ("batch_size", 10, False),
        ("learning_rate", 0.3, False),
        ("optimizer", "momentum", False),
        ("optimizer", "adam", False),
        ("regularization", "l1", False),
        ("regularization", "l2", False),
        ("regularization_rate", 0.01, False),
        ("show_test", True, False),
        ("discretize", True, False),
    ],
)
def test_every_setting_has_a_control_that_takes_effect(playground, name, value, restarts):
    playground.advance(5)
    put(playground, **{name: value})
    assert getattr(playground.settings, name) == value
    assert playground.epoch == (0 if restarts else 5)
    assert ("Started again with " in playground.text) == restarts
    playground.advance(2)
    assert playground.simulation.problem is None
    assert playground.controls.by_name["line"].value == playground.line
    assert f"{name}=" in playground.line


def test_features_can_be_ticked_and_the_last_one_stays(playground):
    box = dict(zip(FEATURES, playground.controls.features))
    box["x1*x2"].value = True
    root = frame(playground)
    assert playground.settings.features == ("x1", "x2", "x1*x2")
    assert "x1·x2" in "".join(root.itertext())
    for name in ("x1", "x2", "x1*x2"):
        box[name].value = False
    frame(playground)
    assert "Not changed: features must have at least one name" in playground.text
    assert playground.settings.features == ("x1", "x2", "x1*x2")
    assert box["x1*x2"].value


def test_layers_and_neurons_grow_and_shrink(playground):
    playground.advance(20)
    minus, plus = layer_buttons(playground, 0)
    weights = playground.simulation.parameters[0].W
    plus.click()
    press(playground, plus)  # two presses in one frame count twice
    assert playground.settings.hidden == (6,)
    assert (playground.simulation.parameters[0].W[:, :4] == weights).all()
    assert playground.epoch == 20 and "From epoch 20 on: hidden 6" in playground.text
    press(playground, depth_buttons(playground)[1])
    assert playground.settings.hidden == (6, 6)
    assert playground.controls.layers[1].layout.display == "flex"
    press(playground, depth_buttons(playground)[0])
    press(playground, depth_buttons(playground)[0])
    assert playground.settings.hidden == () and depth_buttons(playground)[0].disabled
    press(playground, depth_buttons(playground)[1])
    for _ in range(6):
        press(playground, minus)
    assert playground.settings.hidden == (1,) and minus.disabled
    playground.set(hidden=(8,) * 6)
    assert depth_buttons(playground)[1].disabled and layer_buttons(playground, 5)[1].disabled
    playground.advance(2)
    assert playground.epoch == 22


def test_play_step_and_reset(playground):
    controls = playground.controls.by_name
    assert "Ready." in playground.text
    controls["run_step"].click()
    press(playground, controls["run_step"])
    assert playground.epoch == 2 and "Paused." in playground.text
    assert "Epoch 2." in playground.text
    first = playground.simulation.history[0].parameters
    press(playground, controls["restart"])
    assert playground.epoch == 0 and "Started again." in playground.text
    assert (playground.simulation.parameters[0].W == first[0].W).all()
    toggle = playground._stage.toggle
    toggle.value = True
    playground._stage.show(0.01)
    assert playground.epoch > 0 and "Playing." in playground._stage.text
    toggle.value = False
    frame(playground)
    assert "Paused." in playground.text


def test_costs_and_accuracy_are_shown_with_their_curve(playground):
    playground.advance(30)
    root = frame(playground)
    described = next(
        d.text for d in root.iter("{http://www.w3.org/2000/svg}desc") if "Over 30" in d.text
    )
    assert f"training {playground.cost:.3g}" in described
    assert f"test {playground.test_cost:.3g}" in described
    assert (
        f"Training cost {playground.cost:.3g}, test cost {playground.test_cost:.3g}."
        in playground.text
    )
    assert f"Accuracy {playground.accuracy:.1f} % training" in playground.text


def test_weights_are_lines_with_width_colour_and_dashes(playground):
    playground.simulation.set_weight(0, 0, 0, 3.0)
    playground.simulation.set_weight(0, 1, 1, -3.0)
    lines = {
        path[0].text: path.attrib
        for path in frame(playground).iter("{http://www.w3.org/2000/svg}path")
        if len(path)
    }
    assert lines["3"]["stroke"] == "#0B6BB0" and "stroke-dasharray" not in lines["3"]
    assert lines["−3"]["stroke"] == "#CF6400" and lines["−3"]["stroke-dasharray"]
    thinnest = min(lines, key=lambda name: abs(float(name.replace("−", "-"))))
    assert float(lines["3"]["stroke-width"]) > float(lines[thinnest]["stroke-width"])


def test_every_neuron_has_its_surface_and_one_is_shown_large(playground):
    root = frame(playground)
    small, large = images(root)
    rows = pixels(small).reshape(2 + 4 + 1, -1)
    assert len(np.unique(rows, axis=0)) == len(rows)
    root = put(playground, neuron=(1, 2))
    assert "Neuron 3 of layer 2" in titles(root)
    assert images(root)[-1] != large
    press(playground, layer_buttons(playground, 0)[0])
    press(playground, layer_buttons(playground, 0)[0])  # that neuron is gone
    assert "Output ŷ" in titles(frame(playground))


def test_a_weight_can_be_chosen_and_set(playground):
    playground.advance(3)
    root = put(playground, weight=(0, 1, 2))
    value = playground.controls.by_name["weight_value"]
    assert value.value == pytest.approx(playground.simulation.parameters[0].W[1, 2], abs=1e-4)
    assert colours.ACCENT in ElementTree.tostring(root, encoding="unicode")
    put(playground, weight_value=-2.5)
    assert playground.simulation.parameters[0].W[1, 2] == -2.5
    put(playground, weight=(1, -1, 0), weight_value=0.5)
    assert playground.simulation.parameters[1].b[0, 0] == 0.5
    assert playground.simulation.parameters[0].W[1, 2] == -2.5


def idle(playground):
    return {name for name, w in playground.controls.by_name.items() if getattr(w, "disabled", 0)}


def test_what_would_change_nothing_is_not_to_be_used(playground):
    assert idle(playground) == {"step", "weight_value"}
    put(playground, sample=1, weight=(0, 0, 0))
    assert idle(playground) == set()
    put(playground, sample=0, weight="nothing", problem="regression", data="houses")
    assert idle(playground) - {"step", "weight_value"} == {
        "cost", "samples", "noise", "test_share", "show_test"
    }  # fmt: skip
    playground.set(data="hills")
    assert idle(playground) == {"step", "weight_value", "cost"}
    put(playground, problem="classification", weight=(1, 3, 0))
    assert idle(playground) == {"step"}
    press(playground, layer_buttons(playground, 0)[0])  # that weight is gone
    assert idle(playground) == {"step", "weight_value"}


def test_a_weight_that_goes_with_its_neuron_is_not_set(playground):
    put(playground, weight=(0, 1, 3))
    layer_buttons(playground, 0)[0].click()
    put(playground, weight_value=2.0)
    assert "Not changed: that weight is no longer there" in playground.text
    assert playground.controls.by_name["weight"].value == "nothing"


def test_the_field_of_the_chosen_weight_follows_the_training(playground):
    put(playground, weight=(0, 1, 3))
    playground.advance(50)
    shown = playground.controls.by_name["weight_value"].value
    assert shown == round(playground.simulation.parameters[0].W[1, 3], 4)


def test_a_walk_through_an_earlier_network_ends_where_that_ends(playground):
    playground.set(hidden=(4, 4, 4))
    playground.look(sample=1, step=8, past=0)
    assert "Step 4 of 4, back: dz2 = db1 = " in playground.text


def test_training_and_reset_end_the_look_back_for_the_slider_too(playground):
    for end in (playground.reset, playground.step):
        playground.advance(5)
        playground.look(past=0)
        assert "A look back" in playground.text
        end()
        assert "A look back" not in playground.text
        assert playground.controls.by_name["past"].value == 100


def test_a_look_at_what_there_is_not_says_what_there_is(playground):
    with pytest.raises(ValueError, match=r"each part of the view must be one of neuron, weight"):
        playground.look(learning_rate=1)


def test_epochs_are_whole_numbers(playground):
    for train in (playground.advance, playground.sweep):
        with pytest.raises(TypeError, match=r"epochs must be a whole number; got float 1\.5"):
            train(1.5)
        with pytest.raises(ValueError, match="epochs must be at least 0; got -1"):
            train(-1)
    assert playground.epoch == 0


def test_test_data_are_drawn_on_demand_and_the_output_in_two_colours(playground):
    found = []
    for shown in (False, True, False):
        put(playground, show_test=shown)
        name, style = samples_of(playground)
        assert f".{name}{{background:url(data:image/png;base64," in style
        found.append(name)
    assert found[0] == found[2] != found[1]
    playground.advance(300)
    smooth, plain = images(frame(playground))[-1], images(put(playground, discretize=True))[-1]
    assert len(plain) < len(smooth)


# ------------------------------------------------------------------------------ what it lacks, too


def test_the_learning_rate_takes_effect_at_the_next_frame(playground):
    playground.advance(5)
    before = playground.simulation.parameters[0].W
    root = put(playground, learning_rate=0.0001)
    playground.advance(1)
    assert playground.epoch == 6
    assert np.abs(playground.simulation.parameters[0].W - before).max() < 1e-3
    assert "learning rate 0.0001" in "".join(root.itertext())


def test_one_sample_walks_forward_and_back(playground):
    playground.advance(20)
    root = put(playground, sample=3)
    assert "∂" not in "".join(root.itertext())
    said = []
    for step in range(1, 5):
        root = put(playground, step=step)
        said.append(playground.text.partition("Step ")[2])
    simulation = playground.simulation
    trace = simulation.forward(simulation.X[2:3])
    gradients = simulation.backward(trace, simulation.y[2:3])
    shown = "".join(root.itertext())
    for value, kind in (
        (trace.z[2][0, 1], "z"),
        (trace.a[2][0, 1], "a"),
        (gradients[0].db[0, 0], "∂z"),
    ):
        assert f"{kind} {value:.3g}".replace("-", "−") in shown
    assert f"∂ {gradients[1].dW[0, 0]:.3g}".replace("-", "−") in shown
    assert [s.split(":")[0] for s in said] == [
        "1 of 4, forward", "2 of 4, forward", "3 of 4, back", "4 of 4, back",
    ]  # fmt: skip
    assert (
        "z2 = " in said[0] and "y_hat = " in said[1] and "dz3 = " in said[2] and "dW1 = " in said[3]
    )
    press(playground, depth_buttons(playground)[0])  # fewer layers, fewer steps
    assert playground.controls.by_name["step"].max == 2


def test_the_history_can_be_scrubbed_and_play_goes_on_from_now(playground):
    playground.advance(100)
    press(playground, layer_buttons(playground, 0)[1])
    playground.advance(100)
    put(playground, past=0)
    assert "Epoch 0." in playground.text and "A look back; now is epoch 200." in playground.text
    put(playground, past=25)
    assert "Epoch 50." in playground.text
    playground._stage.toggle.value = True
    playground._stage.show(0.01)
    assert playground.controls.by_name["past"].value == 100
    assert playground.epoch > 200
    playground._stage.toggle.value = False
    put(playground, past=0)
    press(playground, playground.controls.by_name["run_step"])
    assert "look back" not in playground.text
    put(playground, past=0)
    press(playground, playground.controls.by_name["restart"])
    assert "look back" not in playground.text and playground.epoch == 0


@pytest.mark.parametrize("optimizer", ["momentum", "adam"])
def test_the_optimizer_can_change_on_the_way(playground, optimizer):
    playground.advance(10)
    put(playground, optimizer=optimizer, learning_rate=0.01)
    press(playground, layer_buttons(playground, 0)[1])
    playground.advance(10)
    assert playground.epoch == 20 and playground.simulation.problem is None


def test_the_sweep_is_one_picture_that_a_slider_moves():
    playground = Playground(data="houses")
    root = put(playground, sweep=True)
    for _ in range(500):
        if not playground.scene.busy:
            break
        root = frame(playground)
    assert not playground.scene.busy
    assert "Learning-rate sweep" in titles(root)
    assert "Sweep after 500 full-batch epochs: hidden 4: lowest " in playground.text
    assert "hidden 1: lowest" in playground.text and "hidden 8: lowest" in playground.text
    late = playground.text
    put(playground, sweep_epoch=50)
    assert "Sweep after 50 full-batch epochs" in playground.text and playground.text != late
    put(playground, sweep=False)
    assert "Sweep" not in playground.text


@pytest.mark.parametrize("settings", [{"data": "plane", "activation": "relu"}, {}])
def test_learning_rate_ten_is_survived_and_said(settings):
    playground = Playground(samples=40, hidden=(8, 8), **settings)
    put(playground, learning_rate=10.0)
    playground.advance(300)
    frame(playground)
    if settings:
        assert "Stopped. Diverged after" in playground.text
        assert 'role="alert"' in playground._stage.picture.value
        put(playground, past=50)
        put(playground, past=100)
    put(playground, learning_rate=0.01)
    press(playground, playground.controls.by_name["restart"])
    playground.advance(5)
    assert playground.epoch == 5 and "Stopped" not in playground.text


def test_a_cost_that_rises_is_said():
    playground = Playground(samples=40, data="plane", hidden=(), learning_rate=0.2)
    playground.advance(5)
    assert playground.cost > playground.simulation.history[0].cost
    assert "The cost is above where it started" in playground.text


def test_the_line_gives_the_same_numbers():
    playground = Playground(samples=40)
    put(playground, data="spiral", seed=7, learning_rate=0.03, optimizer="adam")
    press(playground, depth_buttons(playground)[1])
    press(playground, layer_buttons(playground, 1)[0])
    assert playground.line == (
        'Playground(data="spiral", samples=40, hidden=(4, 3), learning_rate=0.03, '
        'optimizer="adam", seed=7)'
    )
    again = eval(playground.line, {"Playground": Playground})
    press(playground, playground.controls.by_name["restart"])
    for one in (playground, again):
        one.advance(30)
    assert again.text.partition("Paused")[0] == playground.text.partition("Paused")[0]
    assert again.cost == playground.cost


def test_all_that_the_picture_shows_can_be_read(playground):
    playground.advance(10)
    put(playground, words=True)
    W = playground.simulation.parameters[0].W
    assert f"W1 [{W[0, 0]:.3g}".replace("-", "−") in playground.text
    assert "b2 [" in playground.text
    assert playground._stage.readout.value.startswith('<div role="status">Epoch 10. ')


def all_widgets(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from all_widgets(child)


def test_every_control_has_a_name_and_a_tooltip(playground):
    controls = [
        w for w in all_widgets(playground.widget)
        if isinstance(w, (widgets.Button, widgets.ToggleButton)) or hasattr(w, "value")
    ]  # fmt: skip
    named = [w for w in controls if not isinstance(w, (widgets.HTML, widgets.Label, widgets.Play))]
    named = [w for w in named  # a slider has the name of its field
             if not isinstance(w, Slider) and getattr(w, "readout", True)]  # fmt: skip
    assert len(named) > 40
    assert [w for w in named if not w.description] == []
    assert [w for w in named if not w.tooltip and "title=" not in w.description] == []
    buttons = [w.tooltip for w in named if isinstance(w, widgets.Button)]
    assert len(set(buttons)) == len(buttons)
    assert len({w.description for w in named if isinstance(w, widgets.Button)}) == len(buttons)


# ---------------------------------------------------------------------- the learner's own functions


def test_own_functions_train_and_draw():
    own, plain = Playground(samples=40, forward=forward, backward=backward), Playground(samples=40)
    for one in (own, plain):
        one.advance(50)
    assert own.cost == plain.cost
    assert images(frame(own)) == images(frame(plain))
    assert "Your backward agrees with nnlib's" in own.text
    assert own.line == "Playground(forward=forward, backward=backward, samples=40)"


def test_a_function_that_fails_is_shown_and_can_be_mended():
    def unfinished(X, W1, b1, W2, b2):
        return X @ W2

    playground = Playground(samples=40, forward=unfinished)
    root = frame(playground)
    assert "Your forward raised ValueError" in "".join(root.itertext())
    assert "run its cell and this one again" in "".join(root.itertext())
    assert "of its cell: return X @ W2" in playground.text
    playground.advance(5)
    assert playground.epoch == 0
    put(playground, learning_rate=0.5)
    playground.use(forward=forward)
    playground.advance(5)
    assert playground.epoch == 5 and "Stopped" not in playground.text


def test_flat_functions_say_what_they_can_not():
    playground = Playground(samples=40, forward=forward)
    press(playground, depth_buttons(playground)[1])
    assert "has one hidden layer" in playground.text
    press(playground, depth_buttons(playground)[0])
    playground.advance(1)
    assert playground.epoch == 1


# ------------------------------------------------------------------------------------------ faults


def memory():
    """Megabytes of this process, without those that it has given back to the C library."""
    gc.collect()
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
    return psutil.Process().memory_info().rss / 1e6


def test_a_cell_that_is_run_again_leaves_no_widgets_behind(monkeypatch):
    monkeypatch.setattr(driver.Stage, "_on_show", {})
    counts = []
    for run in range(3):
        monkeypatch.setattr(driver, "_this_cell", lambda run=run: ("a", run))
        playground = Playground(samples=40)
        playground._repr_mimebundle_()
        counts.append(len(widget_module._instances))
    assert counts[0] == counts[1] == counts[2]
    playground.advance(1)
    assert playground.text.startswith("Epoch 1.")
    playground.close()


def test_two_thousand_random_changes(playground, caplog):
    rng, before = np.random.default_rng(11), None
    controls = playground.controls
    names = [n for n, w in controls.by_name.items()
             if isinstance(w, (widgets.Dropdown, widgets.Checkbox, widgets.BoundedIntText,
                               widgets.BoundedFloatText, widgets.IntSlider))
             and n != "samples"]  # fmt: skip
    for turn in range(2000):
        if turn == 200:  # what is loaded on first use is there now
            before = memory()
        kind, layer = rng.integers(5), rng.integers(6)
        if kind == 0:
            rng.choice([*depth_buttons(playground), *layer_buttons(playground, layer)]).click()
        elif kind == 1:
            box = controls.features[rng.integers(7)]
            box.value = not box.value
        else:
            widget = controls.by_name[names[rng.integers(len(names))]]
            if isinstance(widget, widgets.Dropdown):
                widget.index = int(rng.integers(len(widget.options)))
            elif isinstance(widget, widgets.Checkbox):
                widget.value = not widget.value
            elif isinstance(widget, widgets.BoundedFloatText):
                widget.value = float(np.clip(rng.normal(), widget.min, widget.max))
            elif widget is not controls.by_name["seed"]:
                widget.value = int(rng.integers(widget.min, widget.max + 1))
            else:
                widget.value = int(rng.integers(100))
        controls.by_name["learning_rate"].value = 10 ** rng.uniform(-4, 1.5)
        if turn % 10 == 0:
            playground._stage.show(0.002 * (turn % 20 == 0))
    playground.scene._sweeps.clear()  # what is on show may be large, what is left behind may not
    assert memory() - before < 10
    assert caplog.records == []  # where ipywidgets notes what a callback raises
    frame(playground)
    playground._stage.show()  # what the refused changes brought back
    assert "Stopped: " not in playground.text
    settings = playground.settings
    again = Playground(**{name: getattr(settings, name) for name in Settings.__dataclass_fields__})
    assert again.settings == settings
    controls.by_name["restart"].click()
    for name in ("sample", "step", "past"):
        controls.by_name[name].value = {"past": 100}.get(name, 0)
    put(playground, sweep=False, words=False, weight="nothing", neuron="nothing")
    assert images(frame(playground)) == images(frame(again))


def test_two_playgrounds_do_not_disturb_each_other():
    one, other = Playground(samples=40), Playground(samples=40, data="xor")
    one.advance(10)
    put(one, learning_rate=0.1)
    assert other.epoch == 0 and other.settings.learning_rate == 1.0
    assert other.settings.data == "xor" and one.settings.data == "circles"


# --------------------------------------------------------------------- without a browser, and speed


def test_a_page_without_a_kernel_shows_a_picture_and_its_text():
    bundles = []
    for _ in range(2):
        playground = Playground(samples=40)
        playground.advance(20)
        bundles.append(playground._repr_mimebundle_())
    (one, alt), (other, _) = bundles
    assert one["text/plain"] == other["text/plain"] == playground.text
    assert one["text/plain"].startswith("Epoch 20. Training cost 0.")
    assert one["image/png"] == other["image/png"]
    assert base64.b64decode(one["image/png"]).startswith(b"\x89PNG")
    assert alt == {"image/png": {"alt": playground.text}}
    assert "application/vnd.jupyter.widget-view+json" in one


@pytest.mark.parametrize("settings", [{"data": "houses"}, {"data": "hills", "activation": "tanh"}])
def test_the_picture_of_a_regression(settings):
    playground = Playground(samples=40, **settings)
    playground.advance(3)
    assert base64.b64decode(playground._repr_mimebundle_()[0]["image/png"]).startswith(b"\x89PNG")
    assert "Accuracy" not in playground.text
    assert ("test cost" in playground.text) == (settings["data"] != "houses")


def test_a_frame_is_small():
    playground = Playground(hidden=(4, 2), activation="tanh", samples=500)
    playground.advance(400)
    frame(playground)
    assert len(playground._stage.picture.value.encode()) < 25_000


def test_the_houses_are_the_tutorials():
    playground = Playground(data="houses", hidden=(3,))
    X, y = data.houses()
    assert (X / X.max(axis=0) == playground.simulation.X).all()
    assert (100 * playground.simulation.y == y).all()
    assert playground.simulation.network.sizes == (2, 3, 1)


def test_the_picture_in_the_readme_shows_the_playground_as_it_is():
    path = readme_picture.PATH
    assert path.stat().st_size <= readme_picture.LARGEST
    with Image.open(path) as image:
        shown = image.info.get("Description")
    assert shown == readme_picture.contents(), f"make it anew: {readme_picture.__doc__}"
    alt = re.search(rf"!\[([^\]]+)\]\({path.relative_to(readme_picture.ROOT).as_posix()}\)",
                    (readme_picture.ROOT / "README.md").read_text(encoding="utf-8"))  # fmt: skip
    assert alt and len(alt[1]) > 40
