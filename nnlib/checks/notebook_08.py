"""The exercises of notebook 08: any depth, ReLU, the start, mini-batches, steps, overfitting."""

from itertools import pairwise

import numpy as np

from nnlib.activations import relu, sigmoid
from nnlib.checks.exercise import Exercise, clear, draws, ordered


def forward_deep(X, parameters):
    z, a = {}, {1: X}
    last = len(parameters) + 1
    for layer, (W, b) in enumerate(parameters, start=2):
        z[layer] = a[layer - 1] @ W + b
        a[layer] = sigmoid(z[layer]) if layer == last else relu(z[layer])
    return z, a


def relu_backward(da, a):
    return da * (a > 0)


def backward_deep(y, parameters, trace):
    _, a = trace
    last = len(parameters) + 1
    m = len(y)
    dz = (a[last] - y) / m
    gradients = []
    for layer in range(last - 1, 0, -1):
        W, _ = parameters[layer - 1]
        gradients.insert(0, (a[layer].T @ dz, dz.sum(axis=0, keepdims=True)))
        if layer > 1:
            dz = dz @ W.T * (a[layer] > 0)
    return gradients


def he_start(sizes, rng):
    parameters = []
    for n_in, n_out in pairwise(sizes):
        W = rng.standard_normal((n_in, n_out)) * np.sqrt(2 / n_in)
        parameters.append((W, np.zeros((1, n_out))))
    return parameters


def batches(X, y, batch_size, order):
    pairs = []
    for start in range(0, len(X), batch_size):
        rows = order[start : start + batch_size]
        pairs.append((X[rows], y[rows]))
    return pairs


def momentum_step(W, dW, velocity, learning_rate, beta):
    velocity = beta * velocity + dW
    return W - learning_rate * velocity, velocity


def adam_step(W, dW, mean, square, t, learning_rate, beta1=0.9, beta2=0.999, epsilon=1e-8):
    mean = beta1 * mean + (1 - beta1) * dW
    square = beta2 * square + (1 - beta2) * dW**2
    mean_hat = mean / (1 - beta1**t)
    square_hat = square / (1 - beta2**t)
    return W - learning_rate * mean_hat / (np.sqrt(square_hat) + epsilon), mean, square


def add_l2(gradients, parameters, l2):
    with_l2 = []
    for (dW, db), (W, _) in zip(gradients, parameters):
        with_l2.append((dW + l2 * W, db))
    return with_l2


def early_stop(costs, patience):
    best = 0
    for epoch, cost in enumerate(costs):
        if cost < costs[best]:
            best = epoch
        elif epoch - best >= patience:
            break
    return best


# Several depths, one sample, one unit; where all layers are equally wide, every product fits.
SIZES = (
    (5, (2, 3, 4, 1)),
    (1, (3, 2, 1)),
    (4, (3, 3, 3, 3)),
    (6, (1, 2, 1, 2, 2)),
    (3, (2, 1)),
)


def _layers(rng, sizes):
    """(W, b) for each layer, all random: weights and biases, or their gradients."""
    return draws(rng, *(((n_in, n_out), (1, n_out)) for n_in, n_out in pairwise(sizes)))


def _network(rng, m, sizes):
    """X and parameters."""
    return rng.standard_normal((m, sizes[0])), _layers(rng, sizes)


def _passed(rng, m, sizes):
    """y, parameters and trace."""
    X, parameters = _network(rng, m, sizes)
    return rng.uniform(size=(m, sizes[-1])), parameters, forward_deep(X, parameters)


def _tables(rng):
    """X, y, batch_size and an order of the rows."""
    return tuple(
        (rng.standard_normal((m, n)), rng.standard_normal((m, 1)), batch_size, rng.permutation(m))
        for m, n, batch_size in ((7, 2, 3), (4, 1, 4), (6, 3, 2), (5, 2, 8), (3, 1, 1))
    )


def _momentum(rng, shape, most):
    """W, dW, velocity, a learning rate and beta."""
    (arrays,) = draws(rng, (shape, shape, shape))
    return *arrays, rng.uniform(most / 2, most), rng.uniform(0.4, 0.9)


def _adam(rng, shape, size, t):
    """The arguments of `adam_step` in step t, for gradients of a size."""
    W, dW, mean = (rng.standard_normal(shape) for _ in range(3))
    begun = t > 1
    return W, size * dW, begun * size * mean, begun * (size * mean) ** 2, t, rng.uniform(0.05, 0.2)


def _adam_with_settings(rng):
    """The arguments of `adam_step`, with a rate, betas and an epsilon of their own."""
    W, dW, mean = (rng.standard_normal(1) for _ in range(3))
    settings = rng.uniform([0.1, 0.3, 0.6, 0.1], [0.2, 0.6, 0.9, 0.3])
    return W, dW, mean, rng.uniform(1, 4, 1), 3, *settings.tolist()


def _courses(rng):
    """Costs and a patience: each with a trap of its own, then falls that end in a long rise."""
    cases = [
        (ordered(rng, ranks).tolist(), patience)
        for ranks, patience in (
            ([8, 7, 3, 6, 5, 4, 1], 3),
            ([8, 6, 7, 4, 5, 2, 3, 1], 3),
            ([1, 2, 3, 0], 1),
            ([3, 2, 1], 2),
            ([3, 4, 2, 4, 4, 4, 0, 1], 3),
            ([2, 5, 4, 3, 0, 1], 3),
            ([1, 1, 1, 1, 0], 3),
            ([2, 5, 4, 1], 3),
            ([2], 5),
        )
    ]
    for patience in (1, 2, 4, 5):
        fall, rise = rng.integers(30), rng.uniform(0.1, 1, 10)
        steps = np.concatenate([-rng.uniform(0.1, 1, fall), rise])
        cases.append((np.cumsum([40.0, *steps]).tolist(), patience))
    return tuple(cases)


SHAPES = ((5, 3), (1, 4), (3, 3))
LAST = "sigmoid(z[layer]) if layer == last else relu(z[layer])"
PAIR = "(a[layer].T @ dz, dz.sum(axis=0, keepdims=True))"
ON = "dz @ W.T * (a[layer] > 0)"
DRAW = "rng.standard_normal((n_in, n_out))"
DEVIATION = "np.sqrt(2 / n_in)"
VELOCITY = "beta * velocity + dW"
STEP = "learning_rate * mean_hat / (np.sqrt(square_hat) + epsilon)"

EXERCISES = {
    "forward_deep": Exercise(
        forward_deep,
        lambda rng: tuple(clear(forward_deep, 0.05, _network, rng, *some) for some in SIZES),
        {
            "the output layer is a ReLU, too. It is a sigmoid.": (LAST, "relu(z[layer])"),
            "the hidden layers are sigmoids. They are ReLUs, only the output is a sigmoid.": (
                LAST,
                "sigmoid(z[layer])",
            ),
            "the two activations are swapped: ReLU at the end, sigmoids before it.": (
                "layer == last",
                "layer != last",
            ),
            "the hidden layers are not bent: `relu` is left out there.": (
                "else relu(z[layer])",
                "else z[layer]",
            ),
            "the output is not bent: `sigmoid` is left out there.": (
                "sigmoid(z[layer]) if",
                "z[layer] if",
            ),
            "the biases are left out.": ("@ W + b", "@ W"),
            "only the first hidden layer is a ReLU; all others are sigmoids. Which is the last?": (
                "layer == last",
                "layer > 2",
            ),
            "the last hidden layer is a sigmoid, too. The output's number is one higher.": (
                "layer == last",
                "layer >= last - 1",
            ),
            "the sigmoid comes one layer too early. The last layer has the number "
            "`len(parameters) + 1`.": ("layer == last", "layer == last - 1"),
            "the output goes through `relu` before the sigmoid.": (
                "sigmoid(z[layer]) if",
                "sigmoid(relu(z[layer])) if",
            ),
            "each layer gets the sums of the one before. It gets the activations.": (
                "a[layer - 1] @ W",
                "(z[layer - 1] if layer > 2 else X) @ W",
            ),
            "each layer gets `X`. Only the first does; the others get the activations before "
            "them.": ("a[layer - 1] @ W", "X @ W"),
            "`z` holds the activations. It should keep the sums, before the bend.": (
                "    return z, a",
                "    return {layer: a[layer] for layer in z}, a",
            ),
            "the hidden layers are tanh. They are ReLUs.": (
                "else relu(z[layer])",
                "else np.tanh(z[layer])",
            ),
            "`b` is added after the bend.": (
                "z[layer] = a[layer - 1] @ W + b\n"
                "        a[layer] = sigmoid(z[layer]) if layer == last else relu(z[layer])",
                "z[layer] = a[layer - 1] @ W\n"
                "        a[layer] = b + (sigmoid(z[layer]) if layer == last else relu(z[layer]))",
            ),
        },
    ),
    "relu_backward": Exercise(
        relu_backward,
        lambda rng: (
            (rng.uniform([[1.0, -4.0]], [[3.0, -2.0]]), np.array([[rng.uniform(0.2, 0.8), 0.0]])),
            *((da, relu(z)) for da, z in draws(rng, *([shape] * 2 for shape in SHAPES))),
        ),
        {
            "`>=` stands for `>`. A ReLU is never negative, so `a >= 0` is always true, and units "
            "that are off pass the error on.": ("a > 0", "a >= 0"),
            "`da` is multiplied by `a`. The slope of a unit that is on is 1, however large a is.": (
                "(a > 0)",
                "a",
            ),
            "only the slope is returned. The error `da` is left out.": (
                "da * (a > 0)",
                "(a > 0) * 1.0",
            ),
            "the sign of `da` decides. Whether a unit is on, `a` says.": ("a > 0", "da > 0"),
            "it is the sigmoid's slope, a (1 − a).": ("(a > 0)", "a * (1 - a)"),
            "it is the slope of tanh, 1 − a².": ("(a > 0)", "(1 - a**2)"),
            "it is turned round: the units that are off pass the error on.": ("a > 0", "a <= 0"),
            "units that are off pass a hundredth on. That is another activation, leaky ReLU.": (
                "(a > 0)",
                "np.where(a > 0, 1, 0.01)",
            ),
            "`da` and the slope are added. The chain rule multiplies.": ("da * (", "da + ("),
            "it is the forward step: ReLU of `a`, which is `a` itself.": (
                "da * (a > 0)",
                "np.maximum(a, 0)",
            ),
        },
    ),
    "backward_deep": Exercise(
        backward_deep,
        lambda rng: tuple(clear(backward_deep, 0.01, _passed, rng, *some) for some in SIZES),
        {
            "1/m is missing: the cost is a mean over the samples.": (" / m", ""),
            "1/m is applied in every layer. Once, at the output, is enough.": (
                ON,
                ON + " / m",
            ),
            "the output's slope ŷ (1 − ŷ) stands in `dz`. With cross-entropy it cancels.": (
                "(a[last] - y) / m",
                "(a[last] - y) / m * a[last] * (1 - a[last])",
            ),
            "the sign is wrong: y − ŷ.": ("(a[last] - y)", "(y - a[last])"),
            "a 2 stands before the error. It belongs to the squared error.": (
                "(a[last] - y) / m",
                "2 * (a[last] - y) / m",
            ),
            "the slope of ReLU is left out, or read off with `>=`, which is always true: `>` is "
            "wanted.": ("a[layer] > 0", "a[layer] >= 0"),
            "the hidden layers have the sigmoid's slope. They are ReLUs.": (
                "(a[layer] > 0)",
                "a[layer] * (1 - a[layer])",
            ),
            "`dz` is multiplied by the activation. The slope of ReLU is 1 or 0.": (
                "(a[layer] > 0)",
                "a[layer]",
            ),
            "`keepdims=True` is missing: a bias has shape (1, n).": (", keepdims=True", ""),
            "the bias gradients are means. The 1/m is in `dz` already: add up.": (
                ".sum(",
                ".mean(",
            ),
            "`W` is not transposed on the way back.": ("dz @ W.T", "dz @ W"),
            "the weight gradients are turned over: rows and columns are swapped.": (
                "a[layer].T @ dz",
                "dz.T @ a[layer]",
            ),
            "the list runs from the back to the front. The first layer's pair comes first.": (
                "insert(0, (a[layer].T @ dz, dz.sum(axis=0, keepdims=True)))",
                "append((a[layer].T @ dz, dz.sum(axis=0, keepdims=True)))",
            ),
            "the error of every layer is that of the output: the error is not passed on.": (
                "dz = " + ON,
                "dz = dz",
            ),
            "the weights are those of the layer after. `parameters[layer - 1]` lead away from "
            "layer `layer`.": ("parameters[layer - 1]", "parameters[min(layer, last - 2)]"),
        },
        returns=("dW1", "db1", "dW2", "db2", "dW3", "db3", "dW4", "db4"),
    ),
    "he_start": Exercise(
        he_start,
        lambda rng: tuple(
            (sizes, np.random.default_rng(rng.integers(2**32)))
            for sizes in ((2, 3, 1), (5, 1), (4, 4, 4), (64, 32, 2, 3))
        ),
        {
            "the nodes are counted at the wrong end. What adds up in a sum are the n_in inputs.": (
                DEVIATION,
                "np.sqrt(2 / n_out)",
            ),
            "the 2 is missing. A ReLU throws half of the sums away.": (
                DEVIATION,
                "np.sqrt(1 / n_in)",
            ),
            "it is Xavier's start, for tanh. He's has n_in alone below the line.": (
                DEVIATION,
                "np.sqrt(2 / (n_in + n_out))",
            ),
            "the root is missing: 2 / n_in is the variance.": (DEVIATION, "(2 / n_in)"),
            "only the 2 is under the root.": (DEVIATION, "np.sqrt(2) / n_in"),
            "the draws are divided by the deviation, or its fraction is upside down.": (
                DEVIATION,
                "np.sqrt(n_in / 2)",
            ),
            "all weights are multiplied by 0.01, however many inputs there are.": (
                DEVIATION,
                "0.01",
            ),
            "the draws are not scaled.": (f" * {DEVIATION}", ""),
            "the biases are random, too. They start at 0.": (
                "np.zeros((1, n_out))",
                "rng.standard_normal((1, n_out))",
            ),
            "the biases have shape (n,). A bias has shape (1, n).": (
                "np.zeros((1, n_out))",
                "np.zeros(n_out)",
            ),
            "the draws are uniform, from 0 to 1. Draw with `rng.standard_normal`.": (
                DRAW,
                "rng.random((n_in, n_out))",
            ),
            "the weights are turned over. W has a row for each input.": (
                DRAW,
                "rng.standard_normal((n_out, n_in))",
            ),
            "every layer counts the inputs of the network. Count those of the layer.": (
                DEVIATION,
                "np.sqrt(2 / sizes[0])",
            ),
        },
        returns=("W1", "b1", "W2", "b2", "W3", "b3"),
    ),
    "batches": Exercise(
        batches,
        _tables,
        {
            "only `X` is shuffled. Every row needs its own answer beside it.": (
                "y[rows]",
                "y[start : start + batch_size]",
            ),
            "only `y` is shuffled. Every row needs its own answer beside it.": (
                "(X[rows]",
                "(X[start : start + batch_size]",
            ),
            "`order` is not used: the rows stand as they came.": (
                "order[start : start + batch_size]",
                "slice(start, start + batch_size)",
            ),
            "the last rows are dropped, where they don't fill a batch. A smaller one is wanted.": (
                "range(0, len(X), batch_size)",
                "range(0, len(X) - batch_size + 1, batch_size)",
            ),
            "the batches overlap: a new one begins at every row.": (
                "range(0, len(X), batch_size)",
                "range(len(X))",
            ),
            "the slice ends at `batch_size`. It starts at `start`, so it ends at start + "
            "batch_size.": ("order[start : start + batch_size]", "order[start:batch_size]"),
            "every batch is the first one.": (
                "order[start : start + batch_size]",
                "order[:batch_size]",
            ),
            "`batch_size` is taken for the number of batches.": lambda X, y, batch_size, order: [
                (X[rows], y[rows]) for rows in np.array_split(order, batch_size)
            ],
            "the rows are spread evenly. All batches but the last have batch_size rows.": (
                lambda X, y, batch_size, order: [
                    (X[rows], y[rows]) for rows in np.array_split(order, -(-len(X) // batch_size))
                ]
            ),
            "rows are missing between the batches, or stand in two: the end of a slice is not "
            "in it.": (
                "order[start : start + batch_size]",
                "order[start : start + batch_size - 1]",
            ),
            "one row too many is in each batch: the end of a slice is not in it.": (
                "start + batch_size]",
                "start + batch_size + 1]",
            ),
            "the last batch is filled up with rows from the start. Each row comes once.": (
                "order[start : start + batch_size]",
                "np.take(order, range(start, start + batch_size), mode='wrap')",
            ),
            "it is the numbers of the rows that are returned, twice. Take those rows of X and y.": (
                "(X[rows], y[rows])",
                "(rows, rows)",
            ),
        },
    ),
    "momentum_step": Exercise(
        momentum_step,
        lambda rng: tuple(
            clear(momentum_step, 0.05, _momentum, rng, *some)
            for some in ((1, 0.2), ((2, 3), 0.2), ((1, 1), 0.2), ((1, 4), 3.0), ((3, 3), 3.0))
        ),
        {
            "the gradient counts 1 − beta only. That is a running mean; here it counts in full.": (
                VELOCITY,
                "beta * velocity + (1 - beta) * dW",
            ),
            "the step is taken with the old velocity. First the new one, then the step.": (
                f"    velocity = {VELOCITY}\n    return W - learning_rate * velocity, velocity",
                "    return W - learning_rate * velocity, beta * velocity + dW",
            ),
            "the step is taken with the gradient alone, and the velocity never used.": (
                "W - learning_rate * velocity",
                "W - learning_rate * dW",
            ),
            "the velocity keeps all of itself: `beta` is left out.": (VELOCITY, "velocity + dW"),
            "`beta` stands before the gradient. It says how much of the velocity is kept.": (
                VELOCITY,
                "velocity + beta * dW",
            ),
            "beta and 1 − beta are swapped.": (VELOCITY, "(1 - beta) * velocity + beta * dW"),
            "it goes uphill: + in the place of −.": ("W - learning", "W + learning"),
            "the learning rate is in the velocity. Here it is in the step only.": (
                "    velocity = beta * velocity + dW\n    return W - learning_rate * velocity,",
                "    velocity = beta * velocity + learning_rate * dW\n    return W - velocity,",
            ),
            "the learning rate and the minus are in the velocity. They belong to the step only.": (
                f"    velocity = {VELOCITY}\n    return W - learning_rate * velocity,",
                "    velocity = beta * velocity - learning_rate * dW\n    return W + velocity,",
            ),
            "the learning rate is in the velocity and in the step.": (
                VELOCITY,
                "beta * velocity + learning_rate * dW",
            ),
            "the learning rate is left out.": ("learning_rate * velocity", "velocity"),
            "the gradient is taken off the velocity. Then W − … climbs.": (
                VELOCITY,
                "beta * velocity - dW",
            ),
            "the new weights are right, and the old velocity comes back. The next step needs the "
            "new one.": (
                f"    velocity = {VELOCITY}\n    return W - learning_rate * velocity, velocity",
                "    return W - learning_rate * (beta * velocity + dW), velocity",
            ),
        },
        returns=("W", "velocity"),
    ),
    "adam_step": Exercise(
        adam_step,
        lambda rng: (
            *(
                clear(lambda *some: adam_step(*some)[0], 0.05, _adam, rng, *some)
                for some in (
                    (1, 2, 1),
                    ((2, 3), 1, 1),
                    ((3, 3), 10, 5),
                    ((1, 4), 1, 40),
                    ((1, 1), 1e-4, 1),
                )
            ),
            clear(adam_step, 0.05, _adam_with_settings, rng),
        ),
        {
            "the bias correction is left out: both means start at 0 and are too small at first.": (
                "    mean_hat = mean / (1 - beta1**t)\n    square_hat = square / (1 - beta2**t)\n",
                "    mean_hat, square_hat = mean, square\n",
            ),
            "only the mean is corrected. The mean of the squares starts at 0, too.": (
                "square / (1 - beta2**t)",
                "square",
            ),
            "only the mean of the squares is corrected. The mean starts at 0, too.": (
                "mean / (1 - beta1**t)",
                "mean",
            ),
            "both corrections use the same beta.": ("beta2**t", "beta1**t"),
            "the correction is that of the first step for ever: `t` is left out.": ("**t", ""),
            "beta is multiplied by t. It is taken to the power of t.": ("**t", " * t"),
            "the root is left out below the line.": ("np.sqrt(square_hat)", "square_hat"),
            "`epsilon` stands under the root. It stands beside it.": (
                "(np.sqrt(square_hat) + epsilon)",
                "np.sqrt(square_hat + epsilon)",
            ),
            "`epsilon` is left out. Where all gradients were 0 that divides by 0.": (
                " + epsilon",
                "",
            ),
            "`square` is a mean of the gradients, not of their squares.": ("dW**2", "dW"),
            "the mean is squared, in place of the mean of the squares.": ("dW**2", "mean**2"),
            "beta1 and 1 − beta1 are swapped.": (
                "beta1 * mean + (1 - beta1) * dW",
                "(1 - beta1) * mean + beta1 * dW",
            ),
            "beta2 and 1 − beta2 are swapped.": (
                "beta2 * square + (1 - beta2) * dW**2",
                "(1 - beta2) * square + beta2 * dW**2",
            ),
            "the gradient counts in full, as in momentum. In a running mean it counts 1 − beta1.": (
                "(1 - beta1) * dW",
                "dW",
            ),
            "the corrected means come back. Return the plain ones: the next step corrects anew.": (
                "mean, square\n",
                "mean_hat, square_hat\n",
            ),
            "the old running means come back. The next step needs the new ones.": (
                lambda W, dW, mean, square, *rest: (
                    adam_step(W, dW, mean, square, *rest)[0],
                    mean,
                    square,
                )
            ),
            "the step is taken with the gradient, not with its mean.": (
                "learning_rate * mean_hat",
                "learning_rate * dW",
            ),
            "it goes uphill: + in the place of −.": ("W - learning", "W + learning"),
            "the learning rate is left out.": ("learning_rate * mean_hat", "mean_hat"),
        },
        returns=("W", "mean", "square"),
    ),
    "add_l2": Exercise(
        add_l2,
        lambda rng: tuple(
            (_layers(rng, sizes), _layers(rng, sizes), l2)
            for (_, sizes), l2 in zip(SIZES, rng.uniform(0.1, 0.7, 5).tolist())
        ),
        {
            "a 2 is too much. The ½ in the penalty cancels the 2 of the square's slope.": (
                "l2 * W",
                "2 * l2 * W",
            ),
            "the ½ of the penalty stands in the slope, too. The 2 of the square cancels it.": (
                "l2 * W",
                "l2 / 2 * W",
            ),
            "the penalty itself is added, one number for a layer. Its slope is wanted.": (
                "l2 * W",
                "l2 / 2 * np.sum(W**2)",
            ),
            "the penalty itself is added, one number for all weights. Its slope is wanted.": (
                "l2 * W",
                "l2 / 2 * sum(np.sum(V**2) for V, _ in parameters)",
            ),
            "the gradients come back as they were: a penalty in the cost that no weight feels.": (
                "dW + l2 * W",
                "dW",
            ),
            "the gradient is multiplied by l2. The penalty's slope comes from the weight.": (
                "l2 * W",
                "l2 * dW",
            ),
            "the biases are pulled towards 0, too. The penalty has no biases.": (
                "(dW + l2 * W, db)",
                "(dW + l2 * W, db + l2 * _)",
            ),
            "half the square of each weight is added. That is its penalty; the slope is wanted.": (
                "l2 * W",
                "l2 / 2 * W**2",
            ),
            "the weights are squared. The slope of W² is 2 W.": ("l2 * W", "l2 * W**2"),
            "the penalty is taken off. Then the weights grow.": ("dW + l2", "dW - l2"),
            "every weight gets the same pull. That is L1; in L2 it grows with the weight.": (
                "l2 * W",
                "l2 * np.sign(W)",
            ),
            "the size of the weight is added without its sign. Negative ones must rise.": (
                "l2 * W",
                "l2 * np.abs(W)",
            ),
            "l2 is left out.": ("l2 * W", "W"),
            "only the penalty's slope is returned. The gradient is lost.": (
                "dW + l2 * W",
                "l2 * W",
            ),
        },
        returns=("dW1", "db1", "dW2", "db2", "dW3", "db3", "dW4", "db4"),
    ),
    "early_stop": Exercise(
        early_stop,
        _courses,
        {
            "the epoch in which it stops is returned. The best one before it is wanted.": (
                "    return best",
                "    return epoch",
            ),
            "patience is forgotten: it is the lowest cost of all. It should have stopped before.": (
                lambda costs, patience: int(np.argmin(costs))
            ),
            "it waits one epoch too long. With patience 3, three epochs without a new best stop "
            "it.": (">= patience", "> patience"),
            "it stops one epoch too early.": (">= patience", ">= patience - 1"),
            "it stops at the first rise, whatever the patience.": (
                "elif epoch - best >= patience",
                "else",
            ),
            "each cost is compared with the one before it, not with the best so far.": (
                "costs[best]",
                "costs[epoch - 1]",
            ),
            "an equal cost counts as better. Only a lower one does.": ("cost <", "cost <="),
            "the lowest cost is returned. The epoch that has it is wanted.": (
                "    return best",
                "    return costs[best]",
            ),
            "epochs are counted from 1. The first entry belongs to epoch 0.": (
                "    return best",
                "    return best + 1",
            ),
            "all epochs without a new best are counted, also those before the last best.": (
                lambda costs, patience: _counts_all(costs, patience, since=1)
            ),
            "all epochs without a new best are counted, epoch 0 and those before the best, too.": (
                lambda costs, patience: _counts_all(costs, patience, since=0)
            ),
            "only rises in a row are counted, each from one epoch to the next. Every epoch without "
            "a new best counts.": lambda costs, patience: _counts_rises(costs, patience),
            "the highest cost wins.": ("cost <", "cost >"),
        },
    ),
}


def _counts_all(costs, patience, since):
    best = waited = 0
    for epoch, cost in enumerate(costs):
        if cost < costs[best]:
            best = epoch
        elif epoch >= since:
            waited += 1
            if waited >= patience:
                break
    return best


def _counts_rises(costs, patience):
    rises = 0
    for epoch in range(1, len(costs)):
        rises = rises + 1 if costs[epoch] >= costs[epoch - 1] else 0
        if rises == patience:
            return epoch - patience
    return len(costs) - 1
