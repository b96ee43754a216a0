"""The plots: what they say, show on light and dark pages, leave out of much data and refuse.

Each is compared with tests/drawn/*.png, which somebody looked at. After an intended change,
`NNLIB_PICTURE=new python3 start.py test tests/test_plots.py` stores what is drawn now: look at it.
"""

import inspect
import io
import os
import re
import subprocess
import sys
import time
import warnings
from functools import cache
from itertools import pairwise
from pathlib import Path

import matplotlib.pyplot as plt
import nbformat
import nbtools
import numpy as np
import pytest
from matplotlib.colors import same_color, to_rgb
from matplotlib.patches import Circle, Rectangle
from pictures import PAGES, alike, on_page
from PIL import Image
from test_faults import on_axes, unhelpful

from nnlib import colours, data, plots
from nnlib.network import Network, backward_propagation, forward_propagation, initialize_parameters
from nnlib.plots.display import png

DRAWN = Path(__file__).parent / "drawn"
W1, b1 = np.array([[0.5, -1.25, 2.0], [0.25, 0.75, -0.5]]), np.array([[0.1, 0.0, -0.3]])
W2, b2 = np.array([[1.5], [-0.125], [0.0]]), np.array([[0.6]])
PARAMETERS = ((W1, b1), (W2, b2))
HOUSES, PRICES = data.houses()
X, y = HOUSES / HOUSES.max(axis=0), PRICES / 100
TRACE = forward_propagation(Network((2, 3, 1)), PARAMETERS, X)
GRADIENTS = backward_propagation(Network((2, 3, 1)), PARAMETERS, TRACE, y)
GRID = np.linspace(-3, 3, 25)
CURVE = np.linspace(-2, 2, 41)
LINE = np.array([[0.5], [0.25]])
RNG = np.random.default_rng(1)
STEPS = {"path": [[-2, 2], [0, 0]], "arrows": [(0, 0, 1, -1)], "points": {"now": (2, 1)}}
PATHS = {"slow": [[-2, 2], [0, 0]], "fast": [[-2, 2], [2, 1], [1, -1]]}


def random_network(*sizes):
    return initialize_parameters(Network(sizes), np.random.default_rng(1))


def bowl(u, v):
    return (u - 1) ** 2 + 2 * (v + 1) ** 2


def sloping(X):
    return X @ LINE


# Each plot: the function, its arguments, its settings, and what its words must hold.
PICTURES = [
    (plots.activation, ["sigmoid"], {"at": {"house": 2, "flat": 9}},
     ["for z from −8 to 9", "house: z = 2 gives a = 0.881", "flat: z = 9 gives a = 1."]),
    (plots.chain, [["w", "z", "J"], [2, -0.5, 0.1], [3, 0.25], [0.75, 0.25, 1]], {},
     ["w = 2, z = −0.5, J = 0.1", "3, 0.25", "∂J/∂w = 0.75"]),
    (plots.cost_curve, [np.array([0.5, 0.25, 0.125])], {"references": {"mean": 0.2}},
     ["Cost 0.5 at the start, 0.125 after 2 epochs.", "mean: cost 0.2"]),
    (plots.cost_curve, [[[4, 2], [4, np.inf]]], {"labels": ["a", "b"], "log": True},
     ["a: Cost 4 at the start, 2 after 1 epoch.", "b: Cost 4 at the start, no finite number"]),
    (plots.cost_curve, [np.array([[4, 3], [2, 1]])], {},
     ["Cost 4 at the start, 1 to 2 after 1 epoch in 2 networks."]),
    (plots.cost_surface, [bowl, GRID, GRID], STEPS,
     ["lowest 0 at (1, −1), highest 48", "1 step from (−2, 2), cost 27, to (0, 0), cost 3",
      "Arrow at (0, 0): (1, −1)", "now: (2, 1), cost 9"]),
    (plots.cost_surface, [bowl, GRID, GRID], {"path": PATHS},
     ["slow: a path of 1 step from (−2, 2), cost 27, to (0, 0), cost 3.",
      "fast: a path of 2 steps from (−2, 2), cost 27, to (1, −1), cost 0."]),
    (plots.curves, [[1, 2, 4], {"u": [3, 5, 7], "v": [6, 5, 4]}], {"points": {"p": (2, 5)}},
     ["y over x from 1 to 4.", "u: from 3 to 7.", "v: from 6 to 4.", "p: x 2, y 5."]),
    (plots.decision_boundary, [sloping, *data.xor()], {},
     ["4 samples, 2 of class 1; classified correctly: 1."]),
    (plots.decision_boundary, [None, *data.moons(30, rng=RNG)], {}, ["30 samples, 15 of class 1."]),
    (plots.descent, [np.square, [2, 1, 0.5]], {"values": CURVE},
     ["J over w from −2 to 2.", "2 steps from w 2, J 4 to w 0.5, J 0.25"]),
    (plots.ensemble_curves, [[0, 10], [[9, 9, 9], [1, 2, 4]]],
     {"references": {"plane": 40}, "points": {"p": (5, 3)}},
     ["3 networks at epoch 10: answer from 1 to 4", "1.5 and 3, median 2", "plane: 40."]),
    (plots.heat_map, [sloping, (0, 2), (-4, 0)], {},
     ["Output from −1 to 1 over x1 from 0 to 2 and x2 from −4 to 0."]),
    (plots.houses, [HOUSES, PRICES], {"question": (4, 7), "training_range": (3, 9)},
     ["bedrooms 1, quality 3: 89.", "question is bedrooms 4, quality 7.", "0 to 3 by 0 to 9"]),
    (plots.images, [np.arange(12).reshape(3, 4)], {"titles": ["a", "b", 3], "columns": 2},
     ["3 pictures of 2 by 2 pixels: a, b, 3."]),
    (plots.images, [[[-1.0, 0, 1, 2, 3, 4]]], {"shape": (2, 3)}, ["1 picture of 2 by 3 pixels."]),
    (plots.matrices, [], {"X": HOUSES, "W1": W1, "z2": HOUSES @ W1, "operators": "@="},
     ["@ =", "X (3 by 2) = [2, 7; 1, 3; 3, 9]", "W1 (2 by 3) = [0.5, −1.25, 2; 0.25, 0.75,"]),
    (plots.matrices, [],
     {"X": HOUSES, "u": W1, "row_names": [*"abc"], "column_names": ["rooms", "quality"]},
     ["X (3 by 2) = [2, 7; 1, 3; 3, 9]"]),
    (plots.network_diagram, [PARAMETERS, TRACE, GRADIENTS], {"sample": 2},
     ["2-3-1 network", "W1 = [0.5, −1.25, 2; 0.25, 0.75, −0.5], b1 = [0.1, 0, −0.3].", "dW2 = [",
      "db1 = [", "Sample 2: X = [1, 1], z2 = [0.85, −0.5, 1.2]",
      f"y_hat = [{TRACE.y_hat[2, 0]:.3g}]"]),
    (plots.network_diagram, [random_network(2, 4, 2, 1), {"X": X}],
     {"input_names": ["bedrooms", "quality"]},
     ["2-4-2-1 network", "b3 = [0]", "Sample 0: X = [0.667, 0.778]."]),
    (plots.network_diagram, [random_network(64, 48, 10)], {},
     ["64-48-10 network", "W1 from −", "Shown: 21 of 122 neurons."]),
    (plots.neuron, [[2, 7], [0.5, -0.25], 0.75], {"output_name": "price"},
     ["x1 2 times 0.5, x2 7 times −0.25, plus bias 0.75, gives z = 0; its sigmoid is a = 0.5"]),
    (plots.predicted_vs_true, [[[1], [2], [9]], [[1], [4], [5]]],
     {"error_bars": [[0.5], [1], [3]], "marks": {"far": 2}, "names": ("paid", "said")},
     ["3 samples: paid from 1 to 5, said from 1 to 9.", "±0.5 to ±3, half of them below ±1.",
      "far: paid 5, said 9."]),
    (plots.predictions, [[[90], [80]], [[94], [70]]], {"before": [[10], [20]]},
     ["sample 1: predicted 90, true 94, before 10.", "sample 2: predicted 80, true 70,"]),
    (plots.scatter, [[[121.51, 2], [121.53, 8], [121.55, 5]], [[1], [4], [9]]],
     {"names": ("longitude", "u"), "unit": "price", "marks": {"here": 1}, "log": "y"},
     ["3 samples. longitude from 121.510 to 121.550. u from 2 to 8. price from 1 to 9.",
      "here: longitude 121.530, u 8."]),
    (plots.scatter, [[[1, 2], [3, 4]], [[-5], [2]]], {}, ["value from −5 to 2."]),
    (plots.strip_plot, [{"plane": [1, 3], "mean": [4, 4]}], {"highlight": "plane", "name": "RMSE"},
     ["RMSE: plane 2 on average, from 1 to 3; mean 4 on average, from 4 to 4."]),
    (plots.tangent, [lambda w: w * w, 1.5], {"values": CURVE},
     ["J over w from −2 to 2.", "At w = 1.5 it is 2.25, with slope 3."]),
    (plots.tangent, [lambda w: w * w, -1], {"values": CURVE, "run": 0.5, "slope": -1},
     ["At w = −1 it is 1, with slope −1."]),
    (plots.violins, [{2: [[-1, 1], [3, 5]], 3: [0.0, 0.0]}], {"names": ("floor", "a")},
     ["a from −1 to 5. Standard deviation by floor: 2: 2.24, 3: 0."]),
]  # fmt: skip
NAMES = [function.__name__ for function, *_ in PICTURES]
STORED = {
    f"{name}_{n}" if (n := NAMES[: k + 1].count(name)) > 1 else name: PICTURES[k]
    for k, name in enumerate(NAMES)
}
every_picture = pytest.mark.parametrize("name", STORED)


@pytest.fixture(autouse=True)
def no_figure_stays_open():
    yield
    plt.close("all")


def drawn(name):
    function, arguments, settings, _ = STORED[name]
    return function(*arguments, **settings)


@cache
def picture(name):
    """The PNG of a plot."""
    return png(drawn(name).figure)


def words_in(ax):
    return [text.get_text() for text in ax.texts]


# -- every plot ------------------------------------------------------------------------------------


@every_picture
def test_a_plot_returns_its_axes_and_says_its_numbers(name):
    function, arguments, settings, said = STORED[name]
    ax = plt.figure().add_subplot()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert function(*arguments, ax=ax, title="So it is", **settings) is ax
        own = function(*arguments, title="So it is", **settings)
        own.figure.canvas.draw()
    for piece in said:
        assert piece in own.get_label(), own.get_label()
    assert own.get_label().startswith("So it is. ") and own.get_title(loc="left") == "So it is"
    assert own.figure is not ax.figure and own.get_label() == ax.get_label()
    assert 4 <= own.figure.get_figwidth() <= 9.5 and own.figure.get_figheight() <= 9.5


@every_picture
def test_a_plot_is_what_somebody_looked_at(name):
    now, file = picture(name), DRAWN / f"{name}.png"
    if os.environ.get("NNLIB_PICTURE") == "new":
        file.write_bytes(now)
    assert alike(file.read_bytes(), now) is not False
    assert len(now) < 100_000
    image = Image.open(io.BytesIO(now))
    assert image.convert("RGBA").getpixel((0, 0))[3] == 0 and 480 <= image.width <= 1050


def test_every_plot_is_tried_and_no_other_is_stored():
    assert {file.stem for file in DRAWN.glob("*.png")} == set(STORED)
    assert set(NAMES) == {*plots.__all__} - {"panels"}


def luminance(colour):
    parts = np.array(to_rgb(colour))
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


def contrast(one, other):
    low, high = sorted(map(luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


def background(text):
    """The colour right behind a text: of its card, or of a node, cell or dot; None for the page."""
    if text.get_bbox_patch():
        return text.get_bbox_patch().get_facecolor()
    if text.get_text() == "?":
        return colours.ACCENT
    x, y = text.get_window_extent().get_points().mean(axis=0)
    for patch in text.axes.patches if text.axes else ():
        filled = isinstance(patch, (Circle, Rectangle)) and patch.get_facecolor()[3] > 0
        if filled and patch.contains_point((x, y)):
            assert patch.get_facecolor()[3] == 1, "no text right on a fill that is see-through"
            return patch.get_facecolor()
    return None


@every_picture
def test_text_is_large_and_readable_on_a_light_and_on_a_dark_page(name):
    figure = drawn(name).figure
    figure.canvas.draw()
    texts = [text for text in figure.findobj(plt.Text) if text.get_text() and text.get_visible()]
    for text in texts:
        assert text.get_fontsize() >= 9 and text.get_alpha() is None
        behind = background(text)
        if behind is not None:
            assert contrast(text.get_color(), behind) >= 4.5, text
        else:  # 4.35 on both is as far as any colour gets
            light, dark = (contrast(text.get_color(), page) for page in PAGES)
            assert light >= 4.5 and dark >= 4, text


@every_picture
def test_a_plot_is_no_white_slab_on_a_dark_page(name):
    image = Image.open(io.BytesIO(picture(name)))
    light, dark = (np.asarray(on_page(image, page).convert("L"), dtype=float) for page in PAGES)
    assert (dark > 200).mean() < (0.5 if name.startswith("matrices") else 0.1)
    assert (light < 60).mean() < 0.1


def test_a_digit_that_becomes_another_is_seen():
    def with_digit(digit):
        ax = plots.curves(CURVE, {"u": CURVE})
        ax.set_xlabel(f"w{digit}", fontsize=9)
        return png(ax.figure)

    digits = [with_digit(digit) for digit in range(10)]
    for one, other in pairwise([*digits, digits[0], digits[8], digits[3], digits[5], digits[9]]):
        assert alike(one, one) and alike(one, other) is False


# -- much data, bad settings -----------------------------------------------------------------------

MANY, FEW = np.random.default_rng(2), {str(k): [k, k + 1.0] for k in range(50)}
LARGE = {
    "activation": (["tanh"], {"at": np.linspace(-5, 5, 99)}),
    "cost_curve": ([[[k, 1.0] for k in range(50)]], {"labels": range(50)}),
    "cost_surface": (
        [bowl, np.linspace(-3, 3, 1000), np.linspace(-3, 3, 1000)],
        {"path": {str(k): MANY.normal(size=(9, 2)) for k in range(30)},
         "arrows": MANY.normal(size=(500, 4))},
    ),
    "curves": ([[0, 1], FEW], {}),
    "decision_boundary": ([sloping, *data.moons(50_000, rng=MANY)], {}),
    "descent": ([np.square, np.linspace(2, 0, 50_000)], {"values": CURVE}),
    "ensemble_curves": ([np.arange(100), MANY.normal(size=(100, 5000))], {}),
    "houses": ([MANY.uniform(size=(500, 2)), MANY.uniform(size=(500, 1))], {}),
    "images": ([data.digits()[0]], {"titles": range(1797)}),
    "matrices": ([], {"X": MANY.normal(size=(5000, 64)), "W": MANY.normal(size=(64, 10))}),
    "network_diagram": ([random_network(784, 128, 10), {"X": MANY.uniform(size=(2, 784))}], {}),
    "neuron": ([MANY.normal(size=784), MANY.normal(size=784), 1.0], {}),
    "predicted_vs_true": ([MANY.uniform(size=(50_000, 1)), MANY.uniform(size=(50_000, 1))], {}),
    "predictions": ([MANY.uniform(size=(5000, 1)), MANY.uniform(size=(5000, 1))], {}),
    "scatter": ([MANY.normal(size=(50_000, 2)), MANY.uniform(size=(50_000, 1))], {}),
    "strip_plot": ([FEW], {}),
    "violins": ([{k: MANY.normal(size=1000) for k in range(100)}], {}),
}  # fmt: skip
ALWAYS_SMALL = {"chain", "heat_map", "tangent", "panels"}


def test_every_plot_is_tried_with_much_data():
    assert {*LARGE} | ALWAYS_SMALL == {*plots.__all__}


@pytest.mark.parametrize("name", LARGE)
def test_a_plot_of_much_data_is_quick_and_small_and_says_what_it_leaves_out(name):
    arguments, settings = LARGE[name]
    start = time.perf_counter()
    ax = getattr(plots, name)(*arguments, title="Much data", **settings)
    assert time.perf_counter() - start < (0.8 if name == "network_diagram" else 4)
    (shown,) = [text for text in words_in(ax) if text.startswith("Shown: ")]
    words = shown.replace("\n", " ")
    assert re.fullmatch(r"Shown: ([\d,]+ of [\d,]+ [\w\d ]+(, |\.$))+", words)
    assert words in ax.get_label() and len(ax.get_label()) < 9000
    width, height = ax.figure.get_size_inches()
    assert width <= 9.5 and height <= 10.5
    page, (note,) = (
        ax.figure.bbox,
        boxes(ax, [text for text in ax.texts if text.get_text() == shown]),
    )
    for text in boxes(ax, [text for text in ax.texts if text.get_text() != shown]):
        assert not note.overlaps(text.padded(-1))
    assert page.x0 <= note.x0 and note.x1 <= page.x1 and page.y0 - 12 < note.y0


def test_a_deep_network_is_drawn_in_part():
    ax = plots.network_diagram(random_network(2, *[3] * 20, 1))
    assert "Shown: 7 of 22 layers, 18 of 63 neurons." in words_in(ax) and "⋯" in words_in(ax)
    assert len(ax.lines) == 2 * 3 + 4 * 9 and ax.figure.get_figwidth() <= 9.5


BAD = [
    "x", b"x", "nonsense", 3, -1, 2.5, np.nan, 1j, [1], [object()], ["a", "b", "c"], (1, 2, 3), {1},
    {"a": 1}, {"a": object()}, {"a": [1, 2, 3]}, {}, object(), None, True, np.ones((2, 2, 2)), len,
]  # fmt: skip
REFUSED_EVERYWHERE = (bytes, complex, set, object)
SETTINGS = [
    (name, setting)
    for name, (function, *_) in STORED.items()
    if name == function.__name__
    for setting, parameter in inspect.signature(function).parameters.items()
    if parameter.kind is parameter.KEYWORD_ONLY
]


@pytest.mark.parametrize(("name", "setting"), SETTINGS)
def test_a_bad_setting_is_refused_in_one_line_that_helps(name, setting):
    """A setting works, or the error names it, what is expected and what came; never a raw one."""
    function, arguments, settings, _ = STORED[name]
    for bad in BAD:
        changed = on_axes(function) | settings | {setting: bad}
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                function(*arguments, **changed)
            except Exception as error:
                fault = unhelpful(error, (setting,), {}, own=True)
                assert fault is None, f"{setting}={bad!r:.40}: {fault}: {error!r}"
                continue
        assert type(bad) not in REFUSED_EVERYWHERE, f"{setting}={bad!r:.40} was taken"
        assert setting != "ax" or bad is None


REFUSED = {
    r"W2 must have 3 rows, one for each neuron before it; got shape \(2, 3\)":
        lambda: plots.network_diagram([(W1, b1), (W1, b1)]),
    r"b1 must have shape \(1, 3\); got \(3, 1\)":
        lambda: plots.network_diagram([(W1, b1.T), (W2, b2)]),
    r"W1 must have shape \(n_in, n_out\); got \(1, 2, 3\)":
        lambda: plots.network_diagram([(W1[np.newaxis], b1)]),
    "the dW in gradients must have the shapes of the W":
        lambda: plots.network_diagram(PARAMETERS, gradients=random_network(2, 4, 1)),
    "trace must hold X, z2, a2, …, y_hat of 3 layers; got q7":
        lambda: plots.network_diagram(PARAMETERS, {"q7": X}),
    "x and w must have the same shape": lambda: plots.neuron([1, 2], [1], 0),
    "values, gradients and slopes must be n, n and n - 1":
        lambda: plots.chain(["a", "b"], [1, 2], [1, 2], [1, 2]),
    "operators must be 0 signs": lambda: plots.matrices(X=X, operators="@="),
    "matrices must get at most 6 arrays; got 7":
        lambda: plots.matrices(**dict.fromkeys("ABCDEFG", X)),
    "function must be one of": lambda: plots.activation("step"),
    r"must have the shape of z, \(401,\); got \(\)": lambda: plots.activation(lambda z: z[0]),
    r"lines\['u'\] must have the shape of x, \(2,\); got \(3,\)":
        lambda: plots.curves([1, 2], {"u": [1, 2, 3]}),
    "labels must be a list of 2 strings; got None":
        lambda: plots.cost_curve([np.ones(9), np.ones(9)]),
    r"costs must have shape .* got \(2, 2, 2\)": lambda: plots.cost_curve(np.ones((2, 2, 2))),
    r"function must return \(22801, 1\) for \(22801, 2\); got \(22801, 2\)":
        lambda: plots.heat_map(lambda X: X, (0, 1), (0, 1)),
    r"y must have shape \(3, 1\).*reshape\(-1, 1\)":
        lambda: plots.decision_boundary(sloping, X, y.ravel()),
    r"answers must have shape \(2, K\)": lambda: plots.ensemble_curves([0, 1], [[1, 2]]),
    r"shape must give the 6 pixels of a row of X; got \(2, 2\)":
        lambda: plots.images(np.ones((2, 6))),
    "above 0 along x; got 0": lambda: plots.scatter([[0, 1]], log="x"),
    "count must be at most 12": lambda: plots.panels(13),
}  # fmt: skip


@pytest.mark.parametrize("message", REFUSED)
def test_what_a_plot_refuses(message):
    with pytest.raises((ValueError, TypeError), match=message):
        REFUSED[message]()


# -- networks and calculations ---------------------------------------------------------------------


def test_sign_is_colour_and_dash_and_size_is_width():
    ax = plots.network_diagram([([[2.0, -2.0, 0.5, -0.5, 0.0]], None)])
    assert len(ax.lines) == 4
    for line, weight in zip(ax.lines, (2.0, -2.0, 0.5, -0.5)):
        assert same_color(line.get_color(), colours.of_sign(weight))
        assert line.is_dashed() == (weight < 0)
    widths = [line.get_linewidth() for line in ax.lines]
    assert widths[0] == widths[1] > widths[2] == widths[3] > 0


def test_nodes_fill_with_their_activation_and_gradients_are_hatched():
    bare = plots.network_diagram(PARAMETERS)
    assert all(p.get_facecolor()[3] == 0 for p in bare.patches)
    ax = plots.network_diagram(PARAMETERS, {"X": [[1.0, -1.0]], "z2": [[0.0, 0, 0]]}, GRADIENTS)
    circles = [p.get_facecolor() for p in ax.patches if isinstance(p, Circle)]
    (red, _, blue, _), (other_red, _, other_blue, _) = circles[:2]
    assert blue > red and other_red > other_blue
    assert all(face[3] == 0 for face in circles[2:])
    bands = [p for p in ax.patches if p.get_hatch()]
    dW = np.concatenate([gradient.dW.ravel() for gradient in GRADIENTS])
    for band, slope in zip(bands, dW[dW != 0], strict=True):
        assert same_color(band.get_edgecolor(), colours.of_sign(slope))


def test_a_diagram_prints_weights_biases_activations_and_names():
    names = {"input_names": ["bedrooms", "quality"], "output_name": "price"}
    ax = plots.network_diagram(PARAMETERS, TRACE, **names)
    texts = "\n".join(words_in(ax))
    for expected in ("−1.25", "b = −0.3", "z = ", "0.667", "bedrooms", "price", "hidden layer"):
        assert expected in texts
    pair = plots.network_diagram(PARAMETERS, (TRACE.z, TRACE.a), **names)
    assert (pair.get_label(), words_in(pair)) == (ax.get_label(), words_in(ax))
    bare = plots.network_diagram([(W1, None), (W2, None)])
    assert not any("b = " in text for text in words_in(bare)) and "b1" not in bare.get_label()


def test_a_crowded_diagram_has_lines_without_numbers_and_says_them():
    ax = plots.network_diagram(random_network(2, 8, 8, 1), {"X": X})
    assert len(ax.lines) == 2 * 8 + 8 * 8 + 8
    assert [text for text in words_in(ax) if re.search(r"\d", text)] == [
        "0.667", "0.778", "x1", "x2",
    ]  # fmt: skip
    assert f"b3 = [0]. Sample 0: X = [{X[0, 0]:.3g}" in ax.get_label()


def boxes(ax, texts):
    """Where texts are on the page, in pixels."""
    renderer = ax.figure.canvas.get_renderer()
    ax.figure.draw_without_rendering()
    return [plt.Text.get_window_extent(text, renderer) for text in texts]


@pytest.mark.parametrize("gradients", [None, GRADIENTS])
def test_the_numbers_of_a_2_3_1_network_stand_apart(gradients):
    halves = [(np.full((2, 3), 0.5), b1), (np.full((3, 1), 0.5), b2)]
    for parameters in (PARAMETERS, halves):
        ax = plots.network_diagram(parameters, TRACE, gradients)
        numbers = [text for text in ax.texts if re.fullmatch(r"−?[\d.]+(\n∂.*)?", text.get_text())]
        centres = [np.mean(box.get_points(), axis=0) for box in boxes(ax, numbers)]
        gaps = [np.hypot(*(p - q)) for i, p in enumerate(centres) for q in centres[:i]]
        assert len(numbers) == 9 + 6 and min(gaps) > 0.2 * ax.figure.dpi


# -- functions and curves --------------------------------------------------------------------------


def test_labels_of_lines_that_end_together_stand_apart():
    labels = [f"rate {k}" for k in range(8)]
    runs = [np.array([1.0, 0.001 * k]) for k in range(8)]
    for ax in (
        plots.cost_curve(runs, labels=labels),
        plots.curves([0, 1], dict(zip(labels, runs))),
        plots.activation("sigmoid", at=dict(zip(labels, np.linspace(5, 5.5, 8)))),
    ):
        named = [text for text in ax.texts if text.get_text().startswith("rate")]
        tops = sorted((box.y0, box.y1) for box in boxes(ax, named))
        assert len(named) == 8
        assert all(high <= low + 1 for (_, high), (low, _) in pairwise(tops))
        assert tops[0][0] > ax.get_window_extent().y0 - 12 and tops[-1][1] < ax.bbox.y1 + 12


def test_thousands_along_an_axis_have_a_comma_and_decimals_none():
    ax = plots.curves([-2000.0, 0.0, 12000.0], {"J": np.array([0.1234, 0.5, 0.8])})
    ax.set_yticks([0.1234, 0.8])
    ax.figure.canvas.draw()
    across, up = (
        [tick.get_text() for tick in ticks]
        for ticks in (ax.get_xticklabels(), ax.get_yticklabels())
    )
    assert {"−2,000", "0", "12,000"} <= set(across)
    assert up == ["0.1234", "0.8000"]


def test_the_numbers_of_contours_are_whole_and_lie_on_no_other_text():
    steep = np.linspace(-1, 1, 41)
    for ax in (
        plots.cost_surface(lambda u, v: np.exp(3 * u - 4 * v), steep, steep, path=[[0, 0], [1, 1]]),
        plots.cost_surface(bowl, GRID, GRID, path=[[2, 2], [0.5, -0.5]]),
        plots.cost_surface(bowl, GRID, GRID, path=PATHS),
    ):
        found, rim = boxes(ax, ax.texts), ax.get_window_extent()
        for k, (text, box) in enumerate(zip(ax.texts, found, strict=True)):
            assert not box.count_overlaps(found[:k])
            if text.get_text().isdigit():
                assert rim.x0 < box.x0 and box.x1 < rim.x1 and rim.y0 < box.y0 and box.y1 < rim.y1
        assert len(ax.texts) >= 4


@pytest.mark.parametrize(
    ("path", "side"),
    [([[-1, -1], [1, 1]], -1), ([[1, 1], [-1, -1]], 1), ([[-2.9, -2.9], [1, 1]], 1)],
)
def test_start_stands_behind_the_start_of_a_path(path, side):
    ax = plots.cost_surface(bowl, GRID, GRID, path=path)
    ax.figure.canvas.draw()
    (box,) = boxes(ax, [text for text in ax.texts if text.get_text() == "start"])
    middle = np.mean(box.get_points(), axis=0)
    np.testing.assert_array_equal(np.sign(middle - ax.transData.transform(path[0])), side)


def test_a_surface_that_is_flat_or_rounding_noise_is_drawn():
    ax = plots.cost_surface(lambda u, v: u * u + v * v + 1e-9, [-1, 0, 1], [-1, 0, 1])
    assert "lowest 0 at (0, 0)" in ax.get_label() and "lowest 0" in words_in(ax)
    for height in (0.0, 3.0):
        ax = plots.cost_surface(lambda u, v, height=height: height, [0, 1], [0, 1])
        ax.figure.canvas.draw()
        assert f"lowest {height:.0f} at (0, 0), highest {height:.0f}" in ax.get_label()


def test_several_paths_have_a_colour_and_a_name_each():
    ax = plots.cost_surface(bowl, GRID, GRID, path=PATHS)
    named = {text.get_text(): text.get_color() for text in ax.texts}
    ways = [way for way in ax.lines if len(way.get_xdata()) > 1]
    for (label, path), way in zip(PATHS.items(), ways, strict=True):
        np.testing.assert_array_equal(way.get_xydata(), path)
        assert same_color(way.get_color(), named[label])
    assert not same_color(named["slow"], named["fast"])
    assert words_in(ax).count("start") == 1


def test_a_cost_of_zero_has_no_place_on_a_logarithmic_axis_and_is_no_error():
    for ax in (
        plots.cost_curve([4.0, 1.0, 0.0], log=True),
        plots.curves([0, 1, 2], {"1": [4.0, 1.0, 0.0]}, log="y"),
    ):
        ax.figure.canvas.draw()
        np.testing.assert_array_equal(ax.lines[0].get_ydata(), [4, 1, np.nan])
        (end,) = [text for text in ax.texts if text.get_text() == "1"]
        assert end.xy == (1, 1)


def test_a_logarithmic_plot_of_rounding_errors_says_no_unstable_number():
    steps = 10.0 ** -np.arange(1, 13)
    label = plots.curves(steps, {"central": steps**2 + 1e-16 / steps}, log="xy").get_label()
    assert label == "y over x from 1e−12 to 0.1. central."


def test_a_violin_is_widest_where_most_numbers_are():
    values = np.array([-1.0] * 3 + [0.0] * 9 + [1.0] * 3)
    ax = plots.violins({"a": values, "b": values / 1000})
    wide, narrow = ([path.get_extents() for path in shape.get_paths()] for shape in ax.collections)
    found = {round(box.y0 + box.height / 2): box.width for box in wide}
    assert found == pytest.approx({-1: 0.86 / 3, 0: 0.86, 1: 0.86 / 3})
    assert all(box.x0 + box.width / 2 == pytest.approx(0) for box in wide)
    assert len(narrow) == 1 and narrow[0].x0 + narrow[0].width / 2 == pytest.approx(1)
    assert narrow[0].y0 == pytest.approx(-narrow[0].y1)


def test_without_a_function_there_are_only_the_samples():
    bare = plots.decision_boundary(None, *data.xor(), threshold=0.1)
    filled = plots.decision_boundary(sloping, *data.xor())
    assert not bare.images and filled.images
    assert bare.get_xlim() == filled.get_xlim() and bare.get_ylim() == filled.get_ylim()
    assert [len(line.get_xdata()) for line in bare.lines] == [2, 2]


def test_a_wrong_slope_shows_as_a_miss():
    right = plots.tangent(np.square, 1, values=CURVE)
    wrong = plots.tangent(np.square, 1, values=CURVE, slope=-3)
    assert "slope 2." in right.get_label() and "slope −3." in wrong.get_label()
    assert wrong.lines[1].is_dashed() and not right.lines[1].is_dashed()


# -- samples and panels ----------------------------------------------------------------------------


def test_panels_stand_in_rows():
    assert [len(plots.panels(count)) for count in (1, 2, 4)] == [1, 2, 4]
    for count in (3, 4):
        axes = plots.panels(count, rows=2)
        places = [ax.get_subplotspec() for ax in axes]
        assert [(place.rowspan.start, place.colspan.start) for place in places] == [
            (0, 0), (0, 1), (1, 0), (1, 1),
        ][:count]  # fmt: skip
        assert axes[0].figure.axes == [*axes]  # no empty one
    assert plots.panels(3, rows=5)[0].get_gridspec().nrows == 3


def test_dots_show_their_values_by_colour_and_have_another_shape_below_0():
    shaded = plots.scatter([[0, 0], [1, 1]], [[1], [9]]).collections[0]
    low, high = shaded.to_rgba(shaded.get_array())[:, :3]
    assert contrast(low, high) > 1.3
    above, below = plots.scatter([[0, 0], [1, 1]], [[-1], [9]]).collections
    assert same_color(above.get_facecolor()[0, :3], colours.POSITIVE)
    assert same_color(below.get_facecolor()[0, :3], colours.NEGATIVE)
    assert above.get_sizes()[0] > below.get_sizes()[0]
    assert len(above.get_paths()[0].vertices) != len(below.get_paths()[0].vertices)


def test_images_stand_upright_side_by_side():
    ax = plots.images([[1, 2, 3, 4], [5, 6, 7, 8], [9, 9, 9, 9]], columns=2)
    first, second, third = ax.images
    np.testing.assert_array_equal(first.get_array(), [[1, 2], [3, 4]])
    assert first.origin == "upper"
    assert first.get_extent()[1] < second.get_extent()[0]
    assert third.get_extent()[3] < first.get_extent()[2]


def test_predictions_on_the_diagonal_are_equal_to_the_truth():
    ax = plots.predicted_vs_true([[1], [3]], [[1], [2]], error_bars=[[0.5], [2]])
    diagonal, dots = ax.lines[0], ax.lines[-1]
    np.testing.assert_array_equal(diagonal.get_xdata(), diagonal.get_ydata())
    np.testing.assert_array_equal(dots.get_xydata(), [[1, 1], [2, 3]])
    (bars,) = ax.collections
    assert [tuple(line[:, 1]) for line in bars.get_segments()] == [(0.5, 1.5), (1, 5)]


# -- scripts and notebooks -------------------------------------------------------------------------


def script(code):
    """What a plain Python with warnings as errors prints for `code`."""
    command = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0 and done.stderr == "", done.stderr
    return done.stdout


def test_the_library_alone_loads_no_matplotlib():
    modules = "nnlib, nnlib.network, nnlib.training, nnlib.data, nnlib.colours, nnlib.formatting"
    assert script(f"import sys, {modules}\nprint('matplotlib' in sys.modules)") == "False\n"


def test_in_a_script_nothing_is_printed_and_only_the_style_changes(tmp_path):
    target = tmp_path / "picture.png"
    code = f"""
import matplotlib
matplotlib.use("agg")
from nnlib import plots
plots.cost_curve([2.0, 1.0], log=True).figure.savefig({str(target)!r})
assert "IPython" not in __import__("sys").modules
matplotlib.rcdefaults()
"""
    assert script(code) == ""
    assert target.read_bytes().startswith(b"\x89PNG")


CELLS = (
    "import warnings\nwarnings.simplefilter('error')\nfrom nnlib import plots",
    "plots.cost_curve([2.0, 1.0], title='A < B');",
    "plots.cost_curve([2.0, 1.0], title='A < B')",
    "ax = plots.cost_curve([2.0, 1.0], title='A < B')\nax.figure",
    "left, right = plots.panels(2)\nplots.cost_curve([2.0, 1.0], ax=left)\n"
    "plots.cost_curve([3.0, 1.0], ax=right);",
    "import matplotlib.pyplot as plt\nplt.plot([1, 2])[0].axes.set_title('My own')\nplt.show()",
    "print(plt.get_fignums())",
)


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """The outputs of each cell of CELLS, from a real kernel."""
    cells = [nbformat.v4.new_code_cell(source) for source in CELLS]
    notebook = nbformat.v4.new_notebook(cells=cells)
    return [cell.outputs for cell in nbtools.run(notebook, tmp_path_factory.mktemp("kernel")).cells]


@pytest.mark.parametrize("cell", [1, 2, 3])
def test_a_notebook_shows_a_figure_once_with_its_words(shown, cell):
    said = "A < B. Cost 2 at the start, 1 after 1 epoch."
    picture, words = shown[cell]
    assert {*picture.data} == {"image/png", "text/plain"} and picture.data["text/plain"] == said
    assert picture.metadata["image/png"]["alt"] == said
    assert {*words.data} == {"text/html", "text/plain"} and words.data["text/plain"] == said
    html = words.data["text/html"]
    assert html.startswith("<details><summary>") and said.replace("<", "&lt;") in html
    assert "<" not in html[html.index("A &lt;") : html.index("</details>")]


def test_the_words_of_panels_are_joined(shown):
    picture, _ = shown[4]
    first, second = ("Cost 2 at the start", "Cost 3 at the start")
    assert re.search(f"{first}.*{second}", picture.data["text/plain"])


def test_a_learners_own_figure_shows_too_and_no_figure_stays_open(shown):
    assert shown[5][0].data["text/plain"] == "My own"
    assert sum("image/png" in output.data for output in shown[5]) == 1
    assert shown[6][0].text == "[]\n"


def test_a_png_is_the_same_each_time_and_true_to_the_full_one():
    def figure():
        return plots.network_diagram(PARAMETERS, TRACE, GRADIENTS).figure

    small, full = png(figure()), io.BytesIO()
    assert small == png(figure())
    figure().savefig(full, format="png", bbox_inches="tight")
    for page in PAGES:
        pair = (on_page(Image.open(io.BytesIO(one)), page) for one in (small, full.getvalue()))
        one, other = (np.asarray(picture, dtype=float) for picture in pair)
        assert np.abs(one - other).max() <= 48 and np.abs(one - other).mean() < 0.5
    assert len(small) < len(full.getvalue()) / 2
