"""Explorers: small live views, each for one idea. The last line of a cell shows one.

Without a browser their knobs are attributes, their buttons methods (`next()`), and `text` is what
the picture shows. `explorer.py` says how to build one.
"""

from nnlib.live.explorers.costs import CrossEntropy, SquaredErrors
from nnlib.live.explorers.descents import OptimizerRace, RollingBall
from nnlib.live.explorers.learning import LearningNetwork
from nnlib.live.explorers.neuron import OneNeuron
from nnlib.live.explorers.nudges import GradientCheck, Nudge
from nnlib.live.explorers.passes import BackwardPass, ForwardPass
from nnlib.live.explorers.real_data import FrameworkCosts, PredictedVsTrue
from nnlib.live.explorers.scaling import FeatureScale
from nnlib.live.explorers.signals import SignalThroughLayers
from nnlib.live.explorers.sums import SumOfSigmoids, SumOfSurfaces
from nnlib.live.explorers.trainings import LearningRates, RandomStarts

__all__ = [
    "BackwardPass",
    "CrossEntropy",
    "FeatureScale",
    "ForwardPass",
    "FrameworkCosts",
    "GradientCheck",
    "LearningNetwork",
    "LearningRates",
    "Nudge",
    "OneNeuron",
    "OptimizerRace",
    "PredictedVsTrue",
    "RandomStarts",
    "RollingBall",
    "SignalThroughLayers",
    "SquaredErrors",
    "SumOfSigmoids",
    "SumOfSurfaces",
]
