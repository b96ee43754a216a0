"""Every gradient against central differences; the same test catches the classic wrong ones."""

import itertools

import numpy as np
import pytest

from nnlib import activations, network
from nnlib.activations import ACTIVATIONS
from nnlib.costs import COSTS
from nnlib.gradcheck import numerical_gradient, numerical_gradients, relative_error
from nnlib.network import (
    Layer,
    Network,
    backward_propagation,
    compute_cost,
    forward_propagation,
    initialize_parameters,
)

TOLERANCE = 1e-6
HIDDEN_SIZES = [(), (4,), (4, 3), (4, 3, 5)]
COMBINATIONS = [
    (hidden, output, cost)
    for hidden, output, cost in itertools.product(ACTIVATIONS, ACTIVATIONS, COSTS)
    if COSTS[cost].accepts(output)
]


def problem(net, stack, samples=5, seed=7):
    """Parameters (biases random too), X and valid targets y for a network."""
    rng = np.random.default_rng(seed)
    layers = initialize_parameters(net, rng, scale=0.8, networks=stack)
    parameters = tuple(Layer(W, 0.3 * rng.standard_normal(b.shape)) for W, b in layers)
    X = rng.standard_normal((samples, net.sizes[0]))
    y = rng.uniform(size=(samples, net.sizes[-1]))
    return parameters, X, y / y.sum(axis=1, keepdims=True)


def worst_error(net, stack=None, samples=5):
    """The largest relative error of any gradient of the network."""
    parameters, X, y = problem(net, stack, samples)
    ours = backward_propagation(net, parameters, forward_propagation(net, parameters, X), y)
    true = numerical_gradients(net, parameters, X, y)
    for layer, gradient in zip(parameters, ours):
        assert [q.shape for q in gradient] == [q.shape for q in layer]
    return max(relative_error(a, b) for o, t in zip(ours, true) for a, b in zip(o, t))


@pytest.mark.parametrize("penalty", [{}, {"l2": 0.1}, {"l1": 0.1}], ids=["none", "l2", "l1"])
@pytest.mark.parametrize("stack", [None, 3])
@pytest.mark.parametrize("sizes", HIDDEN_SIZES)
@pytest.mark.parametrize("hidden, output, cost", COMBINATIONS)
def test_gradient_matches_central_differences(hidden, output, cost, sizes, stack, penalty):
    net = Network((3, *sizes, 2), hidden=hidden, output=output, cost=cost, **penalty)
    assert worst_error(net, stack) < TOLERANCE


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "relu", "identity"])
def test_activation_derivative_matches_central_differences(name):
    forward, backward, *_ = ACTIVATIONS[name]
    z = np.random.default_rng(3).standard_normal((6, 4))
    slope = numerical_gradient(lambda z: forward(z).sum(), z)
    assert relative_error(backward(np.ones_like(z), forward(z)), slope) < TOLERANCE


def wrong_relu(da, a):
    return da * (a >= 0)


def wrong_sigmoid_of_z(da, a):
    z = np.log(a / (1 - a))
    return da * activations.sigmoid(z) * z


def without_mean(output, y_hat, y):
    return y_hat - y


def without_slope(output, y_hat, y):
    return 2 * (y_hat - y) / y_hat.shape[-2]


def with_slope(output, y_hat, y):
    return ACTIVATIONS[output].backward((y_hat - y) / y_hat.shape[-2], y_hat)


@pytest.mark.parametrize(
    "table, key, field, wrong, net",
    [
        (ACTIVATIONS, "relu", "backward", wrong_relu, Network((3, 4, 1), hidden="relu")),
        (ACTIVATIONS, "sigmoid", "backward", wrong_sigmoid_of_z, Network((3, 4, 1))),
        (ACTIVATIONS, "tanh", "backward", lambda da, a: da * (1 - a), Network((3, 4, 1), "tanh")),
        (
            COSTS,
            "cross_entropy",
            "gradient",
            without_mean,
            Network((3, 4, 1), cost="cross_entropy"),
        ),
        (COSTS, "cross_entropy", "gradient", with_slope, Network((3, 4, 1), cost="cross_entropy")),
        (COSTS, "squared_error", "gradient", without_slope, Network((3, 4, 1))),
        (COSTS, "squared_error", "gradient", without_mean, Network((3, 4, 1))),
    ],
)
def test_known_wrong_gradients_are_caught(table, key, field, wrong, net, monkeypatch):
    assert worst_error(net) < TOLERANCE
    monkeypatch.setitem(table, key, table[key]._replace(**{field: wrong}))
    assert worst_error(net) > 100 * TOLERANCE


@pytest.mark.parametrize("factor", [0.0, 0.5, 2.0])
def test_wrong_l2_gradient_is_caught(factor, monkeypatch):
    """Forgotten, half and double: what comes of differentiating l2/2 ΣW² carelessly."""
    net = Network((3, 4, 1), l2=0.3)
    right = network.backward

    def wrong(net, parameters, trace, y):
        gradients = right(net, parameters, trace, y)
        return tuple(
            g._replace(dW=g.dW + (factor - 1) * net.l2 * layer.W)
            for g, layer in zip(gradients, parameters)
        )

    monkeypatch.setattr(network, "backward", wrong)
    assert worst_error(net) > 100 * TOLERANCE


def test_l1_and_l2_add_up_and_a_weight_of_zero_stays_unpushed():
    net = Network((1, 1), output="identity", l2=0.5, l1=0.25)
    X, y = np.array([[1.0]]), np.array([[3.0]])
    for w, cost, slope in [(2.0, 1 + 1 + 0.5, -2 + 1 + 0.25), (0.0, 9.0, -6.0)]:
        parameters = (Layer(np.array([[w]]), np.zeros((1, 1))),)
        trace = forward_propagation(net, parameters, X)
        assert compute_cost(net, parameters, trace, y) == cost
        assert backward_propagation(net, parameters, trace, y)[0].dW == slope


def test_relu_at_its_kink_has_slope_zero():
    a = activations.relu(np.zeros((2, 2)))
    assert (activations.relu_backward(np.ones((2, 2)), a) == 0).all()
    assert activations.relu_backward(3.0, [-1.0, 0.0, 1.0]).tolist() == [0, 0, 3]


def test_relative_error():
    a = np.array([[3.0, 4.0]])
    assert relative_error(a, a) == 0
    assert relative_error(a, -a) == 1
    assert relative_error(0 * a, 0 * a) == 0
    assert relative_error(a, 0 * a) == 1
    with pytest.raises(ValueError, match=r"same shape; got \(1, 2\) and \(2, 1\)"):
        relative_error(a, a.T)


def test_numerical_gradient_of_a_cubic_and_of_a_stack():
    x = np.array([[1.0, -2.0], [0.5, 3.0]])
    assert relative_error(numerical_gradient(lambda x: (x**3).sum(), x), 3 * x**2) < 1e-9
    stack = np.stack([x, 2 * x, -x])
    gradient = numerical_gradient(lambda x: (x**3).sum(axis=(-2, -1)), stack)
    assert relative_error(gradient, 3 * stack**2) < 1e-9
    assert (x == [[1.0, -2.0], [0.5, 3.0]]).all()
    with pytest.raises(
        ValueError, match=r"f\(x\) must have shape \(3,\) for x \(3, 2, 2\); got \(2,\)"
    ):
        numerical_gradient(lambda x: np.ones(2), stack)
