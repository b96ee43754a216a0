"""What the live views show on a page without a kernel, drawn by matplotlib."""

import base64
import io

import matplotlib.pyplot as plt
import numpy as np

from nnlib import _figures, colours, plots
from nnlib._figures import SIGNED, smaller
from nnlib.live.render.frame import SIDE, labels_of, limits_of
from nnlib.live.texts import name_of

# Fixed places: to work them out, or to cut the picture to its content, costs as much again.
PLACES = {"left": 0.01, "right": 0.92, "bottom": 0.15, "top": 0.87, "wspace": 0.25}
WIDTHS = (2.1, 1.25, 1.1)


def png_of(axes):
    """Return the figure of some Axes as the bytes of a PNG."""
    figure = axes.figure
    plt.close(figure)
    return base64.b64decode(_figures.png(figure))


def playground(simulation, moment, frame):
    """Return network, result and cost side by side, as the bytes of a small PNG."""
    figure = plt.figure(figsize=(12, 3.7), dpi=80, layout="none")
    axes = figure.subplots(1, 3, width_ratios=WIDTHS, gridspec_kw=PLACES)
    names = [name_of(name) for name in simulation.settings.features]
    outputs = {"output_name": "ŷ"} if moment.network.sizes[-1] == 1 else {}
    plots.network_diagram(moment.parameters, input_names=names, **outputs, ax=axes[0])
    _result(axes[1], simulation, moment, frame)
    epochs, costs, test_costs = zip(*(past[:3] for past in simulation.history))
    lines = {"training": np.array(costs), "test": np.array(test_costs)}
    lines = {name: line for name, line in lines.items() if np.isfinite(line).all()}
    plots.curves(np.array(epochs), lines, names=("epoch", "cost J"), ax=axes[2])
    for ax, title in zip(axes, ("Network", "Output", "Cost")):
        ax.set_title(title)
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png")
    plt.close(figure)
    return smaller(drawn, 64)


def _result(ax, simulation, moment, frame):
    """Draw what the network computes at every place, and the training samples."""
    settings = simulation.settings
    with np.errstate(all="ignore"):
        output = simulation.safe_forward(frame.grid(settings), moment).y_hat
    low, high = settings.dataset.reach
    place = {"extent": (low, high, low, high), "alpha": 0.7, "aspect": "auto"}
    labels = labels_of(simulation.y, settings)
    if output.shape[1] > 1:
        image = np.array([_rgb(k) for k in output.argmax(axis=1)]).reshape(SIDE, SIDE, 3)
        ax.imshow(image, **place)
    else:
        least, most = limits_of(moment.network, len(moment.parameters), output)
        ax.imshow(output.reshape(SIDE, SIDE), cmap=SIGNED, vmin=least, vmax=most, **place)
    for k in np.unique(labels):
        ax.plot(*simulation.X_raw[labels == k].T, "so^Dv"[k % 5], markersize=4,
                markeredgecolor="white", markeredgewidth=0.5, color=_colour(k))  # fmt: skip
    ax.set(xlabel="x1", ylabel="x2", xlim=(low, high), ylim=(low, high))
    ax.grid(False)


def _colour(k):
    others = ("#1B8A7A", "#8E6BBF", "#A88400", "#A8196F", "#5B6770", "#C2405B")
    return (colours.NEGATIVE, colours.POSITIVE, *others)[k]


def _rgb(k):
    colour = _colour(k)
    return [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
