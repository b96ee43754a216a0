"""What counts as numbers, and advice in error messages that works when you follow it."""

import re

import numpy as np
import pandas as pd
import pytest

from nnlib import data
from nnlib.activations import relu
from nnlib.network import Network, forward_propagation, initialize_parameters
from nnlib.training import train_neural_network

NUMBERS = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
FRAME = pd.DataFrame(NUMBERS, columns=["a", "b"])


@pytest.mark.parametrize(
    "frame",
    [
        FRAME,
        FRAME.astype({"a": int}),
        FRAME.astype({"a": bool}),
        FRAME.convert_dtypes(),
        FRAME.astype({"a": bool}).convert_dtypes(),
        FRAME.astype(object),
        FRAME.astype("double[pyarrow]"),
        pd.get_dummies(pd.Series(["a", "b", "a"])),
    ],
    ids=lambda frame: " ".join(map(str, frame.dtypes)),
)
def test_a_frame_of_numbers_counts_as_the_array_of_its_numbers(frame):
    result = relu(frame)
    assert type(result) is np.ndarray
    np.testing.assert_array_equal(result, np.asarray(frame, dtype=float))


def test_a_column_that_is_not_numbers_is_named_and_missing_entries_are_not_finite():
    with pytest.raises(TypeError, match="'town'") as caught:
        relu(FRAME.assign(town=["Berlin", "Paris", "Rome"]))
    assert len(str(caught.value)) < 120
    with pytest.raises(ValueError, match="finite"):
        data.Scaler.fit(FRAME.convert_dtypes().mask(FRAME == 0))


def test_a_scaler_fitted_on_named_columns_refuses_them_in_another_order():
    scaler = data.Scaler.fit(FRAME)
    for change in (FRAME[["b", "a"]], FRAME.rename(columns={"a": "c"})):
        for method in (scaler.transform, scaler.inverse):
            with pytest.raises(ValueError, match="a, b"):
                method(change)
    np.testing.assert_array_equal(scaler.transform(FRAME), scaler.transform(NUMBERS))


class Unconvertible:
    def __array__(self, dtype=None, copy=None):
        raise RuntimeError("requires grad")


@pytest.mark.parametrize("value", [Unconvertible(), b"abc", bytearray(b"abc"), [1, "2"], {1: 2}])
def test_what_does_not_convert_is_a_type_error_that_names_the_argument(value):
    with pytest.raises(TypeError, match=r"^z must"):
        relu(value)


IMAGES = np.ones((5, 8, 8))
LABELS = np.array([0, 1, 2, 1, 0])


@pytest.mark.parametrize(
    "X, y, sizes",
    [
        (NUMBERS, NUMBERS[:, 0], (2, 1)),
        (NUMBERS, NUMBERS[:, 0].tolist(), (2, 1)),
        (NUMBERS, FRAME["a"], (2, 1)),
        (NUMBERS, NUMBERS[:, :1].T, (2, 1)),
        (NUMBERS.T, NUMBERS[:, :1], (2, 1)),
        (NUMBERS.T.tolist(), NUMBERS[:, :1], (2, 1)),
        (FRAME.T, NUMBERS[:, :1], (2, 1)),
        (IMAGES, np.eye(3)[LABELS], (64, 3)),
        (IMAGES.tolist(), np.eye(3)[LABELS], (64, 3)),
        (IMAGES.reshape(5, 64), LABELS, (64, 3)),
        (IMAGES.reshape(5, 64), LABELS[:, np.newaxis], (64, 3)),
        (IMAGES.reshape(5, 64), LABELS.tolist(), (64, 3)),
        (IMAGES.reshape(5, 64), pd.Series(LABELS, dtype=float), (64, 3)),
    ],
)
def test_advice_works_when_it_is_followed(X, y, sizes):
    output = "softmax" if sizes[-1] > 1 else "sigmoid"
    network = Network(sizes, output=output, cost="cross_entropy")
    parameters = initialize_parameters(network, np.random.default_rng(1))
    given = {"X": X, "y": y}

    def train():
        train_neural_network(network, parameters, **given, learning_rate=0.1, epochs=1)

    with pytest.raises(ValueError) as caught:
        train()
    advice = re.search(r"; (?:.*?)((?:np|X|y)\S*[.(].*?)(?: makes.*)?$", str(caught.value))[1]
    name = re.search(r"\b[Xy]\b", advice)[0]
    given[name] = eval(advice, {"np": np, **given})
    train()


def test_a_stack_keeps_its_own_meaning():
    network = Network((2, 1))
    stack = initialize_parameters(network, np.random.default_rng(1), networks=2)
    trace = forward_propagation(network, stack, np.stack([NUMBERS, NUMBERS]))
    assert trace.y_hat.shape == (2, 3, 1)
