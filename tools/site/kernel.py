"""Python in the browser: Pyodide, the wheels it loads, and the lock file that lists them."""

import json
import os
import shutil
import subprocess
import zipfile
from email.parser import BytesParser
from pathlib import Path

from flit_core.wheel import make_wheel_in
from jupyterlite_pyodide_kernel.constants import PYODIDE_CDN_URL, PYODIDE_VERSION
from packaging.requirements import Requirement
from published import ROOT
from registries import NO_NPM, normalize, npm_package, sha256, wheels_from_pypi

# What a notebook's kernel loads before the first cell. It is all in the lock file, so no package
# index is asked for anything when a kernel starts.
KERNEL_PACKAGES = ["micropip", "piplite", "ipykernel", "comm", "pyodide-kernel", "jedi", "ipython"]
NOTEBOOK_PACKAGES = [*KERNEL_PACKAGES, "nnlib"]
# Needed by the kernel's own wheels, but not named by them.
ALSO_NEEDED = ["packaging", "traitlets"]
# Packages that others require but that have no use without a server.
UNUSED = {"jupyter-server", "jupyterlab-widgets", "pytz", "widgetsnbextension"}
RUNTIME = ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip"]
# The environment in the browser, for the markers in the requirements of a wheel.
BROWSER = {"sys_platform": "emscripten", "platform_system": "Emscripten", "os_name": "posix"}


class Kernel:
    """The files of Pyodide in the folder `out`, and what has to be downloaded before Python runs.

    `wheels`: a folder with the packages that Pyodide compiles (NumPy, Matplotlib, …); then all
    files are in `out`. None: Pyodide and the packages that it has come from its public CDN (`cdn`
    is true), and `out` gets the lock file and the other wheels only.
    """

    def __init__(self, out, work, kernel_wheels, wheels):
        self.out, self.work, self.wheels, self.cdn = out, work, wheels, wheels is None
        out.mkdir(parents=True)
        pyodide = npm_package("pyodide", work)
        self._check_version(pyodide)
        self.lock = json.loads((pyodide / "pyodide-lock.json").read_text(encoding="utf-8"))
        self._known, self.lock["packages"] = self.lock["packages"], {}
        if not self.cdn:
            for name in RUNTIME:
                shutil.copy(pyodide / name, out)
        self._own = {
            normalize(wheel.name.split("-")[0]): wheel
            for wheel in [*kernel_wheels, nnlib_wheel(work)]
        }
        for name in [*self._own, *NOTEBOOK_PACKAGES, *ALSO_NEEDED]:
            self._add(name)
        packages = self.lock["packages"]
        self._place([name for name in packages if packages[name] is self._known.get(name)])
        self._compile(pyodide)
        runtime = pyodide if self.cdn else out
        self.runtime = {name: (runtime / name).stat().st_size for name in RUNTIME}
        text = json.dumps(self.lock, indent=1, sort_keys=True) + "\n"
        (out / "pyodide-lock.json").write_text(text, encoding="utf-8")

    @staticmethod
    def _check_version(pyodide):
        got = json.loads((pyodide / "package.json").read_text(encoding="utf-8"))["version"]
        if got != PYODIDE_VERSION:
            raise SystemExit(
                f"pyproject.toml pins pyodide {got}; the kernel needs {PYODIDE_VERSION}"
            )

    @property
    def pyodide(self):
        """The address of Pyodide's module, relative to `out` if it is there."""
        return f"{PYODIDE_CDN_URL}/pyodide.mjs" if self.cdn else "pyodide.mjs"

    def downloads(self, names, only=()):
        """Return [(URL relative to `out`, bytes)] of all files that Python with packages loads.

        `names`: packages that come with all they depend on; `only`: packages that come alone. The
        size of a wheel on the CDN is None.
        """
        base = f"{PYODIDE_CDN_URL}/" if self.cdn else ""
        files = [(base + name, size) for name, size in self.runtime.items()]
        files.append(("pyodide-lock.json", (self.out / "pyodide-lock.json").stat().st_size))
        for name in sorted({*self._closure(names), *only}):
            file_name = self.lock["packages"][name]["file_name"]
            local = self.out / file_name
            files.append((file_name, local.stat().st_size if local.is_file() else None))
        return files

    def _closure(self, names):
        """Return the packages `names` and all that they depend on."""
        found, todo = set(), [normalize(name) for name in names]
        while todo:
            name = todo.pop()
            if name not in found:
                found.add(name)
                todo += self.lock["packages"][name]["depends"]
        return found

    def _add(self, name):
        """Put a package and its dependencies into the lock file, wherever it is to be had."""
        name = normalize(name)
        if name in self.lock["packages"] or name in UNUSED:
            return
        if name in self._own:
            self._add_wheel(self._own[name])
            return
        if name not in self._known:
            self._add_wheel(wheels_from_pypi({name: None}, self.work)[name])
            return
        package = self._known[name]
        package["depends"] = sorted({normalize(other) for other in package["depends"]} - UNUSED)
        self.lock["packages"][name] = package
        for other in package["depends"]:
            self._add(other)

    def _place(self, names):
        """Make the packages `names`, Pyodide's own, point to files of the site or of the CDN.

        Only those that are compiled for the browser come from the CDN.
        """
        packages = {name: self.lock["packages"][name] for name in names}
        compiled = self.wheels.glob("*.whl") if self.wheels else ()
        files = {normalize(file.name.split("-")[0]): file for file in compiled}
        missing = [name for name in names if name not in files]
        pure = [name for name in missing if packages[name]["file_name"].endswith("none-any.whl")]
        for name in set(missing) - set(pure):
            package = packages[name]
            if not self.cdn:
                raise SystemExit(
                    f"{self.wheels} has no {package['file_name']}, which is compiled for "
                    "the browser. Get it, or build with --cdn, which needs no wheels."
                )
            package["file_name"] = f"{PYODIDE_CDN_URL}/{package['file_name']}"
        files |= wheels_from_pypi({name: packages[name]["version"] for name in pure}, self.work)
        for name in files.keys() & packages.keys():
            file = files[name]
            packages[name].update(file_name=file.name, version=file.name.split("-")[1])
            shutil.copy(file, self.out)

    def _compile(self, pyodide):
        """Put bytecode into all files of the site, and their sums into the lock file."""
        node = shutil.which("node")
        if node is None:
            raise SystemExit(NO_NPM)
        command = [node, Path(__file__).with_name("bytecode.mjs"), pyodide, self.out]
        subprocess.run(command, check=True)
        for package in self.lock["packages"].values():
            file = self.out / package["file_name"]
            if file.is_file():
                package["sha256"] = sha256(file.read_bytes())

    def _add_wheel(self, file):
        """Put a wheel that Pyodide lacks into the site, and what it requires."""
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
            metadata = next(name for name in names if name.endswith(".dist-info/METADATA"))
            metadata = BytesParser().parsebytes(archive.read(metadata))
        name = normalize(metadata["Name"])
        required = map(Requirement, metadata.get_all("Requires-Dist", []))
        depends = {normalize(r.name) for r in required if _applies(r)} - UNUSED
        content = {path.split("/")[0].removesuffix(".py") for path in names}
        self.lock["packages"][name] = {
            "name": name,
            "version": metadata["Version"],
            "file_name": file.name,
            "install_dir": "site",
            "package_type": "package",
            "imports": sorted(top for top in content if not top.endswith((".dist-info", ".data"))),
            "depends": sorted(depends),
            "unvendored_tests": False,
        }
        shutil.copy(file, self.out)
        for other in depends:
            self._add(other)


def nnlib_wheel(folder):
    """Build the wheel of nnlib in `folder` and return its path."""
    # A fixed date: the same source gives the same file, so browsers need not load it again.
    os.environ.setdefault("SOURCE_DATE_EPOCH", "1704067200")
    return Path(make_wheel_in(ROOT / "pyproject.toml", folder).file)


def _applies(requirement):
    """Return whether a wheel's requirement holds in the browser, without any extra."""
    marker = requirement.marker
    return marker is None or marker.evaluate(BROWSER | {"extra": ""})
