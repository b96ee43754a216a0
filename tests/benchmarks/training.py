"""How fast training is beside others that do the same work: `python tests/benchmarks/training.py`.

Prints tables and writes nothing. All run on one thread and are timed by the CPU's clock; they take
turns, and each ratio is the median over the rounds, so that other work on the machine matters
little. Rivals whose package is missing are left out: pip install scikit-learn numba torch
"""

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"  # before numpy is imported
os.environ["TQDM_DISABLE"] = "1"

import argparse  # noqa: E402
import platform  # noqa: E402
import tracemalloc  # noqa: E402
from functools import partial  # noqa: E402
from statistics import median  # noqa: E402
from time import process_time  # noqa: E402

import numpy as np  # noqa: E402
import rivals  # noqa: E402

from nnlib import data  # noqa: E402
from nnlib.network import Network, initialize_parameters  # noqa: E402
from nnlib.training import train_neural_network  # noqa: E402


def ours(X, y, sizes, *, networks=None, batch_size=None, snapshot_every=None, **kinds):
    """A function of `epochs` that trains by nnlib and returns the History."""
    network, rng = Network(sizes, **kinds), np.random.default_rng(0)
    start = initialize_parameters(network, rng, networks=networks, dtype=X.dtype)

    def train(epochs):
        return train_neural_network(
            network, start, X, y, learning_rate=0.1, epochs=epochs,
            batch_size=batch_size, rng=rng, snapshot_every=snapshot_every,
        )[1]  # fmt: skip

    return train


def seconds(train, epochs):
    """CPU seconds an epoch: a long run less a short one, so that what is done once drops out."""
    began = process_time()
    train(1)
    middle = process_time()
    train(epochs + 1)
    return (process_time() - middle - (middle - began)) / epochs


def contest(makers, rounds):
    """{name: seconds an epoch in each round} of {name: (epochs, maker, *arguments)}."""
    trains = {}
    for name, (epochs, maker, *arguments) in makers.items():
        try:
            trains[name] = maker(*arguments), epochs
        except ImportError as error:
            print(f"(without {name}: {error.name} is not installed)")
    times = {name: [] for name in trains}
    for train, _ in trains.values():
        train(2)  # imports and compiles
    for _ in range(rounds):
        for name, (train, epochs) in trains.items():
            times[name].append(seconds(train, epochs))
    return times


def report(title, times, base, goals, unit=1e6, shares=()):
    """A table of `times`: an epoch of one network, and how many times as long as `base` that is."""
    shares = dict(shares)
    print(f"\n{title}\n{'':32}{'µs' if unit == 1e6 else 'ms':>10}{'× ' + base:>20}")
    for name, rounds in times.items():
        share = shares.get(name, 1)
        ratio = median(a / b for a, b in zip(rounds, times[base])) / share
        print(f"{name:32}{median(rounds) / share * unit:10.1f}{ratio:20.2f}  {goals.get(name, '')}")


def tiny(rounds):
    X, y = data.houses()
    X, y = X / np.amax(X, axis=0), y / 100
    stacks = {f"nnlib, one of {K}": K for K in (16, 64, 256)}
    cross_entropy = {"cost": "cross_entropy"}

    def nnlibs(networks=None, **kinds):
        return ours(X, y, (2, 3, 1), networks=networks, **kinds)

    times = contest(
        {
            "the guide's code": (2000, rivals.guide, X, y, 3),
            "nnlib": (2000, nnlibs),
            "nnlib, the guide's cost": (2000, lambda: nnlibs(**cross_entropy)),
            **{name: (500, nnlibs, K) for name, K in stacks.items()},
            "scikit-learn": (500, rivals.scikit_learn, "MLPRegressor", X, y[:, 0], (3,)),
            "scikit-learn, epoch by epoch": (
                100, rivals.scikit_learn, "MLPRegressor", X, y[:, 0], (3,), None, "logistic", True,
            ),
            "PyTorch": (200, rivals.pytorch, X, y, (2, 3, 1)),
            "scalar autograd": (100, rivals.scalar_autograd, X, y),
            "compiled by numba": (200_000, rivals.compiled, X, y),
        },
        rounds,
    )  # fmt: skip
    title = "2-3-1 on the three houses, full batch: an epoch of one network"
    goals = {
        "the guide's code": "goal ≥ 1.2", "scikit-learn": "goal > 1", "PyTorch": "goal > 1",
    }  # fmt: skip
    report(title, times, "nnlib", goals, shares=stacks.items())
    print()
    guide, floor = times["the guide's code"], times.get("compiled by numba")
    share = median(g / t for g, t in zip(guide, times["nnlib, one of 64"])) * 64
    print(f"{'64 runs of the guide / one stack':42}{share:20.1f}  goal ≥ 25")
    if floor:
        share = median(t / f for t, f in zip(times["nnlib, one of 64"], floor)) / 64
        print(f"{'one of the stack / compiled':42}{share:20.1f}  goal ≤ 6")


def large(rounds):
    rng, m, sizes = np.random.default_rng(0), 12_800, (784, 128, 10)
    X, labels = rng.random((m, 784), dtype=np.float32), rng.integers(0, 10, m)
    y = np.eye(10, dtype=np.float32)[labels]
    kinds = {"output": "softmax", "cost": "cross_entropy", "batch_size": 64}
    times = contest(
        {
            "its matrix products alone": (3, rivals.bare_products, X, sizes, 64),
            "nnlib": (3, partial(ours, X, y, sizes, **kinds)),
            "scikit-learn": (3, rivals.scikit_learn, "MLPClassifier", X, labels, (128,), 64),
            "PyTorch": (3, rivals.pytorch, X, labels, sizes, 64, "Sigmoid", True),
        },
        rounds,
    )
    goals = {
        "its matrix products alone": "goal ≥ 0.83",
        "scikit-learn": "goal > 1",
        "PyTorch": "goal > 1",
    }  # fmt: skip
    title = "784-128-10, softmax, float32, 12,800 rows in batches of 64: an epoch and its cost"
    report(title, times, "nnlib", goals, unit=1e3)


def spiral(rounds):
    X, y = data.spiral(500, noise=0.1, rng=np.random.default_rng(0))
    sizes, labels = (2, 8, 8, 1), y[:, 0]
    for size, epochs in ((10, 10), (None, 200)):
        kinds = {"hidden": "tanh", "cost": "cross_entropy", "batch_size": size}
        scikit_learn = (rivals.scikit_learn, "MLPClassifier", X, labels, (8, 8), size, "tanh")
        times = contest(
            {
                "nnlib": (epochs, partial(ours, X, y, sizes, **kinds)),
                "scikit-learn": (epochs, *scikit_learn),
                "PyTorch": (epochs, rivals.pytorch, X, y, sizes, size, "Tanh"),
            },
            rounds,
        )
        batches = f"batches of {size}" if size else "full batch"
        report(f"2-8-8-1 on 500 points of a spiral, {batches}: an epoch", times, "nnlib", {})


def growth(rounds):
    """How the time of an epoch grows: the slope of the right half on log-log axes."""
    rng = np.random.default_rng(0)

    def run(rows=200, width=8, depth=1, networks=1):
        X, y = rng.random((rows, 2)), rng.random((rows, 1))
        return ours(X, y, (2, *[width] * depth, 1), networks=networks)

    print("\nAn epoch of 2-8-1 on 200 rows, ms, as one thing grows       slope at the end")
    for name, values in {
        "rows": (10, 100, 1_000, 10_000, 100_000), "width": (2, 8, 32, 128, 512, 2048),
        "depth": (1, 2, 4, 8, 16, 32), "networks": (1, 4, 16, 64, 256),
    }.items():  # fmt: skip
        times = []
        for value in values:
            train = run(**{name: value})
            epochs = max(2, int(0.05 / max(seconds(train, 2), 1e-5)))
            times.append(median(seconds(train, epochs) for _ in range(rounds)))
        slope = np.polyfit(np.log(values[-3:]), np.log(times[-3:]), 1)[0]
        steps = "  ".join(f"{v:,}: {t * 1e3:.3g}" for v, t in zip(values, times))
        print(f"{name:10}{steps}   slope {slope:.2f}")


def memory():
    X, y = data.houses()
    tracemalloc.start()
    for every in (None, 100):
        before = tracemalloc.get_traced_memory()[0]
        history = ours(X / 10, y / 100, (2, 3, 1), snapshot_every=every)(20_000)
        bytes_ = tracemalloc.get_traced_memory()[0] - before
        what = f"with a snapshot every {every} epochs" if every else "without snapshots"
        print(f"A History of {len(history.costs) - 1:,} epochs, {what}: {bytes_ / 1e3:,.0f} kB")
        del history
    tracemalloc.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args().rounds
    print(f"Python {platform.python_version()}, NumPy {np.__version__}, {platform.machine()}")
    tiny(rounds)
    large(max(3, rounds // 2))
    spiral(max(3, rounds // 2))
    growth(3)
    print()
    memory()


if __name__ == "__main__":
    main()
