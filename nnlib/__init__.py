"""Neural networks from scratch: the small library under the course's notebooks.

The modules, in the order of the lessons: data, activations, network, costs, gradcheck, optimizers,
training; plots and checks. `import nnlib` loads NumPy only; matplotlib comes with `nnlib.plots`.
"""

__version__ = "0.1.0"
