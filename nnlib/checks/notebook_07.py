"""The exercises of notebook 07: the guide's functions mended, and honest counts on held-out data.

`backward_propagation`, `compute_cost` and `accuracy` are in the guide's layout, where every column
is a sample.
"""

import numpy as np

from nnlib.activations import sigmoid
from nnlib.checks.exercise import Exercise, clear, columns


def backward_propagation(X, Y, A1, A2, W2):
    m = X.shape[1]
    dZ2 = A2 - Y
    dW2 = dZ2 @ A1.T / m
    db2 = dZ2.sum(axis=1, keepdims=True) / m
    dZ1 = W2.T @ dZ2 * A1 * (1 - A1)
    dW1 = dZ1 @ X.T / m
    db1 = dZ1.sum(axis=1, keepdims=True) / m
    return dW1, db1, dW2, db2


def compute_cost(A2, Y):
    m = Y.shape[1]
    yes = np.log(np.maximum(A2, 1e-12))
    no = np.log(np.maximum(1 - A2, 1e-12))
    return -np.sum(Y * yes + (1 - Y) * no) / m


def accuracy(predictions, labels):
    if predictions.shape != labels.shape:
        raise ValueError(f"predictions {predictions.shape}, labels {labels.shape}")
    return np.mean(predictions == labels) * 100


def split_and_scale(X, y, order, held_out):
    test, train = order[:held_out], order[held_out:]
    mean, deviation = X[train].mean(axis=0), X[train].std(axis=0)
    X_train = (X[train] - mean) / deviation
    X_test = (X[test] - mean) / deviation
    return X_train, X_test, y[train], y[test]


def confusion_matrix(predictions, labels):
    counts = np.zeros((2, 2), dtype=int)
    for truth in (0, 1):
        for said in (0, 1):
            counts[truth, said] = np.sum((labels == truth) & (predictions == said))
    return counts


def _passed(rng, n_in, hidden, n_out, m):
    """X, Y, A1, A2, W2 of a random network."""
    X, W1 = rng.standard_normal((n_in, m)), rng.standard_normal((hidden, n_in))
    W2 = rng.standard_normal((n_out, hidden))
    A1 = sigmoid(W1 @ X)
    return X, rng.integers(2, size=(n_out, m)).astype(float), A1, sigmoid(W2 @ A1), W2


def _answers(rng):
    """Answers A2 and labels Y; the first have zeros and ones, in right places and in wrong ones."""
    p = rng.uniform(0.02, 0.98, 4)
    exact = rng.permutation([[1.0, 0.0]], axis=1)
    return (
        (np.array([[p[0], 0.2, 0.6]]), np.array([[1.0, 0.0, 0.0]])),
        (exact, exact.copy()),
        (np.array([[0.0, p[1], 1.0, p[2]]]), np.array([[0.0, 1.0, 1.0, 0.0]])),
        (np.array([[1.0, p[3]]]), np.array([[0.0, 1.0]])),
        (np.array([[0.0]]), np.array([[1.0]])),
        *(
            (rng.uniform(0.02, 0.98, shape), rng.integers(2, size=shape).astype(float))
            for shape in ((1, 7), (1, 1), (2, 5))
        ),
    )


def _marked(rng, shape):
    """True at random places: at one of them or more, but not at all; a single one is either."""
    size = np.prod(shape)
    count = rng.integers(1, size) if size > 1 else rng.integers(2)
    return (rng.permutation(size) < count).reshape(shape)


def _verdict(rng, shape):
    """Predictions and labels of 0 and 1: both occur, and right and wrong ones."""
    labels = _marked(rng, shape).astype(float)
    return np.where(_marked(rng, shape), 1 - labels, labels), labels


def _percentages(rng):
    """Verdicts in rows and columns; some that are True and False, some that are all wrong."""
    shapes = (1, 4), (1, 7), (5, 1), (1, 1), (31, 1), (1, 40)
    said, truth = _verdict(rng, (1, 4))
    labels = _verdict(rng, (1, 3))[1]
    return *(_verdict(rng, shape) for shape in shapes), (said > 0, truth), (1 - labels, labels)


def _counts(rng):
    """Verdicts in rows and columns; in the last nothing is ever said to be a 1."""
    shapes = (7, 1), (12, 1), (1, 9), (1, 1), (1, 40)
    labels = _verdict(rng, (5, 1))[1]
    return *(_verdict(rng, shape) for shape in shapes), (np.zeros((5, 1)), labels)


def _tables(rng):
    """X, y, an order of the rows and how many to hold out."""
    return tuple(
        (columns(rng, m, n), _marked(rng, (m, 1)).astype(float), rng.permutation(m), held_out)
        for m, n, held_out in ((8, 2, 3), (6, 3, 2), (12, 1, 4), (5, 2, 2))
    )


def _each_its_own(X, y, order, held_out):
    parts = X[order[held_out:]], X[order[:held_out]]
    scaled = [(part - part.mean(axis=0)) / part.std(axis=0) for part in parts]
    return *scaled, y[order[held_out:]], y[order[:held_out]]


def _without_nan(values):
    return np.where(np.isnan(values), 0.0, values)


EXERCISES = {
    "backward_propagation": Exercise(
        backward_propagation,
        lambda rng: tuple(
            clear(backward_propagation, 0.02, _passed, rng, *sizes)
            for sizes in ((2, 4, 1, 4), (2, 3, 1, 6), (3, 2, 2, 5), (1, 1, 1, 1), (3, 3, 3, 3))
        ),
        {
            "1/m is missing: the cost is a mean over the samples.": (" / m", ""),
            "1/m is missing in the weights' gradients.": (".T / m", ".T"),
            "1/m is missing in the biases' gradients.": ("True) / m", "True)"),
            "1/m is applied twice.": ("dZ2 = A2 - Y", "dZ2 = (A2 - Y) / m"),
            "`m` counts the rows of `X`. Here the rows are features, and every column is a "
            "sample.": ("X.shape[1]", "X.shape[0]"),
            "the sign of `dZ2` is wrong: Y − A2. Training would climb.": ("A2 - Y", "Y - A2"),
            "`dZ2` is that of the squared error. For cross-entropy the output's slope cancels.": (
                "A2 - Y",
                "(A2 - Y) * A2 * (1 - A2)",
            ),
            "`dZ2` has a factor of 2, as the squared error has.": ("A2 - Y", "2 * (A2 - Y)"),
            "the hidden sigmoid's slope is left out of `dZ1`.": (" * A1 * (1 - A1)", ""),
            "the hidden slope is made with the factor 1 − A1² of tanh.": (
                "* A1 * (1 - A1)",
                "* (1 - A1**2)",
            ),
            "the sigmoid is applied to `A1` once more. `A1` is a sigmoid already.": (
                "A1 * (1 - A1)",
                "sigmoid(A1) * (1 - sigmoid(A1))",
            ),
            "the bias gradients add up the columns. A row belongs to a unit: add up the rows.": (
                "axis=1",
                "axis=0",
            ),
            "`keepdims=True` is missing: a bias has shape (n, 1). `b1 - flat` would be a square.": (
                ", keepdims=True",
                "",
            ),
            "the bias gradients are single numbers. Each unit has its own.": ("axis=1, ", ""),
            "the `.T` in `dW2` is missing: the samples are not added up.": ("A1.T", "A1"),
            "the `.T` in `dW1` is missing: the samples are not added up.": ("X.T", "X"),
            "`W2` is not transposed in `dZ1`.": ("W2.T @", "W2 @"),
            "`dZ1` uses a `W2` that is updated already. First all gradients, then the updates.": (
                "    dZ1 =",
                "    W2 = W2 - 0.01 * dW2\n    dZ1 =",
            ),
            "the weight gradients are turned over, as in the course's layout.": (
                "return dW1, db1, dW2, db2",
                "return dW1.T, db1, dW2.T, db2",
            ),
            "all gradients are turned over, as in the course's layout.": (
                "return dW1, db1, dW2, db2",
                "return dW1.T, db1.T, dW2.T, db2.T",
            ),
        },
        returns=("dW1", "db1", "dW2", "db2"),
    ),
    "compute_cost": Exercise(
        compute_cost,
        _answers,
        {
            "nothing guards the logarithm: ln 0 is −inf, and 0 times that is `nan`.": (
                lambda A2, Y: -np.sum(Y * np.log(A2) + (1 - Y) * np.log(1 - A2)) / Y.shape[1]
            ),
            "only ln(A2) is guarded. 1 − A2 can be 0, too.": (
                "np.maximum(1 - A2, 1e-12)",
                "1 - A2",
            ),
            "only ln(1 − A2) is guarded. A2 can be 0, too.": ("np.maximum(A2, 1e-12)", "A2"),
            "what is not a number counts as 0. Then being sure and wrong may cost nothing.": (
                lambda A2, Y: (
                    -np.sum(
                        np.nan_to_num(
                            Y * np.log(A2) + (1 - Y) * np.log(1 - A2), posinf=0.0, neginf=0.0
                        )
                    )
                    / Y.shape[1]
                )
            ),
            "infinities become the largest floats. Keep what goes into the logarithm above 0.": (
                lambda A2, Y: (
                    -np.sum(np.nan_to_num(Y * np.log(A2) + (1 - Y) * np.log(1 - A2))) / Y.shape[1]
                )
            ),
            "only `nan` counts as 0. A sure and wrong answer still costs `inf`.": (
                lambda A2, Y: (
                    -np.sum(_without_nan(Y * np.log(A2) + (1 - Y) * np.log(1 - A2))) / Y.shape[1]
                )
            ),
            "the logarithm itself is cut off below at 1e-12. What goes into it has to be.": (
                lambda A2, Y: (
                    -np.sum(
                        Y * np.maximum(np.log(A2), 1e-12)
                        + (1 - Y) * np.maximum(np.log(1 - A2), 1e-12)
                    )
                    / Y.shape[1]
                )
            ),
            **{
                f"the guard is {guard:g}. The exercise wants 1e-12.": ("1e-12", repr(guard))
                for guard in (1e-3, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-15, 1e-16)
            },
            "the minus in front is missing: a logarithm of a probability is never positive.": (
                "return -",
                "return ",
            ),
            "`m` counts the rows of `Y`. Here every column is a sample.": ("shape[1]", "shape[0]"),
            "the mean is missing: divide the sum by the number of samples.": (" / m", ""),
            "only the samples with Y = 1 count. The others have ln(1 − A2).": (
                " + (1 - Y) * no",
                "",
            ),
            "only the samples with Y = 0 count. The others have ln(A2).": ("Y * yes + ", ""),
            "the labels are swapped: Y belongs to ln(A2), 1 − Y to ln(1 − A2).": (
                "Y * yes + (1 - Y) * no",
                "(1 - Y) * yes + Y * no",
            ),
            "the logarithm has base 10. `np.log` is the natural one.": ("np.log", "np.log10"),
            "the logarithm has base 2. `np.log` is the natural one.": ("np.log", "np.log2"),
            "it is the squared error. Cross-entropy takes logarithms.": (
                lambda A2, Y: np.sum((A2 - Y) ** 2) / Y.shape[1]
            ),
            "the costs are returned one by one. Their mean is wanted.": (
                "-np.sum(Y * yes + (1 - Y) * no) / m",
                "-(Y * yes + (1 - Y) * no)",
            ),
        },
    ),
    "accuracy": Exercise(
        accuracy,
        _percentages,
        {
            "it is a share between 0 and 1. Per cent are wanted.": (" * 100", ""),
            "the right ones are counted. Their share in per cent is wanted.": (
                "np.mean(predictions == labels) * 100",
                "np.sum(predictions == labels)",
            ),
            "the right ones are added up, without a division by the number of samples.": (
                "np.mean",
                "np.sum",
            ),
            "the wrong ones count: `!=` stands for `==`.": (
                "predictions == labels",
                "predictions != labels",
            ),
            "only the samples of class 1 that are found count. A right 0 is right, too.": (
                "predictions == labels",
                "predictions * labels",
            ),
            "only the samples of class 1 are looked at.": (
                "np.mean(predictions == labels)",
                "np.mean(predictions[labels == 1] == 1)",
            ),
            "it is the share of ones among the predictions.": (
                "predictions == labels)",
                "predictions)",
            ),
            "it is the share of ones among the labels.": ("predictions == labels)", "labels)"),
            "the sum is divided by the columns. Where samples are rows, there is one column.": (
                "np.mean(predictions == labels)",
                "np.sum(predictions == labels) / labels.shape[1]",
            ),
            "the sum is divided by the rows. Where samples are columns, there is one row.": (
                "np.mean(predictions == labels)",
                "np.sum(predictions == labels) / len(labels)",
            ),
            "it is 100 only if all are right, and 0 otherwise.": ("np.mean(", "np.all("),
            "it is rounded to whole per cent.": (
                "np.mean(predictions == labels) * 100",
                "np.round(np.mean(predictions == labels) * 100)",
            ),
            "the accuracy of each column is returned. One number is wanted.": (
                "labels) * 100",
                "labels, axis=0) * 100",
            ),
        },
        refused=(
            (np.array([[0.0, 1.0, 1.0, 0.0]]), np.array([[0.0], [1.0], [1.0], [0.0]])),
            (np.array([[1.0], [0.0], [1.0]]), np.array([1.0, 0.0, 1.0])),
            (np.array([[1.0, 0.0]]), np.array([1.0, 0.0])),
            (np.array([[1.0, 0.0, 1.0]]), np.array([[1.0]])),
        ),
    ),
    "split_and_scale": Exercise(
        split_and_scale,
        _tables,
        {
            "the mean and the deviation come from all rows. The test rows must not be looked at.": (
                "X[train].mean(axis=0), X[train].std(axis=0)",
                "X.mean(axis=0), X.std(axis=0)",
            ),
            "the mean comes from all rows, the test rows included.": ("X[train].mean", "X.mean"),
            "the deviation comes from all rows, the test rows included.": ("X[train].std", "X.std"),
            "the mean and the deviation come from the test rows.": (
                "X[train].mean(axis=0), X[train].std(axis=0)",
                "X[test].mean(axis=0), X[test].std(axis=0)",
            ),
            "the test rows are scaled by numbers of their own. Both parts need the same scale.": (
                _each_its_own
            ),
            "the test rows are not scaled; or their mean is that of an `X_train` which was scaled "
            "already.": (
                "(X[test] - mean) / deviation",
                "X[test]",
            ),
            "nothing is scaled.": (
                "X[train].mean(axis=0), X[train].std(axis=0)",
                "0, 1",
            ),
            "the mean is not subtracted.": (" - mean", " - 0 * mean"),
            "the division by the deviation is left out.": (") / deviation", ")"),
            "the division is by the maximum. The standard deviation is wanted.": (
                "X[train].std(axis=0)",
                "X[train].max(axis=0)",
            ),
            "the division is by the range. The standard deviation is wanted.": (
                "X[train].std(axis=0)",
                "np.ptp(X[train], axis=0)",
            ),
            "the variance divides, not its root, the standard deviation.": (".std(", ".var("),
            "the deviation has `ddof=1`. NumPy's own default is wanted.": (
                ".std(axis=0)",
                ".std(axis=0, ddof=1)",
            ),
            "one mean and one deviation serve all columns. Each column has its own.": (
                "axis=0",
                "",
            ),
            "the held-out rows are the last of `order`. The first are wanted.": (
                "order[:held_out], order[held_out:]",
                "order[-held_out:], order[:-held_out]",
            ),
            "training and test rows are swapped.": ("test, train =", "train, test ="),
            "`order` is not used: the first rows are held out as they come.": (
                "order[:held_out], order[held_out:]",
                "np.arange(len(X))[:held_out], np.arange(len(X))[held_out:]",
            ),
            "`y` stays in its old order, while `X` is shuffled. They have to move together.": (
                "y[train], y[test]",
                "y[held_out:], y[:held_out]",
            ),
            "the numbers of the rows come back in the place of `y[train]` and `y[test]`.": (
                "y[train], y[test]",
                "train, test",
            ),
            "the test rows are among the training rows, too. That is a leak.": (
                "order[held_out:]",
                "order",
            ),
        },
        returns=("X_train", "X_test", "y_train", "y_test"),
    ),
    "confusion_matrix": Exercise(
        confusion_matrix,
        _counts,
        {
            "rows and columns are swapped. A row is a truth, a column a prediction.": (
                "counts[truth, said]",
                "counts[said, truth]",
            ),
            "class 1 comes first. Row 0 and column 0 belong to class 0.": (
                "return counts",
                "return counts[::-1, ::-1]",
            ),
            "class 1 comes first, and rows and columns are swapped.": (
                "return counts",
                "return counts[::-1, ::-1].T",
            ),
            "they are shares of all samples. Counts are wanted.": (
                "return counts",
                "return counts / labels.size",
            ),
            "they are per cent of all samples. Counts are wanted.": (
                "return counts",
                "return 100 * counts / labels.size",
            ),
            "each row is divided by its sum. Counts are wanted.": (
                "return counts",
                "return counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)",
            ),
            "`|` stands for `&`: both conditions have to hold.": (") & (", ") | ("),
            "the truth is not looked at.": ("(labels == truth) & ", ""),
            "the prediction is not looked at.": (" & (predictions == said)", ""),
            "the rows say right or wrong. A row is a truth.": (
                "labels == truth",
                "(predictions == labels) == truth",
            ),
            "the columns say wrong and right. A column is a prediction.": (
                "predictions == said",
                "(predictions == labels) == said",
            ),
            "only the right ones are counted. The mistakes stand off the diagonal.": (
                "return counts",
                "return counts * np.eye(2, dtype=int)",
            ),
            "the four counts stand in one row. A table of shape (2, 2) is wanted.": (
                "return counts",
                "return counts.ravel()",
            ),
            "each cell counts 1 at most. Add the samples up: a mask is not yet their number, and "
            "`counts[labels, predictions] += 1` with whole arrays adds once only.": (
                "np.sum(",
                "np.any(",
            ),
        },
    ),
}
