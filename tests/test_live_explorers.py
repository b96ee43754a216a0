"""Explorers without a browser: what they answer a page, whatever a learner does with them."""

import io
import re
from importlib.resources import files
from inspect import getdoc

import ipywidgets
import numpy as np
import pytest
import traitlets
from live_page import SVG, ExplorerPage
from PIL import Image

from nnlib import data
from nnlib.activations import sigmoid
from nnlib.costs import mean_squared_error
from nnlib.data import REAL_ESTATE_COLUMNS
from nnlib.gradcheck import numerical_gradient
from nnlib.live import explorers, texts
from nnlib.live.digit_pad import DigitPad
from nnlib.live.explorers import (
    BackwardPass,
    CrossEntropy,
    FeatureScale,
    ForwardPass,
    FrameworkCosts,
    GradientCheck,
    LearningNetwork,
    LearningRates,
    Nudge,
    OneNeuron,
    OptimizerRace,
    PredictedVsTrue,
    RandomStarts,
    RollingBall,
    SignalThroughLayers,
    SquaredErrors,
    SumOfSigmoids,
    SumOfSurfaces,
)
from nnlib.live.explorers.passes import example
from nnlib.network import (
    Layer,
    Network,
    backward_propagation,
    forward_propagation,
    initialize_parameters,
)
from nnlib.optimizers import OPTIMIZERS, GradientDescent
from nnlib.training import train_neural_network

HOUSES, PRICES = data.houses()
X, y = HOUSES / HOUSES.max(axis=0), PRICES / 100
NETWORK = Network((2, 3, 1))
NAMES = explorers.__all__
PLAYING = [name for name in NAMES if getattr(explorers, name).plays]


def bowl(w1, w2):
    return (w1 - 1) ** 2 + 3 * (w2 + 1) ** 2


def ball(**options):
    values = np.linspace(-4, 4, 21)
    start = {"start": (-3.0, 2.0), "learning_rate": 0.1}
    return RollingBall(bowl, values, values, **start | options)


@pytest.fixture(params=NAMES)
def page(request):
    return ExplorerPage(getattr(explorers, request.param)(), reduced=True)


# -- all of them -----------------------------------------------------------------------------------


def is_sound(page):
    """Whether the picture and the words hold numbers only, and no empty place in a sentence."""
    picture = " ".join(page.svg())
    assert not re.search(r"\b(nan|inf|None)\b", picture), picture
    assert page.state["words"].strip() and "{" not in page.state["words"]
    return page.state["alert"] == ""


def test_it_shows_panels_and_words_and_names_its_notebook(page):
    assert is_sound(page) and page.panels
    assert all(panel.get("role") and panel.get("aria-label") for panel in page.panels)
    assert "Notebook" in (getdoc(type(page.view)) or "") or "Notebook" in (
        __import__(type(page.view).__module__, fromlist=["x"]).__doc__
    )


def test_every_control_goes_to_its_ends(page):
    for name, control in ((n, page.view.control(n)) for n in page.view.control_names()):
        assert control["label"] and control["tooltip"], name
        ends = [value for value, _ in control["choices"]] if "choices" in control else None
        for value in ends or (control["low"], control["high"]):
            page.ask(**{name: value})
            assert is_sound(page) and page.state["values"][name] == pytest.approx(value)


def test_a_number_beyond_the_ends_is_moved_to_the_end_and_the_page_is_told(page):
    for name, control in ((n, page.view.control(n)) for n in page.view.control_names()):
        if "low" in control:
            for value, end in ((10**12, control["high"]), (-(10**12), control["low"])):
                page.ask(**{name: end})
                answer = page.ask(**{name: value})
                assert is_sound(page) and answer["values"][name] == pytest.approx(end)


def test_every_handle_can_be_dragged_anywhere_and_has_a_name(page):
    rng = np.random.default_rng(0)
    for name in page.handles():
        for step in range(6):
            page.drag(name, *rng.uniform(-100, 500, 2), grip=str(step))
            assert is_sound(page), name
    for element in page.elements("tabindex").values():
        assert element.get("aria-label")
    for element in page.elements("data-drag").values():
        if element.get("tabindex"):
            assert np.isfinite(float(element.get("aria-valuenow"))) and element.get("role")


def test_the_arrow_keys_move_every_handle(page):
    """An arrow key moves a handle by four units, as the page does."""
    for name in page.handles():
        moved = []
        for dx, dy in ((-4, 0), (4, 0), (0, -4), (0, 4)):
            before = page.svg()
            x, y = page.handles()[name]
            page.drag(name, x + dx, y + dy, grip=f"{dx} {dy}")
            moved.append(page.svg() != before)
            page.press("reset")
        assert any(moved), name


def test_every_button_in_the_picture_can_be_pressed(page):
    for name in page.elements("data-tap"):
        page.tap(name)
        assert is_sound(page) and page.elements("data-tap")[name].get("aria-pressed") == "true"


def storm(page, count, seed=0):
    """Do that many random things."""
    rng = np.random.default_rng(seed)
    names, view = page.view.control_names(), page.view
    for step in range(count):
        kind = rng.integers(5)
        if kind == 0 and names:
            name = rng.choice(names)
            control = view.control(name)
            values = [v for v, _ in control.get("choices", [])] or [control["low"], control["high"]]
            page.ask(**{name: values[rng.integers(len(values))]})
        elif kind == 1 and page.handles():
            page.drag(rng.choice(list(page.handles())), *rng.uniform(-50, 400, 2), grip=str(step))
        elif kind == 2 and page.elements("data-tap"):
            page.tap(rng.choice(list(page.elements("data-tap"))))
        elif kind == 3 and view.plays:
            page.press("play")
        else:
            page.ask(seconds=0.1)
        assert is_sound(page)


def test_after_a_storm_a_new_page_sees_what_the_old_one_shows(page):
    storm(page, 40)
    page.view.playing = False
    page.ask()
    assert ExplorerPage(page.view, name="another").svg() == page.svg()


def test_after_a_storm_reset_shows_the_start_again(page):
    first = page.svg()
    storm(page, 30, seed=1)
    page.press("reset")
    assert page.svg() == first and not page.state["playing"]


@pytest.mark.parametrize("name", PLAYING)
def test_reset_stops_what_a_choice_has_started(name):
    page = ExplorerPage(getattr(explorers, name)())
    storm(page, 15)
    page.press("reset")
    assert not page.state["playing"]


def test_pictures_are_small(page):
    page.ask()
    assert page.size < 32_000


def test_a_still_picture_changes_nothing(page):
    before = page.svg()
    bundle, metadata = page.view.bundle()
    image = Image.open(io.BytesIO(page.view.still()))
    assert image.size[0] > 300 and len(image.getcolors(1 << 16)) > 8
    assert metadata["image/png"]["alt"] == bundle["text/plain"] and "{" not in bundle["text/plain"]
    page.ask(full=True)
    assert page.svg() == before


@pytest.mark.parametrize("name", PLAYING)
def test_it_starts_when_it_is_shown_first_moves_and_stops(name):
    view = getattr(explorers, name)()
    page = ExplorerPage(view)
    assert page.state["playing"] == view.autoplay
    if not view.autoplay:
        page.press("play")
    before = page.svg()
    page.play(0.6)
    assert page.svg() != before and is_sound(page)
    assert page.play(60, step=0.25) < 60
    page.press("play")
    assert page.state["playing"]
    another = ExplorerPage(view, name="another")
    another.press("play")
    assert not ExplorerPage(view, name="a third").state["playing"]


@pytest.mark.parametrize("name", PLAYING)
def test_it_waits_for_play_where_motion_is_not_wanted(name):
    page = ExplorerPage(getattr(explorers, name)(), reduced=True)
    before = page.svg()
    page.ask(seconds=0.5)
    assert not page.state["playing"] and page.svg() == before


def test_a_view_that_nobody_shows_makes_no_widget_and_does_not_play():
    neuron, network = OneNeuron(), LearningNetwork()
    before = len(ipywidgets.widgets.widget._instances)
    assert neuron.text and network.text and not network.playing
    assert len(ipywidgets.widgets.widget._instances) == before


def test_knobs_validate_link_and_can_be_observed():
    neuron, seen = OneNeuron(), []
    neuron.observe(lambda change: seen.append(change.new), "w")
    slider = ipywidgets.FloatSlider(1.5, min=-4, max=4)
    ipywidgets.link((slider, "value"), (neuron, "w"))
    slider.value = -2
    assert neuron.w == -2 and seen == [1.5, -2]
    with pytest.raises(traitlets.TraitError):
        neuron.w = "much"
    page = ExplorerPage(neuron)
    assert "not changed" in page.ask(w="much")["alert"].lower() and neuron.w == -2


def test_every_text_is_used_and_every_explorer_has_some():
    sources = {
        entry.name: entry.read_text(encoding="utf-8")
        for folder in ("explorers", "")
        for entry in files("nnlib.live").joinpath(folder).iterdir()
        if entry.name.endswith(".py")
    }
    everything = "\n".join(sources.values())
    tables = texts.load()["explorers"]
    classes = [getattr(explorers, name) for name in NAMES] + [DigitPad]
    assert {cls.key for cls in classes} == set(tables)
    generated = {"scale1_name", "scale2_name", "left_name", "right_name", *REAL_ESTATE_COLUMNS}
    generated |= {step[0] for cls in (ForwardPass, BackwardPass) for step in cls.steps}
    for key, table in tables.items():
        words = {name for name, value in table.items() if isinstance(value, str)} - generated
        unused = {name for name in words if f'"{name}"' not in everything}
        assert not unused, (key, unused)


# -- one by one ------------------------------------------------------------------------------------


def test_one_neuron_is_on_its_curve_and_the_dot_moves_the_bias():
    page = ExplorerPage(OneNeuron(x=-1.5, w=2.0, b=0.5))
    assert page.view.z == -2.5 and page.view.a == pytest.approx(sigmoid(-2.5))
    page.drag("dot", 240, 42)  # z = 3.85 on the axis
    assert page.view.z == pytest.approx(3.85, abs=0.01) and page.view.x == -1.5
    page.drag("dot", 310, 42)  # z = 8 would need b = 11
    assert page.view.b == 8 and page.view.x == -1.5


def test_forward_shows_the_tutorials_values_step_by_step():
    parameters = Layer(np.full((2, 3), 0.5), np.zeros((1, 3))), Layer(np.full((3, 1), 0.5), [[0.0]])
    view = ForwardPass(X, y, *parameters[0], *parameters[1], houses=["(2, 7)", "(1, 3)", "(3, 9)"])
    page, trace = ExplorerPage(view, reduced=True), forward_propagation(NETWORK, parameters, X)
    assert view.control("house")["choices"] == [[0, "(2, 7)"], [1, "(1, 3)"], [2, "(3, 9)"]]
    arrays = {"z2": trace.z2, "a2": trace.a2, "z3": trace.z3, "y_hat": trace.y_hat}
    for name, array in arrays.items():
        shown = f"{array[0, 0]:.3g}"
        assert not any(shown in text for text in page.texts() if text.startswith(name[0]))
        page.press("next")
        assert name in page.state["words"] and shown in page.state["words"]
        assert any(shown in text for text in page.texts())


def test_weights_are_dragged_from_where_they_are():
    view = ForwardPass()
    page, before = ExplorerPage(view), view.parameters[0].W.copy()
    x, up = page.handles()["weight 0 1 2"]
    page.drag("weight 0 1 2", x, up - 40, grip="one")
    page.drag("weight 0 1 2", x, up - 80, grip="one")
    expected = before.copy()
    page.drag("weight 0 1 2", x, up - 40, grip="two")
    expected[1, 2] += 3
    assert np.allclose(view.parameters[0].W, expected, atol=0.01)


def test_backward_agrees_with_numerical_slopes_and_keeps_weights_and_slopes_in_view():
    view = BackwardPass()
    page, ((W1, b1), (W2, b2)) = ExplorerPage(view, reduced=True), view.parameters
    for step in range(6):
        page.press("next") if step else None
        numbers = " ".join(page.texts())
        for weight in (*W1.ravel(), *W2.ravel()):
            assert f"{weight:.3g}".replace("-", "−") in numbers, step
        slopes = sum(text.startswith("∂") for text in page.texts())
        assert slopes == (0, 0, 3, 3, 3, 9)[step]
        shown = [text.split()[0] for text in page.texts() if re.match(r"d[az]\d ", text)]
        assert shown.count("da2") == (0, 0, 0, 3, 3, 3)[step]
        assert shown.count("dz2") + shown.count("dz3") == (0, 1, 1, 1, 4, 4)[step]

    def J(W1, W2):
        parameters = Layer(W1, b1), Layer(W2, b2)
        y_hat = forward_propagation(NETWORK, parameters, view.X[:1]).y_hat
        return mean_squared_error(y_hat, view.y[:1])

    arrays = view.arrays()
    assert np.allclose(arrays["dW1"], numerical_gradient(lambda W: J(W, W2), W1), atol=1e-7)
    assert np.allclose(arrays["dW2"], numerical_gradient(lambda W: J(W1, W), W2), atol=1e-7)


def test_a_pass_plays_its_steps_and_next_plays_one():
    page = ExplorerPage(ForwardPass())
    page.press("next")
    assert page.view.step == 1 and page.state["playing"] and "Step 1" not in page.state["words"]
    page.play(5)
    assert page.view.step == 1 and "Step 1" in page.ask()["words"]
    page.press("play")
    page.play(30)
    assert page.view.step == 4 and "y_hat" in page.ask()["words"]


def test_the_words_are_those_of_the_picture_while_it_plays():
    page = ExplorerPage(LearningNetwork())
    for _ in range(3):
        page.play(0.1)
        assert page.state["playing"] and page.state["words"] == page.view.words()


def test_the_nudge_runs_into_the_tangent():
    view = Nudge()
    for name in [*(f"choose 0 {i} {j}" for i in range(2) for j in range(3)),
                 *(f"choose 1 {i} 0" for i in range(3)),
                 *(f"choose 2 0 {j}" for j in range(3)), "choose 3 0 0"]:  # fmt: skip
        view.on_tap(name)
        errors = []
        for nudge in (1e-1, 1e-2, 1e-3):
            J = view.nudged([0.0, nudge])["J"][:, 0]
            errors.append(abs(J[1] - J[0] - view.slope() * nudge))
        assert errors[1] < 0.05 * errors[0] and errors[2] < 0.05 * errors[1], name


def test_the_measured_slope_is_best_for_a_nudge_in_the_middle():
    view = GradientCheck()
    error = abs(view.measured(np.array([1.0, 1e-5, 1e-13])) / view.slope() - 1)
    assert error[1] < 1e-8 and error[0] > 1e-4 and error[2] > 1e-5


def test_the_squares_in_the_picture_are_the_cost():
    page = ExplorerPage(SquaredErrors(), reduced=True)
    for _ in range(3):
        rects = [r for r in page.panels[0].iter(f"{SVG}rect") if r.get("width") == r.get("height")]
        areas = [float(r.get("width")) ** 2 for r in rects]
        assert len(areas) == 9  # eight flats, and their mean
        assert areas[-1] == pytest.approx(np.mean(areas[:-1]), rel=0.03)
        assert float(page.view.cost(page.view.w, page.view.b)) == pytest.approx(
            np.mean(areas[:-1]) / (270 / 1.1) ** 2, rel=0.03
        )
        page.drag("right", 280, 200)
        page.drag("ball", 120, 150)


def test_gradient_descent_ends_at_the_line_of_least_squares():
    view = SquaredErrors()
    while view.step() > 1e-7:
        pass
    assert np.allclose((view.w, view.b), np.polyfit(view.x, view.y, 1), atol=1e-3)


def test_confidently_wrong_the_cross_entropy_learns_and_the_squared_error_does_not():
    for true_class in (0, 1):
        page = ExplorerPage(CrossEntropy(true_class))
        page.play(8)
        assert abs(page.view.y_hat - true_class) < 0.1
        assert abs(sigmoid(page.view.other_z) - true_class) > 0.9
    view = CrossEntropy(1, z=0.4)
    assert view.cost == pytest.approx(-np.log(view.y_hat)) and view.z == 0.4


def test_equal_spreads_need_few_steps_and_unequal_ones_many():
    view = FeatureScale(1.0, 5.0)
    many = view.steps
    view.on_scale()
    assert view.steps <= 2 < 40 < many
    cloud = view.samples
    assert np.allclose(cloud.mean(axis=0), 0) and np.allclose(np.cov(cloud.T, ddof=0), np.eye(2))


def test_the_sum_is_the_networks_answer_and_a_sigmoid_follows_the_pointer():
    page = ExplorerPage(SumOfSigmoids(), reduced=True)
    page.drag("step 1", 240, 100)  # x = 1.5 and y = 0.9 of the left plot
    view = page.view
    assert view.centre(1) == pytest.approx(1.5, abs=0.02)
    assert page.handles()["step 1"] == pytest.approx((240, 100), abs=1)
    before = view.cost
    view.train(400)
    assert view.cost < 0.01 * before


def test_three_edges_learn_to_close_around_the_dots():
    view = SumOfSurfaces()
    view.train(600)
    inputs, targets = view.samples()
    y_hat = forward_propagation(view.network, view.parameters, inputs).y_hat
    assert ((y_hat > 0.5) == targets).mean() > 0.9


@pytest.mark.parametrize("dots", ["circles", "moons", "xor", "clusters"])
def test_the_first_network_learns_its_dots_and_answers_at_the_question_mark(dots):
    view = LearningNetwork(dots)
    view.train(600)
    assert view.accuracy >= 94
    blue = view.X[view.y[:, 0] == 1].mean(axis=0)
    view.probe = tuple(blue) if dots == "clusters" else tuple(view.X[view.y[:, 0] == 1][0])
    assert view.answer_at_probe() > 0.5 and "blue" in view.text


def test_the_ball_rolls_into_the_valley_and_lies_still():
    page = ExplorerPage(ball())
    page.press("play")
    assert page.play(30) < 30
    assert np.allclose(page.view.path[-1], (1, -1), atol=0.05)
    page.press("reset")
    assert np.allclose(page.view.path, [(-3, 2)])


def test_a_ball_that_flies_off_the_map_says_so():
    page = ExplorerPage(ball(learning_rate=0.4))
    page.press("play")
    page.play(5)
    assert "left the map" in page.ask()["words"] and is_sound(page)


def test_every_optimizer_of_the_registry_races(monkeypatch):
    monkeypatch.setitem(OPTIMIZERS, "made up", GradientDescent())
    view = OptimizerRace("two valleys")
    for _ in range(200):
        view.step()
    assert list(view.costs()) == [*OPTIMIZERS]
    assert all(costs[-1] < 0.6 * costs[0] for costs in view.costs().values())
    assert "made up" in view.text and view.picture(True)


def test_the_runs_of_the_rates_are_those_of_training():
    start = initialize_parameters(NETWORK, np.random.default_rng(2))
    view = LearningRates(NETWORK, start, X, y, rates=(0.01, 10.0), epochs=30)
    for _ in range(40):
        view.step()
    assert view.epoch == 30
    for k, rate in enumerate((0.01, 10.0)):
        _, history = train_neural_network(NETWORK, start, X, y, learning_rate=rate, epochs=30)
        assert np.allclose(np.array(view.costs)[:, k], history.costs, rtol=1e-12)


def test_divergence_is_said_in_words():
    network = Network((2, 3, 1), output="identity")
    start = initialize_parameters(network, np.random.default_rng(0))
    view = LearningRates(network, start, X, y, rates=(0.1, 900.0), epochs=200)
    for _ in range(200):
        view.step()
    assert "rate 900: diverged" in view.text and view.picture(True)


def test_all_starts_learn_the_houses_and_disagree_on_others():
    view = RandomStarts()
    for _ in range(3000):
        view.step()
    known = 100 * forward_propagation(NETWORK, view.parameters, view.X).y_hat
    assert np.abs(known - PRICES).max() < 6
    assert np.ptp(view.prices_along(np.array([4.0]))) > 20


def test_a_start_is_chosen_by_the_end_of_its_line():
    page = ExplorerPage(RandomStarts(starts=5), reduced=True)
    places = [page.ask(start=k + 1) and page.handles()["line"] for k in range(5)]
    for k, place in enumerate(places):
        page.drag("line", *place)
        assert page.view.start == k + 1
    with pytest.raises(traitlets.TraitError):
        page.view.start = "first"
    page.view.start = 99
    assert page.view.start == 5


@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid"])
def test_the_gradients_of_the_layers_are_true(activation):
    view = SignalThroughLayers(3, activation, scale=1.3)
    _, spreads = view.signal()

    def output(z):  # the sum whose gradient with respect to the first layer's z is shown
        network = Network((64, 64, 64, 64), hidden=activation, output=activation)
        W = [view.scale * w for w in view.weights]
        a = network.activation(2).forward(z)
        for w in W[1:]:
            a = network.activation(2).forward(a @ w)
        return (a * view.error).sum()

    z = view.X @ (view.scale * view.weights[0])
    slopes = numerical_gradient(output, z, step=1e-6)
    assert slopes.std() == pytest.approx(spreads[0], rel=1e-3)


def test_a_signal_dies_lives_or_explodes_with_the_scale():
    for scale, word in ((0.5, "dies"), (1.41, "alive"), (4, "explodes")):
        assert word in SignalThroughLayers(activation="relu", scale=scale).text


def test_nnlib_and_the_frameworks_have_the_same_costs():
    for library, limit in (("PyTorch", 1e-10), ("Keras", 1e-3)):
        view = FrameworkCosts(library)
        while view.updates < 64:
            view.move(0.2)
        assert len(view.gaps()) == 3 and view.gaps().max() < limit


def test_real_prices_are_learned_up_to_a_rest():
    view = PredictedVsTrue(("distance_to_mrt_m", "latitude"))
    first = view.errors[0]
    view.train(60)
    assert view.errors[-1][1] < 0.85 * first[1] and view.errors[-1][1] > 4
    assert "m from the metro" in view.text and "latitude" in view.text
    with pytest.raises(ValueError):
        PredictedVsTrue(("garden",))


def test_the_examples_are_the_courses_houses():
    X_example, y_example, parameters = example()
    assert np.array_equal(X_example, X) and np.array_equal(y_example, y)
    assert backward_propagation(NETWORK, parameters, forward_propagation(NETWORK, parameters, X), y)
