"""The exercises of notebook 04: one slope, backpropagation for two costs, slopes by nudging."""

import numpy as np

from nnlib import gradcheck
from nnlib.activations import sigmoid
from nnlib.checks.exercise import Exercise, clear
from nnlib.checks.notebook_02 import SIZES, forward, network


def weight_slope(w, x, y):
    a = sigmoid(w * x)
    return x * a * (1 - a) * 2 * (a - y)


def backward(X, y, W2, z2, a2, y_hat):
    m = len(y)
    dz3 = 2 / m * (y_hat - y) * y_hat * (1 - y_hat)
    dW2 = a2.T @ dz3
    db2 = dz3.sum(axis=0, keepdims=True)
    dz2 = dz3 @ W2.T * a2 * (1 - a2)
    dW1 = X.T @ dz2
    db1 = dz2.sum(axis=0, keepdims=True)
    return dW1, db1, dW2, db2


def backward_cross_entropy(X, y, W2, z2, a2, y_hat):
    m = len(y)
    dz3 = (y_hat - y) / m
    dW2 = a2.T @ dz3
    db2 = dz3.sum(axis=0, keepdims=True)
    dz2 = dz3 @ W2.T * a2 * (1 - a2)
    dW1 = X.T @ dz2
    db1 = dz2.sum(axis=0, keepdims=True)
    return dW1, db1, dW2, db2


def numerical_gradient(f, x, step=1e-5):
    gradient = np.zeros(x.shape)
    for entry in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[entry] += step
        down[entry] -= step
        gradient[entry] = (f(up) - f(down)) / (2 * step)
    return gradient


def _points(rng):
    """w, x, y, among them w = 0; y is not near the answer that the neuron gives."""
    cases = []
    for w in (*rng.uniform(0.3, 2, 4) * (1, -1, 1, 1), 0.0):
        x = rng.uniform(0.5, 3) * rng.choice([-1, 1])
        towards = 1 if w * x < 0 else -1
        cases.append((float(w), float(x), float(sigmoid(w * x) + towards * rng.uniform(0.2, 0.5))))
    return tuple(cases)


def _passed(rng, *sizes):
    """X, y, W2, z2, a2, y_hat of a random network and samples: what `backward` gets."""
    X, W1, b1, W2, b2 = network(rng, *sizes)
    z2, a2, _, y_hat = forward(X, W1, b1, W2, b2)
    return X, rng.uniform(size=y_hat.shape), W2, z2, a2, y_hat


def _curves(rng):
    """f, x and, where f bends enough to tell one from another, a step."""
    factors, far = rng.uniform(0.5, 2, (2, 3)), rng.uniform(0.5, 2, 3) * rng.choice([-1, 1], 3)
    steps = rng.uniform(0.1, 0.2, 2)
    return (
        (lambda x: (factors * x**3).sum(), rng.uniform(0.5, 3, (2, 3)) * (1, -1, 1)),
        (lambda x: np.sin(x[0, 0]) * x[0, 1] ** 3, far[np.newaxis, :2], steps[0]),
        (lambda x: 5 * x[1, 0] - far[2] * x[0, 0], rng.standard_normal((3, 1))),
        (lambda x: np.exp(x).prod(), rng.standard_normal((1, 1)), steps[1]),
    )


def _nudged(nudge):
    def weight_slope(w, x, y):
        before, after = ((sigmoid(v * x) - y) ** 2 for v in (w, w + nudge))
        return (after - before) / nudge

    return weight_slope


def _stray_update(learning_rate):
    return (
        "    dz2 = dz3",
        f"    W2 = W2 - {learning_rate} * dW2\n    dz2 = dz3",
    )


SLOPE = "* a2 * (1 - a2)"
HIDDEN = {  # the slope of the hidden sigmoids
    "the sigmoid's slope in `dz2` is made from `z2`. It comes out of the activation `a2`.": (
        SLOPE,
        "* z2 * (1 - z2)",
    ),
    "the sigmoid's slope in `dz2` mixes `a2` and `z2`. It comes out of the activation alone.": (
        SLOPE,
        "* a2 * (1 - z2)",
    ),
    "the hidden sigmoid's slope is left out of `dz2`. What lies between `z2` and `a2`?": (
        f" {SLOPE}",
        "",
    ),
    "the sigmoid is applied to `a2` once more in `dz2`. `a2` is a sigmoid already.": (
        SLOPE,
        "* sigmoid(a2) * (1 - sigmoid(a2))",
    ),
    "`dz2` uses the slope of tanh, 1 − a². The hidden units are sigmoids.": (
        SLOPE,
        "* (1 - a2**2)",
    ),
    "`dz2` uses the slope of ReLU. The hidden units are sigmoids.": (SLOPE, "* (z2 > 0)"),
}
COMMON = {  # what every way back shares, whatever its cost and activation
    **{
        "`dz2` uses a `W2` that is updated already. All gradients belong to the same weights: "
        f"first all gradients, then the updates{words}.": _stray_update(rate)
        for rate, words in (
            *(
                (rate, f" (rate {rate:g})")
                for rate in (0.001, 0.01, 0.05, 0.1, 0.2, 0.3, 1.0, 10.0)
            ),
            (0.5, ""),
        )
    },
    "`m` counts the features, not the samples.": ("m = len(y)", "m = X.shape[1]"),
    "it is always divided by 3. The number of samples, `len(y)`, may be another.": (
        "m = len(y)",
        "m = 3",
    ),
    "the `.T` in `dW2` is missing: rows of `a2` meet where samples should be added up.": (
        "a2.T @ dz3",
        "a2 @ dz3",
    ),
    "the `.T` in `dW1` is missing. Which index is summed over?": ("X.T @ dz2", "X @ dz2"),
    "`dW2` is made from the sums `z2`. What went into `W2` was `a2`.": ("a2.T @ dz3", "z2.T @ dz3"),
    "`dW1` is made from `a2`. What went into `W1` was `X`.": ("X.T @ dz2", "a2.T @ dz2"),
    "the bias gradients are means. The 1/m is in `dz3` already: add up.": (
        ".sum(",
        ".mean(",
    ),
    "`keepdims=True` is missing: a bias has shape (1, n).": (", keepdims=True", ""),
    "the bias gradients add up the rows. A bias is shared by the samples: add up the columns.": (
        "axis=0",
        "axis=1",
    ),
    "the bias gradients are single numbers. Each unit has its own: which axis vanishes?": (
        "axis=0, ",
        "",
    ),
    "the bias gradients are not summed over the samples.": (".sum(axis=0, keepdims=True)", ""),
    "`W2` is not transposed in `dz2`. Which index is summed over?": ("@ W2.T", "@ W2"),
    "the weight gradients are turned over, as in the guide's layout.": (
        "return dW1, db1, dW2, db2",
        "return dW1.T, db1, dW2.T, db2",
    ),
    "1/m is applied again in the weights' gradients. It is in `dz3` already.": (
        "return dW1, db1, dW2, db2",
        "return dW1 / m, db1, dW2 / m, db2",
    ),
    "1/m is applied twice. It is in `dz3` already.": (
        "return dW1, db1, dW2, db2",
        "return dW1 / m, db1 / m, dW2 / m, db2 / m",
    ),
}

EXERCISES = {
    "weight_slope": Exercise(
        weight_slope,
        _points,
        {
            "the sigmoid's slope is made from `z`. It comes out of the activation: a (1 − a).": (
                "x * a * (1 - a)",
                "x * (w * x) * (1 - w * x)",
            ),
            "the 2 of the square's slope is left out.": (" * 2", ""),
            "the input `x` is left out. What does one more unit of w add to z?": ("x * a *", "a *"),
            "`w` stands for `x` in the first slope. z = w x changes by x for each unit of w.": (
                "x * a *",
                "w * a *",
            ),
            "the sigmoid's slope a (1 − a) is left out.": (" * a * (1 - a)", ""),
            "the sign is wrong: y − a in the place of a − y.": ("a - y", "y - a"),
            "it is the cost, not its slope.": ("x * a * (1 - a) * 2 * (a - y)", "(a - y) ** 2"),
            "the sigmoid is applied to `a` once more in its slope. `a` is a sigmoid already.": (
                "a * (1 - a)",
                "sigmoid(a) * (1 - sigmoid(a))",
            ),
            "the error is squared. The slope of a square is 2 times what is inside.": (
                "2 * (a - y)",
                "(a - y) ** 2",
            ),
            "`z` is not bent: the sigmoid is left out of the forward pass.": (
                "sigmoid(w * x)",
                "w * x",
            ),
            "the local slopes are added. Along a path they are multiplied.": (
                "x * a * (1 - a) * 2 * (a - y)",
                "x + a * (1 - a) + 2 * (a - y)",
            ),
            **{
                f"it is rise over run, with a nudge of {nudge}. That comes near the slope; the "
                "three local slopes, multiplied, give it.": _nudged(nudge)
                for nudge in (0.1, 0.01, 0.001)
            },
            "it is the slope for cross-entropy. Here the cost is the squared error.": (
                "x * a * (1 - a) * 2 * (a - y)",
                "x * (a - y)",
            ),
        },
    ),
    "backward": Exercise(
        backward,
        lambda rng: tuple(clear(backward, 0.005, _passed, rng, *sizes) for sizes in SIZES),
        {
            "1/m is missing in `dz3`: the cost is a mean over the samples.": ("2 / m", "2"),
            "the 2 of the square is missing in `dz3`.": ("2 / m", "1 / m"),
            "both the 2 and the 1/m are missing in `dz3`.": ("2 / m * ", ""),
            "the sign in `dz3` is wrong: y − y_hat. Training would climb.": (
                "y_hat - y)",
                "y - y_hat)",
            ),
            "`dz3` is that of cross-entropy, y_hat − y over m. The squared error keeps the "
            "output's slope.": ("2 / m * (y_hat - y) * y_hat * (1 - y_hat)", "(y_hat - y) / m"),
            "the output sigmoid's slope is left out of `dz3`.": (" * y_hat * (1 - y_hat)", ""),
            "`dz3` is y_hat − y alone, without 2/m and without the output's slope.": (
                "2 / m * (y_hat - y) * y_hat * (1 - y_hat)",
                "y_hat - y",
            ),
            "the sigmoid is applied to activations once more in both slopes: `a2` and `y_hat` are "
            "sigmoids already.": lambda X, y, W2, z2, a2, y_hat: _again(X, y, W2, z2, a2, y_hat),
            **HIDDEN,
            **COMMON,
        },
        returns=("dW1", "db1", "dW2", "db2"),
    ),
    "numerical_gradient": Exercise(
        numerical_gradient,
        _curves,
        {
            "it nudges one side only, f(x + step) − f(x). A central difference goes up and down.": (
                "(f(up) - f(down)) / (2 * step)",
                "(f(up) - f(x)) / step",
            ),
            "it nudges down only, f(x) − f(x − step). A central difference goes up and down.": (
                "(f(up) - f(down)) / (2 * step)",
                "(f(x) - f(down)) / step",
            ),
            "the difference is divided by `step`. From down to up it is two steps.": (
                "(2 * step)",
                "step",
            ),
            "the brackets around `2 * step` are missing: divided by 2, then multiplied.": (
                "(2 * step)",
                "2 * step",
            ),
            "the difference is not divided by the distance.": (" / (2 * step)", ""),
            "the nudges are half a step, and the distance is taken for two.": (
                "+= step\n        down[entry] -= step",
                "+= step / 2\n        down[entry] -= step / 2",
            ),
            "all entries are moved at once. Only one entry may move at a time.": (
                "gradient[entry] = (f(up) - f(down))",
                "gradient[entry] = (f(x + step) - f(x - step))",
            ),
            "all entries are moved at once, and one number comes out. Move one entry at a time.": (
                lambda f, x, step=1e-5: (f(x + step) - f(x - step)) / (2 * step)
            ),
            "one slope replaces the other, and the last comes back. Each has its place in an array "
            "of the shape of `x`.": ("gradient[entry] =", "gradient ="),
            "whole rows are moved at once. Only one entry may move at a time.": (
                "up[entry] += step\n        down[entry] -= step",
                "up[entry[0]] += step\n        down[entry[0]] -= step",
            ),
            "the entries that were moved are not put back before the next. Copy `x` in each "
            "round.": lambda f, x, step=1e-5: _never_put_back(f, x, step),
            "the argument `step` is not used: it is always 1e-5.": (
                "gradient = np",
                "step = 1e-5\n    gradient = np",
            ),
            "the entry is set to `step`, and not moved by it: `+=` and `-=`.": (
                "up[entry] += step\n        down[entry] -= step",
                "up[entry] = step\n        down[entry] = -step",
            ),
            "only the first entry is filled. Is there a `return` inside the loop?": (
                "np.ndindex(x.shape)",
                "[(0,) * x.ndim]",
            ),
            "only the first row is filled.": (
                "np.ndindex(x.shape)",
                "np.ndindex((1, *x.shape[1:]))",
            ),
            "the sign is turned round: down minus up.": ("f(up) - f(down)", "f(down) - f(up)"),
            "up and down are one array: `down = up` is a second name, no copy.": (
                "up, down = x.copy(), x.copy()",
                "up = down = x.copy()",
            ),
        },
        stand_in=lambda f, x, step=1e-5: gradcheck.numerical_gradient(f, x, step=step),
    ),
    "backward_cross_entropy": Exercise(
        backward_cross_entropy,
        lambda rng: tuple(
            clear(backward_cross_entropy, 0.02, _passed, rng, *sizes) for sizes in SIZES
        ),
        {
            "`dz3` still has the output's slope, y_hat * (1 - y_hat). Cross-entropy cancels it.": (
                "(y_hat - y) / m",
                "(y_hat - y) * y_hat * (1 - y_hat) / m",
            ),
            "`dz3` is that of the squared error. A gradient belongs to its cost.": (
                "(y_hat - y) / m",
                "2 / m * (y_hat - y) * y_hat * (1 - y_hat)",
            ),
            "there is a 2 in `dz3`. That is the slope of a square, and there is no square.": (
                "(y_hat - y) / m",
                "2 * (y_hat - y) / m",
            ),
            "1/m is missing in `dz3`: the cost is a mean over the samples.": (" / m", ""),
            "the sign in `dz3` is wrong: y − y_hat.": ("y_hat - y)", "y - y_hat)"),
            "`dz3` is divided by the output's slope once too often: that is ∂J/∂ŷ.": (
                "(y_hat - y) / m",
                "(y_hat - y) / (y_hat * (1 - y_hat)) / m",
            ),
            **HIDDEN,
            **COMMON,
        },
        returns=("dW1", "db1", "dW2", "db2"),
    ),
}


def _again(X, y, W2, z2, a2, y_hat):
    m = len(y)
    dz3 = 2 / m * (y_hat - y) * sigmoid(y_hat) * (1 - sigmoid(y_hat))
    dz2 = dz3 @ W2.T * sigmoid(a2) * (1 - sigmoid(a2))
    sums = [dz.sum(axis=0, keepdims=True) for dz in (dz2, dz3)]
    return X.T @ dz2, sums[0], a2.T @ dz3, sums[1]


def _never_put_back(f, x, step):
    gradient, up, down = np.zeros(x.shape), x.copy(), x.copy()
    for entry in np.ndindex(x.shape):
        up[entry] += step
        down[entry] -= step
        gradient[entry] = (f(up) - f(down)) / (2 * step)
    return gradient
