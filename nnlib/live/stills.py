"""What the playground shows on a page without a kernel, drawn by matplotlib."""

import io

import matplotlib.pyplot as plt
import numpy as np

from nnlib import colours, plots
from nnlib.live.scene import pretty
from nnlib.live.settings import PUZZLES
from nnlib.plots.display import shrink_png
from nnlib.plots.style import SIGNED

# Places of our own: to work them out, or to cut the picture to its content, costs as much again.
PLACES = {"left": 0.01, "right": 0.92, "bottom": 0.15, "top": 0.87, "wspace": 0.25}
SHARES = (2.1, 1.25, 1.1)


def png(scene):
    """A PlaygroundScene's network, output and cost side by side, as the bytes of a small PNG."""
    figure = plt.figure(figsize=(12, 3.7), dpi=80, layout="none")
    axes = figure.subplots(1, 3, width_ratios=SHARES, gridspec_kw=PLACES)
    moment, settings = scene.moment(), scene.simulation.settings
    names = [pretty(name) for name in settings.features]
    plots.network_diagram(moment.parameters, input_names=names, output_name="ŷ", ax=axes[0])
    _output(axes[1], scene, moment)
    epochs, costs, test_costs = zip(*(past[:3] for past in scene.simulation.history))
    lines = {"training": np.array(costs), "test": np.array(test_costs)}
    lines = {name: line for name, line in lines.items() if np.isfinite(line).all()}
    plots.curves(np.array(epochs), lines, names=("epoch", "cost J"), ax=axes[2])
    for ax, title in zip(axes, ("Network", "Output", "Cost")):
        ax.set_title(title)
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png")
    plt.close(figure)
    return shrink_png(drawn)


def _output(ax, scene, moment):
    """What the network says at every place, and the training samples."""
    simulation, settings = scene.simulation, scene.simulation.settings
    image, (low, high) = scene.surfaces(moment)[0][-1][..., 0], PUZZLES[settings.data].reach
    least, most = scene.limits(moment, len(moment.parameters), image)
    ax.imshow(image, cmap=SIGNED, vmin=least, vmax=most, alpha=0.7, aspect="auto",
              extent=(low, high, low, high))  # fmt: skip
    above = simulation.y[:, 0] > (0.5 if settings.problem == "classification" else 0)
    for chosen, sign, marker in (above, 1, "o"), (~above, -1, "s"):
        ax.plot(*simulation.X_raw[chosen].T, marker, markersize=4, markeredgecolor="white",
                markeredgewidth=0.5, color=colours.of_sign(sign))  # fmt: skip
    ax.set(xlabel="x1", ylabel="x2", xlim=(low, high), ylim=(low, high))
    ax.grid(False)
