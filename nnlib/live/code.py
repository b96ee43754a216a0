"""The playground's network as a program for NumPy, Keras or PyTorch."""

from nnlib import _validation as validation

# How each library writes an activation; `{z}` is its argument in NumPy.
WRITTEN = {
    "sigmoid": ("1 / (1 + np.exp(-z))", "sigmoid", "nn.Sigmoid()"),
    "tanh": ("np.tanh(z)", "tanh", "nn.Tanh()"),
    "relu": ("np.maximum(z, 0)", "relu", "nn.ReLU()"),
    "identity": ("z", "linear", "nn.Identity()"),
    "softmax": (
        "np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)",
        "softmax",
        "nn.Softmax(dim=-1)",
    ),
}
LIBRARIES = ("numpy", "keras", "torch")


def write(settings, network, parameters, library):
    """Return a program with `predict(X)`; X (m, 2) are x1 and x2 as the playground shows them.

    ValueError for an activation that this module can't translate.
    """
    validation.as_choice(library, LIBRARIES, "library")
    for name in (network.hidden, network.output):
        validation.as_choice(name, WRITTEN, "an activation that nnlib/live/code.py can write")
    imports, model = {"numpy": _numpy, "keras": _keras, "torch": _torch}[library](network)
    columns = ", ".join(name.replace("sin(", "np.sin(") for name in settings.features)
    arrays = "\n".join(
        f"    (np.array({W.tolist()}), np.array({b[0].tolist()}))," for W, b in parameters
    )
    return f"""# {settings.line()}
{imports}

layers = [
{arrays}
]


def features(X):
    x1, x2 = np.asarray(X, dtype=float).T
    return np.column_stack([{columns}])


{model}
"""


def _numpy(network):
    hidden, output = (WRITTEN[name][0] for name in (network.hidden, network.output))
    return (
        "import numpy as np",
        f"""def predict(X):
    a = features(X)
    for W, b in layers[:-1]:
        z = a @ W + b
        a = {hidden}
    W, b = layers[-1]
    z = a @ W + b
    return {output}""",
    )


def _keras(network):
    names = [network.hidden] * (len(network.sizes) - 2) + [network.output]
    dense = "\n".join(
        f'    keras.layers.Dense({n}, activation="{WRITTEN[name][1]}"),'
        for n, name in zip(network.sizes[1:], names)
    )
    return (
        "import keras\nimport numpy as np",
        f"""model = keras.Sequential([
    keras.Input(({network.sizes[0]},)),
{dense}
])
model.set_weights([array for layer in layers for array in layer])


def predict(X):
    return model.predict(features(X), verbose=0)""",
    )


def _torch(network):
    names = [network.hidden] * (len(network.sizes) - 2) + [network.output]
    modules = "\n".join(
        f"    nn.Linear({n_in}, {n_out}, dtype=torch.float64), {WRITTEN[name][2]},"
        for n_in, n_out, name in zip(network.sizes, network.sizes[1:], names)
    )
    return (
        "import numpy as np\nimport torch\nfrom torch import nn",
        f"""model = nn.Sequential(
{modules}
)
with torch.no_grad():
    for linear, (W, b) in zip(model[::2], layers):
        linear.weight.copy_(torch.tensor(W.T))
        linear.bias.copy_(torch.tensor(b))


def predict(X):
    with torch.no_grad():
        return model(torch.tensor(features(X))).numpy()""",
    )
