"""A static server that answers as GitHub Pages does: below a path, with gzip and ETags.

In the folder of a built site this file is called serve.py: `python3 serve.py` opens the site.
"""

import gzip
import mimetypes
import threading
import webbrowser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".ipynb": "application/json",
    ".js": "text/javascript",
    ".json": "application/json",
    ".md": "text/markdown",
    ".mjs": "text/javascript",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".webp": "image/webp",
    ".whl": "application/octet-stream",
    ".woff2": "font/woff2",
}
COMPRESSED = {".css", ".html", ".ipynb", ".js", ".json", ".md", ".mjs", ".svg", ".txt", ".wasm"}


class Site:
    """The folder `root`, served on this machine at `.url` until `.close()`.

    `.sent` lists (status, path, bytes) of each answer.
    """

    def __init__(self, root, base="/", port=0):
        self.root, self.base = Path(root).resolve(), base
        self.sent, self._bodies = [], {}
        handler = type("Handler", (_Handler,), {"site": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}{base}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def wait(self):
        """Return when `.close()` was called, or raise KeyboardInterrupt."""
        while self._thread.is_alive():
            self._thread.join(0.5)

    def close(self):
        """Stop answering."""
        self._server.shutdown()
        self._server.server_close()

    def find(self, path):
        """Return the file for the path of a URL, or None."""
        if not path.startswith(self.base):
            return None
        file = (self.root / path.removeprefix(self.base)).resolve()
        if file.is_dir():
            file = file / "index.html"
        return file if file.is_file() and file.is_relative_to(self.root) else None

    def body(self, file):
        """Return the bytes to send for a file, compressed where that is usual, and their ETag."""
        etag = f'"{file.stat().st_mtime_ns:x}"'
        if (file, etag) not in self._bodies:
            data = file.read_bytes()
            self._bodies[file, etag] = gzip.compress(data) if file.suffix in COMPRESSED else data
        return self._bodies[file, etag], etag


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    site: Site

    def log_message(self, *arguments):
        """Print nothing."""

    def do_HEAD(self):
        self.do_GET()

    def do_GET(self):
        path = unquote(urlsplit(self.path).path)
        file = self.site.find(path)
        if file is None:
            self._answer(404, path, b"There is no such page.", {"Content-Type": "text/plain"})
            return
        if file.name == "index.html" and not path.endswith(("/", "index.html")):
            self._answer(301, path, b"", {"Location": f"{path}/"})
            return
        body, etag = self.site.body(file)
        headers = {"ETag": etag, "Cache-Control": "max-age=600"}
        if self.headers.get("If-None-Match") == etag:
            self._answer(304, path, b"", headers)
            return
        known = TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0]
        headers["Content-Type"] = known or "application/octet-stream"
        if file.suffix in COMPRESSED:
            headers["Content-Encoding"] = "gzip"
        self._answer(200, path, body, headers)

    def _answer(self, status, path, body, headers):
        self.site.sent.append((status, path, len(body)))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            try:
                self.wfile.write(body)
            except OSError:  # the page was closed
                self.close_connection = True


def serve(folder, port):
    """Serve a built site and open it in a browser, until Ctrl-C."""
    if not (folder / "index.html").is_file():
        raise SystemExit(f"there is no site in {folder}; build one first")
    site = Site(folder, port=port)
    print(f"{site.url}   (Ctrl-C stops it)", flush=True)
    webbrowser.open(site.url)
    try:
        site.wait()
    except KeyboardInterrupt:
        site.close()


if __name__ == "__main__":
    serve(Path(__file__).resolve().parent, port=8300)
