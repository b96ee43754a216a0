"""Numbers, arrays, counts and pictures as text."""

import base64

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnlib.formatting import format_array, format_count, format_number, png_data_uri


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.12345, "0.123"), (-2.5, "−2.5"), (np.nan, "–"), (-np.inf, "–"), (999.4, "999"),
        (999.6, "1,000"), (-12345.6, "−12,346"), (1.5e6, "1.5e+06"), (1e-6, "1e−06"),
        (0.1 + 0.2 - 0.3, "0"), (-1e-17, "0"), (0.125 * (1 + 1e-15), "0.125"), (7, "7"),
    ],
)  # fmt: skip
def test_a_number_has_three_digits_and_no_rounding_noise(value, text):
    assert format_number(value) == text


@given(st.floats(1e-12, 1e300), st.sampled_from([1 - 1e-14, 1 + 1e-14]))
def test_a_number_reads_back_and_its_last_bits_do_not_show(value, noise):
    text = format_number(value)
    assert float(text.replace(",", "").replace("−", "-")) == pytest.approx(value, rel=5e-3)
    assert format_number(-value) == "−" + text
    assert format_number(float(f"{value:.6g}") * noise) == format_number(float(f"{value:.6g}"))


def test_arrays_and_counts_are_written_in_a_line():
    assert format_array([[0.5, -0.25], [1000, 3]]) == "0.5, −0.25; 1,000, 3"
    assert format_array(np.float32(0.1)) == "0.1"
    assert [format_count(n, "epoch") for n in (0, 1, 1797)] == [
        "0 epochs", "1 epoch", "1,797 epochs",
    ]  # fmt: skip


def test_a_png_becomes_a_data_uri():
    head, _, content = png_data_uri(b"\x89PNG").partition(",")
    assert head == "data:image/png;base64" and base64.b64decode(content) == b"\x89PNG"
