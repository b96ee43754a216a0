"""A real training run, recorded: the network that learns on the front page."""

import json

import numpy as np

from nnlib import data
from nnlib.network import Network, accuracy, initialize_parameters, predict
from nnlib.training import train_neural_network

NETWORK = Network(sizes=(2, 4, 1), hidden="tanh", output="sigmoid", cost="cross_entropy")
LEARNING_RATE, EPOCHS, FRAMES = 1.0, 400, 120


def record():
    """Return the recording as JSON: the samples, and of each recorded epoch its number, cost,
    accuracy in per cent, weights and biases. The page draws the surfaces from these."""
    X, y = data.circles(240, noise=0.08, rng=np.random.default_rng(3))
    start = initialize_parameters(NETWORK, np.random.default_rng(4), scale=0.6)
    _, history = train_neural_network(
        NETWORK, start, X, y, learning_rate=LEARNING_RATE, epochs=EPOCHS, snapshot_every=1
    )
    frames = [_frame(int(epoch), history, X, y) for epoch in _epochs()]
    points = np.column_stack([X, y]).round(2).tolist()
    return json.dumps({"points": points, "frames": frames}, separators=(",", ":"))


def _epochs():
    """The recorded epochs: each one at first, then further and further apart."""
    shares = np.linspace(0, 1, FRAMES)
    return np.unique(np.round(EPOCHS * shares**1.6).astype(int))


def _frame(epoch, history, X, y):
    parameters = history.snapshots[epoch]
    return {
        "epoch": epoch,
        "cost": round(float(history.costs[epoch]), 4),
        "accuracy": round(accuracy(predict(NETWORK, parameters, X), y)),
        "layers": [[np.round(W, 3).tolist(), np.round(b[0], 3).tolist()] for W, b in parameters],
    }
