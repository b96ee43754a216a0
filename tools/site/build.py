"""Build the course as a site: pages to read, and the same notebooks live in the browser.

python3 start.py site                 Python, NumPy and Matplotlib come from Pyodide's public CDN
python3 start.py site --wheels DIR    everything is in the site: for an intranet, or offline
python3 start.py site --serve         build it, then open it
python3 start.py site --serve-only    open what was built before

The site is in build/site. Any web server can serve it, below any path; `python3 serve.py` in its
folder does, too. Live notebooks need https, or this computer's own server.
"""

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

from lite import build_lite
from playground_page import build_playground_page
from published import ROOT
from reading import build_reading
from run_pages import build_run_pages
from server import serve


def main(arguments=None):
    """Build the site, and serve it if asked to."""
    options = parse(arguments)
    if not options.serve_only:
        build(options.out, wheels=None if options.cdn else options.wheels)
        size = sum(file.stat().st_size for file in options.out.rglob("*") if file.is_file())
        print(f"{size / 1e6:.0f} MB in {options.out}", flush=True)
    if options.serve or options.serve_only:
        serve(options.out, options.port)


def parse(arguments):
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(
        prog="start.py site",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--cdn", action="store_true", help="use the CDN even if there are wheels")
    parser.add_argument(
        "--wheels",
        type=Path,
        default=os.environ.get("NNLIB_SITE_WHEELS"),
        help="a folder with NumPy, Matplotlib and what they need, compiled for Pyodide; "
        "default: the variable NNLIB_SITE_WHEELS",
    )
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "site", help="where to build")
    parser.add_argument("--serve", action="store_true", help="open the site when it is built")
    parser.add_argument("--serve-only", action="store_true", help="open it without building")
    parser.add_argument("--port", type=int, default=8300, help="for --serve")
    options = parser.parse_args(arguments)
    options.out = options.out.resolve()
    return options


def build(out, *, wheels=None):
    """Build the whole site in the folder `out`, which is replaced.

    `wheels`: a folder of compiled wheels, for a self-contained site; None uses the CDN.
    """
    if out.exists() and not (out / "lite").is_dir() and any(out.iterdir()):
        raise SystemExit(f"{out} is not a site; remove it, or build somewhere else")
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        site = work / "site"
        print("JupyterLite …", flush=True)
        kernel = build_lite(site / "lite", work, wheels and Path(wheels).resolve())
        build_run_pages(site / "run", kernel)
        build_playground_page(site / "playground", kernel)
        print("Reading pages …", flush=True)
        build_reading(site, work)
        shutil.copy(Path(__file__).parent / "server.py", site / "serve.py")
        (site / ".nojekyll").touch()  # GitHub Pages: publish folders whose names begin with _
        shutil.rmtree(out, ignore_errors=True)
        out.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(site, out)


if __name__ == "__main__":
    sys.exit(main())
