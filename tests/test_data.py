"""The data sets, the scaler and the split."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from nnlib import data
from nnlib.data import Scaler, split


def test_houses_are_the_tutorials():
    X, y = data.houses()
    assert X.tolist() == [[2, 7], [1, 3], [3, 9]] and y.tolist() == [[94], [89], [83]]
    X[0, 0] = 99
    assert data.houses()[0][0, 0] == 2


def test_xor():
    X, y = data.xor()
    assert (y[:, 0] == (X[:, 0] != X[:, 1])).all()


def test_real_estate_is_whole():
    X, y = data.real_estate()
    assert X.shape == (414, 6) and y.shape == (414, 1) and len(data.REAL_ESTATE_COLUMNS) == 7
    assert y.mean() == pytest.approx(37.980193) and y.max() == 117.5 and X[:, 3].max() == 10


def test_digits_are_whole():
    X, y = data.digits()
    assert X.shape == (1797, 64) and y.shape == (1797, 10) and (y.sum(axis=1) == 1).all()
    assert X.min() == 0 and X.max() == 16
    assert y.sum(axis=0).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


@pytest.mark.parametrize("make", [data.moons, data.circles, data.spiral])
def test_puzzles(make):
    X, y = make(101, noise=0.0, rng=np.random.default_rng(4))
    assert X.shape == (101, 2) and y.shape == (101, 1) and set(y.ravel()) == {0, 1}
    assert abs(y.mean() - 0.5) < 0.01
    again, _ = make(101, noise=0.0, rng=np.random.default_rng(4))
    noisy, _ = make(101, noise=0.2, rng=np.random.default_rng(4))
    assert (again == X).all() and not (noisy == X).any()
    distances = np.linalg.norm(X[:, None] - X[None], axis=-1)[y[:, 0] == 0][:, y[:, 0] == 1]
    assert distances.min() > 0 and np.abs(X).max() <= 2
    with pytest.raises(TypeError, match="rng must be a numpy"):
        make(100, rng=1)
    with pytest.raises(ValueError, match="samples must be at least 2; got 1"):
        make(1, rng=np.random.default_rng(4))


def test_the_puzzles_have_the_shapes_they_say():
    def made(make, **settings):
        X, y = make(40, noise=0, rng=np.random.default_rng(3), **settings)
        assert y.ravel().tolist() == [0, 1] * 20
        return X[::2], X[1::2]

    upper, lower = made(data.moons)
    for moon in (upper, [1, 0.5] - lower):  # two half circles of radius 1, the second upside down
        np.testing.assert_allclose(np.linalg.norm(moon, axis=1), 1)
        assert (moon[:, 1] >= 0).all() and moon[:, 0].min() < -0.7 and moon[:, 0].max() > 0.7
    outer, inner = made(data.circles)
    for ring, radius in ((outer, 1), (inner, 0.4)):
        np.testing.assert_allclose(np.linalg.norm(ring, axis=1), radius)
        assert (ring.min(axis=0) < -0.7 * radius).all() and (ring.max(axis=0) > 0.7 * radius).all()
    for turns in (1.5, 0.75):
        one, other = made(data.spiral, turns=turns)
        for arm in (one, -other):  # the angle grows with the radius; the arms are half a turn apart
            radius = np.linalg.norm(arm, axis=1, keepdims=True)
            angle = 2 * np.pi * turns * radius
            np.testing.assert_allclose(arm, radius * np.hstack([np.cos(angle), np.sin(angle)]))
            assert 0.8 < radius.max() <= 1
    plain, noisy = (data.xor()[0], data.moons(2000, rng=np.random.default_rng(1))[0])
    assert plain.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    exact, _ = data.moons(2000, noise=0, rng=np.random.default_rng(1))
    assert (noisy - exact).std() == pytest.approx(0.1, rel=0.05)


@pytest.mark.parametrize(
    "make, wanted",
    [
        (data.moons, [[0.053405, 1.043948], [1.93422, 0.403116]]),
        (data.circles, [[-0.951975, -0.05189], [0.353933, -0.093442]]),
        (data.spiral, [[0.102175, -0.486329], [0.821899, -0.39874]]),
    ],
)
def test_a_seed_gives_the_same_puzzle_for_ever(make, wanted):
    """The notebooks' printed numbers rest on it."""
    X, _ = make(4, rng=np.random.default_rng(1))
    np.testing.assert_allclose(X[:2], wanted, atol=6e-7)
    assert len(make(rng=np.random.default_rng(1))[0]) == 200
    assert len(split(np.eye(300), np.eye(300), rng=np.random.default_rng(1))[0]) == 225
    parts = split(np.eye(8), np.eye(8), rng=np.random.default_rng(1))
    assert [part.argmax(axis=1).tolist() for part in parts[:2]] == [[1, 4, 2, 6, 3, 7], [5, 0]]


tables = arrays(float, st.tuples(st.integers(1, 8), st.integers(1, 4)), elements=st.floats(1, 1e6))


@given(tables, st.sampled_from(["maximum", "standard", "range"]))
def test_scaling_and_back(X, method):
    scaler = Scaler.fit(X, method=method)
    scaled = scaler.transform(X)
    np.testing.assert_allclose(scaler.inverse(scaled), X, rtol=1e-9)
    if method == "maximum":
        assert (scaled.max(axis=0) == 1).all()
        assert (scaled == X / np.amax(X, axis=0)).all()
    if method == "range":
        varies = np.ptp(X, axis=0) > 0
        assert (scaled.min(axis=0) == 0).all() and (scaled.max(axis=0) == varies).all()
    if method == "standard":
        varies = np.ptp(X, axis=0) > 1e-3 * X.max(axis=0)
        np.testing.assert_allclose(scaled.mean(axis=0)[varies], 0, atol=1e-6)
        np.testing.assert_allclose(scaled.std(axis=0)[varies], 1, rtol=1e-6)


@pytest.mark.parametrize("method", ["maximum", "standard", "range"])
def test_a_stack_is_scaled_table_by_table(method):
    stack = np.random.default_rng(1).uniform(1, 9, (3, 5, 2))
    scaler = Scaler.fit(stack, method=method)
    scaled = scaler.transform(stack)
    for table, one in zip(stack, scaled):
        np.testing.assert_allclose(one, Scaler.fit(table, method=method).transform(table))
    np.testing.assert_allclose(scaler.inverse(scaled), stack)


def test_the_question_lies_outside_the_training_range():
    X, _ = data.houses()
    scaled = Scaler.fit(X, method="maximum").transform([[4, 7]])
    np.testing.assert_allclose(scaled, [[4 / 3, 7 / 9]], rtol=1e-15)


@given(st.integers(2, 60), st.floats(0.01, 0.99), st.integers(0, 9))
def test_split_keeps_every_row_once_and_rows_together(m, share, seed):
    X = np.arange(2.0 * m).reshape(m, 2)
    parts = split(X, X[:, :1], test_size=share, rng=np.random.default_rng(seed))
    X_train, X_test, y_train, y_test = parts
    assert len(X_train) >= 1 and len(X_test) >= 1
    assert sorted(np.concatenate([X_train, X_test])[:, 0]) == X[:, 0].tolist()
    assert (X_train[:, :1] == y_train).all() and (X_test[:, :1] == y_test).all()
    assert len(X_test) == np.clip(round(share * m), 1, m - 1)
