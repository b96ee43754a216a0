"""A JupyterHub on this computer alone, with a server for each learner, for the load test.

It needs the packages jupyterhub and jupyterlab in the Python that runs this, and the proxy:
npm install -g configurable-http-proxy.
"""

import json
import secrets
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

CONFIG = """
c = get_config()
c.JupyterHub.bind_url = "http://127.0.0.1:{port}/"
c.JupyterHub.hub_port = {hub_port}
c.JupyterHub.authenticator_class = "dummy"
c.JupyterHub.spawner_class = "simple"
c.JupyterHub.services = [{{"name": "load-test", "api_token": {token!r}}}]
c.JupyterHub.load_roles = [{{
    "name": "load-test",
    "services": ["load-test"],
    "scopes": ["admin:users", "admin:servers", "admin:server_state", "access:servers"],
}}]
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{proxy_port}"
c.SimpleLocalProcessSpawner.home_dir_template = {homes!r}
c.Spawner.cmd = [{python!r}, "-m", "jupyterhub.singleuser"]
c.Spawner.args = ["--allow-root"]
c.Spawner.environment = {environment!r}
c.Spawner.start_timeout = c.Spawner.http_timeout = 300
"""


@contextmanager
def running_hub(folder, names, ports, environment):
    """Start a hub in `folder` and give the servers of the learners `names`: `.url .token .pid`.

    `ports` are three free ports, `environment` the variables of the learners' servers.
    """
    if not shutil.which("configurable-http-proxy"):
        raise SystemExit("JupyterHub needs a proxy: npm install -g configurable-http-proxy")
    token = secrets.token_hex(16)
    settings = dict(zip(("port", "hub_port", "proxy_port"), ports))
    settings |= {"homes": f"{folder}/{{username}}", "environment": environment}
    settings |= {"token": token, "python": sys.executable}
    config = Path(folder, "jupyterhub_config.py")
    config.write_text(CONFIG.format(**settings), encoding="utf-8")
    command = [sys.executable, "-m", "jupyterhub", "-f", config]
    with open(Path(folder, "hub.log"), "w") as log:
        hub = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
        try:
            url = f"http://127.0.0.1:{ports[0]}/"
            _wait(lambda: _call("GET", f"{url}hub/api/", token))
            yield [_start(url, name, token) for name in names]
        finally:
            hub.terminate()
            hub.wait(timeout=60)


def _start(url, name, token):
    """Start the server of a learner and return what the load test needs of it."""
    user = f"{url}hub/api/users/{name}"
    _call("POST", user, token)
    _call("POST", f"{user}/server", token)

    def server():
        found = _call("GET", user, token)["servers"].get("", {})
        return found if found.get("ready") else None

    state = _wait(server)["state"]
    return SimpleNamespace(url=f"{url}user/{name}/", token=token, pid=state["pid"])


def _call(method, url, token):
    """Call the hub's REST interface, and return its answer."""
    headers = {"Authorization": f"token {token}"}
    request = urllib.request.Request(url, headers=headers, method=method)
    with urllib.request.urlopen(request, timeout=300) as answer:
        return json.loads(answer.read() or "null")


def _wait(answer, seconds=300):
    """Ask until there's an answer, and return it."""
    until = time.monotonic() + seconds
    while True:
        try:
            if found := answer():
                return found
        except urllib.error.URLError:  # not listening yet
            pass
        if time.monotonic() > until:
            raise TimeoutError("the hub doesn't answer: see hub.log")
        time.sleep(0.2)
