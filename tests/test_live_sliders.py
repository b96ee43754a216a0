"""The slider that can be typed into: field, handle and value follow one another."""

import pytest

from nnlib.live.sliders import Slider


def slider(value=0.5, low=-2, high=2, **options):
    names = {"description": "Weight", "tooltip": "How much"}
    return Slider(value, low, high, **{"step": 0.1, "width": "280px"} | names | options)


def rate(value=1.0):
    return slider(value, 1e-4, 10**1.5, step=0.05, logarithmic=True)


@pytest.fixture
def seen():
    """A slider and the list of the values that it tells an observer."""
    one, values = rate(), []
    one.observe(lambda change: values.append(change.new), "value")
    return one, values


def test_what_is_typed_moves_the_handle_and_is_told_once(seen):
    one, values = seen
    one.field.value = 0.03
    assert (one.value, one.handle.value, values) == (0.03, 0.03, [0.03])


def test_what_is_dragged_stops_at_steps_and_is_told_once(seen):
    one, values = seen
    one.handle.value = 0.0321
    assert (one.value, one.field.value, values) == (0.0316, 0.0316, [0.0316])
    assert one.handle.value == 0.0321  # nothing pulls at the handle while it is dragged
    weight = slider()
    weight.handle.value = -1.3321
    assert weight.value == weight.field.value == -1.3


@pytest.mark.parametrize("value", [0.3, 0.123456, 1.0])
def test_the_page_may_move_the_handle_by_a_hair(value):
    one = rate(value)
    one.handle.value = value * (1 + 1e-6)
    assert one.value == value


def test_what_is_set_from_python_is_kept_and_shown(seen):
    one, values = seen
    one.value = 100.0  # more than the slider has
    assert (one.value, one.field.value, values) == (100.0, 100.0, [100.0])
    one.value = 0.123456
    assert (one.value, one.field.value, one.handle.value) == (0.123456, 0.123, 0.123456)


@pytest.mark.parametrize(("typed", "taken"), [(99.0, 2), (-99.0, -2), (1.2345, 1.23)])
def test_what_is_typed_is_taken_with_three_digits_and_not_beyond_the_ends(typed, taken):
    one = slider()
    for _ in range(2):  # again, when the value is that already
        one.field.value = typed
        assert one.value == one.field.value == taken


def test_whole_numbers_stay_whole():
    one = slider(100, 0, 100, step=1)
    one.handle.value = 40
    assert one.value == 40 and isinstance(one.value, int)
    one.field.value = 41
    assert isinstance(one.value, int) and one.handle.value == 41


@pytest.mark.parametrize(("value", "step"), [(1.0, 0.1), (0.03, 0.001), (20.0, 1.0)])
def test_a_step_of_the_field_is_about_a_tenth(value, step):
    assert rate(value).field.step == pytest.approx(step)


def test_the_name_and_the_hint_are_on_the_field():
    one = slider()
    assert one.description == one.field.description == "Weight"
    assert one.field.tooltip == "How much"
    assert one.tooltip is None  # of a box, ipywidgets 8.1 cannot show a tooltip: nothing is shown
    assert one.handle.description == "" and not one.handle.readout
