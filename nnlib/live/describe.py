"""What a playground shows, in words."""

import math

from nnlib.formatting import format_number
from nnlib.live.texts import say


def describe(simulation, moment, looking_back, playing, walked=None, swept=""):
    """Return what the picture of a Moment shows, on one line."""
    costs = {"cost": format_number(moment.cost), "test_cost": format_number(moment.test_cost)}
    finite_test = math.isfinite(moment.test_cost)
    parts = [say("epoch_now", epoch=moment.epoch)]
    parts.append(say("both_costs" if finite_test else "training_cost", **costs))
    if math.isfinite(moment.accuracy):
        rates = {"accuracy": moment.accuracy, "test_accuracy": moment.test_accuracy}
        both = math.isfinite(moment.test_accuracy)
        parts.append(say("both_accuracies" if both else "training_accuracy", **rates))
    parts.append(_state(simulation, moment, looking_back, playing))
    if simulation.kept:
        last = simulation.kept[-1]
        parts.append(say("kept_now", cost=format_number(last.cost), epoch=last.epoch))
    parts += [simulation.comparison, simulation.note, walked, swept]
    return " ".join(filter(None, parts))


def _state(simulation, moment, looking_back, playing):
    if simulation.problem:
        problem = simulation.problem
        problem += f" {say('rerun')}" if problem.startswith("Your ") else ""
        return say("stopped", problem=problem)
    if looking_back:
        return say("look_back", epoch=simulation.epoch)
    state = say("playing" if playing else "paused" if simulation.epoch else "ready")
    if moment.epoch and moment.cost > 1.02 * simulation.history[0].cost:
        state += f" {say('cost_rose')}"
    return state
