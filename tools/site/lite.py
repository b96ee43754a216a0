"""JupyterLite with the course's notebooks: what the live pages show."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from string import Template

from kernel import NOTEBOOK_PACKAGES, Kernel
from published import ROOT, notebooks

TITLE = "Neural networks from scratch"
KERNEL_EXTENSION = "@jupyterlite/pyodide-kernel-extension"
EXTENSIONS = [KERNEL_EXTENSION, "@jupyter-widgets/jupyterlab-manager", "anywidget"]
APPS = ["notebooks", "lab"]
LAB_SETTINGS = [  # those of start.py and Binder, and those that come with pip
    ROOT / "binder/jupyter/labconfig/default_setting_overrides.json",
    ROOT / "binder/pip/etc/jupyter/labconfig/default_setting_overrides.d/nnlib.json",
]
# Autosave after some seconds: what a learner wrote survives a closed page.
LITE_SETTINGS = {
    "@jupyterlab/docmanager-extension:plugin": {"autosaveInterval": 5},
    "@jupyter-notebook/application-extension:top": {"visible": "no"},  # the page has a bar itself
    "@jupyterlab/notebook-extension:panel": {
        "toolbar": [{"name": "interrupt", "disabled": True}]  # cannot work in the browser
    },
}
# What the first cells of the notebooks need, beside the kernel itself.
MODULES = "pyodide_kernel, nnlib.checks, nnlib.live.explorers, nnlib.plots, nnlib.quiz"
LIVE = Path(__file__).parent / "live"
# Parts of JupyterLite that no page of the site uses.
SUPERFLUOUS = ["doc", "rspack.config*.js"]


def build_lite(out, work, wheels):
    """Build JupyterLite in the folder `out` and return its Kernel, which explains `wheels`."""
    source = work / "lite"
    _lay_out(source)
    command = [sys.executable, "-m", "jupyterlite_core", "build", "--output-dir", out]
    result = subprocess.run(
        command, cwd=source, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env=os.environ | {"PYTHONWARNINGS": "ignore"},
    )  # fmt: skip
    if result.returncode:
        raise SystemExit(f"{result.stdout}\nJupyterLite could not be built, see above.")
    extension = out / "extensions" / KERNEL_EXTENSION / "static"
    own_wheels = sorted((extension / "pypi").glob("*.whl"))
    own_wheels = [wheel for wheel in own_wheels if not wheel.name.startswith("widgetsnbextension")]
    place = out / "static" / "pyodide"
    kernel = Kernel(place, work, own_wheels, wheels)
    _configure(out / "jupyter-lite.json", kernel)
    _add_early_python(place, extension, kernel)
    for pattern in SUPERFLUOUS:
        for path in out.glob(pattern):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    return kernel


def labextension(name):
    """Return the folder of a JupyterLab extension that is installed in this environment."""
    return Path(sys.prefix) / "share" / "jupyter" / "labextensions" / name


def _lay_out(source):
    """Write what JupyterLite is built from: the learner's folder, and the settings."""
    files = source / "files"
    files.mkdir(parents=True)
    for notebook in notebooks():
        text = notebook.for_the_browser()
        (files / notebook.file).write_text(text, encoding="utf-8")
    settings = LITE_SETTINGS.copy()
    for path in LAB_SETTINGS:
        settings |= json.loads(path.read_text(encoding="utf-8"))
    (source / "overrides.json").write_text(json.dumps(settings), encoding="utf-8")
    config = {
        "jupyter-lite-schema-version": 0,
        # Exposed, since the page around the notebook talks to it.
        "jupyter-config-data": {"appName": TITLE, "exposeAppInBrowser": True},
    }
    (source / "jupyter-lite.json").write_text(json.dumps(config), encoding="utf-8")
    build = {
        "apps": APPS,
        "contents": ["files"],
        "federated_extensions": [str(labextension(name)) for name in EXTENSIONS],
        "ignore_sys_prefix": ["federated_extensions"],  # only those: .venv may have others
        "no_sourcemaps": True,
    }
    build = {"LiteBuildConfig": build}
    (source / "jupyter_lite_config.json").write_text(json.dumps(build), encoding="utf-8")


def _configure(path, kernel):
    """Tell the kernel where its Python is and what it loads."""
    config = json.loads(path.read_text(encoding="utf-8"))
    settings = config["jupyter-config-data"].setdefault("litePluginSettings", {})
    plugin = settings.setdefault(f"{KERNEL_EXTENSION}:kernel", {})
    plugin["disablePyPIFallback"] = not kernel.cdn
    plugin["pyodideUrl"] = "./static/pyodide/python.mjs"
    plugin["loadPyodideOptions"] = {
        "lockFileURL": "./static/pyodide/pyodide-lock.json",
        "packages": NOTEBOOK_PACKAGES,
    }
    path.write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")


def _add_early_python(place, extension, kernel):
    """Add the scripts that start Python before JupyterLab asks for it."""
    (worker,) = extension.glob("comlink.worker.*.js")
    values = {
        "pyodide": kernel.pyodide if kernel.cdn else f"./{kernel.pyodide}",
        "worker": os.path.relpath(worker, place),
        "packages": json.dumps(NOTEBOOK_PACKAGES),
        "modules": MODULES,
    }
    for name in ("early.mjs", "python.mjs"):
        text = Template((LIVE / name).read_text(encoding="utf-8")).substitute(values)
        (place / name).write_text(text, encoding="utf-8")
