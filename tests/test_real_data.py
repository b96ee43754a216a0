"""What notebooks 10 and 10b say of real data, measured with their functions: no leak, how good.

The quick tests look at one shuffle. The slow one, `python3 start.py test -m slow`, repeats all of
it 4 times 5 folds beside scikit-learn, and compares with the numbers that the notebooks state.
"""

import ast
import warnings
from types import SimpleNamespace

import numpy as np
import pytest
from nbtools import ROOT, code_cells, read

from nnlib.checks.exercise import all_exercises

PATHS = [ROOT / "notebooks" / name for name in ("10_real_data.ipynb", "10b_digits.ipynb")]
DEFINING = ["10-look", "10-features", "10-nearest", "10-held-out", "10-methods", "10-fit"]
DEFINING += ["10b-pad", "10b-digits", "10b-nearest", "10b-move", "10b-fit", "10b-shares"]
SOURCES = {cell.id: cell.source for path in PATHS for cell in code_cells(read(path))}


@pytest.fixture(scope="module")
def notebook():
    """The functions and the data of both notebooks, without their pictures and long runs."""
    names = {name: one.answer for name, one in all_exercises().items()}
    for cell in DEFINING:
        tree = ast.parse(SOURCES[cell])
        tree.body = [line for line in tree.body if not isinstance(line, (ast.Expr, ast.For))]
        exec(compile(tree, cell, "exec"), names)
    names["FOLDS"] = folds(names["fold"], len(names["X"]), 0)
    return SimpleNamespace(**names, names=names)


def folds(fold, samples, seed):
    order = np.random.default_rng(seed).permutation(samples)
    return [fold(order, 5, k) for k in range(5)]


def stated(cell):
    """The numbers that a cell of a notebook states, {name: number}."""
    tree = ast.parse(SOURCES[cell])
    return next(ast.literal_eval(line.value) for line in tree.body if isinstance(line, ast.Assign))


def rmses(n, answers, y):
    """(the mean RMSE of single networks, the RMSE of their mean answer)."""
    return np.mean([n.rmse(one, y) for one in answers]), n.rmse(answers.mean(axis=0), y)


def shares(scores, labels):
    """(per cent right of single networks, of their mean answer)."""
    one, all_ = scores.argmax(axis=-1), scores.mean(axis=0).argmax(axis=-1)
    return 100 * (one == labels).mean(), 100 * (all_ == labels).mean()


# ------------------------------------------------------------------------------------- no leak


def test_folds_hold_every_row_out_once(notebook):
    held_out = np.concatenate([test for _, test in notebook.FOLDS])
    assert sorted(held_out) == list(range(len(notebook.X)))
    for train, test in notebook.FOLDS:
        assert sorted([*train, *test]) == list(range(len(notebook.X)))


def test_held_out_rows_change_nothing_that_was_learnt(notebook):
    """Other prices in a fold, and other rows beside the one that is asked about."""
    X, y, rng = notebook.X, notebook.y, np.random.default_rng(1)
    train, test = notebook.FOLDS[2]
    probe, junk = test[:1], rng.normal(50, 30, (len(test) - 1, X.shape[1]))

    def few(X_train, y_train, X_test):
        return notebook.network_prices(X_train, y_train, X_test, networks=2).mean(axis=0)

    for method in (few, notebook.eight_nearest, notebook.linear_model):
        A, B = notebook.standardise(X[train], X[test])
        C, D = notebook.standardise(X[train], np.vstack([X[probe], junk]))
        np.testing.assert_array_equal(A, C)
        with np.errstate(over="ignore"):
            alone, beside = method(A, y[train], B)[:1], method(C, y[train], D)[:1]
        np.testing.assert_allclose(alone, beside, rtol=1e-9)


def test_prices_of_a_fold_do_not_reach_its_own_predictions(notebook):
    """Whatever the held-out prices are, `held_out` predicts the same for them."""
    names = dict(notebook.names)
    before = notebook.held_out(notebook.linear_model, notebook.X)
    for _, test in notebook.FOLDS:
        names["y"] = notebook.y.copy()
        names["y"][test] = 1e6
        exec(SOURCES["10-held-out"], names)
        after = names["held_out"](names["linear_model"], notebook.X)
        np.testing.assert_array_equal(after[test], before[test])
        assert np.abs(np.delete(after - before, test)).min() > 0  # the others hear of it


def test_a_planted_leak_is_seen(notebook):
    """The first test is no empty one: scaling by all rows fails it."""
    X = notebook.X
    train, test = notebook.FOLDS[2]

    def leaky(X_train, X_test):
        return notebook.standardise(np.vstack([X_train, X_test]), X_test)

    clean = leaky(X[train], X[test])[1][0]
    assert not np.allclose(clean, leaky(X[train], X[test[:1]])[1][0], rtol=1e-9)


# -------------------------------------------------------------------------------- how good, quick


def test_one_shuffle_of_the_houses(notebook):
    n, found = notebook, []
    for seed, (train, test) in enumerate(n.FOLDS):
        answers = n.network_prices(n.X[train], n.y[train], n.X[test], networks=8, seed=seed)
        plane = n.linear_model(n.X[train], n.y[train], n.X[test])
        found.append([*rmses(n, answers, n.y[test]), n.rmse(plane, n.y[test])])
    single, ensemble, plane = np.mean(found, axis=0)
    assert ensemble < single < 8.0 < plane
    assert ensemble < 7.75


def test_one_fold_of_the_digits(notebook):
    n = notebook
    train, test = folds(n.fold, len(n.pixels), 0)[0]
    stack = n.train_readers(n.pixels[train], n.targets[train], networks=4)
    single, ensemble = shares(n.probabilities(stack, n.pixels[test]), n.labels[test])
    assert single > 96.5 and ensemble > 97.5 and ensemble > single - 0.5


# --------------------------------------------------------------------------------- how good, whole


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_four_times_five_folds_of_the_houses_beside_scikit_learn(notebook):
    ensembles = pytest.importorskip("sklearn.ensemble")
    neural = pytest.importorskip("sklearn.neural_network")
    linear = pytest.importorskip("sklearn.linear_model")
    n, found = notebook, {}

    def note(name, y_hat, y):
        found.setdefault(name, []).append(n.rmse(np.reshape(y_hat, (-1, 1)), y))

    for repeat in range(4):
        for k, (train, test) in enumerate(folds(n.fold, len(n.X), repeat)):
            y, y_test, seed = n.y[train], n.y[test], 5 * repeat + k
            A, B = n.standardise(n.X[train], n.X[test])
            raw_A, raw_B = n.standardise(n.sales[train], n.sales[test])
            answers = n.network_prices(n.X[train], y, n.X[test], seed=seed)
            single, ensemble = rmses(n, answers, y_test)
            found.setdefault("a single network", []).append(single)
            found.setdefault("ensemble of 32 networks", []).append(ensemble)
            note("always the mean", np.full(len(test), y.mean()), y_test)
            note("linear, metres as they are", n.linear_model(raw_A, y, raw_B), y_test)
            theirs = linear.LinearRegression().fit(raw_A, y).predict(raw_B)
            np.testing.assert_allclose(theirs, n.linear_model(raw_A, y, raw_B), rtol=1e-6)
            note("linear, logarithm of metres", n.linear_model(A, y, B), y_test)
            note("mean of the 8 nearest sales", n.eight_nearest(A, y, B), y_test)
            forest = ensembles.RandomForestRegressor(200, random_state=seed)
            forest.fit(n.sales[train], y.ravel())
            note("scikit-learn's random forest", forest.predict(n.sales[test]), y_test)
            mlp = neural.MLPRegressor(max_iter=500, random_state=seed)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # it says that it has not converged
                mlp.fit(raw_A, ((y - y.mean()) / y.std()).ravel())
            note("MLPRegressor", mlp.predict(raw_B) * y.std() + y.mean(), y_test)
    means = {name: np.mean(values) for name, values in found.items()}
    print({name: round(float(value), 3) for name, value in means.items()})
    assert means["a single network"] <= 8.0
    assert means["ensemble of 32 networks"] <= 7.6
    assert means["ensemble of 32 networks"] < means["MLPRegressor"]
    for name, value in stated("10-four").items():
        assert value == pytest.approx(means[name], abs=0.03 if "forest" in name else 0.0051), name


@pytest.mark.slow
def test_where_the_lines_of_the_learning_curve_cross_is_luck(notebook):
    """Over five other shuffles: plane against networks, with 20 to 331 sales to train on."""
    n, counts, plane, networks = notebook, [20, 40, 80, 160, 331], [], []
    for seed in range(1, 6):
        for train, test in folds(n.fold, len(n.X), seed):
            for count in counts:
                y = n.y[train[:count]]
                A, B = n.standardise(n.X[train[:count]], n.X[test])
                plane.append(n.rmse(n.linear_model(A, y, B), n.y[test]))
                answers = n.network_prices(A, y, B, networks=8)
                networks.append(n.rmse(answers.mean(axis=0), n.y[test]))
    ahead = np.reshape(np.subtract(plane, networks), (5, 5, -1)).mean(axis=1) > 0
    shuffles = dict(zip(counts, ahead.sum(axis=0).tolist()))  # in which the networks are ahead
    assert (shuffles[40], shuffles[160], shuffles[331]) == (0, 5, 5)
    assert 0 < shuffles[20] < 5 and 0 < shuffles[80] < 5


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_four_times_five_folds_of_the_digits_beside_scikit_learn(notebook):
    neural = pytest.importorskip("sklearn.neural_network")
    n, found = notebook, {}

    def note(name, scores, rows):
        right = 100 * (scores.argmax(axis=1) == n.labels[rows]).mean()
        found.setdefault(name, []).append(right)

    for repeat in range(4):
        for k, (train, test) in enumerate(folds(n.fold, len(n.pixels), repeat)):
            X, y, seed = n.pixels[train], n.targets[train], 5 * repeat + k
            stack = n.train_readers(X, y, seed=seed)
            single, ensemble = shares(n.probabilities(stack, n.pixels[test]), n.labels[test])
            found.setdefault("a single network", []).append(single)
            found.setdefault("ensemble of 32 networks", []).append(ensemble)
            note("linear model", n.linear_model(X, y, n.pixels[test]), test)
            note("nearest picture", n.nearest_picture(X, y, n.pixels[test]), test)
            mlp = neural.MLPClassifier((48,), max_iter=300, random_state=seed)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                mlp.fit(X / 16, n.labels[train])
            note("scikit-learn's MLPClassifier", mlp.predict_proba(n.pixels[test] / 16), test)
    means = {name: np.mean(values) for name, values in found.items()}
    print({name: round(float(value), 2) for name, value in means.items()})
    assert means["a single network"] >= 97.5
    assert means["ensemble of 32 networks"] >= 98.3
    assert means["ensemble of 32 networks"] > means["scikit-learn's MLPClassifier"]
    for name, value in stated("10b-four").items():
        assert value == pytest.approx(means[name], abs=0.3 if "scikit" in name else 0.08), name
