"""The digit pad without a browser: strokes, pixels, and what networks answer for them."""

import numpy as np
import pytest
from live_page import ExplorerPage

from nnlib import data
from nnlib.live import DigitPad
from nnlib.live.handwriting import (
    SIDE,
    THICK,
    count_blocks,
    draw_bitmap,
    fill_the_pad,
    like_the_data_set,
)
from nnlib.network import Network, forward_propagation, initialize_parameters

PIXELS, TARGETS = data.digits()
ONE = [[(10.0, 6.0), (10.0, 18.0)]]
SEVEN = [[(4.0, 6.0), (12.0, 6.0), (7.0, 20.0)]]
NETWORK = Network((64, 12, 10), output="softmax", cost="cross_entropy")


def always(digit):
    def read(X):
        assert X.shape[1] == 64
        return np.tile(np.eye(10)[digit], (len(X), 1))

    return read


# -- from strokes to pixels ------------------------------------------------------------------------


def test_a_round_pen_covers_what_is_near_its_stroke():
    rng = np.random.default_rng(0)
    (x, y), (u, v) = stroke = rng.uniform(6, 26, (2, 2))
    bitmap = draw_bitmap([[*map(tuple, stroke)]], 5.0)
    along = np.linspace(0, 1, 2001)[:, np.newaxis]
    line = (x, y) + along * np.array([u - x, v - y])
    for row, column in np.ndindex(SIDE, SIDE):
        distance = np.linalg.norm(line - (column + 0.5, row + 0.5), axis=1).min()
        if abs(distance - 2.5) > 0.01:
            assert bitmap[row, column] == (distance < 2.5)


def test_blocks_are_counted_from_0_to_16_as_in_the_data_set():
    bitmap = np.random.default_rng(1).random((SIDE, SIDE)) < 0.5
    counts = count_blocks(bitmap)
    assert counts.sum() == bitmap.sum() and counts[2, 5] == bitmap[8:12, 20:24].sum()
    assert count_blocks(np.ones((SIDE, SIDE), bool)).max() == PIXELS.max() == 16


@pytest.mark.parametrize("strokes", [ONE, SEVEN, [[(3, 3), (30, 4)]], [[(9, 9)]]])
@pytest.mark.parametrize("size, shift", [(1, (0, 0)), (0.4, (2, 9)), (1.3, (-2, 1))])
def test_prepared_a_digit_is_the_same_wherever_and_however_large_it_is_written(
    strokes, size, shift
):
    moved = [[(size * x + shift[0], size * y + shift[1]) for x, y in s] for s in strokes]
    assert np.array_equal(like_the_data_set(moved), like_the_data_set(strokes))


def test_prepared_digits_fill_the_height_and_are_as_black_as_the_data_set():
    for strokes in (ONE, SEVEN):
        points = np.concatenate(fill_the_pad(strokes, THICK))
        assert points[:, 1].min() == pytest.approx(THICK / 2)
        assert points[:, 1].max() == pytest.approx(SIDE - THICK / 2)
        middle = (points[:, 0].min() + points[:, 0].max()) / 2
        assert middle == pytest.approx(SIDE / 2)
    ink = PIXELS.mean(axis=1)
    assert ink.min() < like_the_data_set(SEVEN).mean() < ink.max()


def test_nothing_drawn_is_64_zeros():
    pad = DigitPad(always(3))
    assert not pad.pixels.any() and "empty" in pad.text


# -- readers ---------------------------------------------------------------------------------------


def test_a_function_a_network_a_stack_and_lists_of_them_can_read():
    one = initialize_parameters(NETWORK, np.random.default_rng(0))
    stack = initialize_parameters(NETWORK, np.random.default_rng(0), networks=4)
    X = np.arange(64.0)[np.newaxis] % 17
    expected = forward_propagation(NETWORK, one, X / 16).y_hat
    assert np.allclose(DigitPad((NETWORK, one), largest=1.0).answers(X), expected)
    assert DigitPad((NETWORK, stack), largest=1.0).answers(X).shape == (4, 10)
    assert DigitPad([(NETWORK, one), (NETWORK, stack), always(3)]).answers(X).shape == (6, 10)
    assert DigitPad(lambda X: np.zeros((5, len(X), 10))).answers(X).shape == (5, 10)


@pytest.mark.parametrize("read", [None, 3, [], "digits", (NETWORK,), [3]])
def test_what_cannot_read_is_refused(read):
    with pytest.raises(TypeError, match="read must be"):
        DigitPad(read)


def test_a_reader_that_fails_says_so_and_the_pad_goes_on():
    def read(X):
        if X.any():
            raise KeyError("no such digit")
        return np.zeros((1, 10))

    page = ExplorerPage(DigitPad(read))
    assert "no such digit" in page.ask(("strokes", {"strokes": ONE}))["alert"]
    assert page.press("clear")["alert"] == "" and page.view.strokes == []


def test_a_reader_of_another_shape_is_explained():
    page = ExplorerPage(DigitPad(lambda X: X.sum(axis=1)))
    assert "(m, 10)" in page.ask(("strokes", {"strokes": ONE}))["alert"]


def test_a_reader_cannot_change_the_pad():
    def read(X):
        X[:] = 0
        return np.eye(10)[:1]

    pad = DigitPad(read)
    pad.strokes = SEVEN
    before = pad.pixels.copy()
    pad.answers()
    assert np.array_equal(pad.pixels, before)


# -- the page --------------------------------------------------------------------------------------


def test_strokes_are_drawn_undone_and_cleared():
    page = ExplorerPage(DigitPad([always(1), always(1), always(7)]))
    sent = page.ask(("strokes", {"strokes": ONE}))
    assert "reads a 1 (67 %)" in sent["words"] and "1 of the 3 networks" in sent["words"]
    page.ask(("strokes", {"strokes": ONE + SEVEN}))
    assert page.press("undo")["strokes"] == [[list(point) for point in ONE[0]]]
    assert page.press("clear")["strokes"] == [] and "empty" in page.state["words"]


def test_a_new_page_is_sent_what_is_drawn_and_the_old_one_is_not_disturbed():
    page = ExplorerPage(DigitPad(always(1)))
    assert "strokes" not in page.ask(("strokes", {"strokes": SEVEN}))
    assert ExplorerPage(page.view, name="another").state["strokes"] == [
        [list(point) for point in SEVEN[0]]
    ]


@pytest.mark.parametrize("strokes", [[[(1, 2, 3)]], [[(np.inf, 1)]], [["a"]], [[(1, 1)] * 5000]])
def test_strokes_that_are_none_are_refused(strokes):
    pad = DigitPad(always(1))
    with pytest.raises((ValueError, TypeError)):
        pad.strokes = strokes
    assert pad.strokes == []


def test_the_nearest_picture_is_the_nearest():
    pad = DigitPad(always(1), pictures=(PIXELS[:50], TARGETS[:50]))
    pad.strokes = SEVEN
    row, distance = pad.nearest()
    distances = [np.sqrt(np.mean((picture - pad.pixels[0]) ** 2)) for picture in PIXELS[:50]]
    assert distances[row] == min(distances) == pytest.approx(distance)


def test_kept_digits_are_counted_and_can_be_taken_home():
    page = ExplorerPage(DigitPad(always(7)))
    for truth, strokes in ((1, ONE), (7, SEVEN)):
        page.ask(("strokes", {"strokes": strokes}), truth=truth)
        words = page.press("keep")["words"]
    assert "2 kept digits, 1 are read right as drawn, 1 when prepared" in words
    X, y = page.view.kept_samples()
    assert X.shape == (2, 64) and y.argmax(axis=1).tolist() == [1, 7]
    assert np.array_equal(X[0], like_the_data_set(ONE)[0]) and page.view.strokes == []


def test_prepared_strokes_are_read_better_than_small_ones_in_a_corner():
    """The lesson: written small, the nearest picture is of another digit; prepared, it is not."""
    rng = np.random.default_rng(0)
    angle = np.linspace(0, 2 * np.pi, 30)
    zero = np.column_stack([5 + 2.2 * np.cos(angle), 6 + 4 * np.sin(angle)])
    digits = {0: [zero.tolist()], 1: [[(4, 3), (4.2, 11)]], 7: [[(2, 3), (7, 3), (4, 11)]]}
    right = {"as drawn": 0, "like the data set": 0}
    for preparation in right:
        pad = DigitPad(always(0), preparation=preparation)
        for digit, strokes in digits.items():
            pad.strokes = (np.asarray(strokes[0]) + rng.normal(0, 0.05, (len(strokes[0]), 2)))[None]
            right[preparation] += TARGETS[pad.nearest()[0]].argmax() == digit
    assert right["like the data set"] == 3 > right["as drawn"]
