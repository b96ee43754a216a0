"""The exercises of notebook 10: a fold, scaling without leak, baselines, softmax, an ensemble."""

import numpy as np

from nnlib import activations
from nnlib.checks.exercise import Exercise, clear, columns, draws, guesses


def fold(order, count, k):
    parts = np.array_split(order, count)
    return np.concatenate(parts[:k] + parts[k + 1 :]), parts[k]


def standardise(X_train, X_test):
    mean, deviation = X_train.mean(axis=0), X_train.std(axis=0)
    return (X_train - mean) / deviation, (X_test - mean) / deviation


def rmse(y_hat, y):
    return np.sqrt(np.mean((y_hat - y) ** 2))


def linear_model(X_train, y_train, X_test):
    A = np.hstack([np.ones((len(X_train), 1)), X_train])
    B = np.hstack([np.ones((len(X_test), 1)), X_test])
    weights = np.linalg.lstsq(A, y_train)[0]
    return B @ weights


def one_hot(labels, classes):
    return np.eye(classes)[labels]


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def ensemble(answers):
    return answers.mean(axis=0), answers.std(axis=0)


def _parts(rng):
    """An order of rows, the number of parts, and the part to hold out."""
    return (
        (rng.permutation(6), 3, 0),
        (rng.choice(30, 6, replace=False), 3, 1),
        (rng.permutation(7), 2, 1),
        (rng.permutation(5), 5, 2),
        (rng.permutation(23), 4, 3),
    )


def _plane(rng, rows, held_out, n):
    """X_train, y_train, X_test: y_train lies near a plane that misses the origin."""
    X_train = columns(rng, rows, n)
    y_train = 2 + X_train.sum(axis=1, keepdims=True) + rng.uniform(-1, 1, (rows, 1))
    X_test = rng.uniform(X_train.min(axis=0), X_train.max(axis=0), (held_out, n))
    return X_train, y_train, X_test


def _flatness(X_train, y_train, X_test):
    """How far the rows of X_train spread where they spread least; 0 if a column is superfluous."""
    return np.linalg.svd(X_train - X_train.mean(axis=0), compute_uv=False).min()


def _labels(rng):
    """Labels and the number of classes; not every class occurs each time."""
    return (
        (rng.permutation(3), 3),
        (rng.integers(4, size=4), 5),
        (np.array([0]), 1),
        (rng.integers(10, size=5), 10),
        (rng.permutation(4), 4),
    )


def _scores(rng):
    """Rows of numbers; in the last two tables the exponential of one overflows, or all are 0."""
    large = float(rng.integers(800, 1200))
    return (
        *draws(rng, ((1, 2),), ((3, 4),), ((4, 4),), ((1, 10),)),
        (np.array([[large, large - 1, 0.0], [-large, -large - 1, -large]]),),
        (rng.integers(-2000, 2000, (5, 3)).astype(float),),
    )


def _ensembles(rng):
    """Answers of several networks; the first two do not agree."""
    low, gap = rng.standard_normal((1, 2, 1)), rng.uniform(1, 5, (1, 2, 1))
    shapes = (4, 3, 1), (1, 2, 1), (5, 5, 1), (3, 2, 4)
    return (np.concatenate([low, low + gap]),), *draws(rng, *((shape,) for shape in shapes))


REST = "np.concatenate(parts[:k] + parts[k + 1 :])"
ONES_A = "np.hstack([np.ones((len(X_train), 1)), X_train])"
ONES_B = "np.hstack([np.ones((len(X_test), 1)), X_test])"

EXERCISES = {
    "fold": Exercise(
        fold,
        _parts,
        {
            "the rows held out are among those to train on: a leak. Leave part `k` out.": (
                REST,
                "order",
            ),
            "the shuffled `order` is not used: the parts are cut from 0, 1, 2, ….": (
                "(order, count)",
                "(np.arange(len(order)), count)",
            ),
            "`order` is sorted first, so nothing is shuffled any more.": (
                "(order, count)",
                "(np.sort(order), count)",
            ),
            "only the parts before part `k` are trained on. Those after it belong there too.": (
                "parts[:k] + parts[k + 1 :]",
                "[order[:0], *parts[:k]]",
            ),
            "only the parts after part `k` are trained on. Those before it belong there too.": (
                "parts[:k] + parts[k + 1 :]",
                "[order[:0], *parts[k + 1 :]]",
            ),
            "the first part is always held out, whatever `k` is.": (
                "return",
                "k = 0\n    return",
            ),
            "the rows to train on are sorted. They keep their order.": (
                REST,
                "np.setdiff1d(order, parts[k])",
            ),
            "parts are counted from 1. Here the first is part 0.": (
                "return",
                "k = k - 1\n    return",
            ),
            "`count` is taken for the size of a part. It is the number of parts.": (
                "np.array_split(order, count)",
                "[order[start : start + count] for start in range(0, len(order), count)]",
            ),
            "every `count`-th row is taken. The parts are blocks of the shuffled order.": (
                "np.array_split(order, count)",
                "[order[start::count] for start in range(count)]",
            ),
            "the rows that are left over at the end are in no part. `np.array_split` deals them "
            "out.": (
                "np.array_split(order, count)",
                "[order[start * (len(order) // count) :][: len(order) // count]"
                " for start in range(count)]",
            ),
        },
        returns=("train", "test"),
    ),
    "standardise": Exercise(
        standardise,
        lambda rng: tuple(
            (columns(rng, rows, n), rng.uniform(10, 30, (held_out, n)))
            for rows, held_out, n in ((2, 1, 2), (6, 3, 2), (4, 4, 4), (9, 1, 1))
        ),
        {
            "the test rows are scaled by their own mean and deviation. They have to be met as the "
            "training rows are.": (
                "(X_test - mean) / deviation",
                "(X_test - X_test.mean(axis=0)) / X_test.std(axis=0)",
            ),
            "mean and deviation are those of all rows together: a leak. Only the training rows "
            "count.": (
                "X_train.mean(axis=0), X_train.std(axis=0)",
                "np.vstack([X_train, X_test]).mean(axis=0), "
                "np.vstack([X_train, X_test]).std(axis=0)",
            ),
            "mean and deviation are those of the test rows. Only the training rows count.": (
                "X_train.mean(axis=0), X_train.std(axis=0)",
                "X_test.mean(axis=0), X_test.std(axis=0)",
            ),
            "one mean and one deviation serve the whole table. Each column has its own.": (
                "X_train.mean(axis=0), X_train.std(axis=0)",
                "X_train.mean(), X_train.std()",
            ),
            "the variance divides, not its root, the standard deviation.": (".std(", ".var("),
            "the mean is not taken off.": ("X_train.mean(axis=0)", "0"),
            "nothing is divided: the deviation is left out.": ("X_train.std(axis=0)", "1"),
            "the largest value divides, not the standard deviation.": (".std(", ".max("),
            "the range, largest minus smallest, divides, not the standard deviation.": (
                "X_train.std(axis=0)",
                "np.ptp(X_train, axis=0)",
            ),
            "the test rows are not scaled; or their mean is that of an `X_train` which was scaled "
            "already.": (", (X_test - mean) / deviation", ", X_test"),
            "the mean is taken off after the division. First subtract, then divide.": (
                "(X_train - mean) / deviation, (X_test - mean) / deviation",
                "X_train / deviation - mean, X_test / deviation - mean",
            ),
            "the deviation divides by m − 1 (`ddof=1`). NumPy's own, by m, is wanted.": (
                "X_train.std(axis=0)",
                "X_train.std(axis=0, ddof=1)",
            ),
        },
        returns=("X_train scaled", "X_test scaled"),
    ),
    "rmse": Exercise(
        rmse,
        lambda rng: tuple(guesses(rng, m) for m in (2, 5, 1, 12)),
        {
            "the root is left out: this is the mean squared error.": ("np.sqrt(", "("),
            "errors are not squared, so those up and down cancel.": (
                "np.sqrt(np.mean((y_hat - y) ** 2))",
                "np.mean(y_hat - y)",
            ),
            "the mean is taken before the square, so errors up and down cancel.": (
                "np.mean((y_hat - y) ** 2)",
                "np.mean(y_hat - y) ** 2",
            ),
            "the root is taken of each squared error, before the mean. That is the mean absolute "
            "error.": ("np.sqrt(np.mean((y_hat - y) ** 2))", "np.mean(np.sqrt((y_hat - y) ** 2))"),
            "the sum stands for the mean. Then more sales mean more error.": (
                "np.mean(",
                "np.sum(",
            ),
            "the sum is divided by m after the root.": (
                "np.sqrt(np.mean((y_hat - y) ** 2))",
                "np.sqrt(np.sum((y_hat - y) ** 2)) / len(y)",
            ),
            "the standard deviation of the errors is taken. It forgives an error that all share.": (
                "np.sqrt(np.mean((y_hat - y) ** 2))",
                "np.std(y_hat - y)",
            ),
            "the squares are subtracted, not the difference squared.": (
                "np.mean((y_hat - y) ** 2)",
                "np.abs(np.mean(y_hat ** 2 - y ** 2))",
            ),
            "the errors are relative, divided by `y`. Here they stay in the unit of `y`.": (
                "(y_hat - y) ** 2",
                "((y_hat - y) / y) ** 2",
            ),
            "the median stands for the mean.": ("np.mean(", "np.median("),
            "the largest error is returned.": (
                "np.sqrt(np.mean((y_hat - y) ** 2))",
                "np.max(np.abs(y_hat - y))",
            ),
        },
    ),
    "linear_model": Exercise(
        linear_model,
        lambda rng: tuple(
            clear(_flatness, 0.5, _plane, rng, *some)
            for some in ((3, 1, 1), (7, 3, 2), (9, 9, 3), (12, 1, 1))
        ),
        {
            "the column of ones is missing, so the plane must pass through 0.": (
                f"A = {ONES_A}\n    B = {ONES_B}",
                "A, B = X_train, X_test",
            ),
            "the weights are fitted to the right rows, and the training rows are predicted. "
            "Predict `X_test`.": ("return B @ weights", "return A @ weights"),
            "the weights are returned. Predictions for `X_test` are wanted.": (
                "return B @ weights",
                "return weights",
            ),
            "the constant of the fit is left out of the predictions.": (
                "return B @ weights",
                "return X_test @ weights[1:]",
            ),
            "each row is divided by its length before the fit.": (
                "weights = np.linalg.lstsq(A, y_train)[0]",
                "weights = np.linalg.lstsq(A / np.linalg.norm(A, axis=1, keepdims=True), "
                "y_train)[0]",
            ),
            "the weights are `A.T @ y_train`: nothing is solved. `np.linalg.lstsq` does that.": (
                "np.linalg.lstsq(A, y_train)[0]",
                "A.T @ y_train",
            ),
            "the target is centred for the fit, and its mean is never added again.": (
                "lstsq(A, y_train)",
                "lstsq(A, y_train - y_train.mean())",
            ),
            "everything gets the training mean. That is the other baseline.": (
                "return B @ weights",
                "return np.full((len(X_test), 1), y_train.mean())",
            ),
            "the answer is flat. Each row's prediction belongs in a row of its own.": (
                "return B @ weights",
                "return (B @ weights).ravel()",
            ),
            "the ones stand behind the columns for the fit and before them for the predictions.": (
                "[np.ones((len(X_train), 1)), X_train]",
                "[X_train, np.ones((len(X_train), 1))]",
            ),
        },
    ),
    "one_hot": Exercise(
        one_hot,
        _labels,
        {
            "only as many columns are made as there are labels in this batch. `classes` says how "
            "many.": ("np.eye(classes)", "np.eye(labels.max() + 1)"),
            "the table is transposed: a row for each class. A row for each sample is wanted.": (
                "np.eye(classes)[labels]",
                "np.eye(classes)[labels].T",
            ),
            "every row has a 1 in the columns of all labels. Each row belongs to one of them.": (
                lambda labels, classes: np.tile(
                    1.0 * np.isin(range(classes), labels), (len(labels), 1)
                )
            ),
            "the identity matrix itself comes back. Pick a row of it for each label.": (
                "np.eye(classes)[labels]",
                "np.eye(classes)",
            ),
            "0 and 1 are swapped: one cold.": (
                "np.eye(classes)[labels]",
                "1 - np.eye(classes)[labels]",
            ),
            "the labels are counted from 1. Here the first class is 0.": (
                "[labels]",
                "[labels - 1]",
            ),
            "the classes run backwards.": ("[labels]", "[classes - 1 - labels]"),
            "whole numbers stand in the table. Targets are floats, 0.0 and 1.0.": (
                "np.eye(classes)",
                "np.eye(classes, dtype=int)",
            ),
            "the label itself stands in its column. A 1 is wanted.": (
                "np.eye(classes)[labels]",
                "np.eye(classes)[labels] * labels.reshape(-1, 1)",
            ),
            "all columns up to the label are 1. Only its own is.": (
                "np.eye(classes)",
                "np.tri(classes)",
            ),
            "the ones are marked where they belong, and all rows are added up. Each sample keeps "
            "its row.": ("np.eye(classes)[labels]", "np.eye(classes)[labels].sum(axis=0)"),
        },
    ),
    "softmax": Exercise(
        softmax,
        _scores,
        {
            "`np.exp` overflows: `exp(1000)` is infinite, and infinite / infinite is nan. Take "
            "the largest number of each row off first.": ("z - z.max(axis=1, keepdims=True)", "z"),
            "one largest number of the whole table is taken off. In another row everything may "
            "underflow to 0 / 0.": ("z.max(axis=1, keepdims=True)", "z.max()"),
            "the columns sum to 1, not the rows.": (
                "    e = np.exp(z - z.max(axis=1, keepdims=True))\n"
                "    return e / e.sum(axis=1, keepdims=True)",
                "    e = np.exp(z - z.max(axis=0, keepdims=True))\n"
                "    return e / e.sum(axis=0, keepdims=True)",
            ),
            "the whole table sums to 1, not each row.": (
                "e.sum(axis=1, keepdims=True)",
                "e.sum()",
            ),
            "one largest number of the whole table is taken off, and the whole table sums to 1. "
            "Each row has its own.": lambda z: np.exp(z - z.max()) / np.exp(z - z.max()).sum(),
            **{
                f"the numbers are cut off at ±{limit}, so all beyond it get the same share.": (
                    "e = np.exp(z",
                    f"z = np.clip(z, -{limit}, {limit})\n    e = np.exp(z",
                )
                for limit in (500, 700)
            },
            "the exponentials are not divided by their sum.": (
                " / e.sum(axis=1, keepdims=True)",
                "",
            ),
            "the exponential is left out: the numbers are only divided by their sum.": (
                "np.exp(z - z.max(axis=1, keepdims=True))",
                "z",
            ),
            "the sign is turned round: the largest number gets the smallest share.": (
                "np.exp(z - z.max(axis=1, keepdims=True))",
                "np.exp(z.min(axis=1, keepdims=True) - z)",
            ),
            "the mean stands for the sum.": ("e.sum(", "e.mean("),
            "each number goes through a sigmoid by itself, so a row does not sum to 1.": (
                activations.sigmoid
            ),
            "the logarithm is returned. The shares themselves are wanted.": (
                "return e / e.sum(axis=1, keepdims=True)",
                "return np.log(e / e.sum(axis=1, keepdims=True))",
            ),
            "the largest number of each row wins all: 1 for it, 0 for the rest.": (
                "np.exp(z - z.max(axis=1, keepdims=True))",
                "(z == z.max(axis=1, keepdims=True)).astype(float)",
            ),
        },
        stand_in=activations.softmax,
    ),
    "ensemble": Exercise(
        ensemble,
        _ensembles,
        {
            "the mean is taken over the samples. It belongs over the networks, the first axis.": (
                "answers.mean(axis=0), answers.std(axis=0)",
                "answers.mean(axis=1), answers.std(axis=1)",
            ),
            "everything is averaged to one number. Each sample keeps its own.": (
                "answers.mean(axis=0), answers.std(axis=0)",
                "answers.mean(), answers.std()",
            ),
            "the first network answers for all.": ("answers.mean(axis=0)", "answers[0]"),
            "the median stands for the mean.": (
                "answers.mean(axis=0)",
                "np.median(answers, axis=0)",
            ),
            "the answers are added up, and not divided by their number.": (
                "answers.mean(axis=0)",
                "answers.sum(axis=0)",
            ),
            "the variance stands for the standard deviation. Its unit is squared.": (
                ".std(",
                ".var(",
            ),
            "the spread is the range, highest minus lowest. The standard deviation is wanted.": (
                "answers.std(axis=0)",
                "np.ptp(answers, axis=0)",
            ),
            "the spread is divided by √K, as for the error of a mean. The spread itself is "
            "wanted.": ("answers.std(axis=0)", "answers.std(axis=0) / np.sqrt(len(answers))"),
            "the deviation divides by K − 1 (`ddof=1`). NumPy's own, by K, is wanted.": (
                "answers.std(axis=0)",
                "answers.std(axis=0, ddof=1)",
            ),
            "the deviation divides by K − 1, where there is more than one network. NumPy's own, by "
            "K, is wanted.": (
                "answers.std(axis=0)",
                "answers.std(axis=0) * np.sqrt(len(answers) / max(len(answers) - 1, 1))",
            ),
            "the answers are divided by the number of samples, not of networks.": (
                "answers.mean(axis=0)",
                "answers.sum(axis=0) / answers.shape[1]",
            ),
            "the highest answer stands for the mean.": (
                "answers.mean(axis=0)",
                "answers.max(axis=0)",
            ),
        },
        returns=("mean", "spread"),
    ),
}
