"""The exercises of notebook 00: a neuron and a layer."""

from nnlib.activations import sigmoid
from nnlib.checks.exercise import Exercise, draws


def neuron(x, w, b):
    z = x @ w + b
    return sigmoid(z)


def layer(x, W, b):
    return sigmoid(x @ W + b)


EXERCISES = {
    "neuron": Exercise(
        neuron,
        lambda rng: draws(rng, *[((n,), (n,), ()) for n in (2, 1, 5, 3)]),
        {
            "the sigmoid is left out: it is the weighted sum. What bends it?": (
                "sigmoid(z)",
                "z",
            ),
            "the bias `b` is left out. Where does it come in?": ("x @ w + b", "x @ w"),
            "the bias `b` is added after the sigmoid. It belongs to the sum.": (
                "z = x @ w + b\n    return sigmoid(z)",
                "return sigmoid(x @ w) + b",
            ),
            "only the first two inputs are used. It must work for any number of them.": (
                "x @ w",
                "x[0] * w[0] + x[1] * w[1]",
            ),
            "the pairs are multiplied and not added up. One sum is wanted.": ("x @ w", "x * w"),
            "only the first input counts. Is there a `return` inside the loop?": (
                "x @ w",
                "x[0] * w[0]",
            ),
            "only the last input counts. Does each round of the loop add to the sum?": (
                "x @ w",
                "x[-1] * w[-1]",
            ),
            "the products are averaged. They are added up.": ("x @ w", "(x * w).mean()"),
            "inputs and weights are added up apart. Each input meets its own weight.": (
                "x @ w",
                "x.sum() * w.sum()",
            ),
            "the bias is added once for each input. It is added once.": (
                "x @ w + b",
                "(x * w + b).sum()",
            ),
            "the sigmoid comes before the sum, on each input. First the sum, then the bend.": (
                "z = x @ w + b\n    return sigmoid(z)",
                "return sigmoid(x) @ w + b",
            ),
            "the minus sign in the exponent is missing. Look at the sigmoid again.": (
                "sigmoid(z)",
                "sigmoid(-z)",
            ),
        },
    ),
    "layer": Exercise(
        layer,
        lambda rng: draws(rng, *[((n,), (n, 3), (3,)) for n in (2, 3, 1, 4)]),
        {
            "the sigmoid is left out. What bends the three sums?": (
                "sigmoid(x @ W + b)",
                "x @ W + b",
            ),
            "the biases `b` are left out. Where do they come in?": ("x @ W + b", "x @ W"),
            "all three neurons get the first bias, `b[0]`. Each has its own.": ("+ b", "+ b[0]"),
            "all three neurons get all biases summed up. Each has its own.": ("+ b", "+ b.sum()"),
            "the three weighted sums are added up into one. Each neuron has its own.": (
                "x @ W",
                "(x @ W).sum()",
            ),
            "the rows of `W` are taken for neurons. A column holds a neuron's weights.": (
                "x @ W",
                "W @ x",
            ),
            "the sigmoid comes before the biases. It bends the whole sum.": (
                "sigmoid(x @ W + b)",
                "sigmoid(x @ W) + b",
            ),
            "only the last neuron's activation is returned. Three are wanted, as one array.": (
                "sigmoid(x @ W + b)",
                "sigmoid(x @ W[:, -1] + b[-1])",
            ),
            "only the first neuron is computed. Three activations are wanted.": (
                "sigmoid(x @ W + b)",
                "sigmoid(x @ W[:, 0] + b[0])",
            ),
        },
    ),
}
