"""Neural networks in plain NumPy, written to be read."""

__version__ = "0.1.0"
