"""The plots of the course. Each function draws on `ax`, or a new figure, and returns the Axes.

Blue and solid is positive, orange and dashed negative; width is size; magenta says "look here".
`names` are those of the axes, (across, up). `ax.get_label()` is the plot in words, in notebooks
its alternative text. Plots of much data show a part, and say what they leave out. Importing this
package switches on the style `course.mplstyle`, which works on light and dark pages, and, in a
notebook, the display of every figure with its description; it changes nothing else.
"""

from nnlib.plots.calculations import chain, matrices, neuron
from nnlib.plots.curves import cost_curve, curves, ensemble_curves, violins
from nnlib.plots.display import use_style
from nnlib.plots.functions import (
    activation,
    cost_surface,
    decision_boundary,
    descent,
    heat_map,
    tangent,
)
from nnlib.plots.networks import network_diagram
from nnlib.plots.samples import (
    houses,
    images,
    predicted_vs_true,
    predictions,
    scatter,
    strip_plot,
)
from nnlib.plots.style import panels

__all__ = [
    "activation", "chain", "cost_curve", "cost_surface", "curves", "decision_boundary",
    "descent", "ensemble_curves", "heat_map", "houses", "images", "matrices", "network_diagram",
    "neuron", "panels", "predicted_vs_true", "predictions", "scatter", "strip_plot", "tangent",
    "violins",
]  # fmt: skip

use_style()
