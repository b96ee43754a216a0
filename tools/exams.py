"""Print an exam task for a notebook, with other numbers for each seed, and its solution.

python3 start.py exam 04 --seed 3 prints the task; --solution prints how it is solved as well. Each
task is done with pen, paper and a pocket calculator, in ten to fifteen minutes.
"""

import argparse
import sys
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from nnlib import costs
from nnlib.activations import sigmoid, softmax
from nnlib.data import Scaler
from nnlib.gradcheck import numerical_gradient
from nnlib.optimizers import OPTIMIZERS, Momentum


class Task(NamedTuple):
    """What is asked, and the steps to the answer. Both in Markdown."""

    question: str
    solution: str


TASKS: dict[str, Callable[[np.random.Generator], Task]] = {}


def task(notebook):
    """Return a decorator that registers the task of a notebook; it draws its numbers from `rng`."""

    def register(make):
        TASKS[notebook] = make
        return make

    return register


def make(notebook, seed):
    """Return the Task of a notebook such as "04b"; the same seed gives the same numbers."""
    if notebook not in TASKS:
        raise SystemExit(f"there is no task for notebook {notebook}; there are {', '.join(TASKS)}")
    return TASKS[notebook](np.random.default_rng(seed))


def tenths(rng, low, high):
    """Return a number with one decimal between low and high that isn't 0."""
    value = 0
    while not value:
        value = int(rng.integers(round(10 * low), round(10 * high) + 1))
    return value / 10


def row(values, digits=1):
    """Return numbers as a list that is easy to copy."""
    return ", ".join(f"{value:.{digits}f}" for value in values)


@task("00")
def one_neuron(rng):
    x, w, b = tenths(rng, 0.5, 3), tenths(rng, -2, 2), tenths(rng, -1, 1)
    z = x * w + b
    larger = "rises" if w > 0 else "falls"
    return Task(
        f"A neuron has the weight $w = {w}$ and the bias $b = {b}$, and its activation function is "
        f"the sigmoid. Its input is $x = {x}$.\n\n"
        "1. What are $z$ and $a$?\n"
        "2. The input grows a little. Does $a$ rise or fall?\n"
        "3. Which bias would make $a$ exactly 0.5 for this input?",
        f"1. $z = {x} \\cdot ({w}) + ({b}) = {z:.2f}$, and $a = 1 / (1 + e^{{-({z:.2f})}}) = "
        f"{sigmoid(z):.3f}$.\n"
        f"2. It {larger}: $w$ is {'positive' if w > 0 else 'negative'}, and the sigmoid always "
        "rises.\n"
        f"3. $z$ has to be 0, so $b = -{x} \\cdot ({w}) = {-x * w:.2f}$.",
    )


@task("01")
def scaling(rng):
    rooms, area = rng.permutation([1, 2, 4])[:3], rng.permutation([40, 60, 80])[:3]
    table = np.column_stack([rooms, area]).astype(float)
    new = np.array([[float(rng.integers(5, 7)), 70.0]])
    scaler = Scaler.fit(table, method="maximum")
    scaled, scaled_new = scaler.transform(table), scaler.transform(new)
    rows = "\n".join(f"| {r} | {a} |" for r, a in zip(rooms, area))
    return Task(
        f"Three flats:\n\n| rooms | area |\n|---|---|\n{rows}\n\n"
        "1. Divide each column by its maximum. What is the scaled table?\n"
        f"2. A new flat has {new[0, 0]:.0f} rooms and an area of 70. Scale its features.\n"
        "3. Why isn’t the new flat scaled by its own maxima?",
        "1. The rows are " + "; ".join(f"({row(r, 2)})" for r in scaled) + ".\n"
        f"2. ({row(scaled_new[0], 3)}). More than 1 is allowed: the flat is larger than those the "
        "maxima come from.\n"
        "3. The network has learned with the old maxima. Scaled by its own, every new flat would "
        "be (1, 1).",
    )


@task("02")
def forward_pass(rng):
    x = np.array([[tenths(rng, 0.1, 1), tenths(rng, 0.1, 1)]])
    W1 = np.array([[tenths(rng, -1, 1) for _ in range(2)] for _ in range(2)])
    W2 = np.array([[tenths(rng, -2, 2)] for _ in range(2)])
    z2 = x @ W1
    a2 = sigmoid(z2)
    z3 = a2 @ W2
    return Task(
        f"A 2-2-1 network without biases has $W_1 = [[{row(W1[0])}], [{row(W1[1])}]]$ and "
        f"$W_2 = [[{W2[0, 0]}], [{W2[1, 0]}]]$. All neurons use the sigmoid.\n\n"
        f"1. A house has the scaled features $X = [[{row(x[0])}]]$. Calculate $z_2$, $a_2$, $z_3$ "
        "and $\\hat y$.\n"
        "2. Now 50 houses go through at once. What are the shapes of $z_2$ and $z_3$?\n"
        "3. Does $W_2$ @ $W_1$ exist? Does $X$ @ $W_2$, for these 50 houses?",
        f"1. $z_2 = [{row(z2[0], 2)}]$, $a_2 = [{row(a2[0], 3)}]$, $z_3 = {z3[0, 0]:.3f}$, "
        f"$\\hat y = {sigmoid(z3)[0, 0]:.3f}$.\n"
        "2. (50, 2) and (50, 1).\n"
        "3. $W_2$ @ $W_1$ doesn’t: (2, 1) @ (2, 2), and 1 isn’t 2. $X$ @ $W_2$ does, (50, 2) @ "
        "(2, 1), but it means nothing: $W_2$ belongs to the hidden activations.",
    )


@task("03")
def two_costs(rng):
    y = np.array([[1.0], [0.0], [1.0]])
    y_hat = np.array([[tenths(rng, 0.5, 0.9)], [tenths(rng, 0.1, 0.4)], [tenths(rng, 0.1, 0.4)]])
    squared = costs.mean_squared_error(y_hat, y)
    surprise = -np.log(np.where(y == 1, y_hat, 1 - y_hat))
    return Task(
        f"Three flats, $y = 1, 0, 1$ (sold within a month: yes, no, yes). A network predicts "
        f"$\\hat y = {row(y_hat[:, 0])}$.\n\n"
        "1. What is the mean squared error?\n"
        "2. What is the cross-entropy?\n"
        "3. The third prediction drops to 0.001. Which of the two costs grows more, and why?",
        f"1. $J = {squared:.4f}$.\n"
        f"2. The surprises are {row(surprise[:, 0], 3)}, and their mean is {surprise.mean():.4f}.\n"
        "3. The cross-entropy: the third surprise becomes $-\\ln 0.001 = 6.9$. The squared error "
        "of one prediction can’t exceed 1.",
    )


@task("04")
def chain_rule(rng):
    x, w, b, y = tenths(rng, 0.5, 2), tenths(rng, -1, 1), tenths(rng, -1, 1), 1.0

    def cost(values):
        return (sigmoid(x * values[0, 0] + b) - y) ** 2

    a = float(sigmoid(x * w + b))
    dz = 2 * (a - y) * a * (1 - a)
    measured = numerical_gradient(cost, np.array([[w]]))[0, 0]
    assert abs(measured - dz * x) < 1e-6
    return Task(
        f"One neuron, one sample: $z = x w + b$, $a = f(z)$ with the sigmoid, $J = (a - y)^2$. "
        f"Here $x = {x}$, $w = {w}$, $b = {b}$ and $y = 1$.\n\n"
        "1. Calculate $z$, $a$ and $J$.\n"
        "2. Calculate $\\partial J / \\partial a$, $\\partial J / \\partial z$, "
        "$\\partial J / \\partial w$ and $\\partial J / \\partial b$.\n"
        "3. Should $w$ grow or shrink, to make $J$ smaller?",
        f"1. $z = {x * w + b:.3f}$, $a = {a:.4f}$, $J = {(a - y) ** 2:.4f}$.\n"
        f"2. $2 (a - y) = {2 * (a - y):.4f}$; times $a (1 - a) = {a * (1 - a):.4f}$ is "
        f"${dz:.4f}$; times $x$ is ${dz * x:.4f}$; and for $b$, times 1, ${dz:.4f}$.\n"
        "3. It should grow: its slope is negative.",
    )


@task("04b")
def gradient_check(rng):
    w, factor, h = tenths(rng, 1, 3), int(rng.choice([2, 3])), 0.1
    difference = ((w + h) ** 3 - (w - h) ** 3) / (2 * h)
    wrong = factor * w**2 if factor == 2 else 3 * w
    error = abs(difference - wrong) / (abs(difference) + abs(wrong))
    formula = "2 w^2" if factor == 2 else "3 w"
    return Task(
        f"Somebody says that the slope of $J(w) = w^3$ is ${formula}$.\n\n"
        f"1. Measure the slope at $w = {w}$ by a central difference with $h = 0.1$.\n"
        "2. What is the relative error of the formula, "
        "$|a - b| / (|a| + |b|)$? Is the formula right?\n"
        "3. Your own formula gives a relative error of 0.0001 with $h = 0.1$ and of 0.000001 with "
        "$h = 0.01$. Is it right?",
        f"1. $(({w} + 0.1)^3 - ({w} - 0.1)^3) / 0.2 = {difference:.3f}$.\n"
        f"2. The formula gives {wrong:.3f}, so the relative error is {error:.3f}. It’s wrong: the "
        "slope is $3 w^2$.\n"
        "3. Probably. The error of a central difference shrinks with $h^2$, to a hundredth when "
        "$h$ shrinks to a tenth. The error of a wrong formula stays.",
    )


@task("05")
def descent(rng):
    start, rate = float(rng.integers(3, 9)), tenths(rng, 0.1, 0.4)
    first = start - rate * 2 * start
    second = first - rate * 2 * first
    return Task(
        f"The cost is $J(w) = w^2$, so its slope is $2 w$. You start at $w = {start:.0f}$ with the "
        f"learning rate {rate}.\n\n"
        "1. Where are you after one step, and after two?\n"
        "2. By what factor does $J$ change in each step?\n"
        "3. From which learning rate on does gradient descent diverge here?",
        f"1. ${start:.0f} - {rate} \\cdot {2 * start:.0f} = {first:.2f}$, then {second:.3f}.\n"
        f"2. $w$ is multiplied by $1 - 2 \\cdot {rate} = {1 - 2 * rate:.1f}$, so $J$ by "
        f"{(1 - 2 * rate) ** 2:.2f}.\n"
        "3. From 1 on: then $|1 - 2 \\cdot \\text{rate}|$ is 1 or more, and $w$ no longer gets "
        "smaller.",
    )


@task("06")
def counting(rng):
    first, second = (int(n) for n in rng.integers(3, 9, 2))
    samples, batch = int(rng.choice([240, 300, 480])), int(rng.choice([10, 30]))
    parts = 2 * first + first, first * second + second, second + 1
    return Task(
        f"A playground shows a 2-{first}-{second}-1 network that learns from {samples} training "
        f"samples with a batch size of {batch}.\n\n"
        "1. How many weights and biases does it have?\n"
        "2. How many updates is one epoch?\n"
        "3. The training cost falls while the test cost rises. What does that mean, and which two "
        "controls would you try?",
        f"1. ${parts[0]} + {parts[1]} + {parts[2]} = {sum(parts)}$.\n"
        f"2. {samples} / {batch} = {samples // batch}.\n"
        "3. The network overfits: it learns the noise of its training samples. More samples, fewer "
        "neurons, L2 regularisation or stopping earlier all help.",
    )


@task("07")
def accuracy(rng):
    labels = rng.permutation([1] * 3 + [0] * 5)
    y_hat = np.where(labels == 1, rng.integers(4, 10, 8), rng.integers(0, 7, 8)) / 10 + 0.05
    right = int(((y_hat > 0.5) == labels).sum())
    return Task(
        f"Eight samples have the classes {', '.join(map(str, labels))}. A network gives "
        f"$\\hat y = {row(y_hat, 2)}$.\n\n"
        "1. Which classes does it predict with the threshold 0.5, and what is its accuracy?\n"
        "2. What accuracy has somebody who always answers 0?\n"
        "3. `predictions` has shape (8, 1), and the labels have shape (8,). What is the shape of "
        "`predictions == labels`, and why is its mean not the accuracy?",
        f"1. {', '.join(str(int(p)) for p in y_hat > 0.5)}: {right} of 8 are right, "
        f"{100 * right / 8:g} %.\n"
        "2. 5 of 8, 62.5 %.\n"
        "3. (8, 8): every prediction is compared with every label.",
    )


@task("07b")
def regularization(rng):
    w, lam, rate = tenths(rng, 1, 3), tenths(rng, 0.1, 0.5), 0.1
    slope = tenths(rng, -1, 1)
    new = w - rate * (slope + lam * w)
    return Task(
        f"A weight is $w = {w}$, and the slope of the cost without a penalty is {slope}. The "
        f"penalty is $\\frac{{\\lambda}}{{2}} w^2$ with $\\lambda = {lam}$, and the learning rate "
        "is 0.1.\n\n"
        "1. What is the slope with the penalty, and where is $w$ after one step?\n"
        "2. The slope of the cost is 0 from now on. What happens to $w$ in the long run?\n"
        "3. You compare ten values of $\\lambda$ by their accuracy on the test samples and report "
        "the best. Why is that number too good?",
        f"1. ${slope} + {lam} \\cdot {w} = {slope + lam * w:.2f}$, so $w$ becomes {new:.3f}.\n"
        f"2. Each step multiplies it by $1 - 0.1 \\cdot {lam} = {1 - rate * lam:.2f}$, so it goes "
        "to 0. That’s why the penalty is called weight decay.\n"
        "3. You’ve chosen the value that suits these test samples, partly by luck. Choose on "
        "validation samples, and use the test samples once.",
    )


@task("08")
def deep(rng):
    a, b = (int(n) for n in rng.integers(3, 9, 2))
    x = np.array([[tenths(rng, -2, 2), tenths(rng, -2, 2)]])
    W = np.array([[tenths(rng, -1, 1), tenths(rng, -1, 1)] for _ in range(2)])
    z = (x @ W).round(2)
    local = [1 if value > 0 else 0 for value in z[0]]
    layers = (2 * a + a, a * b + b, b * 3 + 3)
    return Task(
        f"1. How many weights and biases has a 2-{a}-{b}-3 network? Which shapes do its three "
        "weight matrices have?\n"
        f"2. A layer of two ReLU neurons without a bias has $W = [[{row(W[0])}], [{row(W[1])}]]$ "
        f"and gets $x = [{row(x[0])}]$. What are $z$ and $a$, and what are the slopes of $a$ "
        "with respect to $z$?\n"
        "3. Ten sigmoid layers in a row: by what factor, at most, do their activation functions "
        "alone multiply a gradient on its way back?",
        f"1. ${layers[0]} + {layers[1]} + {layers[2]} = {sum(layers)}$; (2, {a}), ({a}, {b}) and "
        f"({b}, 3).\n"
        f"2. $z = [{row(z[0], 2)}]$, $a = [{row(np.maximum(z[0], 0), 2)}]$, slopes "
        f"{local[0]} and {local[1]}.\n"
        f"3. $0.25^{{10}} \\approx {0.25**10:.0e}$: the sigmoid’s slope is at most 0.25.",
    )


@task("08b")
def momentum(rng):
    slope, rate = tenths(rng, 0.5, 3), 0.1
    velocity, _ = Momentum(0.9).direction(np.array([slope]), np.array([0.0]))
    second, _ = Momentum(0.9).direction(np.array([slope]), velocity)
    adam = OPTIMIZERS["adam"]
    step = adam.direction(np.array([slope]), adam.init_state(np.array([0.0])))[0]
    return Task(
        f"The slope of the cost is {slope} in two steps one after the other. The learning rate is "
        "0.1.\n\n"
        "1. How long are the two steps with momentum, $v \\leftarrow 0.9\\, v + dW$, if $v$ starts "
        "at 0?\n"
        "2. How long would each step be after very many such steps?\n"
        "3. How long is Adam’s first step? What if the slope were a hundred times as large?",
        f"1. ${rate * velocity[0]:.3f}$ and ${rate * second[0]:.3f}$.\n"
        f"2. $v$ approaches $dW / (1 - 0.9) = {10 * slope:g}$, so the step is {slope:g}.\n"
        f"3. {rate * step[0]:.3f}, the learning rate, and just the same for a slope a hundred "
        "times as large: Adam divides the slope by its own size.",
    )


@task("09")
def in_keras(rng):
    n, samples, batch = int(rng.integers(4, 17)), int(rng.integers(300, 900)), 32
    updates = -(-samples // batch)
    return Task(
        "```python\nmodel = keras.Sequential([\n    keras.Input((2,)),\n"
        f'    keras.layers.Dense({n}, activation="relu"),\n'
        '    keras.layers.Dense(1, activation="sigmoid"),\n])\n'
        f"model.fit(X, y, epochs=10, batch_size={batch})  # X has {samples} rows\n```\n\n"
        "1. How many parameters has each of the two layers?\n"
        "2. How many updates are made altogether?\n"
        "3. Which two things must be chosen before `fit` can run, and which function do you give "
        "them to?",
        f"1. $2 \\cdot {n} + {n} = {3 * n}$ and ${n} + 1 = {n + 1}$.\n"
        f"2. {updates} batches in an epoch (the last one is smaller), so {10 * updates}.\n"
        "3. The cost (`loss`) and the optimiser; you give them to `compile`.",
    )


@task("10")
def baseline(rng):
    prices = rng.permutation([30, 40, 50, 60])
    predictions = prices + rng.permutation([-8, -2, 4, 6])
    errors = np.abs(predictions - prices)
    always = np.abs(prices - prices.mean())
    verdict = "beats" if errors.mean() < always.mean() else "doesn’t beat"
    return Task(
        f"Four flats sold for {', '.join(map(str, prices))}. A network predicts "
        f"{', '.join(map(str, predictions))}.\n\n"
        "1. What is the network’s mean absolute error?\n"
        "2. What is that of somebody who always answers the mean price? Does the network beat "
        "that?\n"
        "3. Another split of the data gives a different error. What should you report?",
        f"1. {errors.mean():g}.\n"
        f"2. The mean is {prices.mean():g}, and its mean absolute error is {always.mean():g}. The "
        f"network {verdict} it.\n"
        "3. The errors of several splits, for instance of a cross-validation: their mean and how "
        "much they differ.",
    )


@task("10b")
def digits(rng):
    z = np.array([[tenths(rng, 0, 3), tenths(rng, 0, 3), tenths(rng, -1, 1)]])
    p = softmax(z)
    truth = int(rng.integers(0, 3))
    return Task(
        f"A network has three outputs, for the digits 0, 1 and 2, with $z = [{row(z[0])}]$.\n\n"
        "1. What are the three probabilities that softmax makes of them?\n"
        f"2. The digit is a {truth}. What is the cross-entropy of this one sample?\n"
        "3. All three $z$ grow by 5. What changes?",
        f"1. {row(p[0], 3)}.\n"
        f"2. $-\\ln {p[0, truth]:.3f} = {-np.log(p[0, truth]):.3f}$.\n"
        "3. Nothing: the factor $e^5$ cancels in the fraction.",
    )


def main(arguments=None):
    """Print the task of a notebook."""
    parser = argparse.ArgumentParser(prog="start.py exam", description=__doc__.split("\n")[0])
    parser.add_argument("notebook", help="its number, such as 04b", metavar="NN")
    parser.add_argument("--seed", type=int, default=1, help="another seed, other numbers")
    parser.add_argument("--solution", action="store_true", help="print the solution as well")
    options = parser.parse_args(arguments)
    found = make(options.notebook, options.seed)
    print(found.question)
    if options.solution:
        print(f"\nSolution\n\n{found.solution}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
