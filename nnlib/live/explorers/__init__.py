"""Explorers: small live views, each for one idea. The last line of a cell shows one.

Without a browser their knobs are attributes, their buttons methods (`next()`), and `text` is what
the picture shows.
"""

from nnlib.live.explorers.learning import LearningNetwork
from nnlib.live.explorers.neuron import OneNeuron
from nnlib.live.explorers.passes import BackwardPass, ForwardPass
from nnlib.live.explorers.scaling import FeatureScale

__all__ = ["BackwardPass", "FeatureScale", "ForwardPass", "LearningNetwork", "OneNeuron"]
