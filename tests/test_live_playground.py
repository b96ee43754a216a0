"""The playground without a browser: its traits, its answers to a page, its words and its code."""

import base64
import gc
import io
import json
import math
import re
import subprocess
import sys
import time

import ipywidgets
import numpy as np
import psutil
import pytest
import readme_picture
from ipywidgets.widgets import widget as widget_module
from PIL import Image
from test_live_learner import backward, broken, forward

from nnlib.live import Playground, widget
from nnlib.live import playground as playground_module
from nnlib.live.settings import CONTROLS, FEATURES, Settings
from nnlib.network import load as load_network
from nnlib.network import to_classes


class Page:
    """What the page does: asks, and keeps what it was told."""

    def __init__(self, view):
        self.view, self.number, self.state, self.parts = view, 0, {}, {}
        self.ask(full=True)

    def ask(self, *calls, seconds=0.0, full=False, **changes):
        self.number += 1
        request = {"view": "page", "number": self.number, "seconds": seconds, "full": full}
        request |= {"set": changes, "do": calls}
        content, buffers = self.view.answer(json.loads(json.dumps(request)))
        sent = json.loads(json.dumps(content, allow_nan=False))
        assert (sent["view"], sent["number"]) == ("page", self.number)
        assert len(buffers) == len(sent.get("parts", []))
        self.size = len(json.dumps(sent)) + sum(map(len, buffers))
        self.state |= sent
        self.parts |= dict(zip(sent.get("parts", []), buffers))
        return sent

    def call(self, name, **arguments):
        return self.ask([name, arguments])


@pytest.fixture
def playground():
    return Playground(samples=40)


@pytest.fixture
def page(playground):
    return Page(playground)


# -- traits ----------------------------------------------------------------------------------------


def test_settings_are_traits_that_validate_link_and_can_be_observed(playground):
    seen = []
    playground.observe(lambda change: seen.append(change.new), "epoch")
    playground.learning_rate = 3
    playground.advance(2)
    assert playground.settings.learning_rate == 3.0 and seen == [2]
    for name, wrong in (("learning_rate", -1), ("hidden", (9,)), ("data", "cats"), ("speed", 0)):
        before = getattr(playground, name)
        with pytest.raises((ValueError, TypeError)):
            setattr(playground, name, wrong)
        assert getattr(playground, name) == before
    slider = ipywidgets.FloatLogSlider(value=0.5, min=-3, max=1)
    ipywidgets.link((slider, "value"), (playground, "learning_rate"))
    slider.value = 0.1
    assert playground.learning_rate == 0.1 == playground.settings.learning_rate
    playground.set(learning_rate=1.0, hidden=[2])
    assert slider.value == 1.0 and playground.hidden == (2,) and playground.epoch == 2
    with pytest.raises(Exception, match="read-only"):
        playground.epoch = 5
    with pytest.raises(ValueError, match="must be one of"):
        playground.set(colour="red")
    with pytest.raises(AttributeError, match=r"no setting optimiser; .*optimizer"):
        playground.optimiser = "adam"


def test_a_schedule_can_be_built_with_observe(playground):
    def slow_down(change):
        playground.learning_rate = 1 / (1 + change.new)

    playground.observe(slow_down, "epoch")
    for _ in range(3):
        playground.step()
    assert playground.learning_rate == pytest.approx(1 / 4)


def test_the_numbers_are_those_of_the_simulation(playground):
    playground.advance(7)
    moment = playground.history[-1]
    assert playground.history[-1].epoch == playground.epoch == 7
    assert (playground.cost, playground.test_cost) == (moment.cost, moment.test_cost)
    assert playground.accuracy == moment.accuracy
    playground.data = "plane"
    assert math.isnan(playground.accuracy) and playground.epoch == 0


def test_a_playground_that_is_only_calculated_with_makes_no_widget():
    before = len(widget_module._instances)
    playground = Playground(samples=40)
    playground.advance(3)
    playground.sweep(3)
    playground.bundle()
    assert len(widget_module._instances) == before
    assert playground.widget is playground.widget
    assert len(widget_module._instances) == before + 2  # it and its layout
    playground.close()
    assert len(widget_module._instances) == before


def test_a_cell_that_is_run_again_closes_what_it_showed(monkeypatch):
    class Shell:
        kernel = None

        def get_parent(self):
            return {"metadata": {"cellId": "a"}, "header": {"msg_id": self.run}}

    shell = Shell()
    shell.kernel = shell
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    counts = []
    for shell.run in range(3):
        Playground(samples=40).bundle()
        counts.append(len(widget_module._instances))
    assert counts[0] == counts[1] == counts[2]


def test_a_page_at_rest_is_told_what_python_changed(monkeypatch):
    playground, told = Playground(samples=40), []
    monkeypatch.setattr(playground.widget, "send", lambda content, *more: told.append(content))
    page = Page(playground)
    page.ask(learning_rate=0.5)
    assert told == []  # it asked itself
    slider = ipywidgets.FloatSlider(0.5, max=20)
    ipywidgets.link((slider, "value"), (playground, "learning_rate"))
    for change in (
        lambda: setattr(slider, "value", 10.0),
        lambda: playground.advance(3),
        lambda: setattr(playground, "playing", True),
    ):
        told.clear()
        change()
        assert {"changed": True} in told
    told.clear()
    slider.value = 2.0
    assert told == []  # it plays, so it asks anyway


# -- answers ---------------------------------------------------------------------------------------


def test_the_first_answer_has_everything_and_the_next_only_what_is_new(page, playground):
    assert set(page.parts) == {"weights", "tiles", "surface", "samples", "labels"}
    assert page.state["scene"]["sizes"] == [2, 4, 1] and len(page.state["history"]["points"]) == 1
    assert page.state["values"].keys() == set(playground.control_names())
    weights = np.frombuffer(page.parts["weights"], np.float32)
    flat = [a.ravel() for layer in playground.parameters for a in layer]
    assert weights == pytest.approx(np.concatenate(flat), rel=1e-6)
    answer = page.ask()
    assert not {"scene", "history", "values", "thumbnails"} & set(answer)
    assert page.ask(learning_rate=0.5)["values"]["learning_rate"] == 0.5
    playground.advance(3)
    assert page.ask()["history"] == {
        "from": 1, "points": [[m.epoch, *(float(f"{v:.5g}") for v in m[1:3])]
                              for m in playground.history[1:]],
    }  # fmt: skip
    assert page.ask(full=True)["history"]["from"] == 0


@pytest.mark.parametrize("data", ["circles", "pinwheel", "plane"])
def test_the_picture_is_what_the_network_computes(data):
    playground = Playground(data=data, learning_rate=0.05)
    playground.advance(30)
    page = Page(playground)
    surface = np.frombuffer(page.parts["surface"], np.uint8).reshape(60, 60)
    x = np.linspace(-6, 6, 60)
    for row, column in ((0, 0), (0, 59), (40, 12), (59, 30)):
        inputs = playground.settings.inputs(np.array([[x[column], x[59 - row]]]))
        y_hat = playground.simulation.forward(inputs).y_hat
        if data == "pinwheel":
            assert surface[row, column] == to_classes(playground.network, y_hat).argmax()
            strength = np.frombuffer(page.parts["strength"], np.uint8).reshape(60, 60)
            assert strength[row, column] / 255 == pytest.approx(y_hat.max(), abs=0.003)
        else:
            low, high = page.state["limits"]
            value = low + surface[row, column] / 255 * (high - low)
            assert value == pytest.approx(np.clip(y_hat.item(), low, high), abs=0.01)
    labels = np.frombuffer(page.parts["labels"], np.uint8)
    y = playground.simulation.y
    assert (
        labels == (y.argmax(axis=1) if data == "pinwheel" else y[:, 0] > (data != "plane") / 2)
    ).all()


def test_a_neuron_is_shown_large_and_samples_of_the_test_are_marked(page, playground):
    assert page.call("look", neuron=[1, 2])["shown"] == [1, 2]
    tiles = np.frombuffer(page.parts["tiles"], np.uint8).reshape(-1, 20, 20)
    surface = np.frombuffer(page.parts["surface"], np.uint8).reshape(60, 60)
    assert (tiles[4] == surface[1::3, 1::3]).all() and len(tiles) == 7
    page.call("neurons", layer=0, by=-1)
    page.call("neurons", layer=0, by=-1)
    assert page.state["shown"] == [2, 0] and playground.hidden == (2,)
    page.ask(show_test=True)
    labels = np.frombuffer(page.parts["labels"], np.uint8)
    assert (labels >= 128).sum() == len(playground.simulation.X_test)


def test_time_passes_as_the_speed_says(page, playground, monkeypatch):
    monkeypatch.setattr(playground_module, "MAX_TRAINING_SECONDS", 10.0)  # on a slow machine too
    page.call("play")
    for seconds in (0.1, 0.02, 0.02):
        page.ask(seconds=seconds)
    assert playground.epoch == 8  # 60 a second
    page.ask(seconds=10.0)  # somebody comes back to a hidden page
    assert playground.epoch <= 8 + 15
    page.ask(speed=1)
    before = playground.epoch
    for _ in range(11):
        page.ask(seconds=0.1)
    assert playground.epoch == before + 1
    page.ask(speed=None)
    assert playground.speed == math.inf and page.state["values"]["speed"] is None
    page.ask(seconds=0.02)
    assert playground.epoch > before
    page.call("play")
    before = playground.epoch
    page.ask(seconds=0.1)
    assert playground.epoch == before and not playground.playing


def test_it_stops_where_it_is_told_to(page, playground, monkeypatch):
    monkeypatch.setattr(playground_module, "MAX_TRAINING_SECONDS", 10.0)
    playground.set(learning_rate=3.0)
    page.ask(["play", {}], stop_epoch=10)
    for _ in range(5):
        page.ask(seconds=0.1)
    assert playground.epoch == 10 and not page.state["playing"]
    page.ask(["play", {}], stop_epoch=0, stop_cost=0.2, speed=None)
    for _ in range(200):
        page.ask(seconds=0.1)
    assert not playground.playing and 0.17 < playground.cost <= 0.2
    assert f"epoch {playground.epoch:,}" in playground.text


def test_a_busy_hub_gets_fewer_pictures(page, monkeypatch):
    widget.frame_budget.cache_clear()
    monkeypatch.setenv("NNLIB_FRAME_BUDGET", "0.1")
    page.call("play")
    began = time.perf_counter()
    answer = page.ask(seconds=0.1)
    spent = 1000 * (time.perf_counter() - began)
    assert 0 < answer["wait"] <= 9 * spent
    widget.frame_budget.cache_clear()
    monkeypatch.delenv("NNLIB_FRAME_BUDGET")
    assert page.ask()["wait"] == 0
    widget.frame_budget.cache_clear()


def test_the_history_can_be_looked_at_and_gone_back_to(page, playground):
    playground.advance(20)
    page.call("play")
    answer = page.call("look_back", index=5)
    assert answer["tip"][0] == 5 and answer["past"] == 5 and not answer["playing"]
    assert "now is epoch 20" in answer["words"] and playground.epoch == 20
    page.call("rewind")
    assert playground.epoch == 5 and page.ask()["past"] is None
    page.call("undo")
    assert playground.epoch == 20
    page.call("look_back", index=99)
    assert page.ask()["past"] is None


OTHER_VALUES = {
    "regularization_rate": 0.5, "cost_function": "cross_entropy", "samples": 20, "noise": 0.4,
    "test_share": 0.2, "show_test": True,
}  # fmt: skip


@pytest.mark.parametrize("settings", [{"regularization": "none"}, {"data": "houses"},
                                      {"data": "plane", "regularization": "l1"}])  # fmt: skip
def test_a_control_that_would_change_nothing_is_switched_off(settings):
    off = Page(Playground(**settings)).state["disabled"]
    assert off and set(off) <= set(OTHER_VALUES)
    for name, value in OTHER_VALUES.items():
        one, other = Playground(**settings), Playground(**settings, **{name: value})
        one.advance(3), other.advance(3)
        same = str(one.parameters) == str(other.parameters)
        assert same or name not in off
        assert not same or name in off or name == "show_test"


def test_a_preset_shows_the_output_and_asks_its_question(page, playground):
    page.call("look", neuron=[1, 0])
    page.call("preset", index=3)
    assert page.state["title"] == "Output ŷ" and page.state["lesson"][1].endswith("?")
    page.call("undo")
    assert playground.samples == 40
    assert page.state["lesson"] is None
    page.call("preset", index=0)
    assert page.ask(learning_rate=3.0)["lesson"] and page.ask(data="xor")["lesson"] is None


def test_a_preset_and_a_line_start_again_and_can_be_undone(page, playground):
    for call in (["preset", {"index": 6}], ["line", {"text": "Playground(learning_rate=0.3)"}]):
        playground.advance(20)
        before = str(playground.parameters), playground.line
        page.ask(call)
        assert playground.epoch == 0 and playground.learning_rate == 0.3
        assert playground.line == playground.settings.line()
        page.call("undo")
        assert (str(playground.parameters), playground.line) == before and playground.epoch


def test_a_kept_run_is_there_to_compare_until_it_is_forgotten(page, playground):
    playground.advance(5)
    assert len(page.call("keep")["kept"]) == 6
    page.call("reset")
    assert "kept" not in page.ask() and playground.epoch == 0
    assert "at epoch 5" in playground.text
    assert page.call("forget")["kept"] == [] and "at epoch 5" not in playground.text


def test_a_sample_walks_through_the_network_in_numbers_that_are_right(page, playground):
    x1, x2 = playground.simulation.X_raw[3]
    page.call("choose_sample", x1=x1 + 0.01, x2=x2)
    trace = playground.simulation.forward(playground.simulation.X[3:4])
    said = page.call("walk", by=1)["walk"]
    assert said["nodes"]["1,0"][0] == f"z {trace.z2[0, 0]:.3g}".replace("-", "−")
    assert "dW" not in said["words"] and said["slopes"] == [None, None]
    said = page.call("walk", by=3)["walk"]
    gradients = playground.simulation.backward(trace, playground.simulation.y[3:4])
    assert np.array(said["slopes"][0]) == pytest.approx(gradients[0].dW)
    assert said["words"] == playground.walk(4, 4) and "dW1 =" in said["words"]
    assert page.call("walk", by=99)["walk"]["words"] == said["words"]
    assert page.call("choose_sample", x1=None, x2=None)["walk"] is None
    for wrong in ((0, 0), (1, 9), (99, 0)):
        with pytest.raises(ValueError):
            playground.walk(*wrong)


def test_points_are_drawn_and_erased(page, playground):
    page.ask(["add_point", {"x1": 1, "x2": 2, "y": 1}], ["add_point", {"x1": 3, "x2": 3, "y": 0}])
    assert playground.points == ((1, 2, 1), (3, 3, 0))
    assert "points=((1.0, 2.0, 1.0), (3.0, 3.0, 0.0))" in playground.line
    page.call("erase_point", x1=-5, x2=-5)
    page.call("erase_point", x1=1.1, x2=2)
    assert playground.points == ((3, 3, 0),)


def test_a_drawing_gets_a_third_class_and_leaves_with_its_data(page, playground):
    assert page.ask(data="drawn")["scene"]["grows"]
    page.call("add_point", x1=2, x2=-2, y=2)
    assert (playground.network.sizes[-1], playground.network.output) == (3, "softmax")
    playground.advance(300)
    assert playground.accuracy == 100
    page.call("erase_point", x1=2, x2=-2)
    assert playground.network.sizes[-1] == 1
    playground.undo()
    answer = page.ask(data="circles")
    assert answer["alert"] == "" and playground.points == ()
    page.call("add_point", x1=2, x2=-2, y=1)
    assert playground.network.sizes[-1] == 1 and not page.state["scene"]["grows"]


def test_the_line_of_own_data_goes_in_again():
    X = np.random.default_rng(0).normal(size=(20, 2))
    own = Playground(data=(X, X[:, 0] > 0), hidden=(3,))
    before, page = own.data, Page(own)
    assert page.call("line", text=own.line.replace("3", "2"))["alert"] == ""
    assert own.data == before and own.hidden == (2,)
    page.call("line", text="Playground()")
    assert "ast" not in page.call("line", text="Playground(data=(X, y))")["alert"]
    assert own.data == "circles"


def test_the_line_goes_in_and_out_and_says_what_it_leaves_out(page, playground):
    page.call("line", text='Playground(data="xor", hidden=(3, 2), learning_rate=0.3)')
    assert playground.line == 'Playground(data="xor", hidden=(3, 2), learning_rate=0.3)'
    assert playground.samples == 500  # what a line does not name is the default
    answer = page.call("line", text="os.remove('x')")
    assert answer["alert"].startswith("Not changed") and playground.data == "xor"
    playground.advance(5)
    page.call("set_weight", layer=0, row=-1, column=2, value=0.5)
    assert playground.parameters[0].b[0, 2] == 0.5
    assert "left out: b1[0, 2] set by hand at epoch 5" in playground.line
    assert Settings.from_line(playground.line) == playground.settings
    playground.reset()
    assert "left out" not in playground.line


def test_the_sweep_comes_piece_by_piece(page, playground):
    answer = page.call("sweep", on=True, epoch=20)
    for _ in range(2000):
        if not answer["more"]:
            break
        answer = page.ask()
    assert not answer["more"] and len(answer["sweep"]["rates"]) == 64
    _, costs = playground.sweep(20)
    # Pairs, since JavaScript would sort the keys of an object: its own line comes first.
    assert [name for name, *_ in answer["sweep"]["runs"]] == ["4", "1", "2", "8"]
    assert answer["sweep"]["runs"][0][1:] == [pytest.approx(costs, rel=1e-4), costs.argmin()]
    assert (
        "learning rate" in answer["sweep"]["facts"] and answer["sweep"]["facts"] in playground.text
    )
    page.call("sweep", on=False, epoch=20)
    assert "sweep" not in page.ask()


def test_a_wrong_wish_changes_nothing_and_is_said(page, playground):
    before = playground.settings
    for changes in ({"learning_rate": -1}, {"hidden": [99]}, {"features": []}, {"samples": "many"}):
        answer = page.ask(**changes)
        assert answer["alert"].startswith("Not changed: ") and answer["values"]
        assert playground.settings == before
    page.call("set_weight", layer=9, row=0, column=0, value=1.0)
    page.ask(["close", {}], ["_follow", {}], ["look", {"colour": 1}], simulation=3, lock=1, epoch=9)
    assert playground.settings == before and playground.epoch == 0
    assert page.ask()["alert"] == ""


def test_two_thousand_random_requests(playground):
    rng, page = np.random.default_rng(3), Page(playground)
    choose = lambda options: options[rng.integers(len(options))]  # noqa: E731
    number = lambda: float(rng.normal(0, 4))  # noqa: E731
    calls = [
        ("play", dict), ("step", dict), ("reset", dict), ("undo", dict), ("rewind", dict),
        ("keep", dict), ("forget", dict),
        ("neurons", lambda: {"layer": int(rng.integers(3)), "by": int(rng.integers(-1, 2))}),
        ("look", lambda: {"neuron": [int(rng.integers(4)), int(rng.integers(8))]}),
        ("look_back", lambda: {"index": int(rng.integers(-2, 60))}),
        ("set_weight", lambda: {"layer": int(rng.integers(3)), "row": int(rng.integers(-1, 3)),
                                "column": int(rng.integers(4)), "value": number()}),
        ("choose_sample", lambda: {"x1": number(), "x2": number()}),
        ("walk", lambda: {"by": int(rng.integers(-2, 3))}),
        ("add_point", lambda: {"x1": number(), "x2": number(), "y": int(rng.integers(3))}),
        ("erase_point", lambda: {"x1": number(), "x2": number()}),
        ("preset", lambda: {"index": int(rng.integers(8))}),
        ("sweep", lambda: {"on": bool(rng.integers(2)), "epoch": int(rng.integers(500))}),
    ]  # fmt: skip
    for turn in range(2000):
        if turn == 300:
            gc.collect()
            memory = psutil.Process().memory_info().rss
        changes, wanted = {}, []
        if rng.random() < 0.4:
            name = choose(list(CONTROLS))
            control = CONTROLS[name]
            changes[name] = {
                "choice": lambda c=control: choose(c.choices()),
                "switch": lambda: bool(rng.integers(2)),
                "integer": lambda c=control: int(rng.integers(c.low, min(c.high, 200))),
                "slider": lambda c=control: float(rng.uniform(c.low, c.high)),
                "own": lambda n=name: {
                    "data": choose(["circles", "xor", "pinwheel", "plane", "houses", "drawn"]),
                    "features": [*FEATURES][: rng.integers(0, 4)],
                    "hidden": rng.integers(1, 9, rng.integers(0, 4)).tolist(),
                    "points": [],
                }[n],
            }[control.kind]()
        else:
            name, arguments = choose(calls)
            wanted.append([name, arguments()])
        answer = page.ask(*wanted, seconds=float(rng.random() / 20), **changes)
        assert "error" not in answer and "Error" not in answer["alert"], (wanted, changes, answer)
    playground.reset()
    again = Playground(**{name: getattr(playground.settings, name) for name in CONTROLS})
    assert again.settings == playground.settings and again.cost == playground.cost
    gc.collect()
    assert psutil.Process().memory_info().rss - memory < 30e6


def test_pictures_are_small_and_cheap():
    for hidden, most in (((4, 2), 9_000), ((8, 8), 13_000)):
        page = Page(Playground(samples=1000, hidden=hidden))
        page.call("play")
        began = time.perf_counter()
        for _ in range(60):
            page.ask(seconds=1 / 60)
            assert page.size < most
        assert time.perf_counter() - began < 1.5  # a second of play; measured a tenth of that


def test_two_playgrounds_do_not_disturb_each_other(playground):
    other = Playground(samples=40, data="xor")
    one, two = Page(playground), Page(other)
    one.ask(["play", {}], learning_rate=0.3)
    one.ask(seconds=0.1)
    assert other.epoch == 0 and other.learning_rate == 1.0 and not two.ask()["playing"]


# -- the learner's functions -----------------------------------------------------------------------


def slow(X, W1, b1, W2, b2):
    time.sleep(0.05)
    return forward(X, W1, b1, W2, b2)


def test_own_functions_train_draw_and_fail_in_words(monkeypatch):
    monkeypatch.setattr(playground_module, "MAX_TRAINING_SECONDS", 10.0)
    playground = Playground(samples=40, forward=forward, backward=backward)
    page = Page(playground)
    page.call("play")
    page.ask(seconds=0.1)
    assert playground.epoch == 6 and "Your backward agrees" in playground.text
    playground.use(forward=broken)
    answer = page.ask(["play", {}], seconds=0.1)
    assert "Your forward raised NameError" in answer["alert"] and not answer["playing"]
    assert "run its cell" in answer["alert"] and answer["alert"] in answer["words"]
    playground.use(forward=forward)
    page.ask(["play", {}])
    assert page.ask(seconds=0.1)["alert"] == "" and playground.epoch == 6
    monkeypatch.undo()
    playground.use(forward=slow)
    began = time.perf_counter()
    page.ask(["play", {}], speed=None)
    page.ask(seconds=0.1)
    assert time.perf_counter() - began < 2  # a picture comes though one call takes its time


def test_a_picture_calls_a_slow_function_as_often_as_it_has_to():
    calls = []
    counted = lambda X, W1, b1, W2, b2: calls.append(len(X)) or forward(X, W1, b1, W2, b2)  # noqa: E731
    playground = Playground(samples=40, forward=counted)
    page = Page(playground)
    page.call("play")
    calls.clear()
    page.ask(seconds=1 / 60)
    assert playground.epoch == 1 and sorted(calls) == [20, 20, 20, 3600]  # train, measure, draw


def test_an_exception_that_nobody_expects_ends_the_motion_and_is_said(
    page, playground, monkeypatch
):
    monkeypatch.setattr(playground.simulation, "train", lambda **how: 1 / 0)
    page.call("play")
    answer = page.ask(seconds=0.1)
    assert "ZeroDivisionError" in answer["alert"] and not answer["playing"]
    monkeypatch.undo()
    page.call("play")
    assert page.ask(seconds=0.1)["alert"] == "" and playground.epoch > 0
    monkeypatch.setattr(playground, "moment", lambda: 1 / 0)
    answer = page.ask()
    assert answer["error"] and "ZeroDivisionError" in answer["alert"]


# -- words, stills and code ------------------------------------------------------------------------


def test_a_page_without_a_kernel_shows_a_picture_and_its_words():
    for how in ({}, {"data": "hills"}, {"data": "pinwheel"}, {"data": "houses"}, {"hidden": ()}):
        made = [Playground(samples=40, learning_rate=0.1, **how) for _ in range(2)]
        for playground in made:
            playground.advance(5)
        (data, metadata), (again, _) = (playground.bundle() for playground in made)
        assert data == again and data["text/plain"] == made[0].text
        assert metadata == {"image/png": {"alt": made[0].text}}
        with Image.open(io.BytesIO(base64.b64decode(data["image/png"]))) as image:
            assert image.size == (960, 300)


def test_words_say_what_the_picture_shows(playground):
    assert re.match(r"Epoch 0\. Training cost 0\.\d+, test cost .* Ready\.$", playground.text)
    playground.set(data="plane", learning_rate=30.0)
    playground.advance(300)
    assert "Accuracy" not in playground.text and "Stopped. Diverged after" in playground.text
    playground.set(data="circles", learning_rate=300.0)
    playground.advance(5)
    assert "a smaller learning rate may help" in playground.text


def test_the_code_for_numpy_predicts_the_same(playground):
    for how in ({}, {"data": "pinwheel", "hidden": (4, 3), "features": ("x1", "sin(x2)", "x1*x2")}):
        playground.set(**how)
        playground.advance(5)
        names = {}
        exec(playground.code("numpy"), names)
        simulation = playground.simulation
        wanted = simulation.forward(simulation.X).y_hat
        assert names["predict"](simulation.X_raw) == pytest.approx(wanted, rel=1e-12)
    for library in ("keras", "torch"):
        compile(playground.code(library), library, "exec")
    with pytest.raises(ValueError, match="one of numpy, keras, torch"):
        playground.code("fortran")


def test_a_network_is_taken_home_and_brought_back(playground, tmp_path):
    playground.advance(5)
    playground.save(tmp_path / "mine.npz")
    network, parameters = load_network(tmp_path / "mine.npz")
    assert network == playground.network
    other = Playground(samples=40)
    other.load(tmp_path / "mine.npz")
    assert other.cost == playground.cost and "left out" in other.line
    other.reset()
    other.parameters = parameters
    assert other.cost == playground.cost
    with pytest.raises(ValueError, match="other layers"):
        Playground(hidden=(3,)).load(tmp_path / "mine.npz")


def test_the_core_of_the_playground_needs_neither_widgets_nor_matplotlib():
    code = "import sys; from nnlib.live.playground import Playground\n"
    code += "playground = Playground(); playground.advance(1); playground.bundle()\n"
    code += "print({'matplotlib', 'anywidget', 'ipywidgets'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_the_picture_in_the_readme_shows_the_playground_as_it_is():
    assert readme_picture.PATH.stat().st_size <= readme_picture.LARGEST
    with Image.open(readme_picture.PATH) as image:
        shown = image.info.get("Description")
    assert shown == readme_picture.contents(), f"make it again: {readme_picture.__doc__}"
    readme = (readme_picture.ROOT / "README.md").read_text(encoding="utf-8")
    path = readme_picture.PATH.relative_to(readme_picture.ROOT).as_posix()
    alt = re.search(rf"!\[([^\]]+)\]\({path}\)", readme)
    assert alt and len(alt[1]) > 40
