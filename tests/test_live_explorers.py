"""The explorers without a browser: their numbers, words, controls and pictures."""

import xml.etree.ElementTree as ET
from inspect import getdoc

import numpy as np
import pytest

from nnlib import data
from nnlib.activations import sigmoid
from nnlib.costs import mean_squared_error
from nnlib.gradcheck import numerical_gradient
from nnlib.live.explorers import BackwardPass, ForwardPass, LearningRates, OneNeuron, RollingBall
from nnlib.live.render import diagrams
from nnlib.network import Network, initialize_parameters
from nnlib.training import train_neural_network

HOUSES, PRICES = data.houses()
X, y = HOUSES / HOUSES.max(axis=0), PRICES / 100
W1, W2 = np.full((2, 3), 0.5), np.full((3, 1), 0.5)
b1, b2 = np.zeros((1, 3)), np.zeros((1, 1))
NETWORK = Network((2, 3, 1))
START = initialize_parameters(NETWORK, np.random.default_rng(2))


def bowl(w1, w2):
    return (w1 - 1) ** 2 + 3 * (w2 + 1) ** 2


def rolling_ball(**options):
    values = np.linspace(-4, 4, 21)
    return RollingBall(
        bowl, values, values, **{"start": (-3.0, 2.0), "learning_rate": 0.1} | options
    )


MAKERS = {
    "one neuron": OneNeuron,
    "forward": lambda: ForwardPass(X, y, W1, b1, W2, b2),
    "backward": lambda: BackwardPass(X, y, *START[0], *START[1]),
    "ball": rolling_ball,
    "rates": lambda: LearningRates(NETWORK, START, X, y, epochs=300),
}


@pytest.fixture(params=MAKERS, ids=str)
def explorer(request):
    return MAKERS[request.param]()


def assert_whole(explorer):
    """The picture is well-formed SVG that says what it is, of finite numbers, and not too large."""
    answer = explorer.answer({"full": True}).content
    assert answer["alert"] == "" and answer["words"] == explorer.text
    svg = answer["svg"]
    root = ET.fromstring(svg)
    space = "{http://www.w3.org/2000/svg}"
    assert root.get("role") == "img"
    assert root.find(f"{space}title").text
    assert root.find(f"{space}desc").text == explorer.text
    assert "nan" not in svg.lower() and "inf" not in svg.lower()
    assert len(svg.encode()) <= 25_000


def press(explorer, name, times=1):
    for _ in range(times):
        explorer.answer({"do": [[name, {}]]})


def play(explorer, *seconds):
    """Let a page's clock run; the texts after each picture."""
    explorer.playing = True
    said = []
    for passed in seconds:
        explorer.answer({"seconds": passed})
        said.append(explorer.text)
    return said


def test_every_control_has_a_name_and_a_tooltip(explorer):
    assert explorer.control_names()
    for name in explorer.control_names():
        control = explorer.control(name)
        assert control["label"] and control["tooltip"], name


def test_the_picture_is_whole_after_every_step(explorer):
    assert_whole(explorer)
    for name in explorer.buttons:
        for _ in range(8):
            press(explorer, name)
            assert_whole(explorer)


def test_without_a_browser_there_is_a_png_and_a_line_of_text(explorer):
    data, metadata = explorer.bundle()
    assert data["image/png"].startswith("iVBORw0KGgo")
    assert len(data["image/png"]) < 60_000
    assert data["text/plain"] == explorer.still_words() == metadata["image/png"]["alt"]
    assert "\n" not in explorer.text


def test_a_storm_of_changes_can_be_reset(explorer):
    first, rng = explorer.text, np.random.default_rng(0)
    for _ in range(100):
        name = rng.choice(explorer.control_names())
        control = explorer.control(name)
        value = int(rng.integers(3)) if control["kind"] == "choice" else 0.5 * control["high"]
        explorer.answer({"set": {name: value}, "seconds": 0.1})
        assert getattr(explorer, name) == value
    assert_whole(explorer)
    press(explorer, "reset")
    assert explorer.text == first and not explorer.playing


def test_the_numbers_in_a_node_keep_to_its_circle():
    for lines in ([], [""], ["0.5"], ["a 0.638", "∂a −0.0535"], ["a 0.638", "∂a −0.0535", "∂z 0"]):
        drawn = ET.fromstring(f"<g>{diagrams.node(0, 0, lines)}</g>")
        sizes = [float(words.get("font-size")) for words in drawn.findall("text")]
        assert len(sizes) == len(lines) and all(8 < size <= 11 for size in sizes)
        for size, words in zip(sizes, lines, strict=True):
            assert 0.6 * size * len(words) < 2 * diagrams.RADIUS * 0.85


def test_one_neuron_says_z_and_a():
    neuron = OneNeuron(x=2.0, w=0.5, b=0.0)
    assert neuron.text == "z = x · w + b = 2 · 0.5 + 0 = 1. a = f(z) = 0.731."
    neuron.set(w=-1.0, b=1.5)
    assert neuron.text == "z = x · w + b = 2 · −1 + 1.5 = −0.5. a = f(z) = 0.378."


def test_forward_shows_the_tutorials_values_step_by_step():
    forward = ForwardPass(X, y, W1, b1, W2, b2)
    said = [forward.text]
    for _ in range(5):
        press(forward, "next")
        said.append(forward.text)
    assert said[0].endswith("inputs: 0.667 0.778.")
    assert said[1].endswith("z2 = X @ W1 + b1: 0.722 0.722 0.722.")
    assert said[2].endswith("a2 = f(z2): 0.673 0.673 0.673.")
    assert said[3].endswith("z3 = a2 @ W2 + b2: 1.01.")
    assert "y_hat = f(z3): 0.733. The true y is 0.94, the error −0.207." in said[4]
    assert said[5] == said[4]
    press(forward, "previous")
    assert forward.text == said[3]


def test_forwards_sliders_are_the_weights():
    forward = ForwardPass(X, y, W1, b1, W2, b2)
    for _ in range(4):
        press(forward, "next")
    forward.set(W1_02=-2.0, W2_10=3.0, house=2)
    V1, V2 = W1.copy(), W2.copy()
    V1[0, 2], V2[1, 0] = -2, 3
    price = sigmoid(sigmoid(X[2:] @ V1) @ V2).item()
    assert f"f(z3): {price:.3g}." in forward.text
    assert np.array_equal(W1, np.full((2, 3), 0.5))  # the caller's own are left alone


def test_backward_agrees_with_nudges():
    (V1, c1), (V2, c2) = START
    backward = BackwardPass(X, y, V1, c1, V2, c2)
    backward.set(house=1)

    def cost(W1, W2):
        y_hat = sigmoid(sigmoid(X[1:2] @ W1 + c1) @ W2 + c2)
        return mean_squared_error(y_hat, y[1:2])

    dW1 = numerical_gradient(lambda W: cost(W, V2), V1)
    dW2 = numerical_gradient(lambda W: cost(V1, W), V2)
    for step, slopes in ((2, dW2), (5, dW1)):
        while f"Step {step} " not in backward.text:
            press(backward, "next")
        wanted = " ".join(f"{v:.3g}".replace("-", "−") for v in slopes.ravel())
        assert wanted in backward.text


def test_playing_walks_one_step_a_second_and_stops_at_the_end():
    forward = ForwardPass(X, y, W1, b1, W2, b2)
    said = [text[:6] for text in play(forward, *[0.2] * 21)]
    assert said[4::5] == ["Step 1", "Step 2", "Step 3", "Step 4"] and not forward.playing


def test_the_ball_rolls_into_the_valley_and_lies_still():
    ball = rolling_ball()
    play(ball, *[0.07] * 100)
    heights = [bowl(*place) for place in ball.path]
    assert len(heights) > 20 and heights == sorted(heights, reverse=True)
    assert np.allclose(ball.path[-1], (1, -1), atol=0.02)
    assert not ball.playing
    ball.set(w1=3.0)
    assert ball.text.startswith("w1 = 3, w2 = 2: cost 31, slopes 4 and 18. 0 steps.")


def test_a_ball_that_flies_off_the_map_says_so():
    ball = rolling_ball()
    ball.set(learning_rate=1.0)
    for _ in range(60):
        press(ball, "step")
    assert "off the map" in ball.text
    assert_whole(ball)


def test_the_three_runs_are_those_of_the_training_loop():
    rates = LearningRates(NETWORK, START, X, y, rates=(0.1, 1.0, 10.0), epochs=50)
    play(rates, *[0.2] * 50)
    assert "Epoch 50" in rates.text and not rates.playing
    for k, rate in enumerate((0.1, 1.0, 10.0)):
        _, history = train_neural_network(NETWORK, START, X, y, learning_rate=rate, epochs=50)
        assert np.allclose(np.array(rates.costs)[:, k], history.costs)
    rates.set(rate2=5.0)
    assert "Epoch 0 of 50" in rates.text and "learning rate 5:" in rates.text


def test_the_still_picture_of_the_rates_shows_how_the_runs_end():
    rates = LearningRates(NETWORK, START, X, y, rates=(0.1, 1.0, 10.0), epochs=50)
    (data, _), axes = rates.bundle(), rates.plot().figure.axes
    assert "Epoch 0 of 50" in rates.text
    for _ in range(50):
        press(rates, "step")
    assert data["text/plain"] == rates.text
    for k, ax in enumerate(axes):
        assert np.allclose(ax.lines[0].get_ydata(), np.array(rates.costs)[:, k])
        assert ax.get_ylim() == axes[0].get_ylim()


def test_divergence_is_said_in_words():
    network = Network((2, 3, 1), output="identity")
    rates = LearningRates(network, START, X, y, rates=(0.01, 0.1, 30.0), epochs=400)
    for _ in range(400):
        rates.step()
    assert "learning rate 30: diverged" in rates.text and rates.text.count("diverged") == 1
    assert_whole(rates)


def test_each_has_a_sentence_that_names_its_notebook():
    for kind in (OneNeuron, ForwardPass, BackwardPass, RollingBall, LearningRates):
        assert "Notebook 0" in getdoc(kind)


def test_a_run_that_ends_in_no_number_has_no_mark_at_its_end():
    costs = np.array([[1.0, 1.0], [0.5, np.nan]])
    page = diagrams.runs(costs, ["a", "b"], 10, caption="two runs")
    assert page.count("<circle") == 1 and not {"nan", "inf"} & set(page.replace('"', " ").split())
