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
    assert (one.value, one.field.value, values) == (0.03, 0.03, [0.03])
    assert 10 ** (one.handle.value * 0.05 - 4) == pytest.approx(0.03, rel=0.06)  # the nearest stop


def test_what_is_dragged_stops_at_steps_and_is_told_once(seen):
    one, values = seen
    one.handle.value = 50
    assert (one.value, one.field.value, values) == (0.0316, 0.0316, [0.0316])
    assert one.handle.value == 50  # nothing pulls at the handle while it is dragged
    weight = slider()
    weight.handle.value = 7
    assert weight.value == weight.field.value == -1.3


@pytest.mark.parametrize("make", [slider, rate, lambda: slider(1, 1, 500, step=1)])
def test_the_handle_goes_from_end_to_end_and_stays_where_it_is_put(make):
    one = make()
    values = []
    for stop in range(one.handle.max + 1):
        one.handle.value = stop
        assert one.handle.value == stop
        values.append(one.value)
    assert values == sorted(set(values))
    one.field.value = -1e6
    assert one.handle.value == 0 and one.value == values[0]
    one.field.value = 1e6
    assert one.handle.value == one.handle.max and one.value == values[-1]


def test_what_lies_between_two_stops_stays_there():
    one = rate(0.123456)
    one.handle.value = one.handle.value  # the page says where it is
    assert one.value == 0.123456


def test_what_is_set_from_python_is_kept_and_shown(seen):
    one, values = seen
    one.value = 100.0  # more than the slider has
    assert (one.value, one.field.value, values) == (100.0, 100.0, [100.0])
    one.value = 0.123456
    assert (one.value, one.field.value) == (0.123456, 0.123)


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


@pytest.mark.parametrize("part", ["field", "handle"])
@pytest.mark.parametrize("make", [slider, lambda: slider(1, 1, 500, step=1)])
def test_the_page_does_not_hear_its_own_words_again(make, part, monkeypatch):
    widget, sent = getattr(make(), part), []
    monkeypatch.setattr(widget, "_send", lambda message, buffers=None: sent.append(message))
    widget.set_state({"value": 2})  # as a message from the page does
    assert widget.value == 2 and sent == []


@pytest.mark.parametrize(("value", "step"), [(1.0, 0.1), (0.03, 0.001), (20.0, 1.0)])
def test_a_step_of_the_field_is_about_a_tenth(value, step):
    assert rate(value).field.step == pytest.approx(step)


def test_the_name_and_the_hint_are_on_the_field():
    one = slider()
    assert one.description == one.field.description == "Weight"
    assert one.field.tooltip == "How much"
    assert one.tooltip is None  # of a box, ipywidgets 8.1 cannot show a tooltip: nothing is shown
    assert one.handle.description == "" and not one.handle.readout
