"""The playground's pictures as text: what a number looks like, and that no NaN gets into a path."""

import base64
import io
import re
from itertools import pairwise
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from nnlib import colours
from nnlib.live import samples as live_samples
from nnlib.live import svg
from nnlib.network import Layer


def rgba(uri):
    """A data URI's picture as (rows, columns, 4)."""
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(uri.split(",")[1]))).convert("RGBA"))


def pixels(uri):
    """A data URI's picture as (rows, columns, 3)."""
    return rgba(uri)[..., :3]


def test_a_surface_is_orange_where_low_and_blue_where_high():
    picture = pixels(svg.surface(np.array([[0.0, 0.5, 1.0], [-7.0, 0.5, 9.0]]), 0.0, 1.0))
    assert picture.shape == (2, 3, 3)
    assert (picture[0] == picture[1]).all()  # beyond the range as at its ends
    assert (picture[0, 0] == svg.PALETTE[0]).all() and (picture[0, 2] == svg.PALETTE[-1]).all()
    red, _, blue = picture[0].astype(int).T
    assert red[0] > blue[0] and red[2] < blue[2] and abs(red[1] - blue[1]) < 5


def test_several_surfaces_lie_one_below_another_each_in_its_own_range():
    values = np.random.default_rng(1).normal(size=(3, 4, 5))
    low, high = np.array([-1.0, 0.0, -3.0]), np.array([1.0, 0.5, 2.0])
    one_by_one = [pixels(svg.surface(*one)) for one in zip(values, low, high)]
    assert (pixels(svg.surface(values, low, high)) == np.concatenate(one_by_one)).all()


def test_a_surface_of_no_numbers_is_drawn_all_the_same():
    values = np.array([[np.nan, np.inf, -np.inf, 1.0]])
    picture = pixels(svg.surface(values, -1.0, 1.0))
    assert (picture[0, 1] == svg.PALETTE[-1]).all() and (picture[0, 2] == svg.PALETTE[0]).all()
    middle = pixels(svg.surface(np.array([[2.0, np.nan]]), 0.0, 4.0))
    assert (middle[0, 0] == middle[0, 1]).all() and (middle[0, 0] > 230).all()


@pytest.mark.parametrize(
    "value, text",
    [
        (0.12345, "0.123"), (-2.5, "−2.5"), (np.nan, "–"), (np.inf, "–"),
        (999.4, "999"), (999.6, "1,000"), (-12345.6, "−12,346"), (1.5e6, "1.5e+06"),
    ],
)  # fmt: skip
def test_numbers_in_a_picture(value, text):
    assert svg.number(value) == text


def test_a_curve_breaks_where_there_is_no_number():
    x = np.arange(6.0)
    whole = svg.curve(x, x)
    broken = svg.curve(x, np.where(x == 2, np.nan, np.where(x == 5, np.inf, x)))
    assert 'd="M0 0.0L1 1.0L2 2.0' in whole
    assert 'd="M0 0.0L1 1.0M3 3.0L4 4.0"' in broken


def test_pictures_hold_no_nan():
    costs = [np.inf, 0.5, np.nan]
    pictures = [
        svg.cost_curve([0, 1, 2], costs, [np.nan] * 3, [(1, "a <b> & c")]),
        svg.sweep_curve(np.logspace(-3, 1, 3), {"hidden 4": np.array(costs)}, 5, 0.3)[0],
        svg.sweep_curve(np.logspace(-3, 1, 3), {"hidden 4": np.full(3, np.inf)}, 5, 0.3)[0],
    ]
    for picture in pictures:
        ElementTree.fromstring(picture)
        assert not re.search(r"\b(nan|inf)\b", picture)
    assert "a &lt;b&gt; &amp; c" in pictures[0]


@pytest.mark.parametrize("sizes", [(2, 1), (7, 8, 8, 8, 8, 8, 8, 1)])
def test_the_network_fits_its_picture(sizes):
    parameters = [Layer(np.ones((a, b)), np.zeros((1, b))) for a, b in pairwise(sizes)]
    centres, side, height = svg.places(sizes)
    assert all(side / 2 < y < height - side / 2 for column in centres for _, y in column)
    ys = [y for _, y in centres[-2]]
    assert all(b - a > side for a, b in pairwise(ys))
    names = [f"x{i}" for i in range(sizes[0])]
    picture = svg.network(parameters, "data:,", names, title="A network", description="It.")
    root = ElementTree.fromstring(picture)
    assert root.get("role") == "img" and root[0].text == "A network" and root[1].text == "It."
    (image,) = root.iter("{http://www.w3.org/2000/svg}image")
    parts = [one for one in root.iter("{http://www.w3.org/2000/svg}svg") if one is not root]
    tops = [float(one.get("viewBox").split()[1]) for one in parts]
    assert tops == [svg.SMALL * k for k in range(sum(sizes))]
    assert tops[-1] + svg.SMALL == float(image.get("height"))
    assert {one[0].get("href") for one in parts} == {f"#{image.get('id')}"}


def samples(*groups):
    """The samples' picture as (rows, columns, 4), and its class."""
    name, css = live_samples.rule(groups, (-6.0, 6.0))
    uri = re.fullmatch(rf"\.{name}{{background:url\(([^)]+)\) 0 0/100% 100% no-repeat}}", css)[1]
    return rgba(uri), name


def test_every_sample_has_its_dot_and_nothing_else_is_painted():
    X = np.random.default_rng(3).permutation(np.argwhere(np.ones((7, 7))))[:20] * 2.0 - 6
    X[0] = 9, 0  # beyond what is shown: at its edge
    picture, _ = samples((X, np.full(len(X), True), False))
    side = live_samples.SIDE
    x, y = np.clip((X.T + 6) / 12, 0, 1) * side
    across, down = np.meshgrid(np.arange(side), np.arange(side))
    far = np.hypot(across[..., np.newaxis] - x, side - down[..., np.newaxis] - y).min(axis=-1)
    blue = tuple(int(colours.POSITIVE[i : i + 2], 16) for i in (1, 3, 5))
    assert (picture[far < live_samples.DOT - 1] == (*blue, 255)).all()
    assert (picture[far > live_samples.DOT + live_samples.RIM + 1.5][:, 3] == 0).all()


def test_classes_differ_in_shape_too_and_test_samples_are_hollow():
    X, middle = np.zeros((1, 2)), live_samples.SIDE // 2
    shown = {
        (above, hollow): samples((X, np.array([above]), hollow))
        for above in (True, False)
        for hollow in (True, False)
    }
    assert len({name for _, name in shown.values()}) == 4
    for (above, hollow), (picture, _) in shown.items():
        red, green, blue, opaque = picture[middle, middle].tolist()
        assert opaque == 255 and (red == green == blue == 255) == hollow
        assert hollow or (blue > red) == above
        assert (picture[middle - 4, middle - 4] == 255).all() == above  # a square has corners


@pytest.mark.parametrize("lows", [(0, 0, 0, 0), (1, 1, 1, 1), (0, 1, 0, 0.5), (0.9, 0.91, 0.1, 0)])
def test_the_names_of_lines_do_not_touch_nor_leave_the_picture(lows):
    rates = np.logspace(-3, 1, 8)
    runs = {f"hidden {k}": np.full(8, low) for k, low in enumerate(lows)}
    page, _ = svg.sweep_curve(rates, runs, 300, 1.0)
    heights = [float(y) for y in re.findall(r'y="(\d+)">hidden', page)]
    assert len(heights) == 4 and heights[0] >= 24 and heights[-1] <= 24 + 130 + 4
    assert min(b - a for a, b in pairwise(heights)) >= 12
