"""The exercises of notebook 09: a tape walked backwards, PyTorch's layout, Keras' Adam and cost."""

import numpy as np

from nnlib.checks.exercise import Exercise, draws


def tape_gradients(tape):
    gradients = [0.0] * len(tape)
    gradients[-1] = 1.0
    for place in reversed(range(len(tape))):
        for ingredient, slope in tape[place]:
            gradients[ingredient] += slope * gradients[place]
    return gradients


def _forwards(tape):
    gradients = [1.0] + [0.0] * (len(tape) - 1)
    for place, ingredients in enumerate(tape):
        for ingredient, slope in ingredients:
            gradients[place] += slope * gradients[ingredient]
    return gradients


def to_linear(W, b):
    return W.T, b[0]


def keras_direction(mean, square, t, beta1, beta2, epsilon):
    correction = np.sqrt(1 - beta2**t) / (1 - beta1**t)
    return correction * mean / (np.sqrt(square) + epsilon)


def clipped_cross_entropy(y_hat, y, epsilon):
    p = np.clip(y_hat, epsilon, 1 - epsilon)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


TAPES = (  # the ingredients of each place
    [(), (), (0, 1)],  # a product of two
    [(), (0, 0)],  # one number, used twice
    [(), (), (0, 1), (2,), (2, 3)],  # two paths that meet
    [()],
    [(), (0,), (1,), (1, 0), (2, 3), (4,)],
)


def _tapes(rng):
    """TAPES with random slopes."""
    return tuple(
        ([[(n, rng.uniform(0.2, 4) * rng.choice([-1.0, 1.0])) for n in place] for place in tape],)
        for tape in TAPES
    )


def _running_means(rng, shape, t):
    """Running means of gradients and their squares, as they are after t steps."""
    ((mean, square),) = draws(rng, (shape, shape))
    return mean, square**2, t, *rng.uniform([0.8, 0.97, 0.02], [0.95, 0.99, 0.5]).tolist()


def _answers(rng, m):
    """Predictions of which two are exactly 0 and 1, and right or wrong at random."""
    y_hat = np.append(rng.uniform(size=m), [0.0, 1.0])[:, np.newaxis]
    return y_hat, rng.integers(2, size=(m + 2, 1)).astype(float), rng.uniform(0.01, 0.2)


EXERCISES = {
    "tape_gradients": Exercise(
        tape_gradients,
        _tapes,
        {
            "each path overwrites the one before: `=` stands for `+=`. Paths are added.": (
                "+= slope",
                "= slope",
            ),
            "only the last place hands something on. Is the tape read from the front, or does the "
            "loop return too early?": (
                "reversed(range(len(tape)))",
                "range(len(tape))",
            ),
            "the tape is walked forwards, from the first place: that gives the slope of each place "
            "in the first. Walk from the last place to the front.": _forwards,
            "the walk starts with 0. The last place changes by 1 for each unit of itself.": (
                "gradients[-1] = 1.0",
                "gradients[-1] = 0.0",
            ),
            "every place starts with 1. Only the last does.": (
                "gradients = [0.0] * len(tape)",
                "gradients = [1.0] * len(tape)",
            ),
            "the local slope is left out of the product.": (
                "slope * gradients[place]",
                "gradients[place]",
            ),
            "local slopes are added without the slope that has come back to their place.": (
                "slope * gradients[place]",
                "slope",
            ),
            "nothing leaves the last place. The slope is multiplied by the gradient of the place, "
            "not by that of the ingredient.": (
                "slope * gradients[place]",
                "slope * gradients[ingredient]",
            ),
            "slope and gradient are added. A path multiplies.": (
                "slope * gradients[place]",
                "slope + gradients[place]",
            ),
            "only the first ingredient of each place gets its share.": (
                "in tape[place]:",
                "in tape[place][:1]:",
            ),
            "only the last ingredient of each place gets its share.": (
                "in tape[place]:",
                "in tape[place][-1:]:",
            ),
            "only the first place's gradient is returned. Those of all are wanted.": (
                "return gradients",
                "return gradients[0]",
            ),
            "the list is turned round. It starts with place 0.": (
                "return gradients",
                "return gradients[::-1]",
            ),
        },
    ),
    "to_linear": Exercise(
        to_linear,
        lambda rng: draws(
            rng, ((2, 3), (1, 3)), ((4, 2), (1, 2)), ((1, 1), (1, 1)), ((3, 3), (1, 3))
        ),
        {
            "`W` is not transposed. PyTorch has a row for each output.": ("W.T", "W"),
            "`W` is given another shape, its rows cut up. `.T` turns rows into columns.": (
                "W.T",
                "W.reshape(W.shape[::-1])",
            ),
            "`b` is still a row, (1, n). Here it has one axis, (n,).": ("b[0]", "b"),
            "`b` is a column, (n, 1). Here it has one axis, (n,).": ("b[0]", "b.T"),
            "only the first column of `b` is left, `b[:, 0]`. Its row is wanted.": (
                "b[0]",
                "b[:, 0]",
            ),
            "only the first bias is left.": ("b[0]", "b[0, 0]"),
            "`b` is summed up.": ("b[0]", "b.sum()"),
            "`b` is repeated for each input.": ("b[0]", "b.repeat(len(W), axis=0)"),
            "the rows of `W` are turned upside down.": ("W.T", "W[::-1].T"),
            "`W` is inverted. Transposing turns rows into columns, no more.": (
                "W.T",
                "np.linalg.pinv(W)",
            ),
            "the columns of `W` are summed up.": ("W.T", "W.sum(axis=0)"),
        },
        returns=("weight", "bias"),
    ),
    "keras_direction": Exercise(
        keras_direction,
        lambda rng: tuple(
            _running_means(rng, *some)
            for some in (((2, 3), 1), ((4, 1), 7), ((1, 1), 3), ((3, 3), 40))
        ),
        {
            "epsilon stands where the paper has it: beside the corrected root.": (
                lambda mean, square, t, beta1, beta2, epsilon: (
                    mean / (1 - beta1**t) / (np.sqrt(square / (1 - beta2**t)) + epsilon)
                )
            ),
            "the bias correction is left out.": ("correction * mean", "mean"),
            "only the mean is corrected.": ("np.sqrt(1 - beta2**t) /", "1 /"),
            "only the square is corrected.": (" / (1 - beta1**t)", ""),
            "the correction of the square has no root.": (
                "np.sqrt(1 - beta2**t)",
                "(1 - beta2**t)",
            ),
            "the correction is upside down.": ("correction * mean", "mean / correction"),
            "mean and square are corrected, and then once more by the factor.": (
                lambda mean, square, t, beta1, beta2, epsilon: keras_direction(
                    mean / (1 - beta1**t), square / (1 - beta2**t), t, beta1, beta2, epsilon
                )
            ),
            "the minus of the step is in it. The direction is subtracted later.": (
                "return correction",
                "return -correction",
            ),
            "epsilon stands inside the root.": (
                "(np.sqrt(square) + epsilon)",
                "np.sqrt(square + epsilon)",
            ),
            "epsilon is left out.": (" + epsilon", ""),
            "the root of the square is left out.": ("np.sqrt(square)", "square"),
            "the steps are counted from 0. In the first step t is 1 already.": (
                "np.sqrt(1 - beta2**t) / (1 - beta1**t)",
                "np.sqrt(1 - beta2**(t + 1)) / (1 - beta1**(t + 1))",
            ),
            "the betas are swapped.": (
                "np.sqrt(1 - beta2**t) / (1 - beta1**t)",
                "np.sqrt(1 - beta1**t) / (1 - beta2**t)",
            ),
            "beta is multiplied by t. `beta**t` is its power.": (
                "np.sqrt(1 - beta2**t) / (1 - beta1**t)",
                "np.sqrt(np.abs(1 - beta2 * t)) / (1 - beta1 * t)",
            ),
        },
    ),
    "clipped_cross_entropy": Exercise(
        clipped_cross_entropy,
        lambda rng: (
            _answers(rng, 6),
            (np.array([[0.0]]), np.array([[1.0]]), rng.uniform(0.01, 0.1)),
            (np.array([[1.0], [rng.uniform(0.2, 0.5)]]), np.array([[0.0], [1.0]]), 0.05),
            _answers(rng, 3),
        ),
        {
            "nothing is clipped: where ŷ is 0 or 1 the logarithm is infinite.": (
                "np.clip(y_hat, epsilon, 1 - epsilon)",
                "y_hat",
            ),
            "only the lower end is clipped. ŷ = 1 needs it as well.": (
                "np.clip(y_hat, epsilon, 1 - epsilon)",
                "np.maximum(y_hat, epsilon)",
            ),
            "only the upper end is clipped. ŷ = 0 needs it as well.": (
                "np.clip(y_hat, epsilon, 1 - epsilon)",
                "np.minimum(y_hat, 1 - epsilon)",
            ),
            "epsilon is added to ŷ. Numbers inside the limits should stay as they are.": (
                "np.clip(y_hat, epsilon, 1 - epsilon)",
                "y_hat + epsilon",
            ),
            "epsilon is added inside the logarithms. Only ŷ beyond the limits should change.": (
                "y * np.log(p) + (1 - y) * np.log(1 - p)",
                "y * np.log(y_hat + epsilon) + (1 - y) * np.log(1 - y_hat + epsilon)",
            ),
            "ŷ and y are swapped: the target is clipped and stands inside the logarithms.": (
                lambda y_hat, y, epsilon: clipped_cross_entropy(y, y_hat, epsilon)
            ),
            "ŷ is clipped to −epsilon … epsilon.": (
                "np.clip(y_hat, epsilon, 1 - epsilon)",
                "np.clip(y_hat, -epsilon, epsilon)",
            ),
            "the two limits are swapped. `np.clip` wants the lower one first.": (
                "epsilon, 1 - epsilon",
                "1 - epsilon, epsilon",
            ),
            "the target is clipped, too.": (
                "    return",
                "    y = np.clip(y, epsilon, 1 - epsilon)\n    return",
            ),
            "the samples are summed, not averaged.": ("np.mean", "np.sum"),
            "the minus sign is missing.": ("-np.mean", "np.mean"),
            "only the samples of class 1 count.": (" + (1 - y) * np.log(1 - p)", ""),
            "only the samples of class 0 count.": ("y * np.log(p) + ", ""),
            "the two logarithms are swapped.": (
                "y * np.log(p) + (1 - y) * np.log(1 - p)",
                "y * np.log(1 - p) + (1 - y) * np.log(p)",
            ),
            "the logarithm is the one to base 10. `np.log` is the natural one.": (
                "y * np.log(p) + (1 - y) * np.log(1 - p)",
                "y * np.log10(p) + (1 - y) * np.log10(1 - p)",
            ),
            "the logarithm is the one to base 2. `np.log` is the natural one.": (
                "y * np.log(p) + (1 - y) * np.log(1 - p)",
                "y * np.log2(p) + (1 - y) * np.log2(1 - p)",
            ),
        },
    ),
}
