"""Runs in Pyodide (bytecode.mjs): puts bytecode into the archives in the folder /site.

Without it, the browser's Python compiles a thousand modules each time a page is opened. Only nnlib
keeps its sources as well, for those who want to read them.
"""

import importlib.util
import warnings
from importlib._bootstrap_external import _code_to_hash_pyc as as_file
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

LIBRARY = "/lib/python3.14/site-packages/"  # where wheels are unpacked
WITH_SOURCES = "nnlib-"
# What nobody here needs: folders of any package, and jedi's knowledge of Python 2 and of packages
# that aren't here, a thousand files.
LEFT_OUT = {"tests", "include", "sample_data", "afm", "pdfcorefonts", "django-stubs"}
TYPESHED = "jedi/third_party/typeshed/"
OLD = tuple(TYPESHED + part for part in ("stdlib/2/", "third_party/2/", "third_party/2and3/"))


def bytecode(source, path):
    """Return the bytes of a .pyc file that Python takes without looking for the source."""
    code = compile(source, path, "exec", dont_inherit=True)
    return bytes(as_file(code, importlib.util.source_hash(source), False))


def members(archive, place, with_sources):
    """Yield (ZipInfo, bytes) of all that the new archive holds."""
    for info in archive.infolist():
        path, data = Path(info.filename), archive.read(info)
        if LEFT_OUT & set(path.parts[:-1]) or info.filename.startswith(OLD):
            continue
        if path.suffix != ".py" or with_sources:
            yield info, data
        if path.suffix == ".py":
            cached = path.parent / "__pycache__" / f"{path.stem}.cpython-314.pyc"
            name = cached if with_sources else path.with_suffix(".pyc")
            yield ZipInfo(name.as_posix(), info.date_time), bytecode(data, place + info.filename)


def compile_archive(file, place):
    """Replace an archive by one with bytecode; `place` is where Python finds what it holds."""
    with_sources = file.name.startswith(WITH_SOURCES)
    with ZipFile(file) as archive:
        found = list(members(archive, place, with_sources))
    file.chmod(0o644)
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for info, data in found:
            archive.writestr(info, data, ZIP_DEFLATED)


warnings.simplefilter("ignore", SyntaxWarning)
for file in sorted(Path("/site").glob("*.whl")):
    compile_archive(file, LIBRARY)
for file in Path("/site").glob("python_stdlib.zip"):
    compile_archive(file, "/lib/python314.zip/")
