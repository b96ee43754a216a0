"""Neural networks from scratch: the small library under the course's notebooks.

The modules, in the order of the lessons: data, activations, network, costs, gradcheck, optimizers,
training; then plots, live, checks, quiz and frameworks. `import nnlib` loads NumPy only;
matplotlib comes with `nnlib.plots`, ipywidgets with `nnlib.live`.
"""

__version__ = "0.1.0"
