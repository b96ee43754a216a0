"""nnlib against TensorFlow, Keras and PyTorch, live: the same numbers to rounding error.

Only `-m frameworks` runs these, and they fail where a framework is missing:
python start.py frameworks && python start.py test -m frameworks tests/frameworks
"""

import os
import subprocess
import sys

import numpy as np
import pytest
from reference import NOTEBOOK, ROOT, recorded

from nnlib import data, frameworks
from nnlib.activations import sigmoid
from nnlib.network import (
    backward_propagation,
    compute_cost,
    forward_propagation,
    initialize_parameters,
)
from nnlib.optimizers import Adam

pytestmark = [
    pytest.mark.frameworks,
    pytest.mark.filterwarnings("default"),  # the frameworks' own, of each other
    pytest.mark.timeout(900),
]
# There is no TensorFlow for this Python yet; or Keras is to be tried on PyTorch.
ON_PYTORCH = (
    sys.version_info >= (3, 14) or os.environ.get("KERAS_BACKEND", "tensorflow") != "tensorflow"
)
with_tensorflow = pytest.mark.skipif(ON_PYTORCH, reason="Keras computes with PyTorch")
LIMITS = {"float64": 1e-10, "float32": 1e-4}
# How far parameters and costs may be from nnlib's: much less than the notebook claims.
ROUNDING = {"float64": 1e-13, "float32": 2e-5}


@pytest.fixture(scope="module")
def live():
    """Return every answer of a framework to notebook 09, and the notebook's namespace."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NNLIB_FRAMEWORKS", "live")
        return recorded()


@pytest.fixture(scope="module")
def runs(live):
    """Return {name: Run} of the trainings of notebook 09."""
    answers, _ = live
    found = {}
    for name in sorted({key.partition("/")[0] for key in answers if key.endswith("/costs")}):
        arrays = {k.partition("/")[2]: a for k, a in answers.items() if k.startswith(f"{name}/")}
        found[name] = frameworks.Run.from_arrays(arrays)
    return found


def test_the_stored_numbers_are_those_of_today(live):
    answers, _ = live
    everything = data.load_arrays("frameworks.npz")
    missing = {name.partition("/")[0] for name in set(everything) - set(answers)}
    with_tensorflow_only = {"tensorflow house", "tensorflow guide", "keras float64"}
    assert missing <= (with_tensorflow_only if ON_PYTORCH else set())
    for name, array in answers.items():
        kept = frameworks.stored(name)
        assert array.dtype.kind == kept.dtype.kind and array.shape == kept.shape
        if array.dtype.kind == "f":
            np.testing.assert_allclose(array, kept, rtol=0, atol=LIMITS[str(kept.dtype)] * 10)


@pytest.mark.parametrize(
    ("library", "dtype"),
    [
        pytest.param("keras", "float64", marks=with_tensorflow),
        ("keras", "float32"),
        ("pytorch", "float64"),
        ("pytorch", "float32"),
    ],
)
def test_training_follows_nnlib(live, runs, library, dtype):
    _, names = live
    X, y = names["X"], names["y"]
    start = initialize_parameters(names["network"], np.random.default_rng(3), dtype=dtype)
    optimizer = names["KerasAdam"](epsilon=1e-7) if library == "keras" else Adam()
    ours = names["nnlib_training"](start, X.astype(dtype), y.astype(dtype), optimizer)
    theirs = runs[f"{library} {dtype}"]
    assert list(theirs.snapshots) == [1, 32, 320] and theirs.costs.shape == (11,)
    np.testing.assert_allclose(theirs.costs, ours.costs, rtol=0, atol=ROUNDING[dtype])
    for updates, parameters in theirs.snapshots.items():
        assert parameters[0].W.dtype == dtype and ours.snapshots[updates][0].W.dtype == dtype
        assert frameworks.max_difference(parameters, ours.snapshots[updates]) < ROUNDING[dtype]


def test_a_difference_is_seen(live, runs):
    """The measure itself: another place for epsilon, another epsilon, another beta are far off."""
    _, names = live
    start, X, y = (names[key] for key in ("start", "X", "y"))
    theirs = runs["pytorch float64"].snapshots[320]
    for optimizer in (names["KerasAdam"](epsilon=1e-7), Adam(epsilon=2e-8), Adam(beta2=0.998)):
        ours = names["nnlib_training"](start, X, y, optimizer)
        assert frameworks.max_difference(theirs, ours.snapshots[320]) > 1e-5


@pytest.mark.parametrize("library", [pytest.param("tensorflow", marks=with_tensorflow), "pytorch"])
@pytest.mark.parametrize("seed", [1, 2])
def test_autograd_of_the_house_network(live, library, seed):
    _, names = live
    network = names["Network"](sizes=(2, 3, 1))
    X, y = names["houses"] / names["houses"].max(axis=0), names["prices"] / 100
    parameters = initialize_parameters(network, np.random.default_rng(seed), scale=1)
    trace = forward_propagation(network, parameters, X)
    gradients = backward_propagation(network, parameters, trace, y)
    function = names[f"house_in_{library}"]
    arrays = [array for layer in parameters for array in layer]
    theirs = map(frameworks.to_array, function(X, y, *arrays))
    ours = [trace.z2, trace.a2, trace.z3, trace.y_hat, *(a for layer in gradients for a in layer)]
    for a, b in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(b, a, rtol=0, atol=1e-15)


@pytest.mark.parametrize("library", ["keras", "pytorch"])
def test_the_answers_of_their_models_are_nnlib_s(live, library):
    _, names = live
    start, X, y, network = (names[key] for key in ("start", "X", "y", "network"))
    with frameworks.precision(library, X.dtype):
        model = names[f"{library}_model"](start)
        if library == "pytorch":
            import torch

            y_hat = model(torch.tensor(X)).detach().numpy()
        else:
            y_hat = model.predict(X, verbose=0)
    trace = forward_propagation(network, start, X)
    limit = 1e-14 if frameworks.is_live(library, "float64") else 1e-6
    np.testing.assert_allclose(y_hat, trace.y_hat, rtol=0, atol=limit)
    assert frameworks.max_difference(frameworks.parameters_of(model), start) < limit
    assert compute_cost(network, start, trace, y) == pytest.approx(0.694486, abs=1e-6)


# --------------------------------------------------------- what notebook 09 says about the others


def test_their_adam_has_the_settings_that_the_notebook_names(live):
    import keras
    import torch

    theirs = keras.optimizers.get("adam")
    assert theirs.epsilon == 1e-7 and float(theirs.learning_rate) == pytest.approx(0.001)
    assert (float(theirs.beta_1), float(theirs.beta_2)) == (0.9, 0.999)
    defaults = torch.optim.Adam([torch.zeros(1)]).defaults
    assert defaults["eps"] == 1e-8 and defaults["lr"] == 0.001
    assert defaults["betas"] == (0.9, 0.999)


@with_tensorflow
def test_keras_on_tensorflow_rounds_beta_to_float32(live):
    """So train_or_load gives it both betas as np.float64."""
    import tensorflow as tf

    _, names = live

    class RoundedBetas(names["KerasAdam"]):
        def direction(self, dw, state):
            _, (mean, square, t) = super().direction(dw, state)
            betas = np.float32([self.beta1, self.beta2]).astype(dw.dtype)
            return names["keras_direction"](mean, square, t, *betas, 1e-7), (mean, square, t)

    assert float(tf.cast(0.999, "float64")) == float(np.float32(0.999)) != 0.999
    start, X, y, orders = (names[key] for key in ("start", "X", "y", "orders"))
    first = orders[0][:32]
    with frameworks.precision("keras", X.dtype):
        model = names["keras_model"](start)
        list(names["keras_training"](model, X, y, [first]))
    as_printed = frameworks.parameters_of(model)
    step = {"learning_rate": 0.001, "epochs": 1}
    for kind, (low, high) in {RoundedBetas: (0, 1e-13), names["KerasAdam"]: (1e-9, 1e-7)}.items():
        ours, _ = names["train_neural_network"](
            names["network"], start, X[first], y[first], optimizer=kind(epsilon=1e-7), **step
        )
        assert low <= frameworks.max_difference(as_printed, ours) < high


def test_their_first_weights(live):
    import keras
    import torch

    keras.utils.set_random_seed(1)
    layer = keras.layers.Dense(32)
    layer.build((None, 64))
    W, b = map(frameworks.to_array, layer.get_weights())
    limit = np.sqrt(6 / (64 + 32))
    assert 0.95 * limit < np.abs(W).max() <= limit and not b.any()
    assert W.std() == pytest.approx(limit / np.sqrt(3), rel=0.05)
    torch.manual_seed(1)
    linear = torch.nn.Linear(64, 32)
    weight, bias = linear.weight.detach().numpy(), linear.bias.detach().numpy()
    assert weight.shape == (32, 64) and bias.shape == (32,)
    for array in (weight, bias):
        assert 0.85 / 8 < np.abs(array).max() <= 1 / 8
    assert weight.std() == pytest.approx(1 / 8 / np.sqrt(3), rel=0.05)


def test_keras_warns_of_input_shape(live):
    import keras

    with pytest.warns(UserWarning, match=r"Do not pass an `input_shape`/`input_dim` argument to a"):
        keras.layers.Dense(64, activation="relu", input_shape=(2,))
    with pytest.raises(ValueError, match="built"):
        keras.Sequential([keras.layers.Dense(64)]).count_params()


@with_tensorflow
def test_keras_on_tensorflow_takes_z_from_before_the_sigmoid(live):
    import keras

    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, activation="sigmoid")])
    model.compile(loss="binary_crossentropy")
    model.layers[0].set_weights([np.ones((1, 1)), np.zeros(1)])
    X, y = np.array([[20.0]]), np.array([[0.0]])
    assert model.evaluate(X, y, verbose=0) == pytest.approx(20, abs=1e-3)
    given = keras.losses.binary_crossentropy(y, sigmoid(X))
    assert float(frameworks.to_array(given)[0]) == pytest.approx(-np.log(1e-7), abs=0.5)


def test_backward_adds_to_the_gradients_that_are_there(live):
    import torch

    w = torch.tensor(3.0, requires_grad=True)
    for wanted in (6.0, 12.0):
        (w * w).backward()
        assert w.grad.item() == wanted


# ------------------------------------------------------------------------- both situations, nbval


@pytest.mark.parametrize("situation", ["live", "stored"])
def test_the_notebook_gives_its_stored_outputs(situation):
    settings = ["-n0", "-q", "--no-header", "-p", "no:cacheprovider", "-m", "not slow"]
    command = [sys.executable, "-m", "pytest", *settings, str(NOTEBOOK)]
    env = os.environ | {"NNLIB_FRAMEWORKS": situation}
    result = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
