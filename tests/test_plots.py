"""The pictures: what they say, what colours and dashes mean, what they refuse, how they show.

Each is compared with tests/drawn/*.png, which somebody looked at. After a change that is meant,
`NNLIB_PICTURE=new python3 start.py test tests/test_plots.py` stores what is drawn now, to look at.
"""

import os
import re
import subprocess
import sys
import warnings
from base64 import b64decode
from itertools import pairwise
from pathlib import Path

import matplotlib.pyplot as plt
import nbformat
import nbtools
import numpy as np
import pytest
from matplotlib.colors import same_color
from matplotlib.figure import Figure
from pictures import alike

from nnlib import _figures, colours, data, plots
from nnlib.activations import sigmoid
from nnlib.network import (
    Network,
    backward_propagation,
    forward_propagation,
    initialize_parameters,
)

DRAWN = Path(__file__).parent / "drawn"
NETWORK = Network((2, 3, 1))
W1, b1 = np.array([[0.5, -1.25, 2.0], [0.25, 0.75, -0.5]]), np.array([[0.1, 0.0, -0.3]])
W2, b2 = np.array([[1.5], [-0.125], [0.0]]), np.array([[0.6]])
PARAMETERS = ((W1, b1), (W2, b2))
HOUSES, PRICES = data.houses()
X, y = HOUSES / HOUSES.max(axis=0), PRICES / 100
TRACE = forward_propagation(NETWORK, PARAMETERS, X)
GRADIENTS = backward_propagation(NETWORK, PARAMETERS, TRACE, y)
DEEP = initialize_parameters(Network((2, 4, 2, 1)), np.random.default_rng(1))


def bowl(u, v):
    return (u - 1) ** 2 + 2 * (v + 1) ** 2


RNG = np.random.default_rng(1)
GRID = np.linspace(-3, 3, 25)
STEPS = {"path": [[-2, 2], [0, 0]], "arrows": [(0, 0, 1, -1)], "points": {"now": (2, 1)}}
CURVE = np.linspace(-2, 2, 41)
LINE = np.array([[0.5], [0.25]])

# Each picture once: the function, its arguments, and what its words must hold.
PICTURES = [
    (
        (plots.activation, "sigmoid"),
        {"at": {"house": 2, "flat": 9}, "slope": True},
        ["house: z = 2 gives a = 0.881", "flat: z = 9 gives a = 1", "slope is at most 0.25"],
    ),
    (
        (plots.chain, "wzJ", [2, -0.5, 0.1], [3, 0.25], [0.75, 0.25, 1]),
        {},
        ["w = 2, z = -0.5, J = 0.1", "3, 0.25", "∂J/∂w = 0.75"],
    ),
    (
        (plots.cost_curve, np.array([0.5, 0.25, 0.125])),
        {"levels": {"mean": 0.2}},
        ["Cost 0.5 at the start, 0.125 after 2 epochs.", "mean: cost 0.2"],
    ),
    (
        (plots.cost_curve, [[4, 2], [4, np.inf]]),
        {"labels": ["a", "b"], "log": True},
        ["a: Cost 4 at the start, 2 after 1 epochs.", "b: Cost 4 at the start, no finite number"],
    ),
    (
        (plots.cost_curve, np.array([[4, 3], [2, 1]])),
        {},
        ["Cost 4 at the start, 1 to 2 after 1 epochs in 2 networks."],
    ),
    (
        (plots.cost_surface, bowl, GRID, GRID),
        STEPS,
        [
            "lowest 0 at (1, -1)",
            "highest 48",
            "1 steps from (-2, 2), cost 27, to (0, 0), cost 3",
            "Arrow at (0, 0): (1, -1)",
            "now: (2, 1), cost 9",
        ],
    ),
    (
        (plots.curves, [1, 2, 4], {"u": [3, 5, 7]}),
        {"points": {"p": (2, 5)}},
        ["y over x from 1 to 4.", "u: from 3 to 7.", "p: x 2, y 5."],
    ),
    (
        (plots.decision_boundary, lambda X: X @ LINE, *data.xor()),
        {},
        ["4 samples, 2 of class 1; on the right side of the boundary: 1."],
    ),
    ((plots.decision_boundary, None, *data.moons(30, rng=RNG)), {}, ["30 samples, 15 of class 1."]),
    (
        (plots.descent, np.square, [2, 1, 0.5]),
        {"values": CURVE},
        ["J over w from -2 to 2.", "2 steps lead from w = 2, J 4, to w = 0.5, J 0.25"],
    ),
    (
        (plots.fan, [0, 10], [[9, 9, 9], [1, 2, 4]]),
        {"known": {"plane": 40}, "points": {"p": (5, 3)}},
        ["3 networks at epoch 10: answer from 1 to 4", "1.5 and 3, median 2", "plane: 40."],
    ),
    (
        (plots.heat_map, lambda X: X @ LINE, (0, 2), (-4, 0)),
        {},
        ["x1 from 0 to 2 and x2 from -4 to 0: from -1 to 1."],
    ),
    (
        (plots.houses, HOUSES, PRICES),
        {"question": (4, 7), "box": (3, 9)},
        ["bedrooms 1, quality 3: 89.", "question is bedrooms 4, quality 7.", "0 to 3 by 0 to 9"],
    ),
    (
        (plots.matrices,),
        {"X": HOUSES, "W1": W1, "z2": HOUSES @ W1, "operators": "@="},
        ["@ =", "X (3 by 2) = [2, 7; 1, 3; 3, 9]", "W1 (2 by 3) = [0.5, -1.25, 2; 0.25, 0.75,"],
    ),
    (
        (plots.matrices,),
        {"X": HOUSES, "u": W1, "v": W1, "row_names": "abc", "column_names": ["rooms", "quality"]},
        ["X (3 by 2) = [2, 7; 1, 3; 3, 9]"],
    ),
    (
        (plots.network_diagram, PARAMETERS, TRACE, GRADIENTS),
        {"sample": 2},
        [
            "2-3-1 nodes",
            "W1 = [0.5, -1.25, 2; 0.25, 0.75, -0.5], b1 = [0.1, 0, -0.3].",
            "W2 = [1.5; -0.125; 0], b2 = [0.6].",
            "dW2 = [",
            "db1 = [",
            "Sample 2: X = [1, 1], z2 = [0.85, -0.5, 1.2]",
            f"y_hat = [{TRACE.y_hat[2, 0]:.3g}]",
        ],
    ),
    (
        (plots.network_diagram, DEEP, {"X": X}),
        {"input_names": ["bedrooms", "quality"]},
        ["2-4-2-1 nodes", "b3 = [0]", "Sample 0: X = [0.667, 0.778]."],
    ),
    (
        (plots.neuron, [2, 7], [0.5, -0.25], 0.75),
        {"output_name": "price"},
        ["x1 2 times 0.5, x2 7 times -0.25, plus bias 0.75, gives z = 0; its sigmoid is a = 0.5"],
    ),
    (
        (plots.predictions, [[90], [80]], [[94], [70]]),
        {"before": [[10], [20]]},
        ["sample 1: predicted 90, true 94, before 10.", "sample 2: predicted 80, true 70,"],
    ),
    (
        (plots.cost_surface, bowl, GRID, GRID),
        {"path": {"slow": [[-2, 2], [0, 0]], "fast": [[-2, 2], [2, 1], [1, -1]]}},
        [
            "slow: a path of 1 steps from (-2, 2), cost 27, to (0, 0), cost 3.",
            "fast: a path of 2 steps from (-2, 2), cost 27, to (1, -1), cost 0.",
        ],
    ),
    (
        (plots.spreads, {2: [[-1, 1], [3, 5]], 3: [0.0, 0.0]}),
        {"names": ("floor", "a")},
        ["a from -1 to 5. Standard deviation by floor is 2: 2.24, 3: 0."],
    ),
    (
        (plots.scatter, [[121.51, 2], [121.53, 8], [121.55, 5]], [[1], [4], [9]]),
        {"names": ("longitude", "u"), "unit": "price", "marks": {"here": 1}, "log": "y"},
        [
            "3 samples. longitude from 121.510 to 121.550. u from 2 to 8. price from 1 to 9.",
            "here: longitude 121.530, u 8.",
        ],
    ),
    ((plots.scatter, [[1, 2], [3, 4]], [[-5], [2]]), {}, ["value from -5 to 2."]),
    (
        (plots.images, np.arange(12).reshape(3, 4)),
        {"titles": ["a", "b", 3], "columns": 2},
        ["3 pictures of 2 by 2 pixels: a, b, 3."],
    ),
    (
        (plots.images, [[-1.0, 0, 1, 2, 3, 4]]),
        {"shape": (2, 3), "titles": ["a"]},
        ["1 pictures of 2 by 3 pixels: a."],
    ),
    (
        (plots.against, [[1], [2], [9]], [[1], [4], [5]]),
        {"spread": [[0.5], [1], [3]], "marks": {"far": 2}, "names": ("paid", "said")},
        [
            "3 samples: paid from 1 to 5, said from 1 to 9.",
            "±0.5 to ±3, half of them below ±1.",
            "far: paid 5, said 9.",
        ],
    ),
    (
        (plots.strips, {"plane": [1, 3], "mean": [4, 4]}),
        {"best": "plane", "name": "RMSE"},
        ["RMSE: plane 2 on average, from 1 to 3; mean 4 on average, from 4 to 4."],
    ),
    (
        (plots.tangent, lambda w: w * w, 1.5),
        {"values": CURVE},
        ["J over w from -2 to 2.", "At w = 1.5 it is 2.25, with slope 3."],
    ),
    (
        (plots.tangent, lambda w: w * w, -1),
        {"values": CURVE, "run": 0.5, "slope": -1},
        ["At w = -1 it is 1, with slope -1."],
    ),
]


@pytest.fixture(autouse=True)
def no_figure_stays_open():
    yield
    plt.close("all")


def drawn(ax, kind):
    """The lines, patches or texts of an Axes, in the order in which they were drawn."""
    return list(getattr(ax, kind))


@pytest.mark.parametrize(("call", "options", "said"), PICTURES)
def test_a_picture_returns_its_axes_and_says_its_numbers(call, options, said):
    function, *arguments = call
    ax = plt.figure().add_subplot()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert function(*arguments, ax=ax, **options) is ax
        own = function(*arguments, **options)
        own.figure.canvas.draw()
    for piece in said:
        assert piece in ax.get_label(), ax.get_label()
    assert own.figure is not ax.figure and own.get_label() == ax.get_label()
    assert 6 <= own.figure.get_figwidth() <= 9.5
    sizes = [text.get_fontsize() for text in own.findobj(plt.Text) if text.get_text()]
    assert min(sizes) >= 9


def named(pictures):
    """The name under which each picture is stored: activation, curves, curves_2 …"""
    names = [call[0].__name__ for call, *_ in pictures]
    counts = [names[: k + 1].count(name) for k, name in enumerate(names)]
    return [f"{name}_{count}" if count > 1 else name for name, count in zip(names, counts)]


STORED = dict(zip(named(PICTURES), PICTURES))


@pytest.mark.parametrize("name", STORED)
def test_a_picture_is_what_somebody_looked_at(name):
    (function, *arguments), options, _ = STORED[name]
    png = b64decode(_figures.png(function(*arguments, **options).figure))
    file = DRAWN / f"{name}.png"
    if os.environ.get("NNLIB_PICTURE") == "new":
        file.write_bytes(png)
    assert alike(file.read_bytes(), png) is not False


def test_a_digit_in_a_picture_that_is_another_is_seen():
    def png(digit):
        ax = plots.curves(CURVE, {"u": CURVE})
        ax.set_xlabel(f"w{digit}", fontsize=9)
        return b64decode(_figures.png(ax.figure))

    digits = [png(digit) for digit in range(10)]
    for one, other in pairwise([*digits, digits[0], digits[8], digits[3], digits[5], digits[9]]):
        assert alike(one, one) and alike(one, other) is False


def test_marks_without_a_name_are_not_named():
    words = plots.activation("relu", at=[-2, 3]).get_label()
    assert words.endswith("8. z = -2 gives a = 0. z = 3 gives a = 3.")


def test_every_picture_of_the_module_is_tried_and_no_other_is_stored():
    assert {file.stem for file in DRAWN.glob("*.png")} == set(STORED)
    assert {call[0].__name__ for call, *_ in PICTURES} == {*plots.__all__} - {"panels"}


def test_the_title_is_to_the_left_and_begins_the_words():
    ax = plots.cost_curve([2.0, 1.0], title="The cost falls")
    assert ax.get_title(loc="left") == "The cost falls"
    assert ax.get_label() == "The cost falls. Cost 2 at the start, 1 after 1 epochs."


def test_words_hold_no_rounding_noise():
    def said(*values):
        return plots.chain("wzJ", values, [1, 1], [1, 1, 1]).get_label()

    assert "w = 0, z = 0.125, J = 0;" in said(0.1 + 0.2 - 0.3, 0.125 * (1 + 1e-15), -1e-17)
    assert "w = -12,346, z = 1.23e+06, J = 1e-06;" in said(-12345.6, 1234567, 1e-6)
    half_way = 0.1245 * (1 + 1e-14 * np.array([[-1], [1]])) * np.ones(3)
    assert said(*half_way[0]) == said(*half_way[1])


def test_sign_is_colour_and_dash_and_size_is_width():
    ax = plots.network_diagram([([[2.0, -2.0, 0.5, -0.5, 0.0]], None)])
    lines = drawn(ax, "lines")
    assert len(lines) == 4
    for line, weight in zip(lines, (2.0, -2.0, 0.5, -0.5)):
        wanted = colours.NEGATIVE if weight < 0 else colours.POSITIVE
        assert same_color(line.get_color(), wanted)
        assert line.is_dashed() == (weight < 0)
    widths = [line.get_linewidth() for line in lines]
    assert widths[0] == widths[1] > widths[2] == widths[3] > 0


def test_nodes_fill_with_their_activation_and_gradients_are_hatched():
    from matplotlib.patches import Circle

    bare = plots.network_diagram(PARAMETERS)
    assert all(same_color(p.get_facecolor(), "white") for p in bare.patches)
    ax = plots.network_diagram(PARAMETERS, {"X": [[1.0, -1.0]], "z2": [[0.0, 0, 0]]}, GRADIENTS)
    circles = [p for p in ax.patches if isinstance(p, Circle)]
    red, _, blue, _ = np.transpose([p.get_facecolor() for p in circles])
    assert blue[0] > red[0] and red[1] > blue[1]
    assert all(red[2:] == 1) and all(blue[2:] == 1)
    bands = [p for p in ax.patches if p.get_hatch()]
    dW = np.concatenate([gradient.dW.ravel() for gradient in GRADIENTS])
    dW = dW[dW != 0]
    for band, slope in zip(bands, dW, strict=True):
        wanted = colours.NEGATIVE if slope < 0 else colours.POSITIVE
        assert same_color(band.get_edgecolor(), wanted)


def test_a_trace_may_be_two_dicts_by_layer_number():
    pair = plots.network_diagram(PARAMETERS, (TRACE.z, TRACE.a)).get_label()
    assert pair == plots.network_diagram(PARAMETERS, TRACE).get_label()


def test_a_diagram_prints_weights_biases_activations_and_names():
    ax = plots.network_diagram(
        PARAMETERS, TRACE, input_names=["bedrooms", "quality"], output_name="price"
    )
    texts = "\n".join(text.get_text() for text in ax.texts)
    for wanted in ("−1.25", "b = −0.3", "z = ", "0.667", "bedrooms", "price", "hidden layer"):
        assert wanted in texts
    bare = plots.network_diagram([(W1, None), (W2, None)])
    assert not any("b = " in text.get_text() for text in bare.texts)
    assert "b1" not in bare.get_label()


def test_a_crowded_diagram_has_lines_without_numbers_and_says_them():
    parameters = initialize_parameters(Network((2, 8, 8, 1)), np.random.default_rng(2))
    ax = plots.network_diagram(parameters, {"X": X})
    assert len(ax.lines) == 2 * 8 + 8 * 8 + 8
    texts = [text.get_text() for text in ax.texts]
    assert [text for text in texts if re.search(r"\d", text)] == ["0.667", "0.778", "x1", "x2"]
    assert f"b3 = [0]. Sample 0: X = [{X[0, 0]:.3g}" in ax.get_label()


def boxes(ax, texts):
    """Where texts are on the page, upright, in pixels."""
    renderer = ax.figure.canvas.get_renderer()
    ax.figure.draw_without_rendering()
    return [plt.Text.get_window_extent(text, renderer) for text in texts]


@pytest.mark.parametrize("gradients", [None, GRADIENTS])
def test_the_numbers_of_a_2_3_1_network_stand_apart(gradients):
    halves = [(np.full((2, 3), 0.5), b1), (np.full((3, 1), 0.5), b2)]
    for parameters in (PARAMETERS, halves):
        ax = plots.network_diagram(parameters, TRACE, gradients)
        numbers = [text for text in ax.texts if re.fullmatch(r"−?[\d.]+(\n∂.*)?", text.get_text())]
        for text in numbers:
            text.set_rotation(0)
        centres = [np.mean(box.get_points(), axis=0) for box in boxes(ax, numbers)]
        gaps = [np.hypot(*(p - q)) for i, p in enumerate(centres) for q in centres[:i]]
        assert len(numbers) == 9 + 6 and min(gaps) > 0.2 * ax.figure.dpi


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
    ):
        texts = ax.texts
        found, rim = boxes(ax, texts), ax.get_window_extent()
        for k, (text, box) in enumerate(zip(texts, found, strict=True)):
            assert not box.count_overlaps(found[:k])
            if text.get_text().isdigit():
                assert rim.x0 < box.x0 and box.x1 < rim.x1 and rim.y0 < box.y0 and box.y1 < rim.y1
        assert len(texts) > 4


def test_start_stands_behind_the_start_of_a_path():
    for path, side in (
        ([[-1, -1], [1, 1]], -1),
        ([[1, 1], [-1, -1]], 1),
        ([[-2.9, -2.9], [1, 1]], 1),
    ):
        ax = plots.cost_surface(bowl, GRID, GRID, path=path)
        ax.figure.canvas.draw()
        (start,) = [text for text in ax.texts if text.get_text() == "start"]
        (box,) = boxes(ax, [start])
        at, middle = ax.transData.transform(path[0]), ((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2)
        np.testing.assert_array_equal(np.sign(middle - at), side)


def test_a_cost_that_is_rounding_noise_is_called_0():
    ax = plots.cost_surface(lambda u, v: u * u + v * v + 1e-9, [-1, 0, 1], [-1, 0, 1])
    assert "lowest 0 at (0, 0)" in ax.get_label()
    assert "lowest 0" in [text.get_text() for text in ax.texts]


def test_a_path_that_ends_on_the_left_has_its_name_below_all_paths():
    paths = {"short": [[-2, 2], [-1, 0]], "long": [[-2, 2], [-1, -1], [1, 0]]}
    ax = plots.cost_surface(bowl, GRID, GRID, path=paths)
    name = next(text for text in ax.texts if text.get_text() == "short")
    (box,) = boxes(ax, [name])
    low, end = ax.transData.transform([[-1, -1], [-1, 0]])
    assert box.y1 < low[1] and abs((box.x0 + box.x1) / 2 - end[0]) < 1


def test_many_layers_have_every_second_name_and_the_last_one():
    layers = {k: np.array([0.0, 1.0]) for k in range(2, 12)}
    ax = plots.spreads(layers)
    assert sorted(int(tick.get_text()) for tick in ax.get_xticklabels()) == [3, 5, 7, 9, 11]


def test_several_paths_have_a_colour_and_a_name_each():
    paths = {"slow": [[-2, 2], [0, 0]], "fast": [[-2, 2], [1, -1]]}
    ax = plots.cost_surface(bowl, GRID, GRID, path=paths)
    named = {text.get_text(): text.get_color() for text in ax.texts}
    ways = [way for way in ax.lines if len(way.get_xdata()) == 2]
    for (label, path), way in zip(paths.items(), ways, strict=True):
        np.testing.assert_array_equal(way.get_xydata(), path)
        assert same_color(way.get_color(), named[label])
    assert not same_color(named["slow"], named["fast"])
    assert sum(text.get_text() == "start" for text in ax.texts) == 1


def test_a_cost_of_zero_has_no_place_on_a_logarithmic_axis_and_is_no_error():
    for ax in (
        plots.cost_curve([4.0, 1.0, 0.0], log=True),
        plots.curves([0, 1, 2], {"1": [4.0, 1.0, 0.0]}, log="y"),
    ):
        ax.figure.canvas.draw()
        np.testing.assert_array_equal(ax.lines[0].get_ydata(), [4, 1, np.nan])
        (end,) = [text for text in ax.texts if text.get_text() == "1"]
        assert end.xy == (1, 1)


def test_a_flat_surface_is_drawn():
    for height in (0.0, 3.0):
        ax = plots.cost_surface(lambda u, v, height=height: height, [0, 1], [0, 1])
        ax.figure.canvas.draw()
        assert f"lowest {height:.0f} at (0, 0), highest {height:.0f}" in ax.get_label()


def test_a_spread_is_widest_where_most_numbers_are():
    values = np.array([-1.0] * 3 + [0.0] * 9 + [1.0] * 3)
    ax = plots.spreads({"a": values, "b": values / 1000})
    wide, narrow = ([path.get_extents() for path in shape.get_paths()] for shape in ax.collections)
    found = {round(box.y0 + box.height / 2): box.width for box in wide}
    assert found == pytest.approx({-1: 0.86 / 3, 0: 0.86, 1: 0.86 / 3})
    assert all(box.x0 + box.width / 2 == pytest.approx(0) for box in wide)
    assert len(narrow) == 1 and narrow[0].x0 + narrow[0].width / 2 == pytest.approx(1)
    assert narrow[0].y0 == pytest.approx(-narrow[0].y1)


def test_without_a_function_there_are_only_the_samples():
    drawn = plots.decision_boundary(None, *data.xor(), level=0.1)
    filled = plots.decision_boundary(lambda X: X @ LINE, *data.xor())
    assert not drawn.collections and filled.collections
    assert drawn.get_xlim() == filled.get_xlim() and drawn.get_ylim() == filled.get_ylim()
    assert [len(line.get_xdata()) for line in drawn.lines] == [2, 2]


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


def test_dots_are_darker_for_more_and_have_another_shape_below_0():
    shaded = plots.scatter([[0, 0], [1, 1]], [[1], [9]]).collections[0]
    light, dark = shaded.to_rgba(shaded.get_array())[:, :3].sum(axis=1)
    assert light > dark
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


def test_predictions_on_the_diagonal_are_right():
    ax = plots.against([[1], [3]], [[1], [2]], spread=[[0.5], [2]])
    diagonal, dots = ax.lines[0], ax.lines[-1]
    np.testing.assert_array_equal(diagonal.get_xdata(), diagonal.get_ydata())
    np.testing.assert_array_equal(dots.get_xydata(), [[1, 1], [2, 3]])
    (bars,) = ax.collections
    assert [tuple(line[:, 1]) for line in bars.get_segments()] == [(0.5, 1.5), (1, 5)]


def test_a_wrong_slope_shows_as_a_miss():
    right = plots.tangent(np.square, 1, values=np.linspace(-2, 2, 9))
    wrong = plots.tangent(np.square, 1, values=np.linspace(-2, 2, 9), slope=-3)
    assert "slope 2." in right.get_label() and "slope -3." in wrong.get_label()
    assert wrong.lines[1].is_dashed() and not right.lines[1].is_dashed()


def test_a_logarithmic_picture_of_rounding_errors_says_no_unstable_number():
    steps = 10.0 ** -np.arange(1, 13)
    label = plots.curves(steps, {"central": steps**2 + 1e-16 / steps}, log="xy").get_label()
    assert label == "y over x from 1e-12 to 0.1. central."


def test_inputs_are_not_changed():
    before = [array.copy() for array in (W1, b1, X, y)]
    plots.network_diagram(PARAMETERS, TRACE)
    plots.houses(X, y)
    for old, new in zip(before, (W1, b1, X, y)):
        np.testing.assert_array_equal(old, new)


@pytest.mark.parametrize(
    ("call", "message"),
    {
        "no pairs": (lambda: plots.network_diagram((W1, W2)), r"pairs \(W, b\)"),
        "layers that do not fit": (
            lambda: plots.network_diagram([(W1, b1), (W1, b1)]),
            r"W2 must have 3 rows, one a node before it; got \(2, 3\)",
        ),
        "a bias in a column": (
            lambda: plots.network_diagram([(W1, b1.T), (W2, b2)]),
            r"b1 must have shape \(1, 3\); got \(3, 1\)",
        ),
        "a stack": (
            lambda: plots.network_diagram([(W1[np.newaxis], b1)]),
            r"W1 must have shape \(n_in, n_out\); got \(1, 2, 3\)",
        ),
        "gradients of another network": (
            lambda: plots.network_diagram(PARAMETERS, gradients=DEEP),
            "the dW in gradients must have the shapes of W",
        ),
        "no such sample": (
            lambda: plots.network_diagram(PARAMETERS, TRACE, sample=3),
            r"sample must be a row of .* \(3, .\); got 3",
        ),
        "an unknown name in the trace": (
            lambda: plots.network_diagram(PARAMETERS, {"q7": X}),
            "trace must hold X, z2, a2, …, y_hat of 3 layers; got q7",
        ),
        "too few names": (
            lambda: plots.network_diagram(PARAMETERS, input_names=["rooms"]),
            "a name for each of 2 nodes",
        ),
        "a neuron without a weight": (lambda: plots.neuron([1, 2], [1], 0), "one same shape"),
        "a broken chain": (lambda: plots.chain("ab", [1, 2], [1, 2], [1, 2]), "slopes one shorter"),
        "signs": (lambda: plots.matrices(X=X, operators="@="), "operators must be 0 signs"),
        "no matrices": (lambda: plots.matrices(), "arrays of shape"),
        "an unknown activation": (lambda: plots.activation("step"), "function must be one of"),
        "a function of one number": (
            lambda: plots.activation(lambda z: z[0]),
            r"must have the shape of z, \(401,\); got \(\)",
        ),
        "lines of another length": (
            lambda: plots.curves([1, 2], {"u": [1, 2, 3]}),
            r"u must have the shape of x, \(2,\); got \(3,\)",
        ),
        "labels": (lambda: plots.cost_curve([[1, 2]], labels=["a", "b"]), "each of the 1 runs"),
        "no labels": (
            lambda: plots.cost_curve([np.ones(9), np.ones(9)]),
            "labels must name each of the 2 runs in costs; got None",
        ),
        "costs": (lambda: plots.cost_curve(np.ones((2, 2, 2))), r"got \(2, 2, 2\)"),
        "a cost that is no number": (
            lambda: plots.cost_surface(lambda a, b: [a, b], [0, 1], [0, 1]),
            r"must return one number; got an array of shape \(2,\)",
        ),
        "a path across": (
            lambda: plots.cost_surface(bowl, [0, 1], [0, 1], path=np.ones((2, 3))),
            r"path must have shape \(samples, 2\)",
        ),
        "a map with two outputs": (
            lambda: plots.heat_map(lambda X: X, (0, 1), (0, 1)),
            r"function must return \(22801, 1\) for \(22801, 2\); got \(22801, 2\)",
        ),
        "1-D classes": (
            lambda: plots.decision_boundary(sigmoid, X, y.ravel()),
            r"y must have shape \(3, 1\).*reshape\(-1, 1\)",
        ),
        "houses in columns": (lambda: plots.houses(HOUSES.T), r"X must have shape \(samples, 2\)"),
        "other prices": (lambda: plots.predictions(y, y[:2]), r"y must have shape \(3, 1\)"),
        "answers": (lambda: plots.fan([0, 1], [1, 2]), r"must have shape \(2, K\)"),
        "pictures that are not square": (
            lambda: plots.images(np.ones((2, 6))),
            r"shape must give the 6 pixels of a row of X; got \(2, 2\)",
        ),
        "titles of other pictures": (
            lambda: plots.images(np.ones((2, 4)), titles=["a"]),
            "each of the 2 pictures; got 1",
        ),
        "values of other dots": (lambda: plots.scatter(X, y[:2]), r"values must have shape \(3, 1"),
        "no panel": (lambda: plots.panels(0), "count must be at least 1"),
        "no row": (lambda: plots.panels(2, rows=0), "rows must be at least 1"),
    }.values(),
)  # fmt: skip
def test_what_a_picture_refuses(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def script(code):
    """What a plain Python with warnings as errors prints for `code`."""
    command = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0 and done.stderr == "", done.stderr
    return done.stdout


def test_the_library_alone_loads_no_matplotlib():
    code = "import sys, nnlib, nnlib.network, nnlib.training, nnlib.data, nnlib.colours\n"
    assert script(code + "print('matplotlib' in sys.modules)") == "False\n"


def test_in_a_script_nothing_is_printed_and_only_the_style_changes(tmp_path):
    target = tmp_path / "picture.png"
    code = f"""
import matplotlib
matplotlib.use("agg")
from nnlib import plots
plots.cost_curve([2.0, 1.0], log=True).figure.savefig({str(target)!r})
assert "IPython" not in __import__("sys").modules
plots.plt.rcdefaults()
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
    "plots.plt.plot([1, 2])[0].axes.set_title('My own')\nplots.plt.show()",
    "import matplotlib.pyplot as plt\nprint(plt.get_fignums())",
)


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """The outputs of each cell of CELLS, from a real kernel."""
    cells = [nbformat.v4.new_code_cell(source) for source in CELLS]
    notebook = nbformat.v4.new_notebook(cells=cells)
    return [cell.outputs for cell in nbtools.run(notebook, tmp_path_factory.mktemp("kernel")).cells]


@pytest.mark.parametrize("cell", [1, 2, 3])
def test_a_notebook_shows_a_figure_once_with_its_words(shown, cell):
    said = "A < B. Cost 2 at the start, 1 after 1 epochs."
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


def test_a_png_is_white_small_and_the_same_each_time():
    from io import BytesIO

    from PIL import Image

    def png():
        figure = plots.network_diagram(PARAMETERS, TRACE, GRADIENTS).figure
        assert isinstance(figure, Figure)
        return _figures.png(figure)

    first = b64decode(png())
    assert first == b64decode(png()) and len(first) < 60_000
    image = Image.open(BytesIO(first))
    assert image.convert("RGBA").getpixel((0, 0)) == (255, 255, 255, 255)
    assert 600 <= image.width <= 1000
